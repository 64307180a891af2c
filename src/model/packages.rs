//! Lists of packages: what may be offered, what offers are compared with, and the security sub-packages of both.

use std::collections::{BTreeMap, BTreeSet};

use super::expr::{Frame, Program, Stack};
use super::{Ending, Issue, IssueOption, Layout, Model, NamedPackage, Packages, Security};
use crate::id::IssueId;
use crate::rng::Entity;

/// Packages whose rules are evaluated at once.
const BATCH: usize = 1024;

/// A package: one option of every issue.
pub type Package = Vec<u16>;

/// What may be offered at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    /// Rules; each is a condition on packages that nobody may sign.
    pub rules: Vec<Program>,
    /// Which issues a settlement may set.
    pub open: Vec<bool>,
    /// Most packages that are candidates because all that are permitted are.
    pub most: usize,
    /// Size of the pool that is selected from a larger space.
    pub pool: usize,
    /// Pairs of issues whose joint changes are tried besides those of single issues.
    pub pairs: Vec<(IssueId, IssueId)>,
    /// How the candidates were found.
    pub listing: Listing,
}

/// How the candidates were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// They are all that the rules permit.
    Complete,
    /// They are a selection of what the rules permit.
    Pool,
    /// A few, only to have any: a selection must be made before the model is played.
    Provisional,
}

/// What a list depends on besides its candidates.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// Issues.
    pub issues: &'a [Issue],
    /// Named packages.
    pub named: &'a [NamedPackage],
    /// Endings, some of which are worth a package.
    pub endings: &'a [Ending],
    /// The status-quo anchor.
    pub anchor: &'a [u16],
    /// Issues that guarantees and attacks read, in order.
    pub security: &'a [IssueId],
    /// Number of deliverers.
    pub n_deliverers: usize,
}

impl Around<'_> {
    /// The candidates and every package that they are compared with.
    pub fn list(&self, candidates: Vec<Package>) -> (Packages, Security) {
        let mut book = Book::new(self.issues, candidates);
        book.position(&book.status_quo());
        book.position(self.anchor);
        for package in self.named {
            book.position(&package.options);
        }
        for package in self.endings.iter().filter_map(|ending| ending.package.as_ref()) {
            book.position(package);
        }
        let n_settled = book.packages.len();
        let mut revoked = Vec::new();
        book.revoke(&mut revoked);
        let n_known = book.packages.len();
        let without = book.without(self.n_deliverers);
        book.revoke(&mut revoked);
        book.finish(Lists { without, revoked, n_settled, n_known }, self.security)
    }
}

impl Model {
    /// Lists other candidates, in their order, and every package that they are compared with.
    pub fn relist(&mut self, candidates: Vec<Package>) {
        let around = Around {
            issues: &self.issues,
            named: &self.named_packages,
            endings: &self.endings,
            anchor: &self.anchor,
            security: &self.security.issues,
            n_deliverers: self.deliverers.len(),
        };
        (self.packages, self.security) = around.list(candidates);
    }

    /// Lists a selection of what the rules permit, in the order of the options whatever that of the selection. Packages
    /// that the rules forbid are left out; named packages that they permit are always in.
    pub fn select(&mut self, pool: impl IntoIterator<Item = Package>) {
        let named = self.named_packages.iter().map(|package| package.options.clone());
        let mut chosen: Vec<Package> = pool.into_iter().chain(named).collect::<BTreeSet<_>>().into_iter().collect();
        Permits::of(self).retain(&mut chosen);
        self.relist(chosen);
        self.space.listing = Listing::Pool;
    }

    /// The candidates, in order.
    pub fn candidates(&self) -> impl Iterator<Item = &[u16]> {
        self.packages.options.chunks_exact(self.issues.len()).take(self.packages.n_candidates)
    }

    /// The options of the status quo.
    #[must_use]
    pub fn status_quo(&self) -> Package {
        self.issues.iter().map(|issue| issue.status_quo).collect()
    }
}

/// The rules with room to evaluate them over many packages.
#[derive(Clone, Debug)]
pub struct Permits<'a> {
    rules: &'a [Program],
    issues: &'a [Issue],
    open: &'a [bool],
    lanes: Vec<f64>,
    first_issue: usize,
    stack: Stack,
}

impl<'a> Permits<'a> {
    /// The rules of a model.
    #[must_use]
    pub fn of(model: &'a Model) -> Self {
        Self::new(&model.space.rules, &model.issues, &model.space.open, model.layout)
    }

    /// Rules over issues, of which a settlement may set those that are `open`.
    #[must_use]
    pub(super) fn new(rules: &'a [Program], issues: &'a [Issue], open: &'a [bool], layout: Layout) -> Self {
        let depth = rules.iter().map(Program::stack_depth).max().unwrap_or(0);
        Self {
            rules,
            issues,
            open,
            lanes: vec![0.0; layout.len as usize * BATCH],
            first_issue: layout.issues as usize,
            stack: Stack::with_depth(depth),
        }
    }

    /// Number of combinations, permitted or not.
    #[must_use]
    pub fn combinations(&self) -> u128 {
        self.counts().iter().map(|n| *n as u128).product()
    }

    fn counts(&self) -> Vec<usize> {
        self.issues.iter().zip(self.open).map(|(issue, open)| if *open { issue.options.len() } else { 1 }).collect()
    }

    /// Permitted packages in order, the first issue slowest; closed issues stay at their status quo. Stops once more than
    /// `most` are found or `patience` combinations were looked at; the flag says whether all were.
    #[must_use]
    pub fn enumerate(&mut self, most: usize, patience: u64) -> (Vec<Package>, bool) {
        let counts = self.counts();
        let start: Package =
            self.issues.iter().zip(self.open).map(|(issue, open)| if *open { 0 } else { issue.status_quo }).collect();
        let mut digits = vec![0_usize; counts.len()];
        let mut batch: Vec<Package> = Vec::with_capacity(BATCH);
        let mut out = Vec::new();
        let mut seen = 0;
        loop {
            batch.push(start.iter().zip(&digits).map(|(first, digit)| first + *digit as u16).collect());
            seen += 1;
            let more = advance(&mut digits, &counts);
            if batch.len() == BATCH || !more {
                self.retain(&mut batch);
                out.append(&mut batch);
            }
            if !more {
                return (out, true);
            }
            if out.len() > most || (seen >= patience && batch.is_empty()) {
                return (out, false);
            }
        }
    }

    /// Keeps the permitted packages.
    pub fn retain(&mut self, packages: &mut Vec<Package>) {
        let mut forbidden = Vec::with_capacity(packages.len());
        for batch in packages.chunks(BATCH) {
            self.judge(batch, &mut forbidden);
        }
        let mut each = forbidden.into_iter();
        packages.retain(|_| !each.next().unwrap_or(true));
    }

    /// Appends for each package whether a rule forbids it.
    fn judge(&mut self, batch: &[Package], out: &mut Vec<bool>) {
        for (at, issue) in self.issues.iter().enumerate() {
            let row = (self.first_issue + at) * BATCH;
            for (lane, package) in batch.iter().enumerate() {
                self.lanes[row + lane] = issue.options[usize::from(package[at])].number;
            }
        }
        let mut row = [0.0; BATCH];
        let mut any = [false; BATCH];
        for rule in self.rules {
            let frame = Frame { scalars: &[], lanes: &self.lanes, stride: BATCH };
            rule.eval(frame, batch.len(), &mut row, &mut self.stack);
            for (any, forbidden) in any.iter_mut().zip(&row[..batch.len()]) {
                *any |= *forbidden != 0.0;
            }
        }
        let closed = |package: &Package| {
            let set = |((issue, open), option): ((&Issue, &bool), &u16)| !open && *option != issue.status_quo;
            self.issues.iter().zip(self.open).zip(package).any(set)
        };
        out.extend(batch.iter().zip(any).map(|(package, forbidden)| forbidden || closed(package)));
    }
}

/// The next combination, the last digit fastest; false after the last one.
fn advance(digits: &mut [usize], counts: &[usize]) -> bool {
    for (digit, count) in digits.iter_mut().zip(counts).rev() {
        *digit += 1;
        if *digit < *count {
            return true;
        }
        *digit = 0;
    }
    false
}

/// What the packages of a book are compared with, and how many of them are valued when.
struct Lists {
    without: Vec<Vec<u32>>,
    revoked: Vec<u32>,
    n_settled: usize,
    n_known: usize,
}

/// The list of packages while it grows.
struct Book<'a> {
    issues: &'a [Issue],
    n_candidates: usize,
    packages: Vec<Package>,
    index: BTreeMap<Package, u32>,
}

impl<'a> Book<'a> {
    fn new(issues: &'a [Issue], candidates: Vec<Package>) -> Self {
        let index = candidates.iter().cloned().zip(0..).collect();
        Self { issues, n_candidates: candidates.len(), packages: candidates, index }
    }

    /// Position of a package, which is added if it is new.
    fn position(&mut self, package: &[u16]) -> u32 {
        if let Some(index) = self.index.get(package) {
            return *index;
        }
        let next = self.packages.len() as u32;
        self.index.insert(package.to_vec(), next);
        self.packages.push(package.to_vec());
        next
    }

    fn status_quo(&self) -> Package {
        self.issues.iter().map(|issue| issue.status_quo).collect()
    }

    /// `without[deliverer][candidate]`
    fn without(&mut self, n_deliverers: usize) -> Vec<Vec<u32>> {
        let mut out = Vec::with_capacity(n_deliverers);
        for deliverer in 0..n_deliverers {
            let row = (0..self.n_candidates)
                .map(|candidate| {
                    let reduced = without(self.issues, &self.packages[candidate], deliverer);
                    self.position(&reduced)
                })
                .collect();
            out.push(row);
        }
        out
    }

    /// Goes on with `revoked[package]`; packages that this adds have nothing left to revoke.
    fn revoke(&mut self, out: &mut Vec<u32>) {
        while out.len() < self.packages.len() {
            let reduced = revoked(self.issues, &self.packages[out.len()]);
            out.push(self.position(&reduced));
        }
    }

    fn finish(self, lists: Lists, security: &[IssueId]) -> (Packages, Security) {
        let Lists { without, revoked, n_settled, n_known } = lists;
        let Self { issues, .. } = self;
        let mut combinations: BTreeMap<Package, u32> = BTreeMap::new();
        let mut representative = Vec::new();
        let mut security_of = Vec::with_capacity(self.packages.len());
        for (at, package) in (0_u32..).zip(&self.packages) {
            let read: Package = security.iter().map(|issue| package[issue.index()]).collect();
            let next = combinations.len() as u32;
            let combination = *combinations.entry(read).or_insert_with(|| {
                representative.push(at);
                next
            });
            security_of.push(combination);
        }
        let packages = Packages {
            n_candidates: self.n_candidates,
            n_settled,
            n_known,
            options: self.packages.concat(),
            keys: self.packages.iter().map(|package| key(issues, package)).collect(),
            security_of,
            delivered_by: self.packages.iter().map(|package| delivered_by(issues, package)).collect(),
            without,
            revocable: self.packages.iter().map(|p| options(issues, p).any(|(_, o)| o.revocable)).collect(),
            revoked,
            status_quo: self.index[&self.status_quo()],
        };
        (packages, Security { issues: security.to_vec(), representative })
    }
}

fn options<'a>(issues: &'a [Issue], package: &'a [u16]) -> impl Iterator<Item = (&'a Issue, &'a IssueOption)> {
    issues.iter().zip(package).map(|(issue, option)| (issue, &issue.options[usize::from(*option)]))
}

/// Number of a package that depends on its options only.
fn key(issues: &[Issue], package: &[u16]) -> u64 {
    let mut text = String::new();
    for (issue, option) in options(issues, package) {
        text.extend([&issue.id, "=", &option.id, ";"]);
    }
    Entity::named(&text).key()
}

/// Bit set of the deliverers of a package.
#[must_use]
pub fn delivered_by(issues: &[Issue], package: &[u16]) -> u64 {
    options(issues, package).fold(0, |bits, (_, option)| bits | option.delivered_by)
}

/// A package with those options back at the status quo for which `gone` holds.
fn reduced(issues: &[Issue], package: &[u16], gone: impl Fn(&IssueOption) -> bool) -> Package {
    let option = |(issue, option): (&Issue, &u16)| {
        if gone(&issue.options[usize::from(*option)]) { issue.status_quo } else { *option }
    };
    issues.iter().zip(package).map(option).collect()
}

/// A package without a deliverer's parts.
#[must_use]
pub fn without(issues: &[Issue], package: &[u16], deliverer: usize) -> Package {
    reduced(issues, package, |option| option.delivered_by >> deliverer & 1 == 1)
}

/// A package with its revocable options back at the status quo.
#[must_use]
pub fn revoked(issues: &[Issue], package: &[u16]) -> Package {
    reduced(issues, package, |option| option.revocable)
}
