//! Run directories: made, locked, refused, moved aside.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::design::plan::Shard;
use crate::sink::{Disk, FileError, part_path, remove_if_there, sync_dir};

use super::error::RunError;
use super::manifest::{Identity, MANIFEST, Manifest};

const LOCK: &str = ".lock";

/// Which directory is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The run directory.
    pub path: &'a Path,
    /// Whether the directory above may be made too: of the default place, not of one that the user typed.
    pub with_parent: bool,
    /// Whether what is there is moved aside.
    pub force: bool,
    /// Which shard of the run is to be played there; none: all of it.
    pub shard: Option<Shard>,
}

impl<'a> Wanted<'a> {
    /// A directory for a whole run at a path whose parent is there; nothing is moved aside.
    #[must_use]
    pub const fn at(path: &'a Path) -> Self {
        Self { path, with_parent: false, force: false, shard: None }
    }
}

/// A directory that was asked for.
#[derive(Debug)]
pub enum Opened {
    /// The run is finished already; its manifest.
    Complete(Manifest),
    /// It is ours to write.
    Ready(RunDir),
}

/// A directory that this process alone writes, until it is dropped.
#[derive(Debug)]
pub struct RunDir {
    path: PathBuf,
    identity: Identity,
    shard: Option<Shard>,
    disk: Disk,
    /// Freed by the kernel however the process ends.
    _lock: File,
}

impl RunDir {
    /// Takes a directory for a run: makes it if need be, locks it, compares what it holds.
    ///
    /// # Errors
    /// When it cannot be made or written, is no directory, holds files of somebody else, holds another run, or is in use.
    pub fn open(wanted: Wanted<'_>, identity: &Identity) -> Result<Opened, RunError> {
        let path = wanted.path;
        make(path, wanted.with_parent)?;
        if wanted.force {
            move_aside(path)?;
            make(path, false)?;
        }
        refuse_foreign(path)?;
        let lock = lock(path)?;
        if let Some(there) = Manifest::read(path)? {
            let differences = identity.differences(&there.run);
            let shard = wanted.shard.map(|shard| [shard.number, shard.of]);
            let differences = if differences.is_empty() && there.shard != shard && !there.is_complete(path) {
                vec![format!("it is {} there, {} here", shard_words(there.shard), shard_words(shard))]
            } else {
                differences
            };
            if !differences.is_empty() {
                return Err(RunError::OtherRun { path: path.to_owned(), differences });
            }
            if there.is_complete(path) {
                return Ok(Opened::Complete(there));
            }
        }
        let (disk, shard) = (Disk::default(), wanted.shard);
        Manifest::planned(identity.clone(), shard).write(&disk, path)?;
        Ok(Opened::Ready(Self { path: path.to_owned(), identity: identity.clone(), shard, disk, _lock: lock }))
    }

    /// The same directory on a disk that fails as planned: for tests.
    #[must_use]
    pub fn on(self, disk: Disk) -> Self {
        Self { disk, ..self }
    }

    /// Where its files are written.
    #[must_use]
    pub const fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The shard that is played there; none: the whole run.
    #[must_use]
    pub const fn shard(&self) -> Option<Shard> {
        self.shard
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The run it is for.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Removes what an unfinished run left of these files, finished or in parts.
    ///
    /// # Errors
    /// When something is there and cannot be removed.
    pub fn clear<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), FileError> {
        for name in names {
            remove_if_there(&self.path.join(name))?;
            remove_if_there(&part_path(&self.path, name))?;
        }
        sync_dir(&self.path)
    }
}

fn shard_words(shard: Option<[u64; 2]>) -> String {
    shard.map_or_else(|| "the whole run".to_owned(), |[number, of]| format!("shard {number}/{of}"))
}

fn make(path: &Path, with_parent: bool) -> Result<(), RunError> {
    let made = if with_parent { fs::create_dir_all(path) } else { fs::create_dir(path) };
    match made {
        Ok(()) => Ok(()),
        Err(_) if path.is_dir() => Ok(()),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
            Err(RunError::NotADirectory { path: path.to_owned() })
        }
        Err(cause) => Err(FileError::on("create", path)(cause).into()),
    }
}

/// Refuses a directory that holds something and no manifest. The lock and a half-written manifest are ours.
fn refuse_foreign(path: &Path) -> Result<(), RunError> {
    let mut foreign = false;
    for entry in fs::read_dir(path).map_err(FileError::on("read", path))? {
        let name = entry.map_err(FileError::on("read", path))?.file_name();
        if name == MANIFEST {
            return Ok(());
        }
        foreign |= name != LOCK && part_path(Path::new(""), MANIFEST).as_os_str() != name;
    }
    if foreign { Err(RunError::NotOurs { path: path.to_owned() }) } else { Ok(()) }
}

pub(super) fn lock(path: &Path) -> Result<File, RunError> {
    let lock = path.join(LOCK);
    if lock.is_symlink() {
        remove_if_there(&lock)?;
    }
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&lock)
        .map_err(FileError::on("create", &lock))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RunError::Busy { path: path.to_owned() }),
        Err(TryLockError::Error(cause)) => Err(FileError::on("lock", lock)(cause).into()),
    }
}

/// Renames a directory with something in it to the first free `<name>.old-1`, `.old-2`, ..; refuses one in use.
fn move_aside(path: &Path) -> Result<(), RunError> {
    let mut entries = fs::read_dir(path).map_err(FileError::on("read", path))?;
    if entries.next().is_none() {
        return Ok(());
    }
    // Only a directory of ours has a lock; a foreign one is moved as it is.
    let _held = if path.join(LOCK).exists() { Some(lock(path)?) } else { None };
    let aside = |n: u32| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".old-{n}"));
        path.with_file_name(name)
    };
    let free = (1..u32::MAX)
        .map(aside)
        .find(|p| fs::symlink_metadata(p).is_err())
        .expect("no directory has four billion neighbours");
    fs::rename(path, free).map_err(FileError::on("move aside", path))?;
    Ok(())
}
