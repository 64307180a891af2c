//! Type nodes: the named types of an actor, or the cell edges of a continuous private type plus its true value.

use super::lanes::Lanes;
use super::setup::{CELLS, Setup};
use crate::model::{Model, Types};

/// Values of the nodes of continuous types and which node is true.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    /// Value of each type node; the index for named types.
    value: Vec<f64>,
    /// True node of each actor.
    pub(super) truth: Vec<usize>,
}

impl Nodes {
    pub(super) fn new(model: &Model, setup: &Setup) -> Self {
        let mut value = vec![0.0; setup.n_nodes];
        for (actor, declared) in model.actors.iter().enumerate() {
            let first = setup.first_node[actor];
            for node in 0..setup.nodes[actor] {
                value[first + node] = match &declared.types {
                    Types::Named(_) => node as f64,
                    Types::Continuous { distribution, .. } => match node {
                        0 => distribution.low(),
                        CELLS => distribution.high(),
                        _ if node < CELLS => distribution.quantile(node as f64 / CELLS as f64),
                        _ => distribution.central(),
                    },
                };
            }
        }
        Self { value, truth: vec![0; model.actors.len()] }
    }

    /// Value of a node: a type index, or the private number.
    pub(super) fn value(&self, setup: &Setup, actor: usize, node: usize) -> f64 {
        self.value[setup.first_node[actor] + node]
    }

    /// Sets the true value of a continuous private type.
    pub(super) fn set_truth(&mut self, setup: &Setup, actor: usize, private: f64) {
        self.value[setup.first_node[actor] + CELLS + 1] = private;
        self.truth[actor] = CELLS + 1;
    }

    /// Writes an actor's type node into the first `n` lanes.
    pub(super) fn place(&self, model: &Model, setup: &Setup, actor: usize, node: usize, lanes: &mut Lanes, n: usize) {
        let value = self.value(setup, actor, node);
        lanes.row_mut(slot(model, actor))[..n].fill(value);
    }

    /// Writes one lane's joint profile.
    pub(super) fn place_profile(&self, model: &Model, setup: &Setup, profile: usize, lanes: &mut Lanes, lane: usize) {
        for actor in 0..setup.nodes.len() {
            lanes.set(slot(model, actor), lane, self.value(setup, actor, setup.node(profile, actor)));
        }
    }

    /// Writes an actor's type in a joint profile into one lane.
    pub(super) fn place_one(
        &self,
        model: &Model,
        setup: &Setup,
        (actor, profile): (usize, usize),
        lanes: &mut Lanes,
        lane: usize,
    ) {
        lanes.set(slot(model, actor), lane, self.value(setup, actor, setup.node(profile, actor)));
    }

    /// Share of a cell's probability that lies below the point a `share` of the way along it.
    pub(super) fn mass_below(&self, model: &Model, setup: &Setup, actor: usize, cell: usize, share: f64) -> f64 {
        let Types::Continuous { distribution, .. } = &model.actors[actor].types else { return share };
        let (low, high) = (self.value(setup, actor, cell), self.value(setup, actor, cell + 1));
        let (from, to) = (distribution.cdf(low), distribution.cdf(high));
        let at = distribution.cdf(low + share * (high - low));
        if to > from { ((at - from) / (to - from)).clamp(0.0, 1.0) } else { share }
    }

    /// Puts the true value back.
    pub(super) fn restore(model: &Model, actor: usize, world: &Lanes, lanes: &mut Lanes, n: usize) {
        let at = slot(model, actor);
        lanes.row_mut(at)[..n].fill(world.get(at, 0));
    }
}

/// Lane slot of an actor's type or private number.
pub(super) fn slot(model: &Model, actor: usize) -> u32 {
    match &model.actors[actor].types {
        Types::Named(_) => model.layout.types + actor as u32,
        Types::Continuous { slot, .. } => *slot,
    }
}
