//! How long settlements hold.

use super::Run;
use crate::design::{Estimate, Survival, wilson};
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Axes, Bar, Line, Place, Run as Shape, Scale, bars, lines};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{counted, percent, percents, plain};
use crate::sink::column_name;

pub(super) fn section(run: Run<'_>) -> Section {
    let parts = [survival(run), by_term(run)].into_iter().flatten().collect();
    Section { id: "peace", title: "Whether peace holds", parts }
}

/// Least settlements that make a curve or a bar of their own.
const LEAST: u64 = 5;

/// Bounds of the strength of what deters, in quarters.
const BANDS: [(&str, f64, f64); 4] = [
    ("G under 0.25", f64::NEG_INFINITY, 0.25),
    ("G 0.25 to 0.5", 0.25, 0.5),
    ("G 0.5 to 0.75", 0.5, 0.75),
    ("G 0.75 and more", 0.75, f64::INFINITY),
];

/// One settlement: strength of what deters, months of peace, whether it was attacked.
struct Settlement {
    strength: f64,
    months: f64,
    attacked: bool,
}

fn settlements(run: Run<'_>) -> Vec<Settlement> {
    let outcomes = &run.dossier.outcomes;
    let numbers = |name: &str| outcomes.numbers(name).collect::<Vec<_>>();
    let (attacked, strength, months) = (numbers("renewed_war"), numbers("g_at_signing"), numbers("peace_months"));
    let rows = attacked.into_iter().zip(strength).zip(months);
    rows.filter_map(|((attacked, strength), months)| {
        Some(Settlement { attacked: attacked? > 0.0, strength: strength.unwrap_or(0.0), months: months? })
    })
    .collect()
}

fn curve<'a>(of: impl Iterator<Item = &'a Settlement>, last: usize) -> Survival {
    let mut survival = Survival::new(last, 1);
    for settlement in of {
        if settlement.attacked {
            survival.end(settlement.months.ceil() as usize, 0);
        } else {
            survival.lose(settlement.months.floor() as usize);
        }
    }
    survival
}

/// Curves of all settlements and of each band that has enough of them, strongest band last.
fn curves(run: Run<'_>) -> Vec<(String, Survival)> {
    let clock = &run.model().clock;
    let last = (clock.aftermath_steps as f64 * clock.months_per_step).ceil() as usize;
    let all = settlements(run);
    let mut curves = vec![("all settlements".to_owned(), curve(all.iter(), last))];
    for (name, low, high) in BANDS {
        let own = curve(all.iter().filter(|s| low <= s.strength && s.strength < high), last);
        if own.subjects() >= LEAST {
            curves.push((format!("{name} ({})", own.subjects()), own));
        }
    }
    if curves.len() == 2 {
        curves.pop();
    }
    curves.retain(|(_, curve)| curve.subjects() > 0);
    curves
}

fn told(estimate: Estimate) -> String {
    format!("{} ({})", percent(estimate.share), percents(estimate.interval.low, estimate.interval.high))
}

fn survival(run: Run<'_>) -> Option<Part> {
    let curves = curves(run);
    let (_, all) = curves.first()?;
    let month = [60, 36, 12].into_iter().find(|&month| all.survival(month).is_some()).unwrap_or(0);
    let mut sentence = format!(
        "{month} months after signing, peace still holds in {} of {}",
        told(all.survival(month)?),
        counted(all.subjects(), "settlement", "settlements")
    );
    let bands = &curves[1..];
    if let [(weak, weakest), .., (strong, strongest)] = bands
        && let (Some(low), Some(high)) = (weakest.survival(month), strongest.survival(month))
    {
        let bare = |name: &str| name.split(" (").next().unwrap_or_default().to_owned();
        sentence = format!("{sentence}; with {} in {}, with {} in {}", bare(weak), told(low), bare(strong), told(high));
    }
    let drawn: Vec<Line> =
        curves.iter().map(|(name, curve)| Line { name: name.clone(), points: points(curve) }).collect();
    let mut table = Grid::new(&["settlements", "months_after", "at_risk", "still_at_peace", "low", "high"]);
    for (name, curve) in &curves {
        for month in [0, 12, 36, 60, 96, 120].into_iter().filter(|&month| month <= curve.last()) {
            let Some(estimate) = curve.survival(month) else { continue };
            let ends = [estimate.share, estimate.interval.low, estimate.interval.high];
            let mut row = vec![Cell::text(name), Cell::count(month as u64), Cell::count(curve.at_risk(month))];
            row.extend(ends.map(|x| Cell::number(x, 3)));
            table.push(row);
        }
    }
    let axes =
        Axes { x: "months after signing", y: "share still at peace", scale: Scale::Share, domain: Some([0.0, 1.0]) };
    Some(
        Figure {
            id: "survival".to_owned(),
            title: "Settlements not yet broken by renewed war, by the strength of what deters".to_owned(),
            sentence: format!("{sentence}."),
            reading: "Kaplan–Meier estimate with 95 % bands; numbers of settlements in brackets. G, from 0 to 1, is the deterrent \
                      strength of all guarantees together at signing, at the guarantors' true wills. Settlements are not \
                      assigned to guarantees by lot: what leads to one may also lead to peace or war."
                .to_owned(),
            spec: lines(&drawn, &axes, Shape::Steps),
            table,
        }
        .into(),
    )
}

/// Most months of a curve that are drawn.
const MOST_MONTHS: usize = 400;

/// The curve month by month, or at equal distances where it is long; months that change nothing are left out.
fn points(curve: &Survival) -> Vec<Place> {
    let stride = curve.last().div_ceil(MOST_MONTHS).max(1);
    let estimate =
        |month| curve.survival(month).map(|e| (month as f64, e.share, Some((e.interval.low, e.interval.high))));
    let all: Vec<_> = (0..=curve.last()).step_by(stride).map_while(estimate).collect();
    let same = |at: usize| all[at].1 == all[at - 1].1 && all[at].2 == all[at - 1].2;
    (0..all.len()).filter(|&at| at == 0 || at + 1 == all.len() || !same(at)).map(|at| all[at]).collect()
}

/// Renewed war by what was signed: issue, option, wars, settlements.
pub(super) fn wars_by_term(run: Run<'_>) -> Vec<(String, String, u64, u64)> {
    let outcomes = &run.dossier.outcomes;
    let wars: Vec<Option<f64>> = outcomes.numbers("renewed_war").collect();
    let mut found = Vec::new();
    for issue in run.model().issues.iter().filter(|issue| !issue.numeric) {
        let column = column_name(&format!("term_{}", issue.id));
        let signed: Vec<&str> = outcomes.words(&column).collect();
        let mut own: Vec<(String, String, u64, u64)> = Vec::new();
        for option in &issue.options {
            let (mut war, mut all) = (0, 0);
            for (attacked, _) in wars.iter().zip(&signed).filter(|(_, word)| **word == option.id) {
                all += u64::from(attacked.is_some());
                war += u64::from(attacked.is_some_and(|attacked| attacked > 0.0));
            }
            if all >= LEAST {
                own.push((issue.id.clone(), option.id.clone(), war, all));
            }
        }
        if own.len() > 1 {
            found.extend(own);
        }
    }
    found
}

/// The term that goes with the least renewed war, beside what goes with all settlements.
pub(super) fn terms_headline(run: Run<'_>) -> Option<String> {
    let found = wars_by_term(run);
    let ends = |row: &(String, String, u64, u64)| wilson(row.2, row.3);
    // Few settlements prove little: what counts is the upper end of the interval.
    let least = found.iter().min_by(|a, b| ends(a).high.total_cmp(&ends(b).high))?;
    let all = run.sums.one("renewed_war", "share")?;
    let (name, ends) = (format!("{}: {}", plain(&least.0), plain(&least.1)), ends(least));
    let apart = all.low.is_some_and(|low| ends.high < low);
    Some(format!(
        "Of what was signed, “{name}”: {} of {} settlements with it are broken by renewed war ({}; sampling interval {}), against {} \
         of all settlements ({}){}. Terms are chosen, so that this is no proof of cause.",
        least.2,
        least.3,
        percent(least.2 as f64 / least.3 as f64),
        percents(ends.low, ends.high),
        percent(all.value?),
        percents(all.low?, all.high?),
        if apart { "" } else { "; the intervals overlap" }
    ))
}

fn by_term(run: Run<'_>) -> Option<Part> {
    let found = wars_by_term(run);
    let share = |(_, _, war, all): &(String, String, u64, u64)| *war as f64 / *all as f64;
    let least = found.iter().min_by(|a, b| share(a).total_cmp(&share(b)))?;
    let most = found.iter().max_by(|a, b| share(a).total_cmp(&share(b)))?;
    let name = |row: &(String, String, u64, u64)| format!("{}: {}", plain(&row.0), plain(&row.1));
    let mut table = Grid::new(&["issue", "option", "settlements", "renewed_war", "low", "high"]);
    let mut drawn = Vec::new();
    for row in &found {
        let ends = wilson(row.2, row.3);
        drawn.push(Bar {
            label: name(row),
            value: share(row),
            ends: Some((ends.low, ends.high)),
            text: format!("{} of {}", row.2, row.3),
        });
        let mut cells = vec![Cell::text(&row.0), Cell::text(&row.1), Cell::count(row.3)];
        cells.extend([share(row), ends.low, ends.high].map(|x| Cell::number(x, 3)));
        table.push(cells);
    }
    Some(
        Figure {
            id: "wars-by-term".to_owned(),
            title: "Settlements broken by renewed war, by what they say".to_owned(),
            sentence: format!(
                "Of the terms that at least {LEAST} settlements have, “{}” goes with the least renewed war ({} of {}) and “{}” with \
                 the most ({} of {}).",
                name(least),
                least.2,
                least.3,
                name(most),
                most.2,
                most.3
            ),
            reading: "Terms are chosen, not assigned: the share tells what goes with a term, not what it does. A sweep that sets \
                      one thing at a time tells more. Lines are 95 % sampling intervals."
                .to_owned(),
            spec: bars(&drawn, "share of these settlements that were broken by renewed war", Scale::Share),
            table,
        }
        .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_has_a_point_where_it_changes_and_at_its_ends() {
        let mut survival = Survival::new(120, 1);
        survival.end(10, 0);
        survival.lose(120);
        let months: Vec<f64> = points(&survival).iter().map(|(month, ..)| *month).collect();
        assert_eq!(months, [0.0, 10.0, 120.0]);
        let mut long = Survival::new(7200, 1);
        (0..7200).for_each(|month| long.end(month, 0));
        long.lose(7200);
        assert!((200..=MOST_MONTHS + 1).contains(&points(&long).len()), "{}", points(&long).len());
    }
}
