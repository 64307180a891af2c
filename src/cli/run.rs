//! `detente run MODEL`

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::args::{Format, ModelArgs, Seed};
use super::pool;
use super::problems::counted;
use super::progress::Meter;
use super::signals::Signals;
use super::talk::Talk;
use super::{Failure, out};
use crate::design::plan::{Plan, Trace};
use crate::engine::observer::{Nobody, Observer};
use crate::engine::policy::Exact;
use crate::engine::record::Record;
use crate::engine::{Coordinates, Workspace, play, play_with};
use crate::model::Model;
use crate::report::summary::{self, Heading};
use crate::run::{self, CHUNK, Control, Finished, Identity, NameParts, Opened, Play, RunDir, RunError, Task, Wanted};
use crate::sink::table_file;
use crate::source::{Loaded, fingerprint, load};

/// Replications that are played again for the noise share unless told otherwise.
const NOISE: u64 = 200;

/// Plays a model many times.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente run ukraine-2025 --reps 20 --seed 7\n")]
pub struct RunArgs {
    #[command(flatten)]
    model: ModelArgs,

    /// How many replications to play
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    reps: u64,

    /// Where random draws start: a number, or `random`
    #[arg(long, value_name = "S", default_value = "2025", value_parser = Seed::parse)]
    seed: Seed,

    /// Worker threads [default: one a core]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// The run directory [default: runs/<model>-s<seed>-r<reps>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Long tables to write besides: a row a step, or also a row a move
    #[arg(long, value_name = "TABLES", default_value = "none")]
    trace: TraceTables,

    /// How many of the first replications to play again without misjudgement and with the best choice each time, for the
    /// noise share; 0 leaves it out
    #[arg(long, value_name = "N", default_value_t = NOISE)]
    noise: u64,

    /// Move a run directory that is in the way aside
    #[arg(long)]
    force: bool,

    /// How to print the summary
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,

    /// Replications a worker takes at a time; never changes a result
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u64).range(1..))]
    chunk: Option<u64>,
}

/// Which long tables a run writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TraceTables {
    /// Neither.
    None,
    /// rounds.csv
    Rounds,
    /// rounds.csv and moves.csv
    Moves,
}

/// What the arguments mean.
struct Settings {
    plan: Plan,
    dir: PathBuf,
    /// Whether the directory was chosen for the user, so that the one above it may be made too.
    own_place: bool,
    force: bool,
    control: Control,
}

pub(super) fn run(args: &RunArgs, talk: Talk) -> Result<(), Failure> {
    let loaded = load(&args.model.model, &args.model.overlay.scenario, &args.model.overlay.sets)?;
    note_warnings(&loaded, &args.model.model, talk);
    pool::note(&loaded, &args.model.model, talk);
    let settings = settings(args, &loaded);
    let finished = execute(args, &settings, &loaded, talk)?;
    if finished.clamps > 0 {
        talk.note(&format!("{} times a state or derived value was held at a bound of its range", finished.clamps));
    }
    let heading = heading(args, &settings, &loaded, &finished);
    out::print(&match args.format {
        Format::Table => summary::text(&heading, &loaded.model, &finished.summary),
        Format::Csv => summary::csv(&finished.summary),
        Format::Json => summary::json(&heading, &loaded.model, &finished.summary),
    })?;
    match finished.manifest.failed {
        0 => Ok(()),
        failed => Err(Failure::SomeFailed { failed, list: settings.dir.join(table_file::FAILURES) }),
    }
}

fn settings(args: &RunArgs, loaded: &Loaded) -> Settings {
    let seed = args.seed.number();
    let trace = match args.trace {
        TraceTables::None => Trace::None,
        TraceTables::Rounds => Trace::Rounds,
        TraceTables::Moves => Trace::Moves,
    };
    let name = run::run_name(&NameParts {
        model: &loaded.model.spec.model.name.text,
        scenarios: &loaded.scenarios,
        overrides: &loaded.sets,
        seed,
        replications: args.reps,
    });
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = args.threads.map_or_else(cores, usize::from);
    Settings {
        plan: Plan::single(seed, args.reps, trace),
        dir: args.out.clone().unwrap_or_else(|| Path::new("runs").join(name)),
        own_place: args.out.is_none(),
        force: args.force,
        control: Control {
            threads,
            chunk: args.chunk.unwrap_or_else(|| chunk(args.reps, threads)),
            argv: std::env::args().collect(),
            ..Control::default()
        },
    }
}

/// Replications a worker takes at a time: fewer in a short run, so that all workers are busy and progress is seen.
fn chunk(replications: u64, threads: usize) -> u64 {
    (replications / (threads as u64 * 8)).clamp(1, CHUNK)
}

/// Plays the plan in its directory, or reads what an earlier command left there complete.
fn execute(args: &RunArgs, settings: &Settings, loaded: &Loaded, talk: Talk) -> Result<Finished, Failure> {
    let signals = Signals::install().map_err(Failure::Signals)?;
    let text = [&loaded.text, loaded.pool.as_deref().unwrap_or_default()].concat();
    let fingerprint = fingerprint::numeric(super::new::START);
    let identity = Identity { noise: args.noise, ..Identity::new(&loaded.model, &text, &settings.plan, &fingerprint) };
    let wanted = Wanted { path: &settings.dir, with_parent: settings.own_place, force: settings.force };
    let dir = match RunDir::open(wanted, &identity).map_err(Failure::Run)? {
        Opened::Complete(manifest) => {
            talk.note(&format!("{} is complete already; this is its summary", settings.dir.display()));
            let summary = crate::sink::summary::read(&settings.dir).map_err(|error| Failure::Run(error.into()))?;
            return Ok(Finished { manifest, summary, clamps: 0 });
        }
        Opened::Ready(dir) => dir,
    };
    let control = Control { stop: signals.flag(), ..settings.control.clone() };
    silence_workers();
    let task = Task {
        model: &loaded.model,
        model_text: &loaded.text,
        pool_text: loaded.pool.as_deref(),
        plan: &settings.plan,
        engine: &Engine { model: &loaded.model, seed: settings.plan.seed },
        replay: &model_words(&args.model),
        also: &summary::baseline_rows(&loaded.model),
        noise: args.noise,
    };
    run::execute(&task, &dir, &control, &Meter::new(talk)).map_err(|error| match error {
        RunError::Interrupted { .. } => Failure::Stopped { error, terminated: signals.terminated() },
        error => Failure::Run(error),
    })
}

/// A panic in a replication is a failed row with its reason, not a message: workers keep silent about it.
fn silence_workers() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !std::thread::current().name().is_some_and(|name| name.starts_with("detente-")) {
            default(panic);
        }
    }));
}

/// The engine, as a run asks for it.
struct Engine<'m> {
    model: &'m Model,
    seed: u64,
}

impl Play for Engine<'_> {
    type Workspace = Workspace;

    fn workspace(&self) -> Workspace {
        Workspace::new(self.model)
    }

    fn play<'w>(
        &self,
        job: crate::design::plan::Job,
        workspace: &'w mut Workspace,
        observer: &mut dyn Observer,
    ) -> &'w Record {
        play(self.model, Coordinates { seed: self.seed, replication: job.replication }, workspace, observer)
    }

    fn play_exactly<'w>(&self, job: crate::design::plan::Job, workspace: &'w mut Workspace) -> &'w Record {
        let at = Coordinates { seed: self.seed, replication: job.replication };
        play_with(self.model, at, workspace, &Exact, &mut Nobody)
    }
}

fn note_warnings(loaded: &Loaded, model: &str, talk: Talk) {
    let (errors, warnings) = loaded.warnings.counts();
    if warnings > 0 {
        talk.note(&format!("{}; `detente check {model}` shows them", counted(errors, warnings)));
    }
}

fn heading(args: &RunArgs, settings: &Settings, loaded: &Loaded, finished: &Finished) -> Heading {
    let model = model_words(&args.model);
    let Plan { seed, replications, trace, .. } = settings.plan;
    let mut command = format!("detente run {model} --reps {replications} --seed {seed}");
    if trace != Trace::None {
        command = format!("{command} --trace {}", trace.word());
    }
    if args.noise != NOISE {
        command = format!("{command} --noise {}", args.noise);
    }
    Heading {
        name: loaded.model.spec.model.name.text.clone(),
        title: loaded.model.spec.model.title.text.clone(),
        hash: loaded.hash.clone(),
        scenarios: loaded.scenarios.clone(),
        sets: loaded.sets.clone(),
        seed,
        replications,
        failed: finished.manifest.failed,
        directory: settings.dir.display().to_string(),
        command,
        next: format!("detente trace {model} --seed {seed} --rep 0"),
    }
}

/// Model, scenarios and settings as they are typed, quoted for a shell.
fn model_words(args: &ModelArgs) -> String {
    let mut words = vec![quoted(&args.model)];
    for scenario in &args.overlay.scenario {
        words.push(format!("--scenario {}", quoted(scenario)));
    }
    for set in &args.overlay.sets {
        words.push(format!("--set {}", quoted(set)));
    }
    words.join(" ")
}

/// A word for a POSIX shell.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_take_them_apart() {
        assert_eq!(quoted("actors.US.patience=0.9"), "actors.US.patience=0.9");
        assert_eq!(quoted("x=2*y"), "'x=2*y'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
