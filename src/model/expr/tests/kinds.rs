//! How kinds combine in expressions.

use super::*;
use Kind::{Flow, Index, Months, Neutral, Once, PerMonth, PerYear, Probability, Share, Years};

#[test]
fn kinds_combine_by_the_table() {
    let world = World::new();
    let table: &[(&str, Kind)] = &[
        ("1 + 2", Neutral),
        ("2^3", Neutral),
        ("ln(2)", Neutral),
        ("1 - p", Probability),
        ("p + p_other", Probability),
        ("p + share", Index),
        ("p + strain", Index),
        ("flow + 1", Flow),
        ("flow - flow", Flow),
        ("-flow", Flow),
        ("abs(once)", Once),
        ("min(flow, 0.1)", Flow),
        ("max(0, flow, 2)", Flow),
        ("clamp(months, 0, 12)", Months),
        ("if(p > 0.5, flow, 0)", Flow),
        ("if(p > 0.5, p, share)", Index),
        ("piecewise(nato, [0, flow, 1, flow*2])", Flow),
        ("p*p_other", Probability),
        ("share*share", Share),
        ("p*share", Index),
        ("2*flow", Flow),
        ("flow*p", Flow),
        ("strain*flow", Flow),
        ("flow/2", Flow),
        ("flow/(1 + strain)", Flow),
        ("p/2", Probability),
        ("p/(1 + p_other)", Index),
        ("1/(1 + p)", Index),
        ("1/(1 + months)", Index),
        ("flow/(1 + flow)", Index),
        ("monthly*months", Index),
        ("yearly*years", Index),
        ("flow*months", Index),
        ("yearly/12", PerMonth),
        ("monthly*12", PerYear),
        ("12*monthly", PerYear),
        ("months/12", Years),
        ("years*12", Months),
        ("months*12", Months),
        ("yearly*2", PerYear),
        ("p^2", Index),
        ("ln(1 + p)", Index),
        ("exp(p)", Index),
        ("sqrt(share)", Index),
        ("logistic(strain)", Probability),
        ("1 - exp(-monthly*months)", Index),
        ("count(p > 0.5)", Index),
    ];
    for (text, kind) in table {
        let program = world.compile(text, anything()).unwrap_or_else(|lines| panic!("{text}: {lines:?}"));
        assert_eq!(program.kind(), Some(*kind), "{text}");
    }
}

#[test]
fn a_program_has_the_kind_of_its_place() {
    let world = World::new();
    let program = world.compile("strain/2", wanting(Type::Number(PerMonth))).expect("pure numbers fit everywhere");
    assert_eq!(program.kind(), Some(PerMonth));
    let program = world.compile("yearly/12", wanting(Type::Number(PerMonth))).expect("converted");
    assert_eq!(world.run(&program)[0], 0.02);
}

#[test]
fn quantities_of_different_kinds_are_compared_never() {
    let world = World::new();
    for text in ["flow < once", "monthly == yearly", "months >= years", "p > flow"] {
        let lines = world.compile(text, wanting(Type::Bool)).expect_err(text);
        assert!(lines.len() == 1 && lines[0].starts_with("E0303 1.."), "{text}: {lines:?}");
    }
    world.compile("p > share", wanting(Type::Bool)).expect("pure numbers compare with each other");
}
