//! A random order of the numbers 0 to n - 1 that is computed place by place, so that it is never held in memory.

use crate::rng::{Entity, Purpose, Streams};

/// Rounds of the network; three make its orders hard to tell from random ones (Luby and Rackoff 1988), one is to spare.
const ROUNDS: usize = 4;

/// A random order of `0..n`: a Feistel network over the next power of four, walked along its cycles until it lands inside
/// (Black and Rogaway 2002).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shuffle {
    n: u64,
    /// Bits of each half, 1 to 32.
    bits: u32,
    keys: [u64; ROUNDS],
}

impl Shuffle {
    /// The order of `n` numbers, at least one, that belongs to a seed and a name.
    #[must_use]
    pub fn new(n: u64, seed: u64, name: &str) -> Self {
        let mut draw = Streams { seed, replication: 0 }.draw(Entity::named(name), Purpose::Design, 0);
        // A unit is an odd multiple of 2^-53: the key is that multiple.
        let keys = [(); ROUNDS].map(|()| (draw.unit() * (1u64 << 53) as f64) as u64);
        let needed = u64::BITS - n.max(1).saturating_sub(1).leading_zeros();
        Self { n: n.max(1), bits: needed.div_ceil(2).max(1), keys }
    }

    /// The number at a place, `place` below n; every number stands at one place.
    #[must_use]
    pub fn at(&self, place: u64) -> u64 {
        let mut x = place;
        loop {
            x = self.network(x);
            if x < self.n {
                return x;
            }
        }
    }

    fn network(&self, x: u64) -> u64 {
        let mask = (1u64 << self.bits) - 1;
        let (mut left, mut right) = (x >> self.bits & mask, x & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        left << self.bits | right
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of the input changes every bit of the output.
const fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_stands_at_one_place() {
        for n in [1, 2, 3, 4, 5, 17, 64, 1000] {
            let shuffle = Shuffle::new(n, 7, "a");
            let mut numbers: Vec<u64> = (0..n).map(|place| shuffle.at(place)).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (0..n).collect::<Vec<_>>(), "{n}");
        }
    }

    #[test]
    fn orders_differ_by_seed_and_name_and_look_random() {
        let order = |seed, name: &str| -> Vec<u64> {
            let shuffle = Shuffle::new(1000, seed, name);
            (0..1000).map(|place| shuffle.at(place)).collect()
        };
        assert_ne!(order(1, "a"), order(2, "a"));
        assert_ne!(order(1, "a"), order(1, "b"));
        // The covariance of place and number, over the variance (n^2 - 1)/12, has standard error 1/sqrt(999) = .0316.
        let covariance: f64 =
            order(1, "a").iter().zip(0..1000).map(|(x, place)| (*x as f64 - 499.5) * (f64::from(place) - 499.5)).sum();
        let correlation = covariance / 1000.0 / (999_999.0 / 12.0);
        assert!(correlation.abs() < 4.0 * 0.0316, "{correlation}");
    }

    #[test]
    fn the_largest_order_fits() {
        let shuffle = Shuffle::new(u64::MAX / 4, 7, "a");
        assert!((0..100).all(|place| shuffle.at(place) < u64::MAX / 4));
    }
}
