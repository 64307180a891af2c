//! One fixed package at the start of a negotiation: what everybody makes of it, and whether it would be kept.
//!
//! Nothing is played: no lever moves and nobody offers. The numbers are those that the first step would be decided by if
//! nothing moved before it.

use super::keeping::Scope;
use super::security::{At, View};
use super::seen::disagreement_parts;
use super::valuation::{items_of, settle_clock};
use super::{Coordinates, Workspace, protocol, read_talks};
use crate::model::packages::Permits;
use crate::model::{Model, NamedPackage, Role};
use crate::rng::Streams;

/// Where a package is appraised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Every parameter at the value that stands for its distribution, every actor of its likeliest type.
    Central,
    /// As one replication draws them.
    Drawn(Coordinates),
}

/// What is to be said about one package.
#[derive(Clone, Debug, PartialEq)]
pub struct Appraisal {
    /// Every type of every actor, in model order; continuous types at their true value alone.
    pub holdings: Vec<Holding>,
    /// Every attack.
    pub threats: Vec<Threat>,
    /// Yearly rates of hazards of a settled register, by index of the hazard.
    pub hazards: Vec<(usize, f64)>,
    /// Forecast probability of an attack within all nodes (8 years by default).
    pub attack_prob: f64,
    /// The same within 60 months.
    pub attack_prob_60m: f64,
    /// Chance that each deliverer consents, by index; those it needs nothing from are absent.
    pub consent: Vec<(usize, f64)>,
    /// Chance that each ratifier confirms it; empty where it is no candidate for an offer.
    pub ratification: Vec<f64>,
    /// Whose no would stop it: signatories that prefer to go on, bodies and votes whose forecast is hopeless.
    pub blockers: Vec<Blocker>,
}

/// What a package is worth to one type of an actor. Flows, average points per step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holding {
    /// The actor.
    pub actor: usize,
    /// Its type, by index.
    pub type_index: usize,
    /// Public belief in that type.
    pub belief: f64,
    /// Whether it is the true one.
    pub is_true: bool,
    /// The terms as they are now, for ever and kept.
    pub terms: f64,
    /// P: with what will become of them.
    pub package: f64,
    /// C: going on without it.
    pub continuation: f64,
    /// Z.
    pub disagreement: f64,
    /// Its summands: terms in force, war, endings, the end of foresight, optimism.
    pub parts: [f64; 5],
    /// What an answer compares P with: C, or an outside option where that is better.
    pub against: f64,
}

/// One attack on the package's register.
#[derive(Clone, Debug, PartialEq)]
pub struct Threat {
    /// Deterrent strength with the guarantors' true wills, in the first year.
    pub g: f64,
    /// As believed.
    pub g_hat: f64,
    /// As believed, at each node.
    pub g_hat_by_node: Vec<f64>,
    /// As believed if one guarantee did not answer, by index of the guarantee.
    pub without: Vec<(usize, f64)>,
    /// Chance a year, or expected acts a year of pressure, at each node given peace until then.
    pub hazard: Vec<f64>,
    /// The pooled form less the expected strength of those who answer: its mean-field error.
    pub mean_field_error: Option<f64>,
}

/// Somebody whose no stops a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// A signatory, by index of the actor.
    Signatory(usize),
    /// A deliverer, by index.
    Deliverer(usize),
    /// A ratifier, by index.
    Ratifier(usize),
}

/// Index of the valued package with these options, if it is valued at all.
#[must_use]
pub fn package_with(model: &Model, options: &[u16]) -> Option<usize> {
    (0..model.packages.n_settled).find(|&package| model.packages.options_of(model.issues.len(), package) == options)
}

/// Index of the package with these options; the model lists it afterwards if it did not before, at the end of what it had.
/// Workspaces must be made, and other packages looked up, after this.
pub fn listed(model: &mut Model, options: &[u16]) -> usize {
    if let Some(package) = package_with(model, options) {
        return package;
    }
    let mut permitted = vec![options.to_vec()];
    Permits::of(model).retain(&mut permitted);
    let mut candidates: Vec<Vec<u16>> = model.candidates().map(<[u16]>::to_vec).collect();
    candidates.extend(permitted);
    model.named_packages.push(NamedPackage { id: String::new(), options: options.to_vec(), reference: false });
    model.relist(candidates);
    package_with(model, options).expect("the package was listed")
}

/// Appraises one package of `model`, for which `workspace` must have been made.
///
/// # Panics
/// When the model does not have the package.
#[must_use]
pub fn appraise(model: &Model, start: Start, package: usize, workspace: &mut Workspace) -> Appraisal {
    appraise_all(model, start, &[package], workspace).pop().expect("one package has one appraisal")
}

/// Appraises several packages at the same start.
#[must_use]
pub fn appraise_all(model: &Model, start: Start, packages: &[usize], workspace: &mut Workspace) -> Vec<Appraisal> {
    open(model, start, workspace);
    let everybody = vec![true; model.actors.len()];
    let Workspace { setup, game, .. } = &mut *workspace;
    let items = items_of((model, setup), &game.utility, &game.irrevocable, &game.settled_rates);
    let beliefs = &game.beliefs.node;
    let scope = Scope { model, setup, utility: &game.utility, beliefs, known: None };
    game.keeping.value_all(&scope, &items, &everybody);
    packages.iter().map(|&package| judge(model, package, workspace)).collect()
}

/// One package at a start that has been valued.
fn judge(model: &Model, package: usize, workspace: &mut Workspace) -> Appraisal {
    let Workspace { setup, game, .. } = &mut *workspace;
    let stride = setup.n_items;
    let settled = model.hazards.iter().enumerate().filter(|(_, hazard)| hazard.when_settled);
    let hazards = settled.map(|(index, _)| (index, game.settled_rates[index * stride + package])).collect();
    let threats = (0..model.attacks.len()).map(|attack| threat(model, attack, package, workspace)).collect();
    let holdings = holdings(model, package, workspace);
    let Workspace { game, outlook, .. } = &*workspace;
    let candidate = package < model.packages.n_candidates;
    let asked = |voter: &usize| candidate && model.packages.delivered_by[package] & (1 << voter) != 0;
    let chance = |voter: usize| outlook.vote_chance[voter * outlook.n_packages + package];
    let first = model.deliverers.len();
    let consent = (0..first).filter(asked).map(|voter| (voter, chance(voter))).collect();
    let ratifiers = if candidate { 0..model.ratifiers.len() } else { 0..0 };
    let mut appraisal = Appraisal {
        holdings,
        threats,
        hazards,
        attack_prob: game.keeping.attack_prob[package],
        attack_prob_60m: game.keeping.attack_prob_60m[package],
        consent,
        ratification: ratifiers.map(|index| chance(first + index)).collect(),
        blockers: Vec::new(),
    };
    appraisal.blockers = blockers(model, &appraisal, workspace);
    appraisal
}

/// What every package is worth to each actor at its true type at the start, `[actor][package]`, flows.
#[must_use]
pub fn values(model: &Model, start: Start, workspace: &mut Workspace) -> Vec<Vec<f64>> {
    open(model, start, workspace);
    let Workspace { setup, game, .. } = &*workspace;
    let node = |actor: usize| setup.first_node[actor] + game.nodes.truth[actor];
    (0..model.actors.len()).map(|actor| game.keeping.value(node(actor))[..setup.n_static].to_vec()).collect()
}

/// Values the start of a negotiation.
pub(super) fn open(model: &Model, start: Start, workspace: &mut Workspace) {
    let Workspace { setup, game, outlook, recognition, expected, .. } = workspace;
    let (central, at) = match start {
        Start::Central => (true, Coordinates { seed: 0, replication: 0 }),
        Start::Drawn(at) => (false, at),
    };
    game.central = central;
    let streams = Streams { seed: at.seed, replication: at.replication };
    game.deal(model, setup, &streams);
    game.central = false;
    outlook.forget();
    outlook.coalitions.deal(model, &streams);
    let rules = protocol::of(model);
    rules.recognition(model, game, recognition);
    rules.expected(model, game, recognition, expected);
    let talks = read_talks(model, game, rules, 0);
    game.revalue(model, setup, 0, true);
    outlook.forecast(model, setup, game, &talks, expected);
    outlook.ask_about_all(model, setup, game, &talks);
}

fn holdings(model: &Model, package: usize, workspace: &Workspace) -> Vec<Holding> {
    let Workspace { setup, game, outlook, .. } = workspace;
    let mut out = Vec::new();
    for actor in 0..model.actors.len() {
        let truth = game.nodes.truth[actor];
        for node in 0..setup.nodes[actor] {
            let named = matches!(&model.actors[actor].types, crate::model::Types::Named(_));
            if !named && node != truth {
                continue;
            }
            let at = setup.first_node[actor] + node;
            out.push(Holding {
                actor,
                type_index: if named { node } else { 0 },
                belief: if named { game.beliefs.node[at] } else { 1.0 },
                is_true: node == truth,
                terms: game.utility.packages(at)[package],
                package: game.keeping.value(at)[package] + game.supply_adds(at, package),
                continuation: outlook.c[at],
                disagreement: outlook.z[at],
                parts: disagreement_parts(setup, game, outlook, (actor, node)),
                against: outlook.against[at],
            });
        }
    }
    out
}

/// One attack on the package: who answers it as believed and in truth, and how likely it is.
fn threat(model: &Model, attack: usize, package: usize, workspace: &mut Workspace) -> Threat {
    let declared = &model.attacks[attack];
    let sub = model.packages.security_of[package] as usize;
    let nodes = declared.nodes.len();
    let g_hat_by_node: Vec<f64> = (0..nodes).map(|node| workspace.game.security.g_hat.row(attack, node)[sub]).collect();
    let hazard = (0..nodes).map(|node| workspace.game.keeping.yearly_chance(model, attack, node, package)).collect();
    let beliefs = workspace.game.beliefs.profile.clone();
    let believed = View::Believed(&beliefs);
    let mut without = Vec::new();
    for id in &declared.answered_by {
        workspace.game.review.security.left_out = Some(id.index());
        without.push((id.index(), strength(model, attack, package, believed, workspace).0));
    }
    workspace.game.review.security.left_out = None;
    let (g, _) = strength(model, attack, package, View::True, workspace);
    let (pooled, exact) = strength(model, attack, package, believed, workspace);
    let mean_field_error = exact.map(|exact| pooled - exact);
    Threat { g, g_hat: g_hat_by_node[0], g_hat_by_node, without, hazard, mean_field_error }
}

/// Strength of the package's guarantee in its first year, and its exact expectation over who answers.
fn strength(
    model: &Model,
    attack: usize,
    package: usize,
    view: View<'_>,
    workspace: &mut Workspace,
) -> (f64, Option<f64>) {
    let Workspace { setup, game, .. } = workspace;
    let lanes = &mut game.review.lanes;
    lanes.spread(&game.world, 1);
    let options = model.packages.options_of(model.issues.len(), package);
    for (issue, (&option, declared)) in options.iter().zip(&model.issues).enumerate() {
        lanes.set(model.layout.issues + issue as u32, 0, declared.options[usize::from(option)].number);
    }
    settle_clock(model, lanes, 1);
    let at = At { model, setup, nodes: &game.nodes, world: &game.world };
    let mut tools = game.buffers.tools(&game.scalars);
    let security = &mut game.review.security;
    security.revalue(&at, view, lanes, &mut tools, 1);
    let strength = security.g_hat.row(attack, 0)[0];
    security.muster(&at, attack, view, lanes, &mut tools);
    let exact = security.exact_strength(&at, attack, lanes, &mut tools);
    (strength, exact)
}

/// Whose no is to be expected.
fn blockers(model: &Model, appraisal: &Appraisal, workspace: &mut Workspace) -> Vec<Blocker> {
    let game = &mut workspace.game;
    let talks = read_talks(model, game, protocol::of(model), 0);
    let refuses = |holding: &&Holding| {
        let signs = model.actors[holding.actor].role == Role::Signatory;
        signs && holding.is_true && holding.package < holding.against - 1e-12
    };
    let signatories = appraisal.holdings.iter().filter(refuses).map(|holding| Blocker::Signatory(holding.actor));
    let hopeless = appraisal.consent.iter().filter(|(_, chance)| *chance < talks.least_consent);
    let votes = appraisal.ratification.iter().enumerate().filter(|(_, chance)| **chance < talks.least_ratification);
    signatories
        .chain(hopeless.map(|&(voter, _)| Blocker::Deliverer(voter)))
        .chain(votes.map(|(index, _)| Blocker::Ratifier(index)))
        .collect()
}
