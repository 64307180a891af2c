//! `[scenario]`: what an overlay stands for.

use super::model::{Name, Notes};

/// `[scenario]`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    /// The future that the overlay states the conditions of: outcomes, any of which counts, and outcome columns of 0 and 1.
    pub future: Vec<Name>,
    /// `more` or `less`: what its source expects of that future against the base; default `more`.
    pub direction: Option<Name>,
    /// Annotations.
    pub notes: Notes,
}
