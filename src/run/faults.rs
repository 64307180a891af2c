//! The faults of run directories, planted by the hundred with a fake engine. A quick share runs with every test; all of them
//! with `.ci/faults`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::part::{PARTS, QUARANTINE};
use super::tests::{ready, run_with, task, texts};
use super::*;
use crate::design::plan::{Plan, Shard, Trace};
use crate::rng::{Draw, Entity, Purpose, Streams};
use crate::sink::fixture::{self, Fake};
use crate::sink::{Disk, Fault, Faults};

/// How many trials: a quick share, or all where `DETENTE_FAULTS` is set.
fn trials(quick: u64, all: u64) -> u64 {
    if std::env::var_os("DETENTE_FAULTS").is_some() { all } else { quick }
}

/// A directory in memory where there is one: a thousand plans sync a hundred thousand times.
fn temp() -> (tempfile::TempDir, PathBuf) {
    let memory = Path::new("/dev/shm");
    let above = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let path = above.path().join("run");
    (above, path)
}

const PLAN: Plan = Plan { seed: 7, points: 2, replications: 12, trace: Trace::Rounds };

/// Every chunk of three jobs is a part.
fn control() -> Control {
    Control { chunk: Some(3), commit: std::time::Duration::ZERO, ..Control::default() }
}

fn reference() -> BTreeMap<String, String> {
    let (_above, path) = temp();
    run_with(&path, &PLAN, &Fake::default(), &control()).unwrap();
    texts(&path)
}

fn draws(trial: u64) -> Draw {
    Streams { seed: 2025, replication: trial }.draw(Entity::named("faults"), Purpose::Design, 0)
}

fn below(draw: &mut Draw, n: usize) -> usize {
    ((draw.unit() * n as f64) as usize).min(n - 1)
}

#[test]
fn a_failing_disk_never_leaves_wrong_bytes() {
    let reference = reference();
    let model = fixture::model();
    let (mut failed, mut unharmed) = (0, 0);
    for trial in 0..trials(60, 1000) {
        let mut draw = draws(trial);
        let kinds = [Fault::Io, Fault::NoSpace, Fault::Short, Fault::Interrupted];
        let plan = (0..=below(&mut draw, 3))
            .map(|_| (below(&mut draw, 130) as u64, kinds[below(&mut draw, 4)]))
            .collect::<Vec<_>>();
        let (_above, path) = temp();
        let dir = ready(&path, &model, &PLAN).on(Disk::failing(Faults::new(plan.clone())));
        let engine = Fake::default();
        let result = execute(&task(&model, &PLAN, &engine), &dir, &control(), &Silent);
        drop(dir);
        match result {
            Ok(_) => {
                unharmed += 1;
                assert!(texts(&path) == reference, "{plan:?}");
            }
            Err(error) => {
                failed += 1;
                assert_eq!(error.exit_code(), 4, "{plan:?}: {error}");
                assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
                let manifest = Manifest::read(&path).unwrap().unwrap();
                assert!(!manifest.is_complete(&path), "{plan:?}");
                run_with(&path, &PLAN, &engine, &control()).unwrap();
                assert!(texts(&path) == reference, "after {plan:?}");
            }
        }
    }
    assert!(failed > 10 && unharmed > 10, "{failed} failed, {unharmed} were unharmed");
}

/// The parts of a run that was stopped before its tables were made.
fn unmerged(path: &Path) -> Vec<PathBuf> {
    let model = fixture::model();
    let whole = Shard { number: 1, of: 1 };
    let wanted = Wanted { shard: Some(whole), ..Wanted::at(path) };
    let identity = Identity::new(&model, "[model]\n", &PLAN, "0123456789abcdef");
    let Opened::Ready(dir) = RunDir::open(wanted, &identity).unwrap() else { panic!("not ready") };
    execute(&task(&model, &PLAN, &Fake::default()), &dir, &control(), &Silent).unwrap();
    drop(dir);
    // What is left is what a whole run would have left.
    Manifest::planned(identity, None).write(&Disk::default(), path).unwrap();
    let mut parts: Vec<PathBuf> = fs::read_dir(path.join(PARTS)).unwrap().map(|e| e.unwrap().path()).collect();
    parts.sort();
    parts
}

/// Damages a part in one of five ways.
fn mutate(parts: &[PathBuf], draw: &mut Draw) -> &'static str {
    let part = &parts[below(draw, parts.len())];
    let other = &parts[below(draw, parts.len())];
    let bytes = fs::read(part).unwrap();
    match below(draw, 5) {
        0 => {
            fs::write(part, &bytes[..below(draw, bytes.len())]).unwrap();
            "truncated"
        }
        1 => {
            let mut flipped = bytes;
            let at = below(draw, flipped.len());
            flipped[at] ^= 1 << below(draw, 8);
            fs::write(part, flipped).unwrap();
            "flipped"
        }
        2 => {
            fs::write(part, b"").unwrap();
            "emptied"
        }
        3 if part != other => {
            let second = fs::read(other).unwrap();
            fs::write(other, bytes).unwrap();
            fs::write(part, second).unwrap();
            "swapped"
        }
        _ => {
            let jobs = part::jobs_of(part.file_name().unwrap().to_str().unwrap()).unwrap();
            fs::write(part.with_file_name(part::name_of(&(jobs.start..jobs.end + 1))), bytes).unwrap();
            "duplicated"
        }
    }
}

#[test]
fn every_damaged_part_is_found_moved_aside_and_played_again() {
    let reference = reference();
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    for trial in 0..trials(40, 200) {
        let (_above, path) = temp();
        let parts = unmerged(&path);
        assert_eq!(parts.len(), 8);
        let kind = mutate(&parts, &mut draws(trial));
        *kinds.entry(kind).or_default() += 1;
        let finished = run_with(&path, &PLAN, &Fake::default(), &control()).unwrap();
        assert!(texts(&path) == reference, "{kind}, trial {trial}");
        assert!(!finished.damaged.is_empty(), "{kind}, trial {trial}");
        let aside = fs::read_dir(path.join(QUARANTINE)).unwrap().count();
        assert_eq!(aside, finished.damaged.len(), "{kind}, trial {trial}");
    }
    assert_eq!(kinds.len(), 5, "{kinds:?}");
}

#[test]
fn what_is_whole_is_not_played_again() {
    use std::sync::atomic::{AtomicU64, Ordering};
    let (_above, path) = temp();
    let parts = unmerged(&path);
    fs::remove_file(&parts[3]).unwrap();
    let played = std::sync::Arc::new(AtomicU64::new(0));
    let count = played.clone();
    let engine = Fake {
        before: Box::new(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        }),
        ..Fake::default()
    };
    run_with(&path, &PLAN, &engine, &control()).unwrap();
    assert_eq!(played.load(Ordering::Relaxed), 3, "one part of three jobs was missing");
    assert!(texts(&path) == reference());
}

#[test]
fn a_part_of_another_run_is_foreign() {
    let (_above, path) = temp();
    let (_other, elsewhere) = temp();
    let parts = unmerged(&path);
    let other = Plan { seed: 8, ..PLAN };
    let model = fixture::model();
    let wanted = Wanted { shard: Some(Shard { number: 1, of: 1 }), ..Wanted::at(&elsewhere) };
    let identity = Identity::new(&model, "[model]\n", &other, "0123456789abcdef");
    let Opened::Ready(dir) = RunDir::open(wanted, &identity).unwrap() else { panic!("not ready") };
    execute(&task(&model, &other, &Fake::default()), &dir, &control(), &Silent).unwrap();
    fs::copy(elsewhere.join(PARTS).join(parts[2].file_name().unwrap()), &parts[2]).unwrap();
    let finished = run_with(&path, &PLAN, &Fake::default(), &control()).unwrap();
    assert_eq!(finished.damaged.iter().map(|d| d.fault).collect::<Vec<_>>(), [part::PartFault::Foreign]);
    assert!(texts(&path) == reference());
}

#[test]
fn an_interrupted_run_is_balanced_over_its_points_within_two_replications() {
    use std::sync::atomic::Ordering;
    for trial in 0..trials(10, 50) {
        let (_above, path) = temp();
        let plan = Plan { seed: 7, points: 5, replications: 200, trace: Trace::None };
        let control = Control { threads: 2, chunk: Some(1 + trial % 7), ..control() };
        let stop = control.stop.clone();
        let at = 20 + 3 * trial;
        let before = move |job: crate::design::plan::Job| stop.store(job.replication >= at, Ordering::Relaxed);
        let engine = Fake { before: Box::new(before), ..Fake::default() };
        run_with(&path, &plan, &engine, &control).unwrap_err();
        let mut rows = [0u64; 5];
        for name in fs::read_dir(path.join(PARTS)).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()) {
            for job in part::jobs_of(&name).unwrap() {
                rows[(job % 5) as usize] += 1;
            }
        }
        let (least, most) = (rows.iter().min().unwrap(), rows.iter().max().unwrap());
        assert!(most - least <= 2 && *most >= 10, "{rows:?}");
    }
}
