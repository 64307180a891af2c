//! Outcomes and their columns, the search, the choice rules and the protocol.

use super::issues::by_id;
use crate::spec::field::Field;
use crate::spec::ids::{ELEMENT, Seen};
use crate::spec::model::{Behaviour, Measures, Name, Outcome, OutcomeColumn, Protocol, Scenario, Search};
use crate::spec::reader::Reader;

/// Words of the protocol's `kind`.
pub const PROTOCOLS: [&str; 5] =
    ["random_proposer", "one_offer", "alternating_offers", "stacked_offers", "single_text"];

pub(super) fn outcomes(r: &mut Reader<'_>) -> Vec<Outcome> {
    let Some(field) = r.field("outcomes") else {
        return Vec::new();
    };
    elements(&field, |r| Outcome { id: r.text("id"), when: r.condition("when"), notes: r.notes() }, |o| &o.id)
}

pub(super) fn columns(r: &mut Reader<'_>) -> Vec<OutcomeColumn> {
    let Some(field) = r.field("outcome_column") else {
        return Vec::new();
    };
    let column = |r: &mut Reader<'_>| OutcomeColumn { id: r.text("id"), value: r.number("value"), notes: r.notes() };
    elements(&field, column, |c| &c.id)
}

/// A list of tables with ids, in order.
fn elements<'a, T>(field: &Field<'a>, read: impl Fn(&mut Reader<'a>) -> T, id: impl Fn(&T) -> &Name) -> Vec<T> {
    let (mut out, mut seen) = (Vec::new(), Seen::default());
    for item in field.some_items() {
        let item = by_id(item, field.path());
        let element = item.table(&read);
        if !id(&element).text.is_empty() {
            item.check_id(id(&element), item.path(), &ELEMENT, &mut seen);
        }
        out.push(element);
    }
    out
}

pub(super) fn search(r: &mut Reader<'_>) -> Search {
    let pairs = r.field("pairs").map(|field| field.items().iter().map(Field::texts).collect());
    Search { candidates: r.opt_number("candidates"), pairs: pairs.unwrap_or_default() }
}

/// Words of the measures' `columns`.
pub const MEASURES: [&str; 14] = [
    "frontier_size",
    "pareto_distance",
    "nash_distance",
    "kalai_distance",
    "ks_distance",
    "disparity_distance",
    "welfare_distance",
    "welfare",
    "welfare_share",
    "nash",
    "kalai",
    "ks",
    "disparity",
    "best_welfare",
];

pub(super) fn measures(r: &mut Reader<'_>) -> Measures {
    Measures {
        columns: r.required("columns").map_or_else(Vec::new, |field| field.words(&MEASURES)),
        weights: r.numbers("weights"),
    }
}

/// Words of a scenario's `direction`.
const DIRECTIONS: [&str; 2] = ["more", "less"];

pub(super) fn scenario(r: &mut Reader<'_>) -> Scenario {
    Scenario { future: r.texts("future"), direction: r.opt_word("direction", &DIRECTIONS), notes: r.notes() }
}

pub(super) fn behaviour(r: &mut Reader<'_>) -> Behaviour {
    Behaviour {
        offer_precision: r.opt_number("offer_precision"),
        consent_precision: r.opt_number("consent_precision"),
        least_ratification: r.opt_number("least_ratification"),
        least_consent: r.opt_number("least_consent"),
        mixing: r.opt_number("mixing"),
        inertia: r.opt_number("inertia"),
        lever_precision: r.opt_number("lever_precision"),
        reviews_per_year: r.opt_number("reviews_per_year"),
        consent_rho_month: r.opt_number("consent_rho_month"),
        credibility_broken: r.opt_number("credibility_broken"),
        credibility_kept: r.opt_number("credibility_kept"),
    }
}

pub(super) fn protocol(r: &mut Reader<'_>) -> Protocol {
    Protocol {
        kind: r.opt_word("kind", &PROTOCOLS),
        order: r.texts("order"),
        one_offer_per_step: r.flag("one_offer_per_step"),
        recognition: r.numbers("recognition"),
        offers_per_month: r.opt_number("offers_per_month"),
        breakdown: r.opt_number("breakdown"),
        after_exit: r.opt_number("after_exit"),
        truce_offers_per_month: r.opt_number("truce_offers_per_month"),
    }
}
