//! Shards into one run: `detente merge`.

use std::path::{Path, PathBuf};

use super::control::{Control, Play, Progress};
use super::dir::{Opened, RunDir, Wanted, lock};
use super::error::RunError;
use super::execute::{Finished, Task, hole_words, write_inputs};
use super::manifest::Manifest;
use super::merge::{self, Merge, Source};
use super::part::{PARTS, PartName, gaps, jobs_of};
use super::reload::{Reloaded, reload};
use crate::sink::{FileError, SummaryRow};

/// Merges the shards in `dirs` into a run at `out`. The result has the bytes of an unsharded run.
///
/// # Errors
/// When a directory holds no shard, one is of another run or machine, ranges overlap or have holes, or files cannot be
/// read or written.
pub fn combine(
    dirs: &[PathBuf],
    out: &Path,
    also: impl Fn(&Reloaded) -> Vec<SummaryRow>,
    control: &Control,
    progress: &dyn Progress,
) -> Result<Finished, RunError> {
    let unfit = |path: &Path, reason: String| RunError::Unfit { path: path.to_owned(), reason };
    let first_dir = dirs.first().ok_or_else(|| unfit(out, "no shards are given".to_owned()))?;
    let first = reload(first_dir)?;
    let run = first.manifest.run.digest();
    let mut all: Vec<(PartName, &Path)> = Vec::new();
    let mut locks = Vec::new();
    for (at, dir) in dirs.iter().enumerate() {
        if dirs[..at].contains(dir) {
            return Err(unfit(dir, "it is given twice".to_owned()));
        }
        let manifest = Manifest::read(dir)?.ok_or_else(|| RunError::NoRun { path: dir.clone() })?;
        let differences = first.manifest.run.differences(&manifest.run);
        if !differences.is_empty() {
            return Err(RunError::OtherRun { path: dir.clone(), differences });
        }
        locks.push(lock(dir)?);
        for part in parts_of(dir)? {
            part.read(&run)?.map_err(|fault| RunError::Damaged { path: part.path.clone(), fault })?;
            all.push((part, dir));
        }
    }
    all.sort_by_key(|(part, _)| (part.jobs.start, part.jobs.end));
    for pair in all.windows(2) {
        let ((before, _), (after, dir)) = (&pair[0], &pair[1]);
        if after.jobs.start < before.jobs.end {
            let last = before.jobs.end.min(after.jobs.end) - 1;
            return Err(unfit(dir, format!("jobs {} to {last} are there twice", after.jobs.start)));
        }
    }
    let parts: Vec<PartName> = all.into_iter().map(|(part, _)| part).collect();
    if let Some(hole) = gaps(0..first.plan.jobs(), &parts).first() {
        return Err(unfit(out, hole_words(hole)));
    }
    let (lab, variant) = first.lab()?;
    let opened = RunDir::open(Wanted { with_parent: true, ..Wanted::at(out) }, &first.manifest.run)?;
    let dir = match opened {
        Opened::Complete(manifest) => {
            let summary = crate::sink::summary::read(out)?;
            return Ok(Finished { manifest, summary, clamps: 0, damaged: Vec::new() });
        }
        Opened::Ready(dir) => dir,
    };
    dir.clear(merge::ALL)?;
    let inputs = first.inputs.text();
    let task = Task {
        model: &variant.model,
        model_text: &first.loaded.text,
        pool_text: first.loaded.pool.as_deref(),
        inputs: &inputs,
        plan: &first.plan,
        design: &first.design,
        responses: &first.responses(),
        engine: &lab,
        replay: &first.inputs.words,
        also: &also(&first),
        noise: first.manifest.run.noise,
    };
    write_inputs(&task, &dir)?;
    progress.started(0, first.plan.jobs());
    let finished = merge_all(&Source { task: &task, tables: &variant.tables, run: &run, control }, &parts, &dir);
    progress.finished();
    drop(locks);
    let planned = first.plan.jobs();
    finished?.ok_or(RunError::Interrupted { done: 0, planned })
}

/// Merges parts without holes; none if it was told to stop.
fn merge_all<P: Play>(source: &Source<'_, P>, parts: &[PartName], dir: &RunDir) -> Result<Option<Finished>, RunError> {
    let mut merge = Merge::begin(source, dir)?;
    for part in parts {
        if source.control.is_stopped() {
            return Ok(None);
        }
        merge.read(part)?;
    }
    merge.finish(parts, dir)
}

/// The parts of a directory by their names, as they are: nothing is moved.
pub(super) fn parts_of(dir: &Path) -> Result<Vec<PartName>, FileError> {
    let parts = dir.join(PARTS);
    let mut list = Vec::new();
    let entries = match std::fs::read_dir(&parts) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(list),
        Err(cause) => return Err(FileError::on("read", parts)(cause)),
    };
    for entry in entries {
        let path = entry.map_err(FileError::on("read", &parts))?.path();
        let jobs = path.file_name().and_then(|name| name.to_str()).and_then(jobs_of);
        list.extend(jobs.map(|jobs| PartName { path, jobs }));
    }
    list.sort_by_key(|part| part.jobs.start);
    Ok(list)
}
