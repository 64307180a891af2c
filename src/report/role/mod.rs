//! Papers for a seminar, made of what a model says: a sheet for each government and one for whoever teaches.
//!
//! A sheet states its government's case in the model's own words and numbers, and nothing that only others know. Numbers
//! are those of [`crate::measure::central::Central`] and of an appraisal at the start of the talks; nothing is played,
//! except the few histories on the instructor's sheet.

mod aims;
mod case;
mod class;
mod home;
mod instructor;
mod levers;
mod questions;
mod table;

pub use case::{Seat, sheet};
pub use instructor::{Sample, instructor};
