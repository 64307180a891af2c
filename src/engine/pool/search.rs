//! Ascent over single options and pairs of them.

use std::collections::BTreeSet;

use super::bench::{Bench, Known, Spot};
use super::score::{Aim, Scale};
use crate::id::IssueId;
use crate::model::Model;
use crate::model::packages::{self, Package, Permits};
use crate::rng::{Entity, Purpose, Streams};

/// Pairs that are valued in a step of the ascent: those that promise the most where values add up.
const PAIRS: usize = 8;
/// Steps of one ascent; it ends far earlier.
const STEPS: usize = 60;
/// A step must gain so much.
const LEAST_STEP: f64 = 1e-9;

/// A search at one state.
pub(super) struct Search<'a> {
    pub(super) bench: &'a mut Bench,
    pub(super) permits: Permits<'a>,
    pub(super) known: Known,
    pub(super) scale: Scale,
}

/// One changed option.
#[derive(Clone, Copy, Debug)]
struct Change {
    issue: usize,
    option: u16,
}

impl<'a> Search<'a> {
    /// Begins at a state.
    pub(super) fn at(spot: Spot<'_>, bench: &'a mut Bench, permits: Permits<'a>) -> Self {
        bench.settle(spot);
        let scale = Scale::read(bench);
        Self { bench, permits, known: Known::default(), scale }
    }

    /// Lets answers be forecast as they would be with this predicted deal.
    pub(super) fn predict(&mut self, package: &Package) {
        self.bench.forecast_with(std::slice::from_ref(package));
        self.scale = Scale::read(self.bench);
    }

    /// Everything that is sought here.
    pub(super) fn aims(&self) -> Vec<Aim> {
        self.scale.aims(&self.bench.model, &self.bench.recognition)
    }

    /// Values packages.
    pub(super) fn value_all(&mut self, packages: &[Package]) {
        self.bench.value(packages, &mut self.known);
    }

    /// The score of a package, valued if need be.
    pub(super) fn score(&mut self, aim: Aim, package: &Package) -> f64 {
        self.bench.value([package], &mut self.known);
        self.known_score(aim, package)
    }

    fn known_score(&self, aim: Aim, package: &Package) -> f64 {
        let delivered = packages::delivered_by(&self.bench.model.issues, package);
        self.scale.score(aim, self.known.row(package), delivered)
    }

    /// From a permitted package to one that no single change and no likely pair of changes improves.
    pub(super) fn climb(&mut self, aim: Aim, start: &Package) -> (f64, Package) {
        let mut here = (self.score(aim, start), start.clone());
        for _ in 0..STEPS {
            match self.step(aim, &here.1).filter(|(score, _)| *score > here.0 + LEAST_STEP) {
                Some(better) => here = better,
                None => break,
            }
        }
        here
    }

    /// The best permitted package that differs from a valued one in one option, a declared pair or a likely one.
    pub(super) fn step(&mut self, aim: Aim, here: &Package) -> Option<(f64, Package)> {
        let singles = changes(&self.bench.model, &self.bench.model.space.open, here);
        let mut tried: Vec<Package> = singles.iter().map(|change| changed(here, &[*change])).collect();
        self.bench.value(&tried, &mut self.known);
        let pairs = self.likely_pairs(aim, here, &singles, &tried);
        self.bench.value(&pairs, &mut self.known);
        tried.extend(pairs);
        self.permits.retain(&mut tried);
        self.best(aim, &tried)
    }

    /// The best of some valued packages, the first of several.
    pub(super) fn best<'p>(&self, aim: Aim, among: impl IntoIterator<Item = &'p Package>) -> Option<(f64, Package)> {
        let mut best: Option<(f64, &Package)> = None;
        for package in among {
            let score = self.known_score(aim, package);
            if best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, package));
            }
        }
        best.map(|(score, package)| (score, package.clone()))
    }

    /// Pairs of changes that would be best if their effects added up, and all of the declared pairs.
    fn likely_pairs(&self, aim: Aim, here: &Package, singles: &[Change], neighbours: &[Package]) -> Vec<Package> {
        let base = self.known.row(here);
        let mut sum = vec![0.0; base.len()];
        let mut ranked: Vec<(f64, usize, usize)> = Vec::new();
        let mut pairs = BTreeSet::new();
        for (i, first) in singles.iter().enumerate() {
            for (j, second) in singles.iter().enumerate().skip(i + 1) {
                if first.issue == second.issue {
                    continue;
                }
                if self.declared(first.issue, second.issue) {
                    pairs.insert(changed(here, &[*first, *second]));
                    continue;
                }
                let (a, b) = (self.known.row(&neighbours[i]), self.known.row(&neighbours[j]));
                for (at, sum) in sum.iter_mut().enumerate() {
                    *sum = a[at] + b[at] - base[at];
                }
                let both = changed(here, &[*first, *second]);
                let delivered = packages::delivered_by(&self.bench.model.issues, &both);
                ranked.push((self.scale.score(aim, &sum, delivered), i, j));
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        pairs.extend(ranked.iter().take(PAIRS).map(|&(_, i, j)| changed(here, &[singles[i], singles[j]])));
        pairs.into_iter().collect()
    }

    fn declared(&self, first: usize, second: usize) -> bool {
        let (first, second) = (IssueId::new(first), IssueId::new(second));
        self.bench.model.space.pairs.iter().any(|&pair| pair == (first, second) || pair == (second, first))
    }

    /// A permitted package some way off the status quo, always the same for the same number.
    pub(super) fn wander(&mut self, number: u64) -> Package {
        let streams = Streams { seed: 0, replication: number };
        let mut draw = streams.draw(Entity::named("search"), Purpose::Search, 0);
        let mut here = self.bench.home.clone();
        for _ in 0..4 * here.len() {
            let steps = changes(&self.bench.model, &self.bench.model.space.open, &here);
            if steps.is_empty() {
                break;
            }
            let at = ((draw.unit() * steps.len() as f64) as usize).min(steps.len() - 1);
            let mut next = vec![changed(&here, &[steps[at]])];
            self.permits.retain(&mut next);
            here = next.pop().unwrap_or(here);
        }
        here
    }

    /// The best permitted packages of those that have been valued, best first.
    pub(super) fn ranking(&mut self, aim: Aim, most: usize) -> Vec<Package> {
        let mut ranked: Vec<(f64, Package)> =
            self.known.packages().map(|package| (self.known_score(aim, package), package.clone())).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut best: Vec<Package> = ranked.into_iter().map(|(_, package)| package).collect();
        self.permits.retain(&mut best);
        best.truncate(most);
        best
    }
}

/// Every change of one option.
fn changes(model: &Model, open: &[bool], here: &Package) -> Vec<Change> {
    let mut all = Vec::new();
    for (issue, declared) in model.issues.iter().enumerate().filter(|(issue, _)| open[*issue]) {
        let others = (0..declared.options.len() as u16).filter(|&option| option != here[issue]);
        all.extend(others.map(|option| Change { issue, option }));
    }
    all
}

fn changed(here: &Package, changes: &[Change]) -> Package {
    let mut package = here.clone();
    for change in changes {
        package[change.issue] = change.option;
    }
    package
}

/// Permitted packages that differ from `here` in one issue.
pub(super) fn neighbours(model: &Model, permits: &mut Permits<'_>, here: &Package) -> Vec<Package> {
    let mut near: Vec<Package> =
        changes(model, &model.space.open, here).iter().map(|change| changed(here, &[*change])).collect();
    permits.retain(&mut near);
    near
}
