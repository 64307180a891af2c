//! One chunk of jobs, played and rendered by one worker.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::design::plan::{Job, Plan};
use crate::engine::observer::{Move, Observer, StepView};
use crate::engine::record::Record;
use crate::model::Model;
use crate::sink::{Block, Rows, StepLog, Tables, agreements, misfit, moves};

use super::control::{Control, Play, Progress};

/// What a chunk adds to the run: rendered rows, and what the tally needs. A pure function of its jobs.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub outcomes: Block,
    pub agreements: Block,
    pub draws: Block,
    pub rounds: Block,
    pub moves: Block,
    pub failures: Block,
    pub played: Vec<Played>,
}

/// One job of a chunk; without a record it has failed.
#[derive(Debug)]
pub(super) struct Played {
    pub job: Job,
    pub result: Option<(Record, StepLog)>,
}

/// What all workers share.
pub(super) struct Workshop<'a, P: Play> {
    pub engine: &'a P,
    pub model: &'a Model,
    pub plan: &'a Plan,
    pub tables: &'a Tables,
    pub replay: &'a str,
    pub control: &'a Control,
    pub progress: &'a dyn Progress,
    /// Jobs done so far, for the progress.
    pub done: AtomicU64,
    /// Workspaces that nobody uses now; never more than there are workers.
    pub spare: Mutex<Vec<P::Workspace>>,
}

impl<P: Play> Workshop<'_, P> {
    /// Plays the jobs of a chunk in order; none if it was told to stop before the last.
    pub fn play(&self, jobs: Range<u64>) -> Option<Chunk> {
        let mut chunk = Chunk::default();
        let mut rows = [Rows::new(), Rows::new(), Rows::new(), Rows::new()];
        let mut workspace = self.take();
        let n = jobs.end - jobs.start;
        for index in jobs {
            if self.control.is_stopped() {
                return None;
            }
            let job = self.plan.job(index);
            let result = self.play_one(job, &mut workspace, &mut chunk, &mut rows);
            chunk.played.push(Played { job, result });
        }
        if let Some(workspace) = workspace {
            self.give_back(workspace);
        }
        [chunk.outcomes, chunk.agreements, chunk.draws, chunk.failures] = rows.map(Rows::finish);
        self.progress.advanced(self.done.fetch_add(n, Ordering::Relaxed) + n);
        Some(chunk)
    }

    fn play_one(
        &self,
        job: Job,
        workspace: &mut Option<P::Workspace>,
        chunk: &mut Chunk,
        rows: &mut [Rows; 4],
    ) -> Option<(Record, StepLog)> {
        let [outcomes, agreed, draws, failures] = rows;
        let mut watcher = Watcher::new(self, job);
        let buffers = workspace.get_or_insert_with(|| self.engine.workspace());
        // The workspace may be left half-changed by a panic: it is thrown away below and never looked at again.
        let played = catch_unwind(AssertUnwindSafe(|| self.engine.play(job, buffers, &mut watcher).clone()));
        let fault = match &played {
            Ok(record) => misfit(self.model, record),
            Err(panic) => Some(reason(panic.as_ref())),
        };
        if let (Ok(record), None) = (played, &fault) {
            self.tables.outcomes.write(self.model, job, Some(&record), outcomes);
            agreements::write(self.model, job, &record, agreed);
            self.tables.draws.write(job, &record, draws);
            for (block, rows) in [(&mut chunk.rounds, watcher.rounds), (&mut chunk.moves, watcher.moves)] {
                block.append(&rows.map(Rows::finish).unwrap_or_default());
            }
            return Some((record, watcher.log));
        }
        *workspace = None;
        self.tables.outcomes.write(self.model, job, None, outcomes);
        self.write_failure(job, &fault.unwrap_or_default(), failures);
        None
    }

    fn write_failure(&self, job: Job, fault: &str, rows: &mut Rows) {
        let (replay, seed) = (self.replay, self.plan.seed);
        rows.integer(job.point);
        rows.integer(job.replication);
        rows.integer(seed);
        rows.text(fault);
        rows.text(&format!("detente trace {replay} --seed {seed} --rep {}", job.replication));
        rows.end();
    }

    pub(super) fn take(&self) -> Option<P::Workspace> {
        self.spare.lock().map_or(None, |mut spare| spare.pop())
    }

    pub(super) fn give_back(&self, workspace: P::Workspace) {
        if let Ok(mut spare) = self.spare.lock() {
            spare.push(workspace);
        }
    }
}

/// What a panic said, on one line.
fn reason(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("panic without a message").replace(['\n', '\r'], " ")
}

/// Watches one replication: rows of the long tables where they are wanted, and counts by step always.
struct Watcher<'a> {
    model: &'a Model,
    tables: &'a Tables,
    job: Job,
    log: StepLog,
    rounds: Option<Rows>,
    moves: Option<Rows>,
}

impl<'a> Watcher<'a> {
    fn new<P: Play>(workshop: &Workshop<'a, P>, job: Job) -> Self {
        let (model, tables) = (workshop.model, workshop.tables);
        let rounds = tables.rounds.as_ref().map(|_| Rows::new());
        let moves = tables.moves.as_ref().map(|_| Rows::new());
        Self { model, tables, job, log: StepLog::default(), rounds, moves }
    }
}

impl Observer for Watcher<'_> {
    fn step(&mut self, view: &StepView<'_>) {
        self.tables.steps.look(view, &mut self.log);
        if let (Some(rounds), Some(rows)) = (&self.tables.rounds, &mut self.rounds) {
            rounds.write(self.model, self.job, view, rows);
        }
    }

    fn on(&mut self, step: u32, month: f64, what: &Move<'_>) {
        self.tables.steps.count(self.model, step, what, &mut self.log);
        if let Some(rows) = &mut self.moves {
            moves::write(self.model, moves::At { job: self.job, step, month }, what, rows);
        }
    }

    fn wants_parts(&self) -> bool {
        self.moves.is_some()
    }

    fn wants_agreeable(&self) -> bool {
        self.rounds.is_some()
    }
}
