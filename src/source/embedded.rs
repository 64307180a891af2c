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
    "ukraine-2025/deterrence-optimist",
    "ukraine-2025/deterrence-sceptic",
    "ukraine-2025/document-only",
    "ukraine-2025/europe-fills-gap",
    "ukraine-2025/f01-imposed-deal",
    "ukraine-2025/f02-facts-on-the-ground",
    "ukraine-2025/f03-fragile-ceasefire",
    "ukraine-2025/f04-favourable-turn",
    "ukraine-2025/f05-false-peace",
    "ukraine-2025/f06-moscow-rejects",
    "ukraine-2025/f07-tactical-ceasefire",
    "ukraine-2025/f08-sham-negotiation",
    "ukraine-2025/f09-us-walks-away",
    "ukraine-2025/f10-us-doubles-down",
    "ukraine-2025/f11-us-coerces-allies",
    "ukraine-2025/f12-nato-for-kyiv-held-land",
    "ukraine-2025/f13-layered-deterrence",
    "ukraine-2025/f14-russian-victory",
    "ukraine-2025/f15-over-european-heads",
    "ukraine-2025/f16-medium-term-goals",
    "ukraine-2025/f17-long-term-goals",
    "ukraine-2025/f18-refusal-and-exit",
    "ukraine-2025/f19-pretext",
    "ukraine-2025/f20-posture-concessions",
    "ukraine-2025/f21-coordinated-guarantee",
    "ukraine-2025/f22-no-security-no-peace",
    "ukraine-2025/f23-insecure-ceasefire",
    "ukraine-2025/f24-fights-on-alone",
    "ukraine-2025/f25-guarantees-deter",
    "ukraine-2025/f26-betrayal",
    "ukraine-2025/f27-tough-washington",
    "ukraine-2025/f28-second-afghanistan",
    "ukraine-2025/f29-temporary-partition",
    "ukraine-2025/f30-minerals-for-shield",
    "ukraine-2025/f31-alliance-crisis",
    "ukraine-2025/f32-next-target",
    "ukraine-2025/pause-helps-ukraine",
    "ukraine-2025/r01-proactive-europe",
    "ukraine-2025/r02-creative-deterrence",
    "ukraine-2025/r03-membership-first",
    "ukraine-2025/r04-tie-minerals",
    "ukraine-2025/r05-us-enablers",
    "ukraine-2025/r06-broader-offer",
    "ukraine-2025/r07-european-pillar",
    "ukraine-2025/r08-replace-us-aid",
    "ukraine-2025/r09-training-and-shells",
    "ukraine-2025/r10-fill-order-books",
    "ukraine-2025/r11-guarantees-not-ceasefire",
    "ukraine-2025/r12-maximum-pressure",
    "ukraine-2025/r13-united-at-the-table",
    "ukraine-2025/r14-experienced-brigades",
    "ukraine-2025/security-seeker",
    "ukraine-2025/us-cuts-aid",
    "ukraine-2025/us-dispensable",
    "ukraine-2025/us-walks-away",
    "ukraine-2025/with-veto-players",
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
    "ukraine-2025", "coverage.csv";
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
    "collapse",
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
            if Path::new(&name).extension().is_some_and(|ending| ending == "csv")
                || name.strip_suffix(".toml").is_some_and(|stem| TABLES.contains(&stem))
            {
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
