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
