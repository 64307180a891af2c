//! One way to write a cell, and rows of cells.

use std::fmt::Write as _;

/// Appends a number as the shortest decimal that reads back as the same bits, never with an exponent. Negative zero is
/// `0`; what is not finite is missing, an empty cell.
pub fn push_number(text: &mut String, value: f64) {
    if value == 0.0 {
        text.push('0');
    } else if value.is_finite() {
        write!(text, "{value}").expect("writing to a string cannot fail");
    }
}

/// The cell of a number; shortest digits that read back as the same number.
#[must_use]
pub fn number(value: f64) -> String {
    let mut text = String::new();
    push_number(&mut text, value);
    text
}

/// CSV rows in memory: RFC 4180 quoting, LF line ends, no header of its own.
pub struct Rows {
    csv: csv::Writer<Vec<u8>>,
    scratch: String,
    n: u64,
}

const IN_MEMORY: &str = "rows are kept in memory and all have the width of their table";

impl Default for Rows {
    fn default() -> Self {
        Self::new()
    }
}

impl Rows {
    /// No rows yet.
    #[must_use]
    pub fn new() -> Self {
        let csv = csv::WriterBuilder::new()
            .has_headers(false)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_writer(Vec::new());
        Self { csv, scratch: String::new(), n: 0 }
    }

    /// A text cell.
    pub fn text(&mut self, text: &str) {
        self.csv.write_field(text).expect(IN_MEMORY);
    }

    /// A count.
    pub fn integer(&mut self, value: u64) {
        self.scratch.clear();
        write!(self.scratch, "{value}").expect("writing to a string cannot fail");
        self.csv.write_field(&self.scratch).expect(IN_MEMORY);
    }

    /// A count that may be missing.
    pub fn maybe_integer(&mut self, value: Option<u64>) {
        match value {
            Some(value) => self.integer(value),
            None => self.missing(),
        }
    }

    /// A number; shortest digits that read back as the same number.
    pub fn number(&mut self, value: f64) {
        self.scratch.clear();
        push_number(&mut self.scratch, value);
        self.csv.write_field(&self.scratch).expect(IN_MEMORY);
    }

    /// A number that may be missing.
    pub fn maybe(&mut self, value: Option<f64>) {
        self.number(value.unwrap_or(f64::NAN));
    }

    /// 0 or 1.
    pub fn flag(&mut self, value: bool) {
        self.text(if value { "1" } else { "0" });
    }

    /// 0 or 1, or missing.
    pub fn maybe_flag(&mut self, value: Option<bool>) {
        match value {
            Some(value) => self.flag(value),
            None => self.missing(),
        }
    }

    /// A missing value.
    pub fn missing(&mut self) {
        self.text("");
    }

    /// Ends the row.
    ///
    /// # Panics
    /// When it has another number of cells than the rows before it.
    pub fn end(&mut self) {
        self.csv.write_record(None::<&[u8]>).expect(IN_MEMORY);
        self.n += 1;
    }

    /// A row of texts, such as a header.
    pub fn texts<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for cell in cells {
            self.text(cell);
        }
        self.end();
    }

    /// The rows written so far.
    #[must_use]
    pub fn finish(self) -> Block {
        let bytes = self.csv.into_inner().unwrap_or_else(|_| unreachable!("{IN_MEMORY}"));
        Block { bytes, rows: self.n }
    }
}

/// Finished rows of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// CSV text.
    pub bytes: Vec<u8>,
    /// Number of rows in it.
    pub rows: u64,
}

impl Block {
    /// Appends the rows of another block.
    pub fn append(&mut self, other: &Self) {
        self.bytes.extend_from_slice(&other.bytes);
        self.rows += other.rows;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shortest_and_never_have_an_exponent() {
        let cells: Vec<_> = [0.1, 1.0, -0.0, 0.1 + 0.2, 1e-7, 1e21, -2.5].into_iter().map(number).collect();
        assert_eq!(cells, ["0.1", "1", "0", "0.30000000000000004", "0.0000001", "1000000000000000000000", "-2.5"]);
    }

    #[test]
    fn what_is_not_finite_is_missing() {
        assert_eq!([f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(number), ["", "", ""]);
    }

    #[test]
    fn a_number_reads_back_as_the_same_bits() {
        for value in [f64::MIN_POSITIVE, f64::MAX, 1.0 / 3.0, 5e-324, -123_456.789] {
            assert_eq!(number(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }

    #[test]
    fn cells_are_quoted_only_where_they_must_be() {
        let mut rows = Rows::new();
        rows.texts(["plain", "a,b", "say \"no\"", "two\nlines", ""]);
        rows.flag(true);
        rows.integer(7);
        rows.maybe(None);
        rows.maybe(Some(0.5));
        rows.missing();
        rows.end();
        let block = rows.finish();
        assert_eq!(
            String::from_utf8(block.bytes).unwrap(),
            "plain,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\n1,7,,0.5,\n"
        );
        assert_eq!(block.rows, 2);
    }
}
