//! Domains and profiles to a model file.

use std::fmt::Write as _;

use super::{Domain, Profile};
use crate::num::pow;
use crate::spec::ids;

/// Permitted combinations that a model lists unless it says more.
const LISTED: usize = 4096;
/// Most that are listed by itself; of more a pool is selected.
const MOST_LISTED: usize = 100_000;
/// Letters for the parties.
const PARTIES: [&str; 8] = ["A", "B", "C", "D", "E", "F", "H", "K"];
/// Most parties.
pub(super) const MOST_PARTIES: usize = PARTIES.len();

/// How an imported domain is to be negotiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rounds of stacked alternating offers.
    pub rounds: u32,
    /// Whether evaluations of an issue are divided by the largest of them.
    pub normalize: bool,
}

/// A domain with the parties that negotiate over it.
#[derive(Clone, Debug)]
pub struct Imported<'a> {
    /// Name of the domain.
    pub name: &'a str,
    /// The domain.
    pub domain: &'a Domain,
    /// Names of the parties and their profiles, at most eight.
    pub profiles: &'a [(String, Profile)],
}

impl Imported<'_> {
    /// Most parties that a model file is written for.
    pub const MOST_PARTIES: usize = MOST_PARTIES;

    /// A model file that compiles.
    #[must_use]
    pub fn to_model(&self, shape: Shape) -> String {
        let mut out = String::new();
        self.header(&mut out, shape);
        let issues = self.issues(&mut out);
        self.talks(&mut out);
        for (place, (name, profile)) in self.profiles.iter().enumerate() {
            party(&mut out, (PARTIES[place], name), profile, &issues, shape);
        }
        out.push_str(
            "[protocol]\nkind = \"stacked_offers\"\n\n[[outcomes]]\nid = \"agreement\"\nwhen = \"signed.settlement\"\n\n\
             [[outcomes]]\nid = \"timeout\"\nwhen = true\n",
        );
        out
    }

    fn header(&self, out: &mut String, shape: Shape) {
        let id = slug(self.name, &['-', '_'], 20, "domain");
        let title: String = self.name.chars().filter(|c| !c.is_control()).take(64).collect();
        push(out, &[&format!("# Imported from the Genius domain {}.", quoted(self.name))]);
        if shape.normalize {
            push(out, &["# Evaluations of each issue are divided by the largest of them."]);
        }
        push(out, &["", "[model]", &format!("name = {}", quoted(&id)), &format!("title = {}", quoted(&title))]);
        push(out, &["step = \"round\"", &format!("horizon_months = {}", shape.rounds)]);
        push(out, &["aftermath_months = 0", "foresight_months = 0   # without an agreement everybody has its reserve"]);
        push(out, &["", "[sources.genius]", &format!("title = {}", quoted(&format!("Genius domain {title}")))]);
        out.push('\n');
    }

    /// Writes the issues and returns their ids.
    fn issues(&self, out: &mut String) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for issue in &self.domain.issues {
            let id = fresh(&slug(&issue.name, &['_'], 17, "issue"), &ids);
            push(out, &[&format!("[issues.{id}]"), &format!("about = {}", quoted(&issue.name)), "options = ["]);
            let mut options: Vec<String> = Vec::new();
            for option in &issue.options {
                let id = fresh(&slug(option, &['_'], 17, "v"), &options);
                push(out, &[&format!("  {{ id = {}, about = {} }},", quoted(&id), quoted(option))]);
                options.push(id);
            }
            push(out, &["]", ""]);
            ids.push(id);
        }
        ids
    }

    fn talks(&self, out: &mut String) {
        push(out, &["[instruments.settlement]", "scope = \"all\"", "leads_to = \"settled\"", "", "[foresight]"]);
        push(out, &["endings = { no_agreement = 1 }", "", "[endings.no_agreement]"]);
        let reserve = |(id, (_, profile)): (&&str, &(String, Profile))| format!("{id} = {:?}", profile.reservation);
        let reserves: Vec<String> = PARTIES.iter().zip(self.profiles).map(reserve).collect();
        push(out, &[&format!("values = {{ {} }}", reserves.join(", ")), ""]);
        let mut sizes = self.domain.issues.iter().map(|issue| issue.options.len());
        let outcomes = sizes.try_fold(1_usize, usize::checked_mul).unwrap_or(usize::MAX);
        if (LISTED..=MOST_LISTED).contains(&outcomes) {
            push(out, &["[search]", &format!("candidates = {outcomes}"), ""]);
        }
    }
}

/// One party with its tactic.
fn party(out: &mut String, (id, name): (&str, &str), profile: &Profile, issues: &[String], shape: Shape) {
    let title: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
    push(out, &[&format!("[actors.{id}]"), &format!("name = {}", quoted(&title)), "role = \"signatory\""]);
    // The discount is that of waiting until the deadline; patience that of one round.
    let patience = pow(profile.discount, 1.0 / f64::from(shape.rounds));
    push(out, &[&format!("patience = {patience:?}")]);
    let weights: Vec<String> =
        issues.iter().zip(&profile.weights).map(|(issue, weight)| format!("{issue} = {weight:?}")).collect();
    push(out, &[&format!("weights = {{ {} }}", weights.join(", "))]);
    for (issue, values) in issues.iter().zip(&profile.evaluations) {
        let largest = values.iter().copied().fold(0.0, f64::max);
        let scale = if shape.normalize && largest > 0.0 { largest } else { 1.0 };
        let values: Vec<String> = values.iter().map(|value| format!("{:?}", value / scale)).collect();
        push(out, &[&format!("values.{issue} = [{}]", values.join(", "))]);
    }
    push(out, &["policy = { tactic = \"time_dependent\", style = \"boulware\" }", "source = \"genius\"", ""]);
}

fn push(out: &mut String, lines: &[&str]) {
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
}

/// Names that expressions give to something else.
const RESERVED: [&str; 32] = [
    "month",
    "months_in_regime",
    "regime",
    "mediating",
    "offered_by",
    "refused_by",
    "broken_by",
    "offered",
    "refusals",
    "failed_votes",
    "threatened",
    "promised",
    "credibility",
    "broken",
    "kept",
    "g",
    "g_hat",
    "attack_prob",
    "years_ahead",
    "predicted",
    "signed",
    "attacked",
    "answered",
    "lost",
    "ending",
    "forecast",
    "offers",
    "type",
    "min",
    "max",
    "if",
    "count",
];

/// An id that nobody has yet.
fn fresh(id: &str, taken: &[String]) -> String {
    let reserved = |id: &str| RESERVED.iter().chain(&ids::RESERVED).any(|word| *word == id);
    let free = |id: &str| !reserved(id) && !taken.iter().any(|other| other == id);
    if free(id) {
        return id.to_owned();
    }
    (2..=u32::MAX).map(|number| format!("{id}_{number}")).find(|id| free(id)).expect("some number is free")
}

/// Letters, digits and `also` of a name, beginning with a letter, at most `longest` of them.
fn slug(name: &str, also: &[char], longest: usize, empty: &str) -> String {
    let fill = also[0];
    let mut out = String::new();
    for c in name.chars() {
        let c = if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { fill };
        if c != fill || !out.ends_with(fill) {
            out.push(c);
        }
    }
    let trimmed = out.trim_matches(fill);
    let mut id = if trimmed.starts_with(|c: char| c.is_ascii_alphabetic()) {
        trimmed.to_owned()
    } else if trimmed.is_empty() {
        empty.to_owned()
    } else {
        format!("v{fill}{trimmed}")
    };
    id.truncate(longest);
    id.trim_end_matches(fill).to_owned()
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _infallible = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
