//! The layers hold: a file imports only from lower layers and from its own, and only the right files name some crates.

use std::fs;
use std::path::{Path, PathBuf};

/// Layer of each top-level module; every module of `src/` must be listed.
const LAYERS: [(&str, u8); 14] = [
    ("id", 0),
    ("num", 0),
    ("rng", 0),
    ("spec", 1),
    ("model", 2),
    ("engine", 3),
    ("measure", 3),
    ("design", 4),
    ("run", 5),
    ("sink", 5),
    ("report", 5),
    ("source", 5),
    ("theory", 5),
    ("cli", 6),
];

/// Crates and paths that only some modules may name.
const RESERVED: [(&str, &[&str]); 9] = [
    ("libm::", &["num"]),
    ("rand_chacha", &["rng"]),
    ("rayon", &["run"]),
    ("std::fs", &["run", "sink", "report", "source", "cli"]),
    ("std::time", &["run", "sink", "source", "cli"]),
    ("std::env", &["run", "sink", "source", "cli"]),
    ("std::thread", &["run", "cli"]),
    ("println!", &[]),
    ("indicatif", &["cli"]),
];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(dir).expect("src can be read").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn files() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    found
        .into_iter()
        .filter(|path| !path.ends_with("main.rs") && !path.ends_with("lib.rs"))
        .map(|path| {
            let inside = path.strip_prefix(&root).expect("below src");
            let module = inside.iter().next().expect("a module").to_string_lossy().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).expect("a source file is text");
            (module, path, text)
        })
        .collect()
}

fn layer(module: &str) -> Option<u8> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|&(_, layer)| layer)
}

/// The part of a file before its unit tests: tests may reach further.
fn shipped(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// `crate::x` mentions in code, comments left out.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in shipped(text).lines().filter(|line| !line.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if name.is_empty() {
                // `use crate::{a::.., b::..}`
                let inner = part.trim_start_matches('{');
                for piece in inner.split(',') {
                    found.push(piece.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
                }
            } else {
                found.push(name);
            }
        }
    }
    found
}

#[test]
fn every_module_has_a_layer_and_imports_only_from_lower_ones() {
    let mut wrong = Vec::new();
    for (module, path, text) in files() {
        let Some(own) = layer(&module) else {
            wrong.push(format!("{}: module `{module}` has no layer", path.display()));
            continue;
        };
        for name in imports(&text) {
            match layer(&name) {
                Some(other) if other > own => {
                    wrong.push(format!("{}: layer {own} imports `{name}` of layer {other}", path.display()));
                }
                Some(other) if other == own && name != module && (3..5).contains(&own) => {
                    wrong.push(format!("{}: `{module}` imports its sibling `{name}`", path.display()));
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn reserved_names_stand_only_where_they_may() {
    let mut wrong = Vec::new();
    for (module, path, text) in files() {
        if path.iter().any(|part| part == "tests") {
            continue;
        }
        for (name, allowed) in RESERVED {
            let named = shipped(&text).lines().any(|line| !line.trim_start().starts_with("//") && line.contains(name));
            if named && !allowed.contains(&module.as_str()) {
                wrong.push(format!("{}: names {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_checks_catch_a_planted_upward_import() {
    let planted = "use crate::cli::main;\nfn f() { crate::run::execute(); }\nuse crate::{id::ActorId, sink};\n";
    assert_eq!(imports(planted), ["cli", "run", "id", "sink"]);
    assert!(layer("cli") > layer("engine"));
}

#[test]
fn no_file_passes_600_lines() {
    // Flat tables: the spec structs (one field a line, each documented), and the table of messages.
    let tables = ["spec/model.rs", "spec/codes.rs", "model/elements.rs"];
    let long: Vec<String> = files()
        .into_iter()
        .filter(|(_, path, _)| !tables.iter().any(|table| path.ends_with(table)))
        .map(|(_, path, text)| (path, text.lines().count()))
        .filter(|&(_, lines)| lines > 600)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn the_list_of_a_step_stands_in_the_engine_and_names_twelve_things() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine/mod.rs")).expect("the engine");
    let listed: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("//! "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
        .map(|line| line.split([' ', ',', ':', ';']).nth(1).unwrap_or_default().to_owned())
        .collect();
    let expected = [
        "Dated",
        "Levers",
        "Patience",
        "Battlefield",
        "Beliefs",
        "Values",
        "Recognition",
        "Offer",
        "Answers",
        "Consent",
        "Ratification.",
        "Signing",
    ];
    assert_eq!(listed, expected, "the order of a step changed: change `core.md` 14 and this test on purpose");
}
