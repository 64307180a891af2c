//! `detente verify DIR`

use std::path::PathBuf;

use super::talk::Talk;
use super::{Failure, out};
use crate::run;
use crate::run::lab::silence_workers;
use crate::source::fingerprint;

/// Looks whether a run directory is what its manifest says.
///
/// Compares every file with its checksum and looks whether every replication has its row. With --recompute, rows are
/// played again from the inputs that the directory keeps, and compared.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  detente run fearon --reps 50 --out checked\n\nThen `detente verify checked --recompute 5` plays five of its rows again.\n"
)]
pub struct VerifyArgs {
    /// The run directory
    #[arg(value_name = "DIR")]
    dir: PathBuf,

    /// How many rows to play again
    #[arg(long, value_name = "N", default_value_t = 0)]
    recompute: u64,
}

pub(super) fn run(args: &VerifyArgs, talk: Talk) -> Result<(), Failure> {
    silence_workers();
    let print = fingerprint::numeric(super::new::START);
    let verdict = run::verify(&args.dir, args.recompute, &print).map_err(Failure::Run)?;
    for fault in &verdict.faults {
        talk.fail(fault, None);
    }
    let run::Verdict { files, rows, recomputed, .. } = verdict;
    out::print(&format!(
        "{files} files as they were written, {rows} rows in order, {recomputed} played again alike\n"
    ))?;
    match verdict.faults.len() as u64 {
        0 => Ok(()),
        faults => Err(Failure::Unsound { faults }),
    }
}
