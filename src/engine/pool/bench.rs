//! Any packages, valued at one state of one negotiation.

use std::collections::BTreeMap;

use super::super::continuation::{Outlook, Talks};
use super::super::game::Game;
use super::super::setup::Setup;
use super::super::{dynamics, protocol, read_talks};
use crate::model::packages::{self, Package};
use crate::model::{Model, Packages, Security};
use crate::num::{exp, ln_1p};
use crate::rng::Streams;

/// Packages that are valued at once.
const WIDTH: usize = 256;

/// A copy of a model whose list of packages is filled anew for each valuation.
#[derive(Clone, Debug)]
pub(super) struct Bench {
    pub(super) model: Model,
    pub(super) setup: Setup,
    pub(super) game: Game,
    pub(super) outlook: Outlook,
    pub(super) talks: Talks,
    pub(super) recognition: Vec<f64>,
    /// Some permitted package.
    pub(super) home: Package,
    status_quo: Package,
    width: usize,
    step: usize,
}

/// What a package is worth, `[type node]`, then the log chances that deliverers consent and that ratifiers vote for it.
pub(super) type Row = Vec<f64>;

/// Packages that have been valued at the present state, in the order in which they were.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    at: BTreeMap<Package, u32>,
    packages: Vec<Package>,
    delivered: Vec<u64>,
    rows: Vec<Row>,
}

impl Known {
    /// How many they are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Number of a package that was valued.
    pub(super) fn number(&self, package: &[u16]) -> usize {
        self.at[package] as usize
    }

    /// The package of a number.
    pub(super) fn package(&self, number: usize) -> &Package {
        &self.packages[number]
    }

    /// What is known of it, and its deliverers.
    pub(super) fn row(&self, number: usize) -> (&[f64], u64) {
        (&self.rows[number], self.delivered[number])
    }

    fn insert(&mut self, package: &Package, row: Row, delivered: u64) {
        self.at.insert(package.clone(), self.rows.len() as u32);
        self.packages.push(package.clone());
        self.delivered.push(delivered);
        self.rows.push(row);
    }
}

/// Where a negotiation stands.
#[derive(Clone, Copy)]
pub(super) enum Spot<'a> {
    /// At the start, every drawn parameter at the quantile given for its path.
    Level(&'a dyn Fn(&crate::model::Scalar) -> f64),
    /// After so many steps of a replication without talks.
    After { streams: Streams, steps: usize },
}

impl Bench {
    pub(super) fn new(model: &Model) -> Self {
        let mut model = model.clone();
        let width = WIDTH.max(2 * (model.deliverers.len() + 2));
        let status_quo = model.status_quo();
        let home = model.candidates().next().map_or_else(|| status_quo.clone(), <[u16]>::to_vec);
        let read = model.security.issues.iter().map(|issue| model.issues[issue.index()].options.len());
        let combinations = read.fold(1, |product: usize, n| product.saturating_mul(n)).min(width);
        blank(&mut model, &status_quo, width);
        model.security.representative = vec![0; combinations];
        let setup = Setup::new(&model);
        let mut game = Game::new(&model, &setup);
        // What is compared are the terms themselves.
        game.imposed = None;
        Self {
            game,
            outlook: Outlook::new(&model, &setup),
            talks: Talks::default(),
            recognition: vec![0.0; model.actors.len()],
            setup,
            home,
            status_quo,
            model,
            width,
            step: 0,
        }
    }

    /// Puts the negotiation there and values disagreement.
    pub(super) fn settle(&mut self, spot: Spot<'_>) {
        let status_quo = self.status_quo.clone();
        self.list(std::slice::from_ref(&status_quo));
        let Self { model, setup, game, .. } = self;
        match spot {
            Spot::Level(level) => {
                game.deal_at(model, setup, &Streams { seed: 0, replication: 0 }, level);
                self.step = 0;
            }
            Spot::After { streams, steps } => {
                game.deal(model, setup, &streams);
                for step in 1..=steps {
                    dynamics::tick(model, &mut game.world, 1);
                    game.move_state(model, &streams, step as u64);
                    game.shocks.carry(model, setup, &streams, step as u64);
                }
                self.step = steps;
            }
        }
        let rules = protocol::of(&self.model);
        protocol::anybody(&self.model, &mut self.game, &mut self.recognition);
        self.talks = read_talks(&self.model, &mut self.game, rules, self.step);
        self.game.revalue(&self.model, &self.setup, self.step, true);
        self.forecast();
    }

    /// Forecasts with these candidates alone: predicted deal and continuation.
    pub(super) fn forecast_with(&mut self, candidates: &[Package]) {
        self.list(candidates);
        self.game.revalue_packages(&self.model, &self.setup, true);
        self.forecast();
    }

    fn forecast(&mut self) {
        let Self { model, setup, game, outlook, talks, recognition, .. } = self;
        outlook.forecast(model, setup, game, talks, recognition);
    }

    /// Values those packages that are not known yet.
    pub(super) fn value<'p>(&mut self, wanted: impl IntoIterator<Item = &'p Package>, known: &mut Known) {
        let mut batch: Vec<Package> = Vec::new();
        let mut listed = 1;
        for package in wanted {
            if known.at.contains_key(package) || batch.contains(package) {
                continue;
            }
            let parts = packages::delivered_by(&self.model.issues, package).count_ones() as usize;
            let more = 2 * (1 + parts);
            if listed + more > self.width {
                self.value_batch(&batch, known);
                batch.clear();
                listed = 1;
            }
            listed += more;
            batch.push(package.clone());
        }
        if !batch.is_empty() {
            self.value_batch(&batch, known);
        }
    }

    fn value_batch(&mut self, batch: &[Package], known: &mut Known) {
        // Truces and side deals have been valued; they are not asked about here.
        self.setup.n_valued = self.list(batch);
        let Self { model, setup, game, outlook, talks, .. } = self;
        game.revalue_packages(model, setup, true);
        outlook.poll(model, setup, game, talks);
        setup.n_valued = setup.n_items;
        for (at, package) in batch.iter().enumerate() {
            let row = self.row(at);
            known.insert(package, row, self.model.packages.delivered_by[at]);
        }
    }

    /// What the valuation says of a listed package.
    fn row(&self, at: usize) -> Row {
        let Self { model, setup, game, outlook, .. } = self;
        let mut row: Row = (0..setup.n_nodes).map(|node| game.keeping.value(node)[at]).collect();
        let (mut consent, mut ratification) = (0.0, 0.0);
        for voter in 0..setup.n_voters {
            let log_chance = log_logistic(outlook.vote[voter * setup.n_items + at]);
            if voter >= model.deliverers.len() {
                ratification += log_chance;
            } else if model.packages.delivered_by[at] >> voter & 1 == 1 {
                consent += log_chance;
            }
        }
        row.push(consent);
        row.push(ratification);
        row
    }

    /// Puts these candidates at the head of the list and what they are compared with behind them: first what is valued as a
    /// settlement, the status quo last of it, then what is only left when revocable options go. Returns how many they are;
    /// behind them stands what stood there before, and is not looked at.
    fn list(&mut self, candidates: &[Package]) -> usize {
        let issues = &self.model.issues;
        let mut list = List::of(candidates);
        let mut without = vec![Vec::with_capacity(candidates.len()); self.model.deliverers.len()];
        for (at, package) in candidates.iter().enumerate() {
            let parts = packages::delivered_by(issues, package);
            for (deliverer, row) in without.iter_mut().enumerate() {
                row.push(match parts >> deliverer & 1 {
                    0 => at as u32,
                    _ => list.position(packages::without(issues, package, deliverer)),
                });
            }
        }
        let status_quo = list.position(self.status_quo.clone());
        let n_settled = list.packages.len();
        let mut revoked = Vec::with_capacity(self.width);
        while revoked.len() < list.packages.len() {
            let reduced = packages::revoked(issues, &list.packages[revoked.len()]);
            revoked.push(list.position(reduced));
        }
        let n_listed = list.packages.len();
        debug_assert!(n_listed <= self.width, "the caller counts what a batch is compared with");
        let packages = &mut self.model.packages;
        packages.n_candidates = candidates.len();
        packages.status_quo = status_quo;
        packages.without = without;
        packages.revoked[..n_listed].copy_from_slice(&revoked);
        packages.n_settled = n_settled;
        self.setup.n_settled = n_settled;
        if self.game.register < self.width {
            self.game.register = status_quo as usize;
        }
        self.write(&list.packages);
        n_listed
    }

    fn write(&mut self, listed: &[Package]) {
        let Model { issues, packages: list, security: Security { issues: read, representative }, .. } = &mut self.model;
        let mut combinations: BTreeMap<Package, u32> = BTreeMap::new();
        representative.clear();
        for (at, package) in listed.iter().enumerate() {
            list.options[at * issues.len()..(at + 1) * issues.len()].copy_from_slice(package);
            if at < list.n_candidates {
                list.delivered_by[at] = packages::delivered_by(issues, package);
            }
            if at < list.n_settled {
                let key: Package = read.iter().map(|issue| package[issue.index()]).collect();
                list.security_of[at] = *combinations.entry(key).or_insert_with(|| {
                    representative.push(at as u32);
                    representative.len() as u32 - 1
                });
            }
        }
        self.game.registers.relist(&self.model);
    }
}

/// Packages, each once.
struct List {
    packages: Vec<Package>,
    at: BTreeMap<Package, u32>,
}

impl List {
    fn of(packages: &[Package]) -> Self {
        Self { packages: packages.to_vec(), at: packages.iter().cloned().zip(0..).collect() }
    }

    /// Where a package stands, at the end if it was not listed.
    fn position(&mut self, package: Package) -> u32 {
        if let Some(&at) = self.at.get(&package) {
            return at;
        }
        let at = self.packages.len() as u32;
        self.packages.push(package.clone());
        self.at.insert(package, at);
        at
    }
}

/// A list of `width` packages, all of them the status quo.
fn blank(model: &mut Model, status_quo: &[u16], width: usize) {
    model.packages = Packages {
        n_candidates: 1,
        n_settled: width,
        n_known: width,
        options: status_quo.repeat(width),
        keys: vec![0; width],
        security_of: vec![0; width],
        delivered_by: vec![0; width],
        without: vec![vec![0; width]; model.deliverers.len()],
        revocable: vec![false; width],
        revoked: vec![0; width],
        status_quo: width as u32 - 1,
    };
}

/// ln L(x), exact in both tails.
pub(super) fn log_logistic(x: f64) -> f64 {
    if x < 0.0 { x - ln_1p(exp(x)) } else { -ln_1p(exp(-x)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    /// What is said of packages of the flagship that are valued together.
    fn rows(bench: &mut Bench, packages: &[Package]) -> Vec<Vec<u64>> {
        let mut known = Known::default();
        bench.value(packages, &mut known);
        let bits = |package: &Package| known.row(known.number(package)).0.iter().map(|value| value.to_bits()).collect();
        packages.iter().map(bits).collect()
    }

    #[test]
    fn a_package_is_worth_the_same_alone_and_in_any_company() {
        let loaded = source::load("ukraine-2025", &[], &[]).expect("it ships");
        let mut bench = Bench::new(&loaded.model);
        let steps = 12;
        bench.settle(Spot::After { streams: Streams { seed: 3, replication: 1 }, steps });
        let all: Vec<Package> = loaded.model.candidates().step_by(9).map(<[u16]>::to_vec).collect();
        assert!(all.len() > 40, "they take several batches");
        let together = rows(&mut bench, &all);
        let mut backwards: Vec<Package> = all.clone();
        backwards.reverse();
        let mut again = rows(&mut bench, &backwards);
        again.reverse();
        assert_eq!(together, again);
        for (package, row) in all.iter().zip(&together).step_by(7) {
            assert_eq!(&rows(&mut bench, std::slice::from_ref(package))[0], row);
        }
        // Nor does it matter which deal everybody expects.
        bench.forecast_with(&all[5..6]);
        assert_eq!(together, rows(&mut bench, &all));
        let kinds: BTreeMap<&Vec<u64>, usize> = together.iter().zip(0..).collect();
        assert!(kinds.len() > all.len() / 2, "they differ");
    }
}
