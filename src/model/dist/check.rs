//! Which arguments make a distribution.

use super::{Distribution, Truncated};
use crate::num::{gamma_cdf, ln};

/// Why arguments do not make a distribution.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DistError {
    /// An argument is infinite or not a number.
    #[error("{argument} is {value}, but must be a finite number")]
    NotFinite {
        /// Name of the argument.
        argument: &'static str,
        /// What was read.
        value: f64,
    },
    /// An argument must be above 0.
    #[error("{argument} is {value}, but must be greater than 0")]
    NotPositive {
        /// Name of the argument.
        argument: &'static str,
        /// What was read.
        value: f64,
    },
    /// An argument must not be below 0.
    #[error("{argument} is {value}, but must not be negative")]
    Negative {
        /// Name of the argument.
        argument: &'static str,
        /// What was read.
        value: f64,
    },
    /// Two arguments are in the wrong order.
    #[error("{lower} is {lower_value} and {upper} is {upper_value}, but {lower} must not exceed {upper}")]
    Disordered {
        /// Name of the argument that must be the lower one.
        lower: &'static str,
        /// What was read for it.
        lower_value: f64,
        /// Name of the argument that must be the upper one.
        upper: &'static str,
        /// What was read for it.
        upper_value: f64,
    },
    /// The untruncated distribution has no probability between the bounds.
    #[error("no probability lies between low = {low} and high = {high}, but some must")]
    NoProbability {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// A choice has no values.
    #[error("the choice has no values, but needs at least one")]
    NoValues,
    /// Weights of a choice do not sum to 1.
    #[error("the weights sum to {sum}, but must sum to 1 (within 1e-9)")]
    WeightSum {
        /// Their sum.
        sum: f64,
    },
}

use DistError::{Disordered, Negative, NoProbability, NoValues, NotFinite, NotPositive, WeightSum};

fn finite(arguments: &[(&'static str, f64)]) -> Result<(), DistError> {
    match arguments.iter().find(|(_, value)| !value.is_finite()) {
        Some(&(argument, value)) => Err(NotFinite { argument, value }),
        None => Ok(()),
    }
}

fn positive(argument: &'static str, value: f64) -> Result<(), DistError> {
    if value > 0.0 { Ok(()) } else { Err(NotPositive { argument, value }) }
}

fn not_negative(argument: &'static str, value: f64) -> Result<(), DistError> {
    if value >= 0.0 { Ok(()) } else { Err(Negative { argument, value }) }
}

fn ordered(
    (lower, lower_value): (&'static str, f64),
    (upper, upper_value): (&'static str, f64),
) -> Result<(), DistError> {
    if lower_value <= upper_value { Ok(()) } else { Err(Disordered { lower, lower_value, upper, upper_value }) }
}

impl Distribution {
    /// Checks the arguments.
    ///
    /// # Errors
    /// The first condition that does not hold: arguments finite, bounds and mode in order, spreads, shapes and scales above
    /// 0, bounds of positive families not negative, some probability between the bounds, weights not negative and summing
    /// to 1 within 1e-9.
    pub fn validate(&self) -> Result<(), DistError> {
        match *self {
            Self::Constant(value) => finite(&[("value", value)]),
            Self::Uniform { low, high } => {
                finite(&[("low", low), ("high", high)])?;
                ordered(("low", low), ("high", high))
            }
            Self::Triangular { low, mode, high } | Self::Pert { low, mode, high } => {
                finite(&[("low", low), ("mode", mode), ("high", high)])?;
                ordered(("low", low), ("mode", mode))?;
                ordered(("mode", mode), ("high", high))
            }
            Self::Normal { mean, sd, low, high } => {
                finite(&[("mean", mean), ("sd", sd), ("low", low), ("high", high)])?;
                positive("sd", sd)?;
                ordered(("low", low), ("high", high))?;
                self.some_probability()
            }
            Self::Lognormal { median, sd_log, low, high } => {
                finite(&[("median", median), ("sd_log", sd_log), ("low", low), ("high", high)])?;
                positive("median", median)?;
                positive("sd_log", sd_log)?;
                not_negative("low", low)?;
                ordered(("low", low), ("high", high))?;
                self.some_probability()
            }
            Self::Beta { a, b, low, high } => {
                finite(&[("a", a), ("b", b), ("low", low), ("high", high)])?;
                positive("a", a)?;
                positive("b", b)?;
                ordered(("low", low), ("high", high))
            }
            Self::Gamma { shape, scale, low, high } => {
                finite(&[("shape", shape), ("scale", scale), ("low", low), ("high", high)])?;
                positive("shape", shape)?;
                positive("scale", scale)?;
                not_negative("low", low)?;
                ordered(("low", low), ("high", high))?;
                self.some_probability()
            }
            Self::Choice(ref pairs) => validate_choice(pairs),
        }
    }

    fn some_probability(&self) -> Result<(), DistError> {
        let (low, high) = (self.low(), self.high());
        let inside = match *self {
            Self::Normal { mean, sd, .. } => Truncated::normal((low - mean) / sd, (high - mean) / sd).inside(),
            Self::Lognormal { median, sd_log, .. } => {
                let z = |x| (ln(x) - ln(median)) / sd_log;
                Truncated::normal(z(low), z(high)).inside()
            }
            Self::Gamma { shape, scale, .. } => gamma_cdf(shape, high / scale) - gamma_cdf(shape, low / scale),
            _ => 1.0,
        };
        if low == high || inside > 0.0 { Ok(()) } else { Err(NoProbability { low, high }) }
    }
}

fn validate_choice(pairs: &[(f64, f64)]) -> Result<(), DistError> {
    if pairs.is_empty() {
        return Err(NoValues);
    }
    for &(value, weight) in pairs {
        finite(&[("value", value), ("weight", weight)])?;
        not_negative("weight", weight)?;
    }
    let sum: f64 = pairs.iter().map(|(_, weight)| weight).sum();
    if (sum - 1.0).abs() <= 1e-9 { Ok(()) } else { Err(WeightSum { sum }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Distribution::{Beta, Choice, Constant, Gamma, Lognormal, Normal, Pert, Triangular, Uniform};

    fn complaint(distribution: &Distribution) -> String {
        distribution.validate().expect_err("the arguments are wrong").to_string()
    }

    #[test]
    fn a_complaint_says_what_was_read_and_what_is_allowed() {
        for (distribution, expected) in [
            (Constant(f64::NAN), "value is NaN, but must be a finite number"),
            (Uniform { low: 2.0, high: 1.0 }, "low is 2 and high is 1, but low must not exceed high"),
            (Triangular { low: 0.0, mode: 3.0, high: 2.0 }, "mode is 3 and high is 2, but mode must not exceed high"),
            (Pert { low: 1.0, mode: 0.5, high: 2.0 }, "low is 1 and mode is 0.5, but low must not exceed mode"),
            (Normal { mean: 0.0, sd: 0.0, low: 0.0, high: 1.0 }, "sd is 0, but must be greater than 0"),
            (
                Normal { mean: 0.0, sd: 1.0, low: 50.0, high: 60.0 },
                "no probability lies between low = 50 and high = 60, but some must",
            ),
            (Lognormal { median: -1.0, sd_log: 1.0, low: 0.0, high: 9.0 }, "median is -1, but must be greater than 0"),
            (Lognormal { median: 1.0, sd_log: 1.0, low: -2.0, high: 9.0 }, "low is -2, but must not be negative"),
            (Beta { a: 0.0, b: 1.0, low: 0.0, high: 1.0 }, "a is 0, but must be greater than 0"),
            (
                Gamma { shape: 1.0, scale: f64::INFINITY, low: 0.0, high: 1.0 },
                "scale is inf, but must be a finite number",
            ),
            (Choice(vec![]), "the choice has no values, but needs at least one"),
            (Choice(vec![(1.0, 1.5), (2.0, -0.5)]), "weight is -0.5, but must not be negative"),
            (Choice(vec![(1.0, 0.5), (2.0, 0.25)]), "the weights sum to 0.75, but must sum to 1 (within 1e-9)"),
        ] {
            assert_eq!(complaint(&distribution), expected);
        }
    }

    #[test]
    fn bounds_may_coincide() {
        for distribution in [
            Uniform { low: 2.0, high: 2.0 },
            Triangular { low: 2.0, mode: 2.0, high: 2.0 },
            Pert { low: 2.0, mode: 2.0, high: 2.0 },
            Normal { mean: 0.0, sd: 1.0, low: 2.0, high: 2.0 },
            Lognormal { median: 1.0, sd_log: 1.0, low: 2.0, high: 2.0 },
            Beta { a: 1.0, b: 1.0, low: 2.0, high: 2.0 },
            Gamma { shape: 1.0, scale: 1.0, low: 2.0, high: 2.0 },
        ] {
            assert_eq!(distribution.validate(), Ok(()), "{distribution:?}");
        }
    }

    #[test]
    fn weights_may_be_zero_and_off_by_a_billionth() {
        assert_eq!(Choice(vec![(1.0, 0.0), (2.0, 1.0 + 9e-10)]).validate(), Ok(()));
        assert!(Choice(vec![(1.0, 0.0), (2.0, 1.0 + 2e-9)]).validate().is_err());
    }

    #[test]
    fn the_far_upper_tail_of_a_normal_distribution_still_has_probability() {
        // Below 1 - 2^-53 only as seen from the other side: Phi(-30) is about 5e-198.
        assert_eq!(Normal { mean: 0.0, sd: 1.0, low: 30.0, high: 31.0 }.validate(), Ok(()));
    }
}
