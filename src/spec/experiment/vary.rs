//! `--vary PATH=0:1:0.25`, `--vary PATH=0,0.5,1`, `--vary scenario=base,us-walks-away`.

use super::{BASE, FactorSpec, LevelSpec, SCENARIO, Values, steps};
use crate::spec::model::Name;
use crate::spec::tree::Span;

/// Why a `--vary` cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaryFault {
    /// No path, no `=` or nothing after it.
    #[error("`{0}` does not say what is varied over which values")]
    Shape(String),
    /// The step does not lead from one end to the other.
    #[error("no steps of {step} lead from {from} to {to}")]
    Steps {
        /// First value.
        from: String,
        /// Last value.
        to: String,
        /// Step.
        step: String,
    },
    /// Something in a range is no number.
    #[error("`{0}` is not a number")]
    Number(String),
    /// A value is given twice.
    #[error("`{0}` is given twice")]
    Twice(String),
}

/// Reads one `--vary`. Without values (`PATH`) the factor takes the distribution that the model declares.
///
/// # Errors
/// When the text says nothing that can be varied.
pub fn vary(text: &str) -> Result<FactorSpec, VaryFault> {
    let factor = |path: &str, values| FactorSpec {
        name: Name { text: path.trim().to_owned(), span: Span::default() },
        values,
        span: Span::default(),
    };
    let Some((path, values)) = text.split_once('=') else {
        let path = text.trim();
        let bare = !path.is_empty() && !path.contains(char::is_whitespace);
        return if bare { Ok(factor(path, Values::Declared)) } else { Err(VaryFault::Shape(text.to_owned())) };
    };
    if path.trim().is_empty() || values.trim().is_empty() {
        return Err(VaryFault::Shape(text.to_owned()));
    }
    let ranged: Vec<&str> = values.split(':').map(str::trim).collect();
    if let [from, to, step] = ranged[..] {
        return Ok(factor(path, range(from, to, step)?));
    }
    let words: Vec<&str> = values.split(',').map(str::trim).collect();
    if words.iter().any(|word| word.is_empty()) {
        return Err(VaryFault::Shape(text.to_owned()));
    }
    if let Some(twice) = words.iter().enumerate().find(|(at, word)| words[..*at].contains(word)) {
        return Err(VaryFault::Twice((*twice.1).to_owned()));
    }
    let numbers: Option<Vec<f64>> = words.iter().map(|word| finite(word).ok()).collect();
    let level = |word: &&str| named(path.trim(), word);
    Ok(factor(path, numbers.map_or_else(|| Values::Levels(words.iter().map(level).collect()), Values::List)))
}

/// A level that is a word: a scenario, or the value of a path.
#[must_use]
pub(super) fn named(path: &str, word: &str) -> LevelSpec {
    let scenario = path == SCENARIO;
    LevelSpec {
        id: word.to_owned(),
        scenarios: if scenario && word != BASE { word.split('+').map(str::to_owned).collect() } else { Vec::new() },
        sets: if scenario { Vec::new() } else { vec![format!("{path}={word}")] },
    }
}

fn range(from: &str, to: &str, step: &str) -> Result<Values, VaryFault> {
    let (first, last, width) = (finite(from)?, finite(to)?, finite(step)?);
    let count = steps(first, last, width).ok_or_else(|| VaryFault::Steps {
        from: from.to_owned(),
        to: to.to_owned(),
        step: step.to_owned(),
    })?;
    Ok(Values::Steps { from: first, to: last, count })
}

fn finite(text: &str) -> Result<f64, VaryFault> {
    text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(|| VaryFault::Number(text.to_owned()))
}
