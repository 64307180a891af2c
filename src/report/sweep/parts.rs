//! The parts of the summary of a sweep.

use std::collections::BTreeMap;

use super::Heading;
use crate::design::{Design, Factor};
use crate::report::grid::{Cell, Grid};
use crate::sink::{SummaryRow, number};

/// Most points that are printed one by one.
const MOST_POINTS: usize = 40;
/// Most rows of a part that is sorted by size.
const MOST_ROWS: usize = 24;
/// Fewer replications than this make normal intervals doubtful.
const FEW: u64 = 30;

/// One part: a title, a table, and what a reader must know about it.
pub(super) struct Section {
    pub key: &'static str,
    pub title: String,
    pub grid: Grid,
    pub notes: Vec<String>,
}

/// All parts that say something.
pub(super) fn sections(heading: &Heading<'_>, rows: &[SummaryRow]) -> Vec<Section> {
    let all = [
        points(heading, rows),
        spread(heading, rows),
        pooled(heading, rows),
        contrasts(rows),
        indices(rows),
        effects(rows),
    ];
    all.into_iter().filter(|section| !section.grid.rows.is_empty()).collect()
}

fn value_text(factor: &Factor, value: f64) -> String {
    factor.names().map_or_else(|| number(value), |names| names.get(value as usize).cloned().unwrap_or_default())
}

fn ends(row: &SummaryRow, decimals: usize) -> Cell {
    match (row.low, row.high) {
        (Some(low), Some(high)) => Cell::text(format!("{low:.decimals$}–{high:.decimals$}")),
        _ => Cell::Missing,
    }
}

/// What makes a row doubtful.
fn doubt(row: &SummaryRow) -> Cell {
    let zero = row.low.zip(row.high).is_some_and(|(low, high)| low <= 0.0 && high >= 0.0);
    match (zero, row.n < FEW) {
        (true, true) => Cell::text("includes 0, few"),
        (true, false) => Cell::text("includes 0"),
        (false, true) => Cell::text("few"),
        (false, false) => Cell::Missing,
    }
}

/// The words of a point: what its factors are.
fn words(design: &Design, point: u64) -> String {
    let mut values = Vec::new();
    design.point(point, &mut values);
    let words = design.factors.iter().zip(values).map(|(factor, value)| value_text(factor, value));
    words.collect::<Vec<_>>().join(", ")
}

/// A row a point: how often it ends in agreement, whether that holds, and how it ends most often.
fn points(heading: &Heading<'_>, rows: &[SummaryRow]) -> Section {
    #[derive(Default)]
    struct Seen<'a> {
        agreement: Option<&'a SummaryRow>,
        war: Option<&'a SummaryRow>,
        most: Option<&'a SummaryRow>,
    }
    let mut seen: BTreeMap<u64, Seen<'_>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.statistic == "share") {
        let Some(point) = row.point else { continue };
        let entry = seen.entry(point).or_default();
        match row.quantity.as_str() {
            "agreement" => entry.agreement = Some(row),
            "renewed_war" => entry.war = Some(row),
            "outcome" if entry.most.is_none_or(|best| row.value > best.value) => entry.most = Some(row),
            _ => {}
        }
    }
    let mut grid = Grid::new(&[
        "point",
        "values",
        "n",
        "agreement",
        "interval",
        "renewed_war",
        "interval_",
        "most_often",
        "share",
    ]);
    let all = seen.len();
    for (point, seen) in seen.into_iter().take(MOST_POINTS) {
        let share = |row: Option<&SummaryRow>| Cell::number(row.and_then(|row| row.value), 3);
        let interval = |row: Option<&SummaryRow>| row.map_or(Cell::Missing, |row| ends(row, 2));
        grid.push(vec![
            Cell::count(point),
            Cell::text(words(heading.design, point)),
            Cell::count(seen.agreement.map_or(0, |row| row.n)),
            share(seen.agreement),
            interval(seen.agreement),
            share(seen.war),
            interval(seen.war.filter(|row| row.n > 0)),
            Cell::text(seen.most.map_or("", |row| row.category.as_str())),
            share(seen.most),
        ]);
    }
    let mut notes =
        vec!["renewed war: among settlements; intervals are 95 % (Wilson) and cover sampling only".to_owned()];
    if all > MOST_POINTS {
        notes.push(format!("the first {MOST_POINTS} of {all} points; summary.csv has all of them"));
    }
    Section { key: "points", title: "Point by point".to_owned(), grid, notes }
}

/// How far each share moves over the points: the interval over assumptions.
fn spread(heading: &Heading<'_>, rows: &[SummaryRow]) -> Section {
    let mut grid = Grid::new(&["outcome", "lowest", "at", "highest", "at_"]);
    let mut extremes: Vec<(&str, &SummaryRow, &SummaryRow)> = Vec::new();
    for row in rows.iter().filter(|row| row.statistic == "share" && row.quantity == "outcome" && row.point.is_some()) {
        match extremes.iter_mut().find(|(category, ..)| *category == row.category) {
            Some((_, low, high)) => {
                if row.value < low.value {
                    *low = row;
                }
                if row.value > high.value {
                    *high = row;
                }
            }
            None => extremes.push((&row.category, row, row)),
        }
    }
    let point = |row: &SummaryRow| Cell::text(words(heading.design, row.point.unwrap_or(0)));
    for (category, low, high) in extremes.into_iter().filter(|(_, low, high)| high.value > low.value) {
        let share = |row: &SummaryRow| Cell::number(row.value, 3);
        grid.push(vec![Cell::text(category), share(low), point(low), share(high), point(high)]);
    }
    let title = "Assumptions: the range of each share over the points".to_owned();
    Section { key: "assumptions", title, grid, notes: Vec::new() }
}

/// All points together, where they are too many to be told one by one.
fn pooled(_: &Heading<'_>, rows: &[SummaryRow]) -> Section {
    let mut grid = Grid::new(&["outcome", "share", "sampling_interval"]);
    for row in rows.iter().filter(|row| row.point.is_none() && row.quantity == "outcome" && row.statistic == "share") {
        grid.push(vec![Cell::text(&row.category), Cell::number(row.value, 3), ends(row, 3)]);
    }
    Section { key: "pooled", title: "All points together".to_owned(), grid, notes: Vec::new() }
}

/// What each level changes against the first of its factor.
fn contrasts(rows: &[SummaryRow]) -> Section {
    let mut grid =
        Grid::new(&["level", "output", "difference", "interval", "error", "pairing_divides_variance_by", "note"]);
    let find = |row: &SummaryRow, statistic: &str| {
        let same = |other: &&SummaryRow| {
            other.statistic == statistic
                && other.quantity == row.quantity
                && other.category == row.category
                && other.point.is_none()
        };
        rows.iter().find(same).and_then(|row| row.value)
    };
    let mut found: Vec<&SummaryRow> =
        rows.iter().filter(|row| row.statistic == "difference" && row.value.is_some_and(|x| x != 0.0)).collect();
    found.retain(|row| !row.quantity.starts_with("u_"));
    let all = found.len();
    found.sort_by(|a, b| b.value.unwrap_or(0.0).abs().total_cmp(&a.value.unwrap_or(0.0).abs()));
    for row in found.into_iter().take(MOST_ROWS) {
        grid.push(vec![
            Cell::text(&row.category),
            Cell::text(&row.quantity),
            Cell::number(row.value, 3),
            ends(row, 3),
            Cell::number(find(row, "standard_error"), 4),
            Cell::number(find(row, "variance_reduction"), 2),
            doubt(row),
        ]);
    }
    let mut notes = vec![
        "differences in shares of all replications, paired by replication, the other factors averaged; 95 % intervals"
            .to_owned(),
    ];
    if all > MOST_ROWS {
        notes.push(format!("the {MOST_ROWS} largest of {all}; summary.csv has all of them, payoffs too"));
    }
    Section { key: "differences", title: "What each level changes".to_owned(), grid, notes }
}

fn indices(rows: &[SummaryRow]) -> Section {
    let mut grid = Grid::new(&["output", "factor", "first_order", "interval", "total_order", "interval_", "note"]);
    let of = |statistic: &'static str| rows.iter().filter(move |row| row.statistic == statistic);
    let mut totals: Vec<&SummaryRow> = of("total_order").collect();
    totals.sort_by(|a, b| b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)));
    let all = totals.len();
    for total in totals.into_iter().take(MOST_ROWS) {
        let same = |row: &&SummaryRow| row.quantity == total.quantity && row.category == total.category;
        let first = of("first_order").find(same);
        grid.push(vec![
            Cell::text(&total.quantity),
            Cell::text(&total.category),
            Cell::number(first.and_then(|row| row.value), 3),
            first.map_or(Cell::Missing, |row| ends(row, 3)),
            Cell::number(total.value, 3),
            ends(total, 3),
            doubt(total),
        ]);
    }
    let mut notes = vec![
        "shares of the variance of the mean of a point (Saltelli et al. 2010; Jansen 1999); bootstrap intervals"
            .to_owned(),
    ];
    if all > MOST_ROWS {
        notes.push(format!("the {MOST_ROWS} largest of {all}; summary.csv has all of them"));
    }
    Section { key: "sobol", title: "Sobol' indices".to_owned(), grid, notes }
}

fn effects(rows: &[SummaryRow]) -> Section {
    let mut grid = Grid::new(&["output", "factor", "mu_star", "interval", "mu", "sigma", "note"]);
    let of = |statistic: &'static str| rows.iter().filter(move |row| row.statistic == statistic);
    let mut stars: Vec<&SummaryRow> = of("mu_star").filter(|row| !row.quantity.starts_with("u_")).collect();
    stars.sort_by(|a, b| b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)));
    for star in stars.into_iter().take(MOST_ROWS) {
        let same = |row: &&SummaryRow| row.quantity == star.quantity && row.category == star.category;
        grid.push(vec![
            Cell::text(&star.quantity),
            Cell::text(&star.category),
            Cell::number(star.value, 3),
            ends(star, 3),
            Cell::number(of("mu").find(same).and_then(|row| row.value), 3),
            Cell::number(of("sigma").find(same).and_then(|row| row.value), 3),
            doubt(star),
        ]);
    }
    let notes = vec!["effects over the full range of a factor (Morris 1991); summary.csv has all of them".to_owned()];
    Section { key: "morris", title: "Screening".to_owned(), grid, notes }
}
