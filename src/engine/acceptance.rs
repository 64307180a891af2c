//! Chances of a yes (`core.md` 9), from public beliefs and records.

use super::continuation::Outlook;
use super::game::{Game, Shocks};
use super::setup::{CELLS, Setup};
use crate::model::{Model, Types};
use crate::num::{exp, ln, logistic};

impl Outlook {
    /// Forecast chance that a signatory says yes to a package now, given beliefs and its record.
    pub(super) fn acceptance(&self, model: &Model, setup: &Setup, game: &Game, actor: usize, package: usize) -> f64 {
        let first = setup.first_node[actor];
        match &model.actors[actor].types {
            Types::Named(_) => (first..first + setup.nodes[actor])
                .map(|at| {
                    game.beliefs.node[at]
                        * self.yes_of_node(&game.shocks, at, self.sigma[actor], game.keeping.value(at)[package])
                })
                .sum(),
            Types::Continuous { .. } => (0..CELLS)
                .map(|cell| {
                    game.beliefs.cell[actor * CELLS + cell]
                        * self.yes_of_cell(model, setup, game, &Cell { actor, index: cell, package })
                })
                .sum(),
        }
    }

    /// Chance that a type node says yes to value `p`.
    pub(super) fn yes_of_node(&self, shocks: &Shocks, at: usize, sigma: f64, p: f64) -> f64 {
        let margin = p - self.against[at];
        if self.logit[at] > 0.0 {
            return logistic(self.logit[at] * margin);
        }
        let noise = sigma * self.scale[at];
        if noise <= 0.0 {
            return f64::from(u8::from(margin >= -1e-12));
        }
        shocks.record[at].below(margin / noise)
    }

    /// Chance that a type within a cell says yes: exact where the margin is linear in the type and nothing is misjudged.
    pub(super) fn yes_of_cell(&self, model: &Model, setup: &Setup, game: &Game, at: &Cell) -> f64 {
        let Cell { actor, index: cell, package } = *at;
        let (low, high) = (setup.first_node[actor] + cell, setup.first_node[actor] + cell + 1);
        let value = |at: usize| game.keeping.value(at)[package];
        if self.logit[low] > 0.0 {
            let score = |at: usize| self.logit[at] * (value(at) - self.against[at]);
            return mean_logistic(score(low), score(high));
        }
        if self.sigma[actor] > 0.0 {
            let sigma = self.sigma[actor];
            return 0.5
                * (self.yes_of_node(&game.shocks, low, sigma, value(low))
                    + self.yes_of_node(&game.shocks, high, sigma, value(high)));
        }
        let (m0, m1) = (value(low) - self.against[low], value(high) - self.against[high]);
        match (m0 >= -1e-12, m1 >= -1e-12) {
            (true, true) => 1.0,
            (false, false) => 0.0,
            (up_to, _) => {
                let share = (m0 / (m0 - m1)).clamp(0.0, 1.0);
                let below = game.nodes.mass_below(model, setup, actor, cell, share);
                if up_to { below } else { 1.0 - below }
            }
        }
    }
}

/// One cell of an actor's continuous type, and what it is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) actor: usize,
    pub(super) index: usize,
    pub(super) package: usize,
}

/// Mean of the logistic function between two arguments: its integral is ln(1 + exp z).
fn mean_logistic(from: f64, to: f64) -> f64 {
    if (to - from).abs() < 1e-6 {
        return logistic(f64::midpoint(from, to));
    }
    let integral = |z: f64| z.max(0.0) + ln(1.0 + exp(-z.abs()));
    (integral(to) - integral(from)) / (to - from)
}
