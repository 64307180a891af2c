//! Columns of a result table in memory, those that are asked for.

use std::collections::BTreeMap;
use std::path::Path;

use crate::run::error::RunError;
use crate::sink::FileError;

use super::codebook::Codebook;

/// The cells of one column.
#[derive(Clone, Debug, PartialEq)]
enum Cells {
    /// Numbers; not a number where the cell is empty.
    Numbers(Vec<f64>),
    /// Words, as positions in a list of those that occur.
    Words(Vec<u32>),
}

/// Some columns of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    names: Vec<String>,
    cells: Vec<Cells>,
    words: Vec<String>,
    rows: usize,
    /// Whether the table has more rows than were read.
    pub cut: bool,
}

impl Columns {
    /// Reads the columns of `table` (a name of the codebook) for which `wanted` holds, at most `most` rows.
    ///
    /// # Errors
    /// When the file cannot be read, or a cell is not what the codebook says.
    pub fn read(
        path: &Path,
        (codebook, table): (&Codebook, &str),
        wanted: impl Fn(&str) -> bool,
        most: usize,
    ) -> Result<Self, RunError> {
        let failed = |cause: csv::Error| RunError::File(FileError::on("read", path)(cause.into()));
        let mut reader = csv::Reader::from_path(path).map_err(failed)?;
        let header = reader.headers().map_err(failed)?.clone();
        let places: Vec<usize> = (0..header.len()).filter(|&at| wanted(&header[at])).collect();
        let mut columns = Self::default();
        for &at in &places {
            columns.names.push(header[at].to_owned());
            let text = codebook.of(table, &header[at]).is_some_and(|column| column.ty == "text");
            columns.cells.push(if text { Cells::Words(Vec::new()) } else { Cells::Numbers(Vec::new()) });
        }
        let mut known: BTreeMap<String, u32> = BTreeMap::new();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(failed)? {
            if columns.rows == most {
                columns.cut = true;
                break;
            }
            columns.rows += 1;
            for (column, &at) in places.iter().enumerate() {
                let cell = record.get(at).unwrap_or_default();
                columns.push(column, cell, &mut known).ok_or_else(|| RunError::Inputs {
                    path: path.to_owned(),
                    reason: format!(
                        "line {} has `{cell}` as {}, which is a number",
                        columns.rows + 1,
                        header[at].to_owned()
                    ),
                })?;
            }
        }
        Ok(columns)
    }

    fn push(&mut self, column: usize, cell: &str, known: &mut BTreeMap<String, u32>) -> Option<()> {
        match &mut self.cells[column] {
            Cells::Numbers(numbers) if cell.is_empty() => numbers.push(f64::NAN),
            Cells::Numbers(numbers) => numbers.push(cell.parse().ok()?),
            Cells::Words(list) => {
                let next = self.words.len() as u32;
                let word = *known.entry(cell.to_owned()).or_insert(next);
                if word == next {
                    self.words.push(cell.to_owned());
                }
                list.push(word);
            }
        }
        Some(())
    }

    /// Rows that were read.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Names of the columns that were read, in the order of the file.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other == name)
    }

    /// The numbers of a column, row by row; none where cells are empty. Nothing at all of a column that is not there or
    /// holds words.
    pub fn numbers(&self, name: &str) -> impl Iterator<Item = Option<f64>> + '_ {
        let cells = match self.place(name).map(|at| &self.cells[at]) {
            Some(Cells::Numbers(numbers)) => numbers.as_slice(),
            _ => &[],
        };
        cells.iter().map(|number| (!number.is_nan()).then_some(*number))
    }

    /// The words of a column, row by row; nothing of a column that is not there or holds numbers.
    pub fn words(&self, name: &str) -> impl Iterator<Item = &str> + '_ {
        let cells = match self.place(name).map(|at| &self.cells[at]) {
            Some(Cells::Words(list)) => list.as_slice(),
            _ => &[],
        };
        cells.iter().map(|word| self.words[*word as usize].as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_what_the_codebook_says_and_the_rest_is_left_out() {
        let dir = tempfile::tempdir().expect("a directory");
        let book = "table,column,type,unit,range,meaning\nt,a,number,,,\nt,b,text,,,\n";
        std::fs::write(dir.path().join("codebook.csv"), book).expect("written");
        std::fs::write(dir.path().join("t.csv"), "a,b,c\n1.5,x,9\n,y,9\n2,x,9\n").expect("written");
        let book = Codebook::read(dir.path()).expect("a codebook");
        let read = |most| Columns::read(&dir.path().join("t.csv"), (&book, "t"), |name| name != "c", most);
        let all = read(10).expect("a table");
        assert_eq!(all.numbers("a").collect::<Vec<_>>(), [Some(1.5), None, Some(2.0)]);
        assert_eq!(all.words("b").collect::<Vec<_>>(), ["x", "y", "x"]);
        assert_eq!((all.numbers("c").count(), all.words("a").count(), all.rows(), all.cut), (0, 0, 3, false));
        let some = read(2).expect("a table");
        assert_eq!((some.rows(), some.cut), (2, true));
        std::fs::write(dir.path().join("t.csv"), "a,b,c\nwar,x,9\n").expect("written");
        let error = read(10).expect_err("no number").to_string();
        assert!(error.contains("line 2 has `war` as a"), "{error}");
    }
}
