//! One value with its dotted path: typed getters that report what was found and what is allowed, and go on.

use std::collections::BTreeSet;

use super::ids::{self, IdRule, Seen};
use super::model::{Map, Name, Range};
use super::reader::{Context, EMPTY, Reader, join};
use super::suggest;
use super::tree::{Date, Key, Node, Span, Value};

/// A value with its dotted path.
#[derive(Clone)]
pub struct Field<'a> {
    cx: &'a Context<'a>,
    node: &'a Node,
    path: String,
}

impl<'a> Field<'a> {
    pub(super) fn new(cx: &'a Context<'a>, node: &'a Node, path: String) -> Self {
        Self { cx, node, path }
    }

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
        if !name.text.is_empty()
            && let Some((code, message, hint)) = ids::fault(&name.text, rule)
        {
            self.error(code, message, hint);
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
            let hint = self.node.value.as_text().map_or("write [..]".to_owned(), |text| format!("write [{text:?}]"));
            self.wrong("a list", Some(hint));
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
        let (mut names, mut seen) = (Vec::new(), BTreeSet::new());
        for item in self.some_items() {
            let name = item.text();
            if !name.text.is_empty() && !seen.insert(name.text.clone()) {
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
        let (mut out, mut seen) = (Vec::new(), Seen::default());
        for (key, field) in self.entries() {
            let name = Name { text: key.name.clone(), span: key.span };
            self.check_id(&name, &field.path, rule, &mut seen);
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

    /// Reports an id that breaks `rule` or that could be taken for one of those `seen`.
    pub fn check_id(&self, name: &Name, path: &str, rule: &IdRule, seen: &mut Seen) {
        let clash = seen.add(&name.text);
        if let Some((code, message, hint)) = ids::fault(&name.text, rule).or(clash) {
            self.cx.error(code, name.span, path, message, hint);
        }
    }

    /// Reads a table; keys that `body` does not ask for are errors. Something else than a table is reported and read
    /// as an empty table whose missing keys are not.
    pub fn table<T>(&self, body: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        self.table_like("", body)
    }

    /// Like [`Self::table`], with an example of what to write instead of something else.
    pub fn table_like<T>(&self, example: &str, body: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        let (cx, span, path) = (self.cx, self.node.span, self.path.clone());
        let Some(table) = self.node.value.as_table() else {
            self.wrong("a table", (!example.is_empty()).then(|| format!("write {example}")));
            return cx.quietly(|| body(&mut Reader::new(cx, &EMPTY, span, path)));
        };
        let mut reader = Reader::new(cx, table, span, path);
        let out = body(&mut reader);
        reader.finish();
        out
    }
}
