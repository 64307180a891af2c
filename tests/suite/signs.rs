//! Documented signs, coverage of an inventory, futures of scenarios, and the ODD protocol.

use std::collections::BTreeSet;
use std::path::Path;

use crate::command::{Answer, detente, detente_in};
use detente::report::odd;
use detente::source::load;
use detente::spec::problem::Problems;
use detente::spec::signs::{SignTable, read};
use detente::spec::tree::FileId;

const FEARON: &str = include_str!("../../models/classics/fearon.toml");

/// A directory with Fearon's crisis as `m.toml`, and these files beside it.
fn beside(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let cited = FEARON.replace("[params.cost_a]\n", "[params.cost_a]\ninventory = [\"C-01\", \"C-02\"]\n");
    let cited = cited.replace("[sources.powell2006]", "[params.idle]\nvalue = 1\nrange = [0, 2]\nsource = \"assumption\"\ninventory = [\"C-03\"]\n\n[sources.powell2006]");
    std::fs::write(directory.path().join("m.toml"), cited).unwrap();
    std::fs::create_dir(directory.path().join("m")).unwrap();
    for (name, text) in files {
        std::fs::write(directory.path().join("m").join(name), text).unwrap();
    }
    directory
}

const CONTRASTS: &str = r#"
[signs]
replications = 40
[[contrast]]
id = "striking-first-means-war"
mechanism = "C-01"
kind = "structural"
scope = "game"
low = { set = ["params.cost_high=0"] }
high = { set = ["params.p_first=0.65", "params.cost_a=0.05", "params.cost_low=0.05", "params.cost_high=0.05"] }
of = "present(agreement_month)"
direction = "-"
[[contrast]]
id = "dearer-war-less-war"
mechanism = "C-02"
kind = "contested"
scope = "game"
path = "params.cost_a"
low = 0
high = 0.3
of = "present(agreement_month)"
direction = "+"
views = [{ id = "nothing is private", set = ["params.cost_low=0.2", "params.cost_high=0.2"], direction = "0" }]
along = { path = "params.cost_high", values = [0.2, 0.6] }
"#;

fn signs(directory: &Path, more: &[&str]) -> Answer {
    let mut words = vec!["signs", "m.toml", "-q", "--threads", "2"];
    words.extend_from_slice(more);
    detente_in(directory, &words)
}

#[test]
fn a_table_beside_a_model_is_run_and_every_line_is_judged() {
    let directory = beside(&[("signs.toml", CONTRASTS)]);
    let answer = signs(directory.path(), &["--format", "csv"]).with_code(0);
    let lines: Vec<&str> = answer.out.lines().collect();
    assert_eq!(lines[0], "mechanism,kind,contrast,scope,documented,difference,se,verdict");
    assert_eq!(lines.len(), 6, "{}", answer.out);
    assert_eq!(lines[1], "C-01,structural,striking-first-means-war,game,-,-1,0,as documented");
    assert!(lines[2].starts_with("C-02,contested,dearer-war-less-war,game,+,0."), "{}", answer.out);
    assert!(lines[2].ends_with(",as documented"), "{}", answer.out);
    assert_eq!(lines[3], "C-02,contested,dearer-war-less-war @ nothing is private,game,0,0,0,as documented");
    assert!(
        lines[5].starts_with("C-02,contested,dearer-war-less-war @ params.cost_high=0.6,game,+,"),
        "{}",
        answer.out
    );
    let again =
        detente_in(directory.path(), &["signs", "m.toml", "-q", "--threads", "1", "--format", "csv"]).with_code(0);
    assert_eq!(again.out, answer.out, "threads change nothing");
    let some = signs(directory.path(), &["--only", "C-01", "--format", "csv"]).with_code(0);
    assert_eq!(some.out.lines().nth(1), Some(lines[1]), "a line does not depend on the others");
    assert_eq!(some.out.lines().count(), 2);
    let table = signs(directory.path(), &["--reps", "4"]).with_code(0);
    assert!(
        table.out.contains("dearer-war-less-war: the sign does not turn for params.cost_high from 0.2 to 0.6"),
        "{}",
        table.out
    );
}

#[test]
fn a_bad_table_is_refused_with_every_place() {
    let wrong = CONTRASTS
        .replace("of = \"present(agreement_month)\"\ndirection = \"-\"", "of = \"agrement_month\"\ndirection = \"-\"")
        .replace("path = \"params.cost_a\"\nlow = 0", "path = \"params.cost_z\"\nlow = 0");
    let directory = beside(&[("signs.toml", &wrong)]);
    let answer = signs(directory.path(), &[]).with_code(3);
    assert!(answer.err.contains("E0702") && answer.err.contains("m/signs.toml:13"), "{}", answer.err);
    assert!(answer.err.contains("cost_z"), "{}", answer.err);
    let unknown = CONTRASTS.replacen("of = \"present(agreement_month)\"", "of = \"agrement_month\"", 1);
    let directory = beside(&[("signs.toml", &unknown)]);
    let answer = signs(directory.path(), &[]).with_code(3);
    assert!(answer.err.contains("m/signs.toml:11:6"), "{}", answer.err);
    assert!(answer.err.contains("did you mean `agreement_month`?"), "{}", answer.err);
    let directory = beside(&[("signs.toml", &CONTRASTS.replace("kind = \"contested\"", "kind = \"sure\""))]);
    let answer = signs(directory.path(), &[]).with_code(3);
    assert!(answer.err.contains("E0109"), "{}", answer.err);
    let directory = beside(&[]);
    assert!(signs(directory.path(), &[]).with_code(2).err.contains("no table of contrasts"));
    let directory = beside(&[("signs.toml", CONTRASTS)]);
    signs(directory.path(), &["--only", "C-09"]).with_code(2);
}

#[test]
fn an_element_covers_a_row_if_moving_it_moves_an_output() {
    let directory = beside(&[
        ("inventory.csv", "id,table,paraphrase\nC-01,C,a\nC-02,C,b\nC-03,C,c\nC-04,C,d\nC-05,C,e\n"),
        ("context.toml", "[rows]\n\"C-04\" = \"it is background\"\n"),
    ]);
    let answer = signs(directory.path(), &["--coverage"]).with_code(0);
    assert!(
        answer.out.starts_with("id,element,moved_by,output,model\nC-01,params.cost_a,params.cost_a=0.2,"),
        "{}",
        answer.out
    );
    let idle = answer.out.lines().find(|line| line.starts_with("C-03,")).unwrap();
    assert!(idle.starts_with("C-03,params.idle,,,"), "what nothing refers to moves nothing: {idle}");
    std::fs::write(directory.path().join("m/coverage.csv"), &answer.out).unwrap();
    let describe = |more: &[&str]| {
        let mut words = vec!["describe", "m.toml", "--format", "coverage"];
        words.extend_from_slice(more);
        detente_in(directory.path(), &words).with_code(0)
    };
    let fresh = describe(&[]);
    assert!(
        fresh.err.contains("5 rows: 3 carried by elements (2 of them move an output), 1 context only, 1 missing"),
        "{}",
        fresh.err
    );
    assert!(fresh.out.contains("C-01,C,element,params.cost_a,,,moves,"), "{}", fresh.out);
    assert!(fresh.out.contains("C-03,C,element,params.idle,,,moves nothing,,c\n"), "{}", fresh.out);
    assert!(fresh.out.contains("C-04,C,context,,,it is background,,,d\n"), "{}", fresh.out);
    assert!(fresh.out.contains("C-05,C,missing,,,,,,e\n"), "{}", fresh.out);
    let stale = describe(&["--set", "params.cost_high=0.3"]);
    assert!(
        stale.err.contains("stale") && stale.out.contains("C-01,C,element,params.cost_a,,,stale,"),
        "{}",
        stale.err
    );
}

#[test]
fn a_scenario_is_checked_for_its_own_future() {
    let scenario = |sets: &str, rest: &str| format!("# One line.\n{sets}\n[scenario]\nfuture = [\"war\"]\n{rest}\n");
    let directory = beside(&[
        (
            "first-strike.toml",
            &scenario(
                "[params.p_first]\nvalue = 0.65\n[params.cost_a]\nvalue = 0.05\n[params.cost_high]\nvalue = 0.05",
                "",
            ),
        ),
        ("dear-war.toml", &scenario("[params.cost_a]\nvalue = 0.5", "direction = \"less\"")),
        ("silent.toml", "# Says nothing of a future.\n[params.cost_a]\nvalue = 0.2\n"),
    ]);
    let words = ["scenarios", "m.toml", "--check", "--reps", "40", "--format", "csv", "-q"];
    let answer = detente_in(directory.path(), &words).with_code(0);
    let lines: Vec<&str> = answer.out.lines().collect();
    assert_eq!(lines[0], "scenario,future,expected,base,share,difference,se,verdict");
    assert!(lines[1].starts_with("dear-war,war,less,") && lines[1].ends_with(",as documented"), "{}", answer.out);
    assert!(lines[2].starts_with("first-strike,war,more,") && lines[2].ends_with(",as documented"), "{}", answer.out);
    assert_eq!(lines[3], "silent,,,,,,,");
    detente_in(directory.path(), &["scenarios", "m.toml", "--reps", "5"]).with_code(2);
}

fn shipped_table() -> SignTable {
    let mut problems = Problems::default();
    let table = read(FileId(0), include_str!("../../models/ukraine-2025/signs.toml"), &mut problems);
    assert_eq!(problems.list, []);
    table
}

#[test]
fn every_mechanism_and_every_pattern_has_a_contrast() {
    let table = shipped_table();
    let told: BTreeSet<&str> = table.contrasts.iter().map(|contrast| contrast.mechanism.text.as_str()).collect();
    let wanted: BTreeSet<String> =
        (1..=56).map(|n| format!("M-{n:02}")).chain((1..=10).map(|n| format!("P-{n:02}"))).collect();
    assert_eq!(told, wanted.iter().map(String::as_str).collect());
    let contested = [
        "M-08", "M-09", "M-10", "M-15", "M-16", "M-17", "M-18", "M-19", "M-20", "M-21", "M-37", "M-40", "M-44", "M-47",
        "M-48",
    ];
    for contrast in &table.contrasts {
        let kind = match contrast.mechanism.text.as_str() {
            id if contested.contains(&id) => "contested",
            id if id.starts_with('P') => "pattern",
            _ => "structural",
        };
        assert_eq!(contrast.kind.text, kind, "{}", contrast.id.text);
    }
}

#[test]
fn contrasts_on_fixed_packages_are_exact_where_nothing_may_change() {
    let mut words = vec!["signs", "ukraine-2025", "--only", "will-without-ability", "--only", "no-will-no-deterrence"];
    words.extend(["--reps", "2", "--format", "csv", "-q"]);
    let answer = detente(&words).with_code(0);
    assert!(
        answer.out.contains("M-55,structural,will-without-ability,package,0,0,0,as documented\n"),
        "{}",
        answer.out
    );
    assert!(answer.out.contains("M-14,structural,no-will-no-deterrence,package,+,0."), "{}", answer.out);
}

#[test]
fn an_odd_protocol_has_all_headings_and_names_every_parameter() {
    for name in ["ukraine-2025", "fearon", "deterrence"] {
        let loaded = load(name, &[], &[]).unwrap();
        let table = shipped_table();
        let signs = (name == "ukraine-2025").then_some(&table);
        let text = odd::document(&loaded, signs);
        let mut from = 0;
        for (number, heading) in (1..).zip(odd::HEADINGS) {
            let heading = format!("\n## {number} {heading}\n");
            from += text[from..].find(&heading).unwrap_or_else(|| panic!("{name} lacks {heading}"));
        }
        let params = loaded.model.spec.params.iter().map(|(id, _)| format!("params.{}", id.text));
        let scalars = loaded.model.scalars.iter().map(|scalar| scalar.path.clone());
        for path in params.chain(scalars) {
            assert!(text.contains(&format!("| `{path}` |")), "{name} does not name {path}");
        }
        assert_eq!(text, odd::document(&load(name, &[], &[]).unwrap(), signs), "{name} reads the same twice");
        assert!(!text.contains("|  |  |  |  |  |  |"), "{name} has an empty row");
    }
    let text = detente(&["describe", "fearon", "--format", "odd", "-q"]).with_code(0).out;
    assert!(text.contains("# Rationalist explanations for war: ODD protocol"), "{text}");
    assert!(!text.contains("Guarantees"), "a model without guarantees does not speak of them");
}
