//! Layer 5: runs. Threads, order, run directories.
//!
//! [`RunDir::open`] takes a directory or says why not; [`execute`] plays the jobs of a [`Plan`](crate::design::plan::Plan)
//! in it. Workers play and render chunks of jobs ([`line`]); chunks are written in job order as parts of about a second of
//! work ([`part`]); the tables are made from the parts alone (`merge`). So memory is flat, neither threads nor chunks nor
//! interruptions change a byte, and the same command goes on where it was stopped.

pub mod batch;
mod chunk;
mod combine;
pub mod compare;
mod contrast;
mod control;
mod dir;
pub mod dossier;
mod error;
mod execute;
pub mod experiment;
pub mod inputs;
pub mod lab;
mod line;
mod log;
mod manifest;
mod merge;
mod name;
mod outputs;
pub mod part;
pub mod probe;
mod reload;
pub mod signs;
mod verify;

pub use combine::combine;
pub use control::{COMMIT, Control, Play, Progress, Silent, Variant};
pub use dir::{Opened, RunDir, Wanted};
pub use dossier::Dossier;
pub use error::RunError;
pub use execute::{Finished, Task, execute};
pub use inputs::Inputs;
pub use lab::Lab;
pub use log::LOG;
pub use manifest::{Identity, MANIFEST, Manifest, SCHEMA, hash};
pub use merge::{POINTS_TOLD, Response};
pub use name::{NameParts, run_name};
pub use reload::{Reloaded, reload};
pub use verify::{Verdict, verify};

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;
