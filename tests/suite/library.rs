//! Models from texts, without the program around them.

use detente::model::Model;
use detente::model::compile::compile;
use detente::spec;
use detente::spec::tree::Sources;

/// The model that the first text makes with the others laid over it and the settings applied.
#[track_caller]
pub fn model_of(texts: &[&str], sets: &[String]) -> Model {
    let mut sources = Sources::default();
    for (index, text) in texts.iter().enumerate() {
        sources.push(format!("text{index}.toml"), *text);
    }
    let reading = spec::read(&sources, sets);
    let mut problems = reading.problems.clone();
    let model = reading.spec.and_then(|spec| compile(spec, &mut problems));
    let errors: Vec<String> = problems.list.iter().map(|p| spec::render::one_line(&reading.sources, p)).collect();
    model.unwrap_or_else(|| panic!("{}", errors.join("\n")))
}
