//! `detente trace MODEL --rep K`

use clap::ValueEnum;

use super::args::{ModelArgs, Seed};
use super::talk::Talk;
use super::what_if::{Asked, forks, last, turns};
use super::{Failure, out, pool};
use crate::engine::fork::Fork;
use crate::engine::{Coordinates, Workspace, play_forked};
use crate::report::grid::pretty;
use crate::report::transcript::{self, Recorder, Told, WhatIf};
use crate::source::{Loaded, load};

/// Tells one negotiation: the one of row K of a run with the same seed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente trace ukraine-2025 --seed 2025 --rep 3\n  detente trace ukraine-2025 --rep 1 --what-if 6:state.us_aid=0\n  detente trace learning --rep 1 --format html\n\nBehind --what-if stand STEP:PATH=VALUE for any number of the model, STEP:state.ID=VALUE, STEP:terms.ISSUE=OPTION (in\nforce from then on) and STEP:actors.ID.type=TYPE (another office-holder). Everything before the step is the same.\n"
)]
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

    /// The same negotiation with the same random numbers, different from a step on; both are printed (repeatable)
    #[arg(long = "what-if", value_name = "STEP:PATH=VALUE")]
    what_if: Vec<String>,
}

/// Forms of a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TranscriptFormat {
    /// To be read.
    Text,
    /// A page of its own with a line of time.
    Html,
    /// One document with every step, move and number.
    Json,
}

pub(super) fn run(args: &TraceArgs, talk: Talk) -> Result<(), Failure> {
    let loaded = load(&args.model.model, &args.model.overlay.scenario, &args.model.overlay.sets)?;
    pool::note(&loaded, &args.model.model, talk);
    let at = Coordinates { seed: args.seed.number(), replication: args.rep };
    let told = tell(&loaded, &[], at, args.per_draw);
    if !args.what_if.is_empty() {
        return what_if(args, &loaded, at, &told);
    }
    let Told { account, record } = &told;
    out::print(&match args.format {
        TranscriptFormat::Text => transcript::text(&loaded, at, account, record),
        TranscriptFormat::Html => transcript::html(&loaded, at, account, record),
        TranscriptFormat::Json => pretty(&transcript::json(&loaded, at, account, record)),
    })
}

fn tell<'m>(loaded: &'m Loaded, forks: &[Fork<'m>], at: Coordinates, per_draw: u64) -> Told {
    let mut recorder = Recorder::new(&loaded.model);
    let mut workspace = Workspace::new(&loaded.model).sharing(per_draw);
    let record = play_forked(&loaded.model, forks, at, &mut workspace, &mut recorder).clone();
    Told { account: recorder.finish(), record }
}

fn what_if(args: &TraceArgs, loaded: &Loaded, at: Coordinates, was: &Told) -> Result<(), Failure> {
    let overlay = &args.model.overlay;
    let asked = Asked { model: &args.model.model, scenarios: &overlay.scenario, sets: &overlay.sets };
    let turns = turns(asked, loaded, &args.what_if)?;
    let forks = forks(loaded, &turns)?;
    let Some((changed, step)) = last(&turns) else { return Ok(()) };
    let other = tell(loaded, &forks, at, args.per_draw);
    let what_if = WhatIf { step, said: args.what_if.clone(), loaded: changed };
    let both = [was, &other];
    out::print(&match args.format {
        TranscriptFormat::Text => transcript::both(loaded, at, &what_if, both),
        TranscriptFormat::Html => transcript::both_html(loaded, at, &what_if, both),
        TranscriptFormat::Json => pretty(&serde_json::json!({
            "what_if": args.what_if,
            "as_it_was": transcript::json(loaded, at, &was.account, &was.record),
            "otherwise": transcript::json(changed, at, &other.account, &other.record),
        })),
    })
}
