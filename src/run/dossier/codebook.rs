//! `codebook.csv`: what every column of every table is.

use std::path::Path;

use serde::Deserialize;

use crate::run::error::RunError;
use crate::sink::{FileError, table_file};

/// What a column is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// Table, without the ending of its file.
    pub table: String,
    /// Column.
    pub column: String,
    /// `integer`, `number`, `boolean`, `text`.
    #[serde(rename = "type")]
    pub ty: String,
    /// Unit.
    pub unit: String,
    /// Allowed values.
    pub range: String,
    /// One phrase.
    pub meaning: String,
}

/// All columns of a run directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codebook {
    entries: Vec<Entry>,
}

impl Codebook {
    /// Reads it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(dir: &Path) -> Result<Self, RunError> {
        let path = dir.join(table_file::CODEBOOK);
        let rows = || -> Result<Vec<Entry>, csv::Error> { csv::Reader::from_path(&path)?.deserialize().collect() };
        let entries = rows().map_err(|cause| FileError::on("read", &path)(cause.into()))?;
        Ok(Self { entries })
    }

    /// A column of a table.
    #[must_use]
    pub fn of(&self, table: &str, column: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.table == table && entry.column == column)
    }

    /// The unit of a column; nothing if it has none.
    #[must_use]
    pub fn unit(&self, table: &str, column: &str) -> &str {
        self.of(table, column).map_or("", |entry| entry.unit.as_str())
    }
}
