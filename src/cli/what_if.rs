//! `--what-if STEP:PATH=VALUE` of `detente trace`: the same negotiation, different from a step on.

use super::Failure;
use crate::engine::fork::{Fork, Touch, can_fork};
use crate::model::{Model, Types};
use crate::source::{LoadError, Loaded, load};
use crate::spec::suggest;

/// One change, read from what was typed.
#[derive(Clone, Debug, PartialEq)]
struct Change<'a> {
    step: usize,
    what: What<'a>,
}

/// What is changed.
#[derive(Clone, Debug, PartialEq)]
enum What<'a> {
    /// A number of the model, as `--set` takes it.
    Setting(&'a str),
    /// Something in the world.
    Touch(Touch),
}

/// The changes of one step: the model from then on, and what is put into the world.
#[derive(Debug)]
pub(super) struct Turn {
    step: usize,
    loaded: Loaded,
    touches: Vec<Touch>,
}

/// The model as it was asked for: name, scenarios, settings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) model: &'a str,
    pub(super) scenarios: &'a [String],
    pub(super) sets: &'a [String],
}

/// Reads all changes and loads the models that they lead to, in order of their steps.
///
/// # Errors
/// When one cannot be read, names nothing, or cannot be made in the middle of a negotiation.
pub(super) fn turns(asked: Asked<'_>, base: &Loaded, typed: &[String]) -> Result<Vec<Turn>, Failure> {
    if !can_fork(&base.model) {
        let hint =
            "its talks are solved backward once, before they begin; set the evaluator to `projection`, or use `--set`";
        return Err(usage("a history of this model cannot be changed midway".to_owned(), hint));
    }
    let mut changes = typed.iter().map(|text| read(&base.model, text)).collect::<Result<Vec<_>, _>>()?;
    changes.sort_by_key(|change| change.step);
    let mut sets = asked.sets.to_vec();
    let mut turns: Vec<Turn> = Vec::new();
    for group in changes.chunk_by(|a, b| a.step == b.step) {
        let mut touches = Vec::new();
        for change in group {
            match &change.what {
                What::Setting(setting) => sets.push((*setting).to_owned()),
                What::Touch(touch) => touches.push(*touch),
            }
        }
        let loaded = load(asked.model, asked.scenarios, &sets).map_err(|error| renamed(error, asked.sets.len()))?;
        turns.push(Turn { step: group[0].step, loaded, touches });
    }
    Ok(turns)
}

/// The forks of the engine, one a turn.
///
/// # Errors
/// When a change is of more than numbers.
pub(super) fn forks<'t>(base: &'t Loaded, turns: &'t [Turn]) -> Result<Vec<Fork<'t>>, Failure> {
    let befores = std::iter::once(&base.model).chain(turns.iter().map(|turn| &turn.loaded.model));
    let fork = |(before, turn): (&Model, &'t Turn)| {
        Fork::new(before, &turn.loaded.model, turn.step, turn.touches.clone()).map_err(|_| {
            let hint = "time, issues, packages and who there is stay as they are; `--set` changes them from the start";
            usage("`--what-if` can change numbers, not the shape of a model".to_owned(), hint)
        })
    };
    befores.zip(turns).map(fork).collect()
}

/// The model after the last change, and the first step in which something changes.
pub(super) fn last(turns: &[Turn]) -> Option<(&Loaded, u32)> {
    let first = turns.first()?;
    turns.last().map(|last| (&last.loaded, first.step as u32))
}

/// Settings that came from `--what-if` are called so in messages.
fn renamed(error: LoadError, own: usize) -> Failure {
    let LoadError::Invalid(mut rejected) = error else { return error.into() };
    let settings = rejected.sources.files.iter_mut().filter(|file| file.name == "--set");
    settings.skip(own).for_each(|file| "--what-if".clone_into(&mut file.name));
    LoadError::Invalid(rejected).into()
}

fn usage(message: String, hint: &str) -> Failure {
    Failure::Usage { message, hint: Some(hint.to_owned()) }
}

/// Reads `STEP:PATH=VALUE`.
fn read<'a>(model: &Model, text: &'a str) -> Result<Change<'a>, Failure> {
    let form = "write STEP:PATH=VALUE, such as 3:params.p=0.4";
    let bad = |message: String| usage(format!("--what-if {text}: {message}"), form);
    let (step, setting) = text.split_once(':').ok_or_else(|| bad("no `:` behind the step".to_owned()))?;
    let step: usize = step.trim().parse().map_err(|_| bad(format!("`{step}` is not a step")))?;
    let (path, value) = setting.split_once('=').ok_or_else(|| bad("no `=` behind the path".to_owned()))?;
    let last = model.clock.horizon_steps.saturating_sub(1);
    if step == 0 {
        let hint = format!("from the start on, write `--set {setting}`");
        return Err(usage(format!("--what-if {text}: nothing has happened before step 0"), &hint));
    }
    if step > last {
        let hint = format!("the talks of this model have steps 0 to {last}");
        return Err(usage(format!("--what-if {text}: the talks are over before step {step}"), &hint));
    }
    let (path, value) = (path.trim(), value.trim());
    let wrong = |message: String, hint: String| usage(format!("--what-if {text}: {message}"), &hint);
    let keys: Vec<&str> = path.split('.').collect();
    let touch = match keys[..] {
        ["state", id] => state(model, id, value),
        ["terms", id] => term(model, id, value),
        ["actors", id, "type"] => office(model, id, value),
        _ => {
            spent(&keys).map_or(Ok(()), |(message, hint)| Err(wrong(message.to_owned(), hint.to_owned())))?;
            value.parse::<f64>().map_err(|_| {
                let hint = "names are for `terms.ISSUE=OPTION` and `actors.ID.type=TYPE`".to_owned();
                wrong(format!("`{value}` is not a number"), hint)
            })?;
            return Ok(Change { step, what: What::Setting(setting) });
        }
    };
    touch.map(|touch| Change { step, what: What::Touch(touch) }).map_err(|(message, hint)| wrong(message, hint))
}

/// Why a number has done its work before any later step, if it has.
fn spent(keys: &[&str]) -> Option<(&'static str, &'static str)> {
    match keys {
        ["state", _, "start", ..] => Some((
            "the start of a state lies before this step",
            "write `STEP:state.ID=VALUE` for its value from then on",
        )),
        ["actors", _, "types", _, "prior"] => {
            Some(("types were drawn at the start", "write `STEP:actors.ID.type=TYPE` for another office-holder"))
        }
        ["model" | "search" | "issues", ..] => {
            Some(("time, issues and the search cannot change midway", "`--set` changes them from the start"))
        }
        _ => None,
    }
}

/// What is wrong, and what to do.
type Wrong = (String, String);

fn among(word: &str, kind: &str, known: &[&str]) -> Wrong {
    let near = suggest::nearest(word, known.iter().copied());
    let hint =
        near.map_or_else(|| format!("allowed: {}", suggest::listing(known)), |near| format!("did you mean `{near}`?"));
    (format!("no {kind} `{word}`"), hint)
}

fn state(model: &Model, id: &str, value: &str) -> Result<Touch, Wrong> {
    let known: Vec<&str> = model.states.iter().map(|state| state.id.as_str()).collect();
    let state = known.iter().position(|name| *name == id).ok_or_else(|| among(id, "state", &known))?;
    let (low, high) = (model.states[state].low, model.states[state].high);
    let allowed = format!("allowed: {low} to {high}");
    match value.parse::<f64>() {
        Ok(number) if (low..=high).contains(&number) => Ok(Touch::State { state, value: number }),
        Ok(_) => Err((format!("{value} is outside the range of `{id}`"), allowed)),
        Err(_) => Err((format!("`{value}` is not a number"), allowed)),
    }
}

fn term(model: &Model, id: &str, value: &str) -> Result<Touch, Wrong> {
    let known: Vec<&str> = model.issues.iter().map(|issue| issue.id.as_str()).collect();
    let issue = known.iter().position(|name| *name == id).ok_or_else(|| among(id, "issue", &known))?;
    let options: Vec<&str> = model.issues[issue].options.iter().map(|option| option.id.as_str()).collect();
    let option = options.iter().position(|name| *name == value).ok_or_else(|| among(value, "option", &options))?;
    Ok(Touch::Term { issue, option: option as u16 })
}

fn office(model: &Model, id: &str, value: &str) -> Result<Touch, Wrong> {
    let known: Vec<&str> = model.actors.iter().map(|actor| actor.id.as_str()).collect();
    let actor = known.iter().position(|name| *name == id).ok_or_else(|| among(id, "actor", &known))?;
    let Types::Named(types) = &model.actors[actor].types else {
        return Err((format!("the type of `{id}` is a number"), "choose an actor with named types".to_owned()));
    };
    let types: Vec<&str> = types.iter().map(|named| named.id.as_str()).collect();
    let type_index = types.iter().position(|name| *name == value).ok_or_else(|| among(value, "type", &types))?;
    Ok(Touch::Office { actor, type_index })
}
