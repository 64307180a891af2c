//! The beta distribution on 0–1.

use super::maths::{exp, ln, ln_1p, ln_gamma, sqrt};
use super::normal::normal_quantile;
use super::root::{Local, increasing_root};

/// Smallest share of a convergent that still counts.
const EPSILON: f64 = f64::EPSILON;
/// Stands in for a zero denominator (Lentz).
const TINY: f64 = 1e-300;
/// Enough for shapes up to about 1e6; convergence takes of the order of sqrt(max(a, b)) terms.
const TERMS: u32 = 10_000;

/// Shapes with the logarithm of their beta function, which every evaluation needs.
#[derive(Clone, Copy)]
struct Shapes {
    a: f64,
    b: f64,
    ln_beta: f64,
}

/// Lower tail with what its slope is made of.
struct Tail {
    /// `I_x(a, b)`.
    share: f64,
    /// x times the density.
    x_density: f64,
}

impl Shapes {
    fn new(a: f64, b: f64) -> Self {
        Self { a, b, ln_beta: ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b) }
    }

    fn mirrored(self) -> Self {
        Self { a: self.b, b: self.a, ln_beta: self.ln_beta }
    }

    /// The lower tail at 0 < x < 1. Precise relative to itself below the mean.
    fn tail(self, x: f64) -> Tail {
        let Self { a, b, ln_beta } = self;
        let front = exp(a * ln(x) + b * ln_1p(-x) - ln_beta);
        let share = if x < (a + 1.0) / (a + b + 2.0) {
            front * fraction(a, b, x) / a
        } else {
            1.0 - front * fraction(b, a, 1.0 - x) / b
        };
        Tail { share, x_density: front / (1.0 - x) }
    }
}

/// Continued fraction of the incomplete beta function by Lentz's method (Press et al. 2007, section 6.4).
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let nonzero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..=TERMS {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / nonzero(1.0 + even * d);
        c = nonzero(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / nonzero(1.0 + odd * d);
        c = nonzero(1.0 + odd / c);
        let factor = d * c;
        h *= factor;
        if (factor - 1.0).abs() <= EPSILON {
            break;
        }
    }
    h
}

/// Probability that a beta-distributed number with shapes `a` and `b` (both above 0) is at most `x`.
///
/// 0 below 0, 1 above 1. Error about 1e-15 for shapes up to 100, growing with them (1e-12 at 1e4).
#[must_use]
pub fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        1.0
    } else {
        Shapes::new(a, b).tail(x).share.clamp(0.0, 1.0)
    }
}

/// The number below which a share `u` of a beta distribution with shapes `a` and `b` (both above 0) lies, 0 to 1.
///
/// The inverse of [`beta_cdf`], to about 1e-14; rises with `u` up to rounding. 0 at `u` = 0 and below, 1 at 1 and above.
#[must_use]
pub fn beta_quantile(a: f64, b: f64, u: f64) -> f64 {
    if u <= 0.0 {
        return 0.0;
    }
    if u >= 1.0 {
        return 1.0;
    }
    let shapes = Shapes::new(a, b);
    if u <= 0.5 { lower_quantile(shapes, u) } else { 1.0 - lower_quantile(shapes.mirrored(), 1.0 - u) }
}

/// Quantile for `u` up to a half: the root of `ln(I_x / u)` in `ln x`, a function that is concave and nearly straight in the tail.
fn lower_quantile(shapes: Shapes, u: f64) -> f64 {
    const LEAST: f64 = -745.0;
    let Shapes { a, b, .. } = shapes;
    let t = increasing_root(LEAST, 0.0, ln(first_guess(shapes, u)), |t| {
        let x = exp(t);
        if x >= 1.0 {
            return Local { value: f64::MAX, slope: 0.0, curvature: 0.0 };
        }
        let Tail { share, x_density } = shapes.tail(x);
        let slope = x_density / share;
        Local { value: ln(share / u), slope, curvature: slope * (a - (b - 1.0) * x / (1.0 - x) - slope) }
    });
    exp(t)
}

/// The larger of a normal approximation (Abramowitz and Stegun 1964, 26.5.22) and the leading term of the tail, which for
/// b >= 1 is a lower bound.
fn first_guess(Shapes { a, b, ln_beta }: Shapes, u: f64) -> f64 {
    let leading = exp((ln(u * a) + ln_beta) / a);
    if a < 1.0 || b < 1.0 {
        return leading.min(0.999);
    }
    let z = -normal_quantile(u);
    let (ra, rb) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let harmonic = 2.0 / (ra + rb);
    let lambda = (z * z - 3.0) / 6.0;
    let w = z * sqrt(harmonic + lambda) / harmonic - (rb - ra) * (lambda + 5.0 / 6.0 - 2.0 / (3.0 * harmonic));
    let normal = a / (a + b * exp(2.0 * w));
    // `max` ignores a NaN, which a negative harmonic + lambda gives.
    normal.max(leading).min(0.999)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_cumulative_beta_agrees_with_mpmath() {
        // mpmath 1.3, 60 digits: betainc(a, b, 0, x, regularized=True).
        for (a, b, x, expected) in [
            (2.0, 3.0, 0.4, 0.5248),
            (0.5, 0.5, 0.25, 1.0 / 3.0),
            (1.0, 1.0, 0.3, 0.3),
            (5.0, 1.0, 0.9, 0.590_490_000_000_000_1),
            (1.0, 5.0, 0.01, 0.049_009_950_1),
            (2.6, 3.4, 0.5, 0.637_212_183_386_161_8),
            (30.0, 70.0, 0.25, 0.135_814_904_283_427_43),
            (500.0, 400.0, 0.56, 0.604_862_187_242_885_3),
            (0.1, 4.0, 1e-6, 0.299_793_563_838_808_4),
            (2.0, 3.0, 0.999, 0.999_999_996_003),
        ] {
            let error = (beta_cdf(a, b, x) - expected).abs() / expected;
            assert!(error < 2e-15 + 1e-15 * (a + b), "cdf({a}, {b}, {x}) is off by {error:e}");
        }
    }

    #[test]
    fn beta_quantiles_agree_with_mpmath() {
        // mpmath 1.3, 60 digits: bisection of betainc.
        for (a, b, u, expected) in [
            (2.0, 3.0, 0.5, 0.385_727_568_132_389_56),
            (0.5, 0.5, 0.1, 0.024_471_741_852_423_217),
            (2.6, 3.4, 0.025, 0.104_004_121_895_597_16),
            (2.6, 3.4, 0.975, 0.804_008_522_933_715_8),
            (5.0, 1.0, 1e-6, 0.063_095_734_448_019_33),
            (1.0, 5.0, 1e-6, 2.000_000_800_000_48e-7),
            (1.0, 5.0, 0.999, 0.748_811_356_849_042),
            (30.0, 70.0, 0.5, 0.298_661_974_308_695_73),
            (500.0, 400.0, 0.9, 0.576_752_046_805_559_9),
        ] {
            let error = (beta_quantile(a, b, u) - expected).abs() / expected;
            assert!(error < 2e-14, "quantile({a}, {b}, {u}) is off by {error:e}");
        }
    }

    #[test]
    fn a_beta_distribution_ends_at_zero_and_one() {
        assert_eq!(beta_cdf(2.0, 3.0, -1.0), 0.0);
        assert_eq!(beta_cdf(2.0, 3.0, 2.0), 1.0);
        assert_eq!(beta_quantile(2.0, 3.0, 0.0), 0.0);
        assert_eq!(beta_quantile(2.0, 3.0, 1.0), 1.0);
    }

    /// A rounding error of x near 1, 2^-53, counts by the density, which is infinite for shapes below 1: at a half, its
    /// square root.
    fn tolerance(a: f64, b: f64) -> f64 {
        if a < 1.0 || b < 1.0 { 2e-8 } else { 2e-13 }
    }

    proptest! {
        #[test]
        fn the_cumulative_beta_undoes_its_quantile(a in 0.5..50.0f64, b in 0.5..50.0f64, u in 1e-9..1.0f64) {
            let back = beta_cdf(a, b, beta_quantile(a, b, u));
            prop_assert!((back - u).abs() < tolerance(a, b), "{back} for {u}");
        }

        #[test]
        fn beta_quantiles_rise(a in 0.5..50.0f64, b in 0.5..50.0f64, u in 1e-9..0.99f64, step in 1e-6..1e-2f64) {
            prop_assert!(beta_quantile(a, b, u + step) > beta_quantile(a, b, u));
        }

        #[test]
        fn swapping_the_shapes_mirrors_a_beta_distribution(a in 0.5..50.0f64, b in 0.5..50.0f64, x in 0.0..1.0f64) {
            prop_assert!((beta_cdf(a, b, x) + beta_cdf(b, a, 1.0 - x) - 1.0).abs() < tolerance(a, b));
        }

        #[test]
        fn a_flat_beta_distribution_is_uniform(u in 0.0..1.0f64) {
            prop_assert!((beta_quantile(1.0, 1.0, u) - u).abs() < 1e-15);
        }
    }
}
