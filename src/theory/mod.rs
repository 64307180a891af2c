//! Published results reproduced: the classics are played by the engine and compared with what theory says.
//!
//! `tests/cases/theory.json` holds the results with their sources. Every case here loads a model of `models/classics`, lays
//! the inputs of the case over it as `--set` would, plays it, and compares what came of it. No result is computed from its
//! formula in this program: the formulas stand in the tests and in the comments of the models. Cases that concern a
//! component (an interval, a law of attrition) call that component.
//!
//! Rows are of three classes. *Exact*: one play decides, to 1e-9 (relative to numbers above 1) or to one step of the grid on
//! which the model puts its offers. *Monte Carlo*: a mean over N plays, to 4.5 standard errors. *Control*: a wrong engine
//! is run, and must be told from the right one.

mod bargaining;
mod case;
mod components;
mod controls;
mod designs;
mod peace;
mod sessions;
mod solutions;
mod table;
mod war;

pub use case::{Case, cases};
pub use table::{Class, Row, Verdict};

use table::{Checks, Part};

/// How much is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Plays behind each Monte Carlo row; larger games take a stated share of it.
    pub replications: u64,
    /// Seed of the draws.
    pub seed: u64,
}

/// Name by which all sessions of another program are asked for; each row has an id of its own.
const SESSIONS: &str = "sessions";

fn parts() -> impl Iterator<Item = &'static Part> {
    [bargaining::PARTS, solutions::PARTS, war::PARTS, peace::PARTS, components::PARTS, controls::PARTS, designs::PARTS]
        .into_iter()
        .flatten()
}

/// Ids of everything that is compared, in alphabetical order: cases, and models with results of their own.
#[must_use]
pub fn ids() -> Vec<&'static str> {
    let mut ids: Vec<&str> = parts().flat_map(|(ids, _)| ids.iter().copied()).chain([SESSIONS]).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Plays every case (or those of `only`, if there are any) and returns the rows in the order of the cases file, controls
/// with their case; then the sessions of another program.
#[must_use]
pub fn verify(effort: Effort, only: &[String]) -> Vec<Row> {
    let mut checks = Checks::new(effort);
    let wanted = |ids: &[&str]| only.is_empty() || ids.iter().any(|id| only.iter().any(|case| case == id));
    for (_, play) in parts().filter(|(ids, _)| wanted(ids)) {
        play(&mut checks);
    }
    let mut rows = checks.into_rows();
    if only.is_empty() || only.iter().any(|case| case == SESSIONS) {
        rows.extend(sessions::rows());
    }
    rows
}
