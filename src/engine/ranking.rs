//! A list that is looked through from the best on, and rarely far.

use std::cmp::Ordering;

/// So many are put in order at a time.
const AT_A_TIME: usize = 12;

/// Items with scores. Of equal ones the first comes first.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    list: Vec<(f64, u32)>,
    /// Those before this have been seen.
    from: usize,
}

impl Ranking {
    /// An empty one with room for `n` items.
    pub(super) fn with_room(n: usize) -> Self {
        Self { list: Vec::with_capacity(n), from: 0 }
    }

    /// The list, emptied; an empty one without room stands in its place.
    pub(super) fn take(&mut self) -> Self {
        let mut list = std::mem::take(&mut self.list);
        list.clear();
        Self { list, from: 0 }
    }

    /// Adds an item; one that promises nothing at all is left out.
    pub(super) fn add(&mut self, score: f64, item: usize) {
        if score > f64::NEG_INFINITY {
            self.list.push((score, item as u32));
        }
    }

    /// The next best, in order.
    pub(super) fn next(&mut self) -> Option<&[(f64, u32)]> {
        let rest = &mut self.list[self.from..];
        if rest.is_empty() {
            return None;
        }
        let n = rest.len().min(AT_A_TIME);
        if n < rest.len() {
            rest.select_nth_unstable_by(n - 1, better);
        }
        rest[..n].sort_unstable_by(better);
        let first = self.from;
        self.from += n;
        Some(&self.list[first..first + n])
    }
}

fn better(a: &(f64, u32), b: &(f64, u32)) -> Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::Ranking;

    #[test]
    fn the_best_come_first_and_the_earlier_of_equals() {
        let mut ranking = Ranking::with_room(40);
        for item in 0..40_usize {
            ranking.add((item * 7 % 20) as f64, item);
        }
        ranking.add(f64::NEG_INFINITY, 40);
        let mut seen = Vec::new();
        while let Some(next) = ranking.next() {
            seen.extend_from_slice(next);
        }
        let mut all: Vec<(f64, u32)> = (0..40).map(|item| (f64::from(item * 7 % 20), item)).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        assert_eq!(seen, all);
    }
}
