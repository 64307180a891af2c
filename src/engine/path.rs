//! Value of disagreement (`core.md` 7): the mean path of the war under current postures, lane by lane.

use super::commitments::{self, Book};
use super::dynamics::{self, Launch, Pending};
use super::flows::Flows;
use super::lanes::{Lanes, Tools};
use super::nodes::Nodes;
use super::reach::Slice;
use super::register::Registers;
use super::setup::Setup;
use super::utility::Utility;
use crate::model::{Model, Regime};
use crate::num::{chance_all, pow};

/// Effects that may be on their way at once without growing the list.
pub(super) const PENDING: usize = 256;

/// Values of disagreement by lane, with their summands kept apart.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// Lanes of the projected states.
    pub(super) lanes: Lanes,
    /// Value of disagreement, `[type_node * width + lane]`.
    value: Vec<f64>,
    /// Summands in the order of `DISAGREEMENT_PARTS`, `[(type_node * 5 + part) * width + lane]`.
    parts: Vec<f64>,
    /// Events that have happened, a bit set a lane.
    pub(super) fired: Vec<u64>,
    /// Effects on their way.
    pub(super) pending: Vec<Pending>,
    /// Steps by which each lane is ahead of the world.
    pub(super) offset: Vec<u32>,
    survival: Vec<f64>,
    /// Probability that each ending has happened, `[ending * width + lane]`.
    ended: Vec<f64>,
    pub(super) flows: Flows,
    /// Chance of each foreseen ending at the end of foresight, `[ending * width + lane]`.
    foreseen: Vec<f64>,
    /// Rates per month of the hazards in the step at hand, `[hazard * width + lane]`; their sum; and the chance that one of
    /// them ends the war in it.
    rates: Vec<f64>,
    total: Vec<f64>,
    any: Vec<f64>,
    discount: Vec<f64>,
    width: usize,
}

/// A projection to make.
#[derive(Clone, Copy)]
pub(super) struct Plan<'a> {
    pub(super) model: &'a Model,
    pub(super) setup: &'a Setup,
    pub(super) nodes: &'a Nodes,
    pub(super) utility: &'a Utility,
    pub(super) world: &'a Lanes,
    /// Options of every item.
    pub(super) registers: &'a Registers,
    /// Item in force in each block of lanes; a block has one lane a profile.
    pub(super) blocks: &'a [u32],
    /// Whether a truce is valued: part of the cost of war is left.
    pub(super) truce: bool,
    /// Step now.
    pub(super) step: usize,
    /// Discount factor per step by actor.
    pub(super) discount: &'a [f64],
    /// Lanes in use.
    pub(super) n: usize,
    /// Joint profiles of the lanes, over and over.
    pub(super) profiles: &'a [u32],
    /// What is to be moved and computed; none: everything. What the path reads must be known to [`super::reach`].
    pub(super) slice: Option<&'a Slice>,
    /// What pledges would do.
    pub(super) book: &'a Book,
    /// Who is valued.
    pub(super) actors: Whose<'a>,
}

/// Whose disagreement a projection values.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose<'a> {
    /// Everybody's.
    All,
    /// One actor's, at all its types.
    One(usize),
    /// One actor's, at one of its type nodes.
    Node(usize, usize),
    /// That of the marked actors.
    Marked(&'a [bool]),
}

impl Plan<'_> {
    /// Joint profile of a lane.
    pub(super) fn profile(&self, lane: usize) -> usize {
        self.profiles[lane % self.profiles.len()] as usize
    }

    /// Item in force in a lane.
    pub(super) fn item(&self, lane: usize) -> usize {
        self.blocks[(lane / self.profiles.len()).min(self.blocks.len() - 1)] as usize
    }

    /// Type nodes of an actor that are valued, none if it is not.
    pub(super) fn nodes_of(&self, actor: usize) -> std::ops::Range<usize> {
        match self.actors {
            Whose::Node(one, node) if one == actor => node..node + 1,
            _ if self.wants(actor) => 0..self.setup.nodes[actor],
            _ => 0..0,
        }
    }

    /// Whether an actor is valued.
    pub(super) fn wants(&self, actor: usize) -> bool {
        match self.actors {
            Whose::All => true,
            Whose::One(one) | Whose::Node(one, _) => one == actor,
            Whose::Marked(marked) => marked[actor],
        }
    }
}

impl Path {
    pub(super) fn new(model: &Model, setup: &Setup, width: usize) -> Self {
        let actors = model.actors.len();
        Self {
            lanes: Lanes::new(model.layout.len as usize, width),
            value: vec![0.0; setup.n_nodes * width],
            parts: vec![0.0; setup.n_nodes * 5 * width],
            fired: vec![0; width],
            pending: Vec::with_capacity(PENDING),
            offset: vec![0; width],
            survival: vec![0.0; width],
            ended: vec![0.0; model.endings.len() * width],
            flows: Flows::new(model, setup, width),
            foreseen: vec![0.0; model.foresight.len() * width],
            rates: vec![0.0; model.hazards.len().max(1) * width],
            total: vec![0.0; width],
            any: vec![0.0; width],
            discount: vec![0.0; actors],
            width,
        }
    }

    /// Value of disagreement to a type node in a lane, without optimism.
    pub(super) fn value(&self, type_node: usize, lane: usize) -> f64 {
        self.value[type_node * self.width + lane]
    }

    /// One of its summands.
    pub(super) fn part(&self, type_node: usize, part: usize, lane: usize) -> f64 {
        self.parts[(type_node * 5 + part) * self.width + lane]
    }

    /// Takes over what another projection of the same shape found for one actor.
    pub(super) fn adopt(&mut self, other: &Self, nodes: std::ops::Range<usize>) {
        let values = nodes.start * self.width..nodes.end * self.width;
        self.value[values.clone()].copy_from_slice(&other.value[values]);
        let parts = nodes.start * 5 * self.width..nodes.end * 5 * self.width;
        self.parts[parts.clone()].copy_from_slice(&other.parts[parts]);
    }

    /// Copies the world into `n` lanes, each with its joint profile.
    pub(super) fn start(&mut self, plan: &Plan<'_>, fired: u64, pending: &[Pending]) {
        self.pending.clear();
        self.pending.extend_from_slice(pending);
        self.lanes.spread(plan.world, plan.n);
        for lane in 0..plan.n {
            plan.nodes.place_profile(plan.model, plan.setup, plan.profile(lane), &mut self.lanes, lane);
        }
        self.fired[..plan.n].fill(fired);
    }

    /// Projects from the lanes as they stand and values disagreement for every lane.
    pub(super) fn project(&mut self, plan: &Plan<'_>, tools: &mut Tools<'_>) {
        let Plan { model, n, .. } = *plan;
        let horizon = model.clock.foresight_steps;
        self.survival[..n].fill(1.0);
        for row in self.ended.chunks_exact_mut(self.width) {
            row[..n].fill(0.0);
        }
        for actor in 0..model.actors.len() {
            let (first, nodes) = (plan.setup.first_node[actor], plan.nodes_of(actor));
            let rows = (first + nodes.start) * 5 * self.width..(first + nodes.end) * 5 * self.width;
            for row in self.parts[rows].chunks_exact_mut(self.width) {
                row[..n].fill(0.0);
            }
        }
        self.discount.fill(1.0);
        self.lanes.derive_slice(model, tools, n, plan.slice);
        self.flows.begin(plan);
        for ahead in 0..horizon {
            if ahead > 0 {
                self.advance(plan, tools, plan.step + ahead);
            }
            self.add_flows(plan, tools);
            self.add_endings(plan);
            self.run_hazards(plan, tools);
            for (discount, &factor) in self.discount.iter_mut().zip(plan.discount) {
                *discount *= factor;
            }
        }
        if horizon > 0 {
            self.advance(plan, tools, plan.step + horizon);
        }
        self.close(plan, tools);
    }

    /// One step of the mean path: dated effects, events, dynamics.
    pub(super) fn advance(&mut self, plan: &Plan<'_>, tools: &mut Tools<'_>, step: usize) {
        let Plan { model, n, .. } = *plan;
        dynamics::tick(model, &mut self.lanes, n);
        dynamics::fade(model, &mut self.lanes, tools, n);
        dynamics::apply_due(model, &self.pending, step, &self.offset, &mut self.lanes, n);
        let at = Launch { step, touch: Some((0, n as u32)), n, weight: 1.0 };
        let lanes = (&mut self.lanes, &mut self.fired[..], &self.offset[..]);
        dynamics::fire_events(model, at, plan.slice, lanes, tools, &mut self.pending);
        if model.layout.n_pledges > 0 {
            self.carry_out(plan, at, tools);
        }
        dynamics::change(model, plan.slice, &mut self.lanes, tools, n);
        self.lanes.derive_slice(model, tools, n, plan.slice);
    }

    /// Pledges whose condition comes true on the path are carried out as far as they are believed, and paid for.
    fn carry_out(&mut self, plan: &Plan<'_>, at: Launch, tools: &mut Tools<'_>) {
        let Self { lanes, offset, pending, parts, survival, discount, width, .. } = self;
        commitments::foresee(plan, at, (lanes, offset), tools, pending, |owner, lane, cost| {
            for node in plan.nodes_of(owner) {
                let at = (plan.setup.first_node[owner] + node) * 5 + 1;
                parts[at * *width + lane] -= discount[owner] * survival[lane] * cost;
            }
        });
    }

    /// Adds this step's flows, weighted by survival.
    fn add_flows(&mut self, plan: &Plan<'_>, tools: &mut Tools<'_>) {
        let Plan { model, setup, n, .. } = *plan;
        for actor in 0..model.actors.len() {
            let d = plan.discount[actor];
            let weight = (1.0 - d) * self.discount[actor];
            for node in plan.nodes_of(actor) {
                self.flows.of(plan, (actor, node), &mut self.lanes, tools);
                let first = (setup.first_node[actor] + node) * 5 * self.width;
                let (values, rest) = self.parts[first..].split_at_mut(self.width);
                let flows = self.flows.flow[..n].iter().zip(&self.flows.cost);
                let sums = values.iter_mut().zip(rest).zip(&self.survival);
                for (((value, cost), &survival), (&flow, &paid)) in sums.zip(flows) {
                    let s = weight * survival;
                    *value += s * flow;
                    *cost -= s * paid;
                }
            }
        }
    }

    /// Adds the worth of endings that have happened by now.
    fn add_endings(&mut self, plan: &Plan<'_>) {
        let Plan { model, setup, n, .. } = *plan;
        let Self { ended, parts, discount, width, .. } = self;
        for (ending, chance) in ended.chunks_exact(*width).enumerate() {
            let chance = &chance[..n];
            if chance.iter().all(|&f| f == 0.0) {
                continue;
            }
            for actor in 0..model.actors.len() {
                let weight = (1.0 - plan.discount[actor]) * discount[actor];
                for node in plan.nodes_of(actor) {
                    let at = setup.first_node[actor] + node;
                    let worth = plan.utility.worth(ending, at);
                    for (part, &chance) in parts[(at * 5 + 2) * *width..].iter_mut().zip(chance) {
                        *part += weight * chance * worth;
                    }
                }
            }
        }
    }

    /// Survival and endings after one step of hazards.
    fn run_hazards(&mut self, plan: &Plan<'_>, tools: &mut Tools<'_>) {
        let Plan { model, n, .. } = *plan;
        if !model.hazards.iter().any(|h| h.in_war) {
            return;
        }
        dynamics::hazard_rates(model, Regime::War, &self.lanes, tools, n, &mut self.rates, self.width);
        let Self { rates, total, any, survival, ended, width, .. } = self;
        let (total, any, survival) = (&mut total[..n], &mut any[..n], &mut survival[..n]);
        total.fill(0.0);
        for rates in rates.chunks_exact(*width) {
            for (total, &rate) in total.iter_mut().zip(rates) {
                *total += rate;
            }
        }
        any.copy_from_slice(total);
        chance_all(any, model.clock.months_per_step);
        for (any, &alive) in any.iter_mut().zip(&*survival) {
            *any *= alive;
        }
        for (hazard, rates) in model.hazards.iter().zip(rates.chunks_exact(*width)) {
            let Some(ending) = hazard.ending else { continue };
            let ended = &mut ended[ending.index() * *width..];
            for (((ended, &any), &rate), &total) in ended.iter_mut().zip(&*any).zip(rates).zip(&*total) {
                *ended += if total > 0.0 { rate / total * any } else { 0.0 };
            }
        }
        for (alive, &any) in survival.iter_mut().zip(&*any) {
            *alive -= any;
        }
    }

    /// Adds the value at the end of foresight and sums the parts.
    fn close(&mut self, plan: &Plan<'_>, tools: &mut Tools<'_>) {
        let Plan { model, setup, n, .. } = *plan;
        let width = self.width;
        let formula = model.behaviour.evaluator.is_formula();
        let breakdown = if formula { tools.one(&model.protocol.breakdown, plan.world, 0) } else { 0.0 };
        for (row, (_, probability)) in self.foreseen.chunks_exact_mut(width).zip(&model.foresight) {
            tools.many(probability, &self.lanes, n, row);
        }
        for actor in 0..model.actors.len() {
            let discount = self.discount[actor];
            for node in plan.nodes_of(actor) {
                self.flows.of(plan, (actor, node), &mut self.lanes, tools);
                let at = setup.first_node[actor] + node;
                for lane in 0..n {
                    let mut past = 0.0;
                    for ending in 0..model.endings.len() {
                        past += self.ended[ending * width + lane] * plan.utility.worth(ending, at);
                    }
                    let mut chance = 0.0;
                    let mut expected = 0.0;
                    for (row, (ending, _)) in self.foreseen.chunks_exact(width).zip(&model.foresight) {
                        let p = row[lane].clamp(0.0, 1.0);
                        chance += p;
                        expected += p * plan.utility.worth(ending.index(), at);
                    }
                    let now = self.flows.flow[lane] - self.flows.cost[lane];
                    let undecided = f64::midpoint(plan.utility.anchor(at), now);
                    let lottery = expected + (1.0 - chance) * undecided;
                    let terminal =
                        if formula { for_ever(now, lottery, plan.discount[actor], breakdown) } else { lottery };
                    let first = at * 5 * width + lane;
                    self.parts[first + 2 * width] += discount * past;
                    self.parts[first + 3 * width] += discount * self.survival[lane] * terminal;
                    self.value[at * width + lane] = (0..4).map(|part| self.parts[first + part * width]).sum();
                }
            }
        }
    }
}

/// Today's flow for as long as the talks last, and the lottery once they have broken down (`core.md` 8, `formula`).
fn for_ever(flow: f64, lottery: f64, discount: f64, breakdown: f64) -> f64 {
    let rest = 1.0 - discount * (1.0 - breakdown);
    if breakdown == 0.0 || rest <= 0.0 {
        return flow;
    }
    ((1.0 - breakdown) * (1.0 - discount) * flow + breakdown * lottery) / rest
}

/// d per step from d per month.
pub(super) fn per_step(patience: f64, months: f64) -> f64 {
    if months == 1.0 { patience } else { pow(patience, months) }
}
