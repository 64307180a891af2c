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
    let greedy = "[packages.all]\nterms = { pie = 1 }\n[actors.A]\npolicy = { script = [{ month = 0, offer = \"all\" }] }";
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
