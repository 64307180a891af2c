//! Morris trajectories: paths through a grid on which one factor moves at a time (Morris 1991).

use crate::rng::{Draw, Entity, Purpose, Streams};

/// The trajectories of a screening: each has one point more than there are factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trajectories {
    /// Factors, at least 1.
    pub factors: usize,
    /// Levels of the grid, even, at least 2: factors take the shares 0, 1/(p - 1), .., 1 of their range.
    pub levels: u32,
    /// Seed of all of them.
    pub seed: u64,
}

impl Trajectories {
    /// The step of a factor, as a share of its range: p/(2(p - 1)), so that all levels are equally likely.
    #[must_use]
    pub fn step(&self) -> f64 {
        let p = f64::from(self.levels);
        p / (2.0 * (p - 1.0))
    }

    /// Writes point `index` (trajectory `index / (factors + 1)`) to `shares`, one share a factor.
    pub fn point(&self, index: u64, shares: &mut Vec<f64>) {
        let stride = self.factors as u64 + 1;
        let (trajectory, moved) = (index / stride, (index % stride) as usize);
        let streams = Streams { seed: self.seed, replication: trajectory };
        let mut draw = streams.draw(Entity::named("morris"), Purpose::Design, 0);
        shares.clear();
        let lower = self.levels / 2;
        let mut up = Vec::with_capacity(self.factors);
        for _ in 0..self.factors {
            let level = (draw.unit() * f64::from(lower)) as u32;
            up.push(draw.bernoulli(0.5));
            shares.push(f64::from(level.min(lower - 1)) / f64::from(self.levels - 1));
        }
        let order = order(self.factors, &mut draw);
        let step = self.step();
        for (place, factor) in order.into_iter().enumerate() {
            // A factor that rises has risen after its turn; one that falls starts high.
            if (place < moved) == up[factor] {
                shares[factor] += step;
            }
        }
    }
}

/// A random order of the factors (Fisher and Yates).
fn order(factors: usize, draw: &mut Draw) -> Vec<usize> {
    let mut order: Vec<usize> = (0..factors).collect();
    for last in (1..factors).rev() {
        let other = ((draw.unit() * (last + 1) as f64) as usize).min(last);
        order.swap(last, other);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(trajectories: &Trajectories, count: u64) -> Vec<Vec<f64>> {
        let mut shares = Vec::new();
        let point = |index| {
            trajectories.point(index, &mut shares);
            shares.clone()
        };
        (0..count).map(point).collect()
    }

    #[test]
    fn one_factor_moves_at_a_time_by_the_step_and_all_of_them_once() {
        let trajectories = Trajectories { factors: 5, levels: 4, seed: 3 };
        for trajectory in points(&trajectories, 6 * 20).chunks(6) {
            let mut moved = vec![0; 5];
            for pair in trajectory.windows(2) {
                for factor in 0..5 {
                    let step = (pair[1][factor] - pair[0][factor]).abs();
                    moved[factor] += u32::from(step > 0.0);
                    assert!(step == 0.0 || (step - 2.0 / 3.0).abs() < 1e-15, "{step}");
                }
            }
            assert_eq!(moved, [1; 5]);
        }
    }

    #[test]
    fn every_level_is_taken_about_equally_often() {
        let trajectories = Trajectories { factors: 3, levels: 4, seed: 3 };
        let mut counts = [0u32; 4];
        for share in points(&trajectories, 4 * 500).iter().flatten() {
            counts[(share * 3.0).round() as usize] += 1;
        }
        // 6000 shares; points of a trajectory share coordinates, so four standard errors of 500 independent ones.
        assert!(counts.iter().all(|n| n.abs_diff(1500) < 240), "{counts:?}");
    }
}
