//! What one replication costs: `cargo bench --bench replication [-- MODEL...]`.
//!
//! Prints the size of each model and the milliseconds of one core per replication, so that figures stay comparable as
//! models grow. Seconds are noisy: for a change of a few per cent count instructions instead, with
//! `valgrind --tool=callgrind target/release/deps/replication-* MODEL`.

use std::time::Instant;

use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::source;

/// Replications that warm the caches, and that are counted.
const WARM: u64 = 5;
const COUNTED: u64 = 60;

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at the clock; nothing it measures enters a result")]
fn main() {
    let mut names: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    if names.is_empty() {
        names = vec!["ukraine-2025".to_owned(), "fearon".to_owned()];
    }
    println!("model,actors,levers,states,packages,projected_steps,replications,ms_per_replication");
    for name in names {
        let loaded = match source::load(&name, &[], &[]) {
            Ok(loaded) => loaded,
            Err(error) => {
                eprintln!("{name}: {error}");
                std::process::exit(3);
            }
        };
        let model = &loaded.model;
        let mut workspace = Workspace::new(model);
        for replication in 0..WARM {
            play(model, Coordinates { seed: 1, replication }, &mut workspace, &mut Nobody);
        }
        let start = Instant::now();
        for replication in WARM..WARM + COUNTED {
            play(model, Coordinates { seed: 1, replication }, &mut workspace, &mut Nobody);
        }
        let each = start.elapsed().as_secs_f64() * 1e3 / COUNTED as f64;
        println!(
            "{},{},{},{},{},{},{COUNTED},{each:.3}",
            model.spec.model.name.text,
            model.actors.len(),
            model.levers.len(),
            model.states.len(),
            model.packages.n_candidates,
            model.clock.foresight_steps,
        );
    }
}
