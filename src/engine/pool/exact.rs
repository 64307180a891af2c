//! How often the best package of a space is not among a model's candidates.

use super::bench::{Bench, Spot};
use super::score::Aim;
use super::search::Search;
use crate::id::ActorId;
use crate::model::Model;
use crate::model::packages::{Package, Permits};
use crate::num::exp;
use crate::rng::Streams;

/// A space of at most so many combinations is looked through; a larger one is climbed.
const LOOK_THROUGH: u128 = 20_000;
/// Starts of the ascent in a larger one.
const STARTS: u64 = 64;
/// A candidate that is worse by so small a share is as good.
const SAME: f64 = 1e-6;

/// Where the best is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Seed of the run.
    pub seed: u64,
    /// Replication.
    pub replication: u64,
    /// Steps of war without talks before it.
    pub steps: usize,
}

/// What was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missed {
    /// The predicted deal.
    Deal,
    /// The best offer of an actor of its true type.
    Offer(ActorId),
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Miss {
    /// What was compared.
    pub what: Missed,
    /// Share of the best objective that the best candidate falls short of, 0 if it is the best.
    pub loss: f64,
    /// The same, were the packages that differ from the best candidate in one option, or in a declared pair, candidates
    /// too.
    pub near: f64,
    /// Whether all permitted packages were looked at; else 64 ascents.
    pub complete: bool,
}

/// Compares the best candidate with the best permitted package, for the predicted deal and for every proposer. What
/// nobody would sign or offer anyway is left out.
#[must_use]
pub fn missed(model: &Model, probe: Probe) -> Vec<Miss> {
    let mut bench = Bench::new(model);
    let mut permits = Permits::of(model);
    let complete = permits.combinations() <= LOOK_THROUGH;
    let all = if complete { permits.enumerate(usize::MAX, u64::MAX).0 } else { Vec::new() };
    let streams = Streams { seed: probe.seed, replication: probe.replication };
    let mut search = Search::at(Spot::After { streams, steps: probe.steps }, &mut bench, permits);
    let candidates: Vec<Package> = model.candidates().map(<[u16]>::to_vec).collect();
    search.value_all(&candidates);
    let mut out = Vec::new();
    let (_, deal) = search.best(Aim::Nash, &candidates).expect("a model has candidates");
    // Everybody expects what the candidates offer; the question is who could do better alone.
    search.predict(&deal);
    for aim in search.true_aims() {
        let what = match aim {
            Aim::Nash | Aim::NashIf { .. } => Missed::Deal,
            Aim::Offer { actor, .. } => Missed::Offer(ActorId::new(actor)),
        };
        let (score, package) = search.best(aim, &candidates).expect("a model has candidates");
        let (best, best_package) = if complete {
            search.value_all(&all);
            search.best(aim, &all).expect("the candidates are permitted")
        } else {
            search.climb_from_everywhere(aim, &package)
        };
        if search.counts(aim, &best_package) {
            let loss = |search: &Search<'_>, score: f64, package: &Package| {
                let reached = if search.counts(aim, package) { exp(score - best).min(1.0) } else { 0.0 };
                if 1.0 - reached <= SAME { 0.0 } else { 1.0 - reached }
            };
            let first = loss(&search, score, &package);
            let here = (score, package);
            let (score, package) = search.step(aim, &here).unwrap_or(here);
            out.push(Miss { what, loss: first, near: first.min(loss(&search, score, &package)), complete });
        }
    }
    out
}

impl Search<'_> {
    fn counts(&self, aim: Aim, package: &Package) -> bool {
        self.scale.counts(aim, self.known.row(self.known.number(package)).0)
    }

    fn climb_from_everywhere(&mut self, aim: Aim, best: &Package) -> (f64, Package) {
        let mut found = self.climb(aim, best);
        for number in 1..STARTS {
            let start = self.wander(1_000 + number);
            let other = self.climb(aim, &start);
            if other.0 > found.0 {
                found = other;
            }
        }
        found
    }
}
