//! Valid documents with keys taken out, renamed or spoilt: never a panic, and what is needed is always missed.

use proptest::prelude::*;

use super::SAMPLE;
use crate::spec::decode::decode;
use crate::spec::parse::parse;
use crate::spec::problem::Problems;
use crate::spec::read;
use crate::spec::tree::{FileId, Node, Sources, Span, Table, Value};

/// Keys without which an element is refused; `*` stands for any id or index.
const REQUIRED: &[&str] = &[
    "model",
    "model.name",
    "model.title",
    "model.step",
    "model.horizon_months",
    "model.aftermath_months",
    "model.foresight_months",
    "sources.*.title",
    "params.*.value",
    "state.*.start",
    "state.*.range",
    "state.*.noise.sd",
    "derived.*.value",
    "derived.*.range",
    "hazards.*.during",
    "hazards.*.ending",
    "hazards.*.per_month",
    "hazards.*.per_year",
    "issues.*.options",
    "issues.*.options.*.id",
    "issues.*.options.from",
    "issues.*.options.to",
    "issues.*.options.step",
    "rules.*.forbid",
    "packages.*.terms",
    "endings.*.package",
    "endings.*.values",
    "instruments.*.scope",
    "actors.*.name",
    "actors.*.role",
    "actors.*.patience",
    "actors.*.types.*.prior",
    "actors.*.red_lines.*.when",
    "actors.*.terms.*.value",
    "actors.*.stalling.probability",
    "actors.*.stalling.benefit",
    "actors.*.optimism.value",
    "actors.*.misjudgement.sigma",
    "bodies.*.name",
    "bodies.*.members",
    "bodies.*.quota.*.qualified_majority",
    "levers.*.owner",
    "levers.*.effects",
    "levers.*.cost",
    "levers.*.effects.*.add",
    "levers.*.cost.value",
    "levers.*.cost.kind",
    "guarantees.*.by",
    "guarantees.*.will",
    "guarantees.*.backstop.by",
    "guarantees.*.backstop.strength",
    "guarantees.*.backstop.probability",
    "attacks.*.by",
    "attacks.*.target",
    "attacks.*.per_year",
    "attacks.*.balance",
    "attacks.*.victory",
    "attacks.*.defeat",
    "ratifiers.*.of",
    "ratifiers.*.support",
    "ratifiers.*.threshold",
    "ratifiers.*.slope",
    "events.*.when",
    "events.*.date",
    "outcomes.*.id",
    "outcomes.*.when",
    "outcome_column.*.id",
    "outcome_column.*.value",
    "state.*.start.value",
    "actors.*.values.*.value",
    "issues.*.options.*.delivered_by.*.by",
];

fn sample() -> Table {
    let mut problems = Problems::default();
    let tree = parse(FileId(0), SAMPLE, &mut problems);
    assert_eq!(problems.list, []);
    tree
}

/// Paths of all values, as positions on the way down.
fn places(table: &Table, prefix: &[usize], out: &mut Vec<Vec<usize>>) {
    for (at, (_, node)) in table.entries.iter().enumerate() {
        let here = [prefix, &[at]].concat();
        out.push(here.clone());
        match &node.value {
            Value::Table(inner) => places(inner, &here, out),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let item_at = [&here[..], &[index]].concat();
                    if let Value::Table(inner) = &item.value {
                        places(inner, &item_at, out);
                    }
                }
            }
            _ => {}
        }
    }
}

fn all_places() -> Vec<Vec<usize>> {
    let mut out = Vec::new();
    places(&sample(), &[], &mut out);
    out
}

/// The table that holds the last step of a place, and its dotted path with ids.
fn parent<'t>(mut table: &'t mut Table, place: &[usize]) -> (&'t mut Table, Vec<String>) {
    let mut path = Vec::new();
    let (mut rest, last) = (&place[..place.len() - 1], place[place.len() - 1]);
    while let Some((at, after)) = rest.split_first() {
        let (key, node) = &mut table.entries[*at];
        path.push(key.name.clone());
        (table, rest) = match &mut node.value {
            Value::Table(inner) => (inner, after),
            Value::Array(items) => {
                path.push("*".to_owned());
                let Value::Table(inner) = &mut items[after[0]].value else { panic!("a place lies in a table") };
                (inner, &after[1..])
            }
            _ => panic!("a place lies in a table"),
        };
    }
    path.push(table.entries[last].0.name.clone());
    (table, path)
}

fn is_required(path: &[String]) -> bool {
    REQUIRED.iter().any(|pattern| {
        let pattern: Vec<&str> = pattern.split('.').collect();
        pattern.len() == path.len() && pattern.iter().zip(path).all(|(p, key)| *p == "*" || p == key)
    })
}

fn problems_of(tree: &Table) -> Problems {
    let mut problems = Problems::default();
    let _spec = decode(tree, &mut problems);
    problems
}

#[test]
fn every_required_key_that_is_deleted_is_reported() {
    let mut seen = 0;
    for place in all_places() {
        let mut tree = sample();
        let (table, path) = parent(&mut tree, &place);
        table.entries.remove(place[place.len() - 1]);
        if is_required(&path) {
            seen += 1;
            assert!(problems_of(&tree).has_errors(), "deleting {} goes unnoticed", path.join("."));
        }
    }
    assert!(seen >= REQUIRED.len(), "the sample holds only {seen} required keys");
}

#[test]
fn every_optional_key_can_be_left_out() {
    for place in all_places() {
        let mut tree = sample();
        let (table, path) = parent(&mut tree, &place);
        table.entries.remove(place[place.len() - 1]);
        // The last entry of a table that must not be empty is needed too, as is one of `effects` and `ends`.
        let emptied = table.entries.is_empty() || path.join(".") == "events.shock.effects";
        if !is_required(&path) && !emptied {
            let problems = problems_of(&tree);
            assert!(!problems.has_errors(), "deleting {}: {:?}", path.join("."), problems.list);
        }
    }
}

#[test]
fn every_spoilt_value_is_reported() {
    let span = Span::default();
    let spoilt = Value::Array(vec![Node { value: Value::Array(vec![Node { value: Value::Bool(true), span }]), span }]);
    for place in all_places() {
        let mut tree = sample();
        let (table, path) = parent(&mut tree, &place);
        table.entries[place[place.len() - 1]].1.value = spoilt.clone();
        assert!(problems_of(&tree).has_errors(), "spoiling {} goes unnoticed", path.join("."));
    }
}

#[test]
fn every_misspelt_key_of_an_element_is_reported() {
    for place in all_places() {
        let mut tree = sample();
        let (table, path) = parent(&mut tree, &place);
        let key = &mut table.entries[place[place.len() - 1]].0.name;
        key.push('-');
        assert!(problems_of(&tree).has_errors(), "misspelling {} goes unnoticed", path.join("."));
    }
}

proptest! {
    #[test]
    fn several_changes_at_once_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0u8..4, any::<prop::sample::Index>()), 1..12)
    ) {
        let mut tree = sample();
        for (place, kind, donor) in changes {
            let mut found = Vec::new();
            places(&tree, &[], &mut found);
            if found.is_empty() {
                continue;
            }
            let donated = {
                let donor = donor.get(&found).clone();
                let (table, _) = parent(&mut tree, &donor);
                table.entries[donor[donor.len() - 1]].1.clone()
            };
            let place = place.get(&found).clone();
            let last = place[place.len() - 1];
            let (table, _) = parent(&mut tree, &place);
            match kind {
                0 => { table.entries.remove(last); }
                1 => table.entries[last].0.name.push('x'),
                2 => table.entries[last].1 = donated,
                _ => table.entries[last].1.value = Value::Int(-3),
            }
        }
        problems_of(&tree);
    }

    #[test]
    fn damaged_text_never_panics(cut in any::<prop::sample::Index>(), length in 0usize..40, patch in "[\\[\\]{}=\"'a0\n. ,#-]{0,6}") {
        let start = cut.index(SAMPLE.len());
        let end = (start + length).min(SAMPLE.len());
        let text = format!("{}{patch}{}", &SAMPLE[..start], &SAMPLE[end..]);
        let reading = read(&Sources::single("m.toml", text), &[]);
        prop_assert!(reading.spec.is_some() || reading.problems.has_errors());
    }

    #[test]
    fn any_text_and_any_setting_are_judged_without_panic(text in any::<String>(), setting in any::<String>()) {
        let reading = read(&Sources::single("m.toml", text), &[setting]);
        prop_assert!(reading.problems.has_errors());
    }
}
