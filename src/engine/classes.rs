//! Joint profiles that the mean path cannot tell apart (`core.md` 7): they share a lane.
//!
//! An actor's own flows are worked out for each of its types in every lane, so its type needs lanes of its own only where
//! something else reads it: the state, a hazard, an event, a lever, a pledge, or somebody else's flows.

use super::nodes;
use crate::model::expr::{Program, Slot};
use crate::model::{Actor, Effect, Model, OptionValues, Trigger, Value};

/// Which joint profile stands for each.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    /// Class of each joint profile.
    pub(super) of: Vec<u32>,
    /// A joint profile of each class.
    pub(super) profiles: Vec<u32>,
    /// Whether each actor's type matters to the path.
    pub(super) felt: Vec<bool>,
    /// Whether each actor's own flows read its type as a name.
    pub(super) own: Vec<bool>,
}

impl Classes {
    /// The classes of `n` joint profiles, `profiles[profile * actors + actor]`.
    pub(super) fn new(model: &Model, profiles: &[u16], n: usize) -> Self {
        let actors = model.actors.len();
        let common = common_programs(model);
        let flows: Vec<Vec<&Program>> = model.actors.iter().map(flow_programs).collect();
        let reads = |programs: &[&Program], actor: usize| {
            let slot = Slot::Lane(nodes::slot(model, actor));
            programs.iter().any(|program| program.reads().contains(&slot))
        };
        let felt: Vec<bool> = (0..actors)
            .map(|actor| {
                reads(&common, actor) || (0..actors).any(|other| other != actor && reads(&flows[other], actor))
            })
            .collect();
        let own = (0..actors).map(|actor| reads(&flows[actor], actor)).collect();
        let mut representatives: Vec<u32> = Vec::new();
        let same = |a: usize, b: usize| {
            (0..actors).all(|actor| !felt[actor] || profiles[a * actors + actor] == profiles[b * actors + actor])
        };
        let of = (0..n)
            .map(|profile| {
                let known = representatives.iter().position(|&other| same(profile, other as usize));
                known.unwrap_or_else(|| {
                    representatives.push(profile as u32);
                    representatives.len() - 1
                }) as u32
            })
            .collect();
        Self { of, profiles: representatives, felt, own }
    }

    /// Lane of a joint profile in a block.
    pub(super) fn lane(&self, block: usize, profile: usize) -> usize {
        block * self.profiles.len() + self.of[profile] as usize
    }
}

fn program_of(value: &Value) -> Option<&Program> {
    match value {
        Value::Program(program) => Some(program),
        Value::Const(_) | Value::Scalar(_) => None,
    }
}

/// What moves the state, or ends a path, whoever is valued.
fn common_programs(model: &Model) -> Vec<&Program> {
    let levers = model.levers.iter().flat_map(|lever| &lever.effects);
    let effects = levers.chain(model.events.iter().flat_map(|event| &event.effects));
    let amounts = effects.flat_map(|effect: &Effect| {
        [Some(&effect.amount), effect.fading.as_ref().map(|fading| &fading.rate)].into_iter().flatten()
    });
    let values = amounts
        .chain(model.levers.iter().map(|lever| &lever.cost))
        .chain(model.hazards.iter().map(|hazard| &hazard.rate))
        .chain(model.foresight.iter().map(|(_, chance)| chance));
    let triggers = model.events.iter().filter_map(|event| match &event.trigger {
        Trigger::When(program) => Some(program),
        Trigger::Step(_) => None,
    });
    let pledges = || model.levers.iter().flat_map(crate::model::Lever::pledges);
    let conditions = pledges().map(|pledge| &pledge.when);
    let costs = pledges().filter_map(|pledge| program_of(&pledge.audience_cost));
    let changes = model.states.iter().filter_map(|state| state.change.as_ref());
    let derived = model.derived.iter().map(|derived| &derived.program);
    values.filter_map(program_of).chain(triggers).chain(conditions).chain(costs).chain(changes).chain(derived).collect()
}

/// What the flows of an actor read.
fn flow_programs(actor: &Actor) -> Vec<&Program> {
    let options = actor.values.iter().filter_map(|values| match values {
        OptionValues::List(list) => Some(list),
        OptionValues::None | OptionValues::Expr(_) => None,
    });
    let values = options
        .flatten()
        .chain(&actor.no_deal_flow)
        .chain(&actor.war_cost)
        .chain(actor.weights.iter().flatten())
        .chain(actor.terms.iter().map(|term| &term.value))
        .chain([&actor.truce_share]);
    values.filter_map(program_of).collect()
}
