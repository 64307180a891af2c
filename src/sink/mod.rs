//! Layer 5: result tables and the files they are written to.
//!
//! Every table has a list of [`Column`]s and a function that writes a row in their order; the [`Tally`] adds up what
//! `summary.csv` and `steps.csv` say; a [`PartFile`] is complete or absent under its final name.

pub mod agreements;
mod cell;
mod column;
mod disk;
mod draws;
mod facts;
mod file;
mod fit;
#[cfg(test)]
pub(crate) mod fixture;
mod measured;
pub mod moves;
mod name;
mod outcomes;
mod path;
mod rounds;
mod steps;
pub mod summary;
mod tables;
mod tally;
#[cfg(test)]
mod tests;
mod words;

pub use cell::{Block, Rows, number};
pub use column::{CellType, Column};
pub use disk::{Disk, Fault, Faults};
pub use draws::Draws;
pub use facts::{Facts, PeaceEnd, Signed};
pub use file::{FileEntry, FileError, PartFile, part_path, remove_if_there, sync_dir, write_whole, write_whole_on};
pub use fit::misfit;
pub use name::{LONGEST, Names, column_name};
pub use outcomes::{Outcomes, Row};
pub use path::PathKind;
pub use rounds::{REGIONS, Rounds};
pub use steps::{QUANTILES, StepLog, StepTally, Steps};
pub use summary::SummaryRow;
pub use tables::{Tables, file as table_file, header};
pub use tally::{SURVIVAL_MONTHS, Tally};
pub use words::terms;
