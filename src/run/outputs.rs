//! The result files of a run while they grow.

use std::collections::BTreeMap;
use std::path::Path;

use crate::sink::{Block, Column, FileEntry, FileError, PartFile, SummaryRow, Tables, header, table_file as file};

use super::chunk::Chunk;

/// Every result file that a run may write, for clearing what an unfinished one left.
pub(super) const ALL: [&str; 11] = [
    file::OUTCOMES,
    file::AGREEMENTS,
    file::STEPS,
    file::ROUNDS,
    file::MOVES,
    file::FAILURES,
    file::DRAWS,
    file::SUMMARY,
    file::CODEBOOK,
    file::DESIGN,
    file::POOL,
];

/// Tables that grow with the chunks, opened before work starts.
pub(super) struct Outputs {
    outcomes: PartFile,
    agreements: PartFile,
    draws: PartFile,
    rounds: Option<PartFile>,
    moves: Option<PartFile>,
    /// Created by the first failure.
    failures: Option<PartFile>,
}

/// Rows that are known only when all jobs are done.
pub(super) struct Last {
    pub steps: Block,
    pub summary: Vec<SummaryRow>,
    pub points: u64,
}

impl Outputs {
    pub fn create(dir: &Path, tables: &Tables) -> Result<Self, FileError> {
        Ok(Self {
            outcomes: table(dir, file::OUTCOMES, &tables.outcomes.columns)?,
            agreements: table(dir, file::AGREEMENTS, &tables.agreements)?,
            draws: table(dir, file::DRAWS, &tables.draws.columns)?,
            rounds: tables.rounds.as_ref().map(|r| table(dir, file::ROUNDS, &r.columns)).transpose()?,
            moves: tables.moves.as_ref().map(|m| table(dir, file::MOVES, m)).transpose()?,
            failures: None,
        })
    }

    /// Appends the rows of the next chunk.
    pub fn append(&mut self, dir: &Path, tables: &Tables, chunk: &Chunk) -> Result<(), FileError> {
        self.outcomes.append(&chunk.outcomes)?;
        self.agreements.append(&chunk.agreements)?;
        self.draws.append(&chunk.draws)?;
        if let Some(rounds) = &mut self.rounds {
            rounds.append(&chunk.rounds)?;
        }
        if let Some(moves) = &mut self.moves {
            moves.append(&chunk.moves)?;
        }
        if chunk.failures.rows > 0 {
            let failures = match &mut self.failures {
                Some(failures) => failures,
                none => none.insert(table(dir, file::FAILURES, &tables.failures)?),
            };
            failures.append(&chunk.failures)?;
        }
        Ok(())
    }

    /// Writes the last tables, brings all to the disk, and only then gives any its final name.
    pub fn finish(self, dir: &Path, tables: &Tables, last: &Last) -> Result<BTreeMap<String, FileEntry>, FileError> {
        let mut steps = table(dir, file::STEPS, &tables.steps.columns)?;
        steps.append(&last.steps)?;
        let mut summary = table(dir, file::SUMMARY, &tables.summary)?;
        summary.append(&summary_rows(&last.summary))?;
        let mut codebook = table(dir, file::CODEBOOK, &tables.codebook)?;
        codebook.append(&tables.codebook_rows(self.failures.is_some()))?;
        let mut design = table(dir, file::DESIGN, &tables.design)?;
        for point in 0..last.points {
            design.append(&Block { bytes: format!("{point}\n").into_bytes(), rows: 1 })?;
        }
        let mut list = vec![
            (file::OUTCOMES, self.outcomes),
            (file::AGREEMENTS, self.agreements),
            (file::DRAWS, self.draws),
            (file::STEPS, steps),
            (file::SUMMARY, summary),
            (file::CODEBOOK, codebook),
            (file::DESIGN, design),
        ];
        let optional = [(file::ROUNDS, self.rounds), (file::MOVES, self.moves), (file::FAILURES, self.failures)];
        list.extend(optional.into_iter().filter_map(|(name, part)| part.map(|part| (name, part))));
        for (_, part) in &mut list {
            part.sync()?;
        }
        list.into_iter().map(|(name, part)| Ok((name.to_owned(), part.finish(true)?))).collect()
    }
}

fn table(dir: &Path, name: &str, columns: &[Column]) -> Result<PartFile, FileError> {
    let mut part = PartFile::create(dir, name)?;
    part.write(&header(columns).bytes)?;
    Ok(part)
}

fn summary_rows(list: &[SummaryRow]) -> Block {
    let mut rows = crate::sink::Rows::new();
    for row in list {
        row.write(&mut rows);
    }
    rows.finish()
}
