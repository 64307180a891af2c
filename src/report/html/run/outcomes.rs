//! How it ended, and which way it went.

use super::Run;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Bar, Scale, Twice, bars, twice};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{list, percent, percents, plain, points};
use crate::report::summary::part;
use crate::sink::SummaryRow;

pub(super) fn section(run: Run<'_>) -> Section {
    let parts = [outcomes(run), Some(over_assumptions(run)), paths(run)].into_iter().flatten().collect();
    Section { id: "outcomes", title: "How it ended", parts }
}

/// The interval over assumptions of an outcome; none where every history draws them anew.
fn over(run: Run<'_>, outcome: &str) -> Option<(f64, f64)> {
    let row = run.sums.exact("outcome", outcome, "assumptions")?;
    row.low.zip(row.high)
}

/// What the second interval says, or how to get it.
fn over_assumptions(run: Run<'_>) -> Part {
    let absent = || {
        Part::Absent {
        title: "The interval over assumptions".to_owned(),
        why: "Each history of this run draws every uncertain number anew: the spread of the draws is inside the shares, and cannot be \
              told from that of sampling. This command plays several histories on each draw, and its report has both intervals:"
            .to_owned(),
        command: run.heading.shared.clone(),
    }
    };
    between_draws(run).unwrap_or_else(absent)
}

/// How far each share moves between draws of the assumptions, beside how far it moves by sampling.
fn between_draws(run: Run<'_>) -> Option<Part> {
    let mut table = Grid::new(&[
        "what",
        "share",
        "sampling_low",
        "sampling_high",
        "assumptions_low",
        "assumptions_high",
        "standard_deviation_between_draws",
    ]);
    let (mut wider, mut all, mut widest) = (0, 0, None::<(String, (f64, f64))>);
    let outcomes =
        sorted(run.sums.of("outcome", "share")).into_iter().map(|row| ("outcome", row, plain(&row.category)));
    let agreement = run.sums.one("agreement", "share").map(|row| ("agreement", row, "any settlement".to_owned()));
    for (quantity, row, name) in outcomes.chain(agreement) {
        let Some(spread) = run.sums.exact(quantity, &row.category, "assumptions") else { continue };
        let deviation = run.sums.exact(quantity, &row.category, "between_draws").and_then(|row| row.value);
        let mut cells = vec![Cell::text(&name)];
        let numbers = [row.value, row.low, row.high, spread.low, spread.high, deviation];
        cells.extend(numbers.map(|x| Cell::number(x, 3)));
        table.push(cells);
        let (Some(sampled), Some(assumed)) = (row.low.zip(row.high), spread.low.zip(spread.high)) else { continue };
        let width = |(low, high): (f64, f64)| high - low;
        if row.value > Some(0.0) {
            all += 1;
            wider += usize::from(width(assumed) > width(sampled));
            if widest.as_ref().is_none_or(|(_, other)| width(assumed) > width(*other)) {
                widest = Some((name, assumed));
            }
        }
    }
    let (name, (low, high)) = widest?;
    Some(Part::Table {
        id: "between-draws".to_owned(),
        title: "How much is sampling, and how much the assumptions".to_owned(),
        sentence: format!(
            "For {wider} of {all} shares that are not zero, the interval over the assumptions is wider than that of sampling: more \
             histories would not narrow it. It is widest for “{name}”, {} over 90 % of the draws.",
            percents(low, high)
        ),
        table,
    })
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
    let spread = run.sums.one("agreement", "assumptions").and_then(|row| row.low.zip(row.high));
    let of_draws = spread.map_or_else(String::new, |(low, high)| format!(", over the draws {}", percents(low, high)));
    let settled = run.sums.one("agreement", "share").filter(|row| row.value.is_some());
    let settled =
        settled.map_or_else(String::new, |row| format!(" A settlement is signed in {}{of_draws}.", told(row)));
    let sure = over(run, &first.category).map_or_else(
        || " Brackets are 95 % sampling intervals.".to_owned(),
        |(low, high)| {
            let name = plain(&first.category);
            let over = if high - low < 0.0005 {
                format!("draws of the assumptions differ in “{name}” no more than sampling makes them")
            } else {
                format!(
                    "90 % of the draws of the assumptions have between {} of “{name}”",
                    percents(low, high).replace(" to ", " and ")
                )
            };
            format!(" Brackets are 95 % sampling intervals; {over}.")
        },
    );
    Some(format!(
        "The most frequent ending is “{}”, in {} of {all} histories{rest}.{sure}{settled}{never}",
        plain(&first.category),
        told(first)
    ))
}

/// By how much the most frequent ending leads the next, where there is another.
pub(super) fn margin(run: Run<'_>) -> Option<String> {
    let rows = sorted(run.sums.of("outcome", "share"));
    let [first, second, ..] = rows.as_slice() else { return None };
    let lead = first.value.unwrap_or(0.0) - second.value.unwrap_or(0.0);
    let overlap = first.low.zip(second.high).is_some_and(|(low, high)| low < high);
    Some(format!(
        "Over all histories “{}” leads “{}” by {}{}.",
        plain(&first.category),
        plain(&second.category),
        points(lead).trim_start_matches('+'),
        if overlap { ", and their sampling intervals overlap" } else { "" }
    ))
}

fn outcomes(run: Run<'_>) -> Option<Part> {
    let rows = sorted(run.sums.of("outcome", "share"));
    let sentence = headline(run)?;
    let both: Vec<Twice> = rows
        .iter()
        .filter_map(|row| {
            let (label, text) = (plain(&row.category), percent(row.value?));
            let (sampling, assumptions) = (row.low.zip(row.high)?, over(run, &row.category)?);
            Some(Twice { label, value: row.value?, sampling, assumptions, text })
        })
        .collect();
    let spec = if both.is_empty() {
        bars(
            &rows.iter().map(|row| bar(plain(&row.category), row)).collect::<Vec<_>>(),
            "share of histories",
            Scale::Share,
        )
    } else {
        twice(&both, "share of histories")
    };
    let reading = if both.is_empty() {
        "Lines are 95 % sampling intervals (Wilson): how far the share could move if as many other histories were drawn."
    } else {
        "Solid lines are 95 % sampling intervals (Wilson): how far the share could move if as many other histories were drawn, \
         each taken as independent. Dashed lines are intervals over the assumptions: between which shares 90 % of the draws of \
         the uncertain numbers lie, freed of sampling; more histories do not narrow them. Neither tells of what no number varies."
    };
    Some(
        Figure {
            id: "outcome-shares".to_owned(),
            title: "Share of histories by ending".to_owned(),
            sentence,
            reading: format!(
                "{reading} Each history falls into the first ending whose condition holds; the table says what each means."
            ),
            spec,
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
