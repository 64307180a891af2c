//! `detente describe MODEL --format coverage` and `detente signs MODEL --coverage`

use super::Failure;
use super::talk::Talk;
use crate::report::coverage::{Homes, homes, measured};
use crate::report::odd::document;
use crate::run::signs::PrepareError;
use crate::run::signs::bench::{Base, Means};
use crate::run::signs::coverage::{coverage, key};
use crate::source::Loaded;
use crate::source::beside::{CONTEXT, COVERAGE, INVENTORY, SIGNS, beside};
use crate::source::embedded::EXPERIMENTS;
use crate::source::load::overlays;
use crate::spec::problem::Problems;
use crate::spec::tree::{FileId, SourceFile};

/// Rows of the inventory with their homes, tests and what was measured, as CSV.
pub(super) fn describe(name: &str, loaded: &Loaded, talk: Talk) -> Result<String, Failure> {
    let scenarios = overlays(name)?;
    let inventory = beside(name, INVENTORY)?;
    let context = beside(name, CONTEXT)?;
    let before = beside(name, COVERAGE)?;
    let key = key(loaded, &scenarios);
    let all = Homes {
        tree: &loaded.tree,
        scenarios: &scenarios,
        inventory: inventory.as_ref(),
        context: context.as_ref(),
        coverage: before.as_ref(),
        tests: &tests(name)?,
        key: &key,
    };
    let (grid, count) = homes(&all);
    talk.note(&count.words());
    Ok(grid.to_csv())
}

/// The ODD protocol of a model, with the patterns of its table of contrasts.
pub(super) fn odd(name: &str, loaded: &Loaded) -> Result<String, Failure> {
    let read = |file: SourceFile| crate::spec::signs::read(FileId(0), &file.text, &mut Problems::default());
    let signs = beside(name, SIGNS)?.map(read);
    Ok(document(loaded, signs.as_ref()))
}

/// Contrasts and experiments that look at rows.
fn tests(name: &str) -> Result<Vec<(String, String)>, Failure> {
    let mut tests = Vec::new();
    if let Some(file) = beside(name, SIGNS)? {
        let table = crate::spec::signs::read(FileId(0), &file.text, &mut Problems::default());
        let contrasts = table.contrasts.into_iter();
        tests.extend(contrasts.map(|contrast| (contrast.mechanism.text, format!("contrast {}", contrast.id.text))));
    }
    for file in EXPERIMENTS {
        let experiment = crate::spec::experiment::read(FileId(0), file.text, &mut Problems::default());
        if let Some(experiment) = experiment.filter(|experiment| experiment.model.text == name) {
            let rows = experiment.inventory.into_iter();
            tests.extend(rows.map(|row| (row.text, format!("experiment {}", file.name))));
        }
    }
    Ok(tests)
}

/// Moves every element that cites a row: what `coverage.csv` holds.
pub(super) fn measure(base: Base<'_>, means: &Means<'_>, talk: Talk) -> Result<String, PrepareError> {
    let scenarios = overlays(base.name)?;
    let found = coverage(base, &scenarios, means)?;
    let moving = found.elements.iter().filter(|moved| moved.output.is_some()).count();
    talk.note(&format!("{moving} of {} elements move an output", found.elements.len()));
    Ok(measured(&found).to_csv())
}
