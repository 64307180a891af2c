//! What the mean path of the war can read (`core.md` 7, 12): so a review projects only what its owner's value depends on.
//!
//! Everything here is worked out once from the programs of a model. A slice holds every slot that an actor's value of
//! disagreement can reach, through derived values, changes of state and events; whatever lies outside is left as it
//! stood at the start and moves nothing that is read.

use super::lever_values::{Act, pledge_of};
use super::setup::mark_reads;
use crate::model::expr::Program;
use crate::model::{Effect, Lever, Model, OptionValues, Party, Pledge, Trigger, Value};

/// What a projection for some actors reads.
#[derive(Clone, Debug, Default)]
pub(super) struct Slice {
    /// States to be moved.
    pub(super) states: Vec<bool>,
    /// Derived values to be computed.
    pub(super) derived: Vec<bool>,
    /// Events that may move any of it.
    pub(super) events: Vec<bool>,
    /// Threats and promises that may move any of it.
    pub(super) pledges: Vec<bool>,
    /// Actors whose type it reads.
    pub(super) types: Vec<bool>,
    /// Every slot it reads.
    marks: Vec<bool>,
}

impl Slice {
    /// The slice of the value of disagreement to the marked actors.
    pub(super) fn new(model: &Model, whose: &[bool]) -> Self {
        let mut marks = vec![false; model.layout.len as usize];
        let actors = (0..model.actors.len()).filter(|&actor| whose[actor]);
        for program in actors.flat_map(|actor| valued_by(model, actor)) {
            mark_reads(model, program, &mut marks);
        }
        let (events, pledges) = close(model, whose, &mut marks);
        let rows = |first: u32, n: usize| marks[first as usize..first as usize + n].to_vec();
        let layout = model.layout;
        let types = (0..model.actors.len()).map(|a| marks[super::nodes::slot(model, a) as usize]).collect();
        Self {
            states: rows(layout.state, model.states.len()),
            derived: rows(layout.derived, model.derived.len()),
            events,
            pledges,
            types,
            marks,
        }
    }

    /// Whether an act can change the value at all.
    pub(super) fn feels(&self, model: &Model, act: Act) -> bool {
        let lever = &model.levers[act.lever];
        let reads = |slot: u32| self.marks[slot as usize];
        let heard = |pledge: &Pledge| {
            self.pledges[usize::from(pledge.slot)] || reads(model.layout.announced + u32::from(pledge.slot))
        };
        match pledge_of(lever, act.deed) {
            Some(pledge) => heard(pledge),
            None => moves(model, lever, &self.marks) || lever.pledges().any(heard),
        }
    }
}

/// Whether using a lever moves anything marked.
fn moves(model: &Model, lever: &Lever, marks: &[bool]) -> bool {
    let ends = lever.ends_mediation && marks[model.layout.mediating as usize];
    ends || lever.effects.iter().any(|effect| marks[model.layout.state as usize + effect.state.index()])
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
        .chain([&declared.truce_share])
        .chain(model.hazards.iter().map(|hazard| &hazard.rate))
        .chain(model.foresight.iter().map(|(_, chance)| chance));
    values.filter_map(program_of).collect()
}

/// Everything that levers and events do to the state.
fn effects(model: &Model) -> impl Iterator<Item = &Effect> {
    let levers = model.levers.iter().flat_map(|lever| &lever.effects);
    let prologue = model.prologue.iter().flat_map(|event| &event.effects);
    levers.chain(model.events.iter().flat_map(|event| &event.effects)).chain(prologue)
}

fn program_of(value: &Value) -> Option<&Program> {
    match value {
        Value::Program(program) => Some(program),
        Value::Const(_) | Value::Scalar(_) => None,
    }
}

/// Marks what moves the marked slots of some actors, until nothing is added; returns the events and pledges among it.
fn close(model: &Model, whose: &[bool], marks: &mut [bool]) -> (Vec<bool>, Vec<bool>) {
    let state = |index: usize| model.layout.state as usize + index;
    let mut events = vec![false; model.events.len()];
    let mut pledges = vec![false; model.layout.n_pledges as usize];
    let count = |flags: &[bool]| flags.iter().filter(|&&flag| flag).count();
    loop {
        let before = count(marks) + count(&events) + count(&pledges);
        for lever in &model.levers {
            let own = matches!(lever.party(), Party::Actor(actor) if whose[actor.index()]);
            if own || moves(model, lever, marks) {
                for pledge in lever.pledges() {
                    pledges[usize::from(pledge.slot)] = true;
                    mark_reads(model, &pledge.when, marks);
                    let amounts = lever.effects.iter().map(|effect| &effect.amount);
                    for program in amounts.chain([&lever.cost, &pledge.audience_cost]).filter_map(program_of) {
                        mark_reads(model, program, marks);
                    }
                }
            }
        }
        for effect in effects(model) {
            let rate = effect.fading.as_ref().and_then(|fading| program_of(&fading.rate));
            if let Some(program) = rate.filter(|_| marks[state(effect.state.index())]) {
                mark_reads(model, program, marks);
            }
        }
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
        if count(marks) + count(&events) + count(&pledges) == before {
            return (events, pledges);
        }
    }
}
