//! TOML text to a tree with places; all syntax errors at once.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeFloat, DeInteger, DeTable, DeValue};
use toml::value::Datetime;

use super::lines::LineStarts;
use super::problem::{Problem, Problems, Severity};
use super::tree::{Date, FileId, Key, Node, Span, Table, Value};

/// Largest text that is read, bytes: 8 MiB.
pub const MAX_BYTES: usize = 8 << 20;

/// Deepest nesting of tables and lists.
pub const MAX_NESTING: usize = 64;

/// Reads one text as a TOML document.
///
/// What could be read is returned even where there are errors; every error lands in `problems` as E00xx.
pub fn parse(file: FileId, text: &str, problems: &mut Problems) -> Table {
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes, at most {MAX_BYTES} are read", text.len());
        problems.error("E0002", Some(Span::new(file, 0..0)), "", message, Some("split the model".to_owned()));
        return Table::default();
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut converter = Converter::new(file, text, 0);
    converter.syntax_errors(&errors);
    let table = converter.table(document.into_inner());
    problems.list.append(&mut converter.found);
    table
}

/// Reads a single TOML value that begins at byte `offset` of the text of `file`.
///
/// # Errors
/// All syntax errors, E00xx.
pub fn parse_value(file: FileId, text: &str, offset: usize) -> Result<Node, Vec<Problem>> {
    let (value, errors) = DeValue::parse_recoverable(text);
    let mut converter = Converter::new(file, text, offset);
    converter.syntax_errors(&errors);
    let node = converter.node(value);
    if converter.found.is_empty() { Ok(node) } else { Err(converter.found) }
}

/// Whether a code is one of syntax, where the text could not be read as TOML at all.
#[must_use]
pub fn is_syntax(code: &str) -> bool {
    matches!(code, "E0001" | "E0002" | "E0003")
}

struct Converter<'t> {
    file: FileId,
    text: &'t str,
    offset: usize,
    found: Vec<Problem>,
    path: Vec<String>,
    lines: LineStarts,
    /// Lines with a syntax error, which explains whatever else is odd there.
    broken: BTreeSet<usize>,
}

impl<'t> Converter<'t> {
    fn new(file: FileId, text: &'t str, offset: usize) -> Self {
        let (found, path, broken) = (Vec::new(), Vec::new(), BTreeSet::new());
        Self { file, text, offset, found, path, lines: LineStarts::new(text), broken }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start + self.offset..range.end + self.offset)
    }

    /// Records a problem unless a syntax error on the same line explains it.
    fn error(&mut self, code: &'static str, range: Range<usize>, message: String, hint: Option<String>) {
        let line = self.lines.line(range.start);
        if self.broken.contains(&line) {
            return;
        }
        if is_syntax(code) {
            self.broken.insert(line);
        }
        let (span, path) = (Some(self.span(range)), self.path.join("."));
        self.found.push(Problem { code, severity: Severity::Error, span, path, message, hint });
    }

    fn syntax_errors(&mut self, errors: &[toml::de::Error]) {
        for error in errors {
            let range = error.span().unwrap_or(0..0);
            let message = error.message();
            if message.contains("recurs") {
                self.error("E0003", range, format!("the nesting is deeper than {MAX_NESTING}"), None);
            } else if message == "duplicate key" {
                let key = self.text.get(range.clone()).unwrap_or_default().to_owned();
                let hint = "a key or section is written once; keep one of them".to_owned();
                self.error("E0107", range, format!("`{key}` is given twice"), Some(hint));
            } else {
                self.error("E0001", range, lower_first(message), None);
            }
        }
    }

    fn table(&mut self, table: DeTable<'_>) -> Table {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            let name = key.get_ref().to_string();
            let span = self.span(key.span());
            self.path.push(name.clone());
            let node = self.node(value);
            self.path.pop();
            entries.push((Key { name, span }, node));
        }
        Table { entries }
    }

    fn node(&mut self, value: Spanned<DeValue<'_>>) -> Node {
        let range = value.span();
        let span = self.span(range.clone());
        if self.path.len() > MAX_NESTING {
            self.error("E0003", range, format!("the nesting is deeper than {MAX_NESTING}"), None);
            return Node { value: Value::Table(Table::default()), span };
        }
        let value = match value.into_inner() {
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Integer(number) => Value::Int(self.integer(&number, range)),
            DeValue::Float(number) => Value::Float(self.float(&number, range)),
            DeValue::Boolean(flag) => Value::Bool(flag),
            DeValue::Datetime(moment) => Value::Date(self.date(&moment, range)),
            DeValue::Array(items) => Value::Array(self.items(items)),
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        Node { value, span }
    }

    fn items(&mut self, items: toml::de::DeArray<'_>) -> Vec<Node> {
        let mut nodes = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            self.path.push(index.to_string());
            nodes.push(self.node(item));
            self.path.pop();
        }
        nodes
    }

    fn integer(&mut self, number: &DeInteger<'_>, range: Range<usize>) -> i64 {
        i64::from_str_radix(number.as_str(), number.radix()).unwrap_or_else(|_| {
            let message = format!("the integer {number} does not fit in 64 bits");
            self.error("E0005", range, message, Some("write it as a float, such as 1e20".to_owned()));
            0
        })
    }

    fn float(&mut self, number: &DeFloat<'_>, range: Range<usize>) -> f64 {
        match number.as_str().parse::<f64>() {
            Ok(value) if value.is_finite() => value,
            _ => {
                let message = format!("`{}` is not a finite number", number.as_str());
                self.error(
                    "E0004",
                    range,
                    message,
                    Some("write a finite number; leave out what has no bound".to_owned()),
                );
                0.0
            }
        }
    }

    fn date(&mut self, moment: &Datetime, range: Range<usize>) -> Date {
        match moment.date {
            Some(date) if moment.time.is_none() && moment.offset.is_none() && date.year > 0 => {
                Date { year: date.year, month: date.month, day: date.day }
            }
            _ => {
                let message = format!("`{moment}` is not a date; times of day are not part of the language");
                self.error("E0006", range, message, Some("write year-month-day, such as 2025-02-18".to_owned()));
                Date { year: 1, month: 1, day: 1 }
            }
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if !text.starts_with("TOML") => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Table, Vec<&'static str>) {
        let mut problems = Problems::default();
        let table = parse(FileId(0), text, &mut problems);
        (table, problems.list.iter().map(|p| p.code).collect())
    }

    #[test]
    fn every_key_and_value_knows_its_place() {
        let text = "[model]\nname = \"x\"\nstart = 2025-02-18\n[a.b]\nlist = [1, 2.5, { c = true }]\n";
        let (table, codes) = read(text);
        assert_eq!(codes, Vec::<&str>::new());
        let slice = |span: Span| &text[span.start as usize..span.end as usize];
        let model = table.get("model").and_then(|n| n.value.as_table()).expect("a table");
        assert_eq!(slice(table.get("model").expect("there").span), "[model]");
        assert_eq!(slice(model.entries[0].0.span), "name");
        assert_eq!(slice(model.entries[0].1.span), "\"x\"");
        assert_eq!(model.entries[1].1.value, Value::Date(Date { year: 2025, month: 2, day: 18 }));
        let b = table.get("a").and_then(|n| n.value.as_table()).and_then(|t| t.get("b")).expect("there");
        let list = b.value.as_table().and_then(|t| t.get("list")).and_then(|n| n.value.as_array()).expect("a list");
        assert_eq!(slice(list[2].span), "{ c = true }");
        assert_eq!(list[1].value, Value::Float(2.5));
    }

    #[test]
    fn what_is_not_a_finite_number_or_a_date_is_refused() {
        let (_, codes) =
            read("a = nan\nb = -inf\nc = 1e999\nd = 9223372036854775808\ne = 07:30:00\nf = 2025-01-01T00:00:00Z\n");
        assert_eq!(codes, ["E0004", "E0004", "E0004", "E0005", "E0006", "E0006"]);
    }

    #[test]
    fn all_syntax_errors_are_found_at_once() {
        let (table, codes) = read("a = \nb = 1\nc = word\nd = \"open\nd = 3\n");
        assert_eq!(codes, ["E0001", "E0001", "E0001", "E0107"]);
        assert!(table.get("b").is_some());
    }

    #[test]
    fn deep_nesting_and_huge_files_are_refused() {
        let deep = format!("a = {}{}", "[".repeat(70), "]".repeat(70));
        assert_eq!(read(&deep).1, ["E0003"]);
        let deeper = format!("a = {}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(read(&deeper).1.contains(&"E0003"));
        let dotted = format!("{}b = 1", "a.".repeat(3000));
        assert!(read(&dotted).1.contains(&"E0003"), "{:?}", read(&dotted).1);
        let fine = format!("a = {}{}", "[".repeat(60), "]".repeat(60));
        assert_eq!(read(&fine).1, Vec::<&str>::new());
        assert_eq!(read(&"#".repeat(MAX_BYTES + 1)).1, ["E0002"]);
    }

    #[test]
    fn a_lone_value_keeps_its_offset() {
        let node = parse_value(FileId(3), "[1, 2]", 10).expect("a list");
        assert_eq!(node.span, Span { file: FileId(3), start: 10, end: 16 });
        assert!(parse_value(FileId(3), "mediator", 0).is_err());
        assert!(parse_value(FileId(3), "1 + 2", 0).is_err());
    }
}
