//! What a column is: the words of the codebook.

use crate::model::kind::Kind;

use super::name::Names;

/// Type of the cells of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellType {
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// 0 or 1.
    Boolean,
    /// Text, often one of a list of ids.
    Text,
}

impl CellType {
    /// Its word in the codebook.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Text => "text",
        }
    }
}

/// A column of a result table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name: snake case, ASCII, at most 32 characters.
    pub name: String,
    /// Type of its cells.
    pub ty: CellType,
    /// Unit; empty for text.
    pub unit: String,
    /// Allowed values: `low..high`, a list `a|b`, or empty where anything goes.
    pub range: String,
    /// What it says, one phrase; of a column named from a path, the path.
    pub meaning: String,
}

/// A column before it has its final name.
pub(super) struct Draft {
    path: String,
    column: Column,
}

impl Draft {
    pub fn new(path: impl Into<String>, ty: CellType, meaning: impl Into<String>) -> Self {
        let column =
            Column { name: String::new(), ty, unit: String::new(), range: String::new(), meaning: meaning.into() };
        Self { path: path.into(), column }
    }

    pub fn integer(path: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self::new(path, CellType::Integer, meaning).range("0..")
    }

    pub fn number(path: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self::new(path, CellType::Number, meaning)
    }

    pub fn text(path: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self::new(path, CellType::Text, meaning)
    }

    pub fn boolean(path: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self::new(path, CellType::Boolean, meaning).range("0|1")
    }

    pub fn probability(path: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self::number(path, meaning).unit("probability").range("0..1")
    }

    /// A month since the start of the talks, or a number of months.
    pub fn months(path: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self::number(path, meaning).unit("months").range("0..")
    }

    /// A value on the payoff scale, per step.
    pub fn payoff(path: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self::number(path, meaning).unit(unit_of(Kind::Flow))
    }

    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.column.unit = unit.into();
        self
    }

    pub fn range(mut self, range: impl Into<String>) -> Self {
        self.column.range = range.into();
        self
    }

    pub fn one_of<'a>(self, members: impl IntoIterator<Item = &'a str>) -> Self {
        self.range(members.into_iter().collect::<Vec<_>>().join("|"))
    }

    pub fn named(mut self, names: &mut Names) -> Column {
        self.column.name = names.take(&self.path);
        self.column
    }
}

/// Names the columns of one table.
pub(super) fn name_all(drafts: impl IntoIterator<Item = Draft>) -> Vec<Column> {
    let mut names = Names::default();
    drafts.into_iter().map(|d| d.named(&mut names)).collect()
}

/// The unit of a kind, as the codebook says it.
pub(super) const fn unit_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Neutral | Kind::Index => "1",
        Kind::Flow => "u-points per step",
        Kind::Once => "u-points",
        Kind::PresentValue => "u-points, discounted sum",
        Kind::Share => "share",
        Kind::Probability => "probability",
        Kind::PerMonth => "per month",
        Kind::PerYear => "per year",
        Kind::Months => "months",
        Kind::Years => "years",
    }
}

/// `low..high`, an infinite end left open.
pub(super) fn span(low: f64, high: f64) -> String {
    format!("{}..{}", super::cell::number(low), super::cell::number(high))
}
