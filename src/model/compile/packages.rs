//! The packages that are valued: all that the rules permit where they are few, else a selection that is made elsewhere.

use std::collections::BTreeSet;

use super::Context;
use super::sink::Sees;
use crate::id::IssueId;
use crate::model::expr::{Program, Stage};
use crate::model::packages::{Around, Listing, Package, Permits, Space};
use crate::model::{Ending, Issue, NamedPackage, Packages, Security};

/// Combinations beyond this are not looked at when permitted packages are counted.
const MOST_COMBINATIONS: u64 = 2_000_000;

/// Candidates allowed when `[search]` says nothing.
const CANDIDATES: usize = 4096;
/// Size of a pool when `[search]` says nothing.
const POOL: usize = 800;

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
}

impl Context<'_> {
    /// Compiles the rules.
    pub fn rules(&mut self) -> Vec<Program> {
        let sees = Sees::Issues;
        let rules = &self.spec.rules;
        rules.iter().filter_map(|(_, rule)| self.condition(&rule.forbid, Stage::Package, sees)).collect()
    }

    /// What may be offered over the `open` issues; its listing is settled by [`Self::packages`].
    pub fn space(&mut self, open: Vec<bool>) -> Space {
        let declared = self.candidates();
        Space {
            rules: self.rules(),
            open,
            most: declared.unwrap_or(CANDIDATES),
            pool: declared.unwrap_or(POOL),
            pairs: self.pairs(),
            listing: Listing::Complete,
        }
    }

    /// Pairs of issues that are changed together when candidates are looked for.
    fn pairs(&mut self) -> Vec<(IssueId, IssueId)> {
        let known: Vec<&str> = self.spec.issues.iter().map(|(id, _)| id.text.as_str()).collect();
        let mut out = Vec::new();
        for pair in &self.spec.search.pairs {
            let found: Vec<IssueId> = pair
                .iter()
                .filter_map(|name| self.find(&known, name, "search.pairs", "an issue"))
                .map(IssueId::new)
                .collect();
            match found[..] {
                [first, second] if first != second && pair.len() == 2 => out.push((first, second)),
                _ if found.len() < pair.len() => {}
                _ => {
                    let span = pair.first().map(|name| name.span);
                    let message = format!("a pair names two issues, found {}", pair.len());
                    let hint = Some("write pairs = [[\"relief\", \"territory\"]]".to_owned());
                    self.problems.error("E0507", span, "search.pairs", message, hint);
                }
            }
        }
        out
    }

    /// Lists the candidates and every package that they are compared with. `None` after an error.
    pub fn packages(
        &mut self,
        issues: &[Issue],
        space: &mut Space,
        wanted: &Wanted<'_>,
    ) -> Option<(Packages, Security)> {
        if issues.iter().any(|issue| issue.options.is_empty()) || space.rules.len() != self.spec.rules.len() {
            // Already reported; counting packages would only add noise.
            return None;
        }
        let mut permits = Permits::new(&space.rules, issues, &space.open, self.names.layout);
        let (mut candidates, all) = permits.enumerate(space.most, MOST_COMBINATIONS);
        if !all || candidates.len() > space.most {
            candidates = some(candidates, issues, wanted, &mut permits);
            space.listing = Listing::Provisional;
        }
        if candidates.is_empty() {
            let message = "the rules forbid every package";
            self.problems.error("E0501", None, "rules", message, Some("relax one of the rules".to_owned()));
            return None;
        }
        let security: Vec<IssueId> = wanted.security.iter().map(|issue| IssueId::new(*issue)).collect();
        let Wanted { named, endings, anchor, .. } = *wanted;
        let n_deliverers = self.deliverers.len();
        Some(Around { issues, named, endings, anchor, security: &security, n_deliverers }.list(candidates))
    }
}

/// A few permitted packages: the first that were found, the status quo and the named ones.
fn some(found: Vec<Package>, issues: &[Issue], wanted: &Wanted<'_>, permits: &mut Permits<'_>) -> Vec<Package> {
    let status_quo = issues.iter().map(|issue| issue.status_quo).collect();
    let named = wanted.named.iter().map(|package| package.options.clone());
    let first = found.into_iter().take(1);
    let chosen: BTreeSet<Package> = first.chain([status_quo]).chain(named).collect();
    let mut chosen: Vec<Package> = chosen.into_iter().collect();
    permits.retain(&mut chosen);
    chosen
}
