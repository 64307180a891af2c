//! The rows of `summary.csv`, to be asked.

use crate::sink::SummaryRow;

/// The rows of one point, or those of all points together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sums<'a> {
    rows: &'a [SummaryRow],
}

impl<'a> Sums<'a> {
    /// All rows.
    pub const fn new(rows: &'a [SummaryRow]) -> Self {
        Self { rows }
    }

    /// Rows of a quantity and statistic, in order.
    pub fn of<'q>(self, quantity: &'q str, statistic: &'q str) -> impl Iterator<Item = &'a SummaryRow> + use<'a, 'q> {
        self.rows.iter().filter(move |row| row.quantity == quantity && row.statistic == statistic)
    }

    /// Rows of a statistic, in order.
    pub fn told(self, statistic: &'static str) -> impl Iterator<Item = &'a SummaryRow> {
        self.rows.iter().filter(move |row| row.statistic == statistic)
    }

    /// The first row of a quantity and statistic.
    pub fn one(self, quantity: &str, statistic: &str) -> Option<&'a SummaryRow> {
        self.of(quantity, statistic).next()
    }

    /// The first row of a quantity, category and statistic.
    pub fn exact(self, quantity: &str, category: &str, statistic: &str) -> Option<&'a SummaryRow> {
        self.of(quantity, statistic).find(|row| row.category == category)
    }

    /// The value of the first row of a quantity and statistic.
    pub fn value(self, quantity: &str, statistic: &str) -> Option<f64> {
        self.one(quantity, statistic).and_then(|row| row.value)
    }
}
