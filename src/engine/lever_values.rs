//! What the acts of a review are worth (`core.md` 12): each is tried on a copy of the state, projected and valued.

use std::ops::Range;

use super::commitments;
use super::continuation::{Outlook, others_weight};
use super::disagreement::place_terms;
use super::dynamics::{self, Launch};
use super::game::Game;
use super::keeping::{Items, Keeping, Scope};
use super::lanes::{Lanes, Tools};
use super::lever_truces;
use super::path::{Plan, Whose};
use super::review::{Review, Valued};
use super::security::{At, Security, View};
use super::setup::Setup;
use super::snapback::Council;
use super::talks::Room;
use super::utility::Utility;
use super::valuation::{settle_clock, yearly_rate};
use crate::model::{Lever, Model, Regime, Role};
use crate::num::logistic;

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
pub(super) struct Valuer {
    pub(super) actor: usize,
    /// At each of its types, not only at the true one.
    pub(super) all_types: bool,
}

impl Valuer {
    /// Its types that count.
    pub(super) fn nodes(self, setup: &Setup, game: &Game) -> Range<usize> {
        let truth = game.nodes.truth[self.actor];
        if self.all_types { 0..setup.nodes[self.actor] } else { truth..truth + 1 }
    }
}

/// What an actor would have after an act: disagreement, and the deal in view.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prospect {
    pub(super) z: f64,
    pub(super) p: f64,
}

impl Review {
    /// The prospect of a type node after an option; option 0 is doing nothing, option k the k-th act.
    pub(super) fn at(&self, type_node: usize, option: usize) -> Prospect {
        self.prospects[type_node * self.width + option]
    }

    /// Begins anew, with no act.
    pub(super) fn clear(&mut self) {
        self.acts.clear();
        self.found.clear();
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
            Outlook::bystander(chance.unwrap_or(outlook.chance), z, p, model.clock.months_per_step)
        }
    }
}

/// Fills the prospects of doing nothing and of every act in `game.review.acts`, as the actor takes the parameters to be.
/// What has been found for these acts is not looked for again.
pub(super) fn value_acts(room: &Room<'_>, whose: Valuer, game: &mut Game, outlook: &Outlook) {
    let sought = if whose.all_types { Valued::AtAllTypes } else { Valued::Truly };
    if game.review.found.valued[whose.actor] >= sought {
        return;
    }
    game.review.found.valued[whose.actor] = sought;
    game.review.found.wanted[whose.actor] = true;
    let own_mind = game.exchange_mind(whose.actor);
    if own_mind {
        game.set_attack_terms(room.model, room.setup);
        game.review.found.forget_shared();
    }
    value_acts_as_it_is(room, whose, game, outlook);
    if own_mind {
        game.exchange_mind(whose.actor);
        game.review.found.forget_shared();
    }
}

fn value_acts_as_it_is(room: &Room<'_>, whose: Valuer, game: &mut Game, outlook: &Outlook) {
    value_options(room, whose, game, outlook);
    if game.regime != Regime::Settled
        && let Some(package) = outlook.predicted.filter(|&item| item < room.setup.n_static)
    {
        weigh_home(room, whose, package, game, outlook);
    }
}

/// The predicted settlement is worth R P + (1 - R) Z after each option to an actor that weighs what it may lose at home, with
/// R the chance that its ratifier would carry it in the state after the option. That state stands in the lanes of the review.
fn weigh_home(room: &Room<'_>, whose: Valuer, package: usize, game: &mut Game, outlook: &Outlook) {
    let Room { model, setup, .. } = *room;
    for ratifier in &model.ratifiers {
        if ratifier.of.index() != whose.actor || !outlook.discounts(model, setup, ratifier, package) {
            continue;
        }
        for option in 0..=game.review.acts.len() {
            let mut tools = game.buffers.tools(&game.scalars);
            let support = tools.one(&ratifier.support, &game.review.lanes, option);
            let threshold = tools.one(&ratifier.threshold, &game.world, 0);
            let slope = tools.one(&ratifier.slope, &game.world, 0);
            let carried = logistic((support - threshold) / slope);
            for node in whose.nodes(setup, game) {
                let own = setup.first_node[whose.actor] + node;
                let prospect = &mut game.review.prospects[own * game.review.width + option];
                prospect.p = carried * prospect.p + (1.0 - carried) * prospect.z;
            }
        }
    }
}

fn value_options(room: &Room<'_>, whose: Valuer, game: &mut Game, outlook: &Outlook) {
    let setup = room.setup;
    let settled = game.regime == Regime::Settled;
    let options = game.review.acts.len() + 1;
    let target = if settled { Some(game.register) } else { outlook.predicted };
    let truce = target.filter(|&item| item >= setup.n_static && !settled);
    let target = target.filter(|_| truce.is_none());
    if let Some(package) = target.filter(|_| !std::mem::replace(&mut game.review.found.signed, true)) {
        sign_after(room, package, game);
        strike_after(room, package, game);
    }
    let width = game.review.width;
    for node in whose.nodes(setup, game) {
        if target.is_some() {
            value_package(room, (whose.actor, node), game);
        }
        let own = setup.first_node[whose.actor] + node;
        for option in 0..options {
            let adds = target.filter(|_| !settled).map_or(0.0, |package| game.supply_adds(own, package));
            let p = if target.is_some() { game.review.keeping.value(own)[option] + adds } else { 0.0 };
            game.review.prospects[own * width + option] = Prospect { z: 0.0, p };
        }
    }
    if settled {
        return;
    }
    if let Some(item) = truce {
        lever_truces::value_predicted(room, whose, item, game);
    }
    if game.regime == Regime::Truce {
        lever_truces::value_in_force(room, whose, game);
        return;
    }
    project_options(room, whose, game);
    for node in whose.nodes(setup, game) {
        let own = setup.first_node[whose.actor] + node;
        for option in 0..options {
            let first = game.review.block[option] * game.review.profiles.len();
            let z = expectation(setup, game, (whose.actor, node), |profile| {
                game.path.value(own, first + game.review.lane_of[profile] as usize)
            });
            game.review.prospects[own * width + option].z = z;
        }
    }
}

/// Expectation over the others' types, at a type of one actor.
pub(super) fn expectation(
    setup: &Setup,
    game: &Game,
    (actor, node): (usize, usize),
    value: impl Fn(usize) -> f64,
) -> f64 {
    let mut sum = 0.0;
    let mut total = 0.0;
    for profile in (0..setup.n_profiles).filter(|&profile| setup.node(profile, actor) == node) {
        let weight = others_weight(setup, &game.beliefs.node, profile, actor);
        sum += weight * value(profile);
        total += weight;
    }
    if total > 0.0 { sum / total } else { 0.0 }
}

/// Gives lanes to the joint profiles that the actor's projection tells apart, and to the options that it feels; the
/// others share the lanes of doing nothing. Returns the number of lanes.
fn assign_lanes(room: &Room<'_>, whose: Valuer, game: &mut Game) -> usize {
    let Room { model, setup, .. } = *room;
    let Valuer { actor, all_types } = whose;
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

/// Projects the war under every option and joint profile.
fn project_options(room: &Room<'_>, whose: Valuer, game: &mut Game) {
    let Room { model, setup, step, .. } = *room;
    let n = assign_lanes(room, whose, game);
    let plan = Plan {
        model,
        setup,
        nodes: &game.nodes,
        utility: &game.utility,
        world: &game.world,
        registers: &game.registers,
        blocks: &[setup.in_war as u32],
        truce: false,
        step: step as usize,
        discount: &game.discount,
        n,
        profiles: &game.review.profiles,
        slice: Some(&setup.slices[whose.actor]),
        book: &game.book,
        actors: if whose.all_types {
            Whose::One(whose.actor)
        } else {
            Whose::Node(whose.actor, game.nodes.truth[whose.actor])
        },
    };
    game.path.start(&plan, game.fired[0], &game.pending);
    let mut tools = game.buffers.tools(&game.scalars);
    let each = game.review.profiles.len();
    for (index, &act) in game.review.acts.iter().enumerate() {
        let block = game.review.block[index + 1];
        if block == 0 {
            continue;
        }
        let touch = Some(((block * each) as u32, each as u32));
        let at = Launch { step: step as usize, touch, n, weight: game.book.weight[act.lever] };
        let path = &mut game.path;
        perform(model, act, at, &mut path.lanes, &mut tools, &mut path.pending);
    }
    game.path.project(&plan, &mut tools);
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
    place_terms(model, game.registers.of(model, package), &mut review.lanes, 0..n);
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
    let revoked = model.packages.revoked.get(package).map_or(setup.revoked, |&item| item as usize);
    let (utility, beliefs) = (&game.utility, &game.beliefs.node[..]);
    let council = Council { model, setup, utility, beliefs, truth: None };
    council.vote(&mut review.keeping, &game.world, &mut tools, n, |_| (package, revoked));
}

/// Finds when the package that was put into the lanes would be struck.
fn strike_after(room: &Room<'_>, package: usize, game: &mut Game) {
    let setup = room.setup;
    let n = game.review.acts.len() + 1;
    let review = &mut game.review;
    let revoked = setup.left_of(room.model, package);
    for node in 0..setup.n_nodes {
        let span = node * review.width..node * review.width + n;
        review.value[span.clone()].fill(game.utility.packages(node)[package]);
        review.bare[span.clone()].fill(game.utility.bare(node)[package]);
        review.irrevocable[span].fill(game.utility.bare(node)[revoked]);
    }
    let (keeping, security, items) = review.items(n);
    keeping.strike(&scope_of(room, &game.utility, &game.beliefs.node), security, &items);
}

/// P of the package that was put into the lanes, to one type node of an actor.
fn value_package(room: &Room<'_>, who: (usize, usize), game: &mut Game) {
    let n = game.review.acts.len() + 1;
    let (keeping, _, items) = game.review.items(n);
    keeping.value_one(&scope_of(room, &game.utility, &game.beliefs.node), &items, who);
}

fn scope_of<'a>(room: &Room<'a>, utility: &'a Utility, beliefs: &'a [f64]) -> Scope<'a> {
    Scope { model: room.model, setup: room.setup, utility, beliefs, known: None }
}

impl Review {
    /// The options of the review as items, with what values them.
    fn items(&mut self, n: usize) -> (&mut Keeping, &Security, Items<'_>) {
        let Self { keeping, security, security_of, value, bare, irrevocable, rates, width, .. } = self;
        (keeping, security, Items { n, security_of, value, bare, irrevocable, stride: *width, rates })
    }
}
