//! Theory: every case of the cases file that the engine can play is reproduced, and every wrong engine is caught.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use detente::theory::{Class, Effort, Row, Verdict, cases, verify};

use crate::command::detente;

/// Cases that wait, with the reason; the page of the classics names them too.
const WAITING: [(&str, &str); 12] = [
    ("T05a", "equilibrium solver"),
    ("T13", "equilibrium solver"),
    ("T14b", "equilibrium solver"),
    ("T19a", "equilibrium solver"),
    ("T19b", "equilibrium solver"),
    ("T22a", "equilibrium solver"),
    ("T22c", "equilibrium solver"),
    ("T22d", "equilibrium solver"),
    ("C02", "equilibrium solver"),
    ("C03", "equilibrium solver"),
    ("C04", "equilibrium solver"),
    ("C11", "equilibrium solver"),
];

/// Played once for all tests.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| verify(Effort { replications: 1_000, seed: 2025 }, &[]));

#[test]
fn theory_is_reproduced_and_every_wrong_engine_is_caught() {
    let rows = &ROWS;
    let bad: Vec<&Row> = rows.iter().filter(|row| !row.verdict().is_good()).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    let controls = rows.iter().filter(|row| row.verdict() == Verdict::Caught).count();
    assert_eq!(controls, 7);
    let known: BTreeSet<&str> = rows.iter().map(|row| row.case).collect();
    for case in cases() {
        let waits = WAITING.iter().any(|(id, _)| *id == case.id);
        assert_eq!(known.contains(case.id.as_str()), !waits, "{}", case.id);
    }
    for row in rows.iter().filter(|row| row.class == Class::Exact) {
        // Exact means 1e-9, one step of a grid of offers, or what the case itself states.
        let most = match row.case {
            "S01" => 0.01,
            "S02" => 0.02,
            _ => 1e-3,
        };
        assert!(row.tolerance <= most * row.expected.abs().max(1.0), "{row:?}");
    }
    let mut seen = BTreeMap::new();
    for row in rows.iter() {
        *seen.entry((row.case, row.row.as_str(), row.class.word())).or_insert(0) += 1;
    }
    assert!(seen.len() * 100 > rows.len() * 97, "rows repeat themselves");
}

#[test]
fn cases_that_wait_need_the_solver_and_the_page_names_them() {
    let page = include_str!("../../models/classics/README.md");
    let file: serde_json::Value = serde_json::from_str(include_str!("../cases/theory.json")).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let waits = WAITING.iter().any(|(waiting, _)| *waiting == id);
        assert_eq!(waits, case["needs"] == "equilibrium solver (later)", "{id}");
        assert!(!waits || page.contains(&format!("`{id}`")), "{id}");
    }
}

#[test]
fn a_number_that_is_off_fails_and_a_double_that_is_right_is_missed() {
    let mut row = ROWS.iter().find(|row| row.class == Class::Control).unwrap().clone();
    assert_eq!(row.verdict(), Verdict::Caught);
    row.obtained = row.expected;
    assert_eq!(row.verdict(), Verdict::Missed);
    row.class = Class::Exact;
    assert_eq!(row.verdict(), Verdict::Pass);
    row.obtained = row.expected + 2.0 * row.tolerance;
    assert_eq!(row.verdict(), Verdict::Fail);
    row.obtained = f64::NAN;
    assert_eq!(row.verdict(), Verdict::Fail);
}

#[test]
fn the_command_prints_one_line_a_row_with_the_columns_of_the_cases() {
    let answer =
        detente(&["verify-theory", "--case", "T10", "--case", "T12c", "--format", "csv", "--quiet"]).with_code(0);
    let mut lines = answer.out.lines();
    assert_eq!(lines.next(), Some("case,row,class,expected,obtained,error,tolerance,verdict"));
    assert_eq!(lines.clone().count(), 5, "{}", answer.out);
    assert!(lines.all(|line| line.split(',').count() == 8 && line.ends_with(",pass")), "{}", answer.out);
    let unknown = detente(&["verify-theory", "--case", "T9a"]).with_code(2);
    assert!(unknown.err.contains("did you mean"), "{}", unknown.err);
    detente(&["verify-theory", "--reps", "1"]).with_code(2);
}
