//! A negotiation as a readable account.

use super::recorder::Account;
use super::scenes::{Scene, scenes};
use crate::engine::Coordinates;
use crate::engine::record::Record;
use crate::model::{Model, ScalarSource, Types};
use crate::report::describe::short;
use crate::report::page::Page;
use crate::source::Loaded;

/// Cells of the outcome in one line.
const CELLS_A_LINE: usize = 5;

/// The whole account: header, draws, steps with moves, outcome.
#[must_use]
pub fn text(loaded: &Loaded, at: Coordinates, account: &Account, record: &Record) -> String {
    let model = &loaded.model;
    let mut page = Page::default();
    header(loaded, at, &mut page);
    draws(model, record, &mut page);
    for scene in scenes(model, account, record) {
        tell(&scene, &mut page);
    }
    outcome(loaded, record, &mut page);
    page.finish()
}

/// A scene with its heading.
pub(super) fn tell(scene: &Scene, page: &mut Page) {
    page.line(format_args!("\n{}", scene.head));
    for line in &scene.lines {
        page.line(format_args!("{:width$}{}", "", line.text, width = 2 + 4 * line.depth));
    }
}

/// Model, seed and replication.
pub(super) fn header(loaded: &Loaded, at: Coordinates, page: &mut Page) {
    let header = &loaded.model.spec.model;
    let scenarios = if loaded.scenarios.is_empty() {
        String::new()
    } else {
        format!(", scenarios {}", loaded.scenarios.join(" + "))
    };
    let sets = if loaded.sets.is_empty() { String::new() } else { format!(", set {}", loaded.sets.join(" ")) };
    let hash = &loaded.hash[..16];
    page.line(format_args!("{}: {}", header.name.text, header.title.text));
    page.line(format_args!("seed {}, replication {}, model {hash}{scenarios}{sets}", at.seed, at.replication));
}

/// What chance decided before the talks: types, private values, drawn parameters.
pub(super) fn draws(model: &Model, record: &Record, page: &mut Page) {
    let types: Vec<String> = model
        .actors
        .iter()
        .zip(&record.types)
        .filter_map(|(actor, drawn)| match &actor.types {
            Types::Named(types) if types.len() > 1 => Some(format!("{} {}", actor.id, types[usize::from(*drawn)].id)),
            _ => None,
        })
        .collect();
    if !types.is_empty() {
        page.line(format_args!("types: {}", types.join(", ")));
    }
    let private = model.spec.params.iter().filter(|(_, param)| param.private_to.is_some());
    let private: Vec<String> =
        private.zip(&record.private).map(|((name, _), value)| format!("{} {}", name.text, short(*value))).collect();
    if !private.is_empty() {
        page.line(format_args!("private: {}", private.join(", ")));
    }
    let drawn: Vec<String> = model
        .scalars
        .iter()
        .zip(&record.draws)
        .filter(|(scalar, _)| matches!(scalar.source, ScalarSource::Drawn(_)))
        .map(|(scalar, value)| {
            format!("{} {}", scalar.path.strip_prefix("params.").unwrap_or(&scalar.path), short(*value))
        })
        .collect();
    for (at, line) in drawn.chunks(4).enumerate() {
        let label = if at == 0 { "drawn:" } else { "" };
        page.line(format_args!("{label:6} {}", line.join(", ")));
    }
}

/// Whether a column counts moves, so that none needs no telling.
fn is_count(column: &str) -> bool {
    column.starts_with("uses_") || column.starts_with("refusals_")
}

/// How it ended: the outcome, and the row of `outcomes.csv` without its empty cells.
fn outcome(loaded: &Loaded, record: &Record, page: &mut Page) {
    let model = &loaded.model;
    page.line(format_args!("\noutcome: {}", ending(model, record)));
    let cells: Vec<String> =
        cells(model, record).into_iter().map(|(column, cell)| format!("{column} {cell}")).collect();
    for line in cells.chunks(CELLS_A_LINE) {
        page.line(format_args!("  {}", line.join(", ")));
    }
}

/// The outcome with its meaning.
pub(super) fn ending(model: &Model, record: &Record) -> String {
    let outcome = &model.outcomes[record.outcome.index()].id;
    let about = model.spec.outcomes.get(record.outcome.index()).and_then(|outcome| outcome.notes.about.as_ref());
    let about = about.map(|about| format!(": {}", about.text)).unwrap_or_default();
    format!("{outcome}{about}")
}

/// The cells of the row of `outcomes.csv` that say something, shortened.
pub(super) fn cells(model: &Model, record: &Record) -> Vec<(String, String)> {
    super::json::row(model, record)
        .into_iter()
        .filter(|(column, cell)| column != "outcome" && !(cell == "0" && is_count(column)))
        .map(|(column, cell)| {
            let shortened = cell.parse().map_or(cell, short);
            (column, shortened)
        })
        .collect()
}
