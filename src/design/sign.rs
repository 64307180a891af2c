//! Whether a difference has the sign that was expected of it.

/// The sign that a source or the logic documents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Documented {
    /// The quantity rises.
    Rises,
    /// It falls.
    Falls,
    /// It does not change, by more than this much at least.
    Stays(f64),
}

/// Differences up to this are none, where nothing else is said.
pub const NOTHING: f64 = 1e-9;

impl Documented {
    /// As written in tables: `+`, `-` or `0`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rises => "+",
            Self::Falls => "-",
            Self::Stays(_) => "0",
        }
    }
}

/// What a difference says about a documented sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has that sign and is at least two standard errors away from 0; or it should be none and is.
    AsDocumented,
    /// It has that sign within two standard errors; or it should be none and cannot be told from it.
    Weak,
    /// There is no difference, or one of the other sign within two standard errors.
    None,
    /// It has the other sign and is at least two standard errors away from 0; or it should be none and is not.
    Opposite,
}

impl Verdict {
    /// As written in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AsDocumented => "as documented",
            Self::Weak => "weak",
            Self::None => "none",
            Self::Opposite => "opposite",
        }
    }

    /// The verdict on a mean difference and its standard error; without pairs, or without an error, there is no difference
    /// to speak of.
    #[must_use]
    pub fn of(documented: Documented, difference: Option<f64>, error: Option<f64>) -> Self {
        let (Some(difference), Some(error)) = (difference, error) else { return Self::None };
        let clear = difference.abs() >= 2.0 * error;
        let towards = match documented {
            Documented::Stays(within) if difference.abs() <= within => return Self::AsDocumented,
            Documented::Stays(_) => return if clear { Self::Opposite } else { Self::Weak },
            Documented::Rises => difference,
            Documented::Falls => -difference,
        };
        match (towards.abs() <= NOTHING, towards > 0.0, clear) {
            (true, _, _) | (false, false, false) => Self::None,
            (false, true, true) => Self::AsDocumented,
            (false, true, false) => Self::Weak,
            (false, false, true) => Self::Opposite,
        }
    }
}

/// Where a quantity that was looked at along a rising grid changes its sign: between which values, and where a straight line
/// between them crosses 0. Values without a difference, or with none that can be told from 0, are passed over.
#[must_use]
pub fn flips(grid: &[(f64, Option<f64>)]) -> Vec<Flip> {
    let known: Vec<(f64, f64)> =
        grid.iter().filter_map(|&(x, y)| y.filter(|y| y.abs() > NOTHING).map(|y| (x, y))).collect();
    let crosses = |pair: &&[(f64, f64)]| (pair[0].1 > 0.0) != (pair[1].1 > 0.0);
    known
        .windows(2)
        .filter(crosses)
        .map(|pair| {
            let ((low, first), (high, second)) = (pair[0], pair[1]);
            Flip { low, high, at: low + (high - low) * first / (first - second) }
        })
        .collect()
}

/// A change of sign along a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flip {
    /// The last value with the old sign.
    pub low: f64,
    /// The first with the new one.
    pub high: f64,
    /// Where the straight line between their differences is 0.
    pub at: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_needs_two_standard_errors() {
        let verdict = |difference, error| Verdict::of(Documented::Falls, Some(difference), Some(error));
        assert_eq!(verdict(-0.4, 0.2), Verdict::AsDocumented);
        assert_eq!(verdict(-0.39, 0.2), Verdict::Weak);
        assert_eq!(verdict(0.39, 0.2), Verdict::None);
        assert_eq!(verdict(0.4, 0.2), Verdict::Opposite);
        assert_eq!(verdict(0.0, 0.0), Verdict::None);
        assert_eq!(verdict(-0.1, 0.0), Verdict::AsDocumented);
        assert_eq!(Verdict::of(Documented::Rises, Some(0.4), Some(0.2)), Verdict::AsDocumented);
        assert_eq!(Verdict::of(Documented::Rises, None, None), Verdict::None);
    }

    #[test]
    fn what_should_not_change_may_not_change_by_more_than_was_said() {
        let verdict = |difference, error| Verdict::of(Documented::Stays(0.01), Some(difference), Some(error));
        assert_eq!(verdict(-0.01, 0.0), Verdict::AsDocumented);
        assert_eq!(verdict(0.02, 0.02), Verdict::Weak);
        assert_eq!(verdict(0.02, 0.001), Verdict::Opposite);
    }

    #[test]
    fn a_flip_lies_where_the_line_between_two_values_crosses_zero() {
        // From -1 at 0 to 3 at 2: a quarter of the way.
        let flips = flips(&[(0.0, Some(-1.0)), (1.0, None), (2.0, Some(3.0)), (3.0, Some(1.0))]);
        assert_eq!(flips, [Flip { low: 0.0, high: 2.0, at: 0.5 }]);
        assert_eq!(super::flips(&[(0.0, Some(1.0)), (1.0, Some(0.0)), (2.0, Some(2.0))]), []);
    }
}
