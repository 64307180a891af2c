//! A run directory as inputs again: everything needed to play any of its rows, from the directory alone.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::control::Variant;
use super::error::RunError;
use super::inputs::Inputs;
use super::lab::Lab;
use super::manifest::{Identity, MANIFEST, Manifest};
use super::merge::Response;
use crate::design::Design;
use crate::design::plan::{Plan, Trace};
use crate::sink::{FileError, table_file};
use crate::source::pool::Pools;
use crate::source::{Loaded, assemble};

/// What a run directory was made from.
#[derive(Debug)]
pub struct Reloaded {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its inputs.
    pub inputs: Inputs,
    /// Its model without what is varied.
    pub loaded: Loaded,
    /// Its points.
    pub design: Design,
    /// Its jobs.
    pub plan: Plan,
}

/// Reads manifest and inputs of a run directory and makes the model again.
///
/// # Errors
/// When there is no run, something cannot be read, or the inputs are not those that the manifest names.
pub fn reload(path: &Path) -> Result<Reloaded, RunError> {
    let manifest = Manifest::read(path)?.ok_or_else(|| RunError::NoRun { path: path.to_owned() })?;
    let file = path.join(table_file::INPUTS);
    let unusable = |reason: String| RunError::Inputs { path: file.clone(), reason };
    let text = fs::read_to_string(&file).map_err(FileError::on("read", &file))?;
    let inputs: Inputs = serde_json::from_str(&text).map_err(|cause| unusable(cause.to_string()))?;
    let loaded = assemble(&inputs.sources(), &inputs.sets, Pools::Stored)
        .map_err(|rejected| unusable(format!("the model has {} problems", rejected.problems.list.len())))?;
    let design = inputs.design(&loaded.model).map_err(|fault| unusable(fault.to_string()))?;
    let points = design.count().map_err(|fault| unusable(fault.to_string()))?;
    let run = &manifest.run;
    let trace = [Trace::None, Trace::Rounds, Trace::Moves].into_iter().find(|trace| trace.word() == run.trace);
    let trace = trace.ok_or_else(|| unusable(format!("`{}` is no trace", run.trace)))?;
    let plan = Plan { seed: run.seed, points, replications: run.replications, trace };
    Ok(Reloaded { manifest, inputs, loaded, design, plan })
}

impl Reloaded {
    /// A lab for its points, with the model and tables of the first.
    ///
    /// # Errors
    /// When that point cannot be played.
    pub fn lab(&self) -> Result<(Lab<'_>, Arc<Variant>), RunError> {
        let lab = Lab::new(&self.inputs, &self.design, self.plan.trace);
        let first = lab.first().map_err(RunError::Points)?;
        Ok((lab.fitting(first.tables.clone()), first))
    }

    /// The outputs that sensitivity is told of.
    #[must_use]
    pub fn responses(&self) -> Vec<Response> {
        let all = Response::all(&self.loaded.model);
        let named =
            |response: &Response| self.inputs.responses.is_empty() || self.inputs.responses.contains(&response.name);
        all.into_iter().filter(named).collect()
    }

    /// The identity that this program gives to these inputs, where arithmetic has that fingerprint.
    #[must_use]
    pub fn identity(&self, first: &Variant, fingerprint: &str) -> Identity {
        let text = [&self.loaded.text, self.loaded.pool.as_deref().unwrap_or_default()].concat();
        let plain = self.design.factors.is_empty() && !self.inputs.independent;
        let overlays = if plain { String::new() } else { self.inputs.overlays() };
        let identity = Identity::over(&first.model, &text, &self.plan, (&self.design, &overlays), fingerprint);
        Identity { noise: self.manifest.run.noise, per_draw: self.inputs.per_draw, ..identity }
    }

    /// Refuses inputs that do not give the run that the manifest names: edited ones, or of another program.
    ///
    /// # Errors
    /// What differs.
    pub fn must_match(&self, path: &Path, first: &Variant, fingerprint: &str) -> Result<(), RunError> {
        let differences = self.identity(first, fingerprint).differences(&self.manifest.run);
        if differences.is_empty() {
            return Ok(());
        }
        Err(RunError::OtherRun { path: path.join(MANIFEST), differences })
    }
}
