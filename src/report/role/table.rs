//! The public background: what everybody at the table knows.

use crate::measure::central::Central;
use crate::model::{Model, ProtocolKind, Role};
use crate::report::document::Document;
use crate::report::words::{colon, full_name, issue, months, option, percent};

/// The word for a role in the talks.
pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Signatory => "signs: nothing is settled without its yes",
        Role::Mediator => "mediates: it proposes and does not sign",
        Role::ThirdParty => "is not at the table: its consent may be needed",
    }
}

/// The section that stands on every sheet.
pub(super) fn tell(model: &Model, central: &Central, page: &mut Document) {
    let header = &model.spec.model;
    page.section("Public background");
    if let Some(about) = &header.about {
        page.text(format!("{}.", about.text.trim_end_matches('.')));
    }
    let start = header.start.map(|date| format!("It is {date}. ")).unwrap_or_default();
    let clock = &model.clock;
    let talks = clock.horizon_steps as f64 * clock.months_per_step;
    let rounds = match clock.horizon_steps {
        1 => "There is one round of talks".to_owned(),
        n if model.spec.model.step.text == "round" => format!("There are {n} rounds of talks"),
        _ => format!("Talks last at most {}", months(talks)),
    };
    page.text(format!("{start}{rounds}."));
    page.part("Who is there");
    let seat = |(index, actor): (usize, &crate::model::Actor)| {
        format!("{} {}{}", full_name(actor), role(actor.role), colon(&model.spec.actors[index].1.notes))
    };
    page.list(model.actors.iter().enumerate().map(seat).collect());
    bodies(model, page);
    proposers(model, central, page);
    before(model, page);
    page.part("What can be agreed, and what is in force today");
    let row = |(at, register): (usize, &u16)| {
        let declared = &model.issues[at];
        let options = if declared.numeric {
            let end =
                |option: Option<&crate::model::IssueOption>| option.map_or(String::new(), |option| option.id.clone());
            format!("{} to {}", end(declared.options.first()), end(declared.options.last()))
        } else {
            let others = (0..declared.options.len()).filter(|&chosen| chosen != usize::from(*register));
            others.map(|chosen| option(model, at, chosen)).collect::<Vec<_>>().join("; ")
        };
        vec![issue(model, at), option(model, at, usize::from(*register)), options]
    };
    page.table(&["issue", "today", "could be"], model.register_start.iter().enumerate().map(row).collect());
    let forbidden: Vec<String> =
        model.spec.rules.iter().map(|(id, rule)| format!("`{}`{}", id.text, colon(&rule.notes))).collect();
    if !forbidden.is_empty() {
        page.text("Nobody may sign what contradicts itself:");
        page.list(forbidden);
    }
}

fn bodies(model: &Model, page: &mut Document) {
    let body = |(_, body): &(crate::spec::model::Name, crate::spec::model::Body)| {
        let name = |member: &crate::spec::model::Name| {
            let actor = model.actors.iter().find(|actor| actor.id == member.text);
            actor.map_or_else(|| member.text.clone(), |actor| actor.name.clone())
        };
        let members: Vec<String> = body.members.iter().map(name).collect();
        format!("{} decides by votes of {}", body.name.text, members.join(", "))
    };
    page.list(model.spec.bodies.iter().map(body).collect());
}

fn proposers(model: &Model, central: &Central, page: &mut Document) {
    let chances: Vec<String> = model
        .actors
        .iter()
        .zip(&model.protocol.recognition)
        .map(|(actor, chance)| (actor, central.value(chance)))
        .filter(|(_, chance)| *chance > 0.0)
        .map(|(actor, chance)| format!("{} {}", actor.name, percent(chance)))
        .collect();
    let order: Vec<&str> = model.protocol.order.iter().map(|actor| model.actors[actor.index()].name.as_str()).collect();
    match model.protocol.kind {
        kind if kind.takes_turns() => page.text(format!("They propose in turn: {}.", order.join(", "))),
        ProtocolKind::SingleText => page.text("A mediator keeps one text and puts changes of it to the parties."),
        _ if chances.is_empty() => {}
        _ => page.text(format!("Who may put an offer on the table is open each time: {}.", chances.join(", "))),
    }
}

/// Dated events before the start.
fn before(model: &Model, page: &mut Document) {
    let event = |event: &crate::spec::politics::Prologue| {
        let date = event.date.as_ref().map(|date| date.text.clone()).unwrap_or_default();
        format!("{date}{}", colon(&event.notes))
    };
    let points: Vec<String> = model.spec.prologue.iter().map(event).collect();
    if !points.is_empty() {
        page.part("What happened before");
        page.list(points);
    }
}
