//! Ascent over single options and pairs of them.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Scores by aim and number of the package known; not a number where nobody has asked.
    scores: BTreeMap<Aim, Vec<f64>>,
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
        Self { bench, permits, known: Known::default(), scale, scores: BTreeMap::new() }
    }

    /// Looks for the predicted deal from these starts, and returns everything that is sought once it is expected.
    pub(super) fn deal(&mut self, starts: &[Package]) -> Vec<Aim> {
        let deals = starts.iter().map(|start| self.climb(Aim::Nash, start));
        if let Some((_, deal)) = deals.reduce(|best, other| if other.0 > best.0 { other } else { best }) {
            self.predict(&deal);
        }
        self.aims()
    }

    /// The predicted deal, and the best offer of every proposer of its true type.
    pub(super) fn true_aims(&self) -> Vec<Aim> {
        let proposers = self.bench.recognition.iter().enumerate().filter(|(_, chance)| **chance > 0.0);
        let offer = |(actor, _): (usize, &f64)| Aim::Offer { actor, node: self.bench.game.nodes.truth[actor] };
        std::iter::once(Aim::Nash).chain(proposers.map(offer)).collect()
    }

    /// Lets answers be forecast as they would be with this predicted deal.
    pub(super) fn predict(&mut self, package: &Package) {
        self.bench.forecast_with(std::slice::from_ref(package));
        self.scale = Scale::read(self.bench);
        self.scores.clear();
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

    fn known_score(&mut self, aim: Aim, package: &Package) -> f64 {
        self.score_of(aim, self.known.number(package))
    }

    /// The score of the package of this number.
    fn score_of(&mut self, aim: Aim, number: usize) -> f64 {
        let scores = self.scores.entry(aim).or_default();
        if scores.len() <= number {
            scores.resize(self.known.len(), f64::NAN);
        }
        if scores[number].is_nan() {
            let (row, delivered) = self.known.row(number);
            scores[number] = self.scale.score(aim, row, delivered);
        }
        scores[number]
    }

    /// From a permitted package to one that no single change and no likely pair of changes improves.
    pub(super) fn climb(&mut self, aim: Aim, start: &Package) -> (f64, Package) {
        let mut here = (self.score(aim, start), start.clone());
        for _ in 0..STEPS {
            match self.step(aim, &here) {
                Some(better) => here = better,
                None => break,
            }
        }
        here
    }

    /// The best permitted package that differs in one option from one that was valued, or else in a pair that is declared
    /// or likely; none if that is no better.
    pub(super) fn step(&mut self, aim: Aim, (score, here): &(f64, Package)) -> Option<(f64, Package)> {
        let least = score + LEAST_STEP;
        let singles = changes(&self.bench.model, &self.bench.model.space.open, here);
        let near: Vec<Package> = singles.iter().map(|change| changed(here, &[*change])).collect();
        self.bench.value(&near, &mut self.known);
        let mut tried = near.clone();
        self.permits.retain(&mut tried);
        let better = self.best(aim, &tried).filter(|(best, _)| *best > least);
        if better.is_some() {
            return better;
        }
        let mut pairs = self.likely_pairs(aim, here, &singles, &near);
        self.permits.retain(&mut pairs);
        self.bench.value(&pairs, &mut self.known);
        self.best(aim, &pairs).filter(|(best, _)| *best > least)
    }

    /// The best of some valued packages, the first of several.
    pub(super) fn best<'p>(
        &mut self,
        aim: Aim,
        among: impl IntoIterator<Item = &'p Package>,
    ) -> Option<(f64, Package)> {
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
        let row = |package: &Package| self.known.row(self.known.number(package)).0;
        let base = row(here);
        let rows: Vec<&[f64]> = neighbours.iter().map(row).collect();
        let mut sum = vec![0.0; base.len()];
        let mut both = here.clone();
        let mut ranked: Vec<(f64, usize, usize)> = Vec::with_capacity(singles.len() * singles.len() / 2);
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
                for (at, sum) in sum.iter_mut().enumerate() {
                    *sum = rows[i][at] + rows[j][at] - base[at];
                }
                (both[first.issue], both[second.issue]) = (first.option, second.option);
                let delivered = packages::delivered_by(&self.bench.model.issues, &both);
                (both[first.issue], both[second.issue]) = (here[first.issue], here[second.issue]);
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
        let mut ranked: Vec<(f64, usize)> =
            (0..self.known.len()).map(|number| (self.score_of(aim, number), number)).collect();
        let known = &self.known;
        let better = |a: &(f64, usize), b: &(f64, usize)| {
            b.0.total_cmp(&a.0).then_with(|| known.package(a.1).cmp(known.package(b.1)))
        };
        let mut best: Vec<Package> = Vec::new();
        // Many are forbidden: they were valued only for what they say of pairs.
        let mut rest = &mut ranked[..];
        while best.len() < most && !rest.is_empty() {
            let next = rest.len().min(2 * most);
            if next < rest.len() {
                rest.select_nth_unstable_by(next, better);
            }
            let (some, others) = rest.split_at_mut(next);
            some.sort_unstable_by(better);
            let mut some: Vec<Package> = some.iter().map(|(_, number)| known.package(*number).clone()).collect();
            self.permits.retain(&mut some);
            best.append(&mut some);
            rest = others;
        }
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
