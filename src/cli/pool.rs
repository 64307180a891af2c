//! `detente pool MODEL`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::args::{Format, ModelArgs, Seed};
use super::talk::Talk;
use super::{Failure, out};
use crate::engine::pool::{Miss, Missed, Probe, missed};
use crate::model::Model;
use crate::model::packages::Listing;
use crate::report::grid::{Cell, Grid};
use crate::run::lab::quoted;
use crate::source::pool::{self, Origin, Pools};
use crate::source::{FileError, Loaded, load, load::load_with};

/// Selects the candidates of a model whose rules permit more packages than it may list, or measures what they miss.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente pool fearon --exact --reps 2\n")]
pub struct PoolArgs {
    #[command(flatten)]
    model: ModelArgs,

    /// Write the pool to a file; beside the model, under its name, it is found again [default: standard output]
    #[arg(long, value_name = "FILE", conflicts_with = "exact")]
    out: Option<PathBuf>,

    /// Instead, compare the best of the candidates in use with the best of all permitted packages
    #[arg(long)]
    exact: bool,

    /// Replications in which they are compared
    #[arg(long, value_name = "N", default_value_t = 10, requires = "exact", value_parser = clap::value_parser!(u64).range(1..))]
    reps: u64,

    /// Where random draws start: a number, or `random`
    #[arg(long, value_name = "S", default_value = "2025", requires = "exact", value_parser = Seed::parse)]
    seed: Seed,

    /// How to print the comparison
    #[arg(long, value_name = "FORMAT", default_value = "table", requires = "exact")]
    format: Format,
}

pub(super) fn run(args: &PoolArgs, talk: Talk) -> Result<(), Failure> {
    let ModelArgs { model, overlay } = &args.model;
    if args.exact {
        let loaded = load(model, &overlay.scenario, &overlay.sets)?;
        note(&loaded, model, talk);
        return compare(args, &loaded.model, talk);
    }
    let loaded = load_with(model, &overlay.scenario, &overlay.sets, Pools::Fresh)?;
    let text = pool::text(&loaded.model, &loaded.choice.key);
    talk.note(&sizes(&loaded));
    match &args.out {
        None => out::print(&text),
        Some(path) => write(path, &text).map_err(Failure::File),
    }
}

fn write(path: &Path, text: &str) -> Result<(), FileError> {
    std::fs::write(path, text).map_err(|source| FileError::system("write", path, source))
}

/// `812 candidates (selected in 1.3 s), compared with 2140 other packages in 96 security settings`
fn sizes(loaded: &Loaded) -> String {
    let Model { packages, security, .. } = &loaded.model;
    let how = match &loaded.choice.origin {
        Origin::All => "all that is permitted: no pool is needed".to_owned(),
        Origin::Stored(name) => format!("from {name}"),
        Origin::Made(took) => format!("selected in {:.1} s", took.as_secs_f64()),
    };
    let others = packages.keys.len() - packages.n_candidates;
    let settings = security.representative.len();
    format!(
        "{} candidates ({how}), compared with {others} other packages in {settings} security settings",
        packages.n_candidates
    )
}

/// Says where the candidates come from, unless that is as it should be.
pub(super) fn note(loaded: &Loaded, model: &str, talk: Talk) {
    let Origin::Made(took) = &loaded.choice.origin else { return };
    if let Some(stale) = &loaded.choice.stale {
        talk.note(&format!("{stale} belongs to another structure: issues, options, rules or ranges have changed"));
    }
    let n = loaded.model.packages.n_candidates;
    let how = format!("{n} candidates were selected from a larger space in {:.1} s", took.as_secs_f64());
    let file = pool::beside(model);
    let on_disk = Path::new(model).extension().is_some() && loaded.scenarios.is_empty() && loaded.sets.is_empty();
    talk.note(&if on_disk {
        let (model, file) = (quoted(model), quoted(&file.display().to_string()));
        format!("{how}; to store them: detente pool {model} --out {file}")
    } else {
        how
    });
}

/// Steps of war at which candidates are compared, besides the first: a third and two thirds of the talks.
fn steps(model: &Model) -> Vec<usize> {
    let horizon = model.clock.horizon_steps;
    let mut steps = vec![0, horizon / 3, 2 * horizon / 3];
    steps.dedup();
    steps
}

fn compare(args: &PoolArgs, model: &Model, talk: Talk) -> Result<(), Failure> {
    let seed = args.seed.number();
    let mut found: BTreeMap<(usize, Missed), Vec<Miss>> = BTreeMap::new();
    for replication in 0..args.reps {
        for steps in steps(model) {
            for miss in missed(model, Probe { seed, replication, steps }) {
                found.entry((steps, miss.what)).or_default().push(miss);
            }
        }
    }
    if model.space.listing == Listing::Complete {
        talk.note("every permitted package is a candidate: nothing can be missed");
    }
    let mut grid =
        Grid::new(&["month", "sought", "compared", "miss_rate", "mean_loss", "worst_loss", "near_loss", "truth"]);
    for ((steps, what), misses) in &found {
        grid.push(row(model, *steps, *what, misses));
    }
    out::print(&args.format.render(&grid))
}

fn row(model: &Model, steps: usize, what: Missed, misses: &[Miss]) -> Vec<Cell> {
    let n = misses.len() as f64;
    let losses = || misses.iter().map(|miss| miss.loss);
    let what = match what {
        Missed::Deal => "deal".to_owned(),
        Missed::Offer(actor) => format!("offer of {}", model.actors[actor.index()].id),
    };
    let complete = misses.iter().all(|miss| miss.complete);
    vec![
        Cell::number(steps as f64 * model.clock.months_per_step, 1),
        Cell::text(what),
        Cell::count(misses.len() as u64),
        Cell::number(losses().filter(|loss| *loss > 0.0).count() as f64 / n, 3),
        Cell::number(losses().sum::<f64>() / n, 4),
        Cell::number(losses().fold(0.0, f64::max), 4),
        Cell::number(misses.iter().map(|miss| miss.near).sum::<f64>() / n, 4),
        Cell::text(if complete { "every package" } else { "64 ascents" }),
    ]
}
