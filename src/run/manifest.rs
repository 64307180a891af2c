//! `run.json`: what a run is, and which files it has.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::design::Design;
use crate::design::plan::{Plan, Shard};
use crate::model::Model;
use crate::sink::{Disk, FileEntry, FileError, Tables, write_whole_on};

use super::error::RunError;

/// File name of the manifest.
pub const MANIFEST: &str = "run.json";
/// Version of the layout of run directories.
pub const SCHEMA: u32 = 2;

/// What makes two runs the same run: equal identities give equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Version of the layout of run directories.
    pub schema: u32,
    /// Version of the program.
    pub detente: String,
    /// Hash of a tiny golden workload: equal where arithmetic is equal.
    pub fingerprint: String,
    /// Name of the model.
    pub model: String,
    /// blake3 of the resolved model text, and of the pool of candidates if there is one, hex.
    pub model_hash: String,
    /// blake3 of the design, hex.
    pub design_hash: String,
    /// Seed.
    pub seed: u64,
    /// Points.
    pub points: u64,
    /// Replications of each point.
    pub replications: u64,
    /// Which long tables are written: `none`, `rounds`, `moves`.
    pub trace: String,
    /// How many of the first jobs are played again without noise.
    #[serde(default)]
    pub noise: u64,
    /// Replications that share each draw of the uncertain parameters; 0, which is not written, where each has its own.
    #[serde(default, skip_serializing_if = "super::inputs::is_zero")]
    pub per_draw: u64,
    /// Column names of each table.
    pub columns: BTreeMap<String, Vec<String>>,
}

impl Identity {
    /// The identity of a run of `model`, whose resolved text (and pool, if it has one) is `model_text`. `fingerprint` is the hash of the golden
    /// workload on this machine.
    #[must_use]
    pub fn new(model: &Model, model_text: &str, plan: &Plan, fingerprint: &str) -> Self {
        Self::over(model, model_text, plan, (&Design::single(), ""), fingerprint)
    }

    /// The identity of a run over a design; `overlays` is every text that its points lay over the model.
    #[must_use]
    pub fn over(
        model: &Model,
        model_text: &str,
        plan: &Plan,
        (design, overlays): (&Design, &str),
        fingerprint: &str,
    ) -> Self {
        let names = |columns: &[crate::sink::Column]| columns.iter().map(|c| c.name.clone()).collect();
        let tables = Tables::new(model, plan.trace, &design.factors);
        let text = [plan.text(), design.text(), overlays.to_owned()].join("\n");
        Self {
            schema: SCHEMA,
            detente: env!("CARGO_PKG_VERSION").to_owned(),
            fingerprint: fingerprint.to_owned(),
            model: model.spec.model.name.text.clone(),
            model_hash: hash(model_text),
            design_hash: hash(&text),
            seed: plan.seed,
            points: plan.points,
            replications: plan.replications,
            trace: plan.trace.word().to_owned(),
            noise: 0,
            per_draw: 0,
            columns: tables.list().into_iter().map(|(name, columns)| (name.to_owned(), names(columns))).collect(),
        }
    }

    /// What differs from the run that is already there, in words; empty if nothing does.
    #[must_use]
    pub fn differences(&self, there: &Self) -> Vec<String> {
        let compared = [
            ("schema", there.schema.to_string(), self.schema.to_string()),
            ("version", there.detente.clone(), self.detente.clone()),
            ("numeric fingerprint", short(&there.fingerprint), short(&self.fingerprint)),
            ("model", there.model.clone(), self.model.clone()),
            ("model hash", short(&there.model_hash), short(&self.model_hash)),
            ("seed", there.seed.to_string(), self.seed.to_string()),
            ("points", there.points.to_string(), self.points.to_string()),
            ("replications", there.replications.to_string(), self.replications.to_string()),
            ("trace", there.trace.clone(), self.trace.clone()),
            ("noise", there.noise.to_string(), self.noise.to_string()),
            ("replications per draw", there.per_draw.max(1).to_string(), self.per_draw.max(1).to_string()),
        ];
        let differ = compared.into_iter().filter(|(_, there, here)| there != here);
        let mut list: Vec<_> =
            differ.map(|(what, there, here)| format!("{what} is {there} there, {here} here")).collect();
        if list.is_empty() && self != there {
            let design = self.design_hash != there.design_hash;
            list.push(if design { "the design differs" } else { "the columns differ" }.to_owned());
        }
        list
    }
}

impl Identity {
    /// Hash of the identity: what parts carry.
    #[must_use]
    pub fn digest(&self) -> String {
        hash(&serde_json::to_string(self).expect("an identity has text keys and numbers only"))
    }
}

fn short(hash: &str) -> String {
    hash.chars().take(8).collect()
}

/// blake3 of a text, hex.
#[must_use]
pub fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// The manifest of a run directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What run it is.
    pub run: Identity,
    /// Which shard of the run it is and of how many; absent for a whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<[u64; 2]>,
    /// Jobs of the plan, or of the shard.
    pub planned: u64,
    /// Jobs whose rows are in the files below.
    pub done: u64,
    /// Jobs among them that failed.
    pub failed: u64,
    /// Every result file with its size and checksum.
    pub files: BTreeMap<String, FileEntry>,
}

impl Manifest {
    /// The manifest of a run that has not begun.
    #[must_use]
    pub fn planned(run: Identity, shard: Option<Shard>) -> Self {
        let all = run.points.saturating_mul(run.replications);
        let plan = Plan { seed: run.seed, points: run.points, replications: run.replications, ..Plan::default() };
        let planned = shard.map_or(all, |shard| {
            let jobs = shard.jobs(&plan);
            jobs.end - jobs.start
        });
        let shard = shard.map(|shard| [shard.number, shard.of]);
        Self { run, shard, planned, done: 0, failed: 0, files: BTreeMap::new() }
    }

    /// Whether every job is done and every file is there with its size. Contents are compared by `detente verify`.
    #[must_use]
    pub fn is_complete(&self, dir: &Path) -> bool {
        let there = |(name, entry): (&String, &FileEntry)| {
            fs::metadata(dir.join(name)).is_ok_and(|m| m.is_file() && m.len() == entry.bytes)
        };
        self.shard.is_none() && self.done == self.planned && !self.files.is_empty() && self.files.iter().all(there)
    }

    /// The manifest of a directory, if it has one.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn read(dir: &Path) -> Result<Option<Self>, RunError> {
        let path = dir.join(MANIFEST);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(FileError::on("read", path)(cause).into()),
        };
        serde_json::from_str(&text).map(Some).map_err(|cause| RunError::Manifest { path, cause })
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, disk: &Disk, dir: &Path) -> Result<(), FileError> {
        let mut text = serde_json::to_string_pretty(self).expect("a manifest has only text keys and finite numbers");
        text.push('\n');
        write_whole_on(disk, dir, MANIFEST, &text).map(|_| ())
    }
}
