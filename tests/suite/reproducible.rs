//! The same command gives the same bytes: on any number of threads, in chunks of any size, twice, on a processor without
//! fused multiplication, and replication by replication. The same for a release build against a debug build takes two
//! builds: `.ci/release-equals-debug`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::command::{command, detente};

/// Results as they were minted: model, replications, size of `outcomes.csv` in bytes, its blake3.
///
/// Re-mint only in a commit of its own that says why.
const GOLDEN: [(&str, &str, usize, &str); 2] = [
    ("fearon", "100", 14_906, "2f1446ca93498c38c0f08a0388149de12843652c26a1d96d904054afb4d07533"),
    ("ukraine-2025", "4", 9_113, "88f64221064b5ef1a7e9d64a53b50af1809d04cefbfb8402ade45c123c7f44e9"),
];

const UKRAINE: [&str; 6] = ["run", "ukraine-2025", "--reps", "12", "--noise", "4"];
const FEARON: [&str; 6] = ["run", "fearon", "--reps", "200", "--trace", "moves"];

/// Runs it and returns every result file: all but the log and the lock.
fn results(args: &[&str], means: &[&str], environment: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let directory = tempfile::tempdir().unwrap();
    let all = [args, &["--out", "out"], means].concat();
    let output = command(directory.path(), &all).envs(environment.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{all:?}: {}", String::from_utf8_lossy(&output.stderr));
    files(&directory.path().join("out"))
}

fn files(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let kept = names.filter(|name| name != "log.jsonl" && name != ".lock");
    kept.map(|name| (name.clone(), std::fs::read(path.join(name)).unwrap())).collect()
}

#[track_caller]
fn assert_same(first: &BTreeMap<String, Vec<u8>>, second: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>(), "{what}");
    for (name, bytes) in first {
        assert!(second[name] == *bytes, "{name} differs {what}");
    }
}

/// Compares a first run on one thread with others by other means, and with itself again.
fn means_change_nothing(args: &[&str], means: &[(&str, &str)]) {
    let first = results(args, &["--threads", "1"], &[]);
    assert!(first.contains_key("outcomes.csv") && first.contains_key("summary.csv"), "{:?}", first.keys());
    for (threads, chunk) in means {
        let other = results(args, &["--threads", threads, "--chunk", chunk], &[]);
        assert_same(&first, &other, &format!("on {threads} threads in chunks of {chunk}"));
    }
    assert_same(&first, &results(args, &["--threads", "1"], &[]), "when run again");
}

#[test]
fn threads_and_chunks_change_no_byte_of_the_war() {
    means_change_nothing(&UKRAINE, &[("1", "7"), ("2", "1"), ("8", "7"), ("2", "1000"), ("8", "1")]);
}

#[test]
fn threads_and_chunks_change_no_byte_of_a_classic_with_its_moves() {
    let pairs = ["1", "2", "8"].map(|threads| ["1", "7", "1000"].map(|chunk| (threads, chunk)));
    means_change_nothing(&FEARON, pairs.as_flattened());
}

/// The C library then chooses the functions for an old processor; whatever asked it for a transcendental would differ.
#[test]
fn a_processor_without_fused_multiplication_changes_no_byte() {
    let old = [("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4")];
    for args in [&UKRAINE[..], &FEARON] {
        assert_same(&results(args, &[], &[]), &results(args, &[], &old), &format!("without FMA: {args:?}"));
    }
}

/// The row of a batch, by column, without what every row shares and without empty cells.
fn row(outcomes: &[u8], replication: &str) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_reader(outcomes);
    let columns = reader.headers().unwrap().clone();
    let rows = reader.records().map(Result::unwrap);
    let row = rows.into_iter().find(|row| &row[1] == replication).unwrap();
    let shared = ["point", "replication", "seed", "status"];
    let cells = columns.iter().zip(row.iter()).filter(|(column, cell)| !cell.is_empty() && !shared.contains(column));
    cells.map(|(column, cell)| (column.to_owned(), cell.to_owned())).collect()
}

#[test]
fn one_replication_played_alone_is_the_row_of_the_batch() {
    for (args, model, replication) in [(&FEARON[..], "fearon", "137"), (&UKRAINE, "ukraine-2025", "11")] {
        let batch = row(&results(args, &[], &[])["outcomes.csv"], replication);
        let alone = detente(&["trace", model, "--rep", replication, "--format", "json"]).with_code(0).out;
        let alone: serde_json::Value = serde_json::from_str(&alone).unwrap();
        let alone: BTreeMap<String, String> = serde_json::from_value(alone["outcome"].clone()).unwrap();
        assert!(batch.len() > 10, "{batch:?}");
        assert_eq!(batch, alone, "replication {replication} of {model}");
    }
}

#[test]
fn results_are_those_of_the_last_minting() {
    let mint = |(model, reps, _, _): (&'static str, &'static str, usize, &str)| {
        let outcomes =
            &results(&["run", model, "--reps", reps, "--seed", "2025", "--noise", "0"], &[], &[])["outcomes.csv"];
        (model, reps, outcomes.len(), blake3::hash(outcomes).to_string())
    };
    let golden = GOLDEN.map(|(model, reps, size, digest)| (model, reps, size, digest.to_owned()));
    let what = "outcomes.csv at seed 2025 has changed; re-mint only in a commit of its own that says why";
    assert_eq!(GOLDEN.map(mint), golden, "{what}");
}
