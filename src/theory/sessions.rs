//! Sessions of another program on the models of `models/peers` ([`crate::report::peers`]).

use super::table::{Class, Row};
use crate::report::peers::{SOURCE, compare_all};

/// Every number that was printed of every session, after the cases of the theory.
pub(super) fn rows() -> Vec<Row> {
    let compared = compare_all().expect("the peers ship, and a test plays every session");
    let row = |one: crate::report::peers::Compared| Row {
        case: one.case,
        source: SOURCE,
        row: one.row.to_owned(),
        class: Class::Exact,
        expected: one.expected,
        obtained: one.obtained,
        tolerance: one.tolerance,
    };
    compared.into_iter().map(row).collect()
}
