//! `detente verify-theory`

use super::args::{Format, Seed};
use super::talk::Talk;
use super::{Failure, out};
use crate::report::grid::{Cell, Grid};
use crate::spec::suggest;
use crate::theory::{Effort, Row, ids, verify};

/// Plays the classics of bargaining and war, and compares with what theory says.
///
/// Each row is a published or computed number and what the engine made of it by playing a model file (`detente models`).
/// Exact rows must agree to 1e-9 or one step of the grid of offers, Monte Carlo rows to 4.5 standard errors; a control is a
/// wrong engine that must be caught. They show that the engine computes what the theories say, not that the theories
/// describe a war.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  detente verify-theory --case T09a --case T14a --reps 200\n")]
pub struct VerifyTheoryArgs {
    /// Only this case, such as T09a (repeatable)
    #[arg(long = "case", value_name = "ID")]
    cases: Vec<String>,

    /// Plays behind each Monte Carlo row; large games take a share of it, as the row says
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    reps: u64,

    /// Seed of the draws, a number or `random`
    #[arg(long, value_name = "S", default_value = "2025", value_parser = Seed::parse)]
    seed: Seed,

    /// How to print the rows
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

pub(super) fn run(args: &VerifyTheoryArgs, talk: Talk) -> Result<(), Failure> {
    let known = ids();
    if let Some(case) = args.cases.iter().find(|case| !known.contains(&case.as_str())) {
        let near = suggest::nearest(case, known.iter().copied());
        let hint = near
            .map_or_else(|| format!("cases: {}", suggest::listing(&known)), |near| format!("did you mean `{near}`?"));
        return Err(Failure::Usage { message: format!("no case `{case}`"), hint: Some(hint) });
    }
    let rows = verify(Effort { replications: args.reps, seed: args.seed.number() }, &args.cases);
    out::print(&args.format.render(&grid(&rows, args.format)))?;
    let bad = rows.iter().filter(|row| !row.verdict().is_good()).count();
    if bad > 0 {
        return Err(Failure::Unlike { rows: bad });
    }
    talk.note(&format!("{} rows, all as they should be", rows.len()));
    Ok(())
}

/// The rows; sources are too long for files that programs read by column.
fn grid(rows: &[Row], format: Format) -> Grid {
    let sourced = format != Format::Csv;
    let columns = ["case", "source", "row", "class", "expected", "obtained", "error", "tolerance", "verdict"];
    let shown: Vec<&str> = columns.into_iter().filter(|&column| sourced || column != "source").collect();
    let mut grid = Grid::new(&shown);
    for row in rows {
        let mut cells = vec![Cell::text(row.case)];
        if sourced {
            cells.push(Cell::text(row.source));
        }
        cells.extend([
            Cell::text(row.row.as_str()),
            Cell::text(row.class.word()),
            Cell::number(row.expected, 6),
            Cell::number(row.obtained, 6),
            Cell::number(row.error(), 12),
            Cell::number(row.tolerance, 12),
            Cell::text(row.verdict().word()),
        ]);
        grid.push(cells);
    }
    grid
}
