//! `detente scenarios MODEL`

use super::args::Format;
use super::{Failure, out};
use crate::report::grid::{Cell, Grid};
use crate::source::load::overlays;

/// Lists the scenarios of a model.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente scenarios ukraine-2025\n")]
pub struct ScenariosArgs {
    /// A model that ships, or the path of a model file
    #[arg(value_name = "MODEL")]
    model: String,

    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

pub(super) fn run(args: &ScenariosArgs) -> Result<(), Failure> {
    let mut grid = Grid::new(&["scenario", "about"]);
    for overlay in overlays(&args.model)? {
        grid.push(vec![Cell::text(overlay.name), Cell::text(first_comment(&overlay.file.text))]);
    }
    out::print(&args.format.render(&grid))
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
