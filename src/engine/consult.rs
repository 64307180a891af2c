//! What deals are worth without a deliverer's parts (`core.md` 10), found only for those whose consent somebody asks for.
//!
//! A deliverer compares a deal with no deal and with the same deal without its part. The first is valued in every step,
//! the last would triple the list: it is valued when it is asked for, a batch at a time, and forgotten with the step.

use super::game::Game;
use super::imposed::{Readers, Trial};
use super::setup::Setup;
use crate::model::Model;

/// Registers that are valued at once.
pub(super) const BATCH: usize = 64;

/// Packages beyond those that are valued in every step, as publicly expected.
#[derive(Clone, Debug)]
pub(super) struct Consult {
    /// Packages valued in every step.
    first: usize,
    /// Whether a package has been asked for since the last valuation.
    asked: Vec<bool>,
    /// Those asked for and not valued yet.
    wanted: Vec<u32>,
    /// Public expectation of P, `[actor * packages + package - first]`.
    public: Vec<f64>,
    /// Whoever delivers.
    readers: Readers,
    trial: Trial,
}

impl Consult {
    /// None if every package is valued in every step.
    pub(super) fn new(model: &Model, setup: &Setup) -> Option<Box<Self>> {
        let first = model.packages.n_settled;
        let n = model.packages.keys.len() - first;
        let delivers = |actor: usize| setup.members.iter().flatten().any(|&(member, _)| member == actor);
        (n > 0).then(|| {
            Box::new(Self {
                first,
                asked: vec![false; n],
                wanted: Vec::with_capacity(n),
                public: vec![0.0; model.actors.len() * n],
                readers: Readers::of(model, setup, (0..model.actors.len()).map(delivers).collect()),
                trial: Trial::new(model, setup, BATCH.min(n)),
            })
        })
    }

    /// Values what is wanted, for every deliverer or for one actor if it delivers.
    fn value(&mut self, model: &Model, setup: &Setup, game: &mut Game, only: Option<usize>) {
        if only.is_some_and(|actor| !self.readers.keeps(actor)) {
            return;
        }
        let n = self.asked.len();
        for batch in self.wanted.chunks(self.trial.width) {
            self.trial.value_listed((model, setup), game, batch, &self.readers);
            for actor in (0..model.actors.len()).filter(|&actor| self.readers.keeps(actor)) {
                if only.is_some_and(|only| only != actor) {
                    continue;
                }
                let nodes = setup.first_node[actor]..setup.first_node[actor] + setup.nodes[actor];
                for (lane, &package) in batch.iter().enumerate() {
                    let package = package as usize;
                    let mut sum = 0.0;
                    for node in nodes.clone() {
                        let weight = game.beliefs.node[node];
                        if weight != 0.0 {
                            let value = self.trial.keeping.value(node)[lane] + game.supply_adds(node, package);
                            sum += weight * value;
                        }
                    }
                    self.public[actor * n + package - self.first] = sum;
                }
            }
        }
    }
}

impl Game {
    /// Forgets what was asked for: values have changed.
    pub(super) fn forget_consulted(&mut self) {
        if let Some(consult) = &mut self.consult {
            consult.asked.fill(false);
        }
    }

    /// Asks for a package that is not valued in every step.
    pub(super) fn ask_for(&mut self, package: usize) {
        let Some(consult) = &mut self.consult else { return };
        let Some(at) = package.checked_sub(consult.first) else { return };
        if !std::mem::replace(&mut consult.asked[at], true) {
            consult.wanted.push(package as u32);
        }
    }

    /// Values what was asked for.
    pub(super) fn value_wanted(&mut self, model: &Model, setup: &Setup) {
        let Some(mut consult) = self.consult.take() else { return };
        if !consult.wanted.is_empty() {
            consult.value(model, setup, self, None);
            self.in_every_mind(|game, actor| consult.value(model, setup, game, Some(actor)));
            consult.wanted.clear();
        }
        self.consult = Some(consult);
    }

    /// Public expectation of P, by a deliverer, of a package that was asked for.
    pub(super) fn consulted(&self, actor: usize, package: usize) -> f64 {
        let consult = self.consult.as_ref().expect("a package beyond those always valued was asked for");
        consult.public[actor * consult.asked.len() + package - consult.first]
    }
}
