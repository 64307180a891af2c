//! Phrases in which all sheets speak.

use crate::model::{Actor, Model, Types};
use crate::report::describe::short;
use crate::spec::model::Notes;

/// What an element says of itself, if anything.
pub(super) fn about(notes: &Notes) -> Option<&str> {
    notes.about.as_ref().map(|about| about.text.as_str())
}

/// `: about`, or nothing.
pub(super) fn colon(notes: &Notes) -> String {
    about(notes).map(|about| format!(": {about}")).unwrap_or_default()
}

/// A value with its sign, three decimals.
pub(super) fn signed(value: f64) -> String {
    // What rounds to zero is zero, whatever its sign.
    let value = if value.abs() < 5e-4 { 0.0 } else { value };
    if value == 0.0 { "0".to_owned() } else { format!("{value:+.3}") }
}

/// A chance as a percentage.
pub(super) fn percent(chance: f64) -> String {
    format!("{:.0} %", 100.0 * chance)
}

/// Full name of an actor, with its id where that is not the same.
pub(super) fn full_name(actor: &Actor) -> String {
    if actor.name == actor.id { actor.id.clone() } else { format!("{} (`{}`)", actor.name, actor.id) }
}

/// Ids of the types of an actor; nothing where it has one.
pub(super) fn types(actor: &Actor) -> Vec<&str> {
    match &actor.types {
        Types::Named(types) if types.len() > 1 => types.iter().map(|named| named.id.as_str()).collect(),
        Types::Named(_) | Types::Continuous { .. } => Vec::new(),
    }
}

/// An option in words: what it means if the model says so, else its id.
pub(super) fn option(model: &Model, issue: usize, option: usize) -> String {
    use crate::spec::model::Options;
    let id = &model.issues[issue].options[option].id;
    match &model.spec.issues[issue].1.options {
        Options::Named(named) => match about(&named[option].notes) {
            Some(about) => format!("{about} (`{id}`)"),
            None => format!("`{id}`"),
        },
        Options::Grid { .. } => id.clone(),
    }
}

/// An issue in words.
pub(super) fn issue(model: &Model, issue: usize) -> String {
    let (id, spec) = &model.spec.issues[issue];
    match about(&spec.notes) {
        Some(about) => format!("{about} (`{}`)", id.text),
        None => format!("`{}`", id.text),
    }
}

/// An issue within a sentence.
pub(super) fn quoted_issue(model: &Model, issue: usize) -> String {
    let (id, spec) = &model.spec.issues[issue];
    match about(&spec.notes) {
        Some(about) => format!("'{about}' (`{}`)", id.text),
        None => format!("`{}`", id.text),
    }
}

/// A package as `issue option, issue option`: what differs from the terms in force.
pub(super) fn package(model: &Model, options: &[u16]) -> String {
    let terms = model.issues.iter().zip(options).zip(&model.register_start);
    let changed: Vec<String> = terms
        .filter(|((_, option), start)| option != start)
        .map(|((issue, option), _)| format!("{} {}", issue.id, issue.options[usize::from(*option)].id))
        .collect();
    if changed.is_empty() { "what is in force".to_owned() } else { changed.join(", ") }
}

/// A condition in words where it says only that an issue has an option; else as the model writes it.
pub(super) fn condition(model: &Model, text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [left, operator, right] = words[..]
        && let Some(at) = model.issues.iter().position(|issue| issue.id == left)
        && let Some(chosen) = model.issues[at].options.iter().position(|option| option.id == right)
    {
        let meaning = option(model, at, chosen);
        match operator {
            "==" => return format!("{}: {meaning}", model.issues[at].id),
            ">" => return format!("{}: anything beyond {meaning}", model.issues[at].id),
            ">=" => return format!("{}: {meaning} or anything beyond", model.issues[at].id),
            _ => {}
        }
    }
    format!("`{text}`")
}

/// A number of months in words.
pub(super) fn months(number: f64) -> String {
    if number == 1.0 { "1 month".to_owned() } else { format!("{} months", short(number)) }
}

/// `1 issue`, `2 issues`.
pub(super) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rounds_to_nothing_has_no_sign() {
        assert_eq!(signed(-0.000_2), "0");
        assert_eq!(signed(0.12), "+0.120");
        assert_eq!(signed(-0.12), "-0.120");
    }
}
