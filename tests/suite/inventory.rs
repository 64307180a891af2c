//! Every row of the inventory has a home: an element of the flagship model carries it, or `context.toml` says why none does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Rows that elements must carry at least.
const LEAST_CARRIED: usize = 350;

/// Elements by inventory row: dotted paths, those of a scenario after its name.
type Cited = BTreeMap<String, BTreeSet<String>>;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/ukraine-2025")
}

fn read(name: &str) -> toml::Table {
    std::fs::read_to_string(folder().join(name)).unwrap().parse().unwrap()
}

/// The base and every scenario, by name.
fn models() -> BTreeMap<String, toml::Table> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let scenario = |name: &String| {
        let stem = name.strip_suffix(".toml");
        stem.is_some_and(|stem| stem != "context" && stem != "signs")
    };
    let mut models: BTreeMap<_, _> = files.filter(scenario).map(|name| (name.clone(), read(&name))).collect();
    models.insert(String::new(), read("../ukraine-2025.toml"));
    models
}

fn collect(value: &toml::Value, path: &str, cited: &mut Cited) {
    match value {
        toml::Value::Table(table) => {
            for row in table.get("inventory").and_then(toml::Value::as_array).into_iter().flatten() {
                cited.entry(row.as_str().unwrap().to_owned()).or_default().insert(path.to_owned());
            }
            table.iter().for_each(|(key, inner)| collect(inner, &format!("{path}.{key}"), cited));
        }
        toml::Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, inner)| collect(inner, &format!("{path}.{at}"), cited));
        }
        _ => {}
    }
}

fn citations(models: &BTreeMap<String, toml::Table>) -> Cited {
    let mut cited = Cited::new();
    for (name, table) in models {
        collect(&toml::Value::Table(table.clone()), name, &mut cited);
    }
    cited
}

/// Rows and their paraphrases.
fn rows() -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_path(folder().join("inventory.csv")).unwrap();
    assert_eq!(reader.headers().unwrap(), vec!["id", "table", "paraphrase"]);
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| (row[0].to_owned(), row[2].to_owned())).collect()
}

fn context() -> BTreeMap<String, String> {
    let table = read("context.toml");
    let rows = table["rows"].as_table().unwrap();
    rows.iter().map(|(id, reason)| (id.clone(), reason.as_str().unwrap().to_owned())).collect()
}

/// What is wrong with the homes of the rows.
fn faults(cited: &Cited) -> Vec<String> {
    let (rows, context) = (rows(), context());
    let unknown = cited.iter().filter(|(id, _)| !rows.contains_key(*id));
    let mut faults: Vec<String> = unknown.map(|(id, paths)| format!("{paths:?} cite {id}, which is no row")).collect();
    for id in context.keys().filter(|id| !rows.contains_key(*id)) {
        faults.push(format!("context.toml names {id}, which is no row"));
    }
    for id in rows.keys() {
        match (cited.get(id), context.get(id)) {
            (None, None) => faults.push(format!("no element carries {id}, and context.toml does not say why")),
            (Some(paths), Some(_)) => faults.push(format!("{id} is carried by {paths:?} and stands in context.toml")),
            (None, Some(reason)) if reason.split_whitespace().count() < 4 => faults.push(format!("{id}: no reason")),
            (Some(_), None) | (None, Some(_)) => {}
        }
    }
    let carried = cited.keys().filter(|id| rows.contains_key(*id)).count();
    if carried < LEAST_CARRIED {
        faults.push(format!("{carried} rows are carried, {LEAST_CARRIED} are wanted"));
    }
    faults
}

/// Removes every citation of a row.
fn forget(value: &mut toml::Value, row: &str) {
    match value {
        toml::Value::Table(table) => {
            if let Some(cited) = table.get_mut("inventory").and_then(toml::Value::as_array_mut) {
                cited.retain(|id| id.as_str() != Some(row));
            }
            table.iter_mut().for_each(|(_, inner)| forget(inner, row));
        }
        toml::Value::Array(items) => items.iter_mut().for_each(|inner| forget(inner, row)),
        _ => {}
    }
}

#[test]
fn every_row_of_the_inventory_is_carried_or_explained() {
    assert_eq!(rows().len(), 396);
    assert_eq!(faults(&citations(&models())), Vec::<String>::new());
}

#[test]
fn an_element_that_cites_no_row_of_the_inventory_is_found() {
    let mut models = models();
    let state = models.get_mut("").unwrap()["state"].as_table_mut().unwrap();
    state["front"]["inventory"] = vec!["M-99"].into();
    let faults = faults(&citations(&models));
    assert!(faults.iter().any(|fault| fault == "{\".state.front\"} cite M-99, which is no row"), "{faults:?}");
}

#[test]
fn a_row_that_loses_its_last_element_is_found() {
    for row in ["L-15", "G-04", "F-13", "N-38"] {
        let mut models = models();
        for table in models.values_mut() {
            let mut value = toml::Value::Table(std::mem::take(table));
            forget(&mut value, row);
            *table = value.try_into().unwrap();
        }
        let told = format!("no element carries {row}, and context.toml does not say why");
        assert!(faults(&citations(&models)).contains(&told), "{row}");
    }
}
