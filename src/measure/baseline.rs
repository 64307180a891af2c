//! The simplest rivals of a simulated agreement: weighted means and medians of positions.
//!
//! Each actor takes a position on an issue, cares about it (salience) and can act on it (capability). The baselines
//! settle the issue at the mean or the median of the positions, weighted by salience times capability (Bueno de
//! Mesquita and Stokman 1994, European Community Decision Making; Van den Bos 1991 for the mean).

/// What one actor brings to one issue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stake {
    /// Its position, in any unit.
    pub position: f64,
    /// Its capability, not negative.
    pub capability: f64,
    /// How much it cares, not negative.
    pub salience: f64,
}

impl Stake {
    fn weight(&self) -> f64 {
        self.capability * self.salience
    }
}

/// Mean position weighted by capability times salience; none where all weights are zero.
#[must_use]
pub fn weighted_mean(stakes: &[Stake]) -> Option<f64> {
    let total: f64 = stakes.iter().map(Stake::weight).sum();
    (total > 0.0).then(|| stakes.iter().map(|stake| stake.weight() * stake.position).sum::<f64>() / total)
}

/// First position, in ascending order, at which the accumulated weight reaches half of the whole; none where all
/// weights are zero.
#[must_use]
pub fn weighted_median(stakes: &[Stake]) -> Option<f64> {
    let total: f64 = stakes.iter().map(Stake::weight).sum();
    if total <= 0.0 {
        return None;
    }
    let mut sorted: Vec<&Stake> = stakes.iter().collect();
    sorted.sort_by(|a, b| a.position.total_cmp(&b.position));
    let mut reached = 0.0;
    sorted
        .iter()
        .find(|stake| {
            reached += stake.weight();
            // Half within rounding: weights such as 0.1 do not add up exactly.
            reached >= 0.5 * total - 1e-12 * total
        })
        .map(|stake| stake.position)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(quantity: &str) -> f64 {
        let table = include_str!("../../tests/cases/ec94_baselines.csv");
        let row = table.lines().find(|line| line.split(',').next() == Some(quantity)).unwrap();
        row.split(',').nth(1).unwrap().parse().unwrap()
    }

    /// Introduction of emission standards for cars, European Community (Bueno de Mesquita and Stokman 1994).
    fn stakes() -> Vec<Stake> {
        include_str!("../../tests/cases/inputs_ec94_original_units.csv")
            .lines()
            .skip(1)
            .map(|line| {
                let cell = |at: usize| line.split(',').nth(at).unwrap().parse().unwrap();
                Stake { capability: cell(1), position: cell(2), salience: cell(3) }
            })
            .collect()
    }

    #[test]
    fn the_published_mean_and_median_of_the_emission_standards_case_are_hit() {
        assert!((weighted_mean(&stakes()).unwrap() - published("weighted_mean_cs")).abs() < 1e-9);
        assert_eq!(weighted_median(&stakes()), Some(published("weighted_median_cs")));
    }

    #[test]
    fn nobody_with_weight_has_no_baseline() {
        let idle = [Stake { position: 1.0, capability: 0.0, salience: 1.0 }];
        assert_eq!((weighted_mean(&idle), weighted_median(&idle)), (None, None));
        assert_eq!((weighted_mean(&[]), weighted_median(&[])), (None, None));
    }

    #[test]
    fn an_exact_half_settles_at_the_lower_position() {
        // 0.1 + 0.2 of 0.6 is half but for rounding.
        let stake = |position: f64, salience: f64| Stake { position, capability: 1.0, salience };
        assert_eq!(weighted_median(&[stake(2.0, 0.3), stake(0.0, 0.1), stake(1.0, 0.2)]), Some(1.0));
    }
}
