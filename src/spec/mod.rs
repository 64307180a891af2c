//! Layer 1: model files exactly as written, with the place of every key and value.
//!
//! Text in, [`model::Spec`] out. Knows no paths and does no I/O; resolves no names.

pub mod model;
pub mod problem;
pub mod tree;
