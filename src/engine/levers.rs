//! Lever reviews (`core.md` 12): what can be done, what it is worth to whoever may do it, and doing it.

use super::commitments;
use super::continuation::Outlook;
use super::dynamics::Launch;
use super::game::Game;
use super::lanes::{Lanes, Tools};
use super::lever_values::{Act, Deed, Judge, Valuer, perform, pledge_of, value_acts};
use super::observer::{Move, Observer};
use super::pivot::{MEMBERS, pivot};
use super::play::Table;
use super::policy::{Due, LeverChoice};
use super::record::EndedBy;
use super::regimes;
use super::review::Review;
use super::signals::{self, News};
use super::talks::Room;
use crate::id::{ActorId, LeverId};
use crate::model::{CostKind, Deliverer, Lever, Model, Owner, Party, Regime, Signal};
use crate::num::{exp, logistic, pow};
use crate::rng::{Entity, Purpose};

impl Act {
    /// What others learn from it, if it is a signal.
    pub(super) fn observed(self, model: &Model) -> Option<&Signal> {
        model.levers[self.lever].signal.as_ref().filter(|_| self.deed == Deed::Use)
    }

    /// Valuer consent it needs.
    fn requires(self, model: &Model) -> Option<&Deliverer> {
        model.levers[self.lever].requires.as_ref().filter(|_| self.deed == Deed::Use)
    }
}

/// Calls the pledges that are due; then every actor with levers, in declared order, and every body after them, reviews
/// them at its rate. Each sees the moves before it. Returns whether anything moved.
pub(super) fn review_all(
    room: &Room<'_>,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let Room { model, setup, streams, step, .. } = *room;
    let mut moved = commitments::call_all(room, game, outlook, table, observer);
    let years = model.clock.months_per_step / 12.0;
    let rate = game.buffers.tools(&game.scalars).one(&model.behaviour.reviews_per_year, &game.world, 0);
    let common = 1.0 - exp(-rate * years);
    for (actor, declared) in model.actors.iter().enumerate() {
        if setup.levers_of[actor].is_empty() {
            continue;
        }
        let chance = declared.reviews_per_year.as_ref().map_or(common, |own| {
            let rate = game.buffers.tools(&game.scalars).one(own, &game.world, 0);
            1.0 - exp(-rate * years)
        });
        let due = matches!(room.policy.lever_due(ActorId::new(actor), step), Due::Take(_));
        if due || streams.draw(declared.entity, Purpose::LeverReview, step).bernoulli(chance) {
            moved |= review(room, actor, game, outlook, table, observer);
        }
    }
    for body in 0..model.bodies.len() {
        if setup.levers_of_body[body].is_empty() {
            continue;
        }
        if streams.draw(setup.body_entity[body], Purpose::LeverReview, step).bernoulli(common) {
            moved |= review_body(room, body, game, outlook, table, observer);
        }
    }
    moved
}

/// One actor's review; returns whether it did anything.
fn review(
    room: &Room<'_>,
    actor: usize,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let Room { model, setup, .. } = *room;
    find_acts(room, &setup.levers_of[actor], game, table);
    if game.review.acts.is_empty() {
        return false;
    }
    value_own(room, actor, game, outlook);
    weigh_pledges(room, actor, game, outlook);
    weigh_consent(room, game, outlook, setup.nodes[actor]);
    weigh_signals(room, actor, game, outlook);
    let me = Party::Actor(ActorId::new(actor));
    let chosen = match room.policy.lever_due(ActorId::new(actor), room.step) {
        Due::Take(lever) => {
            let uses = |act: &Act| act.lever == lever.index() && act.deed == Deed::Use;
            game.review.acts.iter().position(uses)
        }
        Due::Pass => None,
        Due::Weigh => choose(room, me, model.actors[actor].entity, game),
    };
    let Some(chosen) = chosen else { return false };
    carry(room, chosen, me, game, table, observer)
}

/// Gains of every act to the owner, at its true type in `gain`, and by type in `typed` where a signal is possible.
fn value_own(room: &Room<'_>, actor: usize, game: &mut Game, outlook: &Outlook) {
    let Room { model, setup, .. } = *room;
    let all_types = signals::any(room, &game.review.acts);
    value_acts(room, Valuer { actor, all_types }, game, outlook);
    let truth = game.nodes.truth[actor];
    let d = game.discount[actor];
    let n = game.review.acts.len();
    let width = game.review.width;
    let judge = Judge::new(model, outlook, game, actor);
    let first = setup.first_node[actor];
    for node in if all_types { 0..setup.nodes[actor] } else { truth..truth + 1 } {
        let none = judge.worth(game.review.at(first + node, 0));
        for index in 0..n {
            let value = judge.worth(game.review.at(first + node, index + 1));
            let act = game.review.acts[index];
            let mut tools = game.buffers.tools(&game.scalars);
            let cost = match act.deed {
                Deed::Use => cost_of(&model.levers[act.lever], d, &game.world, 0, &mut tools),
                Deed::Threaten | Deed::Promise => 0.0,
            };
            game.review.typed[node * width + index] = value - none - cost;
            game.review.cost[index] = cost;
        }
    }
    for index in 0..=n {
        game.review.own[index] = game.review.at(first + truth, index);
    }
    for index in 0..n {
        game.review.gain[index] = game.review.typed[truth * width + index];
        game.review.consent[index] = 1.0;
    }
}

/// What the owner gains from an act if agreement a step had another chance.
fn gain_at(room: &Room<'_>, actor: usize, index: usize, game: &Game, outlook: &Outlook, chance: f64) -> f64 {
    let judge = Judge::new(room.model, outlook, game, actor);
    let none = judge.worth(game.review.own[0]);
    judge.worth_if(game.review.own[index + 1], Some(chance)) - none - game.review.cost[index]
}

/// An announcement is worth what it does to its target's disagreement, and so to the chance of agreement.
fn weigh_pledges(room: &Room<'_>, actor: usize, game: &mut Game, outlook: &Outlook) {
    if game.regime == Regime::Settled {
        return;
    }
    for index in 0..game.review.acts.len() {
        let act = game.review.acts[index];
        let Some(target) = room.model.levers[act.lever].target.filter(|_| act.deed != Deed::Use) else { continue };
        value_acts(room, Valuer { actor: target.index(), all_types: true }, game, outlook);
        if let Some(chance) = signals::chance_under_pledge(room, target.index(), index, outlook, game) {
            game.review.gain[index] = gain_at(room, actor, index, game, outlook, chance);
        }
    }
}

/// Gains of acts that need somebody's consent count with the forecast chance of it.
fn weigh_consent(room: &Room<'_>, game: &mut Game, outlook: &Outlook, types: usize) {
    let model = room.model;
    for index in 0..game.review.acts.len() {
        let Some(needed) = game.review.acts[index].requires(model) else { continue };
        let precision = game.buffers.tools(&game.scalars).one(&model.behaviour.consent_precision, &game.world, 0);
        let (forecast, margin) = consent(room, needed, index, precision, game, outlook);
        game.review.consent[index] = forecast;
        game.review.margin[index] = margin;
        game.review.gain[index] *= forecast;
        for node in 0..types {
            let at = node * game.review.width + index;
            game.review.typed[at] *= forecast;
        }
    }
}

/// The public's forecast that consent to an act is given, and the true margin of whoever is asked.
fn consent(
    room: &Room<'_>,
    needed: &Deliverer,
    index: usize,
    precision: f64,
    game: &mut Game,
    outlook: &Outlook,
) -> (f64, f64) {
    match needed.who {
        Party::Actor(actor) => {
            let actor = actor.index();
            let mut forecast = 0.0;
            value_acts(room, Valuer { actor, all_types: true }, game, outlook);
            for node in 0..room.setup.nodes[actor] {
                let belief = game.beliefs.node[room.setup.first_node[actor] + node];
                forecast += belief * logistic(precision * margin_of(room, actor, node, index, game, outlook));
            }
            (forecast, margin_of(room, actor, game.nodes.truth[actor], index, game, outlook))
        }
        Party::Body(body) => {
            let members = &room.model.bodies[body.index()].members;
            let mut public = [(0.0, 0.0); MEMBERS];
            let mut truly = public;
            for (slot, &(actor, weight)) in members.iter().enumerate() {
                let actor = actor.index();
                value_acts(room, Valuer { actor, all_types: true }, game, outlook);
                let expected = (0..room.setup.nodes[actor])
                    .map(|node| {
                        let belief = game.beliefs.node[room.setup.first_node[actor] + node];
                        belief * margin_of(room, actor, node, index, game, outlook)
                    })
                    .sum();
                public[slot] = (expected, weight);
                truly[slot] = (margin_of(room, actor, game.nodes.truth[actor], index, game, outlook), weight);
            }
            let expected = pivot(&mut public[..members.len()], needed.quota);
            (logistic(precision * expected), pivot(&mut truly[..members.len()], needed.quota))
        }
    }
}

/// What an act changes for a type of somebody who does not pay for it.
fn margin_of(room: &Room<'_>, actor: usize, node: usize, index: usize, game: &Game, outlook: &Outlook) -> f64 {
    let judge = Judge::new(room.model, outlook, game, actor);
    let at = room.setup.first_node[actor] + node;
    judge.worth(game.review.at(at, index + 1)) - judge.worth(game.review.at(at, 0))
}

/// A signal is worth what others make of it.
fn weigh_signals(room: &Room<'_>, actor: usize, game: &mut Game, outlook: &Outlook) {
    let model = room.model;
    if game.regime == Regime::Settled {
        return;
    }
    for index in 0..game.review.acts.len() {
        let Some(signal) = game.review.acts[index].observed(model) else { continue };
        let mixing = game.buffers.tools(&game.scalars).one(&model.behaviour.mixing, &game.world, 0);
        signals::read_likelihood(room, actor, index, signal, game);
        if let Some(chance) = signals::chance_after(room, actor, outlook, game, mixing) {
            let gain = gain_at(room, actor, index, game, outlook, chance);
            game.review.gain[index] = gain * game.review.consent[index];
        }
    }
}

/// A body's review: an act is worth to it what it is worth to the member on whom the quota turns.
fn review_body(
    room: &Room<'_>,
    body: usize,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let Room { model, setup, .. } = *room;
    find_acts(room, &setup.levers_of_body[body], game, table);
    let n = game.review.acts.len();
    if n == 0 {
        return false;
    }
    let members = &model.bodies[body].members;
    game.review.found.want_members(members);
    let total: f64 = members.iter().map(|&(_, weight)| weight).sum();
    for (slot, &(actor, weight)) in members.iter().enumerate() {
        let actor = actor.index();
        value_acts(room, Valuer { actor, all_types: false }, game, outlook);
        let truth = game.nodes.truth[actor];
        for index in 0..n {
            let lever = &model.levers[game.review.acts[index].lever];
            let mut tools = game.buffers.tools(&game.scalars);
            let cost = cost_of(lever, game.discount[actor], &game.world, 0, &mut tools) * weight / total;
            let margin = margin_of(room, actor, truth, index, game, outlook) - cost;
            game.review.members[slot * game.review.width + index] = margin;
        }
    }
    for index in 0..n {
        let mut margins = [(0.0, 0.0); MEMBERS];
        for (slot, &(_, weight)) in members.iter().enumerate() {
            margins[slot] = (game.review.members[slot * game.review.width + index], weight);
        }
        let quota = match model.levers[game.review.acts[index].lever].owner {
            Owner::Body { quota, .. } => quota,
            Owner::Actors(_) => 1.0,
        };
        game.review.gain[index] = pivot(&mut margins[..members.len()], quota);
        game.review.consent[index] = 1.0;
    }
    weigh_consent(room, game, outlook, 0);
    let me = Party::Body(crate::id::BodyId::new(body));
    let Some(chosen) = choose(room, me, setup.body_entity[body], game) else { return false };
    carry(room, chosen, me, game, table, observer)
}

/// The act that is chosen among those with a positive gain, if any.
fn choose(room: &Room<'_>, who: Party, entity: Entity, game: &mut Game) -> Option<usize> {
    let Room { model, streams, step, policy, .. } = *room;
    let review = &mut game.review;
    review.open.clear();
    review.open_gain.clear();
    for index in 0..review.acts.len() {
        if review.gain[index] > 0.0 {
            review.open.push(index);
            review.open_gain.push(review.gain[index]);
        }
    }
    if review.open.is_empty() {
        return None;
    }
    let mut tools = game.buffers.tools(&game.scalars);
    let choice = LeverChoice {
        gains: &game.review.open_gain,
        inertia: tools.one(&model.behaviour.inertia, &game.world, 0),
        precision: tools.one(&model.behaviour.lever_precision, &game.world, 0),
    };
    let mut noise = streams.draw(entity, Purpose::LeverChoice, step);
    let seat = match who {
        Party::Actor(actor) => actor,
        Party::Body(body) => model.bodies[body.index()].members[0].0,
    };
    policy.lever(seat, &choice, &mut noise).map(|chosen| game.review.open[chosen])
}

/// Does what was chosen, if those agree whose consent it needs. Returns whether the state may have moved.
fn carry(
    room: &Room<'_>,
    index: usize,
    by: Party,
    game: &mut Game,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let Room { model, streams, step, month, .. } = *room;
    let act = game.review.acts[index];
    let gain = game.review.gain[index];
    let lever = LeverId::new(act.lever);
    let declared = &model.levers[act.lever];
    if pledge_of(declared, act.deed).is_some() {
        let promise = act.deed == Deed::Promise;
        do_in_world(room, act, game);
        observer.on(step as u32, month, &Move::Announced { lever, promise, gain });
        return true;
    }
    if let Some(needed) = act.requires(model) {
        let precision = game.buffers.tools(&game.scalars).one(&model.behaviour.consent_precision, &game.world, 0);
        let margin = game.review.margin[index];
        let yes = streams.draw(declared.entity, Purpose::Consent, step).bernoulli(logistic(precision * margin));
        observer.on(step as u32, month, &Move::Asked { lever, of: needed.who, yes, margin });
        if !yes {
            game.lever_used[act.lever] = Some(step as usize);
            refuse(room, needed.who, game, table);
            return true;
        }
    }
    use_lever(room, act.lever, by, game, table);
    observer.on(step as u32, month, &Move::Lever { lever, by, gain });
    if declared.ends.is_some() {
        let author = if let Party::Actor(actor) = by { Some(actor.index()) } else { None };
        regimes::end_truce(room, (EndedBy::Lever, author), game, table, observer);
    }
    if let (Some(signal), Party::Actor(actor)) = (act.observed(model), by) {
        let mixing = game.buffers.tools(&game.scalars).one(&model.behaviour.mixing, &game.world, 0);
        signals::read_likelihood(room, actor.index(), index, signal, game);
        let acts = game.review.acts.len() + 1;
        let news = News { actor: actor.index(), likelihood: &game.review.likelihood, mixing, acts };
        signals::update(&mut game.beliefs, room.setup, &news);
    }
    true
}

/// Counts a refused consent as a public act of an actor, or of the only member of a body.
fn refuse(room: &Room<'_>, who: Party, game: &mut Game, table: &mut Table) {
    let layout = room.model.layout;
    let actor = match who {
        Party::Actor(actor) => actor,
        Party::Body(body) => match room.model.bodies[body.index()].members[..] {
            [(actor, _)] => actor,
            _ => return,
        },
    };
    let count = &mut table.refusals[actor.index()];
    *count += 1;
    game.world.set(layout.refusals + u32::from(actor.0), 0, f64::from(*count));
    game.world.set(layout.refused_by, 0, f64::from(actor.0));
}

/// Lists what can be done now with some levers: those whose condition holds, whose cooldown is over and that are not used
/// up, and threats and promises of them that do not stand yet and whose condition does not hold yet.
fn find_acts(room: &Room<'_>, levers: &[usize], game: &mut Game, table: &Table) {
    game.review.clear();
    for &index in levers {
        if !usable(room, index, game, table) {
            continue;
        }
        game.review.acts.push(Act { lever: index, deed: Deed::Use });
        for deed in [Deed::Threaten, Deed::Promise] {
            let Some(pledge) = pledge_of(&room.model.levers[index], deed) else { continue };
            let frame = game.world.frame(&game.scalars);
            let called = pledge.when.eval_one(frame, 0, &mut game.buffers.stack) != 0.0;
            if !called && !commitments::stands(room.model, pledge, &game.world, 0) {
                game.review.acts.push(Act { lever: index, deed });
            }
        }
    }
    mark_judges(room.model, &mut game.review);
}

/// Marks whose judgement of the acts counts besides that of whoever acts: those whom they address, and those whose
/// consent they need.
fn mark_judges(model: &Model, review: &mut Review) {
    let Review { acts, found, .. } = review;
    for act in acts.iter() {
        let target = model.levers[act.lever].target.filter(|_| act.deed != Deed::Use);
        if let Some(target) = target {
            found.wanted[target.index()] = true;
        }
        match act.requires(model).map(|needed| needed.who) {
            Some(Party::Actor(actor)) => found.wanted[actor.index()] = true,
            Some(Party::Body(body)) => found.want_members(&model.bodies[body.index()].members),
            None => {}
        }
    }
}

/// Whether a lever can be used now, whoever owns it.
pub(super) fn usable(room: &Room<'_>, index: usize, game: &mut Game, table: &Table) -> bool {
    let lever = &room.model.levers[index];
    let truce = |instrument| game.regime == Regime::Truce && game.truce_instrument == usize::from(instrument);
    let phase = lever.during[game.regime.index()] && lever.ends.is_none_or(truce);
    let rested = game.lever_used[index].is_none_or(|used| room.step as usize >= used + lever.cooldown_steps);
    if !phase || !rested || table.lever_uses[index] >= lever.max_uses {
        return false;
    }
    let frame = game.world.frame(&game.scalars);
    lever.when.as_ref().is_none_or(|when| when.eval_one(frame, 0, &mut game.buffers.stack) != 0.0)
}

/// Cost of a lever as an average flow for ever, read in one lane.
pub(super) fn cost_of(lever: &Lever, d: f64, lanes: &Lanes, lane: usize, tools: &mut Tools<'_>) -> f64 {
    let value = tools.one(&lever.cost, lanes, lane);
    match lever.cost_kind {
        CostKind::Flow => value * (1.0 - pow(d, lever.cost_steps)),
        CostKind::Once | CostKind::PresentValue => value * (1.0 - d),
    }
}

/// Uses a lever in the world; its owner pays, the members of a body by their voting weights.
pub(super) fn use_lever(room: &Room<'_>, index: usize, by: Party, game: &mut Game, table: &mut Table) {
    let Room { model, step, .. } = *room;
    let lever = &model.levers[index];
    let alone;
    let payers = match by {
        Party::Actor(actor) => {
            alone = [(actor, 1.0)];
            &alone[..]
        }
        Party::Body(body) => &model.bodies[body.index()].members,
    };
    let total: f64 = payers.iter().map(|&(_, weight)| weight).sum();
    for &(payer, weight) in payers {
        let payer = payer.index();
        let mut tools = game.buffers.tools(&game.scalars);
        let cost = cost_of(lever, game.discount[payer], &game.world, 0, &mut tools) * table.discount[payer];
        let share = cost * (weight / total);
        table.utility[payer] -= share;
        table.cost[payer] += share;
    }
    table.lever_uses[index] += 1;
    game.lever_used[index] = Some(step as usize);
    do_in_world(room, Act { lever: index, deed: Deed::Use }, game);
    game.book.weight[index] *= game.buffers.tools(&game.scalars).one(&lever.saturation, &game.world, 0);
}

/// Does in the world what an act does.
fn do_in_world(room: &Room<'_>, act: Act, game: &mut Game) {
    let at = Launch { step: room.step as usize, touch: None, n: 1, weight: game.book.weight[act.lever] };
    let mut tools = game.buffers.tools(&game.scalars);
    perform(room.model, act, at, &mut game.world, &mut tools, &mut game.pending);
    game.clamps += game.world.derive(room.model, &mut tools, 1, false);
}
