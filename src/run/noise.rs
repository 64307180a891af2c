//! The noise share (`core.md` 20): how many of the first replications end otherwise on the same draws once nobody misjudges
//! and everybody takes the best choice. High, and what looks like behaviour is noise.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use crate::design::wilson;
use crate::id::OutcomeId;
use crate::sink::SummaryRow;

use super::chunk::Workshop;
use super::control::Play;

impl<P: Play> Workshop<'_, P> {
    /// The row of `summary.csv`, from the outcomes of the first jobs; no row without any, none at all if it was told to
    /// stop. A job that failed is not counted.
    pub fn noise(&self, first: &[Option<OutcomeId>]) -> Option<Vec<SummaryRow>> {
        let again = |(index, outcome): (usize, &Option<OutcomeId>)| {
            if self.control.is_stopped() {
                return Err(());
            }
            let changed = outcome.and_then(|outcome| Some(self.exactly(index as u64)? != outcome));
            self.progress.advanced(self.done.fetch_add(1, Ordering::Relaxed) + 1);
            Ok(changed)
        };
        let changed: Result<Vec<Option<bool>>, ()> = first.par_iter().enumerate().map(again).collect();
        let changed = changed.ok()?;
        let (n, k) = changed.iter().flatten().fold((0, 0), |(n, k), &changed| (n + 1, k + u64::from(changed)));
        if n == 0 {
            return Some(Vec::new());
        }
        let interval = wilson(k, n);
        Some(vec![SummaryRow {
            point: 0,
            quantity: "noise".to_owned(),
            category: String::new(),
            statistic: "share".to_owned(),
            n,
            value: Some(k as f64 / n as f64),
            low: Some(interval.low),
            high: Some(interval.high),
        }])
    }

    /// Outcome of a job without noise; none if it fails.
    fn exactly(&self, index: u64) -> Option<OutcomeId> {
        let mut workspace = self.take().unwrap_or_else(|| self.engine.workspace());
        let job = self.plan.job(index);
        // A workspace that a panic may have left half-changed is thrown away.
        let outcome = catch_unwind(AssertUnwindSafe(|| self.engine.play_exactly(job, &mut workspace).outcome)).ok()?;
        self.give_back(workspace);
        Some(outcome)
    }
}
