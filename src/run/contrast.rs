//! What each level of a grid changes against the first level of its factor, replication by replication.

use crate::design::{Design, Layout, Paired};
use crate::sink::{Facts, SummaryRow};

use super::merge::Response;
use crate::design::plan::{Job, Plan};

/// Most levels of all factors together that are told.
const MOST_LEVELS: u64 = 200;

/// Paired differences between levels, fed in job order: all points of a replication come one after the other, so a
/// replication is over when the next begins.
pub(super) struct Contrasts {
    /// Factor, level, of each cell; the first level of a factor is what the others are compared with.
    cells: Vec<(usize, u64)>,
    /// First cell of each factor.
    first: Vec<usize>,
    responses: Vec<Response>,
    /// Sums and counts of this replication by cell and response.
    sums: Vec<(f64, u64)>,
    /// By cell and response.
    paired: Vec<Paired>,
    /// Points of this replication that failed or are to come.
    replication: u64,
    failed: bool,
    points: u64,
    seen: u64,
}

impl Contrasts {
    /// The contrasts of a grid of lists; none in other designs, and none of a single point.
    pub fn new(design: &Design, plan: &Plan, responses: &[Response]) -> Option<Self> {
        let counts: Vec<u64> = design.factors.iter().map(|factor| factor.count().unwrap_or(0)).collect();
        if !matches!(design.layout, Layout::Grid) || plan.points < 2 || counts.iter().sum::<u64>() > MOST_LEVELS {
            return None;
        }
        let mut first = Vec::new();
        let mut cells = Vec::new();
        for (factor, count) in counts.iter().enumerate() {
            first.push(cells.len());
            cells.extend((0..*count).map(|level| (factor, level)));
        }
        let size = cells.len() * responses.len();
        Some(Self {
            sums: vec![(0.0, 0); size],
            paired: vec![Paired::default(); size],
            responses: responses.to_vec(),
            cells,
            first,
            replication: 0,
            failed: false,
            points: plan.points,
            seen: 0,
        })
    }

    /// Levels of a point of the grid: its last factor changes fastest.
    fn levels(design: &Design, point: u64) -> Vec<u64> {
        let mut rest = point;
        let mut levels = Vec::new();
        for factor in design.factors.iter().rev() {
            let count = factor.count().unwrap_or(1);
            levels.push(rest % count);
            rest /= count;
        }
        levels.reverse();
        levels
    }

    /// Adds the next job.
    pub fn add(&mut self, design: &Design, job: Job, facts: Option<&Facts>) {
        if job.replication != self.replication {
            self.close();
            self.replication = job.replication;
        }
        self.seen += 1;
        let Some(facts) = facts else {
            self.failed = true;
            return;
        };
        let width = self.responses.len();
        for (factor, level) in Self::levels(design, job.point).into_iter().enumerate() {
            let cell = self.first[factor] + level as usize;
            for (at, response) in self.responses.iter().enumerate() {
                let (sum, n) = &mut self.sums[cell * width + at];
                *sum += response.of(facts);
                *n += 1;
            }
        }
    }

    /// Ends a replication: it counts if every point of it was played.
    fn close(&mut self) {
        if self.seen == self.points && !self.failed {
            let width = self.responses.len();
            let mean = |at: usize| self.sums[at].0 / self.sums[at].1 as f64;
            for (cell, (factor, _)) in self.cells.iter().enumerate() {
                for response in 0..width {
                    let (from, to) = (self.first[*factor] * width + response, cell * width + response);
                    self.paired[to].push(mean(from), mean(to));
                }
            }
        }
        self.sums.fill((0.0, 0));
        (self.seen, self.failed) = (0, false);
    }

    /// The rows of `summary.csv`: difference, its standard error, and by how much pairing divided its variance.
    pub fn rows(&mut self, design: &Design) -> Vec<SummaryRow> {
        self.close();
        let mut rows = Vec::new();
        for (at, response) in self.responses.iter().enumerate() {
            for (cell, (factor, level)) in self.cells.iter().enumerate().filter(|(_, (_, level))| *level > 0) {
                let paired = &self.paired[cell * self.responses.len() + at];
                let factor = &design.factors[*factor];
                let name = |level: u64| {
                    let value = factor.level(level);
                    factor.names().map_or_else(|| crate::sink::number(value), |names| names[value as usize].clone())
                };
                let category = format!("{}={} against {}", factor.name, name(*level), name(0));
                let mut push = |statistic: &str, value: Option<f64>, ends: Option<(f64, f64)>| {
                    rows.push(SummaryRow {
                        point: None,
                        quantity: response.name.clone(),
                        category: category.clone(),
                        statistic: statistic.to_owned(),
                        n: paired.count(),
                        value,
                        low: ends.map(|ends| ends.0),
                        high: ends.map(|ends| ends.1),
                    });
                };
                push("difference", paired.mean(), paired.interval().map(|i| (i.low, i.high)));
                push("standard_error", paired.standard_error(), None);
                push("variance_reduction", paired.variance_reduction(), None);
            }
        }
        rows
    }
}
