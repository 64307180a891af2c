//! Results that concern one component.

use super::case::case;
use super::table::Checks;
use crate::design::{coverage, wald, wilson};

pub(super) fn check(checks: &mut Checks) {
    intervals(checks);
}

/// S04: Wilson intervals, and how often they hold the truth.
fn intervals(checks: &mut Checks) {
    for (row, pointer) in case("S04").rows("/x_n").iter().zip(["/ci_10_50", "/ci_0_20", "/ci_3_1000"]) {
        let interval = wilson(row[0] as u64, row[1] as u64);
        checks.exact("S04", &format!("{pointer}/0"), interval.low);
        checks.exact("S04", &format!("{pointer}/1"), interval.high);
    }
    for (index, row) in case("S04").rows("/cov").iter().enumerate() {
        let (n, p) = (row[0] as u64, row[1]);
        checks.exact("S04", &format!("/coverage_wilson/{index}"), coverage(n, p, wilson));
        checks.exact("S04", &format!("/coverage_wald/{index}"), coverage(n, p, wald));
        if index == 0 {
            checks.exact("S04", "/cov30", coverage(n, p, wilson));
        }
    }
}
