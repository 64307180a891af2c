//! Where the actors of a model stand on each issue, and where the simplest rivals would settle it.

use super::baseline::{Stake, weighted_mean, weighted_median};
use super::central::Central;
use crate::model::{Actor, Model, OptionValues, Types, Value};

/// What the simplest rivals say about one issue. Positions lie between 0 and 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// Index of the issue.
    pub issue: usize,
    /// Mean position, weighted by salience times capability; none where nobody with capability cares.
    pub mean: Option<f64>,
    /// Median position, weighted the same way.
    pub median: Option<f64>,
    /// Option nearest to the mean; the earlier of two.
    pub mean_option: Option<u16>,
    /// Option nearest to the median.
    pub median_option: Option<u16>,
}

/// The baselines of every issue, at central values. An actor's position is that of the option it values most (the first
/// of several), its salience the weight of the issue, averaged over its types by their priors.
#[must_use]
pub fn baselines(model: &Model) -> Vec<Baseline> {
    let central = Central::new(model);
    (0..model.issues.len())
        .map(|issue| {
            let positions: Vec<f64> =
                model.issues[issue].options.iter().map(|option| central.value(&option.position)).collect();
            let stakes: Vec<Stake> = model
                .actors
                .iter()
                .filter_map(|actor| {
                    let favourite = favourite(model, &central, actor, issue)?;
                    Some(Stake {
                        position: positions[favourite],
                        capability: central.value(&actor.capability),
                        salience: salience(&central, actor, issue),
                    })
                })
                .collect();
            let (mean, median) = (weighted_mean(&stakes), weighted_median(&stakes));
            let nearest = |at: Option<f64>| at.and_then(|at| nearest(&positions, at));
            Baseline { issue, mean, median, mean_option: nearest(mean), median_option: nearest(median) }
        })
        .collect()
}

/// Index of the position nearest to `at`.
fn nearest(positions: &[f64], at: f64) -> Option<u16> {
    let distances = positions.iter().map(|position| (position - at).abs());
    first_best(distances.map(|distance| -distance)).map(|index| index as u16)
}

/// Index of the greatest value, the first of several.
fn first_best(values: impl Iterator<Item = f64>) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (index, value) in values.enumerate() {
        if best.is_none_or(|(_, greatest)| value > greatest) {
            best = Some((index, value));
        }
    }
    best.map(|(index, _)| index)
}

/// The option that an actor values most, if it values the issue at all.
fn favourite(model: &Model, central: &Central, actor: &Actor, issue: usize) -> Option<usize> {
    match actor.values.get(issue)? {
        OptionValues::None => None,
        OptionValues::List(values) => first_best(values.iter().map(|value| central.value(value))),
        OptionValues::Expr(program) => {
            let slot = model.layout.issues as usize + issue;
            let options = model.issues[issue].options.iter();
            first_best(options.map(|option| central.program_at(program, slot, option.number)))
        }
    }
}

/// The weight of an issue to an actor, averaged over its types by their priors; never negative.
fn salience(central: &Central, actor: &Actor, issue: usize) -> f64 {
    let weight = |row: &Vec<Value>| row.get(issue).map_or(0.0, |value| central.value(value));
    let mean = match &actor.types {
        Types::Named(types) => {
            types.iter().zip(&actor.weights).map(|(named, row)| central.value(&named.prior) * weight(row)).sum()
        }
        Types::Continuous { .. } => actor.weights.first().map_or(0.0, weight),
    };
    f64::max(mean, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::problem::Problems;
    use crate::spec::tree::Sources;

    #[test]
    fn the_starting_model_settles_where_salience_and_capability_put_it() {
        let reading = crate::spec::read(&Sources::single("m", include_str!("../cli/new_model.toml")), &[]);
        let model = crate::model::compile::compile(reading.spec.unwrap(), &mut Problems::default()).unwrap();
        let border = &baselines(&model)[0];
        // A wants the front (0): weight .5 if moderate, .7 if hardline (probability .4 at the mode), capability .6.
        // B wants the old border (1): weight .95, capability .4. The mean is .38 / (.6 * .58 + .38) = .38 / .728.
        assert!((border.mean.unwrap() - 0.38 / 0.728).abs() < 1e-12);
        // Of .728, A's .348 is less than half, so the median is B's position.
        assert_eq!((border.median, border.median_option), (Some(1.0), Some(2)));
        // .522 lies next to the middle option.
        assert_eq!(border.mean_option, Some(1));
    }

    #[test]
    fn the_earlier_of_two_equally_near_options_is_named() {
        assert_eq!(nearest(&[0.0, 0.5, 1.0], 0.25), Some(0));
        assert_eq!(nearest(&[0.0, 0.5, 1.0], 0.26), Some(1));
        assert_eq!(nearest(&[], 0.5), None);
    }
}
