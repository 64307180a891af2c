//! Layer 4: from a design to numbered jobs, and streaming statistics. No I/O.
pub mod plan;
