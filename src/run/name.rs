//! The name a run directory has when none is given.

use std::fmt::Write as _;

const IN_MEMORY: &str = "writing to a string cannot fail";

/// What a default name is made of.
#[derive(Clone, Copy, Debug)]
pub struct NameParts<'a> {
    /// Name of the model.
    pub model: &'a str,
    /// Scenarios in the order they were applied.
    pub scenarios: &'a [String],
    /// Overrides as typed, `PATH=VALUE`.
    pub overrides: &'a [String],
    /// Seed.
    pub seed: u64,
    /// Replications.
    pub replications: u64,
}

/// `<model>[-<scenario>..]-s<seed>-r<reps>[-x<8 hex of the overrides>]`. Characters other than ASCII letters, digits,
/// `-`, `_` and `.` become `_`, and a leading `.` gets one before it, so that the name is one harmless path component.
#[must_use]
pub fn run_name(parts: &NameParts<'_>) -> String {
    let mut name = safe(parts.model);
    for scenario in parts.scenarios {
        name.push('-');
        name.push_str(&safe(scenario));
    }
    write!(name, "-s{}-r{}", parts.seed, parts.replications).expect(IN_MEMORY);
    if !parts.overrides.is_empty() {
        let hash = super::manifest::hash(&parts.overrides.join("\n"));
        write!(name, "-x{}", &hash[..8]).expect(IN_MEMORY);
    }
    name
}

fn safe(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = text.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    if name.starts_with('.') { format!("_{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(scenarios: &[&str], overrides: &[&str]) -> String {
        let own = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let (scenarios, overrides) = (own(scenarios), own(overrides));
        let parts =
            NameParts { model: "fearon", scenarios: &scenarios, overrides: &overrides, seed: 2025, replications: 100 };
        run_name(&parts)
    }

    #[test]
    fn a_plain_run_is_named_by_model_seed_and_replications() {
        assert_eq!(name(&[], &[]), "fearon-s2025-r100");
        assert_eq!(name(&["cheap-war"], &[]), "fearon-cheap-war-s2025-r100");
    }

    #[test]
    fn overrides_are_told_apart_by_their_hash() {
        let one = name(&[], &["params.a=1"]);
        assert_eq!(one.len(), "fearon-s2025-r100-x01234567".len());
        assert_ne!(one, name(&[], &["params.a=2"]));
    }

    #[test]
    fn a_name_never_leaves_its_directory() {
        assert_eq!(name(&["../../etc"], &[]), "fearon-_.._.._etc-s2025-r100");
        assert_eq!(safe("../up"), "_.._up");
    }
}
