//! `detente describe MODEL`

use clap::ValueEnum;

use super::args::ModelArgs;
use super::talk::Talk;
use super::{Failure, out, pool};
use crate::design::plan::Trace;
use crate::report::describe;
use crate::report::grid::pretty;
use crate::sink::{Tables, header};
use crate::source::load;

/// Says what a model contains.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente describe ukraine-2025\n")]
pub struct DescribeArgs {
    #[command(flatten)]
    model: ModelArgs,

    /// In words, for drivers, or the columns of its result tables
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DescribeFormat,
}

/// Forms of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DescribeFormat {
    /// Section by section, to be read.
    Text,
    /// Parameters, outcomes and what can be chosen, for drivers.
    Json,
    /// Every column of every result table, as CSV.
    Codebook,
}

pub(super) fn run(args: &DescribeArgs, talk: Talk) -> Result<(), Failure> {
    let loaded = load(&args.model.model, &args.model.overlay.scenario, &args.model.overlay.sets)?;
    pool::note(&loaded, &args.model.model, talk);
    out::print(&match args.format {
        DescribeFormat::Text => describe::text(&loaded),
        DescribeFormat::Json => pretty(&describe::json(&loaded)),
        DescribeFormat::Codebook => {
            let tables = Tables::new(&loaded.model, Trace::Moves, &[]);
            let mut table = header(&tables.codebook);
            table.append(&tables.codebook_rows(true));
            String::from_utf8_lossy(&table.bytes).into_owned()
        }
    })
}
