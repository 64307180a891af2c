//! `detente batch`: rows of settings from another program in, the same rows with outcomes out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use rayon::prelude::*;

use super::chunk::reason;
use super::control::{Control, Play, Progress};
use super::error::RunError;
use super::execute::start;
use super::experiment::{ExperimentError, column, values};
use super::inputs::{FactorInputs, Inputs};
use super::lab::{Desks, Lab};
use crate::design::plan::Trace;
use crate::design::{Layout, Moments};
use crate::engine::Coordinates;
use crate::engine::record::Record;
use crate::model::Model;
use crate::sink::{Rows, Tables, column_name};

/// Columns that say how a row is played rather than what is set.
const REPLICATIONS: &str = "replications";
const SEED: &str = "seed";

/// Rows to be played.
pub struct Batch<'a> {
    /// The name of the model as typed, for scenarios.
    pub name: &'a str,
    /// The model without what the rows set.
    pub model: &'a Model,
    /// What it is made from.
    pub inputs: Inputs,
    /// Replications of a row that does not say.
    pub replications: u64,
    /// Seed of a row that does not say.
    pub seed: u64,
    /// Names of the columns.
    pub header: csv::StringRecord,
    /// The rows.
    pub records: Vec<csv::StringRecord>,
}

/// How a row went.
struct Answer {
    status: Result<(), String>,
    played: u64,
    outcomes: Vec<u64>,
    agreements: Moments,
    renewed: u64,
    utility: Vec<Moments>,
    extra: Vec<Moments>,
}

/// How a row is played.
#[derive(Clone, Copy)]
struct How {
    replications: u64,
    seed: u64,
}

impl Batch<'_> {
    /// Plays every row and returns the table of answers: the columns of the rows, then `status` (`ok` or `failed`),
    /// `reason`, `played`, the share of each outcome, of agreements and of renewed wars, and means; and how many failed.
    ///
    /// # Errors
    /// When a scenario is unknown, the threads cannot be started, or it was told to stop.
    pub fn play(&self, control: &Control, progress: &dyn Progress) -> Result<(Vec<u8>, u64), BatchError> {
        let mut inputs = self.inputs.clone();
        let mut rows: Vec<Vec<f64>> = vec![Vec::new(); self.records.len()];
        for (at, name) in self.header.iter().enumerate() {
            if name == REPLICATIONS || name == SEED {
                continue;
            }
            let cells = self.records.iter().map(|record| record.get(at).unwrap_or(""));
            let (spec, numbers) = column(name, cells);
            rows.iter_mut().zip(numbers).for_each(|(row, number)| row.push(number));
            let values = values(&spec, self.name).map_err(|error| BatchError::Experiment(error.into()))?;
            inputs.factors.push(FactorInputs { name: name.to_owned(), values });
        }
        inputs.layout = Layout::Table(Vec::new());
        let fault = |fault: super::inputs::NoLaw| BatchError::Experiment(fault.into());
        let design = inputs.design(self.model).map_err(fault)?;
        let tables = Tables::new(self.model, Trace::None, &design.factors);
        let lab = Lab::new(&inputs, &design, Trace::None).fitting(tables);
        let pool = start(control.threads.max(1)).map_err(BatchError::Run)?;
        let spare: Mutex<Vec<Desks>> = Mutex::default();
        let total = self.records.len() as u64;
        progress.started(0, total);
        let done = std::sync::atomic::AtomicU64::new(0);
        let one = |(record, values): (&csv::StringRecord, &Vec<f64>)| {
            if control.is_stopped() {
                return None;
            }
            let mut desks = spare.lock().map_or_else(|_| lab.workspace(), |mut list| list.pop().unwrap_or_default());
            let answer = self.answer(&lab, record, values, &mut desks);
            if let Ok(mut list) = spare.lock() {
                list.push(desks);
            }
            progress.advanced(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1);
            Some(answer)
        };
        // Collected in the order of the rows, whoever was first.
        let answers: Option<Vec<Answer>> = pool.install(|| self.records.par_iter().zip(&rows).map(one).collect());
        progress.finished();
        let answers = answers.ok_or(BatchError::Run(RunError::Interrupted { done: 0, planned: total }))?;
        let failed = answers.iter().filter(|answer| answer.status.is_err()).count() as u64;
        Ok((self.table(&answers), failed))
    }

    fn how(&self, record: &csv::StringRecord) -> Result<How, String> {
        let cell = |name: &str| {
            let at = self.header.iter().position(|column| column == name);
            at.and_then(|at| record.get(at)).filter(|cell| !cell.is_empty())
        };
        let whole = |name: &str, default: u64| {
            cell(name)
                .map_or(Ok(default), |cell| cell.parse().map_err(|_| format!("{name}: `{cell}` is no whole number")))
        };
        let replications = whole(REPLICATIONS, self.replications)?;
        if replications == 0 {
            return Err("replications: at least 1 is needed".to_owned());
        }
        Ok(How { replications, seed: whole(SEED, self.seed)? })
    }

    fn answer(&self, lab: &Lab<'_>, record: &csv::StringRecord, values: &[f64], desks: &mut Desks) -> Answer {
        let mut answer = Answer {
            status: Ok(()),
            played: 0,
            outcomes: vec![0; self.model.outcomes.len()],
            agreements: Moments::default(),
            renewed: 0,
            utility: vec![Moments::default(); self.model.actors.len()],
            extra: vec![Moments::default(); self.model.outcome_columns.len()],
        };
        let how = match self.how(record) {
            Ok(how) => how,
            Err(fault) => return Answer { status: Err(fault), ..answer },
        };
        for replication in 0..how.replications {
            let at = Coordinates { seed: how.seed, replication };
            let one = AssertUnwindSafe(|| {
                let record = lab.play_at(values, at, desks)?;
                answer.add(record);
                Ok(())
            });
            let result = catch_unwind(one).unwrap_or_else(|panic| Err(reason(panic.as_ref())));
            if let Err(fault) = result {
                *desks = Desks::default();
                answer.status = Err(format!("replication {replication}: {fault}"));
                break;
            }
        }
        answer
    }

    fn table(&self, answers: &[Answer]) -> Vec<u8> {
        let mut rows = Rows::new();
        let mut header: Vec<String> = self.header.iter().map(str::to_owned).collect();
        header.extend(["status", "reason", "played"].map(str::to_owned));
        header.extend(self.model.outcomes.iter().map(|outcome| column_name(&format!("share_{}", outcome.id))));
        header.extend(["share_agreement", "share_renewed_war", "mean_agreement_month"].map(str::to_owned));
        header.extend(self.model.actors.iter().map(|actor| column_name(&format!("mean_u_{}", actor.id))));
        header.extend(self.model.outcome_columns.iter().map(|column| column_name(&format!("mean_{}", column.id))));
        rows.texts(header.iter().map(String::as_str));
        for (record, answer) in self.records.iter().zip(answers) {
            for at in 0..self.header.len() {
                rows.text(record.get(at).unwrap_or(""));
            }
            answer.write(&mut rows);
        }
        rows.finish().bytes
    }
}

impl Answer {
    fn add(&mut self, record: &Record) {
        self.played += 1;
        self.outcomes[record.outcome.index()] += 1;
        if let Some(month) = record.agreement_month {
            self.agreements.push(month);
        }
        self.renewed += u64::from(record.settlement.as_ref().is_some_and(|settlement| settlement.attacked));
        self.utility.iter_mut().zip(&record.utility).for_each(|(moments, value)| moments.push(*value));
        let finite = record.extra.iter().map(|value| Some(*value).filter(|value| value.is_finite()));
        for (moments, value) in self.extra.iter_mut().zip(finite) {
            if let Some(value) = value {
                moments.push(value);
            }
        }
    }

    fn write(&self, rows: &mut Rows) {
        let ok = self.status.is_ok();
        rows.text(if ok { "ok" } else { "failed" });
        rows.text(self.status.as_ref().err().map_or("", String::as_str));
        rows.integer(self.played);
        let share = |n: u64| (ok && self.played > 0).then(|| n as f64 / self.played as f64);
        for n in &self.outcomes {
            rows.maybe(share(*n));
        }
        rows.maybe(share(self.agreements.count()));
        rows.maybe(share(self.renewed));
        let mean = |moments: &Moments| moments.mean().filter(|_| ok);
        rows.maybe(mean(&self.agreements));
        for moments in self.utility.iter().chain(&self.extra) {
            rows.maybe(mean(moments));
        }
        rows.end();
    }
}

/// Why a batch has no answers.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A scenario cannot be loaded.
    #[error(transparent)]
    Experiment(ExperimentError),
    /// It was stopped, or there are no threads.
    #[error(transparent)]
    Run(RunError),
}
