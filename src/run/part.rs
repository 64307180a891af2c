//! A part of a run: the rows of a range of jobs in one file that is absent or complete.
//!
//! The file holds the blocks one after the other, then a footer (JSON) that says which jobs of which run they are and how
//! long each block is, then a trailer of fixed size: length of the footer, blake3 of all before it, and a mark. Whatever
//! happens to the bytes, the trailer does not fit any more.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::sink::{Block, Disk, FileError, PartFile, sync_dir};

/// Directory of the parts inside a run directory.
pub const PARTS: &str = "parts";
/// Directory to which damaged parts are moved.
pub const QUARANTINE: &str = "quarantine";
/// How the name of a part ends.
const ENDING: &str = ".part";
/// Mark at the end of a part; its digit is the version of the layout.
const MARK: [u8; 8] = *b"detente1";
/// Length of the footer (8), checksum (32), mark (8).
const TRAILER: usize = 48;
/// Blocks of a part, in order; the last holds the facts of each job.
pub const BLOCKS: usize = 7;

/// The blocks of a range of jobs: rows of outcomes, agreements, draws, rounds, moves and failures, then facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks(pub [Block; BLOCKS]);

impl Blocks {
    /// Position of the facts.
    pub const FACTS: usize = 6;

    /// Bytes of all blocks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|block| block.bytes.len()).sum()
    }

    /// Whether there is nothing in them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends the blocks of the next jobs.
    pub fn append(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(block, more)| block.append(more));
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Footer {
    /// Hash of the identity of the run.
    run: String,
    start: u64,
    end: u64,
    bytes: [u64; BLOCKS],
    rows: [u64; BLOCKS],
}

/// What is wrong with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartFault {
    /// The trailer is missing, cut or changed.
    #[error("the end of the file is not that of a part")]
    Trailer,
    /// The bytes do not have the checksum.
    #[error("the checksum does not fit")]
    Checksum,
    /// The footer cannot be read, or says other lengths.
    #[error("the footer cannot be understood")]
    Footer,
    /// It belongs to another run.
    #[error("it is a part of another run")]
    Foreign,
    /// The file has the name of another range.
    #[error("it holds jobs {start} to {end}, which its name does not say")]
    Misnamed {
        /// First job.
        start: u64,
        /// One past the last.
        end: u64,
    },
    /// Its jobs are those of another part too.
    #[error("its jobs are in another part too")]
    Overlap,
}

/// The name of the part of these jobs.
#[must_use]
pub fn name_of(jobs: &Range<u64>) -> String {
    format!("{:020}-{:020}{ENDING}", jobs.start, jobs.end)
}

/// The jobs that a name of a part says; none of another name.
#[must_use]
pub fn jobs_of(name: &str) -> Option<Range<u64>> {
    let (start, end) = name.strip_suffix(ENDING)?.split_once('-')?;
    let jobs = start.parse().ok()?..end.parse().ok()?;
    (jobs.start < jobs.end && name_of(&jobs) == name).then_some(jobs)
}

/// The footer and trailer of blocks.
fn closing(run: &str, jobs: &Range<u64>, blocks: &Blocks) -> Vec<u8> {
    let footer = Footer {
        run: run.to_owned(),
        start: jobs.start,
        end: jobs.end,
        bytes: blocks.0.each_ref().map(|block| block.bytes.len() as u64),
        rows: blocks.0.each_ref().map(|block| block.rows),
    };
    let footer = serde_json::to_vec(&footer).expect("a footer has numbers and text only");
    let length = (footer.len() as u64).to_le_bytes();
    let mut hasher = blake3::Hasher::new();
    for block in &blocks.0 {
        hasher.update(&block.bytes);
    }
    hasher.update(&footer).update(&length);
    [&footer[..], &length, hasher.finalize().as_bytes(), &MARK].concat()
}

/// Writes a part: absent or complete.
///
/// # Errors
/// When it cannot be written.
pub fn write(disk: &Disk, dir: &Path, run: &str, jobs: &Range<u64>, blocks: &Blocks) -> Result<(), FileError> {
    let mut file = PartFile::create_on(disk, dir, &name_of(jobs))?.unsummed();
    for block in &blocks.0 {
        file.write(&block.bytes)?;
    }
    file.write(&closing(run, jobs, blocks))?;
    file.close()?;
    sync_dir(dir)
}

/// The blocks of a part whose bytes were read, if they are those of `run` and of `jobs`.
///
/// # Errors
/// What is wrong with them.
pub fn parse(bytes: &[u8], run: &str, jobs: &Range<u64>) -> Result<Blocks, PartFault> {
    let body = bytes.len().checked_sub(TRAILER).ok_or(PartFault::Trailer)?;
    let (body, trailer) = bytes.split_at(body);
    let (length, rest) = trailer.split_at(8);
    let (checksum, mark) = rest.split_at(32);
    if mark != MARK {
        return Err(PartFault::Trailer);
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(body).update(length);
    if hasher.finalize().as_bytes() != checksum {
        return Err(PartFault::Checksum);
    }
    let length = u64::from_le_bytes(length.try_into().map_err(|_| PartFault::Trailer)?);
    let at = usize::try_from(length).ok().and_then(|length| body.len().checked_sub(length)).ok_or(PartFault::Footer)?;
    let footer: Footer = serde_json::from_slice(&body[at..]).map_err(|_| PartFault::Footer)?;
    if footer.run != run {
        return Err(PartFault::Foreign);
    }
    if (footer.start, footer.end) != (jobs.start, jobs.end) {
        return Err(PartFault::Misnamed { start: footer.start, end: footer.end });
    }
    let mut rest = &body[..at];
    let mut blocks = Blocks::default();
    for (block, (bytes, rows)) in blocks.0.iter_mut().zip(footer.bytes.iter().zip(footer.rows)) {
        let length = usize::try_from(*bytes).ok().filter(|length| *length <= rest.len()).ok_or(PartFault::Footer)?;
        let (own, others) = rest.split_at(length);
        *block = Block { bytes: own.to_vec(), rows };
        rest = others;
    }
    if rest.is_empty() { Ok(blocks) } else { Err(PartFault::Footer) }
}

/// A part in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartName {
    /// Its file.
    pub path: PathBuf,
    /// Its jobs.
    pub jobs: Range<u64>,
}

impl PartName {
    /// Reads and checks it.
    ///
    /// # Errors
    /// When the file cannot be read; inside, what is wrong with its bytes.
    pub fn read(&self, run: &str) -> Result<Result<Blocks, PartFault>, FileError> {
        let bytes = fs::read(&self.path).map_err(FileError::on("read", &self.path))?;
        Ok(parse(&bytes, run, &self.jobs))
    }
}

/// A file of the directory of parts that is no sound part, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Where it lies now: in the quarantine.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: PartFault,
}

/// The sound parts of a run directory in the order of their jobs, none overlapping.
///
/// Everything else that lies among them is moved to the quarantine, except half-written parts, which are removed.
///
/// # Errors
/// When files cannot be read or moved.
pub fn survey(dir: &Path, run: &str) -> Result<(Vec<PartName>, Vec<Damaged>), FileError> {
    let parts = dir.join(PARTS);
    let mut found = Vec::new();
    let mut damaged = Vec::new();
    for name in names(&parts)? {
        let path = parts.join(&name);
        if name.to_str().is_some_and(|name| name.ends_with(".part.part")) {
            crate::sink::remove_if_there(&path)?;
            continue;
        }
        let link = fs::symlink_metadata(&path).map_err(FileError::on("read", &path))?.is_symlink();
        let jobs = name.to_str().and_then(jobs_of).filter(|_| !link && path.is_file());
        match jobs {
            Some(jobs) => found.push(PartName { path, jobs }),
            None => damaged.push(quarantine(dir, &path, PartFault::Trailer)?),
        }
    }
    found.sort_by_key(|part| (part.jobs.start, part.jobs.end));
    let mut sound: Vec<PartName> = Vec::new();
    for part in found {
        let overlaps = sound.last().is_some_and(|last| last.jobs.end > part.jobs.start);
        match part.read(run)? {
            Ok(_) if overlaps => damaged.push(quarantine(dir, &part.path, PartFault::Overlap)?),
            Ok(_) => sound.push(part),
            Err(fault) => damaged.push(quarantine(dir, &part.path, fault)?),
        }
    }
    Ok((sound, damaged))
}

/// Names of the files of a directory, in order; none if it is not there.
fn names(dir: &Path) -> Result<Vec<std::ffi::OsString>, FileError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(FileError::on("read", dir)(cause)),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(FileError::on("read", dir))?.file_name());
    }
    names.sort();
    Ok(names)
}

fn quarantine(dir: &Path, path: &Path, fault: PartFault) -> Result<Damaged, FileError> {
    let aside = dir.join(QUARANTINE);
    if let Err(cause) = fs::create_dir(&aside)
        && !aside.is_dir()
    {
        return Err(FileError::on("create", aside)(cause));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let free = (1..u32::MAX).map(|n| aside.join(format!("{name}.{n}"))).find(|p| fs::symlink_metadata(p).is_err());
    let to = free.expect("no quarantine has four billion files");
    fs::rename(path, &to).map_err(FileError::on("move aside", path))?;
    Ok(Damaged { path: to, fault })
}

/// The jobs of `all` that no part has.
#[must_use]
pub fn gaps(all: Range<u64>, parts: &[PartName]) -> Vec<Range<u64>> {
    let mut gaps = Vec::new();
    let mut next = all.start;
    for part in parts {
        if part.jobs.start > next {
            gaps.push(next..part.jobs.start.min(all.end));
        }
        next = next.max(part.jobs.end);
    }
    if next < all.end {
        gaps.push(next..all.end);
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn blocks() -> Blocks {
        let mut blocks = Blocks::default();
        for (k, block) in blocks.0.iter_mut().enumerate() {
            *block = Block { bytes: format!("{k},row\n").repeat(k).into_bytes(), rows: k as u64 };
        }
        blocks
    }

    fn bytes() -> Vec<u8> {
        let mut bytes: Vec<u8> = blocks().0.iter().flat_map(|block| block.bytes.clone()).collect();
        bytes.extend(closing("run", &(3..9), &blocks()));
        bytes
    }

    #[test]
    fn a_part_reads_back_as_it_was_written() {
        let dir = tempfile::tempdir().unwrap();
        write(&Disk::default(), dir.path(), "run", &(3..9), &blocks()).unwrap();
        let written = fs::read(dir.path().join(name_of(&(3..9)))).unwrap();
        assert_eq!(written, bytes());
        assert_eq!(parse(&written, "run", &(3..9)), Ok(blocks()));
        assert_eq!(parse(&written, "other", &(3..9)), Err(PartFault::Foreign));
        assert_eq!(parse(&written, "run", &(3..8)), Err(PartFault::Misnamed { start: 3, end: 9 }));
    }

    #[test]
    fn names_say_jobs() {
        assert_eq!(jobs_of(&name_of(&(3..9))), Some(3..9));
        assert_eq!(jobs_of("3-9.part"), None);
        assert_eq!(jobs_of(&name_of(&(9..9))), None);
    }

    #[test]
    fn gaps_are_what_no_part_has() {
        let part = |jobs: Range<u64>| PartName { path: PathBuf::new(), jobs };
        let one = |start, end| std::iter::once(start..end).collect::<Vec<_>>();
        assert_eq!(gaps(0..10, &[]), one(0, 10));
        assert_eq!(gaps(0..10, &[part(0..3), part(5..10)]), one(3, 5));
        assert_eq!(gaps(2..10, &[part(2..4), part(4..8)]), one(8, 10));
        assert!(gaps(0..10, &[part(0..10)]).is_empty());
    }

    proptest! {
        #[test]
        fn any_changed_or_missing_byte_is_noticed(at in 0usize..400, flip in 1u8..=255, cut in 1usize..400) {
            let good = bytes();
            let mut flipped = good.clone();
            let at = at % good.len();
            flipped[at] ^= flip;
            prop_assert!(parse(&flipped, "run", &(3..9)).is_err());
            prop_assert!(parse(&good[..good.len() - cut % good.len() - 1], "run", &(3..9)).is_err());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(parse(&bytes, "run", &(3..9)).is_err());
        }
    }
}
