//! What observations teach: a chance learnt from wins and losses, and which of two types is at work.

use crate::num::{ln, logistic};

/// Mean of a Beta belief about a chance after `won` of `tried` (Bayes; conjugate): (a + won)/(a + b + tried).
///
/// `a` and `b` are positive, `won` at most `tried`.
#[must_use]
pub fn beta_mean(a: f64, b: f64, won: f64, tried: f64) -> f64 {
    (a + won) / (a + b + tried)
}

/// Probability of the type that wins with chance `high` rather than `low`, after `won` of `tried`, from a prior 0–1.
///
/// Log odds add up: each win adds ln(high/low), each loss ln((1 - high)/(1 - low)). Chances lie strictly between 0 and 1.
#[must_use]
pub fn two_types(prior: f64, [high, low]: [f64; 2], won: f64, tried: f64) -> f64 {
    let news = won * ln(high / low) + (tried - won) * ln((1.0 - high) / (1.0 - low));
    logistic(ln(prior / (1.0 - prior)) + news)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_win_is_as_computed_by_hand() {
        // Beta(1, 1) and one win of one: 2/3. Chances .75 and .25: odds 3 to 1 after a win, 1 to 3 after a loss.
        assert!((beta_mean(1.0, 1.0, 1.0, 1.0) - 2.0 / 3.0).abs() < 1e-15);
        assert!((two_types(0.5, [0.75, 0.25], 1.0, 1.0) - 0.75).abs() < 1e-15);
        assert!((two_types(0.5, [0.75, 0.25], 0.0, 1.0) - 0.25).abs() < 1e-15);
        assert!((two_types(0.3, [0.75, 0.25], 2.0, 4.0) - 0.3).abs() < 1e-15);
    }
}
