//! A cursor over a table that cannot ignore a key: what nobody asked for is an error.
//!
//! A [`Reader`] exists only inside [`Field::table`], which reports every key that was not asked for. A value of a wrong
//! type is reported once and replaced by a placeholder *at the same place*, so that everything else is still read.

use std::cell::{Cell, RefCell};

use super::ids::{self, IdRule};
use super::model::{Map, Name, Range};
use super::problem::Problems;
use super::suggest;
use super::tree::{Date, Key, Node, Span, Table, Value};

static EMPTY: Table = Table { entries: Vec::new() };

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
        let mut reader =
            Reader { cx: self, table: self.root, span: Span::default(), path: String::new(), asked: Vec::new() };
        let out = body(&mut reader);
        reader.report_unknown();
        out
    }

    fn error(&self, code: &'static str, span: Span, path: &str, message: String, hint: Option<String>) {
        if !self.muted.get() {
            self.problems.borrow_mut().error(code, Some(span), path, message, hint);
        }
    }

    /// Runs `body` without recording problems: for placeholders.
    fn quietly<T>(&self, body: impl FnOnce() -> T) -> T {
        let before = self.muted.replace(true);
        let out = body();
        self.muted.set(before);
        out
    }
}

/// A value with its dotted path.
#[derive(Clone)]
pub struct Field<'a> {
    cx: &'a Context<'a>,
    node: &'a Node,
    path: String,
}

impl<'a> Field<'a> {
    /// Where the value stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &'a Value {
        &self.node.value
    }

    /// Dotted path of the value.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The document it belongs to.
    #[must_use]
    pub fn context(&self) -> &'a Context<'a> {
        self.cx
    }

    /// The same value under another path.
    #[must_use]
    pub fn renamed(mut self, path: String) -> Self {
        self.path = path;
        self
    }

    /// A value inside this one.
    #[must_use]
    pub fn child(&self, node: &'a Node, key: &str) -> Self {
        Self { cx: self.cx, node, path: join(&self.path, key) }
    }

    /// Reports a problem of this value.
    pub fn error(&self, code: &'static str, message: impl Into<String>, hint: Option<String>) {
        self.cx.error(code, self.node.span, &self.path, message.into(), hint);
    }

    /// Reports that something else was expected here.
    pub fn wrong(&self, expected: &str, hint: Option<String>) {
        self.error("E0103", format!("expected {expected}, found {}", self.node.value.describe()), hint);
    }

    /// A text that is not empty.
    #[must_use]
    pub fn text(&self) -> Name {
        let text = match &self.node.value {
            Value::Text(text) if text.trim().is_empty() => {
                self.error("E0108", "the text is empty", None);
                String::new()
            }
            Value::Text(text) => text.clone(),
            _ => {
                self.wrong("a text", Some("write it in quotes".to_owned()));
                String::new()
            }
        };
        Name { text, span: self.node.span }
    }

    /// A text that obeys the rule of an id.
    #[must_use]
    pub fn id(&self, rule: &IdRule) -> Name {
        let name = self.text();
        if !name.text.is_empty() {
            if let Some((code, message, hint)) = ids::fault(&name.text, rule) {
                self.error(code, message, hint);
            }
        }
        name
    }

    /// One of a closed list of words.
    #[must_use]
    pub fn word(&self, allowed: &[&str]) -> Name {
        let name = self.text();
        if !name.text.is_empty() && !allowed.contains(&name.text.as_str()) {
            let message = format!("`{}` is not known here", name.text.escape_debug());
            self.error("E0109", message, suggest::hint(&name.text, allowed.iter().copied()));
        }
        name
    }

    /// `true` or `false`.
    #[must_use]
    pub fn flag(&self) -> bool {
        let Value::Bool(flag) = self.node.value else {
            self.wrong("`true` or `false`", None);
            return false;
        };
        flag
    }

    /// A calendar date.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        if let Value::Date(date) = self.node.value {
            return Some(date);
        }
        self.wrong("a date", Some("write it without quotes, such as 2025-02-18".to_owned()));
        None
    }

    /// A finite literal number.
    #[must_use]
    pub fn literal(&self) -> Option<f64> {
        match self.node.value {
            Value::Float(number) => Some(number),
            Value::Int(number) => {
                if number.unsigned_abs() > 1 << 53 {
                    self.error("E0005", format!("the integer {number} is too large to be exact"), None);
                }
                Some(number as f64)
            }
            _ => None,
        }
    }

    /// `[low, high]`, two literal numbers, the first smaller.
    #[must_use]
    pub fn range(&self) -> Range {
        let span = self.node.span;
        let placeholder = Range { low: 0.0, high: 1.0, span };
        let Some([low, high]) = self.node.value.as_array() else {
            self.wrong("a range of two numbers", Some("write [low, high]".to_owned()));
            return placeholder;
        };
        let (low, high) = (self.child(low, "0"), self.child(high, "1"));
        let (Some(low), Some(high)) = (low.literal(), high.literal()) else {
            let odd = if low.literal().is_none() { low } else { high };
            odd.wrong("a number", Some("bounds are literal numbers".to_owned()));
            return placeholder;
        };
        if low >= high {
            self.error(
                "E0112",
                format!("the range [{low}, {high}] is empty"),
                Some("write the lower bound first".to_owned()),
            );
            return placeholder;
        }
        Range { low, high, span }
    }

    /// The items of a list, reported if it is something else; may be empty.
    #[must_use]
    pub fn items(&self) -> Vec<Self> {
        let Some(items) = self.node.value.as_array() else {
            self.wrong("a list", Some("write [..]".to_owned()));
            return Vec::new();
        };
        items.iter().enumerate().map(|(index, node)| self.child(node, &index.to_string())).collect()
    }

    /// The items of a list, reported if it is empty or something else.
    #[must_use]
    pub fn some_items(&self) -> Vec<Self> {
        let items = self.items();
        if items.is_empty() && self.node.value.as_array().is_some() {
            self.error("E0108", "the list is empty", Some("name at least one, or leave the key out".to_owned()));
        }
        items
    }

    /// A list of texts, none twice, at least one.
    #[must_use]
    pub fn texts(&self) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::new();
        for item in self.some_items() {
            let name = item.text();
            if !name.text.is_empty() && names.iter().any(|other| other.text == name.text) {
                item.error("E0107", format!("`{}` is listed twice", name.text.escape_debug()), None);
            } else {
                names.push(name);
            }
        }
        names
    }

    /// A list of words of a closed list, none twice, at least one.
    #[must_use]
    pub fn words(&self, allowed: &[&str]) -> Vec<Name> {
        let names = self.texts();
        let items = self.node.value.as_array().unwrap_or_default();
        for (index, item) in items.iter().enumerate().filter(|(_, item)| item.value.as_text().is_some()) {
            let _reported = self.child(item, &index.to_string()).word(allowed);
        }
        names
    }

    /// The keys and values of a table, reported if it is something else; may be empty.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'a Key, Self)> {
        let Some(table) = self.node.value.as_table() else {
            self.wrong("a table", None);
            return Vec::new();
        };
        table.entries.iter().map(|(key, node)| (key, self.child(node, &key.name))).collect()
    }

    /// A table from ids to elements: the ids obey `rule` and cannot be taken for each other.
    pub fn map<T>(&self, rule: &IdRule, mut body: impl FnMut(&Name, &Self) -> T) -> Map<T> {
        let mut out: Map<T> = Vec::new();
        for (key, field) in self.entries() {
            let name = Name { text: key.name.clone(), span: key.span };
            self.check_id(&name, &field.path, rule, out.iter().map(|(other, _)| other));
            let value = body(&name, &field);
            out.push((name, value));
        }
        out
    }

    /// Like [`Self::map`], for a table that must name something.
    pub fn some_map<T>(&self, rule: &IdRule, body: impl FnMut(&Name, &Self) -> T) -> Map<T> {
        let out = self.map(rule, body);
        if out.is_empty() && self.node.value.as_table().is_some() {
            self.error("E0108", "the table is empty", Some("name at least one, or leave the key out".to_owned()));
        }
        out
    }

    /// Reports an id that breaks `rule` or that could be taken for one of `others`.
    pub fn check_id<'n>(&self, name: &Name, path: &str, rule: &IdRule, others: impl Iterator<Item = &'n Name>) {
        let fault = ids::fault(&name.text, rule).or_else(|| ids::clash(&name.text, others.map(|o| o.text.as_str())));
        if let Some((code, message, hint)) = fault {
            self.cx.error(code, name.span, path, message, hint);
        }
    }

    /// Reads a table; keys that `body` does not ask for are errors. Something else than a table is reported and read
    /// as an empty table whose missing keys are not.
    pub fn table<T>(&self, body: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        let (cx, span, path) = (self.cx, self.node.span, self.path.clone());
        let Some(table) = self.node.value.as_table() else {
            self.wrong("a table", None);
            let mut reader = Reader { cx, table: &EMPTY, span, path, asked: Vec::new() };
            return cx.quietly(|| body(&mut reader));
        };
        let mut reader = Reader { cx, table, span, path, asked: Vec::new() };
        let out = body(&mut reader);
        reader.report_unknown();
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
}

impl<'a> Reader<'a> {
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
        self.table.get(key).map(|node| Field { cx: self.cx, node, path: self.path_of(key) })
    }

    /// The value of a key that must be there; reported if it is not.
    pub fn required(&mut self, key: &'static str) -> Option<Field<'a>> {
        let field = self.field(key);
        if field.is_none() {
            let near = suggest::nearest(key, self.table.keys().filter(|k| !self.asked.contains(k)));
            let hint = near.map(|near| format!("is `{near}` meant to be `{key}`?"));
            self.cx.error("E0102", self.span, &self.path, format!("`{key}` is missing"), hint);
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
    pub fn table<T>(&mut self, key: &'static str, body: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        if let Some(field) = self.required(key) {
            return field.table(body);
        }
        let path = self.path_of(key);
        let mut reader = Reader { cx: self.cx, table: &EMPTY, span: self.span, path, asked: Vec::new() };
        self.cx.quietly(|| body(&mut reader))
    }

    /// An optional table, read by `body`.
    pub fn opt_table<T>(&mut self, key: &'static str, body: impl FnOnce(&mut Reader<'a>) -> T) -> Option<T> {
        self.field(key).map(|field| field.table(body))
    }

    /// Reports unless exactly one of the keys is there; with none of them the table itself is at fault.
    pub fn exactly_one(&self, keys: &[&str]) {
        let given: Vec<&str> = keys.iter().copied().filter(|key| self.has(key)).collect();
        if given.is_empty() {
            let message = format!("one of {} is needed", suggest::listing(keys));
            self.cx.error("E0102", self.span, &self.path, message, None);
        }
        self.at_most_one(keys);
    }

    /// Reports keys that exclude each other, at the second one.
    pub fn at_most_one(&self, keys: &[&str]) {
        let given: Vec<&str> = keys.iter().copied().filter(|key| self.has(key)).collect();
        if let [first, second, ..] = given.as_slice() {
            let at = self.table.position(second).expect("it was just found");
            let message = format!("`{first}` and `{second}` exclude each other");
            let hint = Some("keep one of them".to_owned());
            self.cx.error("E0111", self.table.entries[at].0.span, &self.path_of(second), message, hint);
        }
    }

    fn report_unknown(&self) {
        for (key, _) in &self.table.entries {
            if !self.asked.iter().any(|asked| *asked == key.name) {
                let message = format!("unknown key `{}`", key.name.escape_debug());
                let hint = suggest::hint(&key.name, self.asked.iter().copied());
                self.cx.error("E0101", key.span, &self.path_of(&key.name), message, hint);
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
