//! The points of a sweep with what came of each, from `summary.csv`.

use std::collections::BTreeMap;

use crate::design::{Factor, wilson};
use crate::report::html::words::plain;
use crate::run::Dossier;
use crate::sink::number;

/// What came of one point, in counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Point {
    /// The value of each factor; of named levels the position.
    pub values: Vec<f64>,
    /// Histories.
    pub n: u64,
    /// Histories by ending, as the model lists them.
    pub endings: Vec<(String, u64)>,
    /// Histories with a settlement.
    pub agreements: u64,
    /// Histories with a settlement that was broken by renewed war.
    pub wars: u64,
}

impl Point {
    /// The most frequent ending, the first of equals.
    pub fn most(&self) -> Option<(&str, u64)> {
        let counted = self.endings.iter().map(|(id, n)| (id.as_str(), *n));
        counted.reduce(|best, next| if next.1 > best.1 { next } else { best }).filter(|(_, n)| *n > 0)
    }

    /// Adds the counts of another.
    fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.agreements += other.agreements;
        self.wars += other.wars;
        for (id, n) in &other.endings {
            match self.endings.iter_mut().find(|(own, _)| own == id) {
                Some((_, own)) => *own += n,
                None => self.endings.push((id.clone(), *n)),
            }
        }
    }
}

/// What is asked of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Agreement,
    War,
}

impl Asked {
    pub const ALL: [Self; 2] = [Self::War, Self::Agreement];

    /// Its name among the outputs of a sweep.
    pub const fn response(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::War => "renewed_war",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Agreement => "a settlement",
            Self::War => "renewed war after a settlement",
        }
    }

    /// Cases among the histories of a point.
    pub const fn cases(self, point: &Point) -> u64 {
        match self {
            Self::Agreement => point.agreements,
            Self::War => point.wars,
        }
    }

    /// Share of all histories, with its interval; none of no histories.
    pub fn share(self, point: &Point) -> Option<(f64, f64, f64)> {
        let cases = self.cases(point);
        let ends = wilson(cases, point.n);
        (point.n > 0).then(|| (cases as f64 / point.n as f64, ends.low, ends.high))
    }
}

/// All points that the summary tells of one by one.
pub(super) fn points(dossier: &Dossier) -> BTreeMap<u64, Point> {
    let mut points: BTreeMap<u64, Point> = BTreeMap::new();
    for row in dossier.summary.iter().filter(|row| row.statistic == "share") {
        let (Some(at), Some(share)) = (row.point, row.value) else { continue };
        let count = (share * row.n as f64).round() as u64;
        let known = ["outcome", "agreement", "renewed_war"].contains(&row.quantity.as_str());
        if !known {
            continue;
        }
        let point = points.entry(at).or_default();
        match row.quantity.as_str() {
            "outcome" => {
                point.n = row.n;
                point.endings.push((row.category.clone(), count));
            }
            "agreement" => point.agreements = count,
            _ => point.wars = count,
        }
    }
    for (at, point) in &mut points {
        dossier.run.design.point(*at, &mut point.values);
    }
    points
}

/// Points together.
pub(super) fn pooled<'a>(points: impl Iterator<Item = &'a Point>) -> Point {
    let mut all = Point::default();
    points.for_each(|point| all.add(point));
    all
}

/// A value of a factor as it is typed.
pub(super) fn level(factor: &Factor, value: f64) -> String {
    factor.names().map_or_else(|| number(value), |names| names.get(value as usize).cloned().unwrap_or_default())
}

/// The name of a factor, without the section that most paths have in common.
pub(super) fn name(factor: &Factor) -> String {
    plain(factor.name.strip_prefix("params.").unwrap_or(&factor.name))
}

/// A point in words: each factor with its value.
pub(super) fn words(factors: &[Factor], values: &[f64]) -> String {
    let told =
        factors.iter().zip(values).map(|(factor, value)| format!("{} {}", name(factor), plain(&level(factor, *value))));
    told.collect::<Vec<_>>().join(", ")
}

/// The values of a factor that occur, ascending.
pub(super) fn values(points: &BTreeMap<u64, Point>, factor: usize) -> Vec<f64> {
    let mut values: Vec<f64> = points.values().filter_map(|point| point.values.get(factor).copied()).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_add_up_and_the_first_of_equal_endings_is_the_most_frequent() {
        let point = |peace, war| Point {
            n: 10,
            endings: vec![("peace".to_owned(), peace), ("war".to_owned(), war)],
            agreements: peace,
            wars: 1,
            ..Point::default()
        };
        let all = pooled([point(7, 3), point(3, 7)].iter());
        assert_eq!((all.n, all.agreements, all.wars, all.most()), (20, 10, 2, Some(("peace", 10))));
        assert_eq!(Asked::War.share(&all).map(|(share, ..)| share), Some(0.1));
        assert_eq!(Asked::War.share(&Point::default()), None);
    }
}
