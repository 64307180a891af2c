//! Elementary functions over `libm`; `exp`, a quarter of a replication's instructions, is reduced and summed here.

/// log2(e).
const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// ln 2 in two parts: the first has 33 significant bits, so that its product with a small integer is exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// 1.5 times 2^52: adding it rounds to the nearest integer and leaves that integer in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// Between these, e^x and the power of two in it are normal numbers.
const LEAST_EXPONENT: f64 = -708.0;
const MOST_EXPONENT: f64 = 709.0;
/// 1/k! for k = 13 down to 2: |r| <= ln 2 / 2 leaves a remainder below 5e-18.
const INVERSE_FACTORIALS: [f64; 12] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    1.0 / 2.0,
];

/// e to the power `x`, within 2 units in the last place.
///
/// x = n ln 2 + r with n whole and |r| <= ln 2 / 2; Taylor's sum for r, then n into the exponent (Cody and Waite 1980).
/// Only additions and products, so the bits are the same everywhere; the far ends are left to `libm`.
#[must_use]
pub fn exp(x: f64) -> f64 {
    if (LEAST_EXPONENT..=MOST_EXPONENT).contains(&x) { reduced_exp(x) } else { libm::exp(x) }
}

/// [`exp`] where neither it nor its scale leaves the normal numbers.
#[inline]
fn reduced_exp(x: f64) -> f64 {
    let shifted = x * LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    let sum = INVERSE_FACTORIALS.iter().fold(0.0, |sum, &c| sum * r + c);
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    (1.0 + (r + r * r * sum)) * power
}

/// Values that are computed together: a loop over them without branches becomes vector instructions.
const BLOCK: usize = 16;

/// Replaces every value by `block` of it where all of a block lie between `low` and `high`, else by `single`: the same
/// function, computed several at once or one by one.
#[inline]
fn in_blocks(values: &mut [f64], (low, high): (f64, f64), block: impl Fn(f64) -> f64, single: impl Fn(f64) -> f64) {
    let mut blocks = values.chunks_exact_mut(BLOCK);
    for chunk in &mut blocks {
        let chunk: &mut [f64; BLOCK] = chunk.try_into().expect("chunks have the size of a block");
        // Counted rather than looked for: a count has no branch.
        let outside: u32 = chunk.iter().map(|x| u32::from(!(low..=high).contains(x))).sum();
        if outside == 0 {
            for x in chunk {
                *x = block(*x);
            }
        } else {
            for x in chunk {
                *x = single(*x);
            }
        }
    }
    for x in blocks.into_remainder() {
        *x = single(*x);
    }
}

/// Replaces every x by [`logistic`] of it, to the same bits.
pub fn logistic_all(values: &mut [f64]) {
    let inner = |z: f64| {
        let e = reduced_exp(-z.abs());
        (if z >= 0.0 { 1.0 } else { e }) / (1.0 + e)
    };
    in_blocks(values, (LEAST_EXPONENT, -LEAST_EXPONENT), inner, logistic);
}

/// Replaces every x by 1 - exp(-`length` x): the chance that something with rate x happens within `length`.
pub fn chance_all(values: &mut [f64], length: f64) {
    let range = if length > 0.0 { (0.0, -LEAST_EXPONENT / length) } else { (0.0, f64::MAX) };
    in_blocks(values, range, |x| 1.0 - reduced_exp(-(length * x)), |x| 1.0 - exp(-(length * x)));
}

/// e to the power `x`, minus 1, without cancellation near 0.
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Natural logarithm; negative infinity at 0, NaN below.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Natural logarithm of 1 + `x`, without cancellation near 0.
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Square root, correctly rounded; NaN below 0.
#[must_use]
pub fn sqrt(x: f64) -> f64 {
    libm::sqrt(x)
}

/// `base` to the power `exponent`.
#[must_use]
pub fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// Sine of an angle in radians.
#[must_use]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
#[must_use]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Hyperbolic tangent, -1 to 1.
#[must_use]
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// Complementary error function, 0 to 2.
#[must_use]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Logarithm of the gamma function's absolute value.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// 1 / (1 + exp(-`z`)), 0 to 1; keeps its relative precision down to the smallest numbers and never overflows.
#[must_use]
pub fn logistic(z: f64) -> f64 {
    if z >= 0.0 {
        1.0 / (1.0 + exp(-z))
    } else {
        let e = exp(z);
        e / (1.0 + e)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Within `tolerance` relative to `expected`.
    fn close(actual: f64, expected: f64, tolerance: f64) -> bool {
        (actual - expected).abs() <= tolerance * expected.abs()
    }

    proptest! {
        #[test]
        fn exp_agrees_with_the_library(x in -720.0_f64..715.0) {
            let (own, library) = (exp(x), libm::exp(x));
            prop_assert!(own == library || close(own, library, 4.5e-16), "{x}: {own} {library}");
        }
    }

    #[test]
    fn exp_is_exact_where_it_must_be() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-0.0), 1.0);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert_eq!(exp(f64::INFINITY), f64::INFINITY);
        assert!(exp(f64::NAN).is_nan());
        assert!(exp(-745.0) > 0.0);
    }

    #[test]
    fn the_logistic_function_agrees_with_mpmath() {
        // mpmath 1.3, 60 digits: 1/(1+exp(-z)).
        for (z, expected) in [
            (-700.0, 9.859_676_543_759_77e-305),
            (-40.0, 4.248_354_255_291_589e-18),
            (-2.0, 0.119_202_922_022_117_56),
            (0.0, 0.5),
            (0.5, 0.622_459_331_201_854_6),
            (3.0, 0.952_574_126_822_433_3),
            (40.0, 1.0),
        ] {
            assert!(close(logistic(z), expected, 4e-16), "logistic({z}) = {:e}", logistic(z));
        }
    }

    #[test]
    fn the_logistic_function_is_defined_at_infinity() {
        assert_eq!(logistic(f64::INFINITY), 1.0);
        assert_eq!(logistic(f64::NEG_INFINITY), 0.0);
    }

    #[test]
    fn elementary_functions_are_bit_stable() {
        // Pinned: a change here changes every result of the program.
        // exp(1) is one unit in the last place above e.
        assert_eq!(exp(1.0), 2.718_281_828_459_045_5);
        assert_eq!(ln(10.0), std::f64::consts::LN_10);
        assert_eq!(pow(2.0, 0.5), std::f64::consts::SQRT_2);
        assert_eq!(sqrt(2.0), std::f64::consts::SQRT_2);
        // sin(1), cos(1), tanh(1) and ln Gamma(1/2) = ln(pi)/2, correctly rounded (mpmath 1.3).
        assert_eq!(sin(1.0), 0.841_470_984_807_896_5);
        assert_eq!(cos(1.0), 0.540_302_305_868_139_8);
        assert_eq!(tanh(1.0), 0.761_594_155_955_764_9);
        assert_eq!(ln_gamma(0.5), 0.572_364_942_924_700_1);
    }

    proptest! {
        #[test]
        fn columns_hold_the_same_bits_as_single_values(
            values in proptest::collection::vec(prop_oneof![-30.0..30.0f64, -800.0..800.0f64], 0..70),
            length in 0.0..8.0f64,
        ) {
            let mut column = values.clone();
            logistic_all(&mut column);
            for (&z, &found) in values.iter().zip(&column) {
                prop_assert_eq!(found.to_bits(), logistic(z).to_bits(), "{}", z);
            }
            let mut column = values.clone();
            chance_all(&mut column, length);
            for (&x, &found) in values.iter().zip(&column) {
                prop_assert_eq!(found.to_bits(), (1.0 - exp(-(length * x))).to_bits(), "{}", x);
            }
        }

        #[test]
        fn logistic_of_opposite_numbers_sums_to_one(z in -50.0..50.0f64) {
            prop_assert!((logistic(z) + logistic(-z) - 1.0).abs() < 3e-16);
        }

        #[test]
        fn logistic_never_falls(z in -800.0..800.0f64, step in 0.0..10.0f64) {
            prop_assert!(logistic(z + step) >= logistic(z));
        }
    }
}
