//! What the caller of a run provides: the engine, the means, a way to stop it and somebody to tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::design::plan::Job;
use crate::engine::observer::{Nobody, Observer};
use crate::engine::record::Record;
use crate::model::Model;
use crate::sink::Tables;

/// The engine as a run sees it. Pure: the record depends on the job alone, not on the workspace's past.
pub trait Play: Sync {
    /// Buffers of one worker, used again from one replication to the next.
    type Workspace: Send;

    /// New buffers.
    fn workspace(&self) -> Self::Workspace;

    /// Plays one job.
    fn play<'w>(&self, job: Job, workspace: &'w mut Self::Workspace, observer: &mut dyn Observer) -> &'w Record;

    /// Makes the workspace ready for a job: called before it is played.
    ///
    /// # Errors
    /// Why the job cannot be played; it fails then.
    fn prepare(&self, job: Job, workspace: &mut Self::Workspace) -> Result<(), String> {
        let _ = (job, workspace);
        Ok(())
    }

    /// The model and tables of the job that the workspace was made ready for, where points have their own.
    fn own(&self, workspace: &Self::Workspace) -> Option<Arc<Variant>> {
        let _ = workspace;
        None
    }

    /// Seed of the draws of a job, where it is not that of the run.
    fn seed(&self, job: Job) -> Option<u64> {
        let _ = job;
        None
    }

    /// What follows the words of the model in the command that plays a job again: scenarios and settings of its point.
    fn replay(&self, job: Job) -> String {
        let _ = job;
        String::new()
    }

    /// Plays one job on the same draws without noise: no misjudgement, and the best offer and lever each time. The same as
    /// [`Self::play`] where an engine has no noise.
    fn play_exactly<'w>(&self, job: Job, workspace: &'w mut Self::Workspace) -> &'w Record {
        self.play(job, workspace, &mut Nobody)
    }
}

/// A model of some points of an experiment, with the tables to write its rows.
#[derive(Debug)]
pub struct Variant {
    /// The model, for its words; numbers may be those of another point.
    pub model: Model,
    /// Tables with the columns of the run.
    pub tables: Tables,
}

/// Means of a run. Nothing here changes a byte of its results.
#[derive(Clone, Debug)]
pub struct Control {
    /// Set by anybody to stop the run; looked at between replications.
    pub stop: Arc<AtomicBool>,
    /// Workers, at least 1.
    pub threads: usize,
    /// Jobs a worker takes at a time; none: as many as take about a tenth of a second.
    pub chunk: Option<u64>,
    /// How much work a part holds, about; 0: every chunk is a part.
    pub commit: Duration,
    /// The command as typed, for the log.
    pub argv: Vec<String>,
}

/// Work that a part holds unless told otherwise.
pub const COMMIT: Duration = Duration::from_secs(1);

impl Default for Control {
    fn default() -> Self {
        Self { stop: Arc::default(), threads: 1, chunk: None, commit: COMMIT, argv: Vec::new() }
    }
}

impl Control {
    /// Whether somebody wants the run to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Somebody who is told how far a run is. Called from any worker.
pub trait Progress: Sync {
    /// Work begins: so many jobs are done already, of so many.
    fn started(&self, done: u64, total: u64) {
        let _ = (done, total);
    }

    /// So many jobs are done, of all.
    fn advanced(&self, done: u64) {
        let _ = done;
    }

    /// Work has ended, one way or another.
    fn finished(&self) {}
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
