//! Initialization and input data.

use super::table::{code, table};
use super::{Subject, about, counted};
use crate::report::describe::written;
use crate::report::page::Page;
use crate::spec::model::{Effect, EffectOp, Name, Term};

pub(super) fn initialization(s: &Subject<'_>, page: &mut Page) {
    let spec = &s.model.spec;
    page.line(format_args!(
        "Every replication draws its parameters and types first. State variables start at the values of section 2, drawn where \
         they are uncertain; the register holds the status quo of every issue; the regime is war, which in a model without \
         fighting means no agreement; beliefs are the priors. Initialization differs between replications by these draws alone."
    ));
    if spec.prologue.is_empty() {
        return;
    }
    page.line(format_args!(
        "\n{} happened before the start and are applied to these values in order; levels in section 2 are those before them.\n",
        counted(spec.prologue.len(), "dated event", "dated events")
    ));
    let rows: Vec<Vec<String>> = spec
        .prologue
        .iter()
        .map(|event| {
            let date = event.date.as_ref().map_or(String::new(), |date| date.text.clone());
            let register: Vec<String> =
                event.register.iter().map(|(issue, term)| format!("{} = {}", issue.text, term_words(term))).collect();
            vec![date, about(&event.notes).to_owned(), [register, vec![effects(&event.effects)]].concat().join("; ")]
        })
        .collect();
    table(page, &["date", "event", "what it changed"], &rows);
}

pub(super) fn term_words(term: &Term) -> String {
    match term {
        Term::Option(option) => option.text.clone(),
        Term::Value(value) => written(value),
    }
}

/// What a lever or an event does to the state.
pub(super) fn effects(effects: &[(Name, Effect)]) -> String {
    let one = |(state, effect): &(Name, Effect)| {
        let sign = if effect.op == EffectOp::Set { "=" } else { "+=" };
        let extra = |label: &str, number: &Option<crate::spec::model::Number>| {
            number.as_ref().map(|number| format!(" {label} {}", written(number))).unwrap_or_default()
        };
        format!(
            "{} {sign} {}{}{}{}",
            state.text,
            written(&effect.amount),
            extra("after months", &effect.delay_months),
            extra("for months", &effect.duration_months),
            extra("fading a month", &effect.decay_per_month),
        )
    };
    effects.iter().map(one).collect::<Vec<_>>().join("; ")
}

pub(super) fn input(s: &Subject<'_>, page: &mut Page) {
    let sources = &s.model.spec.sources;
    page.line(format_args!(
        "The model reads no time series or other external data while it runs: everything that drives it is in its file."
    ));
    if sources.is_empty() {
        return;
    }
    page.line(format_args!(
        "Its numbers and statements rest on {}. *Public* means figures that anyone can look up, *document* what a text says, \
         *recall* what was written from memory and remains to be checked, *assumption* the modeller's own judgement, to be \
         swept.\n",
        counted(sources.len(), "source", "sources")
    ));
    let rows: Vec<Vec<String>> = sources
        .iter()
        .map(|(id, source)| {
            let text = |name: &Option<Name>| name.as_ref().map_or(String::new(), |name| name.text.clone());
            let date = source.date.map_or(String::new(), |date| date.to_string());
            vec![code(&id.text), source.title.text.clone(), text(&source.author), date, text(&source.confidence)]
        })
        .collect();
    table(page, &["source", "title", "author", "date", "confidence"], &rows);
}
