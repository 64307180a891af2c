//! `detente models`

use super::args::Format;
use super::{Failure, out};
use crate::report::grid::{Cell, Grid};
use crate::source::embedded;
use crate::spec::tree::Sources;

/// Lists the embedded models.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente models\n")]
pub struct ModelsArgs {
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

pub(super) fn run(args: &ModelsArgs) -> Result<(), Failure> {
    let mut grid = Grid::new(&["model", "title", "scenarios"]);
    for file in embedded::models() {
        let reading = crate::spec::read(&Sources::single(file.path(), file.text), &[]);
        let title = reading.spec.map(|spec| spec.model.title.text).unwrap_or_default();
        grid.push(vec![
            Cell::text(file.name),
            Cell::text(title),
            Cell::count(embedded::scenarios(file).count() as u64),
        ]);
    }
    out::print(&args.format.render(&grid))
}
