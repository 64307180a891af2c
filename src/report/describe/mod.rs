//! What a model says, in words and for drivers.

mod json;
mod parameters;
mod sections;
mod text;

pub use json::json;
pub(crate) use parameters::short;
pub use parameters::{Parameter, ParameterKind, grid, parameters};
pub use text::text;
