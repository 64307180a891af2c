//! What is added up over replications: the numbers of `summary.csv` and `steps.csv`.
//!
//! Fed strictly in job order. Memory depends on the model and the number of points, not on the number of replications; a
//! tally of many points is made range by range.

use std::ops::Range;

use crate::design::plan::Job;
use crate::design::{Clusters, Histogram, Interval, Moments, Survival, wilson};
use crate::model::Model;

use super::cell::{Block, Rows};
use super::facts::{Facts, PeaceEnd, Signed};
use super::name::column_name;
use super::path::PathKind;
use super::steps::{PAYOFFS, QUANTILES, StepTally, Steps};
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
    /// Number of the first point.
    first: u64,
    points: Vec<Point>,
    /// Whether all points are added up as one.
    pooled: bool,
    /// Whether the numbers step by step are added up too.
    with_steps: bool,
    /// Replications that share each draw of the uncertain parameters.
    per_draw: u64,
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
    /// The same by how peace ended.
    endings: Survival,
    /// Replications played again without noise, and those that end otherwise.
    noise: [u64; 2],
    /// Replications in which each lever was used at all.
    lever_users: Vec<u64>,
    /// Which draw of the uncertain parameters is being added up, and the outcomes by draw, then agreements.
    draw: u64,
    by_draw: Vec<Clusters>,
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
    /// Nothing yet, of these points; what is seen step by step is added up too if `with_steps`.
    #[must_use]
    pub fn new(model: &Model, points: Range<u64>, with_steps: bool) -> Self {
        let (first, pooled) = (points.start, false);
        Self { first, points: points.map(|_| Point::new(model)).collect(), pooled, with_steps, per_draw: 1 }
    }

    /// Nothing yet, of all points as one.
    #[must_use]
    pub fn pooled(model: &Model) -> Self {
        Self { first: 0, points: vec![Point::new(model)], pooled: true, with_steps: false, per_draw: 1 }
    }

    /// The same of replications of which `per_draw` in a row share each draw of the uncertain parameters: how far shares
    /// differ between draws is told too, unless all points are added up as one. Below 2 nothing is shared.
    #[must_use]
    pub fn sharing(mut self, per_draw: u64) -> Self {
        self.per_draw = per_draw.max(1);
        if self.per_draw > 1 && !self.pooled {
            for point in &mut self.points {
                point.by_draw = vec![Clusters::default(); point.outcomes.len() + 1];
            }
        }
        self
    }

    /// One past the last point.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.first + self.points.len() as u64
    }

    /// Bytes that a point takes, without its steps.
    #[must_use]
    pub fn bytes(model: &Model) -> u64 {
        let options: usize = model.issues.iter().map(|issue| issue.options.len()).sum();
        let payoffs = model.actors.len() * (PAYOFF_BINS + 20);
        let months = model.clock.aftermath_steps * 6 + model.clock.horizon_steps;
        8 * (payoffs + options + months + model.levers.len() + model.outcomes.len()) as u64 + 1000
    }

    /// Adds the next job, if its point is one of these; without facts it has failed.
    pub fn add(&mut self, steps: &Steps, job: Job, facts: Option<&Facts>) {
        let at = if self.pooled { Some(0) } else { job.point.checked_sub(self.first) };
        let Some(point) = at.and_then(|at| self.points.get_mut(at as usize)) else { return };
        point.done += 1;
        point.turn_to(job.replication / self.per_draw);
        match facts {
            Some(facts) => {
                point.add(facts);
                if self.with_steps {
                    point.steps.add(steps, &facts.log);
                } else {
                    point.steps.count(steps, &facts.log);
                }
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

    /// Replications played again without noise, and how many of them end otherwise.
    #[must_use]
    pub fn noise(&self) -> [u64; 2] {
        self.points.iter().fold([0; 2], |[n, k], point| [n + point.noise[0], k + point.noise[1]])
    }

    /// The rows of `steps.csv`; none unless they were added up.
    #[must_use]
    pub fn step_rows(&self, steps: &Steps) -> Block {
        let mut rows = Rows::new();
        for (tally, point) in self.points.iter().zip(self.first..).filter(|_| self.with_steps) {
            tally.steps.write(steps, point, &mut rows);
        }
        rows.finish()
    }

    /// The rows of `summary.csv`.
    #[must_use]
    pub fn summary(&self, model: &Model, steps: &Steps) -> Vec<SummaryRow> {
        let mut list = Vec::new();
        for (tally, point) in self.points.iter().zip(self.first..) {
            let point = (!self.pooled).then_some(point);
            tally.summarise(model, steps, &mut Summary { point, list: &mut list });
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
            endings: Survival::new(months, PeaceEnd::ALL.len()),
            noise: [0; 2],
            lever_users: vec![0; model.levers.len()],
            draw: 0,
            by_draw: Vec::new(),
            steps: StepTally::default(),
        }
    }

    /// Goes on to another draw of the uncertain parameters, unless it is the one at hand.
    fn turn_to(&mut self, draw: u64) {
        if self.draw != draw {
            self.draw = draw;
            self.by_draw.iter_mut().for_each(Clusters::close);
        }
    }

    fn add(&mut self, record: &Facts) {
        for (at, shares) in self.by_draw.iter_mut().enumerate() {
            let is_outcome = at == usize::from(record.outcome);
            let agreed = at == self.outcomes.len() && record.agreement_month.is_some();
            shares.push(is_outcome || agreed);
        }
        self.clamps += record.clamps;
        self.outcomes[usize::from(record.outcome)] += 1;
        self.paths[record.path.index()] += 1;
        if let Some(changed) = record.noise {
            self.noise[0] += 1;
            self.noise[1] += u64::from(changed);
        }
        if let Some(month) = record.agreement_month {
            self.agreement.push(month);
        }
        for ((moments, histogram), value) in self.utility.iter_mut().zip(&record.utility) {
            moments.push(*value);
            histogram.push(*value);
        }
        for (users, used) in self.lever_users.iter_mut().zip(&record.used) {
            *users += u64::from(*used);
        }
        if let (Some(forecast), Some(accepted)) = (record.forecast, record.first_accepted) {
            self.first_offer[0].push(forecast);
            self.first_offer[1].push(f64::from(u8::from(accepted)));
        }
        if let Some(settlement) = &record.settlement {
            self.add_settlement(settlement);
        }
    }

    fn add_settlement(&mut self, settlement: &Signed) {
        for (options, chosen) in self.terms.iter_mut().zip(&settlement.terms) {
            options[usize::from(*chosen)] += 1;
        }
        self.forecast.push(settlement.attack_prob);
        if self.tells_60 {
            let attacked = settlement.attack_month.is_some_and(|month| month <= FORECAST_MONTHS as f64);
            self.attack_60[0].push(settlement.attack_prob_60m);
            self.attack_60[1].push(f64::from(u8::from(attacked)));
        }
        self.misjudged += u64::from(settlement.misjudged);
        if settlement.attacked {
            self.attacked += 1;
            let month = settlement.attack_month.unwrap_or(settlement.peace_months);
            self.peace.end(month.ceil() as usize, 0);
        } else {
            self.peace.lose(settlement.peace_months.floor() as usize);
        }
        let months = settlement.attack_month.unwrap_or(settlement.peace_months);
        match settlement.end {
            Some(end) => self.endings.end(months.ceil() as usize, end as usize),
            None => self.endings.lose(settlement.peace_months.floor() as usize),
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
        self.summarise_draws(model, out);
    }

    /// How far shares differ between draws of the uncertain parameters; nothing where no two replications share one.
    fn summarise_draws(&self, model: &Model, out: &mut Summary<'_>) {
        let outcomes = model.outcomes.iter().map(|outcome| ["outcome", outcome.id.as_str()]);
        for ([quantity, category], shares) in outcomes.chain([["agreement", ""]]).zip(&self.by_draw) {
            let spread = shares.spread();
            let interval = spread.map(|spread| spread.interval);
            out.row([quantity, category, "assumptions"], shares.count(), spread.map(|spread| spread.mean), interval);
            out.row([quantity, category, "between_draws"], shares.count(), spread.map(|spread| spread.deviation), None);
        }
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
        for (cause, end) in PeaceEnd::ALL.iter().enumerate() {
            for month in SURVIVAL_MONTHS {
                let estimate = self.endings.incidence_estimate(cause, month);
                let (value, interval) = (estimate.map(|e| e.share), estimate.map(|e| e.interval));
                out.row([end.word(), &month.to_string(), "incidence"], signed, value, interval);
            }
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
    point: Option<u64>,
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
