//! Safeguarded Newton steps on a logarithmic scale, for quantiles.

/// A value of an increasing function g with its first two derivatives.
pub(super) struct Local {
    /// g, whose root is sought.
    pub value: f64,
    /// g', positive.
    pub slope: f64,
    /// g''.
    pub curvature: f64,
}

/// Root of the increasing function `g` between `low` and `high`, from a first guess.
///
/// Halley steps; a step that leaves the bracket, or is not a number, is replaced by halving. Stops when a step is so short
/// that its error, of the order of its cube, is below rounding.
pub(super) fn increasing_root(low: f64, high: f64, guess: f64, g: impl Fn(f64) -> Local) -> f64 {
    const STEPS: usize = 200;
    const CLOSE: f64 = 3e-6;
    let (mut low, mut high) = (low, high);
    let mut t = if guess > low && guess < high { guess } else { f64::midpoint(low, high) };
    for _ in 0..STEPS {
        let Local { value, slope, curvature } = g(t);
        if value == 0.0 {
            return t;
        }
        if value > 0.0 {
            high = t;
        } else {
            low = t;
        }
        let newton = value / slope;
        let damping = 1.0 - 0.5 * newton * curvature / slope;
        // Far from the root the correction is worth little: it stays between a half and twice Newton's step.
        let next = t - newton / damping.clamp(0.5, 2.0);
        if newton.abs() <= CLOSE && value.abs() <= CLOSE {
            return next;
        }
        t = if next > low && next < high { next } else { f64::midpoint(low, high) };
    }
    t
}
