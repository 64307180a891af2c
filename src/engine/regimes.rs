//! Step 12 short of a settlement: what is signed and leaves the talks open, the flows of the step, and what ends a truce
//! or the negotiation.

use super::aftermath;
use super::continuation::{Outlook, Talks};
use super::dynamics;
use super::frameworks;
use super::game::Game;
use super::observer::{Deal, Move, Observer};
use super::play::Table;
use super::record::{Agreement, EndedBy};
use super::setup::Setup;
use super::talks::Room;
use super::truce::Breach;
use crate::id::{ActorId, HazardId};
use crate::model::{Model, Regime};
use crate::num::exp;
use crate::rng::Purpose;

/// Signs a truce or a side deal: its terms join those in force, and the talks go on.
pub(super) fn sign(
    room: &Room<'_>,
    item: usize,
    proposer: usize,
    game: &mut Game,
    table: &mut Table,
    observer: &mut dyn Observer,
) {
    let Room { model, setup, step, month, .. } = *room;
    let slot = setup.slots[item - setup.first_slot];
    let instrument = &model.instruments[slot.instrument];
    let deal = Deal { instrument: slot.instrument as u16, terms: game.registers.of(model, item) };
    observer.on(step as u32, month, &Move::Signed { deal, attack_prob: None });
    let agreement = Agreement {
        instrument: slot.instrument as u16,
        step: step as u32,
        proposer: ActorId::new(proposer),
        misjudged: table.misjudged,
        ended_step: None,
        ended_by: None,
    };
    table.sign(agreement, &instrument.variants[slot.variant]);
    game.world.set(model.layout.signed + slot.instrument as u32, 0, 1.0);
    if instrument.leads_to == Some(Regime::Truce) {
        game.truce_instrument = slot.instrument;
        for issue in 0..model.issues.len() {
            game.before_truce[issue] = game.registers.of(model, game.register)[issue];
        }
        enter(model, game, Regime::Truce);
    }
    for &party in setup.parties_of(model, item) {
        game.positions.take(model, setup, party, item);
    }
    if instrument.framework {
        game.framework = Some(item - setup.first_slot);
        return;
    }
    game.registers.adopt(model, setup, item);
    game.put_in_force(model, setup.in_force);
    game.clamps += game.world.derive(model, &mut game.buffers.tools(&game.scalars), 1, false);
}

/// A regime begins.
fn enter(model: &Model, game: &mut Game, regime: Regime) {
    game.regime = regime;
    game.world.set(model.layout.regime, 0, regime.index() as f64);
    game.world.set(model.layout.months_in_regime, 0, 0.0);
}

/// A truce ends, and the war goes on: its revocable terms are withdrawn.
pub(super) fn end_truce(
    room: &Room<'_>,
    (how, by): (EndedBy, Option<usize>),
    game: &mut Game,
    table: &mut Table,
    observer: &mut dyn Observer,
) {
    let Room { model, setup, step, month, .. } = *room;
    table.end_agreements(step as u32, how, |a| {
        model.instruments[usize::from(a.instrument)].leads_to == Some(Regime::Truce)
    });
    table.truces_broken += 1;
    if let Some(by) = by {
        game.world.set(model.layout.broken_by, 0, by as f64);
    }
    game.registers.adopt(model, setup, game.register);
    for (issue, declared) in model.issues.iter().enumerate() {
        let now = usize::from(game.registers.of(model, game.register)[issue]);
        if model.instruments[game.truce_instrument].scope[issue] && declared.options[now].revocable {
            game.registers.put(setup, issue, game.before_truce[issue]);
        }
    }
    enter(model, game, Regime::War);
    game.put_in_force(model, setup.in_force);
    game.clamps += game.world.derive(model, &mut game.buffers.tools(&game.scalars), 1, false);
    observer.on(step as u32, month, &Move::TruceEnded { how, by: by.map(ActorId::new) });
}

/// Ends the instruments that events ended which have happened since those in `before`. Returns whether any did.
pub(super) fn end_by_events(
    room: &Room<'_>,
    before: u64,
    game: &mut Game,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let news = game.fired[0] & !before;
    if news == 0 {
        return false;
    }
    let mut any = false;
    for (_, event) in room.model.events.iter().enumerate().filter(|(index, _)| news & (1 << index) != 0) {
        if let Some(instrument) = event.ends {
            any |= end_instrument(room, usize::from(instrument), game, table, observer);
        }
    }
    any
}

/// An event ends an instrument, if it stands: a truce goes back to war, a side deal loses what is revocable of it, and of
/// what was supplied on a settlement nothing is left but the settlement.
fn end_instrument(
    room: &Room<'_>,
    instrument: usize,
    game: &mut Game,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let Room { model, setup, step, month, .. } = *room;
    let one = &model.instruments[instrument];
    let of = |a: &Agreement| usize::from(a.instrument) == instrument;
    if !table.agreements.iter().any(|a| of(a) && a.ended_step.is_none()) {
        return false;
    }
    if one.leads_to == Some(Regime::Truce) {
        end_truce(room, (EndedBy::Event, None), game, table, observer);
        return true;
    }
    if one.framework {
        frameworks::end(room, EndedBy::Event, game, table, observer);
        return true;
    }
    table.end_agreements(step as u32, EndedBy::Event, of);
    match &table.settlement {
        Some(signed) if one.imposed => game.put_in_force(model, signed.package),
        _ => {
            game.registers.adopt(model, setup, game.register);
            for (issue, declared) in model.issues.iter().enumerate() {
                let now = usize::from(game.registers.of(model, setup.in_force)[issue]);
                if one.scope[issue] && declared.options[now].revocable {
                    game.registers.put(setup, issue, declared.status_quo);
                }
            }
            game.put_in_force(model, setup.in_force);
        }
    }
    game.clamps += game.world.derive(model, &mut game.buffers.tools(&game.scalars), 1, false);
    observer.on(step as u32, month, &Move::Ended { instrument: instrument as u16 });
    true
}

/// The end of a step without a settlement: this step's flows are enjoyed, then breakdown, a hazard or a breach may end
/// the truce or the negotiation. `fresh` is a truce that was signed in this very step. Returns whether it is all over.
pub(super) fn close_step(
    room: &Room<'_>,
    talks: &Talks,
    fresh: bool,
    (game, outlook, table): (&mut Game, &Outlook, &mut Table),
    observer: &mut dyn Observer,
) -> bool {
    let Room { model, setup, streams, step, month, .. } = *room;
    enjoy(room, game, table);
    table.tally(model, game);
    frameworks::close_step(room, game, table, observer);
    if talks.breakdown > 0.0 && streams.draw(setup.talks, Purpose::Breakdown, step).bernoulli(talks.breakdown) {
        table.broke_down = true;
        table.end_month = month + model.clock.months_per_step;
        observer.on(step as u32, month, &Move::Breakdown);
        end_without_agreement(room, game, outlook, table);
        return true;
    }
    match game.regime {
        Regime::Truce if fresh => false,
        Regime::Truce => close_step_of_truce(room, game, table, observer),
        Regime::War | Regime::Settled => close_step_of_war(room, game, table, observer),
    }
}

fn close_step_of_war(room: &Room<'_>, game: &mut Game, table: &mut Table, observer: &mut dyn Observer) -> bool {
    let model = room.model;
    if !model.hazards.iter().any(|hazard| hazard.in_war) {
        return false;
    }
    let rates = &mut game.hazard_rates;
    let mut tools = game.buffers.tools(&game.scalars);
    dynamics::hazard_rates(model, Regime::War, &game.world, &mut tools, 1, rates, 1);
    let Some(hazard) = strike(room, model.clock.months_per_step, &game.hazard_rates) else { return false };
    struck(room, hazard, game, table, observer);
    true
}

fn close_step_of_truce(room: &Room<'_>, game: &mut Game, table: &mut Table, observer: &mut dyn Observer) -> bool {
    let Room { model, setup, .. } = *room;
    let months = model.clock.months_per_step;
    table.truce_months += months;
    let over = |steps: usize| game.world.get(model.layout.months_in_regime, 0) + 0.5 * months >= steps as f64 * months;
    if model.instruments[game.truce_instrument].term_steps.is_some_and(over) {
        end_truce(room, (EndedBy::Term, None), game, table, observer);
        return false;
    }
    let lane = setup.profile_of(&game.nodes.truth);
    for kind in 0..game.breach_rates.len() {
        game.breach_rates[kind] = game.truce.first_rate(kind, lane);
    }
    let Some(kind) = strike(room, months / 12.0, &game.breach_rates) else { return false };
    let n_breaches = setup.breaches.len();
    if let Some(&breach) = setup.breaches.get(kind) {
        let by = breach.by(model);
        table.utility[by] += table.discount[by] * game.truce.gain(kind);
        let how = match breach {
            Breach::Attack(_) => EndedBy::Attack,
            Breach::Denounce { .. } => EndedBy::Denunciation,
        };
        end_truce(room, (how, Some(by)), game, table, observer);
    } else if kind - n_breaches == model.hazards.len() {
        end_truce(room, (EndedBy::Lapse, None), game, table, observer);
    } else if model.hazards[kind - n_breaches].ending.is_some() {
        struck(room, kind - n_breaches, game, table, observer);
        return true;
    } else {
        let hazard = HazardId::new(kind - n_breaches);
        observer.on(room.step as u32, room.month, &Move::Struck { hazard });
        end_truce(room, (EndedBy::Hazard, None), game, table, observer);
    }
    false
}

/// Which of competing hazards strikes in a step of `length`, if any.
fn strike(room: &Room<'_>, length: f64, rates: &[f64]) -> Option<usize> {
    let total: f64 = rates.iter().sum();
    let chance = 1.0 - exp(-length * total);
    let at = room.streams.draw(room.setup.hazards, Purpose::Hazard, room.step).unit();
    if at >= chance {
        return None;
    }
    Some(among(rates, at / chance * total))
}

/// The one of competing hazards on which a part of the sum of their rates falls.
pub(super) fn among(rates: &[f64], mut left: f64) -> usize {
    let found = rates.iter().position(|&rate| {
        left -= rate;
        left < 0.0
    });
    found.unwrap_or(rates.len() - 1)
}

/// A hazard ends the negotiation.
fn struck(room: &Room<'_>, hazard: usize, game: &mut Game, table: &mut Table, observer: &mut dyn Observer) {
    table.end_month = room.month + room.model.clock.months_per_step;
    observer.on(room.step as u32, room.month, &Move::Struck { hazard: HazardId::new(hazard) });
    aftermath::end_with(room, aftermath::ending_of(room.model, hazard), game, table);
}

/// One step of war or truce as everybody lives it: the terms in force (or the declared flow) less the war cost.
fn enjoy(room: &Room<'_>, game: &mut Game, table: &mut Table) {
    let model = room.model;
    let truce = game.regime == Regime::Truce;
    for (actor, declared) in model.actors.iter().enumerate() {
        if game.discount[actor] == 1.0 {
            // A step is no part of all time.
            continue;
        }
        let share = game.buffers.tools(&game.scalars).one(&declared.truce_share, &game.world, 0);
        let (mut flow, mut cost) = flow_and_cost(room, actor, game);
        if truce {
            cost *= share;
            if !declared.no_deal_flow.is_empty() {
                flow = share * flow + (1.0 - share) * terms_in_force(room, actor, game);
            }
        }
        let d = game.discount[actor];
        let weight = (1.0 - d) * table.discount[actor];
        table.utility[actor] += weight * (flow - cost);
        table.cost[actor] += weight * cost;
        table.discount[actor] *= d;
    }
}

/// The terms in force or the declared flow, and the war cost, of an actor in this step of war.
pub(super) fn flow_and_cost(room: &Room<'_>, actor: usize, game: &mut Game) -> (f64, f64) {
    let Room { model, setup, .. } = *room;
    let (declared, node) = (&model.actors[actor], game.nodes.truth[actor]);
    let flow = if declared.no_deal_flow.is_empty() {
        terms_in_force(room, actor, game)
    } else {
        game.typed(model, setup, actor, node, &declared.no_deal_flow)
    };
    let cost = match declared.war_cost.len() {
        0 => 0.0,
        _ => game.typed(model, setup, actor, node, &declared.war_cost),
    };
    (flow, cost)
}

/// Value of what is enjoyed of the terms in force in this regime.
fn terms_in_force(room: &Room<'_>, actor: usize, game: &mut Game) -> f64 {
    let register = game.register;
    game.registers.follow(room.model, room.setup, register);
    game.register = if game.regime == Regime::War { room.setup.in_war } else { room.setup.in_force };
    let flow = aftermath::flow_now(room, actor, game);
    game.register = register;
    flow
}

/// The talks end without agreement: from here on everybody expects its disagreement value.
pub(super) fn end_without_agreement(room: &Room<'_>, game: &Game, outlook: &Outlook, table: &mut Table) {
    for actor in 0..room.model.actors.len() {
        let at = room.setup.first_node[actor] + game.nodes.truth[actor];
        table.utility[actor] += table.discount[actor] * outlook.z[at];
    }
}

/// Ends the talks by somebody's leaving: it gets its outside option, the others disagreement.
pub(super) fn walk_out(
    room: &Room<'_>,
    who: usize,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) {
    table.walked_out = true;
    table.end_month = room.month;
    observer.on(room.step as u32, room.month, &Move::WalkOut { by: ActorId::new(who) });
    for actor in 0..room.model.actors.len() {
        let at = room.setup.first_node[actor] + game.nodes.truth[actor];
        let value = if actor == who { outlook.outside[at] } else { outlook.z[at] };
        table.utility[actor] += table.discount[actor] * value;
    }
}

/// What an item is, for observers.
pub(super) fn deal<'a>(model: &'a Model, setup: &Setup, game: &'a Game, item: usize) -> Deal<'a> {
    Deal { instrument: setup.instrument_of(model, item) as u16, terms: game.registers.of(model, item) }
}
