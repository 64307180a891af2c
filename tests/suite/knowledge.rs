//! What actors take for true: convictions about parameters.

use crate::politics::{history, war};
use detente::engine::observer::{Observer, StepView};
use detente::engine::{Coordinates, Workspace, play};
use detente::model::Model;

/// The true drift of strength is drawn from -0.02 to 0.02 a month; somebody takes it for something else.
fn convinced(who: &str, drift: &str) -> Model {
    war(&[&format!("[actors.{who}]\nbelieves = {{ drift = {drift} }}\n")])
}

/// Disagreement values and states of every step.
#[derive(Default)]
struct Watch(Vec<(Vec<f64>, Vec<f64>)>);

impl Observer for Watch {
    fn step(&mut self, view: &StepView<'_>) {
        self.0.push((view.disagreement.to_vec(), view.states.to_vec()));
    }
}

fn first_step(model: &Model, replication: u64) -> (Vec<f64>, Vec<f64>) {
    let mut watch = Watch::default();
    play(model, Coordinates { seed: 7, replication }, &mut Workspace::new(model), &mut watch);
    watch.0.swap_remove(0)
}

#[test]
fn believing_the_truth_changes_nothing() {
    let fixed = "[params.drift]\nvalue = 0.01\n";
    let truth = history(&war(&[fixed]), 60);
    assert!(history(&war(&[fixed, "[actors.B]\nbelieves = { drift = 0.01 }\n"]), 60) == truth);
    // Numbers computed from it are computed anew, to the same bits.
    let computed = "[params.cost]\nvalue = \"0.05 + drift\"\n";
    let told = |texts: &[&str]| -> Vec<(Vec<String>, Vec<f64>)> {
        history(&war(texts), 60).into_iter().map(|(record, steps)| (steps, record.utility)).collect()
    };
    assert!(told(&[fixed, computed, "[actors.A]\nbelieves = { drift = 0.01 }\n"]) == told(&[fixed, computed]));
}

#[test]
fn who_believes_in_recovery_expects_more_of_the_war_and_the_world_does_not_change() {
    // B's war cost falls with strength, which drifts: the faster it takes the drift to be, the more disagreement is worth
    // to it. Nobody else's disagreement moves, and the state starts where it did.
    for replication in 0..10 {
        let slow = first_step(&convinced("B", "-0.02"), replication);
        let fast = first_step(&convinced("B", "0.05"), replication);
        let truth = first_step(&war(&[]), replication);
        assert!(slow.0[1] < truth.0[1] && truth.0[1] < fast.0[1], "{slow:?} {truth:?} {fast:?}");
        for other in [0, 2, 3] {
            assert_eq!((slow.0[other], fast.0[other]), (truth.0[other], truth.0[other]));
        }
        assert_eq!((&slow.1, &fast.1), (&truth.1, &truth.1));
    }
}

#[test]
fn what_is_computed_from_a_conviction_is_believed_too() {
    let computed = "[params.gain]\nvalue = \"0.1 + drift\"\n[actors.B]\nwar_cost = \"gain\"\n";
    let with = |drift: &str| {
        let belief = format!("[actors.B]\nbelieves = {{ drift = {drift} }}\n");
        first_step(&war(&[computed, &belief]), 3).0[1]
    };
    assert!(with("0.1") < with("-0.05"), "a dearer war is worth less");
}

#[test]
fn a_constant_that_somebody_doubts_reaches_what_was_computed_from_it() {
    // A constant would be folded into the programs that read it.
    let fixed = "[params.drift]\nvalue = 0.01\n[actors.B]\nwar_cost = \"0.1 + 2*drift\"\n";
    let with = |belief: &str| first_step(&war(&[fixed, belief]), 3).0[1];
    assert!(with("[actors.B]\nbelieves = { drift = 0.04 }\n") < with(""));
}

#[test]
fn the_realised_war_costs_what_it_costs() {
    // Nobody talks: what is lived through does not depend on what anybody takes for true.
    let silence = "[protocol]\noffers_per_month = 0\n";
    let cost = |belief: &str| {
        let told = history(&war(&[silence, belief]), 10);
        told.into_iter().map(|(record, _)| (record.cost, record.end_state)).collect::<Vec<_>>()
    };
    assert_eq!(cost("[actors.B]\nbelieves = { drift = 0.1 }\n"), cost(""));
}
