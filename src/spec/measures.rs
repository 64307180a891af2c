//! `[measures]`: scores of outcomes that a model asks for.

use super::model::{Map, Name, Number};

/// `[measures]`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// Which columns `outcomes.csv` has in addition.
    pub columns: Vec<Name>,
    /// Bargaining power of each signatory in the Nash solution; default 1 each.
    pub weights: Map<Number>,
}
