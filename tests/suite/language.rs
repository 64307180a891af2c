//! The reference of the model language says what the program accepts.

use crate::library::model_of;
use detente::engine::{Coordinates, Workspace, observer::Nobody, play};

/// Blocks marked `toml` (those marked `toml fragment` are alternatives), one after the other.
fn reference_model() -> String {
    let mut model = String::new();
    let mut inside = false;
    for line in include_str!("../../models/README.md").lines() {
        match (inside, line) {
            (false, "```toml") => inside = true,
            (true, "```") => inside = false,
            (true, _) => {
                model.push_str(line);
                model.push('\n');
            }
            (false, _) => {}
        }
    }
    model
}

#[test]
fn the_examples_of_the_reference_make_one_model_that_runs() {
    let model = model_of(&[&reference_model()], &[]);
    let mut workspace = Workspace::new(&model);
    for replication in 0..50 {
        let record = play(&model, Coordinates { seed: 2025, replication }, &mut workspace, &mut Nobody);
        assert!(record.utility.iter().all(|value| value.is_finite()), "replication {replication}");
    }
    assert!(model.issues.len() >= 2 && !model.levers.is_empty() && !model.attacks.is_empty());
}
