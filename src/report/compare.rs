//! A comparison as a table.

use crate::design::Paired;
use crate::num::sqrt;
use crate::report::grid::{Cell, Grid};
use crate::run::compare::Comparison;

/// How to read the table.
pub const NOTE: &str = "differences are second minus first, paired by replication, with 95 % intervals; outcomes and agreement are shares.
alone: what the error would be without shared draws; divides: by how much pairing divides the variance of the difference";

/// Factors above this say nothing: the difference is the same in every pair.
const ALL_OF_IT: f64 = 1e6;

/// All numbers, a row a quantity.
#[must_use]
pub fn full(comparison: &Comparison) -> Grid {
    let mut grid = Grid::new(&[
        "quantity",
        "n",
        "first",
        "second",
        "difference",
        "low",
        "high",
        "standard_error",
        "independent_error",
        "variance_divided_by",
        "note",
    ]);
    for (name, paired) in &comparison.differences {
        let interval = paired.interval();
        let (first, second) = paired.means();
        grid.push(vec![
            Cell::text(name),
            Cell::count(paired.count()),
            Cell::number(first, 6),
            Cell::number(second, 6),
            Cell::number(paired.mean(), 6),
            Cell::number(interval.map(|interval| interval.low), 6),
            Cell::number(interval.map(|interval| interval.high), 6),
            Cell::number(paired.standard_error(), 6),
            Cell::number(independent(paired), 6),
            Cell::number(paired.variance_reduction(), 6),
            Cell::text(note(paired)),
        ]);
    }
    grid
}

/// The table to be read: outcomes, agreement, and what differs; all of it if wanted.
#[must_use]
pub fn grid(comparison: &Comparison, all: bool) -> Grid {
    let mut grid =
        Grid::new(&["quantity", "n", "first", "second", "difference", "interval", "error", "alone", "divides", "note"]);
    for (name, paired) in &comparison.differences {
        if !all && includes_zero(paired) && !name.starts_with("outcome_") && name != "agreement" {
            continue;
        }
        let (first, second) = paired.means();
        let ends = paired.interval().map(|interval| format!("{:.3}–{:.3}", interval.low, interval.high));
        grid.push(vec![
            Cell::text(name),
            Cell::count(paired.count()),
            Cell::number(first, 3),
            Cell::number(second, 3),
            Cell::number(paired.mean(), 3),
            ends.map_or(Cell::Missing, Cell::Text),
            Cell::number(paired.standard_error(), 4),
            Cell::number(independent(paired), 4),
            Cell::number(paired.variance_reduction().filter(|factor| *factor < ALL_OF_IT), 2),
            Cell::text(note(paired)),
        ]);
    }
    grid
}

/// Standard error of the difference of two independent runs with the same variances.
fn independent(paired: &Paired) -> Option<f64> {
    let factor = paired.variance_reduction().filter(|factor| factor.is_finite())?;
    Some(paired.standard_error()? * sqrt(factor))
}

fn includes_zero(paired: &Paired) -> bool {
    paired.interval().is_none_or(|interval| interval.low <= 0.0 && interval.high >= 0.0)
}

fn note(paired: &Paired) -> &'static str {
    match (includes_zero(paired), paired.count() < 30) {
        (true, true) => "includes 0, few",
        (true, false) => "includes 0",
        (false, true) => "few",
        (false, false) => "",
    }
}
