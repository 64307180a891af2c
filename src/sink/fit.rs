//! Whether a record can be written: the last line of defence against a wrong number in a result file.

use crate::engine::record::Record;
use crate::model::{Model, Types};

/// What is wrong with a record: a vector of another length than the model's, an index the model does not have, a value,
/// cost or state that is not a finite number. None if nothing is.
#[must_use]
pub fn misfit(model: &Model, record: &Record) -> Option<String> {
    let actors = model.actors.len();
    let private = model.actors.iter().filter(|a| matches!(a.types, Types::Continuous { .. })).count();
    let lengths = [
        ("terms", record.terms.len(), model.issues.len()),
        ("utility", record.utility.len(), actors),
        ("cost", record.cost.len(), actors),
        ("regret", record.regret.len(), actors),
        ("best_refused", record.best_refused.len(), actors),
        ("end_state", record.end_state.len(), model.states.len()),
        ("lever_uses", record.lever_uses.len(), model.levers.len()),
        ("transitions", record.transitions.len(), model.transitions.len()),
        ("refusals", record.refusals.len(), actors),
        ("extra", record.extra.len(), model.outcome_columns.len()),
        ("draws", record.draws.len(), model.scalars.len()),
        ("types", record.types.len(), actors),
        ("settled terms", record.settlement.as_ref().map_or(model.issues.len(), |s| s.terms.len()), model.issues.len()),
    ];
    if let Some((what, found, wanted)) = lengths.into_iter().find(|(_, found, wanted)| found != wanted) {
        return Some(format!("the record has {found} of {what}, the model {wanted}"));
    }
    if record.private.len() < private {
        return Some(format!("the record has {} of private, the model {private}", record.private.len()));
    }
    if record.outcome.index() >= model.outcomes.len() {
        return Some(format!("the record has outcome {}, the model {}", record.outcome.index(), model.outcomes.len()));
    }
    stray_option(model, record).or_else(|| stray_number(model, record))
}

fn stray_option(model: &Model, record: &Record) -> Option<String> {
    let signed = record.settlement.iter().flat_map(|s| s.terms.iter().enumerate());
    let mut chosen = record.terms.iter().enumerate().chain(signed);
    let (issue, option) = chosen.find(|(issue, option)| usize::from(**option) >= model.issues[*issue].options.len())?;
    Some(format!("{} has no option {option}", model.issues[issue].id))
}

fn stray_number(model: &Model, record: &Record) -> Option<String> {
    let actors = || model.actors.iter().map(|a| a.id.as_str());
    let utility = actors().zip(&record.utility).map(|(id, value)| ("value", id, *value));
    let cost = actors().zip(&record.cost).map(|(id, value)| ("cost", id, *value));
    let state = model.states.iter().zip(&record.end_state).map(|(s, value)| ("state", s.id.as_str(), *value));
    let forecast = record.settlement.iter().map(|s| ("forecast", "attack", s.attack_prob));
    let mut all = utility.chain(cost).chain(state).chain(forecast);
    let (what, id, value) = all.find(|(_, _, value)| !value.is_finite())?;
    Some(format!("the {what} {id} is {value}, not a finite number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::fixture;

    #[test]
    fn a_record_of_the_model_fits() {
        let model = fixture::model();
        assert!((0..20).all(|i| misfit(&model, &fixture::record(i)).is_none()));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let model = fixture::model();
        let with = |change: fn(&mut Record)| {
            let mut record = fixture::record(1);
            change(&mut record);
            misfit(&model, &record).expect("it does not fit")
        };
        assert_eq!(with(|r| r.utility[1] = f64::NAN), "the value UA is NaN, not a finite number");
        assert_eq!(with(|r| r.end_state[0] = f64::INFINITY), "the state front is inf, not a finite number");
        assert_eq!(with(|r| r.cost.truncate(2)), "the record has 2 of cost, the model 3");
        assert_eq!(with(|r| r.terms[0] = 2), "line has no option 2");
        assert_eq!(with(|r| r.outcome = crate::id::OutcomeId(3)), "the record has outcome 3, the model 3");
    }
}
