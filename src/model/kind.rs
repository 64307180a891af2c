//! Kinds of quantities: the units of the model language.

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
