//! What a scenario stands for.

use super::Context;
use crate::model::{Future, Scenario};

impl Context<'_> {
    /// Compiles `[scenario]`.
    pub fn scenario(&mut self) -> Option<Scenario> {
        let written = self.spec.scenario.as_ref()?;
        let outcomes: Vec<&str> = self.spec.outcomes.iter().map(|outcome| outcome.id.text.as_str()).collect();
        let columns: Vec<&str> = self.spec.outcome_columns.iter().map(|column| column.id.text.as_str()).collect();
        let known: Vec<&str> = outcomes.iter().chain(&columns).copied().collect();
        let mut futures = Vec::with_capacity(written.future.len());
        for name in &written.future {
            let found = self.find(&known, name, "scenario.future", "an outcome or a column");
            futures.extend(found.map(|at| match at.checked_sub(outcomes.len()) {
                None => Future::Outcome(at),
                Some(column) => Future::Column(column),
            }));
        }
        Some(Scenario {
            about: written.notes.about.as_ref().map(|about| about.text.clone()),
            futures,
            less: written.direction.as_ref().is_some_and(|direction| direction.text == "less"),
            inventory: written.notes.inventory.iter().map(|row| row.text.clone()).collect(),
        })
    }
}
