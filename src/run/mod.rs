//! Layer 5: runs. Threads, order, run directories.
//!
//! [`RunDir::open`] takes a directory or says why not; [`execute`] plays the jobs of a [`Plan`](crate::design::plan::Plan)
//! in it. Jobs are cut into chunks; workers play and render chunks; a wave of chunks is written in job order before the
//! next begins. So memory is flat, and neither threads nor chunks change a byte.

mod chunk;
mod control;
mod dir;
mod error;
mod execute;
mod log;
mod manifest;
mod name;
mod noise;
mod outputs;

pub use control::{CHUNK, Control, Play, Progress, Silent};
pub use dir::{Opened, RunDir, Wanted};
pub use error::RunError;
pub use execute::{Finished, Task, execute};
pub use log::LOG;
pub use manifest::{Identity, MANIFEST, Manifest, SCHEMA, hash};
pub use name::{NameParts, run_name};

#[cfg(test)]
mod tests;
