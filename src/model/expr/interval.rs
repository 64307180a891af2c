//! Interval arithmetic: what values an expression can take, given the ranges of its variables.
//!
//! Every operation encloses the results that the evaluator computes on finite inputs. The four operations are
//! correctly rounded and therefore monotone, so the ends are computed without widening. An infinite end means
//! "unbounded", and 0 times unbounded is 0.

use std::fmt;

use crate::num;

/// A closed interval; ends may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// All numbers.
    pub const ALL: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
    /// 0 to 1.
    pub const UNIT: Self = Self { low: 0.0, high: 1.0 };

    /// The interval between two ends, in the order given.
    #[must_use]
    pub const fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    /// The interval that holds one value.
    #[must_use]
    pub const fn point(value: f64) -> Self {
        Self { low: value, high: value }
    }

    /// The value, when there is only one.
    #[must_use]
    pub fn single(self) -> Option<f64> {
        (self.low == self.high).then_some(self.low)
    }

    /// Whether `value` lies inside, ends included.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Whether it lies inside `other`, within `tolerance`.
    #[must_use]
    pub fn fits(self, other: Self, tolerance: f64) -> bool {
        self.low >= other.low - tolerance && self.high <= other.high + tolerance
    }

    /// Whether it has no value in common with `other`, even within `tolerance`.
    #[must_use]
    pub fn misses(self, other: Self, tolerance: f64) -> bool {
        self.high < other.low - tolerance || self.low > other.high + tolerance
    }

    /// Whether both ends are finite.
    #[must_use]
    pub fn is_finite(self) -> bool {
        self.low.is_finite() && self.high.is_finite()
    }

    /// The smallest interval around both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// The smallest interval around all corners.
    fn around(corners: [f64; 4]) -> Self {
        corners.iter().skip(1).fold(Self::point(corners[0]), |all, c| all.hull(Self::point(*c)))
    }

    /// x + y
    pub(super) fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }

    /// x - y
    pub(super) fn minus(self, other: Self) -> Self {
        Self { low: self.low - other.high, high: self.high - other.low }
    }

    /// x * y
    pub(super) fn times(self, other: Self) -> Self {
        let product = |x: f64, y: f64| if x == 0.0 || y == 0.0 { 0.0 } else { x * y };
        Self::around([
            product(self.low, other.low),
            product(self.low, other.high),
            product(self.high, other.low),
            product(self.high, other.high),
        ])
    }

    /// x / y for a divisor that does not hold 0.
    pub(super) fn over(self, other: Self) -> Self {
        let quotient = |x: f64, y: f64| if y.is_infinite() { 0.0 } else { x / y };
        Self::around([
            quotient(self.low, other.low),
            quotient(self.low, other.high),
            quotient(self.high, other.low),
            quotient(self.high, other.high),
        ])
    }

    /// x ^ y for a base that is not negative, or an exponent that is one whole number.
    pub(super) fn power(self, exponent: Self) -> Self {
        // The evaluator squares by multiplication.
        if exponent.single() == Some(2.0) {
            return self.magnitude().map(|x| x * x);
        }
        let corners = Self::around([
            num::pow(self.low, exponent.low),
            num::pow(self.low, exponent.high),
            num::pow(self.high, exponent.low),
            num::pow(self.high, exponent.high),
        ]);
        // A positive even power of something that can be 0 has its minimum there, not at a corner.
        match exponent.single() {
            Some(n) if n > 0.0 && self.contains(0.0) => corners.hull(Self::point(0.0)),
            _ => corners,
        }
    }

    /// -x
    pub(super) fn negated(self) -> Self {
        Self { low: -self.high, high: -self.low }
    }

    /// |x|
    pub(super) fn magnitude(self) -> Self {
        let high = self.low.abs().max(self.high.abs());
        let low = if self.contains(0.0) { 0.0 } else { self.low.abs().min(self.high.abs()) };
        Self { low, high }
    }

    /// min(x, y)
    pub(super) fn least(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.min(other.high) }
    }

    /// max(x, y)
    pub(super) fn greatest(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.max(other.high) }
    }

    /// f(x) for a function that never falls.
    pub(super) fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self { low: f(self.low), high: f(self.high) }
    }

    /// What a comparison yields: certainly true, certainly false, or 0 to 1.
    pub(super) fn truth(always: bool, never: bool) -> Self {
        if always {
            Self::point(1.0)
        } else if never {
            Self::point(0.0)
        } else {
            Self::UNIT
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {}]", short(self.low), short(self.high))
    }
}

/// A number with at most six significant digits.
pub(super) fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    if rounded != 0.0 && rounded.is_finite() && !(1e-5..1e15).contains(&rounded.abs()) {
        format!("{rounded:e}")
    } else {
        format!("{rounded}")
    }
}
