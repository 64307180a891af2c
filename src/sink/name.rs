//! Column names that every statistics package accepts.

use std::collections::BTreeSet;

/// Longest column name, characters (Stata).
pub const LONGEST: usize = 32;
const KEPT: usize = 27;

/// The column name of a path or phrase: lower-case ASCII letters, digits and `_` (anything else becomes `_`), a leading
/// `params.` dropped, never beginning with a digit; past 32 characters the first 27, `_` and 4 hex digits of the
/// blake3 hash of `path` as given.
#[must_use]
pub fn column_name(path: &str) -> String {
    let name = snake(path);
    if name.len() > LONGEST { shortened(&name, path, 4) } else { name }
}

fn snake(path: &str) -> String {
    let kept = path.strip_prefix("params.").unwrap_or(path);
    let mut name: String =
        kept.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

fn shortened(name: &str, path: &str, digits: usize) -> String {
    let hash = blake3::hash(path.as_bytes()).to_hex();
    let kept = (KEPT + 4 - digits.min(KEPT)).min(name.len());
    format!("{}_{}", &name[..kept], &hash[..digits.min(KEPT)])
}

/// The names of one table: no two are equal.
#[derive(Clone, Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// The column name of `path`. If an earlier column has it already, it is cut and hashed as if it were too long, with
    /// more digits until it is free.
    pub fn take(&mut self, path: &str) -> String {
        let mut name = column_name(path);
        let mut digits = 4;
        while !self.taken.insert(name.clone()) {
            name = shortened(&snake(path), &format!("{path}#{digits}"), digits);
            digits += 1;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_lower_case_with_underscores() {
        assert_eq!(column_name("actors.RU.patience"), "actors_ru_patience");
        assert_eq!(column_name("params.p_sham"), "p_sham");
        assert_eq!(column_name("cost_EU-27"), "cost_eu_27");
        assert_eq!(column_name("2nd"), "_2nd");
    }

    #[test]
    fn thirty_two_characters_stay_and_thirty_three_are_cut() {
        let fits = "a".repeat(32);
        assert_eq!(column_name(&fits), fits);
        let long = "a".repeat(33);
        let name = column_name(&long);
        let hash = blake3::hash(long.as_bytes()).to_hex();
        assert_eq!(name, format!("{}_{}", "a".repeat(27), &hash[..4]));
        assert_eq!(name.len(), 32);
    }

    #[test]
    fn names_that_would_collide_are_told_apart() {
        let mut names = Names::default();
        let all: Vec<_> = ["a.b", "a_b", "A.B", "a.b"].into_iter().map(|p| names.take(p)).collect();
        assert_eq!(all[0], "a_b");
        let distinct: BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), 4);
        assert!(all.iter().all(|n| n.len() <= LONGEST));
    }

    #[test]
    fn collisions_of_long_names_stay_within_the_limit() {
        let mut names = Names::default();
        let long = "actors.some_actor.values.of_an_issue_with_a_name";
        for _ in 0..50 {
            assert!(names.take(long).len() <= LONGEST);
        }
    }
}
