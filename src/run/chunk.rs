//! One chunk of jobs, played and rendered by one worker.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::design::Design;
use crate::design::plan::{Job, Plan};
use crate::engine::observer::{Move, Observer, StepView};
use crate::engine::record::Record;
use crate::model::Model;
use crate::sink::{Block, Facts, Row, Rows, StepLog, Tables, agreements, misfit, moves};

use super::control::{Control, Play, Progress};
use super::part::{Blocks, PartFault};

/// What all workers share.
pub(super) struct Workshop<'a, P: Play> {
    pub engine: &'a P,
    pub model: &'a Model,
    pub plan: &'a Plan,
    pub design: &'a Design,
    pub tables: &'a Tables,
    pub replay: &'a str,
    /// Jobs below this number are played again without noise.
    pub noise: u64,
    pub control: &'a Control,
    pub progress: &'a dyn Progress,
    /// Jobs done so far, for the progress.
    pub done: AtomicU64,
    /// Workspaces that nobody uses now; never more than there are workers.
    pub spare: Mutex<Vec<P::Workspace>>,
}

/// Rows of a chunk under construction.
#[derive(Default)]
struct Sheets {
    outcomes: Rows,
    agreements: Rows,
    draws: Rows,
    failures: Rows,
    rounds: Block,
    moves: Block,
    facts: Block,
}

impl Sheets {
    fn finish(self) -> Blocks {
        let [outcomes, agreements, draws, failures] =
            [self.outcomes, self.agreements, self.draws, self.failures].map(Rows::finish);
        Blocks([outcomes, agreements, draws, self.rounds, self.moves, failures, self.facts])
    }

    fn fact(&mut self, facts: Option<&Facts>) {
        self.facts.rows += 1;
        self.facts.bytes.push(u8::from(facts.is_some()));
        if let Some(facts) = facts {
            facts.write(&mut self.facts.bytes);
        }
    }
}

/// Takes the facts of the next job from a block; none of a job that failed.
///
/// # Errors
/// When the block ends or holds no facts there.
pub(super) fn next_fact(bytes: &mut &[u8]) -> Result<Option<Facts>, PartFault> {
    let (first, rest) = bytes.split_first().ok_or(PartFault::Footer)?;
    *bytes = rest;
    if *first == 0 { Ok(None) } else { Facts::read(bytes).map(Some).ok_or(PartFault::Footer) }
}

impl<P: Play> Workshop<'_, P> {
    /// Plays the jobs of a chunk in order: their rows, a pure function of the jobs; none if it was told to stop before the
    /// last.
    pub fn play(&self, jobs: Range<u64>) -> Option<Blocks> {
        let mut sheets = Sheets::default();
        let mut workspace = self.spare.lock().map_or(None, |mut spare| spare.pop());
        for index in jobs {
            if self.control.is_stopped() {
                return None;
            }
            self.play_one(self.plan.job(index), &mut workspace, &mut sheets);
            self.progress.advanced(self.done.fetch_add(1, Ordering::Relaxed) + 1);
        }
        if let (Some(workspace), Ok(mut spare)) = (workspace, self.spare.lock()) {
            spare.push(workspace);
        }
        Some(sheets.finish())
    }

    fn play_one(&self, job: Job, workspace: &mut Option<P::Workspace>, sheets: &mut Sheets) {
        let mut values = Vec::new();
        self.design.point(job.point, &mut values);
        let seed = self.engine.seed(job).unwrap_or(self.plan.seed);
        let row = Row { job, seed, factors: &self.design.factors, values: &values };
        // The workspace may be left half-changed by a panic: it is thrown away below and never looked at again.
        let fault = match catch_unwind(AssertUnwindSafe(|| self.play_into(&row, workspace, sheets))) {
            Ok(Ok(())) => return,
            Ok(Err(fault)) => fault,
            Err(panic) => {
                *workspace = None;
                reason(panic.as_ref())
            }
        };
        self.tables.outcomes.write(self.model, &row, None, &mut sheets.outcomes);
        self.write_failure(&row, &fault, &mut sheets.failures);
        sheets.fact(None);
    }

    /// Plays a job and writes its rows, or says why it has none.
    fn play_into(
        &self,
        row: &Row<'_>,
        workspace: &mut Option<P::Workspace>,
        sheets: &mut Sheets,
    ) -> Result<(), String> {
        let job = row.job;
        let buffers = workspace.get_or_insert_with(|| self.engine.workspace());
        self.engine.prepare(job, buffers)?;
        let own = self.engine.own(buffers);
        let (model, tables) = own.as_ref().map_or((self.model, self.tables), |own| (&own.model, &own.tables));
        let mut watcher = Watcher::new(model, tables, job);
        let record = self.engine.play(job, buffers, &mut watcher);
        if let Some(fault) = misfit(model, record) {
            return Err(fault);
        }
        let mut facts = Facts::of(model, record, watcher.log);
        write_rows(model, tables, row, record, sheets);
        for (block, rows) in [(&mut sheets.rounds, watcher.rounds), (&mut sheets.moves, watcher.moves)] {
            block.append(&rows.map(Rows::finish).unwrap_or_default());
        }
        if job.index < self.noise {
            facts.noise = self.exactly(job, buffers).map(|outcome| outcome != facts.outcome);
            if facts.noise.is_none() {
                *workspace = None;
            }
        }
        sheets.fact(Some(&facts));
        Ok(())
    }

    /// Outcome of a job on the same draws without noise (`core.md` 20): what changes it is noise, not behaviour. None if
    /// that fails.
    fn exactly(&self, job: Job, workspace: &mut P::Workspace) -> Option<u16> {
        catch_unwind(AssertUnwindSafe(|| self.engine.play_exactly(job, workspace).outcome.0)).ok()
    }

    fn write_failure(&self, row: &Row<'_>, fault: &str, rows: &mut Rows) {
        let Row { job, seed, .. } = *row;
        rows.integer(job.point);
        rows.integer(job.replication);
        rows.integer(seed);
        rows.text(fault);
        let words = [self.replay.to_owned(), self.engine.replay(job)].join(" ");
        rows.text(&format!("detente trace {} --seed {seed} --rep {}", words.trim(), job.replication));
        rows.end();
    }
}

fn write_rows(model: &Model, tables: &Tables, row: &Row<'_>, record: &Record, sheets: &mut Sheets) {
    tables.outcomes.write(model, row, Some(record), &mut sheets.outcomes);
    agreements::write(model, row.job, record, &mut sheets.agreements);
    tables.draws.write(row.job, record, &mut sheets.draws);
}

/// What a panic said, on one line.
pub(super) fn reason(panic: &(dyn std::any::Any + Send)) -> String {
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
    fn new(model: &'a Model, tables: &'a Tables, job: Job) -> Self {
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

    fn wants_details(&self) -> bool {
        self.rounds.is_some()
    }
}
