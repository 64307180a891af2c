//! The parts of a summary as tables, from the rows of `summary.csv`.

use crate::measure::positions::baselines;
use crate::model::{Lever, Model, Party};
use crate::report::grid::{Cell, Grid};
use crate::sink::{PathKind, SURVIVAL_MONTHS, SummaryRow, column_name};

/// Refusals that are told, most frequent first.
const MOST_REFUSALS: usize = 12;
/// Options of a numeric issue that are told, most frequent first.
const MOST_OPTIONS: usize = 8;

/// One part: a title, a table, and what a reader must know about it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Section {
    /// Key in JSON.
    pub(super) key: &'static str,
    pub(super) title: String,
    pub(super) grid: Grid,
}

/// All parts that say something.
pub(super) fn sections(model: &Model, rows: &[SummaryRow]) -> Vec<Section> {
    let rows = Rows { rows };
    let all = [
        outcomes(model, &rows),
        paths(&rows),
        months(&rows),
        terms(model, &rows),
        peace(&rows),
        refusals(model, &rows),
        dominance(model, &rows),
        calibration(&rows),
        noise(&rows),
        rivals(model, &rows),
    ];
    all.into_iter().filter(|section| !section.grid.rows.is_empty()).collect()
}

/// The table of one part; empty if the rows say nothing of it.
pub(in crate::report) fn part(model: &Model, rows: &[SummaryRow], key: &str) -> Grid {
    sections(model, rows).into_iter().find(|section| section.key == key).map(|section| section.grid).unwrap_or_default()
}

/// The summary rows, to be searched.
struct Rows<'a> {
    rows: &'a [SummaryRow],
}

impl<'a> Rows<'a> {
    fn of<'q>(&self, quantity: &'q str, statistic: &'q str) -> impl Iterator<Item = &'a SummaryRow> + use<'a, 'q> {
        self.rows.iter().filter(move |row| row.quantity == quantity && row.statistic == statistic)
    }

    fn one(&self, quantity: &str, statistic: &str) -> Option<&'a SummaryRow> {
        self.of(quantity, statistic).next()
    }
}

/// `0.412–0.473`
fn interval(row: &SummaryRow, decimals: usize) -> Cell {
    match (row.low, row.high) {
        (Some(low), Some(high)) => Cell::text(format!("{low:.decimals$}–{high:.decimals$}")),
        _ => Cell::Missing,
    }
}

fn outcomes(model: &Model, rows: &Rows<'_>) -> Section {
    let shared = rows.one("outcome", "assumptions").is_some();
    let columns: &[&str] = if shared {
        &["outcome", "share", "sampling_interval", "assumptions_interval", "meaning"]
    } else {
        &["outcome", "share", "sampling_interval", "meaning"]
    };
    let mut grid = Grid::new(columns);
    for row in rows.of("outcome", "share") {
        let notes = model.spec.outcomes.iter().find(|outcome| outcome.id.text == row.category).map(|o| &o.notes);
        let about = notes.and_then(|notes| notes.about.as_ref()).map_or("", |about| about.text.as_str());
        let mut cells = vec![Cell::text(&row.category), Cell::number(row.value, 3), interval(row, 3)];
        let over = rows.of("outcome", "assumptions").find(|other| other.category == row.category);
        cells.extend(over.map(|over| interval(over, 3)));
        cells.push(Cell::text(about));
        grid.push(cells);
    }
    Section { key: "outcomes", title: "How it ended".to_owned(), grid }
}

/// What was signed on the way, where more than a settlement may be.
fn paths(rows: &Rows<'_>) -> Section {
    let mut grid = Grid::new(&["path", "share", "sampling_interval", "meaning"]);
    for row in rows.of("path", "share") {
        let kind = PathKind::ALL.iter().find(|kind| kind.word() == row.category);
        let meaning = kind.map_or("", |kind| kind.meaning());
        grid.push(vec![Cell::text(&row.category), Cell::number(row.value, 3), interval(row, 3), Cell::text(meaning)]);
    }
    Section { key: "paths", title: "Which way it went".to_owned(), grid }
}

/// What was expected beside what happened.
const PAIRS: [(&str, &str, &str); 2] = [
    ("first offer accepted by all", "first_offer_forecast", "first_offer_accepted"),
    ("attack within 60 months of a settlement", "attack_prob_60m", "renewed_war_60m"),
];

fn calibration(rows: &Rows<'_>) -> Section {
    let columns = ["event", "cases", "forecast", "its_standard_error", "realised", "standard_error"];
    let mut grid = Grid::new(&columns);
    for (event, forecast, realised) in PAIRS {
        let (Some(expected), Some(happened)) = (rows.one(forecast, "mean"), rows.one(realised, "share")) else {
            continue;
        };
        if expected.n == 0 {
            continue;
        }
        let error = |quantity: &str| Cell::number(rows.one(quantity, "standard_error").and_then(|row| row.value), 3);
        grid.push(vec![
            Cell::text(event),
            Cell::count(expected.n),
            Cell::number(expected.value, 3),
            error(forecast),
            Cell::number(happened.value, 3),
            error(realised),
        ]);
    }
    Section { key: "calibration", title: "What was expected, and what happened".to_owned(), grid }
}

fn noise(rows: &Rows<'_>) -> Section {
    let mut grid = Grid::new(&["replications", "outcome_changes", "sampling_interval"]);
    if let Some(row) = rows.one("noise", "share") {
        grid.push(vec![Cell::count(row.n), Cell::number(row.value, 3), interval(row, 3)]);
    }
    let title = "Noise: the same draws without misjudgement and with the best choice each time".to_owned();
    Section { key: "noise", title, grid }
}

fn months(rows: &Rows<'_>) -> Section {
    let mut grid = Grid::new(&["agreements", "share", "sampling_interval", "mean", "p05", "p25", "p50", "p75", "p95"]);
    if let (Some(share), Some(mean)) = (rows.one("agreement", "share"), rows.one("agreement_month", "mean")) {
        let mut row =
            vec![Cell::count(mean.n), Cell::number(share.value, 3), interval(share, 3), Cell::number(mean.value, 1)];
        row.extend(
            ["p05", "p25", "p50", "p75", "p95"]
                .map(|quantile| Cell::number(rows.one("agreement_month", quantile).and_then(|row| row.value), 1)),
        );
        grid.push(row);
    }
    Section { key: "agreement", title: "Months to agreement".to_owned(), grid }
}

fn terms(model: &Model, rows: &Rows<'_>) -> Section {
    let mut grid = Grid::new(&["issue", "option", "share", "sampling_interval"]);
    for issue in &model.issues {
        let quantity = column_name(&format!("term_{}", issue.id));
        let mut options: Vec<&SummaryRow> =
            rows.of(&quantity, "share").filter(|row| row.value.is_some_and(|share| share > 0.0)).collect();
        if issue.numeric {
            options.sort_by(|a, b| b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)));
            options.truncate(MOST_OPTIONS);
        }
        for (at, row) in options.iter().enumerate() {
            let issue = if at == 0 { Cell::text(&issue.id) } else { Cell::text("") };
            grid.push(vec![issue, Cell::text(&row.category), Cell::number(row.value, 3), interval(row, 3)]);
        }
    }
    Section { key: "terms", title: "Terms signed (options that were signed at all)".to_owned(), grid }
}

fn peace(rows: &Rows<'_>) -> Section {
    let mut grid = Grid::new(&["within_months", "renewed_war", "sampling_interval"]);
    for month in SURVIVAL_MONTHS {
        let category = month.to_string();
        let Some(row) = rows.of("peace", "survival").find(|row| row.category == category) else { continue };
        let Some(kept) = row.value else { continue };
        let ends = row.low.zip(row.high).map(|(low, high)| format!("{:.3}–{:.3}", 1.0 - high, 1.0 - low));
        grid.push(vec![Cell::count(month as u64), Cell::number(1.0 - kept, 3), ends.map_or(Cell::Missing, Cell::Text)]);
    }
    Section { key: "renewed_war", title: "Chance of renewed war after an agreement".to_owned(), grid }
}

/// A reason for which a yes was missing, in words.
fn reason(word: &str) -> &str {
    match word {
        "answer" => "refused an offer",
        "consent" => "would not do its part",
        "vote" => "lost a vote at home",
        "stall" => "its yes alone was missing for an offer",
        other => other,
    }
}

fn refusals(model: &Model, rows: &Rows<'_>) -> Section {
    let names = model.actors.iter().map(|actor| &actor.id).chain(model.bodies.iter().map(|body| &body.id));
    let names: Vec<(String, &String)> = names.map(|id| (column_name(&format!("refusals_{id}")), id)).collect();
    let mut found: Vec<(&str, &SummaryRow)> = rows
        .rows
        .iter()
        .filter(|row| row.statistic == "n" && !row.category.is_empty())
        .filter_map(|row| {
            let (_, id) = names.iter().find(|(quantity, _)| *quantity == row.quantity)?;
            Some((id.as_str(), row))
        })
        .collect();
    found.sort_by(|a, b| b.1.value.unwrap_or(0.0).total_cmp(&a.1.value.unwrap_or(0.0)));
    let mut grid = Grid::new(&["who", "why", "times", "per_replication"]);
    for (id, row) in found.into_iter().take(MOST_REFUSALS) {
        let times = row.value.unwrap_or(0.0);
        let each = (row.n > 0).then(|| times / row.n as f64);
        grid.push(vec![
            Cell::text(id),
            Cell::text(reason(&row.category)),
            Cell::count(times as u64),
            Cell::number(each, 2),
        ]);
    }
    Section { key: "refusals", title: "Who said no, and why".to_owned(), grid }
}

/// Owners with so many levers are looked at for one that outweighs the rest.
const MANY_LEVERS: usize = 5;
/// Share of an owner's moves above which one lever outweighs the rest.
const TOO_MUCH: f64 = 1.0 / 3.0;

/// Levers that make more than a third of their owner's moves; what several own counts for the first of them.
fn dominance(model: &Model, rows: &Rows<'_>) -> Section {
    let uses = |lever: &Lever| {
        let quantity = column_name(&format!("uses_{}", lever.id));
        let mut found = rows.of(&quantity, "n").filter(|row| row.category.is_empty());
        found.next().and_then(|row| row.value).unwrap_or(0.0)
    };
    let mut grid = Grid::new(&["lever", "owner", "share_of_its_moves", "uses"]);
    for lever in &model.levers {
        let own: Vec<&Lever> = model.levers.iter().filter(|other| other.party() == lever.party()).collect();
        let all: f64 = own.iter().map(|lever| uses(lever)).sum();
        let share = uses(lever) / all;
        if own.len() < MANY_LEVERS || all <= 0.0 || share <= TOO_MUCH {
            continue;
        }
        let owner = match lever.party() {
            Party::Actor(actor) => &model.actors[actor.index()].id,
            Party::Body(body) => &model.bodies[body.index()].id,
        };
        let count = Cell::count(uses(lever) as u64);
        grid.push(vec![Cell::text(&lever.id), Cell::text(owner), Cell::number(Some(share), 2), count]);
    }
    let title = "Levers that make more than a third of the moves of an owner who has five or more".to_owned();
    Section { key: "dominance", title, grid }
}

/// The simplest rivals as rows of `summary.csv`: of each `term_<issue>` the position (0 to 1) at which the weighted mean
/// and the weighted median settle it, and as category the option nearest to it.
#[must_use]
pub fn baseline_rows(model: &Model) -> Vec<SummaryRow> {
    let mut rows = Vec::new();
    for baseline in baselines(model) {
        let issue = &model.issues[baseline.issue];
        let rivals = [
            ("weighted_mean", baseline.mean, baseline.mean_option),
            ("weighted_median", baseline.median, baseline.median_option),
        ];
        for (statistic, value, option) in rivals {
            let Some(option) = option else { continue };
            rows.push(SummaryRow {
                point: Some(0),
                quantity: column_name(&format!("term_{}", issue.id)),
                category: issue.options[usize::from(option)].id.clone(),
                statistic: statistic.to_owned(),
                n: 0,
                value,
                low: None,
                high: None,
            });
        }
    }
    rows
}

/// The simplest rivals beside what was signed most often.
fn rivals(model: &Model, rows: &Rows<'_>) -> Section {
    let mut grid =
        Grid::new(&["issue", "weighted_mean", "nearest_to_it", "weighted_median", "nearest", "most_often_signed"]);
    for baseline in baselines(model) {
        let issue = &model.issues[baseline.issue];
        let quantity = column_name(&format!("term_{}", issue.id));
        let mut signed: Option<&SummaryRow> = None;
        for row in rows.of(&quantity, "share").filter(|row| row.value.is_some()) {
            if signed.is_none_or(|best| row.value > best.value) {
                signed = Some(row);
            }
        }
        let option = |option: Option<u16>| {
            option.map_or(Cell::Missing, |option| Cell::text(&issue.options[usize::from(option)].id))
        };
        if baseline.mean.is_some() {
            grid.push(vec![
                Cell::text(&issue.id),
                Cell::number(baseline.mean, 3),
                option(baseline.mean_option),
                Cell::number(baseline.median, 3),
                option(baseline.median_option),
                signed.map_or(Cell::Missing, |row| Cell::text(&row.category)),
            ]);
        }
    }
    let title = "The simplest rivals: positions (0 to 1) weighted by salience and capability".to_owned();
    Section { key: "baselines", title, grid }
}
