//! Threats and promises (`core.md` 12): they move whom they are aimed at as far as they are believed, and a broken word
//! costs what it costs.

use detente::engine::observer::{Move, Observer, StepView};
use detente::engine::record::Record;
use detente::engine::{Coordinates, Workspace, play};
use detente::num::pow;

use crate::library::model_of;

/// A can hurt B. To have threatened is worth something to A in itself; the blow is not, and costs it.
const WAR: &str = r#"
[model]
name = "threat"
title = "A threat"
step = "month"
horizon_months = 8
aftermath_months = 0
foresight_months = 24

[state.pain]
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
weights = { line = 1 }
values = { line = [0.5, 0.6] }
war_cost = "0.6 - if(threatened.strike, 0.5, 0)"
credibility = 0.6

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
weights = { line = 1 }
values = { line = [0.5, 0.4] }
war_cost = "0.3 + 0.1*pain"

[levers.strike]
owner = "A"
target = "B"
effects = { pain = 1 }
cost = { value = 0.5, kind = "once" }
threat = { if = "month >= 3", within_months = 6, audience_cost = 0 }

[protocol]
recognition = { A = 0.5, B = 0.5 }
offers_per_month = 0

[behaviour]
reviews_per_year = 1000
inertia = 0
lever_precision = 1e9

[[outcomes]]
id = "war"
when = "true"

[[outcome_column]]
id = "broken"
value = "broken.A"

[[outcome_column]]
id = "kept"
value = "kept.A"

[[outcome_column]]
id = "credibility"
value = "credibility.A"
"#;

/// Disagreement in the first step and what was announced and called.
#[derive(Default)]
struct Watch {
    first: Vec<f64>,
    announced: Vec<u32>,
    called: Vec<(u32, bool)>,
}

impl Observer for Watch {
    fn step(&mut self, view: &StepView<'_>) {
        if view.step == 0 {
            self.first = view.disagreement.to_vec();
        }
    }

    fn on(&mut self, step: u32, _: f64, what: &Move<'_>) {
        match what {
            Move::Announced { .. } => self.announced.push(step),
            Move::Called { kept, .. } => self.called.push((step, *kept)),
            _ => {}
        }
    }
}

fn played(sets: &[&str]) -> (Record, Watch) {
    played_in(WAR, sets)
}

fn played_in(text: &str, sets: &[&str]) -> (Record, Watch) {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let model = model_of(&[text], &sets);
    let mut watch = Watch::default();
    let record = play(&model, Coordinates { seed: 3, replication: 0 }, &mut Workspace::new(&model), &mut watch).clone();
    (record, watch)
}

/// B's disagreement when A's threat stands, by A's credibility.
fn target_value(credibility: &str) -> f64 {
    let (_, watch) = played(&[credibility]);
    assert_eq!(watch.announced, [0], "it is announced at once, and stands until it is called");
    watch.first[1]
}

#[test]
fn a_threat_moves_its_target_as_far_as_it_is_believed() {
    let (_, silent) = played(&["behaviour.reviews_per_year=0"]);
    assert!(silent.announced.is_empty());
    let nobody = target_value("actors.A.credibility=0");
    assert!((nobody - silent.first[1]).abs() <= 1e-12, "{nobody} for {}", silent.first[1]);
    let (half, all) = (target_value("actors.A.credibility=0.5"), target_value("actors.A.credibility=1"));
    assert!(all < half && half < nobody - 1e-3, "{all} {half} {nobody}");
    // Pain is linear in what is believed, and B's value in pain.
    assert!((half - f64::midpoint(all, nobody)).abs() <= 1e-12);
}

#[test]
fn words_are_broken_freely_where_that_costs_nothing() {
    let (record, watch) = played(&[]);
    assert_eq!(watch.called, [(3, false)]);
    assert_eq!(record.lever_uses, [0]);
    assert_eq!(record.extra[..2], [1.0, 0.0]);
    assert!((record.extra[2] - 0.6 * 0.8).abs() <= 1e-12);
    let (quiet, _) = played(&["behaviour.reviews_per_year=0"]);
    // Having threatened was worth .5 a month for three months; nothing was paid.
    let gained: f64 = (0..3).map(|t| 0.03 * pow(0.97, f64::from(t)) * 0.5).sum();
    assert!((record.utility[0] - quiet.utility[0] - gained).abs() <= 1e-12);
    assert_eq!(record.utility[1], quiet.utility[1]);
}

#[test]
fn a_word_is_kept_where_breaking_it_costs_more() {
    let (record, watch) = played(&["levers.strike.threat.audience_cost=0.03"]);
    assert_eq!(watch.called, [(3, true)]);
    assert_eq!(record.lever_uses, [1]);
    assert_eq!(record.end_state, [1.0]);
    assert_eq!(record.extra[..2], [0.0, 1.0]);
    assert!((record.extra[2] - (0.6 + 0.1 * 0.4)).abs() <= 1e-12);
}

#[test]
fn a_broken_promise_costs_its_audience_cost_and_credibility() {
    let sets = ["levers.strike.threat.audience_cost=0.01"];
    let (record, watch) = played(&sets);
    assert_eq!(watch.called, [(3, false)], "the blow costs .015, breaking the word .01");
    let (free, _) = played(&[]);
    let paid = 0.01 * pow(0.97, 3.0);
    assert!((free.utility[0] - record.utility[0] - paid).abs() <= 1e-12);
    assert!((record.cost[0] - free.cost[0] - paid).abs() <= 1e-12);
    let (stubborn, _) = played(&["behaviour.credibility_broken=1"]);
    assert!((stubborn.extra[2] - 0.6).abs() <= 1e-12, "with a factor of 1 nothing is forgotten or learnt");
}

#[test]
fn a_threat_that_is_not_called_in_time_lapses() {
    let (record, watch) = played(&["levers.strike.threat.if=month >= 30", "levers.strike.threat.within_months=2"]);
    assert!(watch.called.is_empty());
    assert_eq!(record.extra[..2], [0.0, 0.0]);
    assert_eq!(watch.announced, [0, 3, 6], "and can be made again");
}

#[test]
fn a_lever_that_cannot_be_used_when_it_is_called_is_a_broken_word() {
    let (record, watch) = played(&["levers.strike.when=month < 2", "levers.strike.threat.audience_cost=9"]);
    assert!(watch.called.is_empty());
    assert_eq!(record.lever_uses, [0]);
    let (_, watch) = played(&["levers.strike.when=month < 2"]);
    assert_eq!(watch.called, [(3, false)]);
}

/// The same lever, promised: it helps B if B refuses nothing by month 3.
const PROMISE: &str = r#"
[actors.A]
war_cost = "0.6 - if(promised.gift, 0.5, 0)"

[levers.gift]
owner = "A"
target = "B"
effects = { pain = { add = -1, decay_per_month = 0.1 } }
cost = { value = 0.1, kind = "once" }
promise = { if = "month >= 3 and refusals.B == 0", within_months = 6, audience_cost = 0.03 }
"#;

#[test]
fn a_promise_is_worth_to_its_target_what_it_believes_of_it() {
    let watch_of = |sets: &[&str]| {
        let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
        let model = model_of(&[WAR, PROMISE], &sets);
        let mut watch = Watch::default();
        let uses = play(&model, Coordinates { seed: 3, replication: 0 }, &mut Workspace::new(&model), &mut watch)
            .lever_uses
            .clone();
        (watch, uses)
    };
    let (silent, _) = watch_of(&["behaviour.reviews_per_year=0"]);
    let (doubted, _) = watch_of(&["actors.A.credibility=0"]);
    assert_eq!(doubted.announced, [0]);
    let (believed, uses) = watch_of(&["actors.A.credibility=1"]);
    assert!((doubted.first[1] - silent.first[1]).abs() <= 1e-12);
    assert!(believed.first[1] > silent.first[1] + 1e-3);
    assert_eq!(believed.called, [(3, true)]);
    assert_eq!(uses, [0, 1]);
}

/// The war with an ultimatum of three months in the place of the threat.
fn ultimatum(unless: &str) -> String {
    WAR.replace(
        "if = \"month >= 3\", within_months = 6, audience_cost = 0",
        &format!("unless = \"{unless}\", within_months = 3, audience_cost = 0.05"),
    )
}

#[test]
fn an_ultimatum_is_carried_out_when_its_time_is_over_unless_its_demand_was_met() {
    let (record, unmet) = played_in(&ultimatum("month > 90"), &[]);
    assert_eq!((unmet.announced[0], unmet.called[0]), (0, (3, true)), "three months, not before and not after");
    assert_eq!(record.lever_uses[0] as usize, unmet.called.len(), "and what is not done is announced again");
    let (record, met) = played_in(&ultimatum("month >= 2"), &[]);
    assert!(met.called.is_empty() && record.lever_uses[0] == 0, "{:?}", met.called);
    assert_eq!((record.extra[0], record.extra[1], record.extra[2]), (0.0, 0.0, 0.6), "no word was kept or broken");
}

#[test]
fn an_ultimatum_moves_its_target_by_what_it_believes_will_happen_without_its_demand() {
    let first = |text: &str, sets: &[&str]| played_in(text, sets).1.first[1];
    let (unmet, met) = (ultimatum("month > 90"), ultimatum("month >= 2"));
    let deaf = first(&unmet, &["actors.A.credibility=0"]);
    assert!(first(&unmet, &[]) < deaf - 0.01, "{} {deaf}", first(&unmet, &[]));
    assert!((first(&met, &[]) - deaf).abs() < 1e-12, "a demand that will be met threatens nobody");
}
