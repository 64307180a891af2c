//! Domains and profiles of Genius (Lin, Kraus, Baarslag, Tykhonov, Hindriks and Jonker 2014, Computational Intelligence 30),
//! which NegMAS reads and writes too: a domain lists issues with their options, a profile weighs them for one party.
//!
//! Discrete issues are read as they are, integer issues option by option. A profile is linear-additive: the value of an
//! outcome is the sum over issues of weight times evaluation.

mod read;
mod write;

pub use write::{Imported, Shape};

use thiserror::Error;

/// A text with the name that messages give it.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// File name.
    pub name: &'a str,
    /// Contents.
    pub text: &'a str,
}

/// What cannot be read, where, and what to do about it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{file}:{line}:{column}: {message}")]
pub struct GeniusError {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What was found and what is allowed.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// A negotiation domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// Issues in order.
    pub issues: Vec<Issue>,
}

/// An issue of a domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// Number by which profiles refer to it.
    pub index: String,
    /// Its name.
    pub name: String,
    /// Its options, in order.
    pub options: Vec<String>,
}

/// What one party makes of a domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Weight of each issue.
    pub weights: Vec<f64>,
    /// Evaluation of each option of each issue.
    pub evaluations: Vec<Vec<f64>>,
    /// What it gets without agreement.
    pub reservation: f64,
    /// Factor by which waiting until the deadline lowers everything; 1: none.
    pub discount: f64,
}

/// Reads a domain.
///
/// # Errors
/// The first thing that is no domain, with its place.
pub fn domain(text: Text<'_>) -> Result<Domain, GeniusError> {
    read::domain(text)
}

/// Reads a profile over a domain.
///
/// # Errors
/// The first thing that is no linear-additive profile over this domain, with its place.
pub fn profile(text: Text<'_>, domain: &Domain) -> Result<Profile, GeniusError> {
    read::profile(text, domain)
}

#[cfg(test)]
mod tests;
