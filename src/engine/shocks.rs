//! Persistent misjudgement and its public record (`core.md` 9).
//!
//! A shock follows eps' = rho eps + sqrt(1 - rho^2) N(0, 1). What the public knows of it is a histogram of 41 cells on
//! [-4, 4], carried by the same law and cut by every answer.

use crate::num::{ln, normal_cdf, sqrt};

/// Cells of a record.
pub(super) const N: usize = 41;
const LOW: f64 = -4.0;
const WIDTH: f64 = 8.0 / (N as f64 - 1.0);

/// What the public knows of one shock.
#[derive(Clone, Debug)]
pub(super) struct ShockRecord {
    /// Probability of each cell, centred at -4, -3.8, .., 4.
    cells: [f64; N],
}

/// Transition of a record over one step.
#[derive(Clone, Debug)]
pub(super) struct Kernel {
    /// Autocorrelation per step.
    pub(super) rho: f64,
    rows: Box<[[f64; N]; N]>,
}

fn edge(cell: usize) -> f64 {
    LOW + WIDTH * (cell as f64 - 0.5)
}

fn centre(cell: usize) -> f64 {
    LOW + WIDTH * cell as f64
}

impl ShockRecord {
    /// Nothing known: the standard normal, its tails in the end cells.
    pub(super) fn fresh() -> Self {
        let mut cells = [0.0; N];
        let mut below = 0.0;
        for (cell, mass) in cells.iter_mut().enumerate() {
            let upto = if cell == N - 1 { 1.0 } else { normal_cdf(edge(cell + 1)) };
            *mass = upto - below;
            below = upto;
        }
        Self { cells }
    }

    /// Probability that the shock lies below `margin`; uniform within a cell.
    pub(super) fn below(&self, margin: f64) -> f64 {
        self.below_at(position(margin))
    }

    /// The same for a position counted in cells.
    pub(super) fn below_at(&self, position: f64) -> f64 {
        if position.is_nan() || position <= 0.0 {
            return 0.0;
        }
        if position >= N as f64 {
            return 1.0;
        }
        let cell = position as usize;
        let whole: f64 = self.cells[..cell].iter().sum();
        (whole + self.cells[cell] * (position - cell as f64)).clamp(0.0, 1.0)
    }

    /// Learns whether the shock lay below `margin`. An answer that had a chance below 1e-9 is no news about the shock.
    pub(super) fn learn(&mut self, margin: f64, below: bool) {
        self.learn_at(position(margin), below);
    }

    /// The same for a position counted in cells.
    pub(super) fn learn_at(&mut self, position: f64, below: bool) {
        let chance = if below { self.below_at(position) } else { 1.0 - self.below_at(position) };
        if chance < 1e-9 {
            return;
        }
        for (cell, mass) in self.cells.iter_mut().enumerate() {
            let part = (position - cell as f64).clamp(0.0, 1.0);
            *mass *= if below { part } else { 1.0 - part };
        }
        let total: f64 = self.cells.iter().sum();
        for mass in &mut self.cells {
            *mass /= total;
        }
    }

    /// Carries the record over one step.
    pub(super) fn carry(&mut self, kernel: &Kernel) {
        let mut next = [0.0; N];
        for (mass, row) in self.cells.iter().zip(kernel.rows.iter()) {
            if *mass == 0.0 {
                continue;
            }
            for (to, share) in next.iter_mut().zip(row) {
                *to += mass * share;
            }
        }
        self.cells = next;
    }
}

impl Kernel {
    /// An empty kernel, to be filled with [`Self::set`].
    pub(super) fn new() -> Self {
        let mut kernel = Self { rho: f64::NAN, rows: Box::new([[0.0; N]; N]) };
        kernel.set(1.0);
        kernel
    }

    /// Makes this the kernel of autocorrelation `rho` per step.
    pub(super) fn set(&mut self, rho: f64) {
        if self.rho == rho {
            return;
        }
        self.rho = rho;
        let sd = sqrt((1.0 - rho * rho - WIDTH * WIDTH / 12.0).max(1e-4));
        for (from, row) in self.rows.iter_mut().enumerate() {
            let mean = rho * centre(from);
            let mut below = 0.0;
            for (to, share) in row.iter_mut().enumerate() {
                let upto = if to == N - 1 { 1.0 } else { normal_cdf((edge(to + 1) - mean) / sd) };
                *share = upto - below;
                below = upto;
            }
        }
    }
}

/// Position of a margin, in cells from the lower edge of the first.
fn position(margin: f64) -> f64 {
    (margin - edge(0)) / WIDTH
}

/// The cells of a record on the scale of log odds: a voter with log odds z says yes iff z > logit(Phi(eps)).
#[derive(Clone, Debug)]
pub(super) struct LogOdds {
    edges: [f64; N + 1],
}

impl LogOdds {
    pub(super) fn new() -> Self {
        let mut edges = [0.0; N + 1];
        for (cell, at) in edges.iter_mut().enumerate() {
            *at = log_odds_of_shock(edge(cell));
        }
        Self { edges }
    }

    /// Position of log odds `z` in cells, linear within a cell.
    pub(super) fn position(&self, z: f64) -> f64 {
        let above = self.edges.partition_point(|&e| e <= z);
        if above == 0 {
            return 0.0;
        }
        if above > N {
            return N as f64;
        }
        let (low, high) = (self.edges[above - 1], self.edges[above]);
        (above - 1) as f64 + (z - low) / (high - low)
    }
}

/// Log odds at which a voter with this shock is indifferent.
pub(super) fn log_odds_of_shock(eps: f64) -> f64 {
    ln(normal_cdf(eps)) - ln(normal_cdf(-eps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_record_is_the_standard_normal() {
        let record = ShockRecord::fresh();
        for margin in [-2.0, -0.5, 0.0, 0.3, 1.7] {
            assert!((record.below(margin) - normal_cdf(margin)).abs() < 2e-3, "at {margin}");
        }
        assert_eq!(record.below(-9.0), 0.0);
        assert_eq!(record.below(9.0), 1.0);
    }

    #[test]
    fn a_refusal_lowers_the_forecast_of_that_offer_and_all_worse_ones() {
        let fresh = ShockRecord::fresh();
        let mut record = fresh.clone();
        record.learn(0.5, false);
        assert!(record.below(0.5) < 1e-12);
        assert_eq!(record.below(0.1), 0.0);
        assert!(record.below(1.5) < fresh.below(1.5));
        assert!(record.below(1.5) > 0.0);
    }

    #[test]
    fn a_record_forgets_at_the_rate_of_the_shock() {
        let mut kernel = Kernel::new();
        kernel.set(0.5);
        let mut record = ShockRecord::fresh();
        record.learn(0.0, false);
        for _ in 0..20 {
            record.carry(&kernel);
        }
        assert!((record.below(0.0) - 0.5).abs() < 1e-3);
        let mut slow = Kernel::new();
        slow.set(0.98);
        let mut kept = ShockRecord::fresh();
        kept.learn(0.0, false);
        kept.carry(&slow);
        assert!(kept.below(0.0) < 0.1);
    }

    #[test]
    fn the_stationary_law_is_kept() {
        let mut kernel = Kernel::new();
        kernel.set(0.98);
        let mut record = ShockRecord::fresh();
        for _ in 0..200 {
            record.carry(&kernel);
        }
        for margin in [-1.0, 0.0, 1.0] {
            assert!((record.below(margin) - normal_cdf(margin)).abs() < 5e-3, "at {margin}: {}", record.below(margin));
        }
    }

    #[test]
    fn an_impossible_answer_leaves_the_record_as_it_is() {
        let mut record = ShockRecord::fresh();
        record.learn(9.0, false);
        assert!((record.below(0.0) - 0.5).abs() < 1e-12);
    }
}
