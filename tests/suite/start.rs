//! From a starting model to a run and a transcript.

use std::path::Path;

use crate::command::{Answer, detente_in};

fn start() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    detente_in(directory.path(), &["new", "talks.toml"]).with_code(0);
    directory
}

fn run(directory: &Path, more: &[&str]) -> Answer {
    let mut args = vec!["run", "talks.toml", "--reps", "40"];
    args.extend(more);
    detente_in(directory, &args)
}

#[test]
fn a_new_model_passes_its_check_without_warnings() {
    let directory = start();
    let answer = detente_in(directory.path(), &["check", "talks.toml"]).with_code(0);
    assert!(answer.out.contains("ok: 3 actors, 3 issues"), "{}", answer.out);
    assert!(answer.out.trim_end().ends_with("no problems"), "{}{}", answer.out, answer.err);
}

#[test]
fn a_file_that_exists_is_never_overwritten() {
    let directory = start();
    let answer = detente_in(directory.path(), &["new", "talks.toml"]).with_code(4);
    assert!(answer.err.contains("exists already"), "{}", answer.err);
    detente_in(directory.path(), &["new", "nowhere/talks.toml"]).with_code(4);
}

#[test]
fn a_new_model_runs_and_its_summary_names_the_way_back() {
    let directory = start();
    let answer = run(directory.path(), &["--seed", "0"]).with_code(0);
    for part in ["seed          0", "replications  40", "How it ended", "Not a forecast", "next: detente trace"] {
        assert!(answer.out.contains(part), "{part} is missing in\n{}", answer.out);
    }
    let again = answer.out.lines().find_map(|line| line.strip_prefix("again         detente ")).unwrap();
    let words: Vec<&str> = again.split(' ').chain(["--quiet"]).collect();
    let repeated = detente_in(directory.path(), &words).with_code(0);
    assert_eq!(repeated.out, answer.out);
}

#[test]
fn a_new_model_has_more_than_one_outcome() {
    let directory = start();
    let answer = run(directory.path(), &["--format", "csv"]).with_code(0);
    let shares = answer.out.lines().filter(|line| line.starts_with("outcome,") && line.contains(",share,"));
    let positive = shares.filter(|line| line.split(',').nth(4).unwrap().parse::<f64>().unwrap() > 0.0).count();
    assert!(positive >= 2, "{}", answer.out);
}

#[test]
fn threads_and_chunks_do_not_change_a_byte() {
    let directory = start();
    run(directory.path(), &["--out", "a", "--threads", "1", "--chunk", "1"]).with_code(0);
    run(directory.path(), &["--out", "b", "--threads", "3", "--chunk", "7"]).with_code(0);
    for table in ["outcomes.csv", "agreements.csv", "steps.csv", "draws.csv", "summary.csv", "run.json"] {
        let read = |run: &str| std::fs::read(directory.path().join(run).join(table)).unwrap();
        assert_eq!(read("a"), read("b"), "{table}");
    }
}

#[test]
fn a_directory_of_another_run_is_refused_and_moved_aside_by_force() {
    let directory = start();
    run(directory.path(), &["--out", "a"]).with_code(0);
    run(directory.path(), &["--out", "a", "--seed", "1"]).with_code(6);
    run(directory.path(), &["--out", "a", "--seed", "1", "--force"]).with_code(0);
    std::fs::create_dir(directory.path().join("mine")).unwrap();
    std::fs::write(directory.path().join("mine/letter"), "dear").unwrap();
    run(directory.path(), &["--out", "mine"]).with_code(4);
    run(directory.path(), &["--out", "talks.toml"]).with_code(4);
}

#[test]
fn a_trace_is_the_row_of_the_batch() {
    let directory = start();
    run(directory.path(), &["--out", "a", "--seed", "9"]).with_code(0);
    let mut reader = csv::Reader::from_path(directory.path().join("a/outcomes.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    for (replication, row) in reader.records().take(5).enumerate() {
        let row = row.unwrap();
        let args = ["trace", "talks.toml", "--seed", "9", "--rep", &replication.to_string(), "--format", "json"];
        let answer = detente_in(directory.path(), &args).with_code(0);
        let document: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
        for (column, cell) in headers.iter().zip(&row) {
            if !["point", "replication", "seed", "status"].contains(&column) && !cell.is_empty() {
                assert_eq!(document["outcome"][column], cell, "{column} of replication {replication}");
            }
        }
    }
}

#[test]
fn a_transcript_tells_offers_answers_and_the_outcome() {
    let directory = start();
    let told: String = (0..5)
        .map(|replication: u32| {
            let args = ["trace", "talks.toml", "--rep", &replication.to_string()];
            detente_in(directory.path(), &args).with_code(0).out
        })
        .collect();
    for part in ["types: A ", "drawn: ", "2025-0", " offers ", " says ", "because of ", "outcome: "] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
}

#[test]
fn a_random_seed_is_printed_and_reproduces_the_run() {
    let directory = start();
    let answer = run(directory.path(), &["--seed", "random"]).with_code(0);
    let seed = answer.out.lines().find_map(|line| line.strip_prefix("seed          ")).unwrap();
    let repeated = run(directory.path(), &["--seed", seed, "--force"]).with_code(0);
    assert_eq!(answer.out, repeated.out);
}

#[test]
fn a_description_names_every_section_and_parameter() {
    let directory = start();
    let answer = detente_in(directory.path(), &["describe", "talks.toml"]).with_code(0);
    for part in [
        "A: Government of A, signatory, types moderate 0.6 / hardline 0.4",
        "border: as_held (now) | joint_zone | old_border",
        "sanctions: C on A: strain_a +0.06",
        "mission_force: C, will guarantor_will",
        "second_war: A on B",
        "lasting_peace: signed.settlement and not attacked",
        "params.guarantor_will",
    ] {
        assert!(answer.out.contains(part), "{part} is missing in\n{}", answer.out);
    }
}

#[test]
fn a_scenario_and_a_setting_are_part_of_the_run_and_of_its_name() {
    let directory = start();
    std::fs::create_dir(directory.path().join("talks")).unwrap();
    std::fs::write(directory.path().join("talks/proud.toml"), "# A is hardline.\n[params.p_hardline]\nvalue = 1\n")
        .unwrap();
    let list = detente_in(directory.path(), &["scenarios", "talks.toml"]).with_code(0).out;
    assert!(list.contains("proud") && list.contains("A is hardline."), "{list}");
    let answer = run(directory.path(), &["--scenario", "proud", "--set", "actors.C.patience=0.9"]).with_code(0);
    assert!(answer.out.contains("scenario      proud"), "{}", answer.out);
    assert!(answer.out.contains("runs/border-war-proud-s2025-r40-x"), "{}", answer.out);
    let text = std::fs::read_dir(directory.path().join("runs")).unwrap().next().unwrap().unwrap().path();
    let resolved = std::fs::read_to_string(text.join("model.toml")).unwrap();
    assert!(resolved.contains("patience = 0.9"), "{resolved}");
    run(directory.path(), &["--scenario", "meek"]).with_code(4);
}
