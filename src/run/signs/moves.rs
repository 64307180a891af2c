//! How the elements of a model are moved, one by one: settings that change what an element does without leaving the model's
//! language.

use crate::sink::number;
use crate::spec::reader::join;
use crate::spec::tree::{Node, Table, Value};

/// Most ways in which one element is moved.
const MOST: usize = 8;
/// Keys that say something about an element and move nothing.
const WORDS: [&str; 14] = [
    "about",
    "source",
    "inventory",
    "unit",
    "range",
    "name",
    "title",
    "id",
    "date",
    "author",
    "role",
    "kind",
    "by",
    "of",
];

/// An element that cites rows of the inventory.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Its dotted path, as `--set` takes it.
    pub path: String,
    /// The rows.
    pub rows: Vec<String>,
    /// Ways to move it: settings that belong together, the likeliest to matter first.
    pub moves: Vec<Vec<String>>,
}

/// All elements of a merged tree that cite rows, in the order written.
#[must_use]
pub fn elements(tree: &Table) -> Vec<Element> {
    let mut list = Vec::new();
    walk(tree, &mut Vec::new(), &mut |path, table, rows| {
        let mut moves = moves(tree, path, table);
        moves.truncate(MOST);
        list.push(Element { path: joined(path), rows, moves });
    });
    list
}

fn joined(path: &[String]) -> String {
    path.iter().fold(String::new(), |path, key| join(&path, key))
}

/// Calls back for every table that cites rows.
fn walk(table: &Table, path: &mut Vec<String>, found: &mut impl FnMut(&[String], &Table, Vec<String>)) {
    if let Some(rows) = table.get("inventory").and_then(|node| node.value.as_array()) {
        let rows = rows.iter().filter_map(|row| row.value.as_text().map(str::to_owned)).collect();
        found(path, table, rows);
    }
    for (key, node) in &table.entries {
        path.push(key.name.clone());
        match &node.value {
            Value::Table(inner) => walk(inner, path, found),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let Some(inner) = item.value.as_table() else { continue };
                    let id = inner.get("id").and_then(|id| id.value.as_text());
                    path.push(id.map_or_else(|| at.to_string(), str::to_owned));
                    walk(inner, path, found);
                    path.pop();
                }
            }
            _ => {}
        }
        path.pop();
    }
}

fn moves(tree: &Table, path: &[String], table: &Table) -> Vec<Vec<String>> {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    let at = joined(path);
    match words.as_slice() {
        ["params", _] => ends(table).into_iter().map(|end| vec![format!("{at}={end}")]).collect(),
        ["issues", issue] => weights(tree, issue),
        ["issues", issue, "options", option] => option_moves(tree, issue, option),
        ["instruments", _] => scope_moves(tree, table).into_iter().chain(leaves(&at, table)).collect(),
        ["actors", actor] => leaves(&at, table).into_iter().chain([own_weights(tree, actor, None)]).collect(),
        ["actors", actor, "types", of_type] => {
            [own_weights(tree, actor, Some(of_type))].into_iter().chain(leaves(&at, table)).collect()
        }
        ["packages", _] => package_moves(tree, &at, table),
        ["prologue", _] => {
            leaves(&at, table).into_iter().chain(package_moves_in(tree, &at, table, "register")).collect()
        }
        _ => leaves(&at, table),
    }
}

/// The ends of a number: of its distribution, else of its range, else half and double.
fn ends(table: &Table) -> Vec<String> {
    let value = table.get("value").map(|node| &node.value);
    let listed = |list: &[Node]| list.iter().filter_map(|node| literal(&node.value)).collect::<Vec<_>>();
    let of_distribution = value
        .and_then(Value::as_table)
        .map(|law| law.entries.iter().find_map(|(_, node)| node.value.as_array().map(listed)).unwrap_or_default());
    let of_range = || table.get("range").and_then(|node| node.value.as_array()).map(listed);
    let around = || value.and_then(literal).map(|x| vec![0.5 * x, 2.0 * x]);
    let all = of_distribution.filter(|list| list.len() > 1).or_else(around).or_else(of_range).unwrap_or_default();
    let (low, high) = (all.iter().copied().reduce(f64::min), all.iter().copied().reduce(f64::max));
    let mut list: Vec<String> = [high, low].into_iter().flatten().map(number).collect();
    if let Some(text) = value.and_then(Value::as_text) {
        list.extend([format!("\"0.5*({text})\""), format!("\"1.5*({text})\"")]);
    }
    list
}

fn literal(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

/// Moves of everything in a table that can be moved: conditions never hold, numbers go to their ends, expressions are halved
/// and raised. Conditions come first.
fn leaves(path: &str, table: &Table) -> Vec<Vec<String>> {
    let mut first = Vec::new();
    let mut rest = Vec::new();
    for (key, node) in &table.entries {
        let at = join(path, &key.name);
        let one = |value: String| vec![format!("{at}={value}")];
        match (&node.value, key.name.as_str()) {
            (_, word) if WORDS.contains(&word) => {}
            (Value::Text(_), "when" | "if") => first.push(one("false".to_owned())),
            (Value::Text(text), _) => {
                rest.extend([one(format!("\"0.5*({text})\"")), one(format!("\"({text}) + 0.1\""))]);
            }
            (Value::Int(_) | Value::Float(_), _) => {
                let x = literal(&node.value).unwrap_or_default();
                rest.push(one(number(if x == 0.0 { 0.3 } else { 0.5 * x })));
                rest.push(one(number(2.0 * x)));
            }
            (Value::Bool(flag), _) => rest.push(one((!flag).to_string())),
            (Value::Table(inner), _) if inner.get("value").is_some() => rest.extend(ends(inner).into_iter().map(one)),
            (Value::Table(inner), _) => {
                let law = Table { entries: vec![(key_named("value"), node.clone())] };
                let only = if inner.entries.len() == 1 { ends(&law) } else { Vec::new() };
                if only.is_empty() {
                    rest.extend(leaves(&at, inner));
                } else {
                    rest.extend(only.into_iter().map(one));
                }
            }
            _ => {}
        }
    }
    first.append(&mut rest);
    first
}

fn key_named(name: &str) -> crate::spec::tree::Key {
    crate::spec::tree::Key { name: name.to_owned(), span: crate::spec::tree::Span::default() }
}

/// Tables of a section below every actor: `(actor, table)`.
fn of_actors<'t>(tree: &'t Table, section: &'static str) -> impl Iterator<Item = (&'t str, &'t Table)> {
    let actors = tree.get("actors").and_then(|node| node.value.as_table());
    actors.into_iter().flat_map(|actors| &actors.entries).filter_map(move |(key, node)| {
        let table = node.value.as_table()?.get(section)?.value.as_table()?;
        Some((key.name.as_str(), table))
    })
}

/// Nobody cares about an issue any more.
fn weights(tree: &Table, issue: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (actor, table) in of_actors(tree, "weights") {
        for (key, node) in &table.entries {
            if key.name == issue {
                all.push(format!("actors.{actor}.weights.{issue}=0"));
            } else if node.value.as_table().is_some_and(|each| each.get(issue).is_some()) {
                all.push(format!("actors.{actor}.weights.{}.{issue}=0", key.name));
            }
        }
    }
    vec![all]
}

/// An actor, or one of its types, cares about nothing any more.
fn own_weights(tree: &Table, actor: &str, only: Option<&str>) -> Vec<String> {
    let mut all = Vec::new();
    for (_, table) in of_actors(tree, "weights").filter(|(id, _)| *id == actor) {
        for (key, node) in &table.entries {
            match node.value.as_table().filter(|each| each.get("value").is_none()) {
                Some(each) if only.is_none_or(|only| only == key.name) => {
                    all.extend(each.keys().map(|issue| format!("actors.{actor}.weights.{}.{issue}=0", key.name)));
                }
                None if only.is_none() => all.push(format!("actors.{actor}.weights.{}=0", key.name)),
                _ => {}
            }
        }
    }
    all
}

/// An option is worth more or less to everybody who values it.
fn option_moves(tree: &Table, issue: &str, option: &str) -> Vec<Vec<String>> {
    let moved = |by: &str| -> Vec<String> {
        let each = of_actors(tree, "values").filter_map(|(actor, table)| {
            let node = table.get(issue)?.value.as_table()?.get(option)?;
            let text = match &node.value {
                Value::Text(text) => text.clone(),
                other => number(literal(other)?),
            };
            Some(format!("actors.{actor}.values.{issue}.{option}=\"({text}) {by}\""))
        });
        each.collect()
    };
    vec![moved("+ 0.3"), moved("- 0.3"), moved("+ 1")]
}

/// What an instrument can set matters to nobody.
fn scope_moves(tree: &Table, table: &Table) -> Vec<Vec<String>> {
    let scope = table.get("scope").and_then(|node| node.value.as_array()).unwrap_or_default();
    scope.iter().filter_map(|issue| issue.value.as_text()).flat_map(|issue| weights(tree, issue)).collect()
}

fn package_moves(tree: &Table, at: &str, table: &Table) -> Vec<Vec<String>> {
    package_moves_in(tree, at, table, "terms")
}

/// Each term of a package takes the other options of its issue.
fn package_moves_in(tree: &Table, at: &str, table: &Table, key: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let terms = table.get(key).and_then(|node| node.value.as_table());
    for (issue, chosen) in terms.into_iter().flat_map(|terms| &terms.entries) {
        let declared = tree.get("issues").and_then(|node| node.value.as_table()?.get(&issue.name));
        let options = declared.and_then(|node| node.value.as_table()?.get("options")?.value.as_array());
        for option in options.unwrap_or_default() {
            let id = option.value.as_table().and_then(|table| table.get("id")?.value.as_text());
            if let Some(id) = id.filter(|id| chosen.value.as_text() != Some(id)) {
                all.push(vec![format!("{at}.{key}.{}={id}", issue.name)]);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::parse::parse;
    use crate::spec::problem::Problems;
    use crate::spec::tree::FileId;

    const TEXT: &str = r#"
[params.x]
value = { pert = [1, 2, 4] }
inventory = ["M-01"]
[params.y]
value = 3
range = [0, 9]
inventory = ["M-02"]
[levers.push]
owner = "A"
effects = { front = 0.1 }
when = "front > 0"
inventory = ["L-01", "M-01"]
[issues.land]
inventory = ["I-01"]
options = [{ id = "keep", inventory = ["I-02"] }, { id = "cede" }]
[actors.A.weights]
land = 0.4
[actors.A.values]
land = { keep = "x/4", cede = 0 }
[actors.B.weights.tough]
land = 0.2
"#;

    fn moves_of(path: &str) -> Vec<Vec<String>> {
        let tree = parse(FileId(0), TEXT, &mut Problems::default());
        let found = elements(&tree).into_iter().find(|element| element.path == path);
        found.expect("the element is there").moves
    }

    #[test]
    fn a_parameter_goes_to_the_ends_of_its_distribution() {
        assert_eq!(moves_of("params.x"), [["params.x=4"], ["params.x=1"]]);
        assert_eq!(moves_of("params.y"), [["params.y=6"], ["params.y=1.5"]]);
    }

    #[test]
    fn a_lever_is_first_never_used() {
        let moves = moves_of("levers.push");
        assert_eq!(moves[0], ["levers.push.when=false"]);
        assert!(moves.contains(&vec!["levers.push.effects.front=0.05".to_owned()]), "{moves:?}");
    }

    #[test]
    fn an_issue_loses_its_weight_and_an_option_its_value() {
        assert_eq!(moves_of("issues.land"), [["actors.A.weights.land=0", "actors.B.weights.tough.land=0"]]);
        let moves = moves_of("issues.land.options.keep");
        assert_eq!(moves[0], ["actors.A.values.land.keep=\"(x/4) + 0.3\""]);
    }
}
