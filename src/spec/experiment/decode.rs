//! `[experiment]` and `[[factor]]`.

use super::{DESIGNS, Experiment, FactorSpec, LevelSpec, OVER, PAIRINGS, Values, steps};
use crate::spec::decode::title;
use crate::spec::field::Field;
use crate::spec::ids::{IdRule, MODEL, Seen};
use crate::spec::model::Name;
use crate::spec::reader::Reader;

/// Names of levels: as ids of models, since scenarios have such names.
const LEVEL: IdRule = IdRule { limit: 40, hyphens: true, reserved: false };

pub(super) fn experiment(r: &mut Reader<'_>) -> Experiment {
    let mut experiment = r.table("experiment", "", header);
    experiment.factors = r.field("factor").map(|field| factors(&field)).unwrap_or_default();
    experiment
}

fn header(r: &mut Reader<'_>) -> Experiment {
    let span = r.span();
    let experiment = Experiment {
        name: r.required("name").map_or_else(|| Name { text: String::new(), span }, |f| f.id(&MODEL)),
        title: title(r, "title"),
        about: r.opt_text("about"),
        expected: r.opt_text("expected"),
        inventory: r.texts("inventory"),
        model: r.text("model"),
        scenarios: r.texts("scenarios"),
        sets: r.texts("set"),
        design: r.word("design", &DESIGNS),
        points: r.whole("points", 1),
        levels: r.whole("levels", 2),
        second_order: r.flag("second_order"),
        table: r.opt_text("table"),
        over: r.opt_word("over", &OVER),
        replications: r.whole("replications", 1),
        seed: r.whole("seed", 0),
        pairing: r.opt_word("pairing", &PAIRINGS),
        responses: r.texts("responses"),
        factors: Vec::new(),
    };
    fits(r, &experiment);
    experiment
}

/// Reports keys that a design needs and does not have, and those that it has no use for.
fn fits(r: &Reader<'_>, experiment: &Experiment) {
    let design = experiment.design.text.as_str();
    let sampled = ["lhs", "sobol", "saltelli", "morris"].contains(&design);
    let uses = [
        ("points", experiment.points.is_some(), sampled, sampled),
        ("levels", experiment.levels.is_some(), design == "morris", false),
        ("table", experiment.table.is_some(), design == "table", design == "table"),
        ("second_order", experiment.second_order, design == "saltelli", false),
        ("over", experiment.over.is_some(), sampled, false),
    ];
    for (key, given, allowed, needed) in uses {
        if DESIGNS.contains(&design) && given && !allowed {
            r.error("E0603", format!("a `{design}` has no use for `{key}`"), Some("leave it out".to_owned()));
        }
        if needed && !given {
            r.error("E0102", format!("`{key}` is missing, which a `{design}` needs"), None);
        }
    }
}

fn factors(field: &Field<'_>) -> Vec<FactorSpec> {
    let mut list: Vec<FactorSpec> = Vec::new();
    for item in field.some_items() {
        let factor = item.table_like("{ path = \"params.x\", values = [0, 1] }", factor);
        if !factor.name.text.is_empty() && list.iter().any(|other| other.name.text == factor.name.text) {
            item.error("E0602", format!("`{}` is varied twice", factor.name.text), Some("keep one of them".to_owned()));
        }
        list.push(factor);
    }
    list
}

fn factor(r: &mut Reader<'_>) -> FactorSpec {
    let span = r.span();
    r.exactly_one(&["path", "name"]);
    r.at_most_one(&["values", "from", "low", "levels"]);
    let path = r.opt_text("path");
    let name = r.opt_text("name");
    let is_path = path.is_some();
    let name = path.or(name).unwrap_or(Name { text: String::new(), span });
    let _ = r.opt_text("about");
    let levels = r.field("levels").map(|field| levels(&field));
    let listed = r.field("values").map(|field| listed(&field, &name.text));
    let steps = r.has("from").then(|| stepped(r));
    let between = r.has("low").then(|| span_of(r));
    if !is_path && levels.is_none() {
        r.error("E0601", "a factor with a name needs named levels", Some(EXAMPLE.to_owned()));
    }
    let values = levels.or(listed).or(steps).or(between).unwrap_or(Values::Declared);
    FactorSpec { name, values, span }
}

const EXAMPLE: &str =
    "write levels = [{ id = \"base\" }, { id = \"other\", scenarios = [\"..\"], set = [\"PATH=VALUE\"] }]";

/// `values = [0, 1]` or `values = ["pooled", "additive"]`.
fn listed(field: &Field<'_>, path: &str) -> Values {
    let items = field.some_items();
    if items.iter().any(|item| item.value().as_text().is_some()) {
        let words = field.texts();
        let level = |word: &Name| LevelSpec {
            id: word.text.clone(),
            scenarios: Vec::new(),
            sets: vec![format!("{path}={}", word.text)],
        };
        return Values::Levels(words.iter().map(level).collect());
    }
    Values::List(items.iter().map(number).collect())
}

fn number(field: &Field<'_>) -> f64 {
    field.literal().unwrap_or_else(|| {
        field.wrong("a number", Some("values of a factor are literal numbers, or words".to_owned()));
        0.0
    })
}

fn needed(r: &mut Reader<'_>, key: &'static str) -> f64 {
    r.required(key).map_or(0.0, |field| number(&field))
}

fn stepped(r: &mut Reader<'_>) -> Values {
    let (from, to, step) = (needed(r, "from"), needed(r, "to"), needed(r, "step"));
    let count = steps(from, to, step).unwrap_or_else(|| {
        let hint = "both ends are included: the step is a whole part of the distance, and leads towards `to`";
        r.error("E0601", format!("no steps of {step} lead from {from} to {to}"), Some(hint.to_owned()));
        1
    });
    Values::Steps { from, to, count }
}

fn span_of(r: &mut Reader<'_>) -> Values {
    let (low, high) = (needed(r, "low"), needed(r, "high"));
    if low >= high {
        r.error("E0112", format!("the range [{low}, {high}] is empty"), Some("write the lower bound first".to_owned()));
    }
    Values::Span { low, high }
}

fn levels(field: &Field<'_>) -> Values {
    let mut seen = Seen::default();
    let level = |item: Field<'_>| {
        let level = item.table_like("{ id = \"..\" }", level);
        let name = Name { text: level.id.clone(), span: item.span() };
        if !level.id.is_empty() {
            item.check_id(&name, item.path(), &LEVEL, &mut seen);
        }
        level
    };
    Values::Levels(field.some_items().into_iter().map(level).collect())
}

fn level(r: &mut Reader<'_>) -> LevelSpec {
    let texts = |names: Vec<Name>| names.into_iter().map(|name| name.text).collect();
    let level =
        LevelSpec { id: r.text("id").text, scenarios: texts(r.texts("scenarios")), sets: texts(r.texts("set")) };
    let _ = r.opt_text("about");
    level
}
