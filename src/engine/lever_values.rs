//! What the acts of a review are worth (`core.md` 12): each is tried on a copy of the state, projected and valued.

use super::commitments;
use super::continuation::{Outlook, others_weight};
use super::dynamics::{self, Launch};
use super::game::{Game, Review};
use super::keeping::{Items, Scope};
use super::lanes::{Lanes, Tools};
use super::path::{self, Plan};
use super::security::{At, View};
use super::talks::Room;
use super::truce::Truces;
use super::valuation::{attacker_nodes, settle_clock, yearly_rate};
use crate::model::{Lever, Model, Regime, Role};

/// One thing that can be done in a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Act {
    /// The lever.
    pub(super) lever: usize,
    /// What is done with it.
    pub(super) deed: Deed,
}

/// What can be done with a lever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Using it.
    Use,
    /// Threatening to use it.
    Threaten,
    /// Promising to use it.
    Promise,
}

/// For whom acts are valued.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whose {
    pub(super) actor: usize,
    /// At each of its types, not only at the true one.
    pub(super) all_types: bool,
}

/// What an actor would have after an act: disagreement, and the deal in view.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prospect {
    pub(super) z: f64,
    pub(super) p: f64,
}

impl Review {
    /// The prospect of a type node after an option; option 0 is doing nothing, option k the k-th act.
    pub(super) fn at(&self, node: usize, option: usize) -> Prospect {
        self.prospects[node * self.width + option]
    }
}

/// How an actor values its prospects.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    actor: usize,
    model: &'a Model,
    outlook: &'a Outlook,
    settled: bool,
    /// Discount factor per step.
    discount: f64,
}

impl<'a> Judge<'a> {
    pub(super) fn new(model: &'a Model, outlook: &'a Outlook, game: &Game, actor: usize) -> Self {
        Self { actor, model, outlook, settled: game.regime == Regime::Settled, discount: game.discount[actor] }
    }

    /// V of `core.md` 12.
    pub(super) fn worth(&self, prospect: Prospect) -> f64 {
        self.worth_if(prospect, None)
    }

    /// The same with another chance of agreement a step than forecast.
    pub(super) fn worth_if(&self, prospect: Prospect, chance: Option<f64>) -> f64 {
        let Self { actor, model, outlook, .. } = *self;
        let Prospect { z, p } = prospect;
        if self.settled {
            p
        } else if outlook.predicted.is_none() {
            z
        } else if model.actors[actor].role == Role::Signatory {
            z + outlook.weight_of_talks(actor, self.discount, chance) * (p - z).max(0.0)
        } else {
            outlook.bystander(chance.unwrap_or(outlook.chance), z, p, model.clock.months_per_step)
        }
    }
}

/// Fills the prospects of doing nothing and of every act in `game.review.acts`, as the actor takes the parameters to be.
pub(super) fn value_acts(room: &Room<'_>, whose: Whose, game: &mut Game, outlook: &Outlook) {
    let own_mind = game.exchange_mind(whose.actor);
    if own_mind {
        game.set_attack_terms(room.model, room.setup);
    }
    value_acts_as_it_is(room, whose, game, outlook);
    if own_mind {
        game.exchange_mind(whose.actor);
    }
}

fn value_acts_as_it_is(room: &Room<'_>, whose: Whose, game: &mut Game, outlook: &Outlook) {
    let setup = room.setup;
    let settled = game.regime == Regime::Settled;
    let options = game.review.acts.len() + 1;
    let target = if settled { Some(game.register) } else { outlook.predicted };
    let nodes = match whose.all_types {
        true => 0..setup.nodes[whose.actor],
        false => game.nodes.truth[whose.actor]..game.nodes.truth[whose.actor] + 1,
    };
    // A truce that is in view is worth what it was valued at: levers move only what it is compared with.
    let fixed = target.filter(|&item| !settled && item >= setup.n_static);
    if let Some(package) = target.filter(|_| fixed.is_none()) {
        sign_after(room, package, game);
    }
    for node in nodes.clone() {
        if let Some(package) = target.filter(|_| fixed.is_none()) {
            value_package(room, (whose.actor, node), package, game);
        }
        let own = setup.first_node[whose.actor] + node;
        for option in 0..options {
            let p = match (target, fixed) {
                (None, _) => 0.0,
                (_, Some(item)) => game.keeping.value(own)[item],
                _ => game.review.keeping.value(own)[option],
            };
            let at = node * game.review.width + option;
            game.review.prospects[at] = Prospect { z: 0.0, p };
        }
    }
    if settled {
        return;
    }
    project_options(room, whose, game);
    for node in nodes {
        for option in 0..options {
            let z = expected_disagreement(room, (whose.actor, node), option, game);
            let at = node * game.review.width + option;
            game.review.prospects[at].z = z;
        }
    }
}

/// Disagreement of a type node under one option: expectation over the others' types.
fn expected_disagreement(room: &Room<'_>, (actor, node): (usize, usize), option: usize, game: &Game) -> f64 {
    let setup = room.setup;
    let first = game.review.block[option] * game.review.profiles.len();
    let mut sum = 0.0;
    let mut total = 0.0;
    for profile in 0..setup.n_profiles {
        if setup.node(profile, actor) != node {
            continue;
        }
        let weight = others_weight(setup, &game.beliefs.node, profile, actor);
        let lane = first + game.review.lane_of[profile] as usize;
        let truce = game.regime == Regime::Truce;
        sum += weight * if truce { game.truce.value(actor, lane) } else { game.path.value(actor, lane) };
        total += weight;
    }
    if total > 0.0 { sum / total } else { 0.0 }
}

/// Gives lanes to the joint profiles that the actor's projection tells apart, and to the options that it feels; the
/// others share the lanes of doing nothing. Returns the number of lanes.
fn assign_lanes(room: &Room<'_>, whose: Whose, game: &mut Game) -> usize {
    let Room { model, setup, .. } = *room;
    let Whose { actor, all_types } = whose;
    let review = &mut game.review;
    review.profiles.clear();
    for profile in 0..setup.n_profiles {
        if !all_types && setup.node(profile, actor) != game.nodes.truth[actor] {
            continue;
        }
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
    for &act in &review.acts {
        let felt = setup.slices[actor].feels(model, act);
        review.block.push(if felt { blocks } else { 0 });
        blocks += usize::from(felt);
    }
    blocks * review.profiles.len()
}

/// Gives lanes to every joint profile and option: whoever may break a truce decides in them too.
fn assign_lanes_of_truce(room: &Room<'_>, whose: Whose, game: &mut Game) -> usize {
    let Room { model, setup, .. } = *room;
    let review = &mut game.review;
    review.profiles.clear();
    for profile in 0..setup.n_profiles {
        if whose.all_types || setup.node(profile, whose.actor) == game.nodes.truth[whose.actor] {
            review.lane_of[profile] = review.profiles.len() as u32;
            review.profiles.push(profile as u32);
        }
    }
    review.block.clear();
    review.block.extend(0..=review.acts.len());
    review.deciders.fill(false);
    for breach in &setup.breaches {
        review.deciders[breach.by(model)] = true;
    }
    review.deciders[whose.actor] = true;
    (review.acts.len() + 1) * review.profiles.len()
}

/// Projects the war, or the truce, under every option and joint profile.
fn project_options(room: &Room<'_>, whose: Whose, game: &mut Game) {
    let Room { model, setup, step, .. } = *room;
    let truce = game.regime == Regime::Truce;
    let n = if truce { assign_lanes_of_truce(room, whose, game) } else { assign_lanes(room, whose, game) };
    let plan = Plan {
        model,
        setup,
        nodes: &game.nodes,
        utility: &game.utility,
        world: &game.world,
        registers: &game.registers,
        blocks: &[if truce { setup.in_force } else { setup.in_war } as u32],
        truce,
        step: step as usize,
        discount: &game.discount,
        n,
        profiles: &game.review.profiles,
        slice: (!truce).then(|| &setup.slices[whose.actor]),
        book: &game.book,
        actors: if truce { path::Whose::Marked(&game.review.deciders) } else { path::Whose::One(whose.actor) },
    };
    let path = if truce { &mut game.truce.path } else { &mut game.path };
    path.start(&plan, game.fired[0], &game.pending);
    let mut tools = game.buffers.tools(&game.scalars);
    let each = game.review.profiles.len();
    for (index, &act) in game.review.acts.iter().enumerate() {
        let block = game.review.block[index + 1];
        if block == 0 {
            continue;
        }
        let touch = Some(((block * each) as u32, each as u32));
        let at = Launch { step: step as usize, touch, n, weight: game.book.weight[act.lever] };
        perform(model, act, at, &mut path.lanes, &mut tools, &mut path.pending);
    }
    if !truce {
        game.path.project(&plan, &mut tools);
        return;
    }
    let truces = Truces {
        instruments: &[game.truce_instrument as u16],
        apart: true,
        elapsed: game.world.get(model.layout.months_in_regime, 0),
        lapse: &game.lapse,
        war: setup.in_war as u32,
        pending: &game.pending,
    };
    game.truce.spread_punishment();
    game.truce.project(&plan, &truces, &mut tools);
}

/// Does in the lanes of `at` what an act does.
pub(super) fn perform(
    model: &Model,
    act: Act,
    at: Launch,
    lanes: &mut Lanes,
    tools: &mut Tools<'_>,
    pending: &mut Vec<dynamics::Pending>,
) {
    let lever = &model.levers[act.lever];
    let (first, count) = at.touch.map_or((0, at.n), |(first, count)| (first as usize, count as usize));
    let touched = first..first + count;
    if let Some(pledge) = pledge_of(lever, act.deed) {
        commitments::announce(model, pledge, at.step, lanes, touched);
        return;
    }
    for effect in &lever.effects {
        dynamics::launch(model, effect, at, lanes, tools, pending);
    }
    if lever.ends_mediation {
        lanes.row_mut(model.layout.mediating)[touched.clone()].fill(0.0);
    }
    commitments::discharge(model, lever, lanes, touched);
}

/// What a deed announces, if it does.
pub(super) fn pledge_of(lever: &Lever, deed: Deed) -> Option<&crate::model::Pledge> {
    match deed {
        Deed::Use => None,
        Deed::Threaten => lever.threat.as_ref(),
        Deed::Promise => lever.promise.as_ref(),
    }
}

/// Puts the state right after each option, with a package signed, into the lanes of the review, and values the security
/// that follows.
///
/// Tastes for the terms are taken at the present state; what a lever changes at once reaches P through balance,
/// guarantees and hazards.
fn sign_after(room: &Room<'_>, package: usize, game: &mut Game) {
    let Room { model, setup, step, .. } = *room;
    let n = game.review.acts.len() + 1;
    let review = &mut game.review;
    review.lanes.spread(&game.world, n);
    let options = game.registers.of(model, package);
    for (issue, (&option, declared)) in options.iter().zip(&model.issues).enumerate() {
        let number = declared.options[usize::from(option)].number;
        review.lanes.row_mut(model.layout.issues + issue as u32)[..n].fill(number);
    }
    let mut tools = game.buffers.tools(&game.scalars);
    review.pending.clear();
    for (index, &act) in review.acts.iter().enumerate() {
        let touch = Some((index as u32 + 1, 1));
        let at = Launch { step: step as usize, touch, n, weight: game.book.weight[act.lever] };
        perform(model, act, at, &mut review.lanes, &mut tools, &mut review.pending);
    }
    if game.regime != Regime::Settled {
        settle_clock(model, &mut review.lanes, n);
    }
    review.lanes.derive(model, &mut tools, n, false);
    let at = At { model, setup, nodes: &game.nodes, world: &game.world };
    review.security.revalue(&at, View::Believed(&game.beliefs.profile), &mut review.lanes, &mut tools, n);
    if !model.attacks.is_empty() {
        for slot in [model.layout.g, model.layout.g_hat] {
            review.lanes.row_mut(slot)[..n].copy_from_slice(&review.security.g_hat.row(0, 0)[..n]);
        }
    }
    let width = review.width;
    for (index, hazard) in model.hazards.iter().enumerate().filter(|(_, hazard)| hazard.when_settled) {
        let row = &mut review.rates[index * width..index * width + n];
        tools.many(&hazard.rate, &review.lanes, n, row);
        for rate in row {
            *rate = yearly_rate(hazard, *rate);
        }
    }
    review.keeping.read_attacks(model, &review.lanes, &mut tools, n);
}

/// P of the package that was put into the lanes, to one type node of an actor.
fn value_package(room: &Room<'_>, (actor, node): (usize, usize), package: usize, game: &mut Game) {
    let Room { model, setup, .. } = *room;
    let n = game.review.acts.len() + 1;
    let review = &mut game.review;
    let width = review.width;
    let own = setup.first_node[actor] + node;
    let revoked = model.packages.revoked.get(package).map_or(setup.revoked, |&item| item as usize);
    for node in attacker_nodes(setup).chain([own]) {
        let span = node * width..node * width + n;
        review.value[span.clone()].fill(game.utility.packages(node)[package]);
        review.bare[span.clone()].fill(game.utility.bare(node)[package]);
        review.irrevocable[span].fill(game.utility.bare(node)[revoked]);
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
    let scope = Scope {
        model,
        setup,
        utility: &game.utility,
        beliefs: &game.beliefs.node,
        only: Some((actor, node)),
        known: None,
    };
    review.keeping.revalue(&scope, &review.security, &items);
}
