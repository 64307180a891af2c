//! What can be typed. What it means is decided by each subcommand.

use clap::{Parser, Subcommand, ValueEnum};

use super::talk::Color;
use super::{
    appraise, batch, check, compare, completions, describe, explain, import, man, merge, models, new, pool, report,
    run, scenarios, signs, sweep, trace, verify, verify_theory,
};
use crate::report::grid::{Grid, pretty};

/// Simulate negotiations, the agreements they reach and the years after them.
///
/// Détente plays a model of a negotiation many times with different draws of everything that is uncertain, and counts
/// how it ends and why. Models are text files; some ship inside this program. It computes what assumptions imply and
/// does not forecast.
#[derive(Debug, Parser)]
#[command(
    name = "detente",
    version,
    max_term_width = 100,
    after_help = "Example:\n  detente run ukraine-2025 --reps 20\n"
)]
pub struct Args {
    /// Print results and errors only: no notes, no progress
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// When to colour messages (`NO_COLOR` is honoured)
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play a model many times and summarise how it ended
    Run(run::RunArgs),
    /// Play a model at many points, or a whole experiment
    Sweep(sweep::SweepArgs),
    /// Count the points of a run or sweep and estimate time and space
    Plan(sweep::PlanArgs),
    /// Compare two runs or two points, replication by replication
    Compare(compare::CompareArgs),
    /// Make one page of a run or sweep: charts, tables and what they say
    Report(report::ReportArgs),
    /// Make one run of its shards
    Merge(merge::MergeArgs),
    /// Check that a run directory is whole, and play some of its rows again
    Verify(verify::VerifyArgs),
    /// Play rows of settings from another program
    Batch(batch::BatchArgs),
    /// Report every problem of model files
    Check(check::CheckArgs),
    /// Tell one negotiation move by move
    Trace(trace::TraceArgs),
    /// Value one fixed package, or all reference packages
    Appraise(appraise::AppraiseArgs),
    /// Say what a model contains
    Describe(describe::DescribeArgs),
    /// List the models that ship with this program
    Models(models::ModelsArgs),
    /// List the scenarios of a model
    Scenarios(scenarios::ScenariosArgs),
    /// Compare what each mechanism does with what is documented of it
    Signs(signs::SignsArgs),
    /// Select the candidates of a model with too many packages, or measure what they miss
    Pool(pool::PoolArgs),
    /// Play the classics of bargaining and war, and compare with what theory says
    VerifyTheory(verify_theory::VerifyTheoryArgs),
    /// Write a small commented model to start from
    New(new::NewArgs),
    /// Read a negotiation domain of another program
    Import(import::ImportArgs),
    /// Explain the code of an error or a warning
    Explain(explain::ExplainArgs),
    /// Print completions for a shell
    Completions(completions::CompletionsArgs),
    /// Print a manual page
    Man(man::ManArgs),
}

/// A model and what is laid over it.
#[derive(Clone, Debug, clap::Args)]
pub struct ModelArgs {
    /// A model that ships (`detente models`), or the path of a model file
    #[arg(value_name = "MODEL")]
    pub model: String,

    #[command(flatten)]
    pub overlay: OverlayArgs,
}

/// What is laid over a model, in the order given.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct OverlayArgs {
    /// Apply a scenario of the model, or an overlay file (repeatable, in order)
    #[arg(long, value_name = "NAME")]
    pub scenario: Vec<String>,

    /// Set one number or name of the model, such as actors.US.patience=0.9 (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub sets: Vec<String>,
}

/// Where random draws start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// As given.
    Fixed(u64),
    /// To be drawn from the operating system.
    Random,
}

impl Seed {
    /// Reads `random` or a whole number below 2^64.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text == "random" {
            return Ok(Self::Random);
        }
        text.parse().map(Self::Fixed).map_err(|_| "a seed is `random` or a whole number from 0 to 2^64 - 1".to_owned())
    }

    /// The number; a random one has 32 bits, short enough to type again.
    #[must_use]
    pub fn number(self) -> u64 {
        use std::hash::{BuildHasher, Hasher};
        match self {
            Self::Fixed(number) => number,
            // The standard library seeds it from the operating system.
            Self::Random => std::hash::RandomState::new().build_hasher().finish() >> 32,
        }
    }
}

/// How a table of results is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// To be read.
    #[default]
    Table,
    /// One line a row, with a header.
    Csv,
    /// One object a row.
    Json,
}

/// Widest line of a printed table.
const WIDTH: u16 = 110;

impl Format {
    /// The table in this form.
    pub(super) fn render(self, grid: &Grid) -> String {
        match self {
            Self::Table => grid.to_table(Some(WIDTH)),
            Self::Csv => grid.to_csv(),
            Self::Json => pretty(&grid.to_json()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn zero_is_a_seed_and_a_random_seed_is_short() {
        assert_eq!(Seed::parse("0"), Ok(Seed::Fixed(0)));
        assert_eq!(Seed::parse("18446744073709551615"), Ok(Seed::Fixed(u64::MAX)));
        assert!(Seed::parse("-1").is_err());
        assert!(Seed::parse("18446744073709551616").is_err());
        assert!(Seed::Random.number() < 1 << 32);
    }
}
