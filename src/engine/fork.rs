//! A negotiation that goes on under other assumptions from some step on, with the same random numbers: what if?
//!
//! Before the step nothing is touched. At the step, before anything else happens in it, the numbers of another model take
//! the place of those of the first (parameters are dealt again from the same streams, so that an unchanged distribution
//! gives the value it gave), and what is to be different in the world is put there. Who holds office, what is believed,
//! what was signed, used and announced stay as they are. Numbers that only decide the start (the start of a state, the
//! prior of a type) have done their work and change nothing but what is computed from them later.

use super::game::Game;
use super::nodes;
use super::setup::Setup;
use crate::model::Model;
use crate::rng::Streams;

/// What is different in the world itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Touch {
    /// A state has this value.
    State {
        /// Index of the state.
        state: usize,
        /// Its value, kept within its range.
        value: f64,
    },
    /// A term is in force.
    Term {
        /// Index of the issue.
        issue: usize,
        /// Index of the option.
        option: u16,
    },
    /// Somebody of this type holds office.
    Office {
        /// Index of the actor, with named types.
        actor: usize,
        /// Index of the type.
        type_index: usize,
    },
}

/// From a step on, another model and another world.
#[derive(Clone, Debug)]
pub struct Fork<'m> {
    pub(super) step: usize,
    pub(super) model: &'m Model,
    touches: Vec<Touch>,
    /// Nothing but parameters differs between the models.
    alike: bool,
}

/// A model whose numbers cannot take the place of another's in the middle of a negotiation: its shape differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unlike;

impl<'m> Fork<'m> {
    /// From `step` (at least 1) on, `other` takes the place of `before`, and the touches are applied.
    ///
    /// # Errors
    /// When the models differ in more than numbers: in time, issues, packages, or in what there is.
    pub fn new(before: &Model, other: &'m Model, step: usize, touches: Vec<Touch>) -> Result<Self, Unlike> {
        let same_shape = before.clock == other.clock
            && before.layout == other.layout
            && before.packages == other.packages
            && before.security == other.security
            && before.issues.iter().zip(&other.issues).all(|(a, b)| a.options.len() == b.options.len())
            && before.instruments.iter().zip(&other.instruments).all(|(a, b)| a.variants == b.variants)
            && before.attacks.iter().zip(&other.attacks).all(|(a, b)| a.nodes == b.nodes)
            && before.behaviour.evaluator == other.behaviour.evaluator
            && Setup::new(before).same_shape(&Setup::new(other));
        if !same_shape || step == 0 {
            return Err(Unlike);
        }
        let mut plain = other.clone();
        plain.spec.clone_from(&before.spec);
        plain.scalars.clone_from(&before.scalars);
        let alike = plain == *before;
        Ok(Self { step, model: other, touches, alike })
    }
}

impl Game {
    /// Takes over the numbers of a fork's model and what is different in the world. Returns whether anything is.
    pub(super) fn turn_to(&mut self, fork: &Fork<'_>, setup: &Setup, streams: &Streams) -> bool {
        let model = fork.model;
        let before = self.scalars.clone();
        self.draw_again(model, streams);
        let same_numbers = before.len() == self.scalars.len()
            && before.iter().zip(&self.scalars).all(|(a, b)| a.to_bits() == b.to_bits());
        let mut changed = !(fork.alike && same_numbers);
        for touch in &fork.touches {
            changed |= self.touch(model, setup, *touch);
        }
        if !changed {
            return false;
        }
        self.convince(model);
        self.fix_terms_in_minds(model);
        self.fix_terms(model);
        self.shocks.tune(model, setup, &mut self.buffers, &self.scalars, &self.world);
        self.clamps += self.world.derive(model, &mut self.buffers.tools(&self.scalars), 1, false);
        self.revalue(model, setup, fork.step, true);
        true
    }

    /// Puts one thing; returns whether it was different before.
    fn touch(&mut self, model: &Model, setup: &Setup, touch: Touch) -> bool {
        let (slot, value) = match touch {
            Touch::State { state, value } => {
                let declared = &model.states[state];
                (model.layout.state + state as u32, value.clamp(declared.low, declared.high))
            }
            Touch::Office { actor, type_index } => {
                self.nodes.truth[actor] = type_index;
                (nodes::slot(model, actor), type_index as f64)
            }
            Touch::Term { issue, option } => {
                let different = self.registers.of(model, self.register)[issue] != option;
                if different {
                    self.registers.adopt(model, setup, self.register);
                    self.registers.put(setup, issue, option);
                    self.put_in_force(model, setup.in_force);
                }
                return different;
            }
        };
        let different = self.world.get(slot, 0).to_bits() != value.to_bits();
        self.world.set(slot, 0, value);
        different
    }
}

/// Whether a model's negotiations can be forked: not where they are solved backward once, at the start.
#[must_use]
pub fn can_fork(model: &Model) -> bool {
    !model.behaviour.evaluator.is_induction()
}
