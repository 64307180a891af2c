//! The standard normal distribution.

use std::f64::consts::FRAC_1_SQRT_2;

use super::maths::{erfc, ln, sqrt};

/// Probability that a standard normal number is at most `x`, 0 to 1.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x * FRAC_1_SQRT_2)
}

/// A quotient of two polynomials of degree 7, coefficients from the constant upwards.
struct Rational {
    above: [f64; 8],
    below: [f64; 8],
}

impl Rational {
    fn at(&self, r: f64) -> f64 {
        horner(&self.above, r) / horner(&self.below, r)
    }
}

fn horner(coefficients: &[f64; 8], r: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * r + c)
}

/// |p - 0.5| <= 0.425.
const BODY: Rational = Rational {
    above: [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    below: [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
};

/// Tail probabilities down to exp(-25).
const TAIL: Rational = Rational {
    above: [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    below: [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
};

/// Tail probabilities below exp(-25).
const FAR_TAIL: Rational = Rational {
    above: [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288e-7,
    ],
    below: [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
};

/// The standard normal number below which a share `p` of all lies: the inverse of [`normal_cdf`].
///
/// Relative error about 1e-15; negative infinity at 0, infinity at 1, NaN outside 0–1.
/// Source: Wichura (1988), algorithm AS 241, `PPND16`.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * BODY.at(0.180_625 - q * q);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = sqrt(-ln(tail));
    let x = if r <= 5.0 { TAIL.at(r - 1.6) } else { FAR_TAIL.at(r - 5.0) };
    if q < 0.0 { -x } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_cumulative_normal_agrees_with_mpmath() {
        // mpmath 1.3, 60 digits: erfc(-x/sqrt(2))/2. Rounding of x/sqrt(2) costs x^2 units in the tail.
        for (x, expected) in [
            (-8.0, 6.220_960_574_271_784e-16),
            (-5.0, 2.866_515_718_791_939e-7),
            (-2.5, 0.006_209_665_325_776_135),
            (-1.0, 0.158_655_253_931_457_05),
            (-0.3, 0.382_088_577_811_047_4),
            (0.0, 0.5),
            (0.1, 0.539_827_837_277_029),
            (0.7, 0.758_036_347_776_927),
            (1.959_963_984_540_054, 0.975),
            (3.0, 0.998_650_101_968_369_9),
        ] {
            let error = (normal_cdf(x) - expected).abs() / expected;
            assert!(error < 4e-16 * (1.0 + x * x), "cdf({x}) is off by {error:e}");
        }
    }

    #[test]
    fn normal_quantiles_agree_with_mpmath() {
        // mpmath 1.3, 60 digits: root of erfc(-x/sqrt(2))/2 = p, p being the double nearest to the number written.
        for (p, expected) in [
            (1.110_223_024_625_156_5e-16, -8.209_536_151_601_387),
            (1e-10, -6.361_340_902_404_057),
            (0.001, -3.090_232_306_167_813_6),
            (0.025, -1.959_963_984_540_054_3),
            (0.2, -0.841_621_233_572_914_2),
            (0.4, -0.253_347_103_135_799_7),
            (0.6, 0.253_347_103_135_799_7),
            (0.9, 1.281_551_565_544_600_6),
            (0.975, 1.959_963_984_540_053_8),
            (0.9999, 3.719_016_485_455_708_4),
        ] {
            let error = (normal_quantile(p) - expected).abs() / expected.abs();
            assert!(error < 1e-15, "quantile({p}) is off by {error:e}");
        }
        assert_eq!(normal_quantile(0.5), 0.0);
    }

    #[test]
    fn normal_quantiles_end_at_infinity_and_are_undefined_outside() {
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(-0.1).is_nan());
        assert!(normal_quantile(1.1).is_nan());
        assert!(normal_quantile(f64::NAN).is_nan());
    }

    proptest! {
        #[test]
        fn the_cumulative_normal_undoes_its_quantile(p in 1e-12..1.0f64) {
            prop_assert!((normal_cdf(normal_quantile(p)) - p).abs() < 2e-15);
        }

        #[test]
        fn normal_quantiles_rise(p in 1e-9..0.999f64, step in 1e-9..1e-3f64) {
            prop_assert!(normal_quantile(p + step) > normal_quantile(p));
        }

        #[test]
        fn the_normal_distribution_is_symmetric(k in 1u64..1 << 52) {
            // Odd multiples of 2^-53: 1 - p is exact.
            let p = (k as f64 - 0.5) / (1u64 << 52) as f64;
            prop_assert_eq!(normal_quantile(1.0 - p), -normal_quantile(p));
        }
    }
}
