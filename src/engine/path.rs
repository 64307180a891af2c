//! Value of disagreement (`core.md` 7): the mean path of the war under current postures, lane by lane.

use super::dynamics::{self, Launch, Pending};
use super::lanes::{Lanes, Tools};
use super::nodes::Nodes;
use super::reach::Slice;
use super::setup::Setup;
use super::utility::Utility;
use crate::model::{Effect, Model, OptionValues, Regime, Value};
use crate::num::{exp, pow};

/// Effects that may be on their way at once without growing the list.
pub(super) const PENDING: usize = 256;

/// Values of disagreement by lane, with their summands kept apart.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// Lanes of the projected states.
    pub(super) lanes: Lanes,
    /// Value of disagreement, `[actor * width + lane]`.
    value: Vec<f64>,
    /// Summands in the order of `DISAGREEMENT_PARTS`, `[(actor * 5 + part) * width + lane]`.
    parts: Vec<f64>,
    /// Events that have happened, a bit set a lane.
    pub(super) fired: Vec<u64>,
    /// Effects on their way.
    pub(super) pending: Vec<Pending>,
    survival: Vec<f64>,
    /// Probability that each ending has happened, `[ending * width + lane]`.
    ended: Vec<f64>,
    flow: Vec<f64>,
    cost: Vec<f64>,
    row: Vec<f64>,
    rates: Vec<f64>,
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
    /// Package in force.
    pub(super) register: usize,
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
    /// Only this actor is valued, or everybody.
    pub(super) only: Option<usize>,
}

impl Plan<'_> {
    /// Joint profile of a lane.
    fn profile(&self, lane: usize) -> usize {
        self.profiles[lane % self.profiles.len()] as usize
    }
}

impl Path {
    pub(super) fn new(model: &Model, width: usize) -> Self {
        let actors = model.actors.len();
        Self {
            lanes: Lanes::new(model.layout.len as usize, width),
            value: vec![0.0; actors * width],
            parts: vec![0.0; actors * 5 * width],
            fired: vec![0; width],
            pending: Vec::with_capacity(PENDING),
            survival: vec![0.0; width],
            ended: vec![0.0; model.endings.len() * width],
            flow: vec![0.0; width],
            cost: vec![0.0; width],
            row: vec![0.0; width],
            rates: vec![0.0; model.hazards.len().max(1) * width],
            discount: vec![0.0; actors],
            width,
        }
    }

    /// Value of disagreement to an actor in a lane, without optimism.
    pub(super) fn value(&self, actor: usize, lane: usize) -> f64 {
        self.value[actor * self.width + lane]
    }

    /// One of its summands.
    pub(super) fn part(&self, actor: usize, part: usize, lane: usize) -> f64 {
        self.parts[(actor * 5 + part) * self.width + lane]
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

    /// Applies an effect of a lever to some lanes, now or on the way.
    pub(super) fn launch(&mut self, model: &Model, effect: &Effect, at: Launch, tools: &mut Tools<'_>) {
        dynamics::launch(model, effect, at, &mut self.lanes, tools, &mut self.pending);
    }

    /// Projects from the lanes as they stand and values disagreement for every lane.
    pub(super) fn project(&mut self, plan: &Plan<'_>, tools: &mut Tools<'_>) {
        let Plan { model, n, .. } = *plan;
        let horizon = model.clock.foresight_steps;
        self.survival[..n].fill(1.0);
        self.ended.fill(0.0);
        self.parts.fill(0.0);
        self.discount.fill(1.0);
        self.lanes.derive_slice(model, tools, n, plan.slice);
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
    fn advance(&mut self, plan: &Plan<'_>, tools: &mut Tools<'_>, step: usize) {
        let Plan { model, n, .. } = *plan;
        dynamics::tick(model, &mut self.lanes, n);
        dynamics::apply_due(model, &self.pending, step, &mut self.lanes, n);
        let at = Launch { step, touch: Some((0, n as u32)), n };
        dynamics::fire_events(model, at, plan.slice, &mut self.lanes, &mut self.fired, tools, &mut self.pending);
        dynamics::change(model, plan.slice, &mut self.lanes, tools, n);
        self.lanes.derive_slice(model, tools, n, plan.slice);
    }

    /// Adds this step's flows, weighted by survival.
    fn add_flows(&mut self, plan: &Plan<'_>, tools: &mut Tools<'_>) {
        let Plan { model, n, .. } = *plan;
        for actor in 0..model.actors.len() {
            if plan.only.is_some_and(|only| only != actor) {
                continue;
            }
            self.flow_of(plan, actor, tools);
            let d = plan.discount[actor];
            let weight = (1.0 - d) * self.discount[actor];
            let first = actor * 5 * self.width;
            for lane in 0..n {
                let s = weight * self.survival[lane];
                self.parts[first + lane] += s * self.flow[lane];
                self.parts[first + self.width + lane] -= s * self.cost[lane];
            }
        }
    }

    /// Flow of the terms in force (or the declared flow without a deal) and the war cost of an actor, by lane.
    fn flow_of(&mut self, plan: &Plan<'_>, actor: usize, tools: &mut Tools<'_>) {
        let Plan { model, n, .. } = *plan;
        let declared = &model.actors[actor];
        if declared.no_deal_flow.is_empty() {
            terms_flow(plan, actor, &self.lanes, (&mut self.flow, &mut self.row), tools);
        } else {
            by_type(plan, actor, &declared.no_deal_flow, &self.lanes, (&mut self.flow, &mut self.row), tools);
        }
        if declared.war_cost.is_empty() {
            self.cost[..n].fill(0.0);
        } else {
            by_type(plan, actor, &declared.war_cost, &self.lanes, (&mut self.cost, &mut self.row), tools);
        }
    }

    /// Adds the worth of endings that have happened by now.
    fn add_endings(&mut self, plan: &Plan<'_>) {
        let Plan { model, setup, n, .. } = *plan;
        for (ending, chance) in self.ended.chunks_exact(self.width).enumerate() {
            if chance[..n].iter().all(|&f| f == 0.0) {
                continue;
            }
            for actor in 0..model.actors.len() {
                if plan.only.is_some_and(|only| only != actor) {
                    continue;
                }
                let weight = (1.0 - plan.discount[actor]) * self.discount[actor];
                let first = (actor * 5 + 2) * self.width;
                for lane in 0..n {
                    let node = setup.first_node[actor] + setup.node(plan.profile(lane), actor);
                    self.parts[first + lane] += weight * chance[lane] * plan.utility.worth(ending, node);
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
        let months = model.clock.months_per_step;
        for lane in 0..n {
            let total: f64 = (0..model.hazards.len()).map(|h| self.rates[h * self.width + lane]).sum();
            if total <= 0.0 {
                continue;
            }
            let any = (1.0 - exp(-months * total)) * self.survival[lane];
            for (hazard, declared) in model.hazards.iter().enumerate() {
                let share = self.rates[hazard * self.width + lane] / total;
                let Some(ending) = declared.ending else { continue };
                self.ended[ending.index() * self.width + lane] += share * any;
            }
            self.survival[lane] -= any;
        }
    }

    /// Adds the value at the end of foresight and sums the parts.
    fn close(&mut self, plan: &Plan<'_>, tools: &mut Tools<'_>) {
        let Plan { model, setup, n, .. } = *plan;
        let width = self.width;
        for actor in 0..model.actors.len() {
            if plan.only.is_some_and(|only| only != actor) {
                continue;
            }
            self.flow_of(plan, actor, tools);
            let discount = self.discount[actor];
            for lane in 0..n {
                let node = setup.first_node[actor] + setup.node(plan.profile(lane), actor);
                let mut past = 0.0;
                for ending in 0..model.endings.len() {
                    past += self.ended[ending * width + lane] * plan.utility.worth(ending, node);
                }
                let mut chance = 0.0;
                let mut expected = 0.0;
                for (ending, probability) in &model.foresight {
                    let p = tools.one(probability, &self.lanes, lane).clamp(0.0, 1.0);
                    chance += p;
                    expected += p * plan.utility.worth(ending.index(), node);
                }
                let undecided = f64::midpoint(plan.utility.anchor(node), self.flow[lane] - self.cost[lane]);
                let terminal = expected + (1.0 - chance) * undecided;
                let first = actor * 5 * width + lane;
                self.parts[first + 2 * width] += discount * past;
                self.parts[first + 3 * width] += discount * self.survival[lane] * terminal;
                self.value[actor * width + lane] = (0..4).map(|part| self.parts[first + part * width]).sum();
            }
        }
    }
}

/// Value of the terms in force at each lane's state and type.
pub(super) fn terms_flow(
    plan: &Plan<'_>,
    actor: usize,
    lanes: &Lanes,
    (out, row): (&mut [f64], &mut [f64]),
    tools: &mut Tools<'_>,
) {
    let setup = plan.setup;
    value_terms(plan, actor, lanes, &|lane| setup.node(plan.profile(lane), actor), (out, row), tools);
    add_terms(plan, actor, lanes, &|lane| setup.node(plan.profile(lane), actor), false, (out, row), tools);
}

/// Value of the register in force in the world to one type node, with the terms that read G.
pub(super) fn register_flow(
    plan: &Plan<'_>,
    actor: usize,
    node: usize,
    (out, row): (&mut [f64], &mut [f64]),
    tools: &mut Tools<'_>,
) {
    value_terms(plan, actor, plan.world, &|_| node, (out, row), tools);
    add_terms(plan, actor, plan.world, &|_| node, true, (out, row), tools);
}

/// Option values and red lines.
fn value_terms(
    plan: &Plan<'_>,
    actor: usize,
    lanes: &Lanes,
    node_of: &dyn Fn(usize) -> usize,
    (out, row): (&mut [f64], &mut [f64]),
    tools: &mut Tools<'_>,
) {
    let Plan { model, setup, n, .. } = *plan;
    let declared = &model.actors[actor];
    let register = model.packages.options_of(model.issues.len(), plan.register);
    for (lane, value) in out[..n].iter_mut().enumerate() {
        let node = setup.first_node[actor] + node_of(lane);
        *value = plan.utility.of_options(setup, node, register) - plan.utility.red(node, plan.register);
    }
    for (issue, values) in declared.values.iter().enumerate() {
        let option = usize::from(register[issue]);
        let weight_moves = declared.weights.iter().any(|w| matches!(w[issue], Value::Program(_)));
        let value = match values {
            OptionValues::List(list) => &list[option],
            OptionValues::None | OptionValues::Expr(_) => continue,
        };
        if !weight_moves && !matches!(value, Value::Program(_)) {
            continue;
        }
        tools.many(value, lanes, n, row);
        for lane in 0..n {
            let node = node_of(lane);
            let weights = &declared.weights[node.min(declared.weights.len() - 1)];
            let weight = tools.one(&weights[issue], lanes, lane);
            let stale = plan.utility.point(setup, setup.first_node[actor] + node, issue, option);
            out[lane] += weight * row[lane] - stale;
        }
    }
}

/// Additive terms; those that read G only where G is in force.
fn add_terms(
    plan: &Plan<'_>,
    actor: usize,
    lanes: &Lanes,
    node_of: &dyn Fn(usize) -> usize,
    with_g: bool,
    (out, row): (&mut [f64], &mut [f64]),
    tools: &mut Tools<'_>,
) {
    let Plan { model, n, .. } = *plan;
    for term in model.actors[actor].terms.iter().filter(|term| with_g || !term.reads_g) {
        tools.many(&term.value, lanes, n, row);
        for lane in 0..n {
            if term.types.get(node_of(lane)).copied().unwrap_or(true) {
                out[lane] += row[lane];
            }
        }
    }
}

/// A number that is declared by type, at each lane's type.
fn by_type(
    plan: &Plan<'_>,
    actor: usize,
    values: &[Value],
    lanes: &Lanes,
    (out, row): (&mut [f64], &mut [f64]),
    tools: &mut Tools<'_>,
) {
    let Plan { setup, n, .. } = *plan;
    for (index, value) in values.iter().enumerate() {
        tools.many(value, lanes, n, row);
        for lane in 0..n {
            let node = setup.node(plan.profile(lane), actor).min(values.len() - 1);
            if node == index {
                out[lane] = row[lane];
            }
        }
    }
}

/// d per step from d per month.
pub(super) fn per_step(patience: f64, months: f64) -> f64 {
    if months == 1.0 { patience } else { pow(patience, months) }
}
