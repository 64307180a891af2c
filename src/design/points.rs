//! A design: numbered points, computed one by one and never held in memory.

use serde::{Deserialize, Serialize};

use super::factor::Factor;
use super::shuffle::Shuffle;
use super::trajectories::Trajectories;
use crate::rng::{Entity, Purpose, Streams};

/// Most base samples of a Sobol' sequence.
pub const SOBOL_SAMPLES: u64 = 1 << 16;
/// Dimensions of one Sobol' sequence; more are taken from further, independently scrambled ones.
const SOBOL_DIMENSIONS: usize = 256;

/// How points are laid out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Every combination; the last factor changes fastest.
    #[default]
    Grid,
    /// The first values of all factors, the second values of all, ..; lists of one length.
    Zip,
    /// These rows, one value a factor.
    Table(Vec<Vec<f64>>),
    /// A Latin hypercube (McKay, Beckman and Conover 1979): every factor is cut into as many slices of equal probability as
    /// there are points, and every slice is used once.
    Lhs {
        /// Points.
        points: u64,
    },
    /// The first points of a Sobol' sequence with Owen scrambling (Owen 1995; Burley 2020).
    Sobol {
        /// Points, best a power of two.
        points: u64,
    },
    /// Rows for Sobol' indices (Saltelli 2002): of each base sample A, AB_1 to AB_d, BA_1 to BA_d if second order is wanted,
    /// and B; AB_i is A with factor i from B.
    Saltelli {
        /// Base samples, best a power of two.
        samples: u64,
        /// Whether the rows BA are among them.
        second: bool,
    },
    /// Morris trajectories.
    Morris {
        /// Trajectories.
        trajectories: u64,
        /// Levels of the grid, even.
        levels: u32,
    },
}

/// Factors, and the points over them.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// What is varied; none in a plain run, which has one point.
    pub factors: Vec<Factor>,
    /// How.
    pub layout: Layout,
    /// Seed of the layouts that draw.
    pub seed: u64,
}

/// Why there is no such design.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DesignFault {
    /// A list is needed.
    #[error("`{factor}` has no list of values, which this design needs")]
    NoList {
        /// The factor.
        factor: String,
    },
    /// Lists of one length are needed.
    #[error("`{factor}` has {count} values and `{first}` has {expected}: a zip needs lists of one length")]
    Lengths {
        /// The factor.
        factor: String,
        /// Its values.
        count: u64,
        /// The first factor.
        first: String,
        /// Its values.
        expected: u64,
    },
    /// A sampling design without factors or points.
    #[error("the design has no {what}")]
    Nothing {
        /// Factors or points.
        what: &'static str,
    },
    /// Too long for the sequence.
    #[error("{samples} samples are more than the {SOBOL_SAMPLES} of a Sobol' sequence")]
    TooLong {
        /// What was asked for.
        samples: u64,
    },
    /// A grid of an odd number of levels.
    #[error("{levels} levels of a screening: an even number of at least 2 is needed")]
    OddLevels {
        /// What was asked for.
        levels: u32,
    },
    /// More points than can be numbered.
    #[error("the design has more than {} points", u64::MAX)]
    TooMany,
}

impl Design {
    /// The design of a plain run: one point at which nothing is varied.
    #[must_use]
    pub const fn single() -> Self {
        Self { factors: Vec::new(), layout: Layout::Grid, seed: 0 }
    }

    /// Number of points.
    ///
    /// # Errors
    /// When the factors do not fit the layout or the points cannot be numbered.
    pub fn count(&self) -> Result<u64, DesignFault> {
        let d = self.factors.len() as u64;
        let sampled = !matches!(self.layout, Layout::Grid | Layout::Zip | Layout::Table(_));
        if sampled && d == 0 {
            return Err(DesignFault::Nothing { what: "factors" });
        }
        let count = match &self.layout {
            Layout::Grid => self.combinations()?,
            Layout::Zip => self.common_length()?,
            Layout::Table(rows) => rows.len() as u64,
            Layout::Lhs { points } => *points,
            Layout::Sobol { points } => long_enough(*points)?,
            Layout::Saltelli { samples, second } => {
                long_enough(*samples)?.checked_mul(stride(d, *second)).ok_or(DesignFault::TooMany)?
            }
            Layout::Morris { trajectories, levels } => {
                if *levels < 2 || levels % 2 == 1 {
                    return Err(DesignFault::OddLevels { levels: *levels });
                }
                trajectories.checked_mul(d + 1).ok_or(DesignFault::TooMany)?
            }
        };
        if count == 0 { Err(DesignFault::Nothing { what: "points" }) } else { Ok(count) }
    }

    fn list_length(factor: &Factor) -> Result<u64, DesignFault> {
        factor.count().ok_or_else(|| DesignFault::NoList { factor: factor.name.clone() })
    }

    fn combinations(&self) -> Result<u64, DesignFault> {
        let mut count = 1u64;
        for factor in &self.factors {
            count = count.checked_mul(Self::list_length(factor)?).ok_or(DesignFault::TooMany)?;
        }
        Ok(count)
    }

    fn common_length(&self) -> Result<u64, DesignFault> {
        let Some(first) = self.factors.first() else { return Ok(1) };
        let expected = Self::list_length(first)?;
        for factor in &self.factors {
            let count = Self::list_length(factor)?;
            if count != expected {
                let (factor, first) = (factor.name.clone(), first.name.clone());
                return Err(DesignFault::Lengths { factor, count, first, expected });
            }
        }
        Ok(expected)
    }

    /// Writes the values of point `index`, one a factor, to `values`: a number, or the position of a named level.
    ///
    /// # Panics
    /// When there is no such point; [`Design::count`] says how many there are.
    pub fn point(&self, index: u64, values: &mut Vec<f64>) {
        values.clear();
        match &self.layout {
            Layout::Grid => {
                let mut rest = index;
                for factor in self.factors.iter().rev() {
                    let count = factor.count().expect("the factors of a grid are lists");
                    values.push(factor.level(rest % count));
                    rest /= count;
                }
                values.reverse();
            }
            Layout::Zip => values.extend(self.factors.iter().map(|factor| factor.level(index))),
            Layout::Table(rows) => values.extend_from_slice(&rows[index as usize]),
            _ => {
                self.shares(index, values);
                for (factor, value) in self.factors.iter().zip(values) {
                    *value = factor.at(*value);
                }
            }
        }
    }

    /// Writes the shares of the ranges that a sampled point takes, 0 to 1, one a factor.
    ///
    /// # Panics
    /// In a grid, zip or table, which has none.
    pub fn shares(&self, index: u64, shares: &mut Vec<f64>) {
        shares.clear();
        let d = self.factors.len();
        match self.layout {
            Layout::Grid | Layout::Zip | Layout::Table(_) => unreachable!("points of lists are no shares"),
            Layout::Lhs { points } => {
                let streams = Streams { seed: self.seed, replication: index };
                for factor in &self.factors {
                    let slice = Shuffle::new(points, self.seed, &factor.name).at(index);
                    let within = streams.draw(Entity::named(&factor.name), Purpose::Design, 1).unit();
                    shares.push((slice as f64 + within) / points as f64);
                }
            }
            Layout::Sobol { .. } => shares.extend((0..d).map(|dimension| self.sobol(index, dimension))),
            Layout::Saltelli { second, .. } => self.saltelli(index, second, shares),
            Layout::Morris { levels, .. } => {
                Trajectories { factors: d, levels, seed: self.seed }.point(index, shares);
            }
        }
    }

    /// A coordinate of the scrambled sequence, inside (0, 1). Dimensions past the last of a sequence come from another one.
    fn sobol(&self, index: u64, dimension: usize) -> f64 {
        const SMALLEST: f64 = 1.0 / (1u64 << 25) as f64;
        let (sequence, dimension) = ((dimension / SOBOL_DIMENSIONS) as u64, dimension % SOBOL_DIMENSIONS);
        let streams = Streams { seed: self.seed, replication: 0 };
        let mut draw = streams.draw(Entity::named("sobol"), Purpose::Design, sequence);
        let seed = (draw.unit() * f64::from(u32::MAX)) as u32;
        f64::from(sobol_burley::sample(index as u32, dimension as u32, seed)).max(SMALLEST)
    }

    fn saltelli(&self, index: u64, second: bool, shares: &mut Vec<f64>) {
        let d = self.factors.len();
        let stride = stride(d as u64, second);
        let (sample, row) = (index / stride, (index % stride) as usize);
        let last = stride as usize - 1;
        for factor in 0..d {
            let from_b = match row {
                0 => false,
                row if row == last => true,
                row if row <= d => row - 1 == factor,
                row => row - 1 - d != factor,
            };
            shares.push(self.sobol(sample, factor + if from_b { d } else { 0 }));
        }
    }

    /// The design in a few lines, exactly: what is hashed to tell one from another.
    #[must_use]
    pub fn text(&self) -> String {
        let layout = match &self.layout {
            Layout::Grid => "grid".to_owned(),
            Layout::Zip => "zip".to_owned(),
            Layout::Table(rows) => format!("table {rows:?}"),
            other => format!("{other:?} seed {}", self.seed),
        };
        let factors = self.factors.iter().map(|factor| format!("\n{}", factor.text()));
        [layout].into_iter().chain(factors).collect()
    }
}

fn long_enough(samples: u64) -> Result<u64, DesignFault> {
    if samples > SOBOL_SAMPLES { Err(DesignFault::TooLong { samples }) } else { Ok(samples) }
}

/// Rows of one base sample.
pub(super) const fn stride(factors: u64, second: bool) -> u64 {
    if second { 2 * factors + 2 } else { factors + 2 }
}

#[cfg(test)]
mod tests {
    use super::super::factor::Levels;
    use super::*;

    fn span(name: &str) -> Factor {
        Factor { name: name.to_owned(), levels: Levels::Span { low: 0.0, high: 1.0 } }
    }

    fn design(factors: Vec<Factor>, layout: Layout) -> Design {
        Design { factors, layout, seed: 11 }
    }

    fn all(design: &Design) -> Vec<Vec<f64>> {
        let mut values = Vec::new();
        let point = |index| {
            design.point(index, &mut values);
            values.clone()
        };
        (0..design.count().unwrap()).map(point).collect()
    }

    #[test]
    fn a_grid_crosses_all_and_the_last_factor_changes_fastest() {
        let named = Factor { name: "s".to_owned(), levels: Levels::Named(vec!["a".to_owned(), "b".to_owned()]) };
        let grid = design(vec![named, Factor::numbers("x", &[1.0, 2.0, 5.0])], Layout::Grid);
        assert_eq!(all(&grid), [[0.0, 1.0], [0.0, 2.0], [0.0, 5.0], [1.0, 1.0], [1.0, 2.0], [1.0, 5.0]]);
        assert_eq!(all(&Design::single()), [[0.0; 0]]);
    }

    #[test]
    fn a_zip_takes_equal_positions_and_refuses_unequal_lists() {
        let zip =
            |second: &[f64]| design(vec![Factor::numbers("x", &[1.0, 2.0]), Factor::numbers("y", second)], Layout::Zip);
        assert_eq!(all(&zip(&[7.0, 8.0])), [[1.0, 7.0], [2.0, 8.0]]);
        let fault = zip(&[7.0]).count().unwrap_err().to_string();
        assert_eq!(fault, "`y` has 1 values and `x` has 2: a zip needs lists of one length");
    }

    #[test]
    fn a_latin_hypercube_uses_every_slice_of_every_factor_once() {
        let lhs = design(vec![span("x"), span("y"), span("z")], Layout::Lhs { points: 50 });
        let points = all(&lhs);
        for factor in 0..3 {
            let mut slices: Vec<usize> = points.iter().map(|point| (point[factor] * 50.0) as usize).collect();
            slices.sort_unstable();
            assert_eq!(slices, (0..50).collect::<Vec<_>>());
        }
        assert_ne!(points, all(&Design { seed: 12, ..lhs }));
    }

    #[test]
    fn a_scrambled_sequence_fills_every_power_of_two_evenly() {
        let sobol = design(vec![span("x"), span("y")], Layout::Sobol { points: 64 });
        let points = all(&sobol);
        for factor in 0..2 {
            let mut slices: Vec<usize> = points.iter().map(|point| (point[factor] * 64.0) as usize).collect();
            slices.sort_unstable();
            assert_eq!(slices, (0..64).collect::<Vec<_>>(), "one point in each sixty-fourth");
        }
        // A net in base 2: one point in each of the 8 x 8 cells.
        let mut cells: Vec<(usize, usize)> =
            points.iter().map(|p| ((p[0] * 8.0) as usize, (p[1] * 8.0) as usize)).collect();
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), 64);
    }

    #[test]
    fn saltelli_rows_come_as_a_ab_ba_b() {
        let rows = design(vec![span("x"), span("y"), span("z")], Layout::Saltelli { samples: 4, second: true });
        let points = all(&rows);
        assert_eq!(points.len(), 4 * 8);
        for sample in points.chunks(8) {
            let (a, b) = (&sample[0], &sample[7]);
            assert!(a.iter().zip(b).all(|(a, b)| a != b));
            for factor in 0..3 {
                for other in 0..3 {
                    let (ab, ba) = (sample[1 + factor][other], sample[4 + factor][other]);
                    assert_eq!(ab, if other == factor { b[other] } else { a[other] });
                    assert_eq!(ba, if other == factor { a[other] } else { b[other] });
                }
            }
        }
        let first = design(rows.factors.clone(), Layout::Saltelli { samples: 4, second: false });
        assert_eq!(first.count(), Ok(4 * 5));
        assert_eq!(all(&first)[4], points[7], "the last row is B in both");
    }

    #[test]
    fn more_than_256_dimensions_are_padded_with_other_scrambles() {
        let factors: Vec<Factor> = (0..300).map(|i| span(&format!("x{i}"))).collect();
        let sobol = design(factors, Layout::Sobol { points: 8 });
        let points = all(&sobol);
        assert!(points.iter().all(|point| point[0] != point[256]));
    }

    #[test]
    fn designs_that_cannot_be_are_refused() {
        let texts: Vec<String> = [
            design(vec![span("x")], Layout::Grid),
            design(vec![], Layout::Lhs { points: 3 }),
            design(vec![span("x")], Layout::Lhs { points: 0 }),
            design(vec![span("x")], Layout::Sobol { points: 65_537 }),
            design(vec![span("x")], Layout::Morris { trajectories: 3, levels: 5 }),
            design((0..8).map(|i| Factor::numbers(&format!("x{i}"), &[0.0; 300])).collect(), Layout::Grid),
        ]
        .into_iter()
        .map(|design| design.count().unwrap_err().to_string())
        .collect();
        assert_eq!(
            texts,
            [
                "`x` has no list of values, which this design needs",
                "the design has no factors",
                "the design has no points",
                "65537 samples are more than the 65536 of a Sobol' sequence",
                "5 levels of a screening: an even number of at least 2 is needed",
                "the design has more than 18446744073709551615 points",
            ]
        );
    }

    #[test]
    fn a_trillion_points_are_counted_and_any_of_them_is_found() {
        let millions: Vec<f64> = (0..1000).map(f64::from).collect();
        let factors = (0..4).map(|i| Factor::numbers(&format!("x{i}"), &millions)).collect();
        let grid = design(factors, Layout::Grid);
        assert_eq!(grid.count(), Ok(1_000_000_000_000));
        let mut values = Vec::new();
        grid.point(123_456_789_012, &mut values);
        assert_eq!(values, [123.0, 456.0, 789.0, 12.0]);
    }
}
