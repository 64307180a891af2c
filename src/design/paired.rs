//! Differences of two runs on the same random numbers.

use super::moments::Moments;
use super::wilson::Interval;

/// Paired differences `second - first`, pushed one by one in job order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Paired {
    first: Moments,
    second: Moments,
    difference: Moments,
}

impl Paired {
    /// Adds the two values of one replication, both finite.
    pub fn push(&mut self, first: f64, second: f64) {
        self.first.push(first);
        self.second.push(second);
        self.difference.push(second - first);
    }

    /// How many pairs were pushed.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.difference.count()
    }

    /// Mean of `second - first`; none of no pairs.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        self.difference.mean()
    }

    /// Means of the first and of the second values; none of no pairs.
    #[must_use]
    pub fn means(&self) -> (Option<f64>, Option<f64>) {
        (self.first.mean(), self.second.mean())
    }

    /// Standard error of that mean; none of fewer than two pairs.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        self.difference.standard_error()
    }

    /// 95 % interval of the mean difference, normal approximation; none of fewer than two pairs.
    #[must_use]
    pub fn interval(&self) -> Option<Interval> {
        self.difference.interval()
    }

    /// How many times larger the variance of the mean difference would be with independent random numbers:
    /// (var first + var second) / var difference.
    ///
    /// 1 where pairing brings nothing, below 1 where it harms, infinite where the difference is the same in every pair.
    /// None of fewer than two pairs, and where nothing varies at all.
    #[must_use]
    pub fn variance_reduction(&self) -> Option<f64> {
        let independent = self.first.variance()? + self.second.variance()?;
        let paired = self.difference.variance()?;
        (independent > 0.0).then(|| independent / paired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(f64, f64)]) -> Paired {
        let mut paired = Paired::default();
        for (first, second) in pairs {
            paired.push(*first, *second);
        }
        paired
    }

    #[test]
    fn four_pairs_are_as_computed_by_hand() {
        // Differences 1, 1, 2, 0: mean 1, squares 0 + 0 + 1 + 1 = 2, variance 2/3, error sqrt(2/3/4) = sqrt(1/6).
        // First 0, 2, 4, 6: mean 3, squares 9 + 1 + 1 + 9 = 20, variance 20/3.
        // Second 1, 3, 6, 6: mean 4, squares 9 + 1 + 4 + 4 = 18, variance 6. Factor (20/3 + 6)/(2/3) = 19.
        let paired = of(&[(0.0, 1.0), (2.0, 3.0), (4.0, 6.0), (6.0, 6.0)]);
        assert_eq!(paired.count(), 4);
        assert_eq!(paired.mean(), Some(1.0));
        assert!((paired.standard_error().expect("enough pairs") - (1.0 / 6.0f64).sqrt()).abs() < 1e-15);
        assert!((paired.variance_reduction().expect("enough pairs") - 19.0).abs() < 1e-13);
        let interval = paired.interval().expect("enough pairs");
        assert!(interval.low < 1.0 && 1.0 < interval.high);
    }

    #[test]
    fn opposite_movements_make_pairing_harmful() {
        // Differences -2 and 2: variance 8; each side -1, 1: variance 2; factor 4/8.
        assert_eq!(of(&[(1.0, -1.0), (-1.0, 1.0)]).variance_reduction(), Some(0.5));
    }

    #[test]
    fn a_constant_difference_is_known_at_once() {
        let paired = of(&[(1.0, 3.0), (2.0, 4.0), (5.0, 7.0)]);
        assert_eq!((paired.mean(), paired.standard_error()), (Some(2.0), Some(0.0)));
        assert_eq!(paired.variance_reduction(), Some(f64::INFINITY));
    }

    #[test]
    fn too_few_pairs_and_constants_have_no_factor() {
        assert_eq!(of(&[]).mean(), None);
        assert_eq!(of(&[(1.0, 2.0)]).variance_reduction(), None);
        assert_eq!(of(&[(1.0, 2.0), (1.0, 2.0)]).variance_reduction(), None);
    }
}
