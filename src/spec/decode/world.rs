//! `[params]`, `[state]`, `[derived]`, `[hazards]` and `[tallies]`.

use crate::spec::field::Field;
use crate::spec::model::{Derived, Hazard, Param, State, Tally};
use crate::spec::reader::Reader;

/// Words of `during`.
pub const REGIMES: [&str; 3] = ["war", "truce", "settled"];

pub(super) fn param(field: &Field<'_>) -> Param {
    let path = field.path().to_owned();
    field.table_like("{ value = .. }", |r| {
        let mut value = r.number("value");
        // The parameter's own value goes by the parameter's path: `params.x`, not `params.x.value`.
        value.path = path;
        Param { value, range: r.opt_range("range"), private_to: r.opt_text("private_to"), notes: r.notes() }
    })
}

pub(super) fn state(r: &mut Reader<'_>) -> State {
    let (start, range, change) = (r.number("start"), r.range("range"), r.opt_number("change"));
    let noise = r.opt_table("noise", "{ sd = .. }", |r| {
        r.exactly_one(&["sd", "chance"]);
        (r.opt_number("sd"), r.opt_number("chance"), r.opt_number("size"))
    });
    let (noise_sd, chance, size) = noise.unwrap_or_default();
    State { start, range, change, noise_sd, jump: chance.map(|chance| (chance, size)), notes: r.notes() }
}

pub(super) fn derived(r: &mut Reader<'_>) -> Derived {
    Derived { value: r.number("value"), range: r.range("range"), notes: r.notes() }
}

pub(super) fn hazard(r: &mut Reader<'_>) -> Hazard {
    r.exactly_one(&["per_month", "per_year"]);
    r.exactly_one(&["ending", "leads_to"]);
    Hazard {
        during: r.required("during").map_or_else(Vec::new, |f| f.words(&REGIMES)),
        per_month: r.opt_number("per_month"),
        per_year: r.opt_number("per_year"),
        ending: r.opt_text("ending"),
        leads_to: r.opt_word("leads_to", &["war"]),
        distance: r.opt_number("distance"),
        notes: r.notes(),
    }
}

pub(super) fn tally(r: &mut Reader<'_>) -> Tally {
    Tally {
        during: r.required("during").map_or_else(Vec::new, |f| f.words(&REGIMES)),
        per_month: r.number("per_month"),
        notes: r.notes(),
    }
}
