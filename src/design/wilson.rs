//! Intervals for shares.

use crate::num::{exp, ln, sqrt};

/// Quantile of the standard normal distribution that leaves 2.5 % on either side.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// A closed interval, `low <= high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// 95 % interval of a share of which `count` out of `total` were observed (Wilson 1927, without continuity correction).
///
/// Inside 0–1, and not degenerate at counts of none or all. 0 to 1 when nothing was observed.
///
/// # Panics
/// When `count` exceeds `total`.
#[must_use]
pub fn wilson(count: u64, total: u64) -> Interval {
    assert!(count <= total, "a share counts {count} of {total}");
    if total == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let n = total as f64;
    let share = count as f64 / n;
    let z2 = Z_95 * Z_95;
    let middle = share + z2 / (2.0 * n);
    let half = Z_95 * sqrt(share * (1.0 - share) / n + z2 / (4.0 * n * n));
    let scale = 1.0 / (1.0 + z2 / n);
    // At the ends the formula gives exactly 0 and 1, apart from rounding.
    let low = if count == 0 { 0.0 } else { (middle - half) * scale };
    let high = if count == total { 1.0 } else { (middle + half) * scale };
    Interval { low, high }
}

/// 95 % interval of a share by the normal approximation around it (Wald), which may leave 0–1. For comparison: it holds
/// the truth too seldom where the share is small.
///
/// # Panics
/// When `count` exceeds `total`.
#[must_use]
pub fn wald(count: u64, total: u64) -> Interval {
    assert!(count <= total, "a share counts {count} of {total}");
    if total == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let n = total as f64;
    let share = count as f64 / n;
    let half = Z_95 * sqrt(share * (1.0 - share) / n);
    Interval { low: share - half, high: share + half }
}

/// Chance that the interval of a share of `total` independent trials holds the true chance `p` (0 to 1, both excluded):
/// the sum of the binomial chances of all counts whose interval does (Brown, Cai and DasGupta 2001, section 2).
#[must_use]
pub fn coverage(total: u64, p: f64, interval: fn(u64, u64) -> Interval) -> f64 {
    let (log_p, log_q) = (ln(p), ln(1.0 - p));
    let mut log_ways = 0.0;
    let mut sum = 0.0;
    for count in 0..=total {
        let Interval { low, high } = interval(count, total);
        if low <= p && p <= high {
            sum += exp(log_ways + count as f64 * log_p + (total - count) as f64 * log_q);
        }
        log_ways += ln((total - count).max(1) as f64) - ln((count + 1) as f64);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_intervals_are_reproduced() {
        // Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3 (score, no continuity correction).
        for (count, total, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let interval = wilson(count, total);
            assert!((interval.low - low).abs() < 5e-5, "{count}/{total}: {interval:?}");
            assert!((interval.high - high).abs() < 5e-5, "{count}/{total}: {interval:?}");
        }
    }

    #[test]
    fn an_interval_of_a_half_of_four_is_as_computed_by_hand() {
        // z^2 = 3.841459, n = 4, p = 1/2: middle 1/2 + 3.841459/8 = 0.980182, half z sqrt(1/16 + 3.841459/64)
        // = 1.959964 * sqrt(0.122523) = 0.686052, scale 1/(1 + 0.960365) = 0.510109: 0.150036 to 0.849964.
        let interval = wilson(2, 4);
        assert!((interval.low - 0.150_036).abs() < 1e-5);
        assert!((interval.high - 0.849_964).abs() < 1e-5);
    }

    #[test]
    fn the_coverage_of_two_trials_is_as_computed_by_hand() {
        // Wald: counts of 0 and 2 have intervals of no width, the count of 1 has 1/2 +- .693: it alone holds .3, with
        // chance 2 * .3 * .7 = .42. Wilson of 2: 0 to .6576, .0945 to .9055, .3424 to 1: the first two hold .3, .49 + .42.
        assert!((coverage(2, 0.3, wald) - 0.42).abs() < 1e-14);
        assert!((coverage(2, 0.3, wilson) - 0.91).abs() < 1e-14);
    }

    #[test]
    fn nothing_observed_says_nothing() {
        assert_eq!(wilson(0, 0), Interval { low: 0.0, high: 1.0 });
        assert_eq!(wilson(0, 9).low, 0.0);
        assert_eq!(wilson(9, 9).high, 1.0);
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_share_and_mirrors(total in 1u64..1_000_000, part in 0.0..1.0f64) {
            let count = (part * total as f64) as u64;
            let (interval, mirrored) = (wilson(count, total), wilson(total - count, total));
            let share = count as f64 / total as f64;
            prop_assert!(0.0 <= interval.low && interval.low <= share && share <= interval.high && interval.high <= 1.0);
            prop_assert!((interval.low + mirrored.high - 1.0).abs() < 1e-14);
        }
    }
}
