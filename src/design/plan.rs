//! What a run will do: which jobs, in which order.

use std::ops::Range;

/// Which long tables a run writes; part of its identity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trace {
    /// Neither.
    #[default]
    None,
    /// `rounds.csv`: one row a replication and step.
    Rounds,
    /// `rounds.csv` and `moves.csv`: one row a move.
    Moves,
}

impl Trace {
    /// Its word on the command line and in the manifest.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Rounds => "rounds",
            Self::Moves => "moves",
        }
    }

    /// Whether `rounds.csv` is written.
    #[must_use]
    pub fn has_rounds(self) -> bool {
        self >= Self::Rounds
    }

    /// Whether `moves.csv` is written.
    #[must_use]
    pub fn has_moves(self) -> bool {
        self >= Self::Moves
    }
}

/// A run: `points * replications` jobs that share one seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Seed of every random number of the run.
    pub seed: u64,
    /// Points of the design, at least 1; a plain run has one.
    pub points: u64,
    /// Replications of each point.
    pub replications: u64,
    /// Which long tables are written.
    pub trace: Trace,
}

/// One replication of one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// `replication * points + point`: points are interleaved, so that an interrupted sweep is balanced.
    pub index: u64,
    /// Point of the design, from 0.
    pub point: u64,
    /// Replication, from 0.
    pub replication: u64,
}

impl Plan {
    /// The plan of a run at one point.
    #[must_use]
    pub const fn single(seed: u64, replications: u64, trace: Trace) -> Self {
        Self { seed, points: 1, replications, trace }
    }

    /// Number of jobs; none if it exceeds 2^64 - 1.
    #[must_use]
    pub const fn checked_jobs(&self) -> Option<u64> {
        self.points.checked_mul(self.replications)
    }

    /// Number of jobs, capped at 2^64 - 1; see [`Plan::checked_jobs`].
    #[must_use]
    pub const fn jobs(&self) -> u64 {
        self.points.saturating_mul(self.replications)
    }

    /// The job of that number.
    ///
    /// # Panics
    /// When the plan has no points.
    #[must_use]
    pub const fn job(&self, index: u64) -> Job {
        Job { index, point: index % self.points, replication: index / self.points }
    }

    /// The job numbers cut into chunks of `size` (at least 1), in order; the last chunk may be shorter.
    pub fn chunks(&self, size: u64) -> impl Iterator<Item = Range<u64>> + use<> {
        chunks_of(0..self.jobs(), size)
    }

    /// The plan in one line, the text that is hashed to tell one design from another. The seed and the number of
    /// replications are part of it; threads and chunks are not.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "points={} replications={} seed={} trace={}",
            self.points,
            self.replications,
            self.seed,
            self.trace.word()
        )
    }
}

/// One of several runs that share the jobs of a plan: job numbers are cut into `of` ranges of about equal length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Shard {
    /// Its jobs of a plan.
    #[must_use]
    pub fn jobs(self, plan: &Plan) -> Range<u64> {
        let edge = |n: u64| (u128::from(plan.jobs()) * u128::from(n) / u128::from(self.of)) as u64;
        edge(self.number - 1)..edge(self.number)
    }
}

/// Cuts a range of job numbers (a whole plan, a shard, what is left of an interrupted run) into chunks of `size`.
pub fn chunks_of(jobs: Range<u64>, size: u64) -> impl Iterator<Item = Range<u64>> {
    let size = size.max(1);
    let mut next = jobs.start;
    std::iter::from_fn(move || {
        (next < jobs.end).then(|| {
            let start = next;
            next = jobs.end.min(start.saturating_add(size));
            start..next
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_interleaved_within_a_replication() {
        let plan = Plan { seed: 1, points: 3, replications: 2, trace: Trace::None };
        let order: Vec<_> = (0..plan.jobs()).map(|i| plan.job(i)).map(|j| (j.replication, j.point)).collect();
        assert_eq!(order, [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]);
    }

    #[test]
    fn chunks_cover_every_job_once_and_in_order() {
        let plan = Plan::single(1, 10, Trace::None);
        for size in [0, 1, 3, 10, 11, u64::MAX] {
            let jobs: Vec<u64> = plan.chunks(size).flatten().collect();
            assert_eq!(jobs, (0..10).collect::<Vec<_>>(), "chunk size {size}");
        }
        assert_eq!(plan.chunks(4).collect::<Vec<_>>(), [0..4, 4..8, 8..10]);
    }

    #[test]
    fn shards_cover_every_job_once() {
        let plan = Plan { seed: 1, points: 7, replications: 3, trace: Trace::None };
        for of in [1, 2, 3, 21, 30] {
            let jobs: Vec<u64> = (1..=of).flat_map(|number| Shard { number, of }.jobs(&plan)).collect();
            assert_eq!(jobs, (0..21).collect::<Vec<_>>(), "{of} shards");
        }
    }

    #[test]
    fn a_plan_without_replications_has_no_chunks() {
        assert_eq!(Plan::single(1, 0, Trace::None).chunks(16).count(), 0);
    }

    #[test]
    fn a_plan_of_too_many_jobs_says_so() {
        let plan = Plan { seed: 1, points: u64::MAX, replications: 2, trace: Trace::None };
        assert_eq!(plan.checked_jobs(), None);
    }

    #[test]
    fn traces_are_nested() {
        assert!(Trace::Moves.has_rounds() && Trace::Moves.has_moves());
        assert!(Trace::Rounds.has_rounds() && !Trace::Rounds.has_moves());
        assert!(!Trace::None.has_rounds());
    }
}
