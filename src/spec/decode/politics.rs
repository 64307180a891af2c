//! Prologue, common causes of parameters, coalitions, transitions and scripts.

use super::issues::terms;
use super::levers::effects;
use crate::spec::field::Field;
use crate::spec::ids::ELEMENT;
use crate::spec::model::{
    Audience, Coalition, Contribution, Correlate, Name, Odds, Prologue, Script, ScriptMove, Tactic, Transition,
};
use crate::spec::reader::Reader;

/// Words of a policy's `then`.
pub const RESTS: [&str; 2] = ["default", "passive"];
/// Words of a scripted `answer`.
pub const ANSWERS: [&str; 2] = ["yes", "no"];
/// Words of a policy's `tactic`.
pub const TACTICS: [&str; 4] = ["time_dependent", "tit_for_tat", "micro", "logit"];
/// Words of a time-dependent tactic's `curve`.
pub const CURVES: [&str; 3] = ["polynomial", "exponential", "geometric"];
/// Words of a time-dependent tactic's `style`.
pub const STYLES: [&str; 4] = ["boulware", "linear", "conceder", "never"];
/// Words of a logit tactic's `stall`.
pub const STALLS: [&str; 3] = ["never", "one_option", "class"];
/// What stands for the rest of the odds.
const OTHERWISE: &str = "otherwise";

pub(super) fn prologue(r: &mut Reader<'_>) -> Vec<Prologue> {
    let Some(field) = r.field("prologue") else { return Vec::new() };
    field.some_items().iter().map(|item| item.table(one_prologue)).collect()
}

fn one_prologue(r: &mut Reader<'_>) -> Prologue {
    if !r.has("effects") && !r.has("register") {
        r.error("E0102", "the event does nothing", Some("give it `effects` or `register`".to_owned()));
    }
    let dated = r.required("date").and_then(|field| Some((field.span(), field.date()?)));
    Prologue {
        date: dated.map(|(span, date)| Name { text: date.to_string(), span }),
        on: dated.map(|(_, date)| date),
        register: r.field("register").map_or_else(Vec::new, |field| terms(&field)),
        effects: r.field("effects").map_or_else(Vec::new, |field| effects(&field)),
        notes: r.notes(),
    }
}

pub(super) fn correlate(r: &mut Reader<'_>) -> Correlate {
    Correlate {
        params: r.required("params").map_or_else(Vec::new, |field| field.texts()),
        rho: r.number("rho"),
        notes: r.notes(),
    }
}

pub(super) fn audience(r: &mut Reader<'_>) -> Audience {
    if !r.has("concession") && !r.has("retreat") {
        let hint = Some("give it `concession` or `retreat`".to_owned());
        r.error("E0102", "the audience does not mind anything", hint);
    }
    Audience {
        concession: r.opt_number("concession"),
        retreat: r.opt_number("retreat"),
        position: r.field("position").map_or_else(Vec::new, |field| terms(&field)),
        notes: r.notes(),
    }
}

pub(super) fn coalition(r: &mut Reader<'_>) -> Coalition {
    Coalition {
        body: r.text("body"),
        issue: r.text("issue"),
        sizes: r.required("sizes").map_or_else(Vec::new, |field| field.numbers()),
        min_partners: r.opt_number("min_partners"),
        precision: r.opt_number("precision"),
        contributions: r
            .required("contributions")
            .map_or_else(Vec::new, |field| field.some_map(&ELEMENT, |_, field| field.table(contribution))),
        notes: r.notes(),
    }
}

fn contribution(r: &mut Reader<'_>) -> Contribution {
    Contribution {
        sizes: r.required("sizes").map_or_else(Vec::new, |field| {
            let items = field.some_items();
            items.iter().map(Field::number).collect()
        }),
        cost: r.number("cost"),
        loss: r.opt_number("loss"),
        answers: r.opt_number("answers"),
        ratifier: r.opt_text("ratifier"),
        notes: r.notes(),
    }
}

pub(super) fn transition(r: &mut Reader<'_>) -> Transition {
    let odds = |_: &Name, field: &Field<'_>| match field.value().as_text() {
        Some(text) if text.trim() == OTHERWISE => Odds::Otherwise,
        _ => Odds::Chance(field.number()),
    };
    Transition {
        of: r.text("of"),
        when: r.condition("when"),
        to: r.required("to").map_or_else(Vec::new, |field| field.some_map(&ELEMENT, odds)),
        repeats: r.flag("repeats"),
        notes: r.notes(),
    }
}

pub(super) fn script(r: &mut Reader<'_>) -> Script {
    let tactic = r.opt_word("tactic", &TACTICS).map(|kind| tactic(r, kind));
    let script = if tactic.is_some() { r.field("script") } else { r.required("script") };
    Script {
        tactic,
        moves: script.map_or_else(Vec::new, |field| {
            let items = field.items();
            items.iter().map(|item| item.table(script_move)).collect()
        }),
        rest: r.opt_word("then", &RESTS),
    }
}

/// A tactic. Keys of other tactics may stand beside its own, so that a setting can change the tactic alone.
fn tactic(r: &mut Reader<'_>, kind: Name) -> Tactic {
    match kind.text.as_str() {
        "time_dependent" => r.exactly_one(&["style", "exponent"]),
        "logit" if !r.has("precision") => r.error("E0102", "`precision` is missing", None),
        _ => {}
    }
    Tactic {
        kind,
        curve: r.opt_word("curve", &CURVES),
        style: r.opt_word("style", &STYLES),
        exponent: r.opt_number("exponent"),
        most: r.opt_number("most"),
        tolerance: r.opt_number("tolerance"),
        deadline_months: r.opt_number("deadline_months"),
        imitation: r.opt_number("imitation"),
        precision: r.opt_number("precision"),
        answer_precision: r.opt_number("answer_precision"),
        stall: r.opt_word("stall", &STALLS),
    }
}

fn script_move(r: &mut Reader<'_>) -> ScriptMove {
    r.exactly_one(&["lever", "offer", "answer"]);
    ScriptMove {
        month: r.number("month"),
        lever: r.opt_text("lever"),
        offer: r.opt_text("offer"),
        answer: r.opt_word("answer", &ANSWERS),
    }
}
