//! The attack decision of `core.md` 5, on registers whose hazards were computed by hand.

use crate::library::model_of;
use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::model::Model;

/// A settled register that is worth .40 a step to its attacker, and attacks worth .42, .5275, .635, .7425 and .85 at the
/// nodes of years 1, 2, 3, 5 and 8 (`core.md` 17). The lottery has tau = 0 and slope 1, so an attack wins with chance
/// L(balance) and is worth L(balance) - 100 (1 - L(balance)): e needs the odds (100 + e) / (1 - e).
const WAITING: &str = r#"
[model]
name = "waiting"
title = "Waiting for a better balance"
step = "month"
horizon_months = 1
aftermath_months = 0
foresight_months = 0

[issues.peace]
options = [{ id = "none" }, { id = "settled" }]

[instruments.settlement]
scope = "all"
leads_to = "settled"

[endings.won]
values = { A = 1, B = 0 }

[endings.beaten]
values = { A = -100, B = 1 }

[foresight]
endings = { beaten = 1 }

[actors.A]
name = "A"
role = "signatory"
patience = 0.975
weights = { peace = 1 }
values = { peace = [0.40, 0.40] }

[actors.B]
name = "B"
role = "signatory"
patience = 0.975
weights = { peace = 1 }
values = { peace = [0, 2] }

[attacks.later]
by = "A"
target = "B"
per_year = 0.6
precision = 15
balance = "if(years_ahead < 1.5, ln(100.42/0.58), if(years_ahead < 2.5, ln(100.5275/0.4725), if(years_ahead < 4, ln(100.635/0.365), if(years_ahead < 6, ln(100.7425/0.2575), ln(100.85/0.15)))))"
nodes_years = [1, 2, 3, 5, 8]
answered_by = []
win_threshold = 0
win_slope = 1
victory = "won"
defeat = "beaten"
war_months = 0
war_cost = 0
repulse_loss = 0
compare = "waiting"

[protocol]
kind = "one_offer"
recognition = { B = 1, A = 0 }

[behaviour]
offer_precision = 1e9

[[outcomes]]
id = "signed"
when = "signed.settlement"

[[outcomes]]
id = "rest"
when = "true"
"#;

fn model(sets: &[&str]) -> Model {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    model_of(&[WAITING], &sets)
}

/// A settlement that is attacked within months by an attacker who wins for certain, unless somebody answers.
const ATTACKED: &str = r#"
[model]
aftermath_months = 60

[endings.wider_war]
values = { default = -1 }

[actors.B]
values = { peace = [0, 50] }

[guarantees.shield]
by = "B"
capability.ground = 1
size = 1
will = 10
fatigue = 0.5

[attacks.later]
per_year = 100
balance = 1
answered_by = ["shield"]
escalation = "wider_war"
win_slope = 0.01
denial_share = 1
denial = 1.5

[[outcomes]]
id = "wider"
when = "ending == wider_war"

[[outcomes]]
id = "won"
when = "ending == won"

[[outcomes]]
id = "beaten"
when = "ending == beaten"

[[outcomes]]
id = "rest"
when = "true"
"#;

/// Outcome, and whether the attack was answered and successful.
fn fate(sets: &[&str]) -> (String, bool, bool) {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let model = model_of(&[WAITING, ATTACKED], &sets);
    let mut workspace = Workspace::new(&model);
    let record = play(&model, Coordinates { seed: 1, replication: 0 }, &mut workspace, &mut Nobody);
    let signed = record.settlement.as_ref().expect("both gain by the settlement");
    assert!(signed.attacked, "a hundred opportunities a year");
    (model.outcomes[record.outcome.index()].id.clone(), signed.answered, signed.lost)
}

#[test]
fn who_answers_and_with_what_decides_the_war() {
    // Balance 1 against denial 1.5 times capability 1: with an answer the attacker faces -0.5, without it +1.
    // The capability is that of the first year, whatever fatigue will have left of it by the last node.
    let bold = "attacks.later.compare=flow";
    assert_eq!(fate(&[bold, "attacks.later.precision=0", "guarantees.shield.will=-10"]), ("won".into(), false, true));
    assert_eq!(fate(&[bold, "attacks.later.precision=0"]), ("beaten".into(), true, false));
}

#[test]
fn an_answer_that_runs_out_of_control_is_an_ending_of_its_own() {
    let sure = ["attacks.later.precision=0", "guarantees.shield.escalation_risk=1"];
    assert_eq!(fate(&sure), ("wider".into(), true, false));
}

/// Forecast chance of an attack within five years and within all nodes, of the settlement that was signed.
fn forecast(model: &Model) -> (f64, f64) {
    let mut workspace = Workspace::new(model);
    let record = play(model, Coordinates { seed: 1, replication: 0 }, &mut workspace, &mut Nobody);
    let signed = record.settlement.as_ref().expect("both gain by the settlement");
    assert_eq!(signed.terms, [1]);
    (signed.attack_prob_60m, signed.attack_prob)
}

/// Only the first node: the hazard of the first year.
fn first_year(compare: &str) -> f64 {
    let compare = format!("attacks.later.compare={compare}");
    let all = forecast(&model(&[&compare])).1;
    // Without an attack in the first year the chance of an attack in the years after it is what is left.
    let later = forecast(&model(&[&compare, "attacks.later.balance=\"if(years_ahead < 1.5, 0 - 60, if(years_ahead < 2.5, ln(100.5275/0.4725), if(years_ahead < 4, ln(100.635/0.365), if(years_ahead < 6, ln(100.7425/0.2575), ln(100.85/0.15)))))\""])).1;
    1.0 - (1.0 - all) / (1.0 - later)
}

#[test]
fn an_attacker_whose_balance_rises_waits() {
    let (waiting, flow) = (first_year("waiting"), first_year("flow"));
    assert!((flow - 0.2915).abs() < 5e-5, "compared with the flow: {flow}");
    assert!((waiting - 0.1689).abs() < 5e-5, "compared with waiting: {waiting}");
}

#[test]
fn an_attacker_whose_balance_falls_hurries() {
    let falling = "attacks.later.balance=\"if(years_ahead < 1.5, ln(100.45/0.55), ln(100.1/0.9))\"";
    let hurried = forecast(&model(&[falling])).1;
    let myopic = forecast(&model(&[falling, "attacks.later.compare=flow"])).1;
    assert!(hurried >= myopic - 1e-12, "{hurried} against {myopic}");
}

#[test]
fn no_opportunity_means_no_attack() {
    assert_eq!(forecast(&model(&["attacks.later.per_year=0"])), (0.0, 0.0));
}
