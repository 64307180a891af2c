//! Wrong engines, each run and each to be told from the right one.
//!
//! A wrong engine is the right one under settings that make it do the wrong thing, or with a wrong policy in its seats.

use super::case::case;
use super::table::{Checks, Classic};
use crate::engine::observer::Nobody;
use crate::engine::policy::{AnswerChoice, Exact, LeverChoice, OfferChoice, Policy};
use crate::engine::{Coordinates, Workspace, play_with};
use crate::id::ActorId;
use crate::rng::Draw;

pub(super) fn check(checks: &mut Checks) {
    static_demand(checks);
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
    let inputs =
        [("params.p", p), ("params.cost_a", cost_a), ("params.cost_low", low), ("params.cost_high", high)];
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
