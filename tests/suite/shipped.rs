//! Every model that ships.

use crate::command::{detente, detente_in};

fn models() -> Vec<String> {
    let json = detente(&["models", "--format", "json"]).with_code(0).out;
    let list: serde_json::Value = serde_json::from_str(&json).unwrap();
    list.as_array().unwrap().iter().map(|model| model["model"].as_str().unwrap().to_owned()).collect()
}

fn scenarios(model: &str) -> Vec<String> {
    let json = detente(&["scenarios", model, "--format", "json"]).with_code(0).out;
    let list: serde_json::Value = serde_json::from_str(&json).unwrap();
    list.as_array().unwrap().iter().map(|row| row["scenario"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_model_and_scenario_is_valid() {
    let models = models();
    assert!(!models.is_empty());
    for model in &models {
        detente(&["check", model]).with_code(0);
        for scenario in scenarios(model) {
            detente(&["check", model, "--scenario", &scenario]).with_code(0);
        }
    }
}

#[test]
fn every_model_is_described_and_runs() {
    for model in &models() {
        detente(&["describe", model]).with_code(0);
        let json = detente(&["describe", model, "--format", "json"]).with_code(0).out;
        let document: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert!(!document["outcomes"].as_array().unwrap().is_empty(), "{model}");
        let book = detente(&["describe", model, "--format", "codebook"]).with_code(0).out;
        assert!(book.starts_with("table,"), "{book}");
        let directory = tempfile::tempdir().unwrap();
        let answer = detente_in(directory.path(), &["run", model, "--reps", "3", "--out", "out"]).with_code(0);
        assert!(answer.out.contains("Not a forecast"), "{}", answer.out);
        assert!(directory.path().join("out/outcomes.csv").exists());
    }
}
