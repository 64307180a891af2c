//! Problems of one expression before they are placed in the document.

use crate::spec::problem::Problems;
use crate::spec::tree::Span;

use super::Place;

/// Broken grammar, limits, wrong number of arguments.
pub(super) const SYNTAX: &str = "E0301";
/// A name, member or function that does not exist.
pub(super) const UNKNOWN: &str = "E0302";
/// Kinds that cannot stand together.
pub(super) const KINDS: &str = "E0303";
/// A name that is known only later.
pub(super) const STAGE: &str = "E0304";
/// A function whose argument can leave its domain.
pub(super) const DOMAIN: &str = "E0305";
/// A value outside the bounds of its place.
pub(super) const BOUNDS: &str = "E0306";
/// A condition, a number or a choice where another of them is needed.
pub(super) const TYPES: &str = "E0308";

/// A byte range of the expression's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Extent {
    /// The range from `start` to `end`; the callers have checked the length of the text.
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The smallest range around both.
    pub(super) fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text under the range.
    pub(super) fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }

    /// The text under the range for a message: on one line, at most 40 characters.
    pub(super) fn quote(self, text: &str) -> String {
        let line = self.of(text).split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= 40 { line } else { line.chars().take(37).chain("...".chars()).collect() }
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Code, such as `E0301`.
    pub code: &'static str,
    /// Where.
    pub extent: Extent,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Fault {
    /// A problem without a hint.
    pub(super) fn new(code: &'static str, extent: Extent, message: impl Into<String>) -> Self {
        Self { code, extent, message: message.into(), hint: None }
    }

    /// The same with a hint.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Moves the problems of an expression to their places in the document.
pub(super) fn report(faults: Vec<Fault>, text: &str, place: Place<'_>, problems: &mut Problems) {
    let offset = text_offset(text, place.span);
    let within = |at: u32| (offset + at).min(place.span.end.max(offset));
    for fault in faults {
        let span = Span { file: place.span.file, start: within(fault.extent.start), end: within(fault.extent.end) };
        problems.error(fault.code, Some(span), place.path, fault.message, fault.hint);
    }
}

/// Where the text begins in the document: after one quote, after three (and a line break that TOML drops), or, for a
/// `--set` argument, at once.
fn text_offset(text: &str, span: Span) -> u32 {
    let around = (span.end.saturating_sub(span.start)).saturating_sub(text.len() as u32);
    match around {
        0 => span.start,
        1..=5 => span.start + 1,
        _ => span.start + around - 3,
    }
}
