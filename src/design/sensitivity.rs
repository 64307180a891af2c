//! Sobol' indices from Saltelli rows, and Morris effects from trajectories.

use super::moments::Moments;
use super::points::stride;
use super::wilson::{Interval, Z_95};
use crate::num::sqrt;
use crate::rng::{Entity, Purpose, Streams};

/// Below this variance of the normalised output nothing is explained: the machine's unit roundoff, as in SALib.
const NOTHING: f64 = f64::EPSILON;

/// An index of one factor or pair, with the 95 % interval of a bootstrap over base samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// Share of the variance.
    pub value: f64,
    /// `value` plus and minus 1.96 bootstrap standard deviations.
    pub interval: Interval,
}

/// Sobol' indices of one output.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// Share of the variance that a factor explains alone, by factor.
    pub first: Vec<Index>,
    /// Share that it explains alone and together with others, by factor.
    pub total: Vec<Index>,
    /// Share that a pair explains beyond its members, `(factor, later factor, index)`; empty without the rows BA.
    pub second: Vec<(usize, usize, Index)>,
}

/// Outputs at the rows of a Saltelli design, normalised.
struct Rows {
    y: Vec<f64>,
    factors: usize,
    stride: usize,
    has_second: bool,
}

/// Bootstrap over the base samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// Resamples, at least 2.
    pub resamples: usize,
    /// Seed of their draws.
    pub seed: u64,
}

impl Indices {
    /// The indices of outputs `y`, in the order of the rows: first order after Saltelli et al. (2010, table 2, b), total order
    /// after Jansen (1999; f there), second order after Saltelli (2002), each over the variance of the rows A and B, as SALib
    /// computes them. None if the number of outputs is not that of the design, or fewer than two base samples.
    #[must_use]
    pub fn of(y: &[f64], factors: usize, has_second: bool, bootstrap: Bootstrap) -> Option<Self> {
        let stride = stride(factors as u64, has_second) as usize;
        let samples = y.len() / stride;
        if factors == 0 || !y.len().is_multiple_of(stride) || samples < 2 {
            return None;
        }
        let rows = Rows { y: normalised(y), factors, stride, has_second };
        let all: Vec<u32> = (0..samples as u32).collect();
        let values = rows.indices(&all);
        let mut spread = vec![Moments::default(); values.len()];
        let mut resample = vec![0; samples];
        for round in 0..bootstrap.resamples {
            let streams = Streams { seed: bootstrap.seed, replication: round as u64 };
            let mut draw = streams.draw(Entity::named("indices"), Purpose::Bootstrap, 0);
            for at in &mut resample {
                *at = ((draw.unit() * samples as f64) as u32).min(samples as u32 - 1);
            }
            for (moments, value) in spread.iter_mut().zip(rows.indices(&resample)) {
                moments.push(value);
            }
        }
        let index = |(value, moments): (f64, &Moments)| {
            let half = Z_95 * moments.standard_deviation().unwrap_or(0.0);
            Index { value, interval: Interval { low: value - half, high: value + half } }
        };
        let mut list = values.into_iter().zip(&spread).map(index);
        let first = list.by_ref().take(factors).collect();
        let total = list.by_ref().take(factors).collect();
        let pairs = (0..factors).flat_map(|j| (j + 1..factors).map(move |k| (j, k)));
        let second = pairs.zip(list).map(|((j, k), index)| (j, k, index)).collect();
        Some(Self { first, total, second })
    }
}

impl Rows {
    fn at(&self, sample: u32, row: usize) -> f64 {
        self.y[sample as usize * self.stride + row]
    }

    /// First, total and second order over these base samples.
    fn indices(&self, samples: &[u32]) -> Vec<f64> {
        let n = samples.len() as f64;
        let last = self.stride - 1;
        let sum = |f: &dyn Fn(u32) -> f64| samples.iter().map(|&sample| f(sample)).sum::<f64>();
        let mean = sum(&|s| self.at(s, 0) + self.at(s, last)) / (2.0 * n);
        let square = |x: f64| (x - mean) * (x - mean);
        let variance = sum(&|s| square(self.at(s, 0)) + square(self.at(s, last))) / (2.0 * n);
        let share = |covariance: f64| if variance > NOTHING { covariance / n / variance } else { 0.0 };
        let first = |j: usize| share(sum(&|s| self.at(s, last) * (self.at(s, 1 + j) - self.at(s, 0))));
        let total = |j: usize| {
            let distance = |s| self.at(s, 0) - self.at(s, 1 + j);
            0.5 * share(sum(&|s| distance(s) * distance(s)))
        };
        let mut list: Vec<f64> = (0..self.factors).map(first).collect();
        list.extend((0..self.factors).map(total));
        if self.has_second {
            for j in 0..self.factors {
                for k in j + 1..self.factors {
                    let ba = 1 + self.factors + j;
                    let both = share(sum(&|s| self.at(s, ba) * self.at(s, 1 + k) - self.at(s, 0) * self.at(s, last)));
                    list.push(both - list[j] - list[k]);
                }
            }
        }
        list
    }
}

/// Outputs with mean 0 and standard deviation 1: indices are less biased so.
fn normalised(y: &[f64]) -> Vec<f64> {
    let n = y.len() as f64;
    let mean = y.iter().sum::<f64>() / n;
    let deviation = sqrt(y.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n);
    let scale = if deviation > 0.0 { deviation } else { 1.0 };
    y.iter().map(|y| (y - mean) / scale).collect()
}

/// What moving one factor does to an output (Morris 1991; Campolongo, Cariboni and Saltelli 2007).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Mean elementary effect, per full range of the factor.
    pub mu: f64,
    /// Mean of their absolute values.
    pub mu_star: f64,
    /// Standard error of `mu_star` over trajectories.
    pub mu_star_error: f64,
    /// Their standard deviation: curvature and interaction.
    pub sigma: f64,
}

/// Effects by factor. `points` gives the shares of the ranges at each row, `y` the outputs; rows are trajectories of
/// `factors + 1` rows, on each step of which one factor moves by `step`. None if they are not.
#[must_use]
pub fn effects(points: &[Vec<f64>], y: &[f64], factors: usize, step: f64) -> Option<Vec<Effect>> {
    let stride = factors + 1;
    if points.len() != y.len() || y.is_empty() || !y.len().is_multiple_of(stride) {
        return None;
    }
    let mut signed = vec![Moments::default(); factors];
    let mut absolute = signed.clone();
    for first in (0..y.len()).step_by(stride) {
        for row in first..first + factors {
            let moves = (0..factors).filter(|&factor| points[row + 1][factor] != points[row][factor]);
            let [factor] = moves.collect::<Vec<_>>()[..] else { return None };
            let up = points[row + 1][factor] > points[row][factor];
            let effect = (y[row + 1] - y[row]) / if up { step } else { -step };
            signed[factor].push(effect);
            absolute[factor].push(effect.abs());
        }
    }
    let effect = |(signed, absolute): (&Moments, &Moments)| {
        Some(Effect {
            mu: signed.mean()?,
            mu_star: absolute.mean()?,
            mu_star_error: absolute.standard_error().unwrap_or(0.0),
            sigma: signed.standard_deviation().unwrap_or(0.0),
        })
    };
    signed.iter().zip(&absolute).map(effect).collect()
}

#[cfg(test)]
mod tests;
