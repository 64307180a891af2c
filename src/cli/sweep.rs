//! `detente sweep` and `detente plan`

use std::path::{Path, PathBuf};

use super::args::{Format, OverlayArgs, Seed};
use super::failure::report_load;
use super::launch::{Launch, MeansArgs, look_at_points};
use super::pool;
use super::run::{note_warnings, shared};
use super::talk::Talk;
use super::{Failure, out};
use crate::design::Design;
use crate::design::plan::{Plan, Shard};
use crate::report::sweep as report;
use crate::run::experiment::{ExperimentError, Prepared, prepare};
use crate::run::inputs::NamedText;
use crate::run::lab::quoted;
use crate::run::{Inputs, Lab, Response, hash};
use crate::sink::{Tables, table_file};
use crate::source::file::read_text;
use crate::source::{LoadError, Rejected, embedded};
use crate::spec::experiment::{self, Experiment};
use crate::spec::model::Name;
use crate::spec::problem::Problems;
use crate::spec::tree::{FileId, Sources};

/// Most points of a sweep unless told otherwise.
const MAX_POINTS: u64 = 100_000_000;

/// Plays a model at many points: an experiment file, or a model with what is varied.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente sweep fearon --vary params.cost_a=0:0.2:0.1 --vary params.p=0.4,0.6 --reps 50\n  detente sweep fearon --vary params.cost_high=0.2:0.8:0.2 --reps 20 --shard 1/2 --out half\n"
)]
pub struct SweepArgs {
    /// An experiment file or the name of one that ships, or a model
    #[arg(value_name = "SPEC")]
    spec: String,

    #[command(flatten)]
    overlay: OverlayArgs,

    /// What is varied: PATH=0:1:0.25 (both ends included), PATH=0,0.5,1, PATH alone (its distribution, in designs that
    /// sample), or scenario=base,NAME (repeatable; several make a grid)
    #[arg(long, value_name = "PATH=VALUES")]
    vary: Vec<String>,

    /// How points are laid out
    #[arg(long, value_name = "DESIGN", value_parser = experiment::DESIGNS)]
    design: Option<String>,

    /// Points of lhs and sobol, base samples of saltelli, trajectories of morris
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    points: Option<u64>,

    /// A CSV table of points: columns are paths, or `scenario`
    #[arg(long, value_name = "FILE")]
    table: Option<String>,

    /// Whether all points share their random draws (so that differences between them are not noise) or draw alone
    #[arg(long, value_name = "HOW", value_parser = experiment::PAIRINGS)]
    pairing: Option<String>,

    /// How many replications of each point [default: 1000, or as the file says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    reps: Option<u64>,

    /// Where random draws start: a number, or `random` [default: 2025, or as the file says]
    #[arg(long, value_name = "S", value_parser = Seed::parse)]
    seed: Option<Seed>,

    /// How many replications of a point share each draw of the uncertain parameters: from 2 on the summary tells how far
    /// shares differ between draws
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    per_draw: u64,

    /// Play only the jobs of shard I of N; `detente merge` makes one run of all shards
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,

    /// Refuse to begin with more points
    #[arg(long, value_name = "N", default_value_t = MAX_POINTS)]
    max_points: u64,

    #[command(flatten)]
    means: MeansArgs,
}

fn shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    match parts {
        Some((number, of)) if 1 <= number && number <= of => Ok(Shard { number, of }),
        _ => Err("a shard is I/N with I from 1 to N".to_owned()),
    }
}

/// What the arguments mean.
struct Settings {
    experiment: Experiment,
    /// The file it was read from.
    file: Option<NamedText>,
    /// Where its table lies.
    beside: PathBuf,
    /// Model, scenarios and settings as they are typed.
    words: String,
}

pub(super) fn run(args: &SweepArgs, talk: Talk) -> Result<(), Failure> {
    let settings = settings(args, talk)?;
    let mut prepared = prepared(args, &settings)?;
    prepared.inputs.experiment.clone_from(&settings.file);
    prepared.inputs.words.clone_from(&settings.words);
    prepared.inputs.typed = typed(args);
    note_warnings(&prepared.loaded, &settings.experiment.model.text, talk);
    pool::note(&prepared.loaded, &settings.experiment.model.text, talk);
    let responses = responses(&settings.experiment, &prepared)?;
    prepared.inputs.responses = responses.iter().map(|response| response.name.clone()).collect();
    let launch = Launch {
        loaded: &prepared.loaded,
        inputs: &prepared.inputs,
        design: &prepared.design,
        plan: &prepared.plan,
        words: &settings.words,
        dir: args.means.out.clone().unwrap_or_else(|| Path::new("runs").join(name(args, &settings, &prepared.plan))),
        own_place: args.means.out.is_none(),
        force: args.means.force,
        shard: args.shard,
        noise: 0,
        control: args.means.control(),
        responses,
    };
    let finished = launch.go(talk)?;
    let heading = report::Heading {
        experiment: &settings.experiment,
        model: &prepared.loaded.model,
        design: &prepared.design,
        plan: &prepared.plan,
        directory: launch.dir.display().to_string(),
        failed: finished.manifest.failed,
        shard: args.shard,
        independent: prepared.inputs.independent,
    };
    out::print(&match args.means.format {
        Format::Table => report::text(&heading, &finished.summary),
        Format::Csv => crate::report::summary::csv(&finished.summary),
        Format::Json => report::json(&heading, &finished.summary),
    })?;
    match finished.manifest.failed {
        0 => Ok(()),
        failed => Err(Failure::SomeFailed { failed, list: launch.dir.join(table_file::FAILURES) }),
    }
}

/// What lays out the sweep, as it is typed: all but how many replications, the seed, and where and how it is played.
fn typed(args: &SweepArgs) -> String {
    let mut words = vec![quoted(&args.spec)];
    let mut option = |name: &str, value: &str| words.push(format!("{name} {}", quoted(value)));
    args.overlay.scenario.iter().for_each(|scenario| option("--scenario", scenario));
    args.overlay.sets.iter().for_each(|set| option("--set", set));
    args.vary.iter().for_each(|vary| option("--vary", vary));
    args.table.iter().for_each(|table| option("--table", table));
    args.design.iter().for_each(|design| option("--design", design));
    args.points.iter().for_each(|points| option("--points", &points.to_string()));
    args.pairing.iter().for_each(|pairing| option("--pairing", pairing));
    words.join(" ")
}

/// Prepares the experiment and refuses too many points.
fn prepared(args: &SweepArgs, settings: &Settings) -> Result<Prepared, Failure> {
    let prepared = prepare(&settings.experiment, &settings.beside, args.means.trace()).map_err(Failure::Experiment)?;
    let prepared = Prepared { inputs: Inputs { per_draw: shared(args.per_draw), ..prepared.inputs }, ..prepared };
    let points = prepared.plan.points;
    if points > args.max_points {
        let bytes = bytes(&prepared) * prepared.plan.jobs() as f64;
        let gigabytes = (bytes / 1e9).ceil() as u64;
        return Err(Failure::Experiment(ExperimentError::TooMany { points, most: args.max_points, gigabytes }));
    }
    Ok(prepared)
}

/// Bytes that a job adds to the result files, about: cells of ten characters.
fn bytes(prepared: &Prepared) -> f64 {
    let tables = Tables::new(&prepared.loaded.model, prepared.plan.trace, &prepared.design.factors);
    10.0 * (tables.outcomes.columns.len() + tables.draws.columns.len()) as f64
}

fn settings(args: &SweepArgs, talk: Talk) -> Result<Settings, Failure> {
    let shipped = embedded::experiment(&args.spec);
    let path = Path::new(&args.spec);
    let text = match shipped {
        Some(file) => Some(NamedText { name: format!("runs/{}.toml", file.name), text: file.text.to_owned() }),
        None if path.extension().is_some_and(|end| end == "toml") => {
            let text = read_text(path).map_err(|error| Failure::Load(LoadError::File(error)))?;
            Some(NamedText { name: args.spec.clone(), text })
        }
        None => None,
    };
    let file = text.filter(|file| experiment::is_experiment(&file.text));
    let mut experiment = match &file {
        Some(file) => read(file, talk)?,
        None => Experiment { model: name_of(&args.spec), design: name_of("grid"), ..Experiment::default() },
    };
    change(args, &mut experiment)?;
    let mut words = vec![quoted(&experiment.model.text)];
    words.extend(experiment.scenarios.iter().map(|name| format!("--scenario {}", quoted(&name.text))));
    words.extend(experiment.sets.iter().map(|set| format!("--set {}", quoted(&set.text))));
    let beside = if file.is_some() && args.table.is_none() { path.parent() } else { None };
    let beside = beside.unwrap_or_else(|| Path::new("")).to_owned();
    Ok(Settings { experiment, file, beside, words: words.join(" ") })
}

fn name_of(text: &str) -> Name {
    Name { text: text.to_owned(), ..Name::default() }
}

/// Reads an experiment file, or says everything that is wrong with it.
fn read(file: &NamedText, talk: Talk) -> Result<Experiment, Failure> {
    let mut problems = Problems::default();
    let read = experiment::read(FileId(0), &file.text, &mut problems);
    if let (Some(experiment), false) = (read, problems.has_errors()) {
        return Ok(experiment);
    }
    let sources = Sources::single(file.name.as_str(), file.text.as_str());
    report_load(&LoadError::Invalid(Box::new(Rejected { problems, sources })), talk);
    Err(Failure::Reported { code: 3 })
}

/// What was typed changes what the file says.
fn change(args: &SweepArgs, experiment: &mut Experiment) -> Result<(), Failure> {
    let usage = |message: String| Failure::Usage { message, hint: None };
    experiment.scenarios.extend(args.overlay.scenario.iter().map(|name| name_of(name)));
    experiment.sets.extend(args.overlay.sets.iter().map(|set| name_of(set)));
    for text in &args.vary {
        let factor = experiment::vary(text).map_err(|fault| usage(fault.to_string()))?;
        if args.vary.iter().filter(|other| other.split('=').next() == text.split('=').next()).count() > 1 {
            return Err(usage(format!("`{}` is varied twice", factor.name.text)));
        }
        match experiment.factors.iter_mut().find(|other| other.name.text == factor.name.text) {
            Some(own) => *own = factor,
            None => experiment.factors.push(factor),
        }
    }
    if let Some(table) = &args.table {
        (experiment.table, experiment.design) = (Some(name_of(table)), name_of("table"));
    }
    if let Some(design) = &args.design {
        experiment.design = name_of(design);
    }
    experiment.points = args.points.or(experiment.points);
    experiment.pairing = args.pairing.as_deref().map(name_of).or_else(|| experiment.pairing.take());
    experiment.replications = args.reps.or(experiment.replications);
    experiment.seed = args.seed.map(Seed::number).or(experiment.seed);
    let design = experiment.design.text.as_str();
    if ["lhs", "sobol", "saltelli", "morris"].contains(&design) && experiment.points.is_none() {
        return Err(usage(format!("a {design} needs --points")));
    }
    if (design == "table") != experiment.table.is_some() {
        return Err(usage("a table of points needs --design table and --table FILE".to_owned()));
    }
    if design == "table" && !experiment.factors.is_empty() {
        return Err(usage("a table of points says itself what is varied".to_owned()));
    }
    Ok(())
}

/// The outputs that sensitivity is told of: those that the experiment names, or all.
fn responses(experiment: &Experiment, prepared: &Prepared) -> Result<Vec<Response>, Failure> {
    let all = Response::all(&prepared.loaded.model);
    if experiment.responses.is_empty() {
        return Ok(all);
    }
    let names: Vec<&str> = all.iter().map(|response| response.name.as_str()).collect();
    for name in &experiment.responses {
        if !names.contains(&name.text.as_str()) {
            let hint = crate::spec::suggest::hint(&name.text, names.iter().copied());
            let message = format!("the experiment names the response `{}`, which the model does not have", name.text);
            return Err(Failure::Usage { message, hint });
        }
    }
    let named = |response: &Response| experiment.responses.iter().any(|name| name.text == response.name);
    Ok(all.into_iter().filter(named).collect())
}

/// The name of the directory where none is given: that of the experiment as the file says it, else with seed, replications
/// and a hash of everything that was typed.
fn name(args: &SweepArgs, settings: &Settings, plan: &Plan) -> String {
    let experiment = &settings.experiment;
    let base = if settings.file.is_some() { &experiment.name.text } else { &experiment.model.text };
    let base = base.rsplit('/').next().unwrap_or(base);
    let base = base.strip_suffix(".toml").unwrap_or(base);
    let typed = [
        args.vary.join(";"),
        args.overlay.sets.join(";"),
        args.overlay.scenario.join(";"),
        format!("{:?}{:?}{:?}{:?}", args.design, args.points, args.table, args.pairing),
    ]
    .join("|");
    let shard = args.shard.map_or_else(String::new, |shard| format!("-{}of{}", shard.number, shard.of));
    let changed = typed != "|||NoneNoneNoneNone";
    if settings.file.is_some() && !changed && args.reps.is_none() && args.seed.is_none() && args.per_draw == 1 {
        return format!("{base}{shard}");
    }
    let hash = if changed { format!("-x{}", &hash(&typed)[..8]) } else { String::new() };
    let sharing = if args.per_draw > 1 { format!("-k{}", args.per_draw) } else { String::new() };
    format!("{base}-s{}-r{}{hash}{sharing}{shard}", plan.seed, plan.replications)
}

/// Counts the points of a sweep and estimates what it takes; plays a few replications and writes nothing.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente plan fearon --vary params.p=0:1:0.01 --reps 1000\n  detente plan fearon --reps 5000\n"
)]
pub struct PlanArgs {
    #[command(flatten)]
    sweep: SweepArgs,
}

pub(super) fn plan(args: &PlanArgs, talk: Talk) -> Result<(), Failure> {
    let args = &args.sweep;
    let settings = settings(args, talk)?;
    let prepared = prepared(args, &settings)?;
    responses(&settings.experiment, &prepared)?;
    let Prepared { inputs, design, plan, .. } = &prepared;
    let lab = Lab::new(inputs, design, plan.trace);
    look_at_points(&lab, design)?;
    let threads = args.means.control().threads;
    let probe = crate::run::probe::probe(&lab, design, plan)
        .map_err(|fault| Failure::Experiment(ExperimentError::Values(vec![fault])))?;
    let jobs = args.shard.map_or(plan.jobs(), |shard| {
        let jobs = shard.jobs(plan);
        jobs.end - jobs.start
    });
    let estimate = report::Estimate {
        design: &design_word(&settings.experiment, design),
        factors: design.factors.len() as u64,
        points: plan.points,
        replications: plan.replications,
        jobs,
        bytes: probe.bytes_a_job * jobs as f64,
        seconds: probe.seconds_a_job * jobs as f64 / threads as f64,
        threads: threads as u64,
        seed: plan.seed,
        directory: Path::new("runs").join(name(args, &settings, plan)).display().to_string(),
    };
    let grid = report::estimate(&estimate);
    out::print(&args.means.format.render(&grid))
}

fn design_word(experiment: &Experiment, design: &Design) -> String {
    if design.factors.is_empty() { "single point".to_owned() } else { experiment.design.text.clone() }
}
