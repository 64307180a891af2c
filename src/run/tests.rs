//! Whole runs with a fake engine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use super::*;
use crate::design::Design;
use crate::design::plan::{Plan, Trace};
use crate::model::Model;
use crate::sink::fixture::{self, Fake};
use crate::sink::summary;

fn identity(model: &Model, plan: &Plan) -> Identity {
    Identity::new(model, "[model]\n", plan, "0123456789abcdef")
}

fn open(path: &Path, model: &Model, plan: &Plan) -> Result<Opened, RunError> {
    RunDir::open(Wanted::at(path), &identity(model, plan))
}

/// A directory that nobody else is at work in. Another test may start a process just now, which holds every open lock until
/// it has become another program; that takes a moment.
pub(super) fn ready(path: &Path, model: &Model, plan: &Plan) -> RunDir {
    for _ in 0..200 {
        match open(path, model, plan) {
            Ok(Opened::Ready(dir)) => return dir,
            Err(RunError::Busy { .. }) => std::thread::sleep(std::time::Duration::from_millis(10)),
            other => panic!("not ready: {other:?}"),
        }
    }
    panic!("somebody else is at work in {}", path.display());
}

/// The task of a plain run of the tiny model.
pub(super) fn task<'a, P: Play>(model: &'a Model, plan: &'a Plan, engine: &'a P) -> Task<'a, P> {
    Task {
        model,
        model_text: "[model]\n",
        pool_text: None,
        inputs: "",
        plan,
        design: &SINGLE,
        responses: &[],
        engine,
        replay: "tiny",
        also: &[],
        noise: 0,
    }
}

static SINGLE: Design = Design::single();

pub(super) fn run_with(path: &Path, plan: &Plan, engine: &Fake, control: &Control) -> Result<Finished, RunError> {
    let model = fixture::model();
    let dir = ready(path, &model, plan);
    let task = Task { also: &[], noise: 0, replay: "tiny --set a=1", ..task(&model, plan, engine) };
    execute(&task, &dir, control, &Silent)
}

fn run(path: &Path, plan: &Plan) -> Finished {
    run_with(path, plan, &Fake::default(), &Control::default()).unwrap()
}

/// Every file but the log, with its text.
pub(super) fn texts(path: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(path).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let results = files.filter(|name| name != LOG && name != ".lock" && path.join(name).is_file());
    results.map(|name| (name.clone(), fs::read_to_string(path.join(name)).unwrap())).collect()
}

fn temp() -> (tempfile::TempDir, PathBuf) {
    let above = tempfile::tempdir().unwrap();
    let path = above.path().join("run");
    (above, path)
}

#[test]
fn neither_threads_nor_chunks_change_a_byte() {
    let plan = Plan { seed: 7, points: 2, replications: 50, trace: Trace::Moves };
    let mut first: Option<BTreeMap<String, String>> = None;
    for (threads, chunk) in [(1, 16), (2, 16), (8, 16), (1, 1), (8, 1), (2, 7), (1, 1000), (8, 1000)] {
        let (_above, path) = temp();
        let engine = Fake { broken: vec![5, 33], ..Fake::default() };
        let control = Control { threads, chunk: Some(chunk), ..Control::default() };
        run_with(&path, &plan, &engine, &control).unwrap();
        let texts = texts(&path);
        assert!(texts.len() == 12, "{:?}", texts.keys());
        match &first {
            Some(first) => assert!(*first == texts, "{threads} threads, chunks of {chunk}"),
            None => first = Some(texts),
        }
    }
}

#[test]
fn rows_come_in_job_order_replication_then_point() {
    let (_above, path) = temp();
    let plan = Plan { seed: 7, points: 2, replications: 3, trace: Trace::None };
    let control = Control { threads: 2, chunk: Some(1), ..Control::default() };
    run_with(&path, &plan, &Fake::default(), &control).unwrap();
    let text = fs::read_to_string(path.join("outcomes.csv")).unwrap();
    let beginnings: Vec<&str> = text.lines().skip(1).map(|l| &l[..7]).collect();
    assert_eq!(beginnings, ["0,0,7,o", "1,0,7,o", "0,1,7,o", "1,1,7,o", "0,2,7,o", "1,2,7,o"]);
}

#[test]
fn an_interrupted_run_leaves_no_result_under_a_final_name() {
    let (_above, path) = temp();
    let plan = Plan::single(7, 1000, Trace::Moves);
    let control = Control { threads: 2, chunk: Some(4), ..Control::default() };
    let stop = control.stop.clone();
    let engine =
        Fake { before: Box::new(move |job| stop.store(job.replication >= 100, Ordering::Relaxed)), ..Fake::default() };
    let error = run_with(&path, &plan, &engine, &control).unwrap_err();
    assert!(matches!(error, RunError::Interrupted { planned: 1000, done } if done < 200), "{error}");
    assert_eq!(error.exit_code(), 130);
    assert_eq!(texts(&path).into_keys().collect::<Vec<_>>(), ["model.toml", "run.json"]);
    let manifest = Manifest::read(&path).unwrap().unwrap();
    assert_eq!((manifest.done < 200, manifest.planned), (true, 1000), "{}", manifest.done);

    // The same command again gives what it would have given undisturbed.
    run(&path, &plan);
    let (_other, undisturbed) = temp();
    run(&undisturbed, &plan);
    assert!(texts(&path) == texts(&undisturbed));
}

#[test]
fn a_panic_is_a_failed_row_and_the_batch_goes_on() {
    let (_above, path) = temp();
    let engine = Fake { broken: vec![1], ..Fake::default() };
    let plan = Plan::single(7, 4, Trace::Rounds);
    let finished = run_with(&path, &plan, &engine, &Control::default()).unwrap();
    assert_eq!((finished.manifest.done, finished.manifest.failed), (4, 1));
    let texts = texts(&path);
    let statuses: Vec<&str> = texts["outcomes.csv"].lines().skip(1).map(|l| l.split(',').nth(3).unwrap()).collect();
    assert_eq!(statuses, ["ok", "failed", "ok", "ok"]);
    insta::assert_snapshot!(texts["failures.csv"], @"
    point,replication,seed,reason,command
    0,1,7,planted fault in 1,detente trace tiny --set a=1 --seed 7 --rep 1
    ");
    assert!(!texts["rounds.csv"].contains("\n0,1,"), "no rounds of the failed replication");
    assert!(texts["codebook.csv"].contains("\nfailures,reason,"));
}

#[test]
fn a_number_that_is_none_fails_its_replication() {
    let (_above, path) = temp();
    let engine = Fake { absurd: vec![2], ..Fake::default() };
    let finished = run_with(&path, &Plan::single(7, 4, Trace::None), &engine, &Control::default()).unwrap();
    assert_eq!(finished.manifest.failed, 1);
    let failures = fs::read_to_string(path.join("failures.csv")).unwrap();
    assert!(failures.contains("0,2,7,\"the value RU is NaN, not a finite number\","), "{failures}");
}

#[test]
fn a_directory_in_the_place_of_a_result_is_an_error_of_files() {
    let (_above, path) = temp();
    let plan = Plan::single(7, 4, Trace::None);
    drop(ready(&path, &fixture::model(), &plan));
    fs::create_dir(path.join("steps.csv")).unwrap();
    let error = run_with(&path, &plan, &Fake::default(), &Control::default()).unwrap_err();
    assert_eq!(error.exit_code(), 4);
    assert!(error.to_string().contains("cannot remove") && error.to_string().contains("steps.csv"), "{error}");
}

#[test]
fn rows_computed_elsewhere_end_the_summary() {
    let engine = Fake::default();
    let (_above, path) = temp();
    let (model, plan) = (fixture::model(), Plan::single(7, 4, Trace::None));
    let dir = ready(&path, &model, &plan);
    let (quantity, statistic) = ("baseline_line".to_owned(), "mean".to_owned());
    let category = String::new();
    let row = crate::sink::SummaryRow {
        point: Some(0),
        quantity,
        category,
        statistic,
        n: 0,
        value: Some(0.5),
        low: None,
        high: None,
    };
    let also = [row];
    let task = Task { also: &also, noise: 0, replay: "", ..task(&model, &plan, &engine) };
    execute(&task, &dir, &Control::default(), &Silent).unwrap();
    assert!(texts(&path)["summary.csv"].ends_with("\n0,baseline_line,,mean,0,0.5,,\n"));
}

#[test]
fn the_other_rows_do_not_notice_a_failed_one() {
    let (_above, path) = temp();
    let (_other, clean) = temp();
    let plan = Plan::single(7, 9, Trace::None);
    let engine = Fake { broken: vec![4], ..Fake::default() };
    run_with(&path, &plan, &engine, &Control::default()).unwrap();
    run(&clean, &plan);
    let lines = |p: &Path| texts(p)["outcomes.csv"].lines().map(str::to_owned).collect::<Vec<_>>();
    let differing = lines(&path).iter().zip(&lines(&clean)).filter(|(a, b)| a != b).count();
    assert_eq!(differing, 1);
    assert!(!texts(&clean).contains_key("failures.csv"));
}

#[test]
fn a_finished_run_is_complete_at_once_and_its_summary_can_be_read() {
    let (_above, path) = temp();
    let plan = Plan::single(7, 9, Trace::None);
    let finished = run(&path, &plan);
    let Ok(Opened::Complete(manifest)) = open(&path, &fixture::model(), &plan) else { panic!("not complete") };
    assert_eq!(manifest, finished.manifest);
    assert_eq!(summary::read(&path).unwrap(), finished.summary);
    for (name, entry) in &manifest.files {
        assert_eq!(entry.blake3, blake3::hash(&fs::read(path.join(name)).unwrap()).to_hex().to_string(), "{name}");
    }
}

#[test]
fn a_finished_run_with_a_missing_file_is_run_again() {
    let (_above, path) = temp();
    let plan = Plan::single(7, 9, Trace::None);
    run(&path, &plan);
    let before = texts(&path);
    fs::remove_file(path.join("draws.csv")).unwrap();
    run(&path, &plan);
    assert!(before == texts(&path));
}

#[test]
fn another_run_is_refused_and_what_differs_is_named() {
    let (_above, path) = temp();
    run(&path, &Plan::single(7, 9, Trace::None));
    let error = open(&path, &fixture::model(), &Plan::single(8, 9, Trace::Rounds)).unwrap_err();
    assert_eq!(error.exit_code(), 6);
    let text = error.to_string();
    assert!(text.ends_with("holds another run: seed is 7 there, 8 here, trace is none there, rounds here"), "{text}");
}

#[test]
fn a_directory_in_use_is_refused() {
    let (_above, path) = temp();
    let (model, plan) = (fixture::model(), Plan::single(7, 9, Trace::None));
    let held = ready(&path, &model, &plan);
    let error = open(&path, &model, &plan).unwrap_err();
    assert_eq!((error.exit_code(), matches!(error, RunError::Busy { .. })), (5, true));
    let forced = RunDir::open(Wanted { force: true, ..Wanted::at(&path) }, &identity(&model, &plan));
    assert_eq!(forced.unwrap_err().exit_code(), 5);
    drop(held);
    assert!(open(&path, &model, &plan).is_ok());
}

#[test]
fn a_directory_of_somebody_else_is_refused_and_untouched() {
    let (_above, path) = temp();
    let (model, plan) = (fixture::model(), Plan::single(7, 9, Trace::None));
    fs::create_dir(&path).unwrap();
    fs::write(path.join("thesis.docx"), "x").unwrap();
    let error = open(&path, &model, &plan).unwrap_err();
    assert_eq!((error.exit_code(), matches!(error, RunError::NotOurs { .. })), (4, true));
    assert_eq!(fs::read_dir(&path).unwrap().count(), 1);
}

#[test]
fn a_path_that_cannot_be_a_directory_is_refused() {
    let (above, path) = temp();
    let (model, plan) = (fixture::model(), Plan::single(7, 9, Trace::None));
    let orphan = open(&path.join("deeper"), &model, &plan).unwrap_err();
    assert_eq!(orphan.exit_code(), 4);
    assert_eq!(orphan.hint(), Some("create the directory above it first"));
    assert_eq!(fs::read_dir(above.path()).unwrap().count(), 0);
    fs::write(&path, "a file").unwrap();
    assert!(matches!(open(&path, &model, &plan), Err(RunError::NotADirectory { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), "a file");
}

#[test]
fn force_moves_the_old_directory_aside() {
    let (above, path) = temp();
    run(&path, &Plan::single(7, 9, Trace::None));
    let old = texts(&path);
    let (model, plan) = (fixture::model(), Plan::single(8, 9, Trace::None));
    let opened = RunDir::open(Wanted { force: true, ..Wanted::at(&path) }, &identity(&model, &plan));
    assert!(matches!(opened, Ok(Opened::Ready(_))));
    assert!(old == texts(&above.path().join("run.old-1")));
    assert_eq!(texts(&path).into_keys().collect::<Vec<_>>(), ["run.json"]);
}

#[test]
fn what_varies_is_in_the_log_and_nowhere_else() {
    let (_above, path) = temp();
    let control = Control { threads: 2, argv: vec!["unique-word".to_owned()], ..Control::default() };
    run_with(&path, &Plan::single(7, 9, Trace::None), &Fake::default(), &control).unwrap();
    let log = fs::read_to_string(path.join(LOG)).unwrap();
    assert!(log.contains("unique-word") && log.lines().count() == 2, "{log}");
    assert!(texts(&path).values().all(|text| !text.contains("unique-word")));
}

#[test]
fn progress_counts_every_job_once() {
    #[derive(Default)]
    struct Seen(Mutex<Vec<u64>>);
    impl Progress for Seen {
        fn started(&self, before: u64, total: u64) {
            assert_eq!((before, total), (0, 50));
        }
        fn advanced(&self, done: u64) {
            self.0.lock().unwrap().push(done);
        }
    }
    let engine = Fake::default();
    let (_above, path) = temp();
    let (model, plan) = (fixture::model(), Plan::single(7, 50, Trace::None));
    let dir = ready(&path, &model, &plan);
    let task = Task { also: &[], noise: 0, replay: "", ..task(&model, &plan, &engine) };
    let seen = Seen::default();
    execute(&task, &dir, &Control { threads: 2, ..Control::default() }, &seen).unwrap();
    let mut counts = seen.0.into_inner().unwrap();
    counts.sort_unstable();
    assert_eq!(counts.len(), 50);
    assert_eq!(counts.last(), Some(&50));
}

#[test]
fn a_run_without_replications_is_empty_and_complete() {
    let (_above, path) = temp();
    let plan = Plan::single(7, 0, Trace::Moves);
    run(&path, &plan);
    assert_eq!(texts(&path)["outcomes.csv"].lines().count(), 1);
    assert!(matches!(open(&path, &fixture::model(), &plan), Ok(Opened::Complete(_))));
}

#[test]
fn a_manifest_that_is_not_one_is_refused() {
    let (_above, path) = temp();
    fs::create_dir(&path).unwrap();
    fs::write(path.join(MANIFEST), "{}").unwrap();
    let error = open(&path, &fixture::model(), &Plan::single(7, 9, Trace::None)).unwrap_err();
    assert_eq!((error.exit_code(), matches!(error, RunError::Manifest { .. })), (4, true));
}

#[test]
fn the_noise_share_counts_the_first_jobs_and_is_the_same_on_any_threads() {
    let share = |noise: u64, threads: usize, broken: Vec<u64>| {
        let (_above, path) = temp();
        let (model, plan) = (fixture::model(), Plan::single(7, 20, Trace::None));
        let engine = Fake { broken, ..Fake::default() };
        let task = Task { also: &[], noise, replay: "tiny", ..task(&model, &plan, &engine) };
        let control = Control { threads, chunk: Some(3), ..Control::default() };
        let finished = execute(&task, &ready(&path, &model, &plan), &control, &Silent).unwrap();
        let row = finished.summary.into_iter().find(|row| row.quantity == "noise");
        row.map(|row| (row.n, row.value.unwrap()))
    };
    assert_eq!(share(0, 2, vec![]), None);
    assert_eq!(share(8, 1, vec![]), share(8, 4, vec![]));
    assert_eq!(share(8, 4, vec![]), Some((8, 0.625)), "the fake engine changes what it does not sign");
    assert_eq!(share(50, 2, vec![3]).unwrap().0, 19, "no more than there are, and no failed one");
}
