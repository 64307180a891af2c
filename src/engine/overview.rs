//! The start of a negotiation as everybody sees it: what each valued package is worth to every type, and how every vote on
//! it would go. Nothing is played.

use super::Workspace;
use super::appraise::{Start, open};
use super::keeping::Scope;
use super::seen::disagreement_parts;
use super::valuation::items_of;
use crate::model::{Model, RatifierRole, Types};

/// One type of one actor at the start.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Index of the actor.
    pub actor: usize,
    /// Index of the type; 0 for a continuous one.
    pub type_index: usize,
    /// Public belief in the type.
    pub belief: f64,
    /// P of each valued package, a flow.
    pub values: Vec<f64>,
    /// What an answer compares P with: going on, or an outside option where that is better.
    pub against: f64,
    /// Z.
    pub disagreement: f64,
    /// Its summands: terms in force, war, endings, the end of foresight, optimism.
    pub parts: [f64; 5],
}

/// Everything at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// Every type of every actor, in model order; of continuous types the true value alone.
    pub nodes: Vec<Node>,
    /// Chance of each yes, `votes[deliverers, then ratifiers][candidate]`.
    votes: Vec<Vec<f64>>,
    n_deliverers: usize,
}

impl Overview {
    /// Index of the valued package with these options, if it is valued.
    #[must_use]
    pub fn package(&self, model: &Model, options: &[u16]) -> Option<usize> {
        super::appraise::package_with(model, options)
    }

    /// Chance that a ratifier confirms a package as a settlement; none where nobody may offer it, or it does not vote.
    #[must_use]
    pub fn vote(&self, model: &Model, ratifier: usize, package: usize) -> Option<f64> {
        let declared = &model.ratifiers[ratifier];
        let asked = declared.role == RatifierRole::Constraint
            && declared.confirms[model.settlement]
            && declared.parts.is_none_or(|parts| model.packages.delivered_by[package] & parts != 0);
        self.votes[self.n_deliverers + ratifier].get(package).copied().filter(|_| asked)
    }

    /// Least chance of any consent that a candidate needs, and of any vote on it; 1 where nobody is asked.
    #[must_use]
    pub fn passage(&self, model: &Model, candidate: usize) -> [f64; 2] {
        let asked = |voter: &usize| model.packages.delivered_by[candidate] & (1 << voter) != 0;
        let consent = (0..self.n_deliverers).filter(asked).map(|voter| self.votes[voter][candidate]);
        let votes = (0..model.ratifiers.len()).filter_map(|ratifier| self.vote(model, ratifier, candidate));
        [consent.fold(1.0, f64::min), votes.fold(1.0, f64::min)]
    }
}

/// Looks at the start of a negotiation of `model`, for which `workspace` must have been made.
#[must_use]
pub fn overview(model: &Model, start: Start, workspace: &mut Workspace) -> Overview {
    open(model, start, workspace);
    let everybody = vec![true; model.actors.len()];
    let Workspace { setup, game, outlook, .. } = &mut *workspace;
    let items = items_of((model, setup), &game.utility, &game.irrevocable, &game.settled_rates);
    let scope = Scope { model, setup, utility: &game.utility, beliefs: &game.beliefs.node, known: None };
    game.keeping.value_all(&scope, &items, &everybody);
    let mut nodes = Vec::new();
    for (actor, declared) in model.actors.iter().enumerate() {
        let named = matches!(&declared.types, Types::Named(_));
        for node in (0..setup.nodes[actor]).filter(|&node| named || node == game.nodes.truth[actor]) {
            let at = setup.first_node[actor] + node;
            let value = |package: usize| game.keeping.value(at)[package] + game.supply_adds(at, package);
            nodes.push(Node {
                actor,
                type_index: if named { node } else { 0 },
                belief: if named { game.beliefs.node[at] } else { 1.0 },
                values: (0..model.packages.n_settled).map(value).collect(),
                against: outlook.against[at],
                disagreement: outlook.z[at],
                parts: disagreement_parts(setup, game, outlook, (actor, node)),
            });
        }
    }
    let voters = model.deliverers.len() + model.ratifiers.len();
    let chances = |voter: usize| {
        let first = voter * outlook.n_packages;
        outlook.vote_chance[first..first + model.packages.n_candidates].to_vec()
    };
    Overview { nodes, votes: (0..voters).map(chances).collect(), n_deliverers: model.deliverers.len() }
}
