//! Frameworks (`core.md` 2): texts agreed without force.
//!
//! A framework writes nothing to the register. While it stands, its parties offer only settlements that hold its text; where
//! they are all who may propose, the predicted deal holds it too. So it is worth what the talks are worth when they aim at
//! the best settlement under it: V = Z + d K' max(0, P(x') - Z), with x' the predicted deal among those that hold the text
//! and K' from the forecast chance of x'. Refusing it is a public act like any other refusal. It ends with the settlement,
//! with its term, by lapsing, or with an event that ends it; whoever values it takes it to last.

use super::continuation::{Outlook, Talks};
use super::game::Game;
use super::observer::{Move, Observer};
use super::play::Table;
use super::record::{Agreement, EndedBy};
use super::setup::Setup;
use super::slots::Aim;
use super::talks::Room;
use crate::model::{KEEP, Model};
use crate::num::exp;
use crate::rng::Purpose;

/// Whether a candidate for a settlement holds the text of a framework's slot.
fn holds(model: &Model, setup: &Setup, slot: usize, package: usize) -> bool {
    let slot = setup.slots[slot];
    let text = &model.instruments[slot.instrument].variants[slot.variant];
    let options = model.packages.options_of(model.issues.len(), package);
    text.iter().zip(options).all(|(&term, &option)| term == KEEP || term == option)
}

/// Whether a proposer is bound not to offer an item.
pub(super) fn forbids(room: &Room<'_>, game: &Game, by: usize, item: usize) -> bool {
    let Room { model, setup, .. } = *room;
    let Some(slot) = game.framework else { return false };
    let party = setup.parties[setup.slots[slot].instrument].contains(&by);
    party && item < setup.n_static && !holds(model, setup, slot, item)
}

impl Outlook {
    /// Whether the predicted deal may be an item: who may propose is not bound to offer nothing but others.
    pub(super) fn is_left(&self, model: &Model, setup: &Setup, game: &Game, item: usize) -> bool {
        let Some(slot) = game.framework.filter(|_| item < setup.n_static) else { return true };
        let parties = &setup.parties[setup.slots[slot].instrument];
        let all_bound = (0..model.actors.len()).all(|actor| self.proposes(actor) <= 0.0 || parties.contains(&actor));
        !all_bound || holds(model, setup, slot, item)
    }

    /// V of each framework that is open: the talks aim at the best settlement under it.
    pub(super) fn value_frameworks(
        &mut self,
        model: &Model,
        setup: &Setup,
        game: &mut Game,
        talks: &Talks,
        recognition: &[f64],
    ) {
        for &slot in &setup.framework_slots {
            let item = setup.first_slot + slot;
            if !self.open.contains(&(item as u32)) {
                continue;
            }
            let target = self.best_under(model, setup, game, talks, slot);
            let aim = Aim { item, target, offers: talks.offer_chance, recognition, z: &self.z };
            self.value_talks(model, setup, game, &aim);
        }
    }

    /// The settlement that would be predicted among those that hold the text.
    fn best_under(
        &mut self,
        model: &Model,
        setup: &Setup,
        game: &mut Game,
        talks: &Talks,
        slot: usize,
    ) -> Option<usize> {
        let mut ranking = self.ranking.take();
        for place in 0..self.n_higher {
            let package = self.open[place] as usize;
            if package < setup.n_static
                && holds(model, setup, slot, package)
                && let Some(score) = self.score(model, setup, game, talks, package).1
            {
                ranking.add(score, package);
            }
        }
        let best = self.best_that_passes((model, setup), game, talks, &mut ranking);
        self.ranking = ranking;
        best
    }
}

/// The end of a step of the talks: a framework may be over by its term, or lapse.
pub(super) fn close_step(room: &Room<'_>, game: &mut Game, table: &mut Table, observer: &mut dyn Observer) {
    let Room { model, setup, streams, step, .. } = *room;
    let Some(slot) = game.framework else { return };
    let index = setup.slots[slot].instrument;
    let one = &model.instruments[index];
    let of = |a: &&Agreement| usize::from(a.instrument) == index && a.ended_step.is_none();
    let signed = table.agreements.iter().rev().find(of).map_or(step, |a| u64::from(a.step));
    let over = one.term_steps.is_some_and(|term| step + 1 >= signed + term as u64);
    let years = model.clock.months_per_step / 12.0;
    let rate = game.buffers.tools(&game.scalars).one(&one.lapse_per_year, &game.world, 0).max(0.0);
    let lapses = rate > 0.0 && streams.draw(one.entity, Purpose::Hazard, step).bernoulli(1.0 - exp(-rate * years));
    if over || lapses {
        end(room, if over { EndedBy::Term } else { EndedBy::Lapse }, game, table, observer);
    }
}

/// The framework that stands ends.
pub(super) fn end(room: &Room<'_>, how: EndedBy, game: &mut Game, table: &mut Table, observer: &mut dyn Observer) {
    let Some(slot) = game.framework.take() else { return };
    let instrument = room.setup.slots[slot].instrument;
    table.end_agreements(room.step as u32, how, |a| usize::from(a.instrument) == instrument);
    observer.on(room.step as u32, room.month, &Move::Ended { instrument: instrument as u16 });
}
