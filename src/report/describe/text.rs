//! A model in words.

use super::parameters::{grid, parameters};
use super::sections::sections;
use crate::measure::central::Central;
use crate::report::page::Page;
use crate::source::Loaded;
use crate::spec::model::{Name, Term};

/// The terms of a named package.
pub(super) fn terms(terms: &[(Name, Term)]) -> String {
    let term = |(issue, term): &(Name, Term)| match term {
        Term::Option(option) => format!("{} {}", issue.text, option.text),
        Term::Value(number) => format!("{} {}", issue.text, super::parameters::written(number)),
    };
    terms.iter().map(term).collect::<Vec<_>>().join(", ")
}

/// Everything a model says, section by section, then its parameters as a table.
#[must_use]
pub fn text(loaded: &Loaded) -> String {
    let model = &loaded.model;
    let header = &model.spec.model;
    let mut page = Page::default();
    page.line(format_args!("{}: {}", header.name.text, header.title.text));
    if let Some(about) = &header.about {
        page.line(format_args!("{}", about.text));
    }
    clock(loaded, &mut page);
    for section in sections(model, &Central::new(model)) {
        page.line(format_args!("\n{}", section.title));
        for line in section.lines {
            page.line(format_args!("  {line}"));
        }
    }
    let parameters = parameters(model, &loaded.tree);
    if !parameters.is_empty() {
        page.line(format_args!("\nParameters"));
        page.add(&grid(&parameters).to_table(None));
    }
    page.finish()
}

fn clock(loaded: &Loaded, page: &mut Page) {
    let model = &loaded.model;
    let clock = &model.clock;
    let months = |steps: usize| super::parameters::short(steps as f64 * clock.months_per_step);
    let start = model.spec.model.start.map(|date| format!(" from {date}")).unwrap_or_default();
    page.line(format_args!(
        "steps of a {}{start}; talks {} months, aftermath {}, foresight {}; {} packages; hash {}",
        model.spec.model.step.text,
        months(clock.horizon_steps),
        months(clock.aftermath_steps),
        months(clock.foresight_steps),
        model.packages.n_candidates,
        &loaded.hash[..16],
    ));
    if !loaded.scenarios.is_empty() {
        page.line(format_args!("scenarios: {}", loaded.scenarios.join(", ")));
    }
}
