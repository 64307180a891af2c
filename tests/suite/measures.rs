//! What is only recorded (`core.md` 16): what adds up, how close a hazard came, and what stalling is in an answer.

use detente::engine::observer::{ANSWER_PARTS, AnswerParts, Move, Observer, StepView};
use detente::engine::record::Record;
use detente::engine::{Coordinates, Workspace, play};

use crate::command::detente_in;
use crate::library::model_of;
use crate::regimes::WAR;

const MEASURES: &str = r#"
[state.strain]
start = 0
range = [0, 10]
change = 0.25

[hazards.collapse]
during = ["war"]
per_month = 0
ending = "won"
distance = "(2 - strain)/0.5"

[tallies.losses]
during = ["war"]
per_month = "2 + 0*strain"
unit = "index"

[tallies.quiet]
during = ["truce", "settled"]
per_month = 1

[[outcome_column]]
id = "sum"
value = "total.losses + total.quiet"
"#;

#[derive(Default)]
struct Watch {
    distances: Vec<f64>,
    parts: Vec<AnswerParts>,
    margins: Vec<f64>,
}

impl Observer for Watch {
    fn step(&mut self, view: &StepView<'_>) {
        self.distances.extend(view.distances);
    }

    fn on(&mut self, _: u32, _: f64, what: &Move<'_>) {
        if let Move::Answer { value, against, parts, .. } = what {
            self.parts.push(**parts);
            self.margins.push(value - against);
        }
    }

    fn wants_parts(&self) -> bool {
        true
    }
}

fn played(texts: &[&str], sets: &[&str]) -> (Record, Watch) {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let model = model_of(&[&[WAR], texts].concat(), &sets);
    let mut watch = Watch::default();
    let at = Coordinates { seed: 7, replication: 0 };
    let record = play(&model, at, &mut Workspace::new(&model), &mut watch).clone();
    (record, watch)
}

const NO_DEAL: &str = "protocol.offers_per_month=0";

#[test]
fn a_tally_adds_up_in_its_regimes_alone() {
    let (war, _) = played(&[MEASURES], &[NO_DEAL]);
    assert_eq!((&war.totals[..], &war.extra[..]), (&[28.0, 0.0][..], &[28.0][..]), "two a month for 14 months of war");
    // The ceasefire is signed in the first step, which then is one of truce.
    let (truce, _) = played(&[MEASURES], &[]);
    assert_eq!((&truce.totals[..], &truce.extra[..]), (&[0.0, 14.0][..], &[14.0][..]));
    let (half, _) = played(&[MEASURES], &[NO_DEAL, "model.step=half_month"]);
    assert!((half.totals[0] - 28.0).abs() < 1e-9, "whatever the step: {}", half.totals[0]);
}

#[test]
fn what_is_only_recorded_moves_nothing() {
    let (with, _) = played(&[MEASURES], &[]);
    let (without, _) = played(&[], &[]);
    assert_eq!((with.utility, with.agreements), (without.utility, without.agreements));
}

#[test]
fn the_distance_to_a_hazard_is_seen_in_every_step_and_least_where_it_could_strike() {
    let (record, watch) = played(&[MEASURES], &[NO_DEAL]);
    assert_eq!((watch.distances.len(), watch.distances[0], watch.distances[4]), (14, 4.0, 2.0));
    assert_eq!(record.closest, [Some(4.0 - 0.5 * 13.0)]);
    let (record, _) = played(&[MEASURES], &[]);
    assert_eq!(record.closest, [Some(4.0)], "in a truce there is no collapse to be close to");
}

#[test]
fn result_tables_have_columns_for_what_a_model_measures() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("war.toml"), [WAR, MEASURES].concat()).unwrap();
    detente_in(directory.path(), &["run", "war.toml", "--reps", "3", "--noise", "0", "--set", NO_DEAL, "--out", "out"])
        .with_code(0);
    let read = |name: &str| std::fs::read_to_string(directory.path().join("out").join(name)).unwrap();
    let bytes = read("outcomes.csv");
    let mut outcomes = csv::Reader::from_reader(bytes.as_bytes());
    let place = |columns: &csv::StringRecord, name: &str| columns.iter().position(|column| column == name).unwrap();
    let columns = outcomes.headers().unwrap().clone();
    let row = outcomes.records().next().unwrap().unwrap();
    assert_eq!((&row[place(&columns, "total_losses")], &row[place(&columns, "closest_collapse")]), ("28", "-2.5"));
    assert!(read("steps.csv").lines().any(|line| line.contains("distance_collapse,p50")), "quantiles by step");
}

#[test]
fn stalling_is_a_term_of_the_answer_of_who_stalls() {
    let stalling = ANSWER_PARTS.iter().position(|part| *part == "stalling").unwrap();
    let (_, none) = played(&[], &[]);
    assert!(!none.parts.is_empty() && none.parts.iter().all(|parts| parts[stalling] == 0.0));
    let both = "[actors.A]\nstalling = { probability = 1, benefit = 0.01 }\n[actors.B]\nstalling = { probability = 1, benefit = 0.01 }";
    let (_, some) = played(&[both], &[]);
    assert!(!some.parts.is_empty());
    for (parts, margin) in some.parts.iter().zip(&some.margins) {
        assert!((parts[stalling] + 0.01).abs() < 1e-12, "{parts:?}");
        assert!(
            (parts.iter().sum::<f64>() - margin).abs() < 1e-9,
            "the terms add up to the margin: {parts:?} {margin}"
        );
    }
}
