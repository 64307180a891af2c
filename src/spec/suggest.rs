//! "Did you mean": the nearest of the words that would have been right.

/// The candidate nearest to `word`, if one is near enough to be a slip: equal but for case and underscores, or within
/// a third of its length in edits (insertion, deletion, substitution, swap of neighbours). Ties go to the earlier one.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-'], "");
    let folded = plain(word);
    let allowed = (word.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = if plain(candidate) == folded {
            0
        } else {
            strsim::osa_distance(&word.to_lowercase(), &candidate.to_lowercase())
        };
        if distance <= allowed && candidate != word && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A hint: the nearest candidate, or all of them when they are few, or nothing.
pub fn hint<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(near) = nearest(word, candidates.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    (!candidates.is_empty() && candidates.len() <= 12).then(|| format!("allowed: {}", listing(&candidates)))
}

/// Words in backticks, separated by commas.
#[must_use]
pub fn listing(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let keys = ["owner", "target", "cooldown_months"];
        assert_eq!(nearest("ownr", keys), Some("owner"));
        assert_eq!(nearest("Target", keys), Some("target"));
        assert_eq!(nearest("cooldownmonths", keys), Some("cooldown_months"));
        assert_eq!(nearest("colour", keys), None);
    }

    #[test]
    fn a_short_list_is_given_whole() {
        assert_eq!(hint("blue", ["flow", "once"]).as_deref(), Some("allowed: `flow`, `once`"));
        assert_eq!(hint("flwo", ["flow", "once"]).as_deref(), Some("did you mean `flow`?"));
    }
}
