//! A negotiation for machines.

use serde_json::{Map, Value, json};

use super::recorder::{Account, Look, StepAccount};
use crate::design::plan::Job;
use crate::engine::Coordinates;
use crate::engine::record::Record;
use crate::model::{Model, ScalarSource, Types};
use crate::report::calendar::date_after;
use crate::sink::{Outcomes, Row, Rows};
use crate::source::Loaded;

/// One document: what was drawn, every step with its moves, and the row of `outcomes.csv`.
#[must_use]
pub fn json(loaded: &Loaded, at: Coordinates, account: &Account, record: &Record) -> Value {
    let model = &loaded.model;
    json!({
        "model": model.spec.model.name.text,
        "hash": loaded.hash,
        "scenarios": loaded.scenarios,
        "set": loaded.sets,
        "seed": at.seed,
        "replication": at.replication,
        "types": types(model, record),
        "draws": draws(model, record),
        "steps": account.steps.iter().map(|step| step_value(model, step)).collect::<Value>(),
        "outcome": row(model, record).into_iter().map(|(column, cell)| (column, Value::String(cell))).collect::<Map<_, _>>(),
    })
}

/// The row of `outcomes.csv` without what every row of a run shares, and without empty cells.
pub(super) fn row(model: &Model, record: &Record) -> Vec<(String, String)> {
    let outcomes = Outcomes::new(model, &[]);
    let mut rows = Rows::new();
    let job = Job { index: record.replication, point: 0, replication: record.replication };
    outcomes.write(model, &Row::plain(job, 0), Some(record), &mut rows);
    let block = rows.finish();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(block.bytes.as_slice());
    let cells = reader.records().next().and_then(Result::ok).unwrap_or_default();
    let shared = ["point", "replication", "seed", "status"];
    outcomes
        .columns
        .iter()
        .zip(cells.iter())
        .filter(|(column, cell)| !cell.is_empty() && !shared.contains(&column.name.as_str()))
        .map(|(column, cell)| (column.name.clone(), cell.to_owned()))
        .collect()
}

fn types(model: &Model, record: &Record) -> Value {
    let drawn = model.actors.iter().zip(&record.types).filter_map(|(actor, drawn)| match &actor.types {
        Types::Named(types) if types.len() > 1 => Some((actor.id.clone(), json!(types[usize::from(*drawn)].id))),
        _ => None,
    });
    Value::Object(drawn.collect())
}

fn draws(model: &Model, record: &Record) -> Value {
    let drawn = model.scalars.iter().zip(&record.draws);
    let drawn = drawn.filter(|(scalar, _)| matches!(scalar.source, ScalarSource::Drawn(_)));
    let private = model.spec.params.iter().filter(|(_, param)| param.private_to.is_some()).zip(&record.private);
    let private = private.map(|((name, _), value)| (format!("params.{}", name.text), json!(value)));
    Value::Object(drawn.map(|(scalar, value)| (scalar.path.clone(), json!(value))).chain(private).collect())
}

fn step_value(model: &Model, step: &StepAccount) -> Value {
    let mut value = json!({ "step": step.step, "month": step.month });
    if let Some(start) = model.spec.model.start {
        value["date"] = json!(date_after(start, step.month));
    }
    if let Some(look) = &step.look {
        value["view"] = view(model, look);
    }
    value["moves"] = step.acts.iter().map(|act| act.json.clone()).collect();
    value
}

fn view(model: &Model, look: &Look) -> Value {
    let by_actor = |values: &[f64]| -> Map<String, Value> {
        model.actors.iter().zip(values).map(|(actor, value)| (actor.id.clone(), json!(value))).collect()
    };
    let states: Map<String, Value> =
        model.states.iter().zip(&look.states).map(|(state, value)| (state.id.clone(), json!(value))).collect();
    json!({
        "regime": look.regime.map(crate::model::Regime::word),
        "states": states,
        "disagreement": by_actor(&look.disagreement),
        "continuation": by_actor(&look.continuation),
        "beliefs": look.beliefs,
        "zopa_width": look.zopa_width,
        "n_agreeable": look.n_agreeable,
        "predicted": look.predicted.as_ref().map(|terms| super::moves::terms(model, terms)),
        "agreement_chance": look.agreement_chance,
    })
}
