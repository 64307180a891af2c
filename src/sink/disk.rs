//! The disk as a run sees it: the real one, or one that fails when a test tells it to.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What goes wrong with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The device fails.
    Io,
    /// No space is left.
    NoSpace,
    /// Half of the bytes are written, which the system reports as such.
    Short,
    /// A signal interrupts the call.
    Interrupted,
}

/// Faults by the number of the operation, from 0; operations are writes, syncs, renames and creations of files.
#[derive(Debug, Default)]
pub struct Faults {
    plan: Vec<(u64, Fault)>,
    next: AtomicU64,
}

impl Faults {
    /// These faults.
    #[must_use]
    pub fn new(plan: Vec<(u64, Fault)>) -> Self {
        Self { plan, next: AtomicU64::new(0) }
    }

    fn strike(&self) -> Option<Fault> {
        let now = self.next.fetch_add(1, Ordering::Relaxed);
        self.plan.iter().find(|(at, _)| *at == now).map(|(_, fault)| *fault)
    }
}

/// Where files are written. The default one never fails by itself.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    faults: Option<Arc<Faults>>,
}

impl Disk {
    /// A disk that fails as planned.
    #[must_use]
    pub fn failing(faults: Faults) -> Self {
        Self { faults: Some(Arc::new(faults)) }
    }

    fn strike(&self) -> Option<Fault> {
        self.faults.as_ref().and_then(|faults| faults.strike())
    }

    /// Lets a creation, rename or sync fail, if it is its turn. Such calls are not cut short or interrupted.
    ///
    /// # Errors
    /// As planned.
    pub(super) fn pass(&self) -> io::Result<()> {
        match self.strike() {
            Some(Fault::Io) => Err(io::Error::other("input/output error")),
            Some(Fault::NoSpace) => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }

    /// Renames a file.
    ///
    /// # Errors
    /// When the system refuses, or as planned.
    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass()?;
        std::fs::rename(from, to)
    }
}

/// A file on such a disk.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) file: File,
    pub(super) disk: Disk,
}

impl Sheet {
    /// Brings it to the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.disk.pass()?;
        self.file.sync_all()
    }
}

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.disk.strike() {
            Some(Fault::Interrupted) => Err(io::ErrorKind::Interrupted.into()),
            Some(Fault::Short) if bytes.len() > 1 => self.file.write(&bytes[..bytes.len() / 2]),
            Some(Fault::Io) => Err(io::Error::other("input/output error")),
            Some(Fault::NoSpace) => Err(io::ErrorKind::StorageFull.into()),
            _ => self.file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
