//! A move in words and for machines.

use serde_json::{Map, Value, json};

use super::recorder::{Act, Change};
use crate::engine::observer::{ANSWER_PARTS, AnswerParts, Deal, Move};
use crate::engine::record::EndedBy;
use crate::id::ActorId;
use crate::model::{Model, Party, Regime, Types};
use crate::report::words::{about, option};
use crate::spec::model::Notes;

/// Terms of an answer that are told; the rest is left to `--format json`.
const TOLD_PARTS: usize = 3;

/// A term of an answer in words.
fn part_in_words(part: &str) -> &str {
    match part {
        "issue_terms" => "what the terms say",
        "later_attack" => "a later attack",
        "war_cost_saved" => "the war saved",
        "expected_endings" => "how the war may end",
        "terminal_outlook" => "what lies beyond the horizon",
        "hold_out_premium" => "the hope for a better offer",
        "stalling" => "what talking itself brings",
        "noise" => "misjudgement",
        other => other,
    }
}

/// Writes down a move. `last_offer` is the package offered before, for what an offer changes.
pub(super) fn act(model: &Model, what: &Move<'_>, last_offer: Option<&[u16]>) -> Act {
    match what {
        Move::Offer { .. } | Move::Answer { .. } | Move::Stall { .. } => at_the_table(model, what, last_offer),
        _ => elsewhere(model, what),
    }
}

fn plain(line: String, json: Value) -> Act {
    Act { line, details: Vec::new(), changes: Vec::new(), json, routine: false }
}

/// The same with what the model says of the element behind it.
fn explained(line: String, notes: &Notes, json: Value) -> Act {
    Act { details: about(notes).map(str::to_owned).into_iter().collect(), ..plain(line, json) }
}

/// Full name of an actor.
fn called(model: &Model, actor: ActorId) -> &str {
    &model.actors[actor.index()].name
}

/// Full name of an actor or a body.
fn party_called(model: &Model, party: Party) -> &str {
    match party {
        Party::Actor(actor) => called(model, actor),
        Party::Body(body) => &model.spec.bodies[body.index()].1.name.text,
    }
}

/// A deliverer with the matter of its vote.
fn deliverer_called(model: &Model, deliverer: usize) -> String {
    let deliverer = &model.deliverers[deliverer];
    let name = party_called(model, deliverer.who);
    match deliverer.id.split_once('.') {
        Some((_, matter)) => format!("{name} ({})", matter.replace('_', " ")),
        None => name.to_owned(),
    }
}

fn name(model: &Model, actor: ActorId) -> &str {
    &model.actors[actor.index()].id
}

fn at_the_table(model: &Model, what: &Move<'_>, last_offer: Option<&[u16]>) -> Act {
    match *what {
        Move::Offer { by, deal: Deal { instrument, terms: package }, forecast, gain, audience } => {
            let line = format!("{} offers {}{}", called(model, by), as_what(model, instrument), words(model, package));
            let by = name(model, by);
            let mut details = vec![format!("expects every yes with {forecast:.2}, and to gain {gain:+.3}")];
            if last_offer == Some(package) {
                details.push("the same as the offer before".to_owned());
            }
            if let Some(cost) = audience.filter(|&cost| cost > 0.0) {
                details.push(format!("pays {cost:.3} before its audience"));
            }
            let mut json = json!({
                "kind": "offer", "actor": by, "instrument": instrument_id(model, instrument),
                "terms": terms(model, package),
                "forecast": forecast, "gain": gain,
            });
            if let Some(cost) = audience {
                json["audience"] = json!(cost);
            }
            Act { details, changes: changes(model, last_offer, package), ..plain(line, json) }
        }
        Move::Answer { by, yes, value, against, parts } => {
            let word = if yes { "yes" } else { "no" };
            let line = format!("{} says {word}: {value:.3} against {against:.3}", called(model, by));
            let by = name(model, by);
            let named: Map<String, Value> =
                ANSWER_PARTS.iter().zip(parts).map(|(part, value)| ((*part).to_owned(), json!(value))).collect();
            let json = json!({
                "kind": "answer", "actor": by, "yes": yes, "value": value, "against": against, "parts": named,
            });
            Act { details: vec![largest(parts)], ..plain(line, json) }
        }
        Move::Stall { by, blocker } => {
            let who = called(model, by);
            let line = match blocker {
                Some(blocker) => {
                    format!("{who} finds nothing to offer: {} alone stands in the way", called(model, blocker))
                }
                None => format!("{who} finds nothing to offer"),
            };
            let (by, blocker) = (name(model, by), blocker.map(|blocker| name(model, blocker)));
            let json = json!({ "kind": "stall", "actor": by, "blocker": blocker });
            Act { routine: true, ..plain(line, json) }
        }
        _ => unreachable!("told elsewhere"),
    }
}

/// Threats, promises and consent to levers.
fn words_given(model: &Model, what: &Move<'_>) -> Act {
    let word = |promise: bool| if promise { "promise" } else { "threat" };
    match *what {
        Move::Announced { lever, promise, gain } => {
            let notes = &model.spec.levers[lever.index()].1.notes;
            let lever = &model.levers[lever.index()];
            let (owner, word) = (party(model, lever.party()), word(promise));
            let verb = if promise { "promises" } else { "threatens" };
            let json = json!({ "kind": "announced", "actor": owner, "lever": lever.id, "word": word, "gain": gain });
            let owner = party_called(model, lever.party());
            explained(format!("{owner} {verb} {}, worth {gain:+.4} to it", lever.id), notes, json)
        }
        Move::Called { lever, promise, kept } => {
            let lever = &model.levers[lever.index()];
            let (owner, word) = (party(model, lever.party()), word(promise));
            let verb = if kept { "keeps" } else { "breaks" };
            let json = json!({ "kind": "called", "actor": owner, "lever": lever.id, "word": word, "kept": kept });
            plain(format!("{} {verb} its {word} of {}", party_called(model, lever.party()), lever.id), json)
        }
        Move::Asked { lever, of, yes, margin } => {
            let lever = &model.levers[lever.index()];
            let verb = if yes { "consents to" } else { "refuses" };
            let line = format!("{} {verb} {}, worth {margin:+.4} to it", party_called(model, of), lever.id);
            let of = party(model, of);
            plain(line, json!({ "kind": "asked", "actor": of, "lever": lever.id, "yes": yes, "margin": margin }))
        }
        _ => unreachable!("told elsewhere"),
    }
}

/// What an attack leads to beside the war.
fn of_an_attack(model: &Model, what: &Move<'_>) -> Act {
    match *what {
        Move::Withdrawn { attack, yes, chance } => {
            let attack = &model.attacks[usize::from(attack)];
            let body = attack.ballot.as_ref().map_or("", |ballot| model.bodies[ballot.body.index()].id.as_str());
            let word = if yes { "withdraws" } else { "does not withdraw" };
            let who = attack.ballot.as_ref().map_or("", |ballot| party_called(model, Party::Body(ballot.body)));
            let line = format!("{who} {word} what can be revoked; the chance of that was {chance:.2}");
            let json = json!({ "kind": "withdrawn", "actor": body, "attack": attack.id, "yes": yes, "chance": chance });
            plain(line, json)
        }
        Move::Pressed { attack: at, acts, answered } => {
            let attack = &model.attacks[usize::from(at)];
            let by = name(model, attack.by);
            let line = pressure(model, usize::from(at), u64::from(acts), answered);
            plain(
                line,
                json!({ "kind": "pressed", "actor": by, "attack": attack.id, "acts": acts, "answered": answered }),
            )
        }
        _ => unreachable!("told elsewhere"),
    }
}

/// What is signed, and what ends a truce.
fn of_an_agreement(model: &Model, what: &Move<'_>) -> Act {
    match *what {
        Move::Signed { deal: Deal { instrument, terms: package }, attack_prob } => {
            let line = format!("signed: {}{}", as_what(model, instrument), words(model, package));
            let follows = match model.instruments[usize::from(instrument)].leads_to {
                Some(Regime::Truce) => "a truce begins; the talks go on".to_owned(),
                Some(Regime::Settled) => "the war is settled".to_owned(),
                Some(Regime::War) | None => "the regime stays as it is".to_owned(),
            };
            let forecast = |chance: f64| format!("chance of an attack within 8 years {chance:.2}");
            let forecast = attack_prob.filter(|_| !model.attacks.is_empty()).map(forecast);
            let details = [follows].into_iter().chain(forecast).collect();
            let json = json!({
                "kind": "signed", "instrument": instrument_id(model, instrument),
                "terms": terms(model, package), "attack_prob": attack_prob,
            });
            Act { details, ..plain(line, json) }
        }
        Move::TruceEnded { how, by } => {
            let line = match by {
                Some(by) => {
                    format!("{} ends the truce by {}, and the war goes on", called(model, by), manner(how))
                }
                None => format!("the truce ends by {}, and the war goes on", manner(how)),
            };
            let by = by.map(|by| name(model, by));
            plain(line, json!({ "kind": "truce_ended", "how": how.word(), "actor": by }))
        }
        _ => unreachable!("told elsewhere"),
    }
}

fn elsewhere(model: &Model, what: &Move<'_>) -> Act {
    match *what {
        Move::Announced { .. } | Move::Called { .. } | Move::Asked { .. } => words_given(model, what),
        Move::Withdrawn { .. } | Move::Pressed { .. } => of_an_attack(model, what),
        Move::Lever { lever, by, gain } => {
            let notes = &model.spec.levers[lever.index()].1.notes;
            let lever = &model.levers[lever.index()];
            let owner = party(model, by);
            let target = lever.target.map(|target| format!(" on {}", called(model, target))).unwrap_or_default();
            let line = format!("{} uses {}{target}, worth {gain:+.4} to it", party_called(model, by), lever.id);
            explained(line, notes, json!({ "kind": "lever", "actor": owner, "lever": lever.id, "gain": gain }))
        }
        Move::Event { event } => {
            let notes = &model.spec.events[usize::from(event)].1.notes;
            let event = &model.events[usize::from(event)];
            explained(format!("event: {}", event.id), notes, json!({ "kind": "event", "event": event.id }))
        }
        Move::WalkOut { by } => {
            let line = format!("{} walks out", called(model, by));
            plain(line, json!({ "kind": "walk_out", "actor": name(model, by) }))
        }
        Move::Breakdown => plain("the talks break down".to_owned(), json!({ "kind": "breakdown" })),
        Move::Consent { deliverer, yes, margin } => {
            let title = deliverer_called(model, usize::from(deliverer));
            let deliverer = &model.deliverers[usize::from(deliverer)];
            let who = party(model, deliverer.who);
            let word = if yes { "will do" } else { "refuses to do" };
            let line = format!("{title} {word} its part, margin {margin:+.3}");
            plain(
                line,
                json!({ "kind": "consent", "actor": who, "deliverer": deliverer.id, "yes": yes, "margin": margin }),
            )
        }
        Move::Vote { ratifier, yes, chance } => {
            let notes = &model.spec.ratifiers[ratifier.index()].1.notes;
            let ratifier = &model.ratifiers[ratifier.index()];
            let of = name(model, ratifier.of);
            let word = if yes { "confirms" } else { "rejects" };
            let whose = called(model, ratifier.of);
            let line = format!("{} {word} the signature of {whose}; its chance was {chance:.2}", ratifier.id);
            explained(
                line,
                notes,
                json!({ "kind": "vote", "ratifier": ratifier.id, "of": of, "yes": yes, "chance": chance }),
            )
        }
        Move::Signed { .. } | Move::TruceEnded { .. } => of_an_agreement(model, what),
        Move::Ended { instrument } => {
            let id = instrument_id(model, instrument);
            plain(format!("{id} ends"), json!({ "kind": "ended", "instrument": id }))
        }
        Move::Struck { hazard } => {
            let notes = &model.spec.hazards[hazard.index()].1.notes;
            let hazard = &model.hazards[hazard.index()];
            let ending = hazard.ending.map_or("war", |ending| model.endings[ending.index()].id.as_str());
            let end = if hazard.ending.is_some() { format!("it with {ending}") } else { "the truce".to_owned() };
            explained(
                format!("{}, which ends {end}", hazard.id),
                notes,
                json!({ "kind": "struck", "hazard": hazard.id, "ending": ending }),
            )
        }
        Move::Attacked { attack, answered, lost } => attacked(model, usize::from(attack), answered, lost),
        Move::Pledged { coalition, troops, partners } => {
            let coalition = &model.coalitions[usize::from(coalition)];
            let title = party_called(model, Party::Body(coalition.body));
            let coalition = &coalition.id;
            let line = format!("{title}: {partners} states would send {:.0} troops", troops * 10_000.0);
            let json = json!({ "kind": "pledged", "coalition": coalition, "troops": troops, "partners": partners });
            plain(line, json)
        }
        Move::Transition { transition, of, to } => {
            let notes = &model.spec.transitions[usize::from(transition)].1.notes;
            let transition = &model.transitions[usize::from(transition)].id;
            let line = format!("{transition}: {} comes to office in {}", type_name(model, of, to), called(model, of));
            let (of, to) = (name(model, of), type_name(model, of, to));
            explained(line, notes, json!({ "kind": "transition", "transition": transition, "actor": of, "type": to }))
        }
        Move::Horizon => plain("the talks have run their time".to_owned(), json!({ "kind": "horizon" })),
        Move::Offer { .. } | Move::Answer { .. } | Move::Stall { .. } => unreachable!("told at the table"),
    }
}

/// Acts of pressure short of war, so many of them.
pub(super) fn pressure(model: &Model, attack: usize, acts: u64, answered: bool) -> String {
    let attack = &model.attacks[attack];
    let answer = if answered { "a guarantor answers" } else { "nobody answers" };
    let times = if acts == 1 { String::new() } else { format!(", {acts} times") };
    let (who, whom) = (called(model, attack.by), called(model, attack.target));
    format!("{who} puts pressure on {whom} ({}{times}): {answer}, and the peace goes on", attack.id)
}

/// What ended a truce, with its article.
fn manner(how: EndedBy) -> &'static str {
    match how {
        EndedBy::Attack => "an attack",
        EndedBy::Hazard => "an incident",
        EndedBy::Lapse => "lapsing",
        EndedBy::Term => "its term",
        EndedBy::Denunciation => "denouncing it",
        EndedBy::Settlement => "a settlement",
        EndedBy::Lever => "an act of its own",
        EndedBy::Event => "an event",
    }
}

fn type_name(model: &Model, actor: ActorId, index: u16) -> &str {
    match &model.actors[actor.index()].types {
        Types::Named(list) => &list[usize::from(index)].id,
        Types::Continuous { .. } => "somebody",
    }
}

fn attacked(model: &Model, attack: usize, answered: bool, lost: bool) -> Act {
    let notes = &model.spec.attacks[attack].1.notes;
    let attack = &model.attacks[attack];
    let by = name(model, attack.by);
    let answer = if answered { "guarantors answer" } else { "no guarantor answers" };
    let end = if lost { "the attack succeeds" } else { "the attack fails" };
    let (who, whom) = (called(model, attack.by), called(model, attack.target));
    let line = format!("{who} attacks {whom} ({}): {answer}, {end}", attack.id);
    explained(
        line,
        notes,
        json!({ "kind": "attacked", "actor": by, "attack": attack.id, "answered": answered, "lost": lost }),
    )
}

fn party(model: &Model, party: Party) -> &str {
    match party {
        Party::Actor(actor) => name(model, actor),
        Party::Body(body) => &model.bodies[body.index()].id,
    }
}

fn instrument_id(model: &Model, instrument: u16) -> &str {
    &model.instruments[usize::from(instrument)].id
}

/// What is offered, where it is not the settlement.
fn as_what(model: &Model, instrument: u16) -> String {
    if usize::from(instrument) == model.settlement {
        String::new()
    } else {
        format!("{}: ", instrument_id(model, instrument))
    }
}

/// A package in words: what differs from the terms at the start.
pub(super) fn words(model: &Model, package: &[u16]) -> String {
    let changed: Vec<String> = model
        .issues
        .iter()
        .zip(package)
        .filter(|(issue, option)| issue.status_quo != **option)
        .map(|(issue, option)| format!("{} {}", issue.id, issue.options[usize::from(*option)].id))
        .collect();
    match changed.len() {
        0 => "to keep everything as it is".to_owned(),
        n if n == model.issues.len() => changed.join(", "),
        _ => format!("{}; the rest as it is", changed.join(", ")),
    }
}

/// A package for machines: every issue with its option, numeric ones as numbers.
pub(super) fn terms(model: &Model, package: &[u16]) -> Value {
    let term = |(issue, option): (&crate::model::Issue, &u16)| {
        let option = &issue.options[usize::from(*option)];
        (issue.id.clone(), if issue.numeric { json!(option.number) } else { json!(option.id) })
    };
    Value::Object(model.issues.iter().zip(package).map(term).collect())
}

/// Terms that an offer changes in the one before; of a first offer, those that it changes in what is in force at the start.
fn changes(model: &Model, before: Option<&[u16]>, after: &[u16]) -> Vec<Change> {
    let from = before.unwrap_or(&model.register_start);
    let changed = from.iter().zip(after).enumerate().filter(|(_, (before, after))| before != after);
    changed
        .map(|(at, (&before, &after))| Change {
            issue: model.issues[at].id.clone(),
            to: option(model, at, usize::from(after)),
            from: option(model, at, usize::from(before)),
            meant: says_more(model, at, usize::from(after)),
        })
        .collect()
}

/// Whether the model says what an option means.
fn says_more(model: &Model, issue: usize, option: usize) -> bool {
    use crate::spec::model::Options;
    match &model.spec.issues[issue].1.options {
        Options::Named(named) => about(&named[option].notes).is_some(),
        Options::Grid { .. } => false,
    }
}

/// The largest terms of an answer, greatest first.
fn largest(parts: &AnswerParts) -> String {
    let mut order: Vec<usize> = (0..parts.len()).filter(|&at| parts[at] != 0.0).collect();
    order.sort_by(|&a, &b| parts[b].abs().total_cmp(&parts[a].abs()).then(a.cmp(&b)));
    let told: Vec<String> = order
        .iter()
        .take(TOLD_PARTS)
        .map(|&at| format!("{} {:+.3}", part_in_words(ANSWER_PARTS[at]).replace('_', " "), parts[at]))
        .collect();
    if told.is_empty() {
        "nothing speaks for it or against it".to_owned()
    } else {
        format!("because of {}", told.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_largest_terms_are_told_greatest_first() {
        let parts = [0.01, -0.3, 0.0, 0.2, 0.0, -0.05, 0.0, 0.0, 0.0, 0.04];
        assert_eq!(largest(&parts), "because of a later attack -0.300, how the war may end +0.200, optimism -0.050");
        assert_eq!(largest(&AnswerParts::default()), "nothing speaks for it or against it");
    }
}
