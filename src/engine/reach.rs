//! What the mean path of the war can read (`core.md` 7, 12): so a review projects only what its owner's value depends on.
//!
//! Everything here is worked out once from the programs of a model. A slice holds every slot that an actor's value of
//! disagreement can reach, through derived values, changes of state and events; whatever lies outside is left as it
//! stood at the start and moves nothing that is read.

use super::setup::mark_reads;
use crate::model::expr::Program;
use crate::model::{Effect, Lever, Model, OptionValues, Trigger, Value};

/// What one actor's projection reads.
#[derive(Clone, Debug, Default)]
pub(super) struct Slice {
    /// States to be moved.
    pub(super) states: Vec<bool>,
    /// Derived values to be computed.
    pub(super) derived: Vec<bool>,
    /// Events that may move any of it.
    pub(super) events: Vec<bool>,
    /// Actors whose type it reads.
    pub(super) types: Vec<bool>,
}

impl Slice {
    /// The slice of `actor`'s value of disagreement.
    pub(super) fn new(model: &Model, actor: usize) -> Self {
        let mut marks = vec![false; model.layout.len as usize];
        for program in valued_by(model, actor) {
            mark_reads(model, program, &mut marks);
        }
        let events = close(model, &mut marks);
        let rows = |first: u32, n: usize| marks[first as usize..first as usize + n].to_vec();
        let layout = model.layout;
        let types = (0..model.actors.len()).map(|a| marks[super::nodes::slot(model, a) as usize]).collect();
        Self {
            states: rows(layout.state, model.states.len()),
            derived: rows(layout.derived, model.derived.len()),
            events,
            types,
        }
    }

    /// Whether using a lever can change the value at all.
    pub(super) fn feels(&self, lever: &Lever) -> bool {
        lever.effects.iter().any(|effect| self.states[effect.state.index()])
    }
}

/// Programs that an actor's value of disagreement reads directly, in whatever regime.
fn valued_by(model: &Model, actor: usize) -> Vec<&Program> {
    let declared = &model.actors[actor];
    let options = declared.values.iter().filter_map(|values| match values {
        OptionValues::List(list) => Some(list),
        OptionValues::None | OptionValues::Expr(_) => None,
    });
    let values = options
        .flatten()
        .chain(&declared.no_deal_flow)
        .chain(&declared.war_cost)
        .chain(declared.weights.iter().flatten())
        .chain(declared.terms.iter().map(|term| &term.value))
        .chain(model.hazards.iter().map(|hazard| &hazard.rate))
        .chain(model.foresight.iter().map(|(_, chance)| chance));
    values.filter_map(program_of).collect()
}

fn program_of(value: &Value) -> Option<&Program> {
    match value {
        Value::Program(program) => Some(program),
        Value::Const(_) | Value::Scalar(_) => None,
    }
}

/// Marks what moves the marked states, until nothing is added; returns the events among it.
fn close(model: &Model, marks: &mut [bool]) -> Vec<bool> {
    let state = |index: usize| model.layout.state as usize + index;
    let mut events = vec![false; model.events.len()];
    loop {
        let before = marks.iter().filter(|&&m| m).count() + events.iter().filter(|&&e| e).count();
        for (index, declared) in model.states.iter().enumerate() {
            if let (true, Some(change)) = (marks[state(index)], &declared.change) {
                mark_reads(model, change, marks);
            }
        }
        for (index, event) in model.events.iter().enumerate() {
            let moved = |effect: &Effect| marks[state(effect.state.index())];
            let ends = event.ends_mediation && marks[model.layout.mediating as usize];
            if !ends && !event.effects.iter().any(moved) {
                continue;
            }
            events[index] = true;
            if let Trigger::When(program) = &event.trigger {
                mark_reads(model, program, marks);
            }
            for program in event.effects.iter().filter_map(|effect| program_of(&effect.amount)) {
                mark_reads(model, program, marks);
            }
        }
        if marks.iter().filter(|&&m| m).count() + events.iter().filter(|&&e| e).count() == before {
            return events;
        }
    }
}
