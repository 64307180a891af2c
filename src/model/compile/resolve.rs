//! Names of elements to ids, with "did you mean".

use super::Context;
use crate::id::{ActorId, EndingId};
use crate::model::Party;
use crate::spec::model::{Map, Name, Spec};
use crate::spec::suggest;

/// Path of an element: section and id.
pub(super) fn of_sort(section: &str, id: &Name) -> String {
    format!("{section}.{}", id.text)
}

/// The ids of a section.
pub(super) fn ids<T>(map: &Map<T>) -> impl Iterator<Item = &str> {
    map.iter().map(|(id, _)| id.text.as_str())
}

/// Position of a name in a section.
pub(super) fn position<T>(map: &Map<T>, name: &str) -> Option<usize> {
    map.iter().position(|(id, _)| id.text == name)
}

/// Ids of the types of an actor; `only` when none is declared.
pub(super) fn type_ids(actor: &crate::spec::model::Actor) -> Vec<&str> {
    if actor.types.is_empty() { vec!["only"] } else { ids(&actor.types).collect() }
}

/// What sort of element has that id, with its article.
fn sort_of(spec: &Spec, name: &str) -> Option<&'static str> {
    let rows: [(&'static str, bool); 13] = [
        ("an actor", position(&spec.actors, name).is_some()),
        ("a body", position(&spec.bodies, name).is_some()),
        ("an issue", position(&spec.issues, name).is_some()),
        ("a state", position(&spec.states, name).is_some()),
        ("a derived value", position(&spec.derived, name).is_some()),
        ("a parameter", position(&spec.params, name).is_some()),
        ("an ending", position(&spec.endings, name).is_some()),
        ("a hazard", position(&spec.hazards, name).is_some()),
        ("a guarantee", position(&spec.guarantees, name).is_some()),
        ("an attack", position(&spec.attacks, name).is_some()),
        ("a lever", position(&spec.levers, name).is_some()),
        ("a package", position(&spec.packages, name).is_some()),
        ("an event", position(&spec.events, name).is_some()),
    ];
    rows.into_iter().find(|(_, found)| *found).map(|(sort, _)| sort)
}

impl Context<'_> {
    /// Position of `name` among `known`, or an error that says what was meant; `sort` has its article, as `an actor`.
    pub fn find(&mut self, known: &[&str], name: &Name, path: &str, sort: &str) -> Option<usize> {
        let found = known.iter().position(|id| *id == name.text);
        if found.is_none() {
            let bare = sort.split_once(' ').map_or(sort, |(_, bare)| bare);
            let (code, message) = match sort_of(self.spec, &name.text) {
                Some(other) if other != sort => ("E0202", format!("`{}` is {other}, {sort} is needed here", name.text)),
                _ => ("E0201", format!("there is no {bare} `{}`", name.text)),
            };
            let hint = suggest::hint(&name.text, known.iter().copied());
            self.problems.error(code, Some(name.span), path, message, hint);
        }
        found
    }

    /// The actor of that name; actor 0 after an error.
    pub fn actor(&mut self, name: &Name, path: &str) -> ActorId {
        let known: Vec<&str> = ids(&self.spec.actors).collect();
        ActorId::new(self.find(&known, name, path, "an actor").unwrap_or(0))
    }

    /// The ending of that name; ending 0 after an error.
    pub fn ending(&mut self, name: &Name, path: &str) -> EndingId {
        let known: Vec<&str> = ids(&self.spec.endings).collect();
        self.used.insert(of_sort("endings", name));
        EndingId::new(self.find(&known, name, path, "an ending").unwrap_or(0))
    }

    /// The actor or body of that name; actor 0 after an error.
    pub fn party(&mut self, name: &Name, path: &str) -> Party {
        if let Some(body) = position(&self.spec.bodies, &name.text) {
            self.used.insert(of_sort("bodies", name));
            return Party::Body(crate::id::BodyId::new(body));
        }
        let known: Vec<&str> = ids(&self.spec.actors).chain(ids(&self.spec.bodies)).collect();
        Party::Actor(ActorId::new(self.find(&known, name, path, "an actor or body").unwrap_or(0)))
    }

    /// Which types of an actor a list of names means; an empty list means all.
    pub fn types_named(&mut self, actor: &crate::spec::model::Actor, list: &[Name], path: &str) -> Vec<bool> {
        let known = type_ids(actor);
        if list.is_empty() {
            return vec![true; known.len()];
        }
        let mut chosen = vec![false; known.len()];
        for name in list {
            if let Some(index) = self.find(&known, name, path, "a type") {
                chosen[index] = true;
            }
        }
        chosen
    }

    /// The meaning of a word of a closed list; the first meaning after an error.
    pub fn word<T: Copy>(&mut self, name: &Name, path: &str, meanings: &[(&str, T)]) -> T {
        let found = meanings.iter().find(|(word, _)| *word == name.text);
        if found.is_none() {
            let words: Vec<&str> = meanings.iter().map(|(word, _)| *word).collect();
            let message = format!("`{}` is not one of the words allowed here", name.text);
            self.problems.error("E0109", Some(name.span), path, message, suggest::hint(&name.text, words));
        }
        found.unwrap_or(&meanings[0]).1
    }
}
