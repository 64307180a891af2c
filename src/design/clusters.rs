//! Shares by cluster: how far a share differs between draws of what is uncertain, apart from sampling.

use super::wilson::Interval;
use crate::num::{beta_quantile, sqrt};

/// Quantiles between which an interval over clusters lies.
const ENDS: [f64; 2] = [0.05, 0.95];

/// Below this sum of its shapes a beta distribution has all its mass at 0 and 1, as far as anybody can tell.
const LEAST_SHAPES: f64 = 1e-3;

/// Counts of a yes or no in clusters, fed one after the other; clusters may differ in size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Clusters {
    /// Of the open cluster: times it happened, and cases.
    open: [u64; 2],
    /// Of closed ones: how many, times it happened, cases.
    closed: [u64; 3],
    /// Sum of squared sizes.
    squared_sizes: f64,
    /// Sum of squared times over sizes.
    squared_shares: f64,
}

/// How a share is spread over clusters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The share over all cases, 0–1.
    pub mean: f64,
    /// Standard deviation of the clusters' own shares, 0–1; 0 where they differ no more than sampling makes them.
    pub deviation: f64,
    /// Range that holds 90 % of the clusters' own shares.
    pub interval: Interval,
}

impl Clusters {
    /// Adds a case to the open cluster.
    pub fn push(&mut self, happened: bool) {
        self.open[0] += u64::from(happened);
        self.open[1] += 1;
    }

    /// Closes the open cluster: the next case opens another. An empty one does not count.
    pub fn close(&mut self) {
        let [times, cases] = std::mem::take(&mut self.open);
        if cases > 0 {
            let [clusters, all_times, all_cases] = self.closed;
            self.closed = [clusters + 1, all_times + times, all_cases + cases];
            self.squared_sizes += cases as f64 * cases as f64;
            self.squared_shares += times as f64 * times as f64 / cases as f64;
        }
    }

    /// Cases, in closed clusters and the open one.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.closed[2] + self.open[1]
    }

    /// The spread, the open cluster taken as it is; none with fewer than two clusters, or without a cluster of two cases.
    ///
    /// The variance between clusters is that of the one-way analysis of variance with random effects, by moments: the mean
    /// square between clusters less that within, over the size of a cluster, never below 0 (Searle, Casella and McCulloch
    /// 1992, Variance Components, chapter 3, with their n0 for unequal sizes). The interval is that of the beta distribution
    /// with this mean and variance (the beta-binomial by moments: Kleinman 1973, Journal of the American Statistical
    /// Association 68:46-54), so that sampling within clusters does not widen it.
    #[must_use]
    pub fn spread(&self) -> Option<Spread> {
        let mut all = *self;
        all.close();
        let [clusters, times, cases] = all.closed;
        if clusters < 2 || cases == clusters {
            return None;
        }
        let [k, x, n] = [clusters, times, cases].map(|count| count as f64);
        let mean = x / n;
        let between = (all.squared_shares - x * x / n) / (k - 1.0);
        let within = (x - all.squared_shares) / (n - k);
        let size = (n - all.squared_sizes / n) / (k - 1.0);
        let variance = ((between - within) / size).clamp(0.0, mean * (1.0 - mean));
        let [low, high] = ENDS.map(|u| quantile(mean, variance, u));
        Some(Spread { mean, deviation: sqrt(variance), interval: Interval { low, high } })
    }
}

/// Quantile of the beta distribution with this mean and variance.
fn quantile(mean: f64, variance: f64, u: f64) -> f64 {
    if variance <= 0.0 {
        return mean;
    }
    let shapes = mean * (1.0 - mean) / variance - 1.0;
    if shapes < LEAST_SHAPES {
        return f64::from(u8::from(u > 1.0 - mean));
    }
    beta_quantile(mean * shapes, (1.0 - mean) * shapes, u)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Entity, Purpose, Streams};

    fn clusters(list: &[[u64; 2]]) -> Clusters {
        let mut clusters = Clusters::default();
        for [times, cases] in list {
            (0..*cases).for_each(|case| clusters.push(case < *times));
            clusters.close();
        }
        clusters
    }

    #[test]
    fn the_variance_between_is_that_of_the_analysis_of_variance() {
        // Shares 1, 0 and 1/2 of two cases each: between (2.5 - 9/6) / 2 = 1/2, within (3 - 2.5) / 3 = 1/6, so (1/2 - 1/6) / 2.
        let spread = clusters(&[[2, 2], [0, 2], [1, 2]]).spread().unwrap();
        assert!((spread.mean - 0.5).abs() < 1e-15);
        assert!((spread.deviation - (1.0f64 / 6.0).sqrt()).abs() < 1e-15);
        // Shapes 1/4 / (1/6) - 1 = 1/2, a quarter each.
        assert!((spread.interval.low - beta_quantile(0.25, 0.25, 0.05)).abs() < 1e-12);
        // Sizes 3 and 1, 3 and 0 times: between 9/3 - 9/4 = 3/4, within 0, size (4 - 10/4) / 1 = 3/2: half, capped at 3/16.
        let uneven = clusters(&[[3, 3], [0, 1]]).spread().unwrap();
        assert!((uneven.deviation - (3.0f64 / 16.0).sqrt()).abs() < 1e-15);
        assert_eq!(uneven.interval, Interval { low: 0.0, high: 1.0 });
    }

    #[test]
    fn without_clusters_of_several_nothing_is_told() {
        assert_eq!(clusters(&[[1, 1], [0, 1]]).spread(), None);
        assert_eq!(clusters(&[[1, 5]]).spread(), None);
        let mut open = clusters(&[[1, 5]]);
        open.push(true);
        assert!(open.spread().is_some());
        assert_eq!(open.count(), 6);
    }

    /// Clusters whose own shares are drawn by `share`.
    fn drawn(n: u64, cases: u64, share: impl Fn(f64) -> f64) -> Spread {
        let mut clusters = Clusters::default();
        for cluster in 0..n {
            let mut draw =
                Streams { seed: 5, replication: cluster }.draw(Entity::named("clusters"), Purpose::Parameter, 0);
            let p = share(draw.unit());
            (0..cases).for_each(|_| clusters.push(draw.bernoulli(p)));
            clusters.close();
        }
        clusters.spread().unwrap()
    }

    #[test]
    fn the_spread_of_the_shares_is_found_again_through_the_sampling() {
        // Beta(2, 3): mean .4, standard deviation sqrt(.4 .6 / 6) = .2. 4000 clusters of 10.
        let spread = drawn(4000, 10, |u| beta_quantile(2.0, 3.0, u));
        assert!((spread.mean - 0.4).abs() < 0.015, "{spread:?}");
        assert!((spread.deviation - 0.2).abs() < 0.01, "{spread:?}");
        let ends = [beta_quantile(2.0, 3.0, 0.05), beta_quantile(2.0, 3.0, 0.95)];
        assert!((spread.interval.low - ends[0]).abs() < 0.02 && (spread.interval.high - ends[1]).abs() < 0.02);
        // The raw shares of 10 cases alone have a standard deviation of .155 where the clusters are all alike.
        let alike = drawn(4000, 10, |_| 0.4);
        assert!(alike.deviation < 0.04, "{alike:?}");
    }
}
