//! `detente signs MODEL`

use super::args::{Format, ModelArgs, Seed};
use super::progress::Meter;
use super::signals::Signals;
use super::talk::Talk;
use super::{Failure, out};
use crate::report::signs as report;
use crate::run::lab::silence_workers;
use crate::run::signs::bench::{Base, Means};
use crate::run::signs::lines::Overlay;
use crate::run::signs::{DRAWS, PrepareError, REPLICATIONS, SEED, prepare, signs};
use crate::run::{Control, RunError};
use crate::source::beside::{SIGNS, beside};
use crate::spec::signs::ContrastSpec;

/// Compares what each mechanism does with what is documented of it.
///
/// The contrasts stand in the table that goes with the model (signs.toml in the directory of its scenarios). Each compares
/// two settings of the model on the same random draws, in whole negotiations or on one fixed package, and is judged by two
/// standard errors.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente signs ukraine-2025 --only M-56 --reps 4\n")]
pub struct SignsArgs {
    #[command(flatten)]
    model: ModelArgs,

    /// Only contrasts of this mechanism, or with this id (repeatable)
    #[arg(long, value_name = "M-07")]
    only: Vec<String>,

    /// Instead, move every element that cites a row of the inventory and say which output it changes, as CSV
    #[arg(long, conflicts_with_all = ["only", "format"])]
    coverage: bool,

    /// How many replications, and draws for packages [default: as the table says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..))]
    reps: Option<u64>,

    /// Where random draws start [default: as the table says]
    #[arg(long, value_name = "S", value_parser = Seed::parse)]
    seed: Option<Seed>,

    /// Worker threads [default: one a core]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// Replications on which elements are moved unless told otherwise.
const FEW: u64 = 3;

pub(super) fn run(args: &SignsArgs, talk: Talk) -> Result<(), Failure> {
    if args.coverage {
        return coverage(args, talk);
    }
    let name = &args.model.model;
    let file = beside(name, SIGNS)?.ok_or_else(|| Failure::Usage {
        message: format!("no table of contrasts goes with `{name}`"),
        hint: Some(format!("it is the file {SIGNS} in the directory of the model's scenarios")),
    })?;
    let overlay = Overlay { scenarios: args.model.overlay.scenario.clone(), sets: args.model.overlay.sets.clone() };
    let signals = Signals::install().map_err(Failure::Signals)?;
    let control = control(args.threads, &signals);
    silence_workers();
    let base = Base { name, overlay: &overlay };
    let wanted = |contrast: &ContrastSpec| {
        let named = |only: &String| *only == contrast.mechanism.text || *only == contrast.id.text;
        args.only.is_empty() || args.only.iter().any(named)
    };
    let prepared = prepare(base, file, wanted, control.threads).map_err(failure)?;
    if prepared.lines.is_empty() {
        let hint = Some("--only takes a mechanism such as M-07, or the id of a contrast".to_owned());
        return Err(Failure::Usage { message: "no contrast is of that name".to_owned(), hint });
    }
    talk.note(&format!("{} contrasts on {} settings of the model", prepared.lines.len(), prepared.settings.len()));
    let table = &prepared.table;
    let means = Means {
        seed: args.seed.map_or_else(|| table.seed.unwrap_or(SEED), Seed::number),
        replications: args.reps.or(table.replications).unwrap_or(REPLICATIONS),
        draws: args.reps.or(table.draws).unwrap_or(DRAWS),
        control: &control,
        progress: &Meter::new(talk),
    };
    talk.note(&format!("seed {}, {} replications, {} draws for packages", means.seed, means.replications, means.draws));
    let signs = signs(prepared, &means).map_err(|error| stopped(error, &signals))?;
    if signs.failed > 0 {
        talk.note(&format!("{} replications failed and are left out", signs.failed));
    }
    out::print(&match args.format {
        Format::Table => report::text(&signs),
        Format::Csv | Format::Json => args.format.render(&report::rows(&signs)),
    })
}

/// Moves every element that cites a row.
fn coverage(args: &SignsArgs, talk: Talk) -> Result<(), Failure> {
    let overlay = Overlay { scenarios: args.model.overlay.scenario.clone(), sets: args.model.overlay.sets.clone() };
    let signals = Signals::install().map_err(Failure::Signals)?;
    let control = control(args.threads, &signals);
    silence_workers();
    let means = Means {
        seed: args.seed.map_or(SEED, Seed::number),
        replications: args.reps.unwrap_or(FEW),
        draws: 0,
        control: &control,
        progress: &Meter::new(talk),
    };
    let base = Base { name: &args.model.model, overlay: &overlay };
    let text = super::coverage::measure(base, &means, talk).map_err(|error| match error {
        PrepareError::Run(error) => stopped(error, &signals),
        PrepareError::Load(_) => failure(error),
    })?;
    out::print(&text)
}

/// Threads and the way to stop.
pub(super) fn control(threads: Option<u16>, signals: &Signals) -> Control {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Control { stop: signals.flag(), threads: threads.map_or_else(cores, usize::from), ..Control::default() }
}

pub(super) fn failure(error: PrepareError) -> Failure {
    match error {
        PrepareError::Load(error) => Failure::Load(error),
        PrepareError::Run(error) => Failure::Run(error),
    }
}

/// A run that ended early, by a signal or otherwise.
pub(super) fn stopped(error: RunError, signals: &Signals) -> Failure {
    match error {
        RunError::Interrupted { .. } => Failure::Stopped { error, terminated: signals.terminated() },
        error => Failure::Run(error),
    }
}
