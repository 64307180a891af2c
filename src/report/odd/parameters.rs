//! Every parameter with range, unit, source and confidence, grouped by where it belongs.

use std::collections::BTreeMap;

use super::table::{code, table};
use super::{Subject, counted};
use crate::model::Types;
use crate::report::describe::{Parameter, ParameterKind, parameters, short};
use crate::report::page::Page;
use crate::spec::model::{Form, Map, Source};

/// Groups by first part of the path, with what they hold.
const GROUPS: [(&str, &str); 9] = [
    ("params", "Parameters proper: the handles for settings and sweeps"),
    ("actors", "Numbers of actors: weights, values, costs, patience, misjudgement"),
    ("state", "Levels at the start and noise of state variables"),
    ("attacks", "Attacks"),
    ("guarantees", "Guarantees"),
    ("levers", "Levers"),
    ("instruments", "Instruments"),
    ("coalitions", "Coalitions"),
    ("protocol", "Procedure"),
];

pub(super) fn all(s: &Subject<'_>, page: &mut Page) {
    let list = parameters(s.model, s.tree);
    page.line(format_args!("### Parameters\n"));
    let fixed = fixed(s, &list);
    let all: Vec<&Parameter> = list.iter().chain(&fixed).collect();
    prose(s, &all, page);
    let mut grouped: BTreeMap<usize, Vec<&Parameter>> = BTreeMap::new();
    for parameter in &all {
        let head = parameter.path.split('.').next().unwrap_or_default();
        let group = GROUPS.iter().position(|(name, _)| *name == head).unwrap_or(GROUPS.len());
        grouped.entry(group).or_default().push(parameter);
    }
    for (group, members) in grouped {
        let title = GROUPS.get(group).map_or("Other numbers", |(_, title)| title);
        page.line(format_args!("**{title}.**\n"));
        let rows: Vec<Vec<String>> = members.iter().map(|parameter| row(s, parameter)).collect();
        table(page, &["parameter", "meaning", "central", "range", "unit", "source", "confidence"], &rows);
    }
}

/// What `[params]` holds beside those: constants, which the compiler folds away, and the private numbers of actors.
fn fixed(s: &Subject<'_>, list: &[Parameter]) -> Vec<Parameter> {
    let missing = s.model.spec.params.iter().filter_map(|(id, param)| {
        let path = format!("params.{}", id.text);
        if list.iter().any(|known| known.path == path) {
            return None;
        }
        let text =
            |name: &Option<crate::spec::model::Name>| name.as_ref().map_or(String::new(), |name| name.text.clone());
        let (kind, [low, central, high]) = match param.value.form {
            Form::Const(value) => {
                let range = param.range.map(|range| [range.low, range.high]);
                (ParameterKind::Constant, [range.map(|r| r[0]), Some(value), range.map(|r| r[1])])
            }
            _ => (ParameterKind::Distribution, private(s, &path)?.map(Some)),
        };
        Some(Parameter {
            path,
            kind,
            low,
            central: central?,
            high,
            unit: text(&param.notes.unit),
            source: text(&param.notes.source),
            about: text(&param.notes.about),
            inventory: Vec::new(),
        })
    });
    missing.collect()
}

/// Low end, centre and high end of a number that its owner alone knows.
fn private(s: &Subject<'_>, of: &str) -> Option<[f64; 3]> {
    s.model.actors.iter().find_map(|actor| match &actor.types {
        Types::Continuous { path, distribution, .. } if path == of => {
            Some([distribution.low(), distribution.central(), distribution.high()])
        }
        _ => None,
    })
}

/// What the numbers are, before the tables.
fn prose(s: &Subject<'_>, all: &[&Parameter], page: &mut Page) {
    let drawn = all.iter().filter(|p| p.kind == ParameterKind::Distribution).count();
    let computed = all.iter().filter(|p| p.kind == ParameterKind::Expression).count();
    let mut by: BTreeMap<&str, usize> = BTreeMap::new();
    for parameter in all.iter().filter(|p| p.kind == ParameterKind::Distribution) {
        *by.entry(confidence(&s.model.spec.sources, &parameter.source)).or_default() += 1;
    }
    let by: Vec<String> = by.iter().map(|(word, count)| format!("{count} {}", phrase(word))).collect();
    let rest = if by.is_empty() { String::new() } else { format!(" Of those that are drawn, {}.", by.join(", ")) };
    page.line(format_args!(
        "The model has {}: {drawn} are drawn once a replication over the range given, {computed} are computed from others, the rest \
         are fixed unless set. The central value stands for a distribution in tables.{rest} A unit that is missing means that the \
         number takes that of where it is used; a range that is missing means that only the kind of the number bounds it.\n",
        counted(all.len(), "number that can be set or that varies", "numbers that can be set or that vary"),
    ));
}

fn phrase(confidence: &str) -> &'static str {
    match confidence {
        "public" => "rest on public figures",
        "document" => "on what a document says",
        "recall" => "on recall",
        "assumption" => "on assumption alone",
        _ => "state no source",
    }
}

fn row(s: &Subject<'_>, parameter: &Parameter) -> Vec<String> {
    let range = match (parameter.low, parameter.high) {
        (Some(low), Some(high)) => format!("{} to {}", short(low), short(high)),
        (Some(low), None) => format!("from {}", short(low)),
        (None, Some(high)) => format!("up to {}", short(high)),
        (None, None) => String::new(),
    };
    vec![
        code(&parameter.path),
        parameter.about.clone(),
        short(parameter.central),
        range,
        parameter.unit.clone(),
        parameter.source.clone(),
        confidence(&s.model.spec.sources, &parameter.source).to_owned(),
    ]
}

/// How sure a source is: that of the section `[sources]`, whose id stands before a colon, or `assumption`.
fn confidence<'a>(sources: &'a Map<Source>, source: &'a str) -> &'a str {
    let id = source.split(':').next().unwrap_or_default();
    if id == "assumption" {
        return "assumption";
    }
    let known = sources.iter().find(|(name, _)| name.text == id);
    known.and_then(|(_, source)| source.confidence.as_ref()).map_or("", |confidence| confidence.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::model::Name;

    #[test]
    fn confidence_is_that_of_the_source_before_the_colon() {
        let name = |text: &str| Name { text: text.to_owned(), ..Name::default() };
        let source = Source { title: name("t"), author: None, date: None, confidence: Some(name("public")) };
        let sources = vec![(name("table"), source)];
        assert_eq!(confidence(&sources, "table:TER-10"), "public");
        assert_eq!(confidence(&sources, "assumption"), "assumption");
        assert_eq!(confidence(&sources, "hearsay"), "");
    }
}
