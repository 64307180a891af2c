//! Whole small models, good and bad.

use crate::model::Model;
use crate::spec::problem::Problems;
use crate::spec::tree::Sources;

mod bad;
mod full;
mod rules;

const MINIMAL: &str = include_str!("minimal.toml");
const FULL: &str = include_str!("full.toml");

/// Reads and compiles texts, the later ones laid over the first.
fn compiled(texts: &[&str], sets: &[&str]) -> (Option<Model>, Problems) {
    let mut sources = Sources::single("base.toml", texts[0]);
    for text in &texts[1..] {
        sources.push("overlay.toml", *text);
    }
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let reading = crate::spec::read(&sources, &sets);
    let mut problems = reading.problems;
    let model = super::compile(reading.spec.expect("the text is TOML and has a [model]"), &mut problems);
    (model, problems)
}

#[test]
fn two_players_and_a_pie_compile() {
    let (model, problems) = compiled(&[MINIMAL], &[]);
    assert_eq!(problems.list, []);
    let model = model.expect("nothing is wrong");
    assert_eq!(model.packages.n_candidates, 11);
    assert_eq!(model.scalars, []);
}

#[test]
fn a_scenario_names_outcomes_and_columns_as_its_own_future() {
    let overlay = "[scenario]\nabout = \"x\"\nfuture = [\"OUT\", \"col\"]\ndirection = \"less\"\ninventory = [\"F-01\"]\n[[outcome_column]]\nid = \"col\"\nvalue = 1\n";
    let (base, _) = compiled(&[MINIMAL], &[]);
    let base = base.expect("nothing is wrong");
    assert_eq!(base.scenario, None);
    let overlay = overlay.replace("OUT", &base.spec.outcomes[0].id.text);
    let (model, problems) = compiled(&[MINIMAL, &overlay], &[]);
    assert_eq!(problems.list, []);
    let told = model.and_then(|model| model.scenario).expect("it has a section");
    assert_eq!(told.futures, [crate::model::Future::Outcome(0), crate::model::Future::Column(0)]);
    assert!(told.less);
    assert_eq!(told.inventory, ["F-01"]);
    let (_, problems) = compiled(&[MINIMAL, "[scenario]\nfuture = [\"nowhere\"]"], &[]);
    assert_eq!(problems.list[0].code, "E0201", "{:?}", problems.list);
    let (_, problems) = compiled(&[MINIMAL, "[scenario]\nfuture = [\"nowhere\"]\ndirection = \"up\""], &[]);
    assert_eq!(problems.list.len(), 2, "{:?}", problems.list);
}
