//! Layer 3: scores of outcomes and the simplest rivals of the simulation.
pub mod baseline;
pub mod central;
pub mod frontier;
pub mod positions;
