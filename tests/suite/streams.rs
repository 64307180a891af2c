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
