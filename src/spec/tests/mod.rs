//! Tests of the whole layer: text in, spec or problems out.

mod bad_files;
mod corruption;
mod overlays;
mod sections;

use super::problem::Problems;
use super::tree::Sources;
use super::{Reading, read, render};

/// A file with every key of every section.
const SAMPLE: &str = include_str!("sample.toml");

/// Reads the sample under an overlay.
fn read_over_sample(overlay: &str, sets: &[&str]) -> Reading {
    let mut sources = Sources::single("base.toml", SAMPLE);
    if !overlay.is_empty() {
        sources.push("bad.toml", overlay);
    }
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    read(&sources, &sets)
}

/// The problems of a reading, one line each.
fn lines(reading: &Reading) -> Vec<String> {
    lines_of(&reading.sources, &reading.problems)
}

fn lines_of(sources: &Sources, problems: &Problems) -> Vec<String> {
    problems.list.iter().map(|p| render::one_line(sources, p)).collect()
}
