//! A finished run or sweep as a report needs it: its inputs, its summary, and the columns that charts are drawn from.
//!
//! Nothing is computed here but sums over steps of the long tables, so that memory does not grow with them.

mod codebook;
mod columns;
mod seen;

use std::path::Path;

use super::error::RunError;
use super::manifest::Manifest;
use super::reload::{Reloaded, reload};
use crate::design::Layout;
use crate::design::plan::Trace;
use crate::sink::{SummaryRow, summary, table_file};

pub use codebook::{Codebook, Entry};
pub use columns::Columns;
pub use seen::{Answers, Gains, MovesSeen, StepRow, TableAt};

/// Most replications of which drawn parameters are read.
pub const MOST_DRAWS: usize = 20_000;

/// A finished run directory.
#[derive(Debug)]
pub struct Dossier {
    /// Manifest, inputs, model, design.
    pub run: Reloaded,
    /// What the columns are.
    pub codebook: Codebook,
    /// `summary.csv`.
    pub summary: Vec<SummaryRow>,
    /// `steps.csv`; empty of a sweep.
    pub steps: Vec<StepRow>,
    /// Columns of `outcomes.csv`; of a sweep that samples its points the few that are [`OF_A_SWEEP`], of others none.
    pub outcomes: Columns,
    /// `draws.csv`, the first [`MOST_DRAWS`] rows; empty of a sweep.
    pub draws: Columns,
    /// `rounds.csv` by step, if the run wrote it; not of a sweep.
    pub rounds: Option<Vec<TableAt>>,
    /// `moves.csv` added up, if the run wrote it; not of a sweep.
    pub moves: Option<MovesSeen>,
}

/// Columns of `outcomes.csv` that no chart is drawn from begin so.
const LEFT_OUT: [&str; 7] = ["seed", "uses_", "end_", "times_", "best_refused_", "refusals_", "point"];

/// Columns of `outcomes.csv` that charts of a sweep are drawn from.
pub const OF_A_SWEEP: [&str; 5] = ["point", "replication", "status", "renewed_war", "agreement_month"];

/// Most jobs of a sweep that are read one by one.
pub const MOST_JOBS: usize = 4_000_000;

impl Dossier {
    /// Reads a finished run directory.
    ///
    /// # Errors
    /// When it is none, is not finished, is one of several shards, or cannot be read.
    pub fn read(dir: &Path) -> Result<Self, RunError> {
        if !dir.is_dir() {
            return Err(RunError::NoRun { path: dir.to_owned() });
        }
        let manifest = Manifest::read(dir)?.ok_or_else(|| RunError::NoRun { path: dir.to_owned() })?;
        if let Some([number, of]) = manifest.shard {
            let reason = format!("it is shard {number} of {of} and has no tables");
            return Err(RunError::Unfinished { path: dir.to_owned(), reason });
        }
        if !manifest.is_complete(dir) {
            let reason = if manifest.done < manifest.planned {
                format!("{} of {} replications are done", manifest.done, manifest.planned)
            } else {
                "a result file is missing or has another size".to_owned()
            };
            return Err(RunError::Unfinished { path: dir.to_owned(), reason });
        }
        let run = reload(dir)?;
        let codebook = Codebook::read(dir)?;
        let summary = summary::read(dir)?;
        let mut dossier = Self {
            run,
            codebook,
            summary,
            steps: Vec::new(),
            outcomes: Columns::default(),
            draws: Columns::default(),
            rounds: None,
            moves: None,
        };
        let layout = &dossier.run.design.layout;
        if !dossier.is_sweep() {
            dossier.read_tables(dir)?;
        } else if matches!(layout, Layout::Lhs { .. } | Layout::Sobol { .. }) {
            let (path, book) = (dir.join(table_file::OUTCOMES), &dossier.codebook);
            let wanted = |name: &str| OF_A_SWEEP.contains(&name);
            dossier.outcomes = Columns::read(&path, (book, "outcomes"), wanted, MOST_JOBS)?;
        }
        Ok(dossier)
    }

    fn read_tables(&mut self, dir: &Path) -> Result<(), RunError> {
        let kept = |name: &str| !LEFT_OUT.iter().any(|start| name.starts_with(start)) || name == "end_regime";
        let path = |file: &str| dir.join(file);
        self.steps = seen::steps(&path(table_file::STEPS))?;
        let book = &self.codebook;
        self.outcomes = Columns::read(&path(table_file::OUTCOMES), (book, "outcomes"), kept, usize::MAX)?;
        self.draws = Columns::read(&path(table_file::DRAWS), (book, "draws"), |_| true, MOST_DRAWS)?;
        if self.run.plan.trace != Trace::None {
            self.rounds = Some(seen::rounds(&path(table_file::ROUNDS))?);
        }
        if self.run.plan.trace == Trace::Moves {
            self.moves = Some(seen::moves(&path(table_file::MOVES), &path(table_file::ROUNDS))?);
        }
        Ok(())
    }

    /// Whether anything was varied.
    #[must_use]
    pub fn is_sweep(&self) -> bool {
        !self.run.design.factors.is_empty()
    }
}
