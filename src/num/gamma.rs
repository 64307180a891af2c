//! The gamma distribution with scale 1.

use super::maths::{exp, ln, ln_gamma, pow, sqrt};
use super::normal::normal_quantile;
use super::root::{Local, increasing_root};

/// Smallest share of a sum or convergent that still counts.
const EPSILON: f64 = f64::EPSILON;
/// Stands in for a zero denominator (Lentz).
const TINY: f64 = 1e-300;
/// Enough for shapes up to about 1e6; convergence takes of the order of sqrt(shape) terms.
const TERMS: u32 = 10_000;

/// Both tails and x times the density; each tail is precise relative to itself on its own side of the mean.
struct Tails {
    lower: f64,
    upper: f64,
    x_density: f64,
}

fn tails(shape: f64, ln_gamma_shape: f64, x: f64) -> Tails {
    let x_density = exp(shape * ln(x) - x - ln_gamma_shape);
    if x < shape + 1.0 {
        let lower = (x_density * series(shape, x)).min(1.0);
        Tails { lower, upper: 1.0 - lower, x_density }
    } else {
        let upper = (x_density * fraction(shape, x)).min(1.0);
        Tails { lower: 1.0 - upper, upper, x_density }
    }
}

/// Series of the lower tail over x times the density (Press et al. 2007, section 6.2).
fn series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    for n in 1..=TERMS {
        term *= x / (shape + f64::from(n));
        sum += term;
        if term <= sum * EPSILON {
            break;
        }
    }
    sum
}

/// Continued fraction of the upper tail over x times the density, by Lentz's method (Press et al. 2007, section 6.2).
fn fraction(shape: f64, x: f64) -> f64 {
    let nonzero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / nonzero(b);
    let mut h = d;
    for n in 1..=TERMS {
        let n = f64::from(n);
        let an = -n * (n - shape);
        b += 2.0;
        d = 1.0 / nonzero(an * d + b);
        c = nonzero(b + an / c);
        let factor = d * c;
        h *= factor;
        if (factor - 1.0).abs() <= EPSILON {
            break;
        }
    }
    h
}

/// Probability that a gamma-distributed number with that `shape` (above 0) and scale 1 is at most `x`.
///
/// 0 at 0 and below. Error about 1e-15 for shapes up to 100, growing with them.
#[must_use]
pub fn gamma_cdf(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x == f64::INFINITY {
        1.0
    } else {
        tails(shape, ln_gamma(shape), x).lower
    }
}

/// The number below which a share `u` of a gamma distribution with that `shape` (above 0) and scale 1 lies.
///
/// The inverse of [`gamma_cdf`], to about 1e-14 of itself; rises with `u` up to rounding. 0 at `u` = 0 and below,
/// infinity at 1 and above. Numbers below 1e-300 are given as about that.
#[must_use]
pub fn gamma_quantile(shape: f64, u: f64) -> f64 {
    // Bounds of ln x: 1e-300 and 1e10.
    const LEAST: f64 = -690.0;
    const MOST: f64 = 23.0;
    if u <= 0.0 {
        return 0.0;
    }
    if u >= 1.0 {
        return f64::INFINITY;
    }
    let ln_gamma_shape = ln_gamma(shape);
    let guess = ln(first_guess(shape, ln_gamma_shape, u));
    let t = increasing_root(LEAST, MOST, guess, |t| {
        let x = exp(t);
        let Tails { lower, upper, x_density } = tails(shape, ln_gamma_shape, x);
        // With s the slope in ln x of a tail's logarithm, the slope of s is s (shape - x -+ s).
        if u <= 0.5 {
            let slope = x_density / lower;
            Local { value: ln(lower / u), slope, curvature: slope * (shape - x - slope) }
        } else {
            let slope = x_density / upper;
            Local { value: -ln(upper / (1.0 - u)), slope, curvature: slope * (shape - x + slope) }
        }
    });
    exp(t)
}

/// Wilson and Hilferty (1931) in the body, the leading term of the lower tail where that is larger.
fn first_guess(shape: f64, ln_gamma_shape: f64, u: f64) -> f64 {
    let leading = exp((ln(u * shape) + ln_gamma_shape) / shape);
    if shape < 0.5 && u <= 0.5 {
        return leading;
    }
    let ninth = 1.0 / (9.0 * shape);
    let root = 1.0 - ninth + normal_quantile(u) * sqrt(ninth);
    // A negative root says that the approximation fails, and its cube is below the other guess.
    (shape * pow(root, 3.0)).max(leading)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_cumulative_gamma_agrees_with_mpmath() {
        // mpmath 1.3, 60 digits: gammainc(shape, 0, x, regularized=True).
        for (shape, x, expected) in [
            (1.0, 1.0, 0.632_120_558_828_557_7),
            (0.5, 0.25, 0.520_499_877_813_046_5),
            (2.5, 1.0, 0.150_854_963_915_390_36),
            (2.5, 6.0, 0.965_212_219_493_758_1),
            (9.0, 4.0, 0.021_363_434_487_984_164),
            (100.0, 110.0, 0.841_721_329_939_912_9),
            (0.1, 1e-8, 0.166_593_988_381_602_16),
        ] {
            let error = (gamma_cdf(shape, x) - expected).abs() / expected;
            assert!(error < 2e-15 + 1e-15 * shape, "cdf({shape}, {x}) is off by {error:e}");
        }
    }

    #[test]
    fn gamma_quantiles_agree_with_mpmath() {
        // mpmath 1.3, 60 digits: bisection of gammainc.
        for (shape, u, expected) in [
            (1.0, 0.5, std::f64::consts::LN_2),
            (0.5, 0.1, 0.007_895_387_046_715_613),
            (2.5, 0.5, 2.175_730_095_547_763_6),
            (2.5, 1e-8, 0.001_020_368_612_468_265_8),
            (2.5, 0.9999, 12.872_415_979_528_06),
            (9.0, 0.3, 7.219_931_171_130_278),
            (100.0, 0.95, 116.997_134_446_162_46),
            (0.1, 0.2, 6.218_801_874_682_91e-8),
        ] {
            let error = (gamma_quantile(shape, u) - expected).abs() / expected;
            assert!(error < 2e-14, "quantile({shape}, {u}) is off by {error:e}");
        }
    }

    #[test]
    fn a_gamma_distribution_starts_at_zero_and_has_no_end() {
        assert_eq!(gamma_cdf(2.0, -1.0), 0.0);
        assert_eq!(gamma_cdf(2.0, 0.0), 0.0);
        assert_eq!(gamma_cdf(2.0, f64::INFINITY), 1.0);
        assert_eq!(gamma_quantile(2.0, 0.0), 0.0);
        assert_eq!(gamma_quantile(2.0, 1.0), f64::INFINITY);
    }

    proptest! {
        #[test]
        fn the_cumulative_gamma_undoes_its_quantile(shape in 0.1..100.0f64, u in 1e-9..0.999_999f64) {
            let back = gamma_cdf(shape, gamma_quantile(shape, u));
            prop_assert!((back - u).abs() < 1e-13, "{back} for {u}");
        }

        #[test]
        fn gamma_quantiles_rise(shape in 0.1..100.0f64, u in 1e-9..0.99f64, step in 1e-6..9e-3f64) {
            prop_assert!(gamma_quantile(shape, u + step) > gamma_quantile(shape, u));
        }

        #[test]
        fn shape_one_is_exponential(u in 1e-9..0.999_999f64) {
            let expected = -crate::num::ln_1p(-u);
            prop_assert!((gamma_quantile(1.0, u) - expected).abs() < 1e-14 * expected.max(1e-3));
        }
    }
}
