//! Wrong engines, each run and each to be told from the right one.
//!
//! A wrong engine is the right one under settings that make it do the wrong thing, or with a wrong policy in its seats.

use super::case::case;
use super::table::{Checks, Classic, Mean, Part};
use crate::engine::appraise::{Start, appraise};
use crate::engine::observer::Nobody;
use crate::engine::policy::{AnswerChoice, Due, Exact, LeverChoice, NoisyChoice, OfferChoice, Policy};
use crate::engine::{Coordinates, Workspace, play_with};
use crate::id::{ActorId, PackageId};
use crate::rng::Draw;

/// What is played here, by case.
pub(super) const PARTS: &[Part] = &[
    (&["T01"], equal_weights),
    (&["T02"], threat_of_leaving),
    (&["T09a"], static_demand),
    (&["T21a"], hazard_times_ratio),
    (&["deal_or_collapse"], collapse_first),
    (&["lasting_error"], forgetful),
    (&["waiting"], myopic),
];

/// Step of the grids on which offers are made.
const STEP: f64 = 0.001;

/// Offers in turn, but a continuation of equal shares as if everybody proposed as often: the first keeps 1 - delta/2.
fn equal_weights(checks: &mut Checks) {
    let sets = ["params.pi=0.5", "params.delta=0.9", "model.evaluator=formula"].map(str::to_owned);
    let wrong = Classic::with("random-proposer", &sets).first_where("proposer1", 1.0, "share1");
    let right = case("T01").expected("/x1_star/0");
    checks.control("T01", "equal weights under alternation", (right, wrong, STEP));
}

/// What leaving would give as what disagreement gives: the responder gets it and half of the rest.
fn threat_of_leaving(checks: &mut Checks) {
    let s = case("T02").input("/outside/0");
    let wrong = 1.0 - Classic::load("nash-frontier", &[("params.d2", s)]).column("x");
    checks.control("T02", "outside option as threat point", (case("T02").expected("/resp_share/0"), wrong, STEP));
}

/// The yearly chance times the hazard ratio, in place of the rate.
fn hazard_times_ratio(checks: &mut Checks) {
    let case = case("T21a");
    let h = case.input("/h") * case.input("/HR");
    let wrong = Classic::load("peace-survival", &[("params.h", h)]).column("S10");
    checks.control("T21a", "hazard times ratio", (case.expected("/S10_guarantee"), wrong, 1e-9));
}

/// Says nothing in the first round: then every deal comes after one more collapse than it should.
struct Late;

impl Policy for Late {
    fn offer(&self, who: ActorId, choice: &OfferChoice<'_>, noise: &mut Draw) -> usize {
        NoisyChoice.offer(who, choice, noise)
    }

    fn lever(&self, who: ActorId, choice: &LeverChoice<'_>, noise: &mut Draw) -> Option<usize> {
        NoisyChoice.lever(who, choice, noise)
    }

    fn answer(&self, who: ActorId, choice: &AnswerChoice) -> bool {
        NoisyChoice.answer(who, choice)
    }

    fn offer_due(&self, _who: ActorId, step: u64) -> Due<PackageId> {
        if step == 0 { Due::Pass } else { Due::Weigh }
    }
}

/// Plays behind the control on the order of a round: the two engines differ by .016, nine standard errors of the difference.
const PAIRS: u64 = 8_000;

/// Deals and collapses in the wrong order; both engines on the same draws.
fn collapse_first(checks: &mut Checks) {
    let mut game = Classic::load("deal-or-collapse", &[]);
    checks.beyond("deal_or_collapse", "P_deal", (0.08 / 0.0984, game.column("P_deal"), 1e-9));
    let seed = checks.effort.seed;
    let mut workspace = Workspace::new(&game.model);
    let differences: Vec<[f64; 2]> = (0..PAIRS)
        .map(|replication| {
            let at = Coordinates { seed, replication };
            let late = play_with(&game.model, at, &mut workspace, &Late, &mut Nobody).settlement.is_some();
            let right = game.play(seed, replication).settlement.is_some();
            [right, late].map(|signed| f64::from(u8::from(signed)))
        })
        .collect();
    let difference = Mean::of(differences.iter().map(|[right, late]| right - late));
    let [right, wrong] = [0, 1].map(|engine| Mean::of(differences.iter().map(|pair| pair[engine])));
    checks.beyond_mean("deal_or_collapse", "P_deal", 0.08 / 0.0984, right);
    let tolerance = 4.5 * difference.error;
    let row = format!("collapse drawn before the deal N={PAIRS}");
    checks.control("deal_or_collapse", &row, (right.value, wrong.value, tolerance));
}

/// Errors that are forgotten every month make a bad deal all but certain.
fn forgetful(checks: &mut Checks) {
    const CHANCE: f64 = 0.076;
    let signs = |rho: f64, effort| {
        Classic::load("lasting-error", &[("params.rho", rho)]).mean_column(effort, 10, "signs").of_chance(CHANCE)
    };
    let (lasting, forgetful) = (signs(1.0, checks.effort), signs(0.0, checks.effort));
    // The chance itself has three digits.
    checks.beyond_mean("lasting_error", "signs", CHANCE, lasting);
    let row = format!("independent monthly noise N={}", forgetful.n);
    checks.control("lasting_error", &row, (CHANCE, forgetful.value, 4.5 * forgetful.error.max(lasting.error)));
}

/// An attacker that sets the attack against the settlement as it is, not against attacking later.
fn myopic(checks: &mut Checks) {
    const FOUR_DIGITS: f64 = 5e-5;
    let first_year = |compare: &str| {
        let game = Classic::with("waiting", &[format!("attacks.revision.compare={compare}")]);
        appraise(&game.model, Start::Central, 1, &mut Workspace::new(&game.model)).threats[0].hazard[0]
    };
    checks.beyond("waiting", "first_year", (0.1689, first_year("waiting"), FOUR_DIGITS));
    checks.beyond("waiting", "first_year_flow", (0.2915, first_year("flow"), FOUR_DIGITS));
    let played = Classic::load("waiting", &[]).mean_column(checks.effort, 20, "first_year");
    checks.beyond_mean("waiting", "first_year", 0.1689, played.of_chance(0.1689));
    let row = "attacker that does not compare with waiting";
    checks.control("waiting", row, (0.1689, first_year("flow"), FOUR_DIGITS));
}

/// Demands the package it was told to, whatever it expects to come of it.
struct Demands(u32);

impl Policy for Demands {
    fn offer(&self, who: ActorId, choice: &OfferChoice<'_>, noise: &mut Draw) -> usize {
        let told = choice.packages.iter().position(|&package| package == self.0);
        told.unwrap_or_else(|| Exact.offer(who, choice, noise))
    }

    fn lever(&self, who: ActorId, choice: &LeverChoice<'_>, noise: &mut Draw) -> Option<usize> {
        Exact.lever(who, choice, noise)
    }

    fn answer(&self, who: ActorId, choice: &AnswerChoice) -> bool {
        Exact.answer(who, choice)
    }
}

/// The demand p + (h - cA)/2 without the corner at l: it gives B too much where even the least cost would let A ask more.
fn static_demand(checks: &mut Checks) {
    let row = &case("T09a").rows("/p_cA_l_h")[3];
    let [p, cost_a, low, high] = row[..] else { return };
    let inputs = [("params.p", p), ("params.cost_a", cost_a), ("params.cost_low", low), ("params.cost_high", high)];
    let game = Classic::load("fearon", &inputs);
    let wrong = p + (high - cost_a) / 2.0;
    let options = &game.model.issues[0].options;
    let told = options.iter().position(|option| (option.number - wrong).abs() < 1e-9).unwrap_or(0);
    let mut workspace = Workspace::new(&game.model);
    let at = Coordinates { seed: 0, replication: 0 };
    let record = play_with(&game.model, at, &mut workspace, &Demands(told as u32), &mut Nobody);
    let demand = game.model.outcome_columns.iter().position(|column| column.id == "demand");
    let obtained = demand.map_or(f64::NAN, |at| record.extra[at]);
    checks.control("T09a", "demand without its corner", (case("T09a").expected("/demand/3"), obtained, 1e-9));
}
