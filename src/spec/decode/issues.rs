//! Issues with their options, rules, packages, anchors, endings and instruments.

use super::world::REGIMES;
use crate::spec::field::Field;
use crate::spec::ids::{self, BESIDE_NUMBERS, ELEMENT, Seen};
use crate::spec::model::{
    ByType, Deliverer, Denounce, Ending, Instrument, Issue, Name, OptionSpec, Options, Package, Rule, Scope, Term,
};
use crate::spec::reader::Reader;
use crate::spec::tree::{Table, Value};

/// Words of `leads_to`.
pub const LEADS_TO: [&str; 2] = ["truce", "settled"];

pub(super) fn issue(r: &mut Reader<'_>) -> Issue {
    let options = r.required("options").map_or_else(|| Options::Named(Vec::new()), |field| options(&field));
    Issue { options, notes: r.notes() }
}

fn options(field: &Field<'_>) -> Options {
    match field.value() {
        Value::Table(_) => field.table(|r| Options::Grid {
            from: r.number("from"),
            to: r.number("to"),
            step: r.number("step"),
            status_quo: r.opt_number("status_quo"),
        }),
        Value::Array(_) => Options::Named(named_options(field)),
        _ => {
            let hint = "write [{ id = \"..\" }, ..] or { from = 0, to = 1, step = 0.01 }";
            field.wrong("a list of options or a grid", Some(hint.to_owned()));
            Options::Named(Vec::new())
        }
    }
}

fn named_options(field: &Field<'_>) -> Vec<OptionSpec> {
    let (mut out, mut seen) = (Vec::new(), Seen::default());
    for item in field.some_items() {
        let item = by_id(item, field.path());
        let option = item.table_like("{ id = \"..\" }", option);
        if !option.id.text.is_empty() {
            item.check_id(&option.id, item.path(), &BESIDE_NUMBERS, &mut seen);
        }
        out.push(option);
    }
    out
}

/// An element of a list, under its id instead of its index.
pub(super) fn by_id<'a>(item: Field<'a>, list: &str) -> Field<'a> {
    let id = item.value().as_table().and_then(|t| t.get("id")).and_then(|n| n.value.as_text());
    match id {
        Some(id) if ids::fault(id, &ELEMENT).is_none() => item.renamed(format!("{list}.{id}")),
        _ => item,
    }
}

fn option(r: &mut Reader<'_>) -> OptionSpec {
    OptionSpec {
        id: r.text("id"),
        status_quo: r.flag("status_quo"),
        position: r.opt_number("position"),
        revocable: r.flag("revocable"),
        delivered_by: r.field("delivered_by").map_or_else(Vec::new, |field| {
            let items = field.some_items();
            items.iter().map(deliverer).collect()
        }),
        acts_in_war: r.flag("acts_in_war"),
        bar: r.opt_condition("bar"),
        notes: r.notes(),
    }
}

/// Somebody who must agree: a text, or a table with the matter of a body.
pub(super) fn deliverer(field: &Field<'_>) -> Deliverer {
    if field.value().as_table().is_some() {
        return field.table(|r| Deliverer { by: r.text("by"), matter: r.opt_text("matter") });
    }
    Deliverer { by: field.text(), matter: None }
}

pub(super) fn rule(r: &mut Reader<'_>) -> Rule {
    Rule { forbid: r.condition("forbid"), notes: r.notes() }
}

pub(super) fn anchors(r: &mut Reader<'_>) -> Vec<(Name, Name)> {
    let status_quo = |r: &mut Reader<'_>| r.some_map("override", &ELEMENT, |_, field| field.text());
    r.opt_table("status_quo", "", status_quo).unwrap_or_default()
}

pub(super) fn package(r: &mut Reader<'_>) -> Package {
    Package {
        terms: r.required("terms").map_or_else(Vec::new, |field| terms(&field)),
        reference: r.flag("reference"),
        notes: r.notes(),
    }
}

/// Terms; an empty table is the status quo.
pub(super) fn terms(field: &Field<'_>) -> Vec<(Name, Term)> {
    field.map(&ELEMENT, |_, field| match field.value() {
        Value::Text(_) => Term::Option(field.text()),
        Value::Int(_) | Value::Float(_) | Value::Table(_) => Term::Value(field.number()),
        _ => {
            field.wrong("an option id or a number", None);
            Term::Option(Name { text: String::new(), span: field.span() })
        }
    })
}

pub(super) fn ending(r: &mut Reader<'_>) -> Ending {
    r.exactly_one(&["package", "values"]);
    r.at_most_one(&["values", "override"]);
    Ending {
        package: r.field("package").map(|field| terms(&field)),
        overrides: by_actor(r, "override"),
        values: by_actor(r, "values"),
        notes: r.notes(),
    }
}

fn by_actor(r: &mut Reader<'_>, key: &'static str) -> Vec<(Name, ByType)> {
    r.some_map(key, &ELEMENT, |_, field| field.by_type())
}

pub(super) fn instrument(r: &mut Reader<'_>) -> Instrument {
    let scope = match r.required("scope") {
        None => Scope::All,
        Some(field) if field.value().as_text().is_some() => {
            let _reported = field.word(&["all"]);
            Scope::All
        }
        Some(field) if field.value().as_array().is_some() => Scope::Issues(field.texts()),
        Some(field) => {
            field.wrong("\"all\" or a list of issues", None);
            Scope::All
        }
    };
    Instrument {
        scope,
        parties: r.field("parties").map_or_else(Vec::new, |field| field.some_items().iter().map(deliverer).collect()),
        leads_to: r.opt_word("leads_to", &LEADS_TO),
        from: r.field("from").map_or_else(Vec::new, |field| field.words(&REGIMES)),
        imposed: r.flag("imposed"),
        framework: r.flag("framework"),
        term_months: r.opt_number("term_months"),
        lapse_per_year: r.opt_number("lapse_per_year"),
        denounce: r.opt_table("denounce", "{ by = [..], per_year = 1, audience_cost = 0.02 }", |r| Denounce {
            by: r.texts("by"),
            per_year: r.opt_number("per_year"),
            audience_cost: r.opt_number("audience_cost"),
        }),
        notes: r.notes(),
    }
}

/// Ids of the options of an issue, in order; `None` for a numeric or unknown issue.
#[must_use]
pub fn option_ids<'t>(root: &'t Table, issue: &str) -> Option<Vec<&'t str>> {
    let issue = root.get("issues")?.value.as_table()?.get(issue)?.value.as_table()?;
    let options = issue.get("options")?.value.as_array()?;
    options.iter().map(|option| option.value.as_table()?.get("id")?.value.as_text()).collect()
}
