//! Why there was no agreement: who said no, how, and what weighed in the answer.

use super::Run;
use crate::design::wilson;
use crate::engine::observer::ANSWER_PARTS;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Bar, Piece, Scale, Sides, Tile, bars, heat, stacks};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{list, percent, percents, plain};
use crate::sink::column_name;

pub(super) fn section(run: Run<'_>) -> Section {
    let parts = [refusals(run), blockers(run), answers(run), bodies(run)].into_iter().flatten().collect();
    Section { id: "refusals", title: "Who says no, and why", parts }
}

/// Reasons in the words of the files, and in the words of the page.
const REASONS: [(&str, &str); 4] = [
    ("answer", "refused an offer"),
    ("consent", "would not do its part"),
    ("vote", "lost a vote at home"),
    ("stall", "its yes alone was missing"),
];
/// Most actors and bodies that are drawn.
const MOST: usize = 12;

/// Who said no how often, by reason, per history; most first.
fn counts(run: Run<'_>) -> Vec<(String, [f64; REASONS.len()])> {
    let model = run.model();
    let ids = model.actors.iter().map(|actor| &actor.id).chain(model.bodies.iter().map(|body| &body.id));
    let mut found: Vec<(String, [f64; REASONS.len()])> = ids
        .map(|id| {
            let quantity = column_name(&format!("refusals_{id}"));
            let each = REASONS.map(|(reason, _)| {
                let row = run.sums.exact(&quantity, reason, "n");
                row.map_or(0.0, |row| row.value.unwrap_or(0.0) / (row.n.max(1) as f64))
            });
            (id.clone(), each)
        })
        .filter(|(_, each)| each.iter().sum::<f64>() > 0.0)
        .collect();
    found.sort_by(|a, b| b.1.iter().sum::<f64>().total_cmp(&a.1.iter().sum::<f64>()));
    found
}

/// Who says no most often, how often, and mostly how.
pub(super) fn headline(run: Run<'_>) -> Option<String> {
    let found = counts(run);
    let told: Vec<String> = found
        .iter()
        .take(3)
        .map(|(id, each)| {
            let total: f64 = each.iter().sum();
            let at = (0..each.len()).max_by(|a, b| each[*a].total_cmp(&each[*b])).unwrap_or(0);
            format!(
                "{} {total:.1} times a history (mostly: {}, {})",
                plain(id),
                REASONS[at].1,
                percent(each[at] / total)
            )
        })
        .collect();
    (!told.is_empty()).then(|| format!("Those who say no most often are {}.", list(&told)))
}

fn refusals(run: Run<'_>) -> Option<Part> {
    let sentence = headline(run)?;
    let mut pieces = Vec::new();
    for (id, each) in counts(run).into_iter().take(MOST) {
        for ((_, reason), value) in REASONS.iter().zip(each) {
            let text = if value >= 0.3 { format!("{value:.1}") } else { String::new() };
            pieces.push(Piece { row: plain(&id), kind: (*reason).to_owned(), value, text });
        }
    }
    let mut table = Grid::new(&["who", "why", "times_a_history"]);
    for (id, each) in counts(run) {
        for ((_, reason), value) in REASONS.iter().zip(each).filter(|(_, value)| *value > 0.0) {
            table.push(vec![Cell::text(plain(&id)), Cell::text(*reason), Cell::number(value, 3)]);
        }
    }
    Some(
        Figure {
            id: "who-refused".to_owned(),
            title: "Missing yeses, by who and why, per history".to_owned(),
            sentence,
            reading: "Refused: voted down at the table. Would not do its part: a deliverer withheld what the package needs of it. \
                      Lost a vote: the package was signed and failed at home. Its yes alone was missing: nobody proposed a \
                      package because that actor alone would have refused all of them."
                .to_owned(),
            spec: stacks(&pieces, "times per history", Scale::Number),
            table,
        }
        .into(),
    )
}

fn blockers(run: Run<'_>) -> Option<Part> {
    let histories = run.histories();
    let mut counts: Vec<(&str, u64)> = Vec::new();
    for blocker in run.dossier.outcomes.words("blocker").filter(|word| !word.is_empty()) {
        match counts.iter_mut().find(|(id, _)| *id == blocker) {
            Some((_, count)) => *count += 1,
            None => counts.push((blocker, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let (first, times) = *counts.first()?;
    let any: u64 = counts.iter().map(|(_, count)| count).sum();
    let ends = wilson(times, histories);
    let mut table = Grid::new(&["blocker", "histories", "share", "low", "high"]);
    let mut drawn = Vec::new();
    for (id, count) in &counts {
        let (share, ends) = (*count as f64 / histories as f64, wilson(*count, histories));
        drawn.push(Bar { label: plain(id), value: share, ends: Some((ends.low, ends.high)), text: percent(share) });
        let mut row = vec![Cell::text(*id), Cell::count(*count)];
        row.extend([share, ends.low, ends.high].map(|x| Cell::number(x, 3)));
        table.push(row);
    }
    Some(
        Figure {
            id: "blockers".to_owned(),
            title: "Histories by the most frequent single blocker".to_owned(),
            sentence: format!(
                "In {} of histories somebody's yes alone is missing at least once; most often it is that of {first}: the most \
                 frequent single blocker in {} ({}).",
                percent(any as f64 / histories as f64),
                percent(times as f64 / histories as f64),
                percents(ends.low, ends.high)
            ),
            reading: "A single blocker: for the best package on the table, every yes but one could be had.".to_owned(),
            spec: bars(&drawn, "share of histories", Scale::Share),
            table,
        }
        .into(),
    )
}

/// What weighed in refusals, part by part.
fn answers(run: Run<'_>) -> Option<Part> {
    let title = "What weighed in refused offers".to_owned();
    let Some(moves) = &run.dossier.moves else {
        let why =
            "Answers are decomposed move by move, in a table that this run did not write. This command writes it:"
                .to_owned();
        return Some(Part::Absent { title, why, command: run.heading.traced.clone() });
    };
    let mut tiles = Vec::new();
    let mut table = Grid::new(&["actor", "offers_refused", "offers_accepted", "part", "mean_in_refusals"]);
    let mut heaviest: Option<(&str, &str, f64, u64)> = None;
    for (actor, answers) in moves.answers.iter().filter(|(_, answers)| answers.no > 0) {
        for (part, sum) in ANSWER_PARTS.iter().zip(answers.parts) {
            let mean = sum / answers.no as f64;
            let text = if mean.abs() < 0.000_5 { "0".to_owned() } else { format!("{mean:+.3}") };
            tiles.push(Tile { row: format!("{actor} ({})", answers.no), column: plain(part), value: Some(mean), text });
            let counts = [answers.no, answers.yes].map(Cell::count);
            let [no, yes] = counts;
            table.push(vec![Cell::text(actor), no, yes, Cell::text(plain(part)), Cell::number(mean, 4)]);
        }
        let parts = ANSWER_PARTS.iter().zip(answers.parts);
        if let Some((part, sum)) = parts.min_by(|a, b| a.1.total_cmp(&b.1))
            && heaviest.is_none_or(|(_, _, _, no)| answers.no > no)
        {
            heaviest = Some((actor, part, sum / answers.no as f64, answers.no));
        }
    }
    let (actor, part, mean, no) = heaviest?;
    let sides = Sides {
        rows: "who (refusals)",
        columns: "",
        value: "mean part of the margin, points a step",
        scale: Scale::Number,
    };
    Some(
        Figure {
            id: "refused-parts".to_owned(),
            title,
            sentence: format!(
                "In the {no} refusals of {actor}, who refuses most, “{}” weighs most against the offer: {mean:+.3} points a step \
                 on average.",
                plain(part)
            ),
            reading: "The parts of a row add up to the margin of the answer: the value of the offer less what waiting or going \
                      without is worth. Below zero speaks against the offer."
                .to_owned(),
            spec: heat(&tiles, &sides),
            table,
        }
        .into(),
    )
}

/// Consents withheld and votes lost, by what was refused.
fn bodies(run: Run<'_>) -> Option<Part> {
    let moves = run.dossier.moves.as_ref()?;
    let mut rows: Vec<(&(String, String, String), &u64)> = moves.refusals.iter().collect();
    rows.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let (first, times) = rows.first()?;
    let sentence =
        format!("The part withheld or vote lost most often is “{}” of {}, {times} times.", plain(&first.2), first.1);
    let mut table = Grid::new(&["kind", "who", "what", "times"]);
    for ((kind, who, what), times) in rows {
        let kind = if kind == "vote" { "vote lost" } else { "part withheld" };
        table.push(vec![Cell::text(kind), Cell::text(who), Cell::text(plain(what)), Cell::count(*times)]);
    }
    Some(Part::Table { id: "withheld".to_owned(), title: "Parts withheld and votes lost".to_owned(), sentence, table })
}
