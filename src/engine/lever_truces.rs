//! What the acts of a review do to a truce (`core.md` 2, 12): the truce in force, or the truce that is the predicted deal.
//!
//! Every option has a block of lanes of its own, for a truce ends by the decisions of others too and little is out of its
//! reach. What a breach would be punished with is taken at the present state.

use super::disagreement::place_terms;
use super::dynamics::Launch;
use super::game::Game;
use super::lever_values::{Valuer, expectation, perform};
use super::path::{Plan, Whose};
use super::talks::Room;
use super::truce::Truces;
use crate::model::Regime;

/// A truce that is valued.
#[derive(Clone, Copy, Debug)]
struct Which {
    /// Item whose terms are in force in it.
    item: usize,
    instrument: usize,
    /// Months that it has lasted.
    elapsed: f64,
    /// Its block in the last valuation of the step.
    block: usize,
}

/// Fills the disagreement of every option with the value of the truce in force.
pub(super) fn value_in_force(room: &Room<'_>, valuer: Valuer, game: &mut Game) {
    let elapsed = game.world.get(room.model.layout.months_in_regime, 0);
    let which = Which { item: room.setup.in_force, instrument: game.truce_instrument, elapsed, block: 0 };
    project(room, valuer, which, game);
    read(room, valuer, game, |game, at, value| game.review.prospects[at].z = value);
    let ends = |game: &Game, option: usize| room.model.levers[game.review.acts[option - 1].lever].ends.is_some();
    for option in 1..=game.review.acts.len() {
        for node in if ends(game, option) { valuer.nodes(room.setup, game) } else { 0..0 } {
            let war = expectation(room.setup, game, (valuer.actor, node), |profile| {
                game.truce.war_now(room.setup, (valuer.actor, profile), option)
            });
            let own = room.setup.first_node[valuer.actor] + node;
            game.review.prospects[own * game.review.width + option].z = war;
        }
    }
}

/// Fills P of every option: the truce that is the predicted deal, moved by what the option does to its value without
/// what may be agreed later.
pub(super) fn value_predicted(room: &Room<'_>, valuer: Valuer, item: usize, game: &mut Game) {
    let setup = room.setup;
    let slot = item - setup.first_slot;
    let block = setup.truce_slots.iter().position(|&other| other == slot).unwrap_or(0);
    project(room, valuer, Which { item, instrument: setup.slots[slot].instrument, elapsed: 0.0, block }, game);
    read(room, valuer, game, |game, at, value| game.review.prospects[at].p = value);
    for node in valuer.nodes(setup, game) {
        let own = setup.first_node[valuer.actor] + node;
        let signed = game.keeping.value(own)[item];
        let first = own * game.review.width;
        let none = game.review.prospects[first].p;
        for prospect in &mut game.review.prospects[first..=first + game.review.acts.len()] {
            prospect.p = signed + (prospect.p - none);
        }
    }
}

/// Hands the expectation over the others' types at each of the valuer's types and every option to `write`.
fn read(room: &Room<'_>, valuer: Valuer, game: &mut Game, write: impl Fn(&mut Game, usize, f64)) {
    let setup = room.setup;
    for node in valuer.nodes(setup, game) {
        for option in 0..=game.review.acts.len() {
            let value = expectation(setup, game, (valuer.actor, node), |profile| {
                game.truce.value(valuer.actor, option * setup.n_profiles + profile)
            });
            let at = (setup.first_node[valuer.actor] + node) * game.review.width + option;
            write(game, at, value);
        }
    }
}

/// Projects a truce under every option, for the valuer and, once, for everybody who may be asked in this review.
fn project(room: &Room<'_>, valuer: Valuer, which: Which, game: &mut Game) {
    let Room { model, setup, step, .. } = *room;
    let known = std::mem::replace(&mut game.review.found.truce, true);
    if known && game.review.deciders[valuer.actor] {
        return;
    }
    game.review.deciders.copy_from_slice(&game.review.found.wanted);
    for breach in &setup.breaches {
        game.review.deciders[breach.by(model)] = true;
    }
    let each = setup.classes.profiles.len();
    let n = (game.review.acts.len() + 1) * each;
    game.truce.spread_punishment(which.block);
    let plan = Plan {
        model,
        setup,
        nodes: &game.nodes,
        utility: &game.utility,
        world: &game.world,
        registers: &game.registers,
        blocks: &[which.item as u32],
        truce: true,
        step: step as usize,
        discount: &game.discount,
        n,
        profiles: &setup.classes.profiles,
        slice: Some(&setup.everybody),
        book: &game.book,
        actors: Whose::Marked(&game.review.deciders),
    };
    let path = &mut game.truce.path;
    path.start(&plan, game.fired[0], &game.pending);
    place_terms(model, plan.registers.of(model, which.item), &mut path.lanes, 0..n);
    path.lanes.row_mut(model.layout.regime)[..n].fill(Regime::Truce.index() as f64);
    path.lanes.row_mut(model.layout.months_in_regime)[..n].fill(which.elapsed);
    let mut tools = game.buffers.tools(&game.scalars);
    for (index, &act) in game.review.acts.iter().enumerate() {
        let touch = Some((((index + 1) * each) as u32, each as u32));
        let at = Launch { step: step as usize, touch, n, weight: game.book.weight[act.lever] };
        perform(model, act, at, &mut path.lanes, &mut tools, &mut path.pending);
    }
    let truces = Truces {
        instruments: &[which.instrument as u16],
        class: &setup.own_class,
        first: &setup.own_class[..=game.review.acts.len()],
        profiles: &setup.all_profiles,
        elapsed: which.elapsed,
        lapse: &game.lapse,
        war: setup.in_war as u32,
        pending: &game.pending,
    };
    game.truce.project(&plan, &truces, &mut tools);
}
