//! `agreements.csv`: one row an instrument signed.

use crate::design::plan::Job;
use crate::engine::record::{EndedBy, Record};
use crate::model::{Instrument, Model};

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
        Draft::text("ended_by", "what ended it; missing while in force").one_of(EndedBy::ALL.map(EndedBy::word)),
        Draft::boolean("signed_by_misjudgement", "whether a signatory would not have signed without its misjudgement"),
    ])
}

/// Writes the rows of everything that was signed or supplied.
pub fn write(model: &Model, job: Job, record: &Record, rows: &mut Rows) {
    let issues = model.issues.len();
    for (index, agreement) in record.agreements.iter().enumerate() {
        let instrument = &model.instruments[usize::from(agreement.instrument)];
        rows.integer(job.point);
        rows.integer(job.replication);
        rows.integer(agreement.step.into());
        rows.text(&instrument.id);
        rows.text(&parties(model, instrument));
        rows.text(&words::terms(model, &record.agreement_terms[index * issues..(index + 1) * issues]));
        rows.maybe(agreement.ended_step.map(f64::from));
        rows.text(agreement.ended_by.map_or("", EndedBy::word));
        rows.flag(agreement.misjudged);
        rows.end();
    }
}

fn parties(model: &Model, instrument: &Instrument) -> String {
    let providers = instrument.providers.iter().map(|&at| &model.deliverers[usize::from(at)]);
    let bodies = providers.map(|provider| words::party(model, provider.who));
    let actors = instrument.parties.iter().map(|actor| model.actors[actor.index()].id.as_str());
    bodies.chain(actors).collect::<Vec<_>>().join(";")
}
