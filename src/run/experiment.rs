//! From an experiment as written to inputs, a design and a plan.

use std::path::Path;

use super::inputs::{FactorInputs, Inputs, LevelInputs, NamedText, NoLaw, ValuesInputs};
use super::lab::Lab;
use crate::design::plan::{Plan, Trace};
use crate::design::{Design, DesignFault, Layout};
use crate::model::{Model, Scalar, ScalarSource};
use crate::source::{LoadError, Loaded, load, resolve};
use crate::spec::experiment::{Experiment, FactorSpec, LevelSpec, SCENARIO, Values, vary};
use crate::spec::tree::SourceFile;

/// Base samples and trajectories of a screening grid unless told otherwise.
const LEVELS: u64 = 4;

/// An experiment ready to be planned.
#[derive(Debug)]
pub struct Prepared {
    /// The model without what is varied.
    pub loaded: Loaded,
    /// Everything it is made from.
    pub inputs: Inputs,
    /// Its points.
    pub design: Design,
    /// Its jobs.
    pub plan: Plan,
}

/// Why an experiment cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// A model or scenario cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The table cannot be read.
    #[error("cannot read the table {path}: {cause}")]
    Table {
        /// Its path.
        path: String,
        /// What the reader said.
        cause: csv::Error,
    },
    /// A factor has no distribution to take values from.
    #[error(transparent)]
    NoLaw(#[from] NoLaw),
    /// The factors make no design.
    #[error(transparent)]
    Design(#[from] DesignFault),
    /// More points than are allowed.
    #[error("{points} points are more than the {most} that are allowed; their rows would take about {gigabytes} GB")]
    TooMany {
        /// Points.
        points: u64,
        /// What is allowed.
        most: u64,
        /// Size of the result files, rounded.
        gigabytes: u64,
    },
    /// Values that cannot be set.
    #[error("{} value{} cannot be set:\n{}", .0.len(), if .0.len() == 1 { "" } else { "s" }, .0.join("\n"))]
    Values(Vec<String>),
}

fn text_of(file: &SourceFile) -> NamedText {
    NamedText { name: file.name.clone(), text: file.text.clone() }
}

/// Prepares an experiment: loads its model and every scenario, and lays out its points. `beside` is the directory in which
/// its table lies.
///
/// # Errors
/// When something cannot be loaded or the factors make no design.
pub fn prepare(experiment: &Experiment, beside: &Path, trace: Trace) -> Result<Prepared, ExperimentError> {
    let texts = |names: &[crate::spec::model::Name]| names.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
    let model = experiment.model.text.as_str();
    let (scenarios, sets) = (texts(&experiment.scenarios), texts(&experiment.sets));
    let loaded = load(model, &scenarios, &sets)?;
    let (sources, _) = resolve(model, &scenarios)?;
    let seed = experiment.seed.unwrap_or(2025);
    let mut inputs = Inputs {
        files: sources.files.iter().map(text_of).collect(),
        sets,
        seed,
        independent: experiment.pairing.as_ref().is_some_and(|pairing| pairing.text == "independent"),
        ..Inputs::default()
    };
    let mut specs = experiment.factors.clone();
    let mut rows = Vec::new();
    if let Some(table) = &experiment.table {
        (specs, rows) = read_table(&beside.join(&table.text))?;
    }
    for spec in &specs {
        inputs.factors.push(FactorInputs { name: spec.name.text.clone(), values: values(spec, model)? });
    }
    if experiment.over.is_some() {
        for path in uncertain(&loaded.model) {
            if inputs.factors.iter().all(|factor| factor.name != path) {
                inputs.factors.push(FactorInputs { name: path, values: ValuesInputs::Declared });
            }
        }
    }
    inputs.layout = layout(experiment, rows);
    let design = inputs.design(&loaded.model)?;
    let points = design.count()?;
    let plan = Plan { seed, points, replications: experiment.replications.unwrap_or(1000), trace };
    Ok(Prepared { loaded, inputs, design, plan })
}

fn layout(experiment: &Experiment, rows: Vec<Vec<f64>>) -> Layout {
    let points = experiment.points.unwrap_or(1);
    match experiment.design.text.as_str() {
        "zip" => Layout::Zip,
        "table" => Layout::Table(rows),
        "lhs" => Layout::Lhs { points },
        "sobol" => Layout::Sobol { points },
        "saltelli" => Layout::Saltelli { samples: points, second: experiment.second_order },
        "morris" => {
            let levels = u32::try_from(experiment.levels.unwrap_or(LEVELS)).unwrap_or(u32::MAX);
            Layout::Morris { trajectories: points, levels }
        }
        _ => Layout::Grid,
    }
}

pub(super) fn values(spec: &FactorSpec, model: &str) -> Result<ValuesInputs, LoadError> {
    let level = |level: &LevelSpec| -> Result<LevelInputs, LoadError> {
        let (sources, _) = resolve(model, &level.scenarios)?;
        Ok(LevelInputs {
            id: level.id.clone(),
            scenarios: level.scenarios.clone(),
            files: sources.files.iter().skip(1).map(text_of).collect(),
            sets: level.sets.clone(),
        })
    };
    Ok(match &spec.values {
        Values::List(numbers) => ValuesInputs::Numbers(numbers.clone()),
        Values::Steps { from, to, count } => ValuesInputs::Steps { from: *from, to: *to, count: *count },
        Values::Span { low, high } => ValuesInputs::Span { low: *low, high: *high },
        Values::Declared => ValuesInputs::Declared,
        Values::Levels(levels) => ValuesInputs::Levels(levels.iter().map(level).collect::<Result<_, _>>()?),
    })
}

/// Paths of all drawn numbers of the model that have no common cause with others.
fn uncertain(model: &Model) -> Vec<String> {
    let drawn = |scalar: &&Scalar| matches!(scalar.source, ScalarSource::Drawn(_)) && scalar.common.is_none();
    model.scalars.iter().filter(drawn).map(|scalar| scalar.path.clone()).collect()
}

/// Reads a table of points: the header names paths, `scenario` names scenarios joined by `+`. Columns that hold a word are
/// named levels.
fn read_table(path: &Path) -> Result<(Vec<FactorSpec>, Vec<Vec<f64>>), ExperimentError> {
    let fault = |cause| ExperimentError::Table { path: path.display().to_string(), cause };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(fault)?;
    let header = reader.headers().map_err(fault)?.clone();
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().map_err(fault)?;
    let mut rows = vec![Vec::new(); records.len()];
    let mut specs = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let (spec, values) = column(name, records.iter().map(|record| &record[at]));
        rows.iter_mut().zip(values).for_each(|(row, value)| row.push(value));
        specs.push(spec);
    }
    Ok((specs, rows))
}

/// A column of a table as a factor, and its value in each row.
pub(super) fn column<'c>(name: &str, cells: impl Iterator<Item = &'c str> + Clone) -> (FactorSpec, Vec<f64>) {
    let named = |values| FactorSpec {
        name: crate::spec::model::Name { text: name.to_owned(), ..Default::default() },
        values,
        span: crate::spec::tree::Span::default(),
    };
    let number = |cell: &str| cell.parse().ok().filter(|x: &f64| x.is_finite());
    let numbers: Option<Vec<f64>> = cells.clone().map(number).collect();
    if let Some(numbers) = numbers.filter(|_| name != SCENARIO) {
        return (named(Values::List(numbers.clone())), numbers);
    }
    let mut words: Vec<&str> = Vec::new();
    let mut values = Vec::new();
    for cell in cells {
        let at = words.iter().position(|word| *word == cell).unwrap_or_else(|| {
            words.push(cell);
            words.len() - 1
        });
        values.push(at as f64);
    }
    let level = |word: &&str| match vary(&format!("{name}={word}")).map(|spec| spec.values) {
        // An empty cell leaves the model as it is.
        _ if word.is_empty() => LevelSpec { id: String::new(), scenarios: Vec::new(), sets: Vec::new() },
        Ok(Values::Levels(mut levels)) if levels.len() == 1 => levels.remove(0),
        _ => LevelSpec { id: (*word).to_owned(), scenarios: Vec::new(), sets: vec![format!("{name}={word}")] },
    };
    (named(Values::Levels(words.iter().map(level).collect())), values)
}

/// Values of one factor that are looked at before work begins.
const LOOKED_AT: u64 = 20;

/// Points that cover every value of every factor (of long lists and ranges the ends), each with the other factors as in
/// point 0.
fn probes(design: &Design) -> Vec<Vec<f64>> {
    let mut base = Vec::new();
    design.point(0, &mut base);
    let mut list = vec![base.clone()];
    for (at, factor) in design.factors.iter().enumerate() {
        let (low, high) = factor.ends();
        let values: Vec<f64> = match factor.count() {
            Some(count) if count <= LOOKED_AT || factor.names().is_some() => {
                (0..count).map(|index| factor.level(index)).collect()
            }
            _ => vec![low, high],
        };
        for value in values.into_iter().filter(|value| *value != base[at]) {
            let mut point = base.clone();
            point[at] = value;
            list.push(point);
        }
    }
    list
}

/// What is wrong with the values of the factors: each is tried once, the other factors as in point 0.
#[must_use]
pub fn faults(lab: &Lab<'_>, design: &Design) -> Vec<String> {
    let mut faults: Vec<String> = Vec::new();
    for point in probes(design) {
        if let Err(fault) = lab.check(&point)
            && !faults.contains(&fault)
        {
            faults.push(fault);
        }
    }
    faults
}
