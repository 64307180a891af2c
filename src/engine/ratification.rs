//! Who must confirm a signature or a part at home (`core.md` 11).
//!
//! A ratifier confirms settlements, or the instruments that it names. As *constraint* it votes: what it refuses is not in
//! force. As *threat point* it does not vote (Iida 1993, Putnam 1988): its actor weighs what it may lose at home, so that
//! terms are worth R P + (1 - R) Z to it, with the chance R that the ratifier would carry them. Whoever forecasts the
//! actor knows that, and nobody offers what a ratifier would carry with a chance below `least_ratification`.

use super::continuation::{Lot, Outlook};
use super::game::Game;
use super::setup::Setup;
use crate::model::{Model, Ratifier, RatifierRole};
use crate::num::logistic;
use std::ops::Range;

impl Outlook {
    /// Whether a ratifier has a say in an item.
    fn concerns(&self, model: &Model, setup: &Setup, ratifier: &Ratifier, item: usize) -> bool {
        let instrument = match item.checked_sub(setup.first_slot) {
            None => model.settlement,
            Some(slot) => setup.slots[slot].instrument,
        };
        ratifier.confirms[instrument]
            && ratifier.parts.is_none_or(|parts| self.delivered_by(model, setup, item) & parts != 0)
    }

    /// Whether a ratifier is asked to vote on an item.
    pub(super) fn votes_on(&self, model: &Model, setup: &Setup, ratifier: &Ratifier, item: usize) -> bool {
        ratifier.role == RatifierRole::Constraint && self.concerns(model, setup, ratifier, item)
    }

    /// Whether a ratifier makes its actor discount an item by what it may lose at home.
    pub(super) fn discounts(&self, model: &Model, setup: &Setup, ratifier: &Ratifier, item: usize) -> bool {
        ratifier.role == RatifierRole::ThreatPoint && self.concerns(model, setup, ratifier, item)
    }

    /// Log odds of every ratifier for every item at the present state, and its chance before its mood is known.
    pub(super) fn count_support(&mut self, model: &Model, setup: &Setup, game: &mut Game) {
        let n = setup.n_items;
        self.carried.fill(1.0);
        for (index, ratifier) in model.ratifiers.iter().enumerate() {
            let voter = model.deliverers.len() + index;
            let mut tools = game.buffers.tools(&game.scalars);
            let threshold = tools.one(&ratifier.threshold, &game.world, 0);
            let slope = tools.one(&ratifier.slope, &game.world, 0);
            let row = &mut self.vote[voter * n..(voter + 1) * n];
            tools.many(&ratifier.support, &game.packages, n, row);
            for (z, chance) in row.iter_mut().zip(&mut self.vote_chance[voter * n..(voter + 1) * n]) {
                *z = (*z - threshold) / slope;
                *chance = logistic(*z);
            }
        }
    }

    /// Forecast ratification of items, from the records of those who vote.
    pub(super) fn forecast_votes(&mut self, model: &Model, setup: &Setup, game: &Game, lot: Lot) {
        for (index, ratifier) in model.ratifiers.iter().enumerate() {
            let voter = model.deliverers.len() + index;
            for place in lot.places(model) {
                let item = lot.item(&self.open, place);
                if self.votes_on(model, setup, ratifier, item) {
                    let position = game.shocks.log_odds.position(self.vote[voter * setup.n_items + item]);
                    self.ratification[item] *= game.shocks.voter_record[voter].below_at(position);
                }
            }
        }
    }

    /// What items are worth to an actor that weighs what it may lose at home.
    pub(super) fn weigh_home(&mut self, model: &Model, setup: &Setup, game: &mut Game, items: Range<usize>) {
        for (index, ratifier) in model.ratifiers.iter().enumerate() {
            if ratifier.role != RatifierRole::ThreatPoint {
                continue;
            }
            let voter = model.deliverers.len() + index;
            let actor = ratifier.of.index();
            for item in items.clone() {
                if !self.concerns(model, setup, ratifier, item) {
                    continue;
                }
                let carried = self.vote_chance[voter * setup.n_items + item];
                self.carried[item] = self.carried[item].min(carried);
                for at in setup.first_node[actor]..setup.first_node[actor] + setup.nodes[actor] {
                    let value = game.keeping.value(at)[item];
                    game.keeping.set_value(at, item, carried * value + (1.0 - carried) * self.z[at]);
                }
            }
        }
    }
}
