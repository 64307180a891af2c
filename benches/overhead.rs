//! What a run directory costs: `cargo bench --bench overhead [-- MODEL [REPLICATIONS]]`, or `-- rows` for a million rows.
//!
//! Plays the same replications twice on one thread: bare, and as `detente run` with directory, parts of a second, checksums,
//! statistics and tables. Prints the processor time of both and the share that the second adds; starting (loading the
//! model, the numeric fingerprint) is taken out by running twice as many replications once more. Clocks are noisy where
//! others work too: instructions are counted by `valgrind --tool=callgrind target/release/detente run MODEL --reps N
//! --threads 1 --noise 0`, the inclusive share of `engine::play_through` against the whole, for two N.

use std::path::Path;
use std::process::{Command, exit};
use std::time::Instant;

use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::model::Model;
use detente::source;

const SEED: u64 = 1;
/// Rows of the second benchmark, and how many seconds two cores may take.
const ROWS: u64 = 1_000_000;

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at the clock; nothing it measures enters a result")]
fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn bare(model: &Model, workspace: &mut Workspace, replications: u64) {
    for replication in 0..replications {
        play(model, Coordinates { seed: SEED, replication }, workspace, &mut Nobody);
    }
}

/// The command on a directory of its own.
fn run(dir: &Path, words: &[&str], replications: u64) {
    let out = dir.join(format!("r{replications}"));
    let status = Command::new(env!("CARGO_BIN_EXE_detente"))
        .arg("run")
        .args(words)
        .args(["--seed", "1", "--noise", "0", "--quiet", "--format", "csv", "--reps", &replications.to_string()])
        .arg("--out")
        .arg(&out)
        .stdout(std::process::Stdio::null())
        .status();
    if !status.is_ok_and(|status| status.success()) {
        eprintln!("the run failed");
        exit(1);
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let dir = tempfile::tempdir().unwrap_or_else(|error| {
        eprintln!("no directory for the runs: {error}");
        exit(4);
    });
    if words.first().is_some_and(|word| word == "rows") {
        let sets =
            ["fearon", "--set", "issues.pie.options.step=0.01", "--set", "search.candidates=101", "--threads", "2"];
        let took = seconds(|| run(dir.path(), &sets, ROWS));
        println!("rows,threads,seconds,rows_per_second\n{ROWS},2,{took:.2},{:.0}", ROWS as f64 / took);
        return;
    }
    let name = words.first().map_or("ukraine-2025", String::as_str);
    let n = words.get(1).and_then(|word| word.parse().ok()).unwrap_or(40);
    let loaded = source::load(name, &[], &[]).unwrap_or_else(|error| {
        eprintln!("{name}: {error}");
        exit(3);
    });
    let mut workspace = Workspace::new(&loaded.model);
    bare(&loaded.model, &mut workspace, 2);
    let alone =
        seconds(|| bare(&loaded.model, &mut workspace, 2 * n)) - seconds(|| bare(&loaded.model, &mut workspace, n));
    let one = [name, "--threads", "1"];
    let whole = seconds(|| run(dir.path(), &one, 2 * n)) - seconds(|| run(dir.path(), &one, n));
    let each = |seconds: f64| seconds * 1e3 / n as f64;
    println!("model,replications,bare_ms,run_ms,overhead_percent");
    println!("{name},{n},{:.3},{:.3},{:.2}", each(alone), each(whole), 100.0 * (whole / alone - 1.0));
}
