//! Sessions of another program, offer by offer: NegMAS 0.16.0 (Mohammad, Nakadai and Greenwald 2021) on the domains of
//! `models/peers`. `tests/cases/negmas.json` holds what it printed, and its conventions.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::engine::observer::{Move, Observer};
use crate::engine::survey::survey;
use crate::engine::{Coordinates, Workspace, play};
use crate::measure::frontier::{Field, Solutions, Terms, solve};
use crate::model::Model;
use crate::source::{LoadError, load};

/// How far a number may be from the one that was printed, relative to numbers above 1.
pub const TOLERANCE: f64 = 1e-9;

/// Who published the results.
pub const SOURCE: &str = "NegMAS 0.16.0; Mohammad, Nakadai and Greenwald 2021";

/// Plays start here; nothing is drawn in these models.
const AT: Coordinates = Coordinates { seed: 2025, replication: 0 };

static FILE: LazyLock<File> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/negmas.json"));
    let mut file: File =
        serde_json::from_str(text).expect("the cases file is part of the program, and a test reads it");
    for case in &mut file.cases {
        case.name = format!("N-{}", case.id);
    }
    file
});

#[derive(Debug, Deserialize)]
struct File {
    domains: std::collections::BTreeMap<String, Domain>,
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Domain {
    issues: Vec<Issue>,
    stats: Stats,
}

#[derive(Debug, Deserialize)]
struct Issue {
    values: Vec<String>,
}

/// What NegMAS says of a domain.
#[derive(Debug, Deserialize)]
struct Stats {
    ranges: Vec<[f64; 2]>,
    pareto: Points,
    nash: Points,
    kalai: Points,
    ks: Points,
    max_welfare: Points,
    max_relative_welfare: Points,
}

#[derive(Debug, Deserialize)]
struct Points {
    outcomes: Vec<Vec<u16>>,
    utils: Vec<Vec<f64>>,
}

/// One session.
#[derive(Debug, Deserialize)]
pub struct Case {
    id: String,
    /// `N-<id>`.
    #[serde(skip)]
    pub name: String,
    /// Whether it must be reproduced; else it is informative only.
    pub must_pass: bool,
    domain: String,
    n_steps: u32,
    one_offer_per_step: bool,
    strategies: Vec<Strategy>,
    expected: Expected,
    /// Step, party and outcome of every offer.
    trace: Vec<(u32, usize, Vec<u16>)>,
}

#[derive(Debug, Deserialize)]
struct Strategy {
    kind: String,
    /// A number, or the word `inf`.
    exponent: Option<serde_json::Value>,
    max_aspiration: Option<f64>,
    eps: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Expected {
    agreement: Option<Vec<u16>>,
    rounds: u32,
    last_round_index: u32,
    proposer: Option<usize>,
    utilities: Vec<f64>,
    offers: usize,
    distances: Option<Distances>,
    welfare: Option<f64>,
    optimality: Option<Optimality>,
}

#[derive(Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the keys of the cases file")]
struct Distances {
    pareto_dist: f64,
    nash_dist: f64,
    kalai_dist: f64,
    ks_dist: f64,
}

#[derive(Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the keys of the cases file")]
struct Optimality {
    pareto_optimality: f64,
    nash_optimality: f64,
    kalai_optimality: f64,
    ks_optimality: f64,
    max_welfare_optimality: f64,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// `N-<id>` of the case.
    pub case: &'static str,
    /// Which of its numbers.
    pub row: &'static str,
    /// What NegMAS printed.
    pub expected: f64,
    /// What came of the same session here.
    pub obtained: f64,
    /// How far the two may be apart.
    pub tolerance: f64,
}

/// All sessions, in the order of the file.
#[must_use]
pub fn cases() -> &'static [Case] {
    &FILE.cases
}

/// Plays every session that must be reproduced and compares all that was printed of it.
///
/// # Errors
/// When a model of `models/peers` cannot be loaded with the settings of a session (a test goes through all of them).
pub fn compare_all() -> Result<Vec<Compared>, LoadError> {
    let mut rows = Vec::new();
    for case in cases().iter().filter(|case| case.must_pass) {
        rows.extend(case.compare()?);
    }
    Ok(rows)
}

/// Every offer of a session: step, party, terms.
#[derive(Debug, Default)]
struct Offers(Vec<(u32, usize, Vec<u16>)>);

impl Observer for Offers {
    fn on(&mut self, step: u32, _month: f64, what: &Move<'_>) {
        if let Move::Offer { by, deal, .. } = what {
            self.0.push((step, by.index(), deal.terms.to_vec()));
        }
    }
}

impl Case {
    /// Model of `models/peers` on which it is played.
    #[must_use]
    pub fn model(&self) -> &'static str {
        match self.domain.as_str() {
            "pie101" => "peers/pie",
            "pie11_nozopa" => "peers/no-zopa",
            "trade60" => "peers/trade",
            "trade60_3p" => "peers/trade-three",
            "quad81" => "peers/four-parties",
            "concepts10" => "peers/concepts",
            "Laptop-C" => "peers/laptop",
            "Fifty2013" => "peers/fifty-fifty",
            _ => "peers/nice-or-die",
        }
    }

    /// Settings that make the session of the model, given the ids of its parties.
    #[must_use]
    pub fn settings(&self, parties: &[&str]) -> Vec<String> {
        let mut sets = vec![format!("model.horizon_months={}", self.n_steps)];
        if self.one_offer_per_step {
            sets.push("protocol.one_offer_per_step=true".to_owned());
        }
        for (party, strategy) in parties.iter().zip(&self.strategies) {
            let mut set = |key: &str, value: String| sets.push(format!("actors.{party}.policy.{key}={value}"));
            if strategy.kind == "micro" {
                set("tactic", "micro".to_owned());
            }
            if let Some(exponent) = &strategy.exponent {
                // Where it is infinite nothing is conceded before the very end.
                set("exponent", exponent.as_f64().unwrap_or(1e9).to_string());
            }
            if let Some(most) = strategy.max_aspiration {
                set("most", most.to_string());
            }
            if let Some(eps) = strategy.eps {
                set("tolerance", eps.to_string());
            }
        }
        sets
    }

    /// Plays it and compares.
    ///
    /// # Errors
    /// When the model cannot be loaded with these settings.
    pub fn compare(&'static self) -> Result<Vec<Compared>, LoadError> {
        let plain = load(self.model(), &[], &[])?.model;
        let parties: Vec<&str> = plain.actors.iter().map(|actor| actor.id.as_str()).collect();
        let model = load(self.model(), &[], &self.settings(&parties))?.model;
        let mut workspace = Workspace::new(&model);
        let problem = survey(&model, AT, &mut workspace);
        let field = Field::new(&problem.values);
        let mut offers = Offers::default();
        let record = play(&model, AT, &mut workspace, &mut offers);
        let mut rows = Rows { case: self, rows: Vec::new() };
        let settled = record.settlement.as_ref();
        let agreement = settled.map(|signed| self.number(&signed.terms));
        let none = -1.0;
        rows.add(
            "agreement",
            self.expected.agreement.as_ref().map_or(none, |terms| self.number(terms)),
            agreement.unwrap_or(none),
        );
        let rounds = settled.map_or(model.clock.horizon_steps as u32, |signed| signed.step + 1);
        rows.add("rounds", f64::from(self.expected.rounds), f64::from(rounds));
        let proposer = settled.map_or(none, |signed| signed.proposer.index() as f64);
        rows.add("proposer", self.expected.proposer.map_or(none, |party| party as f64), proposer);
        let last = offers.0.last().map_or(none, |offer| f64::from(offer.0));
        rows.add("last_round_index", f64::from(self.expected.last_round_index), last);
        rows.add("offers", self.expected.offers as f64, offers.0.len() as f64);
        let alike = self.trace.iter().zip(&offers.0).take_while(|(printed, made)| printed == made).count();
        rows.add("trace", self.trace.len() as f64, alike as f64);
        for (party, name) in UTILITIES.iter().enumerate().take(self.expected.utilities.len()) {
            rows.add(name, self.expected.utilities[party], record.utility[party]);
        }
        let solutions = solve(&field, &problem.reserves, &Terms::of(&field, &problem.reserves));
        let found = Found { field: &field, solutions: &solutions, model: &model };
        self.compare_domain(&found, &mut rows);
        if let Some(agreed) = settled.and_then(|signed| found.place(&signed.terms)) {
            self.compare_agreement(&found, agreed, &mut rows);
        }
        Ok(rows.rows)
    }

    /// Number of an outcome in the order of the cartesian product, last issue fastest.
    fn number(&self, terms: &[u16]) -> f64 {
        let issues = &FILE.domains[&self.domain].issues;
        let place = |place: usize, (issue, &option): (&Issue, &u16)| place * issue.values.len() + usize::from(option);
        issues.iter().zip(terms).fold(0, place) as f64
    }

    fn compare_domain(&'static self, found: &Found<'_>, rows: &mut Rows) {
        let stats = &FILE.domains[&self.domain].stats;
        for (party, [least, most]) in stats.ranges.iter().enumerate() {
            let [low, high] = found.field.range(party);
            rows.add(RANGES[party][0], *least, low);
            rows.add(RANGES[party][1], *most, high);
        }
        let sets = [
            ("pareto", &stats.pareto, &found.solutions.pareto),
            ("nash", &stats.nash, &found.solutions.nash),
            ("kalai", &stats.kalai, &found.solutions.kalai),
            ("ks", &stats.ks, &found.solutions.least_disparity),
            ("max_welfare", &stats.max_welfare, &found.solutions.welfare),
            ("max_relative_welfare", &stats.max_relative_welfare, &found.solutions.relative_welfare),
        ];
        for (name, printed, set) in sets {
            // As many outcomes as printed, each with its values; the frontier in the same order too.
            let here = |at: usize| set.iter().position(|&outcome| found.is(outcome, printed, at));
            let alike = |at: &usize| here(*at).is_some_and(|place| name != "pareto" || place == *at);
            let alike = (0..printed.outcomes.len()).filter(alike).count();
            rows.add(name, printed.outcomes.len() as f64, if alike == set.len() { alike as f64 } else { -1.0 });
        }
    }

    fn compare_agreement(&'static self, found: &Found<'_>, agreed: usize, rows: &mut Rows) {
        let Found { field, solutions, .. } = found;
        let sets = [&solutions.pareto, &solutions.nash, &solutions.kalai, &solutions.least_disparity];
        let distances = sets.map(|set| field.distance(agreed, set).unwrap_or(f64::NAN));
        if let Some(d) = &self.expected.distances {
            let printed = [d.pareto_dist, d.nash_dist, d.kalai_dist, d.ks_dist];
            for ((name, printed), distance) in DISTANCES.iter().zip(printed).zip(distances) {
                rows.add(name, printed, distance);
            }
        }
        if let Some(welfare) = self.expected.welfare {
            rows.add("welfare", welfare, field.welfare(agreed));
        }
        if let Some(o) = &self.expected.optimality {
            let printed = [o.pareto_optimality, o.nash_optimality, o.kalai_optimality, o.ks_optimality];
            for ((name, printed), distance) in OPTIMALITIES.iter().zip(printed).zip(distances) {
                rows.add(name, printed, (1.0 - distance / field.diagonal()).max(0.0));
            }
            let most = solutions.welfare.first().map_or(f64::NAN, |&best| field.welfare(best));
            rows.add("max_welfare_optimality", o.max_welfare_optimality, field.welfare(agreed) / most);
        }
    }
}

/// Names of rows, by party.
const UTILITIES: [&str; 4] = ["utility_0", "utility_1", "utility_2", "utility_3"];
const RANGES: [[&str; 2]; 4] =
    [["least_0", "most_0"], ["least_1", "most_1"], ["least_2", "most_2"], ["least_3", "most_3"]];
const DISTANCES: [&str; 4] = ["pareto_dist", "nash_dist", "kalai_dist", "ks_dist"];
const OPTIMALITIES: [&str; 4] = ["pareto_optimality", "nash_optimality", "kalai_optimality", "ks_optimality"];

/// What was found of a domain.
struct Found<'a> {
    field: &'a Field,
    solutions: &'a Solutions,
    model: &'a Model,
}

impl Found<'_> {
    /// Candidate with these terms.
    fn place(&self, terms: &[u16]) -> Option<usize> {
        self.model.candidates().position(|candidate| candidate == terms)
    }

    /// Whether an outcome is the one printed at a place, in terms and values.
    fn is(&self, outcome: usize, printed: &Points, at: usize) -> bool {
        let terms = printed.outcomes.get(at).and_then(|terms| self.place(terms));
        let close = |(value, printed): (f64, &f64)| (value - printed).abs() <= TOLERANCE * printed.abs().max(1.0);
        terms == Some(outcome) && self.field.point(outcome).zip(&printed.utils[at]).all(close)
    }
}

/// Collects the rows of a case.
struct Rows {
    case: &'static Case,
    rows: Vec<Compared>,
}

impl Rows {
    fn add(&mut self, row: &'static str, expected: f64, obtained: f64) {
        let tolerance = TOLERANCE * expected.abs().max(1.0);
        self.rows.push(Compared { case: &self.case.name, row, expected, obtained, tolerance });
    }
}
