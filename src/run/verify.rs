//! `detente verify`: whether a run directory is what its manifest says, and whether its rows come out again.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use super::chunk::Workshop;
use super::combine::parts_of;
use super::control::{Control, Play, Silent};
use super::error::RunError;
use super::manifest::Manifest;
use super::part::gaps;
use super::reload::reload;
use crate::rng::{Entity, Purpose, Streams};
use crate::sink::{FileError, table_file};

/// What a look at a run directory found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Everything that is wrong, one sentence each.
    pub faults: Vec<String>,
    /// Files whose checksums fit.
    pub files: u64,
    /// Rows of `outcomes.csv` that are in the order of their jobs, or jobs of a shard.
    pub rows: u64,
    /// Rows that were played again and came out the same.
    pub recomputed: u64,
}

/// Compares every file with its checksum, looks whether every job has its row, and plays `recompute` rows again from the
/// inputs that the directory keeps.
///
/// # Errors
/// When the directory holds no run or cannot be read, and when rows are to be played again and the inputs, the program or
/// its arithmetic are not those of the run.
pub fn verify(path: &Path, recompute: u64, fingerprint: &str) -> Result<Verdict, RunError> {
    let manifest = Manifest::read(path)?.ok_or_else(|| RunError::NoRun { path: path.to_owned() })?;
    let mut verdict = Verdict::default();
    if manifest.done != manifest.planned {
        let (done, planned) = (manifest.done, manifest.planned);
        verdict.faults.push(format!("the run is unfinished: {done} of {planned} replications"));
    }
    if manifest.shard.is_some() || manifest.done != manifest.planned {
        look_at_parts(path, &manifest, &mut verdict)?;
    } else {
        look_at_files(path, &manifest, &mut verdict)?;
        look_at_rows(path, &manifest, &mut verdict)?;
    }
    if recompute > 0 && manifest.shard.is_none() && verdict.faults.is_empty() {
        play_again(path, recompute, fingerprint, &mut verdict)?;
    }
    Ok(verdict)
}

fn look_at_parts(path: &Path, manifest: &Manifest, verdict: &mut Verdict) -> Result<(), RunError> {
    let run = manifest.run.digest();
    let mut sound = Vec::new();
    for part in parts_of(path)? {
        match part.read(&run)? {
            Ok(_) => {
                verdict.files += 1;
                verdict.rows += part.jobs.end - part.jobs.start;
                sound.push(part);
            }
            Err(fault) => verdict.faults.push(format!("{}: {fault}", part.path.display())),
        }
    }
    if let Some(hole) = sound.first().and_then(|first| {
        let last = sound.last().map_or(first.jobs.end, |last| last.jobs.end);
        gaps(first.jobs.start..last, &sound).first().cloned()
    }) {
        verdict.faults.push(super::execute::hole_words(&hole));
    }
    if verdict.rows < manifest.done {
        verdict.faults.push(format!("{} jobs are done, the parts hold {}", manifest.done, verdict.rows));
    }
    Ok(())
}

fn look_at_files(path: &Path, manifest: &Manifest, verdict: &mut Verdict) -> Result<(), RunError> {
    for (name, entry) in &manifest.files {
        let file = path.join(name);
        if !file.is_file() {
            verdict.faults.push(format!("{name} is missing"));
            continue;
        }
        let (bytes, hash) = checksum(&file)?;
        if bytes != entry.bytes {
            verdict.faults.push(format!("{name} has {bytes} bytes, {} are expected", entry.bytes));
        } else if hash != entry.blake3 {
            verdict.faults.push(format!("{name} does not have its checksum"));
        } else {
            verdict.files += 1;
        }
    }
    Ok(())
}

fn checksum(path: &Path) -> Result<(u64, String), FileError> {
    let mut file = File::open(path).map_err(FileError::on("read", path))?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let n = file.read(&mut buffer).map_err(FileError::on("read", path))?;
        if n == 0 {
            return Ok((bytes, hasher.finalize().to_hex().to_string()));
        }
        hasher.update(&buffer[..n]);
        bytes += n as u64;
    }
}

/// Every job has one row, in order.
fn look_at_rows(path: &Path, manifest: &Manifest, verdict: &mut Verdict) -> Result<(), RunError> {
    let file = path.join(table_file::OUTCOMES);
    if !file.is_file() {
        return Ok(());
    }
    let reader = BufReader::new(File::open(&file).map_err(FileError::on("read", &file))?);
    let points = manifest.run.points.max(1);
    for (line, index) in reader.lines().skip(1).zip(0u64..) {
        let line = line.map_err(FileError::on("read", &file))?;
        let mut cells = line.split(',').map(str::parse::<u64>);
        let expected = (Some(Ok(index % points)), Some(Ok(index / points)));
        if (cells.next(), cells.next()) != expected {
            verdict.faults.push(format!("row {index} of outcomes.csv is not that of its job"));
            return Ok(());
        }
        verdict.rows += 1;
    }
    if verdict.rows != manifest.planned {
        verdict.faults.push(format!("outcomes.csv has {} rows, {} are planned", verdict.rows, manifest.planned));
    }
    Ok(())
}

fn play_again(path: &Path, recompute: u64, fingerprint: &str, verdict: &mut Verdict) -> Result<(), RunError> {
    let run = reload(path)?;
    let (lab, first) = run.lab()?;
    run.must_match(path, &first, fingerprint)?;
    let jobs = run.plan.jobs();
    let streams = Streams { seed: run.plan.seed, replication: 0 };
    let mut draw = streams.draw(Entity::named("verify"), Purpose::Design, 0);
    let mut wanted: Vec<u64> = if recompute >= jobs {
        (0..jobs).collect()
    } else {
        (0..recompute).map(|_| ((draw.unit() * jobs as f64) as u64).min(jobs - 1)).collect()
    };
    wanted.sort_unstable();
    wanted.dedup();
    let control = Control::default();
    let workshop = Workshop {
        engine: &lab,
        model: &first.model,
        plan: &run.plan,
        design: &run.design,
        tables: &first.tables,
        replay: &run.inputs.words,
        noise: 0,
        control: &control,
        progress: &Silent,
        done: AtomicU64::default(),
        spare: Mutex::default(),
    };
    if let Ok(mut spare) = workshop.spare.lock() {
        spare.push(lab.workspace());
    }
    let file = path.join(table_file::OUTCOMES);
    let reader = BufReader::new(File::open(&file).map_err(FileError::on("read", &file))?);
    let mut lines = reader.lines().skip(1);
    let mut next = 0;
    for index in wanted {
        let line = lines.nth((index - next) as usize).transpose().map_err(FileError::on("read", &file))?;
        next = index + 1;
        let rows = workshop.play(index..index + 1).unwrap_or_default();
        let again = String::from_utf8_lossy(&rows.0[0].bytes).trim_end().to_owned();
        if line.as_deref() == Some(again.as_str()) {
            verdict.recomputed += 1;
        } else {
            verdict.faults.push(format!("row {index} of outcomes.csv comes out otherwise when it is played again"));
        }
    }
    Ok(())
}
