//! What `run` and `sweep` share: means, the run directory, the work itself.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;

use super::Failure;
use super::args::Format;
use super::progress::Meter;
use super::signals::Signals;
use super::talk::Talk;
use crate::design::Design;
use crate::design::plan::{Plan, Shard, Trace};
use crate::report::summary;
use crate::run::lab::silence_workers;
use crate::run::{
    self, Control, Finished, Identity, Inputs, Lab, Opened, Response, RunDir, RunError, Task, Variant, Wanted,
};
use crate::source::{Loaded, fingerprint};

/// Means of a run: nothing here changes a number, but for the tables that are written.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct MeansArgs {
    /// Worker threads [default: one a core]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// The run directory [default: below runs/, named after what is run]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Long tables to write besides: a row a step, or also a row a move
    #[arg(long, value_name = "TABLES", default_value = "none")]
    pub trace: TraceTables,

    /// Move a run directory that is in the way aside
    #[arg(long)]
    pub force: bool,

    /// How to print the summary
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,

    /// Replications a worker takes at a time; never changes a result
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub chunk: Option<u64>,

    /// Milliseconds of work that are written together; never changes a result
    #[arg(long, value_name = "MS", hide = true, default_value_t = 1000)]
    pub commit_ms: u64,
}

/// Which long tables a run writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TraceTables {
    /// Neither.
    None,
    /// rounds.csv
    Rounds,
    /// rounds.csv and moves.csv
    Moves,
}

impl MeansArgs {
    pub(super) fn trace(&self) -> Trace {
        match self.trace {
            TraceTables::None => Trace::None,
            TraceTables::Rounds => Trace::Rounds,
            TraceTables::Moves => Trace::Moves,
        }
    }

    pub(super) fn control(&self) -> Control {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Control {
            threads: self.threads.map_or_else(cores, usize::from),
            chunk: self.chunk,
            commit: Duration::from_millis(self.commit_ms),
            argv: std::env::args().collect(),
            ..Control::default()
        }
    }
}

/// A run or sweep about to be played.
pub(super) struct Launch<'a> {
    /// The model without what is varied.
    pub loaded: &'a Loaded,
    /// Everything it is made from.
    pub inputs: &'a Inputs,
    pub design: &'a Design,
    pub plan: &'a Plan,
    /// Model, scenarios and settings as they are typed.
    pub words: &'a str,
    pub dir: PathBuf,
    /// Whether the directory was chosen for the user, so that the one above it may be made too.
    pub own_place: bool,
    pub force: bool,
    pub shard: Option<Shard>,
    pub noise: u64,
    pub control: Control,
    pub responses: Vec<Response>,
}

impl Launch<'_> {
    /// The identity of the run, whose first variant is given.
    fn identity(&self, first: &Variant) -> Identity {
        let text = [&self.loaded.text, self.loaded.pool.as_deref().unwrap_or_default()].concat();
        let overlays = self.inputs.overlays();
        let overlays = if self.design.factors.is_empty() && !self.inputs.independent { "" } else { &overlays };
        let print = fingerprint::numeric(super::new::START);
        let identity = Identity::over(&first.model, &text, self.plan, (self.design, overlays), &print);
        Identity { noise: self.noise, per_draw: self.inputs.per_draw, ..identity }
    }

    /// Plays the plan in its directory, or reads what an earlier command left there complete.
    pub fn go(&self, talk: Talk) -> Result<Finished, Failure> {
        let signals = Signals::install().map_err(Failure::Signals)?;
        let lab = Lab::new(self.inputs, self.design, self.plan.trace);
        let first: Arc<Variant> = lab.first().map_err(|fault| Failure::Run(RunError::Points(fault)))?;
        let lab = lab.fitting(first.tables.clone());
        look_at_points(&lab, self.design)?;
        let identity = self.identity(&first);
        let wanted = Wanted { path: &self.dir, with_parent: self.own_place, force: self.force, shard: self.shard };
        let dir = match RunDir::open(wanted, &identity).map_err(Failure::Run)? {
            Opened::Complete(manifest) => {
                talk.note(&format!("{} is complete already; this is its summary", self.dir.display()));
                let summary = crate::sink::summary::read(&self.dir).map_err(|error| Failure::Run(error.into()))?;
                return Ok(Finished { manifest, summary, clamps: 0, damaged: Vec::new() });
            }
            Opened::Ready(dir) => dir,
        };
        let control = Control { stop: signals.flag(), ..self.control.clone() };
        silence_workers();
        let inputs = self.inputs.text();
        let task = Task {
            model: &first.model,
            model_text: &self.loaded.text,
            pool_text: self.loaded.pool.as_deref(),
            inputs: &inputs,
            plan: self.plan,
            design: self.design,
            responses: &self.responses,
            engine: &lab,
            replay: self.words,
            also: &if self.plan.points == 1 { summary::baseline_rows(&first.model) } else { Vec::new() },
            noise: self.noise,
        };
        let finished = run::execute(&task, &dir, &control, &Meter::new(talk)).map_err(|error| match error {
            RunError::Interrupted { .. } => Failure::Stopped { error, terminated: signals.terminated() },
            error => Failure::Run(error),
        })?;
        for damaged in &finished.damaged {
            let path = damaged.path.display();
            talk.note(&format!("a part was damaged ({}) and played again; it lies in {path} now", damaged.fault));
        }
        if finished.clamps > 0 {
            let times = finished.clamps;
            talk.note(&format!("{times} times a state or derived value was held at a bound of its range"));
        }
        Ok(finished)
    }
}

/// Every value of every factor can be set, or the experiment is refused before work begins.
pub(super) fn look_at_points(lab: &Lab<'_>, design: &Design) -> Result<(), Failure> {
    let faults = run::experiment::faults(lab, design);
    if faults.is_empty() { Ok(()) } else { Err(Failure::Experiment(run::experiment::ExperimentError::Values(faults))) }
}
