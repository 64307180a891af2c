//! The tables of a run: which there are, what their columns mean, and the codebook that says so.

use crate::design::Factor;
use crate::design::plan::Trace;
use crate::model::Model;

use super::cell::{Block, Rows};
use super::column::{Column, Draft, name_all};
use super::draws::Draws;
use super::outcomes::Outcomes;
use super::rounds::Rounds;
use super::steps::Steps;
use super::{agreements, moves, summary};

/// File names of the tables.
pub mod file {
    pub use super::super::summary::SUMMARY;
    /// One row a job.
    pub const OUTCOMES: &str = "outcomes.csv";
    /// One row an instrument signed.
    pub const AGREEMENTS: &str = "agreements.csv";
    /// Counts and quantiles by step.
    pub const STEPS: &str = "steps.csv";
    /// One row a replication and step.
    pub const ROUNDS: &str = "rounds.csv";
    /// One row a move.
    pub const MOVES: &str = "moves.csv";
    /// One row a failed job.
    pub const FAILURES: &str = "failures.csv";
    /// One row a job: drawn parameters.
    pub const DRAWS: &str = "draws.csv";
    /// One row a column of any table.
    pub const CODEBOOK: &str = "codebook.csv";
    /// The points.
    pub const DESIGN: &str = "design.csv";
    /// The resolved model.
    pub const MODEL: &str = "model.toml";
    /// Everything that a run was made from.
    pub const INPUTS: &str = "inputs.json";
    /// The model's candidates, where they are a selection.
    pub const POOL: &str = "model.pool.csv";
}

/// The tables of a run of one model.
#[derive(Clone, Debug)]
pub struct Tables {
    /// `outcomes.csv`.
    pub outcomes: Outcomes,
    /// `draws.csv`.
    pub draws: Draws,
    /// `steps.csv`.
    pub steps: Steps,
    /// `rounds.csv`, if it is written.
    pub rounds: Option<Rounds>,
    /// Columns of `moves.csv`, if it is written.
    pub moves: Option<Vec<Column>>,
    /// Columns of `agreements.csv`.
    pub agreements: Vec<Column>,
    /// Columns of `summary.csv`.
    pub summary: Vec<Column>,
    /// Columns of `failures.csv`, which is written only where there are failures.
    pub failures: Vec<Column>,
    /// Columns of `design.csv`.
    pub design: Vec<Column>,
    /// Columns of `codebook.csv`.
    pub codebook: Vec<Column>,
    /// Ids of the options of each issue.
    options: Vec<Vec<String>>,
}

impl Tables {
    /// The tables of a run of `model` over these factors.
    #[must_use]
    pub fn new(model: &Model, trace: Trace, factors: &[Factor]) -> Self {
        let outcomes = Outcomes::new(model, factors);
        let mut design = name_all([Draft::integer("point", "point of the design")]);
        design.extend(outcomes.varied());
        Self {
            outcomes,
            draws: Draws::new(model),
            steps: Steps::new(model),
            rounds: trace.has_rounds().then(|| Rounds::new(model)),
            moves: trace.has_moves().then(moves::columns),
            agreements: agreements::columns(),
            summary: summary::columns(),
            failures: failures(),
            design,
            codebook: codebook(),
            options: (model.issues.iter().map(|issue| issue.options.iter().map(|o| o.id.clone()).collect())).collect(),
        }
    }

    /// Whether rows of both belong into the same tables: equal columns with equal words, options and histograms.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        let key = |column: &Column| {
            let words = (column.ty == super::CellType::Text).then(|| column.range.clone());
            (column.name.clone(), column.ty, words)
        };
        let keys = |tables: &Self| -> Vec<_> {
            let lists = tables.list();
            let kept = lists.into_iter().filter(|(name, _)| *name != file::DRAWS && *name != file::DESIGN);
            kept.flat_map(|(_, columns)| columns.iter().map(key)).collect()
        };
        self.steps.same(&other.steps) && self.options == other.options && keys(self) == keys(other)
    }

    /// The row of `design.csv` of a point.
    #[must_use]
    pub fn design_row(factors: &[Factor], point: u64, values: &[f64]) -> Block {
        let mut rows = Rows::new();
        rows.integer(point);
        for (factor, value) in factors.iter().zip(values) {
            super::outcomes::varied(factor, *value, &mut rows);
        }
        rows.end();
        rows.finish()
    }

    /// Every table that is always written, by file name, in the order of the codebook.
    #[must_use]
    pub fn list(&self) -> Vec<(&'static str, &[Column])> {
        let mut list: Vec<(&'static str, &[Column])> = vec![
            (file::OUTCOMES, &self.outcomes.columns),
            (file::AGREEMENTS, &self.agreements),
            (file::STEPS, &self.steps.columns),
        ];
        list.extend(self.rounds.iter().map(|r| (file::ROUNDS, r.columns.as_slice())));
        list.extend(self.moves.iter().map(|m| (file::MOVES, m.as_slice())));
        list.extend([
            (file::DRAWS, self.draws.columns.as_slice()),
            (file::SUMMARY, &self.summary),
            (file::DESIGN, &self.design),
            (file::CODEBOOK, &self.codebook),
        ]);
        list
    }

    /// The rows of `codebook.csv`; `with_failures` if `failures.csv` was written.
    #[must_use]
    pub fn codebook_rows(&self, with_failures: bool) -> Block {
        let mut rows = Rows::new();
        let mut list = self.list();
        if with_failures {
            list.push((file::FAILURES, &self.failures));
        }
        for (name, columns) in list {
            let table = name.strip_suffix(".csv").unwrap_or(name);
            for column in columns {
                let Column { name, ty, unit, range, meaning } = column;
                rows.texts([table, name, ty.word(), unit, range, meaning]);
            }
        }
        rows.finish()
    }
}

/// The header row of a table.
#[must_use]
pub fn header(columns: &[Column]) -> Block {
    let mut rows = Rows::new();
    rows.texts(columns.iter().map(|c| c.name.as_str()));
    rows.finish()
}

fn failures() -> Vec<Column> {
    name_all([
        Draft::integer("point", "point of the design"),
        Draft::integer("replication", "replication, counted from 0"),
        Draft::integer("seed", "seed of the run"),
        Draft::text("reason", "what went wrong"),
        Draft::text("command", "plays the replication again"),
    ])
}

fn codebook() -> Vec<Column> {
    use super::column::CellType::{Boolean, Integer, Number, Text};
    name_all([
        Draft::text("table", "table"),
        Draft::text("column", "column, in the order of the table"),
        Draft::text("type", "type of its cells").one_of([Integer, Number, Boolean, Text].map(super::CellType::word)),
        Draft::text("unit", "unit; 1 for pure numbers, empty where none is declared"),
        Draft::text("range", "low..high, or the allowed values separated by |; empty: any"),
        Draft::text("meaning", "what it says"),
    ])
}
