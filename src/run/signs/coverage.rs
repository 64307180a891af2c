//! `detente signs --coverage`: does moving an element that cites rows of the inventory change any output?

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::ask::cells;
use super::bench::{Base, Means};
use super::lines::Overlay;
use super::moves::{Element, elements};
use super::prepare::PrepareError;
use crate::engine::observer::Nobody;
use crate::engine::{Coordinates, Workspace, play};
use crate::model::Model;
use crate::run::error::RunError;
use crate::run::execute::start;
use crate::sink::{Outcomes, misfit};
use crate::source::Loaded;
use crate::source::load::Overlay as ScenarioFile;
use crate::spec::parse::parse;
use crate::spec::problem::Problems;
use crate::spec::tree::{FileId, Table, Value};

/// Numbers nearer than this, relatively, are the same output.
const SAME: f64 = 1e-9;

/// What moving one element did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The element's path; `scenario x` for a scenario.
    pub element: String,
    /// Rows that it cites.
    pub rows: Vec<String>,
    /// The first move that changed an output: settings or scenario, joined by `; `.
    pub by: Option<String>,
    /// The first column of `outcomes.csv` that it changed.
    pub output: Option<String>,
}

/// Which rows move outputs, of one model.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// Key of the model and its scenarios that this was measured on.
    pub key: String,
    /// By element, in the order written; scenarios last.
    pub elements: Vec<Moved>,
}

/// Names a model together with its scenarios: 16 hexadecimal digits that change when any of them does.
#[must_use]
pub fn key(loaded: &Loaded, scenarios: &[ScenarioFile]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(loaded.hash.as_bytes());
    for scenario in scenarios {
        hasher.update(scenario.name.as_bytes()).update(b"\0").update(scenario.file.text.as_bytes()).update(b"\0");
    }
    hasher.finalize().to_hex().as_str()[..16].to_owned()
}

/// Elements of the model and of its scenarios that cite rows, scenarios last; a scenario is moved by applying it.
#[must_use]
pub fn all_elements(tree: &Table, scenarios: &[ScenarioFile]) -> Vec<(Element, Option<String>)> {
    let mut list: Vec<(Element, Option<String>)> = elements(tree).into_iter().map(|element| (element, None)).collect();
    for scenario in scenarios {
        let tree = parse(FileId(0), &scenario.file.text, &mut Problems::default());
        let mut rows: Vec<String> = Vec::new();
        cited(&tree, &mut rows);
        if !rows.is_empty() {
            let element = Element { path: format!("scenario {}", scenario.name), rows, moves: Vec::new() };
            list.push((element, Some(scenario.name.clone())));
        }
    }
    list
}

/// Rows cited anywhere in a table, each once.
fn cited(table: &Table, rows: &mut Vec<String>) {
    for (key, node) in &table.entries {
        match &node.value {
            Value::Table(inner) => cited(inner, rows),
            Value::Array(items) if key.name == "inventory" => {
                for row in items.iter().filter_map(|item| item.value.as_text()) {
                    if rows.iter().all(|known| known != row) {
                        rows.push(row.to_owned());
                    }
                }
            }
            Value::Array(items) => items.iter().filter_map(|item| item.value.as_table()).for_each(|t| cited(t, rows)),
            _ => {}
        }
    }
}

/// Moves every element that cites a row until an output changes, on a few replications kept in memory.
///
/// # Errors
/// When the model cannot be loaded, threads cannot be started, or it was told to stop.
pub fn coverage(base: Base<'_>, scenarios: &[ScenarioFile], means: &Means<'_>) -> Result<Coverage, PrepareError> {
    let loaded = base.with(&Overlay::default())?;
    let list = all_elements(&loaded.tree, scenarios);
    let pool = start(means.control.threads.max(1))?;
    let total = list.len() as u64;
    means.progress.started(0, total);
    let plain = Outputs::new(&loaded.model);
    let first: Vec<_> = pool.install(|| {
        let play = |replication| plain.play(&loaded.model, means.seed, replication, &mut Workspace::new(&loaded.model));
        (0..means.replications).into_par_iter().map(play).collect()
    });
    let done = AtomicU64::new(0);
    let one = |(element, scenario): &(Element, Option<String>)| {
        let overlays: Vec<Overlay> = match scenario {
            Some(name) => vec![Overlay { scenarios: vec![name.clone()], sets: Vec::new() }],
            None => element.moves.iter().map(|sets| Overlay { scenarios: Vec::new(), sets: sets.clone() }).collect(),
        };
        let mut moved = Moved { element: element.path.clone(), rows: element.rows.clone(), by: None, output: None };
        for overlay in overlays.iter().filter(|overlay| **overlay != Overlay::default()) {
            if means.control.is_stopped() {
                return None;
            }
            let Ok(other) = base.with(overlay) else { continue };
            if let Some(output) = plain.changed(&first, &other.model, means.seed) {
                moved.by = Some(overlay.scenarios.iter().chain(&overlay.sets).cloned().collect::<Vec<_>>().join("; "));
                moved.output = Some(output);
                break;
            }
        }
        means.progress.advanced(done.fetch_add(1, Ordering::Relaxed) + 1);
        Some(moved)
    };
    let found: Option<Vec<Moved>> = pool.install(|| list.par_iter().map(one).collect());
    means.progress.finished();
    let planned = total;
    let elements = found.ok_or_else(|| RunError::Interrupted { done: done.load(Ordering::Relaxed), planned })?;
    Ok(Coverage { key: key(&loaded, scenarios), elements })
}

/// The columns that are compared.
struct Outputs {
    outcomes: Outcomes,
}

impl Outputs {
    fn new(model: &Model) -> Self {
        Self { outcomes: Outcomes::new(model, &[]) }
    }

    /// The row of one replication; none if it failed.
    fn play(&self, model: &Model, seed: u64, replication: u64, workspace: &mut Workspace) -> Option<Vec<String>> {
        let one = AssertUnwindSafe(|| {
            let record = play(model, Coordinates { seed, replication }, workspace, &mut Nobody);
            misfit(model, record).is_none().then(|| cells(model, &self.outcomes, record, seed))
        });
        catch_unwind(one).unwrap_or(None)
    }

    /// The first column that differs from the replications of the base.
    fn changed(&self, base: &[Option<Vec<String>>], model: &Model, seed: u64) -> Option<String> {
        let other = Self::new(model);
        let mut workspace = Workspace::new(model);
        base.iter().zip(0..).find_map(|(row, replication)| {
            let (row, now) = (row.as_ref()?, other.play(model, seed, replication, &mut workspace)?);
            let columns = self.outcomes.columns.iter().zip(row);
            columns.into_iter().find_map(|(column, before)| {
                let at = other.outcomes.columns.iter().position(|known| known.name == column.name)?;
                (!same(before, &now[at])).then(|| column.name.clone())
            })
        })
    }
}

/// Whether two cells say the same: the same words, or numbers that differ by rounding alone.
fn same(first: &str, second: &str) -> bool {
    first == second
        || match (first.parse::<f64>(), second.parse::<f64>()) {
            (Ok(first), Ok(second)) => (first - second).abs() <= SAME * first.abs().max(second.abs()).max(1.0),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_no_change_and_a_missing_number_is() {
        assert!(same("0.3", "0.30000000000000004"));
        assert!(!same("0.3", "0.31"));
        assert!(!same("0.3", ""));
        assert!(same("war", "war") && !same("war", "peace"));
    }
}
