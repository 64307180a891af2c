//! Scores of outcomes that a model asks for.

/// What `[measures]` asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// Columns, in the order written.
    pub columns: Vec<Measure>,
    /// Bargaining power in the Nash solution, one an actor.
    pub weights: Vec<f64>,
}

/// One measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Outcomes on the Pareto frontier.
    FrontierSize,
    /// Distance of the settlement to the nearest outcome of a set, in the space of values.
    Distance(Solution),
    /// Sum of the signatories' values of the settlement.
    Welfare,
    /// The same as a share of the largest sum on the frontier.
    WelfareShare,
    /// What the (first) solution is worth to each signatory: one column each.
    Point(Solution),
}

/// A set of outcomes on the frontier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solution {
    /// The frontier itself.
    Pareto,
    /// Largest product of gains.
    Nash,
    /// Largest least gain.
    Kalai,
    /// Largest least share of the hoped-for gain.
    KalaiSmorodinsky,
    /// Smallest difference between the shares.
    LeastDisparity,
    /// Largest sum.
    Welfare,
}

impl Measure {
    /// All of them, by the words of model files.
    pub const ALL: [(&'static str, Self); 14] = [
        ("frontier_size", Self::FrontierSize),
        ("pareto_distance", Self::Distance(Solution::Pareto)),
        ("nash_distance", Self::Distance(Solution::Nash)),
        ("kalai_distance", Self::Distance(Solution::Kalai)),
        ("ks_distance", Self::Distance(Solution::KalaiSmorodinsky)),
        ("disparity_distance", Self::Distance(Solution::LeastDisparity)),
        ("welfare_distance", Self::Distance(Solution::Welfare)),
        ("welfare", Self::Welfare),
        ("welfare_share", Self::WelfareShare),
        ("nash", Self::Point(Solution::Nash)),
        ("kalai", Self::Point(Solution::Kalai)),
        ("ks", Self::Point(Solution::KalaiSmorodinsky)),
        ("disparity", Self::Point(Solution::LeastDisparity)),
        ("best_welfare", Self::Point(Solution::Welfare)),
    ];

    /// The word of model files.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, measure)| *measure == self).map_or("", |(word, _)| word)
    }
}
