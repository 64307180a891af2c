//! Histograms of integer counts, merged exactly.

/// Counts of numbers in equal bins over `low` to `high`, with one bin for all below and one for all above.
///
/// Counts are whole numbers, so that histograms of chunks or shards add up to that of the whole in any order. Allocates at
/// construction only.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    low: f64,
    high: f64,
    bins: Vec<u64>,
    below: u64,
    above: u64,
    /// NaN: a value that the row does not have.
    missing: u64,
}

const MISSING: u16 = 0;
const BELOW: u16 = 1;
const ABOVE: u16 = 2;
const FIRST: u16 = 3;

/// Where a number falls in `bins` equal bins (fewer than 65,000) over bounds that both belong to it: missing, below, above,
/// or a bin. An inner bound belongs to the bin above it.
#[must_use]
pub fn code((low, high): (f64, f64), bins: usize, x: f64) -> u16 {
    if x.is_nan() {
        return MISSING;
    }
    if x < low {
        return BELOW;
    }
    if x > high {
        return ABOVE;
    }
    if low == high {
        return FIRST;
    }
    let position = (x - low) / (high - low) * bins as f64;
    FIRST + (position as usize).min(bins - 1) as u16
}

/// Two histograms with different bins cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error(
    "histogram of {bins} bins from {low} to {high} was given one of {other_bins} bins from {other_low} to {other_high}"
)]
pub struct GridMismatch {
    /// Bins of the receiver.
    pub bins: usize,
    /// Lower bound of the receiver.
    pub low: f64,
    /// Upper bound of the receiver.
    pub high: f64,
    /// Bins of the other.
    pub other_bins: usize,
    /// Lower bound of the other.
    pub other_low: f64,
    /// Upper bound of the other.
    pub other_high: f64,
}

impl Histogram {
    /// An empty histogram of `bins` equal bins from `low` to `high`; both bounds belong to it.
    ///
    /// # Panics
    /// When there are no bins, or the bounds are not finite or not in order. They may coincide.
    #[must_use]
    pub fn new(low: f64, high: f64, bins: usize) -> Self {
        assert!(bins > 0, "a histogram needs at least one bin");
        assert!(low.is_finite() && high.is_finite() && low <= high, "a histogram needs finite bounds in order");
        Self { low, high, bins: vec![0; bins], below: 0, above: 0, missing: 0 }
    }

    /// Counts a number. NaN is counted as missing.
    pub fn push(&mut self, x: f64) {
        self.push_code(code((self.low, self.high), self.bins.len(), x));
    }

    /// Counts a number by its [`code()`] in these bounds and bins; a code of a bin that is not there counts as above.
    pub fn push_code(&mut self, code: u16) {
        match code {
            MISSING => self.missing += 1,
            BELOW => self.below += 1,
            ABOVE => self.above += 1,
            bin => match self.bins.get_mut(usize::from(bin - FIRST)) {
                Some(count) => *count += 1,
                None => self.above += 1,
            },
        }
    }

    /// Adds the counts of another histogram with the same bins.
    ///
    /// # Errors
    /// When bounds or number of bins differ; nothing is added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), GridMismatch> {
        if (self.low, self.high, self.bins.len()) != (other.low, other.high, other.bins.len()) {
            return Err(GridMismatch {
                bins: self.bins.len(),
                low: self.low,
                high: self.high,
                other_bins: other.bins.len(),
                other_low: other.low,
                other_high: other.high,
            });
        }
        for (bin, more) in self.bins.iter_mut().zip(&other.bins) {
            *bin += more;
        }
        self.below += other.below;
        self.above += other.above;
        self.missing += other.missing;
        Ok(())
    }

    /// How many numbers were counted, without the missing ones.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.below + self.bins.iter().sum::<u64>() + self.above
    }

    /// Counts of the bins, from `low` upwards.
    #[must_use]
    pub fn bins(&self) -> &[u64] {
        &self.bins
    }

    /// How many numbers lay below the lower bound.
    #[must_use]
    pub const fn below(&self) -> u64 {
        self.below
    }

    /// How many numbers lay above the upper bound.
    #[must_use]
    pub const fn above(&self) -> u64 {
        self.above
    }

    /// How many were not numbers.
    #[must_use]
    pub const fn missing(&self) -> u64 {
        self.missing
    }

    /// Lower edge of a bin; of the bin after the last: the upper bound.
    #[must_use]
    pub fn edge(&self, bin: usize) -> f64 {
        if bin >= self.bins.len() {
            return self.high;
        }
        self.low + (self.high - self.low) * (bin as f64 / self.bins.len() as f64)
    }

    /// The number below which a share `p` (0–1) of all lies, to within a bin: numbers are taken to be spread evenly over
    /// their bin. A bound where the share falls among those beyond it; none of no numbers.
    ///
    /// # Panics
    /// When `p` is outside 0–1.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<f64> {
        assert!((0.0..=1.0).contains(&p), "a quantile needs a share in 0 to 1, not {p}");
        let count = self.count();
        if count == 0 {
            return None;
        }
        let target = p * count as f64;
        let mut before = self.below as f64;
        if self.below > 0 && target <= before {
            return Some(self.low);
        }
        for (bin, inside) in self.bins.iter().enumerate().filter(|(_, inside)| **inside > 0) {
            let inside = *inside as f64;
            if target <= before + inside {
                let (left, right) = (self.edge(bin), self.edge(bin + 1));
                let share = (target - before) / inside;
                return Some((left + share * (right - left)).clamp(left, right));
            }
            before += inside;
        }
        Some(self.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(numbers: &[f64]) -> Histogram {
        let mut histogram = Histogram::new(0.0, 10.0, 5);
        for x in numbers {
            histogram.push(*x);
        }
        histogram
    }

    #[test]
    fn edges_belong_to_the_bin_above_and_the_last_bound_to_the_last_bin() {
        let histogram = of(&[-0.1, 0.0, 1.9, 2.0, 9.9, 10.0, 10.1, f64::INFINITY, f64::NAN]);
        assert_eq!(histogram.bins(), [2, 1, 0, 0, 2]);
        assert_eq!((histogram.below(), histogram.above(), histogram.missing(), histogram.count()), (1, 2, 1, 8));
    }

    #[test]
    fn quantiles_interpolate_as_computed_by_hand() {
        // Bins of width 2: two in [0, 2), none in [2, 4), two in [4, 6).
        // Shares 0, 1/4, 1/2: 0, 1 and 2 of the two in the first: 0, 1, 2. 3/4: one of the two in [4, 6): 5. 1: 6.
        let histogram = of(&[0.5, 1.5, 4.5, 5.5]);
        let quantiles = [0.0, 0.25, 0.5, 0.75, 1.0].map(|p| histogram.quantile(p));
        assert_eq!(quantiles, [0.0, 1.0, 2.0, 5.0, 6.0].map(Some));
    }

    #[test]
    fn quantiles_beyond_a_bound_are_that_bound() {
        // One below, two inside [4, 6), one above.
        let histogram = of(&[-5.0, 4.1, 4.2, 50.0]);
        let quantiles = [0.0, 0.2, 0.25, 0.5, 0.75, 0.9, 1.0].map(|p| histogram.quantile(p));
        assert_eq!(quantiles, [0.0, 0.0, 0.0, 5.0, 6.0, 10.0, 10.0].map(Some));
        assert_eq!(of(&[]).quantile(0.5), None);
        assert_eq!(of(&[f64::NAN]).quantile(0.5), None);
    }

    #[test]
    fn coinciding_bounds_make_one_point() {
        let mut histogram = Histogram::new(3.0, 3.0, 4);
        for x in [2.0, 3.0, 3.0, 4.0] {
            histogram.push(x);
        }
        assert_eq!((histogram.below(), histogram.bins()[0], histogram.above()), (1, 2, 1));
        assert_eq!(histogram.quantile(0.5), Some(3.0));
    }

    #[test]
    fn different_bins_cannot_be_merged() {
        let mut histogram = of(&[1.0]);
        let error = histogram.merge(&Histogram::new(0.0, 9.0, 5)).expect_err("bounds differ");
        assert_eq!(error.to_string(), "histogram of 5 bins from 0 to 10 was given one of 5 bins from 0 to 9");
        assert_eq!(histogram, of(&[1.0]));
    }

    proptest! {
        #[test]
        fn merging_any_cut_gives_the_whole(numbers in proptest::collection::vec(-2.0..12.0f64, 0..100), cut in 0usize..100) {
            let cut = cut.min(numbers.len());
            let (mut first, second) = (of(&numbers[..cut]), of(&numbers[cut..]));
            let mut reversed = second.clone();
            reversed.merge(&first).expect("same bins");
            first.merge(&second).expect("same bins");
            prop_assert_eq!(&first, &of(&numbers));
            prop_assert_eq!(&first, &reversed);
        }

        #[test]
        fn quantiles_never_fall(
            numbers in proptest::collection::vec(-2.0..12.0f64, 1..100),
            p in 0.0..1.0f64,
            q in 0.0..1.0f64,
        ) {
            let histogram = of(&numbers);
            prop_assert!(histogram.quantile(p.min(q)) <= histogram.quantile(p.max(q)));
        }

        #[test]
        fn a_quantile_is_within_a_bin_of_the_number(numbers in proptest::collection::vec(0.0..10.0f64, 1..100), p in 0.0..1.0f64) {
            let mut sorted = numbers.clone();
            sorted.sort_by(f64::total_cmp);
            let rank = ((p * numbers.len() as f64).ceil() as usize).clamp(1, numbers.len()) - 1;
            prop_assert!((of(&numbers).quantile(p).expect("some numbers") - sorted[rank]).abs() <= 2.0 + 1e-9);
        }
    }
}
