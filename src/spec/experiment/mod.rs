//! Experiment files exactly as written: what is varied over which values, and how often it is played.
//!
//! Text in, [`Experiment`] out; the same rules as for models: unknown keys are errors, all problems at once.

mod decode;
#[cfg(test)]
mod tests;
mod vary;

pub use vary::{VaryFault, vary};

use super::model::Name;
use super::parse;
use super::problem::Problems;
use super::reader::Context;
use super::tree::{FileId, Span, Table};

/// Words of `design`.
pub const DESIGNS: [&str; 7] = ["grid", "zip", "table", "lhs", "sobol", "saltelli", "morris"];
/// Words of `pairing`.
pub const PAIRINGS: [&str; 2] = ["shared", "independent"];
/// Words of `over`.
pub const OVER: [&str; 1] = ["uncertain"];
/// The name under which `--vary` and tables vary scenarios, and the level that applies none.
pub const SCENARIO: &str = "scenario";
/// The level of a scenario factor that applies no scenario.
pub const BASE: &str = "base";

/// An experiment as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Experiment {
    /// Name; the run directory is called after it.
    pub name: Name,
    /// Title, at most 64 characters.
    pub title: Name,
    /// The assumption under test, in a paragraph.
    pub about: Option<Name>,
    /// The pattern that the sources expect.
    pub expected: Option<Name>,
    /// Rows of the inventory that it tests.
    pub inventory: Vec<Name>,
    /// Model: a name that ships, or a path from the working directory.
    pub model: Name,
    /// Scenarios applied at every point, in order.
    pub scenarios: Vec<Name>,
    /// Settings `PATH=VALUE` applied at every point, in order.
    pub sets: Vec<Name>,
    /// One of [`DESIGNS`].
    pub design: Name,
    /// Points of `lhs` and `sobol`, base samples of `saltelli`, trajectories of `morris`.
    pub points: Option<u64>,
    /// Levels of the grid of `morris`.
    pub levels: Option<u64>,
    /// Whether `saltelli` has the rows for second-order indices.
    pub second_order: bool,
    /// CSV file of `table`, beside the experiment.
    pub table: Option<Name>,
    /// `uncertain`: every drawn parameter of the model is a factor too, over its distribution.
    pub over: Option<Name>,
    /// Replications of each point.
    pub replications: Option<u64>,
    /// Seed.
    pub seed: Option<u64>,
    /// One of [`PAIRINGS`].
    pub pairing: Option<Name>,
    /// Outputs that sensitivity is told of.
    pub responses: Vec<Name>,
    /// What is varied, in order.
    pub factors: Vec<FactorSpec>,
}

/// A factor as written.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorSpec {
    /// A settable path, or the name of a factor with named levels.
    pub name: Name,
    /// Its values.
    pub values: Values,
    /// Where it stands.
    pub span: Span,
}

/// The values of a factor as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers.
    List(Vec<f64>),
    /// Equal steps, both ends included.
    Steps {
        /// First value.
        from: f64,
        /// Last value.
        to: f64,
        /// How many, at least 1.
        count: u64,
    },
    /// Everything between two numbers.
    Span {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// The distribution that the model declares for the path.
    Declared,
    /// Named levels.
    Levels(Vec<LevelSpec>),
}

/// A named level of a factor: what it lays over the model.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelSpec {
    /// Its name.
    pub id: String,
    /// Scenarios, in order.
    pub scenarios: Vec<String>,
    /// Settings `PATH=VALUE`, in order.
    pub sets: Vec<String>,
}

/// Whether a text is an experiment: it has an `[experiment]` section.
#[must_use]
pub fn is_experiment(text: &str) -> bool {
    parse::parse(FileId(0), text, &mut Problems::default()).get("experiment").is_some()
}

/// Reads an experiment file; every problem goes to `problems`, with places in file `file`.
///
/// None when the text is no experiment at all. With errors in `problems` it holds placeholders and must not be run.
pub fn read(file: FileId, text: &str, problems: &mut Problems) -> Option<Experiment> {
    let tree: Table = parse::parse(file, text, problems);
    let context = Context::new(&tree);
    let experiment = context.read(decode::experiment);
    let broken = problems.list.iter().any(|problem| parse::is_syntax(problem.code));
    if !broken {
        problems.list.append(&mut context.into_problems().list);
    }
    problems.sort();
    tree.get("experiment").map(|_| experiment)
}

/// How many values lie from `from` to `to` in steps of `step`, both ends included; none unless the step leads from one end
/// to the other (to within a millionth of a step).
#[must_use]
pub fn steps(from: f64, to: f64, step: f64) -> Option<u64> {
    let intervals = (to - from) / step;
    let whole = intervals.round();
    let fits = intervals.is_finite() && (0.0..1e18).contains(&whole) && (intervals - whole).abs() < 1e-6;
    fits.then(|| whole as u64 + 1)
}
