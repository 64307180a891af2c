//! Fearon (1995): the engine plays the model file, the formulas stand only here. Rows T08a, T08b and T09a of
//! `tests/cases/theory.json`.

use detente::engine::record::Record;
use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::model::Model;
use detente::source;
use serde_json::Value;

/// Replications behind each share of played wars: the standard error is .0063 at .375, so the .5 of an even split or the
/// .25 of a wrong corner is twenty errors away.
const N: u64 = 6_000;

fn case(id: &str) -> Value {
    let text = include_str!("../cases/theory.json");
    let all: Value = serde_json::from_str(text).unwrap();
    all["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn model(sets: &[(&str, f64)]) -> Model {
    let sets: Vec<String> = sets.iter().map(|(name, value)| format!("params.{name}={value}")).collect();
    source::load("fearon", &[], &sets).unwrap().model
}

fn column(model: &Model, record: &Record, id: &str) -> f64 {
    record.extra[model.outcome_columns.iter().position(|column| column.id == id).unwrap()]
}

fn first(model: &Model) -> Record {
    play(model, Coordinates { seed: 2025, replication: 0 }, &mut Workspace::new(model), &mut Nobody).clone()
}

fn share_of_wars(model: &Model, n: u64) -> f64 {
    let mut workspace = Workspace::new(model);
    let war = |replication| {
        play(model, Coordinates { seed: 7, replication }, &mut workspace, &mut Nobody).settlement.is_none()
    };
    (0..n).map(war).filter(|&war| war).count() as f64 / n as f64
}

#[test]
fn the_risk_return_trade_off_comes_out_of_play() {
    let t09a = case("T09a");
    let rows = t09a["inputs"]["p_cA_l_h"].as_array().unwrap();
    let (demands, wars) = (numbers(&t09a["expected"]["demand"]), numbers(&t09a["expected"]["P_war"]));
    for ((row, demand), war) in rows.iter().zip(demands).zip(wars) {
        let [p, cost_a, low, high] = numbers(row)[..] else { panic!("four inputs") };
        let model = model(&[("p", p), ("cost_a", cost_a), ("cost_low", low), ("cost_high", high)]);
        let record = first(&model);
        assert!((column(&model, &record, "demand") - demand).abs() <= 1e-9, "demand at {row}");
        let forecast = column(&model, &record, "p_war");
        assert!((forecast - war).abs() <= 1e-9, "P(war) {forecast} for {war} at {row}");
        let played = share_of_wars(&model, N);
        let error = (war * (1.0 - war) / N as f64).sqrt();
        assert!((played - war).abs() <= 4.5 * error, "{played} played for {war} at {row}");
    }
}

#[test]
fn the_static_demand_without_its_corner_is_not_what_the_engine_makes() {
    // Without the corner the last row would be p + (h - cA) / 2 = .65 instead of .70: one of the cases' planted errors.
    let model = model(&[("p", 0.5), ("cost_a", 0.1), ("cost_low", 0.2), ("cost_high", 0.4)]);
    let demand = column(&model, &first(&model), "demand");
    assert!((demand - 0.65).abs() > 0.04, "the corner was lost: {demand}");
}

#[test]
fn the_bargaining_range_and_its_partition_come_out_of_play() {
    let t08a = case("T08a");
    let input = |key: &str| t08a["inputs"][key].as_f64().unwrap();
    let expected = |key: &str| t08a["expected"][key].as_f64().unwrap();
    let (p, cost_a, cost_b) = (input("p"), input("cA"), input("cB"));
    let base = [("p", p), ("cost_a", cost_a), ("cost_low", cost_b), ("cost_high", cost_b)];
    let ultimatum_by_a = model(&base);
    assert!((column(&ultimatum_by_a, &first(&ultimatum_by_a), "demand") - expected("ultimatum_A")).abs() <= 1e-9);

    let sets: Vec<String> = base.iter().map(|(name, value)| format!("params.{name}={value}")).collect();
    let with = |recognition: &[&str]| {
        let sets: Vec<String> = sets.iter().cloned().chain(recognition.iter().map(ToString::to_string)).collect();
        source::load("fearon", &[], &sets).unwrap().model
    };
    let ultimatum_by_b = with(&["protocol.recognition.A=0", "protocol.recognition.B=1"]);
    assert!((column(&ultimatum_by_b, &first(&ultimatum_by_b), "demand") - expected("ultimatum_B")).abs() <= 1e-9);

    let symmetric = with(&["protocol.recognition.A=0.5", "protocol.recognition.B=0.5"]);
    let record = first(&symmetric);
    assert!((column(&symmetric, &record, "expected") - expected("nbs")).abs() <= 1e-9);
    // The best compromise splits the surplus, so half the width of the range is what the worse-off side gains.
    assert!((2.0 * record.zopa_width - (expected("hi") - expected("lo"))).abs() <= 1e-9);
}

#[test]
fn a_first_strike_advantage_closes_the_range() {
    let t08b = case("T08b");
    let rows = t08b["inputs"]["rows_pf_ps_cA_cB"].as_array().unwrap();
    let (widths, peace) = (numbers(&t08b["expected"]["width"]), numbers(&t08b["expected"]["peace"]));
    for ((row, width), peace) in rows.iter().zip(widths).zip(peace) {
        let [first_strike, second_strike, cost_a, cost_b] = numbers(row)[..] else { panic!("four inputs") };
        let model = model(&[
            ("p_first", first_strike),
            ("p_second", second_strike),
            ("cost_a", cost_a),
            ("cost_low", cost_b),
            ("cost_high", cost_b),
        ]);
        let record = first(&model);
        assert!((2.0 * record.zopa_width - width).abs() <= 1e-9, "width {} for {width}", 2.0 * record.zopa_width);
        assert_eq!(f64::from(u8::from(record.settlement.is_some())), peace, "{row}");
    }
}
