//! From a table of contrasts to settings that are compiled and know what is asked of them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::ask::{Unknown, column, quantity};
use super::bench::{Base, Setting};
use super::lines::{Corner, Line, Overlay, lines};
use crate::engine::appraise::{listed, package_with};
use crate::model::Model;
use crate::run::error::RunError;
use crate::run::execute::start;
use crate::sink::Outcomes;
use crate::source::{LoadError, Rejected};
use crate::spec::problem::{Problems, Severity};
use crate::spec::signs::{ContrastSpec, PackageSpec, SignTable};
use crate::spec::suggest;
use crate::spec::tree::{SourceFile, Sources, Span};

/// Contrasts ready to be played.
#[derive(Debug)]
pub struct Prepared {
    /// The table.
    pub table: SignTable,
    /// The lines of the answer.
    pub lines: Vec<Line>,
    /// What each corner of each line is in the settings.
    pub(super) asked: Vec<Vec<Asked>>,
    /// The model under every overlay that is needed.
    pub settings: Vec<Setting>,
}

/// Where the value of a corner is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub setting: usize,
    pub of_packages: bool,
    pub index: usize,
}

/// Why contrasts cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// The table has errors, or does not fit the model.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Threads cannot be started.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Reads the table `file` and compiles what the wanted contrasts need.
///
/// # Errors
/// When the table has errors or does not fit the model: then all of them, with their places.
pub fn prepare(
    base: Base<'_>,
    file: SourceFile,
    wanted: impl Fn(&ContrastSpec) -> bool,
    threads: usize,
) -> Result<Prepared, PrepareError> {
    let mut problems = Problems::default();
    let mut sources = Sources::default();
    let text = file.text.clone();
    let id = sources.push(file.name, file.text);
    let table = crate::spec::signs::read(id, &text, &mut problems);
    let rejected = |problems: Problems, sources: Sources| {
        PrepareError::Load(LoadError::Invalid(Box::new(Rejected { problems, sources })))
    };
    if problems.has_errors() {
        return Err(rejected(problems, sources));
    }
    let plain = base.with(&Overlay::default())?.model;
    let packages = packages(&plain, &table, &mut problems);
    let lines = lines(&table, wanted);
    let mut overlays: BTreeMap<&Overlay, Span> = BTreeMap::new();
    for line in &lines {
        for corner in &line.corners {
            overlays.entry(&corner.overlay).or_insert(line.span);
        }
    }
    let settings = compile(base, &overlays, threads, &mut problems)?;
    if problems.has_errors() {
        problems.sort();
        return Err(rejected(problems, sources));
    }
    let list: Vec<&Overlay> = overlays.keys().copied().collect();
    let mut asker = Asker { packages: &packages, overlays: &list, settings, problems };
    let asked = lines.iter().map(|line| line.corners.iter().map(|corner| asker.ask(corner)).collect()).collect();
    let Asker { settings, mut problems, .. } = asker;
    if problems.has_errors() {
        problems.sort();
        return Err(rejected(problems, sources));
    }
    Ok(Prepared { table, lines, asked, settings })
}

/// The model under every overlay, in their order; a problem at its contrast where one is refused.
fn compile(
    base: Base<'_>,
    overlays: &BTreeMap<&Overlay, Span>,
    threads: usize,
    problems: &mut Problems,
) -> Result<Vec<Setting>, RunError> {
    let list: Vec<&Overlay> = overlays.keys().copied().collect();
    let models: Vec<_> = start(threads)?.install(|| list.par_iter().map(|overlay| base.with(overlay)).collect());
    let mut settings = Vec::new();
    for (model, (overlay, span)) in models.into_iter().zip(overlays) {
        match model {
            Ok(loaded) => settings.push(Setting {
                model: loaded.model,
                columns: Vec::new(),
                listed: None,
                packages: Vec::new(),
                looks: Vec::new(),
            }),
            Err(error) => refuse(overlay, *span, &error, problems),
        }
    }
    Ok(settings)
}

/// Says at the contrast what is wrong with what it sets.
fn refuse(overlay: &Overlay, span: Span, error: &LoadError, problems: &mut Problems) {
    let said = match error {
        LoadError::Invalid(rejected) => {
            let first = rejected.problems.list.iter().find(|problem| problem.severity == Severity::Error);
            first.map_or_else(String::new, |problem| format!("{}: {}", problem.path, problem.message))
        }
        other => other.to_string(),
    };
    let hint = match error {
        LoadError::UnknownModel { hint, .. } | LoadError::UnknownScenario { hint, .. } => Some(hint.clone()),
        LoadError::Invalid(rejected) => rejected.problems.list.iter().find_map(|problem| problem.hint.clone()),
        LoadError::File(_) => None,
    };
    if problems.list.iter().any(|problem| problem.span == Some(span)) {
        return; // a contrast refused under one view is refused under the others for the same reason
    }
    let what = overlay.scenarios.iter().chain(&overlay.sets).cloned().collect::<Vec<_>>().join(", ");
    problems.error("E0702", Some(span), "contrast", format!("the model refuses {what}: {said}"), hint);
}

/// Every package that the table asks about, whichever contrasts are wanted: what is listed changes what is expected.
fn packages(model: &Model, table: &SignTable, problems: &mut Problems) -> Vec<(PackageSpec, Vec<u16>)> {
    let mut list: Vec<(PackageSpec, Vec<u16>)> = Vec::new();
    for contrast in &table.contrasts {
        let than = contrast.than.as_ref();
        let sides = [than.and_then(|than| than.low.as_ref()), than.and_then(|than| than.high.as_ref())];
        let places = [&contrast.both, &contrast.low.place, &contrast.high.place];
        let elsewhere = than.map(|than| &than.place).into_iter().chain(sides.into_iter().flatten().map(|s| &s.place));
        for spec in places.into_iter().chain(elsewhere).filter_map(|place| place.package.as_ref()) {
            if list.iter().all(|(known, _)| known != spec) {
                list.extend(options(model, spec, problems).map(|options| (spec.clone(), options)));
            }
        }
    }
    list
}

/// The options of a package, one an issue.
fn options(model: &Model, spec: &PackageSpec, problems: &mut Problems) -> Option<Vec<u16>> {
    let mut unknown = |what: &str, name: &crate::spec::model::Name, known: &[&str]| {
        let hint = suggest::hint(&name.text, known.iter().copied());
        let message = format!("there is no {what} `{}`", name.text.escape_debug());
        problems.error("E0702", Some(name.span), "contrast.package", message, hint);
        None
    };
    match spec {
        PackageSpec::Named(name) => {
            let found = model.named_packages.iter().find(|known| known.id == name.text);
            let known: Vec<&str> = model.named_packages.iter().map(|known| known.id.as_str()).collect();
            found.map(|known| known.options.clone()).or_else(|| unknown("package", name, &known))
        }
        PackageSpec::Terms(terms) => {
            let mut options: Vec<u16> = model.issues.iter().map(|issue| issue.status_quo).collect();
            for (issue, option) in terms {
                let issues: Vec<&str> = model.issues.iter().map(|issue| issue.id.as_str()).collect();
                let Some(at) = issues.iter().position(|id| *id == issue.text) else {
                    return unknown("issue", issue, &issues);
                };
                let ids: Vec<&str> = model.issues[at].options.iter().map(|option| option.id.as_str()).collect();
                let Some(chosen) = ids.iter().position(|id| *id == option.text) else {
                    return unknown(&format!("option of `{}`", issue.text), option, &ids);
                };
                options[at] = chosen as u16;
            }
            Some(options)
        }
    }
}

struct Asker<'a> {
    packages: &'a [(PackageSpec, Vec<u16>)],
    overlays: &'a [&'a Overlay],
    settings: Vec<Setting>,
    problems: Problems,
}

impl Asker<'_> {
    /// Asks a setting for what a corner looks at; a problem if it does not have it.
    fn ask(&mut self, corner: &Corner) -> Asked {
        let at = self.overlays.iter().position(|overlay| **overlay == corner.overlay);
        let setting = at.expect("every corner's overlay was compiled");
        let index = if let Some(spec) = &corner.package {
            self.look(setting, corner, spec)
        } else {
            let known = &mut self.settings[setting];
            let outcomes = Outcomes::new(&known.model, &[]);
            column(&corner.of.text, &outcomes).map(|column| position(&mut known.columns, column))
        };
        let index = index.unwrap_or_else(|(message, hint)| {
            let span = Some(corner.of.span);
            if self.problems.list.iter().all(|problem| problem.span != span) {
                self.problems.error("E0702", span, "contrast.of", message, hint);
            }
            0
        });
        Asked { setting, of_packages: corner.package.is_some(), index }
    }

    fn look(&mut self, setting: usize, corner: &Corner, spec: &PackageSpec) -> Result<usize, Unknown> {
        let known = &mut self.settings[setting];
        let model = known.listed.get_or_insert_with(|| {
            let mut model = known.model.clone();
            for (_, options) in self.packages {
                listed(&mut model, options);
            }
            model
        });
        let quantity = quantity(&corner.of.text, model)?;
        let options = self.packages.iter().find(|(known, _)| known == spec).map(|(_, options)| options);
        let package = package_with(model, options.expect("every package of the table was looked up"));
        let package = position(&mut known.packages, package.expect("every package of the table was listed"));
        Ok(position(&mut known.looks, (package, quantity)))
    }
}

/// The position of an item in a list, to which it is added if it was not there.
fn position<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}
