//! What the caller of a run provides: the engine, the means, a way to stop it and somebody to tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::design::plan::Job;
use crate::engine::observer::{Nobody, Observer};
use crate::engine::record::Record;

/// The engine as a run sees it. Pure: the record depends on the job alone, not on the workspace's past.
pub trait Play: Sync {
    /// Buffers of one worker, used again from one replication to the next.
    type Workspace: Send;

    /// New buffers.
    fn workspace(&self) -> Self::Workspace;

    /// Plays one job.
    fn play<'w>(&self, job: Job, workspace: &'w mut Self::Workspace, observer: &mut dyn Observer) -> &'w Record;

    /// Plays one job on the same draws without noise: no misjudgement, and the best offer and lever each time. The same as
    /// [`Self::play`] where an engine has no noise.
    fn play_exactly<'w>(&self, job: Job, workspace: &'w mut Self::Workspace) -> &'w Record {
        self.play(job, workspace, &mut Nobody)
    }
}

/// Means of a run. Nothing here changes a byte of its results.
#[derive(Clone, Debug)]
pub struct Control {
    /// Set by anybody to stop the run; looked at between replications.
    pub stop: Arc<AtomicBool>,
    /// Workers, at least 1.
    pub threads: usize,
    /// Jobs a worker takes at a time, at least 1.
    pub chunk: u64,
    /// The command as typed, for the log.
    pub argv: Vec<String>,
}

/// Jobs a worker takes at a time unless told otherwise.
pub const CHUNK: u64 = 16;

impl Default for Control {
    fn default() -> Self {
        Self { stop: Arc::default(), threads: 1, chunk: CHUNK, argv: Vec::new() }
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
    /// Work begins on so many jobs.
    fn started(&self, total: u64) {
        let _ = total;
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
