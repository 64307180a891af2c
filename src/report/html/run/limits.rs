//! What the model cannot say.

use super::Run;
use crate::model::Issue;
use crate::report::describe::{ParameterKind, parameters};
use crate::report::grid::{Cell, Grid};
use crate::report::html::figure::{Part, Section};
use crate::report::html::words::{counted, percent};

pub(in crate::report::html) fn section(run: Run<'_>) -> Section {
    Section {
        id: "limits",
        title: "What this cannot say",
        parts: [
            vec![Part::Points(points(run))],
            numbers(run).into_iter().collect(),
            sources(run).into_iter().collect(),
        ]
        .concat(),
    }
}

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Sourced,
    Assumed,
    Silent,
}

/// Numbers of the model by origin: sourced, assumed by its authors, without a word on it; how many in all are drawn.
struct Numbers {
    rows: [(Origin, u64, u64); 3],
    all: u64,
    drawn: u64,
}

fn count(run: Run<'_>) -> Numbers {
    let mut rows = [(Origin::Sourced, 0, 0), (Origin::Assumed, 0, 0), (Origin::Silent, 0, 0)];
    let (mut all, mut drawn) = (0, 0);
    for parameter in parameters(run.model(), &run.dossier.run.loaded.tree) {
        if parameter.kind == ParameterKind::Expression {
            continue;
        }
        let origin = match parameter.source.as_str() {
            "" => Origin::Silent,
            source if source.starts_with("assumption") => Origin::Assumed,
            _ => Origin::Sourced,
        };
        let is_drawn = u64::from(parameter.kind == ParameterKind::Distribution);
        all += 1;
        drawn += is_drawn;
        for (own, n, of_these) in &mut rows {
            if *own == origin {
                *n += 1;
                *of_these += is_drawn;
            }
        }
    }
    Numbers { rows, all, drawn }
}

/// One sentence on what the numbers rest on.
pub(in crate::report::html) fn headline(run: Run<'_>) -> String {
    let numbers = count(run);
    let [(_, sourced, _), (_, assumed, _), (_, silent, _)] = numbers.rows;
    format!(
        "Of {} that are not computed from others, {sourced} cite a source, {assumed} are assumptions of the model's authors and \
         {silent} name no source; {} are drawn anew in each history.",
        counted(numbers.all, "number", "numbers"),
        numbers.drawn
    )
}

/// What the model leaves out, and what its numbers rest on.
pub(in crate::report::html) fn in_short(run: Run<'_>) -> String {
    let (model, clock) = (run.model(), &run.model().clock);
    let months = |steps: usize| steps as f64 * clock.months_per_step;
    format!(
        "How likely anything is in the world. It knows {}, {} and {}, {} months of talks and {} after a settlement: what lies \
         outside of these cannot happen here. {}",
        counted(model.actors.len() as u64, "actor", "actors"),
        counted(model.issues.len() as u64, "issue", "issues"),
        counted(model.levers.len() as u64, "lever", "levers"),
        months(clock.horizon_steps),
        months(clock.aftermath_steps),
        headline(run)
    )
}

fn points(run: Run<'_>) -> Vec<String> {
    let model = run.model();
    let clock = &model.clock;
    let months = |steps: usize| steps as f64 * clock.months_per_step;
    let mut points = vec![
        "It is no forecast. A share of simulated histories is not the probability of an event in the world: it says what these \
         assumptions imply together."
            .to_owned(),
        headline(run),
    ];
    if !run.dossier.is_sweep() {
        points.push(
            "The sampling interval covers the luck of the draw only. It does not cover whether the assumptions are right: a sweep \
             over them, and over the readings of different authors, does."
                .to_owned(),
        );
    }
    points.push(format!(
        "Talks end after {} months and what follows a settlement after {} more: nothing later counts.",
        months(clock.horizon_steps),
        months(clock.aftermath_steps)
    ));
    let names = |issues: &[Issue]| issues.iter().map(|issue| issue.id.replace('_', " ")).collect::<Vec<_>>().join(", ");
    points.push(format!(
        "{} decide ({}); whoever is not listed does nothing, and none of them is a person with a temper of its own.",
        counted(model.actors.len() as u64, "actor", "actors"),
        model.actors.iter().map(|actor| actor.id.as_str()).collect::<Vec<_>>().join(", ")
    ));
    points.push(format!(
        "Only {} can be settled ({}), in {} packages; a term that is not among them cannot be found.",
        counted(model.issues.len() as u64, "issue", "issues"),
        names(&model.issues),
        model.packages.n_candidates
    ));
    points.push(format!(
        "{} are told apart, and a history is counted under the first that fits; other boundaries give other shares.",
        counted(model.outcomes.len() as u64, "ending", "endings")
    ));
    let misjudged = run.sums.one("signed_by_misjudgement", "share");
    if let Some(row) = misjudged.filter(|row| row.n > 0 && !run.dossier.is_sweep()) {
        points.push(format!(
            "Actors err by design: {} of settlements would not have been signed without a misjudgement.",
            percent(row.value.unwrap_or(0.0))
        ));
    }
    points
}

fn numbers(run: Run<'_>) -> Option<Part> {
    let numbers = count(run);
    if numbers.all == 0 {
        return None;
    }
    let mut table = Grid::new(&["where_the_number_comes_from", "numbers", "of_these_drawn"]);
    for (origin, n, drawn) in numbers.rows {
        let words = match origin {
            Origin::Sourced => "a document or public figure",
            Origin::Assumed => "an assumption of the authors: sweep it",
            Origin::Silent => "not said",
        };
        table.push(vec![Cell::text(words), Cell::count(n), Cell::count(drawn)]);
    }
    let sentence = headline(run);
    Some(Part::Table { id: "numbers".to_owned(), title: "Assumed and sourced numbers".to_owned(), sentence, table })
}

fn sources(run: Run<'_>) -> Option<Part> {
    let sources = &run.model().spec.sources;
    let mut table = Grid::new(&["source", "title", "author", "date", "confidence"]);
    for (id, source) in sources {
        table.push(vec![
            Cell::text(&id.text),
            Cell::text(&source.title.text),
            Cell::text(source.author.as_ref().map_or("", |author| author.text.as_str())),
            Cell::text(source.date.map(|date| date.to_string()).unwrap_or_default()),
            Cell::text(source.confidence.as_ref().map_or("", |word| word.text.as_str())),
        ]);
    }
    let sentence = format!("The model names {}.", counted(sources.len() as u64, "source", "sources"));
    (!table.rows.is_empty()).then(|| Part::Table {
        id: "sources".to_owned(),
        title: "Sources".to_owned(),
        sentence,
        table,
    })
}
