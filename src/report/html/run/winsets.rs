//! What could have been agreed, through time: the zone of agreement, what no deal is worth, and the path of offers.

use super::Run;
use super::regions::regions;
use super::states::fan_of;
use crate::model::Role;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Axes, Line, Run as Shape, Scale, histogram, lines};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{list, percent};
use crate::sink::column_name;

pub(super) fn section(run: Run<'_>) -> Section {
    let parts = [regions(run), zone(run), agreeable(run), Some(offers(run)), no_deal(run), ripe(run), missed(run)];
    Section { id: "win-sets", title: "What could have been agreed", parts: parts.into_iter().flatten().collect() }
}

/// Unit of values.
pub(super) const UNIT: &str = "points a step";
/// Least answers of a month that are drawn.
pub(super) const LEAST: u64 = 5;

/// A line of medians with the middle half as its band.
fn middle(name: &str, points: &[(f64, [f64; 5])]) -> Line {
    let points = points.iter().map(|(month, q)| (*month, q[2], Some((q[1], q[3]))));
    Line { name: name.to_owned(), points: points.collect() }
}

fn table_of(lines: &[Line]) -> Grid {
    let mut table = Grid::new(&["what", "month", "median", "p25", "p75"]);
    for line in lines {
        for (month, middle, band) in &line.points {
            let (low, high) = band.unwrap_or((*middle, *middle));
            let mut row = vec![Cell::text(&line.name), Cell::number(*month, 1)];
            row.extend([*middle, low, high].map(|x| Cell::number(x, 3)));
            table.push(row);
        }
    }
    table
}

fn zone(run: Run<'_>) -> Option<Part> {
    let points = fan_of(run, "zopa_width");
    let (first, last) = (points.first()?, points.last()?);
    let open = points.iter().filter(|(_, q)| q[2] > 0.0).count();
    let drawn = [middle("median", &points)];
    let axes =
        Axes { x: "months since the start", y: "least gain of the best package", scale: Scale::Number, domain: None };
    Some(
        Figure {
            id: "zone".to_owned(),
            title: format!("Width of the zone of agreement ({UNIT})"),
            sentence: format!(
                "In the median of histories still talking, the best package gives the side that gains least {:+.3} at the start and \
                 {:+.3} in the last month; the median is above zero in {open} of {} months.",
                first.1[2],
                last.1[2],
                points.len()
            ),
            reading: "For each package, the least gain of any signatory over no deal; the width is that of the best package, and \
                      below zero there is no zone. The band is the middle half of histories."
                .to_owned(),
            spec: lines(&drawn, &axes, Shape::Straight),
            table: table_of(&drawn),
        }
        .into(),
    )
}

fn agreeable(run: Run<'_>) -> Option<Part> {
    let title = "Histories with a package that all gain from, that is ratified and consented to".to_owned();
    let Some(rounds) = &run.dossier.rounds else {
        let why =
            "It is counted step by step, in a table that this run did not write. This command writes it:".to_owned();
        return Some(Part::Absent { title, why, command: run.heading.traced.clone() });
    };
    let talking = rounds.iter().filter(|at| at.talking > 0);
    let share = |count: u64, all: u64| count as f64 / all as f64;
    let mut table = Grid::new(&["month", "histories_talking", "with_such_a_package", "share", "packages_a_history"]);
    let mut points = Vec::new();
    for at in talking {
        let (some, packages) = (share(at.agreeable, at.talking), share(at.packages, at.talking));
        let ends = crate::design::wilson(at.agreeable, at.talking);
        points.push((at.month, some, Some((ends.low, ends.high))));
        let mut row = vec![Cell::number(at.month, 1), Cell::count(at.talking), Cell::count(at.agreeable)];
        row.extend([Cell::number(some, 3), Cell::number(packages, 1)]);
        table.push(row);
    }
    let best = points.iter().max_by(|a, b| a.1.total_cmp(&b.1)).copied()?;
    let line = Line { name: "share".to_owned(), points };
    let axes = Axes {
        x: "months since the start",
        y: "share of histories still talking",
        scale: Scale::Share,
        domain: Some([0.0, 1.0]),
    };
    Some(
        Figure {
            id: "agreeable".to_owned(),
            title,
            sentence: format!(
                "Such a package exists most often in month {}, in {} of the histories that still talk.",
                best.0,
                percent(best.1)
            ),
            reading: "That a package exists does not mean that it is found, proposed or believed. The band is the 95 % sampling \
                      interval."
                .to_owned(),
            spec: lines(&[line], &axes, Shape::Straight),
            table,
        }
        .into(),
    )
}

fn offers(run: Run<'_>) -> Part {
    let title = format!("The path of offers: what they give each side above holding out ({UNIT})");
    let Some(moves) = &run.dossier.moves else {
        let why =
            "It is drawn from the table of moves, which this run did not write. This command writes it:".to_owned();
        return Part::Absent { title, why, command: run.heading.traced.clone() };
    };
    let mut drawn = Vec::new();
    for (actor, answers) in &moves.answers {
        let points = answers.gains.values().filter(|at| at.gains.count() >= LEAST).filter_map(|at| {
            let quantile = |p| at.gains.quantile(p);
            Some((at.month, quantile(0.5)?, Some((quantile(0.25)?, quantile(0.75)?))))
        });
        let line = Line { name: actor.clone(), points: points.collect() };
        if line.points.len() > 1 {
            drawn.push(line);
        }
    }
    let accepted: Vec<String> = moves
        .answers
        .iter()
        .map(|(actor, answers)| format!("{actor} {} of {}", answers.yes, answers.yes + answers.no))
        .collect();
    if drawn.is_empty() {
        return Part::Text(format!("Too few offers were answered to draw their path. Accepted: {}.", list(&accepted)));
    }
    let axes = Axes {
        x: "months since the start",
        y: "value of the offer less that of refusing",
        scale: Scale::Number,
        domain: None,
    };
    Figure {
            id: "offers".to_owned(),
            title,
            sentence: format!("Offers accepted by those who were asked: {}.", list(&accepted)),
            reading: format!(
                "Above zero an actor accepts. The line is the median, the band the middle half; months with fewer than {LEAST} \
                 answers are left out."
            ),
            spec: lines(&drawn, &axes, Shape::Straight),
            table: table_of(&drawn),
        }
        .into()
}

fn no_deal(run: Run<'_>) -> Option<Part> {
    let signatories = run.model().actors.iter().filter(|actor| actor.role == Role::Signatory);
    let drawn: Vec<Line> = signatories
        .map(|actor| middle(&actor.id, &fan_of(run, &column_name(&format!("z_{}", actor.id)))))
        .filter(|line| line.points.len() > 1)
        .collect();
    let moves: Vec<String> = drawn
        .iter()
        .filter_map(|line| {
            let (first, last) = (line.points.first()?.1, line.points.last()?.1);
            Some(format!("of {} from {first:+.2} to {last:+.2}", line.name))
        })
        .collect();
    let axes = Axes { x: "months since the start", y: "value of no deal", scale: Scale::Number, domain: None };
    (!drawn.is_empty()).then(|| {
        Figure {
            id: "no-deal".to_owned(),
            title: format!("What going on without a deal is worth ({UNIT})"),
            sentence: format!("While talks last, the median value of no deal goes {}.", list(&moves)),
            reading: "Each actor has its own scale: heights are not comparable between actors, changes over time are. The band is \
                      the middle half of histories."
                .to_owned(),
            spec: lines(&drawn, &axes, Shape::Straight),
            table: table_of(&drawn),
        }
        .into()
    })
}

/// Counts in `n` equal bins from the least to the largest number.
fn binned(numbers: &[f64], n: usize) -> Vec<(f64, f64, u64)> {
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = if high > low { (high - low) / n as f64 } else { 1.0 };
    let mut counts = vec![0u64; n];
    for number in numbers {
        counts[(((number - low) / width) as usize).min(n - 1)] += 1;
    }
    let edge = |at: usize| low + width * at as f64;
    counts.into_iter().enumerate().map(|(at, count)| (edge(at), edge(at + 1), count)).collect()
}

fn table_of_bins(bins: &[(f64, f64, u64)]) -> Grid {
    let mut table = Grid::new(&["from", "to", "histories"]);
    for (low, high, count) in bins {
        table.push(vec![Cell::number(*low, 3), Cell::number(*high, 3), Cell::count(*count)]);
    }
    table
}

fn ripe(run: Run<'_>) -> Option<Part> {
    let months: Vec<f64> = run.dossier.outcomes.numbers("ripe_months").flatten().collect();
    let most = months.iter().copied().fold(0.0, f64::max);
    if months.is_empty() || most <= 0.0 {
        let text = "No month in any history is ripe: never does going on hurt all while a zone of agreement exists.";
        return (!months.is_empty()).then(|| Part::Text(text.to_owned()));
    }
    let never = months.iter().filter(|&&month| month <= 0.0).count();
    let mean = months.iter().sum::<f64>() / months.len() as f64;
    let bins = binned(&months, (most as usize).clamp(1, 18));
    Some(
        Figure {
            id: "ripe".to_owned(),
            title: "Ripe months in a history".to_owned(),
            sentence: format!(
                "{} of histories have no ripe month; the mean is {mean:.1} months, the most {most:.0}.",
                percent(never as f64 / months.len() as f64)
            ),
            reading: "A month is ripe when going on hurts all signatories and a zone of agreement exists (Zartman)."
                .to_owned(),
            spec: histogram(&bins, "ripe months", "histories", None),
            table: table_of_bins(&bins),
        }
        .into(),
    )
}

fn missed(run: Run<'_>) -> Option<Part> {
    let outcomes = &run.dossier.outcomes;
    let rows = outcomes.numbers("zopa_width").zip(outcomes.numbers("agreement_month"));
    let widths: Vec<f64> = rows.filter(|(_, signed)| signed.is_none()).filter_map(|(width, _)| width).collect();
    if widths.is_empty() {
        return Some(Part::Text("Every history ends in a settlement, so that no deal is missed.".to_owned()));
    }
    let open = widths.iter().filter(|&&width| width > 0.0).count();
    let mut sorted = widths.clone();
    sorted.sort_by(f64::total_cmp);
    let bins = binned(&widths, 16);
    let zero = (bins.first()?.0 <= 0.0 && 0.0 <= bins.last()?.1).then_some(0.0);
    Some(
        Figure {
            id: "missed".to_owned(),
            title: format!("The closest missed deal of histories without a settlement ({UNIT})"),
            sentence: format!(
                "Of {} histories without a settlement, {open} had at some time a package from which every signatory would have \
                 gained; in the median one the least gain of the best package was {:+.3}.",
                widths.len(),
                sorted[sorted.len() / 2]
            ),
            reading: "The widest zone of agreement of the whole talks. Above zero the deal was there, and was missed for other \
                      reasons: a vote, a deliverer, a belief, a hope for more."
                .to_owned(),
            spec: histogram(&bins, "least gain of the best package", "histories", zero),
            table: table_of_bins(&bins),
        }
        .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::binned;

    #[test]
    fn every_number_falls_in_one_bin() {
        let bins = binned(&[0.0, 1.0, 1.5, 4.0], 4);
        assert_eq!(bins, [(0.0, 1.0, 1), (1.0, 2.0, 2), (2.0, 3.0, 0), (3.0, 4.0, 1)]);
        assert_eq!(binned(&[2.0, 2.0], 3)[0], (2.0, 3.0, 2));
    }
}
