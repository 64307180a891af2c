//! What is wrong with a document, collected so that all of it is reported at once.

use std::collections::BTreeSet;

use super::tree::Span;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The model cannot be used.
    Error,
    /// The model can be used, but a reader should know.
    Warning,
}

/// One problem with its place and remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable code such as `E0101`, listed in [`super::codes`].
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// Where it stands, if anywhere.
    pub span: Option<Span>,
    /// Dotted path of the element, such as `levers.us_cut_aid.owner`.
    pub path: String,
    /// What was found and what is allowed: lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Problems in the order found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// All of them; renderers print the first 50 and the count of the rest.
    pub list: Vec<Problem>,
}

impl Problems {
    /// Adds an error.
    pub fn error(
        &mut self,
        code: &'static str,
        span: Option<Span>,
        path: impl Into<String>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.list.push(Problem {
            code,
            severity: Severity::Error,
            span,
            path: path.into(),
            message: message.into(),
            hint,
        });
    }

    /// Adds a warning.
    pub fn warn(
        &mut self,
        code: &'static str,
        span: Option<Span>,
        path: impl Into<String>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.list.push(Problem {
            code,
            severity: Severity::Warning,
            span,
            path: path.into(),
            message: message.into(),
            hint,
        });
    }

    /// Whether any problem is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|p| p.severity == Severity::Error)
    }
}

impl Problems {
    /// Adds the problems of a later stage, except those at a place that an error here already names.
    ///
    /// An unreadable value is reported once and replaced by a placeholder at the same place, so that the later stages
    /// can go on; what they say about the placeholder is noise.
    pub fn absorb(&mut self, later: Self) {
        let places: BTreeSet<Span> =
            self.list.iter().filter(|p| p.severity == Severity::Error).filter_map(|p| p.span).collect();
        self.list.extend(later.list.into_iter().filter(|p| p.span.is_none_or(|span| !places.contains(&span))));
    }

    /// Brings the problems into the order of the files and places; those without a place come last.
    pub fn sort(&mut self) {
        self.list.sort_by_key(|p| (p.span.is_none(), p.span.map(|s| (s.file, s.start))));
    }

    /// How many errors and how many warnings there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.list.iter().filter(|p| p.severity == Severity::Error).count();
        (errors, self.list.len() - errors)
    }
}
