//! `detente trace MODEL --rep K`

use clap::ValueEnum;

use super::args::{ModelArgs, Seed};
use super::talk::Talk;
use super::{Failure, out, pool};
use crate::engine::{Coordinates, Workspace, play};
use crate::report::grid::pretty;
use crate::report::transcript::{self, Recorder};
use crate::source::load;

/// Tells one negotiation: the one of row K of a run with the same seed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente trace ukraine-2025 --seed 2025 --rep 3\n")]
pub struct TraceArgs {
    #[command(flatten)]
    model: ModelArgs,

    /// Where random draws start: a number, or `random`
    #[arg(long, value_name = "S", default_value = "2025", value_parser = Seed::parse)]
    seed: Seed,

    /// Which replication, from 0
    #[arg(long, value_name = "K", default_value_t = 0)]
    rep: u64,

    /// How many replications share each draw of the uncertain parameters in the run whose row is told
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    per_draw: u64,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TranscriptFormat,
}

/// Forms of a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TranscriptFormat {
    /// To be read.
    Text,
    /// One document with every step, move and number.
    Json,
}

pub(super) fn run(args: &TraceArgs, talk: Talk) -> Result<(), Failure> {
    let loaded = load(&args.model.model, &args.model.overlay.scenario, &args.model.overlay.sets)?;
    pool::note(&loaded, &args.model.model, talk);
    let at = Coordinates { seed: args.seed.number(), replication: args.rep };
    let mut recorder = Recorder::new(&loaded.model);
    let mut workspace = Workspace::new(&loaded.model).sharing(args.per_draw);
    let record = play(&loaded.model, at, &mut workspace, &mut recorder);
    let account = recorder.finish();
    out::print(&match args.format {
        TranscriptFormat::Text => transcript::text(&loaded, at, &account, record),
        TranscriptFormat::Json => pretty(&transcript::json(&loaded, at, &account, record)),
    })
}
