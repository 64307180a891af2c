//! Withdrawing what is revocable after a breach, by the vote of a body (`core.md` 5).
//!
//! A member's margin is what punishing the breach is worth to it, plus what the terms without their revocable options are
//! worth to it less what they are worth with them. The chance that the body withdraws them is L(`consent_precision` times
//! the margin of the member on whom the quota turns): one shock for the body. Forecasts expect over the members' types;
//! after an attack the members vote by their own.

use super::game::Game;
use super::keeping::Keeping;
use super::lanes::{Lanes, Tools};
use super::pivot::{MEMBERS, pivot};
use super::setup::Setup;
use super::talks::Room;
use super::utility::Utility;
use crate::model::{Ballot, Model};
use crate::num::logistic;

/// By what members vote.
pub(super) struct Council<'a> {
    pub(super) model: &'a Model,
    pub(super) setup: &'a Setup,
    pub(super) utility: &'a Utility,
    /// Beliefs by type node.
    pub(super) beliefs: &'a [f64],
    /// True type nodes by actor; none: as believed.
    pub(super) truth: Option<&'a [usize]>,
}

impl Council<'_> {
    /// Chance that the body withdraws the revocable options of an item, which then is `left`.
    fn chance(&self, ballot: &Ballot, worth: &[f64; MEMBERS], precision: f64, (item, left): (usize, usize)) -> f64 {
        let members = &self.model.bodies[ballot.body.index()].members;
        let mut margins = [(0.0, 0.0); MEMBERS];
        for ((slot, &(actor, weight)), worth) in margins.iter_mut().zip(members).zip(worth) {
            let actor = actor.index();
            let gain = |node: usize| {
                let of = self.utility.packages(self.setup.first_node[actor] + node);
                of[left] - of[item]
            };
            let gain = if let Some(truth) = self.truth {
                gain(truth[actor])
            } else {
                let first = self.setup.first_node[actor];
                (0..self.setup.nodes[actor]).map(|node| self.beliefs[first + node] * gain(node)).sum()
            };
            *slot = (worth + gain, weight);
        }
        logistic(precision * pivot(&mut margins[..members.len()], ballot.quota))
    }

    /// Lets the bodies vote on the first `n` items of a valuation; `of` names each item and what is left of it.
    pub(super) fn vote(
        &self,
        keeping: &mut Keeping,
        world: &Lanes,
        tools: &mut Tools<'_>,
        n: usize,
        of: impl Fn(usize) -> (usize, usize),
    ) {
        for (attack, declared) in self.model.attacks.iter().enumerate() {
            let Some(ballot) = &declared.ballot else { continue };
            let worth = worth_of(ballot, world, tools);
            let precision = tools.one(&self.model.behaviour.consent_precision, world, 0);
            for place in 0..n {
                let (item, left) = of(place);
                // What has nothing revocable loses nothing.
                let chance = if item == left { 1.0 } else { self.chance(ballot, &worth, precision, (item, left)) };
                keeping.cast(attack, place, chance);
            }
        }
    }
}

/// What punishing a breach is worth to each member at the present state.
fn worth_of(ballot: &Ballot, world: &Lanes, tools: &mut Tools<'_>) -> [f64; MEMBERS] {
    let mut worth = [0.0; MEMBERS];
    for (slot, value) in worth.iter_mut().zip(&ballot.worth) {
        *slot = tools.one(value, world, 0);
    }
    worth
}

/// Chance that the revocable options of the register in force are withdrawn after an attack on it: that it is established
/// who broke the peace, times that the body so votes, by its members' true types.
pub(super) fn chance_now(room: &Room<'_>, attack: usize, game: &mut Game) -> f64 {
    let Room { model, setup, .. } = *room;
    let declared = &model.attacks[attack];
    let expected = game.review.keeping.snapback(attack);
    let Some(ballot) = &declared.ballot else { return expected };
    let left = game.without_revocable(model, setup);
    let mut tools = game.buffers.tools(&game.scalars);
    let detected = tools.one(&declared.detection, &game.world, 0).clamp(0.0, 1.0);
    let worth = worth_of(ballot, &game.world, &mut tools);
    let precision = tools.one(&model.behaviour.consent_precision, &game.world, 0);
    let (utility, beliefs) = (&game.utility, &game.beliefs.node[..]);
    let council = Council { model, setup, utility, beliefs, truth: Some(&game.nodes.truth) };
    detected * council.chance(ballot, &worth, precision, (game.register, left))
}
