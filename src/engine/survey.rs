//! What every listed outcome is worth to everybody who must sign, before anybody has said anything.

use super::appraise::{Start, open};
use super::{Coordinates, Workspace};
use crate::model::Model;

/// The bargaining problem at the start of a negotiation.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// Actors whose yes the settlement needs, in declared order.
    pub parties: Vec<usize>,
    /// P of every candidate to each of them at its true type.
    pub values: Vec<Vec<f64>>,
    /// What each of them gets without an agreement: Z, or its outside option if that is more.
    pub reserves: Vec<f64>,
}

/// Values the candidates at the start of a replication.
///
/// `workspace` must have been made for this `model`.
#[must_use]
pub fn survey(model: &Model, at: Coordinates, workspace: &mut Workspace) -> Survey {
    open(model, Start::Drawn(at), workspace);
    let Workspace { setup, game, outlook, .. } = workspace;
    let node = |actor: &usize| setup.first_node[*actor] + game.nodes.truth[*actor];
    let candidates = model.packages.n_candidates;
    let rows: Vec<Vec<f64>> =
        setup.signatories.iter().map(|actor| game.keeping.value(node(actor))[..candidates].to_vec()).collect();
    let reserve = |actor: &usize| outlook.z[node(actor)].max(outlook.outside[node(actor)]);
    Survey {
        reserves: setup.signatories.iter().map(reserve).collect(),
        parties: setup.signatories.clone(),
        values: rows,
    }
}
