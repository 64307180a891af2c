//! `detente merge DIR... --out DIR`

use std::path::PathBuf;

use super::progress::Meter;
use super::signals::Signals;
use super::talk::Talk;
use super::{Failure, out};
use crate::report::summary;
use crate::run::{self, Control, Reloaded, RunError};

/// Makes one run of its shards: the bytes are those of a run that was never cut.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente sweep fearon --vary params.p=0.4,0.6 --reps 20 --shard 1/1 --out part\n\nThen `detente merge part --out whole` makes the tables; give the directories of all shards.\n"
)]
pub struct MergeArgs {
    /// The directories of all shards of one run
    #[arg(value_name = "DIR", required = true)]
    shards: Vec<PathBuf>,

    /// The directory of the whole run
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn run(args: &MergeArgs, talk: Talk) -> Result<(), Failure> {
    let signals = Signals::install().map_err(Failure::Signals)?;
    let control = Control { stop: signals.flag(), ..Control::default() };
    let also = |run: &Reloaded| {
        if run.plan.points == 1 { summary::baseline_rows(&run.loaded.model) } else { Vec::new() }
    };
    let merged = run::combine(&args.shards, &args.out, also, &control, &Meter::new(talk));
    let finished = merged.map_err(|error| match error {
        RunError::Interrupted { .. } => Failure::Stopped { error, terminated: signals.terminated() },
        error => Failure::Run(error),
    })?;
    let (rows, shards) = (finished.manifest.done, args.shards.len());
    out::print(&format!("{}: {rows} rows of {shards} shards\n", args.out.display()))
}
