//! `summary.csv`: one number a row, with its interval.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::cell::Rows;
use super::column::{Column, Draft, name_all};
use super::file::FileError;

/// File name.
pub const SUMMARY: &str = "summary.csv";

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SummaryRow {
    /// Point of the design; none where all points are told of together.
    pub point: Option<u64>,
    /// What was measured, such as `outcome`, `term_<issue>`, `agreement_month`.
    pub quantity: String,
    /// Which of several: an outcome, an option, a reason, a month; else empty.
    pub category: String,
    /// `share`, `mean`, `standard_error`, `p05`.., `survival`, `n`.
    pub statistic: String,
    /// Number of replications it is computed from.
    pub n: u64,
    /// The number; none if there was nothing to compute it from.
    pub value: Option<f64>,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl SummaryRow {
    /// Writes the row.
    pub fn write(&self, rows: &mut Rows) {
        rows.maybe_integer(self.point);
        rows.text(&self.quantity);
        rows.text(&self.category);
        rows.text(&self.statistic);
        rows.integer(self.n);
        rows.maybe(self.value);
        rows.maybe(self.low);
        rows.maybe(self.high);
        rows.end();
    }
}

/// Reads the summary of a finished run.
///
/// # Errors
/// When the file cannot be read or is not a summary.
pub fn read(dir: &Path) -> Result<Vec<SummaryRow>, FileError> {
    let path = dir.join(SUMMARY);
    let rows = || -> Result<Vec<SummaryRow>, csv::Error> { csv::Reader::from_path(&path)?.deserialize().collect() };
    rows().map_err(|e| FileError::on("read", &path)(e.into()))
}

/// Columns of the table.
#[must_use]
pub fn columns() -> Vec<Column> {
    name_all([
        Draft::integer("point", "point of the design; missing where the row is of all points together"),
        Draft::text(
            "quantity",
            "what was measured; names of outcome columns where it is one; path: what was signed; noise: share of the first \
             replications that end otherwise on the same draws without misjudgement and with the best choice each time",
        ),
        Draft::text("category", "outcome, option, reason or month it is for; empty where there is only one"),
        Draft::text(
            "statistic",
            "n: a count; share; mean; standard_error; quantiles p05 to p95, of payoffs to a thousandth of a point; survival: \
             share still at peace so many months after signing (Kaplan and Meier); incidence: share whose peace had ended in this \
             way by then, where the ways compete (Aalen and Johansen); first_order, total_order, second_order: Sobol' indices; \
             mu, mu_star, sigma: Morris effects of the factor named as \
             category; difference: mean over replications of a level of a factor minus its first level, other factors \
             averaged; variance_reduction: variance of that difference without pairing, divided by the one with it; \
             assumptions: share over draws of the uncertain parameters, with the range that holds 90 % of draws; \
             between_draws: standard deviation of the share between draws, without sampling",
        ),
        Draft::integer("n", "replications it is computed from").unit("replications"),
        Draft::number("value", "the number; missing where there is nothing to compute it from"),
        Draft::number(
            "low",
            "lower end of the 95 % interval: Wilson of shares, normal of means, log-log of survival and incidence, \
             bootstrap of indices; of assumptions the 5 % quantile over draws",
        ),
        Draft::number("high", "upper end of the 95 % interval; of assumptions the 95 % quantile over draws"),
    ])
}
