//! The report of one run.

mod outcomes;

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
    let sections = vec![outcomes::section(run)];
    Report {
        kicker: "Détente · report of a run".to_owned(),
        title: header.title.text.clone(),
        about: header.about.as_ref().map(|about| about.text.clone()).unwrap_or_default(),
        forecast: FORECAST.to_owned(),
        sections: sections.into_iter().filter(|section: &Section| !section.parts.is_empty()).collect(),
    }
}

/// What no reader may miss.
const FORECAST: &str = "Shares are shares of simulated histories: they say what the assumptions of the model imply, not what \
                        will happen, and they are no probabilities of events in the world.";
