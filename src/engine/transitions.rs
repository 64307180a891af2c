//! Transitions (`core.md` 11): an office-holder is replaced by another type with declared odds.
//!
//! They happen in step 12, in talks and aftermath alike, each at most once unless it `repeats`; then whenever its
//! condition has become true anew. The odds are public: belief resets to them, and what was known of the predecessor's
//! misjudgement is forgotten. Forecasts take office-holders as they are: a transition is news.

use super::aftermath;
use super::game::Game;
use super::nodes;
use super::observer::{Move, Observer};
use super::play::Table;
use super::talks::Room;
use crate::id::ActorId;
use crate::model::{Odds, Regime, Transition};
use crate::rng::{Draw, Purpose};

/// What has happened so far, a bit a transition.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Offices {
    /// Those that have happened.
    done: u64,
    /// Those whose condition held in the step before.
    held: u64,
}

/// Replaces whoever is to be replaced now; returns whether somebody was.
pub(super) fn replace(room: &Room<'_>, game: &mut Game, table: &mut Table, observer: &mut dyn Observer) -> bool {
    let mut any = false;
    for (index, transition) in room.model.transitions.iter().enumerate() {
        let bit = 1_u64 << index;
        let frame = game.world.frame(&game.scalars);
        let holds = transition.when.eval_one(frame, 0, &mut game.buffers.stack) != 0.0;
        let due = holds && if transition.repeats { game.offices.held & bit == 0 } else { game.offices.done & bit == 0 };
        game.offices.held = if holds { game.offices.held | bit } else { game.offices.held & !bit };
        if !due {
            continue;
        }
        game.offices.done |= bit;
        let Some(to) = succeed(room, transition, game) else { continue };
        any = true;
        table.transitions[index] += 1;
        let what = Move::Transition { transition: index as u16, of: transition.of, to: to as u16 };
        observer.on(room.step as u32, room.month, &what);
    }
    any
}

/// Draws the successor and forgets the predecessor; none where all odds are zero.
fn succeed(room: &Room<'_>, transition: &Transition, game: &mut Game) -> Option<usize> {
    let Room { model, setup, streams, step, .. } = *room;
    let actor = transition.of.index();
    let first = setup.first_node[actor];
    let odds = odds_of(transition, game, first)?;
    let mut draw = streams.draw(transition.entity, Purpose::Transition, step);
    let to = draw.index(&game.beliefs.node[first..first + odds]);
    let settled = game.regime == Regime::Settled;
    // What has changed since the signature for the predecessor has changed for the successor too; its taste has not.
    let since = if settled { aftermath::flow_now(room, actor, game) - game.flow_at_signing[actor] } else { 0.0 };
    game.nodes.truth[actor] = to;
    game.world.set(nodes::slot(model, actor), 0, to as f64);
    game.beliefs.join(setup);
    forget_mood(room, transition.of, game, &mut draw);
    game.clamps += game.world.derive(model, &mut game.buffers.tools(&game.scalars), 1, false);
    if settled {
        game.flow_at_signing[actor] = aftermath::flow_now(room, actor, game) - since;
    }
    Some(to)
}

/// Writes the odds, summing to 1, where beliefs about the actor stand; returns how many types there are.
fn odds_of(transition: &Transition, game: &mut Game, first: usize) -> Option<usize> {
    let n = transition.odds.len();
    let mut named = 0.0;
    let mut rest = None;
    let mut tools = game.buffers.tools(&game.scalars);
    let chance = |odds: &Odds, tools: &mut super::lanes::Tools<'_>| match odds {
        Odds::Chance(value) => tools.one(value, &game.world, 0).clamp(0.0, 1.0),
        Odds::Otherwise => 0.0,
    };
    for (index, odds) in transition.odds.iter().enumerate() {
        named += chance(odds, &mut tools);
        if *odds == Odds::Otherwise {
            rest = Some(index);
        }
    }
    let left = if rest.is_some() { (1.0 - named).max(0.0) } else { 0.0 };
    let total = named + left;
    if total <= 0.0 {
        return None;
    }
    for (index, odds) in transition.odds.iter().enumerate() {
        let own = if rest == Some(index) { left } else { chance(odds, &mut tools) };
        game.beliefs.node[first + index] = own / total;
    }
    Some(n)
}

/// The successor misjudges in its own way, and nothing is known of it yet.
fn forget_mood(room: &Room<'_>, of: ActorId, game: &mut Game, draw: &mut Draw) {
    let setup = room.setup;
    game.shocks.eps[of.index()] = draw.normal();
    let first = setup.first_node[of.index()];
    for node in first..first + setup.nodes[of.index()] {
        game.shocks.forget(node);
    }
}
