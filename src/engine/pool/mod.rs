//! Candidates for a space of packages that is too large to list: a static pool (`core.md` 10, last paragraph).
//!
//! At several settings of the parameters (all low, central, high, and two mixtures) an ascent from several starts looks
//! for the predicted deal and for the best offers of everybody who may propose. All packages valued on the way are ranked
//! for each of these aims, and the pool takes the best of each ranking in turn. A pure function of the model; it knows
//! neither a seed nor a replication.

mod bench;
mod exact;
mod score;
mod search;

pub use exact::{Miss, Missed, Probe, missed};

use std::collections::BTreeSet;

use crate::model::packages::{Package, Permits};
use crate::model::{Model, Scalar};
use crate::rng::{Purpose, Streams};
use bench::{Bench, Spot};
use score::Aim;
use search::{Search, neighbours};

/// Version of the way pools are made; part of their key.
pub const VERSION: u32 = 1;
/// Fewest packages of a pool, if the rules permit so many.
const FEWEST: usize = 200;
/// Most packages of a pool, however many candidates are allowed.
const MOST: usize = 1000;
/// Starts that are drawn at each setting.
const WANDERERS: u64 = 4;
/// Best known packages from which the ascent for each further aim starts.
const HEADSTARTS: usize = 2;

/// Where parameters stand while packages are looked for.
#[derive(Clone, Copy, Debug)]
enum Setting {
    /// All at one quantile.
    Even(f64),
    /// Each at a quantile of its own, drawn once and for all.
    Mixed(u64),
}

const SETTINGS: [Setting; 5] =
    [Setting::Even(0.5), Setting::Even(0.1), Setting::Even(0.9), Setting::Mixed(1), Setting::Mixed(2)];

impl Setting {
    fn quantile(self, scalar: &Scalar) -> f64 {
        match self {
            Self::Even(quantile) => quantile,
            Self::Mixed(number) => {
                let streams = Streams { seed: 0, replication: number };
                streams.draw(scalar.entity, Purpose::Search, 0).unit()
            }
        }
    }
}

/// A pool for `model`, in the order of its options: at most as many packages as it may list, all of them permitted.
#[must_use]
pub fn build(model: &Model) -> Vec<Package> {
    let mut bench = Bench::new(model);
    let most = model.space.most.min(MOST);
    let mut rankings = Vec::new();
    for setting in SETTINGS {
        let spot = Spot::Level(&|scalar: &Scalar| setting.quantile(scalar));
        let mut search = Search::at(spot, &mut bench, Permits::of(model));
        let aims = explore(&mut search, model);
        rankings.extend(aims.into_iter().map(|aim| search.ranking(aim, most)));
    }
    let mut pool = BTreeSet::new();
    pool.extend(named(model));
    let longest = rankings.iter().map(Vec::len).max().unwrap_or(0);
    for rank in 0..longest {
        for ranking in &rankings {
            if pool.len() < most
                && let Some(package) = ranking.get(rank)
            {
                pool.insert(package.clone());
            }
        }
    }
    fill(model, &mut pool, FEWEST.min(most));
    pool.into_iter().collect()
}

/// Looks for everything that is sought at one setting, and returns what that was.
fn explore(search: &mut Search<'_>, model: &Model) -> Vec<Aim> {
    let mut starts: Vec<Package> = named(model);
    starts.extend((0..WANDERERS).map(|number| search.wander(number)));
    let mut found: Vec<(f64, Package)> = starts.iter().map(|start| search.climb(Aim::Nash, start)).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    if let Some((_, deal)) = found.first() {
        search.predict(deal);
    }
    let aims = search.aims();
    for &aim in &aims {
        let starts: Vec<Package> = search.ranking(aim, HEADSTARTS);
        for start in starts {
            search.climb(aim, &start);
        }
    }
    aims
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
