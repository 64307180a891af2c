//! Shares that must sum to 1: priors, chances to propose, weights of domains.

use super::Context;
use super::numbers::short;
use crate::model::expr::{Frame, Slot, Stack};
use crate::model::{Scalar, ScalarSource, Value};
use crate::num::sqrt;
use crate::spec::tree::Span;

/// How far a sum may be from 1.
const TOLERANCE: f64 = 1e-9;
/// Points at which sums of expressions are tried.
const POINTS: usize = 64;
/// Up to so many parameters all corners of their ranges are tried.
const ALL_CORNERS: usize = 6;
/// At most so many values are printed in a message.
const SHOWN: usize = 4;

/// What is summed, for messages.
pub(super) struct Shares<'a> {
    /// `priors of RU`
    pub what: &'a str,
    /// Path of the element.
    pub path: &'a str,
    /// Where to point.
    pub span: Span,
}

impl Context<'_> {
    /// Checks that values known in a replication sum to 1 wherever their parameters may lie.
    pub fn sum_to_one(&mut self, values: &[Value], shares: &Shares<'_>) {
        let Some(failure) = failing_sum(values, &self.scalars) else { return };
        let mut message = format!("{} sum to {}", shares.what, short(failure.sum));
        if !failure.at.is_empty() {
            let list: Vec<String> =
                failure.at.iter().take(SHOWN).map(|(name, value)| format!("{name} = {}", short(*value))).collect();
            message = format!("{message} where {}", list.join(", "));
        }
        let hint = Some("they must sum to 1; write one of them as 1 minus the others".to_owned());
        self.problems.error("E0402", Some(shares.span), shares.path, message, hint);
    }
}

struct Failure<'s> {
    sum: f64,
    /// Drawn parameters with their values.
    at: Vec<(&'s str, f64)>,
}

/// The first tried point at which the sum is not 1.
fn failing_sum<'s>(values: &[Value], scalars: &'s [Scalar]) -> Option<Failure<'s>> {
    let needed = closure(values, scalars);
    let drawn: Vec<usize> =
        needed.iter().copied().filter(|slot| matches!(scalars[*slot].source, ScalarSource::Drawn(_))).collect();
    let ends = |slot: &usize| settable_ends(&scalars[*slot]);
    let spans: Vec<(f64, f64)> = drawn.iter().map(ends).collect();
    let mut known = vec![f64::NAN; scalars.len()];
    for point in points(&drawn, &spans, scalars) {
        for (slot, value) in drawn.iter().zip(&point) {
            known[*slot] = *value;
        }
        fill(&needed, scalars, &mut known);
        let sum: f64 = values.iter().map(|value| reading(value, &known)).sum();
        if (sum - 1.0).abs() > TOLERANCE || sum.is_nan() {
            let name = |slot: &usize| scalars[*slot].path.trim_start_matches("params.");
            return Some(Failure { sum, at: drawn.iter().map(name).zip(point).collect() });
        }
    }
    None
}

/// The slots that values depend on, directly or through others, in order of evaluation.
fn closure(values: &[Value], scalars: &[Scalar]) -> Vec<usize> {
    let mut needed = vec![false; scalars.len()];
    for value in values {
        if let Value::Scalar(slot) = value {
            needed[*slot as usize] = true;
        }
    }
    // A slot reads only earlier ones: one pass from the end closes the set.
    for slot in (0..scalars.len()).rev() {
        if let (true, ScalarSource::Computed(program)) = (needed[slot], &scalars[slot].source) {
            for read in program.reads() {
                if let Slot::Scalar(read) = read {
                    needed[*read as usize] = true;
                }
            }
        }
    }
    (0..scalars.len()).filter(|slot| needed[*slot]).collect()
}

/// Lowest and highest value that may be set, else the ends of the distribution.
fn settable_ends(scalar: &Scalar) -> (f64, f64) {
    let ScalarSource::Drawn(distribution) = &scalar.source else { return (scalar.low, scalar.high) };
    let low = if scalar.low.is_finite() { scalar.low } else { distribution.low() };
    let high = if scalar.high.is_finite() { scalar.high } else { distribution.high() };
    (low, high)
}

/// Quantiles along an additive recurrence on the square roots of primes, then corners of the ranges.
fn points(drawn: &[usize], spans: &[(f64, f64)], scalars: &[Scalar]) -> Vec<Vec<f64>> {
    let steps: Vec<f64> = primes().take(drawn.len()).map(|prime| sqrt(prime).fract()).collect();
    let quantile = |k: usize, (slot, step): (&usize, &f64)| match &scalars[*slot].source {
        ScalarSource::Drawn(distribution) => distribution.quantile(0.001 + 0.998 * ((k as f64 + 0.5) * step).fract()),
        ScalarSource::Constant(value) => *value,
        ScalarSource::Computed(_) => f64::NAN,
    };
    let interior = (0..POINTS).map(|k| drawn.iter().zip(&steps).map(|at| quantile(k, at)).collect());
    interior.chain(corners(spans)).collect()
}

/// All corners when there are few parameters, else all low, all high, and each parameter alone at the other end.
fn corners(spans: &[(f64, f64)]) -> Vec<Vec<f64>> {
    let corner = |high: &dyn Fn(usize) -> bool| -> Vec<f64> {
        spans.iter().enumerate().map(|(k, span)| if high(k) { span.1 } else { span.0 }).collect()
    };
    if spans.len() <= ALL_CORNERS {
        return (0..1_usize << spans.len()).map(|bits| corner(&|k| bits >> k & 1 == 1)).collect();
    }
    let mut out = vec![corner(&|_| false), corner(&|_| true)];
    for alone in 0..spans.len() {
        out.push(corner(&|k| k == alone));
        out.push(corner(&|k| k != alone));
    }
    out
}

fn primes() -> impl Iterator<Item = f64> {
    (2_u32..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0)).map(f64::from)
}

/// Evaluates the needed slots that are not drawn.
fn fill(needed: &[usize], scalars: &[Scalar], known: &mut [f64]) {
    for slot in needed {
        let scalar = &scalars[*slot];
        match &scalar.source {
            ScalarSource::Constant(value) => known[*slot] = *value,
            ScalarSource::Drawn(_) => {}
            ScalarSource::Computed(program) => {
                let mut stack = Stack::with_depth(program.stack_depth());
                let value = program.eval_one(Frame { scalars: known, lanes: &[], stride: 0 }, 0, &mut stack);
                known[*slot] = value.max(scalar.low).min(scalar.high);
            }
        }
    }
}

fn reading(value: &Value, known: &[f64]) -> f64 {
    match value {
        Value::Const(value) => *value,
        Value::Scalar(slot) => known[*slot as usize],
        Value::Program(_) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_parameters_are_tried_in_all_corners() {
        assert_eq!(corners(&[(0.0, 1.0), (2.0, 3.0)]), [[0.0, 2.0], [1.0, 2.0], [0.0, 3.0], [1.0, 3.0]]);
        assert_eq!(corners(&[]), [Vec::<f64>::new()]);
        assert_eq!(corners(&[(0.0, 1.0); 8]).len(), 18);
    }

    #[test]
    fn primes_are_prime() {
        assert_eq!(primes().take(5).collect::<Vec<_>>(), [2.0, 3.0, 5.0, 7.0, 11.0]);
    }
}
