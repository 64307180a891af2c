//! What a step's offers and answers are likely to be, as exact chances rather than draws.

use super::appraise::{self, Start};
use super::continuation::{Outlook, Talks};
use super::game::Game;
use super::setup::Setup;
use super::{Coordinates, Workspace, protocol, read_talks};
use crate::model::{Model, Role, Tactic};
use crate::num::exp;

/// Times that the chance of agreement is taken halfway to what follows from it, at most.
const ROUNDS: usize = 400;
/// It has settled when it moves less than this.
const SETTLED: f64 = 1e-14;

/// An offer that may be made in the first step.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// Who makes it.
    pub by: usize,
    /// Index of the package.
    pub package: usize,
    /// Chance that it is made, 0–1; what is missing to 1 over all offers is silence.
    pub chance: f64,
    /// Chance that everybody says yes to it, 0–1, as the proposer forecasts it.
    pub accepted: f64,
    /// What it is worth to each actor at its true type, a flow.
    pub worth: Vec<f64>,
}

/// Every offer that may be made in the first step of a replication, by proposer and package.
///
/// `workspace` must have been made for this `model`.
#[must_use]
pub fn opening(model: &Model, at: Coordinates, workspace: &mut Workspace) -> Vec<Offered> {
    appraise::open(model, Start::Drawn(at), workspace);
    let Workspace { setup, game, outlook, recognition, .. } = workspace;
    let talks = read_talks(model, game, protocol::of(model), 0);
    let mut found = Vec::new();
    for (by, &recognised) in recognition.iter().enumerate() {
        weigh(outlook, (model, setup, game), by, &talks, |game, package, chance, accepted| {
            let node = |actor: usize| setup.first_node[actor] + game.nodes.truth[actor];
            let worth = (0..model.actors.len()).map(|actor| game.keeping.value(node(actor))[package]).collect();
            let chance = talks.offer_chance * recognised * chance;
            found.push(Offered { by, package, chance, accepted, worth });
        });
    }
    found
}

/// The chance of agreement a step that the choices have which follow from it: halfway from 1, again and again.
pub(super) fn settle_delay(
    outlook: &mut Outlook,
    (model, setup, game): (&Model, &Setup, &mut Game),
    talks: &Talks,
    recognition: &[f64],
    target: usize,
) -> f64 {
    let mut chance = 1.0;
    for _ in 0..ROUNDS {
        outlook.chance = chance;
        outlook.wait_for(model, setup, game, talks, target);
        let mut agreed = 0.0;
        for (by, &recognised) in recognition.iter().enumerate().filter(|(_, recognised)| **recognised > 0.0) {
            weigh(outlook, (model, setup, game), by, talks, |_, _, chance, accepted| {
                agreed += recognised * chance * accepted;
            });
        }
        let next = f64::midpoint(chance, talks.offer_chance * agreed);
        let moved = (next - chance).abs();
        chance = next;
        if moved < SETTLED {
            break;
        }
    }
    chance
}

/// Visits what `by` may offer, with the chance of each offer and the forecast that all others say yes.
fn weigh(
    outlook: &mut Outlook,
    (model, setup, game): (&Model, &Setup, &mut Game),
    by: usize,
    talks: &Talks,
    mut visit: impl FnMut(&Game, usize, f64, f64),
) {
    let logit = matches!(model.tactics[by], Some(Tactic::Logit { .. }));
    let declared = match &model.tactics[by] {
        Some(Tactic::Logit { offers, .. }) => offers,
        _ => &model.behaviour.offer_precision,
    };
    let precision = game.buffers.tools(&game.scalars).one(declared, &game.world, 0);
    let at = setup.first_node[by] + game.nodes.truth[by];
    let own = outlook.c[at].max(outlook.outside[at]);
    let mut weights = std::mem::take(&mut outlook.weights);
    weights.clear();
    let mediates = model.actors[by].role == Role::Mediator;
    for &item in &outlook.open {
        let package = item as usize;
        let parties = setup.parties_of(model, package);
        if !outlook.passes(package, talks) || !(mediates || parties.contains(&by)) {
            continue;
        }
        let others = parties.iter().filter(|&&actor| actor != by);
        let yes: f64 = others.map(|&actor| outlook.acceptance(model, setup, game, actor, package)).product();
        let accepted = yes * outlook.consent[package] * outlook.ratification[package];
        let gain = accepted * (game.keeping.value(at)[package] - own);
        if gain > 0.0 || logit {
            weights.push((package, gain, accepted));
        }
    }
    let best = weights.iter().fold(f64::NEG_INFINITY, |best, &(_, gain, _)| best.max(gain));
    let weight = |gain: f64| exp(precision * if logit { gain - best } else { gain / best - 1.0 });
    let total: f64 = weights.iter().map(|&(_, gain, _)| weight(gain)).sum();
    for &(package, gain, accepted) in &weights {
        visit(game, package, weight(gain) / total, accepted);
    }
    outlook.weights = weights;
}
