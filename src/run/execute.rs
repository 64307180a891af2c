//! From a plan to a finished run directory.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::design::plan::Plan;
use crate::model::Model;
use crate::sink::{SummaryRow, Tables, Tally, sync_dir, table_file, write_whole};

use super::chunk::Workshop;
use super::control::{Control, Play, Progress};
use super::dir::RunDir;
use super::error::RunError;
use super::log::Log;
use super::manifest::Manifest;
use super::outputs::{ALL, Last, Outputs};

/// Chunks a worker has in a wave: enough to keep workers busy while one is slow, few enough to keep memory flat.
const CHUNKS_A_WORKER: usize = 4;

/// What is to be run.
pub struct Task<'a, P: Play> {
    /// The model.
    pub model: &'a Model,
    /// Its resolved text, written to `model.toml`.
    pub model_text: &'a str,
    /// The file of its pool of candidates, if it has one, written to `model.pool.csv`.
    pub pool_text: Option<&'a str>,
    /// Which jobs.
    pub plan: &'a Plan,
    /// The engine.
    pub engine: &'a P,
    /// What follows `detente trace` in the command that plays a failed replication again: model, scenarios, overrides.
    pub replay: &'a str,
    /// Rows of `summary.csv` that are computed elsewhere, such as baselines; a function of model and plan.
    pub also: &'a [SummaryRow],
    /// How many of the first jobs are played again without noise.
    pub noise: u64,
}

/// A finished run.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Its manifest.
    pub manifest: Manifest,
    /// The rows of `summary.csv`.
    pub summary: Vec<SummaryRow>,
    /// How often states and derived values were held at a bound of their range.
    pub clamps: u64,
}

/// Plays every job of the plan and writes the run directory. The bytes of the result files depend on the model, the plan
/// and the engine alone: not on threads, chunks or what the directory held before.
///
/// # Errors
/// When a file cannot be written, the threads cannot be started, or the run was told to stop. No result file has its final
/// name then, unless the failure was in giving names.
pub fn execute<P: Play>(
    task: &Task<'_, P>,
    dir: &RunDir,
    control: &Control,
    progress: &dyn Progress,
) -> Result<Finished, RunError> {
    let plan = task.plan;
    plan.checked_jobs().ok_or(RunError::TooManyJobs { points: plan.points, replications: plan.replications })?;
    let threads = control.threads.max(1);
    let mut log = Log::begin(dir.path(), threads, &control.argv)?;
    progress.started(plan.jobs() + task.noise.min(plan.jobs()));
    let result = work(task, dir, control, progress);
    progress.finished();
    match &result {
        Ok(finished) => log.end("finished", finished.manifest.done)?,
        // The first error is the one to tell; a log on a full disk cannot be written either.
        Err(RunError::Interrupted { done, .. }) => drop(log.end("interrupted", *done)),
        Err(_) => drop(log.end("failed", 0)),
    }
    result
}

fn work<P: Play>(
    task: &Task<'_, P>,
    dir: &RunDir,
    control: &Control,
    progress: &dyn Progress,
) -> Result<Finished, RunError> {
    let Task { model, plan, .. } = *task;
    let pool = start(control.threads.max(1))?;
    dir.clear(ALL)?;
    let model_entry = write_whole(dir.path(), table_file::MODEL, task.model_text)?;
    let pool_entry = task.pool_text.map(|text| write_whole(dir.path(), table_file::POOL, text)).transpose()?;
    let tables = Tables::new(model, plan);
    let mut outputs = Outputs::create(dir.path(), &tables)?;
    let mut tally = Tally::new(model, plan);
    let workshop = Workshop {
        engine: task.engine,
        model,
        plan,
        tables: &tables,
        replay: task.replay,
        control,
        progress,
        done: AtomicU64::new(0),
        spare: Mutex::new(Vec::new()),
    };
    let noise = task.noise.min(plan.jobs()) as usize;
    let mut first = Vec::with_capacity(noise);
    let mut chunks = plan.chunks(control.chunk);
    loop {
        let wave: Vec<_> = chunks.by_ref().take(pool.current_num_threads() * CHUNKS_A_WORKER).collect();
        if wave.is_empty() {
            break;
        }
        // Collected in job order, whoever was first.
        let played: Option<Vec<_>> = pool.install(|| wave.into_par_iter().map(|jobs| workshop.play(jobs)).collect());
        let Some(played) = played else {
            return Err(RunError::Interrupted { done: tally.done(), planned: plan.jobs() });
        };
        for chunk in &played {
            outputs.append(dir.path(), &tables, chunk)?;
            for played in &chunk.played {
                let result = played.result.as_ref().map(|(record, log)| (record, log));
                tally.add(model, &tables.steps, played.job, result);
                first.extend((first.len() < noise).then(|| played.result.as_ref().map(|(record, _)| record.outcome)));
            }
        }
    }
    let mut summary = tally.summary(model, &tables.steps);
    let played_again = pool.install(|| workshop.noise(&first));
    let Some(row) = played_again else {
        return Err(RunError::Interrupted { done: tally.done(), planned: plan.jobs() });
    };
    summary.extend(row);
    summary.extend_from_slice(task.also);
    let last = Last { steps: tally.step_rows(&tables.steps), summary: summary.clone(), points: plan.points };
    let mut files = outputs.finish(dir.path(), &tables, &last)?;
    files.insert(table_file::MODEL.to_owned(), model_entry);
    files.extend(pool_entry.map(|entry| (table_file::POOL.to_owned(), entry)));
    sync_dir(dir.path())?;
    let manifest = Manifest {
        run: dir.identity().clone(),
        planned: plan.jobs(),
        done: tally.done(),
        failed: tally.failed(),
        files,
    };
    manifest.write(dir.path())?;
    Ok(Finished { manifest, summary, clamps: tally.clamps() })
}

fn start(threads: usize) -> Result<ThreadPool, RunError> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("detente-{i}")).build();
    pool.map_err(|cause| RunError::Threads { threads, cause })
}
