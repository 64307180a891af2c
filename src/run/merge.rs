//! From parts to the tables of a run: a pure function of the parts.

use crate::design::sensitivity::{Bootstrap, Effect, Index, Indices, effects};
use crate::design::trajectories::Trajectories;
use crate::design::{Interval, Layout, Moments, Z_95, wilson};
use crate::model::Model;
use crate::sink::{
    Facts, FileError, SummaryRow, Tables, Tally, column_name, sync_dir, table_file as file, write_whole_on,
};

use super::chunk::next_fact;
use super::contrast::Contrasts;
use super::control::{Control, Play};
use super::dir::RunDir;
use super::error::RunError;
use super::execute::{Finished, Task};
use super::manifest::Manifest;
use super::outputs::Outputs;
use super::part::{Blocks, PARTS, PartName};

/// Every result file that a run may write, for clearing what an unfinished one left.
pub(super) const ALL: [&str; 12] = [
    file::OUTCOMES,
    file::AGREEMENTS,
    file::STEPS,
    file::ROUNDS,
    file::MOVES,
    file::FAILURES,
    file::DRAWS,
    file::SUMMARY,
    file::CODEBOOK,
    file::DESIGN,
    file::POOL,
    file::INPUTS,
];

/// Most points that `summary.csv` and `steps.csv` tell of one by one; of more they tell together.
pub const POINTS_TOLD: u64 = 1000;
/// Bytes that the sums of the points in work may take.
const BUDGET: u64 = 256 << 20;
/// Resamples of the intervals of indices.
const RESAMPLES: usize = 1000;

/// An output that sensitivity is told of: a number of each replication, averaged over the replications of a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Its name, as in `responses` of an experiment.
    pub name: String,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Outcome(u16),
    Agreement,
    RenewedWar,
    Utility(usize),
}

impl Response {
    /// All outputs of a model: the share of each outcome (`outcome_<id>`), of agreements (`agreement`) and of renewed wars
    /// among all replications (`renewed_war`), and the mean payoff of each actor (`u_<actor>`).
    #[must_use]
    pub fn all(model: &Model) -> Vec<Self> {
        let new = |name: String, what| Self { name, what };
        let outcomes = model.outcomes.iter().enumerate();
        let mut list: Vec<Self> =
            outcomes.map(|(i, o)| new(format!("outcome_{}", o.id), What::Outcome(i as u16))).collect();
        list.push(new("agreement".to_owned(), What::Agreement));
        list.push(new("renewed_war".to_owned(), What::RenewedWar));
        let actors = model.actors.iter().enumerate();
        list.extend(actors.map(|(i, a)| new(column_name(&format!("u_{}", a.id)), What::Utility(i))));
        list
    }

    /// Its value in a replication.
    pub(super) fn of(&self, facts: &Facts) -> f64 {
        let flag = |is: bool| f64::from(u8::from(is));
        match self.what {
            What::Outcome(outcome) => flag(facts.outcome == outcome),
            What::Agreement => flag(facts.agreement_month.is_some()),
            What::RenewedWar => flag(facts.settlement.as_ref().is_some_and(|s| s.attacked)),
            What::Utility(actor) => facts.utility[actor],
        }
    }
}

/// Parts being merged, one after the other in the order of their jobs.
pub(super) struct Merge<'a, P: Play> {
    pub task: &'a Task<'a, P>,
    pub tables: &'a Tables,
    /// Digest of the run that the parts belong to.
    pub run: &'a str,
    pub control: &'a Control,
    outputs: Outputs,
    totals: Totals,
    tally: Tally,
    /// The job whose turn it is.
    next: u64,
}

/// Whose parts are merged.
pub(super) struct Source<'a, P: Play> {
    pub task: &'a Task<'a, P>,
    pub tables: &'a Tables,
    /// Digest of the run that the parts belong to.
    pub run: &'a str,
    pub control: &'a Control,
}

impl<'a, P: Play> Merge<'a, P> {
    /// Begins the tables in `dir`.
    pub fn begin(source: &Source<'a, P>, dir: &RunDir) -> Result<Self, FileError> {
        let Source { task, tables, run, control } = *source;
        let contrasts = Contrasts::new(task.design, task.plan, task.responses);
        let totals = Totals { responses: responses(task), contrasts, ..Totals::default() };
        let tally = tally_of(task, tables, 0, dir);
        Ok(Self { task, tables, run, control, outputs: Outputs::create(dir, tables)?, totals, tally, next: 0 })
    }

    /// The job whose turn it is.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Takes the next part from its file.
    pub fn read(&mut self, part: &PartName) -> Result<(), RunError> {
        let blocks = self.blocks_of(part)?;
        self.take(part, &blocks)
    }

    /// Takes the next part, whose blocks these are.
    pub fn take(&mut self, part: &PartName, blocks: &Blocks) -> Result<(), RunError> {
        debug_assert_eq!(part.jobs.start, self.next, "parts are taken in the order of their jobs");
        self.next = part.jobs.end;
        self.outputs.append(self.tables, blocks)?;
        let mut bytes = blocks.0[Blocks::FACTS].bytes.as_slice();
        for index in part.jobs.clone() {
            let facts = next_fact(&mut bytes).map_err(|fault| RunError::Damaged { path: part.path.clone(), fault })?;
            let job = self.task.plan.job(index);
            self.tally.add(&self.tables.steps, job, facts.as_ref());
            if let Some(contrasts) = &mut self.totals.contrasts {
                contrasts.add(self.task.design, job, facts.as_ref());
            }
            for (response, means) in &mut self.totals.responses {
                if let Some(facts) = &facts {
                    means[job.point as usize].push(response.of(facts));
                }
            }
        }
        Ok(())
    }

    fn blocks_of(&self, part: &PartName) -> Result<Blocks, RunError> {
        part.read(self.run)?.map_err(|fault| RunError::Damaged { path: part.path.clone(), fault })
    }

    /// Writes the tables and the manifest once all of `parts` have been taken, and removes the parts of the directory; none
    /// if it was told to stop.
    pub fn finish(mut self, parts: &[PartName], dir: &RunDir) -> Result<Option<Finished>, RunError> {
        let plan = self.task.plan;
        let mut end = self.close_points()?;
        // Points whose sums did not fit beside those before them are added up from the parts.
        while plan.points <= POINTS_TOLD && end < plan.points {
            self.tally = tally_of(self.task, self.tables, end, dir);
            if !self.add_up(parts)? {
                return Ok(None);
            }
            end = self.close_points()?;
        }
        let Self { task, tables, outputs, mut totals, .. } = self;
        totals.summary.extend(noise_row(totals.noise));
        let contrasts = totals.contrasts.as_mut().map(|contrasts| contrasts.rows(task.design));
        totals.summary.extend(contrasts.unwrap_or_default());
        totals.summary.extend(sensitivity(task, &totals.responses));
        totals.summary.extend_from_slice(task.also);
        let mut files = outputs.finish(dir, task, tables, &totals.summary)?;
        for (name, text) in [
            (file::MODEL, Some(task.model_text)),
            (file::POOL, task.pool_text),
            (file::INPUTS, (!task.inputs.is_empty()).then_some(task.inputs)),
        ] {
            if let Some(text) = text {
                files.insert(name.to_owned(), write_whole_on(dir.disk(), dir.path(), name, text)?);
            }
        }
        sync_dir(dir.path())?;
        let manifest = Manifest {
            done: totals.done,
            failed: totals.failed,
            files,
            ..Manifest::planned(dir.identity().clone(), None)
        };
        manifest.write(dir.disk(), dir.path())?;
        let parts = dir.path().join(PARTS);
        if parts.is_dir() {
            // All of it is in the tables by now.
            std::fs::remove_dir_all(&parts).map_err(FileError::on("remove", &parts))?;
        }
        Ok(Some(Finished { manifest, summary: totals.summary, clamps: totals.clamps, damaged: Vec::new() }))
    }

    /// Notes the sums of the points in work; returns one past the last of them.
    fn close_points(&mut self) -> Result<u64, FileError> {
        self.totals.add(&self.tally);
        self.outputs.steps.append(&self.tally.step_rows(&self.tables.steps))?;
        self.totals.summary.extend(self.tally.summary(self.task.model, &self.tables.steps));
        Ok(self.tally.end())
    }

    /// Reads every part once more for the sums of the points in work. False if it was told to stop.
    fn add_up(&mut self, parts: &[PartName]) -> Result<bool, RunError> {
        for part in parts {
            if self.control.is_stopped() {
                return Ok(false);
            }
            let blocks = self.blocks_of(part)?;
            let mut bytes = blocks.0[Blocks::FACTS].bytes.as_slice();
            for index in part.jobs.clone() {
                let fault = |fault| RunError::Damaged { path: part.path.clone(), fault };
                let facts = next_fact(&mut bytes).map_err(fault)?;
                self.tally.add(&self.tables.steps, self.task.plan.job(index), facts.as_ref());
            }
        }
        Ok(true)
    }
}

/// Sums of as many points from `first` on as fit into memory, or of all points as one where they are too many to be told
/// one by one.
fn tally_of<P: Play>(task: &Task<'_, P>, tables: &Tables, first: u64, dir: &RunDir) -> Tally {
    let Task { model, plan, .. } = *task;
    let tally = if plan.points <= POINTS_TOLD {
        let size = Tally::bytes(model) + tables.steps.bytes();
        let block = (BUDGET / size.max(1)).clamp(1, plan.points.max(1));
        Tally::new(model, first..plan.points.min(first + block), true)
    } else {
        Tally::pooled(model)
    };
    tally.sharing(dir.identity().per_draw)
}

/// The outputs that sensitivity is told of, with a mean for each point; none in other designs.
fn responses<P: Play>(task: &Task<'_, P>) -> Vec<(Response, Vec<Moments>)> {
    let Task { responses, plan, design, .. } = *task;
    let told = matches!(design.layout, Layout::Saltelli { .. } | Layout::Morris { .. });
    let list = if told { responses } else { &[] };
    list.iter().map(|response| (response.clone(), vec![Moments::default(); plan.points as usize])).collect()
}

/// Rows of `summary.csv` on how much of each output each factor accounts for.
fn sensitivity<P: Play>(task: &Task<'_, P>, responses: &[(Response, Vec<Moments>)]) -> Vec<SummaryRow> {
    let design = task.design;
    let d = design.factors.len();
    let mut rows = Vec::new();
    for (response, means) in responses {
        let Some(y) = means.iter().map(Moments::mean).collect::<Option<Vec<f64>>>() else { continue };
        let n = means.iter().map(Moments::count).sum();
        let mut push = |factor: &str, statistic: &str, value: f64, interval: Option<Interval>| {
            rows.push(SummaryRow {
                point: None,
                quantity: response.name.clone(),
                category: factor.to_owned(),
                statistic: statistic.to_owned(),
                n,
                value: Some(value),
                low: interval.map(|interval| interval.low),
                high: interval.map(|interval| interval.high),
            });
        };
        let name = |at: usize| design.factors[at].name.as_str();
        match design.layout {
            Layout::Saltelli { second, .. } => {
                let bootstrap = Bootstrap { resamples: RESAMPLES, seed: task.plan.seed };
                let Some(indices) = Indices::of(&y, d, second, bootstrap) else { continue };
                let mut told = |factor: &str, statistic: &str, index: &Index| {
                    push(factor, statistic, index.value, Some(index.interval));
                };
                for at in 0..d {
                    told(name(at), "first_order", &indices.first[at]);
                    told(name(at), "total_order", &indices.total[at]);
                }
                for (j, k, index) in &indices.second {
                    told(&format!("{} x {}", name(*j), name(*k)), "second_order", index);
                }
            }
            Layout::Morris { levels, .. } => {
                let trajectories = Trajectories { factors: d, levels, seed: design.seed };
                let mut shares = Vec::new();
                let points = (0..y.len() as u64).map(|index| {
                    trajectories.point(index, &mut shares);
                    shares.clone()
                });
                let points: Vec<Vec<f64>> = points.collect();
                let Some(found) = effects(&points, &y, d, trajectories.step()) else { continue };
                for (at, Effect { mu, mu_star, mu_star_error, sigma }) in found.into_iter().enumerate() {
                    let half = Z_95 * mu_star_error;
                    push(name(at), "mu", mu, None);
                    push(name(at), "mu_star", mu_star, Some(Interval { low: mu_star - half, high: mu_star + half }));
                    push(name(at), "sigma", sigma, None);
                }
            }
            _ => {}
        }
    }
    rows
}

/// Sums over all points.
#[derive(Default)]
struct Totals {
    done: u64,
    failed: u64,
    clamps: u64,
    noise: [u64; 2],
    summary: Vec<SummaryRow>,
    responses: Vec<(Response, Vec<Moments>)>,
    contrasts: Option<Contrasts>,
}

impl Totals {
    fn add(&mut self, tally: &Tally) {
        self.done += tally.done();
        self.failed += tally.failed();
        self.clamps += tally.clamps();
        let [n, k] = tally.noise();
        self.noise = [self.noise[0] + n, self.noise[1] + k];
    }
}

/// The noise share, if anything was played again.
fn noise_row([n, k]: [u64; 2]) -> Option<SummaryRow> {
    let interval = wilson(k, n);
    (n > 0).then(|| SummaryRow {
        point: Some(0),
        quantity: "noise".to_owned(),
        category: String::new(),
        statistic: "share".to_owned(),
        n,
        value: Some(k as f64 / n as f64),
        low: Some(interval.low),
        high: Some(interval.high),
    })
}
