//! A tree to TOML text, so that reading the text gives the same tree: the resolved model, `model.toml`.

use super::tree::{Node, Table, Value};

/// Longest line before a list is broken into one item a line, and a table becomes a section of its own.
const WIDTH: usize = 100;

/// Writes a tree; the order of keys is kept.
///
/// Tables at the end of their table become sections `[a.b]`; those before other values stay inline, or are written as
/// dotted keys when they are long.
#[must_use]
pub fn write(tree: &Table) -> String {
    let mut out = String::new();
    write_table(&mut out, &mut Vec::new(), tree);
    out
}

fn write_table(out: &mut String, path: &mut Vec<String>, table: &Table) {
    let is_section = |(_, node): &(_, Node)| as_section(node, path.len()) != Section::No;
    let plain = table.entries.len() - table.entries.iter().rev().take_while(|entry| is_section(entry)).count();
    for (key, node) in &table.entries[..plain] {
        write_pair(out, &key_text(&key.name), node);
    }
    for (key, node) in &table.entries[plain..] {
        path.push(key_text(&key.name));
        match &node.value {
            Value::Table(inner) => write_section(out, path, inner),
            Value::Array(items) => write_array_of_tables(out, path, items),
            _ => {}
        }
        path.pop();
    }
}

fn write_section(out: &mut String, path: &mut Vec<String>, table: &Table) {
    let only_sections = table.entries.iter().all(|(_, node)| as_section(node, path.len()) != Section::No);
    if table.entries.is_empty() || !only_sections {
        header(out, &format!("[{}]", path.join(".")));
    }
    write_table(out, path, table);
}

fn write_array_of_tables(out: &mut String, path: &[String], items: &[Node]) {
    for item in items {
        header(out, &format!("[[{}]]", path.join(".")));
        for (key, node) in item.value.as_table().map_or(&[][..], |t| &t.entries) {
            write_pair(out, &key_text(&key.name), node);
        }
    }
}

fn header(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
    out.push('\n');
}

#[derive(PartialEq, Eq)]
enum Section {
    No,
    Table,
    ArrayOfTables,
}

/// How a value at a depth of tables can be written under a header of its own.
fn as_section(node: &Node, depth: usize) -> Section {
    match &node.value {
        Value::Table(table) if depth < 2 || (!table.entries.is_empty() && inline(node).len() > WIDTH) => Section::Table,
        Value::Array(items)
            if depth == 0 && !items.is_empty() && items.iter().all(|i| i.value.as_table().is_some()) =>
        {
            Section::ArrayOfTables
        }
        _ => Section::No,
    }
}

fn write_pair(out: &mut String, key: &str, node: &Node) {
    let line = format!("{key} = {}", inline(node));
    match &node.value {
        Value::Table(table) if line.len() > WIDTH && !table.entries.is_empty() => {
            for (inner, node) in &table.entries {
                write_pair(out, &format!("{key}.{}", key_text(&inner.name)), node);
            }
        }
        Value::Array(items) if line.len() > WIDTH => {
            out.extend([key, " = [\n"]);
            for item in items {
                out.extend(["  ", &inline(item), ",\n"]);
            }
            out.push_str("]\n");
        }
        _ => {
            out.push_str(&line);
            out.push('\n');
        }
    }
}

fn inline(node: &Node) -> String {
    match &node.value {
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        // The shortest text that reads back to the same bits; always with a point or an exponent.
        Value::Float(number) => format!("{number:?}"),
        Value::Text(text) => quoted(text),
        Value::Date(date) => date.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Table(table) if table.entries.is_empty() => "{}".to_owned(),
        Value::Table(table) => {
            let pair = |(key, node): &(super::tree::Key, Node)| format!("{} = {}", key_text(&key.name), inline(node));
            format!("{{ {} }}", table.entries.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

fn key_text(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { key.to_owned() } else { quoted(key) }
}

/// A basic string with the escapes that TOML asks for.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.extend(["\\u", &format!("{:04X}", c as u32)]),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spec::parse::parse;
    use crate::spec::problem::Problems;
    use crate::spec::tree::{Date, FileId, Key, Span};

    fn node(value: Value) -> Node {
        Node { value, span: Span::default() }
    }

    fn table_of(pairs: Vec<(String, Value)>) -> Table {
        let mut table = Table::default();
        for (name, value) in pairs {
            if table.position(&name).is_none() {
                table.entries.push((Key { name, span: Span::default() }, node(value)));
            }
        }
        table
    }

    fn reread(text: &str) -> Table {
        let mut problems = Problems::default();
        let table = parse(FileId(0), text, &mut problems);
        assert_eq!(problems.list, [], "{text}");
        table
    }

    fn key() -> impl Strategy<Value = String> {
        prop_oneof![3 => "[a-zA-Z0-9_-]{1,6}", 1 => any::<String>()]
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(Value::Float),
            any::<String>().prop_map(Value::Text),
            (1u16..=9999, 1u8..=12, 1u8..=28).prop_map(|(year, month, day)| Value::Date(Date { year, month, day })),
        ];
        leaf.prop_recursive(5, 80, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6)
                    .prop_map(|v| Value::Array(v.into_iter().map(node).collect())),
                prop::collection::vec((key(), inner.clone()), 0..6).prop_map(|v| Value::Table(table_of(v))),
                prop::collection::vec(prop::collection::vec((key(), inner), 0..4), 1..4)
                    .prop_map(|v| Value::Array(v.into_iter().map(|t| node(Value::Table(table_of(t)))).collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_tree_that_is_written_reads_back_the_same(pairs in prop::collection::vec((key(), value()), 0..8)) {
            let tree = table_of(pairs);
            let text = write(&tree);
            let back = reread(&text);
            prop_assert!(back.same_values(&tree), "{text}");
            prop_assert_eq!(write(&back), text);
        }
    }

    #[test]
    fn sections_have_headers_and_small_tables_stay_inline() {
        let text = "[model]\nname = \"x\"\nstart = 2025-02-18\n\n[params.p]\nvalue = { pert = [0.3, 0.5, 0.75] }\n\n\
                    [actors.RU]\nname = \"Russia\"\ntypes.limited = { prior = \"1 - p\" }\npatience = 0.975\n\n\
                    [[outcomes]]\nid = \"a\"\nwhen = true\n";
        let written = write(&reread(text));
        assert_eq!(
            written,
            text.replace("types.limited = { prior = \"1 - p\" }", "types = { limited = { prior = \"1 - p\" } }")
        );
    }
}
