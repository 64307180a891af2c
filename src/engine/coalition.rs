//! Coalitions of the willing (`core.md` 11): each state decides what it sends, and the sum decides what can be offered.
//!
//! Once a step, after the valuations, the members of a coalition choose among their sizes in declared order, twice over,
//! each against what the others pledge at that moment: the size n with the largest lambda (V(n + others) - cost n -
//! P(attack) answers loss) plus noise, V(total) being the member's P at the predicted deal (without one, at the best
//! compromise) with the issue at the largest option that the total reaches with partners enough. The noise is a Gumbel
//! number for each state and size, drawn once a replication, so that a choice is a draw by the softmax and yet does
//! not flicker from month to month.
//!
//! They decide twice: from last step's pledges, and from a call on everybody for its largest size; the larger total
//! counts. (From nothing alone a threshold that no single state reaches would never be passed.) A member's ratifier keeps
//! it from sizes above R times its largest, R the chance that the ratifier would carry the package. With fewer partners
//! than the coalition needs nothing is on offer.
//!
//! What they send on a settlement costs them its cost in every step in which the option stands, each in proportion to what
//! it pledged if more was pledged than is needed; and when guarantors of the coalition's body answer an attack, a member with
//! troops in place that answers too (with its declared chance) bears its loss.

use super::continuation::Outlook;
use super::game::Game;
use super::observer::{Move, Observer};
use super::play::Table;
use super::setup::Setup;
use super::talks::Room;
use crate::model::{Coalition, Contribution, Guarantee, Model, Party};
use crate::rng::{Purpose, Streams};

/// Totals are compared with what an option needs up to this much.
const DUST: f64 = 1e-9;

/// What the coalitions of a model offer at present.
#[derive(Clone, Debug, Default)]
pub(super) struct Coalitions {
    /// Position of each member's size, coalition after coalition.
    choice: Vec<usize>,
    /// The same after the decision that is being tried.
    trial: Vec<usize>,
    /// First member of each coalition in those lists.
    first_member: Vec<usize>,
    /// Persistent noise of each member's sizes.
    noise: Vec<f64>,
    /// First entry of each member in `noise`.
    first_noise: Vec<usize>,
    /// Items that need more than is on offer.
    withheld: Vec<bool>,
    /// Candidate nearest to the target with each option of the issue.
    variant: Vec<Option<usize>>,
}

impl Coalitions {
    pub(super) fn new(model: &Model, setup: &Setup) -> Self {
        let mut made = Self { withheld: vec![false; setup.n_items], ..Self::default() };
        for coalition in &model.coalitions {
            made.first_member.push(made.choice.len());
            made.variant.resize(made.variant.len().max(coalition.needs.len()), None);
            for contribution in &coalition.contributions {
                made.first_noise.push(made.noise.len());
                made.noise.resize(made.noise.len() + contribution.sizes.len(), 0.0);
                made.choice.push(0);
                made.trial.push(0);
            }
        }
        made
    }

    /// Nothing is pledged yet and nothing withheld; draws the noise of the replication.
    pub(super) fn deal(&mut self, model: &Model, streams: &Streams) {
        self.choice.fill(0);
        self.withheld.fill(false);
        let members = model.coalitions.iter().flat_map(|coalition| &coalition.contributions);
        for (member, &first) in members.zip(&self.first_noise) {
            let mut draw = streams.draw(member.entity, Purpose::Contribution, 0);
            for noise in &mut self.noise[first..first + member.sizes.len()] {
                *noise = draw.gumbel();
            }
        }
    }

    /// Whether the troops that an item needs are on offer.
    pub(super) fn on_offer(&self, item: usize) -> bool {
        !self.withheld[item]
    }

    /// Finds the candidate nearest to the goal with each option of the coalition's issue, the first of equals.
    fn find_variants(&mut self, model: &Model, coalition: &Coalition, goal: &[u16]) {
        let n_issues = model.issues.len();
        let mut distance = [usize::MAX; MOST_OPTIONS];
        self.variant.fill(None);
        for package in 0..model.packages.n_candidates {
            let options = model.packages.options_of(n_issues, package);
            let option = usize::from(options[coalition.issue.index()]);
            let differs = |(issue, (a, b)): (usize, (&u16, &u16))| issue != coalition.issue.index() && a != b;
            let away = options.iter().zip(goal).enumerate().filter(|&pair| differs(pair)).count();
            if option < MOST_OPTIONS && away < distance[option] {
                distance[option] = away;
                self.variant[option] = Some(package);
            }
        }
    }

    /// The candidate with the largest option that a total reaches; of equal ones the target's own, else the first.
    fn reached(&self, coalition: &Coalition, total: f64, own: usize) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for (option, &need) in coalition.needs.iter().enumerate() {
            let Some(package) = self.variant[option] else { continue };
            let better = best.is_none_or(|(most, _)| need > most || (need == most && option == own));
            if need <= total + DUST && better {
                best = Some((need, package));
            }
        }
        best.map(|(_, package)| package)
    }

    fn total(coalition: &Coalition, choice: &[usize]) -> f64 {
        coalition.contributions.iter().zip(choice).map(|(member, &size)| member.sizes[size]).sum()
    }

    fn partners(coalition: &Coalition, choice: &[usize]) -> usize {
        coalition.contributions.iter().zip(choice).filter(|&(member, &size)| member.sizes[size] > 0.0).count()
    }

    /// Troops on offer: nothing with too few partners.
    fn offered(coalition: &Coalition, choice: &[usize]) -> f64 {
        let enough = Self::partners(coalition, choice) >= coalition.min_partners;
        if enough { Self::total(coalition, choice) } else { 0.0 }
    }

    /// Withholds the items that need more than is on offer in some coalition, unless it is in force already.
    fn withhold(&mut self, model: &Model, setup: &Setup, game: &Game) {
        self.withheld.fill(false);
        for (coalition, &first) in model.coalitions.iter().zip(&self.first_member) {
            let members = coalition.contributions.len();
            let offered = Self::offered(coalition, &self.choice[first..first + members]);
            let issue = coalition.issue.index();
            let in_force = game.registers.of(model, setup.in_force)[issue];
            for (item, withheld) in self.withheld.iter_mut().enumerate() {
                let option = game.registers.of(model, item)[issue];
                *withheld |= option != in_force && coalition.needs[usize::from(option)] > offered + DUST;
            }
        }
    }
}

/// Most options of an issue that needs troops; the compiler refuses more.
const MOST_OPTIONS: usize = 64;

/// All coalitions decide anew; returns whether that changed what is pledged, so that packages must be valued again.
pub(super) fn decide(room: &Room<'_>, game: &mut Game, outlook: &mut Outlook, observer: &mut dyn Observer) -> bool {
    let Room { model, setup, step, month, .. } = *room;
    if model.coalitions.is_empty() {
        return false;
    }
    let mut coalitions = std::mem::take(&mut outlook.coalitions);
    let target = outlook.predicted.unwrap_or(outlook.compromise);
    let mut changed = step == 0;
    for (index, coalition) in model.coalitions.iter().enumerate() {
        let first = coalitions.first_member[index];
        let members = first..first + coalition.contributions.len();
        let goal = game.registers.of(model, target);
        coalitions.find_variants(model, coalition, goal);
        let own = usize::from(goal[coalition.issue.index()]);
        let table = Decision { room, coalition, first, own };
        for (at, member) in members.clone().zip(&coalition.contributions) {
            coalitions.trial[at] = member.sizes.len() - 1;
        }
        table.two_passes(&mut coalitions, game, outlook);
        let called = Coalitions::offered(coalition, &coalitions.trial[members.clone()]);
        // Once more from last step's pledges; the call stays in `choice` until it is known which of them is larger.
        coalitions.swap(members.clone());
        table.two_passes(&mut coalitions, game, outlook);
        let grown = Coalitions::offered(coalition, &coalitions.trial[members.clone()]);
        if grown >= called {
            coalitions.swap(members.clone());
        }
        let troops = Coalitions::offered(coalition, &coalitions.choice[members.clone()]);
        let partners = Coalitions::partners(coalition, &coalitions.choice[members]);
        let slots = [model.layout.pledged + index as u32, model.layout.partners + index as u32];
        let now = [troops, partners as f64];
        if slots.map(|slot| game.world.get(slot, 0)) != now {
            changed = true;
            for (slot, value) in slots.into_iter().zip(now) {
                game.world.set(slot, 0, value);
            }
            let what = Move::Pledged { coalition: index as u16, troops, partners: partners as u32 };
            observer.on(step as u32, month, &what);
        }
    }
    coalitions.withhold(model, setup, game);
    if changed {
        game.clamps += game.world.derive(model, &mut game.buffers.tools(&game.scalars), 1, false);
    }
    outlook.coalitions = coalitions;
    changed
}

/// The members of the coalitions send what a settlement needs of what they pledged.
pub(super) fn deploy(room: &Room<'_>, game: &mut Game, outlook: &Outlook) {
    let coalitions = &outlook.coalitions;
    game.deployed.fill(0.0);
    for (index, coalition) in room.model.coalitions.iter().enumerate() {
        let members = coalitions.first_member[index]..coalitions.first_member[index] + coalition.contributions.len();
        let total = Coalitions::total(coalition, &coalitions.choice[members.clone()]);
        let share = if total > 0.0 { (needed(room, coalition, game) / total).min(1.0) } else { 0.0 };
        for (member, at) in coalition.contributions.iter().zip(members) {
            game.deployed[at] = share * member.sizes[coalitions.choice[at]];
        }
    }
}

/// Troops that the option in force needs of a coalition.
fn needed(room: &Room<'_>, coalition: &Coalition, game: &Game) -> f64 {
    let option = game.registers.of(room.model, game.register)[coalition.issue.index()];
    coalition.needs[usize::from(option)]
}

/// Calls `bear` for every member with troops in place, while the option in force needs them.
fn each_in_place(room: &Room<'_>, game: &mut Game, mut bear: impl FnMut(&Coalition, &Contribution, f64, &mut Game)) {
    let mut at = 0;
    for coalition in &room.model.coalitions {
        let stands = needed(room, coalition, game) > 0.0;
        for member in &coalition.contributions {
            let troops = game.deployed[at];
            at += 1;
            if stands && troops > 0.0 {
                bear(coalition, member, troops, game);
            }
        }
    }
}

/// What the troops in place cost for a span that weighs `span` (by actor) on the scale of average payoffs.
pub(super) fn pay(room: &Room<'_>, game: &mut Game, table: &mut Table, span: impl Fn(&Game, usize) -> f64) {
    each_in_place(room, game, |_, member, troops, game| {
        let actor = member.actor.index();
        let cost = troops * game.buffers.tools(&game.scalars).one(&member.cost, &game.world, 0);
        let weight = span(game, actor) * table.discount[actor];
        table.utility[actor] -= weight * cost;
        table.cost[actor] += weight * cost;
    });
}

/// An attack was answered by the guarantees in a bit set: members of the coalitions behind them bear losses.
pub(super) fn lose(room: &Room<'_>, answering: u64, game: &mut Game, table: &mut Table) {
    let Room { model, streams, step, .. } = *room;
    each_in_place(room, game, |coalition, member, _, game| {
        let of_body = |guarantee: &Guarantee| guarantee.by == Party::Body(coalition.body);
        let behind = |(index, guarantee)| answering & (1_u64 << index) != 0 && of_body(guarantee);
        if !model.guarantees.iter().enumerate().any(behind) {
            return;
        }
        let mut tools = game.buffers.tools(&game.scalars);
        let answers = tools.one(&member.answers, &game.world, 0);
        if streams.draw(member.entity, Purpose::GuarantorAnswer, step).bernoulli(answers) {
            let actor = member.actor.index();
            let loss = tools.one(&member.loss, &game.world, 0) * table.discount[actor];
            table.utility[actor] -= loss;
            table.cost[actor] += loss;
        }
    });
}

impl Coalitions {
    /// Exchanges what is tried with what was decided.
    fn swap(&mut self, members: std::ops::Range<usize>) {
        self.choice[members.clone()].swap_with_slice(&mut self.trial[members]);
    }
}

/// One coalition at its table.
struct Decision<'a> {
    room: &'a Room<'a>,
    coalition: &'a Coalition,
    /// Its first member in the lists.
    first: usize,
    /// Option of the target.
    own: usize,
}

/// What the other members pledge.
#[derive(Clone, Copy)]
struct Others {
    troops: f64,
    partners: usize,
}

impl Decision<'_> {
    fn two_passes(&self, coalitions: &mut Coalitions, game: &mut Game, outlook: &Outlook) {
        for _ in 0..2 {
            for (at, member) in self.coalition.contributions.iter().enumerate() {
                let choice = &coalitions.trial[self.first..self.first + self.coalition.contributions.len()];
                let own = member.sizes[choice[at]];
                let others = Others {
                    troops: Coalitions::total(self.coalition, choice) - own,
                    partners: Coalitions::partners(self.coalition, choice) - usize::from(own > 0.0),
                };
                coalitions.trial[self.first + at] = self.best_size(coalitions, (at, member), others, game, outlook);
            }
        }
    }

    /// The size that a member chooses while the others pledge what they do.
    fn best_size(
        &self,
        coalitions: &Coalitions,
        (at, member): (usize, &Contribution),
        others: Others,
        game: &mut Game,
        outlook: &Outlook,
    ) -> usize {
        let Room { model, setup, .. } = *self.room;
        let precision = self.coalition.precision.as_ref().unwrap_or(&model.behaviour.consent_precision);
        let precision = game.buffers.tools(&game.scalars).one(precision, &game.world, 0);
        let node = setup.first_node[member.actor.index()] + game.nodes.truth[member.actor.index()];
        let noise = &coalitions.noise[coalitions.first_noise[self.first + at]..];
        let largest = member.sizes[member.sizes.len() - 1];
        let mut best = (f64::NEG_INFINITY, 0);
        for (index, &size) in member.sizes.iter().enumerate() {
            let enough = others.partners + usize::from(size > 0.0) >= self.coalition.min_partners;
            let total = if enough { others.troops + size } else { 0.0 };
            let Some(package) = coalitions.reached(self.coalition, total, self.own) else { continue };
            if size > 0.0 && size > carried((model, setup), member, package, outlook) * largest + DUST {
                continue;
            }
            let mut tools = game.buffers.tools(&game.scalars);
            let cost = tools.one(&member.cost, &game.packages, package);
            let risk = if size > 0.0 {
                let answers = tools.one(&member.answers, &game.world, 0);
                game.keeping.attack_prob[package] * answers * tools.one(&member.loss, &game.packages, package)
            } else {
                0.0
            };
            let score = precision * (game.keeping.value(node)[package] - cost * size - risk) + noise[index];
            if score > best.0 {
                best = (score, index);
            }
        }
        best.1
    }
}

/// Chance that a member's ratifier would carry a package; 1 without a ratifier.
fn carried((model, setup): (&Model, &Setup), member: &Contribution, package: usize, outlook: &Outlook) -> f64 {
    member.ratifier.map_or(1.0, |ratifier| {
        let voter = model.deliverers.len() + ratifier.index();
        outlook.vote_chance[voter * setup.n_items + package]
    })
}
