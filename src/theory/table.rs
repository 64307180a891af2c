//! Rows of the comparison.

use super::Effort;
use super::case::{Case, case, cases};
use crate::design::Moments;
use crate::engine::observer::Nobody;
use crate::engine::record::Record;
use crate::engine::{Coordinates, Workspace, play};
use crate::model::Model;
use crate::num::sqrt;
use crate::source::load;

/// What kind of comparison a row makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// One play, or a component, decides.
    Exact,
    /// A mean over many plays.
    MonteCarlo,
    /// A wrong engine is run, and must be told from the right one.
    Control,
}

impl Class {
    /// As printed.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::MonteCarlo => "monte_carlo",
            Self::Control => "control",
        }
    }
}

/// What a comparison says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The result is reproduced.
    Pass,
    /// It is not.
    Fail,
    /// The wrong engine was told from the right one.
    Caught,
    /// It was not.
    Missed,
}

impl Verdict {
    /// As printed.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Caught => "caught",
            Self::Missed => "missed",
        }
    }

    /// Whether all is as it should be.
    #[must_use]
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Pass | Self::Caught)
    }
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Id of the case, or the model of a result that is no case.
    pub case: &'static str,
    /// Who published the result.
    pub source: &'static str,
    /// Which of its numbers: the path in the cases file, or what the wrong engine does.
    pub row: String,
    /// Kind.
    pub class: Class,
    /// What theory says.
    pub expected: f64,
    /// What came of it.
    pub obtained: f64,
    /// How far the two may be apart.
    pub tolerance: f64,
}

impl Row {
    /// Distance between what was expected and what was obtained.
    #[must_use]
    pub fn error(&self) -> f64 {
        (self.obtained - self.expected).abs()
    }

    /// What the comparison says.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (self.class, self.error() <= self.tolerance) {
            (Class::Control, true) => Verdict::Missed,
            (Class::Control, false) => Verdict::Caught,
            (_, true) => Verdict::Pass,
            (_, false) => Verdict::Fail,
        }
    }
}

/// Largest error of an exact row, relative to numbers above 1: the cases file has ten digits.
pub(super) const EXACT: f64 = 1e-9;

/// Standard errors that a mean may be off.
const WIDE: f64 = 4.5;

/// Ids of cases, and what plays them.
pub(super) type Part = (&'static [&'static str], fn(&mut Checks));

/// Collects rows.
pub(super) struct Checks {
    pub(super) effort: Effort,
    rows: Vec<Row>,
}

impl Checks {
    pub(super) fn new(effort: Effort) -> Self {
        Self { effort, rows: Vec::new() }
    }

    /// The rows in the order of the cases file, then those of models that are no case.
    pub(super) fn into_rows(mut self) -> Vec<Row> {
        let place = |row: &Row| cases().iter().position(|case| case.id == row.case).unwrap_or(usize::MAX);
        self.rows.sort_by_key(place);
        self.rows
    }

    /// An exact number.
    pub(super) fn exact(&mut self, id: &'static str, pointer: &str, obtained: f64) {
        let tolerance = EXACT * case(id).expected(pointer).abs().max(1.0);
        self.within(id, pointer, obtained, tolerance);
    }

    /// A number that stands on a grid of offers, or has a stated tolerance.
    pub(super) fn within(&mut self, id: &'static str, pointer: &str, obtained: f64, tolerance: f64) {
        let expected = case(id).expected(pointer);
        self.push(id, pointer.trim_start_matches('/').to_owned(), Class::Exact, (expected, obtained, tolerance));
    }

    /// A mean over plays.
    pub(super) fn mean(&mut self, id: &'static str, pointer: &str, mean: Mean) {
        let expected = case(id).expected(pointer);
        let name = format!("{} N={}", pointer.trim_start_matches('/'), mean.n);
        self.push(id, name, Class::MonteCarlo, (expected, mean.value, WIDE * mean.error));
    }

    /// A number that stands in the comments of a model rather than in the cases file.
    pub(super) fn beyond(&mut self, id: &'static str, row: &str, numbers: (f64, f64, f64)) {
        self.push(id, row.to_owned(), Class::Exact, numbers);
    }

    /// The same as a mean over plays.
    pub(super) fn beyond_mean(&mut self, id: &'static str, row: &str, expected: f64, mean: Mean) {
        let name = format!("{row} N={}", mean.n);
        self.push(id, name, Class::MonteCarlo, (expected, mean.value, WIDE * mean.error));
    }

    /// What a wrong engine makes of a result of the cases file; the tolerance is that of the right engine's row.
    pub(super) fn control(&mut self, id: &'static str, what: &str, numbers: (f64, f64, f64)) {
        self.push(id, what.to_owned(), Class::Control, numbers);
    }

    fn push(&mut self, id: &'static str, row: String, class: Class, (expected, obtained, tolerance): (f64, f64, f64)) {
        let known = cases().iter().find(|case| case.id == id);
        let source = known.map_or("derived in the comments of the model", |case| case.source.as_str());
        self.rows.push(Row { case: id, source, row, class, expected, obtained, tolerance });
    }
}

/// A mean over plays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mean {
    pub(super) value: f64,
    /// Its standard error.
    pub(super) error: f64,
    /// Plays.
    pub(super) n: u64,
}

impl Mean {
    /// Of the numbers.
    pub(super) fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let mut moments = Moments::default();
        numbers.for_each(|number| moments.push(number));
        let (value, error) = (moments.mean().unwrap_or(f64::NAN), moments.standard_error().unwrap_or(0.0));
        Self { value, error, n: moments.count() }
    }

    /// The larger of its standard error and that of a share with the expected chance: a share of plays that happens to be
    /// none or all has no variance of its own.
    pub(super) fn of_chance(mut self, chance: f64) -> Self {
        self.error = self.error.max(sqrt(chance * (1.0 - chance) / self.n as f64));
        self
    }
}

/// A classic with inputs laid over it, ready to be played.
pub(super) struct Classic {
    pub(super) model: Model,
    workspace: Workspace,
}

impl Classic {
    /// Loads a model that ships, with settings such as `("params.p", 0.6)`.
    pub(super) fn load(name: &str, numbers: &[(&str, f64)]) -> Self {
        let sets: Vec<String> = numbers.iter().map(|(path, value)| format!("{path}={value}")).collect();
        Self::with(name, &sets)
    }

    /// The same with settings as they are typed.
    pub(super) fn with(name: &str, sets: &[String]) -> Self {
        let loaded = load(name, &[], sets).expect("the classics ship, and inputs of the cases are valid: a test");
        Self { workspace: Workspace::new(&loaded.model), model: loaded.model }
    }

    /// One play.
    pub(super) fn play(&mut self, seed: u64, replication: u64) -> &Record {
        play(&self.model, Coordinates { seed, replication }, &mut self.workspace, &mut Nobody)
    }

    /// A declared column of the first play.
    pub(super) fn column(&mut self, id: &str) -> f64 {
        let at = self.place(id);
        self.play(0, 0).extra[at]
    }

    /// A declared column of the first play in which another has a given value; not a number if there is none in a thousand.
    pub(super) fn first_where(&mut self, column: &str, value: f64, id: &str) -> f64 {
        let (condition, at) = (self.place(column), self.place(id));
        for replication in 0..1000 {
            let record = self.play(0, replication);
            if record.extra[condition] == value {
                return record.extra[at];
            }
        }
        f64::NAN
    }

    /// Mean over `n` plays of what `read` makes of each.
    pub(super) fn mean(&mut self, effort: Effort, share: u64, read: impl Fn(&Record) -> f64) -> Mean {
        let n = (effort.replications / share).max(1);
        Mean::of((0..n).map(|replication| read(self.play(effort.seed, replication))))
    }

    /// Mean of a declared column over `n` plays.
    pub(super) fn mean_column(&mut self, effort: Effort, share: u64, id: &str) -> Mean {
        let at = self.place(id);
        self.mean(effort, share, |record| record.extra[at])
    }

    /// Place of a declared column.
    pub(super) fn place(&self, id: &str) -> usize {
        let found = self.model.outcome_columns.iter().position(|column| column.id == id);
        found.expect("columns are named by literals that a test goes through")
    }
}

/// Place where `claim` turns from false to true between two numbers, to within `width`.
pub(super) fn switch(mut low: f64, mut high: f64, width: f64, mut claim: impl FnMut(f64) -> bool) -> f64 {
    while high - low > width {
        let middle = f64::midpoint(low, high);
        if claim(middle) { high = middle } else { low = middle }
    }
    f64::midpoint(low, high)
}

impl Case {
    /// Inputs by name, as settings of parameters of the same names.
    pub(super) fn params<'a>(&self, names: &[(&'a str, &str)]) -> Vec<(&'a str, f64)> {
        names.iter().map(|(path, pointer)| (*path, self.input(pointer))).collect()
    }
}
