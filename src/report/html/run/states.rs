//! The war and what feeds it, through time.

use super::Run;
use crate::report::describe::short;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Fan, fans};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::plain;
use crate::sink::column_name;

/// Most numbers that are drawn.
const MOST: usize = 12;

pub(super) fn section(run: Run<'_>) -> Section {
    Section { id: "states", title: "The war while they talk", parts: states(run).into_iter().collect() }
}

/// Quantiles of a quantity of `steps.csv` by step, with months.
pub(super) fn fan_of(run: Run<'_>, quantity: &str) -> Vec<(f64, [f64; 5])> {
    let step = run.model().clock.months_per_step;
    let mut points: Vec<(u32, [f64; 5])> = Vec::new();
    for row in run.dossier.steps.iter().filter(|row| row.quantity == quantity) {
        let Some(at) = crate::sink::QUANTILES.iter().position(|(name, _)| *name == row.statistic) else { continue };
        if points.last().is_none_or(|(last, _)| *last != row.step) {
            points.push((row.step, [row.value; 5]));
        }
        if let Some((_, quantiles)) = points.last_mut() {
            quantiles[at] = row.value;
        }
    }
    points.into_iter().map(|(at, quantiles)| (f64::from(at) * step, quantiles)).collect()
}

fn states(run: Run<'_>) -> Option<Part> {
    let model = run.model();
    let mut found: Vec<(f64, usize, Fan, &str)> = Vec::new();
    for (at, state) in model.states.iter().enumerate() {
        let points = fan_of(run, &column_name(&format!("state_{}", state.id)));
        let ends = points.iter().flat_map(|(_, q)| [q[0], q[4]]);
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        let range = state.high - state.low;
        let moved = if range.is_finite() && range > 0.0 { (high - low) / range } else { 1.0 };
        if points.len() < 2 || moved <= 0.0 {
            continue;
        }
        let unit = run.dossier.codebook.unit("outcomes", &column_name(&format!("end_{}", state.id)));
        let unit = if unit.is_empty() || unit == "1" { String::new() } else { format!(" ({unit})") };
        found.push((moved, at, Fan { name: format!("{}{unit}", plain(&state.id)), points }, &state.id));
    }
    let all = found.len();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(MOST);
    let shift = |fan: &Fan| Some((fan.points.first()?.1[2], fan.points.last()?.1[2]));
    let (from, to, widest) = found.first().and_then(|(_, _, fan, id)| shift(fan).map(|(from, to)| (from, to, *id)))?;
    found.sort_by_key(|(_, at, ..)| *at);
    let drawn: Vec<Fan> = found.into_iter().map(|(_, _, fan, _)| fan).collect();
    let mut table = Grid::new(&["state", "month", "p05", "p25", "median", "p75", "p95"]);
    for fan in &drawn {
        for (month, q) in
            [fan.points.first(), fan.points.get(fan.points.len() / 2), fan.points.last()].into_iter().flatten()
        {
            let mut row = vec![Cell::text(&fan.name), Cell::number(*month, 1)];
            row.extend(q.map(|x| Cell::number(x, 3)));
            table.push(row);
        }
    }
    Some(
        Figure {
            id: "state-fans".to_owned(),
            title: "State of the war and of the home fronts, month by month".to_owned(),
            sentence: format!(
                "What ranges most widely over histories is {}: its median goes from {} to {} while talks last.",
                plain(widest),
                short(from),
                short(to)
            ),
            reading: format!(
                "The line is the median, the dark band the middle half, the light band all but the lowest and highest \
                 twentieth, among histories in which talks still go on. {} of {all} state variables, those that range most \
                 widely within their bounds.",
                drawn.len()
            ),
            spec: fans(&drawn, "months"),
            table,
        }
        .into(),
    )
}
