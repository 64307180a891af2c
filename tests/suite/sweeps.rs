//! Sweeps: points as settings give them, shards, interruptions, refusals, comparisons, batches.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use detente::design::plan::Trace;
use detente::run::Lab;
use detente::run::experiment::prepare;
use detente::source::embedded::EXPERIMENTS;
use detente::spec::experiment;
use detente::spec::problem::Problems;
use detente::spec::tree::FileId;

use crate::command::{command, detente_in};

const TINY: &str = include_str!("../cases/tiny.toml");

/// A directory with the tiny model in it; in memory where there is one.
fn place() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let directory = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    std::fs::write(directory.path().join("tiny.toml"), TINY).unwrap();
    directory
}

/// How many trials: a quick share, or all where `DETENTE_FAULTS` is set.
fn trials(quick: u64, all: u64) -> u64 {
    if std::env::var_os("DETENTE_FAULTS").is_some() { all } else { quick }
}

/// Every result file of a run: all but the log and the lock.
fn results(path: &Path) -> BTreeMap<String, Vec<u8>> {
    // A run that was killed at once has no directory yet.
    let entries = std::fs::read_dir(path).into_iter().flatten().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file() && !path.ends_with("log.jsonl") && !path.ends_with(".lock"));
    files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())).collect()
}

fn lines(path: &Path) -> Vec<String> {
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

const GRID: [&str; 8] =
    ["sweep", "tiny.toml", "--vary", "params.cost=0:0.4:0.1", "--vary", "search.candidates=21", "--reps", "40"];

#[test]
fn a_point_is_the_model_that_settings_and_scenarios_give() {
    let directory = place();
    let path = directory.path();
    let vary = ["--vary", "params.cost_high=0.3,0.6", "--vary", "protocol.kind=one_offer,random_proposer"];
    let coarse = ["--set", "issues.pie.options.step=0.05"];
    let args = [&["sweep", "fearon"][..], &coarse, &vary, &["--reps", "6", "--out", "sweep", "--quiet"]].concat();
    detente_in(path, &args).with_code(0);
    let rows = lines(&path.join("sweep/outcomes.csv"));
    assert!(rows[0].starts_with("point,replication,seed,cost_high,protocol_kind,status,outcome,"), "{}", rows[0]);
    for (point, high, kind) in [(0, "0.3", "one_offer"), (3, "0.6", "random_proposer")] {
        let (high, kind) = (format!("params.cost_high={high}"), format!("protocol.kind={kind}"));
        let out = format!("run{point}");
        let sets = ["--set", &high, "--set", &kind, "--reps", "6", "--out", &out, "--quiet"];
        detente_in(path, &[&["run", "fearon"], &coarse[..], &sets].concat()).with_code(0);
        for (replication, row) in lines(&path.join(&out).join("outcomes.csv")).iter().skip(1).enumerate() {
            let own = &rows[1 + replication * 4 + point];
            let tail = |row: &str, skip: usize| row.splitn(skip + 1, ',').last().unwrap().to_owned();
            assert_eq!(tail(own, 5), tail(row, 3), "point {point}, replication {replication}");
        }
    }
}

#[test]
fn threads_chunks_parts_and_shards_change_no_byte() {
    let directory = place();
    let path = directory.path();
    let whole = |out: &str, more: &[&str]| {
        detente_in(path, &[&GRID[..], &["--out", out, "--quiet"], more].concat()).with_code(0);
        results(&path.join(out))
    };
    let reference = whole("one", &["--threads", "1"]);
    for (threads, chunk) in [("2", "7"), ("8", "1"), ("2", "1000")] {
        let out = format!("t{threads}c{chunk}");
        let found = whole(&out, &["--threads", threads, "--chunk", chunk, "--commit-ms", "0"]);
        assert!(found == reference, "{threads} threads, chunks of {chunk}");
    }
    for shard in ["1/3", "2/3", "3/3"] {
        let out = format!("part{}", &shard[..1]);
        detente_in(path, &[&GRID[..], &["--shard", shard, "--out", &out, "--quiet"]].concat()).with_code(0);
    }
    detente_in(path, &["merge", "part2", "part1", "part3", "--out", "merged", "--quiet"]).with_code(0);
    assert!(results(&path.join("merged")) == reference, "three shards merged");
    let answer = detente_in(path, &["verify", "merged", "--recompute", "12"]).with_code(0);
    assert!(answer.out.contains("200 rows in order"), "{}", answer.out);
}

#[test]
fn shards_that_do_not_make_one_run_are_refused_by_name_and_range() {
    let directory = place();
    let path = directory.path();
    for shard in ["1/3", "2/3", "3/3"] {
        let out = format!("part{}", &shard[..1]);
        detente_in(path, &[&GRID[..], &["--shard", shard, "--out", &out, "--quiet"]].concat()).with_code(0);
    }
    let other = [&GRID[..], &["--shard", "2/3", "--seed", "8", "--out", "foreign", "--quiet"]].concat();
    detente_in(path, &other).with_code(0);
    let refusal = |dirs: &[&str]| detente_in(path, &[&["merge"], dirs, &["--out", "merged"]].concat()).with_code(6).err;
    let hole = refusal(&["part1", "part3"]);
    assert!(hole.contains("jobs 66 to 132 are missing"), "{hole}");
    let twice = refusal(&["part1", "part2", "part3", "part2"]);
    assert!(twice.contains("part2 cannot be merged: it is given twice"), "{twice}");
    std::fs::create_dir(path.join("copy")).unwrap();
    std::fs::create_dir(path.join("copy/parts")).unwrap();
    std::fs::copy(path.join("part2/run.json"), path.join("copy/run.json")).unwrap();
    for entry in std::fs::read_dir(path.join("part2/parts")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), path.join("copy/parts").join(entry.file_name())).unwrap();
    }
    let twice = refusal(&["part1", "part2", "copy", "part3"]);
    assert!(twice.contains("jobs 66 to 132 are there twice"), "{twice}");
    let foreign = refusal(&["part1", "foreign", "part3"]);
    assert!(foreign.contains("foreign") && foreign.contains("seed is 8 there, 2025 here"), "{foreign}");
    detente_in(path, &["merge", "nothing", "--out", "merged"]).with_code(4);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the moments of the kills follow from how long a run takes")]
fn a_sweep_that_is_killed_goes_on_where_it_was() {
    let directory = place();
    let path = directory.path();
    let args = [&GRID[..6], &["--reps", "800", "--commit-ms", "20", "--threads", "2", "--quiet"]].concat();
    let began = Instant::now();
    detente_in(path, &[&args[..], &["--out", "whole"]].concat()).with_code(0);
    let length = began.elapsed();
    let reference = results(&path.join("whole"));
    let mut interrupted = 0;
    for trial in 0..trials(3, 50) {
        let out = format!("killed{trial}");
        let all = [&args[..], &["--out", &out]].concat();
        let mut child = command(path, &all).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Spread over the whole run, its merge and its manifest; the same on every machine but for its speed.
        let share = ((trial * 7919 + 13) % 101) as f64 / 100.0;
        std::thread::sleep(length.mul_f64(share));
        child.kill().unwrap();
        interrupted += u32::from(!child.wait().unwrap().success());
        let names = results(&path.join(&out));
        if !names.contains_key("run.json") || names.contains_key("outcomes.csv") {
            // Killed before it began, or while tables were given their names: the whole is checked below.
        } else {
            let verdict = detente_in(path, &["verify", &out]);
            assert!(!verdict.err.contains("checksum"), "no half file under a final name: {}", verdict.err);
        }
        detente_in(path, &all).with_code(0);
        assert!(results(&path.join(&out)) == reference, "trial {trial}, killed after {share} of the run");
        assert!(!path.join(&out).join("quarantine").exists(), "no part was damaged by the kill");
        std::fs::remove_dir_all(path.join(&out)).unwrap();
    }
    assert!(interrupted >= 1, "only {interrupted} trials were interrupted");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "whoever does not leave is not waited for without end")]
fn of_four_processes_on_one_directory_one_runs_and_three_leave_at_once() {
    let directory = place();
    let path = directory.path();
    let args = ["sweep", "tiny.toml", "--vary", "params.cost=0:0.4:0.1", "--reps", "5000", "--out", "out", "--quiet"];
    let start = || command(path, &args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut children: Vec<_> = (0..4).map(|_| start()).collect();
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut left = 0;
    while left < 3 && Instant::now() < deadline {
        left =
            children.iter_mut().filter_map(|child| child.try_wait().unwrap()).filter(|s| s.code() == Some(5)).count();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(left, 3, "three of four leave with exit code 5");
    for child in &mut children {
        // The one that works is stopped: it has shown that it holds the directory.
        let _ = child.kill();
        let _ = child.wait();
    }
}

#[test]
fn an_edited_model_or_experiment_is_refused_and_what_differs_is_named() {
    let directory = place();
    let path = directory.path();
    let spec = "[experiment]\nname = \"costs\"\ntitle = \"Costs\"\nmodel = \"tiny.toml\"\ndesign = \"grid\"\nreplications = 5\n\
                [[factor]]\npath = \"params.cost\"\nvalues = [0.1, 0.2]\n";
    std::fs::write(path.join("costs.toml"), spec).unwrap();
    detente_in(path, &["sweep", "costs.toml", "--quiet"]).with_code(0);
    let answer = detente_in(path, &["sweep", "costs.toml"]).with_code(0);
    assert!(answer.err.contains("is complete already"), "{}", answer.err);
    std::fs::write(path.join("costs.toml"), spec.replace("0.2]", "0.3]")).unwrap();
    let answer = detente_in(path, &["sweep", "costs.toml"]).with_code(6);
    assert!(answer.err.contains("the design differs"), "{}", answer.err);
    std::fs::write(path.join("costs.toml"), spec).unwrap();
    std::fs::write(path.join("tiny.toml"), TINY.replace("sigma = 0.2", "sigma = 0.3")).unwrap();
    let answer = detente_in(path, &["sweep", "costs.toml"]).with_code(6);
    assert!(answer.err.contains("model hash is"), "{}", answer.err);
    std::fs::write(path.join("costs.toml"), "[experiment]\nname = 3\nsteps = 4\n").unwrap();
    let answer = detente_in(path, &["sweep", "costs.toml"]).with_code(3);
    assert!(answer.err.contains("costs.toml:2:8") && answer.err.contains("costs.toml:3:1"), "{}", answer.err);
}

#[test]
fn values_that_cannot_be_set_are_refused_before_anything_is_played() {
    let directory = place();
    let path = directory.path();
    let refused = |vary: &str, code: i32| {
        detente_in(path, &["sweep", "tiny.toml", "--vary", vary, "--reps", "2"]).with_code(code).err
    };
    assert!(refused("params.cost=0,3", 3).contains("outside the declared range"));
    assert!(refused("params.cast=0,1", 3).contains("has no `cast`"), "{}", refused("params.cast=0,1", 3));
    assert!(refused("params.cost=0:1:0.3", 2).contains("no steps of 0.3 lead from 0 to 1"));
    assert!(refused("issues.pie.options.step=0.1,0.05", 3).contains("other columns or words"));
    assert!(refused("scenario=base,nowhere", 4).contains("no scenario `nowhere`"));
    assert!(!path.join("runs").exists());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "that it is refused before anything is listed is the claim")]
fn a_trillion_points_are_refused_within_a_second() {
    let directory = place();
    let began = Instant::now();
    let args =
        ["sweep", "tiny.toml", "--vary", "params.cost=0:1:0.000001", "--vary", "actors.A.weights.pie=0:1:0.000001"];
    let answer = detente_in(directory.path(), &[&args[..], &["--reps", "1"]].concat()).with_code(3);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(answer.err.contains("1000002000001 points are more than the 100000000"), "{}", answer.err);
    let plan =
        detente_in(directory.path(), &["plan", "tiny.toml", "--vary", "params.cost=1:1000000000000:1"]).with_code(3);
    assert!(plan.err.contains("1000000000000 points are more than"), "{}", plan.err);
}

#[test]
fn a_plan_counts_and_writes_nothing() {
    let directory = place();
    let path = directory.path();
    let csv =
        detente_in(path, &["plan", "tiny.toml", "--vary", "params.cost=0:0.4:0.1", "--reps", "50", "--format", "csv"]);
    let csv = csv.with_code(0).out;
    assert!(csv.contains("points,5,\n") && csv.contains("jobs,250,"), "{csv}");
    assert_eq!(std::fs::read_dir(path).unwrap().count(), 1);
}

#[test]
fn pairing_shrinks_the_error_by_the_factor_that_is_printed() {
    let directory = place();
    let path = directory.path();
    let vary = [
        "sweep",
        "fearon",
        "--set",
        "issues.pie.options.step=0.05",
        "--vary",
        "params.cost_high=0.3,0.6",
        "--reps",
        "300",
    ];
    detente_in(path, &[&vary[..], &["--out", "shared", "--quiet"]].concat()).with_code(0);
    detente_in(path, &[&vary[..], &["--out", "alone", "--pairing", "independent", "--quiet"]].concat()).with_code(0);
    let compared = |out: &str| {
        let csv = detente_in(path, &["compare", out, "--points", "0,1", "--format", "csv"]).with_code(0).out;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let row = rows.iter().find(|row| &row[0] == "outcome_war").unwrap().clone();
        [4, 7, 9].map(|at| row[at].parse::<f64>().unwrap())
    };
    let ([difference, error, factor], [_, independent, one]) = (compared("shared"), compared("alone"));
    // From the rows: war is 1; var(x) + var(y) over var(y - x).
    let mut pairs: Vec<[f64; 2]> = vec![[0.0; 2]; 300];
    for row in lines(&path.join("shared/outcomes.csv")).iter().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        pairs[cells[1].parse::<usize>().unwrap()][cells[0].parse::<usize>().unwrap()] =
            f64::from(u8::from(cells[5] == "war"));
    }
    let variance = |f: &dyn Fn(&[f64; 2]) -> f64| {
        let mean = pairs.iter().map(f).sum::<f64>() / 300.0;
        pairs.iter().map(|pair| (f(pair) - mean) * (f(pair) - mean)).sum::<f64>() / 299.0
    };
    let by_hand = (variance(&|p| p[0]) + variance(&|p| p[1])) / variance(&|p| p[1] - p[0]);
    assert!((factor - by_hand).abs() < 1e-9 * by_hand, "printed {factor}, from the rows {by_hand}");
    assert!((difference - pairs.iter().map(|p| p[1] - p[0]).sum::<f64>() / 300.0).abs() < 1e-12);
    assert!(factor > 1.3 && error < independent, "factor {factor}, {error} against {independent}");
    assert!((0.7..1.4).contains(&one), "independent runs gain nothing: {one}");
    let summary = std::fs::read_to_string(path.join("shared/summary.csv")).unwrap();
    let row =
        summary.lines().find(|row| row.starts_with(",outcome_war,") && row.contains(",variance_reduction,")).unwrap();
    let told: f64 = row.split(',').nth(5).unwrap().parse().unwrap();
    assert!((told - by_hand).abs() < 1e-9 * by_hand, "{row}");
}

#[test]
fn a_batch_answers_rows_of_another_program_in_order_with_a_status_each() {
    let directory = place();
    let path = directory.path();
    // Written by SALib 1.6.0: a Latin hypercube over ten settings of the tiny model.
    std::fs::write(path.join("rows.csv"), include_str!("../cases/batch-rows.csv")).unwrap();
    let began = ["batch", "tiny.toml", "--in", "rows.csv", "--out", "out.csv", "--reps", "3", "--quiet"];
    detente_in(path, &began).with_code(0);
    let (rows, answers) = (lines(&path.join("rows.csv")), lines(&path.join("out.csv")));
    assert_eq!((rows.len(), answers.len()), (1001, 1001));
    for (row, answer) in rows.iter().zip(&answers).skip(1) {
        let asked: Vec<&str> = row.split(',').collect();
        let told: Vec<&str> = answer.split(',').collect();
        assert_eq!(asked[..], told[..10]);
        assert_eq!((told[10], told[12]), ("ok", "3"), "{answer}");
    }
}

#[test]
fn a_wrong_row_of_a_batch_fails_alone() {
    let directory = place();
    let path = directory.path();
    let rows = "params.cost,replications,seed\n0.1,4,1\n7,4,1\n,2,\nx,2,1\n0.2,none,1\n";
    std::fs::write(path.join("rows.csv"), rows).unwrap();
    let answer = detente_in(path, &["batch", "tiny.toml", "--in", "rows.csv"]).with_code(1);
    let statuses: Vec<&str> = answer.out.lines().skip(1).map(|row| row.split(',').nth(3).unwrap()).collect();
    assert_eq!(statuses, ["ok", "failed", "ok", "failed", "failed"], "{}", answer.out);
    assert!(answer.out.contains("no whole number"), "{}", answer.out);
}

#[test]
fn sensitivity_is_told_of_a_saltelli_design_and_effects_of_a_screening() {
    let directory = place();
    let path = directory.path();
    let sampled = |design: &str, out: &str| {
        let vary = ["--vary", "params.cost", "--vary", "actors.B.misjudgement.sigma"];
        let range = ["sweep", "ranges.toml", "--design", design, "--points", "8", "--reps", "4", "--out", out];
        let _ = vary;
        detente_in(path, &range).with_code(0).out
    };
    let spec = "[experiment]\nname = \"ranges\"\ntitle = \"Ranges\"\nmodel = \"tiny.toml\"\ndesign = \"lhs\"\npoints = 4\n\
                [[factor]]\npath = \"params.cost\"\n[[factor]]\npath = \"actors.B.misjudgement.sigma\"\nlow = 0\nhigh = 0.4\n";
    std::fs::write(path.join("ranges.toml"), spec).unwrap();
    let saltelli = sampled("saltelli", "saltelli");
    assert!(saltelli.contains("Sobol' indices") && saltelli.contains("params.cost"), "{saltelli}");
    assert_eq!(lines(&path.join("saltelli/design.csv")).len(), 1 + 8 * 4);
    let morris = sampled("morris", "morris");
    assert!(morris.contains("Screening"), "{morris}");
    assert_eq!(lines(&path.join("morris/design.csv")).len(), 1 + 8 * 3);
    for design in ["lhs", "sobol"] {
        sampled(design, design);
        assert_eq!(lines(&path.join(design).join("design.csv")).len(), 1 + 8);
    }
}

#[test]
fn a_table_of_points_is_played_row_by_row() {
    let directory = place();
    let path = directory.path();
    std::fs::write(path.join("points.csv"), "params.cost,protocol.kind\n0.1,one_offer\n0.3,random_proposer\n").unwrap();
    let args = ["sweep", "tiny.toml", "--table", "points.csv", "--reps", "3", "--out", "out", "--quiet"];
    detente_in(path, &args).with_code(0);
    let design = lines(&path.join("out/design.csv"));
    assert_eq!(design, ["point,cost,protocol_kind", "0,0.1,one_offer", "1,0.3,random_proposer"]);
}

#[test]
fn every_shipped_experiment_can_be_played() {
    // All are read; a quick share is compiled too.
    for (at, file) in EXPERIMENTS.iter().enumerate() {
        let mut problems = Problems::default();
        let read = experiment::read(FileId(0), file.text, &mut problems);
        assert_eq!(problems.list, [], "{}", file.name);
        if at as u64 >= trials(3, u64::MAX) {
            continue;
        }
        let prepared = prepare(&read.unwrap(), Path::new(""), Trace::None).unwrap();
        assert!(prepared.plan.points >= 4, "{}", file.name);
        let lab = Lab::new(&prepared.inputs, &prepared.design, Trace::None);
        lab.first().unwrap_or_else(|fault| panic!("{}: {fault}", file.name));
    }
}

#[test]
fn every_shipped_experiment_plays_at_few_replications() {
    // The long half plays all of them; the quick one plans one.
    let directory = place();
    let names = EXPERIMENTS.iter().map(|file| file.name).take(trials(1, u64::MAX) as usize);
    for name in names {
        let points: &[&str] = if name == "everything" { &["--points", "2"] } else { &[] };
        if trials(0, 1) == 0 {
            let csv = detente_in(directory.path(), &["plan", name, "--reps", "1", "--format", "csv"]).with_code(0).out;
            assert!(csv.contains("\npoints,"), "{name}: {csv}");
        } else {
            detente_in(directory.path(), &[&["sweep", name, "--reps", "1", "--quiet"], points].concat()).with_code(0);
        }
    }
}

/// Peak resident memory of a command, in kB.
#[cfg(target_os = "linux")]
fn peak(path: &Path, args: &[&str], code: i32) -> u64 {
    let mut child = command(path, args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.map_or(peak, |line| line.trim().trim_end_matches(" kB").parse().unwrap());
        if let Some(ended) = child.try_wait().unwrap() {
            assert_eq!(ended.code(), Some(code), "{args:?}");
            return peak;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_points() {
    let directory = place();
    let sweep = |count: &str, out: &str| {
        let vary = format!("params.cost=0:1:{count}");
        let args = ["sweep", "tiny.toml", "--vary", &vary, "--reps", "1", "--threads", "2", "--out", out, "--quiet"];
        peak(directory.path(), &args, 0)
    };
    let (few, many) = (sweep("0.001", "few"), sweep("0.0001", "many"));
    assert!(few > 1000 && many < few + few / 3, "{few} kB for 1,001 points, {many} kB for 10,001");
    let all = ["sweep", "tiny.toml", "--vary", "params.cost=1:1000000000000:1", "--reps", "1"];
    let refused = peak(directory.path(), &all, 3);
    assert!(refused < 100_000, "{refused} kB to refuse 10^12 points");
}
