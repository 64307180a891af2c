//! Overlays over a base, key by key, and `--set PATH=VALUE` as the last of them.

use std::collections::BTreeMap;

use super::decode::{ELEMENT_SECTIONS, is_distribution, option_ids};
use super::parse;
use super::problem::Problems;
use super::reader::join;
use super::suggest;
use super::tree::{FileId, Key, Node, Span, Table, Value};

/// Merges `over` into `base`: tables key by key, anything else replaces.
///
/// A number or distribution laid over a table with a `value` replaces only that value, so that its range and source
/// stay; a distribution always replaces whole.
pub fn merge(base: &mut Table, over: Table) {
    let index: BTreeMap<String, usize> = base.keys().map(str::to_owned).zip(0..).collect();
    for (key, node) in over.entries {
        match index.get(&key.name) {
            Some(&at) => merge_node(&mut base.entries[at].1, node),
            None => base.entries.push((key, node)),
        }
    }
}

fn merge_node(base: &mut Node, over: Node) {
    let replaces = over.value.as_table().is_none_or(is_distribution);
    match &mut base.value {
        Value::Table(table) if replaces && table.position("value").is_some() => {
            let value = table.get_mut("value").expect("its position was just found");
            merge_node(value, over);
        }
        Value::Table(table) if !replaces && !is_distribution(table) => {
            if let Value::Table(over) = over.value {
                merge(table, over);
            }
        }
        _ => *base = over,
    }
}

/// Applies one `PATH=VALUE`, the text of `file`, to the tree.
///
/// The path must lead to something that exists or to a key of an existing element; unknown keys of elements are left
/// to the decoder. Elements of a list go by their id, values of options by option id, anything by index.
pub fn set(tree: &mut Table, file: FileId, text: &str, problems: &mut Problems) {
    let Some((keys, value)) = read_setting(file, text, problems) else {
        return;
    };
    let mut target = Target { root: tree.clone(), path: String::new(), at: Vec::new() };
    let fault = target.apply(tree, &keys, value);
    if let Some(fault) = fault {
        problems.error(fault.code, Some(fault.span), fault.path, fault.message, fault.hint);
    }
}

struct Fault {
    code: &'static str,
    span: Span,
    path: String,
    message: String,
    hint: Option<String>,
}

/// Splits a setting at the first `=` outside quotes and reads both sides.
fn read_setting(file: FileId, text: &str, problems: &mut Problems) -> Option<(Vec<Key>, Node)> {
    let whole = Span::new(file, 0..text.len());
    let mut bad = |message: &str| {
        let hint = Some("write PATH=VALUE, such as params.p=0.4".to_owned());
        problems.error("E0007", Some(whole), "", message, hint);
    };
    let Some(split) = first_equals(text) else {
        bad("the setting has no `=`");
        return None;
    };
    let (left, right) = (&text[..split], &text[split + 1..]);
    let Some(keys) = read_path(file, left) else {
        bad(&format!("`{}` is not a dotted path", left.trim().escape_debug()));
        return None;
    };
    let value = right.trim();
    if value.is_empty() {
        bad("the setting has no value");
        return None;
    }
    let offset = split + 1 + (right.len() - right.trim_start().len());
    let span = Span::new(file, offset..offset + value.len());
    match parse::parse_value(file, value, offset) {
        Ok(node) => Some((keys, Node { span, ..node })),
        // What is plainly meant as TOML is reported; anything else is a word or an expression without its quotes.
        Err(mut errors)
            if value.starts_with(['[', '{', '"', '\'']) || !errors.iter().all(|e| parse::is_syntax(e.code)) =>
        {
            problems.list.append(&mut errors);
            None
        }
        Err(_) => Some((keys, Node { value: Value::Text(value.to_owned()), span })),
    }
}

fn first_equals(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '=') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// The keys of a dotted path, with their places.
fn read_path(file: FileId, left: &str) -> Option<Vec<Key>> {
    let mut problems = Problems::default();
    let document = format!("{left} = 0");
    let mut table = parse::parse(file, &document, &mut problems);
    let mut keys = Vec::new();
    loop {
        let (key, node) = table.entries.pop()?;
        keys.push(key);
        match node.value {
            Value::Table(inner) => table = inner,
            _ => break,
        }
    }
    (problems.list.is_empty() && !left.contains('\n')).then_some(keys)
}

/// A place on the way down the tree.
struct Target {
    root: Table,
    path: String,
    at: Vec<String>,
}

impl Target {
    fn apply(&mut self, table: &mut Table, keys: &[Key], value: Node) -> Option<Fault> {
        let (key, rest) = keys.split_first().expect("a path has at least one key");
        if table.position(&key.name).is_none()
            && let Some(fault) = self.unknown(table, key)
        {
            return Some(fault);
        }
        self.enter(&key.name);
        match (table.position(&key.name), rest.is_empty()) {
            (Some(at), _) => self.apply_node(&mut table.entries[at].1, key, rest, value),
            (None, true) => {
                table.entries.push((key.clone(), value));
                None
            }
            (None, false) => {
                let mut inner = Table::default();
                let fault = self.apply(&mut inner, rest, value);
                table.entries.push((key.clone(), Node { value: Value::Table(inner), span: key.span }));
                fault
            }
        }
    }

    fn apply_node(&mut self, node: &mut Node, key: &Key, rest: &[Key], value: Node) -> Option<Fault> {
        if rest.is_empty() {
            merge_node(node, value);
            return None;
        }
        match &mut node.value {
            Value::Table(table) => self.apply(table, rest, value),
            Value::Array(items) => match self.index(items, &rest[0]) {
                Ok(index) => {
                    self.enter(&rest[0].name);
                    self.apply_node(&mut items[index], &rest[0], &rest[1..], value)
                }
                Err(fault) => Some(fault),
            },
            plain => Some(Fault {
                code: "E0113",
                span: rest[0].span,
                path: join(&self.path, &rest[0].name),
                message: format!("`{}` is {} and has no keys", self.path, plain.describe()),
                hint: Some(format!("set `{}` as a whole", key.name)),
            }),
        }
    }

    fn enter(&mut self, key: &str) {
        self.path = join(&self.path, key);
        self.at.push(key.to_owned());
    }

    /// Refuses a key that would create an element; keys of elements are judged by the decoder.
    fn unknown(&self, table: &Table, key: &Key) -> Option<Fault> {
        let at: Vec<&str> = self.at.iter().map(String::as_str).collect();
        let creates = match at.as_slice() {
            [section] => ELEMENT_SECTIONS.contains(section),
            ["actors", _, map] => ["types", "terms", "red_lines"].contains(map),
            _ => false,
        };
        creates.then(|| self.missing(key, table.keys()))
    }

    fn missing<'c>(&self, key: &Key, siblings: impl Iterator<Item = &'c str>) -> Fault {
        let parent = if self.path.is_empty() { "the model".to_owned() } else { format!("`{}`", self.path) };
        Fault {
            code: "E0101",
            span: key.span,
            path: join(&self.path, &key.name),
            message: format!("{parent} has no `{}`", key.name.escape_debug()),
            hint: suggest::hint(&key.name, siblings),
        }
    }

    /// Index of the item of a list that a key names: by id, by option of the issue, or by number.
    fn index(&self, items: &[Node], key: &Key) -> Result<usize, Fault> {
        let own_id = |item: &Node| {
            item.value.as_table().and_then(|t| t.get("id")).and_then(|n| n.value.as_text().map(str::to_owned))
        };
        let mut ids: Vec<String> = items.iter().filter_map(own_id).collect();
        if let ["actors", _, "values", issue] = self.at.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ids = option_ids(&self.root, issue).unwrap_or_default().into_iter().map(str::to_owned).collect();
        }
        ids.truncate(items.len());
        if let Some(index) = ids.iter().position(|id| *id == key.name) {
            return Ok(index);
        }
        match key.name.parse::<usize>() {
            Ok(index) if index < items.len() => Ok(index),
            _ => Err(self.missing(key, ids.iter().map(String::as_str))),
        }
    }
}
