//! The numeric fingerprint: equal where arithmetic is equal, so that parts of a run made on unlike machines are told
//! apart.

use crate::design::plan::Job;
use crate::engine::observer::Nobody;
use crate::engine::{Coordinates, Workspace, play};
use crate::model::compile::compile;
use crate::sink::{Outcomes, Row, Rows};
use crate::spec::problem::Problems;
use crate::spec::tree::Sources;

/// Seed of the workload.
const SEED: u64 = 2025;
/// Replications of the workload: a few milliseconds.
const REPLICATIONS: u64 = 4;

/// blake3 of the rows of a few replications of a small model, 64 hexadecimal digits.
///
/// # Panics
/// When `text` is not a valid model; callers pass one that ships and is tested.
#[must_use]
pub fn numeric(text: &str) -> String {
    let reading = crate::spec::read(&Sources::single("golden", text), &[]);
    let model = reading
        .spec
        .and_then(|spec| compile(spec, &mut Problems::default()))
        .expect("the golden model ships with the program and is tested to compile");
    let outcomes = Outcomes::new(&model, &[]);
    let mut workspace = Workspace::new(&model);
    let mut rows = Rows::new();
    for replication in 0..REPLICATIONS {
        let record = play(&model, Coordinates { seed: SEED, replication }, &mut workspace, &mut Nobody);
        let job = Job { index: replication, point: 0, replication };
        outcomes.write(&model, &Row::plain(job, SEED), Some(record), &mut rows);
    }
    blake3::hash(&rows.finish().bytes).to_hex().to_string()
}
