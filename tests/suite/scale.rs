//! Values on the scale of points: what must come out exactly, on average, or in one direction.

use detente::engine::observer::{Move, Nobody, Observer, StepView};
use detente::engine::record::Settlement;
use detente::engine::{Coordinates, Workspace, play};
use detente::model::Model;

use crate::library::model_of;

/// Two signatories, one of them with two types, and a mediator. Nothing moves, nothing threatens, nobody errs.
const FROZEN: &str = r#"
[model]
name = "frozen"
title = "Nothing moves"
step = "month"
horizon_months = 3
aftermath_months = 24
foresight_months = 36

[state.still]
start = 0.5
range = [0, 1]

[issues.line]
options = [{ id = "held", status_quo = true }, { id = "moved" }]

[issues.trade]
options = [{ id = "shut" }, { id = "half", status_quo = true }, { id = "open" }]

[instruments.settlement]
scope = "all"
leads_to = "settled"

[endings.won]
values = { A = 0.9, B = -0.4, default = 0 }

[endings.beaten]
values = { A = -0.5, B = 0.8, default = 0 }

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
types.mild = { prior = 0.4 }
types.hard = { prior = 0.6 }
weights.mild = { line = 0.3, trade = 0.7 }
weights.hard = { line = 0.8, trade = 0.2 }
values.line = [0.61, 0.2]
values.trade = [0.05, 0.37, 1]

[actors.B]
name = "B"
role = "signatory"
patience = 0.91
weights = { line = 0.55, trade = 0.45 }
values.line = [0.13, 1]
values.trade = [0, 0.71, 0.4]

[actors.C]
name = "C"
role = "mediator"
patience = 0.99
weights = { line = 1 }
values.line = [0.29, 0.5]

[protocol]
kind = "random_proposer"
recognition = { A = 0.3, B = 0.3, C = 0.4 }
offers_per_month = 0.5

[[outcomes]]
id = "signed"
when = "signed.settlement"

[[outcomes]]
id = "rest"
when = "true"
"#;

/// Value of the status quo to A by type, B and C, from the weights and values above.
const STATUS_QUO: ([f64; 2], f64, f64) =
    ([0.3 * 0.61 + 0.7 * 0.37, 0.8 * 0.61 + 0.2 * 0.37], 0.55 * 0.13 + 0.45 * 0.71, 0.29);

fn owned(sets: &[&str]) -> Vec<String> {
    sets.iter().map(ToString::to_string).collect()
}

/// Disagreement values of the first step.
#[derive(Default)]
struct Disagreement(Vec<f64>);

impl Observer for Disagreement {
    fn step(&mut self, view: &StepView<'_>) {
        if view.step == 0 {
            self.0 = view.disagreement.to_vec();
        }
    }
}

#[test]
fn disagreement_is_worth_the_status_quo_where_nothing_moves() {
    let (a, b, c) = STATUS_QUO;
    for foresight in ["model.foresight_months=0", "model.foresight_months=7", "model.foresight_months=120"] {
        for patience in ["actors.A.patience=0.5", "actors.A.patience=0.999"] {
            let model = model_of(&[FROZEN], &owned(&[foresight, patience]));
            let mut workspace = Workspace::new(&model);
            let mut seen = [false; 2];
            for replication in 0..20 {
                let mut watch = Disagreement::default();
                let at = Coordinates { seed: 1, replication };
                let drawn = usize::from(play(&model, at, &mut workspace, &mut watch).types[0]);
                seen[drawn] = true;
                for (found, expected) in watch.0.iter().zip([a[drawn], b, c]) {
                    assert!((found - expected).abs() <= 1e-12, "{found} for {expected} with {foresight}, {patience}");
                }
            }
            assert_eq!(seen, [true, true], "both types were drawn");
        }
    }
}

/// War costs both sides something, and only the status quo may be signed: so it is.
const ONLY_THE_STATUS_QUO: &str = r#"
[rules.nothing_else]
forbid = "line > held or trade != half"

[actors.A]
war_cost = { mild = 0.1, hard = 0.1 }

[actors.B]
war_cost = 0.1

[actors.C]
no_deal_flow = 0

[protocol]
offers_per_month = 1

[behaviour]
offer_precision = 1e9
"#;

/// An attack for which there is never an occasion.
const NEVER: &str = r#"
[attacks.never]
by = "A"
target = "B"
per_year = 0
balance = 0.5
answered_by = []
victory = "won"
defeat = "beaten"
"#;

#[test]
fn a_settlement_on_the_status_quo_is_worth_the_status_quo() {
    let (a, b, c) = STATUS_QUO;
    let never = format!("{ONLY_THE_STATUS_QUO}{NEVER}");
    for overlay in [ONLY_THE_STATUS_QUO, &never] {
        for aftermath in ["model.aftermath_months=0", "model.aftermath_months=24"] {
            let model = model_of(&[FROZEN, overlay], &owned(&[aftermath]));
            let mut workspace = Workspace::new(&model);
            let mut signed = [false; 2];
            for replication in 0..60 {
                let at = Coordinates { seed: 3, replication };
                let record = play(&model, at, &mut workspace, &mut Nobody);
                // After a month of war it would be worth less.
                if record.settlement.as_ref().is_none_or(|signed| signed.step > 0) {
                    continue;
                }
                let drawn = usize::from(record.types[0]);
                signed[drawn] = true;
                for (found, expected) in record.utility.iter().zip([a[drawn], b, c]) {
                    assert!((found - expected).abs() <= 1e-12, "{found} for {expected} with {aftermath}");
                }
            }
            assert_eq!(signed, [true, true], "both types signed");
        }
    }
}

/// A asks every month for the one thing that is mildly bad for B; B errs.
const INSISTENT: &str = r#"
[model]
name = "insistent"
title = "The same demand every month"
step = "month"
horizon_months = 8
aftermath_months = 0
foresight_months = 12

[issues.demand]
options = [{ id = "refused" }, { id = "granted" }]

[instruments.settlement]
scope = "all"
leads_to = "settled"

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
weights = { demand = 1 }
values = { demand = [0, 1] }

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
weights = { demand = 1 }
values = { demand = [0.53, 0.5] }
misjudgement = { sigma = 0.05 }

[protocol]
kind = "random_proposer"
recognition = { A = 1, B = 0 }
offers_per_month = 1

[behaviour]
offer_precision = 1e9
mixing = 0

[[outcomes]]
id = "granted"
when = "signed.settlement"

[[outcomes]]
id = "refused"
when = "true"
"#;

/// Offers with their forecasts and answers.
#[derive(Default)]
struct Calibration {
    offers: u64,
    accepted: f64,
    surprise: f64,
    forecast: f64,
}

impl Observer for Calibration {
    fn on(&mut self, _step: u32, _month: f64, what: &Move<'_>) {
        match *what {
            Move::Offer { forecast, .. } => self.forecast = forecast,
            Move::Answer { yes, .. } => {
                let answer = f64::from(u8::from(yes));
                self.offers += 1;
                self.accepted += answer;
                self.surprise += answer - self.forecast;
            }
            _ => {}
        }
    }
}

/// Replications behind each mean. In each, the sum of (answer - forecast) over its offers has mean 0 if forecasts are
/// right, whatever was answered before.
const N: u64 = 3_000;

/// Mean surprise a replication, its standard error, and the share of offers accepted.
fn surprise(rho: f64) -> (f64, f64, f64) {
    let model = model_of(&[INSISTENT], &[format!("actors.B.misjudgement.rho_month={rho}")]);
    let mut workspace = Workspace::new(&model);
    let (mut sum, mut squares, mut offers, mut accepted) = (0.0, 0.0, 0, 0.0);
    for replication in 0..N {
        let mut watch = Calibration::default();
        play(&model, Coordinates { seed: 11, replication }, &mut workspace, &mut watch);
        sum += watch.surprise;
        squares += watch.surprise * watch.surprise;
        offers += watch.offers;
        accepted += watch.accepted;
    }
    let n = N as f64;
    let mean = sum / n;
    (mean, ((squares / n - mean * mean) / n).sqrt(), accepted / offers as f64)
}

#[test]
fn forecasts_of_answers_come_true_on_average_whatever_the_memory_of_errors() {
    for rho in [0.0, 0.98] {
        let (mean, error, accepted) = surprise(rho);
        assert!((0.01..0.6).contains(&accepted), "{accepted} of the offers were accepted at rho {rho}");
        assert!(mean.abs() <= 4.5 * error, "answers exceed forecasts by {mean} +- {error} at rho {rho}");
    }
}

/// A settlement that A may attack and two guarantors may answer for.
const GUARDED: &str = r#"
[params.capability]
value = 0.5
range = [0, 1]

[actors.A]
war_cost = { mild = 0.1, hard = 0.1 }

[actors.B]
war_cost = 0.1

[guarantees.first]
by = "C"
capability = { ground = "capability", air = "0.5*capability" }
size = 1
will = 0.5
tripwire = 0.1

[guarantees.second]
by = "C"
capability = { ground = 0.3, air = "0.6*capability" }
will = 0.2

[attacks.renewed]
by = "A"
target = "B"
per_year = 0.6
precision = 15
balance = 0.3
answered_by = ["first", "second"]
domains = { ground = 0.6, air = 0.4 }
victory = "won"
defeat = "beaten"

[rules.nothing_else]
forbid = "line > held or trade != half"

[protocol]
offers_per_month = 1

[behaviour]
offer_precision = 1e9
"#;

const COMBINATIONS: [&str; 5] = ["pooled", "independent", "weakest_link", "best_shot", "additive"];

/// What the first replication signs.
fn signed(sets: &[String]) -> Settlement {
    let model: Model = model_of(&[FROZEN, GUARDED], sets);
    let mut workspace = Workspace::new(&model);
    let mut sign = |replication| {
        let record = play(&model, Coordinates { seed: 5, replication }, &mut workspace, &mut Nobody);
        // The forecast of an attack is the public's: at the first step it does not depend on A's true type.
        record.settlement.clone().filter(|signed| signed.step == 0)
    };
    (0..50).find_map(&mut sign).unwrap_or_else(|| panic!("nothing was signed with {sets:?}"))
}

#[test]
fn more_capability_at_the_same_will_never_invites_an_attack() {
    for combine in COMBINATIONS {
        for compare in ["waiting", "flow"] {
            let chance = |capability: f64| {
                let mut sets = owned(&["attacks.renewed.per_year=0.6"]);
                sets.push(format!("attacks.renewed.combine={combine}"));
                sets.push(format!("attacks.renewed.compare={compare}"));
                sets.push(format!("params.capability={capability}"));
                signed(&sets).attack_prob
            };
            let chances = [0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0].map(chance);
            assert!(
                chances.is_sorted_by(|weak, strong| strong <= &(weak + 1e-15)),
                "{combine}, {compare}: {chances:?}"
            );
            assert!(chances[0] - chances[7] > 0.01, "{combine}, {compare}: nothing is deterred: {chances:?}");
        }
    }
}

#[test]
fn guarantors_without_will_are_worth_guarantors_without_means() {
    for combine in COMBINATIONS {
        let combine = format!("attacks.renewed.combine={combine}");
        let with = |more: &[&str]| signed(&[owned(&[&combine]), owned(more)].concat());
        let no_will = with(&["guarantees.first.will=-1000", "guarantees.second.will=-1000"]);
        let no_means = with(&["params.capability=0", "guarantees.second.capability.ground=0"]);
        assert!((no_will.attack_prob - no_means.attack_prob).abs() <= 1e-12, "{combine}");
        assert!((no_will.attack_prob_60m - no_means.attack_prob_60m).abs() <= 1e-12, "{combine}");
        assert!(no_will.g_hat.abs() <= 1e-12 && no_means.g_hat.abs() <= 1e-12, "{combine}");
        let both = with(&[]);
        assert!(both.attack_prob < no_will.attack_prob, "{combine}: a guarantee that is believed deters");
    }
}
