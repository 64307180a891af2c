//! What is added up over replications: the numbers of `summary.csv` and `steps.csv`.
//!
//! Fed strictly in job order. Memory depends on the model and the number of points, not on the number of replications.

use crate::design::plan::{Job, Plan};
use crate::design::{Histogram, Interval, Moments, Survival, wilson};
use crate::engine::record::{Record, Settlement};
use crate::model::Model;

use super::cell::{Block, Rows};
use super::name::column_name;
use super::path::PathKind;
use super::steps::{PAYOFFS, QUANTILES, StepLog, StepTally, Steps};
use super::summary::SummaryRow;

/// Months after signing at which the survival of peace is told.
pub const SURVIVAL_MONTHS: [usize; 3] = [12, 36, 60];

/// Bins of the histogram of a payoff over a whole replication: a thousandth of a point wide.
const PAYOFF_BINS: usize = 6000;

/// Months after signing for which the shorter of the two forecasts of an attack is made.
const FORECAST_MONTHS: usize = 60;

/// Sums over all replications, by point.
#[derive(Clone, Debug)]
pub struct Tally {
    points: Vec<Point>,
}

#[derive(Clone, Debug)]
struct Point {
    done: u64,
    failed: u64,
    clamps: u64,
    outcomes: Vec<u64>,
    agreement: Months,
    utility: Vec<(Moments, Histogram)>,
    /// Signed settlements by issue and option.
    terms: Vec<Vec<u64>>,
    /// Replications by kind of path.
    paths: [u64; PathKind::ALL.len()],
    /// Forecast that the first offer is agreed to, and whether it was.
    first_offer: [Moments; 2],
    /// Forecast of an attack within 60 months of a settlement, and whether there was one.
    attack_60: [Moments; 2],
    /// Whether the aftermath is long enough to tell.
    tells_60: bool,
    forecast: Moments,
    attacked: u64,
    misjudged: u64,
    peace: Survival,
    /// Replications in which each lever was used at all.
    lever_users: Vec<u64>,
    steps: StepTally,
}

/// Months that fall on steps: mean and exact counts.
#[derive(Clone, Debug)]
struct Months {
    moments: Moments,
    per_step: Vec<u64>,
    /// Months in a step.
    step_length: f64,
}

impl Months {
    fn new(model: &Model) -> Self {
        let steps = model.clock.horizon_steps + 1;
        Self { moments: Moments::default(), per_step: vec![0; steps], step_length: model.clock.months_per_step }
    }

    fn push(&mut self, month: f64) {
        self.moments.push(month);
        let step = (month / self.step_length).round() as usize;
        let last = self.per_step.len() - 1;
        self.per_step[step.min(last)] += 1;
    }

    /// The first month by which a share `p` of all has come.
    fn quantile(&self, p: f64) -> Option<f64> {
        let needed = p * self.moments.count() as f64;
        let mut reached = 0;
        self.per_step.iter().enumerate().find_map(|(step, n)| {
            reached += n;
            (reached > 0 && reached as f64 >= needed).then_some(step as f64 * self.step_length)
        })
    }
}

impl Tally {
    /// Nothing yet.
    #[must_use]
    pub fn new(model: &Model, plan: &Plan) -> Self {
        Self { points: (0..plan.points).map(|_| Point::new(model)).collect() }
    }

    /// Adds the next job; without a record it has failed.
    pub fn add(&mut self, model: &Model, steps: &Steps, job: Job, played: Option<(&Record, &StepLog)>) {
        let point = &mut self.points[job.point as usize];
        point.done += 1;
        match played {
            Some((record, log)) => {
                point.add(record);
                point.paths[PathKind::of(model, record).index()] += 1;
                point.steps.add(steps, log);
            }
            None => point.failed += 1,
        }
    }

    /// Jobs added.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.points.iter().map(|p| p.done).sum()
    }

    /// Jobs among them that failed.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.points.iter().map(|p| p.failed).sum()
    }

    /// How often states and derived values were held at a bound of their range.
    #[must_use]
    pub fn clamps(&self) -> u64 {
        self.points.iter().map(|p| p.clamps).sum()
    }

    /// The rows of `steps.csv`.
    #[must_use]
    pub fn step_rows(&self, steps: &Steps) -> Block {
        let mut rows = Rows::new();
        for (point, tally) in self.points.iter().enumerate() {
            tally.steps.write(steps, point as u64, &mut rows);
        }
        rows.finish()
    }

    /// The rows of `summary.csv`.
    #[must_use]
    pub fn summary(&self, model: &Model, steps: &Steps) -> Vec<SummaryRow> {
        let mut list = Vec::new();
        for (point, tally) in self.points.iter().enumerate() {
            tally.summarise(model, steps, &mut Summary { point: point as u64, list: &mut list });
        }
        list
    }
}

impl Point {
    fn new(model: &Model) -> Self {
        let (low, high) = PAYOFFS;
        let months = (model.clock.aftermath_steps as f64 * model.clock.months_per_step).ceil() as usize;
        Self {
            done: 0,
            failed: 0,
            clamps: 0,
            outcomes: vec![0; model.outcomes.len()],
            agreement: Months::new(model),
            utility: model
                .actors
                .iter()
                .map(|_| (Moments::default(), Histogram::new(low, high, PAYOFF_BINS)))
                .collect(),
            terms: model.issues.iter().map(|i| vec![0; i.options.len()]).collect(),
            paths: [0; PathKind::ALL.len()],
            first_offer: [Moments::default(); 2],
            attack_60: [Moments::default(); 2],
            tells_60: months >= FORECAST_MONTHS,
            forecast: Moments::default(),
            attacked: 0,
            misjudged: 0,
            peace: Survival::new(months, 1),
            lever_users: vec![0; model.levers.len()],
            steps: StepTally::default(),
        }
    }

    fn add(&mut self, record: &Record) {
        self.clamps += record.clamps;
        self.outcomes[record.outcome.index()] += 1;
        if let Some(month) = record.agreement_month {
            self.agreement.push(month);
        }
        for ((moments, histogram), value) in self.utility.iter_mut().zip(&record.utility) {
            moments.push(*value);
            histogram.push(*value);
        }
        for (users, uses) in self.lever_users.iter_mut().zip(&record.lever_uses) {
            *users += u64::from(*uses > 0);
        }
        if let (Some(forecast), Some(accepted)) = (record.forecast, record.first_accepted) {
            self.first_offer[0].push(forecast);
            self.first_offer[1].push(f64::from(u8::from(accepted)));
        }
        if let Some(settlement) = &record.settlement {
            self.add_settlement(settlement);
        }
    }

    fn add_settlement(&mut self, settlement: &Settlement) {
        for (options, chosen) in self.terms.iter_mut().zip(&settlement.terms) {
            options[usize::from(*chosen)] += 1;
        }
        self.forecast.push(settlement.attack_prob);
        if self.tells_60 {
            let attacked = settlement.attack_month.is_some_and(|month| month <= FORECAST_MONTHS as f64);
            self.attack_60[0].push(settlement.attack_prob_60m);
            self.attack_60[1].push(f64::from(u8::from(attacked)));
        }
        self.misjudged += u64::from(settlement.signed_by_misjudgement);
        if settlement.attacked {
            self.attacked += 1;
            let month = settlement.attack_month.unwrap_or(settlement.peace_months);
            self.peace.end(month.ceil() as usize, 0);
        } else {
            self.peace.lose(settlement.peace_months.floor() as usize);
        }
    }

    fn summarise(&self, model: &Model, steps: &Steps, out: &mut Summary<'_>) {
        let ok = self.done - self.failed;
        out.count("replications", "done", self.done);
        out.count("replications", "failed", self.failed);
        for (outcome, n) in model.outcomes.iter().zip(&self.outcomes) {
            out.share("outcome", &outcome.id, *n, ok);
        }
        if model.instruments.len() > 1 {
            for (kind, n) in PathKind::ALL.iter().zip(self.paths) {
                out.share("path", kind.word(), n, ok);
            }
        }
        out.share("agreement", "", self.agreement.moments.count(), ok);
        out.moments("agreement_month", &self.agreement.moments);
        for (name, p) in QUANTILES {
            out.plain("agreement_month", name, self.agreement.moments.count(), self.agreement.quantile(p));
        }
        for (issue, counts) in model.issues.iter().zip(&self.terms) {
            let quantity = column_name(&format!("term_{}", issue.id));
            for (option, n) in issue.options.iter().zip(counts).filter(|(_, n)| !issue.numeric || **n > 0) {
                out.share(&quantity, &option.id, *n, self.peace.subjects());
            }
        }
        for (actor, (moments, histogram)) in model.actors.iter().zip(&self.utility) {
            let quantity = column_name(&format!("u_{}", actor.id));
            out.moments(&quantity, moments);
            for (name, p) in QUANTILES {
                out.plain(&quantity, name, moments.count(), histogram.quantile(p));
            }
        }
        self.summarise_aftermath(out);
        out.moments("first_offer_forecast", &self.first_offer[0]);
        out.came_true("first_offer_accepted", &self.first_offer[1]);
        if self.tells_60 {
            out.moments("attack_prob_60m", &self.attack_60[0]);
            out.came_true("renewed_war_60m", &self.attack_60[1]);
        }
        self.summarise_moves(model, steps, ok, out);
    }

    fn summarise_aftermath(&self, out: &mut Summary<'_>) {
        let signed = self.peace.subjects();
        out.moments("attack_prob_at_signing", &self.forecast);
        out.share("renewed_war", "", self.attacked, signed);
        for month in SURVIVAL_MONTHS {
            let estimate = self.peace.survival(month);
            let (value, interval) = (estimate.map(|e| e.share), estimate.map(|e| e.interval));
            out.row(["peace", &month.to_string(), "survival"], signed, value, interval);
        }
        out.share("signed_by_misjudgement", "", self.misjudged, signed);
    }

    fn summarise_moves(&self, model: &Model, steps: &Steps, ok: u64, out: &mut Summary<'_>) {
        for (counted, n) in steps.counted.iter().zip(self.steps.totals(steps)).filter(|(_, n)| *n > 0) {
            let category = if counted.statistic == "n" { "" } else { counted.statistic };
            out.row([&counted.quantity, category, "n"], ok, Some(n as f64), None);
        }
        for (lever, users) in model.levers.iter().zip(&self.lever_users) {
            out.share(&column_name(&format!("uses_{}", lever.id)), "at_least_once", *users, ok);
        }
    }
}

/// Rows of one point under construction.
struct Summary<'a> {
    point: u64,
    list: &'a mut Vec<SummaryRow>,
}

impl Summary<'_> {
    /// `key`: quantity, category, statistic.
    fn row(&mut self, key: [&str; 3], n: u64, value: Option<f64>, interval: Option<Interval>) {
        let [quantity, category, statistic] = key.map(str::to_owned);
        let (low, high) = (interval.map(|i| i.low), interval.map(|i| i.high));
        self.list.push(SummaryRow { point: self.point, quantity, category, statistic, n, value, low, high });
    }

    fn count(&mut self, quantity: &str, category: &str, n: u64) {
        self.row([quantity, category, "n"], n, Some(n as f64), None);
    }

    fn plain(&mut self, quantity: &str, statistic: &str, n: u64, value: Option<f64>) {
        self.row([quantity, "", statistic], n, value, None);
    }

    fn share(&mut self, quantity: &str, category: &str, n: u64, total: u64) {
        let share = (total > 0).then(|| n as f64 / total as f64);
        self.row([quantity, category, "share"], total, share, share.map(|_| wilson(n, total)));
    }

    /// Share and standard error of what is 1 where it happened and 0 where it did not.
    fn came_true(&mut self, quantity: &str, happened: &Moments) {
        let times = happened.mean().map_or(0.0, |mean| (mean * happened.count() as f64).round());
        self.share(quantity, "", times as u64, happened.count());
        self.plain(quantity, "standard_error", happened.count(), happened.standard_error());
    }

    fn moments(&mut self, quantity: &str, moments: &Moments) {
        self.row([quantity, "", "mean"], moments.count(), moments.mean(), moments.interval());
        self.plain(quantity, "standard_error", moments.count(), moments.standard_error());
    }
}
