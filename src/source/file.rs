//! Reading a text file within limits, with errors that say what to do.

use std::io::Read;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Largest file that is read: 8 MiB.
pub const LARGEST: u64 = 8 * 1024 * 1024;

/// A file that cannot be used.
#[derive(Debug, Error)]
pub enum FileError {
    /// The file does not exist.
    #[error("no file `{}`", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The path names a directory.
    #[error("`{}` is a directory, a model is a file", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// The file is past the limit.
    #[error("`{}` is larger than 8 MiB, the limit of a model file", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file is not text.
    #[error("`{}` is not UTF-8 text: byte {at} is 0x{byte:02x}", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// Position of the first wrong byte.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// The system refused.
    #[error("cannot {what} `{}`", path.display())]
    System {
        /// What was tried: `read`, `write`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl FileError {
    /// The system's refusal to do `what` with `path`.
    #[must_use]
    pub fn system(what: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::System { what, path: path.to_owned(), source }
    }
}

/// The text of a file.
///
/// # Errors
/// When it is missing, a directory, larger than [`LARGEST`], not UTF-8, or unreadable.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    let owned = || path.to_owned();
    let file = std::fs::File::open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => FileError::Missing { path: owned() },
        _ => FileError::system("read", path, source),
    })?;
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        return Err(FileError::Directory { path: owned() });
    }
    let mut bytes = Vec::new();
    // One byte more than allowed: pipes and devices have no length to ask for.
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|source| FileError::system("read", path, source))?;
    if bytes.len() as u64 > LARGEST {
        return Err(FileError::TooLarge { path: owned() });
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        FileError::NotText { path: owned(), at, byte: error.as_bytes()[at] }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_a_directory_and_bytes_are_told_apart() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("none.toml");
        assert!(matches!(read_text(&missing), Err(FileError::Missing { .. })));
        assert!(matches!(read_text(directory.path()), Err(FileError::Directory { .. })));
        let bytes = directory.path().join("bytes.toml");
        std::fs::write(&bytes, b"ab\xff").unwrap();
        assert!(matches!(read_text(&bytes), Err(FileError::NotText { at: 2, byte: 0xff, .. })));
    }

    #[test]
    fn a_file_past_the_limit_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let large = directory.path().join("large.toml");
        std::fs::File::create(&large).unwrap().set_len(LARGEST + 1).unwrap();
        assert!(matches!(read_text(&large), Err(FileError::TooLarge { .. })));
        std::fs::File::create(&large).unwrap().set_len(LARGEST).unwrap();
        assert!(read_text(&large).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn an_endless_device_is_refused_rather_than_read_for_ever() {
        assert!(matches!(read_text(Path::new("/dev/zero")), Err(FileError::TooLarge { .. })));
    }
}
