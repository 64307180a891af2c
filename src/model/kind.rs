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

    /// How to make a `wanted` out of a value of this kind, as a phrase for a hint.
    #[must_use]
    pub const fn conversion_to(self, wanted: Self) -> &'static str {
        match (self, wanted) {
            (Self::PerYear, Self::PerMonth) | (Self::Months, Self::Years) => "divide by 12",
            (Self::PerMonth, Self::PerYear) | (Self::Years, Self::Months) => "multiply by 12",
            (Self::PerMonth, Self::Probability | Self::Share | Self::Index) => {
                "multiply the rate by a duration in months, as in 1 - exp(-rate*duration)"
            }
            (Self::PerYear, Self::Probability | Self::Share | Self::Index) => {
                "multiply the rate by a duration in years, as in 1 - exp(-rate*duration)"
            }
            (Self::Flow, Self::Once | Self::PresentValue) => {
                "a flow is paid every step: say so where the cost is declared, or give its source the unit wanted"
            }
            (Self::Once | Self::PresentValue, Self::Flow) => {
                "a single payment is no flow: say so where the cost is declared, or give its source the unit wanted"
            }
            _ => "divide by a quantity of its own kind to get a pure number, or correct the unit of its source",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
