//! What a round of a session costs: `cargo bench --bench sessions`.
//!
//! Plays 10,000 bilateral Boulware sessions of at most 100 rounds over 125 outcomes on one core, from the compiled model
//! to the rendered row of `outcomes.csv`, and prints the rounds played a second. Seconds are noisy: count instructions
//! with `valgrind --tool=callgrind target/release/deps/sessions-* 200`, whose argument is the number of sessions.

use std::time::Instant;

use detente::design::plan::Job;
use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::model::compile::compile;
use detente::sink::{Outcomes, Row, Rows};
use detente::spec;
use detente::spec::tree::Sources;

/// Sessions that are timed, unless another number is given.
const SESSIONS: u64 = 10_000;

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at the clock; nothing it measures enters a result")]
fn main() {
    let given = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let sessions: u64 = given.unwrap_or(SESSIONS);
    let mut reading = spec::read(&Sources::single("sessions.toml", include_str!("sessions.toml")), &[]);
    let model = reading.spec.take().and_then(|spec| compile(spec, &mut reading.problems));
    let Some(model) = model else {
        eprintln!("the model has errors: {:?}", reading.problems.list);
        std::process::exit(3);
    };
    let start = Instant::now();
    let mut workspace = Workspace::new(&model);
    let table = Outcomes::new(&model, &[]);
    let mut rows = Rows::new();
    let (mut rounds, mut agreed) = (0.0, 0_u64);
    for replication in 0..sessions {
        let record = play(&model, Coordinates { seed: 2025, replication }, &mut workspace, &mut Nobody);
        // An agreement in round k comes k months after the first.
        rounds += record.agreement_month.map_or(record.end_month, |month| month + 1.0);
        agreed += u64::from(record.agreement_month.is_some());
        let row = Row::plain(Job { index: replication, point: 0, replication }, 2025);
        table.write(&model, &row, Some(record), &mut rows);
    }
    let seconds = start.elapsed().as_secs_f64();
    let bytes = rows.finish().bytes.len();
    println!("sessions,outcomes,rounds,agreements,row_bytes,seconds,rounds_per_second");
    println!(
        "{sessions},{},{rounds},{agreed},{bytes},{seconds:.3},{:.0}",
        model.packages.n_candidates,
        rounds / seconds
    );
}
