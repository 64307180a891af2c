//! Mean and variance of a stream.

use super::wilson::{Interval, Z_95};
use crate::num::sqrt;

/// Mean and variance of numbers pushed one by one, in job order (Welford 1962).
///
/// There is no merging on purpose: floating-point sums depend on their order, so chunks are pushed number by number in job
/// order and the result does not depend on how the work was cut.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    count: u64,
    mean: f64,
    /// Sum of squared distances from the mean.
    squares: f64,
}

impl Moments {
    /// Adds a number, which must be finite.
    pub fn push(&mut self, x: f64) {
        debug_assert!(x.is_finite(), "moments take finite numbers, not {x}");
        self.count += 1;
        let distance = x - self.mean;
        self.mean += distance / self.count as f64;
        self.squares += distance * (x - self.mean);
    }

    /// How many numbers were pushed.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Mean; none of no numbers.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Sample variance (divided by n - 1), not negative; none of fewer than two numbers.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// Sample standard deviation; none of fewer than two numbers.
    #[must_use]
    pub fn standard_deviation(&self) -> Option<f64> {
        self.variance().map(sqrt)
    }

    /// Standard error of the mean; none of fewer than two numbers.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        self.variance().map(|variance| sqrt(variance / self.count as f64))
    }

    /// 95 % interval of the mean, normal approximation; none of fewer than two numbers.
    #[must_use]
    pub fn interval(&self) -> Option<Interval> {
        self.standard_error().map(|error| Interval { low: self.mean - Z_95 * error, high: self.mean + Z_95 * error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(numbers: &[f64]) -> Moments {
        let mut moments = Moments::default();
        for x in numbers {
            moments.push(*x);
        }
        moments
    }

    #[test]
    fn five_numbers_are_as_computed_by_hand() {
        // 2, 4, 4, 4, 6: mean 20/5 = 4; squares 4 + 0 + 0 + 0 + 4 = 8; variance 8/4 = 2; error sqrt(2/5).
        let moments = of(&[2.0, 4.0, 4.0, 4.0, 6.0]);
        assert_eq!(moments.count(), 5);
        assert_eq!(moments.mean(), Some(4.0));
        assert!((moments.variance().expect("enough numbers") - 2.0).abs() < 1e-15);
        assert!((moments.standard_deviation().expect("enough numbers") - 2f64.sqrt()).abs() < 1e-15);
        assert!((moments.standard_error().expect("enough numbers") - 0.4f64.sqrt()).abs() < 1e-15);
        let interval = moments.interval().expect("enough numbers");
        assert!((interval.high - 4.0 - Z_95 * 0.4f64.sqrt()).abs() < 1e-14);
        assert!((interval.high + interval.low - 8.0).abs() < 1e-14);
    }

    #[test]
    fn too_few_numbers_have_no_moments() {
        assert_eq!((of(&[]).mean(), of(&[]).variance()), (None, None));
        assert_eq!((of(&[3.0]).mean(), of(&[3.0]).variance(), of(&[3.0]).standard_error()), (Some(3.0), None, None));
    }

    #[test]
    fn a_large_offset_costs_no_precision() {
        // Offsets 1, 2, 3 from 1e9: variance ((-1)^2 + 0 + 1^2)/2 = 1; the textbook sum of squares would give 0 or worse.
        assert_eq!(of(&[1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0]).variance(), Some(1.0));
    }

    proptest! {
        #[test]
        fn moments_agree_with_two_passes(numbers in proptest::collection::vec(-1e3..1e3f64, 2..200)) {
            let moments = of(&numbers);
            let n = numbers.len() as f64;
            let mean = numbers.iter().sum::<f64>() / n;
            let variance = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
            prop_assert!((moments.mean().expect("enough numbers") - mean).abs() < 1e-10);
            prop_assert!((moments.variance().expect("enough numbers") - variance).abs() < 1e-9 * variance.max(1.0));
        }
    }
}
