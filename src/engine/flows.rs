//! Flows of an actor (`core.md` 3 and 7): what it enjoys in a step of war, of a truce or under a settlement.

use super::lanes::{Lanes, Tools, add};
use super::path::Plan;
use super::setup::Setup;
use crate::model::{Model, OptionValues, Value};

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
    shared: Shared,
    row: Vec<f64>,
    width: usize,
}

/// What is the same for all types of the actor at hand, as far as it is known.
#[derive(Clone, Debug)]
struct Shared {
    /// The flow without a deal, the war cost, then the terms, `[row * width + lane]`.
    rows: Vec<f64>,
    known: Vec<bool>,
    width: usize,
}

/// Rows of what types share: the flow without a deal, the war cost, the first term.
const FLOW: usize = 0;
const COST: usize = 1;
const TERMS: usize = 2;

impl Shared {
    /// A number in the first `n` lanes: worked out unless it is known at this row.
    fn row(&mut self, at: usize, value: &Value, (lanes, n): (&Lanes, usize), tools: &mut Tools<'_>) -> &[f64] {
        let row = &mut self.rows[at * self.width..at * self.width + n];
        if !std::mem::replace(&mut self.known[at], true) {
            tools.many(value, lanes, n, row);
        }
        row
    }

    /// A number that may depend on the type: one for all of them, or one each.
    fn typed(
        &mut self,
        (at, node): (usize, usize),
        values: &[Value],
        lanes: (&Lanes, usize),
        tools: &mut Tools<'_>,
    ) -> &[f64] {
        self.known[at] &= values.len() == 1;
        self.row(at, &values[node.min(values.len() - 1)], lanes, tools)
    }
}

impl Flows {
    pub(super) fn new(model: &Model, setup: &Setup, width: usize) -> Self {
        let rows = TERMS + model.actors.iter().map(|actor| actor.terms.len()).max().unwrap_or(0);
        Self {
            flow: vec![0.0; width],
            cost: vec![0.0; width],
            base: vec![0.0; setup.n_nodes * width],
            shared: Shared { rows: vec![0.0; rows * width], known: vec![false; rows], width },
            row: vec![0.0; width],
            width,
        }
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

    /// Works out flow and war cost of a type node at the state of each lane. Type nodes of an actor that are valued come one
    /// after the other at the same state, the first of them first.
    pub(super) fn of(
        &mut self,
        plan: &Plan<'_>,
        (actor, node): (usize, usize),
        lanes: &mut Lanes,
        tools: &mut Tools<'_>,
    ) {
        let Plan { model, setup, n, .. } = *plan;
        if setup.reads_own_type[actor] || node == plan.nodes_of(actor).start {
            self.shared.known.fill(false);
        }
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
        let Self { flow, cost, base, shared, row, width } = self;
        let first = (setup.first_node[actor] + node) * *width;
        let terms = |out: &mut [f64], row: &mut [f64], shared: &mut Shared, tools: &mut Tools<'_>| {
            out[..n].copy_from_slice(&base[first..first + n]);
            moving_terms(plan, (actor, node), lanes, (&mut *out, row), tools);
            for (index, term) in declared.terms.iter().enumerate().filter(|(_, term)| !term.reads_g) {
                if term.types.get(node).copied().unwrap_or(true) {
                    add(&mut out[..n], shared.row(TERMS + index, &term.value, (lanes, n), tools));
                }
            }
        };
        let lives_by_terms = declared.no_deal_flow.is_empty();
        if lives_by_terms {
            terms(flow, row, shared, tools);
        } else {
            flow[..n].copy_from_slice(shared.typed((FLOW, node), &declared.no_deal_flow, (lanes, n), tools));
        }
        if plan.truce && !lives_by_terms {
            let share = tools.one(&declared.truce_share, lanes, 0);
            terms(cost, row, shared, tools);
            for (flow, &kept) in flow[..n].iter_mut().zip(cost.iter()) {
                *flow = share * *flow + (1.0 - share) * kept;
            }
        }
        if declared.war_cost.is_empty() {
            cost[..n].fill(0.0);
        } else {
            cost[..n].copy_from_slice(shared.typed((COST, node), &declared.war_cost, (lanes, n), tools));
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
    add_terms(plan, (actor, node), plan.world, (out, row), tools);
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

/// Additive terms, with those that read G, which is in force.
fn add_terms(
    plan: &Plan<'_>,
    (actor, node): (usize, usize),
    lanes: &Lanes,
    (out, row): (&mut [f64], &mut [f64]),
    tools: &mut Tools<'_>,
) {
    let Plan { model, n, .. } = *plan;
    for term in &model.actors[actor].terms {
        if term.types.get(node).copied().unwrap_or(true) {
            tools.many(&term.value, lanes, n, row);
            add(&mut out[..n], row);
        }
    }
}
