//! From parts to the tables of a run: a pure function of the parts.

use std::collections::BTreeMap;
use std::path::Path;

use crate::design::sensitivity::{Bootstrap, Effect, Index, Indices, effects};
use crate::design::trajectories::Trajectories;
use crate::design::{Interval, Layout, Moments, Z_95, wilson};
use crate::model::Model;
use crate::sink::{
    Block, Column, Disk, Facts, FileEntry, FileError, PartFile, SummaryRow, Tables, Tally, column_name, header,
    sync_dir, table_file as file, write_whole_on,
};

use super::chunk::next_fact;
use super::contrast::Contrasts;
use super::control::{Control, Play};
use super::dir::RunDir;
use super::error::RunError;
use super::execute::{Finished, Task};
use super::manifest::Manifest;
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

/// Parts to be merged.
pub(super) struct Merge<'a, P: Play> {
    pub task: &'a Task<'a, P>,
    pub tables: &'a Tables,
    /// In the order of their jobs, without holes.
    pub parts: &'a [PartName],
    /// Digest of the run that they belong to.
    pub run: &'a str,
    pub control: &'a Control,
}

impl<P: Play> Merge<'_, P> {
    /// Writes the tables and the manifest, and removes the parts of the directory; none if it was told to stop.
    pub fn finish(&self, dir: &RunDir) -> Result<Option<Finished>, RunError> {
        let Task { model, plan, .. } = *self.task;
        let per_draw = dir.identity().per_draw;
        let mut outputs = Outputs::create(dir, self.tables)?;
        let told = plan.points <= POINTS_TOLD;
        let size = Tally::bytes(model) + self.tables.steps.bytes();
        let block = if told { (BUDGET / size.max(1)).clamp(1, plan.points) } else { 1 };
        let contrasts = Contrasts::new(self.task.design, plan, self.task.responses);
        let mut totals = Totals { responses: self.responses(), contrasts, ..Totals::default() };
        let mut first = 0;
        while first == 0 || (told && first < plan.points) {
            let end = plan.points.min(first + block);
            let tally = if told { Tally::new(model, first..end, true) } else { Tally::pooled(model) };
            let mut tally = tally.sharing(per_draw);
            if !self.pass(&mut tally, (first == 0).then_some((&mut outputs, &mut totals)))? {
                return Ok(None);
            }
            totals.add(&tally);
            outputs.steps.append(&tally.step_rows(&self.tables.steps))?;
            totals.summary.extend(tally.summary(model, &self.tables.steps));
            first = end;
        }
        totals.summary.extend(noise_row(totals.noise));
        let contrasts = totals.contrasts.as_mut().map(|contrasts| contrasts.rows(self.task.design));
        totals.summary.extend(contrasts.unwrap_or_default());
        totals.summary.extend(self.sensitivity(&totals.responses));
        totals.summary.extend_from_slice(self.task.also);
        let mut files = outputs.finish(dir, self.task, self.tables, &totals.summary)?;
        for (name, text) in [
            (file::MODEL, Some(self.task.model_text)),
            (file::POOL, self.task.pool_text),
            (file::INPUTS, (!self.task.inputs.is_empty()).then_some(self.task.inputs)),
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

    /// Reads every part; the first time its rows go to the tables too. False if it was told to stop.
    fn pass(&self, tally: &mut Tally, mut first: Option<(&mut Outputs, &mut Totals)>) -> Result<bool, RunError> {
        for part in self.parts {
            if self.control.is_stopped() {
                return Ok(false);
            }
            let damaged = |fault| RunError::Damaged { path: part.path.clone(), fault };
            let blocks = part.read(self.run)?.map_err(damaged)?;
            if let Some((outputs, _)) = &mut first {
                outputs.append(self.tables, &blocks)?;
            }
            let mut bytes = blocks.0[Blocks::FACTS].bytes.as_slice();
            for index in part.jobs.clone() {
                let facts = next_fact(&mut bytes).map_err(damaged)?;
                let job = self.task.plan.job(index);
                tally.add(&self.tables.steps, job, facts.as_ref());
                let Some((_, totals)) = &mut first else { continue };
                if let Some(contrasts) = &mut totals.contrasts {
                    contrasts.add(self.task.design, job, facts.as_ref());
                }
                for (response, means) in &mut totals.responses {
                    if let Some(facts) = &facts {
                        means[job.point as usize].push(response.of(facts));
                    }
                }
            }
        }
        Ok(true)
    }

    /// The outputs that sensitivity is told of, with a mean for each point; none in other designs.
    fn responses(&self) -> Vec<(Response, Vec<Moments>)> {
        let Task { responses, plan, design, .. } = *self.task;
        let told = matches!(design.layout, Layout::Saltelli { .. } | Layout::Morris { .. });
        let list = if told { responses } else { &[] };
        list.iter().map(|response| (response.clone(), vec![Moments::default(); plan.points as usize])).collect()
    }

    fn sensitivity(&self, responses: &[(Response, Vec<Moments>)]) -> Vec<SummaryRow> {
        let design = self.task.design;
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
                    let bootstrap = Bootstrap { resamples: RESAMPLES, seed: self.task.plan.seed };
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
                        push(
                            name(at),
                            "mu_star",
                            mu_star,
                            Some(Interval { low: mu_star - half, high: mu_star + half }),
                        );
                        push(name(at), "sigma", sigma, None);
                    }
                }
                _ => {}
            }
        }
        rows
    }
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

/// The tables of a run while they grow.
struct Outputs {
    disk: Disk,
    dir: std::path::PathBuf,
    outcomes: PartFile,
    agreements: PartFile,
    draws: PartFile,
    steps: PartFile,
    rounds: Option<PartFile>,
    moves: Option<PartFile>,
    /// Created by the first failure.
    failures: Option<PartFile>,
}

impl Outputs {
    fn create(dir: &RunDir, tables: &Tables) -> Result<Self, FileError> {
        let disk = dir.disk().clone();
        let dir = dir.path().to_owned();
        let new = |name: &str, columns: &[Column]| table(&disk, &dir, name, columns);
        Ok(Self {
            outcomes: new(file::OUTCOMES, &tables.outcomes.columns)?,
            agreements: new(file::AGREEMENTS, &tables.agreements)?,
            draws: new(file::DRAWS, &tables.draws.columns)?,
            steps: new(file::STEPS, &tables.steps.columns)?,
            rounds: tables.rounds.as_ref().map(|r| new(file::ROUNDS, &r.columns)).transpose()?,
            moves: tables.moves.as_ref().map(|m| new(file::MOVES, m)).transpose()?,
            failures: None,
            disk,
            dir,
        })
    }

    /// Appends the rows of the next part.
    fn append(&mut self, tables: &Tables, blocks: &Blocks) -> Result<(), FileError> {
        let [outcomes, agreements, draws, rounds, moves, failures, _] = &blocks.0;
        self.outcomes.append(outcomes)?;
        self.agreements.append(agreements)?;
        self.draws.append(draws)?;
        if let Some(table) = &mut self.rounds {
            table.append(rounds)?;
        }
        if let Some(table) = &mut self.moves {
            table.append(moves)?;
        }
        if failures.rows > 0 {
            let own = match &mut self.failures {
                Some(own) => own,
                none => none.insert(table(&self.disk, &self.dir, file::FAILURES, &tables.failures)?),
            };
            own.append(failures)?;
        }
        Ok(())
    }

    /// Writes the last tables, brings all to the disk, and only then gives any its final name.
    fn finish<P: Play>(
        self,
        dir: &RunDir,
        task: &Task<'_, P>,
        tables: &Tables,
        list: &[SummaryRow],
    ) -> Result<BTreeMap<String, FileEntry>, FileError> {
        let new = |name: &str, columns: &[Column]| table(dir.disk(), dir.path(), name, columns);
        let mut summary = new(file::SUMMARY, &tables.summary)?;
        summary.append(&summary_rows(list))?;
        let mut codebook = new(file::CODEBOOK, &tables.codebook)?;
        codebook.append(&tables.codebook_rows(self.failures.is_some()))?;
        let mut design = new(file::DESIGN, &tables.design)?;
        let mut values = Vec::new();
        for point in 0..task.plan.points {
            task.design.point(point, &mut values);
            design.append(&Tables::design_row(&task.design.factors, point, &values))?;
        }
        let mut all = vec![
            (file::OUTCOMES, self.outcomes),
            (file::AGREEMENTS, self.agreements),
            (file::DRAWS, self.draws),
            (file::STEPS, self.steps),
            (file::SUMMARY, summary),
            (file::CODEBOOK, codebook),
            (file::DESIGN, design),
        ];
        let optional = [(file::ROUNDS, self.rounds), (file::MOVES, self.moves), (file::FAILURES, self.failures)];
        all.extend(optional.into_iter().filter_map(|(name, part)| part.map(|part| (name, part))));
        for (_, part) in &mut all {
            part.sync()?;
        }
        all.into_iter().map(|(name, part)| Ok((name.to_owned(), part.finish(true)?))).collect()
    }
}

fn table(disk: &Disk, dir: &Path, name: &str, columns: &[Column]) -> Result<PartFile, FileError> {
    let mut part = PartFile::create_on(disk, dir, name)?;
    part.write(&header(columns).bytes)?;
    Ok(part)
}

fn summary_rows(list: &[SummaryRow]) -> Block {
    let mut rows = crate::sink::Rows::new();
    for row in list {
        row.write(&mut rows);
    }
    rows.finish()
}
