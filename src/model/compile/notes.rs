//! Annotations: sources must exist, units must mean something, and numbers without either are pointed out.

use super::Context;
use super::resolve::{ids, of_sort};
use crate::spec::model::{Form, Map, Name, Notes, Number, Options, Spec};
use crate::spec::suggest;

/// A source that needs no entry in `[sources]`.
const ASSUMPTION: &str = "assumption";
/// Rows of the parameter table are named with this prefix.
const TABLE: &str = "parameters:";

impl Context<'_> {
    /// Checks that the source of a number or element exists.
    pub fn source(&mut self, notes: &Notes, path: &str) {
        let Some(source) = &notes.source else { return };
        let row = source.text.strip_prefix(TABLE);
        let known: Vec<&str> = ids(&self.spec.sources).collect();
        if source.text == ASSUMPTION || row.is_some_and(|row| !row.is_empty()) || known.contains(&source.text.as_str())
        {
            return;
        }
        let message = format!("there is no source `{}`", source.text);
        let hint = suggest::nearest(&source.text, known.iter().copied().chain([ASSUMPTION])).map_or_else(
            || "declare it under [sources], or write source = \"assumption\"".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        self.problems.error("E0201", Some(source.span), path, message, Some(hint));
    }

    /// Checks the annotations of an element; a unit is allowed only where the element is a quantity.
    pub fn notes(&mut self, notes: &Notes, path: &str, quantity: bool) {
        self.source(notes, path);
        if let (Some(unit), false) = (&notes.unit, quantity) {
            let message = format!("the unit `{}` means nothing here", unit.text);
            let hint =
                Some("units belong to parameters, states, derived values, columns and single numbers".to_owned());
            self.problems.error("E0507", Some(unit.span), path, message, hint);
        }
    }

    /// Warns about a literal that has neither source nor range nor inventory rows.
    pub fn unsourced(&mut self, number: &Number, around: &[&Notes], ranged: bool, path: &str) {
        if !matches!(number.form, Form::Const(_)) || ranged || number.range.is_some() {
            return;
        }
        let told = |notes: &Notes| notes.source.is_some() || !notes.inventory.is_empty();
        if told(&number.notes) || around.iter().any(|notes| told(notes)) {
            return;
        }
        let hint =
            Some("write { value = .., range = [low, high], source = \"assumption\" } or name the source".to_owned());
        self.problems.warn("W0601", Some(number.span), path, "the number has neither source nor range", hint);
    }

    /// Checks the annotations of all elements that are not quantities.
    pub fn all_notes(&mut self) {
        for (notes, path) in plain_notes(self.spec) {
            self.notes(notes, &path, false);
        }
    }

    /// Warns about elements that nothing refers to. States and issues are results too and need no reader.
    pub fn unused(&mut self) {
        let spec = self.spec;
        let shared = spec.params.iter().filter(|(_, param)| param.private_to.is_none());
        let read_by_name =
            shared.map(|(id, _)| ("params", id)).chain(spec.derived.iter().map(|(id, _)| ("derived", id)));
        let referred_to = names_of("endings", &spec.endings)
            .chain(names_of("bodies", &spec.bodies))
            .chain(names_of("guarantees", &spec.guarantees));
        let idle: Vec<(&str, &Name)> = read_by_name
            .filter(|(_, id)| !self.used.contains(&id.text))
            .chain(referred_to.filter(|(section, id)| !self.used.contains(&of_sort(section, id))))
            .collect();
        for (section, id) in idle {
            let message = format!("nothing refers to `{}`: it cannot change any result", id.text);
            self.problems.warn("W0602", Some(id.span), of_sort(section, id), message, None);
        }
    }
}

fn names_of<'m, T>(section: &'static str, map: &'m Map<T>) -> impl Iterator<Item = (&'static str, &'m Name)> {
    map.iter().map(move |(id, _)| (section, id))
}

/// The annotations of everything but parameters, states, derived values and columns, with the paths of their elements.
fn plain_notes(spec: &Spec) -> Vec<(&Notes, String)> {
    let mut out: Vec<(&Notes, String)> = Vec::new();
    macro_rules! sections {
        ($($field:ident $section:literal),+ $(,)?) => {$(
            out.extend(spec.$field.iter().map(|(id, element)| (&element.notes, of_sort($section, id))));
        )+};
    }
    sections!(
        hazards "hazards", issues "issues", rules "rules", packages "packages", endings "endings",
        instruments "instruments", actors "actors", bodies "bodies", levers "levers", guarantees "guarantees",
        attacks "attacks", ratifiers "ratifiers", events "events",
        correlate "correlate", coalitions "coalitions", transitions "transitions",
    );
    for (id, issue) in &spec.issues {
        if let Options::Named(options) = &issue.options {
            let base = format!("issues.{}.options", id.text);
            out.extend(options.iter().map(|option| (&option.notes, format!("{base}.{}", option.id.text))));
        }
    }
    for (id, actor) in &spec.actors {
        let base = of_sort("actors", id);
        out.extend(actor.types.iter().map(|(id, kind)| (&kind.notes, format!("{base}.types.{}", id.text))));
        out.extend(actor.red_lines.iter().map(|(id, line)| (&line.notes, format!("{base}.red_lines.{}", id.text))));
        out.extend(actor.terms.iter().map(|(id, term)| (&term.notes, format!("{base}.terms.{}", id.text))));
        out.extend(actor.stalling.iter().map(|stalling| (&stalling.notes, format!("{base}.stalling"))));
        out.extend(actor.audience.iter().map(|audience| (&audience.notes, format!("{base}.audience"))));
        out.extend(actor.optimism.iter().map(|optimism| (&optimism.notes, format!("{base}.optimism"))));
        out.extend(actor.misjudgement.iter().map(|noise| (&noise.notes, format!("{base}.misjudgement"))));
    }
    for (id, coalition) in &spec.coalitions {
        let base = format!("coalitions.{}.contributions", id.text);
        let contributions = coalition.contributions.iter();
        out.extend(contributions.map(|(member, c)| (&c.notes, format!("{base}.{}", member.text))));
    }
    out.extend(spec.prologue.iter().zip(0..).map(|(event, at)| (&event.notes, format!("prologue.{at}"))));
    out.extend(spec.scenario.iter().map(|scenario| (&scenario.notes, "scenario".to_owned())));
    out.extend(spec.outcomes.iter().map(|outcome| (&outcome.notes, of_sort("outcomes", &outcome.id))));
    out
}
