//! The largest single changes, Sobol' indices and Morris screening.

use super::Sweep;
use super::points::Asked;
use super::sampled;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Bar, Scale, bars};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{plain, points as told};
use crate::sink::SummaryRow;

pub(super) fn section(sweep: &Sweep<'_>) -> Section {
    let mut parts: Vec<Part> = Asked::ALL
        .into_iter()
        .filter_map(|asked| tornado(sweep, asked).or_else(|| sampled::tornado(sweep, asked, MOST)))
        .collect();
    for kind in [Kind::Sobol, Kind::Morris] {
        parts.extend(told_of(sweep, kind).into_iter().filter_map(|response| indices(sweep, kind, &response)));
    }
    Section { id: "changes", title: "Largest single changes", parts }
}

/// Most bars of a figure.
const MOST: usize = 16;
/// Most outputs that are drawn.
const MOST_RESPONSES: usize = 3;

/// `params.x=1 against 0` as words.
fn words(category: &str) -> String {
    plain(&category.replace("params.", "").replace('=', " "))
}

/// Differences of an output, largest first.
fn differences<'a>(sweep: &Sweep<'a>, asked: Asked) -> Vec<&'a SummaryRow> {
    let mut rows: Vec<&SummaryRow> =
        sweep.sums.of(asked.response(), "difference").filter(|row| row.value.is_some()).collect();
    rows.sort_by(|a, b| b.value.unwrap_or(0.0).abs().total_cmp(&a.value.unwrap_or(0.0).abs()));
    rows
}

/// Whether the interval leaves out zero.
fn is_clear(row: &SummaryRow) -> bool {
    row.low.is_some_and(|low| low > 0.0) || row.high.is_some_and(|high| high < 0.0)
}

/// The single change after which renewed war is least frequent.
pub(super) fn least_war(sweep: &Sweep<'_>) -> Option<String> {
    if let Some(best) = differences(sweep, Asked::War)
        .into_iter()
        .min_by(|a, b| a.value.unwrap_or(0.0).total_cmp(&b.value.unwrap_or(0.0)))
    {
        let value = best.value.unwrap_or(0.0);
        let doubt = if is_clear(best) { "" } else { "; the interval of the difference includes zero" };
        if value < 0.0 {
            return Some(format!(
                "{}: renewed war moves by {} of all histories{doubt}.",
                words(&best.category),
                told(value)
            ));
        }
        let worst = differences(sweep, Asked::War);
        let worst = worst.first()?;
        return Some(format!(
            "None from the first value of a factor to another: all raise it or leave it. Keeping away from {} matters most ({}{}).",
            words(&worst.category),
            told(worst.value.unwrap_or(0.0)),
            if is_clear(worst) { "" } else { "; the interval includes zero" }
        ));
    }
    if let Some(words) = sampled::least_war(sweep) {
        return Some(words);
    }
    for kind in [Kind::Sobol, Kind::Morris] {
        let rows = rows_of(sweep, kind, Asked::War.response());
        if let Some(first) = rows.first().filter(|row| row.value.is_some_and(|value| value > 0.0)) {
            return Some(format!(
                "{} matters most for renewed war ({} {:.2}); the design tells how much, not in which direction.",
                words(&first.category),
                kind.statistic_words(),
                first.value.unwrap_or(0.0)
            ));
        }
    }
    None
}

fn tornado(sweep: &Sweep<'_>, asked: Asked) -> Option<Part> {
    let rows = differences(sweep, asked);
    let first = rows.first().filter(|row| row.value != Some(0.0))?;
    let clear = rows.iter().filter(|row| is_clear(row)).count();
    let mut table = Grid::new(&["change", "difference", "low", "high", "replications"]);
    let mut drawn = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let value = row.value.unwrap_or(0.0);
        if at < MOST {
            drawn.push(Bar { label: words(&row.category), value, ends: row.low.zip(row.high), text: told(value) });
        }
        let mut cells = vec![Cell::text(&row.category)];
        cells.extend([row.value, row.low, row.high].map(|x| Cell::number(x, 3)));
        cells.push(Cell::count(row.n));
        table.push(cells);
    }
    Some(
        Figure {
            id: format!("tornado-{}", asked.response().replace('_', "-")),
            title: format!("Largest single changes in {}", asked.words()),
            sentence: format!(
                "The largest is that of {}: {} of all histories; {clear} of {} changes are clear of zero.",
                words(&first.category),
                told(first.value.unwrap_or(0.0)),
                rows.len()
            ),
            reading: "Each value of a factor against its first one, paired by replication, the other factors averaged; 95 % intervals \
                      of the pairs."
                .to_owned(),
            spec: bars(&drawn, "difference in share of histories", Scale::Share),
            table,
        }
        .into(),
    )
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sobol,
    Morris,
}

impl Kind {
    const fn statistic(self) -> &'static str {
        match self {
            Self::Sobol => "total_order",
            Self::Morris => "mu_star",
        }
    }

    const fn statistic_words(self) -> &'static str {
        match self {
            Self::Sobol => "total-order index",
            Self::Morris => "mean absolute effect",
        }
    }
}

/// Indices of an output, largest first.
fn rows_of<'a>(sweep: &Sweep<'a>, kind: Kind, response: &str) -> Vec<&'a SummaryRow> {
    let mut rows: Vec<&SummaryRow> =
        sweep.sums.of(response, kind.statistic()).filter(|row| row.value.is_some()).collect();
    rows.sort_by(|a, b| b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)));
    rows
}

/// Outputs that are drawn: renewed war and settlements first, then endings; those that move at all.
fn told_of(sweep: &Sweep<'_>, kind: Kind) -> Vec<String> {
    let mut names: Vec<String> = Asked::ALL.map(|asked| asked.response().to_owned()).into();
    for row in sweep.sums.told(kind.statistic()).filter(|row| !row.quantity.starts_with("u_")) {
        if !names.contains(&row.quantity) {
            names.push(row.quantity.clone());
        }
    }
    names.retain(|name| rows_of(sweep, kind, name).iter().any(|row| row.value.is_some_and(|value| value > 0.0)));
    names.truncate(MOST_RESPONSES);
    names
}

fn indices(sweep: &Sweep<'_>, kind: Kind, response: &str) -> Option<Part> {
    let rows = rows_of(sweep, kind, response);
    let first = rows.first()?;
    let other = if kind == Kind::Sobol { "first_order" } else { "sigma" };
    let mut table = Grid::new(&["factor", kind.statistic(), "low", "high", other]);
    let mut drawn = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let value = row.value.unwrap_or(0.0);
        let beside = sweep.sums.exact(response, &row.category, other).and_then(|row| row.value);
        if at < MOST {
            let beside = beside.map_or_else(String::new, |x| format!(" ({} {x:.2})", plain(other)));
            drawn.push(Bar {
                label: words(&row.category),
                value,
                ends: row.low.zip(row.high),
                text: format!("{value:.2}{beside}"),
            });
        }
        let mut cells = vec![Cell::text(&row.category)];
        cells.extend([row.value, row.low, row.high, beside].map(|x| Cell::number(x, 3)));
        table.push(cells);
    }
    let (title, reading) = match kind {
        Kind::Sobol => (
            format!("Sobol' indices of {}", plain(response)),
            "Share of the variance over the assumptions that goes with a factor, alone (first order) and with all its interactions \
             (total order); bootstrap intervals.",
        ),
        Kind::Morris => (
            format!("Screening of {} (Morris)", plain(response)),
            "Mean absolute effect of moving a factor over its range; sigma is large where the effect depends on the others.",
        ),
    };
    Some(
        Figure {
            id: format!("{}-{}", kind.statistic().replace('_', "-"), response.replace('_', "-")),
            title,
            sentence: format!(
                "{} has the largest {}: {:.2}{}.",
                crate::report::html::words::sentence(&words(&first.category)),
                kind.statistic_words(),
                first.value.unwrap_or(0.0),
                match rows.get(1) {
                    Some(second) =>
                        format!(", then {} with {:.2}", words(&second.category), second.value.unwrap_or(0.0)),
                    None => String::new(),
                }
            ),
            reading: reading.to_owned(),
            spec: bars(&drawn, kind.statistic_words(), Scale::Number),
            table,
        }
        .into(),
    )
}
