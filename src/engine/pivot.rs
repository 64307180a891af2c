//! The vote of a body (`core.md` 11): it goes as the member on whom the quota turns.

/// Most members of a body; the compiler refuses more.
pub(super) const MEMBERS: usize = 64;

/// Weights are compared with a quota up to this much.
const DUST: f64 = 1e-9;

/// Margin of the member on whom the quota turns, 0 without members; margins come with voting weights and are sorted.
pub(super) fn pivot(margins: &mut [(f64, f64)], quota: f64) -> f64 {
    let total: f64 = margins.iter().map(|&(_, weight)| weight).sum();
    margins.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut weight = 0.0;
    let turning = margins.iter().find(|(_, own)| {
        weight += own;
        weight >= quota * total - DUST
    });
    turning.or(margins.last()).map_or(0.0, |&(margin, _)| margin)
}

#[cfg(test)]
mod tests {
    use super::pivot;

    #[test]
    fn unanimity_turns_on_the_most_reluctant_and_a_majority_on_the_middle() {
        let margins = [(0.3, 1.0), (-0.2, 1.0), (0.1, 1.0)];
        for (quota, expected) in [(1.0, -0.2), (0.5, 0.1), (0.2, 0.3)] {
            assert_eq!(pivot(&mut margins.clone(), quota), expected, "{quota}");
        }
        assert_eq!(pivot(&mut [], 0.5), 0.0);
    }

    #[test]
    fn a_member_with_weight_decides_alone() {
        assert_eq!(pivot(&mut [(0.3, 1.0), (-0.2, 5.0), (0.1, 1.0)], 0.5), -0.2);
    }
}
