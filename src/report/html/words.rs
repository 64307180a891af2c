//! Numbers and ids as words.

/// `28 %`, with a decimal below 10 %; nothing rounds to 0 or to all unless it is.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if p > 0.0 && p < 0.05 => "under 0.1\u{a0}%".to_owned(),
        p if p.abs() < 9.95 && p != 0.0 => format!("{p:.1}\u{a0}%"),
        p if p > 99.5 && p < 100.0 => format!("{p:.1}\u{a0}%"),
        p => format!("{p:.0}\u{a0}%"),
    }
}

/// `21 to 36 %`
pub(super) fn percents(low: f64, high: f64) -> String {
    let (low, high) = (percent(low), percent(high));
    let bare = low.strip_suffix("\u{a0}%").unwrap_or(&low);
    format!("{bare} to {high}")
}

/// `+4.1 points`, of a difference of shares.
pub(super) fn points(difference: f64) -> String {
    let points = (difference * 1000.0).round() / 10.0;
    let sign = if points > 0.0 { "+" } else { "" };
    format!("{}{:.1}\u{a0}points", if points < 0.0 { "−" } else { sign }, points.abs())
}

/// An id without its underscores.
pub(super) fn plain(id: &str) -> String {
    id.replace('_', " ")
}

/// `1 history`, `2 histories`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// A number for a chart: seven digits after the point are more than can be seen.
pub(super) fn seen(number: f64) -> f64 {
    // Adding zero makes negative zero positive.
    (number * 1e7).round() / 1e7 + 0.0
}

/// A capital at the start.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_as_finely_as_they_deserve() {
        let told = [0.0, 0.0001, 0.092, 0.275, 0.996, 1.0].map(percent);
        assert_eq!(told, ["0\u{a0}%", "under 0.1\u{a0}%", "9.2\u{a0}%", "28\u{a0}%", "99.6\u{a0}%", "100\u{a0}%"]);
        assert_eq!(percents(0.05, 0.2), "5.0 to 20\u{a0}%");
        assert_eq!([0.041, -0.12, 0.0].map(points), ["+4.1\u{a0}points", "−12.0\u{a0}points", "0.0\u{a0}points"]);
    }

    #[test]
    fn lists_read_as_sentences_do() {
        let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        assert_eq!(list(&words(&["a", "b", "c"])), "a, b and c");
        assert_eq!((list(&[]), list(&words(&["a"]))), (String::new(), "a".to_owned()));
        assert_eq!(sentence("peace holds"), "Peace holds");
    }
}
