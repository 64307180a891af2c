//! How long a job takes and how many bytes its rows have, from playing a few.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use super::chunk::Workshop;
use super::control::{Control, Play, Silent};
use super::lab::Lab;
use super::line::now;
use super::part::Blocks;
use crate::design::Design;
use crate::design::plan::Plan;

/// Time that is spent, about.
const TIME: Duration = Duration::from_millis(300);
/// Most jobs that are played.
const MOST: u64 = 200;

/// What a job takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probe {
    /// Seconds of one worker.
    pub seconds_a_job: f64,
    /// Bytes in the result files.
    pub bytes_a_job: f64,
}

/// Plays the first jobs of a plan for a moment, at least one.
///
/// # Errors
/// Why the first point cannot be played.
pub fn probe(lab: &Lab<'_>, design: &Design, plan: &Plan) -> Result<Probe, String> {
    let first = lab.first()?;
    let control = Control::default();
    let workshop = Workshop {
        engine: lab,
        model: &first.model,
        plan,
        design,
        tables: &first.tables,
        replay: "",
        noise: 0,
        control: &control,
        progress: &Silent,
        done: AtomicU64::default(),
        spare: Mutex::default(),
    };
    let mut workspace = lab.workspace();
    lab.prepare(plan.job(0), &mut workspace)?;
    if let Ok(mut spare) = workshop.spare.lock() {
        spare.push(workspace);
    }
    let began = now();
    let (mut jobs, mut bytes) = (0, 0);
    while jobs < plan.jobs().min(MOST) && (jobs == 0 || began.elapsed() < TIME) {
        let blocks = workshop.play(jobs..jobs + 1).unwrap_or_default();
        bytes += blocks.len() - blocks.0[Blocks::FACTS].bytes.len();
        jobs += 1;
    }
    let n = jobs.max(1) as f64;
    Ok(Probe { seconds_a_job: began.elapsed().as_secs_f64() / n, bytes_a_job: bytes as f64 / n })
}
