//! Pools of candidates as files, and finding the one that belongs to a model.
//!
//! A pool belongs to a *structure*: the issues with their options, the rules, the ranges of the parameters, and how pools
//! are made. Scenarios and settings that change only numbers keep the pool of their base.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::embedded;
use super::file::read_text;
use crate::engine::pool;
use crate::model::compile::compile_open;
use crate::model::packages::{Listing, Package};
use crate::model::{Model, ScalarSource};
use crate::spec;
use crate::spec::problem::Problems;
use crate::spec::tree::{SourceFile, Sources};

/// What the name of a pool's file ends in, in place of `.toml`.
pub const ENDING: &str = "pool.csv";
/// Hexadecimal digits of a key that are written.
const DIGITS: usize = 16;

/// What a pool belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Of what may be offered: issues, options, rules, number of candidates.
    pub shape: String,
    /// Of the ranges of the drawn parameters.
    pub ranges: String,
}

impl Key {
    /// The key of a model.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        Self { shape: digits(&shape(model)), ranges: digits(&ranges(model)) }
    }

    /// The first line of a pool's file.
    fn line(&self) -> String {
        format!("# candidates selected by `detente pool` for shape {} and ranges {}", self.shape, self.ranges)
    }
}

fn digits(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().as_str()[..DIGITS].to_owned()
}

/// Everything that decides which packages there are and how many are wanted.
fn shape(model: &Model) -> String {
    let space = &model.space;
    let mut text = format!("{} {} {:?}", pool::VERSION, space.pool, space.pairs);
    for (issue, open) in model.issues.iter().zip(&space.open) {
        let ids: Vec<&str> = issue.options.iter().map(|option| option.id.as_str()).collect();
        let _ = write!(text, "\n{} {open} {} {}", issue.id, issue.status_quo, ids.join(" "));
    }
    for (id, rule) in &model.spec.rules {
        let _ = write!(text, "\n{} {:?}", id.text, rule.forbid.form);
    }
    text
}

/// Every drawn parameter with its distribution, whatever their order.
fn ranges(model: &Model) -> String {
    let drawn = model.scalars.iter().filter_map(|scalar| match &scalar.source {
        ScalarSource::Drawn(distribution) => Some(format!("{} {distribution:?}", scalar.path)),
        ScalarSource::Constant(_) | ScalarSource::Computed(_) => None,
    });
    let mut lines: Vec<String> = drawn.collect();
    lines.sort();
    lines.join("\n")
}

/// The file of the candidates of `model`, under a key.
#[must_use]
pub fn text(model: &Model, key: &Key) -> String {
    let mut text = key.line();
    let issues: Vec<&str> = model.issues.iter().map(|issue| issue.id.as_str()).collect();
    let _ = write!(text, "\n{}\n", issues.join(","));
    for package in model.candidates() {
        let option = |(issue, option): (&crate::model::Issue, &u16)| issue.options[usize::from(*option)].id.clone();
        let ids: Vec<String> = model.issues.iter().zip(package).map(option).collect();
        let _ = writeln!(text, "{}", ids.join(","));
    }
    text
}

/// The packages of a pool's file if it has this key. A file with the right key and anything else wrong in it was edited
/// by hand and is as good as none.
fn read(text: &str, key: &Key, model: &Model) -> Option<Vec<Package>> {
    let mut lines = text.lines();
    if lines.next()? != key.line() {
        return None;
    }
    if !lines.next()?.split(',').eq(model.issues.iter().map(|issue| issue.id.as_str())) {
        return None;
    }
    lines.map(|line| package(line, model)).collect()
}

fn package(line: &str, model: &Model) -> Option<Package> {
    let ids: Vec<&str> = line.split(',').collect();
    if ids.len() != model.issues.len() {
        return None;
    }
    let find = |(issue, id): (&crate::model::Issue, &&str)| issue.options.iter().position(|option| option.id == **id);
    model.issues.iter().zip(&ids).map(|pair| find(pair).map(|at| at as u16)).collect()
}

/// How a model came by its candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Where they come from.
    pub origin: Origin,
    /// The structure that they belong to: that of the base, if scenarios and settings changed only numbers.
    pub key: Key,
    /// A stored pool that belongs to another structure.
    pub stale: Option<String>,
}

/// Where candidates come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Every permitted package is one.
    All,
    /// A stored pool of this name.
    Stored(String),
    /// A pool was made; it took so long.
    Made(Duration),
}

/// Which pools may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pools {
    /// A stored one if it fits, else one made now.
    Stored,
    /// One made now.
    Fresh,
}

/// Gives a model its candidates: those it has, if they are all that is permitted, or the stored pool of its structure, or
/// one made now.
pub(super) fn choose(model: &mut Model, sources: &Sources, sets: &[String], pools: Pools) -> Choice {
    if model.space.listing == Listing::Complete {
        return Choice { origin: Origin::All, key: Key::of(model), stale: None };
    }
    let base = structural_base(model, sources, sets);
    let base = base.as_ref().unwrap_or(model);
    let key = Key::of(base);
    let mut stale = None;
    let stored = if pools == Pools::Stored { stored(sources) } else { Vec::new() };
    for Stored { name, text, own } in stored {
        if let Some(packages) = read(&text, &key, base) {
            model.select(packages);
            return Choice { origin: Origin::Stored(name), key, stale: None };
        }
        if own {
            stale = Some(name);
        }
    }
    let (packages, took) = timed(|| pool::build(base));
    model.select(packages);
    Choice { origin: Origin::Made(took), key, stale }
}

/// The model without settings, or without scenarios too, if what may be offered is the same there.
fn structural_base(model: &Model, sources: &Sources, sets: &[String]) -> Option<Model> {
    let shape = shape(model);
    let without_settings = (!sets.is_empty()).then(|| sources.clone());
    let alone = (sources.files.len() > 1 || !sets.is_empty())
        .then(|| Sources { files: sources.files.iter().take(1).cloned().collect() });
    let model_of = |sources: Sources| compile_open(spec::read(&sources, &[]).spec?, &mut Problems::default());
    [alone, without_settings].into_iter().flatten().filter_map(model_of).find(|base| self::shape(base) == shape)
}

/// A pool that was found.
struct Stored {
    name: String,
    text: String,
    /// Whether it stands beside a file of the model, or ships under its name.
    own: bool,
}

/// Stored pools: beside the files of the model, then all that ship.
fn stored(sources: &Sources) -> Vec<Stored> {
    let names: Vec<String> = sources.files.iter().map(|file| beside(&file.name).display().to_string()).collect();
    let ships = |file: &SourceFile| embedded::FILES.iter().any(|e| e.path() == file.name && e.text == file.text);
    let mut found: Vec<Stored> = Vec::new();
    // A model that ships is never mixed with what happens to lie in the working directory.
    for (_, name) in sources.files.iter().zip(&names).filter(|(file, _)| !ships(file)) {
        if let Ok(text) = read_text(Path::new(name)) {
            found.push(Stored { name: name.clone(), text, own: true });
        }
    }
    for file in embedded::POOLS {
        let name = format!("models/{}.{ENDING}", file.name);
        if found.iter().all(|other| other.name != name) {
            let own = names.contains(&name);
            found.push(Stored { name, text: file.text.to_owned(), own });
        }
    }
    found
}

/// The file of the pool that belongs to a model file.
#[must_use]
pub fn beside(model: &str) -> PathBuf {
    Path::new(model).with_extension(ENDING)
}

#[expect(clippy::disallowed_methods, reason = "the time is told on standard error and never reaches a result")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let result = work();
    (result, began.elapsed())
}
