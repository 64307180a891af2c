//! `detente check MODEL...`

use serde_json::{Value, json};

use super::args::{Format, OverlayArgs};
use super::failure::report_load;
use super::problems::{Renderer, counted};
use super::talk::Talk;
use super::{Failure, out, pool};
use crate::model::Model;
use crate::report::grid::{Cell, Grid, pretty};
use crate::source::{LoadError, Loaded, load};
use crate::spec::problem::{Problem, Problems, Severity};
use crate::spec::render::locate;
use crate::spec::tree::Sources;

/// Warnings that are drawn unless all are asked for.
const FEW: usize = 10;

/// Reports every problem of model files.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente check ukraine-2025\n")]
pub struct CheckArgs {
    /// Models that ship, or paths of model files
    #[arg(value_name = "MODEL", required = true)]
    models: Vec<String>,

    #[command(flatten)]
    overlay: OverlayArgs,

    /// Show every warning, however many there are
    #[arg(long)]
    warnings: bool,

    /// How to print the findings
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// What was found out about one model.
struct Finding<'a> {
    name: &'a str,
    result: Result<Loaded, LoadError>,
}

pub(super) fn run(args: &CheckArgs, talk: Talk) -> Result<(), Failure> {
    let mut code = 0;
    let mut findings = Vec::new();
    for name in &args.models {
        let result = load(name, &args.overlay.scenario, &args.overlay.sets);
        let finding = Finding { name, result };
        if args.format == Format::Table {
            tell(&finding, args, talk)?;
        }
        code = code.max(finding.code());
        findings.push(finding);
    }
    match args.format {
        Format::Table => {}
        Format::Csv => out::print(&grid(&findings).to_csv())?,
        Format::Json => out::print(&pretty(&findings.iter().map(Finding::json).collect()))?,
    }
    if code == 0 { Ok(()) } else { Err(Failure::Reported { code }) }
}

/// The problems go to standard error, `ok: ..` to standard output.
fn tell(finding: &Finding<'_>, args: &CheckArgs, talk: Talk) -> Result<(), Failure> {
    let (problems, sources) = match &finding.result {
        Ok(loaded) => (&loaded.warnings, &loaded.sources),
        Err(error) => {
            if let LoadError::Invalid(rejected) = error {
                draw_warnings(&rejected.problems, &rejected.sources, args, talk);
            }
            report_load(error, talk);
            return Ok(());
        }
    };
    draw_warnings(problems, sources, args, talk);
    if let Ok(loaded) = &finding.result {
        pool::note(loaded, finding.name, talk);
    }
    match &finding.result {
        Ok(loaded) => out::print(&format!("{}: ok: {}\n", finding.name, sizes(&loaded.model, problems))),
        Err(_) => Ok(()),
    }
}

fn draw_warnings(problems: &Problems, sources: &Sources, args: &CheckArgs, talk: Talk) {
    let most = if args.warnings { usize::MAX } else { FEW };
    let text = Renderer::new(sources, talk).draw_all(&problems.list, Severity::Warning, most);
    if !text.is_empty() {
        Talk::write(&text);
    }
}

/// `3 actors, 3 issues, 18 packages, 4 levers, no problems`
fn sizes(model: &Model, problems: &Problems) -> String {
    let (errors, warnings) = problems.counts();
    let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    [
        count(model.actors.len(), "actor"),
        count(model.issues.len(), "issue"),
        count(model.packages.n_candidates, "package"),
        count(model.levers.len(), "lever"),
        count(model.scalars.len(), "parameter"),
        count(model.outcomes.len(), "outcome"),
        counted(errors, warnings),
    ]
    .join(", ")
}

impl Finding<'_> {
    fn code(&self) -> u8 {
        match &self.result {
            Ok(_) => 0,
            Err(LoadError::Invalid(_)) => 3,
            Err(LoadError::UnknownModel { .. } | LoadError::UnknownScenario { .. } | LoadError::File(_)) => 4,
        }
    }

    /// Its problems; those of a model that was never read have no code and no place.
    fn rows(&self) -> Vec<Vec<Cell>> {
        let (problems, sources) = match &self.result {
            Ok(loaded) => (&loaded.warnings, &loaded.sources),
            Err(LoadError::Invalid(rejected)) => (&rejected.problems, &rejected.sources),
            Err(error) => {
                let mut row = vec![Cell::Missing; COLUMNS.len()];
                row[0] = Cell::text(self.name);
                row[1] = Cell::text("error");
                row[7] = Cell::text(error.to_string());
                return vec![row];
            }
        };
        problems.list.iter().map(|problem| self.row(problem, sources)).collect()
    }

    fn row(&self, problem: &Problem, sources: &Sources) -> Vec<Cell> {
        let place = problem.span.map(|span| locate(sources, span));
        let severity = if problem.severity == Severity::Error { "error" } else { "warning" };
        vec![
            Cell::text(self.name),
            Cell::text(severity),
            Cell::text(problem.code),
            place.as_ref().map_or(Cell::Missing, |place| Cell::text(&place.file)),
            place.as_ref().map_or(Cell::Missing, |place| Cell::count(place.line as u64)),
            place.as_ref().map_or(Cell::Missing, |place| Cell::count(place.column as u64)),
            Cell::text(&problem.path),
            Cell::text(&problem.message),
            problem.hint.as_ref().map_or(Cell::Missing, Cell::text),
        ]
    }

    fn json(&self) -> Value {
        let mut grid = Grid::new(&COLUMNS);
        self.rows().into_iter().for_each(|row| grid.push(row));
        json!({ "model": self.name, "ok": self.result.is_ok(), "problems": grid.to_json() })
    }
}

const COLUMNS: [&str; 9] = ["model", "severity", "code", "file", "line", "column", "path", "message", "hint"];

fn grid(findings: &[Finding<'_>]) -> Grid {
    let mut grid = Grid::new(&COLUMNS);
    findings.iter().flat_map(Finding::rows).for_each(|row| grid.push(row));
    grid
}
