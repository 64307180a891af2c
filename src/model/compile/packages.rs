//! The packages that are valued: candidates, what they are compared with, and their security sub-packages.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::sink::Sees;
use crate::id::IssueId;
use crate::model::expr::{Frame, Program, Stack, Stage};
use crate::model::{Ending, Issue, Layout, NamedPackage, Packages, Security};
use crate::rng::Entity;

/// Combinations beyond this are not even enumerated.
const MOST_COMBINATIONS: u128 = 2_000_000;
/// Packages whose rules are evaluated at once.
const BATCH: usize = 1024;

/// What besides the candidates must be valued.
pub(super) struct Wanted<'a> {
    /// Named packages.
    pub named: &'a [NamedPackage],
    /// Endings, some of which are worth a package.
    pub endings: &'a [Ending],
    /// The status-quo anchor.
    pub anchor: &'a [u16],
    /// Issues that guarantees and attacks read.
    pub security: &'a BTreeSet<usize>,
    /// Issues that a settlement may set.
    pub scope: &'a [bool],
}

impl Context<'_> {
    /// Compiles the rules.
    pub fn rules(&mut self) -> Vec<Program> {
        let sees = Sees::Issues;
        let rules = &self.spec.rules;
        rules.iter().filter_map(|(_, rule)| self.condition(&rule.forbid, Stage::Package, sees)).collect()
    }

    /// Enumerates the candidates and adds every package that they are compared with. `None` after an error.
    pub fn packages(
        &mut self,
        issues: &[Issue],
        rules: &[Program],
        wanted: &Wanted<'_>,
    ) -> Option<(Packages, Security)> {
        let most = self.most_candidates();
        if issues.iter().any(|issue| issue.options.is_empty()) || rules.len() != self.spec.rules.len() {
            // Already reported; counting packages would only add noise.
            return None;
        }
        let counts: Vec<usize> =
            issues.iter().zip(wanted.scope).map(|(issue, open)| if *open { issue.options.len() } else { 1 }).collect();
        let total = counts.iter().map(|n| *n as u128).product::<u128>();
        if total > MOST_COMBINATIONS {
            let message = format!("the issues combine to {total} packages, at most {MOST_COMBINATIONS} are enumerated");
            self.too_many(message);
            return None;
        }
        let candidates = Rules::new(rules, self.names.layout, issues.len()).permitted(issues, &counts, wanted.scope);
        if candidates.is_empty() {
            let message = "the rules forbid every package";
            self.problems.error("E0501", None, "rules", message, Some("relax one of the rules".to_owned()));
            return None;
        }
        if candidates.len() > most {
            let message = format!(
                "{} of {total} packages are permitted, more than the {most} candidates of [search]",
                candidates.len()
            );
            self.too_many(message);
            return None;
        }
        let mut book = Book::new(issues, candidates);
        book.add_wanted(wanted);
        let without = book.without(self.deliverers.len());
        let revoked = book.revoked();
        Some(book.finish((without, revoked), wanted.security))
    }

    fn too_many(&mut self, message: String) {
        let span = self.spec.search.candidates.as_ref().map(|number| number.span);
        let hint = Some("forbid combinations under [rules], merge issues, or raise `candidates`".to_owned());
        self.problems.error("E0503", span, "search.candidates", message, hint);
    }
}

/// The rules with room to evaluate them over many packages.
struct Rules<'a> {
    programs: &'a [Program],
    lanes: Vec<f64>,
    first_issue: usize,
    n_issues: usize,
    stack: Stack,
}

impl<'a> Rules<'a> {
    fn new(rules: &'a [Program], layout: Layout, n_issues: usize) -> Self {
        let depth = rules.iter().map(Program::stack_depth).max().unwrap_or(0);
        Self {
            programs: rules,
            lanes: vec![0.0; layout.len as usize * BATCH],
            first_issue: layout.issues as usize,
            n_issues,
            stack: Stack::with_depth(depth),
        }
    }

    /// All combinations that no rule forbids, the first issue slowest; closed issues stay at their status quo.
    fn permitted(mut self, issues: &[Issue], counts: &[usize], scope: &[bool]) -> Vec<Vec<u16>> {
        let start: Vec<u16> =
            issues.iter().zip(scope).map(|(issue, open)| if *open { 0 } else { issue.status_quo }).collect();
        let mut digits = vec![0_usize; counts.len()];
        let mut batch: Vec<Vec<u16>> = Vec::with_capacity(BATCH);
        let mut out = Vec::new();
        loop {
            batch.push(start.iter().zip(&digits).map(|(first, digit)| first + *digit as u16).collect());
            let more = advance(&mut digits, counts);
            if batch.len() == BATCH || !more {
                self.keep(issues, &mut batch, &mut out);
            }
            if !more {
                return out;
            }
        }
    }

    /// Moves the permitted packages of a batch to `out`.
    fn keep(&mut self, issues: &[Issue], batch: &mut Vec<Vec<u16>>, out: &mut Vec<Vec<u16>>) {
        for (issue, at) in issues.iter().zip(0..self.n_issues) {
            let row = (self.first_issue + at) * BATCH;
            for (lane, package) in batch.iter().enumerate() {
                self.lanes[row + lane] = issue.options[usize::from(package[at])].number;
            }
        }
        let mut forbidden = [0.0; BATCH];
        let mut any = [false; BATCH];
        for rule in self.programs {
            let frame = Frame { scalars: &[], lanes: &self.lanes, stride: BATCH };
            rule.eval(frame, batch.len(), &mut forbidden, &mut self.stack);
            for (any, forbidden) in any.iter_mut().zip(&forbidden[..batch.len()]) {
                *any |= *forbidden != 0.0;
            }
        }
        out.extend(batch.drain(..).zip(any).filter(|(_, forbidden)| !forbidden).map(|(package, _)| package));
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

/// The list of packages while it grows.
struct Book<'a> {
    issues: &'a [Issue],
    n_candidates: usize,
    packages: Vec<Vec<u16>>,
    index: BTreeMap<Vec<u16>, u32>,
}

impl<'a> Book<'a> {
    fn new(issues: &'a [Issue], candidates: Vec<Vec<u16>>) -> Self {
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

    fn status_quo(&self) -> Vec<u16> {
        self.issues.iter().map(|issue| issue.status_quo).collect()
    }

    fn add_wanted(&mut self, wanted: &Wanted<'_>) {
        self.position(&self.status_quo());
        self.position(wanted.anchor);
        for package in wanted.named {
            self.position(&package.options);
        }
        for package in wanted.endings.iter().filter_map(|ending| ending.package.as_ref()) {
            self.position(package);
        }
    }

    /// A package with those options back at the status quo for which `gone` holds.
    fn reduced(&self, package: &[u16], gone: impl Fn(&crate::model::IssueOption) -> bool) -> Vec<u16> {
        let option = |(issue, option): (&Issue, &u16)| {
            if gone(&issue.options[usize::from(*option)]) { issue.status_quo } else { *option }
        };
        self.issues.iter().zip(package).map(option).collect()
    }

    /// `without[deliverer][candidate]`
    fn without(&mut self, n_deliverers: usize) -> Vec<Vec<u32>> {
        let mut out = Vec::with_capacity(n_deliverers);
        for deliverer in 0..n_deliverers {
            let row = (0..self.n_candidates)
                .map(|candidate| {
                    let package = self.packages[candidate].clone();
                    let reduced = self.reduced(&package, |option| option.delivered_by >> deliverer & 1 == 1);
                    self.position(&reduced)
                })
                .collect();
            out.push(row);
        }
        out
    }

    /// `revoked[package]`; packages that this adds have nothing left to revoke.
    fn revoked(&mut self) -> Vec<u32> {
        let mut out = Vec::with_capacity(self.packages.len());
        while out.len() < self.packages.len() {
            let package = self.packages[out.len()].clone();
            let reduced = self.reduced(&package, |option| option.revocable);
            out.push(self.position(&reduced));
        }
        out
    }

    fn options<'p>(&'p self, package: &'p [u16]) -> impl Iterator<Item = (&'p Issue, &'p crate::model::IssueOption)> {
        self.issues.iter().zip(package).map(|(issue, option)| (issue, &issue.options[usize::from(*option)]))
    }

    /// Number of a package that depends on its options only.
    fn key(&self, package: &[u16]) -> u64 {
        let mut text = String::new();
        for (issue, option) in self.options(package) {
            text.extend([&issue.id, "=", &option.id, ";"]);
        }
        Entity::named(&text).key()
    }

    fn finish(self, (without, revoked): (Vec<Vec<u32>>, Vec<u32>), security: &BTreeSet<usize>) -> (Packages, Security) {
        let mut combinations: BTreeMap<Vec<u16>, u32> = BTreeMap::new();
        let mut representative = Vec::new();
        let mut security_of = Vec::with_capacity(self.packages.len());
        for (at, package) in (0_u32..).zip(&self.packages) {
            let read: Vec<u16> = security.iter().map(|issue| package[*issue]).collect();
            let next = combinations.len() as u32;
            let combination = *combinations.entry(read).or_insert_with(|| {
                representative.push(at);
                next
            });
            security_of.push(combination);
        }
        let delivered = |package: &Vec<u16>| self.options(package).fold(0, |bits, (_, o)| bits | o.delivered_by);
        let packages = Packages {
            n_candidates: self.n_candidates,
            options: self.packages.concat(),
            keys: self.packages.iter().map(|package| self.key(package)).collect(),
            security_of,
            delivered_by: self.packages.iter().map(delivered).collect(),
            without,
            revocable: self.packages.iter().map(|p| self.options(p).any(|(_, o)| o.revocable)).collect(),
            revoked,
            status_quo: self.index[&self.status_quo()],
        };
        let issues = security.iter().map(|issue| IssueId::new(*issue)).collect();
        (packages, Security { issues, representative })
    }
}
