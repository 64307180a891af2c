//! `rounds.csv`: one row a replication and step of the talks.

use crate::design::plan::Job;
use crate::engine::observer::{DISAGREEMENT_PARTS, StepView};
use crate::model::{Model, Role, Types};

use super::cell::Rows;
use super::column::{Column, Draft, name_all, span};
use super::words;

/// Regions of settlements, by the columns that have the ends of each.
pub const REGIONS: [(&str, &str); 2] = [
    ("ratified", "whose ratification is forecast"),
    ("win_set", "that all are expected to gain from, forecast to be ratified and consented to"),
];

/// Writes the rows of `rounds.csv` of one model.
#[derive(Clone, Debug)]
pub struct Rounds {
    /// Positions of the beliefs that are written, in [`StepView::beliefs`].
    beliefs: Vec<usize>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

impl Rounds {
    /// The table of a model.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let mut drafts = vec![
            Draft::integer("point", "point of the design"),
            Draft::integer("replication", "replication, counted from 0"),
            Draft::integer("step", "step, from 0").unit("steps"),
            Draft::months("month", "months since the start"),
        ];
        for (i, state) in model.states.iter().enumerate() {
            drafts.push(
                Draft::number(format!("state_{}", state.id), format!("state {}", state.id))
                    .unit(words::state_unit(model, i))
                    .range(span(state.low, state.high)),
            );
        }
        for derived in &model.derived {
            drafts.push(
                Draft::number(format!("derived_{}", derived.id), format!("derived value {}", derived.id))
                    .unit(words::derived_unit(model, &derived.id))
                    .range(span(derived.low, derived.high)),
            );
        }
        for actor in &model.actors {
            let id = &actor.id;
            drafts.push(Draft::payoff(format!("z_{id}"), format!("value of disagreement of {id} at its true type")));
            for part in DISAGREEMENT_PARTS {
                drafts.push(Draft::payoff(format!("z_{id}_{part}"), format!("summand {part} of z_{id}")));
            }
        }
        for actor in &model.actors {
            let id = &actor.id;
            drafts.push(Draft::payoff(format!("c_{id}"), format!("continuation value of {id} at its true type")));
        }
        drafts.push(Draft::payoff("zopa_width", "widest zone of agreement now: largest least gain, signed"));
        drafts.push(Draft::integer("n_agreeable", "packages all gain from and that pass").unit("packages"));
        for actor in model.actors.iter().filter(|actor| actor.role == Role::Signatory) {
            let id = &actor.id;
            for (region, what) in REGIONS {
                for (end, which) in [("low", "least"), ("high", "greatest")] {
                    let meaning =
                        format!("{which} gain of {id} over no deal at its true type among settlements {what}");
                    drafts.push(Draft::payoff(format!("{region}_{end}_{id}"), meaning));
                }
            }
        }
        drafts.push(Draft::text("predicted", "predicted deal: issue=option, separated by semicolons"));
        drafts.push(Draft::probability("agreement_chance", "forecast chance of agreement in a step"));
        let (beliefs, columns) = beliefs(model);
        drafts.extend(columns);
        Self { beliefs, columns: name_all(drafts) }
    }

    /// Writes the row of one step.
    pub fn write(&self, model: &Model, job: Job, view: &StepView<'_>, rows: &mut Rows) {
        rows.integer(job.point);
        rows.integer(job.replication);
        rows.integer(view.step.into());
        rows.number(view.month);
        for value in view.states.iter().chain(view.derived) {
            rows.number(*value);
        }
        for (value, parts) in view.disagreement.iter().zip(view.parts) {
            rows.number(*value);
            for part in parts {
                rows.number(*part);
            }
        }
        for value in view.continuation {
            rows.number(*value);
        }
        rows.number(view.zopa_width);
        rows.integer(view.n_agreeable.into());
        for (actor, reach) in model.actors.iter().zip(view.reach) {
            if actor.role == Role::Signatory {
                for ends in [reach.ratified, reach.win_set] {
                    rows.maybe(ends.map(|(low, _)| low));
                    rows.maybe(ends.map(|(_, high)| high));
                }
            }
        }
        match view.predicted {
            Some(deal) => rows.text(&words::deal(model, deal)),
            None => rows.missing(),
        }
        rows.number(view.agreement_chance);
        for i in &self.beliefs {
            rows.number(view.beliefs[*i]);
        }
        rows.end();
    }
}

/// Beliefs about actors with several named types. Every actor takes one place a type; a continuous type takes one.
fn beliefs(model: &Model) -> (Vec<usize>, Vec<Draft>) {
    let mut next = 0;
    let mut positions = Vec::new();
    let mut drafts = Vec::new();
    for actor in &model.actors {
        let Types::Named(list) = &actor.types else {
            next += 1;
            continue;
        };
        if list.len() > 1 {
            for (i, named) in list.iter().enumerate() {
                let meaning = format!("public belief that {} is of type {}", actor.id, named.id);
                drafts.push(Draft::probability(format!("belief_{}_{}", actor.id, named.id), meaning));
                positions.push(next + i);
            }
        }
        next += list.len();
    }
    (positions, drafts)
}
