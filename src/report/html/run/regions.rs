//! Win sets through time: what settlements hold for each side above no deal, with the offers on it.

use super::Run;
use super::winsets::{LEAST, UNIT};
use crate::model::Role;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Month, Shade, shades};
use crate::report::html::figure::{Figure, Part};
use crate::report::html::words::{list, percent};
use crate::run::dossier::{Gains, TableAt};
use crate::sink::{REGIONS, column_name};

const TITLE: &str = "Win sets through time: what settlements give each side above no deal";

/// The regions of the signatories, and the offers that were put to them.
pub(super) fn regions(run: Run<'_>) -> Option<Part> {
    let title = format!("{TITLE} ({UNIT})");
    let (Some(rounds), Some(_)) = (&run.dossier.rounds, &run.dossier.moves) else {
        let why =
            "It is drawn from the tables of rounds and moves, which this run did not write. This command writes them:";
        return Some(Part::Absent { title, why: why.to_owned(), command: run.heading.traced.clone() });
    };
    let signatories = run.model().actors.iter().filter(|actor| actor.role == Role::Signatory);
    let sides: Vec<Shade> = signatories
        .map(|actor| Shade {
            name: actor.id.clone(),
            months: rounds.iter().enumerate().map(|(step, at)| month(run, &actor.id, step, at)).collect(),
        })
        .filter(|side: &Shade| side.months.iter().filter(|at| at.outer.is_some()).count() > 1)
        .collect();
    if sides.is_empty() {
        return None;
    }
    let legend = (
        ["settlements whose ratification is forecast", "win set: also consented to, and all are expected to gain"],
        ["offers of a settlement it refused (median)", "offers of a settlement it accepted (median)"],
    );
    Some(
        Figure {
            id: "regions".to_owned(),
            title,
            sentence: sentence(run, rounds, &sides),
            reading: format!(
                "Zero is no deal, at a side's true type. Each region runs from the lowest to the highest gain that any such \
                 settlement gives, the median over histories that have one; months with fewer than {LEAST} histories are left out. \
                 Fewer histories have a win set than a settlement that is ratified, so that its median may stand out of the lighter \
                 region. Marks are larger where more offers were answered. An offer below zero is one that its receiver would rather go \
                 without; one within the win set can still be refused by a side that hopes for more. Each side has its own scale."
            ),
            spec: shades(&sides, legend, ("months since the start", "gain over no deal")),
            table: table(&sides),
        }
        .into(),
    )
}

/// The region and the offers of one side in one step.
fn month(run: Run<'_>, actor: &str, step: usize, at: &TableAt) -> Month {
    let end = |region: &str, end: &str| {
        let column = column_name(&format!("{region}_{end}_{actor}"));
        at.reach.get(&column).filter(|gains| gains.count() >= LEAST).and_then(|gains| gains.quantile(0.5))
    };
    let [outer, inner] = REGIONS.map(|(region, _)| end(region, "low").zip(end(region, "high")));
    let answers = run.dossier.moves.as_ref().and_then(|moves| moves.answers.get(actor));
    let points = [0, 1].map(|kind| {
        let at: &Gains = answers?.offered[kind].get(&(step as u32))?;
        at.gains.quantile(0.5).map(|median| (median, at.gains.count()))
    });
    Month { at: at.month, outer, inner, points }
}

fn sentence(run: Run<'_>, rounds: &[TableAt], sides: &[Shade]) -> String {
    let told: Vec<String> = sides
        .iter()
        .filter_map(|side| {
            let (low, high) = side.months.iter().find_map(|at| at.inner)?;
            let kinds =
                [0, 1].map(|kind| side.months.iter().filter_map(|at| at.points[kind]).map(|(_, n)| n).sum::<u64>());
            let [refused, accepted] = kinds;
            Some(format!(
                "{} between {low:+.3} and {high:+.3} (it accepted {accepted} of {} offers of a settlement put to it)",
                side.name,
                refused + accepted
            ))
        })
        .collect();
    let talking = rounds.first().map_or(0, |at| at.talking);
    let with = rounds.first().and_then(|at| {
        let column = sides.first().map(|side| column_name(&format!("{}_low_{}", REGIONS[1].0, side.name)))?;
        Some(at.reach.get(&column).map_or(0, crate::design::Histogram::count))
    });
    if told.is_empty() {
        return format!(
            "In no month do {LEAST} of {} histories have a settlement that is ratified and that all gain from.",
            run.histories()
        );
    }
    format!(
        "At the start {} of histories have a win set; where there is one, the settlements in it give {}.",
        percent(with.unwrap_or(0) as f64 / talking.max(1) as f64),
        list(&told)
    )
}

fn table(sides: &[Shade]) -> Grid {
    let mut table = Grid::new(&[
        "side",
        "month",
        "ratified_low",
        "ratified_high",
        "win_set_low",
        "win_set_high",
        "refused_offers",
        "their_median",
        "accepted_offers",
        "their_median_",
    ]);
    for side in sides {
        for at in &side.months {
            let mut row = vec![Cell::text(&side.name), Cell::number(at.at, 1)];
            for ends in [at.outer, at.inner] {
                row.push(Cell::number(ends.map(|(low, _)| low), 3));
                row.push(Cell::number(ends.map(|(_, high)| high), 3));
            }
            for point in at.points {
                row.push(Cell::count(point.map_or(0, |(_, n)| n)));
                row.push(Cell::number(point.map(|(median, _)| median), 3));
            }
            table.push(row);
        }
    }
    table
}
