//! Every example in the help is executed.

use crate::command::{detente, detente_in};

/// Files that examples read.
const FILES: [(&str, &str); 3] = [
    ("laptop.xml", include_str!("../cases/genius/laptop.xml")),
    ("buyer.xml", include_str!("../cases/genius/buyer.xml")),
    ("seller.xml", include_str!("../cases/genius/seller.xml")),
];

/// Names of the subcommands, from the help itself.
fn subcommands() -> Vec<String> {
    let help = detente(&["-h"]).with_code(0).out;
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names: Vec<String> =
        commands.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    assert!(names.len() >= 10, "{names:?}");
    names
}

/// The commands under `Example:`, without the program's name.
fn examples(help: &str) -> Vec<Vec<String>> {
    let lines = help.split("Example:\n").nth(1).unwrap_or_default().lines();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    lines.map(str::trim).filter_map(|line| line.strip_prefix("detente ")).map(words).collect()
}

#[test]
fn every_example_in_the_help_runs() {
    let mut pages = vec![detente(&["-h"]).with_code(0).out];
    for name in subcommands().iter().filter(|name| *name != "help") {
        let page = detente(&[name, "-h"]).with_code(0).out;
        assert!(!examples(&page).is_empty(), "{name} has no example:\n{page}");
        detente(&[name, "--help"]).with_code(0);
        pages.push(page);
    }
    for example in pages.iter().flat_map(|page| examples(page)) {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            std::fs::write(directory.path().join(name), text).unwrap();
        }
        let words: Vec<&str> = example.iter().map(String::as_str).collect();
        let answer = detente_in(directory.path(), &words);
        assert_eq!(answer.code, Some(0), "{words:?}\n{}", answer.err);
    }
}

#[test]
fn every_detente_command_in_the_readme_runs_in_the_order_given() {
    let readme = include_str!("../../README.md");
    let commands: Vec<Vec<&str>> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("detente "))
        .map(|line| line.split('#').next().unwrap().split_whitespace().collect())
        .collect();
    assert!(commands.len() >= 8, "{commands:?}");
    let directory = tempfile::tempdir().unwrap();
    for words in commands {
        let answer = detente_in(directory.path(), &words);
        assert_eq!(answer.code, Some(0), "{words:?}\n{}", answer.err);
    }
}
