//! What an id may look like, and which ids a reader would take for each other.

use std::collections::BTreeMap;

/// Spelling rule of a kind of id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdRule {
    /// Most characters.
    pub limit: usize,
    /// Whether hyphens are allowed (names of models, which become file names).
    pub hyphens: bool,
    /// Whether words that the number syntax uses are refused.
    pub reserved: bool,
}

/// Ids of elements: 20 characters.
pub const ELEMENT: IdRule = IdRule { limit: 20, hyphens: false, reserved: false };
/// Ids of issues, options and types, which stand where a number could stand: keys of numbers are refused.
pub const BESIDE_NUMBERS: IdRule = IdRule { limit: 20, hyphens: false, reserved: true };
/// Ids of actors and bodies: 12 characters.
pub const ACTOR: IdRule = IdRule { limit: 12, hyphens: false, reserved: true };
/// Names of models: 40 characters, hyphens allowed.
pub const MODEL: IdRule = IdRule { limit: 40, hyphens: true, reserved: false };

/// Longest title, characters.
pub const TITLE_LIMIT: usize = 64;

/// Keys of an annotated number and of distributions.
pub const RESERVED: [&str; 14] = [
    "value",
    "range",
    "unit",
    "source",
    "about",
    "inventory",
    "pert",
    "triangular",
    "uniform",
    "normal",
    "lognormal",
    "beta",
    "gamma",
    "choice",
];

/// A code, a message and a hint.
pub type Fault = (&'static str, String, Option<String>);

/// What is wrong with the spelling of an id.
#[must_use]
pub fn fault(id: &str, rule: &IdRule) -> Option<Fault> {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || (rule.hyphens && c == '-');
    let length = id.chars().count();
    if !id.starts_with(|c: char| c.is_ascii_alphabetic()) || !id.chars().all(inside) {
        let message = format!("`{}` is not an id", id.escape_debug());
        let hyphens = if rule.hyphens { ", hyphens" } else { "" };
        let hint = format!("ids begin with a letter and hold letters a-z, digits{hyphens} and underscores");
        return Some(("E0104", message, Some(hint)));
    }
    if length > rule.limit {
        let message = format!("the id `{id}` has {length} characters, at most {} are allowed", rule.limit);
        return Some(("E0105", message, None));
    }
    if rule.reserved && RESERVED.contains(&id) {
        let message = format!("`{id}` is a key of numbers and cannot be an id here");
        return Some(("E0104", message, Some("choose another id".to_owned())));
    }
    None
}

/// The ids of one section so far.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    by_case: BTreeMap<String, String>,
    by_look: BTreeMap<String, String>,
}

impl Seen {
    /// Adds an id and says whether it could be taken for an earlier one: the same, different only in case or
    /// underscores, or in characters that look alike (`I l 1`, `O 0`).
    pub fn add(&mut self, id: &str) -> Option<Fault> {
        let case = self.by_case.insert(id.to_ascii_lowercase(), id.to_owned());
        let look = self.by_look.insert(skeleton(id), id.to_owned());
        let (other, difference) = match (case, look) {
            (Some(other), _) => (other, "in case"),
            (None, Some(other)) => (other, "in characters that look alike"),
            (None, None) => return None,
        };
        let hint = Some("rename one of them".to_owned());
        if other == id {
            return Some(("E0107", format!("the id `{id}` is used twice"), hint));
        }
        Some(("E0106", format!("the ids `{other}` and `{id}` differ only {difference}"), hint))
    }
}

fn skeleton(id: &str) -> String {
    id.chars()
        .filter(|c| *c != '_')
        .map(|c| match c {
            'I' | '1' => 'l',
            'O' | '0' => 'o',
            _ => c.to_ascii_lowercase(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_begin_with_a_letter_and_have_a_limit() {
        assert_eq!(fault("us_cut_aid", &ELEMENT), None);
        assert_eq!(fault("ukraine-2025", &MODEL), None);
        assert_eq!(fault("20y", &ELEMENT).map(|f| f.0), Some("E0104"));
        assert_eq!(fault("caf\u{e9}", &ELEMENT).map(|f| f.0), Some("E0104"));
        assert_eq!(fault("", &ELEMENT).map(|f| f.0), Some("E0104"));
        assert_eq!(fault(&"a".repeat(21), &ELEMENT).map(|f| f.0), Some("E0105"));
        assert_eq!(fault(&"a".repeat(13), &ACTOR).map(|f| f.0), Some("E0105"));
        assert_eq!(fault("pert", &BESIDE_NUMBERS).map(|f| f.0), Some("E0104"));
    }

    #[test]
    fn ids_that_look_alike_clash() {
        let clashes = |a: &str, b: &str| {
            let mut seen = Seen::default();
            assert_eq!(seen.add(a), None);
            seen.add(b).map(|fault| fault.0)
        };
        assert_eq!(clashes("k10", "k10"), Some("E0107"));
        assert_eq!(clashes("nato", "NATO"), Some("E0106"));
        assert_eq!(clashes("k1O", "k10"), Some("E0106"));
        assert_eq!(clashes("us_aid", "usaid"), Some("E0106"));
        assert_eq!(clashes("k10", "k30"), None);
    }
}
