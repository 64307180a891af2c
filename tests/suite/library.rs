//! Models from texts, without the program around them.

use detente::model::Model;
use detente::source::{self, pool::Pools};
use detente::spec;
use detente::spec::tree::Sources;

/// The model that the first text makes with the others laid over it and the settings applied.
#[track_caller]
pub fn model_of(texts: &[&str], sets: &[String]) -> Model {
    let mut sources = Sources::default();
    for (index, text) in texts.iter().enumerate() {
        sources.push(format!("text{index}.toml"), *text);
    }
    match source::assemble(&sources, sets, Pools::Stored) {
        Ok(loaded) => loaded.model,
        Err(rejected) => {
            let line = |problem| spec::render::one_line(&rejected.sources, problem);
            panic!("{}", rejected.problems.list.iter().map(line).collect::<Vec<_>>().join("\n"))
        }
    }
}
