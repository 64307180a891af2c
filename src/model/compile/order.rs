//! Orders of evaluation, and the circles that prevent them.

/// An order in which everything comes after what it depends on, and the circles found on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// Positions; declared order wherever the dependencies leave a choice.
    pub sequence: Vec<usize>,
    /// Circles, each once, beginning with its first declared member.
    pub circles: Vec<Vec<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Orders `needs.len()` elements; `needs[k]` lists what element `k` depends on.
pub(super) fn order(needs: &[Vec<usize>]) -> Order {
    let mut marks = vec![Mark::New; needs.len()];
    let mut found = Order { sequence: Vec::with_capacity(needs.len()), circles: Vec::new() };
    for start in 0..needs.len() {
        // A stack of (element, next dependency to look at) instead of recursion: chains may be long.
        let mut trail = Vec::new();
        if marks[start] == Mark::New {
            marks[start] = Mark::Open;
            trail.push((start, 0));
        }
        while let Some((at, next)) = trail.last_mut() {
            let Some(&need) = needs[*at].get(*next) else {
                marks[*at] = Mark::Done;
                found.sequence.push(*at);
                trail.pop();
                continue;
            };
            *next += 1;
            match marks[need] {
                Mark::New => {
                    marks[need] = Mark::Open;
                    trail.push((need, 0));
                }
                Mark::Open => found.circles.push(circle(&trail, need)),
                Mark::Done => {}
            }
        }
    }
    found
}

fn circle(trail: &[(usize, usize)], closing: usize) -> Vec<usize> {
    let from = trail.iter().position(|(at, _)| *at == closing).unwrap_or(0);
    let mut members: Vec<usize> = trail[from..].iter().map(|(at, _)| *at).collect();
    let first = members.iter().enumerate().min_by_key(|(_, member)| **member).map_or(0, |(index, _)| index);
    members.rotate_left(first);
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_order_is_kept_where_nothing_forbids_it() {
        // 0 needs 2: 2 moves before 0, 1 and 3 stay.
        let found = order(&[vec![2], vec![], vec![], vec![1]]);
        assert_eq!(found.sequence, [2, 0, 1, 3]);
        assert_eq!(found.circles, Vec::<Vec<usize>>::new());
    }

    #[test]
    fn every_circle_is_found_once() {
        let found = order(&[vec![1], vec![2], vec![1], vec![3]]);
        assert_eq!(found.circles, [vec![1, 2], vec![3]]);
        assert_eq!(found.sequence.len(), 4);
    }

    #[test]
    fn a_long_chain_needs_no_recursion() {
        let n = 50_000;
        let needs: Vec<Vec<usize>> = (0..n).map(|k| if k + 1 < n { vec![k + 1] } else { vec![] }).collect();
        assert_eq!(order(&needs).sequence[0], n - 1);
    }
}
