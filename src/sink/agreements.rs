//! `agreements.csv`: one row an instrument signed.

use crate::design::plan::Job;
use crate::engine::record::Record;
use crate::model::{Model, Role};

use super::cell::Rows;
use super::column::{Column, Draft, name_all};
use super::words;

/// Columns of the table.
#[must_use]
pub fn columns() -> Vec<Column> {
    name_all([
        Draft::integer("point", "point of the design"),
        Draft::integer("replication", "replication, counted from 0"),
        Draft::integer("step", "step of the signature, from 0").unit("steps"),
        Draft::text("instrument", "what was signed"),
        Draft::text("parties", "who signed, separated by semicolons"),
        Draft::text("terms", "issue=option, separated by semicolons"),
        Draft::integer("ended_step", "step in which it ended; missing while in force").unit("steps"),
        Draft::text("ended_by", "what ended it; missing while in force").one_of(["attack"]),
        Draft::boolean("signed_by_misjudgement", "whether a signatory would not have signed without its misjudgement"),
    ])
}

/// Writes the row of the settlement, if one was signed.
pub fn write(model: &Model, job: Job, record: &Record, rows: &mut Rows) {
    let Some(settlement) = &record.settlement else { return };
    rows.integer(job.point);
    rows.integer(job.replication);
    rows.integer(settlement.step.into());
    rows.text(model.spec.instruments.first().map_or("settlement", |(name, _)| name.text.as_str()));
    let signatories = model.actors.iter().filter(|a| a.role == Role::Signatory);
    rows.text(&signatories.map(|a| a.id.as_str()).collect::<Vec<_>>().join(";"));
    rows.text(&words::terms(model, &settlement.terms));
    let attacked = settlement.attack_month.filter(|_| settlement.attacked);
    rows.maybe(attacked.map(|months| f64::from(settlement.step) + (months / model.clock.months_per_step).round()));
    rows.text(if attacked.is_some() { "attack" } else { "" });
    rows.flag(settlement.signed_by_misjudgement);
    rows.end();
}
