//! How it ended, and which way it went.

use super::Run;
use crate::report::html::chart::{Bar, Scale, bars};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{list, percent, percents, plain};
use crate::report::summary::part;
use crate::sink::SummaryRow;

pub(super) fn section(run: Run<'_>) -> Section {
    let parts = [outcomes(run), paths(run)].into_iter().flatten().collect();
    Section { id: "outcomes", title: "How it ended", parts }
}

/// Rows with a share, largest first; equal ones as they come.
fn sorted<'a>(rows: impl Iterator<Item = &'a SummaryRow>) -> Vec<&'a SummaryRow> {
    let mut rows: Vec<&SummaryRow> = rows.filter(|row| row.value.is_some()).collect();
    rows.sort_by(|a, b| b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)));
    rows
}

/// A share with its interval: `28 % (21 to 36 %)`.
pub(super) fn told(row: &SummaryRow) -> String {
    let share = percent(row.value.unwrap_or(0.0));
    match (row.low, row.high) {
        (Some(low), Some(high)) => format!("{share} ({})", percents(low, high)),
        _ => share,
    }
}

/// A row as a bar.
pub(super) fn bar(label: String, row: &SummaryRow) -> Bar {
    let value = row.value.unwrap_or(0.0);
    Bar { label, value, ends: row.low.zip(row.high), text: percent(value) }
}

/// The most frequent endings with their intervals.
pub(super) fn headline(run: Run<'_>) -> Option<String> {
    let rows = sorted(run.sums.of("outcome", "share"));
    let first = rows.first()?;
    let rest: Vec<String> = rows
        .iter()
        .skip(1)
        .filter(|row| row.value > Some(0.0))
        .take(2)
        .map(|row| format!("“{}” in {}", plain(&row.category), told(row)))
        .collect();
    let rest = if rest.is_empty() { String::new() } else { format!(", followed by {}", list(&rest)) };
    let never = match rows.iter().filter(|row| row.value == Some(0.0)).count() {
        0 => String::new(),
        1 => " One declared ending does not occur.".to_owned(),
        n => format!(" {n} declared endings do not occur."),
    };
    let all = run.histories();
    Some(format!(
        "The most frequent ending is “{}”, in {} of {all} histories{rest}.{never}",
        plain(&first.category),
        told(first)
    ))
}

fn outcomes(run: Run<'_>) -> Option<Part> {
    let rows = sorted(run.sums.of("outcome", "share"));
    let sentence = headline(run)?;
    let drawn: Vec<Bar> = rows.iter().map(|row| bar(plain(&row.category), row)).collect();
    Some(
        Figure {
            id: "outcome-shares".to_owned(),
            title: "Share of histories by ending".to_owned(),
            sentence,
            reading: "Lines are 95 % sampling intervals (Wilson): how far the share could move if as many other histories were \
                      drawn. Each history falls into the first ending whose condition holds; the table says what each means."
                .to_owned(),
            spec: bars(&drawn, "share of histories", Scale::Share),
            table: part(run.model(), &run.dossier.summary, "outcomes"),
        }
        .into(),
    )
}

fn paths(run: Run<'_>) -> Option<Part> {
    let rows = sorted(run.sums.of("path", "share"));
    let first = rows.first()?;
    let drawn: Vec<Bar> = rows.iter().map(|row| bar(plain(&row.category), row)).collect();
    Some(
        Figure {
            id: "paths".to_owned(),
            title: "Share of histories by what was signed on the way".to_owned(),
            sentence: format!("Most often the way was “{}”, in {} of histories.", plain(&first.category), told(first)),
            reading:
                "A truce is any agreement that stops the fighting without settling the war. Lines are 95 % sampling \
                      intervals."
                    .to_owned(),
            spec: bars(&drawn, "share of histories", Scale::Share),
            table: part(run.model(), &run.dossier.summary, "paths"),
        }
        .into(),
    )
}
