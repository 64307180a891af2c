//! What results do along each factor of a design that samples its points: a Latin hypercube, a Sobol' sequence.
//!
//! No two points differ in one factor alone, so that points are sorted by a factor and put into groups of equal size; the
//! other factors are averaged over whatever values the points of a group have. The interval of a difference between groups
//! counts both what the choice of points leaves open and the noise of replications, which all points share and which the
//! difference therefore sheds in part.

use super::Sweep;
use super::points::{Asked, level, name};
use crate::design::{Design, Factor, Layout, Moments, Z_95};
use crate::num::sqrt;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Axes, Bar, Line, Run as Shape, Scale, Sides, Tile, bars, heat, lines};
use crate::report::html::figure::{Figure, Part};
use crate::report::html::words::{percent, plain, points as told};
use crate::run::Dossier;
use crate::sink::number;

/// Most groups of points, and least points of each.
const MOST_GROUPS: usize = 8;
const LEAST_POINTS: usize = 3;
/// Least points that are sorted at all.
const LEAST: usize = 2 * LEAST_POINTS;

/// What came of each job of a design that samples its points.
pub(super) struct Sampled {
    /// By what is asked, replication and point: 1 where it happened.
    cells: [Vec<Vec<f64>>; 2],
    /// Values of the factors, by point.
    values: Vec<Vec<f64>>,
}

/// Points that lie side by side in a factor.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub low: f64,
    pub high: f64,
    /// Mean value of the factor.
    pub middle: f64,
    pub points: Vec<usize>,
}

/// A difference with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Difference {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Difference {
    /// Whether its interval leaves out zero.
    pub fn is_clear(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// Whether a design samples its points.
fn samples(design: &Design) -> bool {
    matches!(design.layout, Layout::Lhs { .. } | Layout::Sobol { .. })
}

impl Sampled {
    /// The jobs of a run; none of other designs, and none where too few points or replications were played to their end.
    pub fn of(dossier: &Dossier) -> Option<Self> {
        let (design, plan, outcomes) = (&dossier.run.design, &dossier.run.plan, &dossier.outcomes);
        let points = usize::try_from(plan.points).ok()?;
        if !samples(design) || points < LEAST || outcomes.cut {
            return None;
        }
        let jobs = outcomes.numbers("replication").zip(outcomes.numbers("point"));
        let ok = outcomes.words("status").map(|status| status == "ok");
        let told = outcomes.numbers("renewed_war").zip(outcomes.numbers("agreement_month"));
        let mut all: Vec<[Vec<f64>; 2]> = Vec::new();
        for (((replication, point), ok), (war, settled)) in jobs.zip(ok).zip(told) {
            let (replication, point) = (replication? as usize, point? as usize);
            if all.len() <= replication {
                all.resize(replication + 1, [vec![f64::NAN; points], vec![f64::NAN; points]]);
            }
            if ok {
                let happened =
                    [war.is_some_and(|war| war > 0.0), settled.is_some()].map(|happened| f64::from(u8::from(happened)));
                for (row, happened) in all[replication].iter_mut().zip(happened) {
                    *row.get_mut(point)? = happened;
                }
            }
        }
        // A replication counts if every point of it was played.
        all.retain(|rows| rows[0].iter().all(|cell| !cell.is_nan()));
        let (wars, settlements) = all.into_iter().map(|[war, settled]| (war, settled)).unzip();
        let cells: [Vec<Vec<f64>>; 2] = [wars, settlements];
        let mut own = Vec::new();
        let values = (0..plan.points)
            .map(|point| {
                design.point(point, &mut own);
                own.clone()
            })
            .collect();
        (!cells[0].is_empty()).then_some(Self { cells, values })
    }

    /// Points grouped by a factor: of named levels and of few values those of each, of other numbers as many in each group.
    pub fn groups(&self, at: usize, factor: &Factor, most: usize) -> Vec<Group> {
        let mut order: Vec<usize> = (0..self.values.len()).collect();
        order.sort_by(|&a, &b| self.values[a][at].total_cmp(&self.values[b][at]));
        let value = |point: usize| self.values[point][at];
        let by_value: Vec<Vec<usize>> = order.chunk_by(|&a, &b| value(a) == value(b)).map(<[usize]>::to_vec).collect();
        let cuts: Vec<Vec<usize>> = if factor.names().is_some() || by_value.len() <= most {
            by_value
        } else {
            let groups = (order.len() / LEAST_POINTS).clamp(2, most);
            (0..groups).map(|g| order[g * order.len() / groups..(g + 1) * order.len() / groups].to_vec()).collect()
        };
        let group = |points: Vec<usize>| {
            let middle = points.iter().map(|&point| value(point)).sum::<f64>() / points.len() as f64;
            Group { low: value(points[0]), high: value(points[points.len() - 1]), middle, points }
        };
        cuts.into_iter().map(group).collect()
    }

    fn of_jobs(&self, asked: Asked) -> &[Vec<f64>] {
        match asked {
            Asked::War => &self.cells[0],
            Asked::Agreement => &self.cells[1],
        }
    }

    /// Mean of the points of a group.
    pub fn share(&self, asked: Asked, points: &[usize]) -> f64 {
        let cells = self.of_jobs(asked);
        let sum: f64 = cells.iter().flat_map(|row| points.iter().map(|&point| row[point])).sum();
        sum / (points.len() * cells.len()) as f64
    }

    /// Group `to` less group `from`.
    pub fn difference(&self, asked: Asked, from: &Group, to: &Group) -> Difference {
        difference(self.of_jobs(asked), &from.points, &to.points)
    }
}

/// Mean over the points `to` less mean over the points `from`, of `cells[replication][point]`, with its 95 % interval.
///
/// Points and replications are both taken as drawn: the variance is that of means of points, plus that of differences of
/// replications, less what both count, the variance of single jobs freed of the means of their point and replication.
fn difference(cells: &[Vec<f64>], from: &[usize], to: &[usize]) -> Difference {
    let replications = cells.len() as f64;
    let mean =
        |row: &[f64], points: &[usize]| points.iter().map(|&point| row[point]).sum::<f64>() / points.len() as f64;
    let mut by_replication = Moments::default();
    for row in cells {
        by_replication.push(mean(row, to) - mean(row, from));
    }
    let (mut of_points, mut twice) = (0.0, 0.0);
    for points in [from, to] {
        let of_point = |point: usize| cells.iter().map(|row| row[point]).sum::<f64>() / replications;
        let means: Vec<f64> = points.iter().map(|&point| of_point(point)).collect();
        let mut moments = Moments::default();
        for mean in &means {
            moments.push(*mean);
        }
        let n = points.len() as f64;
        of_points += moments.variance().unwrap_or(0.0) / n;
        let all = means.iter().sum::<f64>() / n;
        let mut squares = 0.0;
        for row in cells {
            let own = mean(row, points);
            squares += points
                .iter()
                .zip(&means)
                .map(|(&point, mean)| row[point] - mean - own + all)
                .map(|e| e * e)
                .sum::<f64>();
        }
        let free = (n - 1.0) * (replications - 1.0);
        twice += if free > 0.0 { squares / free / (n * replications) } else { 0.0 };
    }
    let of_replications = by_replication.variance().unwrap_or(0.0) / replications;
    let mut variance = (of_points + of_replications - twice).max(of_points).max(of_replications);
    let first = cells.first().map_or(0.0, |row| row[from[0]]);
    if cells.iter().all(|row| from.iter().chain(to).all(|&point| row[point] == first)) {
        // Always or never so far is not for certain: one more case of each kind (Agresti and Caffo 2000).
        let added = |points: &[usize]| {
            let n = points.len() as f64 * replications + 2.0;
            (1.0 - 1.0 / n) / (n * n)
        };
        variance = added(from) + added(to);
    }
    let half = Z_95 * sqrt(variance);
    let value = by_replication.mean().unwrap_or(0.0);
    Difference { value, low: value - half, high: value + half }
}

/// A group in words.
fn words(factor: &Factor, group: &Group) -> String {
    if group.low >= group.high {
        plain(&level(factor, group.low))
    } else {
        format!("{} to {}", rounded(group.low), rounded(group.high))
    }
}

/// Three digits that count.
fn rounded(value: f64) -> String {
    number(format!("{value:.2e}").parse().unwrap_or(value))
}

/// How far a factor moves what is asked: the group that differs most from the first.
fn widest(sampled: &Sampled, asked: Asked, groups: &[Group]) -> Option<(usize, Difference)> {
    let all = (1..groups.len()).map(|at| (at, sampled.difference(asked, &groups[0], &groups[at])));
    all.max_by(|a, b| a.1.value.abs().total_cmp(&b.1.value.abs()))
}

/// Factors in the order of how far they move anything that is asked, each with its groups.
fn ranked(sweep: &Sweep<'_>, sampled: &Sampled) -> Vec<(usize, Vec<Group>)> {
    let mut found: Vec<(f64, usize, Vec<Group>)> = Vec::new();
    for (at, factor) in sweep.factors().iter().enumerate() {
        let groups = sampled.groups(at, factor, MOST_GROUPS);
        let far = Asked::ALL.map(|asked| widest(sampled, asked, &groups).map_or(0.0, |(_, found)| found.value.abs()));
        if groups.len() > 1 {
            found.push((far[0].max(far[1]), at, groups));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, at, groups)| (at, groups)).collect()
}

/// The curves of the factors that move most.
pub(super) fn responses(sweep: &Sweep<'_>, most: usize) -> Vec<Part> {
    let Some(sampled) = &sweep.sampled else { return Vec::new() };
    ranked(sweep, sampled).into_iter().take(most).map(|(at, groups)| response(sweep, sampled, at, &groups)).collect()
}

fn response(sweep: &Sweep<'_>, sampled: &Sampled, at: usize, groups: &[Group]) -> Part {
    let factor = &sweep.factors()[at];
    let mut table = Grid::new(&["group", "points", "of", "share", "difference", "low", "high"]);
    let (mut drawn, mut steps, mut moved) = (Vec::new(), Vec::new(), Vec::new());
    for asked in Asked::ALL {
        let what = if asked == Asked::War { "renewed war" } else { "settlement" };
        let mut line = Line { name: what.to_owned(), points: Vec::new() };
        for (place, group) in groups.iter().enumerate() {
            let found = sampled.difference(asked, &groups[0], group);
            let Difference { value, low, high } =
                if place == 0 { Difference { value: 0.0, low: 0.0, high: 0.0 } } else { found };
            line.points.push((group.middle, value, Some((low, high))));
            if place > 0 {
                let label = format!("{what}, {}", words(factor, group));
                steps.push(Bar { label, value, ends: Some((low, high)), text: told(value) });
            }
            let mut row = vec![
                Cell::text(words(factor, group)),
                Cell::count(group.points.len() as u64),
                Cell::text(asked.words()),
            ];
            row.extend([sampled.share(asked, &group.points), value, low, high].map(|x| Cell::number(x, 3)));
            table.push(row);
        }
        if let Some((place, found)) = widest(sampled, asked, groups).filter(|(_, found)| found.value != 0.0) {
            let clear = if found.is_clear() { "clear of zero" } else { "not clear of zero" };
            moved.push(format!(
                "{} {} at {} ({clear})",
                asked.words(),
                told(found.value),
                words(factor, &groups[place])
            ));
        }
        drawn.push(line);
    }
    let moved = if moved.is_empty() {
        "nothing changes in either".to_owned()
    } else {
        format!("most changed: {}", moved.join("; "))
    };
    let axes = Axes { x: "value", y: "difference in share of histories", scale: Scale::Share, domain: None };
    let spec = if factor.names().is_none() {
        lines(&drawn, &axes, Shape::Straight)
    } else {
        bars(&steps, "difference in share of histories", Scale::Share)
    };
    Figure {
        id: format!("sampled-{at}"),
        title: format!("{}: how each part of its range differs from {}", name(factor), words(factor, &groups[0])),
        sentence: format!("Against the points with {}, {moved}.", words(factor, &groups[0])),
        reading: format!(
            "{} sampled points, sorted by this factor into {} groups; each stands at its mean value. No two points differ in this \
             factor alone: the others are averaged over the values that they have in a group, which may differ between groups by \
             chance. The 95 % intervals count that, and the noise of the replications that all points share.",
            sampled.values.len(),
            groups.len()
        ),
        spec,
        table,
    }
    .into()
}

/// From the first group of each factor to the last, largest first.
pub(super) fn tornado(sweep: &Sweep<'_>, asked: Asked, most: usize) -> Option<Part> {
    let sampled = sweep.sampled.as_ref()?;
    let mut found: Vec<(String, Difference)> = Vec::new();
    for (at, factor) in sweep.factors().iter().enumerate() {
        let groups = sampled.groups(at, factor, MOST_GROUPS);
        for group in groups.iter().skip(if factor.names().is_some() { 1 } else { groups.len() - 1 }) {
            let label = format!("{} {} against {}", name(factor), words(factor, group), words(factor, &groups[0]));
            found.push((label, sampled.difference(asked, &groups[0], group)));
        }
    }
    found.sort_by(|a, b| b.1.value.abs().total_cmp(&a.1.value.abs()));
    let first = found.first().filter(|(_, found)| found.value != 0.0)?;
    let clear = found.iter().filter(|(_, found)| found.is_clear()).count();
    let mut table = Grid::new(&["change", "difference", "low", "high"]);
    let mut drawn = Vec::new();
    for (at, (label, found)) in found.iter().enumerate() {
        let (value, ends) = (found.value, Some((found.low, found.high)));
        if at < most {
            drawn.push(Bar { label: label.clone(), value, ends, text: told(value) });
        }
        let numbers = [value, found.low, found.high].map(|x| Cell::number(x, 3));
        table.push([vec![Cell::text(label)], numbers.into()].concat());
    }
    Some(
        Figure {
            id: format!("tornado-{}", asked.response().replace('_', "-")),
            title: format!("From one end of each factor to the other: changes in {}", asked.words()),
            sentence: format!(
                "The largest is that of {}: {} of all histories; {clear} of {} changes are clear of zero.",
                first.0,
                told(first.1.value),
                found.len()
            ),
            reading: "Points with the highest values of a factor (of named levels, each level) against those with the lowest (the \
                      first level), the other factors averaged over the values that they have there; 95 % intervals over points and \
                      replications."
                .to_owned(),
            spec: bars(&drawn, "difference in share of histories", Scale::Share),
            table,
        }
        .into(),
    )
}

/// The change of one factor after which renewed war is least frequent.
pub(super) fn least_war(sweep: &Sweep<'_>) -> Option<String> {
    let sampled = sweep.sampled.as_ref()?;
    let mut best: Option<(Difference, String)> = None;
    for (at, factor) in sweep.factors().iter().enumerate() {
        let groups = sampled.groups(at, factor, MOST_GROUPS);
        let share = |group: &Group| sampled.share(Asked::War, &group.points);
        let least = groups.iter().min_by(|a, b| share(a).total_cmp(&share(b)))?;
        let most = groups.iter().max_by(|a, b| share(a).total_cmp(&share(b)))?;
        let found = sampled.difference(Asked::War, most, least);
        if best.as_ref().is_none_or(|(other, _)| found.value < other.value) {
            best = Some((
                found,
                format!("{} at {} rather than {}", name(factor), words(factor, least), words(factor, most)),
            ));
        }
    }
    let (found, words) = best.filter(|(found, _)| found.value < 0.0)?;
    let doubt = if found.is_clear() { "" } else { "; the interval of the difference includes zero" };
    Some(format!(
        "{words}: renewed war is less frequent by {} of all histories{doubt}. It is the widest of {} factors, and so partly luck.",
        told(-found.value).trim_start_matches('+'),
        sweep.factors().len()
    ))
}

/// Groups of a factor on a map.
const ON_A_MAP: usize = 4;

/// The two factors that move most, against each other.
pub(super) fn maps(sweep: &Sweep<'_>) -> Vec<Part> {
    let Some(sampled) = &sweep.sampled else { return Vec::new() };
    let ranked = ranked(sweep, sampled);
    let [(a, _), (b, _), ..] = ranked.as_slice() else { return Vec::new() };
    Asked::ALL.into_iter().filter_map(|asked| map(sweep, sampled, ((*a).min(*b), (*a).max(*b)), asked)).collect()
}

fn map(sweep: &Sweep<'_>, sampled: &Sampled, (a, b): (usize, usize), asked: Asked) -> Option<Part> {
    let factors = [a, b].map(|at| &sweep.factors()[at]);
    let [rows, columns] = [a, b].map(|at| sampled.groups(at, &sweep.factors()[at], ON_A_MAP));
    let mut table = Grid { columns: factors.map(name).into(), rows: Vec::new() };
    table.columns.extend(["points", "share"].map(str::to_owned));
    let (mut tiles, mut found) = (Vec::new(), Vec::new());
    for row in &rows {
        for column in &columns {
            let both: Vec<usize> = row.points.iter().copied().filter(|point| column.points.contains(point)).collect();
            let (left, top) = (words(factors[0], row), words(factors[1], column));
            let share = (!both.is_empty()).then(|| sampled.share(asked, &both));
            let text =
                share.map_or_else(|| "no point".to_owned(), |share| format!("{} ({})", percent(share), both.len()));
            table.push(vec![
                Cell::text(&left),
                Cell::text(&top),
                Cell::count(both.len() as u64),
                Cell::number(share, 3),
            ]);
            found.extend(
                share.map(|share| (share, format!("{} {left} and {} {top}", name(factors[0]), name(factors[1])))),
            );
            tiles.push(Tile { row: left, column: top, value: share, text });
        }
    }
    let least = found.iter().min_by(|p, q| p.0.total_cmp(&q.0))?;
    let most = found.iter().max_by(|p, q| p.0.total_cmp(&q.0))?;
    let (row_title, column_title) = (name(factors[0]), name(factors[1]));
    let value = format!("share of histories with {}", asked.words());
    let sides = Sides { rows: &row_title, columns: &column_title, value: &value, scale: Scale::Share };
    Some(
        Figure {
            id: format!("map-{a}-{b}-{}", asked.response().replace('_', "-")),
            title: format!("{}, by {row_title} and {column_title}", crate::report::html::words::sentence(asked.words())),
            sentence: format!(
                "Least often with {} ({}), most often with {} ({}).",
                least.1,
                percent(least.0),
                most.1,
                percent(most.0)
            ),
            reading: "The two factors that move results most, each in groups of equally many points; in brackets the points of a \
                      cell, over which the other factors are averaged. Cells of few points say little."
                .to_owned(),
            spec: heat(&tiles, &sides),
            table,
        }
        .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_points_share_does_not_widen_a_difference_and_what_differs_between_points_does() {
        // Two replications, of which the second adds 1 everywhere; two points a group, alike within it: no doubt is left.
        let alike = vec![vec![0.0, 0.0, 1.0, 1.0], vec![1.0, 1.0, 2.0, 2.0]];
        let found = difference(&alike, &[0, 1], &[2, 3]);
        assert_eq!((found.value, found.low, found.high), (1.0, 1.0, 1.0));
        assert!(found.is_clear());
        // Means of points are 0 and 2, then 1 and 3: variance 2 in each group of two, 1 + 1 of the difference; the
        // replications agree and the single jobs are fully explained. 1.959964 times the root of 2 is 2.771808.
        let apart = vec![vec![0.0, 2.0, 1.0, 3.0], vec![0.0, 2.0, 1.0, 3.0]];
        let found = difference(&apart, &[0, 1], &[2, 3]);
        assert!((found.high - 1.0 - 2.771_808).abs() < 1e-5 && !found.is_clear(), "{found:?}");
    }

    #[test]
    fn noise_of_single_jobs_is_counted_once() {
        // The second group has 1, 0 in one replication and 1, 1 in the other. Means of its points 1 and .5: variance .125, halved.
        // Differences of the replications .5 and 1: the same. Freed of both means the jobs are .25 from nothing each: .25 in
        // squares, over four jobs. So .0625 + .0625 - .0625, whose root is .25; times 1.959964: .489991.
        let found = difference(&[vec![0.0, 0.0, 1.0, 0.0], vec![0.0, 0.0, 1.0, 1.0]], &[0, 1], &[2, 3]);
        assert!((found.value - 0.75).abs() < 1e-12 && (found.high - 0.75 - 0.489_991).abs() < 1e-5, "{found:?}");
    }

    #[test]
    fn what_never_happened_is_not_certain_never_to_happen() {
        // Four jobs a group: 1/6 of 5/6 over 6, twice; root .215166; times 1.959964: .421717.
        let found = difference(&[vec![0.0; 4], vec![0.0; 4]], &[0, 1], &[2, 3]);
        assert!(found.value == 0.0 && (found.high - 0.421_717).abs() < 1e-5, "{found:?}");
    }

    #[test]
    fn numbers_are_told_in_three_digits() {
        assert_eq!(
            [0.123_456, 12.345, 1234.5, 0.5, 0.0, -0.003_333].map(rounded),
            ["0.123", "12.3", "1230", "0.5", "0", "-0.00333"]
        );
    }
}
