//! A model as an ODD protocol: overview, design concepts, details (Grimm et al. 2006, 2010, 2020), in Markdown.
//!
//! Everything is generated from the model: sections speak of what it uses and leave out what it does not.

mod concepts;
mod details;
mod equations;
mod overview;
mod parameters;
mod table;

use crate::measure::central::Central;
use crate::model::Model;
use crate::report::page::Page;
use crate::source::Loaded;
use crate::spec::model::Notes;
use crate::spec::signs::SignTable;
use crate::spec::tree::Table;

/// The seven headings of the protocol, in order.
pub const HEADINGS: [&str; 7] = [
    "Purpose and patterns",
    "Entities, state variables, and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
];

/// What the sections are written from.
pub(super) struct Subject<'a> {
    model: &'a Model,
    tree: &'a Table,
    central: Central,
    signs: Option<&'a SignTable>,
    hash: &'a str,
}

/// The document. `signs` is the table of contrasts that goes with the model, if there is one.
#[must_use]
pub fn document(loaded: &Loaded, signs: Option<&SignTable>) -> String {
    let model = &loaded.model;
    let subject = Subject { model, tree: &loaded.tree, central: Central::new(model), signs, hash: &loaded.hash };
    let mut page = Page::default();
    overview::title(&subject, &mut page);
    for (number, heading) in (1..).zip(HEADINGS) {
        page.line(format_args!("\n## {number} {heading}\n"));
        match number {
            1 => overview::purpose(&subject, &mut page),
            2 => overview::entities(&subject, &mut page),
            3 => overview::process(&subject, &mut page),
            4 => concepts::all(&subject, &mut page),
            5 => details::initialization(&subject, &mut page),
            6 => details::input(&subject, &mut page),
            _ => {
                equations::all(&subject, &mut page);
                parameters::all(&subject, &mut page);
            }
        }
    }
    page.finish()
}

/// What a note says, or nothing.
fn about(notes: &Notes) -> &str {
    notes.about.as_ref().map_or("", |about| about.text.as_str())
}

/// A count with its noun: `1 actor`, `13 actors`.
fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// `a, b and c`.
fn joined<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_as_in_a_sentence() {
        assert_eq!(joined(["a"]), "a");
        assert_eq!(joined(["a", "b", "c"]), "a, b and c");
        assert_eq!(counted(1, "body", "bodies"), "1 body");
    }
}
