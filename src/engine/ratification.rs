//! Who must confirm a signature or a part at home (`core.md` 11).
//!
//! A ratifier as *constraint* votes: what it refuses is not in force. A ratifier as *threat point* does not vote (Iida
//! 1993, Putnam 1988): its actor weighs what it may lose at home, so that a package is worth R P + (1 - R) Z to it, with
//! the chance R that the ratifier would carry it. Whoever forecasts the actor knows that, and nobody offers what a
//! ratifier would carry with a chance below `least_ratification`.

use super::continuation::Outlook;
use super::game::Game;
use super::setup::Setup;
use crate::model::{Model, Ratifier, RatifierRole};
use crate::num::logistic;

/// Whether a ratifier has a say in a package.
pub(super) fn concerns(model: &Model, ratifier: &Ratifier, package: usize) -> bool {
    ratifier.parts.is_none_or(|parts| model.packages.delivered_by[package] & parts != 0)
}

/// Whether a ratifier is asked to vote on a package.
pub(super) fn votes_on(model: &Model, ratifier: &Ratifier, package: usize) -> bool {
    ratifier.role == RatifierRole::Constraint && concerns(model, ratifier, package)
}

impl Outlook {
    /// Log odds of every ratifier for every candidate at the present state, and its chance before its mood is known.
    pub(super) fn count_support(&mut self, model: &Model, game: &mut Game) {
        let n = self.n_packages;
        for (index, ratifier) in model.ratifiers.iter().enumerate() {
            let voter = model.deliverers.len() + index;
            let mut tools = game.buffers.tools(&game.scalars);
            let threshold = tools.one(&ratifier.threshold, &game.world, 0);
            let slope = tools.one(&ratifier.slope, &game.world, 0);
            let row = &mut self.vote[voter * n..(voter + 1) * n];
            tools.many(&ratifier.support, &game.packages, n, row);
            for package in 0..model.packages.n_candidates {
                let z = (row[package] - threshold) / slope;
                row[package] = z;
                self.vote_chance[voter * n + package] = logistic(z);
            }
        }
    }

    /// Forecast ratification of every candidate, from the records of those who vote.
    pub(super) fn forecast_votes(&mut self, model: &Model, game: &Game) {
        let n = self.n_packages;
        self.ratification.fill(1.0);
        for (index, ratifier) in model.ratifiers.iter().enumerate() {
            let voter = model.deliverers.len() + index;
            for package in 0..model.packages.n_candidates {
                if votes_on(model, ratifier, package) {
                    let position = game.shocks.log_odds.position(self.vote[voter * n + package]);
                    self.ratification[package] *= game.shocks.voter_record[voter].below_at(position);
                }
            }
        }
    }

    /// What packages are worth to an actor that weighs what it may lose at home.
    pub(super) fn weigh_home(&mut self, model: &Model, setup: &Setup, game: &mut Game) {
        let n = self.n_packages;
        self.carried.fill(1.0);
        for (index, ratifier) in model.ratifiers.iter().enumerate() {
            if ratifier.role != RatifierRole::ThreatPoint {
                continue;
            }
            let voter = model.deliverers.len() + index;
            let actor = ratifier.of.index();
            for (package, carried) in self.carried[..model.packages.n_candidates].iter_mut().enumerate() {
                if concerns(model, ratifier, package) {
                    *carried = carried.min(self.vote_chance[voter * n + package]);
                }
            }
            for at in setup.first_node[actor]..setup.first_node[actor] + setup.nodes[actor] {
                let (z, value) = (self.z[at], game.keeping.value_mut(at));
                for (package, p) in value[..model.packages.n_candidates].iter_mut().enumerate() {
                    if concerns(model, ratifier, package) {
                        let carried = self.vote_chance[voter * n + package];
                        *p = carried * *p + (1.0 - carried) * z;
                    }
                }
            }
        }
    }
}
