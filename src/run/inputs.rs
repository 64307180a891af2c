//! `inputs.json`: everything that a run was made from, so that any of its rows can be played again from the directory alone.

use serde::{Deserialize, Serialize};

use crate::design::{Design, Factor, Layout, Levels};
use crate::model::{Model, ScalarSource};
use crate::spec::tree::{SourceFile, Sources};

/// A text with the name it is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedText {
    /// Path as typed, or path inside the program.
    pub name: String,
    /// Text.
    pub text: String,
}

/// What a named level lays over the model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelInputs {
    /// Name of the level.
    pub id: String,
    /// What is typed after `--scenario`, for replaying.
    pub scenarios: Vec<String>,
    /// Scenario files, in order.
    pub files: Vec<NamedText>,
    /// Settings `PATH=VALUE`, in order.
    pub sets: Vec<String>,
}

/// The values of a factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValuesInputs {
    /// Numbers, set at the path.
    Numbers(Vec<f64>),
    /// Equal steps, both ends included.
    Steps {
        /// First value.
        from: f64,
        /// Last value.
        to: f64,
        /// How many.
        count: u64,
    },
    /// Everything between two numbers.
    Span {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// The distribution that the model declares for the path.
    Declared,
    /// Named levels.
    Levels(Vec<LevelInputs>),
}

/// What is varied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactorInputs {
    /// Path or name.
    pub name: String,
    /// Its values.
    pub values: ValuesInputs,
}

impl FactorInputs {
    /// Its named levels; none of numbers.
    #[must_use]
    pub fn levels(&self) -> &[LevelInputs] {
        if let ValuesInputs::Levels(levels) = &self.values { levels } else { &[] }
    }
}

/// Everything that a run was made from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// The model file, then its scenarios in order.
    pub files: Vec<NamedText>,
    /// Settings applied at every point.
    pub sets: Vec<String>,
    /// What is varied.
    pub factors: Vec<FactorInputs>,
    /// How points are laid out.
    pub layout: Layout,
    /// Seed of the run.
    pub seed: u64,
    /// Whether points draw alone.
    pub independent: bool,
    /// Outputs that sensitivity is told of.
    pub responses: Vec<String>,
    /// Model, scenarios and settings as they were typed.
    pub words: String,
    /// What was typed to lay out the sweep: model or experiment file with everything set, varied and chosen on top of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub typed: String,
    /// Replications that share each draw of the uncertain parameters; 0 where each has its own.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub per_draw: u64,
    /// The experiment file, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<NamedText>,
}

/// Whether a number is its default, which is not written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
pub(super) const fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A factor that takes its values from a distribution that the model does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` has no distribution in the model, so its values must be given")]
pub struct NoLaw {
    /// The path.
    pub path: String,
}

impl Inputs {
    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("inputs are text and flags");
        text.push('\n');
        text
    }

    /// Every text that points lay over the model, for the hash of the design.
    #[must_use]
    pub fn overlays(&self) -> String {
        let levels = self.factors.iter().flat_map(FactorInputs::levels);
        let text = serde_json::to_string(&levels.collect::<Vec<_>>()).expect("levels are text");
        format!("independent={} responses={} {text}", self.independent, self.responses.join(","))
    }

    /// The texts of the model and its scenarios, base first.
    #[must_use]
    pub fn sources(&self) -> Sources {
        let file = |file: &NamedText| SourceFile { name: file.name.clone(), text: file.text.clone() };
        Sources { files: self.files.iter().map(file).collect() }
    }

    /// Settings of a point: of its named levels and its numbers, in the order of the factors.
    #[must_use]
    pub fn sets_of(&self, values: &[f64]) -> Vec<String> {
        let mut sets = self.sets.clone();
        for (factor, value) in self.factors.iter().zip(values) {
            match factor.levels().get(*value as usize) {
                Some(level) => sets.extend(level.sets.iter().cloned()),
                None => sets.push(format!("{}={}", factor.name, crate::sink::number(*value))),
            }
        }
        sets
    }

    /// Levels that a point takes, of the factors that have named ones.
    pub fn levels_of<'a>(&'a self, values: &'a [f64]) -> impl Iterator<Item = &'a LevelInputs> {
        self.factors.iter().zip(values).filter_map(|(factor, value)| factor.levels().get(*value as usize))
    }

    /// The points, over the distributions of `model`.
    ///
    /// # Errors
    /// When the model does not have a distribution that a factor takes its values from.
    pub fn design(&self, model: &Model) -> Result<Design, NoLaw> {
        let factor = |inputs: &FactorInputs| {
            let levels = match &inputs.values {
                ValuesInputs::Numbers(numbers) => Levels::Numbers(numbers.clone()),
                ValuesInputs::Steps { from, to, count } => Levels::Steps { from: *from, to: *to, count: *count },
                ValuesInputs::Span { low, high } => Levels::Span { low: *low, high: *high },
                ValuesInputs::Levels(levels) => Levels::Named(levels.iter().map(|level| level.id.clone()).collect()),
                ValuesInputs::Declared => {
                    let declared = model.scalars.iter().find(|scalar| scalar.path == inputs.name);
                    match declared.map(|scalar| &scalar.source) {
                        Some(ScalarSource::Drawn(law)) => Levels::Law(law.clone()),
                        _ => return Err(NoLaw { path: inputs.name.clone() }),
                    }
                }
            };
            Ok(Factor { name: inputs.name.clone(), levels })
        };
        let factors = self.factors.iter().map(factor).collect::<Result<_, _>>()?;
        Ok(Design { factors, layout: self.layout.clone(), seed: self.seed })
    }
}
