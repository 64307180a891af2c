//! Signals (`core.md` 12, 13): what others learn from a lever, and what it is worth to be seen using it.

use detente::engine::observer::{Observer, StepView};
use detente::engine::{Coordinates, Workspace, play};

use crate::library::model_of;

/// A is tough or mild; B proposes. `parade` is a lever of A.
const WAR: &str = r#"
[model]
name = "signal"
title = "A signal"
step = "month"
horizon_months = 1
aftermath_months = 0
foresight_months = 12

[state.x]
start = 0
range = [-10, 10]

[issues.line]
options = [{ id = "held", status_quo = true }, { id = "moved" }]

[instruments.settlement]
scope = "all"
leads_to = "settled"

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
types.tough = { prior = 0.3 }
types.mild = { prior = 0.7 }
weights = { line = 1 }
values = { line = [0.5, 0.47] }
war_cost = { tough = "0.1 - 0.01*x", mild = "0.2" }
misjudgement = { sigma = 0.2 }

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
weights = { line = 1 }
values = { line = [0.5, 0.6] }
war_cost = 0.3

[levers.parade]
owner = "A"
target = "B"
effects = { x = 1 }
cost = { value = 0, kind = "once" }
signal = true

[protocol]
recognition = { A = 0, B = 1 }
offers_per_month = 0.3

[behaviour]
reviews_per_year = 1000
inertia = 0
lever_precision = 1e9

[[outcomes]]
id = "deal"
when = "signed.settlement"

[[outcomes]]
id = "war"
when = "true"
"#;

#[derive(Default)]
struct Watch {
    beliefs: Vec<f64>,
}

impl Observer for Watch {
    fn step(&mut self, view: &StepView<'_>) {
        self.beliefs = view.beliefs.to_vec();
    }
}

/// Belief that A is tough after the first review, by A's true type (0 tough) and the number of uses.
fn after(sets: &[&str], truth: u16) -> (f64, u32) {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let model = model_of(&[WAR], &sets);
    let mut workspace = Workspace::new(&model);
    for replication in 0..200 {
        let mut watch = Watch::default();
        let record = play(&model, Coordinates { seed: 5, replication }, &mut workspace, &mut watch);
        if record.types[0] == truth {
            return (watch.beliefs[0], record.lever_uses[0]);
        }
    }
    panic!("the type is never drawn");
}

fn bayes(tough: f64, mild: f64) -> f64 {
    let (tough, mild) = (0.99 * tough + 0.01 / 2.0, 0.99 * mild + 0.01 / 2.0);
    0.3 * tough / (0.3 * tough + 0.7 * mild)
}

const NO_OFFERS: &str = "protocol.offers_per_month=0";

#[test]
fn who_alone_gains_from_an_act_is_known_by_it() {
    let (belief, uses) = after(&[NO_OFFERS], 0);
    assert_eq!(uses, 1);
    assert!((belief - bayes(1.0, 0.0)).abs() <= 1e-12, "{belief}");
    let (belief, uses) = after(&[NO_OFFERS], 1);
    assert_eq!((belief, uses), (0.3, 0), "a review that chose nothing is not seen");
}

#[test]
fn a_lever_that_is_no_signal_teaches_nothing() {
    assert_eq!(after(&[NO_OFFERS, "levers.parade.signal=false"], 0), (0.3, 1));
}

#[test]
fn types_that_do_the_same_are_not_told_apart() {
    let same = "actors.A.war_cost={ tough = \"0.1 - 0.01*x\", mild = \"0.2 - 0.01*x\" }";
    for truth in [0, 1] {
        let (belief, uses) = after(&[NO_OFFERS, same], truth);
        assert_eq!(uses, 1);
        assert!((belief - 0.3).abs() <= 1e-12, "{belief}");
    }
    let naive = ["levers.parade.receiver=naive", "levers.parade.likelihood={ tough = 0.4, mild = 0.4 }"];
    let (belief, _) = after(&[NO_OFFERS, naive[0], naive[1]], 0);
    assert!((belief - 0.3).abs() <= 1e-12, "{belief}");
}

#[test]
fn naive_receivers_go_by_what_they_were_told() {
    let naive = ["levers.parade.receiver=naive", "levers.parade.likelihood={ tough = 0.6, mild = 0.2 }"];
    let (belief, uses) = after(&[NO_OFFERS, naive[0], naive[1]], 0);
    assert_eq!(uses, 1);
    assert!((belief - bayes(0.6, 0.2)).abs() <= 1e-12, "{belief}");
    // The other way round they are misled by the same act.
    let (belief, _) = after(&[NO_OFFERS, naive[0], "levers.parade.likelihood={ tough = 0.2, mild = 0.6 }"], 0);
    assert!((belief - bayes(0.2, 0.6)).abs() <= 1e-12, "{belief}");
}

#[test]
fn mixing_of_one_puts_every_act_down_to_chance() {
    let (belief, uses) = after(&[NO_OFFERS, "behaviour.mixing=1"], 0);
    assert_eq!(uses, 1);
    assert!((belief - 0.3).abs() <= 1e-12, "{belief}");
}

#[test]
fn to_pass_for_mild_is_worth_something_where_agreement_hangs_on_it() {
    // The lever does nothing else: tough A is less likely to be offered a yes than mild A.
    let empty = ["levers.parade.effects.x=0", "levers.parade.receiver=naive"];
    let mild = "levers.parade.likelihood={ tough = 0.1, mild = 0.9 }";
    let tough = "levers.parade.likelihood={ tough = 0.9, mild = 0.1 }";
    let none = "levers.parade.likelihood={ tough = 0.5, mild = 0.5 }";
    for truth in [0, 1] {
        assert_eq!(after(&[empty[0], empty[1], mild], truth).1, 1, "both types bluff");
        assert_eq!(after(&[empty[0], empty[1], tough], truth).1, 0, "nobody wants to pass for tough");
        assert_eq!(after(&[empty[0], empty[1], none], truth).1, 0);
        assert_eq!(after(&[empty[0], empty[1], mild, NO_OFFERS], truth).1, 0, "without talks there is nothing to gain");
    }
    let dear = "levers.parade.cost.value=5";
    assert_eq!(after(&[empty[0], empty[1], mild, dear], 0).1, 0, "a bluff has a price");
}
