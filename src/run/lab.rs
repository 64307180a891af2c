//! The engine over the points of an experiment: makes the model of each point and plays it.
//!
//! A *variant* is a model compiled for a choice of named levels. Where a number can be changed without compiling (a
//! parameter that the compiler was told is drawn), the points of a variant share one workspace; other numbers make variants
//! of their own. Either way a point is the model that `--scenario` and `--set` give.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::control::{Play, Variant};
use super::inputs::Inputs;
use crate::design::plan::{Job, Trace};
use crate::design::{Design, Factor};
use crate::engine::observer::{Nobody, Observer};
use crate::engine::policy::Exact;
use crate::engine::record::Record;
use crate::engine::{Coordinates, Workspace, play, play_with};
use crate::model::{Model, ScalarSource};
use crate::rng::{Entity, Purpose, Streams};
use crate::sink::{Tables, misfit};
use crate::source::pool::Pools;
use crate::source::{Rejected, assemble};
use crate::spec::tree::Sources;

/// Variants that are kept compiled.
const KEPT: usize = 64;
/// Variants for which a worker keeps its buffers.
const DESKS: usize = 6;

/// The engine over the points of an experiment.
pub struct Lab<'a> {
    inputs: &'a Inputs,
    design: &'a Design,
    /// Tables of the run, which those of every variant must fit; none while the first are made.
    reference: Option<Tables>,
    trace: Trace,
    /// Which factors are numbers that can be changed without compiling, in the variants that allow it.
    numeric: Vec<bool>,
    built: Mutex<BTreeMap<Vec<u64>, Arc<Built>>>,
}

/// A compiled variant.
struct Built {
    shown: Arc<Variant>,
    /// The model to be played, before its numbers are set.
    model: Model,
    /// Position of the scalar of each factor that is set without compiling, with its bounds.
    slots: Vec<Option<(usize, f64, f64)>>,
}

/// Buffers of one worker.
#[derive(Default)]
pub struct Desks {
    /// Most recently used last.
    list: Vec<Desk>,
    values: Vec<f64>,
}

struct Desk {
    key: Vec<u64>,
    built: Arc<Built>,
    /// The model with the numbers of the point; boxed like the workspace, since desks are moved about.
    model: Box<Model>,
    workspace: Box<Workspace>,
}

impl<'a> Lab<'a> {
    /// A lab for the points of a design.
    #[must_use]
    pub fn new(inputs: &'a Inputs, design: &'a Design, trace: Trace) -> Self {
        let numeric = design.factors.iter().map(|factor| factor.names().is_none()).collect();
        Self { inputs, design, reference: None, trace, numeric, built: Mutex::default() }
    }

    /// The same lab, whose variants must fit these tables.
    #[must_use]
    pub fn fitting(mut self, tables: Tables) -> Self {
        self.reference = Some(tables);
        self
    }

    fn sources(&self, values: &[f64]) -> Sources {
        let mut sources = self.inputs.sources();
        for file in self.inputs.levels_of(values).flat_map(|level| &level.files) {
            sources.push(file.name.as_str(), file.text.as_str());
        }
        sources
    }

    /// Names the variant of a point: positions of named levels, and the numbers that are compiled in.
    fn key(values: &[f64], set_later: &[bool]) -> Vec<u64> {
        values.iter().zip(set_later).map(|(value, later)| if *later { u64::MAX } else { value.to_bits() }).collect()
    }

    /// Whether a key is the one of this point, with its numbers set later or compiled in.
    fn fits(&self, key: &[u64], values: &[f64]) -> bool {
        let same = |later: bool| {
            key.iter()
                .zip(values)
                .zip(&self.numeric)
                .all(|((key, value), numeric)| *key == if later && *numeric { u64::MAX } else { value.to_bits() })
        };
        same(true) || same(false)
    }

    fn variant(&self, values: &[f64]) -> Result<(Vec<u64>, Arc<Built>), String> {
        let none = vec![false; values.len()];
        for set_later in [&self.numeric, &none] {
            let key = Self::key(values, set_later);
            if let Some(built) = self.cached(&key) {
                return Ok((key, built));
            }
            match self.build(values, set_later) {
                Ok(built) => {
                    let built = Arc::new(built);
                    self.keep(key.clone(), &built);
                    return Ok((key, built));
                }
                Err(fault) if *set_later == none => return Err(fault),
                Err(_) => {}
            }
        }
        unreachable!("the last attempt returns")
    }

    fn cached(&self, key: &[u64]) -> Option<Arc<Built>> {
        self.built.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn keep(&self, key: Vec<u64>, built: &Arc<Built>) {
        let mut list = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        if list.len() >= KEPT {
            list.pop_first();
        }
        list.insert(key, Arc::clone(built));
    }

    /// Compiles a variant. A number that is set later stands as a uniform distribution, so that the compiler folds nothing.
    fn build(&self, values: &[f64], set_later: &[bool]) -> Result<Built, String> {
        let mut sets = self.inputs.sets.clone();
        for ((factor, value), later) in self.design.factors.iter().zip(values).zip(set_later) {
            let inputs = self.inputs.factors.iter().find(|inputs| inputs.name == factor.name);
            match inputs.and_then(|inputs| inputs.levels().get(*value as usize)) {
                Some(level) => sets.extend(level.sets.iter().cloned()),
                None if *later => sets.push(placeholder(factor)),
                None => sets.push(format!("{}={}", factor.name, crate::sink::number(*value))),
            }
        }
        let loaded = assemble(&self.sources(values), &sets, Pools::Stored).map_err(|rejected| first_of(&rejected))?;
        let mut model = loaded.model;
        let mut slots = Vec::new();
        for (factor, later) in self.design.factors.iter().zip(set_later) {
            let at = later.then(|| slot(&model, &factor.name)).transpose()?;
            if let Some((at, low, _)) = at {
                model.scalars[at].source = ScalarSource::Constant(low);
            }
            slots.push(at);
        }
        let mut tables = Tables::new(&model, self.trace, &self.design.factors);
        if let Some(reference) = &self.reference {
            if !reference.same(&tables) {
                return Err("the tables of this point have other columns or words than those of the run".to_owned());
            }
            tables.draws = reference.draws.of_other(&model);
        }
        let shown = Arc::new(Variant { model: model.clone(), tables });
        Ok(Built { shown, model, slots })
    }

    /// The tables of the run, made from the model of its first point.
    ///
    /// # Errors
    /// Why that point cannot be played.
    pub fn first(&self) -> Result<Arc<Variant>, String> {
        let mut values = Vec::new();
        self.design.point(0, &mut values);
        self.variant(&values).map(|(_, built)| Arc::clone(&built.shown))
    }

    /// Looks whether a point can be played.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, values: &[f64]) -> Result<(), String> {
        let (_, built) = self.variant(values)?;
        self.numbers(&built, values).map(|_| ())
    }

    /// The scalars to be set at a point.
    fn numbers(&self, built: &Built, values: &[f64]) -> Result<Vec<(usize, f64)>, String> {
        let mut list = Vec::new();
        for ((slot, value), factor) in built.slots.iter().zip(values).zip(&self.design.factors) {
            let Some((at, low, high)) = *slot else { continue };
            if !(low..=high).contains(value) {
                return Err(format!("{} is {value}, outside of {low} to {high}", factor.name));
            }
            list.push((at, *value));
        }
        Ok(list)
    }

    /// Plays one replication at a point outside of any plan.
    ///
    /// # Errors
    /// Why the point cannot be played.
    pub fn play_at<'w>(&self, values: &[f64], at: Coordinates, desks: &'w mut Desks) -> Result<&'w Record, String> {
        self.seat(values, desks)?;
        let desk = desks.list.last_mut().expect("a seat was just taken");
        let record = play(&desk.model, at, &mut desk.workspace, &mut Nobody);
        misfit(&desk.model, record).map_or(Ok(record), Err)
    }

    fn point_seed(&self, point: u64) -> u64 {
        if !self.inputs.independent {
            return self.inputs.seed;
        }
        let streams = Streams { seed: self.inputs.seed, replication: point };
        let unit = streams.draw(Entity::named("design.point"), Purpose::PointSeed, 0).unit();
        // 53 random bits: short enough to type, and exact.
        (unit * (1u64 << 53) as f64) as u64
    }

    fn coordinates(&self, job: Job) -> Coordinates {
        Coordinates { seed: self.point_seed(job.point), replication: job.replication }
    }
}

/// A range that the compiler takes for a drawn number.
fn placeholder(factor: &Factor) -> String {
    let (low, high) = factor.ends();
    // A single value is widened a little: an empty range is no distribution.
    let high = if low < high { high } else { low + low.abs().max(1.0) * 1e-9 };
    format!("{}={{ uniform = [{low:?}, {high:?}] }}", factor.name)
}

/// The scalar of a path, with the bounds of what may be set there.
fn slot(model: &Model, path: &str) -> Result<(usize, f64, f64), String> {
    let found = model.scalars.iter().position(|scalar| scalar.path == path);
    let at = found.ok_or_else(|| format!("`{path}` is compiled in"))?;
    let scalar = &model.scalars[at];
    let single = model.scalars.iter().filter(|scalar| scalar.path == path).count() == 1;
    let drawn = matches!(scalar.source, ScalarSource::Drawn(_)) && scalar.common.is_none() && single;
    if drawn { Ok((at, scalar.low, scalar.high)) } else { Err(format!("`{path}` is compiled in")) }
}

/// The first error of a model that was refused, with its path.
fn first_of(rejected: &Rejected) -> String {
    let errors = rejected.problems.list.iter().filter(|p| p.severity == crate::spec::problem::Severity::Error);
    errors.map(|problem| format!("{}: {}", problem.path, problem.message)).next().unwrap_or_default()
}

impl Play for Lab<'_> {
    type Workspace = Desks;

    fn workspace(&self) -> Desks {
        Desks::default()
    }

    fn prepare(&self, job: Job, desks: &mut Desks) -> Result<(), String> {
        let mut values = std::mem::take(&mut desks.values);
        self.design.point(job.point, &mut values);
        let result = self.seat(&values, desks);
        desks.values = values;
        result
    }

    fn own(&self, desks: &Desks) -> Option<Arc<Variant>> {
        desks.list.last().map(|desk| Arc::clone(&desk.built.shown))
    }

    fn play<'w>(&self, job: Job, desks: &'w mut Desks, observer: &mut dyn Observer) -> &'w Record {
        let desk = desks.list.last_mut().expect("a job is prepared before it is played");
        play(&desk.model, self.coordinates(job), &mut desk.workspace, observer)
    }

    fn play_exactly<'w>(&self, job: Job, desks: &'w mut Desks) -> &'w Record {
        let desk = desks.list.last_mut().expect("a job is prepared before it is played");
        play_with(&desk.model, self.coordinates(job), &mut desk.workspace, &Exact, &mut Nobody)
    }

    fn seed(&self, job: Job) -> Option<u64> {
        Some(self.point_seed(job.point))
    }

    fn replay(&self, job: Job) -> String {
        let mut values = Vec::new();
        self.design.point(job.point, &mut values);
        let mut words = Vec::new();
        for level in self.inputs.levels_of(&values) {
            words.extend(level.scenarios.iter().map(|scenario| format!("--scenario {}", quoted(scenario))));
        }
        let own = self.inputs.sets_of(&values).split_off(self.inputs.sets.len());
        words.extend(own.iter().map(|set| format!("--set {}", quoted(set))));
        if self.inputs.per_draw > 1 {
            words.push(format!("--per-draw {}", self.inputs.per_draw));
        }
        words.join(" ")
    }
}

impl Lab<'_> {
    /// Takes the desk of the variant of a point, or sets one up, and puts the numbers of the point on it.
    fn seat(&self, values: &[f64], desks: &mut Desks) -> Result<(), String> {
        if let Some(at) = desks.list.iter().rposition(|desk| self.fits(&desk.key, values)) {
            desks.list[at..].rotate_left(1);
        } else {
            let (key, built) = self.variant(values)?;
            if desks.list.len() >= DESKS {
                desks.list.remove(0);
            }
            let model = Box::new(built.model.clone());
            let workspace = Box::new(Workspace::new(&model).sharing(self.inputs.per_draw));
            desks.list.push(Desk { key, built, model, workspace });
        }
        let desk = desks.list.last_mut().expect("a desk was just taken");
        for (at, value) in self.numbers(&desk.built, values)? {
            desk.model.scalars[at].source = ScalarSource::Constant(value);
        }
        Ok(())
    }
}

/// A panic in a replication is a failed row with its reason, not a message: workers keep silent about it.
pub fn silence_workers() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !std::thread::current().name().is_some_and(|name| name.starts_with("detente-")) {
            default(panic);
        }
    }));
}

/// A word for a POSIX shell.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_take_them_apart() {
        assert_eq!(quoted("actors.US.patience=0.9"), "actors.US.patience=0.9");
        assert_eq!(quoted("x=2*y"), "'x=2*y'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
