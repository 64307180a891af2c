//! Text to message: `code start..end message | hint`, columns from 1 in the expression, the end excluded.

use super::*;

/// An expression and the problems expected.
type Case = (&'static str, &'static [&'static str]);

fn check(cases: &[Case], want: Want) {
    let world = World::new();
    for (text, expected) in cases {
        let found = world.compile(text, want).expect_err(text);
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn mistakes_of_grammar_are_shown_where_they_are() {
    let cases: &[Case] = &[
        ("", &["E0301 1..1 the expression is empty"]),
        ("  ", &["E0301 3..3 the expression is empty"]),
        ("1 +", &["E0301 4..4 the expression ends where a value is needed"]),
        ("(1 + 2", &["E0301 7..7 the expression ends where `)` is needed"]),
        ("1 + 2)", &["E0301 6..7 `)` found where an operator or the end is needed"]),
        ("1 2", &["E0301 3..4 `2` found where an operator or the end is needed"]),
        ("strain strain", &["E0301 8..14 `strain` found where an operator or the end is needed"]),
        ("a = b", &["E0301 3..4 `=` is not part of the expression language | write `==` to compare"]),
        ("p = 1", &["E0301 3..4 `=` is not part of the expression language | write `==` to compare"]),
        ("p && p", &["E0301 3..5 `&&` is not part of the expression language | write `and`"]),
        ("5x", &["E0301 1..3 `5x` is not a number | write 5*x for a product; names begin with a letter"]),
        ("1_000*p", &["E0301 1..6 `1_000` is not a number | write 1000"]),
        (".5", &["E0301 1..3 `.5` is not a number | write 0.5"]),
        (
            "5.",
            &["E0301 1..3 `5.` is not a number | write digits on both sides of one decimal point, as in 0.5 or 1e-3"],
        ),
        (
            "1.2.3",
            &[
                "E0301 1..6 `1.2.3` is not a number | write digits on both sides of one decimal point, as in 0.5 or 1e-3",
            ],
        ),
        ("1e999", &["E0301 1..6 `1e999` is too large for a number"]),
        (
            "2 \u{2212} 1",
            &[
                "E0301 3..6 `\u{2212}` is not part of the expression language | write the minus sign of the keyboard, `-`",
            ],
        ),
        ("strain \u{2264} 1", &["E0301 8..11 `\u{2264}` is not part of the expression language | write `<=`"]),
        ("p ** 2", &["E0301 3..5 `**` is not part of the expression language | write `^`"]),
        ("\"a\"", &["E0301 1..2 `\"` is not part of the expression language | names and options stand without quotes"]),
        ("1 < 2 < 3", &["E0301 7..8 comparisons cannot be chained | write 1 < 2 and 2 < 3"]),
        ("month >= 1 == true", &["E0301 12..14 comparisons cannot be chained | write month >= 1 and 1 == true"]),
        ("strain[0]", &["E0301 7..8 `[` found where an operator or the end is needed"]),
        (
            "[1, 2]",
            &["E0301 1..2 `[` found where a value is needed | lists stand after `in` and in piecewise(issue, [..])"],
        ),
        ("nato in []", &["E0301 9..11 the list is empty"]),
        ("nato in moratorium", &["E0301 9..19 `moratorium` found where a list such as [a, b] is needed"]),
        ("if(true, 1)", &["E0301 1..12 `if` takes 3 arguments, 2 given | write if(condition, a, b)"]),
        ("max(1)", &["E0301 1..7 `max` takes at least 2 arguments, 1 given"]),
        ("min()", &["E0301 1..6 `min` takes at least 2 arguments, 0 given"]),
        ("clamp(1, 2)", &["E0301 1..12 `clamp` takes 3 arguments, 2 given | write clamp(x, low, high)"]),
        ("ln(1, 2)", &["E0301 1..9 `ln` takes 1 argument, 2 given"]),
        ("count()", &["E0301 1..8 `count` takes at least 1 argument, 0 given"]),
        (
            "piecewise(nato)",
            &["E0301 15..16 `)` found where `,` and a list is needed | write piecewise(issue, [a, b, ..])"],
        ),
        ("piecewise(nato, 1, 2)", &["E0301 17..18 `1` found where a list such as [a, b] is needed"]),
        ("nato not moratorium", &["E0301 10..20 `moratorium` found where `in` is needed"]),
        ("month > 1 == false", &["E0301 11..13 comparisons cannot be chained | write month > 1 and 1 == false"]),
        (
            "piecewise(nato, [1, 2])",
            &[
                "E0301 1..24 `nato` has 4 members, the list has 2 entries | members: member, open_door, moratorium, neutral",
            ],
        ),
    ];
    check(cases, anything());
}

#[test]
fn unknown_names_are_all_reported_with_what_may_have_been_meant() {
    let cases: &[Case] = &[
        (
            "sin(1)",
            &[
                "E0302 1..4 unknown function `sin` | functions: if, min, max, clamp, abs, sqrt, exp, ln, logistic, count, piecewise",
            ],
        ),
        ("sqr(2)", &["E0302 1..4 unknown function `sqr` | did you mean `sqrt`?"]),
        (
            "stian + blance*2 + stian",
            &[
                "E0302 1..6 unknown name `stian` | did you mean `strain`?",
                "E0302 9..15 unknown name `blance` | did you mean `balance`?",
            ],
        ),
        ("nato == moratorum", &["E0302 9..18 `moratorum` is not a member of `nato` | did you mean `moratorium`?"]),
        (
            "nato == peace",
            &["E0302 9..14 `peace` is not a member of `nato` | members: member, open_door, moratorium, neutral"],
        ),
        ("moratorium", &["E0302 1..11 unknown name `moratorium` | it is a member of `nato`: write nato == moratorium"]),
        ("k30 > 1", &["E0302 1..4 unknown name `k30` | it is a member of `force`: write force == k30"]),
        (
            "nato in [member, k30]",
            &["E0302 18..21 `k30` is not a member of `nato` | members: member, open_door, moratorium, neutral"],
        ),
        ("force >= monthx", &["E0302 10..16 `monthx` is not a member of `force` | members: none, k10, k30"]),
        ("foo == bar", &["E0302 1..4 unknown name `foo`", "E0302 8..11 unknown name `bar`"]),
        (
            "US.typ == walks",
            &[
                "E0302 1..7 unknown name `US.typ` | did you mean `US.type`?",
                "E0302 11..16 unknown name `walks` | it is a member of `US.type`: write US.type == walks",
            ],
        ),
        ("qqqqq", &["E0302 1..6 unknown name `qqqqq`"]),
        (
            "(a_very_long_name_that_nobody_would_write + another_one_of_these) == nato",
            &[
                "E0302 2..42 unknown name `a_very_long_name_that_nobody_would_write`",
                "E0302 45..65 unknown name `another_one_of_these`",
            ],
        ),
    ];
    check(cases, anything());
}

#[test]
fn kinds_that_do_not_match_are_named_with_a_conversion() {
    let cases: &[Case] = &[
        (
            "yearly + monthly",
            &[
                "E0303 1..17 `yearly` is per_year, `monthly` is per_month: `+` needs equal kinds | to make per_year of per_month, multiply by 12",
            ],
        ),
        (
            "flow + months",
            &[
                "E0303 1..14 `flow` is flow, `months` is months: `+` needs equal kinds | divide each by a quantity of its own kind to get pure numbers, or correct a unit",
            ],
        ),
        (
            "max(flow, once, 1)",
            &[
                "E0303 1..19 `flow` is flow, `once` is once: `max` needs equal kinds | divide each by a quantity of its own kind to get pure numbers, or correct a unit",
            ],
        ),
        (
            "if(true, flow, worth)",
            &[
                "E0303 1..22 `flow` is flow, `worth` is present_value: `if` needs equal kinds | divide each by a quantity of its own kind to get pure numbers, or correct a unit",
            ],
        ),
        (
            "flow > months",
            &[
                "E0303 1..14 `flow` is flow, `months` is months: `>` needs equal kinds | divide each by a quantity of its own kind to get pure numbers, or correct a unit",
            ],
        ),
        (
            "exp(months)",
            &["E0303 5..11 `months` is months, `exp` needs a pure number | divide it by a quantity of kind months"],
        ),
        ("flow^2", &["E0303 1..5 `flow` is flow, `^` needs a pure number | divide it by a quantity of kind flow"]),
        (
            "2^months",
            &[
                "E0303 3..9 `months` is months, the exponent of `^` needs a pure number | divide it by a quantity of kind months",
            ],
        ),
        (
            "sqrt(flow)",
            &["E0303 6..10 `flow` is flow, `sqrt` needs a pure number | divide it by a quantity of kind flow"],
        ),
        (
            "p + flow",
            &[
                "E0303 1..9 `p` is probability, `flow` is flow: `+` needs equal kinds | divide each by a quantity of its own kind to get pure numbers, or correct a unit",
            ],
        ),
        (
            "clamp(flow, 0, months)",
            &[
                "E0303 1..23 `flow` is flow, `months` is months: `clamp` needs equal kinds | divide each by a quantity of its own kind to get pure numbers, or correct a unit",
            ],
        ),
    ];
    check(cases, anything());
}

#[test]
fn every_domain_is_proved_or_refused_with_the_interval() {
    let cases: &[Case] = &[
        (
            "ln(balance)",
            &[
                "E0305 4..11 `balance` lies in [-3, 3], the argument of ln must be above 0 | write ln(max(balance, 0.001))",
            ],
        ),
        (
            "ln(strain*2 - 1)",
            &[
                "E0305 4..16 `strain*2 - 1` lies in [-1, 1.4], the argument of ln must be above 0 | write ln(max(strain*2 - 1, 0.001))",
            ],
        ),
        (
            "sqrt(balance)",
            &[
                "E0305 6..13 `balance` lies in [-3, 3], the argument of sqrt must not be negative | write sqrt(max(balance, 0))",
            ],
        ),
        (
            "1/balance",
            &["E0305 3..10 `balance` lies in [-3, 3], the divisor must never be 0 | write 1/max(balance, 0.001)"],
        ),
        (
            "1/strain",
            &["E0305 3..9 `strain` lies in [0, 1.2], the divisor must never be 0 | write 1/max(strain, 0.001)"],
        ),
        (
            "p/(strain - 1.2)",
            &[
                "E0305 4..16 `strain - 1.2` lies in [-1.2, 0], the divisor must never be 0 | write p/min(strain - 1.2, -0.001)",
            ],
        ),
        ("1/0", &["E0305 3..4 `0` is 0, the divisor must never be 0"]),
        (
            "balance^0.5",
            &[
                "E0305 1..8 `balance` lies in [-3, 3], the base of a power with exponent 0.5 must not be negative | write max(balance, 0)^0.5",
            ],
        ),
        (
            "balance^-1",
            &[
                "E0305 1..8 `balance` lies in [-3, 3], the base of a power with a negative exponent must never be 0 | write max(balance, 0.001)^(-1)",
            ],
        ),
        (
            "strain^balance",
            &[
                "E0305 1..7 `strain` lies in [0, 1.2], the base of a power with a negative exponent must never be 0 | write max(strain, 0.001)^balance",
            ],
        ),
        (
            "balance^p",
            &[
                "E0305 1..8 `balance` lies in [-3, 3], the base of a power with an exponent in [0, 1] must not be negative | write max(balance, 0)^p",
            ],
        ),
        (
            "exp(wide)",
            &[
                "E0305 5..9 `wide` lies in [-inf, inf], the argument of exp must not exceed 700 | write exp(min(wide, 700))",
            ],
        ),
        (
            "exp(1e4*strain)",
            &[
                "E0305 5..15 `1e4*strain` lies in [0, 12000], the argument of exp must not exceed 700 | write exp(min(1e4*strain, 700))",
            ],
        ),
        (
            "1e200*1e200*month",
            &["E0305 1..12 `1e200*1e200` can become too large for a number | bound its parts with clamp"],
        ),
        (
            "1e300*(1e10*month)",
            &["E0305 1..19 `1e300*(1e10*month)` can become too large for a number | bound its parts with clamp"],
        ),
        (
            "if(balance > 0, ln(balance), 0)",
            &[
                "E0305 20..27 `balance` lies in [-3, 3], the argument of ln must be above 0 | write ln(max(balance, 0.001))",
            ],
        ),
        ("0^-1", &["E0305 1..2 `0` is 0, the base of a power with a negative exponent must never be 0"]),
        ("(-8)^(1/3)", &["E0305 2..4 `-8` is -8, the base of a power with exponent 0.333333 must not be negative"]),
        (
            "ln((balance*2))",
            &[
                "E0305 5..14 `balance*2` lies in [-6, 6], the argument of ln must be above 0 | write ln(max(balance*2, 0.001))",
            ],
        ),
        (
            "ln(\n  balance)",
            &[
                "E0305 7..14 `balance` lies in [-3, 3], the argument of ln must be above 0 | write ln(max(balance, 0.001))",
            ],
        ),
    ];
    check(cases, anything());
}

#[test]
fn conditions_numbers_and_choices_are_told_apart() {
    let cases: &[Case] = &[
        (
            "1 + (nato == member)",
            &["E0308 6..20 `nato == member` is a condition, `+` needs a number | write if(nato == member, 1, 0)"],
        ),
        ("nato + 1", &["E0308 1..5 `nato` is a choice, `+` needs a number | compare it, as in nato == member"]),
        ("not month", &["E0308 5..10 `month` is a number, `not` needs a condition | compare it, as in month > 0"]),
        ("month and true", &["E0308 1..6 `month` is a number, `and` needs a condition | compare it, as in month > 0"]),
        (
            "nato and true",
            &["E0308 1..5 `nato` is a choice, `and` needs a condition | compare it, as in nato == member"],
        ),
        ("nato == 2", &["E0308 9..10 `2` is not a member of `nato` | members: member, open_door, moratorium, neutral"]),
        (
            "nato == force",
            &["E0308 1..14 `nato` and `force` are different choices | compare a choice with its own members"],
        ),
        (
            "nato == month",
            &["E0308 9..14 `month` is not a member of `nato` | members: member, open_door, moratorium, neutral"],
        ),
        (
            "true == true",
            &[
                "E0308 1..5 `true` is a condition, `==` compares numbers or members of a choice | a condition stands alone; join conditions with `and`, `or`, `not`",
            ],
        ),
        ("month in [1, p]", &["E0308 14..15 `p` is not a number literal, as lists after `in` need | write month == p"]),
        (
            "nato in [1, member]",
            &["E0308 10..11 `1` is not a member of `nato` | members: member, open_door, moratorium, neutral"],
        ),
        (
            "nato in [nato, member]",
            &["E0308 10..14 `nato` is not a member of `nato` | members: member, open_door, moratorium, neutral"],
        ),
        (
            "piecewise(month, [1, 2])",
            &[
                "E0308 11..16 `month` is not a choice, `piecewise` needs one | write piecewise(issue, [a, b, ..]) with one entry an option",
            ],
        ),
        ("count(month)", &["E0308 7..12 `month` is a number, `count` needs a condition | compare it, as in month > 0"]),
        (
            "if(month, 1, 2)",
            &[
                "E0308 4..9 `month` is a number, the first argument of `if` needs a condition | compare it, as in month > 0",
            ],
        ),
        ("if(true, 1, true)", &["E0308 13..17 `true` is a condition, `if` needs a number | write if(true, 1, 0)"]),
        ("-nato", &["E0308 2..6 `nato` is a choice, `-` needs a number | compare it, as in nato == member"]),
        ("abs(true)", &["E0308 5..9 `true` is a condition, `abs` needs a number | write if(true, 1, 0)"]),
        (
            "month > 1",
            &["E0308 1..10 `month > 1` is a condition, this place needs a number | write if(month > 1, 1, 0)"],
        ),
        ("nato", &["E0308 1..5 `nato` is a choice, this place needs a number | compare it, as in nato == member"]),
    ];
    check(cases, anything());
}

#[test]
fn independent_problems_of_one_expression_are_all_reported() {
    let cases: &[Case] = &[(
        "ln(balance) + sqrt(balance) + foo + (yearly + monthly)",
        &[
            "E0302 31..34 unknown name `foo`",
            "E0303 38..54 `yearly` is per_year, `monthly` is per_month: `+` needs equal kinds | to make per_year of per_month, multiply by 12",
            "E0305 4..11 `balance` lies in [-3, 3], the argument of ln must be above 0 | write ln(max(balance, 0.001))",
            "E0305 20..27 `balance` lies in [-3, 3], the argument of sqrt must not be negative | write sqrt(max(balance, 0))",
        ],
    )];
    check(cases, anything());
}

#[test]
fn a_name_known_only_later_is_refused_with_both_moments() {
    let early = |stage| Want { stage, ..anything() };
    check(
        &[
            (
                "month + p",
                &[
                    "E0304 1..6 `month` is known only in a step, but this is computed when parameters are drawn | use numbers and parameters only",
                ],
            ),
            (
                "p*signed.settlement",
                &[
                    "E0304 3..20 `signed.settlement` is known only when the negotiation is over, but this is computed when parameters are drawn | use numbers and parameters only",
                ],
            ),
        ],
        early(Stage::Replication),
    );
    check(
        &[(
            "p + 1",
            &[
                "E0304 1..2 `p` is known only when parameters are drawn, but this is computed when the model is compiled | use numbers only",
            ],
        )],
        early(Stage::Constant),
    );
    check(
        &[(
            "piecewise(nato, [1, 2, 3, 4])",
            &[
                "E0304 11..15 `nato` is known only for a package of terms, but this is computed in a step | use numbers, parameters, state, derived values and types only",
            ],
        )],
        early(Stage::Step),
    );
    check(
        &[(
            "if(signed.settlement, 1, month)",
            &[
                "E0304 4..21 `signed.settlement` is known only when the negotiation is over, but this is computed for a package of terms | use what is known before the negotiation ends",
            ],
        )],
        early(Stage::Package),
    );
}

#[test]
fn a_place_refuses_other_kinds_and_types() {
    check(
        &[
            ("yearly", &["E0303 1..7 per_year found where per_month is needed | divide by 12"]),
            (
                "months",
                &[
                    "E0303 1..7 months found where per_month is needed | divide by a quantity of its own kind to get a pure number, or correct the unit of what it reads",
                ],
            ),
            (
                "flow*2",
                &[
                    "E0303 1..7 flow found where per_month is needed | divide by a quantity of its own kind to get a pure number, or correct the unit of what it reads",
                ],
            ),
            ("p > 0.5", &["E0308 1..8 `p > 0.5` is a condition, this place needs a number | write if(p > 0.5, 1, 0)"]),
            (
                "regime",
                &["E0308 1..7 `regime` is a choice, this place needs a number | compare it, as in regime == war"],
            ),
        ],
        wanting(Type::Number(Kind::PerMonth)),
    );
    check(
        &[(
            "monthly",
            &[
                "E0303 1..8 per_month found where probability is needed | multiply the rate by a duration in months, as in 1 - exp(-rate*duration)",
            ],
        )],
        wanting(Type::Number(Kind::Probability)),
    );
    check(
        &[
            ("p", &["E0308 1..2 `p` is a number, this place needs a condition | compare it, as in p > 0"]),
            (
                "regime",
                &["E0308 1..7 `regime` is a choice, this place needs a condition | compare it, as in regime == war"],
            ),
            (
                "1 + p",
                &["E0308 1..6 `1 + p` is a number, this place needs a condition | compare it, as in (1 + p) > 0"],
            ),
        ],
        wanting(Type::Bool),
    );
    check(
        &[
            ("p", &["E0308 1..2 `p` is no member of the choice that is needed here | members: war, truce, settled"]),
            (
                "peace",
                &["E0302 1..6 `peace` is no member of the choice that is needed here | members: war, truce, settled"],
            ),
            (
                "force",
                &["E0308 1..6 `force` is no member of the choice that is needed here | members: war, truce, settled"],
            ),
        ],
        wanting(Type::Choice(ChoiceId(3))),
    );
}

#[test]
fn a_value_outside_its_bounds_is_refused() {
    let bounds = Some(Interval::UNIT);
    let loose = Want { bounds, ..anything() };
    check(
        &[
            ("1.5", &["E0306 1..4 the value is 1.5, outside [0, 1]"]),
            ("p + 1.5", &["E0306 1..8 the value lies in [1.5, 2.5], wholly outside [0, 1]"]),
            ("-0.1", &["E0306 1..5 the value is -0.1, outside [0, 1]"]),
        ],
        loose,
    );
    let world = World::new();
    assert!(world.compile("2*p", loose).is_ok(), "the reader clamps what may lie inside");
    let proved = Want { must_fit: true, ..loose };
    check(
        &[
            (
                "2*p",
                &[
                    "E0306 1..4 the value can be anywhere in [0, 2], it must lie in [0, 1] | write clamp(2*p, 0, 1) or narrow the ranges in it",
                ],
            ),
            (
                "p - p_other",
                &[
                    "E0306 1..12 the value can be anywhere in [-1, 1], it must lie in [0, 1] | write clamp(p - p_other, 0, 1) or narrow the ranges in it",
                ],
            ),
            ("3", &["E0306 1..2 the value is 3, outside [0, 1]"]),
        ],
        proved,
    );
    assert!(world.compile("(1 - p)*p_other", proved).is_ok());
    assert!(world.compile("0.1 + 0.7 + 0.1 + 0.1", proved).is_ok(), "rounding is forgiven");
    let positive = Want { bounds: Some(Interval::new(0.0, f64::INFINITY)), ..proved };
    check(
        &[(
            "balance",
            &[
                "E0306 1..8 the value can be anywhere in [-3, 3], it must lie in [0, inf] | write max(balance, 0) or narrow the ranges in it",
            ],
        )],
        positive,
    );
    let small = Want { bounds: Some(Interval::new(f64::NEG_INFINITY, 1.0)), ..proved };
    check(
        &[(
            "balance",
            &[
                "E0306 1..8 the value can be anywhere in [-3, 3], it must lie in [-inf, 1] | write min(balance, 1) or narrow the ranges in it",
            ],
        )],
        small,
    );
}

#[test]
fn long_and_deep_expressions_are_refused_and_wide_ones_are_not() {
    let world = World::new();
    let long = format!("1{}", " ".repeat(4096));
    assert_eq!(
        world.compile(&long, anything()),
        Err(vec![
            "E0301 1..1 the expression has 4097 characters, at most 4096 are allowed | split it into [derived] values"
                .to_owned()
        ])
    );
    let deep = ["(", "-", "2^", "max(1, ", "not ", "nato in ["];
    for part in deep {
        let lines = world.compile(&part.repeat(300), anything()).expect_err(part);
        assert!(lines[0].contains("nested more than 64 deep") || part.starts_with("nato"), "{part}: {lines:?}");
    }
    assert_eq!(world.value(&format!("{}1{}", "(".repeat(64), ")".repeat(64))), 1.0);
    assert!(world.compile(&format!("{}1{}", "(".repeat(65), ")".repeat(65)), anything()).is_err());
    // 2,000 terms lean to the left: no pass recurses over them.
    assert_eq!(world.value(&format!("p{}", "+p".repeat(2000))), 2001.0 * 0.25);
    assert_eq!(world.value(&format!("max(p{})", ",1".repeat(2000))), 1.0);
}

#[test]
fn places_are_found_behind_every_sort_of_quote() {
    let world = World::new();
    let at = |before: u32, after: u32| {
        let text = "p + foo";
        let mut problems = Problems::default();
        let span = Span { file: FileId(7), start: 100, end: 100 + before + text.len() as u32 + after };
        let place = Place { span, path: "a.b" };
        assert!(super::super::compile(text, place, &world, anything(), &mut problems).is_none());
        problems.list[0].span.expect("placed")
    };
    let foo = |start| Span { file: FileId(7), start, end: start + 3 };
    assert_eq!(at(1, 1), foo(105), "one quote");
    assert_eq!(at(3, 3), foo(107), "three quotes");
    assert_eq!(at(4, 3), foo(108), "three quotes and a line break");
    assert_eq!(at(0, 0), foo(104), "no quotes, as in --set");
}
