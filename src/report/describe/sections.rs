//! One line an element: what the sections of a model say.

use super::parameters::{between, short, written};
use crate::measure::central::Central;
use crate::model::{Actor, Issue, Model, Role, Types};
use crate::spec::model::{ByType, Name, Notes, Number};

/// A section as printed: its title and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) lines: Vec<String>,
}

/// All sections but the parameters; those without elements are left out.
pub(super) fn sections(model: &Model, central: &Central) -> Vec<Section> {
    let spec = &model.spec;
    let all = [
        Section {
            title: "Actors",
            lines: model.actors.iter().enumerate().map(|(i, a)| actor(model, central, i, a)).collect(),
        },
        Section { title: "Bodies", lines: bodies(model) },
        Section {
            title: "Issues",
            lines: model.issues.iter().enumerate().map(|(i, issue_)| issue(model, i, issue_)).collect(),
        },
        Section { title: "State", lines: states(model) },
        Section { title: "Derived values", lines: derived(model) },
        Section { title: "Levers", lines: levers(model) },
        Section { title: "Hazards", lines: hazards(model) },
        Section { title: "Events", lines: events(model) },
        Section { title: "Guarantees", lines: guarantees(model) },
        Section { title: "Attacks", lines: attacks(model) },
        Section { title: "Ratifiers", lines: ratifiers(model) },
        Section {
            title: "Rules",
            lines: spec
                .rules
                .iter()
                .map(|(id, r)| line(id, &format!("never {}", written(&r.forbid)), &r.notes))
                .collect(),
        },
        Section {
            title: "Packages",
            lines: spec.packages.iter().map(|(id, p)| line(id, &super::text::terms(&p.terms), &p.notes)).collect(),
        },
        Section {
            title: "Outcomes, the first that holds",
            lines: spec.outcomes.iter().map(|o| line(&o.id, &written(&o.when), &o.notes)).collect(),
        },
        Section {
            title: "Further columns",
            lines: spec.outcome_columns.iter().map(|c| line(&c.id, &written(&c.value), &c.notes)).collect(),
        },
    ];
    all.into_iter().filter(|section| !section.lines.is_empty()).collect()
}

/// `id: what (about) [inventory]`
fn line(id: &Name, what: &str, notes: &Notes) -> String {
    let mut text = id.text.clone();
    if !what.is_empty() {
        text.push_str(": ");
        text.push_str(what);
    }
    text.push_str(&remark(notes));
    text
}

fn remark(notes: &Notes) -> String {
    let about = notes.about.as_ref().map(|about| format!(" — {}", about.text)).unwrap_or_default();
    if notes.inventory.is_empty() {
        return about;
    }
    let rows: Vec<&str> = notes.inventory.iter().map(|row| row.text.as_str()).collect();
    format!("{about} [{}]", rows.join(" "))
}

fn maybe(label: &str, number: Option<&Number>) -> String {
    number.map(|number| format!(", {label} {}", written(number))).unwrap_or_default()
}

fn by_type(label: &str, numbers: Option<&ByType>) -> String {
    match numbers {
        None => String::new(),
        Some(ByType::All(number)) => format!(", {label} {}", written(number)),
        Some(ByType::Each(each)) => {
            let each: Vec<String> =
                each.iter().map(|(id, number)| format!("{} {}", id.text, written(number))).collect();
            format!(", {label} {}", each.join("; "))
        }
    }
}

fn actor(model: &Model, central: &Central, index: usize, actor: &Actor) -> String {
    let role = match actor.role {
        Role::Signatory => "signatory",
        Role::Mediator => "mediator",
        Role::ThirdParty => "third party",
    };
    let (id, spec) = &model.spec.actors[index];
    let types = match &actor.types {
        Types::Named(types) if types.len() > 1 => {
            let each: Vec<String> =
                types.iter().map(|named| format!("{} {}", named.id, short(central.value(&named.prior)))).collect();
            format!(", types {}", each.join(" / "))
        }
        Types::Named(_) => String::new(),
        Types::Continuous { path, .. } => format!(", private {path}"),
    };
    let what = format!(
        "{}, {role}{types}, patience {}{}{}{}",
        actor.name,
        written(&spec.patience),
        by_type("war cost", spec.war_cost.as_ref()),
        by_type("walks out for", spec.walk_out.as_ref()),
        maybe("capability", spec.capability.as_ref()),
    );
    line(id, &what, &spec.notes)
}

fn bodies(model: &Model) -> Vec<String> {
    let body = |(id, body): &(Name, crate::spec::model::Body)| {
        let members: Vec<&str> = body.members.iter().map(|member| member.text.as_str()).collect();
        let matters: Vec<&str> = body.quota.iter().map(|(matter, _)| matter.text.as_str()).collect();
        let what = format!("{}: {}; votes on {}", body.name.text, members.join(", "), matters.join(", "));
        line(id, &what, &body.notes)
    };
    model.spec.bodies.iter().map(body).collect()
}

fn issue(model: &Model, index: usize, issue: &Issue) -> String {
    let (id, spec) = &model.spec.issues[index];
    let now = issue.status_quo;
    let what = if issue.numeric {
        let ends =
            [issue.options.first(), issue.options.last()].map(|option| option.map_or("", |option| option.id.as_str()));
        format!("{} to {}, now {}", ends[0], ends[1], issue.options[usize::from(now)].id)
    } else {
        let mark = |(at, option): (usize, &crate::model::IssueOption)| {
            if at == usize::from(now) { format!("{} (now)", option.id) } else { option.id.clone() }
        };
        issue.options.iter().enumerate().map(mark).collect::<Vec<_>>().join(" | ")
    };
    line(id, &what, &spec.notes)
}

fn states(model: &Model) -> Vec<String> {
    let state = |(id, state): &(Name, crate::spec::model::State)| {
        let what = format!(
            "{}, {}{}{}",
            written(&state.start),
            between(state.range),
            maybe("changes a month by", state.change.as_ref()),
            maybe("noise", state.noise_sd.as_ref())
                + &maybe("jumps with chance", state.jump.as_ref().map(|(chance, _)| chance)),
        );
        line(id, &what, &state.notes)
    };
    model.spec.states.iter().map(state).collect()
}

fn derived(model: &Model) -> Vec<String> {
    model.spec.derived.iter().map(|(id, derived)| line(id, &written(&derived.value), &derived.notes)).collect()
}

fn effects(effects: &[(Name, crate::spec::model::Effect)]) -> String {
    use crate::spec::model::{EffectOp, Form};
    let effect = |(state, effect): &(Name, crate::spec::model::Effect)| {
        let amount = written(&effect.amount);
        let change = match effect.op {
            EffectOp::Set => format!("= {amount}"),
            EffectOp::Add if matches!(effect.amount.form, Form::Const(value) if value < 0.0) => amount,
            EffectOp::Add => format!("+{amount}"),
        };
        let delay = maybe("after months", effect.delay_months.as_ref());
        let duration = maybe("for months", effect.duration_months.as_ref());
        format!("{} {change}{delay}{duration}", state.text)
    };
    effects.iter().map(effect).collect::<Vec<_>>().join("; ")
}

fn levers(model: &Model) -> Vec<String> {
    let lever = |(id, lever): &(Name, crate::spec::model::Lever)| {
        let what = format!(
            "{}{}: {}, cost {} {}{}",
            lever.owners.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", "),
            lever.target.as_ref().map(|target| format!(" on {}", target.text)).unwrap_or_default(),
            effects(&lever.effects),
            written(&lever.cost.value),
            lever.cost.kind.text,
            maybe("when", lever.when.as_ref()),
        );
        line(id, &what, &lever.notes)
    };
    model.spec.levers.iter().map(lever).collect()
}

fn hazards(model: &Model) -> Vec<String> {
    let hazard = |(id, hazard): &(Name, crate::spec::model::Hazard)| {
        let during: Vec<&str> = hazard.during.iter().map(|regime| regime.text.as_str()).collect();
        let rate = hazard.per_month.as_ref().map(|rate| format!("{} per month", written(rate)));
        let rate = rate.or_else(|| hazard.per_year.as_ref().map(|rate| format!("{} per year", written(rate))));
        let then = hazard.ending.as_ref().or(hazard.leads_to.as_ref()).map_or("", |name| name.text.as_str());
        let what = format!("in {}: {}, then {then}", during.join(" and "), rate.unwrap_or_default());
        line(id, &what, &hazard.notes)
    };
    model.spec.hazards.iter().map(hazard).collect()
}

fn events(model: &Model) -> Vec<String> {
    let event = |(id, event): &(Name, crate::spec::model::Event)| {
        let when = event.date.as_ref().map(|date| date.text.clone());
        let when =
            when.or_else(|| event.when.as_ref().map(|when| format!("when {}", written(when)))).unwrap_or_default();
        let ends = event.ends.as_ref().map(|ends| format!(", ends {}", ends.text)).unwrap_or_default();
        line(id, &format!("{when}: {}{ends}", effects(&event.effects)), &event.notes)
    };
    model.spec.events.iter().map(event).collect()
}

fn guarantees(model: &Model) -> Vec<String> {
    let guarantee = |(id, guarantee): &(Name, crate::spec::model::Guarantee)| {
        let backstop = guarantee.backstop.as_ref().map(|b| format!(", backed by {}", b.by.text)).unwrap_or_default();
        let needs = maybe("given when", guarantee.needs.as_ref());
        line(
            id,
            &format!("{}, will {}{needs}{backstop}", guarantee.by.text, written(&guarantee.will)),
            &guarantee.notes,
        )
    };
    model.spec.guarantees.iter().map(guarantee).collect()
}

fn attacks(model: &Model) -> Vec<String> {
    let attack = |(id, attack): &(Name, crate::spec::model::Attack)| {
        let answer: Vec<&str> = attack.answered_by.iter().map(|guarantee| guarantee.text.as_str()).collect();
        let answered = if answer.is_empty() { "nobody".to_owned() } else { answer.join(", ") };
        let combine = attack.combine.as_ref().map_or("pooled", |combine| combine.text.as_str());
        let end = match (&attack.victory, &attack.defeat) {
            (Some(victory), Some(defeat)) => format!("{} or {}", victory.text, defeat.text),
            _ => "the agreement stands".to_owned(),
        };
        let what = format!(
            "{} on {}, {} occasions a year, answered by {answered} ({combine}); {end}",
            attack.by.text,
            attack.target.text,
            written(&attack.per_year),
        );
        line(id, &what, &attack.notes)
    };
    model.spec.attacks.iter().map(attack).collect()
}

fn ratifiers(model: &Model) -> Vec<String> {
    let ratifier = |(id, ratifier): &(Name, crate::spec::model::Ratifier)| {
        let what = format!(
            "confirms {}: support {} against {}",
            ratifier.of.text,
            written(&ratifier.support),
            written(&ratifier.threshold)
        );
        line(id, &what, &ratifier.notes)
    };
    model.spec.ratifiers.iter().map(ratifier).collect()
}
