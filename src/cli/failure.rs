//! Why a command did not do what it was asked, and the exit code each reason has.

use std::path::PathBuf;

use super::problems::{Renderer, counted};
use super::signals::{INTERRUPTED, TERMINATED};
use super::talk::Talk;
use crate::run::RunError;
use crate::run::experiment::ExperimentError;
use crate::source::genius::GeniusError;
use crate::source::{FileError, LoadError, Rejected};
use crate::spec::problem::Severity;

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// Whoever read standard output has gone; nobody is left to be told.
    ClosedPipe,
    /// Standard output cannot be written.
    Stdout(std::io::Error),
    /// The system refuses to report interrupts.
    Signals(std::io::Error),
    /// The arguments do not make sense.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A model cannot be loaded.
    Load(LoadError),
    /// A file is in the way.
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A domain or profile of another program cannot be read.
    Genius(GeniusError),
    /// A file cannot be read or written.
    File(FileError),
    /// An experiment cannot be prepared.
    Experiment(ExperimentError),
    /// Checks of a run that failed.
    Unsound {
        /// How many.
        faults: u64,
    },
    /// A run did not finish.
    Run(RunError),
    /// A run was stopped by a signal.
    Stopped {
        /// How far it came.
        error: RunError,
        /// Whether it was told to terminate rather than interrupted.
        terminated: bool,
    },
    /// A run finished, with failed replications.
    SomeFailed {
        /// Replications that failed.
        failed: u64,
        /// Where they are listed.
        list: PathBuf,
    },
    /// Some results of theory were not reproduced; they were printed.
    Unlike {
        /// How many rows.
        rows: usize,
    },
    /// Models have errors, and all of them were reported.
    Reported {
        /// The exit code of the worst.
        code: u8,
    },
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}

impl Failure {
    /// The exit code: 0 done, 1 some failed, 2 usage, 3 model or experiment invalid, 4 files, 5 in use, 6 mismatch, 130
    /// interrupted, 143 terminated.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ClosedPipe => 0,
            Self::SomeFailed { .. } | Self::Unsound { .. } | Self::Unlike { .. } => 1,
            Self::Usage { .. } => 2,
            Self::Load(error) | Self::Experiment(ExperimentError::Load(error)) => load_code(error),
            Self::Stdout(_)
            | Self::Signals(_)
            | Self::Exists { .. }
            | Self::File(_)
            | Self::Experiment(ExperimentError::Table { .. }) => 4,
            Self::Experiment(_) | Self::Genius(_) => 3,
            Self::Run(error) => error.exit_code(),
            Self::Stopped { terminated, .. } => {
                if *terminated {
                    TERMINATED
                } else {
                    INTERRUPTED
                }
            }
            Self::Reported { code } => *code,
        }
    }

    /// Says so on standard error.
    pub fn report(&self, talk: Talk) {
        match self {
            Self::ClosedPipe | Self::Reported { .. } => {}
            Self::Stdout(error) => talk.fail(&format!("cannot write to standard output\n  because: {error}"), None),
            Self::Signals(error) => talk.fail(&format!("cannot watch for interrupts\n  because: {error}"), None),
            Self::Usage { message, hint } => talk.fail(message, hint.as_deref()),
            Self::Load(error) | Self::Experiment(ExperimentError::Load(error)) => report_load(error, talk),
            Self::Exists { path } => {
                talk.fail(
                    &format!("`{}` exists already", path.display()),
                    Some("choose another name, or remove it first"),
                );
            }
            Self::Genius(error) => talk.error(error, Some(&error.hint)),
            Self::File(error) => talk.error(error, None),
            Self::Experiment(error) => {
                let hint = match error {
                    ExperimentError::TooMany { .. } => {
                        Some("`--max-points` allows more; `--design lhs` or `sobol` needs fewer")
                    }
                    ExperimentError::NoLaw(_) => {
                        Some("write PATH=0:1:0.25, PATH=0,1, or low and high in an experiment file")
                    }
                    _ => None,
                };
                talk.error(error, hint);
            }
            Self::Unsound { faults } => {
                let problems =
                    if *faults == 1 { "1 problem was".to_owned() } else { format!("{faults} problems were") };
                talk.fail(&format!("{problems} found"), None);
            }
            Self::Run(error) | Self::Stopped { error, .. } => talk.error(error, error.hint()),
            Self::Unlike { rows } => {
                let rows = if *rows == 1 { "1 row is".to_owned() } else { format!("{rows} rows are") };
                talk.fail(&format!("{rows} unlike theory"), Some("look for `fail` and `missed` in the table"));
            }
            Self::SomeFailed { failed, list } => {
                let replications =
                    if *failed == 1 { "1 replication".to_owned() } else { format!("{failed} replications") };
                let hint = format!("{} gives the reason and the command that plays each again", list.display());
                talk.fail(&format!("{replications} failed"), Some(&hint));
            }
        }
    }
}

/// Exit code of a model that cannot be loaded.
fn load_code(error: &LoadError) -> u8 {
    match error {
        LoadError::Invalid(_) => 3,
        LoadError::UnknownModel { .. } | LoadError::UnknownScenario { .. } | LoadError::File(_) => 4,
    }
}

/// Says why a model was not loaded.
pub(super) fn report_load(error: &LoadError, talk: Talk) {
    match error {
        LoadError::Invalid(rejected) => report_rejected(rejected, talk),
        LoadError::UnknownModel { hint, .. } | LoadError::UnknownScenario { hint, .. } => talk.error(error, Some(hint)),
        LoadError::File(_) => talk.error(error, None),
    }
}

/// Draws every error of a rejected model and counts its problems.
fn report_rejected(rejected: &Rejected, talk: Talk) {
    let Rejected { problems, sources } = rejected;
    let renderer = Renderer::new(sources, talk);
    Talk::write(&renderer.draw_all(&problems.list, Severity::Error, usize::MAX));
    let (errors, warnings) = problems.counts();
    let name = sources.files.first().map_or("the model", |file| file.name.as_str());
    let explain = problems.list.iter().find(|problem| problem.severity == Severity::Error);
    let hint = explain.map(|problem| format!("`detente explain {}` says more", problem.code));
    talk.fail(&format!("{name} is not valid: {}", counted(errors, warnings)), hint.as_deref());
}
