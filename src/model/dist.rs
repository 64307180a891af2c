//! Distributions with numeric arguments, sampled by inversion.
//!
//! Every family has an inverse cumulative distribution function, so that a draw is a pure function of one uniform number
//! and low-discrepancy designs work. Nothing here allocates after construction.

mod check;

pub use check::DistError;

use crate::num::{beta_cdf, beta_quantile, exp, gamma_cdf, gamma_quantile, ln, normal_cdf, normal_quantile, sqrt};

/// A distribution whose arguments are known.
///
/// The bounded families need `low <= high`; with `low == high` all of them are that constant. Bounds cut off (truncate) the
/// normal, log-normal and gamma distribution and scale the beta distribution. Call [`Distribution::validate`] before
/// anything else: outside its conditions results are meaningless, though still inside the bounds.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same number.
    Constant(f64),
    /// Flat between bounds.
    Uniform {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Rising linearly to the mode and falling linearly from it.
    Triangular {
        /// Lower bound.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Upper bound.
        high: f64,
    },
    /// Scaled beta distribution with shapes 1 + 4 (mode - low) / (high - low) and 1 + 4 (high - mode) / (high - low)
    /// (Malcolm et al. 1959).
    Pert {
        /// Lower bound.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Upper bound.
        high: f64,
    },
    /// Truncated normal distribution.
    Normal {
        /// Mean before truncation.
        mean: f64,
        /// Standard deviation before truncation, above 0.
        sd: f64,
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Truncated log-normal distribution.
    Lognormal {
        /// Median before truncation, above 0.
        median: f64,
        /// Standard deviation of the natural logarithm before truncation, above 0.
        sd_log: f64,
        /// Lower bound, at least 0.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Beta distribution scaled to the bounds.
    Beta {
        /// First shape, above 0.
        a: f64,
        /// Second shape, above 0.
        b: f64,
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Truncated gamma distribution.
    Gamma {
        /// Shape, above 0.
        shape: f64,
        /// Scale, above 0: the mean before truncation is shape times scale.
        scale: f64,
        /// Lower bound, at least 0.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Values with weights that sum to 1, in any order.
    Choice(Vec<(f64, f64)>),
}

/// A standard normal distribution between two bounds. Where both lie above 0 it is turned round, because probabilities
/// near 0 are far more precise than those near 1.
struct Truncated {
    turned: bool,
    /// Probability below the lower bound.
    below: f64,
    /// Probability below the upper bound.
    up_to: f64,
}

impl Truncated {
    fn normal(low: f64, high: f64) -> Self {
        let turned = low > 0.0;
        let (low, high) = if turned { (-high, -low) } else { (low, high) };
        Self { turned, below: normal_cdf(low), up_to: normal_cdf(high) }
    }

    /// Probability between the bounds.
    fn inside(&self) -> f64 {
        self.up_to - self.below
    }

    fn quantile(&self, u: f64) -> f64 {
        let share = if self.turned { 1.0 - u } else { u };
        let z = normal_quantile(self.below + share * self.inside());
        if self.turned { -z } else { z }
    }

    fn cdf(&self, z: f64) -> f64 {
        if self.turned {
            1.0 - (normal_cdf(-z) - self.below) / self.inside()
        } else {
            (normal_cdf(z) - self.below) / self.inside()
        }
    }
}

/// Shapes of the PERT distribution; `low < high`.
fn pert_shapes(low: f64, mode: f64, high: f64) -> (f64, f64) {
    let width = high - low;
    (1.0 + 4.0 * (mode - low) / width, 1.0 + 4.0 * (high - mode) / width)
}

impl Distribution {
    /// Lowest possible value.
    #[must_use]
    pub fn low(&self) -> f64 {
        match *self {
            Self::Constant(value) => value,
            Self::Uniform { low, .. }
            | Self::Triangular { low, .. }
            | Self::Pert { low, .. }
            | Self::Normal { low, .. }
            | Self::Lognormal { low, .. }
            | Self::Beta { low, .. }
            | Self::Gamma { low, .. } => low,
            Self::Choice(ref pairs) => weighted_values(pairs).fold(f64::INFINITY, f64::min),
        }
    }

    /// Highest possible value.
    #[must_use]
    pub fn high(&self) -> f64 {
        match *self {
            Self::Constant(value) => value,
            Self::Uniform { high, .. }
            | Self::Triangular { high, .. }
            | Self::Pert { high, .. }
            | Self::Normal { high, .. }
            | Self::Lognormal { high, .. }
            | Self::Beta { high, .. }
            | Self::Gamma { high, .. } => high,
            Self::Choice(ref pairs) => weighted_values(pairs).fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// The value that stands for the distribution in a table: the constant; the midpoint of a uniform; the mode of a
    /// triangular or PERT; the mean of a normal and the median of a log-normal, both before truncation and moved inside the
    /// bounds; the median of a beta and of a truncated gamma; of a choice the first value of the greatest weight.
    #[must_use]
    pub fn central(&self) -> f64 {
        match *self {
            Self::Constant(value) => value,
            Self::Uniform { low, high } => f64::midpoint(low, high),
            Self::Triangular { mode, .. } | Self::Pert { mode, .. } => mode,
            Self::Normal { mean, low, high, .. } => mean.max(low).min(high),
            Self::Lognormal { median, low, high, .. } => median.max(low).min(high),
            Self::Beta { .. } | Self::Gamma { .. } => self.quantile(0.5),
            Self::Choice(ref pairs) => {
                pairs.iter().fold((0.0, -1.0), |best, &pair| if pair.1 > best.1 { pair } else { best }).0
            }
        }
    }

    /// The value below which a share `u` of the distribution lies, `u` inside (0, 1).
    ///
    /// Rises with `u` (up to rounding for the beta and gamma families) and stays inside the bounds. Of a choice: the lowest
    /// value whose cumulative weight reaches `u`.
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        let (low, high) = match *self {
            Self::Constant(value) => return value,
            Self::Choice(ref pairs) => return choice_quantile(pairs, u),
            _ => (self.low(), self.high()),
        };
        if low >= high {
            return low;
        }
        let x = match *self {
            Self::Triangular { mode, .. } => triangular_quantile(low, mode, high, u),
            Self::Pert { mode, .. } => {
                let (a, b) = pert_shapes(low, mode, high);
                low + (high - low) * beta_quantile(a, b, u)
            }
            Self::Normal { mean, sd, .. } => {
                mean + sd * Truncated::normal((low - mean) / sd, (high - mean) / sd).quantile(u)
            }
            Self::Lognormal { median, sd_log, .. } => {
                let z = |x| (ln(x) - ln(median)) / sd_log;
                median * exp(sd_log * Truncated::normal(z(low), z(high)).quantile(u))
            }
            Self::Beta { a, b, .. } => low + (high - low) * beta_quantile(a, b, u),
            Self::Gamma { shape, scale, .. } => {
                let below = gamma_cdf(shape, low / scale);
                scale * gamma_quantile(shape, below + u * (gamma_cdf(shape, high / scale) - below))
            }
            _ => low + (high - low) * u,
        };
        x.max(low).min(high)
    }

    /// Probability of a value of at most `x`, 0 to 1.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        if let Self::Choice(pairs) = self {
            return weight_up_to(pairs, x) / weight_up_to(pairs, f64::INFINITY);
        }
        let (low, high) = (self.low(), self.high());
        if x < low {
            return 0.0;
        }
        if x >= high {
            return 1.0;
        }
        let share = (x - low) / (high - low);
        let p = match *self {
            Self::Triangular { mode, .. } => triangular_cdf(low, mode, high, x),
            Self::Pert { mode, .. } => {
                let (a, b) = pert_shapes(low, mode, high);
                beta_cdf(a, b, share)
            }
            Self::Normal { mean, sd, .. } => {
                Truncated::normal((low - mean) / sd, (high - mean) / sd).cdf((x - mean) / sd)
            }
            Self::Lognormal { median, sd_log, .. } => {
                let z = |x| (ln(x) - ln(median)) / sd_log;
                Truncated::normal(z(low), z(high)).cdf(z(x))
            }
            Self::Beta { a, b, .. } => beta_cdf(a, b, share),
            Self::Gamma { shape, scale, .. } => {
                let below = gamma_cdf(shape, low / scale);
                (gamma_cdf(shape, x / scale) - below) / (gamma_cdf(shape, high / scale) - below)
            }
            _ => share,
        };
        p.clamp(0.0, 1.0)
    }
}

fn triangular_quantile(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let width = high - low;
    if u * width < mode - low {
        low + sqrt(u * width * (mode - low))
    } else {
        high - sqrt((1.0 - u) * width * (high - mode))
    }
}

fn triangular_cdf(low: f64, mode: f64, high: f64, x: f64) -> f64 {
    let width = high - low;
    if x < mode {
        (x - low) * (x - low) / (width * (mode - low))
    } else {
        1.0 - (high - x) * (high - x) / (width * (high - mode))
    }
}

/// Values that can occur.
fn weighted_values(pairs: &[(f64, f64)]) -> impl Iterator<Item = f64> {
    pairs.iter().filter(|(_, weight)| *weight > 0.0).map(|(value, _)| *value)
}

/// Sum of the weights of the values up to `x`, added in the order written.
fn weight_up_to(pairs: &[(f64, f64)], x: f64) -> f64 {
    pairs.iter().filter(|(value, _)| *value <= x).map(|(_, weight)| weight).sum()
}

/// Searches without sorting: choices have few values, written in any order.
fn choice_quantile(pairs: &[(f64, f64)], u: f64) -> f64 {
    let target = u * weight_up_to(pairs, f64::INFINITY);
    weighted_values(pairs).filter(|value| weight_up_to(pairs, *value) >= target).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::Distribution::{Beta, Choice, Constant, Gamma, Lognormal, Normal, Pert, Triangular, Uniform};
    use super::*;
    use proptest::prelude::*;

    const PERT: Distribution = Pert { low: 1.0, mode: 2.0, high: 4.0 };
    const NORMAL: Distribution = Normal { mean: 0.5, sd: 0.2, low: 0.0, high: 1.0 };
    const TAIL: Distribution = Normal { mean: 0.0, sd: 1.0, low: 3.0, high: 5.0 };
    const LOGNORMAL: Distribution = Lognormal { median: 2.0, sd_log: 0.5, low: 0.5, high: 6.0 };
    const BETA: Distribution = Beta { a: 2.0, b: 5.0, low: 10.0, high: 20.0 };
    const GAMMA: Distribution = Gamma { shape: 2.5, scale: 2.0, low: 1.0, high: 12.0 };

    #[test]
    fn quantiles_agree_with_mpmath() {
        // mpmath 1.3, 60 digits, bisection of the cumulative distribution function; u = 0.1, 0.5, 0.9.
        for (distribution, expected) in [
            (PERT, [1.459_083_081_029_437_7, 2.127_437_521_012_363, 2.933_370_092_861_741]),
            (NORMAL, [0.249_251_417_265_963_78, 0.5, 0.750_748_582_734_036_2]),
            (TAIL, [3.031_940_147_748_348_3, 3.205_093_808_209_979, 3.642_030_914_652_575]),
            (LOGNORMAL, [1.057_068_416_817_471_3, 1.985_984_699_585_659_4, 3.670_316_791_941_771]),
            (BETA, [10.925_952_589_131_288, 12.644_499_832_956_6, 15.103_163_065_514_916]),
            (GAMMA, [1.847_727_971_762_729_3, 4.361_123_495_648_060_5, 8.568_449_460_655_447]),
        ] {
            for (u, x) in [0.1, 0.5, 0.9].into_iter().zip(expected) {
                let error = (distribution.quantile(u) - x).abs() / x;
                assert!(error < 5e-15, "{distribution:?} at {u} is off by {error:e}");
            }
        }
    }

    #[test]
    fn quantiles_of_straight_families_are_exact() {
        // 2 + 0.25 (6 - 2) = 3.
        assert_eq!(Uniform { low: 2.0, high: 6.0 }.quantile(0.25), 3.0);
        // Triangle 0, 1, 4: a quarter of the probability, 1/4, lies left of the mode.
        let triangle = Triangular { low: 0.0, mode: 1.0, high: 4.0 };
        assert_eq!(triangle.quantile(0.25), 1.0);
        // Left: x^2 / (4 * 1) = 1/16 at x = 1/2. Right: (4 - x)^2 / (4 * 3) = 1 - 2/3 at x = 2.
        assert_eq!(triangle.quantile(0.0625), 0.5);
        assert!((triangle.quantile(2.0 / 3.0) - 2.0).abs() < 1e-15);
        assert_eq!(triangle.cdf(0.5), 0.0625);
        assert!((triangle.cdf(2.0) - 2.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn values_at_a_fixed_share_never_change() {
        let values = [Uniform { low: 2.0, high: 6.0 }, Triangular { low: 0.0, mode: 1.0, high: 4.0 }, PERT, NORMAL]
            .iter()
            .chain(&[TAIL, LOGNORMAL, BETA, GAMMA])
            .map(|distribution| distribution.quantile(0.37))
            .collect::<Vec<_>>();
        assert_eq!(
            values,
            [
                3.48,
                1.250_454_583_026_496,
                1.928_592_439_589_55,
                0.434_483_941_821_328_2,
                3.137_993_991_099_732,
                1.686_529_152_265_685_1,
                12.103_246_325_217_437,
                3.527_120_948_769_242
            ]
        );
    }

    #[test]
    fn a_mode_at_a_bound_is_allowed() {
        // Shapes 1 and 5: 1 - (1 - x)^5 = 31/32 at x = 1/2; shapes 5 and 1: x^5 = 1/32 at x = 1/2.
        let falling = Pert { low: 0.0, mode: 0.0, high: 1.0 };
        assert!((falling.cdf(0.5) - 31.0 / 32.0).abs() < 1e-15);
        assert!((falling.quantile(31.0 / 32.0) - 0.5).abs() < 1e-15);
        let rising = Pert { low: 0.0, mode: 1.0, high: 1.0 };
        assert!((rising.quantile(1.0 / 32.0) - 0.5).abs() < 1e-15);
        // Triangles with a right angle: x^2 = 1/4, and 1 - (1 - x)^2 = 3/4, both at x = 1/2.
        assert_eq!(Triangular { low: 0.0, mode: 1.0, high: 1.0 }.quantile(0.25), 0.5);
        assert_eq!(Triangular { low: 0.0, mode: 0.0, high: 1.0 }.quantile(0.75), 0.5);
    }

    #[test]
    fn coinciding_bounds_leave_one_value() {
        for distribution in [
            Constant(2.0),
            Uniform { low: 2.0, high: 2.0 },
            Triangular { low: 2.0, mode: 2.0, high: 2.0 },
            Pert { low: 2.0, mode: 2.0, high: 2.0 },
            Normal { mean: 0.0, sd: 1.0, low: 2.0, high: 2.0 },
            Lognormal { median: 1.0, sd_log: 1.0, low: 2.0, high: 2.0 },
            Beta { a: 1.0, b: 1.0, low: 2.0, high: 2.0 },
            Gamma { shape: 1.0, scale: 1.0, low: 2.0, high: 2.0 },
            Choice(vec![(2.0, 1.0)]),
        ] {
            for u in [1e-16, 0.5, 1.0 - 1e-16] {
                assert_eq!(distribution.quantile(u), 2.0, "{distribution:?}");
            }
            assert_eq!((distribution.low(), distribution.high(), distribution.central()), (2.0, 2.0, 2.0));
            assert_eq!((distribution.cdf(1.9), distribution.cdf(2.0)), (0.0, 1.0));
        }
    }

    #[test]
    fn the_order_of_a_choice_does_not_matter() {
        // Cumulative weights: 0 at 5 (never drawn), 0.25 at 10, 0.75 at 20, 1 at 30.
        let sorted = Choice(vec![(5.0, 0.0), (10.0, 0.25), (20.0, 0.5), (30.0, 0.25)]);
        let mixed = Choice(vec![(20.0, 0.5), (30.0, 0.25), (5.0, 0.0), (10.0, 0.25)]);
        for choice in [sorted, mixed] {
            assert_eq!(
                [1e-16, 0.25, 0.26, 0.75, 0.76, 0.999].map(|u| choice.quantile(u)),
                [10.0, 10.0, 20.0, 20.0, 30.0, 30.0]
            );
            assert_eq!([5.0, 10.0, 19.0, 20.0, 30.0].map(|x| choice.cdf(x)), [0.0, 0.25, 0.25, 0.75, 1.0]);
            assert_eq!((choice.low(), choice.high(), choice.central()), (10.0, 30.0, 20.0));
        }
    }

    #[test]
    fn central_values_lie_where_their_families_put_them() {
        assert_eq!(Uniform { low: 2.0, high: 6.0 }.central(), 4.0);
        assert_eq!(PERT.central(), 2.0);
        assert_eq!(TAIL.central(), 3.0);
        assert_eq!(LOGNORMAL.central(), 2.0);
        assert_eq!(BETA.central(), BETA.quantile(0.5));
    }

    /// Any continuous distribution with sensible arguments.
    fn continuous() -> impl Strategy<Value = Distribution> {
        let bounds =
            (0.0..5.0f64, 0.1..10.0f64, 0.0..1.0f64).prop_map(|(low, width, s)| (low, low + s * width, low + width));
        (bounds, 0.5..8.0f64, 0.5..8.0f64, 0usize..7).prop_map(|((low, mode, high), p, q, family)| match family {
            0 => Uniform { low, high },
            1 => Triangular { low, mode, high },
            2 => Pert { low, mode, high },
            3 => Normal { mean: mode, sd: p, low, high },
            4 => Lognormal { median: mode + 0.1, sd_log: q / 4.0, low, high },
            5 => Beta { a: p + 0.5, b: q + 0.5, low, high },
            _ => Gamma { shape: p, scale: q, low, high },
        })
    }

    proptest! {
        #[test]
        fn the_cumulative_function_undoes_the_quantile(distribution in continuous(), u in 1e-6..0.999_999f64) {
            prop_assert_eq!(distribution.validate(), Ok(()));
            let back = distribution.cdf(distribution.quantile(u));
            prop_assert!((back - u).abs() < 1e-11, "{} for {}", back, u);
        }

        #[test]
        fn quantiles_rise_and_stay_inside(distribution in continuous(), u in 1e-9..0.99f64, step in 1e-6..9e-3f64) {
            let (lower, upper) = (distribution.quantile(u), distribution.quantile(u + step));
            prop_assert!(distribution.low() <= lower && lower < upper && upper <= distribution.high());
            prop_assert!((distribution.low()..=distribution.high()).contains(&distribution.central()));
        }

        #[test]
        fn extreme_shares_stay_inside(distribution in continuous()) {
            for u in [f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0] {
                let x = distribution.quantile(u);
                prop_assert!(distribution.low() <= x && x <= distribution.high());
            }
        }
    }
}
