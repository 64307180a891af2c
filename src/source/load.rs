//! From what was typed to a compiled model.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::embedded::{self, Embedded};
use super::file::{FileError, read_text};
use super::pool::{self, Choice, Key, Pools};
use crate::model::Model;
use crate::model::compile::compile_open;
use crate::model::packages::Listing;
use crate::spec::problem::Problems;
use crate::spec::tree::{SourceFile, Sources, Table};
use crate::spec::{self, Reading, suggest};

/// A model ready to run, with the text that reproduces it.
#[derive(Debug)]
pub struct Loaded {
    /// The compiled model.
    pub model: Model,
    /// Names of the scenarios, in the order applied.
    pub scenarios: Vec<String>,
    /// The settings, in the order applied.
    pub sets: Vec<String>,
    /// The merged tree, as written in `text`.
    pub tree: Table,
    /// The resolved model: base, scenarios and settings in one text.
    pub text: String,
    /// blake3 of `text`, and of the pool if there is one; 64 hexadecimal digits.
    pub hash: String,
    /// How the model came by its candidates.
    pub choice: Choice,
    /// The file of its pool, with the key of the resolved model; none where every permitted package is a candidate.
    pub pool: Option<String>,
    /// What a reader should know.
    pub warnings: Problems,
    /// The texts behind the model, for messages.
    pub sources: Sources,
}

/// A model that cannot be used, with all of its problems.
#[derive(Debug)]
pub struct Rejected {
    /// All of them, warnings too.
    pub problems: Problems,
    /// The texts in which they stand.
    pub sources: Sources,
}

/// Why a model could not be loaded.
#[derive(Debug, Error)]
pub enum LoadError {
    /// No embedded model and no file of that name.
    #[error("no model `{name}`")]
    UnknownModel {
        /// What was typed.
        name: String,
        /// What to do.
        hint: String,
    },
    /// No scenario of that name.
    #[error("no scenario `{name}` of `{model}`")]
    UnknownScenario {
        /// What was typed.
        name: String,
        /// The model.
        model: String,
        /// What to do.
        hint: String,
    },
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The model has errors.
    #[error("the model is not valid")]
    Invalid(Box<Rejected>),
}

/// A file that a model is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    /// The name to type.
    pub name: String,
    /// The file.
    pub file: SourceFile,
}

/// Where a model lives.
enum Base {
    Embedded(&'static Embedded),
    Disk(PathBuf),
}

impl Base {
    /// What `argument` names: a path if it ends in `.toml` or is an existing file with a `/` in it, else a name.
    fn of(argument: &str) -> Result<Self, LoadError> {
        if is_path(argument) {
            return Ok(Self::Disk(PathBuf::from(argument)));
        }
        embedded::model(argument).map(Self::Embedded).ok_or_else(|| {
            let names: Vec<&str> = embedded::models().flat_map(|file| [file.name, file.stem()]).collect();
            let hint = suggest::nearest(argument, names).map_or_else(
                || {
                    "`detente models` lists what ships; a file of yours is given by its path, ending in .toml"
                        .to_owned()
                },
                |near| format!("did you mean `{near}`?"),
            );
            LoadError::UnknownModel { name: argument.to_owned(), hint }
        })
    }

    /// The text of the model itself.
    fn read(&self) -> Result<SourceFile, FileError> {
        match self {
            Self::Embedded(file) => Ok(SourceFile { name: file.path(), text: file.text.to_owned() }),
            Self::Disk(path) => Ok(SourceFile { name: path.display().to_string(), text: read_text(path)? }),
        }
    }

    /// The scenarios beside it: for a file `x.toml` those in the directory `x/`.
    fn overlays(&self) -> Result<Vec<Overlay>, FileError> {
        match self {
            Self::Embedded(file) => Ok(embedded::scenarios(file)
                .map(|scenario| Overlay {
                    name: scenario.stem().to_owned(),
                    file: SourceFile { name: scenario.path(), text: scenario.text.to_owned() },
                })
                .collect()),
            Self::Disk(path) => overlays_beside(path),
        }
    }
}

/// Whether an argument means a file rather than a name.
fn is_path(argument: &str) -> bool {
    let path = Path::new(argument);
    path.extension().is_some_and(|end| end == "toml") || (argument.contains('/') && path.exists())
}

fn overlays_beside(model: &Path) -> Result<Vec<Overlay>, FileError> {
    let directory = model.with_extension("");
    let Ok(entries) = std::fs::read_dir(&directory) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .filter(|path| !embedded::TABLES.iter().any(|table| path.file_stem().is_some_and(|stem| stem == *table)))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Ok(Overlay { name, file: SourceFile { name: path.display().to_string(), text: read_text(path)? } })
        })
        .collect()
}

/// The directory of what goes with a model on disk; none for a model that ships.
pub(super) fn directory_of(model: &str) -> Result<Option<PathBuf>, LoadError> {
    Ok(match Base::of(model)? {
        Base::Embedded(_) => None,
        Base::Disk(path) => Some(path.with_extension("")),
    })
}

/// The scenarios that can be applied to a model by name, in alphabetical order.
///
/// # Errors
/// When there is no such model, or a file cannot be read.
pub fn overlays(model: &str) -> Result<Vec<Overlay>, LoadError> {
    let base = Base::of(model)?;
    base.read()?;
    Ok(base.overlays()?)
}

/// One scenario: of the model, by name, or a file anywhere.
fn overlay(base: &Base, model: &str, argument: &str) -> Result<Overlay, LoadError> {
    if is_path(argument) {
        let path = Path::new(argument);
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(Overlay { name, file: SourceFile { name: argument.to_owned(), text: read_text(path)? } });
    }
    let known = base.overlays()?;
    let names: Vec<&str> = known.iter().map(|overlay| overlay.name.as_str()).collect();
    let hint = suggest::hint(argument, names)
        .unwrap_or_else(|| format!("`detente scenarios {model}` lists them; a file of yours is given by its path"));
    known.into_iter().find(|overlay| overlay.name == argument).ok_or_else(|| LoadError::UnknownScenario {
        name: argument.to_owned(),
        model: model.to_owned(),
        hint,
    })
}

/// The texts of a model and its scenarios, base first, and the names of the scenarios.
///
/// # Errors
/// When a name is unknown or a file cannot be read.
pub fn resolve(model: &str, scenarios: &[String]) -> Result<(Sources, Vec<String>), LoadError> {
    let base = Base::of(model)?;
    let mut sources = Sources { files: vec![base.read()?] };
    let mut names = Vec::new();
    for argument in scenarios {
        let overlay = overlay(&base, model, argument)?;
        sources.files.push(overlay.file);
        names.push(overlay.name);
    }
    Ok((sources, names))
}

/// Reads, merges, sets and compiles a model.
///
/// # Errors
/// When a name is unknown, a file cannot be read, or the model has errors: then all of them.
pub fn load(model: &str, scenarios: &[String], sets: &[String]) -> Result<Loaded, LoadError> {
    load_with(model, scenarios, sets, Pools::Stored)
}

/// The same, with a word on which pools of candidates may be used.
///
/// # Errors
/// As [`load()`].
pub fn load_with(model: &str, scenarios: &[String], sets: &[String], pools: Pools) -> Result<Loaded, LoadError> {
    let (sources, scenarios) = resolve(model, scenarios)?;
    let mut loaded = assemble(&sources, sets, pools).map_err(|rejected| LoadError::Invalid(Box::new(rejected)))?;
    loaded.scenarios = scenarios;
    Ok(loaded)
}

/// Merges, sets and compiles texts, base first, and gives the model its candidates.
///
/// # Errors
/// When the model has errors: then all of them.
pub fn assemble(sources: &Sources, sets: &[String], pools: Pools) -> Result<Loaded, Rejected> {
    let Reading { spec, tree, sources: texts, mut problems } = spec::read(sources, sets);
    let mut found = Problems::default();
    let compiled = spec.and_then(|spec| compile_open(spec, &mut found));
    problems.absorb(found);
    problems.sort();
    let Some(mut model) = compiled.filter(|_| !problems.has_errors()) else {
        return Err(Rejected { problems, sources: texts });
    };
    let choice = pool::choose(&mut model, sources, sets, pools);
    let pool = (model.space.listing != Listing::Complete).then(|| pool::text(&model, &Key::of(&model)));
    let text = spec::write::write(&tree);
    let mut hasher = blake3::Hasher::new();
    hasher.update(text.as_bytes()).update(pool.as_deref().unwrap_or_default().as_bytes());
    let hash = hasher.finalize().to_hex().to_string();
    let sets = sets.to_vec();
    Ok(Loaded {
        model,
        scenarios: Vec::new(),
        sets,
        tree,
        text,
        hash,
        choice,
        pool,
        warnings: problems,
        sources: texts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_toml_is_never_read_from_the_working_directory() {
        assert!(!is_path("ukraine-2025"));
        assert!(!is_path("classics/fearon"));
        assert!(is_path("mine.toml"));
        assert!(is_path("models/none.toml"));
    }

    #[test]
    fn a_model_on_disk_finds_the_scenarios_in_the_directory_of_its_name() {
        let directory = tempfile::tempdir().unwrap();
        let model = directory.path().join("m.toml");
        std::fs::write(&model, "").unwrap();
        std::fs::create_dir(directory.path().join("m")).unwrap();
        std::fs::write(directory.path().join("m/b.toml"), "x = 1").unwrap();
        std::fs::write(directory.path().join("m/a.toml"), "x = 2").unwrap();
        std::fs::write(directory.path().join("m/context.toml"), "[rows]").unwrap();
        let model = model.to_str().unwrap();
        let (sources, names) = resolve(model, &["b".to_owned(), "a".to_owned()]).unwrap();
        assert_eq!(names, ["b", "a"]);
        assert_eq!(sources.files[1].text, "x = 1");
        assert_eq!(
            overlays(model).unwrap().iter().map(|overlay| overlay.name.as_str()).collect::<Vec<_>>(),
            ["a", "b"]
        );
        let error = resolve(model, &["c".to_owned()]).unwrap_err();
        assert!(matches!(error, LoadError::UnknownScenario { ref hint, .. } if hint.contains("`a`")), "{error:?}");
    }
}
