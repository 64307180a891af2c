//! One way to write a cell, and rows of cells.

/// Appends a number as the shortest decimal that reads back as the same bits, never with an exponent. Negative zero is
/// `0`; what is not finite is missing, an empty cell.
fn push_number(text: &mut Vec<u8>, value: f64) {
    // Below this whole numbers are exact, and printed as such.
    const WHOLE: f64 = (1u64 << 53) as f64;
    if value.abs() < WHOLE && value.trunc() == value {
        if value < 0.0 {
            text.push(b'-');
        }
        push_integer(text, value.abs() as u64);
    } else if value.is_finite() {
        let mut digits = zmij::Buffer::new();
        let short = digits.format_finite(value);
        if short.bytes().any(|byte| byte == b'e') || short.ends_with(".0") {
            text.extend_from_slice(value.to_string().as_bytes());
        } else {
            text.extend_from_slice(short.as_bytes());
        }
    }
}

/// Appends a count.
fn push_integer(text: &mut Vec<u8>, mut value: u64) {
    /// Digits of the largest count.
    const MOST: usize = 20;
    let mut digits = [b'0'; MOST];
    let mut at = MOST;
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    text.extend_from_slice(&digits[at..]);
}

/// The cell of a number; shortest digits that read back as the same number.
#[must_use]
pub fn number(value: f64) -> String {
    let mut text = Vec::new();
    push_number(&mut text, value);
    text.into_iter().map(char::from).collect()
}

/// CSV rows in memory: RFC 4180 quoting, LF line ends, no header of its own.
///
/// Written by hand rather than through the `csv` crate, whose bytes these are (a test compares them): most cells are
/// numbers, which need no look at quotes, and a table of a million rows is written in the time of a few.
#[derive(Default)]
pub struct Rows {
    text: Vec<u8>,
    /// Where the row at hand begins.
    start: usize,
    /// Its cells so far.
    cells: usize,
    /// Cells of the rows before it.
    width: Option<usize>,
    n: u64,
}

impl Rows {
    /// No rows yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a cell.
    fn begin(&mut self) {
        if self.cells > 0 {
            self.text.push(b',');
        }
        self.cells += 1;
    }

    /// A text cell.
    pub fn text(&mut self, text: &str) {
        self.begin();
        if !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
            self.text.extend_from_slice(text.as_bytes());
            return;
        }
        self.text.push(b'"');
        for (at, piece) in text.split('"').enumerate() {
            if at > 0 {
                self.text.extend_from_slice(b"\"\"");
            }
            self.text.extend_from_slice(piece.as_bytes());
        }
        self.text.push(b'"');
    }

    /// A count.
    pub fn integer(&mut self, value: u64) {
        self.begin();
        push_integer(&mut self.text, value);
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
        self.begin();
        push_number(&mut self.text, value);
    }

    /// A number that may be missing.
    pub fn maybe(&mut self, value: Option<f64>) {
        self.number(value.unwrap_or(f64::NAN));
    }

    /// 0 or 1.
    pub fn flag(&mut self, value: bool) {
        self.integer(u64::from(value));
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
        self.begin();
    }

    /// Ends the row.
    ///
    /// # Panics
    /// When it has another number of cells than the rows before it.
    pub fn end(&mut self) {
        assert_eq!(*self.width.get_or_insert(self.cells), self.cells, "all rows of a table have its width");
        if self.cells == 1 && self.start == self.text.len() {
            // An empty line would be no row.
            self.text.extend_from_slice(b"\"\"");
        }
        self.text.push(b'\n');
        (self.start, self.cells) = (self.text.len(), 0);
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
        Block { bytes: self.text, rows: self.n }
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
    fn whole_numbers_are_printed_like_all_others() {
        let whole =
            [1.0, -1.0, 10.0, 999.0, 1e15, -1e15, 9_007_199_254_740_991.0, 9_007_199_254_740_992.0, 1e17, -1e300];
        for value in whole {
            assert_eq!(number(value), value.to_string());
        }
        let mut text = Vec::new();
        for value in [0, 7, 10, u64::MAX] {
            push_integer(&mut text, value);
        }
        assert_eq!(text, b"071018446744073709551615");
    }

    proptest::proptest! {
        #[test]
        fn numbers_are_as_short_as_those_of_the_standard_library_and_read_back(
            bits in proptest::prelude::any::<u64>(),
            unit in 0.0..1.0_f64,
        ) {
            let values = [f64::from_bits(bits), unit, -unit * 1e3, unit * 1e-6, unit * 1e17];
            for value in values.into_iter().filter(|value| value.is_finite() && *value != 0.0) {
                let written = number(value);
                // Where two shortest decimals are equally near, which is rare, the even one is written.
                proptest::prop_assert_eq!(written.len(), value.to_string().len());
                proptest::prop_assert_eq!(written.parse::<f64>().map(f64::to_bits), Ok(value.to_bits()));
            }
        }

        #[test]
        fn rows_have_the_bytes_of_the_csv_crate(
            table in proptest::collection::vec(proptest::collection::vec("[a-c ,;\"\\r\\n]{0,6}", 3), 0..5),
            narrow in proptest::collection::vec("[a,\"\\n]{0,2}", 0..5),
        ) {
            let narrow: Vec<Vec<String>> = narrow.into_iter().map(|cell| vec![cell]).collect();
            for table in [table, narrow] {
                let mut rows = Rows::new();
                let mut csv = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::Any(b'\n'))
                    .from_writer(Vec::new());
                for row in &table {
                    rows.texts(row.iter().map(String::as_str));
                    csv.write_record(row).unwrap();
                }
                let block = rows.finish();
                proptest::prop_assert_eq!(block.bytes, csv.into_inner().unwrap());
                proptest::prop_assert_eq!(block.rows, table.len() as u64);
            }
        }
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
    #[should_panic(expected = "all rows of a table have its width")]
    fn a_row_of_another_width_is_a_fault() {
        let mut rows = Rows::new();
        rows.texts(["a", "b"]);
        rows.texts(["a"]);
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
