//! What can go wrong with a run, and the exit code each has.

use std::path::PathBuf;

use super::part::PartFault;
use crate::sink::FileError;

/// Why a run did not finish.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The directory has files of somebody else.
    #[error("{} is not a run directory and is not empty", path.display())]
    NotOurs {
        /// The directory.
        path: PathBuf,
    },
    /// The path is not a directory.
    #[error("{} is not a directory", path.display())]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// The manifest is there and cannot be understood.
    #[error("{} is not a manifest this version can read: {cause}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What the reader said.
        cause: serde_json::Error,
    },
    /// Another process works on the directory.
    #[error("{} is in use by another process", path.display())]
    Busy {
        /// The directory.
        path: PathBuf,
    },
    /// The directory holds another run.
    #[error("{} holds another run: {}", path.display(), differences.join(", "))]
    OtherRun {
        /// The directory.
        path: PathBuf,
        /// What differs, `seed is 1 there, 2 here`.
        differences: Vec<String>,
    },
    /// A part was damaged between two looks at it.
    #[error("{} is damaged: {fault}", path.display())]
    Damaged {
        /// The part.
        path: PathBuf,
        /// What is wrong with it.
        fault: PartFault,
    },
    /// Directories that do not make one run.
    #[error("{} cannot be merged: {reason}", path.display())]
    Unfit {
        /// The directory that does not fit.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A directory without a run.
    #[error("{} holds no run", path.display())]
    NoRun {
        /// The directory.
        path: PathBuf,
    },
    /// A run without all of its tables.
    #[error("{} is not finished: {reason}", path.display())]
    Unfinished {
        /// The directory.
        path: PathBuf,
        /// How far it came.
        reason: String,
    },
    /// The inputs that the directory keeps cannot be used.
    #[error("the inputs in {} cannot be used: {reason}", path.display())]
    Inputs {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The points of an experiment do not fit together.
    #[error("{0}")]
    Points(String),
    /// The run was told to stop.
    #[error("interrupted after {done} of {planned} replications")]
    Interrupted {
        /// Replications finished.
        done: u64,
        /// Replications planned.
        planned: u64,
    },
    /// The plan has more jobs than can be numbered.
    #[error("{points} points times {replications} replications are more than {} jobs", u64::MAX)]
    TooManyJobs {
        /// Points.
        points: u64,
        /// Replications of each.
        replications: u64,
    },
    /// The threads could not be started.
    #[error("cannot start {threads} threads: {cause}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the pool said.
        cause: rayon::ThreadPoolBuildError,
    },
}

impl RunError {
    /// The exit code of the command that met it: 3 experiment, 4 files, 5 in use, 6 mismatch, 130 interrupted.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::TooManyJobs { .. } | Self::Points(_) => 3,
            Self::File(_)
            | Self::NotOurs { .. }
            | Self::NotADirectory { .. }
            | Self::Manifest { .. }
            | Self::NoRun { .. }
            | Self::Unfinished { .. }
            | Self::Threads { .. } => 4,
            Self::Busy { .. } => 5,
            Self::OtherRun { .. } | Self::Damaged { .. } | Self::Unfit { .. } | Self::Inputs { .. } => 6,
            Self::Interrupted { .. } => 130,
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::File(e) if e.cause.kind() == std::io::ErrorKind::StorageFull => {
                Some("free some space, or choose another place with --out; `detente plan` estimates the need")
            }
            Self::File(e) if e.cause.kind() == std::io::ErrorKind::NotFound => {
                Some("create the directory above it first")
            }
            Self::NotOurs { .. } | Self::NotADirectory { .. } | Self::Manifest { .. } => {
                Some("choose another directory with --out")
            }
            Self::Busy { .. } => Some("wait for it, or choose another directory with --out"),
            Self::OtherRun { .. } => Some("choose another directory with --out, or move this one aside with --force"),
            Self::Interrupted { .. } => Some("the same command goes on from here"),
            Self::Unfinished { .. } => {
                Some("the command that began it goes on where it stopped; `detente merge` makes one run of shards")
            }
            Self::Damaged { .. } => Some("the same command plays what is damaged again"),
            Self::Unfit { .. } => Some("give every shard of one run, each once"),
            Self::NoRun { .. } => Some("a run directory has a run.json"),
            Self::Threads { .. } => Some("ask for fewer with --threads"),
            Self::TooManyJobs { .. } => Some("ask for fewer replications or points"),
            Self::File(_) | Self::Inputs { .. } | Self::Points(_) => None,
        }
    }
}
