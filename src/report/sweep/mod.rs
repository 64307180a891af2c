//! The printed summary of a sweep, and the estimate of a plan.

mod parts;

use serde_json::{Map, Value, json};

use crate::design::plan::{Plan, Shard};
use crate::design::{Design, Layout};
use crate::model::Model;
use crate::report::grid::{Cell, Grid, pretty};
use crate::report::page::Page;
use crate::sink::SummaryRow;
use crate::spec::experiment::Experiment;

/// Widest line of a table.
const WIDTH: u16 = 110;

/// Which sweep it is.
pub struct Heading<'a> {
    /// The experiment; of a model with `--vary` it has no name.
    pub experiment: &'a Experiment,
    /// The model.
    pub model: &'a Model,
    /// Its points.
    pub design: &'a Design,
    /// Its jobs.
    pub plan: &'a Plan,
    /// The run directory.
    pub directory: String,
    /// Replications that failed.
    pub failed: u64,
    /// Which shard it is.
    pub shard: Option<Shard>,
    /// Whether points draw alone.
    pub independent: bool,
}

/// What no reader may miss.
const NOT_A_FORECAST: &str =
    "Not a forecast: these shares say what the model's assumptions imply, not what will happen.";

/// Header, parts, and the next command to try.
#[must_use]
pub fn text(heading: &Heading<'_>, rows: &[SummaryRow]) -> String {
    let mut page = Page::default();
    header(heading, &mut page);
    if let Some(shard) = heading.shard {
        let Shard { number, of } = shard;
        page.line(format_args!("\nshard {number}/{of} is complete: it has parts and no tables"));
        page.line(format_args!("\nnext: detente merge <directories of all {of} shards> --out DIR"));
        return page.finish();
    }
    for section in parts::sections(heading, rows) {
        page.line(format_args!("\n{}", section.title));
        page.add(&section.grid.to_table(Some(WIDTH)));
        for note in &section.notes {
            page.line(format_args!("{note}"));
        }
    }
    let next = if matches!(heading.design.layout, Layout::Grid) && heading.plan.points > 1 {
        format!("detente compare {} --points 0,{}", heading.directory, heading.plan.points - 1)
    } else {
        format!("detente verify {} --recompute 3", heading.directory)
    };
    page.line(format_args!("\nnext: {next}"));
    page.finish()
}

fn header(heading: &Heading<'_>, page: &mut Page) {
    let Heading { experiment, model, design, plan, .. } = heading;
    let (name, title) = match experiment.name.text.as_str() {
        "" => (model.spec.model.name.text.as_str(), model.spec.model.title.text.as_str()),
        name => (name, experiment.title.text.as_str()),
    };
    page.line(format_args!("{name}: {title}"));
    page.line(format_args!("model         {}", experiment.model.text));
    for factor in &design.factors {
        let values = factor.count().map_or_else(|| "a range".to_owned(), |count| format!("{count} values"));
        if design.factors.len() <= 12 {
            page.line(format_args!("varied        {} ({values})", factor.name));
        }
    }
    if design.factors.len() > 12 {
        page.line(format_args!("varied        {} factors", design.factors.len()));
    }
    let pairing = if heading.independent { "each point draws alone" } else { "all points share their draws" };
    page.line(format_args!("points        {}, {pairing}", plan.points));
    let failed = if heading.failed > 0 { format!(", {} failed", heading.failed) } else { String::new() };
    page.line(format_args!("replications  {} of each{failed}", plan.replications));
    page.line(format_args!("seed          {}", plan.seed));
    page.line(format_args!("directory     {}", heading.directory));
    page.line(format_args!("{NOT_A_FORECAST}"));
}

/// One document: the heading, the parts, and the rows of `summary.csv`.
#[must_use]
pub fn json(heading: &Heading<'_>, rows: &[SummaryRow]) -> String {
    let parts: Map<String, Value> = parts::sections(heading, rows)
        .into_iter()
        .map(|section| (section.key.to_owned(), section.grid.to_json()))
        .collect();
    pretty(&json!({
        "experiment": heading.experiment.name.text,
        "model": heading.experiment.model.text,
        "factors": heading.design.factors.iter().map(|factor| factor.name.clone()).collect::<Vec<_>>(),
        "points": heading.plan.points,
        "replications": heading.plan.replications,
        "seed": heading.plan.seed,
        "failed": heading.failed,
        "directory": heading.directory,
        "note": NOT_A_FORECAST,
        "parts": parts,
        "summary": rows,
    }))
}

/// What a plan will take.
pub struct Estimate<'a> {
    /// Word of the design.
    pub design: &'a str,
    /// Factors.
    pub factors: u64,
    /// Points.
    pub points: u64,
    /// Replications of each.
    pub replications: u64,
    /// Jobs of the plan, or of the shard.
    pub jobs: u64,
    /// Bytes of the result files.
    pub bytes: f64,
    /// Time on so many threads.
    pub seconds: f64,
    /// Threads.
    pub threads: u64,
    /// Seed.
    pub seed: u64,
    /// Where it would go.
    pub directory: String,
}

/// The estimate as a table of one number a row.
#[must_use]
pub fn estimate(estimate: &Estimate<'_>) -> Grid {
    let mut grid = Grid::new(&["quantity", "value", "unit"]);
    let mut row = |quantity: &str, value: Cell, unit: &str| {
        grid.push(vec![Cell::text(quantity), value, Cell::text(unit)]);
    };
    row("design", Cell::text(estimate.design), "");
    row("factors", Cell::count(estimate.factors), "");
    row("points", Cell::count(estimate.points), "");
    row("replications", Cell::count(estimate.replications), "of each point");
    row("jobs", Cell::count(estimate.jobs), "replications in all");
    row("seed", Cell::count(estimate.seed), "");
    row("result_files", Cell::number(estimate.bytes / 1e6, 1), "MB, about");
    let threads = estimate.threads;
    row("time", Cell::number(estimate.seconds, 1), &format!("seconds on {threads} threads, about"));
    row("directory", Cell::text(&estimate.directory), "");
    grid
}
