//! `draws.csv`: the value each uncertain parameter took.

use crate::design::plan::Job;
use crate::engine::record::Record;
use crate::model::{Model, ScalarSource, Types};

use super::cell::Rows;
use super::column::{Column, Draft, name_all, span, unit_of};

/// Writes the rows of `draws.csv` of one model: drawn scalars in order of evaluation, then private parameters.
#[derive(Clone, Debug)]
pub struct Draws {
    /// Positions of the scalars; none of one that this model does not draw.
    scalars: Vec<Option<usize>>,
    private: Vec<Option<usize>>,
    /// Their paths.
    paths: (Vec<String>, Vec<String>),
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

impl Draws {
    /// The table of a model.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let drawn = |i: &usize| matches!(model.scalars[*i].source, ScalarSource::Drawn(_));
        let scalars: Vec<usize> = (0..model.scalars.len()).filter(drawn).collect();
        let mut drafts = vec![
            Draft::integer("point", "point of the design"),
            Draft::integer("replication", "replication, counted from 0"),
        ];
        for i in &scalars {
            let scalar = &model.scalars[*i];
            let draft = Draft::number(scalar.path.clone(), format!("drawn value of {}", scalar.path));
            drafts.push(draft.unit(unit_of(scalar.kind)).range(span(scalar.low, scalar.high)));
        }
        let mut private: Vec<(usize, &str)> = model
            .actors
            .iter()
            .filter_map(|a| match &a.types {
                Types::Continuous { path, slot, .. } => Some(((slot - model.layout.private) as usize, path.as_str())),
                Types::Named(_) => None,
            })
            .collect();
        private.sort_unstable();
        for (_, path) in &private {
            drafts.push(Draft::number(*path, format!("drawn value of {path}, known to its owner only")));
        }
        Self {
            paths: (
                scalars.iter().map(|&i| model.scalars[i].path.clone()).collect(),
                private.iter().map(|(_, path)| (*path).to_owned()).collect(),
            ),
            scalars: scalars.into_iter().map(Some).collect(),
            private: private.into_iter().map(|(i, _)| Some(i)).collect(),
            columns: name_all(drafts),
        }
    }

    /// The same columns, filled from another model: a column that it does not draw is missing, and what it draws besides is
    /// not told.
    #[must_use]
    pub fn of_other(&self, model: &Model) -> Self {
        let own = Self::new(model);
        let find = |paths: &[String], list: &[Option<usize>], path: &String| {
            paths.iter().position(|own| own == path).and_then(|at| list[at])
        };
        Self {
            scalars: self.paths.0.iter().map(|path| find(&own.paths.0, &own.scalars, path)).collect(),
            private: self.paths.1.iter().map(|path| find(&own.paths.1, &own.private, path)).collect(),
            paths: self.paths.clone(),
            columns: self.columns.clone(),
        }
    }

    /// Writes the row of one job.
    pub fn write(&self, job: Job, record: &Record, rows: &mut Rows) {
        rows.integer(job.point);
        rows.integer(job.replication);
        for i in &self.scalars {
            rows.maybe(i.map(|i| record.draws[i]));
        }
        for i in &self.private {
            rows.maybe(i.map(|i| record.private[i]));
        }
        rows.end();
    }
}
