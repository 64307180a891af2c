//! A factor of an experiment: what is varied, and over which values.

use crate::model::dist::Distribution;

/// What is varied, with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// A settable path, or the name of a factor with named levels. Columns are named after it.
    pub name: String,
    /// Its values.
    pub levels: Levels,
}

/// The values of a factor.
#[derive(Clone, Debug, PartialEq)]
pub enum Levels {
    /// These numbers, at least one.
    Numbers(Vec<f64>),
    /// Equal steps from one number to another, both included.
    Steps {
        /// First value.
        from: f64,
        /// Last value.
        to: f64,
        /// How many values, at least 1.
        count: u64,
    },
    /// Named levels, at least one; a point holds the position in the list.
    Named(Vec<String>),
    /// All numbers from `low` to `high`, evenly.
    Span {
        /// Lower bound.
        low: f64,
        /// Upper bound, above the lower.
        high: f64,
    },
    /// The values of a declared distribution, by its inverse cdf.
    Law(Distribution),
}

/// Shares below this and above one minus it are not looked up in a distribution: its ends may be far out.
const EDGE: f64 = 1.0 / (1u64 << 20) as f64;

impl Factor {
    /// A factor with these numbers.
    #[must_use]
    pub fn numbers(name: &str, numbers: &[f64]) -> Self {
        Self { name: name.to_owned(), levels: Levels::Numbers(numbers.to_vec()) }
    }

    /// How many values it has; none if they are a continuum.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        match &self.levels {
            Levels::Numbers(numbers) => Some(numbers.len() as u64),
            Levels::Steps { count, .. } => Some(*count),
            Levels::Named(names) => Some(names.len() as u64),
            Levels::Span { .. } | Levels::Law(_) => None,
        }
    }

    /// The names of its levels, if they are named.
    #[must_use]
    pub fn names(&self) -> Option<&[String]> {
        if let Levels::Named(names) = &self.levels { Some(names) } else { None }
    }

    /// Its value number `index`, from 0; of a continuum its lower end.
    ///
    /// # Panics
    /// When a list has no such value.
    #[must_use]
    pub fn level(&self, index: u64) -> f64 {
        match &self.levels {
            Levels::Numbers(numbers) => numbers[index as usize],
            Levels::Steps { from, to, count } => {
                assert!(index < *count, "level {index} of {count}");
                step(*from, *to, *count, index)
            }
            Levels::Named(names) => {
                assert!(index < names.len() as u64, "level {index} of {}", names.len());
                index as f64
            }
            Levels::Span { .. } | Levels::Law(_) => self.ends().0,
        }
    }

    /// Its value at a share `u` of its range, 0 to 1: evenly over a list or a span, by probability over a distribution.
    #[must_use]
    pub fn at(&self, u: f64) -> f64 {
        match &self.levels {
            Levels::Numbers(numbers) => numbers[position(u, numbers.len() as u64) as usize],
            Levels::Steps { from, to, count } => step(*from, *to, *count, position(u, *count)),
            Levels::Named(names) => position(u, names.len() as u64) as f64,
            Levels::Span { low, high } => (low + (high - low) * u).clamp(*low, *high),
            Levels::Law(law) => law.quantile(u.clamp(EDGE, 1.0 - EDGE)),
        }
    }

    /// Its smallest and largest value; of named levels the first and last position.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        match &self.levels {
            Levels::Numbers(numbers) => {
                let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
                (low, numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max))
            }
            Levels::Steps { from, to, .. } => (from.min(*to), from.max(*to)),
            Levels::Named(names) => (0.0, names.len().saturating_sub(1) as f64),
            Levels::Span { low, high } => (*low, *high),
            Levels::Law(_) => (self.at(0.0), self.at(1.0)),
        }
    }

    /// The factor in one line, exactly: part of what is hashed to tell designs apart.
    #[must_use]
    pub fn text(&self) -> String {
        let levels = match &self.levels {
            Levels::Numbers(numbers) => format!("numbers {numbers:?}"),
            Levels::Steps { from, to, count } => format!("steps {from:?} {to:?} {count}"),
            Levels::Named(names) => format!("named {names:?}"),
            Levels::Span { low, high } => format!("span {low:?} {high:?}"),
            Levels::Law(law) => format!("law {law:?}"),
        };
        format!("{} {levels}", self.name)
    }
}

fn position(u: f64, count: u64) -> u64 {
    ((u * count as f64) as u64).min(count - 1)
}

/// Value `index` of equal steps, without the digits that rounding adds: `0.3` and not `0.30000000000000004`.
fn step(from: f64, to: f64, count: u64, index: u64) -> f64 {
    const DIGITS: f64 = 1e12;
    if index + 1 == count {
        return to;
    }
    let x = from + (to - from) * (index as f64 / (count - 1).max(1) as f64);
    let rounded = (x * DIGITS).round() / DIGITS;
    if (rounded - x).abs() <= 4.0 * f64::EPSILON * x.abs() { rounded } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_a_list_is_one_of_its_values() {
        let factor = Factor::numbers("x", &[1.0, 5.0, 3.0]);
        let values: Vec<f64> = [0.0, 0.33, 0.34, 0.7, 1.0].map(|u| factor.at(u)).to_vec();
        assert_eq!(values, [1.0, 1.0, 5.0, 3.0, 3.0]);
        assert_eq!((factor.ends(), factor.count()), ((1.0, 5.0), Some(3)));
    }

    #[test]
    fn equal_steps_have_no_digits_of_rounding() {
        let steps = Factor { name: "x".to_owned(), levels: Levels::Steps { from: 0.0, to: 1.0, count: 11 } };
        let values: Vec<String> = (0..11).map(|index| steps.level(index).to_string()).collect();
        assert_eq!(values, ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"]);
    }

    #[test]
    fn a_span_is_covered_evenly_and_a_law_by_probability() {
        let span = Factor { name: "x".to_owned(), levels: Levels::Span { low: -1.0, high: 3.0 } };
        assert_eq!([0.0, 0.25, 1.0].map(|u| span.at(u)), [-1.0, 0.0, 3.0]);
        let law = Distribution::Triangular { low: 0.0, mode: 0.0, high: 1.0 };
        let law = Factor { name: "x".to_owned(), levels: Levels::Law(law) };
        // F(x) = 1 - (1 - x)^2: 3/4 lie below 1/2.
        assert!((law.at(0.75) - 0.5).abs() < 1e-12);
        assert!(law.ends().0 > 0.0 && law.ends().1 < 1.0);
    }
}
