//! From a plan to a finished run directory: play what no part has yet, and merge the parts as they come.

use std::collections::VecDeque;
use std::fs;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::design::Design;
use crate::design::plan::{Plan, Shard};
use crate::model::Model;
use crate::sink::{FileError, SummaryRow, Tables, table_file, write_whole_on};

use super::chunk::Workshop;
use super::control::{Control, Play, Progress};
use super::dir::RunDir;
use super::error::RunError;
use super::line::{self, now};
use super::log::Log;
use super::manifest::Manifest;
use super::merge::{self, Merge, Response, Source};
use super::part::{self, Blocks, Damaged, PARTS, PartName};

/// A part is written once it holds so many bytes, however quickly.
const PART_BYTES: usize = 192 << 10;

/// What is to be run.
pub struct Task<'a, P: Play> {
    /// The model.
    pub model: &'a Model,
    /// Its resolved text, written to `model.toml`.
    pub model_text: &'a str,
    /// The file of its pool of candidates, if it has one, written to `model.pool.csv`.
    pub pool_text: Option<&'a str>,
    /// Everything needed to play any row again, written to `inputs.json`; empty: not written.
    pub inputs: &'a str,
    /// Which jobs.
    pub plan: &'a Plan,
    /// Over which points.
    pub design: &'a Design,
    /// Outputs that sensitivity is told of.
    pub responses: &'a [Response],
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
    /// The rows of `summary.csv`; none of a shard.
    pub summary: Vec<SummaryRow>,
    /// How often states and derived values were held at a bound of their range.
    pub clamps: u64,
    /// Files that were no sound parts, moved aside and played again.
    pub damaged: Vec<Damaged>,
}

/// Plays every job of the plan (or of the shard of the directory) that no part has yet, and merges the parts of a whole run.
/// The bytes of the result files depend on the model, the plan, the design and the engine alone: not on threads, chunks,
/// parts or what the directory held before.
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
    let (plan, path) = (task.plan, dir.path());
    let pool = start(control.threads.max(1))?;
    dir.clear(merge::ALL)?;
    write_inputs(task, dir)?;
    if let Err(cause) = fs::create_dir(path.join(PARTS))
        && !path.join(PARTS).is_dir()
    {
        return Err(FileError::on("create", path.join(PARTS))(cause).into());
    }
    let run = dir.identity().digest();
    let (parts, damaged) = part::survey(path, &run)?;
    let all = dir.shard().map_or(0..plan.jobs(), |shard| shard.jobs(plan));
    let left = part::gaps(all.clone(), &parts);
    let planned = all.end - all.start;
    let before = planned - left.iter().map(|jobs| jobs.end - jobs.start).sum::<u64>();
    progress.started(before, planned);
    let tables = Tables::new(task.model, plan.trace, &task.design.factors);
    let workshop = Workshop {
        engine: task.engine,
        model: task.model,
        plan,
        design: task.design,
        tables: &tables,
        replay: task.replay,
        noise: task.noise,
        control,
        progress,
        done: AtomicU64::new(before),
        spare: Mutex::new(Vec::new()),
    };
    let merge = match dir.shard() {
        // A shard has its parts and no tables: they are made by the merge of all shards.
        Some(_) => None,
        None => Some(Merge::begin(&Source { task, tables: &tables, run: &run, control }, dir)?),
    };
    let (waiting, parts) = (parts.into(), Vec::new());
    let mut writer =
        Writer { dir, run: &run, control, held: None, since: now(), written: before, merge, waiting, parts };
    line::run(&workshop, &pool, left, |jobs, blocks| writer.add(jobs, blocks))?;
    writer.commit()?;
    let interrupted = |done| RunError::Interrupted { done, planned };
    if writer.written < planned {
        let manifest = Manifest::planned(dir.identity().clone(), dir.shard());
        Manifest { done: writer.written, ..manifest }.write(dir.disk(), path)?;
        return Err(interrupted(writer.written));
    }
    let finished = match dir.shard() {
        Some(shard) => finish_shard(dir, shard, planned)?,
        None => writer.finish()?,
    };
    finished.map_or_else(|| Err(interrupted(planned)), |finished| Ok(Finished { damaged, ..finished }))
}

/// Jobs that no part has, in words.
pub(super) fn hole_words(hole: &Range<u64>) -> String {
    format!("jobs {} to {} are missing", hole.start, hole.end - 1)
}

/// Copies the inputs into the directory; nothing is read from elsewhere afterwards.
pub(super) fn write_inputs<P: Play>(task: &Task<'_, P>, dir: &RunDir) -> Result<(), FileError> {
    let texts = [
        (table_file::MODEL, Some(task.model_text)),
        (table_file::POOL, task.pool_text),
        (table_file::INPUTS, (!task.inputs.is_empty()).then_some(task.inputs)),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            write_whole_on(dir.disk(), dir.path(), name, text)?;
        }
    }
    Ok(())
}

/// A shard is finished with its manifest.
fn finish_shard(dir: &RunDir, shard: Shard, done: u64) -> Result<Option<Finished>, RunError> {
    let manifest = Manifest { done, ..Manifest::planned(dir.identity().clone(), Some(shard)) };
    manifest.write(dir.disk(), dir.path())?;
    Ok(Some(Finished { manifest, summary: Vec::new(), clamps: 0, damaged: Vec::new() }))
}

/// Collects chunks into parts, and merges each part as soon as all before it are there.
struct Writer<'a, P: Play> {
    dir: &'a RunDir,
    run: &'a str,
    control: &'a Control,
    held: Option<(Range<u64>, Blocks)>,
    /// When the part that is held was begun.
    since: Instant,
    /// Jobs in parts.
    written: u64,
    /// The tables; none of a shard, and none once a run that was told to stop has left a hole.
    merge: Option<Merge<'a, P>>,
    /// Parts that were there before and have not been merged yet, in the order of their jobs.
    waiting: VecDeque<PartName>,
    /// Parts that have been merged.
    parts: Vec<PartName>,
}

impl<P: Play> Writer<'_, P> {
    fn add(&mut self, jobs: Range<u64>, blocks: Blocks) -> Result<(), RunError> {
        match &mut self.held {
            Some((held, sum)) if held.end == jobs.start => {
                held.end = jobs.end;
                sum.append(&blocks);
            }
            _ => {
                self.commit()?;
                self.held = Some((jobs, blocks));
            }
        }
        let full = self.held.as_ref().is_some_and(|(_, blocks)| blocks.len() >= PART_BYTES);
        if full || self.since.elapsed() >= self.control.commit {
            self.commit()?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), RunError> {
        if let Some((jobs, blocks)) = self.held.take() {
            let parts = self.dir.path().join(PARTS);
            part::write(self.dir.disk(), &parts, self.run, &jobs, &blocks)?;
            self.written += jobs.end - jobs.start;
            self.catch_up(jobs.start)?;
            let part = PartName { path: parts.join(part::name_of(&jobs)), jobs };
            self.merge = self.merge.take().filter(|merge| merge.next() == part.jobs.start);
            if let Some(merge) = &mut self.merge {
                merge.take(&part, &blocks)?;
            }
            self.parts.push(part);
        }
        self.since = now();
        Ok(())
    }

    /// Merges the parts from before whose jobs come before this one.
    fn catch_up(&mut self, job: u64) -> Result<(), RunError> {
        while let Some(part) = self.waiting.pop_front_if(|part| part.jobs.start < job) {
            let goes_on = |merge: &Merge<'_, P>| merge.next() == part.jobs.start && !self.control.is_stopped();
            self.merge = self.merge.take().filter(goes_on);
            if let Some(merge) = &mut self.merge {
                merge.read(&part)?;
            }
            self.parts.push(part);
        }
        Ok(())
    }

    /// Finishes the tables; none if it was told to stop.
    fn finish(mut self) -> Result<Option<Finished>, RunError> {
        self.catch_up(u64::MAX)?;
        self.merge.map_or(Ok(None), |merge| merge.finish(&self.parts, self.dir))
    }
}

pub(super) fn start(threads: usize) -> Result<ThreadPool, RunError> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("detente-{i}")).build();
    pool.map_err(|cause| RunError::Threads { threads, cause })
}
