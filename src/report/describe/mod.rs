//! What a model says, in words and for drivers.

mod json;
mod parameters;
mod sections;
mod text;

pub use json::json;
pub use parameters::{Parameter, ParameterKind, grid, parameters};
pub(crate) use parameters::{between, short, written};
pub use text::text;
