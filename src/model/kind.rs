//! Kinds of quantities: the units of the model language and how they combine.
//!
//! Literals are neutral and fit everywhere; shares, probabilities and indices are pure numbers and mix with each
//! other; flows, payments, rates and durations are dimensional and mix only with their own kind.

use std::fmt;

/// What a number measures; a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A literal, or built from literals only: fits everywhere.
    Neutral,
    /// u-points per step, averaged.
    Flow,
    /// u-points, paid once.
    Once,
    /// u-points, a discounted sum.
    PresentValue,
    /// A share of something, 0–1.
    Share,
    /// A probability, 0–1.
    Probability,
    /// A rate per month, not negative.
    PerMonth,
    /// A rate per year, not negative.
    PerYear,
    /// A duration in months, not negative.
    Months,
    /// A duration in years, not negative.
    Years,
    /// A pure number.
    Index,
}

impl Kind {
    /// The kinds that a model file can name, in the order of the documentation.
    pub const NAMED: [Self; 10] = [
        Self::Flow,
        Self::Once,
        Self::PresentValue,
        Self::Share,
        Self::Probability,
        Self::PerMonth,
        Self::PerYear,
        Self::Months,
        Self::Years,
        Self::Index,
    ];

    /// The kind of that name, such as `per_month`; `neutral` cannot be named.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|kind| kind.name() == name)
    }

    /// The name in model files and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Flow => "flow",
            Self::Once => "once",
            Self::PresentValue => "present_value",
            Self::Share => "share",
            Self::Probability => "probability",
            Self::PerMonth => "per_month",
            Self::PerYear => "per_year",
            Self::Months => "months",
            Self::Years => "years",
            Self::Index => "index",
        }
    }

    /// Lowest and highest value: 0–1 for shares and probabilities, 0 upwards for rates and durations, else unbounded.
    #[must_use]
    pub const fn bounds(self) -> (f64, f64) {
        match self {
            Self::Share | Self::Probability => (0.0, 1.0),
            Self::PerMonth | Self::PerYear | Self::Months | Self::Years => (0.0, f64::INFINITY),
            Self::Neutral | Self::Flow | Self::Once | Self::PresentValue | Self::Index => {
                (f64::NEG_INFINITY, f64::INFINITY)
            }
        }
    }

    /// Whether it has no dimension but is not a literal: share, probability, index.
    #[must_use]
    pub const fn is_pure(self) -> bool {
        matches!(self, Self::Share | Self::Probability | Self::Index)
    }

    /// Whether it can scale anything: a pure number or a literal.
    #[must_use]
    pub const fn is_factor(self) -> bool {
        self.is_pure() || matches!(self, Self::Neutral)
    }

    /// The kind of `a + b`, `min(a, b)`, the branches of an `if`; `None` when the two cannot stand together.
    #[must_use]
    pub fn unite(self, other: Self) -> Option<Self> {
        match (self, other) {
            (a, b) if a == b => Some(a),
            (Self::Neutral, kind) | (kind, Self::Neutral) => Some(kind),
            (a, b) if a.is_pure() && b.is_pure() => Some(Self::Index),
            _ => None,
        }
    }

    /// The kind of `a * b`: a factor keeps the other side's kind; products of dimensional kinds are pure numbers.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        match (self, other) {
            (Self::Neutral, kind) | (kind, Self::Neutral) => kind,
            (a, b) if a.is_pure() && b.is_pure() => {
                if a == b {
                    a
                } else {
                    Self::Index
                }
            }
            (a, b) if a.is_pure() => b,
            (a, b) if b.is_pure() => a,
            _ => Self::Index,
        }
    }

    /// The kind of `a / b`: a neutral divisor keeps the kind, a pure one keeps a dimensional kind, every other
    /// quotient is a pure number.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        match (self, other) {
            (kind, Self::Neutral) => kind,
            (kind, divisor) if divisor.is_pure() && !kind.is_factor() => kind,
            _ => Self::Index,
        }
    }

    /// The kind after multiplication by the literal 12: months of years, a yearly rate of a monthly one.
    #[must_use]
    pub const fn times_twelve(self) -> Self {
        match self {
            Self::PerMonth => Self::PerYear,
            Self::Years => Self::Months,
            kind => kind,
        }
    }

    /// The kind after division by the literal 12: years of months, a monthly rate of a yearly one.
    #[must_use]
    pub const fn over_twelve(self) -> Self {
        match self {
            Self::PerYear => Self::PerMonth,
            Self::Months => Self::Years,
            kind => kind,
        }
    }

    /// Whether a place that demands `self` accepts an expression of kind `found`.
    ///
    /// Pure numbers and literals fit everywhere; a dimensional kind fits only its own place.
    #[must_use]
    pub fn accepts(self, found: Self) -> bool {
        self == found || found.is_factor()
    }

    /// How to make a `wanted` out of a value of this kind, as a phrase for a hint; `None` where no factor does it.
    #[must_use]
    pub const fn conversion_to(self, wanted: Self) -> Option<&'static str> {
        match (self, wanted) {
            (Self::PerYear, Self::PerMonth) | (Self::Months, Self::Years) => Some("divide by 12"),
            (Self::PerMonth, Self::PerYear) | (Self::Years, Self::Months) => Some("multiply by 12"),
            (Self::PerMonth, Self::Probability | Self::Share | Self::Index) => {
                Some("multiply the rate by a duration in months, as in 1 - exp(-rate*duration)")
            }
            (Self::PerYear, Self::Probability | Self::Share | Self::Index) => {
                Some("multiply the rate by a duration in years, as in 1 - exp(-rate*duration)")
            }
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_kinds_map_to_each_other_and_neutral_has_no_name() {
        for kind in Kind::NAMED {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(Kind::from_name("neutral"), None);
        assert_eq!(Kind::from_name("Flow"), None);
    }

    #[test]
    fn bounds_follow_the_kind() {
        assert_eq!(Kind::Share.bounds(), (0.0, 1.0));
        assert_eq!(Kind::Years.bounds(), (0.0, f64::INFINITY));
        assert_eq!(Kind::Flow.bounds(), (f64::NEG_INFINITY, f64::INFINITY));
    }

    #[test]
    fn sums_do_not_care_for_the_order_of_their_parts() {
        for a in Kind::NAMED {
            for b in Kind::NAMED {
                assert_eq!(a.unite(b), b.unite(a), "{a} + {b}");
                assert_eq!(a.times(b), b.times(a), "{a} * {b}");
            }
        }
    }

    #[test]
    fn a_place_accepts_its_own_kind_and_pure_numbers_only() {
        for wanted in Kind::NAMED {
            for found in Kind::NAMED {
                assert_eq!(wanted.accepts(found), wanted == found || found.is_pure(), "{found} for {wanted}");
            }
            assert!(wanted.accepts(Kind::Neutral));
        }
    }

    #[test]
    fn twelve_converts_there_and_back() {
        for kind in Kind::NAMED {
            let (up, down) = (kind.times_twelve(), kind.over_twelve());
            assert!(up == kind || up.over_twelve() == kind);
            assert!(down == kind || down.times_twelve() == kind);
        }
        assert_eq!(Kind::PerYear.over_twelve(), Kind::PerMonth);
        assert_eq!(Kind::Years.times_twelve(), Kind::Months);
    }
}
