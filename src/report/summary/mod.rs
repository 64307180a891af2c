//! The printed summary of a run.

mod forms;
mod sections;

pub use forms::{csv, json, text};
pub use sections::baseline_rows;
pub(super) use sections::part;

/// What stands above a summary: which run it is and how to get it again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Name of the model.
    pub name: String,
    /// Title of the model.
    pub title: String,
    /// blake3 of the resolved model, 64 hexadecimal digits.
    pub hash: String,
    /// Scenarios, in the order applied.
    pub scenarios: Vec<String>,
    /// Settings, as typed.
    pub sets: Vec<String>,
    /// Seed.
    pub seed: u64,
    /// Replications planned.
    pub replications: u64,
    /// Replications that failed.
    pub failed: u64,
    /// The run directory.
    pub directory: String,
    /// The command that reproduces the run.
    pub command: String,
    /// The command to try next.
    pub next: String,
    /// Replications that share each draw of the uncertain parameters.
    pub per_draw: u64,
}
