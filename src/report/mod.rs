//! Layer 5: what a person reads: descriptions of models, transcripts of negotiations, summaries of runs.
//!
//! Everything here returns text; the faces decide where it goes.

pub mod appraise;
pub mod calendar;
pub mod compare;
pub mod coverage;
pub mod describe;
pub mod document;
pub mod grid;
pub mod html;
pub mod odd;
pub mod page;
pub mod peers;
pub mod role;
pub mod signs;
pub mod summary;
pub mod sweep;
pub mod transcript;
mod words;
