//! `detente compare`: what differs between two runs or two points, replication by replication.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::error::RunError;
use super::manifest::Manifest;
use crate::design::Paired;
use crate::sink::{FileError, table_file};

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Run directory.
    pub path: PathBuf,
    /// Point of its design.
    pub point: u64,
}

/// What was compared.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Differences `second - first` by quantity, in the order of the columns; outcomes first, as shares.
    pub differences: Vec<(String, Paired)>,
    /// Replications that both have.
    pub pairs: u64,
    /// Replications among them that failed on a side.
    pub failed: u64,
    /// Whether every pair shares its random draws.
    pub shared: bool,
}

/// The rows of one point of `outcomes.csv`.
struct RowsOf {
    reader: csv::Reader<File>,
    path: PathBuf,
    columns: Vec<String>,
    point: String,
}

impl RowsOf {
    fn open(side: &Side) -> Result<Self, RunError> {
        let manifest = Manifest::read(&side.path)?.ok_or_else(|| RunError::NoRun { path: side.path.clone() })?;
        if side.point >= manifest.run.points {
            let reason = format!("it has {} points, not point {}", manifest.run.points, side.point);
            return Err(RunError::Unfit { path: side.path.clone(), reason });
        }
        let path = side.path.join(table_file::OUTCOMES);
        let mut reader = csv::Reader::from_path(&path).map_err(|cause| FileError::on("read", &path)(cause.into()))?;
        let columns = reader.headers().map_err(|cause| FileError::on("read", &path)(cause.into()))?;
        let columns = columns.iter().map(str::to_owned).collect();
        Ok(Self { reader, path, columns, point: side.point.to_string() })
    }

    fn next(&mut self) -> Result<Option<csv::StringRecord>, RunError> {
        let mut record = csv::StringRecord::new();
        loop {
            let more = self.reader.read_record(&mut record);
            let more = more.map_err(|cause| FileError::on("read", &self.path)(cause.into()))?;
            if !more {
                return Ok(None);
            }
            if record.get(0) == Some(&self.point) {
                return Ok(Some(record));
            }
        }
    }
}

/// Compares two sides. Columns that only one of them has are left out.
///
/// # Errors
/// When a side holds no run or cannot be read.
pub fn compare(first: &Side, second: &Side) -> Result<Comparison, RunError> {
    let (mut a, mut b) = (RowsOf::open(first)?, RowsOf::open(second)?);
    let place = |columns: &[String], name: &str| columns.iter().position(|column| column == name);
    let numbers = numeric_columns(&first.path)?;
    let both: Vec<(String, usize, usize)> = numbers
        .into_iter()
        .filter_map(|name| Some((name.clone(), place(&a.columns, &name)?, place(&b.columns, &name)?)))
        .collect();
    let fixed = |columns: &[String]| ["seed", "status", "outcome"].map(|name| place(columns, name).unwrap_or(0));
    let ([seed_a, status_a, outcome_a], [seed_b, status_b, outcome_b]) = (fixed(&a.columns), fixed(&b.columns));
    let mut outcomes: BTreeMap<String, Paired> = BTreeMap::new();
    let mut rest: Vec<(String, Paired)> = both.iter().map(|(name, ..)| (name.clone(), Paired::default())).collect();
    let mut agreement = Paired::default();
    let (mut pairs, mut failed, mut shared) = (0, 0, true);
    let month = place(&a.columns, "agreement_month").zip(place(&b.columns, "agreement_month"));
    while let (Some(one), Some(two)) = (a.next()?, b.next()?) {
        pairs += 1;
        shared &= one.get(seed_a) == two.get(seed_b);
        if one.get(status_a) != Some("ok") || two.get(status_b) != Some("ok") {
            failed += 1;
            continue;
        }
        let (from, to) = (one.get(outcome_a).unwrap_or(""), two.get(outcome_b).unwrap_or(""));
        for name in [from, to] {
            if !outcomes.contains_key(name) {
                // It has not happened on either side so far.
                let mut paired = Paired::default();
                (0..pairs - failed - 1).for_each(|_| paired.push(0.0, 0.0));
                outcomes.insert(name.to_owned(), paired);
            }
        }
        let flag = |is: bool| f64::from(u8::from(is));
        for (name, paired) in &mut outcomes {
            paired.push(flag(name == from), flag(name == to));
        }
        if let Some((at, other)) = month {
            let signed = |row: &csv::StringRecord, at| flag(row.get(at).is_some_and(|cell| !cell.is_empty()));
            agreement.push(signed(&one, at), signed(&two, other));
        }
        for ((_, paired), (_, at, other)) in rest.iter_mut().zip(&both) {
            let number = |row: &csv::StringRecord, at: usize| row.get(at).and_then(|cell| cell.parse::<f64>().ok());
            if let (Some(x), Some(y)) = (number(&one, *at), number(&two, *other)) {
                paired.push(x, y);
            }
        }
    }
    let mut differences: Vec<(String, Paired)> =
        outcomes.into_iter().map(|(name, paired)| (format!("outcome_{name}"), paired)).collect();
    differences.push(("agreement".to_owned(), agreement));
    differences.append(&mut rest);
    differences.retain(|(_, paired)| paired.count() > 0);
    Ok(Comparison { differences, pairs, failed, shared })
}

/// Names of the numeric columns of `outcomes.csv` after `status`, from the codebook.
fn numeric_columns(path: &Path) -> Result<Vec<String>, RunError> {
    let path = path.join(table_file::CODEBOOK);
    let fault = |cause: csv::Error| FileError::on("read", &path)(cause.into());
    let mut reader = csv::Reader::from_path(&path).map_err(fault)?;
    let mut names = Vec::new();
    let mut begun = false;
    for record in reader.records() {
        let record = record.map_err(fault)?;
        if record.get(0) != Some("outcomes") {
            continue;
        }
        if begun && record.get(2) != Some("text") {
            names.extend(record.get(1).map(str::to_owned));
        }
        begun |= record.get(1) == Some("status");
    }
    Ok(names)
}
