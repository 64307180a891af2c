//! Ids of a model as they stand in result tables.

use crate::engine::observer::Deal;
use crate::model::{KEEP, Model, Party, Types};

/// The id of an option; a numeric issue's number as printed.
pub(super) fn option(model: &Model, issue: usize, option: u16) -> &str {
    &model.issues[issue].options[usize::from(option)].id
}

/// The terms of a package: `issue=option;issue=option`; issues that keep what is in force are left out.
#[must_use]
pub fn terms(model: &Model, options: &[u16]) -> String {
    let mut text = String::new();
    for (i, (issue, chosen)) in model.issues.iter().zip(options).enumerate().filter(|(_, (_, o))| **o != KEEP) {
        if !text.is_empty() {
            text.push(';');
        }
        text.push_str(&issue.id);
        text.push('=');
        text.push_str(option(model, i, *chosen));
    }
    text
}

/// The terms of a deal; those of a partial instrument after its id and a colon.
pub(super) fn deal(model: &Model, deal: Deal<'_>) -> String {
    let terms = terms(model, deal.terms);
    let instrument = usize::from(deal.instrument);
    if instrument == model.settlement { terms } else { format!("{}:{terms}", model.instruments[instrument].id) }
}

/// The id of an actor's type; `only` or a continuous type is empty.
pub(super) fn type_name(model: &Model, actor: usize, index: u16) -> &str {
    match &model.actors[actor].types {
        Types::Named(list) => &list[usize::from(index)].id,
        Types::Continuous { .. } => "",
    }
}

/// The id of an actor or body.
pub(super) fn party(model: &Model, party: Party) -> &str {
    match party {
        Party::Actor(a) => &model.actors[a.index()].id,
        Party::Body(b) => &model.bodies[b.index()].id,
    }
}

/// The declared unit of a state, or nothing.
pub(super) fn state_unit(model: &Model, state: usize) -> &str {
    let unit = model.spec.states.get(state).and_then(|(_, s)| s.notes.unit.as_ref());
    unit.map_or("", |u| u.text.as_str())
}

/// The declared unit of a derived value, or nothing. Derived values are compiled in order of evaluation, so that the spec
/// is searched by name.
pub(super) fn derived_unit<'a>(model: &'a Model, id: &str) -> &'a str {
    let declared = model.spec.derived.iter().find(|(name, _)| name.text == id);
    declared.and_then(|(_, d)| d.notes.unit.as_ref()).map_or("", |u| u.text.as_str())
}
