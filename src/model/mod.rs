//! Layer 2: the validated, compiled, immutable model.
pub mod dist;
pub mod expr;
pub mod kind;
