//! A tree to [`Spec`]: one function a section, each reading exactly the keys that its struct documents.

mod actors;
mod deterrence;
mod header;
mod issues;
mod levers;
mod number;
mod outcomes;
mod politics;
mod world;

pub(super) use header::title;
pub use issues::option_ids;
pub use number::{is_distribution, is_number_table};

use super::ids::{ACTOR, BESIDE_NUMBERS, ELEMENT};
use super::model::Spec;
use super::problem::Problems;
use super::reader::{Context, Reader};
use super::tree::Table;

/// Sections that are tables from ids to elements.
pub const ELEMENT_SECTIONS: [&str; 21] = [
    "sources",
    "params",
    "state",
    "derived",
    "hazards",
    "tallies",
    "issues",
    "rules",
    "packages",
    "endings",
    "instruments",
    "actors",
    "bodies",
    "levers",
    "guarantees",
    "attacks",
    "ratifiers",
    "events",
    "correlate",
    "coalitions",
    "transitions",
];

/// Reads a whole model; every problem goes to `problems`.
///
/// Where something could not be read a placeholder stands at the same place (0, an empty name, `true`), so that later
/// stages can report more; a spec that came with errors must never be run. `None` when there is no `[model]` section.
pub fn decode(root: &Table, problems: &mut Problems) -> Option<Spec> {
    let context = Context::new(root);
    let spec = context.read(spec);
    problems.list.append(&mut context.into_problems().list);
    root.get("model").map(|_| spec)
}

fn spec(r: &mut Reader<'_>) -> Spec {
    Spec {
        model: r.table("model", "", header::header),
        sources: r.map("sources", &ELEMENT, |_, f| f.table(header::source)),
        params: r.map("params", &ELEMENT, |_, f| world::param(f)),
        states: r.map("state", &ELEMENT, |_, f| f.table(world::state)),
        derived: r.map("derived", &ELEMENT, |_, f| f.table(world::derived)),
        hazards: r.map("hazards", &ELEMENT, |_, f| f.table(world::hazard)),
        tallies: r.map("tallies", &ELEMENT, |_, f| f.table(world::tally)),
        issues: r.map("issues", &BESIDE_NUMBERS, |_, f| f.table(issues::issue)),
        rules: r.map("rules", &ELEMENT, |_, f| f.table(issues::rule)),
        anchor_override: r.opt_table("anchors", "", issues::anchors).unwrap_or_default(),
        packages: r.map("packages", &ELEMENT, |_, f| f.table(issues::package)),
        foresight: r.opt_table("foresight", "", |r| r.numbers("endings")).unwrap_or_default(),
        endings: r.map("endings", &ELEMENT, |_, f| f.table(issues::ending)),
        instruments: r.map("instruments", &ELEMENT, |_, f| f.table(issues::instrument)),
        actors: r.map("actors", &ACTOR, |_, f| f.table(actors::actor)),
        bodies: r.map("bodies", &ACTOR, |_, f| f.table(actors::body)),
        levers: r.map("levers", &ELEMENT, |_, f| f.table(levers::lever)),
        guarantees: r.map("guarantees", &ELEMENT, |_, f| f.table(deterrence::guarantee)),
        attacks: r.map("attacks", &ELEMENT, |_, f| f.table(deterrence::attack)),
        ratifiers: r.map("ratifiers", &ELEMENT, |_, f| f.table(deterrence::ratifier)),
        events: r.map("events", &ELEMENT, |_, f| f.table(levers::event)),
        outcomes: outcomes::outcomes(r),
        outcome_columns: outcomes::columns(r),
        search: r.opt_table("search", "", outcomes::search).unwrap_or_default(),
        behaviour: r.opt_table("behaviour", "", outcomes::behaviour).unwrap_or_default(),
        protocol: r.opt_table("protocol", "", outcomes::protocol).unwrap_or_default(),
        measures: r.opt_table("measures", "", outcomes::measures).unwrap_or_default(),
        scenario: r.opt_table("scenario", "", outcomes::scenario),
        prologue: politics::prologue(r),
        correlate: r.map("correlate", &ELEMENT, |_, f| f.table(politics::correlate)),
        coalitions: r.map("coalitions", &ELEMENT, |_, f| f.table(politics::coalition)),
        transitions: r.map("transitions", &ELEMENT, |_, f| f.table(politics::transition)),
    }
}
