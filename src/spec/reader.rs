//! A cursor over a table that cannot ignore a key: what nobody asked for is an error.
//!
//! A [`Reader`] exists only inside [`Field::table`] (and [`Context::read`] for the root), which report every key that was
//! not asked for. A value of a wrong type is reported once and replaced by a placeholder *at the same place*, so that
//! everything else is still read.

use std::cell::{Cell, RefCell};

use super::field::Field;
use super::ids::IdRule;
use super::model::{Map, Name, Range};
use super::problem::Problems;
use super::suggest;
use super::tree::{Date, Key, Span, Table, Value};

/// How many unknown keys of one table get a suggestion.
const SUGGESTED: usize = 50;

/// What is read in place of a table that is not there.
pub(super) static EMPTY: Table = Table { entries: Vec::new() };

/// What a whole document shares: the root, and the problems found so far.
pub struct Context<'a> {
    root: &'a Table,
    problems: RefCell<Problems>,
    muted: Cell<bool>,
}

impl<'a> Context<'a> {
    /// A context without problems.
    #[must_use]
    pub fn new(root: &'a Table) -> Self {
        Self { root, problems: RefCell::default(), muted: Cell::new(false) }
    }

    /// The problems found.
    #[must_use]
    pub fn into_problems(self) -> Problems {
        self.problems.into_inner()
    }

    /// The root of the document.
    #[must_use]
    pub fn root(&self) -> &'a Table {
        self.root
    }

    /// Reads the root table; `body` asks for the sections.
    pub fn read<T>(&'a self, body: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        let mut reader = Reader::new(self, self.root, Span::default(), String::new());
        let out = body(&mut reader);
        reader.finish();
        out
    }

    pub(super) fn error(&self, code: &'static str, span: Span, path: &str, message: String, hint: Option<String>) {
        if !self.muted.get() {
            self.problems.borrow_mut().error(code, Some(span), path, message, hint);
        }
    }

    /// Runs `body` without recording problems: for placeholders.
    pub(super) fn quietly<T>(&self, body: impl FnOnce() -> T) -> T {
        let before = self.muted.replace(true);
        let out = body();
        self.muted.set(before);
        out
    }
}

/// A table that is being read; see [`Field::table`].
pub struct Reader<'a> {
    cx: &'a Context<'a>,
    table: &'a Table,
    span: Span,
    path: String,
    asked: Vec<&'static str>,
    /// Keys of which at least one is needed and none is there.
    missing: Vec<Vec<&'static str>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(cx: &'a Context<'a>, table: &'a Table, span: Span, path: String) -> Self {
        Self { cx, table, span, path, asked: Vec::new(), missing: Vec::new() }
    }

    /// Where the table stands: its header or its braces.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Dotted path of a key of this table.
    #[must_use]
    pub fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// Whether a key is there.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.table.position(key).is_some()
    }

    /// Reports a problem of the table as a whole.
    pub fn error(&self, code: &'static str, message: impl Into<String>, hint: Option<String>) {
        self.cx.error(code, self.span, &self.path, message.into(), hint);
    }

    /// The value of a key, if it is there.
    pub fn field(&mut self, key: &'static str) -> Option<Field<'a>> {
        self.asked.push(key);
        self.table.get(key).map(|node| Field::new(self.cx, node, self.path_of(key)))
    }

    /// The value of a key that must be there; reported if it is not.
    pub fn required(&mut self, key: &'static str) -> Option<Field<'a>> {
        let field = self.field(key);
        if field.is_none() {
            self.missing.push(vec![key]);
        }
        field
    }

    /// A required text.
    pub fn text(&mut self, key: &'static str) -> Name {
        let span = self.span;
        self.required(key).map_or_else(|| Name { text: String::new(), span }, |field| field.text())
    }

    /// An optional text.
    pub fn opt_text(&mut self, key: &'static str) -> Option<Name> {
        self.field(key).map(|field| field.text())
    }

    /// A required word of a closed list.
    pub fn word(&mut self, key: &'static str, allowed: &[&str]) -> Name {
        let span = self.span;
        self.required(key).map_or_else(|| Name { text: String::new(), span }, |field| field.word(allowed))
    }

    /// An optional word of a closed list.
    pub fn opt_word(&mut self, key: &'static str, allowed: &[&str]) -> Option<Name> {
        self.field(key).map(|field| field.word(allowed))
    }

    /// An optional list of texts; empty when absent.
    pub fn texts(&mut self, key: &'static str) -> Vec<Name> {
        self.field(key).map_or_else(Vec::new, |field| field.texts())
    }

    /// An optional flag, `false` when absent.
    pub fn flag(&mut self, key: &'static str) -> bool {
        self.field(key).is_some_and(|field| field.flag())
    }

    /// An optional whole number of at least `least`.
    pub fn whole(&mut self, key: &'static str, least: u64) -> Option<u64> {
        let field = self.field(key)?;
        match field.value() {
            Value::Int(number) if u64::try_from(*number).is_ok_and(|number| number >= least) => Some(*number as u64),
            _ => {
                field.wrong(&format!("a whole number of at least {least}"), None);
                None
            }
        }
    }

    /// An optional date.
    pub fn date(&mut self, key: &'static str) -> Option<Date> {
        self.field(key).and_then(|field| field.date())
    }

    /// A required range.
    pub fn range(&mut self, key: &'static str) -> Range {
        let span = self.span;
        self.required(key).map_or(Range { low: 0.0, high: 1.0, span }, |field| field.range())
    }

    /// An optional range.
    pub fn opt_range(&mut self, key: &'static str) -> Option<Range> {
        self.field(key).map(|field| field.range())
    }

    /// An optional table of elements; empty when absent.
    pub fn map<T>(&mut self, key: &'static str, rule: &IdRule, body: impl FnMut(&Name, &Field<'a>) -> T) -> Map<T> {
        self.field(key).map_or_else(Vec::new, |field| field.map(rule, body))
    }

    /// An optional table of elements that is not empty when it is there.
    pub fn some_map<T>(
        &mut self,
        key: &'static str,
        rule: &IdRule,
        body: impl FnMut(&Name, &Field<'a>) -> T,
    ) -> Map<T> {
        self.field(key).map_or_else(Vec::new, |field| field.some_map(rule, body))
    }

    /// A required table, read by `body`; when it is missing, `body` reads an empty one.
    pub fn table<T>(&mut self, key: &'static str, example: &str, body: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        if let Some(field) = self.required(key) {
            return field.table_like(example, body);
        }
        let mut reader = Reader::new(self.cx, &EMPTY, self.span, self.path_of(key));
        self.cx.quietly(|| body(&mut reader))
    }

    /// An optional table, read by `body`.
    pub fn opt_table<T>(
        &mut self,
        key: &'static str,
        example: &str,
        body: impl FnOnce(&mut Reader<'a>) -> T,
    ) -> Option<T> {
        self.field(key).map(|field| field.table_like(example, body))
    }

    /// Reports unless exactly one of the keys is there.
    pub fn exactly_one(&mut self, keys: &[&'static str]) {
        if !keys.iter().any(|key| self.has(key)) {
            self.missing.push(keys.to_vec());
        }
        self.at_most_one(keys);
    }

    /// Reports keys that exclude each other, at the one written later.
    pub fn at_most_one(&self, keys: &[&str]) {
        let mut given: Vec<&Key> =
            self.table.entries.iter().map(|(key, _)| key).filter(|key| keys.contains(&key.name.as_str())).collect();
        given.sort_by_key(|key| key.span);
        if let [first, second, ..] = given.as_slice() {
            let message = format!("`{}` and `{}` exclude each other", first.name, second.name);
            let hint = Some("keep one of them".to_owned());
            self.cx.error("E0111", second.span, &self.path_of(&second.name), message, hint);
        }
    }

    /// Reports keys that nobody asked for and needed keys that are not there. A key that is misspelt is reported once,
    /// as unknown.
    pub(super) fn finish(&self) {
        let mut unknown = Vec::new();
        for (key, node) in &self.table.entries {
            if self.asked.iter().any(|asked| *asked == key.name) {
                continue;
            }
            unknown.push(key.name.as_str());
            let section = self.path.is_empty() && matches!(node.value, Value::Table(_) | Value::Array(_));
            let what = if section { "section" } else { "key" };
            let message = format!("unknown {what} `{}`", key.name.escape_debug());
            let few = unknown.len() <= SUGGESTED;
            let hint = few.then(|| suggest::hint(&key.name, self.asked.iter().copied())).flatten();
            self.cx.error("E0101", key.span, &self.path_of(&key.name), message, hint);
        }
        for keys in &self.missing {
            let misspelt = |word: &&str| {
                suggest::nearest(word, self.asked.iter().copied()).is_some_and(|near| keys.contains(&near))
            };
            if !unknown.iter().take(SUGGESTED).any(misspelt) {
                let message = match keys.as_slice() {
                    [key] => format!("`{key}` is missing"),
                    _ => format!("one of {} is needed", suggest::listing(keys)),
                };
                self.cx.error("E0102", self.span, &self.path, message, None);
            }
        }
    }
}

/// A dotted path, with keys quoted that are not bare.
#[must_use]
pub fn join(path: &str, key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let key = if bare { key.to_owned() } else { format!("\"{}\"", key.escape_debug()) };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
