//! What was done, and what it cost.

use super::Run;
use crate::model::Party;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Bar, Scale, Sides, Tile, bars, heat};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{counted, percent, plain};
use crate::sink::column_name;

pub(super) fn section(run: Run<'_>) -> Section {
    let parts = [levers(run), costs(run)].into_iter().flatten().collect();
    Section { id: "levers", title: "Levers and costs", parts }
}

/// Most levers that are drawn.
const MOST: usize = 24;

fn levers(run: Run<'_>) -> Option<Part> {
    let model = run.model();
    let owner = |party: Party| match party {
        Party::Actor(actor) => model.actors[actor.index()].id.as_str(),
        Party::Body(body) => model.bodies[body.index()].id.as_str(),
    };
    let mut used = Vec::new();
    for lever in &model.levers {
        let quantity = column_name(&format!("uses_{}", lever.id));
        let Some(row) = run.sums.exact(&quantity, "at_least_once", "share") else { continue };
        let times =
            run.sums.exact(&quantity, "", "n").and_then(|row| row.value).unwrap_or(0.0) / run.histories().max(1) as f64;
        used.push((lever, owner(lever.party()), row, times));
    }
    used.sort_by(|a, b| b.3.total_cmp(&a.3));
    let (lever, who, row, times) = used.first()?;
    let never = used.iter().filter(|(.., times)| *times <= 0.0).count();
    let sentence = format!(
        "The lever used most is “{}” of {who}: {times:.1} times a history, at least once in {} of them; {} never used.",
        plain(&lever.id),
        percent(row.value.unwrap_or(0.0)),
        if never == 1 { "one lever is".to_owned() } else { format!("{never} of {} levers are", used.len()) }
    );
    let mut table = Grid::new(&["lever", "owner", "uses_a_history", "used_at_least_once", "low", "high"]);
    let mut drawn = Vec::new();
    for (at, (lever, who, row, times)) in used.iter().enumerate() {
        let share = row.value.unwrap_or(0.0);
        if at < MOST {
            let text = format!("{} ({times:.1})", percent(share));
            drawn.push(Bar {
                label: format!("{who}: {}", plain(&lever.id)),
                value: share,
                ends: row.low.zip(row.high),
                text,
            });
        }
        let mut cells = vec![Cell::text(&lever.id), Cell::text(*who), Cell::number(*times, 2)];
        cells.extend([row.value, row.low, row.high].map(|x| Cell::number(x, 3)));
        table.push(cells);
    }
    let left = used.len().saturating_sub(MOST);
    Some(
        Figure {
            id: "lever-use".to_owned(),
            title: "Levers, by use".to_owned(),
            sentence,
            reading: format!(
                "Bars: share of histories in which the lever is used at least once, with 95 % sampling intervals; in brackets uses a history, most used first.{}",
                if left > 0 { format!(" {} fewer used are in the table.", counted(left as u64, "lever", "levers")) } else { String::new() }
            ),
            spec: bars(&drawn, "share of histories", Scale::Share),
            table,
        }
        .into(),
    )
}

/// Mean costs by ending and actor.
fn costs(run: Run<'_>) -> Option<Part> {
    let (model, outcomes) = (run.model(), &run.dossier.outcomes);
    let ends: Vec<&str> = outcomes.words("outcome").collect();
    let columns: Vec<(&str, Vec<Option<f64>>)> = model
        .actors
        .iter()
        .map(|actor| {
            (actor.id.as_str(), outcomes.numbers(&column_name(&format!("cost_{}", actor.id))).collect::<Vec<_>>())
        })
        .filter(|(_, costs)| costs.iter().flatten().any(|cost| *cost != 0.0))
        .collect();
    let mean = |costs: &[Option<f64>], end: Option<&str>| {
        let own =
            costs.iter().zip(&ends).filter(|(_, at)| end.is_none_or(|end| **at == end)).filter_map(|(cost, _)| *cost);
        let (sum, n) = own.fold((0.0, 0u64), |(sum, n), cost| (sum + cost, n + 1));
        (n > 0).then(|| (sum / n as f64, n))
    };
    let mut tiles = Vec::new();
    let mut table = Grid::new(&["ending", "histories", "actor", "mean_cost"]);
    let endings = model.outcomes.iter().map(|outcome| Some(outcome.id.as_str()));
    for end in std::iter::once(None).chain(endings) {
        for (actor, costs) in &columns {
            let Some((mean, n)) = mean(costs, end) else { continue };
            let row = format!("{} ({n})", plain(end.unwrap_or("all histories")));
            tiles.push(Tile { row, column: (*actor).to_owned(), value: Some(mean), text: format!("{mean:.3}") });
            let end = Cell::text(end.unwrap_or("all"));
            table.push(vec![end, Cell::count(n), Cell::text(*actor), Cell::number(mean, 4)]);
        }
    }
    let all: Vec<(&str, f64)> =
        columns.iter().filter_map(|(actor, costs)| Some((*actor, mean(costs, None)?.0))).collect();
    let (most, cost) = all.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let (least, low) = all.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let sides = Sides {
        rows: "ending (histories)",
        columns: "",
        value: "mean cost, points a step, discounted",
        scale: Scale::Number,
    };
    Some(
        Figure {
            id: "costs".to_owned(),
            title: "What each ending cost each side (points a step)".to_owned(),
            sentence: format!("On average {most} pays most on its own scale ({cost:.3}) and {least} least ({low:.3})."),
            reading: "Costs of war, of levers, of broken words, of offers before an audience and of troops sent, discounted; not \
                      what the terms themselves are worth. Each actor has its own scale: compare down a column, not along a row."
                .to_owned(),
            spec: heat(&tiles, &sides),
            table,
        }
        .into(),
    )
}
