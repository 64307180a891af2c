//! The report of a sweep.

mod curves;
mod indices;
mod maps;
mod points;
mod sampled;

use std::collections::BTreeMap;

use super::figure::{Answer, Part, Section};
use super::run::{Run, limits};
use super::sums::Sums;
use super::words::{counted, percent, percents, plain};
use super::{Heading, Report};
use crate::design::Factor;
use crate::run::Dossier;
use crate::spec::experiment;
use crate::spec::problem::Problems;
use crate::spec::tree::FileId;
use points::Point;
use sampled::Sampled;

/// What every section is made from.
pub(super) struct Sweep<'a> {
    dossier: &'a Dossier,
    sums: Sums<'a>,
    points: BTreeMap<u64, Point>,
    sampled: Option<Sampled>,
}

impl Sweep<'_> {
    fn factors(&self) -> &[Factor] {
        &self.dossier.run.design.factors
    }
}

/// The report.
pub(super) fn report(dossier: &Dossier, heading: &Heading) -> Report {
    let sweep = Sweep {
        dossier,
        sums: Sums::new(&dossier.summary),
        points: points::points(dossier),
        sampled: Sampled::of(dossier),
    };
    let run = Run { dossier, heading, sums: sweep.sums };
    let model = &dossier.run.loaded.model.spec.model;
    let file = dossier.run.inputs.experiment.as_ref();
    let experiment = file.and_then(|file| experiment::read(FileId(0), &file.text, &mut Problems::default()));
    let (title, about) = if let Some(experiment) = &experiment {
        let texts = [&experiment.about, &experiment.expected].into_iter().flatten();
        let about: Vec<String> = texts.map(|text| text.text.trim().replace('\n', " ")).collect();
        (experiment.title.text.clone(), about.join(" "))
    } else {
        let names: Vec<String> = sweep.factors().iter().map(points::name).collect();
        (format!("{}, by {}", model.title.text, names.join(", ")), String::new())
    };
    let sections = [
        brief(&sweep, run),
        curves::section(&sweep),
        indices::section(&sweep),
        maps::section(&sweep),
        limits::section(run),
    ];
    Report {
        kicker: format!("Détente · report of a sweep · {}", model.title.text),
        title,
        about: about.trim().to_owned(),
        forecast: super::FORECAST.to_owned(),
        sections: sections.into_iter().filter(|section| !section.parts.is_empty()).collect(),
    }
}

fn brief(sweep: &Sweep<'_>, run: Run<'_>) -> Section {
    let answers = [
        ("How often does each ending occur, and how far does that move?", overall(sweep), "responses"),
        ("What single change makes renewed war least frequent?", indices::least_war(sweep), "changes"),
        ("What flips the headline?", flip(sweep), "regions"),
        ("What can this not say?", Some(limits::in_short(run)), "limits"),
    ];
    let answer = |(question, answer, section): (&'static str, Option<String>, &'static str)| {
        answer.map(|text| Answer { question, text, section })
    };
    Section {
        id: "brief",
        title: "In short",
        parts: vec![Part::Answers(answers.into_iter().filter_map(answer).collect())],
    }
}

fn overall(sweep: &Sweep<'_>) -> Option<String> {
    let all = points::pooled(sweep.points.values());
    let mut endings = all.endings.clone();
    endings.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let share = |point: &Point, id: &str| {
        let count = point.endings.iter().find(|(own, _)| own == id).map_or(0, |(_, n)| *n);
        count as f64 / point.n.max(1) as f64
    };
    let told: Vec<String> = endings
        .iter()
        .filter(|(_, n)| *n > 0)
        .take(3)
        .map(|(id, n)| {
            let shares = sweep.points.values().map(|point| share(point, id));
            let (low, high) = shares.fold((1.0_f64, 0.0_f64), |(low, high), share| (low.min(share), high.max(share)));
            let mean = percent(*n as f64 / all.n.max(1) as f64);
            format!("“{}” {mean} ({} over the points)", plain(id), percents(low, high))
        })
        .collect();
    let points = counted(sweep.points.len() as u64, "point", "points");
    (!told.is_empty()).then(|| format!("Over {points} with {} histories in all: {}.", all.n, told.join(", ")))
}

/// Nothing where points are too many to be told one by one.
fn flip(sweep: &Sweep<'_>) -> Option<String> {
    let same = "Nothing that was varied: the most frequent ending is the same at every point.";
    (!sweep.points.is_empty()).then(|| maps::nearest_flip(sweep).unwrap_or_else(|| same.to_owned()))
}
