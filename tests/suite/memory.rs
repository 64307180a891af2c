//! A run needs memory for its threads, not for its replications.

#![cfg(target_os = "linux")]

use std::process::Stdio;
use std::time::Duration;

use crate::command::command;

/// Peak resident memory of a run of the tiny model, in kB: the last that the kernel says before the run is over.
fn peak(replications: &str) -> u64 {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("tiny.toml"), include_str!("../cases/tiny.toml")).unwrap();
    // Chunks of a fixed size: left alone they grow until they take a second, which a short run never sees.
    let args =
        ["run", "tiny.toml", "--reps", replications, "--threads", "2", "--chunk", "500", "--out", "out", "--quiet"];
    let mut child = command(directory.path(), &args).stdout(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        // A process that has ended but was not waited for has a status without this line.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.map_or(peak, |line| line.trim().trim_end_matches(" kB").parse().unwrap());
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(ended.success());
    let outcomes = std::fs::read_to_string(directory.path().join("out/outcomes.csv")).unwrap();
    assert_eq!(outcomes.lines().count().to_string(), (replications.parse::<u64>().unwrap() + 1).to_string());
    peak
}

#[test]
fn ten_times_the_replications_need_no_more_memory() {
    let (few, many) = (peak("5000"), peak("50000"));
    assert!(few > 1000, "no peak was read: {few} kB");
    let ratio = many as f64 / few as f64;
    assert!((ratio - 1.0).abs() <= 0.1, "{few} kB for 5,000 replications, {many} kB for 50,000");
}
