//! When something was signed, and what.

use super::Run;
use super::outcomes::told;
use crate::design::wilson;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Axes, Line, Piece, Run as Shape, Scale, lines, stacks};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{counted, percent, plain};
use crate::report::summary::part;
use crate::sink::{SummaryRow, column_name};

pub(super) fn section(run: Run<'_>) -> Section {
    let parts = [months(run), terms(run)].into_iter().flatten().collect();
    Section { id: "agreement", title: "What was signed, and when", parts }
}

/// What is signed, with the column of its month.
const SIGNED: [(&str, &str); 2] = [("settlement", "agreement_month"), ("truce", "ceasefire_month")];

/// Share of all histories in which it was signed by each month; nothing if it never was.
fn reached(run: Run<'_>, (name, column): (&str, &str)) -> Option<Line> {
    let clock = &run.model().clock;
    let mut by_step = vec![0u64; clock.horizon_steps + 1];
    let mut any = false;
    for month in run.dossier.outcomes.numbers(column).flatten() {
        let step = (month / clock.months_per_step).round() as usize;
        by_step[step.min(clock.horizon_steps)] += 1;
        any = true;
    }
    let (mut so_far, all) = (0, run.histories());
    let points = by_step.iter().enumerate().map(|(step, signed)| {
        so_far += signed;
        let ends = wilson(so_far.min(all), all);
        (step as f64 * clock.months_per_step, so_far as f64 / all as f64, Some((ends.low, ends.high)))
    });
    any.then(|| Line { name: name.to_owned(), points: points.collect() })
}

fn months(run: Run<'_>) -> Option<Part> {
    let share = run.sums.one("agreement", "share")?;
    let curves: Vec<Line> = SIGNED.iter().filter_map(|&signed| reached(run, signed)).collect();
    let longest = run.model().clock.horizon_steps as f64 * run.model().clock.months_per_step;
    if curves.is_empty() {
        return Some(Part::Text(format!(
            "No settlement and no truce is signed in any history within {longest} months."
        )));
    }
    let quantile = |name: &str| run.sums.value("agreement_month", name);
    let when = match (quantile("p50"), quantile("p05"), quantile("p95")) {
        (Some(middle), Some(early), Some(late)) => {
            format!("; half of these are signed by month {middle}, nine in ten between months {early} and {late}")
        }
        _ => String::new(),
    };
    let mut columns = vec!["month".to_owned()];
    for line in &curves {
        columns.extend([line.name.clone(), format!("{}_low", line.name), format!("{}_high", line.name)]);
    }
    let mut table = Grid { columns, rows: Vec::new() };
    for at in 0..curves[0].points.len() {
        let mut row = vec![Cell::number(curves[0].points[at].0, 1)];
        for (_, share, band) in curves.iter().map(|line| line.points[at]) {
            row.extend([Some(share), band.map(|b| b.0), band.map(|b| b.1)].map(|number| Cell::number(number, 3)));
        }
        table.push(row);
    }
    let most =
        curves.iter().flat_map(|line| &line.points).filter_map(|(_, _, band)| band.map(|b| b.1)).fold(0.0, f64::max);
    let axes =
        Axes { x: "months since the start", y: "share of histories", scale: Scale::Share, domain: Some([0.0, most]) };
    Some(
        Figure {
            id: "months".to_owned(),
            title: "Share of histories in which it has been signed by then".to_owned(),
            sentence: format!("A settlement is signed in {} of histories{when}.", told(share)),
            reading: "Of all histories, also those that end early. Bands are 95 % sampling intervals.".to_owned(),
            spec: lines(&curves, &axes, Shape::Steps),
            table,
        }
        .into(),
    )
}

/// Places of an option among those of its issue.
const PLACES: [&str; 4] = ["most frequent option", "second", "third", "all others"];

fn terms(run: Run<'_>) -> Option<Part> {
    let mut pieces = Vec::new();
    let mut unanimous: Vec<(&str, &str)> = Vec::new();
    let mut open: Option<(&str, f64)> = None;
    for issue in &run.model().issues {
        let quantity = column_name(&format!("term_{}", issue.id));
        let mut options: Vec<&SummaryRow> =
            run.sums.of(&quantity, "share").filter(|row| row.value.is_some_and(|share| share > 0.0)).collect();
        options.sort_by(|a, b| b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)));
        let Some(top) = options.first() else { continue };
        let share = top.value.unwrap_or(0.0);
        if share >= 1.0 {
            unanimous.push((&issue.id, &top.category));
        }
        if open.is_none_or(|(_, least)| share < least) {
            open = Some((&issue.id, share));
        }
        pieces.extend(of_issue(&issue.id, &options));
    }
    let (open, share) = open?;
    let settlements = run.sums.one("renewed_war", "share").map_or(0, |row| row.n);
    let same = match unanimous.as_slice() {
        [] => "no issue is settled in one way only".to_owned(),
        [(issue, option)] => format!("{} is always settled as “{}”", plain(issue), plain(option)),
        all => format!("{} issues are always settled in one way", all.len()),
    };
    Some(
        Figure {
            id: "terms".to_owned(),
            title: "Terms of settlements, as shares of what was signed".to_owned(),
            sentence: format!(
                "In {}, {same}; what is settled most differently is {}, whose most frequent option has {}.",
                counted(settlements, "settlement", "settlements"),
                plain(open),
                percent(share)
            ),
            reading:
                "Each bar is one issue. Options are named where there is room; the table has all of them with their \
                      sampling intervals."
                    .to_owned(),
            spec: stacks(&pieces, "share of settlements", Scale::Share),
            table: part(run.model(), &run.dossier.summary, "terms"),
        }
        .into(),
    )
}

fn of_issue(issue: &str, options: &[&SummaryRow]) -> Vec<Piece> {
    let piece = |kind: &str, value: f64, text: String| Piece { row: plain(issue), kind: kind.to_owned(), value, text };
    let named = |row: &SummaryRow| {
        let share = row.value.unwrap_or(0.0);
        let name = plain(&row.category);
        // About seven pixels a letter on a bar of seven hundred.
        let room = (share * 100.0) as usize;
        if room >= name.chars().count() + 6 {
            format!("{name} {}", percent(share))
        } else if room > name.chars().count() && share >= 0.125 {
            name
        } else {
            String::new()
        }
    };
    let mut pieces: Vec<Piece> = options
        .iter()
        .zip(PLACES)
        .take(PLACES.len() - 1)
        .map(|(row, place)| piece(place, row.value.unwrap_or(0.0), named(row)))
        .collect();
    let rest: f64 = options.iter().skip(PLACES.len() - 1).filter_map(|row| row.value).sum();
    if rest > 0.0 {
        pieces.push(piece(PLACES[3], rest, String::new()));
    }
    pieces
}
