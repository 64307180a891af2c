//! Actors with their types, weights and values, and bodies with their quotas.

use super::header::title;
use super::issues::option_ids;
use crate::spec::field::Field;
use crate::spec::ids::{BESIDE_NUMBERS, ELEMENT};
use crate::spec::model::{
    Actor, Body, Misjudgement, Name, Optimism, Quota, RedLine, Stalling, TypeSpec, ValueTerm, Values, Weights,
};
use crate::spec::reader::Reader;
use crate::spec::tree::Value;

/// Words of an actor's `role`.
pub const ROLES: [&str; 3] = ["signatory", "mediator", "third_party"];

pub(super) fn actor(r: &mut Reader<'_>) -> Actor {
    Actor {
        name: title(r, "name"),
        role: r.word("role", &ROLES),
        war_cost: r.opt_by_type("war_cost"),
        truce_share: r.opt_number("truce_share"),
        capability: r.opt_number("capability"),
        patience: r.number("patience"),
        types: r.some_map("types", &BESIDE_NUMBERS, |_, field| field.table(type_spec)),
        weights: r.field("weights").map_or_else(|| Weights::All(Vec::new()), |field| weights(&field)),
        values: r.map("values", &ELEMENT, values),
        red_lines: r.map("red_lines", &ELEMENT, |_, field| field.table(red_line)),
        terms: r.map("terms", &ELEMENT, |_, field| field.table(value_term)),
        stalling: r.opt_table("stalling", "{ probability = .., benefit = .. }", |r| Stalling {
            probability: r.number("probability"),
            benefit: r.number("benefit"),
            notes: r.notes(),
        }),
        optimism: r.opt_table("optimism", "{ value = .. }", |r| Optimism {
            value: r.number("value"),
            battles: r.opt_number("battles"),
            notes: r.notes(),
        }),
        misjudgement: r.opt_table("misjudgement", "{ sigma = .. }", |r| Misjudgement {
            sigma: r.number("sigma"),
            rho_month: r.opt_number("rho_month"),
            notes: r.notes(),
        }),
        no_deal_flow: r.opt_by_type("no_deal_flow"),
        walk_out: r.opt_by_type("walk_out"),
        voice: r.opt_number("voice"),
        pivotal: r.opt_number("pivotal"),
        kept: r.opt_number("kept"),
        relief: r.opt_number("relief"),
        believes: r.numbers("believes"),
        policy: r.opt_table("policy", "{ script = [{ month = 3, answer = \"no\" }] }", super::politics::script),
        reviews_per_year: r.opt_number("reviews_per_year"),
        credibility: r.opt_number("credibility"),
        audience: r.opt_table("audience", "{ concession = .. }", super::politics::audience),
        notes: r.notes(),
    }
}

fn type_spec(r: &mut Reader<'_>) -> TypeSpec {
    TypeSpec { prior: r.number("prior"), notes: r.notes() }
}

/// Weights by issue, or by type and issue: by type when the entries are tables of named numbers.
fn weights(field: &Field<'_>) -> Weights {
    let entries = field.entries();
    let groups = entries.iter().filter(|(_, entry)| entry.is_group()).count();
    if groups == 0 {
        return Weights::All(field.some_map(&ELEMENT, |_, entry| entry.number()));
    }
    if let Some((key, entry)) = entries.iter().find(|(_, entry)| !entry.is_group()) {
        let message = format!("`{}` is a number among tables of types", key.name);
        let hint = "write weights.<issue> for all types, or weights.<type>.<issue> for each".to_owned();
        entry.error("E0111", message, Some(hint));
    }
    let by_type = field.map(&BESIDE_NUMBERS, |_, entry| entry.is_group().then(|| entry.numbers()));
    Weights::ByType(by_type.into_iter().filter_map(|(id, weights)| Some((id, weights?))).collect())
}

/// Values of the options of one issue; entries of a list go by option id.
fn values(issue: &Name, field: &Field<'_>) -> Values {
    match field.value() {
        Value::Array(_) => {
            let ids = option_ids(field.context().root(), &issue.text).unwrap_or_default();
            let named = |(index, item): (usize, Field<'_>)| match ids.get(index) {
                Some(id) => item.renamed(format!("{}.{id}", field.path())).number(),
                None => item.number(),
            };
            Values::List(field.some_items().into_iter().enumerate().map(named).collect())
        }
        Value::Table(_) if field.is_group() => Values::Named(field.numbers()),
        _ => Values::Expr(field.number()),
    }
}

fn red_line(r: &mut Reader<'_>) -> RedLine {
    RedLine {
        when: r.condition("when"),
        penalty: r.opt_number("penalty"),
        types: r.texts("types"),
        victory: r.opt_text("victory"),
        notes: r.notes(),
    }
}

fn value_term(r: &mut Reader<'_>) -> ValueTerm {
    ValueTerm { value: r.number("value"), types: r.texts("types"), notes: r.notes() }
}

pub(super) fn body(r: &mut Reader<'_>) -> Body {
    Body {
        name: title(r, "name"),
        members: r.required("members").map_or_else(Vec::new, |field| field.texts()),
        weights: r.numbers("weights"),
        quota: r.some_map("quota", &ELEMENT, |_, field| quota(field)),
        notes: r.notes(),
    }
}

fn quota(field: &Field<'_>) -> Quota {
    if field.value().as_table().is_some() {
        return field.table(|r| Quota::QualifiedMajority(r.number("qualified_majority")));
    }
    let _reported = field.word(&["unanimity"]);
    Quota::Unanimity
}
