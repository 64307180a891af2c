//! What the long tables say of each step, added up while they are read.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::design::Histogram;
use crate::engine::observer::ANSWER_PARTS;
use crate::run::error::RunError;
use crate::sink::{FileError, REGIONS, column_name};

/// Bounds of gains, and bins over them.
const GAINS: (f64, f64) = (-3.0, 3.0);
const BINS: usize = 600;

/// A row of `steps.csv`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StepRow {
    /// Point of the design.
    pub point: u64,
    /// Step, from 0.
    pub step: u32,
    /// What was seen or counted.
    pub quantity: String,
    /// `n`, a quantile, a reason, a regime.
    pub statistic: String,
    /// The number.
    pub value: f64,
}

/// Reads `steps.csv`.
///
/// # Errors
/// When it cannot be read.
pub fn steps(path: &Path) -> Result<Vec<StepRow>, RunError> {
    let rows = || -> Result<Vec<StepRow>, csv::Error> { csv::Reader::from_path(path)?.deserialize().collect() };
    rows().map_err(|cause| FileError::on("read", path)(cause.into()).into())
}

/// One step of the talks over all replications that were still talking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableAt {
    /// Months since the start.
    pub month: f64,
    /// Replications.
    pub talking: u64,
    /// Replications in which some package is gained from by all and passes.
    pub agreeable: u64,
    /// Such packages, over all replications.
    pub packages: u64,
    /// Ends of the regions of settlements, by the name of their column ([`REGIONS`]), over the replications that have any.
    pub reach: BTreeMap<String, Histogram>,
}

#[derive(Deserialize)]
struct RoundRow {
    step: usize,
    month: f64,
    n_agreeable: u64,
}

/// Reads `rounds.csv`, step by step.
///
/// # Errors
/// When it cannot be read.
pub fn rounds(path: &Path) -> Result<Vec<TableAt>, RunError> {
    let failed = |cause: csv::Error| RunError::File(FileError::on("read", path)(cause.into()));
    let mut table: Vec<TableAt> = Vec::new();
    let mut reader = csv::Reader::from_path(path).map_err(failed)?;
    let header = reader.headers().map_err(failed)?.clone();
    let ends: Vec<usize> =
        (0..header.len()).filter(|&at| REGIONS.iter().any(|(region, _)| header[at].starts_with(region))).collect();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(failed)? {
        let row: RoundRow = record.deserialize(Some(&header)).map_err(failed)?;
        if table.len() <= row.step {
            table.resize(row.step + 1, TableAt::default());
        }
        let at = &mut table[row.step];
        at.month = row.month;
        at.talking += 1;
        at.agreeable += u64::from(row.n_agreeable > 0);
        at.packages += row.n_agreeable;
        for &end in &ends {
            if let Some(number) = record.get(end).and_then(|cell| cell.parse().ok()) {
                at.reach.entry(header[end].to_owned()).or_insert_with(gains).push(number);
            }
        }
    }
    Ok(table)
}

/// No gains yet.
fn gains() -> Histogram {
    Histogram::new(GAINS.0, GAINS.1, BINS)
}

/// The answers of one actor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Offers it accepted.
    pub yes: u64,
    /// Offers it refused.
    pub no: u64,
    /// Sums over the refusals of the parts of the margin, in the order of [`ANSWER_PARTS`].
    pub parts: [f64; ANSWER_PARTS.len()],
    /// What offers gave it above what it compared them with, by step.
    pub gains: BTreeMap<u32, Gains>,
    /// What offers of a settlement gave it above no deal, by step: those it refused, and those it accepted.
    pub offered: [BTreeMap<u32, Gains>; 2],
}

/// Gains of one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Gains {
    /// Months since the start.
    pub month: f64,
    /// Gains, in points per step.
    pub gains: Histogram,
}

/// What `moves.csv` says of offers and answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MovesSeen {
    /// By actor.
    pub answers: BTreeMap<String, Answers>,
    /// Refusals by kind (`consent`, `vote`), who, and what was refused or voted on.
    pub refusals: BTreeMap<(String, String, String), u64>,
}

#[derive(Deserialize)]
struct MoveRow {
    replication: u64,
    step: u32,
    month: f64,
    kind: String,
    actor: String,
    detail: String,
    yes: Option<u8>,
    value: Option<f64>,
    against: Option<f64>,
}

/// Values of no deal, read beside the moves: both files are in the order of replications and steps.
struct NoDeal {
    path: PathBuf,
    reader: csv::Reader<File>,
    header: csv::StringRecord,
    record: csv::StringRecord,
    at: Option<(u64, u32)>,
}

impl NoDeal {
    fn open(path: &Path) -> Result<Self, RunError> {
        let failed = |cause: csv::Error| RunError::File(FileError::on("read", path)(cause.into()));
        let mut reader = csv::Reader::from_path(path).map_err(failed)?;
        let header = reader.headers().map_err(failed)?.clone();
        Ok(Self { path: path.to_owned(), reader, header, record: csv::StringRecord::new(), at: None })
    }

    /// Z of an actor at a step of a replication; none where the talks had no such step.
    fn of(&mut self, replication: u64, step: u32, actor: &str) -> Result<Option<f64>, RunError> {
        let failed = |cause: csv::Error| RunError::File(FileError::on("read", &self.path)(cause.into()));
        let place = |name: &str| self.header.iter().position(|column| column == name);
        while self.at.is_none_or(|at| at < (replication, step)) {
            if !self.reader.read_record(&mut self.record).map_err(failed)? {
                return Ok(None);
            }
            let cell = |name: &str| place(name).and_then(|at| self.record.get(at));
            let number = cell("replication").and_then(|cell| cell.parse().ok());
            self.at = number.zip(cell("step").and_then(|cell| cell.parse().ok()));
        }
        if self.at != Some((replication, step)) {
            return Ok(None);
        }
        let column = place(&column_name(&format!("z_{actor}")));
        Ok(column.and_then(|at| self.record.get(at)).and_then(|cell| cell.parse().ok()))
    }
}

/// Reads `moves.csv`, move by move, with the values of no deal in `rounds.csv` beside it.
///
/// # Errors
/// When either cannot be read.
pub fn moves(path: &Path, rounds: &Path) -> Result<MovesSeen, RunError> {
    let failed = |cause: csv::Error| RunError::File(FileError::on("read", path)(cause.into()));
    let mut reader = csv::Reader::from_path(path).map_err(failed)?;
    let header = reader.headers().map_err(failed)?.clone();
    let part_at = ANSWER_PARTS.map(|part| header.iter().position(|name| name == format!("part_{part}")));
    let mut seen = MovesSeen::default();
    let mut no_deal = NoDeal::open(rounds)?;
    // Terms of an instrument other than the settlement begin with its name.
    let mut of_settlement = false;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(failed)? {
        let row: MoveRow = record.deserialize(Some(&header)).map_err(failed)?;
        let said_no = row.yes == Some(0);
        match row.kind.as_str() {
            "answer" => {
                let answers = seen.answers.entry(row.actor.clone()).or_default();
                if said_no {
                    answers.no += 1;
                    for (sum, at) in answers.parts.iter_mut().zip(part_at) {
                        let part = at.and_then(|at| record.get(at)).and_then(|cell| cell.parse::<f64>().ok());
                        *sum += part.unwrap_or(0.0);
                    }
                } else {
                    answers.yes += 1;
                }
                answers.note(&row);
                if of_settlement && let Some(z) = no_deal.of(row.replication, row.step, &row.actor)? {
                    answers.note_offer(&row, z);
                }
            }
            "offer" => of_settlement = !row.detail.contains(':'),
            "consent" | "vote" if said_no => {
                *seen.refusals.entry((row.kind, row.actor, row.detail)).or_default() += 1;
            }
            _ => {}
        }
    }
    Ok(seen)
}

impl Answers {
    fn note(&mut self, row: &MoveRow) {
        let (Some(value), Some(against)) = (row.value, row.against) else { return };
        let empty = || Gains { month: row.month, gains: gains() };
        self.gains.entry(row.step).or_insert_with(empty).gains.push(value - against);
    }

    fn note_offer(&mut self, row: &MoveRow, no_deal: f64) {
        let Some(value) = row.value else { return };
        let empty = || Gains { month: row.month, gains: gains() };
        let kind = usize::from(row.yes == Some(1));
        self.offered[kind].entry(row.step).or_insert_with(empty).gains.push(value - no_deal);
    }
}
