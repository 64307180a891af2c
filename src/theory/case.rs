//! The cases file.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

static FILE: LazyLock<File> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/theory.json"));
    serde_json::from_str(text).expect("the cases file is part of the program, and a test reads it")
});

#[derive(Debug, Deserialize)]
struct File {
    cases: Vec<Case>,
}

/// One published or computed result.
#[derive(Debug, Deserialize)]
pub struct Case {
    /// Its id, such as `T01`.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Who published it.
    pub source: String,
    /// Inputs.
    inputs: Value,
    /// Results.
    expected: Value,
}

/// All cases, in the order of the file.
#[must_use]
pub fn cases() -> &'static [Case] {
    &FILE.cases
}

/// The case with that id.
pub(super) fn case(id: &str) -> &'static Case {
    cases().iter().find(|case| case.id == id).expect("cases are named by literals that a test goes through")
}

impl Case {
    /// An input by its JSON pointer, such as `/delta_pairs/0/1`.
    pub(super) fn input(&self, pointer: &str) -> f64 {
        number(&self.inputs, pointer)
    }

    /// A list of inputs.
    pub(super) fn inputs(&self, pointer: &str) -> Vec<f64> {
        let list = self.inputs.pointer(pointer).and_then(Value::as_array);
        (0..list.map_or(0, Vec::len)).map(|index| self.input(&format!("{pointer}/{index}"))).collect()
    }

    /// A table of inputs, by row.
    pub(super) fn rows(&self, pointer: &str) -> Vec<Vec<f64>> {
        let list = self.inputs.pointer(pointer).and_then(Value::as_array);
        (0..list.map_or(0, Vec::len)).map(|index| self.inputs(&format!("{pointer}/{index}"))).collect()
    }

    /// A result by its JSON pointer.
    pub(super) fn expected(&self, pointer: &str) -> f64 {
        number(&self.expected, pointer)
    }
}

fn number(value: &Value, pointer: &str) -> f64 {
    value
        .pointer(pointer)
        .and_then(Value::as_f64)
        .expect("pointers are literals into the cases file, and a test goes through them")
}
