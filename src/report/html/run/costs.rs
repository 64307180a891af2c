//! What was done, and what it cost.

use super::Run;
use crate::design::Moments;
use crate::model::{Party, Regime, Role};
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Bar, Mean, Scale, Sides, Tile, bars, forest, heat};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{counted, list, percent, plain};
use crate::sink::{PathKind, column_name};

pub(super) fn section(run: Run<'_>) -> Section {
    let parts = [levers(run), path_costs(run), costs(run)].into_iter().flatten().collect();
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

/// Realised costs of every actor that has any, history by history.
fn realised(run: Run<'_>) -> Vec<(&str, Vec<Option<f64>>)> {
    let outcomes = &run.dossier.outcomes;
    let column = |id: &str| outcomes.numbers(&column_name(&format!("cost_{id}"))).collect::<Vec<_>>();
    // Those who sign come first.
    let (signatories, others): (Vec<_>, Vec<_>) =
        run.model().actors.iter().partition(|actor| actor.role == Role::Signatory);
    let actors = signatories.into_iter().chain(others).map(|actor| (actor.id.as_str(), column(&actor.id)));
    actors.filter(|(_, costs)| costs.iter().flatten().any(|cost| *cost != 0.0)).collect()
}

/// A mean, its 95 % normal interval (none of a single case), and how many cases.
type Estimate = (f64, Option<(f64, f64)>, u64);

/// The mean of numbers; nothing of no case.
fn mean(numbers: impl Iterator<Item = f64>) -> Option<Estimate> {
    let mut moments = Moments::default();
    numbers.for_each(|number| moments.push(number));
    let ends = moments.interval().map(|ends| (ends.low, ends.high));
    moments.mean().map(|mean| (mean, ends, moments.count()))
}

/// Which way each history went; none of those that failed.
fn ways(run: Run<'_>) -> Vec<Option<PathKind>> {
    let outcomes = &run.dossier.outcomes;
    let ok = outcomes.words("status").map(|status| status == "ok");
    let signed = outcomes.numbers("ceasefire_month").zip(outcomes.numbers("agreement_month"));
    let ends = outcomes.words("end_regime").map(|regime| regime == Regime::Truce.word());
    let any = outcomes.numbers("n_agreements").map(|n| n.is_some_and(|n| n > 0.0));
    let rows = signed.zip(ends).zip(any).zip(ok);
    rows.map(|(((months, in_truce), any), ok)| ok.then(|| PathKind::told(months, in_truce, any))).collect()
}

/// Most actors whose costs are drawn.
const MOST_ACTORS: usize = 12;

/// Mean costs by path and actor.
fn path_costs(run: Run<'_>) -> Option<Part> {
    let (ways, columns) = (ways(run), realised(run));
    let mut table = Grid::new(&["side", "path", "histories", "mean_cost", "low", "high"]);
    let (mut drawn, mut told) = (Vec::new(), Vec::new());
    for (at, (actor, costs)) in columns.iter().enumerate() {
        let mut found: Vec<(PathKind, f64)> = Vec::new();
        for kind in PathKind::ALL {
            let own = costs.iter().zip(&ways).filter(|(_, way)| **way == Some(kind)).filter_map(|(cost, _)| *cost);
            let Some((value, ends, n)) = mean(own) else { continue };
            found.push((kind, value));
            if at < MOST_ACTORS {
                let row = format!("{} ({n})", plain(kind.word()));
                drawn.push(Mean { chart: (*actor).to_owned(), row, value, ends });
            }
            let mut row = vec![Cell::text(*actor), Cell::text(plain(kind.word())), Cell::count(n)];
            row.extend([Some(value), ends.map(|ends| ends.0), ends.map(|ends| ends.1)].map(|x| Cell::number(x, 4)));
            table.push(row);
        }
        let least = found.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
        let most = found.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some(((cheap, low), (dear, high))) = least.zip(most).filter(|(least, most)| least.0 != most.0) {
            told.push((
                high - low,
                format!(
                    "for {actor} from {low:.3} (“{}”) to {high:.3} (“{}”)",
                    plain(cheap.word()),
                    plain(dear.word())
                ),
            ));
        }
    }
    told.sort_by(|a, b| b.0.total_cmp(&a.0));
    let widest: Vec<String> = told.into_iter().take(2).map(|(_, words)| words).collect();
    if widest.is_empty() {
        return None;
    }
    let left = columns.len().saturating_sub(MOST_ACTORS);
    let left = if left > 0 { format!(" {left} more are in the table.") } else { String::new() };
    Some(
        Figure {
            id: "path-costs".to_owned(),
            title: "What each path cost each side (points a step)".to_owned(),
            sentence: format!("Between the paths the mean cost differs most {}.", list(&widest)),
            reading: format!(
                "Means with 95 % intervals of the mean (normal; none of a single history); in brackets the histories that went that \
                 way. Costs of war, of levers, of broken words, of offers before an audience and of troops sent, discounted; not what \
                 the terms themselves are worth. A history that settles early ends its costs of war early. Each side has its own \
                 scale.{left}"
            ),
            spec: forest(&drawn, "mean cost"),
            table,
        }
        .into(),
    )
}

/// Mean costs by ending and actor.
fn costs(run: Run<'_>) -> Option<Part> {
    let (model, columns) = (run.model(), realised(run));
    let ends: Vec<&str> = run.dossier.outcomes.words("outcome").collect();
    let of = |costs: &[Option<f64>], end: Option<&str>| {
        mean(costs.iter().zip(&ends).filter(|(_, at)| end.is_none_or(|end| **at == end)).filter_map(|(cost, _)| *cost))
    };
    let mut tiles = Vec::new();
    let mut table = Grid::new(&["ending", "histories", "actor", "mean_cost", "low", "high"]);
    let endings = model.outcomes.iter().map(|outcome| Some(outcome.id.as_str()));
    for end in std::iter::once(None).chain(endings) {
        for (actor, costs) in &columns {
            let Some((mean, ends, n)) = of(costs, end) else { continue };
            let row = format!("{} ({n})", plain(end.unwrap_or("all histories")));
            tiles.push(Tile { row, column: (*actor).to_owned(), value: Some(mean), text: format!("{mean:.3}") });
            let end = Cell::text(end.unwrap_or("all"));
            let numbers = [Some(mean), ends.map(|ends| ends.0), ends.map(|ends| ends.1)].map(|x| Cell::number(x, 4));
            table.push([vec![end, Cell::count(n), Cell::text(*actor)], numbers.into()].concat());
        }
    }
    let all: Vec<(&str, f64)> =
        columns.iter().filter_map(|(actor, costs)| Some((*actor, of(costs, None)?.0))).collect();
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
