//! Every rule with a snippet that breaks it and the exact complaint: `bad.txt` holds the cases.

use super::{FULL, MINIMAL, compiled};
use crate::spec::problem::{Problem, Severity};

/// One case of `bad.txt`.
struct Case {
    base: &'static str,
    title: &'static str,
    snippet: String,
    sets: Vec<&'static str>,
    expected: Vec<&'static str>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in include_str!("bad.txt").lines() {
        if let Some(header) = line.strip_prefix("--- ") {
            let (base, title) = header.split_once(": ").expect("a header names base and title");
            let base = if base == "full" { FULL } else { MINIMAL };
            cases.push(Case { base, title, snippet: String::new(), sets: Vec::new(), expected: Vec::new() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(expected) = line.strip_prefix("=> ") {
            case.expected.push(expected);
        } else if let Some(set) = line.strip_prefix("! ") {
            case.sets.push(set);
        } else {
            case.snippet.push_str(line);
            case.snippet.push('\n');
        }
    }
    cases
}

fn line_of(problem: &Problem) -> String {
    let hint = problem.hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})"));
    format!("{} {}: {}{hint}", problem.code, problem.path, problem.message)
}

#[test]
fn every_rule_is_enforced_in_its_own_words() {
    let mut report = String::new();
    for case in cases() {
        let (model, problems) = compiled(&[case.base, &case.snippet], &case.sets);
        let found: Vec<String> = problems.list.iter().map(line_of).collect();
        assert_eq!(model.is_none(), problems.has_errors(), "{}: no model exactly if there is an error", case.title);
        if found != case.expected {
            report.extend(["--- ", case.title, "\n"]);
            for line in &found {
                report.extend(["=> ", line, "\n"]);
            }
        }
    }
    assert!(report.is_empty(), "these complaints differ from bad.txt:\n{report}");
}

#[test]
fn every_problem_has_a_known_code_and_a_tidy_message() {
    for case in cases() {
        let (_, problems) = compiled(&[case.base, &case.snippet], &case.sets);
        assert!(!problems.list.is_empty(), "{}: nothing was found", case.title);
        for problem in &problems.list {
            assert!(crate::spec::codes::find(problem.code).is_some(), "{} is not listed", problem.code);
            assert!(!problem.message.ends_with('.'), "{}", problem.message);
            let first = problem.message.chars().next().expect("a message is not empty");
            assert!(!first.is_uppercase(), "{}", problem.message);
            let warning = problem.severity == Severity::Warning;
            assert_eq!(warning, problem.code.starts_with('W'), "{}", problem.code);
        }
    }
}
