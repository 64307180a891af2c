//! Measures of outcomes.

use super::Context;
use super::resolve::ids;
use super::sink::Sink;
use crate::model::kind::Kind;
use crate::model::{Measure, Measures};

impl Context<'_> {
    /// Compiles what is to be measured.
    pub fn measures(&mut self) -> Measures {
        let written = &self.spec.measures;
        let path = "measures.columns";
        let mut columns: Vec<Measure> = Vec::with_capacity(written.columns.len());
        for name in &written.columns {
            columns.push(self.word(name, path, &Measure::ALL));
        }
        let known: Vec<&str> = ids(&self.spec.actors).collect();
        let mut weights = vec![1.0; known.len()];
        for (name, number) in &written.weights {
            let value = self.constant(number, Sink::fixed(Kind::Index).not_negative());
            let Some(index) = self.find(&known, name, "measures.weights", "an actor") else { continue };
            if self.spec.actors[index].1.role.text != "signatory" {
                let message = format!("`{}` does not sign and has no bargaining power", name.text);
                self.problems.error("E0507", Some(name.span), "measures.weights", message, None);
            }
            weights[index] = value.unwrap_or(1.0);
        }
        Measures { columns, weights }
    }
}
