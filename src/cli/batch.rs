//! `detente batch MODEL --in rows.csv --out out.csv`

use std::io::Read;
use std::path::{Path, PathBuf};

use super::args::{ModelArgs, Seed};
use super::progress::Meter;
use super::signals::Signals;
use super::talk::Talk;
use super::{Failure, out};
use crate::run::batch::{Batch, BatchError};
use crate::run::experiment::ExperimentError;
use crate::run::inputs::NamedText;
use crate::run::lab::silence_workers;
use crate::run::{Control, Inputs, RunError};
use crate::sink::{FileError, write_whole};
use crate::source::{load, resolve};

/// Plays rows of settings from another program: one row, one experiment.
///
/// The columns of the table are settable paths (such as params.p), and optionally `scenario`, `replications` and `seed`; an
/// empty cell leaves the model as it is. The answer has the same columns and rows in the same order, then status, reason,
/// the share of each outcome, and means.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente batch fearon --reps 20\n\nReads the table from standard input unless --in names a file, and writes to standard output unless --out does.\n"
)]
pub struct BatchArgs {
    #[command(flatten)]
    model: ModelArgs,

    /// The table of settings [default: standard input]
    #[arg(long = "in", value_name = "FILE")]
    input: Option<PathBuf>,

    /// The table of answers [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// How many replications of a row that does not say
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    reps: u64,

    /// Where random draws start in a row that does not say; shared by all rows
    #[arg(long, value_name = "S", default_value = "2025", value_parser = Seed::parse)]
    seed: Seed,

    /// Worker threads [default: one a core]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

pub(super) fn run(args: &BatchArgs, talk: Talk) -> Result<(), Failure> {
    let overlay = &args.model.overlay;
    let loaded = load(&args.model.model, &overlay.scenario, &overlay.sets)?;
    let (sources, _) = resolve(&args.model.model, &overlay.scenario)?;
    let (header, records) = table(args.input.as_deref())?;
    let signals = Signals::install().map_err(Failure::Signals)?;
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let control =
        Control { stop: signals.flag(), threads: args.threads.map_or_else(cores, usize::from), ..Control::default() };
    silence_workers();
    let texts = sources.files.into_iter().map(|file| NamedText { name: file.name, text: file.text });
    let seed = args.seed.number();
    let batch = Batch {
        name: &args.model.model,
        model: &loaded.model,
        inputs: Inputs { files: texts.collect(), sets: overlay.sets.clone(), seed, ..Inputs::default() },
        replications: args.reps,
        seed,
        header,
        records,
    };
    let (bytes, failed) = batch.play(&control, &Meter::new(talk)).map_err(|error| match error {
        BatchError::Experiment(error) => Failure::Experiment(error),
        BatchError::Run(error @ RunError::Interrupted { .. }) => {
            Failure::Stopped { error, terminated: signals.terminated() }
        }
        BatchError::Run(error) => Failure::Run(error),
    })?;
    let text = String::from_utf8(bytes).expect("cells are text");
    match &args.out {
        Some(path) => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            write_whole(parent, &name, &text).map_err(|error| Failure::Run(error.into()))?;
        }
        None => out::print(&text)?,
    }
    match failed {
        0 => Ok(()),
        faults => Err(Failure::Unsound { faults }),
    }
}

/// Reads the table of settings.
fn table(path: Option<&Path>) -> Result<(csv::StringRecord, Vec<csv::StringRecord>), Failure> {
    let name = path.map_or_else(|| "standard input".to_owned(), |path| path.display().to_string());
    let mut text = Vec::new();
    let read = match path {
        Some(path) => std::fs::read(path).map(|bytes| text = bytes),
        None => std::io::stdin().lock().read_to_end(&mut text).map(|_| ()),
    };
    read.map_err(|cause| Failure::Run(FileError::on("read", &name)(cause).into()))?;
    let fault = |cause| Failure::Experiment(ExperimentError::Table { path: name.clone(), cause });
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_slice());
    let header = reader.headers().map_err(fault)?.clone();
    let records = reader.records().collect::<Result<_, _>>().map_err(fault)?;
    Ok((header, records))
}
