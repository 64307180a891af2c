//! `detente signs`: does each mechanism move what it should, in the direction that is documented?
//!
//! Every contrast of a table compares two settings of the model replication by replication on the same draws, either on
//! whole negotiations or on one fixed package at the start of the talks. Settings that several contrasts use are played
//! once.

pub mod ask;
pub mod bench;
pub mod coverage;
pub mod futures;
pub mod lines;
pub mod moves;
mod prepare;

pub use prepare::{PrepareError, Prepared, prepare};

use crate::design::Paired;
use crate::design::sign::{Documented, Flip, Verdict, flips};
use crate::run::error::RunError;
use crate::spec::signs::{ContrastSpec, SignTable};
use bench::{Found, Means, measure};

/// Replications and draws unless a table says otherwise.
pub const REPLICATIONS: u64 = 200;
/// Draws for packages unless a table says otherwise.
pub const DRAWS: u64 = 40;
/// Seed unless a table says otherwise.
pub const SEED: u64 = 2025;

/// A line of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Sign {
    /// Index of the contrast in the table.
    pub contrast: usize,
    /// Its id, with the view or the value of the grid.
    pub name: String,
    /// The sign that is documented.
    pub documented: Documented,
    /// The value of the grid.
    pub at: Option<f64>,
    /// The two sides, replication by replication.
    pub paired: Paired,
    /// What is to be said.
    pub verdict: Verdict,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Signs {
    /// The table.
    pub table: SignTable,
    /// Its lines, in order.
    pub lines: Vec<Sign>,
    /// Replications and draws that failed.
    pub failed: u64,
}

impl Signs {
    /// The contrast of a line.
    #[must_use]
    pub fn contrast(&self, line: &Sign) -> &ContrastSpec {
        &self.table.contrasts[line.contrast]
    }

    /// Where the sign of a contrast turns along its grid.
    #[must_use]
    pub fn flips(&self, contrast: usize) -> Vec<Flip> {
        let grid = self.lines.iter().filter(|line| line.contrast == contrast);
        let points: Vec<(f64, Option<f64>)> =
            grid.filter_map(|line| line.at.map(|at| (at, line.paired.mean()))).collect();
        flips(&points)
    }
}

/// Plays what was prepared.
///
/// # Errors
/// When threads cannot be started, or it was told to stop.
pub fn signs(prepared: Prepared, means: &Means<'_>) -> Result<Signs, RunError> {
    let found = measure(&prepared.settings, means)?;
    let line = |(line, asked): (&lines::Line, &Vec<prepare::Asked>)| {
        let paired = pair(line, asked, &found);
        let verdict = Verdict::of(line.documented, paired.mean(), paired.standard_error());
        Sign {
            contrast: line.contrast,
            name: line.name.clone(),
            documented: line.documented,
            at: line.at,
            paired,
            verdict,
        }
    };
    let lines = prepared.lines.iter().zip(&prepared.asked).map(line).collect();
    let failed = found.iter().map(|found| found.failed).sum();
    Ok(Signs { table: prepared.table, lines, failed })
}

/// The two sides of a line, less the same elsewhere; replications in which anything is missing are left out.
fn pair(line: &lines::Line, asked: &[prepare::Asked], found: &[Found]) -> Paired {
    let rows = |at: &prepare::Asked| {
        let found = &found[at.setting];
        if at.of_packages { &found.looks } else { &found.games }
    };
    let mut paired = Paired::default();
    let count = asked.iter().map(|at| rows(at).len()).min().unwrap_or(0);
    for replication in 0..count {
        let (mut low, mut high) = (Some(0.0), Some(0.0));
        for (index, (corner, at)) in line.corners.iter().zip(asked).enumerate() {
            // Corners come in pairs of a low and a high side; the second pair is subtracted.
            let side = if index % 2 == 0 { &mut low } else { &mut high };
            let sign = if (index % 2 == 1) == corner.plus { 1.0 } else { -1.0 };
            *side = side.zip(rows(at)[replication][at.index]).map(|(sum, value)| sum + sign * value);
        }
        if let (Some(low), Some(high)) = (low, high) {
            paired.push(low, high);
        }
    }
    paired
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::problem::Problems;
    use crate::spec::signs::read;
    use crate::spec::tree::FileId;

    #[test]
    fn elsewhere_is_taken_away_and_missing_replications_are_left_out() {
        let text = "[[contrast]]\nid = \"c\"\nmechanism = \"M\"\nkind = \"pattern\"\nscope = \"game\"\nof = \"x\"\ndirection = \"+\"\npath = \"p\"\nlow = 0\nthan = { set = [\"q=1\"] }\n";
        let table = read(FileId(0), text, &mut Problems::default());
        let line = lines::lines(&table, |_| true).remove(0);
        let asked: Vec<prepare::Asked> =
            (0..4).map(|setting| prepare::Asked { setting, of_packages: false, index: 0 }).collect();
        // Here 5 - 1 and 8 - 2, elsewhere 3 - 2 and 4 - 4; the third replication has no high side here.
        let columns = [
            [Some(1.0), Some(2.0), Some(0.0)],
            [Some(5.0), Some(8.0), None],
            [Some(2.0), Some(4.0), Some(0.0)],
            [Some(3.0), Some(4.0), Some(0.0)],
        ];
        let found: Vec<Found> = columns
            .iter()
            .map(|values| Found { games: values.iter().map(|value| vec![*value]).collect(), ..Found::default() })
            .collect();
        let paired = pair(&line, &asked, &found);
        // Differences 4 - 1 = 3 and 6 - 0 = 6.
        assert_eq!((paired.count(), paired.mean()), (2, Some(4.5)));
    }
}
