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
mod peace;
mod sessions;
mod solutions;
mod table;
mod war;

pub use case::{Case, cases};
pub use table::{Class, Row, Verdict};

use table::Checks;

/// How much is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Plays behind each Monte Carlo row; larger games take a stated share of it.
    pub replications: u64,
    /// Seed of the draws.
    pub seed: u64,
}

/// Plays every case and returns the rows in the order of the cases file, controls with their case; then the sessions of
/// another program.
#[must_use]
pub fn verify(effort: Effort) -> Vec<Row> {
    let mut checks = Checks::new(effort);
    bargaining::check(&mut checks);
    solutions::check(&mut checks);
    war::check(&mut checks);
    peace::check(&mut checks);
    components::check(&mut checks);
    controls::check(&mut checks);
    let mut rows = checks.into_rows();
    rows.extend(sessions::rows());
    rows
}
