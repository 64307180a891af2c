//! A summary to be read, as rows, and for machines.

use serde_json::{Map, Value, json};

use super::Heading;
use super::sections::sections;
use crate::model::Model;
use crate::report::grid::{Cell, Grid, pretty};
use crate::report::page::Page;
use crate::sink::SummaryRow;

/// What no reader may miss.
const NOT_A_FORECAST: &str =
    "Not a forecast: these shares say what the model's assumptions imply, not what will happen.";
/// What the intervals leave out, and the command that tells it.
fn intervals(heading: &Heading) -> String {
    let (command, shared) = (&heading.command, heading.per_draw);
    if shared > 1 {
        return format!(
            "Sampling intervals are 95 % (Wilson) and take replications for independent. Intervals over assumptions hold 90 % of
the draws of the uncertain parameters, of which {shared} replications share each: the share that a draw has by itself,
freed of sampling (beta distribution with the variance between draws)."
        );
    }
    format!(
        "Intervals are 95 % (Wilson) and cover sampling only. There is none over assumptions: a run draws every uncertain
parameter anew in each replication, so their spread is inside the shares themselves. To tell them apart:
{command} --per-draw 10"
    )
}

/// Widest line of a table.
const WIDTH: u16 = 110;

/// Header, parts, and the next command to try.
#[must_use]
pub fn text(heading: &Heading, model: &Model, rows: &[SummaryRow]) -> String {
    let mut page = Page::default();
    header(heading, &mut page);
    for section in sections(model, rows) {
        page.line(format_args!("\n{}", section.title));
        page.add(&section.grid.to_table(Some(WIDTH)));
        if section.key == "outcomes" {
            page.line(format_args!("{}", intervals(heading)));
        }
    }
    page.line(format_args!("\nnext: {}", heading.next));
    page.finish()
}

fn header(heading: &Heading, page: &mut Page) {
    page.line(format_args!("{}: {}", heading.name, heading.title));
    if !heading.scenarios.is_empty() {
        page.line(format_args!("scenario      {}", heading.scenarios.join(" + ")));
    }
    if !heading.sets.is_empty() {
        page.line(format_args!("set           {}", heading.sets.join(" ")));
    }
    let failed = if heading.failed > 0 { format!(", {} failed", heading.failed) } else { String::new() };
    page.line(format_args!("replications  {}{failed}", heading.replications));
    page.line(format_args!("seed          {}", heading.seed));
    page.line(format_args!("model         {}", &heading.hash[..heading.hash.len().min(16)]));
    page.line(format_args!("directory     {}", heading.directory));
    page.line(format_args!("again         {}", heading.command));
    page.line(format_args!("{NOT_A_FORECAST}"));
}

/// The rows of `summary.csv`.
#[must_use]
pub fn csv(rows: &[SummaryRow]) -> String {
    let mut grid = Grid::new(&["quantity", "category", "statistic", "n", "value", "low", "high"]);
    for row in rows {
        grid.push(vec![
            Cell::text(&row.quantity),
            Cell::text(&row.category),
            Cell::text(&row.statistic),
            Cell::count(row.n),
            Cell::number(row.value, 6),
            Cell::number(row.low, 6),
            Cell::number(row.high, 6),
        ]);
    }
    grid.to_csv()
}

/// One document: the heading, who refused, the baselines with their options, and the rows of `summary.csv`.
#[must_use]
pub fn json(heading: &Heading, model: &Model, rows: &[SummaryRow]) -> String {
    let parts: Map<String, Value> = sections(model, rows)
        .into_iter()
        .filter(|section| ["refusals", "dominance", "calibration", "noise", "baselines"].contains(&section.key))
        .map(|section| (section.key.to_owned(), section.grid.to_json()))
        .collect();
    pretty(&json!({
        "model": heading.name,
        "title": heading.title,
        "hash": heading.hash,
        "scenarios": heading.scenarios,
        "set": heading.sets,
        "seed": heading.seed,
        "replications": heading.replications,
        "failed": heading.failed,
        "directory": heading.directory,
        "command": heading.command,
        "note": NOT_A_FORECAST,
        "parts": parts,
        "summary": rows,
    }))
}
