//! Layer 4: factors -> points -> numbered jobs; streaming statistics. No I/O.
//!
//! [`points::Design`] computes any point from its number; [`plan::Plan`] numbers the jobs over them. Statistics take rows in
//! job order and keep flat memory. What can be merged (counts) is merged exactly; what cannot (means of floating-point
//! numbers, whose sums depend on their order) offers no merging at all, so that no result ever depends on threads, chunks
//! or shards.

mod clusters;
pub mod factor;
mod histogram;
mod moments;
mod paired;
pub mod plan;
pub mod points;
pub mod sensitivity;
pub mod shuffle;
pub mod sign;
mod survival;
pub mod trajectories;
mod wilson;

pub use clusters::{Clusters, Spread};
pub use factor::{Factor, Levels};
pub use histogram::{GridMismatch, Histogram, code};
pub use moments::Moments;
pub use paired::Paired;
pub use points::{Design, DesignFault, Layout};
pub use survival::{Estimate, Survival, SurvivalMismatch};
pub use wilson::{Interval, Z_95, coverage, wald, wilson};
