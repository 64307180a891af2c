//! A model at its central values: what its numbers are when every drawn parameter takes the value that stands for its
//! distribution, at the start of the talks.

use crate::model::expr::{Frame, Stack};
use crate::model::{Model, ScalarSource, Types, Value};

/// All numbers of a model at its central values.
#[derive(Debug)]
pub struct Central {
    /// Scalar slots.
    pub scalars: Vec<f64>,
    lanes: Vec<f64>,
    depth: usize,
}

impl Central {
    /// Computes them: scalars in order, the state at the start, the terms of the status quo, derived values in order.
    /// Types are the first of each actor, and no time has passed.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let mut central =
            Self { scalars: Vec::new(), lanes: vec![0.0; model.layout.len as usize], depth: model.stack_depth };
        for scalar in &model.scalars {
            let value = match &scalar.source {
                ScalarSource::Constant(value) => *value,
                ScalarSource::Drawn(distribution) => distribution.central(),
                ScalarSource::Computed(program) => {
                    let value = program.eval_one(central.frame(), 0, &mut Stack::with_depth(central.depth));
                    value.clamp(scalar.low, scalar.high)
                }
            };
            central.scalars.push(value);
        }
        let layout = &model.layout;
        central.lanes[layout.mediating as usize] = 1.0;
        for (slot, issue) in (layout.issues as usize..).zip(&model.issues) {
            central.lanes[slot] = issue.options[usize::from(issue.status_quo)].number;
        }
        for (slot, state) in (layout.state as usize..).zip(&model.states) {
            central.lanes[slot] = central.value(&state.start).clamp(state.low, state.high);
        }
        for (slot, derived) in (layout.derived as usize..).zip(&model.derived) {
            let value = derived.program.eval_one(central.frame(), 0, &mut Stack::with_depth(central.depth));
            central.lanes[slot] = value.clamp(derived.low, derived.high);
        }
        central
    }

    /// The same, with every private parameter at the value that stands for its distribution, and terms in force as the
    /// talks find them.
    #[must_use]
    pub fn at_the_table(mut self, model: &Model) -> Self {
        for actor in &model.actors {
            if let Types::Continuous { slot, distribution, .. } = &actor.types {
                self.lanes[*slot as usize] = distribution.central();
            }
        }
        for ((slot, issue), option) in (model.layout.issues as usize..).zip(&model.issues).zip(&model.register_start) {
            self.lanes[slot] = issue.options[usize::from(*option)].number;
        }
        for (slot, derived) in (model.layout.derived as usize..).zip(&model.derived) {
            let value = derived.program.eval_one(self.frame(), 0, &mut Stack::with_depth(self.depth));
            self.lanes[slot] = value.clamp(derived.low, derived.high);
        }
        self
    }

    fn frame(&self) -> Frame<'_> {
        Frame { scalars: &self.scalars, lanes: &self.lanes, stride: 1 }
    }

    /// A number of the model.
    #[must_use]
    pub fn value(&self, value: &Value) -> f64 {
        match value {
            Value::Const(number) => *number,
            Value::Scalar(slot) => self.scalars[*slot as usize],
            Value::Program(program) => self.program(program),
        }
    }

    /// The value of a program.
    #[must_use]
    pub fn program(&self, program: &crate::model::expr::Program) -> f64 {
        program.eval_one(self.frame(), 0, &mut Stack::with_depth(self.depth))
    }

    /// The value of a program where one issue has another option than the status quo.
    #[must_use]
    pub fn program_at(&self, program: &crate::model::expr::Program, issue_slot: usize, number: f64) -> f64 {
        let mut lanes = self.lanes.clone();
        lanes[issue_slot] = number;
        let frame = Frame { scalars: &self.scalars, lanes: &lanes, stride: 1 };
        program.eval_one(frame, 0, &mut Stack::with_depth(self.depth))
    }
}
