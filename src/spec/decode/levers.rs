//! Levers and events with their effects.

use super::issues::deliverer;
use crate::spec::field::Field;
use crate::spec::ids::ELEMENT;
use crate::spec::model::{Cost, Effect, EffectOp, Event, Form, Lever, Map, Name, Number, Pledge};
use crate::spec::reader::Reader;

/// Words of a cost's `kind`.
pub const COST_KINDS: [&str; 3] = ["flow", "once", "present_value"];
/// Words of a lever's `phase`.
pub const PHASES: [&str; 4] = ["talks", "aftermath", "war", "truce"];
/// Words of a lever's `receiver`.
pub const RECEIVERS: [&str; 2] = ["one_level", "naive"];
pub(super) fn lever(r: &mut Reader<'_>) -> Lever {
    if !r.has("effects") && !r.has("ends") {
        r.error("E0102", "the lever does nothing", Some("give it `effects` or `ends`".to_owned()));
    }
    Lever {
        owners: r.required("owner").map_or_else(Vec::new, |field| owners(&field)),
        matter: r.opt_text("matter"),
        target: r.opt_text("target"),
        effects: r.field("effects").map_or_else(Vec::new, |field| effects(&field)),
        cost: r.table("cost", "{ value = .., kind = \"flow\" }", cost),
        cooldown_months: r.opt_number("cooldown_months"),
        max_uses: r.opt_number("max_uses"),
        saturation: r.opt_number("saturation"),
        requires: r.field("requires").map(|field| deliverer(&field)),
        ends: r.opt_text("ends"),
        threat: r.opt_table("threat", PLEDGE, pledge),
        promise: r.opt_table("promise", PLEDGE, pledge),
        signal: r.flag("signal"),
        receiver: r.opt_word("receiver", &RECEIVERS),
        likelihood: r.numbers("likelihood"),
        when: r.opt_condition("when"),
        phase: r.field("phase").map_or_else(Vec::new, |field| field.words(&PHASES)),
        notes: r.notes(),
    }
}

/// An example of a threat or a promise.
const PLEDGE: &str = "{ if = \"..\", within_months = .. }";

fn pledge(r: &mut Reader<'_>) -> Pledge {
    r.exactly_one(&["if", "unless"]);
    let (when, unless) = (r.opt_condition("if"), r.opt_condition("unless"));
    Pledge {
        unless: when.is_none(),
        when: when.or(unless).unwrap_or_else(|| zero(r)),
        within_months: r.number("within_months"),
        audience_cost: r.opt_number("audience_cost"),
        span: r.span(),
    }
}

/// One name, or a list of them.
fn owners(field: &Field<'_>) -> Vec<Name> {
    if field.value().as_array().is_some() { field.texts() } else { vec![field.text()] }
}

fn cost(r: &mut Reader<'_>) -> Cost {
    Cost { value: r.number("value"), kind: r.word("kind", &COST_KINDS), months: r.opt_number("months") }
}

pub(super) fn effects(field: &Field<'_>) -> Map<Effect> {
    field.some_map(&ELEMENT, |_, field| effect(field))
}

/// A number is added; a text that begins with `=` sets; a table says which, when and for how long.
fn effect(field: &Field<'_>) -> Effect {
    if field.is_group() {
        return field.table(timed_effect);
    }
    let mut amount = field.number();
    let mut op = EffectOp::Add;
    if let Form::Expr(text) = &mut amount.form
        && let Some(set) = text.strip_prefix('=')
    {
        op = EffectOp::Set;
        if set.trim().is_empty() {
            field.error("E0108", "the effect sets nothing", Some("write \"=0\" or another expression".to_owned()));
        }
        *text = set.to_owned();
    }
    Effect { op, amount, delay_months: None, duration_months: None, decay_per_month: None }
}

fn timed_effect(r: &mut Reader<'_>) -> Effect {
    r.exactly_one(&["add", "set"]);
    if !r.has("add") {
        r.at_most_one(&["set", "duration_months"]);
        r.at_most_one(&["set", "decay_per_month"]);
    }
    r.at_most_one(&["duration_months", "decay_per_month"]);
    let added = r.opt_number("add");
    let set = r.opt_number("set");
    let delay_months = r.opt_number("delay_months");
    let duration_months = r.opt_number("duration_months");
    let decay_per_month = r.opt_number("decay_per_month");
    let (op, amount) = match (added, set) {
        (Some(amount), _) => (EffectOp::Add, amount),
        (None, Some(amount)) => (EffectOp::Set, amount),
        (None, None) => (EffectOp::Add, zero(r)),
    };
    Effect { op, amount, delay_months, duration_months, decay_per_month }
}

fn zero(r: &Reader<'_>) -> Number {
    let path = r.path_of("add");
    Number { form: Form::Const(0.0), span: r.span(), path, range: None, notes: crate::spec::model::Notes::default() }
}

pub(super) fn event(r: &mut Reader<'_>) -> Event {
    r.exactly_one(&["when", "date"]);
    if !r.has("effects") && !r.has("ends") {
        r.error("E0102", "the event does nothing", Some("give it `effects` or `ends`".to_owned()));
    }
    let dated = r.field("date").and_then(|field| Some((field.span(), field.date()?)));
    Event {
        when: r.opt_condition("when"),
        date: dated.map(|(span, date)| Name { text: date.to_string(), span }),
        on: dated.map(|(_, date)| date),
        effects: r.field("effects").map_or_else(Vec::new, |field| effects(&field)),
        ends: r.opt_text("ends"),
        notes: r.notes(),
    }
}
