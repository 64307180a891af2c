//! Lever reviews (`core.md` 12): each option is tried on a copy of the state, projected and valued.

use super::continuation::{Outlook, others_weight};
use super::dynamics::{self, Launch};
use super::game::Game;
use super::keeping::{Items, Scope};
use super::observer::{Move, Observer};
use super::path::{Plan, Whose};
use super::play::Table;
use super::policy::LeverChoice;
use super::security::{At, View};
use super::setup::Setup;
use super::talks::Room;
use super::valuation::{attacker_nodes, settle_clock, yearly_rate};
use crate::id::{ActorId, LeverId};
use crate::model::{CostKind, Lever, Regime, Role};
use crate::num::{exp, pow};
use crate::rng::Purpose;

/// Every actor with levers, in declared order, reviews them at its rate; each sees the moves before it.
pub(super) fn review_all(
    room: &Room<'_>,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let Room { model, setup, streams, step, .. } = *room;
    let years = model.clock.months_per_step / 12.0;
    let rate = game.buffers.tools(&game.scalars).one(&model.behaviour.reviews_per_year, &game.world, 0);
    let chance = 1.0 - exp(-rate * years);
    let mut moved = false;
    for actor in 0..model.actors.len() {
        if setup.levers_of[actor].is_empty() {
            continue;
        }
        if streams.draw(model.actors[actor].entity, Purpose::LeverReview, step).bernoulli(chance) {
            moved |= review(room, actor, game, outlook, table, observer);
        }
    }
    moved
}

/// One actor's review; returns whether it moved.
fn review(
    room: &Room<'_>,
    actor: usize,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let Room { model, streams, step, month, policy, .. } = *room;
    find_eligible(room, actor, game, table);
    if game.review.eligible.is_empty() {
        return false;
    }
    let own_mind = game.exchange_mind(actor);
    if own_mind {
        game.set_attack_terms(model, room.setup);
    }
    value_options(room, actor, game, outlook);
    if own_mind {
        game.exchange_mind(actor);
    }
    let none = game.review.row[0];
    let d = game.discount[actor];
    game.review.gain.clear();
    let mut kept = 0;
    for index in 0..game.review.eligible.len() {
        let lever = game.review.eligible[index];
        let cost = cost_of(&model.levers[lever], d, game);
        let gain = game.review.row[index + 1] - none - cost;
        if gain > 0.0 {
            game.review.eligible[kept] = lever;
            game.review.gain.push(gain);
            kept += 1;
        }
    }
    game.review.eligible.truncate(kept);
    if kept == 0 {
        return false;
    }
    let mut tools = game.buffers.tools(&game.scalars);
    let choice = LeverChoice {
        gains: &game.review.gain,
        inertia: tools.one(&model.behaviour.inertia, &game.world, 0),
        precision: tools.one(&model.behaviour.lever_precision, &game.world, 0),
    };
    let mut noise = streams.draw(model.actors[actor].entity, Purpose::LeverChoice, step);
    let Some(chosen) = policy.lever(ActorId::new(actor), &choice, &mut noise) else { return false };
    let lever = game.review.eligible[chosen];
    let gain = game.review.gain[chosen];
    use_lever(room, lever, game, table);
    observer.on(step as u32, month, &Move::Lever { lever: LeverId::new(lever), gain });
    true
}

/// Levers whose condition holds, whose cooldown is over and that are not used up.
fn find_eligible(room: &Room<'_>, actor: usize, game: &mut Game, table: &Table) {
    let Room { model, setup, step, .. } = *room;
    game.review.eligible.clear();
    for &index in &setup.levers_of[actor] {
        let lever = &model.levers[index];
        let phase = if game.regime == Regime::War { lever.in_talks } else { lever.in_aftermath };
        let rested = game.lever_used[index].is_none_or(|used| step as usize >= used + lever.cooldown_steps);
        if !phase || !rested || table.lever_uses[index] >= lever.max_uses {
            continue;
        }
        let frame = game.world.frame(&game.scalars);
        let allowed = lever.when.as_ref().is_none_or(|when| when.eval_one(frame, 0, &mut game.buffers.stack) != 0.0);
        if allowed {
            game.review.eligible.push(index);
        }
    }
}

/// Value of doing nothing (row 0) and of each eligible lever to its owner.
fn value_options(room: &Room<'_>, actor: usize, game: &mut Game, outlook: &Outlook) {
    let Room { model, setup, .. } = *room;
    let options = game.review.eligible.len() + 1;
    let target = if game.regime == Regime::War { outlook.predicted } else { Some(game.register) };
    let own = setup.first_node[actor] + game.nodes.truth[actor];
    if let Some(package) = target {
        value_package_after(room, actor, package, game);
    }
    if game.regime != Regime::War {
        for option in 0..options {
            game.review.row[option] = game.review.keeping.value(own)[option];
        }
        return;
    }
    project_options(room, actor, game);
    let signs = model.actors[actor].role == Role::Signatory;
    for option in 0..options {
        let z = expected_disagreement(setup, actor, option, game);
        let p = game.review.keeping.value(own)[option];
        game.review.row[option] = if target.is_none() {
            z
        } else if signs {
            z + outlook.k[actor] * (p - z).max(0.0)
        } else {
            outlook.bystander(z, p, model.clock.months_per_step)
        };
    }
}

/// Disagreement of the owner under one option: expectation over the others' types at its own true type.
fn expected_disagreement(setup: &Setup, actor: usize, option: usize, game: &Game) -> f64 {
    let first = game.review.block[option] * game.review.profiles.len();
    let mut sum = 0.0;
    let mut total = 0.0;
    for profile in 0..setup.n_profiles {
        if setup.node(profile, actor) != game.nodes.truth[actor] {
            continue;
        }
        let weight = others_weight(setup, &game.beliefs.node, profile, actor);
        sum += weight * game.path.value(actor, first + game.review.lane_of[profile] as usize);
        total += weight;
    }
    if total > 0.0 { sum / total } else { 0.0 }
}

/// Gives lanes to the joint profiles that the owner's projection tells apart, at its true type, and to the options that
/// it feels; the others share the lanes of doing nothing. Returns the number of lanes.
fn assign_lanes(room: &Room<'_>, actor: usize, game: &mut Game) -> usize {
    let Room { model, setup, .. } = *room;
    let review = &mut game.review;
    review.profiles.clear();
    for profile in (0..setup.n_profiles).filter(|&p| setup.node(p, actor) == game.nodes.truth[actor]) {
        let alike = setup.alike(actor, profile);
        let lane = review.profiles.iter().position(|&p| p == alike).unwrap_or_else(|| {
            review.profiles.push(alike);
            review.profiles.len() - 1
        });
        review.lane_of[profile] = lane as u32;
    }
    review.block.clear();
    review.block.push(0);
    let mut blocks = 1;
    for &lever in &review.eligible {
        let felt = setup.slices[actor].feels(&model.levers[lever]);
        review.block.push(if felt { blocks } else { 0 });
        blocks += usize::from(felt);
    }
    blocks * review.profiles.len()
}

/// Projects the war under every option and joint profile.
fn project_options(room: &Room<'_>, actor: usize, game: &mut Game) {
    let Room { model, setup, step, .. } = *room;
    let n = assign_lanes(room, actor, game);
    let plan = Plan {
        model,
        setup,
        nodes: &game.nodes,
        utility: &game.utility,
        world: &game.world,
        registers: &game.registers,
        blocks: &[game.war_item(setup) as u32],
        truce: false,
        step: step as usize,
        discount: &game.discount,
        n,
        profiles: &game.review.profiles,
        slice: Some(&setup.slices[actor]),
        actors: Whose::One(actor),
    };
    game.path.start(&plan, game.fired[0], &game.pending);
    let mut tools = game.buffers.tools(&game.scalars);
    for (index, &lever) in game.review.eligible.iter().enumerate() {
        let block = game.review.block[index + 1];
        if block == 0 {
            continue;
        }
        let each = game.review.profiles.len();
        let touch = Some(((block * each) as u32, each as u32));
        let at = Launch { step: step as usize, touch, n };
        for effect in &model.levers[lever].effects {
            game.path.launch(model, effect, at, &mut tools);
        }
    }
    game.path.project(&plan, &mut tools);
}

/// P of one package at the state right after each option, to the owner at its true type.
///
/// Tastes for the terms are taken at the present state; what a lever changes at once reaches P through balance,
/// guarantees and hazards.
fn value_package_after(room: &Room<'_>, actor: usize, package: usize, game: &mut Game) {
    let Room { model, setup, step, .. } = *room;
    let n = game.review.eligible.len() + 1;
    let review = &mut game.review;
    review.lanes.spread(&game.world, n);
    let options = model.packages.options_of(model.issues.len(), package);
    for (issue, (&option, declared)) in options.iter().zip(&model.issues).enumerate() {
        let number = declared.options[usize::from(option)].number;
        review.lanes.row_mut(model.layout.issues + issue as u32)[..n].fill(number);
    }
    let mut tools = game.buffers.tools(&game.scalars);
    review.pending.clear();
    for (index, &lever) in review.eligible.iter().enumerate() {
        let at = Launch { step: step as usize, touch: Some((index as u32 + 1, 1)), n };
        for effect in &model.levers[lever].effects {
            dynamics::launch(model, effect, at, &mut review.lanes, &mut tools, &mut review.pending);
        }
    }
    if game.regime == Regime::War {
        settle_clock(model, &mut review.lanes, n);
    }
    review.lanes.derive(model, &mut tools, n, false);
    let at = At { model, setup, nodes: &game.nodes, world: &game.world };
    review.security.revalue(&at, View::Believed(&game.beliefs.profile), &mut review.lanes, &mut tools, n);
    let width = review.width;
    for (index, hazard) in model.hazards.iter().enumerate().filter(|(_, hazard)| hazard.when_settled) {
        let row = &mut review.rates[index * width..index * width + n];
        tools.many(&hazard.rate, &review.lanes, n, row);
        for rate in row {
            *rate = yearly_rate(hazard, *rate);
        }
    }
    for (index, attack) in model.attacks.iter().enumerate() {
        let row = &mut review.keeping.provocation[index * width..index * width + n];
        tools.many(&attack.provocation, &review.lanes, n, row);
    }
    let own = setup.first_node[actor] + game.nodes.truth[actor];
    for node in attacker_nodes(setup).chain([own]) {
        let span = node * width..node * width + n;
        review.value[span.clone()].fill(game.utility.packages(node)[package]);
        review.bare[span.clone()].fill(game.utility.bare(node)[package]);
        review.irrevocable[span].fill(game.utility.bare(node)[model.packages.revoked[package] as usize]);
    }
    let items = Items {
        n,
        security_of: &review.security_of,
        value: &review.value,
        bare: &review.bare,
        irrevocable: &review.irrevocable,
        stride: width,
        rates: &review.rates,
    };
    let only = Some((actor, game.nodes.truth[actor]));
    let scope = Scope { model, setup, utility: &game.utility, beliefs: &game.beliefs.node, only, known: None };
    review.keeping.revalue(&scope, &review.security, &items);
}

/// Cost of a lever as an average flow for ever.
fn cost_of(lever: &Lever, d: f64, game: &mut Game) -> f64 {
    let value = game.buffers.tools(&game.scalars).one(&lever.cost, &game.world, 0);
    match lever.cost_kind {
        CostKind::Flow => value * (1.0 - pow(d, lever.cost_steps)),
        CostKind::Once | CostKind::PresentValue => value * (1.0 - d),
    }
}

/// Uses a lever in the world.
fn use_lever(room: &Room<'_>, lever: usize, game: &mut Game, table: &mut Table) {
    let Room { model, step, .. } = *room;
    let declared = &model.levers[lever];
    let owner = declared.owner.index();
    let cost = cost_of(declared, game.discount[owner], game) * table.discount[owner];
    table.utility[owner] -= cost;
    table.cost[owner] += cost;
    table.lever_uses[lever] += 1;
    game.lever_used[lever] = Some(step as usize);
    let at = Launch { step: step as usize, touch: None, n: 1 };
    let mut tools = game.buffers.tools(&game.scalars);
    for effect in &declared.effects {
        dynamics::launch(model, effect, at, &mut game.world, &mut tools, &mut game.pending);
    }
    game.clamps += game.world.derive(model, &mut tools, 1, false);
}
