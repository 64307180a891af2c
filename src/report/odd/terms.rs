//! Weights of the issues and values of their options, by actor.

use super::Subject;
use super::table::{code, table};
use crate::report::describe::written;
use crate::report::page::Page;
use crate::spec::model::{Map, Number, Values, Weights};

/// What each actor would give up for what.
pub(super) fn weights(s: &Subject<'_>, page: &mut Page) {
    let spec = &s.model.spec;
    let mut rows = Vec::new();
    let row = |who: String, weights: &Map<Number>| {
        let of =
            |issue: &str| weights.iter().find(|(id, _)| id.text == issue).map_or(String::new(), |(_, w)| written(w));
        std::iter::once(who).chain(spec.issues.iter().map(|(id, _)| of(&id.text))).collect::<Vec<String>>()
    };
    for (id, actor) in &spec.actors {
        match &actor.weights {
            Weights::All(weights) => rows.push(row(code(&id.text), weights)),
            Weights::ByType(types) => {
                rows.extend(types.iter().map(|(of, weights)| row(format!("{}, {}", code(&id.text), of.text), weights)));
            }
        }
    }
    page.line(format_args!("Weights of the issues; an empty cell is 0:\n"));
    let columns: Vec<&str> =
        std::iter::once("actor").chain(spec.issues.iter().map(|(id, _)| id.text.as_str())).collect();
    table(page, &columns, &rows);
}

/// How each actor orders the options of each issue.
pub(super) fn values(s: &Subject<'_>, page: &mut Page) {
    let spec = &s.model.spec;
    page.line(format_args!("Values of the options, from the worst (0) to the best that can be thought of (1):\n"));
    let mut rows = Vec::new();
    for (index, (id, _)) in spec.issues.iter().enumerate() {
        for (actor, declared) in &spec.actors {
            let Some((_, values)) = declared.values.iter().find(|(issue, _)| issue.text == id.text) else { continue };
            let options = s.model.issues[index].options.iter().map(|option| option.id.as_str());
            let each: Vec<String> = match values {
                Values::List(list) => options.zip(list).map(|(option, v)| format!("{option} {}", written(v))).collect(),
                Values::Named(map) => map.iter().map(|(option, v)| format!("{} {}", option.text, written(v))).collect(),
                Values::Expr(number) => vec![code(&written(number))],
            };
            rows.push(vec![code(&id.text), code(&actor.text), each.join(", ")]);
        }
    }
    table(page, &["issue", "actor", "value of each option"], &rows);
}
