//! The models that ship inside the binary.

/// One embedded file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// Path below `models/` without `.toml`: `ukraine-2025`, `ukraine-2025/us-walks-away`, `classics/fearon`.
    pub name: &'static str,
    /// Text of the file.
    pub text: &'static str,
}

impl Embedded {
    /// The path that messages print.
    #[must_use]
    pub fn path(&self) -> String {
        format!("models/{}.toml", self.name)
    }

    /// Last part of the name.
    #[must_use]
    pub fn stem(&self) -> &'static str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }
}

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(Embedded { name: $name, text: include_str!(concat!("../../models/", $name, ".toml")) }),*]
    };
}

macro_rules! experiments {
    ($($name:literal),* $(,)?) => {
        &[$(Embedded { name: $name, text: include_str!(concat!("../../runs/", $name, ".toml")) }),*]
    };
}

/// Every file below `models/`, in alphabetical order.
pub const FILES: &[Embedded] = embedded![
    "classics/agreement-hazard",
    "classics/breakdown",
    "classics/brinkmanship",
    "classics/ceasefire-first",
    "classics/common-draws",
    "classics/concession",
    "classics/deal-or-collapse",
    "classics/deterrence",
    "classics/fearon",
    "classics/formula",
    "classics/free-riding",
    "classics/lasting-error",
    "classics/learning",
    "classics/levers",
    "classics/logrolling",
    "classics/menu",
    "classics/nash-frontier",
    "classics/noisy-demand",
    "classics/noisy-offers",
    "classics/outside-option",
    "classics/peace-survival",
    "classics/power-shift",
    "classics/random-proposer",
    "classics/ratification",
    "classics/rubinstein",
    "classics/tripwire",
    "classics/waiting",
    "peers/concepts",
    "peers/fifty-fifty",
    "peers/four-parties",
    "peers/laptop",
    "peers/nice-or-die",
    "peers/no-zopa",
    "peers/pie",
    "peers/trade",
    "peers/trade-three",
    "ukraine-2025",
    "ukraine-2025/coordinated-guarantee",
    "ukraine-2025/europe-fills-gap",
    "ukraine-2025/us-cuts-aid",
    "ukraine-2025/us-walks-away",
];

/// Every pool of candidates below `models/`, in alphabetical order; `name` is that of its model.
pub const POOLS: &[Embedded] =
    &[Embedded { name: "ukraine-2025", text: include_str!("../../models/ukraine-2025.pool.csv") }];

/// A file that goes with a model without being part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Companion {
    /// Full name of the model.
    pub model: &'static str,
    /// Name of the file, such as `signs.toml`.
    pub name: &'static str,
    /// Text of the file.
    pub text: &'static str,
}

impl Companion {
    /// The path that messages print.
    #[must_use]
    pub fn path(&self) -> String {
        format!("models/{}/{}", self.model, self.name)
    }
}

macro_rules! companions {
    ($($model:literal, $name:literal);* $(;)?) => {
        &[$(Companion {
            model: $model,
            name: $name,
            text: include_str!(concat!("../../models/", $model, "/", $name)),
        }),*]
    };
}

/// Every companion below `models/`.
pub const COMPANIONS: &[Companion] = companions![
    "ukraine-2025", "context.toml";
    "ukraine-2025", "inventory.csv";
    "ukraine-2025", "signs.toml";
];

/// The companion of a model of that name.
#[must_use]
pub fn companion(model: &Embedded, name: &str) -> Option<&'static Companion> {
    COMPANIONS.iter().find(|file| file.model == model.name && file.name == name)
}

/// Every experiment below `runs/`, in alphabetical order.
pub const EXPERIMENTS: &[Embedded] = experiments![
    "appeasement-or-deterrence",
    "deterrence-theories",
    "europe-alone",
    "everything",
    "free-riding",
    "guarantees",
    "minerals",
    "neutrality",
    "pressure",
    "sequence",
    "us-staying-power",
    "viewpoints",
    "who-gains-from-a-pause",
];

/// The experiment of that name.
#[must_use]
pub fn experiment(name: &str) -> Option<&'static Embedded> {
    EXPERIMENTS.iter().find(|file| file.name == name)
}

/// Names of files beside the scenarios of a model that are tables about the model and no scenarios: why rows of the
/// inventory are carried by no element, and which contrasts are expected.
pub const TABLES: [&str; 2] = ["context", "signs"];

/// Whether a file is a scenario: an overlay in the directory named after a model.
fn is_scenario(file: &Embedded) -> bool {
    file.name.rsplit_once('/').is_some_and(|(parent, _)| FILES.iter().any(|other| other.name == parent))
}

/// The embedded models, without scenarios.
pub fn models() -> impl Iterator<Item = &'static Embedded> {
    FILES.iter().filter(|file| !is_scenario(file))
}

/// The model of that name: its full name (`classics/fearon`) or the last part of it (`fearon`) where that is unique.
#[must_use]
pub fn model(name: &str) -> Option<&'static Embedded> {
    models().find(|file| file.name == name).or_else(|| {
        let mut bare = models().filter(|file| file.stem() == name);
        bare.next().filter(|_| bare.next().is_none())
    })
}

/// The scenarios of an embedded model, in alphabetical order.
pub fn scenarios(model: &Embedded) -> impl Iterator<Item = &'static Embedded> + use<> {
    let directory = model.name;
    FILES.iter().filter(move |file| file.name.rsplit_once('/').is_some_and(|(parent, _)| parent == directory))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_experiment_of_the_repository_is_embedded() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("runs");
        let mut names = Vec::new();
        for entry in std::fs::read_dir(directory).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            names.extend(name.strip_suffix(".toml").map(str::to_owned));
        }
        names.sort();
        assert_eq!(names, EXPERIMENTS.iter().map(|file| file.name).collect::<Vec<_>>());
    }

    use super::*;
    use std::path::Path;

    /// Names of all `.toml` files below `directory`, relative to it.
    fn listing(directory: &Path, prefix: &str, names: &mut Vec<String>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if entry.file_type().unwrap().is_dir() {
                listing(&entry.path(), &format!("{prefix}{name}/"), names);
            } else if let Some(stem) = name.strip_suffix(".toml").filter(|stem| !TABLES.contains(stem)) {
                names.push(format!("{prefix}{stem}"));
            }
        }
    }

    #[test]
    fn every_file_of_the_directory_is_embedded() {
        let mut names = Vec::new();
        listing(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/models")), "", &mut names);
        names.sort();
        assert_eq!(FILES.iter().map(|file| file.name).collect::<Vec<_>>(), names);
    }

    #[test]
    fn every_table_beside_the_scenarios_is_embedded() {
        let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/models/ukraine-2025"));
        let mut names = Vec::new();
        for entry in std::fs::read_dir(directory).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".csv") || name.strip_suffix(".toml").is_some_and(|stem| TABLES.contains(&stem)) {
                names.push(name);
            }
        }
        names.sort();
        assert_eq!(COMPANIONS.iter().map(|file| file.name).collect::<Vec<_>>(), names);
    }

    #[test]
    fn a_scenario_is_not_a_model() {
        for file in models() {
            assert!(!is_scenario(file));
            assert!(scenarios(file).all(is_scenario));
        }
    }

    #[test]
    fn every_model_is_found_by_the_last_part_of_its_name() {
        for file in models() {
            assert_eq!(model(file.stem()), Some(file));
        }
    }
}
