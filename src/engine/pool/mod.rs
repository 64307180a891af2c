//! Candidates for a space of packages that is too large to list: a static pool (`core.md` 10, last paragraph).
//!
//! At several settings an ascent from several starts looks for the predicted deal and for the best offers of everybody who
//! may propose: all parameters low, central and high at the start of the talks, and a sample of replications at the start
//! and after some war. All packages valued on the way are ranked for each of these aims, and the pool takes the best of
//! each ranking in turn: what is best somewhere comes before what is second best anywhere. A pure function of the model:
//! the sample is its own, whatever seed is played.

mod bench;
mod exact;
mod score;
mod search;

pub use exact::{Miss, Missed, Probe, missed};

use std::collections::BTreeSet;

use crate::model::packages::{Package, Permits};
use crate::model::{Model, Scalar};
use crate::rng::Streams;
use bench::{Bench, Spot};
use score::Aim;
use search::{Search, neighbours};

/// Version of the way pools are made; part of their key.
pub const VERSION: u32 = 1;
/// Fewest packages of a pool, if the rules permit so many.
const FEWEST: usize = 200;
/// Starts that are drawn at each level.
const WANDERERS: u64 = 4;
/// Best known packages from which the ascent for each aim starts.
const HEADSTARTS: usize = 2;
/// Quantiles of all parameters at which candidates are looked for first.
const LEVELS: [f64; 3] = [0.5, 0.1, 0.9];
/// Replications at which they are looked for then.
const SAMPLE: u64 = 100;
/// So many of the packages found last are tried as starts in each of them.
const RECENT: usize = 80;
/// Their seed; runs have seeds of their own.
const SEED: u64 = 0x0070_6f6f_6c00;

/// A pool for `model`, in the order of its options: at most as many packages as it may list, all of them permitted.
#[must_use]
pub fn build(model: &Model) -> Vec<Package> {
    let most = model.space.pool;
    let mut bench = Bench::new(model);
    let mut found = Found { most, ..Found::default() };
    for level in LEVELS {
        let spot = Spot::Level(&|_: &Scalar| level);
        let mut search = Search::at(spot, &mut bench, Permits::of(model));
        let mut starts: Vec<Package> = named(model);
        starts.extend((0..WANDERERS).map(|number| search.wander(number)));
        let aims = search.deal(&starts);
        found.explore(&mut search, &aims, HEADSTARTS);
    }
    let horizon = model.clock.horizon_steps;
    for replication in 0..SAMPLE {
        let streams = Streams { seed: SEED, replication };
        let steps = [0, horizon / 3, 2 * horizon / 3][replication as usize % 3];
        let mut search = Search::at(Spot::After { streams, steps }, &mut bench, Permits::of(model));
        search.value_all(&found.best[found.best.len().saturating_sub(RECENT)..]);
        let starts = search.ranking(Aim::Nash, 1);
        search.deal(&starts);
        let aims = search.true_aims();
        found.explore(&mut search, &aims, 1);
    }
    let mut pool = found.choose(named(model));
    fill(model, &mut pool, FEWEST.min(most));
    pool.into_iter().collect()
}

/// What was found at the settings so far.
#[derive(Clone, Debug, Default)]
struct Found {
    most: usize,
    /// The best for every aim at every setting, the latest last.
    best: Vec<Package>,
    /// The best of every aim at every setting, best first.
    rankings: Vec<Vec<Package>>,
}

impl Found {
    /// Looks for what is sought at one setting, for each aim from the best `headstarts` of the packages known there.
    fn explore(&mut self, search: &mut Search<'_>, aims: &[Aim], headstarts: usize) {
        for &aim in aims {
            for start in search.ranking(aim, headstarts) {
                let (_, best) = search.climb(aim, &start);
                self.best.push(best);
            }
        }
        self.rankings.extend(aims.iter().map(|&aim| search.ranking(aim, self.most)));
    }

    /// These packages, and the first of every ranking, then the second, until there are enough.
    fn choose(&self, always: Vec<Package>) -> BTreeSet<Package> {
        let mut pool: BTreeSet<Package> = always.into_iter().collect();
        for rank in 0..self.most {
            for package in self.rankings.iter().filter_map(|ranking| ranking.get(rank)) {
                if pool.len() >= self.most {
                    return pool;
                }
                pool.insert(package.clone());
            }
        }
        pool
    }
}

/// The permitted packages among the named ones and the status quo.
fn named(model: &Model) -> Vec<Package> {
    let mut named: Vec<Package> = model.named_packages.iter().map(|package| package.options.clone()).collect();
    named.push(model.status_quo());
    named.extend(model.candidates().take(1).map(<[u16]>::to_vec));
    Permits::of(model).retain(&mut named);
    named
}

/// Adds permitted neighbours until there are `fewest`, or no more to be found.
fn fill(model: &Model, pool: &mut BTreeSet<Package>, fewest: usize) {
    let mut permits = Permits::of(model);
    let mut queue: Vec<Package> = pool.iter().cloned().collect();
    let mut next = 0;
    while pool.len() < fewest && next < queue.len() {
        for package in neighbours(model, &mut permits, &queue[next].clone()) {
            if pool.len() < fewest && pool.insert(package.clone()) {
                queue.push(package);
            }
        }
        next += 1;
    }
}
