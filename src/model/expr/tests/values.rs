//! Text to value.

use super::*;

#[test]
fn expressions_have_the_values_worked_out_by_hand() {
    let world = World::new();
    let table: &[(&str, f64)] = &[
        // Precedence and associativity.
        ("1 + 2*3", 7.0),
        ("(1 + 2)*3", 9.0),
        ("7 - 2 - 1", 4.0),
        ("8/4/2", 1.0),
        ("-2^2", -4.0),
        ("(-2)^2", 4.0),
        ("2^3^2", 512.0),
        ("2^-1", 0.5),
        ("2*-3", -6.0),
        ("--2", 2.0),
        ("-2*-3", 6.0),
        ("1e-3*1e3", 1.0),
        ("1.5E+1", 15.0),
        // The same with variables, which are not folded: strain 0.5, balance 1, index -1.5, month 6.
        ("1 - 2*strain", 0.0),
        ("(1 - strain)/(strain + 0.5)", 0.5),
        ("1/(strain + 1.5)", 0.5),
        ("-balance^2", -1.0),
        ("index^2", 2.25),
        ("index^3", -3.375),
        ("(strain + 1.5)^-2", 0.25),
        ("month - strain - balance", 4.5),
        ("month - (strain - balance)", 6.5),
        ("2^(1 + strain + 0.5)", 4.0),
        ("(1 + strain)*(month - 2)*(balance + 1)", 12.0),
        // Functions.
        ("min(month, strain, balance)", 0.5),
        ("max(strain, month, balance)", 6.0),
        ("min(1 - strain, 2*strain - 0.75)", 0.25),
        ("max(0.01, strain - 1)", 0.01),
        ("clamp(month, 0, 5)", 5.0),
        ("clamp(index, strain, balance)", 0.5),
        ("abs(index)", 1.5),
        ("sqrt(month + 3)", 3.0),
        ("exp(0*month)", 1.0),
        ("ln(max(balance, 0.001))", 0.0),
        ("logistic(strain - 0.5)", 0.5),
        ("if(month > 5, 10*strain, 2)", 5.0),
        ("if(month > 6, 10*strain, 2)", 2.0),
        ("if(if(month > 5, strain > 1, strain < 1), 1, 2)", 2.0),
        ("count(month > 5, strain > 5, nato == moratorium)", 2.0),
        ("count(true, false)", 1.0),
        ("piecewise(nato, [1, 2, 4, 8])", 4.0),
        ("piecewise(nato, [1, 2, month*2, 8])", 12.0),
        ("piecewise(US.type, [0, strain])", 0.5),
        ("refusals.UA + 1", 4.0),
        ("four^2", 16.0),
        ("(4)*((month))", 24.0),
    ];
    for (text, expected) in table {
        assert_eq!(world.value(text).to_bits(), expected.to_bits(), "{text} is {}", world.value(text));
    }
}

#[test]
fn conditions_hold_or_not_as_read() {
    let world = World::new();
    let table: &[(&str, bool)] = &[
        ("true", true),
        ("not true", false),
        ("true or true and false", true),
        ("(true or true) and false", false),
        ("not false and false", false),
        ("not (false and false)", true),
        ("not not true", true),
        ("1 < 2", true),
        ("2 <= 2 and 2 >= 2", true),
        ("2 != 2 or 2 == 3", false),
        ("not 1 > 2", true),
        ("1 + 1 == 2", true),
        ("month == 6", true),
        ("6 > month", false),
        ("6 >= month", true),
        ("2*strain < 1 + balance", true),
        // nato moratorium, force k30, US.type walks, regime war, offered_by RU, refused_by RU.
        ("nato == moratorium", true),
        ("moratorium == nato", true),
        ("(nato) == (moratorium)", true),
        ("force >= k10", true),
        ("k30 <= force", true),
        ("force > k30", false),
        ("US.type == walks", true),
        ("regime != war", false),
        ("offered_by == RU", true),
        ("offered_by == refused_by", true),
        ("nato in [member, moratorium]", true),
        ("nato not in [member, moratorium]", false),
        ("force > none and nato not in [member, neutral]", true),
        ("month in [3, 6, 9]", true),
        ("month not in [3, -6]", true),
        ("2 in [1, 2]", true),
        ("signed.settlement and not regime == settled", true),
        ("if(month > 5, strain < 1, strain > 1)", true),
        ("strain^0.5*strain^0.5 - strain < 1e-9", true),
    ];
    for (text, expected) in table {
        let program = world.compile(text, wanting(Type::Bool)).unwrap_or_else(|lines| panic!("{text}: {lines:?}"));
        assert_eq!(world.run(&program)[0], f64::from(*expected), "{text}");
    }
}

#[test]
fn a_member_alone_fits_where_its_choice_is_wanted() {
    let world = World::new();
    let program = world.compile("truce", wanting(Type::Choice(ChoiceId(3)))).expect("truce is a regime");
    assert_eq!((program.constant(), program.ty()), (Some(1.0), Type::Choice(ChoiceId(3))));
}

#[test]
fn a_choice_is_the_same_whether_its_condition_holds_in_all_lanes_in_some_or_in_none() {
    let months = [2.0, 4.0, 8.0, 16.0];
    for (text, branches) in [
        ("if(month > 5, strain*month, 2 - month)", |m: f64| if m > 5.0 { 0.5 * m } else { 2.0 - m }),
        ("1 + if(month > 1, if(month > 5, month, -month), 3)", |m: f64| 1.0 + if m > 5.0 { m } else { -m }),
        ("if(month > 99, month, if(month < 3, 7, month)) - 1", |m: f64| if m < 3.0 { 6.0 } else { m - 1.0 }),
    ] as [(&str, fn(f64) -> f64); 3]
    {
        let world = World::filled(|_, row, lane| if row.0 == "month" { months[lane % 4] } else { row.5 });
        let program = world.compile(text, anything()).expect(text);
        for (lane, value) in world.run(&program).into_iter().enumerate() {
            assert_eq!(value, branches(months[lane % 4]), "{text}, lane {lane}");
        }
    }
}

#[test]
fn an_operation_on_a_slot_is_the_same_whatever_its_other_operand_and_wherever_the_slot_stands() {
    let world = World::new();
    let lanes = |name: &str| world.run(&world.compile(name, anything()).expect(name));
    let (strain, balance, month) = (lanes("strain"), lanes("balance"), lanes("month"));
    for (text, expected) in [
        ("strain - 2", |s, _, _| s - 2.0),
        ("2 - strain", |s, _, _| 2.0 - s),
        ("index/(1 + strain)", |s, _, _| -1.5 / (1.0 + s)),
        ("strain*index", |s, _, _| s * -1.5),
        ("strain - balance", |s, b, _| s - b),
        ("3/(month + 1)", |_, _, m| 3.0 / (m + 1.0)),
        ("max(balance, 0)", |_, b, _| if b < 0.0 { 0.0 } else { b }),
        ("min(1, balance)", |_, b, _| if b < 1.0 { b } else { 1.0 }),
        ("(strain + 1)^balance", |s, b, _| crate::num::pow(s + 1.0, b)),
        ("month + balance*(strain - month)", |s, b, m| m + b * (s - m)),
    ] as [(&str, fn(f64, f64, f64) -> f64); 10]
    {
        let program = world.compile(text, anything()).expect(text);
        for (lane, value) in world.run(&program).into_iter().enumerate() {
            assert_eq!(value, expected(strain[lane], balance[lane], month[lane]), "{text}, lane {lane}");
        }
    }
    // The last slot ends before a block does.
    let last = world.compile("count(signed.settlement, signed.settlement)", anything()).expect("sound");
    assert!(world.run(&last).iter().all(|value| [0.0, 2.0].contains(value)));
}

#[test]
fn constants_are_folded_and_simple_operands_taken_directly() {
    let world = World::new();
    let table: &[(&str, usize, usize)] = &[
        ("2*3 + 4^2", 1, 1),
        ("four*2", 1, 1),
        ("piecewise(nato, [1, 1 + 1, 3, 4])", 2, 1),
        ("nato in [member, neutral]", 2, 1),
        ("1 - strain", 2, 1),
        ("p*strain", 2, 1),
        ("(1 - strain)*(2 + balance)", 5, 2),
        ("p*(1 - strain)", 3, 1),
        ("max(0.01, 1 - strain, 2*balance)", 6, 2),
        ("strain^2", 2, 1),
        ("if(month > 5, strain, 2*balance)", 7, 3),
    ];
    for (text, ops, depth) in table {
        let want = if text.contains(" in ") { wanting(Type::Bool) } else { anything() };
        let program = world.compile(text, want).expect(text);
        assert_eq!((program.op_count(), program.stack_depth()), (*ops, *depth), "{text}: {program:?}");
    }
    assert_eq!(world.compile("2*3 + 4^2", anything()).expect("sound").constant(), Some(22.0));
    assert_eq!(world.compile("strain", anything()).expect("sound").constant(), None);
}

#[test]
fn a_program_tells_what_it_reads_when_it_is_known_and_what_it_can_produce() {
    let world = World::new();
    let program = world.compile("p*(month + month) + if(force > none, p, 0)", anything()).expect("sound");
    assert_eq!(program.reads().len(), 3);
    assert!(program.reads().is_sorted());
    assert_eq!((program.stage(), program.kind()), (Stage::Package, Some(Kind::Index)));
    assert_eq!(program.range(), Interval::new(0.0, 73.0));
    assert!(program.reads_lanes());
    let stages = [("four", Stage::Constant), ("p", Stage::Replication), ("strain*p", Stage::Step)];
    for (text, stage) in stages {
        assert_eq!(world.compile(text, anything()).expect(text).stage(), stage);
    }
}

#[test]
fn intervals_are_tight() {
    let world = World::new();
    let e = crate::num::exp(1.0);
    let table: &[(&str, f64, f64)] = &[
        ("strain - balance", -3.0, 4.2),
        ("strain*balance", 1.2 * -3.0, 1.2 * 3.0),
        ("balance^2", 0.0, 9.0),
        ("balance^3", -27.0, 27.0),
        ("abs(balance)", 0.0, 3.0),
        ("abs(balance - 4)", 1.0, 7.0),
        ("max(strain, 0.01)", 0.01, 1.2),
        ("clamp(balance, -1, 0.5)", -1.0, 0.5),
        ("1/(1 + month)", 1.0 / 37.0, 1.0),
        ("exp(p)", 1.0, e),
        ("logistic(wide)", 0.0, 1.0),
        ("if(month > 40, 1, strain)", 0.0, 1.2),
        ("if(month > 20, 3, strain)", 0.0, 3.0),
        ("piecewise(nato, [1, strain, -2, 0])", -2.0, 1.2),
        ("count(month > 3, month > 40, month < 40)", 1.0, 2.0),
        ("2^balance", 0.125, 8.0),
        ("(1 - p)*p_other", 0.0, 1.0),
        ("wide*0", 0.0, 0.0),
        ("wide + 1", f64::NEG_INFINITY, f64::INFINITY),
        ("max(wide, 1)", 1.0, f64::INFINITY),
        ("1/max(wide, 1)", 0.0, 1.0),
    ];
    for (text, low, high) in table {
        let range = world.compile(text, anything()).unwrap_or_else(|lines| panic!("{text}: {lines:?}")).range();
        assert_eq!(range, Interval::new(*low, *high), "{text}");
    }
}

#[test]
fn no_lanes_means_nothing_is_read_or_written() {
    let world = World::new();
    let program = world.compile("strain + p", anything()).expect("sound");
    program.eval(Frame { scalars: &[], lanes: &[], stride: 0 }, 0, &mut [], &mut Stack::with_depth(1));
}

#[test]
fn a_constant_program_needs_no_text() {
    let program = Program::from_constant(0.25, Kind::Share);
    assert_eq!((program.constant(), program.kind(), program.stage()), (Some(0.25), Some(Kind::Share), Stage::Constant));
    assert!(program.reads().is_empty());
    assert_eq!(World::new().run(&program), vec![0.25; LANES]);
}

#[test]
fn programs_travel_between_threads() {
    fn travels<T: Send + Sync + Clone + std::fmt::Debug + PartialEq>() {}
    travels::<Program>();
}
