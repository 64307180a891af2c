//! Actors that take a parameter for something else than it is (`core.md` 13).
//!
//! Such an actor values packages and disagreement with its own numbers, everything computed from them included; its
//! answers, offers and lever reviews rest on that. The others know what it believes, and forecast it so. The world runs
//! on the true parameters: state, hazards and attacks as they happen, costs as they are paid. How it weighs an attack in
//! the years after a signature is taken from the true numbers too.

use super::game::Game;
use super::keeping::Keeping;
use super::lanes::Lanes;
use super::path::{PENDING, Path};
use super::security::Security;
use super::setup::Setup;
use super::truce::Truce;
use super::utility::Utility;
use crate::model::{Conviction, Model, ScalarSource};

/// The valuations of one actor with convictions of its own: what is exchanged with those of the game.
#[derive(Clone, Debug)]
pub(super) struct Mind {
    actor: usize,
    scalars: Vec<f64>,
    utility: Utility,
    security: Security,
    keeping: Keeping,
    review_keeping: Keeping,
    path: Path,
    truce: Truce,
    lapse: Vec<f64>,
    packages: Lanes,
    combos: Lanes,
    spare: Lanes,
    irrevocable: Vec<f64>,
    settled_rates: Vec<f64>,
}

/// One mind for each actor with convictions, with buffers like those of `game`.
pub(super) fn minds_of(model: &Model, game: &Game) -> Vec<Mind> {
    let believers = model.actors.iter().enumerate().filter(|(_, actor)| !actor.believes.is_empty());
    believers
        .map(|(actor, _)| {
            let mut path = game.path.clone();
            path.pending.reserve(PENDING);
            let mut truce = game.truce.clone();
            truce.path.pending.reserve(PENDING);
            Mind {
                actor,
                scalars: game.scalars.clone(),
                utility: game.utility.clone(),
                security: game.security.clone(),
                keeping: game.keeping.clone(),
                review_keeping: game.review.keeping.clone(),
                path,
                truce,
                lapse: game.lapse.clone(),
                packages: game.packages.clone(),
                combos: game.combos.clone(),
                spare: game.spare.clone(),
                irrevocable: game.irrevocable.clone(),
                settled_rates: game.settled_rates.clone(),
            }
        })
        .collect()
}

impl Mind {
    /// Makes room for so many parameters.
    pub(super) fn resize(&mut self, scalars: usize) {
        self.scalars.resize(scalars, 0.0);
    }

    /// Exchanges its valuations with those of the game; a second time puts both back.
    fn exchange(&mut self, game: &mut Game) {
        use std::mem::swap;
        swap(&mut self.scalars, &mut game.scalars);
        swap(&mut self.utility, &mut game.utility);
        swap(&mut self.security, &mut game.security);
        swap(&mut self.keeping, &mut game.keeping);
        swap(&mut self.review_keeping, &mut game.review.keeping);
        swap(&mut self.path, &mut game.path);
        swap(&mut self.truce, &mut game.truce);
        swap(&mut self.lapse, &mut game.lapse);
        swap(&mut self.packages, &mut game.packages);
        swap(&mut self.combos, &mut game.combos);
        swap(&mut self.spare, &mut game.spare);
        swap(&mut self.irrevocable, &mut game.irrevocable);
        swap(&mut self.settled_rates, &mut game.settled_rates);
    }
}

impl Game {
    /// Runs `work` for every believer, which it is told, with the valuations exchanged for its own.
    pub(super) fn in_every_mind(&mut self, mut work: impl FnMut(&mut Self, usize)) {
        let mut minds = std::mem::take(&mut self.minds);
        for mind in &mut minds {
            mind.exchange(self);
            work(self, mind.actor);
            mind.exchange(self);
        }
        self.minds = minds;
    }

    /// What every believer takes the parameters for, once they are drawn.
    pub(super) fn convince(&mut self, model: &Model) {
        let mut minds = std::mem::take(&mut self.minds);
        for mind in &mut minds {
            mind.scalars.copy_from_slice(&self.scalars);
            let convictions = &model.actors[mind.actor].believes;
            let mut tools = self.buffers.tools(&self.scalars);
            for Conviction { scalar, value } in convictions {
                let at = *scalar as usize;
                let bounds = &model.scalars[at];
                mind.scalars[at] = tools.one(value, &self.world, 0).clamp(bounds.low, bounds.high);
            }
            for (at, scalar) in model.scalars.iter().enumerate() {
                let ScalarSource::Computed(program) = &scalar.source else { continue };
                if convictions.iter().any(|conviction| conviction.scalar as usize == at) {
                    continue;
                }
                let value = program.eval_one(self.world.frame(&mind.scalars), 0, &mut self.buffers.stack);
                mind.scalars[at] = value.clamp(scalar.low, scalar.high);
            }
        }
        self.minds = minds;
    }

    /// Numbers that stay fixed for the replication, as every believer takes them.
    pub(super) fn fix_terms_in_minds(&mut self, model: &Model) {
        self.in_every_mind(|game, _| game.fix_terms(model));
    }

    /// Values everything as every believer does, and puts what it finds in the place of what it would find with the true
    /// numbers: its P and its Z.
    pub(super) fn revalue_in_minds(&mut self, model: &Model, setup: &Setup, step: usize) {
        // What is new in the register was noticed when the true values were taken, so everything is valued anew.
        self.in_every_mind(|game, _| game.revalue_as_it_is(model, setup, step, true));
        let minds = std::mem::take(&mut self.minds);
        for mind in &minds {
            let first = setup.first_node[mind.actor];
            for node in first..first + setup.nodes[mind.actor] {
                self.keeping.value_mut(node).copy_from_slice(mind.keeping.value(node));
            }
            self.path.adopt(&mind.path, first..first + setup.nodes[mind.actor]);
            self.truce.adopt(&mind.truce, mind.actor);
        }
        self.minds = minds;
    }

    /// Exchanges the valuations with those of an actor, if it has its own, or puts them back.
    pub(super) fn exchange_mind(&mut self, actor: usize) -> bool {
        let mut minds = std::mem::take(&mut self.minds);
        let own = minds.iter_mut().find(|mind| mind.actor == actor);
        let has_own = own.is_some();
        if let Some(mind) = own {
            mind.exchange(self);
        }
        self.minds = minds;
        has_own
    }
}
