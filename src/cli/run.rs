//! `detente run MODEL`

use std::path::Path;

use super::args::{Format, ModelArgs, Seed};
use super::launch::{Launch, MeansArgs};
use super::pool;
use super::problems::counted;
use super::talk::Talk;
use super::{Failure, out};
use crate::design::Design;
use crate::design::plan::{Plan, Trace};
use crate::report::summary::{self, Heading};
use crate::run::inputs::NamedText;
use crate::run::lab::quoted;
use crate::run::{self, Finished, Inputs, NameParts, Response};
use crate::sink::table_file;
use crate::source::{Loaded, load, resolve};

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

    #[command(flatten)]
    means: MeansArgs,

    /// How many of the first replications to play again without misjudgement and with the best choice each time, for the
    /// noise share; 0 leaves it out
    #[arg(long, value_name = "N", default_value_t = NOISE)]
    noise: u64,

    /// How many replications share each draw of the uncertain parameters: from 2 on the summary tells how far shares differ
    /// between draws, beside the interval of sampling
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    per_draw: u64,
}

pub(super) fn run(args: &RunArgs, talk: Talk) -> Result<(), Failure> {
    let overlay = &args.model.overlay;
    let loaded = load(&args.model.model, &overlay.scenario, &overlay.sets)?;
    note_warnings(&loaded, &args.model.model, talk);
    pool::note(&loaded, &args.model.model, talk);
    let (sources, _) = resolve(&args.model.model, &overlay.scenario)?;
    let plan = Plan::single(args.seed.number(), args.reps, args.means.trace());
    let texts = sources.files.into_iter().map(|file| NamedText { name: file.name, text: file.text });
    let words = model_words(&args.model);
    let inputs = Inputs {
        files: texts.collect(),
        sets: overlay.sets.clone(),
        seed: plan.seed,
        words: words.clone(),
        per_draw: shared(args.per_draw),
        ..Inputs::default()
    };
    let launch = Launch {
        loaded: &loaded,
        inputs: &inputs,
        design: &Design::single(),
        plan: &plan,
        words: &words,
        dir: args.means.out.clone().unwrap_or_else(|| Path::new("runs").join(name(&loaded, &plan, args.per_draw))),
        own_place: args.means.out.is_none(),
        force: args.means.force,
        shard: None,
        noise: args.noise,
        control: args.means.control(),
        responses: Response::all(&loaded.model),
    };
    let finished = launch.go(talk)?;
    let heading = heading(args, &launch, &finished);
    out::print(&match args.means.format {
        Format::Table => summary::text(&heading, &loaded.model, &finished.summary),
        Format::Csv => summary::csv(&finished.summary),
        Format::Json => summary::json(&heading, &loaded.model, &finished.summary),
    })?;
    match finished.manifest.failed {
        0 => Ok(()),
        failed => Err(Failure::SomeFailed { failed, list: launch.dir.join(table_file::FAILURES) }),
    }
}

/// Replications that share a draw as the inputs of a run have it: 0 where none do.
pub(super) const fn shared(per_draw: u64) -> u64 {
    if per_draw > 1 { per_draw } else { 0 }
}

/// The name of the directory where none is given.
fn name(loaded: &Loaded, plan: &Plan, per_draw: u64) -> String {
    let name = run::run_name(&NameParts {
        model: &loaded.model.spec.model.name.text,
        scenarios: &loaded.scenarios,
        overrides: &loaded.sets,
        seed: plan.seed,
        replications: plan.replications,
    });
    if per_draw > 1 { format!("{name}-k{per_draw}") } else { name }
}

pub(super) fn note_warnings(loaded: &Loaded, model: &str, talk: Talk) {
    let (errors, warnings) = loaded.warnings.counts();
    if warnings > 0 {
        talk.note(&format!("{}; `detente check {model}` shows them", counted(errors, warnings)));
    }
}

fn heading(args: &RunArgs, launch: &Launch<'_>, finished: &Finished) -> Heading {
    let (loaded, model) = (launch.loaded, launch.words);
    let Plan { seed, replications, .. } = *launch.plan;
    let directory = launch.dir.display().to_string();
    let sharing = sharing(args.per_draw);
    Heading {
        name: loaded.model.spec.model.name.text.clone(),
        title: loaded.model.spec.model.title.text.clone(),
        hash: loaded.hash.clone(),
        scenarios: loaded.scenarios.clone(),
        sets: loaded.sets.clone(),
        seed,
        replications,
        failed: finished.manifest.failed,
        command: command_of(model, launch.plan, args.noise, args.per_draw),
        next: format!(
            "detente trace {model} --seed {seed} --rep 0{sharing}\n      detente report {}",
            quoted(&directory)
        ),
        directory,
        per_draw: args.per_draw,
    }
}

/// The command that plays a run again; `model` is model, scenarios and settings as they are typed.
pub(super) fn command_of(model: &str, plan: &Plan, noise: u64, per_draw: u64) -> String {
    let Plan { seed, replications, trace, .. } = *plan;
    let mut command = format!("detente run {model} --reps {replications} --seed {seed}");
    if trace != Trace::None {
        command = format!("{command} --trace {}", trace.word());
    }
    if noise != NOISE {
        command = format!("{command} --noise {noise}");
    }
    command + &sharing(per_draw)
}

/// How replications that share draws are typed; nothing where none do.
pub(super) fn sharing(per_draw: u64) -> String {
    if per_draw > 1 { format!(" --per-draw {per_draw}") } else { String::new() }
}

/// Model, scenarios and settings as they are typed, quoted for a shell.
pub(super) fn model_words(args: &ModelArgs) -> String {
    let mut words = vec![quoted(&args.model)];
    for scenario in &args.overlay.scenario {
        words.push(format!("--scenario {}", quoted(scenario)));
    }
    for set in &args.overlay.sets {
        words.push(format!("--set {}", quoted(set)));
    }
    words.join(" ")
}
