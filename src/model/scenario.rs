//! What a scenario stands for.

/// What `[scenario]` says: it moves no result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// One plain sentence.
    pub about: Option<String>,
    /// Its own future; it has come when one of these has.
    pub futures: Vec<Future>,
    /// Whether its source expects that future less often than in the base, instead of more often.
    pub less: bool,
    /// Rows of the inventory that the scenario carries.
    pub inventory: Vec<String>,
}

/// What a replication can come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Future {
    /// An outcome, by its place in `[[outcomes]]`.
    Outcome(usize),
    /// A column of `[[outcome_column]]`, by its place; above 0 it has come.
    Column(usize),
}
