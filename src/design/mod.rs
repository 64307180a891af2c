//! Layer 4: factors -> points -> numbered jobs; streaming statistics. No I/O.
//!
//! Statistics take rows in job order and keep flat memory. What can be merged (counts) is merged exactly; what cannot
//! (means of floating-point numbers, whose sums depend on their order) offers no merging at all, so that no result ever
//! depends on threads, chunks or shards.

mod histogram;
mod moments;
mod paired;
pub mod plan;
mod survival;
mod wilson;

pub use histogram::{GridMismatch, Histogram};
pub use moments::Moments;
pub use paired::Paired;
pub use survival::{Estimate, Survival, SurvivalMismatch};
pub use wilson::{Interval, Z_95, coverage, wald, wilson};
