//! A negotiation as a readable account.

use super::recorder::{Account, Act, StepAccount};
use crate::engine::Coordinates;
use crate::engine::record::Record;
use crate::model::{Model, Regime, ScalarSource, Types};
use crate::report::calendar::date_after;
use crate::report::describe::short;
use crate::report::page::Page;
use crate::source::Loaded;

/// A state is told again when it moved by this share of its range.
const NOTICEABLE: f64 = 0.02;

/// Cells of the outcome in one line.
const CELLS_A_LINE: usize = 5;

/// The whole account: header, draws, steps with moves, outcome.
#[must_use]
pub fn text(loaded: &Loaded, at: Coordinates, account: &Account, record: &Record) -> String {
    let model = &loaded.model;
    let mut page = Page::default();
    header(loaded, at, &mut page);
    draws(model, record, &mut page);
    let mut told = Vec::new();
    let mut quiet = Quiet::default();
    for step in &account.steps {
        if step.acts.iter().all(|act| act.routine) {
            quiet.add(step);
            continue;
        }
        quiet.tell(model, &mut page);
        page.line(format_args!("\n{}", when(model, step.month)));
        let (before, after) = step.acts.split_at(step.before);
        told_acts(before, &mut page);
        state_line(model, step, &mut told, &mut page);
        told_acts(after, &mut page);
    }
    quiet.tell(model, &mut page);
    outcome(loaded, record, &mut page);
    page.finish()
}

fn header(loaded: &Loaded, at: Coordinates, page: &mut Page) {
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
fn draws(model: &Model, record: &Record, page: &mut Page) {
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

/// `2025-03 (month 1)`, or the month alone where the model has no calendar.
fn when(model: &Model, month: f64) -> String {
    let date = model.spec.model.start.map(|start| date_after(start, month));
    match date {
        Some(date) => format!("{date} (month {})", short(month)),
        None => format!("month {}", short(month)),
    }
}

/// The states that moved noticeably since they were last told, and what the table looks like.
fn state_line(model: &Model, step: &StepAccount, told: &mut Vec<f64>, page: &mut Page) {
    let Some(look) = &step.look else { return };
    let first = told.is_empty();
    if first {
        told.clone_from(&look.states);
    }
    let mut moved = Vec::new();
    for ((state, now), told) in model.states.iter().zip(&look.states).zip(told.iter_mut()) {
        if first || (now - *told).abs() > NOTICEABLE * (state.high - state.low) {
            moved.push(format!("{} {}", state.id, short(*now)));
            *told = *now;
        }
    }
    if !moved.is_empty() {
        page.line(format_args!("  state: {}", moved.join(", ")));
    }
    let worth: Vec<String> = model
        .actors
        .iter()
        .zip(look.disagreement.iter().zip(&look.continuation))
        .filter(|(actor, _)| actor.role == crate::model::Role::Signatory)
        .map(|(actor, (z, c))| format!("{} {z:.3} / {c:.3}", actor.id))
        .collect();
    let regime = match look.regime {
        Some(Regime::War) if model.instruments.len() > 1 => "war; ",
        Some(Regime::Truce) => "truce; ",
        _ => "",
    };
    page.line(format_args!(
        "  {regime}worth of no deal / of going on: {}; {} packages agreeable, widest gain {:+.3}",
        worth.join(", "),
        look.n_agreeable,
        look.zopa_width
    ));
}

fn told_acts(acts: &[Act], page: &mut Page) {
    for act in acts {
        page.line(format_args!("  {}", act.line));
        for detail in &act.details {
            page.line(format_args!("      {detail}"));
        }
    }
}

/// Steps in which nothing new happened, told in one line.
#[derive(Default)]
struct Quiet {
    first: f64,
    last: f64,
    steps: usize,
    stalls: usize,
    reason: String,
}

impl Quiet {
    fn add(&mut self, step: &StepAccount) {
        if self.steps == 0 {
            self.first = step.month;
        }
        self.last = step.month;
        self.steps += 1;
        self.stalls += step.acts.len();
        if let Some(act) = step.acts.last() {
            self.reason.clone_from(&act.line);
        }
    }

    fn tell(&mut self, model: &Model, page: &mut Page) {
        let quiet = std::mem::take(self);
        if quiet.steps == 0 {
            return;
        }
        let end = if quiet.steps == 1 { String::new() } else { format!(" to {}", short(quiet.last)) };
        let head = when(model, quiet.first);
        let head = match head.strip_suffix(')') {
            Some(open) => format!("{open}{end})"),
            None => format!("{head}{end}"),
        };
        match quiet.stalls {
            0 => page.line(format_args!("\n{head}: nothing happens")),
            1 => page.line(format_args!("\n{head}: {}", quiet.reason)),
            n => page.line(format_args!("\n{head}: {n} times nobody finds an offer; at last {}", quiet.reason)),
        }
    }
}

/// Whether a column counts moves, so that none needs no telling.
fn is_count(column: &str) -> bool {
    column.starts_with("uses_") || column.starts_with("refusals_")
}

/// How it ended: the outcome, and the row of `outcomes.csv` without its empty cells.
fn outcome(loaded: &Loaded, record: &Record, page: &mut Page) {
    let model = &loaded.model;
    let outcome = &model.outcomes[record.outcome.index()].id;
    let about = model.spec.outcomes.get(record.outcome.index()).and_then(|outcome| outcome.notes.about.as_ref());
    let about = about.map(|about| format!(": {}", about.text)).unwrap_or_default();
    page.line(format_args!("\noutcome: {outcome}{about}"));
    let cells: Vec<String> = super::json::row(model, record)
        .into_iter()
        .filter(|(column, cell)| column != "outcome" && !(cell == "0" && is_count(column)))
        .map(|(column, cell)| format!("{column} {}", cell.parse().map_or(cell, short)))
        .collect();
    for line in cells.chunks(CELLS_A_LINE) {
        page.line(format_args!("  {}", line.join(", ")));
    }
}
