//! Flows of an actor (`core.md` 3 and 7): what it enjoys in a step of war, of a truce or under a settlement.

use super::lanes::{Lanes, Tools};
use super::path::Plan;
use crate::model::{Model, OptionValues, Value};

/// Flows by lane, as last worked out for one actor.
#[derive(Clone, Debug)]
pub(super) struct Flows {
    /// Value of the terms in force, or the declared flow without a deal.
    pub(super) flow: Vec<f64>,
    /// War cost.
    pub(super) cost: Vec<f64>,
    /// Weighted option values less red lines of the register in each lane, which do not move along a path,
    /// `[actor * width + lane]`.
    base: Vec<f64>,
    row: Vec<f64>,
    width: usize,
}

impl Flows {
    pub(super) fn new(model: &Model, width: usize) -> Self {
        let base = vec![0.0; model.actors.len() * width];
        Self { flow: vec![0.0; width], cost: vec![0.0; width], base, row: vec![0.0; width], width }
    }

    /// Takes down what does not move along the path.
    pub(super) fn begin(&mut self, plan: &Plan<'_>) {
        for actor in (0..plan.model.actors.len()).filter(|&a| plan.wants(a)) {
            let base = &mut self.base[actor * self.width..actor * self.width + plan.n];
            terms_now(plan, actor, &|lane| plan.setup.node(plan.profile(lane), actor), base);
        }
    }

    /// Works out flow and war cost of an actor at the state of each lane.
    pub(super) fn of(&mut self, plan: &Plan<'_>, actor: usize, lanes: &Lanes, tools: &mut Tools<'_>) {
        let Plan { model, n, .. } = *plan;
        let declared = &model.actors[actor];
        let Self { flow, cost, base, row, width } = self;
        let node_of = |lane: usize| plan.setup.node(plan.profile(lane), actor);
        let terms = |out: &mut [f64], row: &mut [f64], tools: &mut Tools<'_>| {
            out[..n].copy_from_slice(&base[actor * *width..actor * *width + n]);
            moving_terms(plan, actor, lanes, &node_of, (&mut *out, &mut *row), tools);
            add_terms(plan, actor, lanes, &node_of, false, (out, row), tools);
        };
        if declared.no_deal_flow.is_empty() {
            terms(flow, row, tools);
        } else {
            by_type(plan, actor, &declared.no_deal_flow, lanes, (flow, row), tools);
        }
        if plan.truce && !declared.no_deal_flow.is_empty() {
            let share = tools.one(&declared.truce_share, lanes, 0);
            terms(cost, row, tools);
            for (flow, &kept) in flow[..n].iter_mut().zip(cost.iter()) {
                *flow = share * *flow + (1.0 - share) * kept;
            }
        }
        if declared.war_cost.is_empty() {
            cost[..n].fill(0.0);
        } else {
            by_type(plan, actor, &declared.war_cost, lanes, (cost, row), tools);
            if plan.truce {
                let share = tools.one(&declared.truce_share, lanes, 0);
                cost[..n].iter_mut().for_each(|cost| *cost *= share);
            }
        }
    }
}

/// Value of the register in force in the world to one type node, with the terms that read G.
pub(super) fn register_flow(
    plan: &Plan<'_>,
    actor: usize,
    node: usize,
    (out, row): (&mut [f64], &mut [f64]),
    tools: &mut Tools<'_>,
) {
    terms_now(plan, actor, &|_| node, &mut out[..plan.n]);
    moving_terms(plan, actor, plan.world, &|_| node, (&mut *out, &mut *row), tools);
    add_terms(plan, actor, plan.world, &|_| node, true, (out, row), tools);
}

/// Weighted option values less red lines at the state of the last valuation.
fn terms_now(plan: &Plan<'_>, actor: usize, node_of: &dyn Fn(usize) -> usize, out: &mut [f64]) {
    for (lane, value) in out.iter_mut().enumerate() {
        let node = plan.setup.first_node[actor] + node_of(lane);
        let item = plan.item(lane);
        let options = plan.registers.of(plan.model, item);
        *value = plan.utility.of_options(plan.setup, node, options) - plan.utility.red(node, item);
    }
}

/// What moves with the state among weights and option values.
fn moving_terms(
    plan: &Plan<'_>,
    actor: usize,
    lanes: &Lanes,
    node_of: &dyn Fn(usize) -> usize,
    (out, row): (&mut [f64], &mut [f64]),
    tools: &mut Tools<'_>,
) {
    let Plan { model, setup, n, .. } = *plan;
    let declared = &model.actors[actor];
    for (issue, values) in declared.values.iter().enumerate() {
        let OptionValues::List(list) = values else { continue };
        let weight_moves = declared.weights.iter().any(|w| matches!(w[issue], Value::Program(_)));
        if !weight_moves && !list.iter().any(|value| matches!(value, Value::Program(_))) {
            continue;
        }
        let one = plan.blocks.len() == 1;
        if one {
            let option = usize::from(plan.registers.of(model, plan.item(0))[issue]);
            tools.many(&list[option], lanes, n, row);
        }
        for lane in 0..n {
            let option = usize::from(plan.registers.of(model, plan.item(lane))[issue]);
            if !weight_moves && !matches!(list[option], Value::Program(_)) {
                continue;
            }
            let node = node_of(lane);
            let weights = &declared.weights[node.min(declared.weights.len() - 1)];
            let weight = tools.one(&weights[issue], lanes, lane);
            let value = if one { row[lane] } else { tools.one(&list[option], lanes, lane) };
            let stale = plan.utility.point(setup, setup.first_node[actor] + node, issue, option);
            out[lane] += weight * value - stale;
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
