//! Plays a model under several overlays on the same draws, and takes down what is asked for.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::ask::{Column, Quantity, cells};
use super::lines::Overlay;
use crate::engine::appraise::{Start, appraise_all};
use crate::engine::observer::Nobody;
use crate::engine::{Coordinates, Workspace, play};
use crate::model::Model;
use crate::run::control::{Control, Progress};
use crate::run::error::RunError;
use crate::run::execute::start;
use crate::sink::{Outcomes, misfit};
use crate::source::pool::Pools;
use crate::source::{LoadError, Loaded, assemble, resolve};

/// Replications or draws that a worker takes at a time.
const CHUNK: u64 = 8;

/// The model under test, as typed.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// Its name or path.
    pub name: &'a str,
    /// What is laid over it everywhere.
    pub overlay: &'a Overlay,
}

impl Base<'_> {
    /// The model with one more overlay.
    ///
    /// # Errors
    /// When a scenario is unknown or the model has errors.
    pub fn with(&self, overlay: &Overlay) -> Result<Loaded, LoadError> {
        let both = |first: &[String], second: &[String]| [first, second].concat();
        let (sources, _) = resolve(self.name, &both(&self.overlay.scenarios, &overlay.scenarios))?;
        let sets = both(&self.overlay.sets, &overlay.sets);
        assemble(&sources, &sets, Pools::Stored).map_err(|rejected| LoadError::Invalid(Box::new(rejected)))
    }
}

/// The model under one overlay, with what is asked there.
#[derive(Debug)]
pub struct Setting {
    /// The model that is played.
    pub model: Model,
    /// Columns asked of whole negotiations.
    pub columns: Vec<Column>,
    /// The model that is appraised: the same with every package that is asked about; none if nothing is asked.
    pub listed: Option<Model>,
    /// Packages by index, each once.
    pub packages: Vec<usize>,
    /// Quantities asked of packages, by position in `packages`.
    pub looks: Vec<(usize, Quantity)>,
}

/// How it is played.
pub struct Means<'a> {
    /// Seed of all draws.
    pub seed: u64,
    /// Replications of each setting.
    pub replications: u64,
    /// Draws for packages.
    pub draws: u64,
    /// Threads, and whether to stop.
    pub control: &'a Control,
    /// Who is told how far it is.
    pub progress: &'a dyn Progress,
}

/// What was found under one setting; missing values are none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// By replication and column.
    pub games: Vec<Vec<Option<f64>>>,
    /// By draw and look.
    pub looks: Vec<Vec<Option<f64>>>,
    /// Replications that failed.
    pub failed: u64,
}

/// A piece of work: some replications or draws of one setting.
struct Piece {
    setting: usize,
    of_packages: bool,
    jobs: Range<u64>,
}

/// Plays every setting; the answer does not depend on threads.
///
/// # Errors
/// When threads cannot be started, or it was told to stop.
pub fn measure(settings: &[Setting], means: &Means<'_>) -> Result<Vec<Found>, RunError> {
    let pool = start(means.control.threads.max(1))?;
    let pieces = pieces(settings, means);
    let planned: u64 = pieces.iter().map(|piece| piece.jobs.end - piece.jobs.start).sum();
    means.progress.started(0, planned);
    let done = AtomicU64::new(0);
    let one = |piece: &Piece| {
        let found = work(&settings[piece.setting], piece, means);
        let size = piece.jobs.end - piece.jobs.start;
        means.progress.advanced(done.fetch_add(size, Ordering::Relaxed) + size);
        found
    };
    let parts: Option<Vec<Found>> = pool.install(|| pieces.par_iter().map(one).collect());
    means.progress.finished();
    let parts = parts.ok_or_else(|| RunError::Interrupted { done: done.load(Ordering::Relaxed), planned })?;
    let mut all = vec![Found::default(); settings.len()];
    for (piece, mut part) in pieces.iter().zip(parts) {
        let found = &mut all[piece.setting];
        found.games.append(&mut part.games);
        found.looks.append(&mut part.looks);
        found.failed += part.failed;
    }
    Ok(all)
}

fn pieces(settings: &[Setting], means: &Means<'_>) -> Vec<Piece> {
    let mut list = Vec::new();
    for (at, setting) in settings.iter().enumerate() {
        let mut add = |of_packages: bool, jobs: u64| {
            let cut = |from: u64| Piece { setting: at, of_packages, jobs: from..(from + CHUNK).min(jobs) };
            list.extend((0..jobs).step_by(CHUNK as usize).map(cut));
        };
        if !setting.columns.is_empty() {
            add(false, means.replications);
        }
        if setting.listed.is_some() {
            add(true, means.draws);
        }
    }
    list
}

/// None if it was told to stop.
fn work(setting: &Setting, piece: &Piece, means: &Means<'_>) -> Option<Found> {
    let mut found = Found::default();
    let model = setting.listed.as_ref().filter(|_| piece.of_packages).unwrap_or(&setting.model);
    let outcomes = Outcomes::new(model, &[]);
    let mut workspace = Workspace::new(model);
    for replication in piece.jobs.clone() {
        if means.control.is_stopped() {
            return None;
        }
        let at = Coordinates { seed: means.seed, replication };
        let one = AssertUnwindSafe(|| {
            if piece.of_packages {
                return Some(looks(setting, model, at, &mut workspace));
            }
            let record = play(model, at, &mut workspace, &mut Nobody);
            let sound = misfit(model, record).is_none();
            let cells = sound.then(|| cells(model, &outcomes, record, means.seed))?;
            Some(setting.columns.iter().map(|column| column.of(&cells)).collect())
        });
        // What a panic left in the workspace is not to be trusted.
        let values = catch_unwind(one).unwrap_or_else(|_| {
            workspace = Workspace::new(model);
            None
        });
        let width = if piece.of_packages { setting.looks.len() } else { setting.columns.len() };
        found.failed += u64::from(values.is_none());
        let row = values.unwrap_or_else(|| vec![None; width]);
        if piece.of_packages { found.looks.push(row) } else { found.games.push(row) }
    }
    Some(found)
}

fn looks(setting: &Setting, model: &Model, at: Coordinates, workspace: &mut Workspace) -> Vec<Option<f64>> {
    let appraisals = appraise_all(model, Start::Drawn(at), &setting.packages, workspace);
    setting.looks.iter().map(|(package, quantity)| quantity.of(model, &appraisals[*package])).collect()
}
