//! What a government can do beside signing.

use crate::measure::central::Central;
use crate::model::{CostKind, Model, Owner, Party};
use crate::report::describe::short;
use crate::report::document::Document;
use crate::report::words::{about, colon, months, signed};
use crate::spec::model::{EffectOp, Form, Lever, Pledge};

/// Who moves a lever with the actor: ` With the others in` a body in which it has a vote, nothing where it moves alone; none if
/// it has no part in it.
fn mine(model: &Model, lever: &crate::model::Lever, actor: usize) -> Option<String> {
    match &lever.owner {
        Owner::Actors(owners) => owners.iter().any(|owner| owner.index() == actor).then(String::new),
        Owner::Body { body, .. } => {
            let declared = &model.bodies[body.index()];
            let sits = declared.members.iter().any(|(member, _)| member.index() == actor);
            sits.then(|| format!(" With the others in {}.", model.spec.bodies[body.index()].1.name.text))
        }
    }
}

/// The section on levers, with the meaning of every state they move.
pub(super) fn tell(model: &Model, central: &Central, actor: usize, page: &mut Document) {
    page.section("What you can do beside signing");
    let mut moved: Vec<usize> = Vec::new();
    let mut rows = Vec::new();
    for (lever, (id, spec)) in model.levers.iter().zip(&model.spec.levers) {
        let Some(with) = mine(model, lever, actor) else { continue };
        moved.extend(lever.effects.iter().map(|effect| effect.state.index()));
        let what = about(&spec.notes).unwrap_or(&id.text);
        let aim = lever.target.map(|target| format!(" Aimed at {}.", model.actors[target.index()].name));
        rows.push(vec![
            format!("`{}`", id.text),
            format!("{what}.{}{with}", aim.unwrap_or_default()),
            effects(model, central, lever, spec),
            cost(model, central, lever),
            conditions(lever, spec),
        ]);
    }
    if rows.is_empty() {
        page.text("Nothing: you have your offers and your answers.");
        return;
    }
    page.text(
        "You may use each when its condition holds. Costs are points on the same scale as your values, yours to pay \
         whatever comes of it.",
    );
    page.table(
        &["lever", "what it is", "what it moves", "what it costs you", "when, how often, what you may announce"],
        rows,
    );
    moved.sort_unstable();
    moved.dedup();
    let meaning = |&state: &usize| {
        let (id, spec) = &model.spec.states[state];
        let now = central.value(&model.states[state].start);
        format!("`{}`{}, at the start {}", id.text, colon(&spec.notes), short(now))
    };
    page.part("What the levers move");
    page.list(moved.iter().map(meaning).collect());
}

fn effects(model: &Model, central: &Central, lever: &crate::model::Lever, spec: &Lever) -> String {
    let effect = |(effect, (state, written)): (
        &crate::model::Effect,
        &(crate::spec::model::Name, crate::spec::model::Effect),
    )| {
        let amount = central.value(&effect.amount);
        let change = match written.op {
            EffectOp::Set => format!("becomes {}", short(amount)),
            EffectOp::Add => signed(amount),
        };
        let within = |steps: usize| months(steps as f64 * model.clock.months_per_step);
        let delay =
            if effect.delay_steps > 0 { format!(" after {}", within(effect.delay_steps)) } else { String::new() };
        let duration = effect.duration_steps.map(|steps| format!(" for {}", within(steps))).unwrap_or_default();
        let fading = if effect.fading.is_some() { ", fading" } else { "" };
        format!("`{}` {change}{delay}{duration}{fading}", state.text)
    };
    lever.effects.iter().zip(&spec.effects).map(effect).collect::<Vec<_>>().join("; ")
}

fn cost(model: &Model, central: &Central, lever: &crate::model::Lever) -> String {
    let cost = short(central.value(&lever.cost));
    match lever.cost_kind {
        CostKind::Flow => format!("{cost} a month for {}", months(lever.cost_steps * model.clock.months_per_step)),
        CostKind::Once => format!("{cost} once"),
        CostKind::PresentValue => format!("{cost} in all"),
    }
}

fn conditions(lever: &crate::model::Lever, spec: &Lever) -> String {
    let mut parts = Vec::new();
    let written = |number: &crate::spec::model::Number| match &number.form {
        Form::Expr(text) => format!("`{text}`"),
        Form::Const(value) => short(*value),
        Form::Dist(_) => "an uncertain number".to_owned(),
    };
    if let Some(when) = &spec.when {
        parts.push(format!("if {}", written(when)));
    }
    if lever.max_uses < u32::MAX {
        parts.push(match lever.max_uses {
            1 => "once".to_owned(),
            uses => format!("at most {uses} times"),
        });
    }
    if let Some(cooldown) = &spec.cooldown_months {
        parts.push(format!("again after {} months", written(cooldown)));
    }
    if let Some(requires) = &spec.requires {
        let matter = requires.matter.as_ref().map(|matter| format!(" ({})", matter.text)).unwrap_or_default();
        parts.push(format!("needs the consent of {}{matter}", requires.by.text));
    }
    let pledge = |word: &str, pledge: &Pledge| {
        let link = if pledge.unless { "unless" } else { "if" };
        let cost = pledge.audience_cost.as_ref().map(|cost| format!("; breaking it costs {}", written(cost)));
        format!(
            "may {word} it {link} {} within {} months{}",
            written(&pledge.when),
            written(&pledge.within_months),
            cost.unwrap_or_default()
        )
    };
    parts.extend(spec.threat.as_ref().map(|threat| pledge("threaten", threat)));
    parts.extend(spec.promise.as_ref().map(|promise| pledge("promise", promise)));
    if spec.signal {
        parts.push("others learn from it who you are".to_owned());
    }
    if lever.ends_mediation {
        parts.push("ends mediation".to_owned());
    }
    if parts.is_empty() { "at any time".to_owned() } else { parts.join("; ") }
}

/// Options that need a deed of the actor, or a vote in a body where it sits.
pub(super) fn consent(model: &Model, actor: usize, page: &mut Document) {
    let mut points = Vec::new();
    for (issue, declared) in model.issues.iter().enumerate() {
        for (at, option) in declared.options.iter().enumerate() {
            for (index, deliverer) in model.deliverers.iter().enumerate() {
                if option.delivered_by & (1 << index) == 0 {
                    continue;
                }
                let how = match deliverer.who {
                    Party::Actor(who) => (who.index() == actor).then(|| "your own consent".to_owned()),
                    Party::Body(body) => {
                        let body_ = &model.bodies[body.index()];
                        let total: f64 = body_.members.iter().map(|(_, weight)| weight).sum();
                        let own = body_.members.iter().find(|(member, _)| member.index() == actor);
                        own.map(|(_, weight)| {
                            let rule = if deliverer.quota >= 1.0 {
                                "all must agree, so you have a veto".to_owned()
                            } else {
                                format!(
                                    "{:.0} % of the votes must agree, you have {:.0} %",
                                    100.0 * deliverer.quota,
                                    100.0 * weight / total
                                )
                            };
                            format!("a vote of {} ({rule})", model.spec.bodies[body.index()].1.name.text)
                        })
                    }
                };
                points.extend(how.map(|how| {
                    format!("{}: {} needs {how}", declared.id, crate::report::words::option(model, issue, at))
                }));
            }
        }
    }
    if !points.is_empty() {
        page.section("What others cannot have without you");
        page.list(points);
    }
}
