//! Files that are complete or absent under their final name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::cell::Block;
use super::disk::{Disk, Sheet};

/// A file operation that failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}: {cause}", path.display())]
pub struct FileError {
    /// What was tried: `create`, `write`, `rename`, ...
    pub action: &'static str,
    /// On which file.
    pub path: PathBuf,
    /// What the system said.
    pub cause: io::Error,
}

impl FileError {
    /// For `map_err`: names the action and the path beside the cause.
    pub fn on(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self { action, path, cause }
    }
}

/// A finished file, as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Size.
    pub bytes: u64,
    /// Data rows, without the header; absent for what is not a table.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<u64>,
    /// Checksum, hex.
    pub blake3: String,
}

/// A file that grows under the name `<name>.part` and gets its own name only when it is complete and on the disk. Dropped
/// before that, it is removed.
#[derive(Debug)]
pub struct PartFile {
    part: PathBuf,
    path: PathBuf,
    out: BufWriter<Sheet>,
    disk: Disk,
    /// None of a file that carries a checksum of its own.
    hasher: Option<blake3::Hasher>,
    bytes: u64,
    /// Bytes that have been brought to the disk.
    synced: u64,
    rows: u64,
    renamed: bool,
}

/// A table that has grown by so much is brought to the disk, so that little is left to do at the end.
const SYNC_BYTES: u64 = 16 << 20;

impl PartFile {
    /// Starts a file in `dir`. A part left behind by a crash is removed first; links are never followed.
    ///
    /// # Errors
    /// When the part file cannot be created.
    pub fn create(dir: &Path, name: &str) -> Result<Self, FileError> {
        Self::create_on(&Disk::default(), dir, name)
    }

    /// The same on a disk that may fail.
    ///
    /// # Errors
    /// When the part file cannot be created.
    pub fn create_on(disk: &Disk, dir: &Path, name: &str) -> Result<Self, FileError> {
        let path = dir.join(name);
        let part = part_path(dir, name);
        remove_if_there(&part)?;
        disk.pass().map_err(FileError::on("create", &part))?;
        let file =
            OpenOptions::new().write(true).create_new(true).open(&part).map_err(FileError::on("create", &part))?;
        let disk = disk.clone();
        let out = BufWriter::with_capacity(1 << 16, Sheet { file, disk: disk.clone() });
        Ok(Self {
            part,
            path,
            out,
            disk,
            hasher: Some(blake3::Hasher::new()),
            bytes: 0,
            synced: 0,
            rows: 0,
            renamed: false,
        })
    }

    /// The same file without a checksum beside it, for one that carries its own; it is closed, not finished.
    #[must_use]
    pub fn unsummed(mut self) -> Self {
        self.hasher = None;
        self
    }

    /// Appends bytes that are not data rows, such as a header.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.out.write_all(bytes).map_err(FileError::on("write", &self.part))?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Appends data rows.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn append(&mut self, block: &Block) -> Result<(), FileError> {
        self.write(&block.bytes)?;
        self.rows += block.rows;
        if self.bytes - self.synced >= SYNC_BYTES { self.sync() } else { Ok(()) }
    }

    /// Brings everything to the disk, still under the part's name.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn sync(&mut self) -> Result<(), FileError> {
        self.out.flush().map_err(FileError::on("write", &self.part))?;
        self.synced = self.bytes;
        self.out.get_ref().sync().map_err(FileError::on("write", &self.part))
    }

    /// Gives the file its final name. `is_table` says whether its rows are counted in the entry.
    ///
    /// # Errors
    /// When it cannot be brought to the disk or renamed.
    ///
    /// # Panics
    /// When the file has no checksum.
    pub fn finish(mut self, is_table: bool) -> Result<FileEntry, FileError> {
        let hasher = self.hasher.take().expect("a file without a checksum is closed, not finished");
        let (bytes, rows) = (self.bytes, is_table.then_some(self.rows));
        self.close()?;
        Ok(FileEntry { bytes, rows, blake3: hasher.finalize().to_hex().to_string() })
    }

    /// Gives the file its final name.
    ///
    /// # Errors
    /// When it cannot be brought to the disk or renamed.
    pub fn close(mut self) -> Result<(), FileError> {
        self.sync()?;
        self.disk.rename(&self.part, &self.path).map_err(FileError::on("rename", &self.part))?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.renamed {
            // The run has failed or was stopped already; a part that stays is removed by the next run.
            let _ = fs::remove_file(&self.part);
        }
    }
}

/// Writes a small file whole: absent or complete, never half.
///
/// # Errors
/// When it cannot be written.
pub fn write_whole(dir: &Path, name: &str, text: &str) -> Result<FileEntry, FileError> {
    write_whole_on(&Disk::default(), dir, name, text)
}

/// The same on a disk that may fail.
///
/// # Errors
/// When it cannot be written.
pub fn write_whole_on(disk: &Disk, dir: &Path, name: &str, text: &str) -> Result<FileEntry, FileError> {
    let mut file = PartFile::create_on(disk, dir, name)?;
    file.write(text.as_bytes())?;
    let entry = file.finish(false)?;
    sync_dir(dir)?;
    Ok(entry)
}

/// Removes a file or link; absent is fine.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn remove_if_there(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(FileError::on("remove", path)(cause)),
        _ => Ok(()),
    }
}

/// Makes the renames of a directory last.
///
/// # Errors
/// When the directory cannot be opened or synced.
pub fn sync_dir(dir: &Path) -> Result<(), FileError> {
    if cfg!(unix) {
        File::open(dir).and_then(|d| d.sync_all()).map_err(FileError::on("sync", dir))?;
    }
    Ok(())
}

/// Where a file grows.
#[must_use]
pub fn part_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.part"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_name_only_when_it_is_finished() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = PartFile::create(dir.path(), "a.csv").unwrap();
        file.write(b"x\n").unwrap();
        file.append(&Block { bytes: b"1\n2\n".to_vec(), rows: 2 }).unwrap();
        assert!(!dir.path().join("a.csv").exists());
        let entry = file.finish(true).unwrap();
        assert_eq!(fs::read(dir.path().join("a.csv")).unwrap(), b"x\n1\n2\n");
        assert_eq!((entry.bytes, entry.rows), (6, Some(2)));
        assert_eq!(entry.blake3, blake3::hash(b"x\n1\n2\n").to_hex().to_string());
        assert!(!dir.path().join("a.csv.part").exists());
    }

    #[test]
    fn a_file_that_is_given_up_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = PartFile::create(dir.path(), "a.csv").unwrap();
        file.write(b"x\n").unwrap();
        drop(file);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_a_part_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let outside = dir.path().join("outside");
        fs::write(&outside, "mine").unwrap();
        let inside = dir.path().join("run");
        fs::create_dir(&inside).unwrap();
        std::os::unix::fs::symlink(&outside, inside.join("a.csv.part")).unwrap();
        std::os::unix::fs::symlink(&outside, inside.join("a.csv")).unwrap();
        write_whole(&inside, "a.csv", "x\n").unwrap();
        assert_eq!(fs::read_to_string(&outside).unwrap(), "mine");
        assert_eq!(fs::read_to_string(inside.join("a.csv")).unwrap(), "x\n");
        assert!(!inside.join("a.csv").is_symlink());
    }

    #[test]
    fn an_error_names_the_action_the_path_and_the_cause() {
        let error = PartFile::create(Path::new("/nowhere/at/all"), "a.csv").unwrap_err().to_string();
        assert!(error.starts_with("cannot create /nowhere/at/all/a.csv.part: No such file"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_even_when_the_rows_fit_the_buffer() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = PartFile::create(dir.path(), "a.csv").unwrap();
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        file.out = BufWriter::new(Sheet { file: full, disk: Disk::default() });
        file.write(b"x\n").unwrap();
        let error = file.finish(true).unwrap_err();
        assert_eq!(error.cause.kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
