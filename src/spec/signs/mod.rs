//! Tables of contrasts exactly as written: what each mechanism should do, and how that is looked at.
//!
//! Text in, [`SignTable`] out; the same rules as for models: unknown keys are errors, all problems at once.

mod decode;
#[cfg(test)]
mod tests;

use super::model::Name;
use super::parse;
use super::problem::Problems;
use super::reader::Context;
use super::tree::{FileId, Span};

/// Words of `kind`.
pub const KINDS: [&str; 3] = ["structural", "contested", "pattern"];
/// Words of `scope`.
pub const SCOPES: [&str; 2] = ["package", "game"];
/// Words of `direction`.
pub const DIRECTIONS: [&str; 3] = ["+", "-", "0"];

/// A table as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignTable {
    /// Replications of contrasts on the game.
    pub replications: Option<u64>,
    /// Draws of parameters and types for contrasts on packages.
    pub draws: Option<u64>,
    /// Seed.
    pub seed: Option<u64>,
    /// The contrasts, in order.
    pub contrasts: Vec<ContrastSpec>,
}

/// A contrast as written.
#[derive(Clone, Debug, PartialEq)]
pub struct ContrastSpec {
    /// Its name.
    pub id: Name,
    /// The mechanism or pattern it looks at.
    pub mechanism: Name,
    /// One of [`KINDS`].
    pub kind: Name,
    /// One of [`SCOPES`].
    pub scope: Name,
    /// What is compared, in a sentence.
    pub about: Option<Name>,
    /// The path that `low` and `high` set, where they are numbers.
    pub path: Option<Name>,
    /// What holds on both sides.
    pub both: Place,
    /// The first side.
    pub low: Side,
    /// The second side.
    pub high: Side,
    /// Where the effect is subtracted.
    pub than: Option<Than>,
    /// The documented sign of the difference, one of [`DIRECTIONS`].
    pub direction: Name,
    /// The largest difference that counts as none, where the sign is 0.
    pub within: Option<f64>,
    /// Readings under which it is looked at too.
    pub views: Vec<View>,
    /// A grid along which it is looked at too.
    pub along: Option<Along>,
    /// Where it stands.
    pub span: Span,
}

/// What is laid over the model, and what is looked at there. What is absent is as elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// Settings `PATH=VALUE`.
    pub sets: Vec<Name>,
    /// Scenarios.
    pub scenarios: Vec<Name>,
    /// The package that is appraised.
    pub package: Option<PackageSpec>,
    /// The quantity or column.
    pub of: Option<Name>,
}

/// One side of a contrast.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// The value that the path of the contrast takes.
    pub value: Option<f64>,
    /// What else is laid over the model.
    pub place: Place,
}

/// Where a contrast is looked at a second time, to be subtracted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Than {
    /// What holds on both sides there, after what holds on both sides of the contrast.
    pub place: Place,
    /// Another first side.
    pub low: Option<Side>,
    /// Another second side.
    pub high: Option<Side>,
}

/// A package: one that the model names, or options of issues that depart from the status quo.
#[derive(Clone, Debug, PartialEq)]
pub enum PackageSpec {
    /// By name.
    Named(Name),
    /// By issue and option.
    Terms(Vec<(Name, Name)>),
}

/// A reading under which a contrast is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Its name.
    pub id: Name,
    /// Settings.
    pub sets: Vec<Name>,
    /// The sign that it expects; that of the contrast unless given.
    pub direction: Option<Name>,
    /// The largest difference that counts as none.
    pub within: Option<f64>,
}

/// A grid along which a contrast is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Along {
    /// What is set.
    pub path: Name,
    /// Its values, rising.
    pub values: Vec<f64>,
}

/// Reads a table of contrasts; every problem goes to `problems`, with places in file `file`. With errors in `problems` it
/// holds placeholders and must not be used.
pub fn read(file: FileId, text: &str, problems: &mut Problems) -> SignTable {
    let tree = parse::parse(file, text, problems);
    let context = Context::new(&tree);
    let table = context.read(decode::table);
    if !problems.list.iter().any(|problem| parse::is_syntax(problem.code)) {
        problems.list.append(&mut context.into_problems().list);
    }
    problems.sort();
    table
}
