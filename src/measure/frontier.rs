//! What a finite set of outcomes offers its parties: the Pareto frontier and the solutions of cooperative bargaining on it.
//!
//! Sources: Nash 1950 (Econometrica 18) and, with weights, Kalai 1977 (International Journal of Game Theory 6); Kalai 1977
//! (Econometrica 45), egalitarian; Kalai and Smorodinsky 1975 (Econometrica 43). Continuous frontiers are measured on a
//! fine grid of outcomes. Outcomes are numbered from 0; where several are equally good all are listed, in the order given.

use std::cmp::Ordering;

use crate::num::{ln, sqrt};

/// How much worse than the best an outcome may be and still count as one of the best, relative to numbers above 1.
const EQUAL: f64 = 1e-12;

/// The value of every outcome to every party.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    parties: usize,
    /// `values[party * outcomes + outcome]`.
    values: Vec<f64>,
}

impl Field {
    /// One row of values for each party; rows are equally long.
    ///
    /// # Panics
    /// When rows differ in length.
    #[must_use]
    pub fn new(rows: &[Vec<f64>]) -> Self {
        let outcomes = rows.first().map_or(0, Vec::len);
        assert!(rows.iter().all(|row| row.len() == outcomes), "every party values every outcome");
        Self { parties: rows.len(), values: rows.concat() }
    }

    /// Parties.
    #[must_use]
    pub fn parties(&self) -> usize {
        self.parties
    }

    /// Outcomes.
    #[must_use]
    pub fn outcomes(&self) -> usize {
        self.values.len() / self.parties.max(1)
    }

    /// What an outcome is worth to a party.
    #[must_use]
    pub fn value(&self, party: usize, outcome: usize) -> f64 {
        self.values[party * self.outcomes() + outcome]
    }

    /// The values of all outcomes to a party.
    #[must_use]
    pub fn row(&self, party: usize) -> &[f64] {
        &self.values[party * self.outcomes()..(party + 1) * self.outcomes()]
    }

    /// What an outcome is worth to each party.
    pub fn point(&self, outcome: usize) -> impl Iterator<Item = f64> + '_ {
        (0..self.parties).map(move |party| self.value(party, outcome))
    }

    /// Sum over the parties.
    #[must_use]
    pub fn welfare(&self, outcome: usize) -> f64 {
        self.point(outcome).sum()
    }

    /// Least and most that any outcome is worth to a party.
    #[must_use]
    pub fn range(&self, party: usize) -> [f64; 2] {
        let row = self.row(party);
        [row.iter().copied().fold(f64::INFINITY, f64::min), row.iter().copied().fold(f64::NEG_INFINITY, f64::max)]
    }

    /// Outcomes that are worth at least its reserve to every party.
    #[must_use]
    pub fn rational(&self, reserves: &[f64]) -> Vec<usize> {
        let fits = |outcome: &usize| self.point(*outcome).zip(reserves).all(|(value, &reserve)| value >= reserve);
        (0..self.outcomes()).filter(fits).collect()
    }

    /// Of `among`, the outcomes that no other of them beats: as good for everybody and better for somebody. By falling
    /// value to the first party, then to the second and so on; equal outcomes by index. Time grows with the number of
    /// outcomes times the size of the frontier, for two parties with the outcomes alone once they are sorted.
    #[must_use]
    pub fn pareto(&self, among: &[usize]) -> Vec<usize> {
        let mut sorted = among.to_vec();
        sorted.sort_unstable_by(|&a, &b| self.falling(a, b).then(a.cmp(&b)));
        let mut found: Vec<usize> = Vec::new();
        for outcome in sorted {
            // Whatever beats an outcome stands before it, and is on the frontier or beaten by what is.
            let beaten = match (self.parties, found.last()) {
                (2, Some(&last)) => self.beats(last, outcome),
                _ => found.iter().any(|&other| self.beats(other, outcome)),
            };
            if !beaten {
                found.push(outcome);
            }
        }
        found
    }

    /// Whether `a` is as good as `b` for everybody and better for somebody.
    #[must_use]
    pub fn beats(&self, a: usize, b: usize) -> bool {
        let mut better = false;
        for (of_a, of_b) in self.point(a).zip(self.point(b)) {
            if of_a < of_b {
                return false;
            }
            better |= of_a > of_b;
        }
        better
    }

    /// By falling value to the first party, then to the second and so on.
    fn falling(&self, a: usize, b: usize) -> Ordering {
        let pairs = self.point(a).zip(self.point(b));
        pairs.map(|(of_a, of_b)| of_b.total_cmp(&of_a)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Distance of an outcome to the nearest of `others` in the space of values; none where there is none.
    #[must_use]
    pub fn distance(&self, outcome: usize, others: &[usize]) -> Option<f64> {
        let to = |&other: &usize| {
            sqrt(self.point(outcome).zip(self.point(other)).map(|(a, b)| (a - b) * (a - b)).sum::<f64>())
        };
        others.iter().map(to).min_by(f64::total_cmp)
    }

    /// Length of the diagonal of the box of all values.
    #[must_use]
    pub fn diagonal(&self) -> f64 {
        let length = |party: usize| {
            let [least, most] = self.range(party);
            most - least
        };
        sqrt((0..self.parties).map(|party| length(party) * length(party)).sum::<f64>())
    }

    /// Those of `among` with the largest score.
    fn best(among: &[usize], score: impl Fn(usize) -> f64) -> Vec<usize> {
        let scores: Vec<f64> = among.iter().map(|&outcome| score(outcome)).collect();
        let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let slack = if best.is_finite() { EQUAL * best.abs().max(1.0) } else { 0.0 };
        let equal = among.iter().zip(&scores).filter(|(_, score)| **score >= best - slack);
        equal.map(|(&outcome, _)| outcome).collect()
    }
}

/// What the solutions of one bargaining problem start from.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// What each party gets without agreement.
    pub disagreement: Vec<f64>,
    /// Most that each may hope for.
    pub ideal: Vec<f64>,
    /// Bargaining power of each party, not negative: exponents of the Nash product. Only their ratios matter.
    pub weights: Vec<f64>,
}

/// The frontier and the solutions on it. A set without outcomes has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Solutions {
    /// The Pareto frontier of what is worth its reserve to everybody.
    pub pareto: Vec<usize>,
    /// Largest (weighted) product of gains over disagreement.
    pub nash: Vec<usize>,
    /// Largest least gain (egalitarian).
    pub kalai: Vec<usize>,
    /// Largest least share of the hoped-for gain: the solution of Kalai and Smorodinsky.
    pub kalai_smorodinsky: Vec<usize>,
    /// Smallest difference between the largest and the least share of the hoped-for gain: what several programs print
    /// under the same name. It may be a worse outcome for everybody than the former.
    pub least_disparity: Vec<usize>,
    /// Largest sum of values.
    pub welfare: Vec<usize>,
    /// Largest sum of values, each measured from its least and in units of the hoped-for gain.
    pub relative_welfare: Vec<usize>,
}

impl Terms {
    /// Equal weights; disagreement at the reserve, or at the least on offer where the reserve lies outside the range of
    /// values; hopes for the best of all outcomes.
    #[must_use]
    pub fn of(field: &Field, reserves: &[f64]) -> Self {
        let ranges: Vec<[f64; 2]> = (0..field.parties()).map(|party| field.range(party)).collect();
        let inside = |(&reserve, [least, most]): (&f64, &[f64; 2])| {
            if (*least..=*most).contains(&reserve) { reserve } else { *least }
        };
        Self {
            disagreement: reserves.iter().zip(&ranges).map(inside).collect(),
            ideal: ranges.iter().map(|range| range[1]).collect(),
            weights: vec![1.0; field.parties()],
        }
    }
}

/// The frontier of the outcomes that are worth its reserve to every party, and the solutions on it.
#[must_use]
pub fn solve(field: &Field, reserves: &[f64], terms: &Terms) -> Solutions {
    let pareto = field.pareto(&field.rational(reserves));
    let gains = |outcome: usize| field.point(outcome).zip(&terms.disagreement).map(|(value, least)| value - least);
    let hoped = |party: usize| terms.ideal[party] - terms.disagreement[party];
    let shares = |outcome: usize| gains(outcome).enumerate().map(move |(party, gain)| gain / hoped(party));
    let least = |numbers: &mut dyn Iterator<Item = f64>| numbers.fold(f64::INFINITY, f64::min);
    let most = |numbers: &mut dyn Iterator<Item = f64>| numbers.fold(f64::NEG_INFINITY, f64::max);
    let floors: Vec<f64> = (0..field.parties()).map(|party| field.range(party)[0]).collect();
    Solutions {
        nash: nash(field, &pareto, terms),
        kalai: Field::best(&pareto, |outcome| least(&mut gains(outcome))),
        kalai_smorodinsky: Field::best(&pareto, |outcome| least(&mut shares(outcome))),
        least_disparity: Field::best(&pareto, |outcome| least(&mut shares(outcome)) - most(&mut shares(outcome))),
        welfare: Field::best(&pareto, |outcome| field.welfare(outcome)),
        relative_welfare: Field::best(&pareto, |outcome| {
            field.point(outcome).enumerate().map(|(party, value)| (value - floors[party]) / hoped(party)).sum()
        }),
        pareto,
    }
}

/// The outcomes with the largest product of gains, each raised to its party's weight.
fn nash(field: &Field, among: &[usize], terms: &Terms) -> Vec<usize> {
    let Terms { disagreement, weights, .. } = terms;
    let gains = |outcome: usize| field.point(outcome).zip(disagreement).map(|(value, least)| value - least);
    if weights.iter().all(|&weight| weight == 1.0) {
        return Field::best(among, |outcome| gains(outcome).product());
    }
    Field::best(among, |outcome| {
        let logs = gains(outcome).zip(weights).filter(|(_, weight)| **weight > 0.0);
        logs.map(|(gain, weight)| if gain > 0.0 { weight * ln(gain) } else { f64::NEG_INFINITY }).sum()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Field with its reserves, from points.
    fn of(points: &[[f64; 2]]) -> Field {
        Field::new(&[points.iter().map(|p| p[0]).collect(), points.iter().map(|p| p[1]).collect()])
    }

    #[test]
    fn five_points_worked_by_hand() {
        // (3, 0), (2, 2), (0, 3) and (2, 1.5), which (2, 2) beats, and (2, 2) again, which does not beat itself.
        let field = of(&[[3.0, 0.0], [2.0, 2.0], [0.0, 3.0], [2.0, 1.5], [2.0, 2.0]]);
        let found = solve(&field, &[0.0, 0.0], &Terms::of(&field, &[0.0, 0.0]));
        assert_eq!(found.pareto, [0, 1, 4, 2]);
        assert_eq!((found.nash.as_slice(), found.kalai.as_slice()), ([1, 4].as_slice(), [1, 4].as_slice()));
        assert_eq!(found.welfare, [1, 4]);
        assert_eq!(field.distance(3, &found.pareto), Some(0.5));
        assert_eq!(field.distance(3, &[]), None);
        assert!((field.diagonal() - 18_f64.sqrt()).abs() < 1e-15);
        // With all the power the first party takes everything.
        let terms = Terms { weights: vec![1.0, 0.0], ..Terms::of(&field, &[0.0, 0.0]) };
        assert_eq!(solve(&field, &[0.0, 0.0], &terms).nash, [0]);
        // A reserve cuts the frontier, and nothing is left where it is beyond everything.
        assert_eq!(field.pareto(&field.rational(&[1.0, 0.0])), [0, 1, 4]);
        assert_eq!(solve(&field, &[9.0, 0.0], &terms), Solutions::default());
    }

    /// Shares x of a pie in steps of 1/n, worth x to the first and sqrt(1 - x) to the second (row T06a of theory.json).
    fn concave(n: usize) -> Field {
        let x = |k: usize| k as f64 / n as f64;
        Field::new(&[(0..=n).map(x).collect(), (0..=n).map(|k| (1.0 - x(k)).sqrt()).collect()])
    }

    #[test]
    fn a_fine_grid_stands_for_a_curve() {
        let n = 100_000;
        let field = concave(n);
        let found = solve(&field, &[0.0, 0.0], &Terms::of(&field, &[0.0, 0.0]));
        assert_eq!(found.pareto.len(), n + 1);
        let x = |outcomes: &[usize]| field.value(0, outcomes[0]);
        assert!((x(&found.nash) - 2.0 / 3.0).abs() <= 1e-5);
        assert!((x(&found.kalai_smorodinsky) - (5_f64.sqrt() - 1.0) / 2.0).abs() <= 1e-5);
        assert!((x(&found.welfare) - 0.75).abs() <= 1e-5);
    }

    #[test]
    fn the_two_readings_of_kalai_and_smorodinsky_part() {
        // Equal shares at (0.2, 0.2), larger but unequal ones at (0.9, 0.5): nobody would take the former. Both are on
        // the frontier of three parties, for whom the former has its own merit.
        let field =
            Field::new(&[vec![0.2, 0.9, 1.0, 0.0, 0.0], vec![0.2, 0.5, 0.0, 1.0, 0.0], vec![0.3, 0.3, 0.0, 0.0, 1.0]]);
        let found = solve(&field, &[0.0; 3], &Terms::of(&field, &[0.0; 3]));
        assert_eq!(found.kalai_smorodinsky, [1]);
        let field =
            Field::new(&[vec![0.2, 0.9, 1.0, 0.0, 0.0], vec![0.2, 0.5, 0.0, 1.0, 0.0], vec![0.3, 0.25, 0.0, 0.0, 1.0]]);
        let found = solve(&field, &[0.0; 3], &Terms::of(&field, &[0.0; 3]));
        assert_eq!((found.kalai_smorodinsky, found.least_disparity), (vec![1], vec![0]));
    }

    fn points(parties: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
        // Tenths, so that there are ties.
        let row = |n| proptest::collection::vec((0..=10_u8).prop_map(|tenth| f64::from(tenth) / 10.0), n);
        (1_usize..40).prop_flat_map(move |n| proptest::collection::vec(row(n), parties))
    }

    fn problem() -> impl Strategy<Value = Vec<Vec<f64>>> {
        prop_oneof![points(2), points(3), points(4)]
    }

    proptest! {
        #[test]
        fn what_is_not_on_the_frontier_is_beaten_by_what_is_and_nothing_on_it_is_beaten(rows in problem()) {
            let field = Field::new(&rows);
            let all: Vec<usize> = (0..field.outcomes()).collect();
            let pareto = field.pareto(&all);
            for &outcome in &all {
                let beaten = pareto.iter().any(|&other| field.beats(other, outcome));
                prop_assert_eq!(beaten, !pareto.contains(&outcome));
            }
        }

        #[test]
        fn every_solution_lies_on_the_frontier(rows in problem(), reserve in 0.0..0.6_f64) {
            let field = Field::new(&rows);
            let reserves = vec![reserve; field.parties()];
            let found = solve(&field, &reserves, &Terms::of(&field, &reserves));
            let sets = [&found.nash, &found.kalai, &found.kalai_smorodinsky, &found.least_disparity, &found.welfare];
            for set in sets {
                prop_assert_eq!(set.is_empty(), found.pareto.is_empty());
                prop_assert!(set.iter().all(|outcome| found.pareto.contains(outcome)));
            }
        }

        /// Units of utility mean nothing to Nash and to Kalai and Smorodinsky. Powers of two rescale without rounding.
        #[test]
        fn an_affine_change_of_one_partys_units_moves_neither_solution(rows in points(2), power in 0..7_usize, up in 0..4_u8) {
            let (scale, shift) = ([0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0][power], f64::from(up));
            let field = Field::new(&rows);
            let changed: Vec<f64> = rows[0].iter().map(|value| scale * value + shift).collect();
            let other = Field::new(&[changed, rows[1].clone()]);
            let before = solve(&field, &[0.0, 0.0], &Terms::of(&field, &[0.0, 0.0]));
            let after = solve(&other, &[shift, 0.0], &Terms::of(&other, &[shift, 0.0]));
            prop_assert_eq!(&before.pareto, &after.pareto);
            prop_assert!(before.nash.iter().any(|outcome| after.nash.contains(outcome)));
            prop_assert!(before.kalai_smorodinsky.iter().any(|outcome| after.kalai_smorodinsky.contains(outcome)));
        }
    }
}
