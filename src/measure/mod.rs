//! Layer 3: scores of outcomes and the simplest rivals of the simulation.
pub mod attrition;
pub mod baseline;
pub mod beliefs;
pub mod central;
pub mod frontier;
pub mod positions;
