//! Flows of an actor (`core.md` 3 and 7): what it enjoys in a step of war, of a truce or under a settlement.

use super::lanes::{Lanes, Tools};
use super::path::Plan;
use super::setup::Setup;
use crate::model::{OptionValues, Value};

/// Flows by lane, as last worked out for one actor.
#[derive(Clone, Debug)]
pub(super) struct Flows {
    /// Value of the terms in force, or the declared flow without a deal.
    pub(super) flow: Vec<f64>,
    /// War cost.
    pub(super) cost: Vec<f64>,
    /// Weighted option values less red lines of the register in each lane, which do not move along a path,
    /// `[type_node * width + lane]`.
    base: Vec<f64>,
    row: Vec<f64>,
    width: usize,
}

impl Flows {
    pub(super) fn new(setup: &Setup, width: usize) -> Self {
        let base = vec![0.0; setup.n_nodes * width];
        Self { flow: vec![0.0; width], cost: vec![0.0; width], base, row: vec![0.0; width], width }
    }

    /// Takes down what does not move along the path.
    pub(super) fn begin(&mut self, plan: &Plan<'_>) {
        for actor in 0..plan.model.actors.len() {
            for node in plan.nodes_of(actor) {
                let first = (plan.setup.first_node[actor] + node) * self.width;
                terms_now(plan, (actor, node), &mut self.base[first..first + plan.n]);
            }
        }
    }

    /// Works out flow and war cost of a type node at the state of each lane.
    pub(super) fn of(
        &mut self,
        plan: &Plan<'_>,
        (actor, node): (usize, usize),
        lanes: &mut Lanes,
        tools: &mut Tools<'_>,
    ) {
        let Plan { model, setup, n, .. } = *plan;
        if setup.reads_own_type[actor] {
            plan.nodes.place(model, setup, actor, node, lanes, n);
        }
        self.value(plan, (actor, node), lanes, tools);
        if setup.reads_own_type[actor] {
            for lane in 0..n {
                plan.nodes.place_one(model, setup, (actor, plan.profile(lane)), lanes, lane);
            }
        }
    }

    fn value(&mut self, plan: &Plan<'_>, (actor, node): (usize, usize), lanes: &Lanes, tools: &mut Tools<'_>) {
        let Plan { model, setup, n, .. } = *plan;
        let declared = &model.actors[actor];
        let Self { flow, cost, base, row, width } = self;
        let first = (setup.first_node[actor] + node) * *width;
        let terms = |out: &mut [f64], row: &mut [f64], tools: &mut Tools<'_>| {
            out[..n].copy_from_slice(&base[first..first + n]);
            moving_terms(plan, (actor, node), lanes, (&mut *out, &mut *row), tools);
            add_terms(plan, (actor, node), lanes, false, (out, row), tools);
        };
        let typed = |values: &'_ [Value], out: &mut [f64], tools: &mut Tools<'_>| {
            tools.many(&values[node.min(values.len() - 1)], lanes, n, out);
        };
        if declared.no_deal_flow.is_empty() {
            terms(flow, row, tools);
        } else {
            typed(&declared.no_deal_flow, flow, tools);
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
            typed(&declared.war_cost, cost, tools);
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
    terms_now(plan, (actor, node), &mut out[..plan.n]);
    moving_terms(plan, (actor, node), plan.world, (&mut *out, &mut *row), tools);
    add_terms(plan, (actor, node), plan.world, true, (out, row), tools);
}

/// Weighted option values less red lines at the state of the last valuation.
fn terms_now(plan: &Plan<'_>, (actor, node): (usize, usize), out: &mut [f64]) {
    let node = plan.setup.first_node[actor] + node;
    for (lane, value) in out.iter_mut().enumerate() {
        let item = plan.item(lane);
        let options = plan.registers.of(plan.model, item);
        *value = plan.utility.of_options(plan.setup, node, options) - plan.utility.red(node, item);
    }
}

/// What moves with the state among weights and option values.
fn moving_terms(
    plan: &Plan<'_>,
    (actor, node): (usize, usize),
    lanes: &Lanes,
    (out, row): (&mut [f64], &mut [f64]),
    tools: &mut Tools<'_>,
) {
    let Plan { model, setup, n, .. } = *plan;
    let declared = &model.actors[actor];
    for &issue in &setup.moving_issues[actor] {
        let OptionValues::List(list) = &declared.values[issue] else { continue };
        let weight_moves = declared.weights.iter().any(|w| matches!(w[issue], Value::Program(_)));
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
    (actor, node): (usize, usize),
    lanes: &Lanes,
    with_g: bool,
    (out, row): (&mut [f64], &mut [f64]),
    tools: &mut Tools<'_>,
) {
    let Plan { model, n, .. } = *plan;
    for term in model.actors[actor].terms.iter().filter(|term| with_g || !term.reads_g) {
        if !term.types.get(node).copied().unwrap_or(true) {
            continue;
        }
        tools.many(&term.value, lanes, n, row);
        for (out, &add) in out[..n].iter_mut().zip(row.iter()) {
            *out += add;
        }
    }
}
