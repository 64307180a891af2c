//! Layer 6: the command line. What was typed becomes settings; results go to standard output, talk to standard error.

mod appraise;
mod args;
mod batch;
mod check;
mod compare;
mod completions;
mod coverage;
mod describe;
mod explain;
mod failure;
mod import;
mod launch;
mod man;
mod merge;
mod models;
mod new;
mod out;
mod pool;
mod problems;
mod progress;
mod report;
mod run;
mod scenarios;
mod signals;
mod signs;
mod sweep;
mod talk;
mod trace;
mod verify;
mod verify_theory;
mod what_if;

pub use args::{Args, Command};
pub use failure::Failure;

use std::process::ExitCode;

use clap::Parser;

use talk::Talk;

/// Reads the arguments, does what they say and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return answer_of_the_parser(&error),
    };
    let talk = Talk::new(args.quiet, args.color);
    match dispatch(&args.command, talk) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report(talk);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(command: &Command, talk: Talk) -> Result<(), Failure> {
    match command {
        Command::Run(args) => run::run(args, talk),
        Command::Sweep(args) => sweep::run(args, talk),
        Command::Plan(args) => sweep::plan(args, talk),
        Command::Compare(args) => compare::run(args, talk),
        Command::Report(args) => report::run(args, talk),
        Command::Merge(args) => merge::run(args, talk),
        Command::Verify(args) => verify::run(args, talk),
        Command::Batch(args) => batch::run(args, talk),
        Command::Check(args) => check::run(args, talk),
        Command::Trace(args) => trace::run(args, talk),
        Command::Appraise(args) => appraise::run(args, talk),
        Command::Describe(args) => describe::run(args, talk),
        Command::Models(args) => models::run(args),
        Command::Scenarios(args) => scenarios::run(args, talk),
        Command::Signs(args) => signs::run(args, talk),
        Command::Pool(args) => pool::run(args, talk),
        Command::VerifyTheory(args) => verify_theory::run(args, talk),
        Command::New(args) => new::run(args, talk),
        Command::Import(args) => import::run(args, talk),
        Command::Explain(args) => explain::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}

/// Help and version are data on standard output; a usage error is talk on standard error.
fn answer_of_the_parser(error: &clap::Error) -> ExitCode {
    match error.print() {
        Err(cause) if !error.use_stderr() && cause.kind() != std::io::ErrorKind::BrokenPipe => {
            let failure = Failure::Stdout(cause);
            failure.report(Talk { quiet: false, color: false });
            ExitCode::from(failure.exit_code())
        }
        _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
    }
}
