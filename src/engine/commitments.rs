//! Threats and promises (`core.md` 12): announced, called by their condition, kept or broken; and what a forecast makes
//! of those that stand.
//!
//! A pledge that stands is a public act in the lanes (`threatened.<lever>`, `promised.<lever>`), so every projection
//! carries it: where its condition comes true in time the lever's effects begin, scaled by the owner's credibility c, and
//! the owner is charged c times the lever's cost and 1 - c times the audience cost. Leverage thus works through the value
//! of disagreement of whoever the effects hurt. A pledge whose condition does not come true in time lapses. An ultimatum is
//! the reverse: it is called when its time is over, unless its condition, what it demands, came true before.

use super::continuation::Outlook;
use super::dynamics::{self, Launch, Pending};
use super::game::Game;
use super::lanes::{Lanes, Tools};
use super::lever_values::{Act, Deed, Judge, Valuer, value_acts};
use super::levers;
use super::observer::{Move, Observer};
use super::path::Plan;
use super::play::Table;
use super::policy::LeverChoice;
use super::talks::Room;
use crate::id::{ActorId, LeverId};
use crate::model::{Lever, Model, Owner, Party, Pledge};
use crate::rng::Purpose;

/// What levers do by now.
#[derive(Clone, Debug)]
pub(super) struct Book {
    /// Factor on added amounts of each lever: its saturation once for each use.
    pub(super) weight: Vec<f64>,
}

impl Book {
    pub(super) fn new(model: &Model) -> Self {
        Self { weight: vec![1.0; model.levers.len()] }
    }
}

/// The actor that made a pledge; the compiler allows no other owners.
fn pledger(lever: &Lever) -> usize {
    match &lever.owner {
        Owner::Actors(actors) => actors[0].index(),
        Owner::Body { .. } => unreachable!("the compiler refuses pledges of bodies"),
    }
}

/// Whether a pledge stands in a lane.
pub(super) fn stands(model: &Model, pledge: &Pledge, lanes: &Lanes, lane: usize) -> bool {
    model.layout.n_pledges > 0 && lanes.get(model.layout.announced + u32::from(pledge.slot), lane) != 0.0
}

/// What has become of a pledge that stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It stands.
    Stands,
    /// Its time is over, or what it demanded was done.
    Over,
    /// It is to be carried out now.
    Called,
}

/// A threat or promise is called when its condition comes true in time; an ultimatum when its time is over, unless the
/// condition came true.
fn stage_of(pledge: &Pledge, (step, due): (f64, f64), holds: impl FnOnce() -> bool) -> Stage {
    if !pledge.unless && step > due {
        return Stage::Over;
    }
    match (holds(), pledge.unless) {
        (true, false) => Stage::Called,
        (true, true) => Stage::Over,
        (false, true) if step >= due => Stage::Called,
        (false, _) => Stage::Stands,
    }
}

/// Makes a pledge in a range of lanes.
pub(super) fn announce(
    model: &Model,
    pledge: &Pledge,
    step: usize,
    lanes: &mut Lanes,
    touched: std::ops::Range<usize>,
) {
    let slot = u32::from(pledge.slot);
    lanes.row_mut(model.layout.announced + slot)[touched.clone()].fill(1.0);
    lanes.row_mut(model.layout.due + slot)[touched].fill((step + pledge.within_steps) as f64);
}

/// Using a lever discharges what was announced of it.
pub(super) fn discharge(model: &Model, lever: &Lever, lanes: &mut Lanes, touched: std::ops::Range<usize>) {
    for pledge in lever.pledges() {
        lanes.row_mut(model.layout.announced + u32::from(pledge.slot))[touched.clone()].fill(0.0);
    }
}

/// Credibility of all actors at the start of a negotiation.
pub(super) fn begin(model: &Model, game: &mut Game) {
    game.book.weight.fill(1.0);
    if model.layout.n_pledges == 0 {
        return;
    }
    for (slot, actor) in (model.layout.credibility..).zip(&model.actors) {
        let start = game.buffers.tools(&game.scalars).one(&actor.credibility, &game.world, 0);
        game.world.set(slot, 0, start.clamp(0.0, 1.0));
    }
}

/// One step of the mean path: pledges that stand are carried out where their condition holds, as far as they are
/// believed. `charge` is told owner, lane and the expected cost of each.
pub(super) fn foresee(
    plan: &Plan<'_>,
    at: Launch,
    (lanes, ahead): (&mut Lanes, &[u32]),
    tools: &mut Tools<'_>,
    pending: &mut Vec<Pending>,
    mut charge: impl FnMut(usize, usize, f64),
) {
    let model = plan.model;
    for (index, lever) in model.levers.iter().enumerate() {
        for pledge in lever.pledges() {
            if plan.slice.is_some_and(|slice| !slice.pledges[usize::from(pledge.slot)]) {
                continue;
            }
            let slot = model.layout.announced + u32::from(pledge.slot);
            for lane in 0..at.n {
                if lanes.get(slot, lane) == 0.0 {
                    continue;
                }
                let step = at.step + ahead[lane] as usize;
                let due = lanes.get(model.layout.due + u32::from(pledge.slot), lane);
                let holds = || pledge.when.eval_one(lanes.frame(tools.scalars), lane, tools.stack) != 0.0;
                let stage = stage_of(pledge, (step as f64, due), holds);
                if stage == Stage::Stands {
                    continue;
                }
                lanes.set(slot, lane, 0.0);
                if stage == Stage::Over {
                    continue;
                }
                let owner = pledger(lever);
                let believed = lanes.get(model.layout.credibility + owner as u32, lane);
                let cost = levers::cost_of(lever, plan.discount[owner], lanes, lane, tools);
                let shame = tools.one(&pledge.audience_cost, lanes, lane);
                charge(owner, lane, believed * cost + (1.0 - believed) * shame);
                let weight = believed * plan.book.weight[index];
                let single = Launch { step, touch: Some((lane as u32, 1)), weight, ..at };
                for effect in &lever.effects {
                    dynamics::launch(model, effect, single, lanes, tools, pending);
                }
                if lever.ends_mediation && believed >= 0.5 {
                    lanes.set(model.layout.mediating, lane, 0.0);
                }
            }
        }
    }
}

/// Pledges whose condition has come true are kept or broken; those that are overdue lapse. Returns whether anything moved.
pub(super) fn call_all(
    room: &Room<'_>,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let model = room.model;
    if model.layout.n_pledges == 0 {
        return false;
    }
    let mut moved = false;
    for (index, lever) in model.levers.iter().enumerate() {
        for (promise, pledge) in [(false, &lever.threat), (true, &lever.promise)] {
            let Some(pledge) = pledge else { continue };
            if !stands(model, pledge, &game.world, 0) {
                continue;
            }
            let slot = u32::from(pledge.slot);
            let due = game.world.get(model.layout.due + slot, 0);
            let frame = game.world.frame(&game.scalars);
            let stack = &mut game.buffers.stack;
            let stage = stage_of(pledge, (room.step as f64, due), || pledge.when.eval_one(frame, 0, stack) != 0.0);
            if stage == Stage::Stands {
                continue;
            }
            game.world.set(model.layout.announced + slot, 0, 0.0);
            moved = true;
            if stage == Stage::Over {
                continue;
            }
            let kept = keeps(room, index, pledge, (&mut *game, outlook, &mut *table), observer);
            settle(room, lever, pledge, kept, game, table);
            let lever = LeverId::new(index);
            observer.on(room.step as u32, room.month, &Move::Called { lever, promise, kept });
        }
    }
    moved
}

/// Whether the owner does what it announced: by what that gains it, and what breaking its word would cost.
fn keeps(
    room: &Room<'_>,
    index: usize,
    pledge: &Pledge,
    (game, outlook, table): (&mut Game, &Outlook, &mut Table),
    observer: &mut dyn Observer,
) -> bool {
    let Room { model, streams, step, month, policy, .. } = *room;
    let lever = &model.levers[index];
    if !levers::usable(room, index, game, table) {
        return false;
    }
    let owner = pledger(lever);
    game.review.clear();
    game.review.acts.push(Act { lever: index, deed: Deed::Use });
    value_acts(room, Valuer { actor: owner, all_types: false }, game, outlook);
    let node = room.setup.first_node[owner] + game.nodes.truth[owner];
    let judge = Judge::new(model, outlook, game, owner);
    let (none, with) = (judge.worth(game.review.at(node, 0)), judge.worth(game.review.at(node, 1)));
    let mut tools = game.buffers.tools(&game.scalars);
    let cost = levers::cost_of(lever, game.discount[owner], &game.world, 0, &mut tools);
    let gain = with - none - cost;
    let stake = gain + tools.one(&pledge.audience_cost, &game.world, 0);
    if stake <= 0.0 {
        return false;
    }
    let precision = tools.one(&model.behaviour.lever_precision, &game.world, 0);
    let choice = LeverChoice { gains: &[stake], inertia: 0.0, precision };
    let mut noise = streams.draw(lever.entity, Purpose::Pledge, step);
    if policy.lever(ActorId::new(owner), &choice, &mut noise).is_none() {
        return false;
    }
    let by = Party::Actor(ActorId::new(owner));
    levers::use_lever(room, index, by, game, table);
    observer.on(step as u32, month, &Move::Lever { lever: LeverId::new(index), by, gain });
    true
}

/// Counts a pledge that was called, moves its owner's credibility, and lets it pay for a broken word.
fn settle(room: &Room<'_>, lever: &Lever, pledge: &Pledge, kept: bool, game: &mut Game, table: &mut Table) {
    let Room { model, .. } = *room;
    let owner = pledger(lever);
    let slot = |first: u32| first + owner as u32;
    let believed = game.world.get(slot(model.layout.credibility), 0);
    let mut tools = game.buffers.tools(&game.scalars);
    let (counter, next) = if kept {
        let share = tools.one(&model.behaviour.credibility_kept, &game.world, 0);
        (slot(model.layout.kept), believed + share * (1.0 - believed))
    } else {
        let shame = tools.one(&pledge.audience_cost, &game.world, 0) * table.discount[owner];
        table.utility[owner] -= shame;
        table.cost[owner] += shame;
        (slot(model.layout.broken), believed * tools.one(&model.behaviour.credibility_broken, &game.world, 0))
    };
    let count = game.world.get(counter, 0);
    game.world.set(counter, 0, count + 1.0);
    game.world.set(slot(model.layout.credibility), 0, next.clamp(0.0, 1.0));
    game.clamps += game.world.derive(model, &mut game.buffers.tools(&game.scalars), 1, false);
}
