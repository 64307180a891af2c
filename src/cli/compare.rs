//! `detente compare A B`

use std::path::PathBuf;

use super::args::Format;
use super::talk::Talk;
use super::{Failure, out};
use crate::report::compare as report;
use crate::run::compare::{Side, compare};

/// Compares two runs, or two points of one: paired differences with intervals.
///
/// Replications are paired by their number. Where both sides share their random draws, what differs is what was set, and
/// the difference is known better than from independent runs; by how much is printed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente sweep fearon --vary params.cost_high=0.2,0.8 --reps 100 --out two\n\nThen `detente compare two --points 0,1` tells what the second value changes.\n"
)]
pub struct CompareArgs {
    /// A run directory
    #[arg(value_name = "A")]
    first: PathBuf,

    /// Another; the same if it is left out
    #[arg(value_name = "B")]
    second: Option<PathBuf>,

    /// Which point of each
    #[arg(long, value_name = "I,J", default_value = "0,0", value_parser = points)]
    points: (u64, u64),

    /// Tell of every column, not only of those that differ
    #[arg(long)]
    all: bool,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

fn points(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once(',').and_then(|(i, j)| Some((i.trim().parse().ok()?, j.trim().parse().ok()?)));
    parts.ok_or_else(|| "points are two numbers, such as 0,3".to_owned())
}

pub(super) fn run(args: &CompareArgs, talk: Talk) -> Result<(), Failure> {
    let first = Side { path: args.first.clone(), point: args.points.0 };
    let second = Side { path: args.second.clone().unwrap_or_else(|| args.first.clone()), point: args.points.1 };
    if first == second {
        let hint = Some("name two directories, or two points with --points 0,1".to_owned());
        return Err(Failure::Usage { message: "both sides are the same".to_owned(), hint });
    }
    let comparison = compare(&first, &second).map_err(Failure::Run)?;
    if !comparison.shared {
        talk.note("the two sides draw from different seeds: pairing brings nothing");
    }
    if comparison.pairs < 30 {
        talk.note(&format!("only {} pairs: intervals are doubtful below 30", comparison.pairs));
    }
    let table = args.format == Format::Table;
    let grid = if table { report::grid(&comparison, args.all) } else { report::full(&comparison) };
    let mut text = args.format.render(&grid);
    if table {
        let failed =
            if comparison.failed > 0 { format!(", {} of them failed", comparison.failed) } else { String::new() };
        let head = format!(
            "{} point {} against {} point {}: {} pairs{failed}\n\n",
            second.path.display(),
            second.point,
            first.path.display(),
            first.point,
            comparison.pairs
        );
        text = format!("{head}{text}{}\n", report::NOTE);
    }
    out::print(&text)
}
