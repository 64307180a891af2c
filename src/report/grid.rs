//! A table of results in the three forms in which results are printed.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use serde_json::{Map, Value, json};

/// A line under the header, and nothing else.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number; in tables with as many decimals as given, elsewhere exactly.
    Number(f64, usize),
    /// A count.
    Count(u64),
    /// Nothing: empty in tables and CSV, null in JSON.
    Missing,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A count.
    #[must_use]
    pub fn count(count: u64) -> Self {
        Self::Count(count)
    }

    /// A number printed with `decimals`; missing when there is none or it is not finite.
    #[must_use]
    pub fn number(number: impl Into<Option<f64>>, decimals: usize) -> Self {
        number.into().filter(|number| number.is_finite()).map_or(Self::Missing, |number| Self::Number(number, decimals))
    }

    /// As it stands in tables.
    #[must_use]
    pub fn for_reading(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number, decimals) => format!("{number:.decimals$}"),
            Self::Count(count) => count.to_string(),
            Self::Missing => String::new(),
        }
    }

    fn for_csv(&self) -> String {
        match self {
            Self::Number(number, _) => number.to_string(),
            _ => self.for_reading(),
        }
    }

    fn for_json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Number(number, _) => json!(number),
            Self::Count(count) => json!(count),
            Self::Missing => Value::Null,
        }
    }

    /// Whether it is a number.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Number(..) | Self::Count(_))
    }
}

/// A table of results: names of columns, and rows of that width.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Names of the columns, `snake_case`.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Grid {
    /// An empty table with these columns.
    #[must_use]
    pub fn new(columns: &[&str]) -> Self {
        Self { columns: columns.iter().map(|&name| name.to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// When its width is not that of the columns.
    pub fn push(&mut self, row: Vec<Cell>) {
        assert_eq!(row.len(), self.columns.len(), "a row has one cell a column");
        self.rows.push(row);
    }

    /// Aligned for reading; numbers stand to the right. `width` wraps long words, none keeps lines whole.
    #[must_use]
    pub fn to_table(&self, width: Option<u16>) -> String {
        let mut table = Table::new();
        table.load_style(RULED);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        table.set_header(self.columns.iter().map(|name| name.replace('_', " ")));
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| {
                let words = comfy_table::Cell::new(cell.for_reading());
                if cell.is_numeric() { words.set_alignment(CellAlignment::Right) } else { words }
            }));
        }
        let mut text = table.trim_fmt();
        text.push('\n');
        text
    }

    /// Comma-separated values with a header, RFC 4180 quoting and LF line ends.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let rows = std::iter::once(self.columns.clone())
            .chain(self.rows.iter().map(|row| row.iter().map(Cell::for_csv).collect()));
        for row in rows {
            writer.write_record(&row).expect("rows of one width go into memory");
        }
        let bytes = writer.into_inner().expect("memory cannot refuse a flush");
        String::from_utf8(bytes).expect("cells are text")
    }

    /// An array with one object a row.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.rows
            .iter()
            .map(|row| {
                let pairs = self.columns.iter().cloned().zip(row.iter().map(Cell::for_json));
                Value::Object(pairs.collect::<Map<_, _>>())
            })
            .collect()
    }
}

/// A JSON document as printed: indented, with a final line end.
#[must_use]
pub fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Grid {
        let mut grid = Grid::new(&["name", "share", "n_cases"]);
        grid.push(vec![Cell::text("a, b"), Cell::number(0.25, 3), Cell::count(4)]);
        grid.push(vec![Cell::text("c"), Cell::number(f64::NAN, 3), Cell::Missing]);
        grid
    }

    #[test]
    fn csv_quotes_commas_and_leaves_missing_empty() {
        assert_eq!(example().to_csv(), "name,share,n_cases\n\"a, b\",0.25,4\nc,,\n");
    }

    #[test]
    fn json_keeps_numbers_numbers_and_missing_null() {
        let expected =
            json!([{ "name": "a, b", "share": 0.25, "n_cases": 4 }, { "name": "c", "share": null, "n_cases": null }]);
        assert_eq!(example().to_json(), expected);
    }

    #[test]
    fn a_table_aligns_numbers_to_the_right() {
        let text = example().to_table(None);
        assert!(text.contains("n cases"), "{text}");
        assert!(text.lines().any(|line| line.contains("0.250") && line.trim_end().ends_with('4')), "{text}");
    }
}
