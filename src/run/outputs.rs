//! The tables of a run while they grow.

use std::collections::BTreeMap;
use std::path::Path;

use crate::sink::{
    Block, Column, Disk, FileEntry, FileError, PartFile, SummaryRow, Tables, header, table_file as file,
};

use super::control::Play;
use super::dir::RunDir;
use super::execute::Task;
use super::part::Blocks;

/// The tables of a run while they grow.
pub(super) struct Outputs {
    disk: Disk,
    dir: std::path::PathBuf,
    outcomes: PartFile,
    agreements: PartFile,
    draws: PartFile,
    pub(super) steps: PartFile,
    rounds: Option<PartFile>,
    moves: Option<PartFile>,
    /// Created by the first failure.
    failures: Option<PartFile>,
}

impl Outputs {
    pub(super) fn create(dir: &RunDir, tables: &Tables) -> Result<Self, FileError> {
        let disk = dir.disk().clone();
        let dir = dir.path().to_owned();
        let new = |name: &str, columns: &[Column]| table(&disk, &dir, name, columns);
        Ok(Self {
            outcomes: new(file::OUTCOMES, &tables.outcomes.columns)?,
            agreements: new(file::AGREEMENTS, &tables.agreements)?,
            draws: new(file::DRAWS, &tables.draws.columns)?,
            steps: new(file::STEPS, &tables.steps.columns)?,
            rounds: tables.rounds.as_ref().map(|r| new(file::ROUNDS, &r.columns)).transpose()?,
            moves: tables.moves.as_ref().map(|m| new(file::MOVES, m)).transpose()?,
            failures: None,
            disk,
            dir,
        })
    }

    /// Appends the rows of the next part.
    pub(super) fn append(&mut self, tables: &Tables, blocks: &Blocks) -> Result<(), FileError> {
        let [outcomes, agreements, draws, rounds, moves, failures, _] = &blocks.0;
        self.outcomes.append(outcomes)?;
        self.agreements.append(agreements)?;
        self.draws.append(draws)?;
        if let Some(table) = &mut self.rounds {
            table.append(rounds)?;
        }
        if let Some(table) = &mut self.moves {
            table.append(moves)?;
        }
        if failures.rows > 0 {
            let own = match &mut self.failures {
                Some(own) => own,
                none => none.insert(table(&self.disk, &self.dir, file::FAILURES, &tables.failures)?),
            };
            own.append(failures)?;
        }
        Ok(())
    }

    /// Writes the last tables, brings all to the disk, and only then gives any its final name.
    pub(super) fn finish<P: Play>(
        self,
        dir: &RunDir,
        task: &Task<'_, P>,
        tables: &Tables,
        list: &[SummaryRow],
    ) -> Result<BTreeMap<String, FileEntry>, FileError> {
        let new = |name: &str, columns: &[Column]| table(dir.disk(), dir.path(), name, columns);
        let mut summary = new(file::SUMMARY, &tables.summary)?;
        summary.append(&summary_rows(list))?;
        let mut codebook = new(file::CODEBOOK, &tables.codebook)?;
        codebook.append(&tables.codebook_rows(self.failures.is_some()))?;
        let mut design = new(file::DESIGN, &tables.design)?;
        let mut values = Vec::new();
        for point in 0..task.plan.points {
            task.design.point(point, &mut values);
            design.append(&Tables::design_row(&task.design.factors, point, &values))?;
        }
        let mut all = vec![
            (file::OUTCOMES, self.outcomes),
            (file::AGREEMENTS, self.agreements),
            (file::DRAWS, self.draws),
            (file::STEPS, self.steps),
            (file::SUMMARY, summary),
            (file::CODEBOOK, codebook),
            (file::DESIGN, design),
        ];
        let optional = [(file::ROUNDS, self.rounds), (file::MOVES, self.moves), (file::FAILURES, self.failures)];
        all.extend(optional.into_iter().filter_map(|(name, part)| part.map(|part| (name, part))));
        for (_, part) in &mut all {
            part.sync()?;
        }
        all.into_iter().map(|(name, part)| Ok((name.to_owned(), part.finish(true)?))).collect()
    }
}

fn table(disk: &Disk, dir: &Path, name: &str, columns: &[Column]) -> Result<PartFile, FileError> {
    let mut part = PartFile::create_on(disk, dir, name)?;
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
