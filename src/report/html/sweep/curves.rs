//! How results respond to each factor, and how far they move over all points.

use super::Sweep;
use super::points::{Asked, Point, level, name, pooled, values, words};
use super::sampled;
use crate::design::Factor;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Axes, Bar, Line, Run as Shape, Scale, bars, lines};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{percent, percents, plain, points as told};

pub(super) fn section(sweep: &Sweep<'_>) -> Section {
    let mut parts: Vec<Part> = spread(sweep).into_iter().collect();
    for (at, factor) in sweep.factors().iter().enumerate().take(MOST) {
        parts.extend(response(sweep, at, factor));
    }
    parts.extend(sampled::responses(sweep, MOST));
    Section { id: "responses", title: "What moves the results", parts }
}

/// Most factors that are drawn one by one.
const MOST: usize = 8;

/// The range of every ending over the points.
fn spread(sweep: &Sweep<'_>) -> Option<Part> {
    let share =
        |point: &Point, at: usize| point.endings.get(at).map_or(0.0, |(_, n)| *n as f64 / point.n.max(1) as f64);
    let first = sweep.points.values().next()?;
    let all = pooled(sweep.points.values());
    let mut found = Vec::new();
    for (at, (id, _)) in first.endings.iter().enumerate() {
        let by = |a: &&Point, b: &&Point| share(a, at).total_cmp(&share(b, at));
        let (low, high) = (sweep.points.values().min_by(by)?, sweep.points.values().max_by(by)?);
        let mean = share(&all, at);
        if share(high, at) > 0.0 {
            found.push((id, mean, share(low, at), share(high, at), low, high));
        }
    }
    found.sort_by(|a, b| (b.3 - b.2).total_cmp(&(a.3 - a.2)));
    let (id, _, least, most, low, high) = *found.first()?;
    let at = |point: &Point| words(sweep.factors(), &point.values);
    let mut table = Grid::new(&["ending", "mean", "lowest", "at", "highest", "at_"]);
    let mut drawn = Vec::new();
    for (id, mean, least, most, low, high) in &found {
        drawn.push(Bar { label: plain(id), value: *mean, ends: Some((*least, *most)), text: percents(*least, *most) });
        table.push(vec![
            Cell::text(plain(id)),
            Cell::number(*mean, 3),
            Cell::number(*least, 3),
            Cell::text(at(low)),
            Cell::number(*most, 3),
            Cell::text(at(high)),
        ]);
    }
    Some(
        Figure {
            id: "spread".to_owned(),
            title: "Share of each ending over the points".to_owned(),
            sentence: format!(
                "What moves most is “{}”: from {} of histories ({}) to {} ({}).",
                plain(id),
                percent(least),
                at(low),
                percent(most),
                at(high)
            ),
            reading: "Bars are means over all points, lines run from the lowest to the highest point: an interval over the \
                      assumptions that were varied. Endings that occur nowhere are left out. Extremes of many points are exaggerated by sampling."
                .to_owned(),
            spec: bars(&drawn, "share of histories", Scale::Share),
            table,
        }
        .into(),
    )
}

/// A value of a factor with its paired differences to the first value, and the shares there.
struct Change {
    value: f64,
    /// Difference and its ends, by what is asked; none where the summary does not tell.
    differences: [Option<(f64, f64, f64)>; 2],
    shares: [Option<(f64, f64, f64)>; 2],
}

fn changes(sweep: &Sweep<'_>, at: usize, factor: &Factor) -> Vec<Change> {
    let all = values(&sweep.points, at);
    let Some(first) = all.first().copied() else { return Vec::new() };
    let change = |value: f64| {
        let own = pooled(sweep.points.values().filter(|point| point.values.get(at) == Some(&value)));
        let category = format!("{}={} against {}", factor.name, level(factor, value), level(factor, first));
        let differences = Asked::ALL.map(|asked| {
            if value == first {
                return Some((0.0, 0.0, 0.0));
            }
            let row = sweep.sums.exact(asked.response(), &category, "difference")?;
            Some((row.value?, row.low?, row.high?))
        });
        Change { value, differences, shares: Asked::ALL.map(|asked| asked.share(&own)) }
    };
    all.into_iter().map(change).collect()
}

fn table_of(factor: &Factor, changes: &[Change]) -> Grid {
    let mut table = Grid::new(&[
        "value",
        "of",
        "share",
        "sampling_low",
        "sampling_high",
        "difference",
        "paired_low",
        "paired_high",
    ]);
    for change in changes {
        for (asked, (share, difference)) in Asked::ALL.iter().zip(change.shares.iter().zip(&change.differences)) {
            let mut row = vec![Cell::text(plain(&level(factor, change.value))), Cell::text(asked.words())];
            let cells = |three: &Option<(f64, f64, f64)>| {
                let numbers = three.map_or([None; 3], |(x, low, high)| [Some(x), Some(low), Some(high)]);
                numbers.map(|x| Cell::number(x, 3))
            };
            row.extend(cells(share));
            row.extend(cells(difference));
            table.push(row);
        }
    }
    table
}

fn response(sweep: &Sweep<'_>, at: usize, factor: &Factor) -> Option<Part> {
    let changes = changes(sweep, at, factor);
    let first = changes.first()?;
    if changes.len() < 2 || changes.iter().any(|change| change.differences.iter().any(Option::is_none)) {
        return None;
    }
    let moved: Vec<String> = Asked::ALL
        .iter()
        .enumerate()
        .filter_map(|(which, asked)| {
            let widest = changes.iter().filter_map(|change| Some((change, change.differences[which]?)));
            let (change, (x, low, high)) = widest.max_by(|a, b| a.1.0.abs().total_cmp(&b.1.0.abs()))?;
            let clear = if low > 0.0 || high < 0.0 { "clear of zero" } else { "not clear of zero" };
            (x != 0.0)
                .then(|| format!("{} {} at {} ({clear})", asked.words(), told(x), plain(&level(factor, change.value))))
        })
        .collect();
    let moved = if moved.is_empty() {
        "nothing changes in either".to_owned()
    } else {
        format!("most changed: {}", moved.join("; "))
    };
    let spec = if factor.names().is_none() { curve(&changes) } else { steps(factor, &changes) };
    Some(
        Figure {
            id: format!("response-{at}"),
            title: format!("{}: what each value changes against {}", name(factor), plain(&level(factor, first.value))),
            sentence: format!("Against the first value, {moved}."),
            reading: "Differences in shares of all histories, paired by replication, the other factors averaged, with 95 % intervals of \
                      the pairs. The table has the shares too."
                .to_owned(),
            spec,
            table: table_of(factor, &changes),
        }
        .into(),
    )
}

fn curve(changes: &[Change]) -> serde_json::Value {
    let drawn: Vec<Line> = Asked::ALL
        .iter()
        .enumerate()
        .map(|(which, asked)| Line {
            name: if *asked == Asked::War { "renewed war" } else { "settlement" }.to_owned(),
            points: changes
                .iter()
                .filter_map(|change| {
                    change.differences[which].map(|(x, low, high)| (change.value, x, Some((low, high))))
                })
                .collect(),
        })
        .collect();
    let axes = Axes { x: "value", y: "difference in share of histories", scale: Scale::Share, domain: None };
    lines(&drawn, &axes, Shape::Straight)
}

fn steps(factor: &Factor, changes: &[Change]) -> serde_json::Value {
    let mut drawn = Vec::new();
    for (which, asked) in Asked::ALL.iter().enumerate() {
        for change in changes.iter().skip(1) {
            let Some((x, low, high)) = change.differences[which] else { continue };
            let what = if *asked == Asked::War { "renewed war" } else { "settlement" };
            let label = format!("{what}, {}", plain(&level(factor, change.value)));
            drawn.push(Bar { label, value: x, ends: Some((low, high)), text: told(x) });
        }
    }
    bars(&drawn, "difference in share of histories", Scale::Share)
}
