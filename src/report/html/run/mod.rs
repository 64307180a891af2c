//! The report of one run.

mod agreement;
mod assumptions;
mod belief;
mod brief;
mod costs;
pub(super) mod limits;
mod outcomes;
mod peace;
mod refusals;
mod regions;
mod rivals;
mod states;
mod winsets;

use super::figure::Section;
use super::sums::Sums;
use super::{Heading, Report};
use crate::model::Model;
use crate::run::Dossier;

/// What every section is made from.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub dossier: &'a Dossier,
    pub heading: &'a Heading,
    pub sums: Sums<'a>,
}

impl<'a> Run<'a> {
    /// The model as run.
    pub fn model(self) -> &'a Model {
        &self.dossier.run.loaded.model
    }

    /// Histories in a row that share each draw of the uncertain numbers, at least 1.
    pub fn per_draw(self) -> usize {
        usize::try_from(self.dossier.run.manifest.run.per_draw).map_or(1, |per_draw| per_draw.max(1))
    }

    /// Replications that were played to their end.
    pub fn histories(self) -> u64 {
        let manifest = &self.dossier.run.manifest;
        manifest.done - manifest.failed
    }
}

/// The report.
pub(super) fn report(dossier: &Dossier, heading: &Heading) -> Report {
    let run = Run { dossier, heading, sums: Sums::new(&dossier.summary) };
    let header = &run.model().spec.model;
    let sections = [
        brief::section,
        outcomes::section,
        agreement::section,
        peace::section,
        refusals::section,
        winsets::section,
        assumptions::section,
        belief::section,
        states::section,
        costs::section,
        rivals::section,
        limits::section,
    ]
    .map(|section: fn(Run<'_>) -> Section| section(run));
    Report {
        kicker: "Détente · report of a run".to_owned(),
        title: header.title.text.clone(),
        about: header.about.as_ref().map(|about| about.text.clone()).unwrap_or_default(),
        forecast: super::FORECAST.to_owned(),
        sections: sections.into_iter().filter(|section: &Section| !section.parts.is_empty()).collect(),
    }
}
