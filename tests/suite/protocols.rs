//! Rules of procedure, each on a pie of size 1.

use detente::engine::observer::{Move, Observer};
use detente::engine::record::Record;
use detente::engine::{Coordinates, Workspace, play};
use detente::model::Model;
use detente::model::compile::compile;
use detente::spec;
use detente::spec::tree::Sources;

/// Two share a pie in steps of 0.001; without an agreement both have nothing.
const PIE: &str = r#"
[model]
name = "pie"
title = "A pie"
step = "round"
horizon_months = 20
aftermath_months = 0
foresight_months = 0

[params.d_a]
value = { value = 0.95, range = [0, 1] }
[params.d_b]
value = { value = 0.9, range = [0, 1] }

[issues.pie]
options = { from = 0, to = 1, step = 0.001 }

[instruments.settlement]
scope = "all"
leads_to = "settled"

[foresight]
endings = { nothing = 1 }
[endings.nothing]
values = { default = 0 }

[actors.A]
name = "A"
role = "signatory"
patience = "d_a"
weights = { pie = 1 }
values.pie = "pie"

[actors.B]
name = "B"
role = "signatory"
patience = "d_b"
weights = { pie = 1 }
values.pie = "1 - pie"

[behaviour]
offer_precision = 1e9

[protocol]
kind = "alternating_offers"

[[outcomes]]
id = "agreed"
when = "signed.settlement"
[[outcomes]]
id = "not"
when = true

[[outcome_column]]
id = "share"
value = "pie"
"#;

fn model(overlays: &[&str], sets: &[&str]) -> Model {
    let mut sources = Sources::single("pie.toml", PIE);
    for (index, overlay) in overlays.iter().enumerate() {
        sources.push(format!("overlay-{index}"), *overlay);
    }
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let mut reading = spec::read(&sources, &sets);
    let spec = reading.spec.take().unwrap_or_else(|| panic!("{:?}", reading.problems.list));
    let model = compile(spec, &mut reading.problems);
    model.unwrap_or_else(|| panic!("{:?}", reading.problems.list))
}

/// Who offers which option of the first issue, and who answers what.
#[derive(Default)]
struct Transcript(Vec<(u32, usize, Act)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Offer(u16),
    Yes,
    No,
    Stall,
}

impl Observer for Transcript {
    fn on(&mut self, step: u32, _month: f64, what: &Move<'_>) {
        let entry = match what {
            Move::Offer { by, deal, .. } => (step, by.index(), Act::Offer(deal.terms[0])),
            Move::Answer { by, yes, .. } => (step, by.index(), if *yes { Act::Yes } else { Act::No }),
            Move::Stall { by, .. } => (step, by.index(), Act::Stall),
            _ => return,
        };
        self.0.push(entry);
    }
}

fn played(model: &Model) -> (Record, Vec<(u32, usize, Act)>) {
    let mut seen = Transcript::default();
    let record = play(model, Coordinates { seed: 1, replication: 0 }, &mut Workspace::new(model), &mut seen).clone();
    (record, seen.0)
}

#[test]
fn with_alternating_offers_the_first_proposer_has_rubinsteins_share() {
    for (d_a, d_b) in [(0.9, 0.9), (0.95, 0.9), (0.8, 0.95), (0.99, 0.99)] {
        let model = model(&[], &[&format!("params.d_a={d_a}"), &format!("params.d_b={d_b}")]);
        let (record, _) = played(&model);
        let share = (1.0 - d_b) / (1.0 - d_a * d_b);
        assert!((record.extra[0] - share).abs() <= 1e-3, "{} for {share} at {d_a}, {d_b}", record.extra[0]);
        assert_eq!(record.agreement_month, Some(0.0));
    }
    // Even weights under alternation would give 1 - d/2 instead.
    let (record, _) = played(&model(&[], &["params.d_a=0.9", "params.d_b=0.9"]));
    assert!((record.extra[0] - 0.55).abs() > 0.02, "{}", record.extra[0]);
}

#[test]
fn the_turn_passes_to_whoever_refused() {
    // A would not give up anything: its offers are refused until somebody else has the turn.
    let greedy =
        "[packages.all]\nterms = { pie = 1 }\n[actors.A]\npolicy = { script = [{ month = 0, offer = \"all\" }] }";
    let (record, moves) = played(&model(&[greedy], &[]));
    assert_eq!(moves[..2], [(0, 0, Act::Offer(1000)), (0, 1, Act::No)]);
    assert!(matches!(moves[2], (1, 1, Act::Offer(_))), "{moves:?}");
    assert_eq!(moves[3], (1, 0, Act::Yes));
    // B proposes with A next in turn: its share is (1 - d_a) / (1 - d_a d_b).
    let share = 1.0 - (1.0 - 0.95) / (1.0 - 0.95 * 0.9);
    assert!((record.extra[0] - share).abs() <= 1e-3, "{}", record.extra[0]);
}

#[test]
fn an_order_may_begin_with_anybody() {
    let (record, moves) = played(&model(&[], &["protocol.order=[\"B\", \"A\"]"]));
    assert_eq!(moves[0].1, 1);
    let share = 1.0 - (1.0 - 0.95) / (1.0 - 0.95 * 0.9);
    assert!((record.extra[0] - share).abs() <= 1e-3, "{}", record.extra[0]);
}

#[test]
fn an_outside_option_matters_only_where_it_binds() {
    // Binmore, Shaked and Sutton (1989): the responder gets the larger of Rubinstein's share and its outside option.
    let d: f64 = 0.9;
    for outside in [0.3, 0.47, 0.6] {
        let walk = format!("[actors.B]\nwalk_out = {outside}");
        let (record, _) = played(&model(&[&walk], &["params.d_a=0.9", "params.d_b=0.9"]));
        let responder = (d / (1.0 + d)).max(outside);
        assert!((1.0 - record.extra[0] - responder).abs() <= 1e-3, "{} at {outside}", record.extra[0]);
    }
}

/// Two issues on which the parties differ in what they care for (Raiffa 1982): A cares for x, B for y, each has the other's.
const TRADE: &str = r#"
[model]
name = "trade"
title = "A trade"
step = "round"
horizon_months = 40
aftermath_months = 0
foresight_months = 0
[issues.x]
options = [{ id = "to_b" }, { id = "half" }, { id = "to_a" }]
[issues.y]
options = [{ id = "to_a" }, { id = "half" }, { id = "to_b" }]
[instruments.settlement]
scope = "all"
leads_to = "settled"
[foresight]
endings = { nothing = 1 }
[endings.nothing]
values = { default = 0 }
[search]
pairs = [["x", "y"]]
[actors.M]
name = "M"
role = "mediator"
patience = 0.9
[actors.A]
name = "A"
role = "signatory"
patience = 0.9
weights = { x = 0.8, y = 0.2 }
values = { x = [0, 0.5, 1], y = [1, 0.5, 0] }
[actors.B]
name = "B"
role = "signatory"
patience = 0.9
weights = { x = 0.3, y = 0.7 }
values = { x = [1, 0.5, 0], y = [0, 0.5, 1] }
[protocol]
kind = "single_text"
[[outcomes]]
id = "agreed"
when = "signed.settlement"
[[outcomes]]
id = "not"
when = true
"#;

fn trade(sets: &[&str]) -> Model {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let mut reading = spec::read(&Sources::single("trade.toml", TRADE), &sets);
    let spec = reading.spec.take().unwrap_or_else(|| panic!("{:?}", reading.problems.list));
    compile(spec, &mut reading.problems).unwrap_or_else(|| panic!("{:?}", reading.problems.list))
}

#[test]
fn a_single_text_ends_where_nothing_is_better_for_both() {
    let model = trade(&[]);
    for replication in 0..20 {
        let at = Coordinates { seed: 3, replication };
        let mut seen = Transcript::default();
        let record = play(&model, at, &mut Workspace::new(&model), &mut seen).clone();
        // Values of the nine outcomes by hand: x is worth 0, .4, .8 to A and .3, .15, 0 to B; y .2, .1, 0 and 0, .35, .7.
        let worth =
            |x: usize, y: usize| ([0.0, 0.4, 0.8][x] + [0.2, 0.1, 0.0][y], [0.3, 0.15, 0.0][x] + [0.0, 0.35, 0.7][y]);
        let terms = record.settlement.as_ref().map(|signed| signed.terms.clone()).unwrap();
        let (a, b) = worth(terms[0].into(), terms[1].into());
        assert!(a > 0.2 && b > 0.3, "both gain over the status quo: {terms:?}");
        let beats = |(x, y): (usize, usize)| worth(x, y).0 > a + 1e-9 && worth(x, y).1 > b + 1e-9;
        assert!(
            !(0..3).flat_map(|x| (0..3).map(move |y| (x, y))).any(beats),
            "something is better for both: {terms:?}"
        );
        assert!(
            seen.0.iter().all(|(_, by, act)| !matches!(act, Act::Offer(_)) || *by == 0),
            "only the mediator proposes"
        );
    }
    // Issue by issue there is nothing that both prefer to the draft.
    let (record, moves) = played(&trade(&["search.pairs=[]"]));
    assert!(record.settlement.is_none());
    let count = |wanted: &dyn Fn(&Act) -> bool| moves.iter().filter(|(_, _, act)| wanted(act)).count();
    // Two other options of each issue, each refused by somebody; then there is nothing left to try.
    assert_eq!(count(&|act| matches!(act, Act::Offer(_))), 4);
    assert_eq!((count(&|act| *act == Act::No), count(&|act| *act == Act::Stall)), (4, 36));
}

/// Linear tactics on the pie with no tolerance: A asks for 1 - t of it, t = (k + 1)/21, B leaves as much to A as t says.
const LINEAR: &str = r#"
[actors.A]
policy = { tactic = "time_dependent", style = "linear" }
[actors.B]
policy = { tactic = "time_dependent", style = "linear" }
"#;

#[test]
fn under_stacked_offers_a_refusal_carries_a_counter_offer() {
    let (record, moves) = played(&model(&[LINEAR], &["protocol.kind=stacked_offers"]));
    // Round 0: t = 1/21, A asks for 20/21 (0.953 is the next step of the grid), B leaves it 1/21 (0.047).
    assert_eq!(moves[..4], [(0, 0, Act::Offer(953)), (0, 1, Act::No), (0, 1, Act::Offer(47)), (1, 0, Act::No)]);
    // In round k A asks for 1 - t and B accepts what leaves it 1 - t: first at t >= 1/2, round 10 (t = 11/21).
    assert_eq!(record.agreement_month, Some(10.0));
    assert_eq!(moves.last(), Some(&(10, 1, Act::Yes)));
    assert!((record.extra[0] - 0.477).abs() < 1e-12, "{}", record.extra[0]);
}

#[test]
fn an_imitator_returns_what_it_is_given() {
    // A concedes 1/21 of the pie a round, B returns half of that: B's offers to A rise by half of what A gives up.
    let imitate = "[actors.B]\npolicy = { tactic = \"tit_for_tat\", imitation = 0.5 }";
    let linear = "[actors.A]\npolicy = { tactic = \"time_dependent\", style = \"linear\" }";
    let (_, moves) = played(&model(&[imitate, linear], &["protocol.kind=stacked_offers"]));
    let offers = |by: usize| -> Vec<f64> {
        let of = |(_, who, act): &(u32, usize, Act)| match act {
            Act::Offer(step) if *who == by => Some(f64::from(*step) / 1000.0),
            _ => None,
        };
        moves.iter().filter_map(of).collect()
    };
    let (a, b) = (offers(0), offers(1));
    assert_eq!(b[0], 0.0, "nothing has been conceded yet");
    for round in 1..b.len() {
        let given = a[round - 1] - a[round];
        assert!((b[round] - b[round - 1] - 0.5 * given).abs() <= 1.5e-3, "round {round}: {a:?} {b:?}");
    }
}

#[test]
fn a_tactician_never_signs_below_its_reserve_and_never_offers_below_its_demand() {
    let outside = "[endings.nothing]\nvalues = { A = 0.3, B = 0.4 }";
    for (a, b) in [("boulware", "conceder"), ("linear", "linear"), ("conceder", "never")] {
        let sets = [
            "protocol.kind=stacked_offers".to_owned(),
            format!("actors.A.policy.style={a}"),
            format!("actors.B.policy.style={b}"),
        ];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let (record, moves) = played(&model(&[LINEAR, outside], &sets));
        let mut last = [1.0, 1.0];
        for (_, by, act) in &moves {
            let Act::Offer(step) = act else { continue };
            let share = f64::from(*step) / 1000.0;
            let own = [share, 1.0 - share][*by];
            assert!(own >= [0.3, 0.4][*by] - 1e-9, "{moves:?}");
            assert!(own <= last[*by] + 1e-9, "a demand never rises");
            last[*by] = own;
        }
        if record.settlement.is_some() {
            let share = record.extra[0];
            assert!(share >= 0.3 - 1e-9 && 1.0 - share >= 0.4 - 1e-9, "{share}");
        }
    }
}

#[test]
fn a_model_that_only_tactics_move_is_played_as_if_everything_were_valued_anew() {
    // A state that nobody reads keeps the engine from skipping anything.
    let idle = "[state.idle]\nstart = 0\nrange = [0, 100]\nchange = 1";
    let stacked = ["protocol.kind=stacked_offers"];
    let (plain, moves) = played(&model(&[LINEAR], &stacked));
    let (valued, same) = played(&model(&[LINEAR, idle], &stacked));
    assert_eq!(moves, same);
    assert_eq!(
        (plain.utility, plain.zopa_width, plain.ripe_months),
        (valued.utility, valued.zopa_width, valued.ripe_months)
    );
    assert_eq!((plain.forecast, plain.refusals, plain.regret), (valued.forecast, valued.refusals, valued.regret));
}
