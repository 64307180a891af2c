//! Two factors at a time, presets side by side, and where the conclusion flips.

use super::Sweep;
use super::points::{Asked, Point, level, name, pooled, values, words};
use super::sampled;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Bar, Scale, Sides, Tile, bars, heat};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{counted, percent, plain};

pub(super) fn section(sweep: &Sweep<'_>) -> Section {
    let mut parts: Vec<Part> = presets(sweep);
    parts.extend(if sweep.sampled.is_some() { sampled::maps(sweep) } else { pairs(sweep) });
    parts.extend(flips(sweep));
    Section { id: "regions", title: "Where the conclusion holds, and where it flips", parts }
}

/// Most values of a factor that a map has room for.
const MOST_VALUES: usize = 12;
/// Most pairs of factors that are drawn.
const MOST_PAIRS: usize = 3;

/// Endings by level, for every factor with named levels.
fn presets(sweep: &Sweep<'_>) -> Vec<Part> {
    let named = sweep.factors().iter().enumerate().filter(|(_, factor)| factor.names().is_some());
    named.filter_map(|(at, _)| preset(sweep, at)).collect()
}

fn preset(sweep: &Sweep<'_>, at: usize) -> Option<Part> {
    let factor = &sweep.factors()[at];
    let own: Vec<(String, Point)> = values(&sweep.points, at)
        .into_iter()
        .map(|value| {
            let own = sweep.points.values().filter(|point| point.values.get(at) == Some(&value));
            (plain(&level(factor, value)), pooled(own))
        })
        .collect();
    let all = pooled(sweep.points.values());
    let mut table = Grid::new(&["level", "histories", "ending", "share"]);
    let mut tiles = Vec::new();
    for (place, (ending, _)) in all.endings.iter().enumerate().filter(|(_, (_, n))| *n > 0) {
        for (level, point) in &own {
            let share = point.endings.get(place).map_or(0.0, |(_, n)| *n as f64 / point.n.max(1) as f64);
            tiles.push(Tile {
                row: level.clone(),
                column: plain(ending),
                value: Some(share),
                text: format!("{:.0}", share * 100.0),
            });
            table.push(vec![
                Cell::text(level),
                Cell::count(point.n),
                Cell::text(plain(ending)),
                Cell::number(share, 3),
            ]);
        }
    }
    let heads: Vec<(&str, &str)> =
        own.iter().filter_map(|(level, point)| Some((level.as_str(), point.most()?.0))).collect();
    let (usual, _) = all.most()?;
    let others: Vec<String> = heads
        .iter()
        .filter(|(_, ending)| *ending != usual)
        .map(|(level, ending)| format!("{level} (“{}”)", plain(ending)))
        .collect();
    let sentence = if others.is_empty() {
        format!(
            "“{}” is the most frequent ending under every one of {}.",
            plain(usual),
            counted(own.len() as u64, "level", "levels")
        )
    } else {
        format!("“{}” is the most frequent ending over all; it is not under {}.", plain(usual), others.join(", "))
    };
    let (title, column) = (format!("Endings under each level of {}", name(factor)), name(factor));
    let sides = Sides { rows: &column, columns: "", value: "share of histories", scale: Scale::Share };
    let mut spec = heat(&tiles, &sides);
    // Many endings side by side: their names stand aslant.
    spec["encoding"]["x"]["axis"]["labelAngle"] = serde_json::json!(-45);
    Some(
        Figure {
            id: format!("presets-{at}"),
            title,
            sentence,
            reading: "Percentages of the histories of a level; other factors, if any, averaged.".to_owned(),
            spec,
            table,
        }
        .into(),
    )
}

fn pairs(sweep: &Sweep<'_>) -> Vec<Part> {
    let factors = sweep.factors();
    let small: Vec<usize> =
        (0..factors.len()).filter(|&at| (2..=MOST_VALUES).contains(&values(&sweep.points, at).len())).collect();
    let pairs = small.iter().flat_map(|&a| small.iter().filter(move |&&b| a < b).map(move |&b| (a, b)));
    pairs.take(MOST_PAIRS).flat_map(|pair| Asked::ALL.map(|asked| map(sweep, pair, asked))).flatten().collect()
}

fn map(sweep: &Sweep<'_>, (a, b): (usize, usize), asked: Asked) -> Option<Part> {
    let (rows, columns) = (&sweep.factors()[a], &sweep.factors()[b]);
    let (mut tiles, mut found) = (Vec::new(), Vec::new());
    let mut table = Grid { columns: vec![name(rows), name(columns)], rows: Vec::new() };
    table.columns.extend(["histories", "share", "low", "high"].map(str::to_owned));
    for x in values(&sweep.points, a) {
        for y in values(&sweep.points, b) {
            let own = sweep
                .points
                .values()
                .filter(|point| point.values.get(a) == Some(&x) && point.values.get(b) == Some(&y));
            let own = pooled(own);
            let Some((share, low, high)) = asked.share(&own) else { continue };
            let (row, column) = (plain(&level(rows, x)), plain(&level(columns, y)));
            found.push((share, format!("{} {row} and {} {column}", name(rows), name(columns))));
            let mut cells = vec![Cell::text(&row), Cell::text(&column), Cell::count(own.n)];
            cells.extend([share, low, high].map(|x| Cell::number(x, 3)));
            table.push(cells);
            tiles.push(Tile { row, column, value: Some(share), text: percent(share) });
        }
    }
    let least = found.iter().min_by(|p, q| p.0.total_cmp(&q.0))?;
    let most = found.iter().max_by(|p, q| p.0.total_cmp(&q.0))?;
    let (row_title, column_title) = (name(rows), name(columns));
    let value = format!("share of histories with {}", asked.words());
    let sides = Sides { rows: &row_title, columns: &column_title, value: &value, scale: Scale::Share };
    Some(
        Figure {
            id: format!("map-{a}-{b}-{}", asked.response().replace('_', "-")),
            title: format!(
                "{}, by {} and {}",
                crate::report::html::words::sentence(asked.words()),
                row_title,
                column_title
            ),
            sentence: format!(
                "Least often with {} ({}), most often with {} ({}).",
                least.1,
                percent(least.0),
                most.1,
                percent(most.0)
            ),
            reading: "Shares of all histories of the cell; other factors, if any, averaged.".to_owned(),
            spec: heat(&tiles, &sides),
            table,
        }
        .into(),
    )
}

/// What changes the most frequent ending of the first point with the fewest changes, if anything does.
pub(super) fn nearest_flip(sweep: &Sweep<'_>) -> Option<String> {
    let first = sweep.points.values().next()?;
    let (usual, _) = first.most()?;
    let changed = |point: &Point| {
        let pairs = first.values.iter().zip(&point.values).enumerate();
        pairs.filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect::<Vec<_>>()
    };
    let lead = |point: &Point| {
        let count = |id: &str| point.endings.iter().find(|(own, _)| own == id).map_or(0, |(_, n)| *n);
        point.most().map_or(0.0, |(ending, n)| {
            (n - count(usual)) as f64 / point.n.max(1) as f64 * f64::from(u8::from(ending != usual))
        })
    };
    let others = sweep.points.values().filter(|point| point.most().is_some_and(|(ending, _)| ending != usual));
    let best = others.min_by(|a, b| changed(a).len().cmp(&changed(b).len()).then(lead(b).total_cmp(&lead(a))))?;
    let (ending, n) = best.most()?;
    let changes: Vec<String> = changed(best)
        .into_iter()
        .map(|at| {
            let factor = &sweep.factors()[at];
            let value = |point: &Point| plain(&level(factor, point.values[at]));
            format!("{} from {} to {}", name(factor), value(first), value(best))
        })
        .collect();
    Some(format!(
        "At the first point ({}) the most frequent ending is “{}”. Changing {} makes it “{}”, in {} of histories.",
        words(sweep.factors(), &first.values),
        plain(usual),
        changes.join(" and "),
        plain(ending),
        percent(n as f64 / best.n.max(1) as f64)
    ))
}

fn flips(sweep: &Sweep<'_>) -> Option<Part> {
    let mut heads: Vec<(&str, u64)> = Vec::new();
    let mut table = Grid::new(&["point", "values", "most_frequent_ending", "its_share"]);
    for (at, point) in &sweep.points {
        let Some((ending, n)) = point.most() else { continue };
        match heads.iter_mut().find(|(own, _)| *own == ending) {
            Some((_, points)) => *points += 1,
            None => heads.push((ending, 1)),
        }
        table.push(vec![
            Cell::count(*at),
            Cell::text(words(sweep.factors(), &point.values)),
            Cell::text(plain(ending)),
            Cell::number(n as f64 / point.n.max(1) as f64, 3),
        ]);
    }
    heads.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
    let (usual, points) = *heads.first()?;
    let all: u64 = heads.iter().map(|(_, points)| points).sum();
    let drawn: Vec<Bar> = heads
        .iter()
        .map(|(ending, points)| Bar {
            label: plain(ending),
            value: *points as f64 / all as f64,
            ends: None,
            text: format!("{points} of {all}"),
        })
        .collect();
    let flip = nearest_flip(sweep).map_or_else(
        || " It is the same at every point: nothing that was varied flips it.".to_owned(),
        |flip| format!(" {flip}"),
    );
    Some(
        Figure {
            id: "flips".to_owned(),
            title: "Points by their most frequent ending".to_owned(),
            sentence: format!("“{}” is the most frequent ending at {points} of {all} points.{flip}", plain(usual)),
            reading: "The table says for every point which ending is the most frequent: the region in which the headline holds, and \
                      where it flips. Where two endings are close, sampling decides."
                .to_owned(),
            spec: bars(&drawn, "share of points", Scale::Share),
            table,
        }
        .into(),
    )
}
