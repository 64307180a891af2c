//! `detente scenarios MODEL`

use super::args::{Format, Seed};
use super::progress::Meter;
use super::signals::Signals;
use super::signs::{control, failure, stopped};
use super::talk::Talk;
use super::{Failure, out};
use crate::report::grid::{Cell, Grid};
use crate::report::signs::futures;
use crate::run::lab::silence_workers;
use crate::run::signs::PrepareError;
use crate::run::signs::bench::{Base, Means};
use crate::run::signs::futures::own_futures;
use crate::run::signs::lines::Overlay;
use crate::source::load::overlays;

/// Lists the scenarios of a model, or checks that each brings about the future it stands for.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente scenarios ukraine-2025\n\n`detente scenarios ukraine-2025 --check` plays each of them beside the base.\n"
)]
pub struct ScenariosArgs {
    /// A model that ships, or the path of a model file
    #[arg(value_name = "MODEL")]
    model: String,

    /// Play every scenario beside the base on the same draws: how often does its own future come?
    #[arg(long)]
    check: bool,

    /// Replications of each, with --check
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u64).range(2..), requires = "check")]
    reps: u64,

    /// Where random draws start, with --check
    #[arg(long, value_name = "S", default_value = "2025", value_parser = Seed::parse, requires = "check")]
    seed: Seed,

    /// Worker threads, with --check [default: one a core]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024), requires = "check")]
    threads: Option<u16>,

    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

pub(super) fn run(args: &ScenariosArgs, talk: Talk) -> Result<(), Failure> {
    if args.check {
        return check(args, talk);
    }
    let mut grid = Grid::new(&["scenario", "about"]);
    for overlay in overlays(&args.model)? {
        grid.push(vec![Cell::text(overlay.name), Cell::text(first_comment(&overlay.file.text))]);
    }
    out::print(&args.format.render(&grid))
}

fn check(args: &ScenariosArgs, talk: Talk) -> Result<(), Failure> {
    let names: Vec<String> = overlays(&args.model)?.into_iter().map(|overlay| overlay.name).collect();
    let signals = Signals::install().map_err(Failure::Signals)?;
    let control = control(args.threads, &signals);
    silence_workers();
    let nothing = Overlay::default();
    let means = Means {
        seed: args.seed.number(),
        replications: args.reps,
        draws: 0,
        control: &control,
        progress: &Meter::new(talk),
    };
    talk.note(&format!("{} scenarios and the base, seed {}, {} replications each", names.len(), means.seed, args.reps));
    let base = Base { name: &args.model, overlay: &nothing };
    let (rows, failed) = own_futures(base, &names, &means).map_err(|error| match error {
        PrepareError::Run(error) => stopped(error, &signals),
        PrepareError::Load(_) => failure(error),
    })?;
    if failed > 0 {
        talk.note(&format!("{failed} replications failed and are left out"));
    }
    out::print(&args.format.render(&futures(&rows)))
}

/// The first line of comment of an overlay says what it changes.
fn first_comment(text: &str) -> &str {
    text.lines().find_map(|line| line.trim().strip_prefix('#')).map_or("", |line| line.trim_start_matches('#').trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlay_is_described_by_its_first_comment() {
        assert_eq!(first_comment("\n# The backer leaves.\n# And more.\nx = 1"), "The backer leaves.");
        assert_eq!(first_comment("x = 1"), "");
    }
}
