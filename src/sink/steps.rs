//! `steps.csv`: what happened step by step over all replications, in long format.
//!
//! Replications are reduced to whole-number counts (histograms with fixed bins), so that the table takes the same memory
//! for any number of them and does not depend on their order.

use crate::design::{Histogram, code};
use crate::engine::observer::{Move, StepView};
use crate::model::{Model, Party, Regime, Role};

use super::cell::Rows;
use super::column::{Column, Draft, name_all};
use super::name::Names;

/// Quantiles that are written, with their names.
pub const QUANTILES: [(&str, f64); 5] = [("p05", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95)];
/// Bins of every histogram.
pub const BINS: usize = 600;
/// Bounds of the histograms of payoffs: twice the scale, on which the anchors lie within about one point of zero.
pub const PAYOFFS: (f64, f64) = (-3.0, 3.0);

/// Bounds of the histograms of distances to hazards.
pub const DISTANCES: (f64, f64) = (-10.0, 10.0);

/// Why a yes was missing.
const REASONS: [&str; 4] = ["answer", "consent", "vote", "stall"];
const ANSWER: usize = 0;
const CONSENT: usize = 1;
const VOTE: usize = 2;
const STALL: usize = 3;

/// A number that is seen in each step of the talks.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    quantity: String,
    low: f64,
    high: f64,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    State(usize),
    Disagreement(usize),
    ZopaWidth,
    /// Position among the hazards that declare a distance.
    Distance(usize),
}

/// Something that is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// `refusals_<who>`, `uses_<lever>`, `offers` or `stalls`.
    pub quantity: String,
    /// The reason of a refusal; else `n`.
    pub statistic: &'static str,
}

/// What `steps.csv` of one model says.
#[derive(Clone, Debug)]
pub struct Steps {
    seen: Vec<Seen>,
    /// What is counted, in the order of the counts.
    pub counted: Vec<Counted>,
    n_actors: usize,
    first_lever: usize,
    /// Whether anything but a settlement may be signed, so that regimes are told.
    has_regimes: bool,
    /// Steps of the talks.
    horizon: usize,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

/// What one replication adds: numbers step by step, and counted moves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepLog {
    pub(super) steps: Vec<u32>,
    /// Regime in which each step began.
    pub(super) regimes: Vec<Regime>,
    /// Step in which the settlement was signed.
    pub(super) settled: Option<u32>,
    /// Where the numbers seen fall in their histograms, step after step.
    pub(super) codes: Vec<u16>,
    /// Step and position in [`Steps::counted`].
    pub(super) counts: Vec<(u32, u32)>,
}

/// Counts of one point.
#[derive(Clone, Debug, Default)]
pub struct StepTally {
    steps: Vec<AtStep>,
    replications: u64,
}

#[derive(Clone, Debug)]
struct AtStep {
    talking: u64,
    /// Replications that begin the step in war and in a truce, and that sign a settlement in it.
    regimes: [u64; 3],
    seen: Vec<Histogram>,
    counts: Vec<u64>,
}

impl Steps {
    /// The table of a model.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let mut names = Names::default();
        let mut seen: Vec<Seen> = Vec::new();
        for (i, state) in model.states.iter().enumerate() {
            let quantity = names.take(&format!("state_{}", state.id));
            seen.push(Seen { quantity, low: state.low, high: state.high, what: What::State(i) });
        }
        let (low, high) = PAYOFFS;
        for (i, actor) in model.actors.iter().enumerate().filter(|(_, a)| a.role == Role::Signatory) {
            let quantity = names.take(&format!("z_{}", actor.id));
            seen.push(Seen { quantity, low, high, what: What::Disagreement(i) });
        }
        seen.push(Seen { quantity: names.take("zopa_width"), low, high, what: What::ZopaWidth });
        let measured = model.hazards.iter().filter(|hazard| hazard.distance.is_some());
        for (i, hazard) in measured.enumerate() {
            let (low, high) = DISTANCES;
            let quantity = names.take(&format!("distance_{}", hazard.id));
            seen.push(Seen { quantity, low, high, what: What::Distance(i) });
        }
        let mut counted: Vec<Counted> =
            ["offers", "stalls"].map(|name| Counted { quantity: names.take(name), statistic: "n" }).into();
        let actors = model.actors.iter().map(|a| &a.id);
        for id in actors.chain(model.bodies.iter().map(|b| &b.id)) {
            let quantity = names.take(&format!("refusals_{id}"));
            counted.extend(REASONS.map(|statistic| Counted { quantity: quantity.clone(), statistic }));
        }
        let first_lever = counted.len();
        for lever in &model.levers {
            counted.push(Counted { quantity: names.take(&format!("uses_{}", lever.id)), statistic: "n" });
        }
        Self {
            seen,
            counted,
            n_actors: model.actors.len(),
            first_lever,
            has_regimes: model.instruments.len() > 1,
            horizon: model.clock.horizon_steps,
            columns: columns(),
        }
    }

    /// Notes what a step looks like.
    pub fn look(&self, view: &StepView<'_>, log: &mut StepLog) {
        log.steps.push(view.step);
        log.regimes.push(view.regime);
        log.codes.extend(self.seen.iter().map(|seen| {
            let value = match seen.what {
                What::State(i) => view.states[i],
                What::Disagreement(i) => view.disagreement[i],
                What::ZopaWidth => view.zopa_width,
                What::Distance(i) => view.distances[i],
            };
            code((seen.low, seen.high), BINS, value)
        }));
    }

    /// Notes a move, if it is counted.
    pub fn count(&self, model: &Model, step: u32, what: &Move<'_>, log: &mut StepLog) {
        let mut note = |position: usize| log.counts.push((step, position as u32));
        match *what {
            Move::Offer { .. } => note(0),
            Move::Stall { blocker, .. } => {
                note(1);
                if let Some(blocker) = blocker {
                    note(self.refusal(Party::Actor(blocker), STALL));
                }
            }
            Move::Answer { by, yes: false, .. } => note(self.refusal(Party::Actor(by), ANSWER)),
            Move::Consent { deliverer, yes: false, .. } => {
                note(self.refusal(model.deliverers[usize::from(deliverer)].who, CONSENT));
            }
            Move::Vote { ratifier, yes: false, .. } => {
                note(self.refusal(Party::Actor(model.ratifiers[ratifier.index()].of), VOTE));
            }
            Move::Lever { lever, .. } => note(self.first_lever + lever.index()),
            Move::Signed { deal, .. } if usize::from(deal.instrument) == model.settlement => log.settled = Some(step),
            _ => {}
        }
    }

    fn refusal(&self, who: Party, reason: usize) -> usize {
        let who = match who {
            Party::Actor(actor) => actor.index(),
            Party::Body(body) => self.n_actors + body.index(),
        };
        2 + who * REASONS.len() + reason
    }
}

impl Steps {
    /// Whether the replications of both tables can be added up together.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.seen == other.seen && self.counted == other.counted
    }

    /// Bytes that the counts of one point take at most.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        (self.horizon as u64 + 1) * (self.seen.len() as u64 * (BINS as u64 + 8) + self.counted.len() as u64) * 8
    }
}

impl StepTally {
    /// Adds one replication.
    pub fn add(&mut self, table: &Steps, log: &StepLog) {
        self.replications += 1;
        if let Some(step) = log.settled {
            self.at(table, step).regimes[Regime::Settled.index()] += 1;
        }
        for (i, step) in log.steps.iter().enumerate() {
            let at = self.at(table, *step);
            at.talking += 1;
            at.regimes[log.regimes[i].index()] += 1;
            let codes = &log.codes[i * table.seen.len()..];
            for (histogram, code) in at.seen.iter_mut().zip(codes) {
                histogram.push_code(*code);
            }
        }
        for (step, position) in &log.counts {
            self.at(table, *step).counts[*position as usize] += 1;
        }
    }

    /// Adds only the counted moves of one replication, all in the first step: enough for [`StepTally::totals`].
    pub fn count(&mut self, table: &Steps, log: &StepLog) {
        if self.steps.is_empty() {
            let counts = vec![0; table.counted.len()];
            self.steps.push(AtStep { talking: 0, regimes: [0; 3], seen: Vec::new(), counts });
        }
        for (_, position) in &log.counts {
            self.steps[0].counts[*position as usize] += 1;
        }
    }

    fn at(&mut self, table: &Steps, step: u32) -> &mut AtStep {
        let step = step as usize;
        if self.steps.len() <= step {
            let empty = AtStep {
                talking: 0,
                regimes: [0; 3],
                seen: table.seen.iter().map(|s| Histogram::new(s.low, s.high, BINS)).collect(),
                counts: vec![0; table.counted.len()],
            };
            self.steps.resize(step + 1, empty);
        }
        &mut self.steps[step]
    }

    /// Sums of the counts over all steps, in the order of [`Steps::counted`].
    #[must_use]
    pub fn totals(&self, table: &Steps) -> Vec<u64> {
        let mut totals = vec![0; table.counted.len()];
        for at in &self.steps {
            totals.iter_mut().zip(&at.counts).for_each(|(total, more)| *total += more);
        }
        totals
    }

    /// Writes the rows of one point. Counts of zero and quantiles of nothing are left out.
    pub fn write(&self, table: &Steps, point: u64, rows: &mut Rows) {
        let mut settled = 0;
        for (step, at) in self.steps.iter().enumerate() {
            let mut row = |quantity: &str, statistic: &str, value: f64| {
                rows.integer(point);
                rows.integer(step as u64);
                rows.text(quantity);
                rows.text(statistic);
                rows.number(value);
                rows.end();
            };
            if at.talking > 0 {
                row("talking", "n", at.talking as f64);
            }
            if table.has_regimes && step < table.horizon {
                let [war, truce, signed] = at.regimes;
                for (regime, n) in Regime::ALL.iter().zip([war, truce, settled]) {
                    row("regime", regime.word(), n as f64 / self.replications as f64);
                }
                settled += signed;
            }
            for (seen, histogram) in table.seen.iter().zip(&at.seen) {
                for (name, p) in QUANTILES {
                    if let Some(value) = histogram.quantile(p) {
                        row(&seen.quantity, name, value);
                    }
                }
            }
            for (counted, n) in table.counted.iter().zip(&at.counts).filter(|(_, n)| **n > 0) {
                row(&counted.quantity, counted.statistic, *n as f64);
            }
        }
    }
}

fn columns() -> Vec<Column> {
    let (low, high) = PAYOFFS;
    let quantiles = QUANTILES.map(|(name, _)| name);
    let words = ["n"].into_iter().chain(quantiles).chain(REASONS).chain(Regime::ALL.map(Regime::word));
    name_all([
        Draft::integer("point", "point of the design"),
        Draft::integer("step", "step, from 0").unit("steps"),
        Draft::text(
            "quantity",
            "talking: replications still talking; state_<state>; z_<signatory>: value of disagreement; zopa_width; \
             distance_<hazard>, where it is declared; offers; \
             stalls; refusals_<who>; uses_<lever>; regime: where a model knows truces or side deals",
        ),
        Draft::text(
            "statistic",
            "quantile over replications still talking; n: a count; a reason: refusals for it; a regime: share of all \
             replications that begin the step in it, settled ones whatever became of the settlement",
        )
        .one_of(words),
        Draft::number(
            "value",
            format!(
                "quantiles are read from {BINS} equal bins, of a state over its declared range, of payoffs over \
                 {low}..{high}, interpolated within a bin; rows of zero counts are left out"
            ),
        ),
    ])
}
