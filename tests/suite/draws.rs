//! Replications that share draws of the uncertain parameters: which numbers they share, and what that tells.

use std::fs;
use std::path::Path;

use crate::command::detente;

const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/tiny.toml");

const SWEEP: [&str; 11] =
    ["sweep", TINY, "--vary", "actors.A.patience=0.9,1", "--seed", "5", "--reps", "30", "--per-draw", "3", "--quiet"];

fn run(dir: &Path, more: &[&str]) {
    let out = dir.display().to_string();
    let base = ["run", TINY, "--seed", "5", "--noise", "0", "--threads", "1", "--quiet", "--out", &out];
    detente(&[&base[..], more].concat()).with_code(0);
}

fn read(dir: &Path, file: &str) -> String {
    fs::read_to_string(dir.join(file)).unwrap()
}

/// A column of a table.
fn column(text: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let at = reader.headers().unwrap().iter().position(|header| header == name).unwrap();
    reader.records().map(|record| record.unwrap()[at].to_owned()).collect()
}

#[test]
fn replications_in_a_row_share_the_parameters_and_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let (alone, shared, one) = (place.path().join("alone"), place.path().join("shared"), place.path().join("one"));
    run(&alone, &["--reps", "12"]);
    run(&shared, &["--reps", "40", "--per-draw", "4"]);
    run(&one, &["--reps", "12", "--per-draw", "1"]);
    let costs = |dir: &Path| column(&read(dir, "draws.csv"), "cost");
    let (free, tied) = (costs(&alone), costs(&shared));
    for (replication, cost) in tied.iter().enumerate() {
        assert_eq!(*cost, free[replication / 4], "the draw of a replication is that of its group");
    }
    // Misjudgement is drawn anew: the same parameters end in peace and in war.
    let outcomes = column(&read(&shared, "outcomes.csv"), "outcome");
    assert!(outcomes.chunks(4).any(|group| group.iter().any(|outcome| *outcome != group[0])));
    for file in ["outcomes.csv", "summary.csv", "draws.csv", "run.json", "inputs.json"] {
        assert_eq!(read(&alone, file), read(&one, file), "{file}: one replication a draw is what always was");
    }
    let told = read(&shared, "summary.csv");
    assert!(!read(&alone, "summary.csv").contains("assumptions") && told.contains("outcome,peace,assumptions,40,"));
}

#[test]
fn a_shared_draw_is_part_of_what_a_run_is() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("run");
    run(&dir, &["--reps", "20", "--per-draw", "4"]);
    let out = dir.display().to_string();
    let again = detente(&["run", TINY, "--seed", "5", "--noise", "0", "--reps", "20", "--quiet", "--out", &out]);
    assert!(again.with_code(6).err.contains("replications per draw is 4 there, 1 here"));
    detente(&["verify", &out, "--recompute", "20", "--quiet"]).with_code(0);
    // Shards make the run that was not sharded.
    let shards: Vec<String> = (1..=2)
        .map(|number| {
            let shard = place.path().join(number.to_string()).display().to_string();
            let part = format!("{number}/2");
            detente(&[&SWEEP[..], &["--shard", &part, "--out", &shard]].concat()).with_code(0);
            shard
        })
        .collect();
    let (merged, whole) = (place.path().join("merged"), place.path().join("whole"));
    detente(&["merge", &shards[0], &shards[1], "--quiet", "--out", &merged.display().to_string()]).with_code(0);
    detente(&[&SWEEP[..], &["--out", &whole.display().to_string()]].concat()).with_code(0);
    for file in ["outcomes.csv", "summary.csv", "run.json"] {
        assert_eq!(read(&merged, file), read(&whole, file), "{file}");
    }
}

#[test]
fn a_transcript_tells_the_row_of_a_shared_draw() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("run");
    run(&dir, &["--reps", "12", "--per-draw", "3"]);
    let utilities = column(&read(&dir, "outcomes.csv"), "u_a");
    let costs = column(&read(&dir, "draws.csv"), "cost");
    for (rep, (utility, cost)) in utilities.iter().zip(&costs).enumerate() {
        let rep = rep.to_string();
        let told = ["trace", TINY, "--seed", "5", "--rep", &rep, "--per-draw", "3", "--format", "json"];
        let json: serde_json::Value = serde_json::from_str(&detente(&told).with_code(0).out).unwrap();
        assert_eq!(json["outcome"]["u_a"].as_str(), Some(utility.as_str()), "replication {rep}");
        assert_eq!(json["draws"]["params.cost"].as_f64(), cost.parse().ok(), "replication {rep}");
    }
}

#[test]
fn what_only_parameters_decide_varies_between_draws_and_what_only_noise_decides_does_not() {
    let place = tempfile::tempdir().unwrap();
    let deviation = |name: &str, sets: &[&str]| -> f64 {
        let dir = place.path().join(name);
        run(&dir, &[&["--reps", "2000", "--per-draw", "10"][..], sets].concat());
        let text = read(&dir, "summary.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let row = reader.records().map(Result::unwrap).find(|row| &row[2] == "peace" && &row[3] == "between_draws");
        row.unwrap()[5].parse().unwrap()
    };
    // 2000 replications, 200 draws of 10. Where the cost is one number only noise is left: the deviation is that of the
    // estimate itself, about (2 / 200)^(1/4) of the sampling deviation .5 / sqrt(10) at most.
    let fixed = deviation("fixed", &["--set", "params.cost=0.2"]);
    let free = deviation("free", &[]);
    assert!(fixed < 0.08, "{fixed}");
    assert!(free > 1.5 * fixed, "{free} against {fixed}");
}
