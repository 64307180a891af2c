//! Random expressions: what compiles never leaves its interval, is always a number, and does not depend on how many
//! lanes are evaluated at once. Random text never panics.

use proptest::prelude::*;

use super::*;

/// Numeric expressions over numbers of kind index, probability and share.
fn numeric() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        (0..400_u32).prop_map(|n| format!("{}", f64::from(n) / 100.0)),
        prop::sample::select(vec![
            "p",
            "p_other",
            "share",
            "index",
            "strain",
            "balance",
            "month",
            "refusals.UA",
            "four",
            "-2",
            "1e-3",
            "12",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let pair = (inner.clone(), inner.clone());
        let triple = (inner.clone(), inner.clone(), inner.clone());
        prop_oneof![
            4 => (pair.clone(), prop::sample::select(vec!["+", "-", "*"]))
                .prop_map(|((a, b), operator)| format!("({a}) {operator} ({b})")),
            1 => pair.clone().prop_map(|(a, b)| format!("({a})/max({b}, 0.01)")),
            1 => pair.clone().prop_map(|(a, b)| format!("({a})/({b})")),
            1 => inner.clone().prop_map(|a| format!("-({a})")),
            1 => (inner.clone(), -3..4_i32).prop_map(|(a, n)| format!("({a})^{n}")),
            1 => pair.clone().prop_map(|(a, b)| format!("max({a}, 0.01)^clamp({b}, -2, 2)")),
            1 => inner.clone().prop_map(|a| format!("ln(max({a}, 0.001))")),
            1 => inner.clone().prop_map(|a| format!("ln({a})")),
            1 => inner.clone().prop_map(|a| format!("sqrt(abs({a}))")),
            1 => inner.clone().prop_map(|a| format!("exp(min({a}, 5))")),
            1 => inner.clone().prop_map(|a| format!("logistic({a})")),
            1 => triple.clone().prop_map(|(a, b, c)| format!("clamp({a}, {b}, {c})")),
            2 => triple.clone().prop_map(|(a, b, c)| format!("min({a}, {b}, {c}) + max({a}, {c})")),
            2 => (triple, conditions(pair.clone().boxed()))
                .prop_map(|((a, b, c), condition)| format!("if({condition}, {a}, {b}*{c})")),
            1 => (conditions(pair.clone().boxed()), conditions(pair.clone().boxed()))
                .prop_map(|(a, b)| format!("count({a}, {b})")),
            1 => pair.prop_map(|(a, b)| format!("piecewise(nato, [1, {a}, {b}, -2])")),
            1 => Just("piecewise(force, [0.5, 1, 4])".to_owned()),
        ]
    })
    .boxed()
}

fn conditions(pair: BoxedStrategy<(String, String)>) -> BoxedStrategy<String> {
    let comparison = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    prop_oneof![
        4 => (pair.clone(), comparison).prop_map(|((a, b), sign)| format!("({a}) {sign} ({b})")),
        1 => Just("nato == moratorium".to_owned()),
        1 => Just("force >= k10 and not signed.settlement".to_owned()),
        1 => Just("US.type not in [walks] or regime != war".to_owned()),
        1 => pair.prop_map(|(a, b)| format!("({a}) in [0, 1, 2.5] or not ({b}) > 1")),
    ]
    .boxed()
}

/// Values of all variables within their ranges; numbers reach the ends often.
fn worlds() -> impl Strategy<Value = World> {
    prop::collection::vec(0.0..1.0_f64, ROWS.len() * LANES).prop_map(|draws| {
        World::filled(|index, row, lane| {
            let u = (draws[index * LANES + lane] * 1.2 - 0.1).clamp(0.0, 1.0);
            let (low, high) = (row.3.max(-1e6), row.4.min(1e6));
            let value = (low + (high - low) * u).min(high);
            if matches!(row.1, Type::Number(_)) { value } else { value.round() }
        })
    })
}

/// Whether a value lies in an interval, but for the last bits of `exp`, `ln` and powers.
fn holds(range: Interval, value: f64) -> bool {
    let slack = 1e-12 * value.abs().max(1.0);
    value.is_finite() && Interval::new(range.low - slack, range.high + slack).contains(value)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn values_are_numbers_inside_the_interval_and_lanes_equal_single_evaluation(
        text in numeric(), world in worlds(),
    ) {
        match world.compile(&text, anything()) {
            Ok(program) => {
                for value in world.run(&program) {
                    prop_assert!(holds(program.range(), value), "{text} is {value}, not in {}", program.range());
                }
            }
            Err(lines) => {
                for line in lines {
                    prop_assert!(line.starts_with("E0305") || line.contains("nested") || line.contains("characters"), "{text}: {line}");
                }
            }
        }
    }

    #[test]
    fn any_text_is_compiled_or_refused(text in "[a-z0-9.+*/^()<>=!, \\[\\]\u{2212}-]{0,60}") {
        let world = World::new();
        let _ = world.compile(&text, anything());
        let _ = names_in(&text);
    }

    #[test]
    fn any_sequence_of_words_is_compiled_or_refused(
        words in prop::collection::vec(prop::sample::select(vec![
            "p", "nato", "moratorium", "signed.settlement", "flow", "months", "foo", "1", "0", "1e308", "(", ")", "[", "]", ",", "+",
            "-", "*", "/", "^", "<", "==", "and", "or", "not", "in", "true", "if(", "min(", "ln(", "piecewise(", "count(",
        ]), 0..24),
    ) {
        let world = World::new();
        let text = words.join(" ");
        for want in [anything(), wanting(Type::Bool), wanting(Type::Choice(ChoiceId(0)))] {
            if let Ok(program) = world.compile(&text, want) {
                prop_assert!(world.run(&program).iter().all(|value| value.is_finite()), "{text}");
            }
        }
    }
}
