//! What makes a package worth having among the candidates: the predicted deal (`core.md` 8) and the best offers (10).

use super::bench::{Bench, log_logistic};
use crate::model::Model;
use crate::num::{exp, ln};

/// Gains below this are scored along the tangent of the logarithm, so that every package can be compared.
const LEAST_GAIN: f64 = 1e-3;
/// Misjudgement below this is scored as if it were this, so that chances have a slope everywhere.
const LEAST_NOISE: f64 = 2e-3;
/// Slope at which a logistic curve is next to a normal one.
const NORMAL_SLOPE: f64 = 1.702;

/// What is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aim {
    /// The predicted deal, with everybody's types as believed.
    Nash,
    /// The predicted deal, were it certain that an actor has a type.
    NashIf { actor: usize, node: usize },
    /// The best offer of an actor of a type.
    Offer { actor: usize, node: usize },
}

/// Numbers of one state that scores need besides the rows of packages.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    /// First type node of each actor, and one past the last.
    first_node: Vec<usize>,
    /// Public belief of each type node.
    belief: Vec<f64>,
    /// Z by type node.
    z: Vec<f64>,
    /// Outside option by type node.
    outside: Vec<f64>,
    /// Weight of each actor in the predicted deal; zero unless it signs.
    omega: Vec<f64>,
    signs: Vec<bool>,
    /// Voice of each actor as a deliverer, and the deliverers that it belongs to.
    voice: Vec<(f64, u64)>,
    /// Logs of the least consent and ratification.
    least: [f64; 2],
    /// What an answer compares with, and the noise of the answer, by type node.
    against: Vec<f64>,
    noise: Vec<f64>,
    /// C by type node.
    continuation: Vec<f64>,
}

impl Scale {
    /// Reads them from the last forecast.
    pub(super) fn read(bench: &mut Bench) -> Self {
        let Bench { model, setup, game, outlook, talks, .. } = bench;
        let actors = model.actors.len();
        let voices: Vec<f64> = (0..actors)
            .map(|actor| game.buffers.tools(&game.scalars).one(&model.actors[actor].voice, &game.world, 0))
            .collect();
        let belongs = |actor: usize| {
            let of = |(bits, members): (usize, &Vec<(usize, f64)>)| {
                u64::from(members.iter().any(|&(member, _)| member == actor)) << bits
            };
            setup.members.iter().enumerate().map(of).fold(0, |all, bit| all | bit)
        };
        let signs: Vec<bool> = (0..actors).map(|actor| setup.signatories.contains(&actor)).collect();
        let noise = (0..actors)
            .flat_map(|actor| (0..setup.nodes[actor]).map(move |node| (actor, node)))
            .map(|(actor, node)| {
                (outlook.sigma[actor] * outlook.scale[setup.first_node[actor] + node]).max(LEAST_NOISE)
            })
            .collect();
        let mut first_node = setup.first_node.clone();
        first_node.push(setup.n_nodes);
        Self {
            first_node,
            belief: game.beliefs.node.clone(),
            z: outlook.z.clone(),
            outside: outlook.outside.clone(),
            omega: (0..actors).map(|actor| if signs[actor] { outlook.omega[actor] } else { 0.0 }).collect(),
            signs,
            voice: (0..actors).map(|actor| (voices[actor], belongs(actor))).collect(),
            least: [ln(talks.least_consent.max(1e-12)), ln(talks.least_ratification.max(1e-12))],
            against: outlook.against.clone(),
            noise,
            continuation: outlook.c.clone(),
        }
    }

    /// Everything that is sought at this state: types that nobody believes in are left out.
    pub(super) fn aims(&self, model: &Model, recognition: &[f64]) -> Vec<Aim> {
        let mut aims = vec![Aim::Nash];
        let believed = |actor: usize| {
            let nodes = self.first_node[actor + 1] - self.first_node[actor];
            (0..nodes).filter(move |node| self.belief[self.first_node[actor] + node] > 0.01)
        };
        for actor in 0..model.actors.len() {
            // A continuous type has many nodes; its lowest, its middle and its highest stand for the rest.
            let mut nodes: Vec<usize> = believed(actor).collect();
            if nodes.len() > 4 {
                nodes = vec![nodes[0], nodes[nodes.len() / 2], nodes[nodes.len() - 1]];
            }
            if self.signs[actor] && nodes.len() > 1 {
                aims.extend(nodes.iter().map(|&node| Aim::NashIf { actor, node }));
            }
            if recognition[actor] > 0.0 {
                aims.extend(nodes.iter().map(|&node| Aim::Offer { actor, node }));
            }
        }
        aims
    }

    /// How well a package serves an aim: a logarithm, of the product of gains or of the expected gain of an offer.
    pub(super) fn score(&self, aim: Aim, row: &[f64], delivered: u64) -> f64 {
        let n = self.belief.len();
        let (consent, ratification) = (row[n], row[n + 1]);
        match aim {
            Aim::Nash => self.nash(row, None, delivered) + self.votes(consent, ratification),
            Aim::NashIf { actor, node } => {
                self.nash(row, Some((actor, node)), delivered) + self.votes(consent, ratification)
            }
            Aim::Offer { actor, node } => {
                let at = self.first_node[actor] + node;
                let others = (0..self.signs.len()).filter(|&other| other != actor && self.signs[other]);
                let yes: f64 = others.map(|other| self.log_yes(other, row)).sum();
                let own = row[at] - self.continuation[at].max(self.outside[at]);
                log_gain(own) + yes + consent + ratification + self.votes(consent, ratification)
            }
        }
    }

    /// Whether the engine would count a package among those that it aims at.
    pub(super) fn counts(&self, aim: Aim, row: &[f64]) -> bool {
        let n = self.belief.len();
        let passes = row[n] >= self.least[0] && row[n + 1] >= self.least[1];
        let worth = |actor: usize| {
            let gain = self.gain(actor, row, None);
            let span = self.first_node[actor]..self.first_node[actor + 1];
            let outside: f64 = span.clone().map(|at| self.belief[at] * self.outside[at].max(-1e9)).sum();
            let value: f64 = span.map(|at| self.belief[at] * row[at]).sum();
            gain > 0.0 && value >= outside
        };
        passes
            && match aim {
                Aim::Nash | Aim::NashIf { .. } => (0..self.signs.len()).filter(|&a| self.signs[a]).all(worth),
                Aim::Offer { actor, node } => {
                    let at = self.first_node[actor] + node;
                    row[at] > self.continuation[at].max(self.outside[at])
                }
            }
    }

    /// What forecast consent and ratification lack, in logs, times a steep price.
    fn votes(&self, consent: f64, ratification: f64) -> f64 {
        2.0 * ((consent - self.least[0]).min(0.0) + (ratification - self.least[1]).min(0.0))
    }

    /// P - Z as the public expects it, or at one type.
    fn gain(&self, actor: usize, row: &[f64], only: Option<usize>) -> f64 {
        let first = self.first_node[actor];
        if let Some(node) = only {
            return row[first + node] - self.z[first + node];
        }
        (first..self.first_node[actor + 1]).map(|at| self.belief[at] * (row[at] - self.z[at])).sum()
    }

    fn nash(&self, row: &[f64], certain: Option<(usize, usize)>, delivered: u64) -> f64 {
        let mut score = 0.0;
        for actor in 0..self.signs.len() {
            let only = certain.filter(|&(certain, _)| certain == actor).map(|(_, node)| node);
            if self.signs[actor] {
                // Nobody's loss is free, even where its chance to propose is nil.
                score += self.omega[actor].max(0.02) * log_gain(self.gain(actor, row, only));
            }
            let (voice, deliverers) = self.voice[actor];
            if voice > 0.0 && delivered & deliverers != 0 {
                let times = f64::from((delivered & deliverers).count_ones());
                score += voice * times * ln(self.gain(actor, row, None).max(LEAST_GAIN));
            }
        }
        score
    }

    /// Log of the forecast chance that a signatory says yes.
    fn log_yes(&self, actor: usize, row: &[f64]) -> f64 {
        let span = self.first_node[actor]..self.first_node[actor + 1];
        let log_yes = |at: usize| log_logistic(NORMAL_SLOPE * (row[at] - self.against[at]) / self.noise[at]);
        let highest = span.clone().map(log_yes).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = span.map(|at| self.belief[at] * exp(log_yes(at) - highest)).sum();
        highest + ln(sum.max(1e-300))
    }
}

/// ln of a gain, and its tangent where the gain is small or negative.
fn log_gain(gain: f64) -> f64 {
    if gain > LEAST_GAIN { ln(gain) } else { ln(LEAST_GAIN) + gain / LEAST_GAIN - 1.0 }
}
