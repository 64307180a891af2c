//! Standard output that is closed, full or read by nobody, and signals.

#![cfg(unix)]

use std::io::Read;
use std::process::Stdio;

use crate::command::command;

#[test]
fn a_reader_that_leaves_is_no_error() {
    let directory = tempfile::tempdir().unwrap();
    for args in [&["completions", "zsh"][..], &["explain"], &["--help"], &["run", "--help"], &["models"]] {
        let mut child = command(directory.path(), args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut told = String::new();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}: {told}");
        assert_eq!(told, "", "{args:?}");
    }
}

#[test]
fn a_full_device_exits_with_4_and_says_so() {
    let directory = tempfile::tempdir().unwrap();
    for args in [&["completions", "zsh"][..], &["explain"], &["--help"], &["models"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command(directory.path(), args).stdout(full).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(4), "{args:?}: {told}");
        assert!(told.contains("cannot write to standard output") && !told.contains("panicked"), "{told}");
    }
}

#[test]
fn a_full_standard_error_is_no_reason_to_fail() {
    let directory = tempfile::tempdir().unwrap();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = command(directory.path(), &["new", "talks.toml"]).stderr(full).status().unwrap();
    assert_eq!(status.code(), Some(0));
}

/// Starts a long run, sends it a signal and returns its exit code and what it said.
fn signalled(signal: &str) -> (Option<i32>, String) {
    let directory = tempfile::tempdir().unwrap();
    command(directory.path(), &["new", "talks.toml"]).output().unwrap();
    let args = ["run", "talks.toml", "--reps", "100000000", "--out", "long"];
    let mut child = command(directory.path(), &args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // The lock is taken after the handlers are installed.
    while !directory.path().join("long/model.toml").exists() {
        assert!(child.try_wait().unwrap().is_none(), "the run ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let sent = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    (child.wait().unwrap().code(), told)
}

#[test]
fn an_interrupt_stops_a_run_with_130_and_says_how_far_it_came() {
    let (code, told) = signalled("-INT");
    assert_eq!(code, Some(130), "{told}");
    assert!(told.contains("interrupted after"), "{told}");
}

#[test]
fn a_termination_stops_a_run_with_143() {
    let (code, told) = signalled("-TERM");
    assert_eq!(code, Some(143), "{told}");
}

#[test]
fn a_run_whose_summary_cannot_be_printed_keeps_its_results() {
    let directory = tempfile::tempdir().unwrap();
    command(directory.path(), &["new", "talks.toml"]).output().unwrap();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let args = ["run", "talks.toml", "--reps", "5", "--out", "o"];
    let output = command(directory.path(), &args).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(directory.path().join("o/summary.csv").exists());
}
