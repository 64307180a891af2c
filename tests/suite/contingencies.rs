//! A backer may stay or leave (`core.md` 7): a contingency is a type of whoever may leave. Disagreement is worth its mean
//! over both paths, weighted by what is believed, and answers say how much of them that is.

use detente::engine::observer::{ANSWER_PARTS, AnswerParts, Move, Observer, StepView};
use detente::engine::{Coordinates, Workspace, play};

use crate::library::model_of;
use crate::regimes::WAR;

const BACKER: &str = r#"
[params.p_leaves]
value = 0.4
range = [0, 1]
unit = "probability"

[state.aid]
start = 1
range = [0, 1]

[actors.M.types]
stays = { prior = "1 - p_leaves" }
leaves = { prior = "p_leaves" }

[events.exit]
when = "month >= 6 and M.type == leaves"
effects = { aid = "=0" }

[actors.B]
war_cost = "0.3 - 0.1*aid"
"#;

#[derive(Default)]
struct Watch {
    first: Vec<f64>,
    answers: Vec<(usize, AnswerParts, f64)>,
}

impl Observer for Watch {
    fn step(&mut self, view: &StepView<'_>) {
        if self.first.is_empty() {
            self.first.extend_from_slice(view.disagreement);
        }
    }

    fn on(&mut self, _: u32, _: f64, what: &Move<'_>) {
        if let Move::Answer { by, value, against, parts, .. } = what {
            self.answers.push((by.index(), **parts, value - against));
        }
    }

    fn wants_parts(&self) -> bool {
        true
    }

    fn wants_steps(&self) -> bool {
        true
    }
}

fn played(chance: &str) -> Watch {
    let model = model_of(&[WAR, BACKER], &[format!("params.p_leaves={chance}")]);
    let mut watch = Watch::default();
    let mut workspace = Workspace::new(&model);
    for replication in 0..4 {
        play(&model, Coordinates { seed: 7, replication }, &mut workspace, &mut watch);
    }
    watch
}

#[test]
fn disagreement_is_the_mean_over_what_the_backer_may_do() {
    let [stays, leaves, both] = ["0", "1", "0.4"].map(|chance| played(chance).first);
    assert!(leaves[1] < stays[1] - 0.01, "whoever is backed loses by the exit: {leaves:?} {stays:?}");
    assert!((both[1] - (0.6 * stays[1] + 0.4 * leaves[1])).abs() < 1e-12, "{both:?}");
    assert!((both[0] - stays[0]).abs() < 1e-12, "A does not live on the aid");
}

#[test]
fn an_answer_names_the_fear_that_the_backer_leaves() {
    let term = ANSWER_PARTS.iter().position(|part| *part == "beliefs_about_others").unwrap();
    let [certain, open] = ["0", "0.4"].map(played);
    let of_b = |watch: &Watch| -> Vec<(AnswerParts, f64)> {
        watch.answers.iter().filter(|(who, ..)| *who == 1).map(|&(_, parts, margin)| (parts, margin)).collect()
    };
    assert!(!of_b(&certain).is_empty() && of_b(&certain).iter().all(|(parts, _)| parts[term] == 0.0));
    assert!(of_b(&open).iter().any(|(parts, _)| parts[term] > 0.01), "fear speaks for the deal: {:?}", of_b(&open));
    for (parts, margin) in of_b(&open) {
        assert!((parts.iter().sum::<f64>() - margin).abs() < 1e-9, "{parts:?} {margin}");
    }
}
