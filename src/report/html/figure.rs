//! What a report is made of: sections of figures, each with its sentence, its specification and its table.

use serde_json::Value;

use crate::report::grid::Grid;

/// A chart with everything that must stand beside it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figure {
    /// Anchor on the page.
    pub id: String,
    /// What it shows, without a verdict.
    pub title: String,
    /// What the numbers say, one sentence made from them.
    pub sentence: String,
    /// How to read it and what it leaves out; may be empty.
    pub reading: String,
    /// Vega-Lite specification with its data.
    pub spec: Value,
    /// The same numbers.
    pub table: Grid,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// A chart.
    Figure(Box<Figure>),
    /// A table alone: its anchor, caption, sentence, and rows.
    Table {
        /// Anchor on the page.
        id: String,
        /// Caption.
        title: String,
        /// What the numbers say.
        sentence: String,
        /// Rows.
        table: Grid,
    },
    /// A chart that this run has no numbers for.
    Absent {
        /// What it would show.
        title: String,
        /// Why it is not here.
        why: String,
        /// The command that writes what it needs; may be empty where none does.
        command: String,
    },
    /// A paragraph.
    Text(String),
    /// Short statements, one below the other.
    Points(Vec<String>),
    /// The questions that readers ask first, what the numbers answer, and the section that has more.
    Answers(Vec<Answer>),
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// The question.
    pub question: &'static str,
    /// What the numbers say.
    pub text: String,
    /// Section that has more.
    pub section: &'static str,
}

impl From<Figure> for Part {
    fn from(figure: Figure) -> Self {
        Self::Figure(Box::new(figure))
    }
}

/// A section of a report.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Section {
    /// Anchor on the page.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// Its pieces; a section without any is left out.
    pub parts: Vec<Part>,
}
