//! A model for drivers: parameters, outcomes and what can be chosen.

use serde_json::{Value, json};

use super::parameters::{Parameter, parameters};
use crate::model::{Model, Role};
use crate::source::Loaded;
use crate::spec::model::{Lever, Notes};

/// One document: model, parameters, outcomes, actors, issues, levers.
#[must_use]
pub fn json(loaded: &Loaded) -> Value {
    let model = &loaded.model;
    let header = &model.spec.model;
    json!({
        "model": {
            "name": header.name.text,
            "title": header.title.text,
            "hash": loaded.hash,
            "scenarios": loaded.scenarios,
            "set": loaded.sets,
            "step": header.step.text,
            "start": header.start.map(|date| date.to_string()),
            "horizon_steps": model.clock.horizon_steps,
            "aftermath_steps": model.clock.aftermath_steps,
            "packages": model.packages.n_candidates,
        },
        "parameters": parameters(model, &loaded.tree).iter().map(parameter).collect::<Value>(),
        "outcomes": model.spec.outcomes.iter()
            .map(|outcome| json!({ "id": outcome.id.text, "about": about(&outcome.notes) })).collect::<Value>(),
        "actors": actors(model),
        "issues": issues(model),
        "levers": model.spec.levers.iter()
            .map(|(id, lever)| json!({ "id": id.text, "owner": owners(lever), "about": about(&lever.notes) }))
            .collect::<Value>(),
    })
}

/// Who moves a lever, as written.
fn owners(lever: &Lever) -> String {
    lever.owners.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", ")
}

fn about(notes: &Notes) -> Option<&str> {
    notes.about.as_ref().map(|about| about.text.as_str())
}

fn parameter(parameter: &Parameter) -> Value {
    let text = |text: &String| (!text.is_empty()).then(|| text.clone());
    json!({
        "path": parameter.path,
        "kind": parameter.kind.word(),
        "low": parameter.low,
        "high": parameter.high,
        "default": parameter.central,
        "unit": text(&parameter.unit),
        "source": text(&parameter.source),
        "about": text(&parameter.about),
        "inventory": parameter.inventory,
    })
}

fn actors(model: &Model) -> Value {
    let actor = |actor: &crate::model::Actor| {
        let role = match actor.role {
            Role::Signatory => "signatory",
            Role::Mediator => "mediator",
            Role::ThirdParty => "third_party",
        };
        json!({ "id": actor.id, "name": actor.name, "role": role })
    };
    model.actors.iter().map(actor).collect()
}

fn issues(model: &Model) -> Value {
    let issue = |issue: &crate::model::Issue| {
        let options: Vec<&str> = issue.options.iter().map(|option| option.id.as_str()).collect();
        json!({ "id": issue.id, "options": options, "status_quo": options[usize::from(issue.status_quo)] })
    };
    model.issues.iter().map(issue).collect()
}
