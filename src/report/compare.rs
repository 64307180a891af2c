//! A comparison as a table.

use crate::num::sqrt;
use crate::report::grid::{Cell, Grid};
use crate::run::compare::Comparison;

/// How to read the table.
pub const NOTE: &str = "differences are second minus first, paired by replication, with 95 % intervals; outcomes and agreement are shares.
independent error: what the error would be without shared draws; the last number is by how much pairing divides the variance";

/// A row a quantity; only those that differ and all outcomes unless `all`.
#[must_use]
pub fn grid(comparison: &Comparison, all: bool) -> Grid {
    let mut grid = Grid::new(&[
        "quantity",
        "n",
        "first",
        "second",
        "difference",
        "low",
        "high",
        "error",
        "independent_error",
        "variance_divided_by",
        "note",
    ]);
    for (name, paired) in &comparison.differences {
        let interval = paired.interval();
        let zero = interval.is_none_or(|interval| interval.low <= 0.0 && interval.high >= 0.0);
        if !all && zero && !name.starts_with("outcome_") && name != "agreement" {
            continue;
        }
        let (first, second) = paired.means();
        let error = paired.standard_error();
        let reduction = paired.variance_reduction();
        let independent = error.zip(reduction).map(|(error, factor)| error * sqrt(factor));
        let few = paired.count() < 30;
        let note = match (zero, few) {
            (true, true) => "includes 0, few",
            (true, false) => "includes 0",
            (false, true) => "few",
            (false, false) => "",
        };
        grid.push(vec![
            Cell::text(name),
            Cell::count(paired.count()),
            Cell::number(first, 3),
            Cell::number(second, 3),
            Cell::number(paired.mean(), 4),
            Cell::number(interval.map(|interval| interval.low), 4),
            Cell::number(interval.map(|interval| interval.high), 4),
            Cell::number(error, 4),
            Cell::number(independent, 4),
            Cell::number(reduction, 2),
            Cell::text(note),
        ]);
    }
    grid
}
