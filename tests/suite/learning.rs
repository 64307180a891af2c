//! What is learned from leaving and staying, and from answering a call or not (`core.md` 13).

use detente::engine::observer::{Move, Observer, StepView};
use detente::engine::record::Record;
use detente::engine::{Coordinates, Workspace, play};

use crate::library::model_of;

/// A always offers what B, hawk or dove, refuses; a hawk has somewhere else to go. What B is matters to A's war.
const TALKS: &str = r#"
[model]
name = "leaving"
title = "Leaving the table"
step = "month"
horizon_months = 4
aftermath_months = 0
foresight_months = 12

[issues.line]
options = [{ id = "held", status_quo = true }, { id = "moved" }]

[packages.ours]
terms = { line = "moved" }

[instruments.settlement]
scope = "all"
leads_to = "settled"

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
weights = { line = 1 }
values = { line = [0.5, 0.9] }
war_cost = "if(B.type == hawk, 0.4, 0.1)"
policy = { script = [{ month = 0, offer = "ours" }] }

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
types.hawk = { prior = 0.5 }
types.dove = { prior = 0.5 }
weights = { line = 1 }
values = { line = [0.5, 0] }
war_cost = 0.1
walk_out = { hawk = 0.8, dove = 0 }

[protocol]
recognition = { A = 1, B = 0 }
offers_per_month = 1

[[outcomes]]
id = "deal"
when = "signed.settlement"

[[outcomes]]
id = "war"
when = "true"
"#;

const HAWK: u16 = 0;
const DOVE: u16 = 1;

#[derive(Default)]
struct Watch {
    /// Belief that B is a hawk, step by step.
    hawk: Vec<f64>,
    /// Disagreement of A in the first step.
    first: Option<f64>,
    /// Answers to acts of pressure.
    pressed: Vec<(u32, bool)>,
}

impl Observer for Watch {
    fn step(&mut self, view: &StepView<'_>) {
        self.hawk.extend(view.beliefs.get(1));
        self.first = self.first.or(Some(view.disagreement[0]));
    }

    fn on(&mut self, _: u32, _: f64, what: &Move<'_>) {
        if let Move::Pressed { acts, answered, .. } = what {
            self.pressed.push((*acts, *answered));
        }
    }
}

/// The first replication in which the actor's type is that one.
fn with_type(model: &str, sets: &[&str], (actor, kind): (usize, u16)) -> (Record, Watch) {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let model = model_of(&[model], &sets);
    let mut workspace = Workspace::new(&model);
    for replication in 0..100 {
        let mut watch = Watch::default();
        let record = play(&model, Coordinates { seed: 9, replication }, &mut workspace, &mut watch);
        if record.types[actor] == kind {
            return (record.clone(), watch);
        }
    }
    panic!("the type is never drawn");
}

#[test]
fn who_refuses_and_stays_is_not_one_who_would_have_left() {
    let (record, watch) = with_type(TALKS, &[], (1, DOVE));
    assert_eq!(record.offers, 4, "a dove refuses and stays");
    assert_eq!(watch.hawk[0], 0.5);
    // Both refuse for certain, so only staying is news: 0.005 against 0.995.
    assert!((watch.hawk[1] - 0.005).abs() < 1e-12, "{:?}", watch.hawk);
    let (_, deaf) = with_type(TALKS, &["behaviour.mixing=1"], (1, DOVE));
    assert!(deaf.hawk.iter().all(|&belief| (belief - 0.5).abs() < 1e-12), "{:?}", deaf.hawk);
    let (_, bound) = with_type(TALKS, &["actors.B.walk_out={ hawk = 0, dove = 0 }"], (1, DOVE));
    assert!(bound.hawk.iter().all(|&belief| (belief - 0.5).abs() < 1e-12), "nobody would leave: {:?}", bound.hawk);
}

#[test]
fn a_proposer_that_stays_is_not_one_who_would_have_left() {
    let sets =
        ["protocol.recognition={ A = 0, B = 1 }", "actors.A.policy={ script = [{ month = 0, answer = \"no\" }] }"];
    let (record, watch) = with_type(TALKS, &sets, (1, DOVE));
    assert!(!watch.hawk.is_empty() && record.stalls + record.offers > 0);
    assert!((watch.hawk[1] - 0.005).abs() < 1e-12, "{:?}", watch.hawk);
    let (record, _) = with_type(TALKS, &sets, (1, HAWK));
    assert_eq!((record.offers, record.stalls, record.end_month), (0, 0, 0.0), "a hawk leaves at once");
}

#[test]
fn what_is_left_after_a_walk_out_is_valued_by_what_it_taught() {
    let of_type = |prior: &str| {
        let sets =
            [&format!("actors.B.types.hawk.prior={prior}")[..], &format!("actors.B.types.dove.prior=\"1 - {prior}\"")];
        with_type(TALKS, &sets, (1, if prior == "1" { HAWK } else { DOVE })).1.first.unwrap()
    };
    let (hawk, dove) = (of_type("1"), of_type("0"));
    assert!(dove - hawk > 0.15, "{hawk} {dove}");
    let (left, _) = with_type(TALKS, &[], (1, HAWK));
    assert_eq!(left.end_month, 0.0);
    assert!((left.utility[0] - (0.995 * hawk + 0.005 * dove)).abs() < 1e-9, "{} {hawk} {dove}", left.utility[0]);
    let (deaf, _) = with_type(TALKS, &["behaviour.mixing=1"], (1, HAWK));
    assert!((deaf.utility[0] - 0.5 * (hawk + dove)).abs() < 1e-9, "{}", deaf.utility[0]);
}

/// A is deterred from invasion as long as C is believed to answer with a chance of a half. It probes.
const PROBES: &str = r#"
[model]
name = "probes"
title = "Probing a guarantor"
step = "month"
horizon_months = 1
aftermath_months = 24
foresight_months = 12

[issues.guard]
options = [{ id = "none", status_quo = true }, { id = "posted" }]

[packages.posted]
terms = { guard = "posted" }

[instruments.settlement]
scope = "all"
leads_to = "settled"

[endings.won]
values = { A = 1, B = 0, default = 0 }

[endings.lost]
values = { A = 0, B = 1, default = 0 }

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
weights = { guard = 1 }
values.guard = [0.5, 0.5]
war_cost = 0.4
policy = { script = [{ month = 0, offer = "posted" }] }

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
weights = { guard = 1 }
values.guard = [0.4, 0.5]
war_cost = 0.4

[actors.C]
name = "C"
role = "third_party"
patience = 0.97
types.firm = { prior = 0.5 }
types.weak = { prior = 0.5 }
weights = { guard = 1 }
values.guard = [0.5, 0.5]

[guarantees.guard]
by = "C"
needs = "guard == posted"
capability.ground = 1
will = "if(C.type == firm, 20, -20)"

[attacks.invasion]
by = "A"
target = "B"
per_year = 12
precision = 1e6
compare = "flow"
answered_by = ["guard"]
balance = 0.3
denial_share = 0
punishment = 3
threshold = 0
victory = "won"
defeat = "lost"

[attacks.probe]
by = "A"
target = "B"
continues = true
per_year = 24
precision = 0
answered_by = ["guard"]

[protocol]
recognition = { A = 1, B = 0 }
offers_per_month = 1

[[outcomes]]
id = "invaded"
when = "attacked"

[[outcomes]]
id = "kept"
when = "true"
"#;

#[test]
fn a_guarantor_that_does_not_answer_a_probe_deters_less() {
    let weak = (2, 1);
    let (record, watch) = with_type(PROBES, &[], weak);
    let signed = record.settlement.as_ref().expect("both gain by the deal");
    assert!(signed.attacked, "after the first probe C is known not to answer");
    assert!(!watch.pressed.is_empty() && watch.pressed.iter().all(|&(acts, answered)| acts > 0 && !answered));
    let (record, watch) = with_type(PROBES, &["behaviour.mixing=1"], weak);
    let signed = record.settlement.as_ref().expect("both gain by the deal");
    assert!(!signed.attacked && watch.pressed.len() > 5, "who learns nothing stays deterred: {:?}", watch.pressed);
    let (record, watch) = with_type(PROBES, &[], (2, 0));
    assert!(!record.settlement.as_ref().is_some_and(|signed| signed.attacked));
    assert!(watch.pressed.iter().all(|&(_, answered)| answered), "a firm guarantor answers: {:?}", watch.pressed);
    let (record, watch) = with_type(PROBES, &["attacks.probe.per_year=0"], weak);
    assert!(!record.settlement.as_ref().is_some_and(|signed| signed.attacked), "nothing was learned");
    assert!(watch.pressed.is_empty());
}
