//! `moves.csv`: one row a move, in the order of events.

use std::borrow::Cow;

use crate::design::plan::Job;
use crate::engine::observer::{ANSWER_PARTS, AnswerParts, Move};
use crate::id::{ActorId, LeverId};
use crate::model::Model;

use super::cell::Rows;
use super::column::{Column, Draft, name_all};
use super::words;

const KINDS: [&str; 22] = [
    "lever",
    "announced",
    "called",
    "asked",
    "event",
    "stall",
    "walk_out",
    "breakdown",
    "offer",
    "answer",
    "consent",
    "vote",
    "signed",
    "struck",
    "attacked",
    "truce_ended",
    "ended",
    "withdrawn",
    "pressed",
    "pledged",
    "transition",
    "horizon",
];

/// Columns of the table.
#[must_use]
pub fn columns() -> Vec<Column> {
    let mut drafts = vec![
        Draft::integer("point", "point of the design"),
        Draft::integer("replication", "replication, counted from 0"),
        Draft::integer("step", "step, from 0").unit("steps"),
        Draft::months("month", "months since the start"),
        Draft::text("kind", "kind of move").one_of(KINDS),
        Draft::text("actor", "who moved: an actor, or the body that consented; of a vote, whose signature it confirms"),
        Draft::text(
            "detail",
            "lever, event, ratifier, hazard or attack; of an offer and a signature the terms; of a stall the blocker; of what \
             was announced or called the lever with `.threat` or `.promise`",
        ),
        Draft::boolean(
            "yes",
            "answer, consent or vote; of what was called, whether it was kept; of an attack, whether it succeeded",
        ),
        Draft::payoff(
            "value",
            "of an answer, the value of the package; of a consent, its margin; of an offer, what it costs before an audience; of \
             pressure, the number of acts; of a coalition, the troops on offer",
        ),
        Draft::payoff("against", "of an answer, what the value is compared with: continuation or outside option"),
        Draft::probability(
            "forecast",
            "of an offer, the chance of every other yes; of a vote, of passing; of a signature, of an attack in 8 years; \
             of an attack or pressure, 1 if a guarantor answered",
        ),
        Draft::payoff("gain", "of an offer, expected gain over the continuation; of a lever, gain over doing nothing"),
    ];
    let part =
        |p: &&str| Draft::payoff(format!("part_{p}"), format!("of an answer, the part of its margin due to {p}"));
    drafts.extend(ANSWER_PARTS.iter().map(part));
    name_all(drafts)
}

/// The cells of a row that differ between kinds of moves.
#[derive(Default)]
struct Cells<'a> {
    kind: &'static str,
    actor: &'a str,
    detail: Cow<'a, str>,
    yes: Option<bool>,
    value: Option<f64>,
    against: Option<f64>,
    forecast: Option<f64>,
    gain: Option<f64>,
    parts: Option<&'a AnswerParts>,
}

/// Where and when a move was made.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// Its job.
    pub job: Job,
    /// Step, from 0.
    pub step: u32,
    /// Months since the start.
    pub month: f64,
}

/// Writes the row of one move.
pub fn write(model: &Model, at: At, what: &Move<'_>, rows: &mut Rows) {
    let cells = cells(model, what);
    rows.integer(at.job.point);
    rows.integer(at.job.replication);
    rows.integer(at.step.into());
    rows.number(at.month);
    rows.text(cells.kind);
    rows.text(cells.actor);
    rows.text(&cells.detail);
    rows.maybe_flag(cells.yes);
    for value in [cells.value, cells.against, cells.forecast, cells.gain] {
        rows.maybe(value);
    }
    for i in 0..ANSWER_PARTS.len() {
        rows.maybe(cells.parts.map(|p| p[i]));
    }
    rows.end();
}

/// Who announced, and `<lever>.threat` or `<lever>.promise`.
fn announcement(model: &Model, lever: LeverId, promise: bool) -> (&str, Cow<'_, str>) {
    let lever = &model.levers[lever.index()];
    let what = if promise { "promise" } else { "threat" };
    (words::party(model, lever.party()), format!("{}.{what}", lever.id).into())
}

/// The cells of an attack and of what it leads to.
fn of_an_attack<'a>(model: &'a Model, what: &Move<'a>) -> Cells<'a> {
    let name = |a: ActorId| model.actors[a.index()].id.as_str();
    match *what {
        Move::Withdrawn { attack, yes, chance } => {
            let attack = &model.attacks[usize::from(attack)];
            let actor = attack.ballot.as_ref().map_or("", |ballot| model.bodies[ballot.body.index()].id.as_str());
            let detail = attack.id.as_str().into();
            Cells { kind: "withdrawn", actor, detail, yes: Some(yes), forecast: Some(chance), ..Cells::default() }
        }
        Move::Pressed { attack, acts, answered } => {
            let attack = &model.attacks[usize::from(attack)];
            Cells {
                kind: "pressed",
                actor: name(attack.by),
                detail: attack.id.as_str().into(),
                value: Some(f64::from(acts)),
                forecast: Some(f64::from(u8::from(answered))),
                ..Cells::default()
            }
        }
        Move::Attacked { attack, answered, lost } => {
            let attack = &model.attacks[usize::from(attack)];
            Cells {
                kind: "attacked",
                actor: name(attack.by),
                detail: attack.id.as_str().into(),
                yes: Some(lost),
                forecast: Some(f64::from(u8::from(answered))),
                ..Cells::default()
            }
        }
        _ => unreachable!("told among the other moves"),
    }
}

fn cells<'a>(model: &'a Model, what: &Move<'a>) -> Cells<'a> {
    let name = |a: ActorId| model.actors[a.index()].id.as_str();
    match *what {
        Move::Lever { lever, by, gain } => {
            let detail = model.levers[lever.index()].id.as_str().into();
            Cells { kind: "lever", actor: words::party(model, by), detail, gain: Some(gain), ..Cells::default() }
        }
        Move::Announced { lever, promise, gain } => {
            let (actor, detail) = announcement(model, lever, promise);
            Cells { kind: "announced", actor, detail, gain: Some(gain), ..Cells::default() }
        }
        Move::Called { lever, promise, kept } => {
            let (actor, detail) = announcement(model, lever, promise);
            Cells { kind: "called", actor, detail, yes: Some(kept), ..Cells::default() }
        }
        Move::Asked { lever, of, yes, margin } => {
            let detail = model.levers[lever.index()].id.as_str().into();
            let actor = words::party(model, of);
            Cells { kind: "asked", actor, detail, yes: Some(yes), value: Some(margin), ..Cells::default() }
        }
        Move::Event { event } => {
            let detail = model.events[usize::from(event)].id.as_str().into();
            Cells { kind: "event", detail, ..Cells::default() }
        }
        Move::Stall { by, blocker } => {
            Cells { kind: "stall", actor: name(by), detail: blocker.map_or("", name).into(), ..Cells::default() }
        }
        Move::WalkOut { by } => Cells { kind: "walk_out", actor: name(by), ..Cells::default() },
        Move::Breakdown => Cells { kind: "breakdown", ..Cells::default() },
        Move::Offer { by, deal, forecast, gain, audience } => Cells {
            kind: "offer",
            actor: name(by),
            detail: words::deal(model, deal).into(),
            value: audience,
            forecast: Some(forecast),
            gain: Some(gain),
            ..Cells::default()
        },
        Move::Answer { by, yes, value, against, parts } => Cells {
            kind: "answer",
            actor: name(by),
            yes: Some(yes),
            value: Some(value),
            against: Some(against),
            parts: Some(parts),
            ..Cells::default()
        },
        Move::Consent { deliverer, yes, margin } => {
            let deliverer = &model.deliverers[usize::from(deliverer)];
            let detail = deliverer.id.as_str().into();
            let actor = words::party(model, deliverer.who);
            Cells { kind: "consent", actor, detail, yes: Some(yes), value: Some(margin), ..Cells::default() }
        }
        Move::Vote { ratifier, yes, chance } => {
            let ratifier = &model.ratifiers[ratifier.index()];
            let detail = ratifier.id.as_str().into();
            let actor = name(ratifier.of);
            Cells { kind: "vote", actor, detail, yes: Some(yes), forecast: Some(chance), ..Cells::default() }
        }
        Move::Signed { deal, attack_prob } => {
            let detail = words::deal(model, deal).into();
            Cells { kind: "signed", detail, forecast: attack_prob, ..Cells::default() }
        }
        Move::TruceEnded { how, by } => {
            Cells { kind: "truce_ended", actor: by.map_or("", name), detail: how.word().into(), ..Cells::default() }
        }
        Move::Ended { instrument } => {
            let detail = model.instruments[usize::from(instrument)].id.as_str().into();
            Cells { kind: "ended", detail, ..Cells::default() }
        }
        Move::Struck { hazard } => {
            Cells { kind: "struck", detail: model.hazards[hazard.index()].id.as_str().into(), ..Cells::default() }
        }
        Move::Pledged { coalition, troops, partners } => {
            let detail = model.coalitions[usize::from(coalition)].id.as_str().into();
            let (value, against) = (Some(troops), Some(f64::from(partners)));
            Cells { kind: "pledged", detail, value, against, ..Cells::default() }
        }
        Move::Transition { transition, of, to } => {
            let transition = model.transitions[usize::from(transition)].id.as_str();
            let detail = format!("{transition}: {}", words::type_name(model, of.index(), to)).into();
            Cells { kind: "transition", actor: name(of), detail, ..Cells::default() }
        }
        Move::Attacked { .. } | Move::Withdrawn { .. } | Move::Pressed { .. } => of_an_attack(model, what),
        Move::Horizon => Cells { kind: "horizon", ..Cells::default() },
    }
}
