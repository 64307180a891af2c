//! Six mistakes of six kinds in one file: each is named in one go, with its place, a caret and what to do.

use crate::command::detente_in;

const FILE: &str = include_str!("../cases/six_mistakes.toml");

/// Code, what is marked, and what the message or its hint must say, in the order of places.
const MISTAKES: [(&str, &str, &str); 6] = [
    ("E0305", "stock)\"", "help: write ln(max(stock, 0.001))"),
    ("E0307", "\"there + 1\"", "help: break the circle with a state"),
    ("E0101", "pateince", "help: did you mean `patience`?"),
    ("E0103", "true # patience", "help: write 0.3"),
    ("E0402", "mild", "help: they must sum to 1"),
    ("E0201", "\"Bee\"", "help: allowed: `A`, `B`"),
];

/// Line and column of a text that occurs once, from 1.
fn place(text: &str) -> (usize, usize) {
    let at = FILE.find(text).unwrap();
    let before = &FILE[..at];
    (before.matches('\n').count() + 1, at - before.rfind('\n').unwrap())
}

#[test]
fn six_mistakes_are_told_in_one_go() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("six.toml"), FILE).unwrap();
    let answer = detente_in(directory.path(), &["check", "six.toml"]).with_code(3);
    assert_eq!(answer.out, "");
    assert!(answer.err.contains("six.toml is not valid: 6 errors"), "{}", answer.err);
    let told: Vec<&str> = answer.err.split("error[").skip(1).collect();
    assert_eq!(told.len(), MISTAKES.len(), "{}", answer.err);
    for ((code, marked, hint), told) in MISTAKES.into_iter().zip(told) {
        let (line, column) = place(marked);
        assert!(told.starts_with(&format!("{code}] six.toml:{line}:{column} ")), "{code} at {line}:{column}:\n{told}");
        assert!(told.contains(hint), "{code} without `{hint}`:\n{told}");
        // The drawing: the line as it stands in the file, and carets below the place.
        let source = FILE.lines().nth(line - 1).unwrap();
        let drawn = told.lines().position(|drawn| drawn.ends_with(source)).unwrap_or_else(|| panic!("{told}"));
        let (left, carets) = told.lines().nth(drawn + 1).and_then(|below| below.split_once('·')).unwrap();
        assert!(left.trim().is_empty(), "{told}");
        assert_eq!(carets.find('─'), Some(column), "carets of {code}:\n{told}");
    }
}

#[test]
fn every_code_of_the_six_is_explained() {
    for (code, _, _) in MISTAKES {
        assert!(detente_in(std::path::Path::new("."), &["explain", code]).with_code(0).out.starts_with(code));
    }
}
