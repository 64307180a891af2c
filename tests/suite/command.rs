//! The program, run in a directory of its own.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    /// Exit code; none after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Answer {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The same, if the exit code is `code` and nothing panicked.
    #[track_caller]
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

/// The command with these arguments, in `directory`, without colour or terminal.
pub fn command(directory: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.args(args).current_dir(directory).stdin(Stdio::null()).env_remove("NO_COLOR").env("COLUMNS", "100");
    command
}

/// Runs it in `directory`.
pub fn detente_in(directory: &Path, args: &[&str]) -> Answer {
    Answer::of(command(directory, args).output().unwrap())
}

/// Runs it in an empty directory.
pub fn detente(args: &[&str]) -> Answer {
    detente_in(tempfile::tempdir().unwrap().path(), args)
}
