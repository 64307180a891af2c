//! Imposed instruments (`core.md` 2): supplied without the adversary's yes, and priced by everybody.

use crate::library::model_of;
use crate::politics::history;
use detente::engine::appraise::{Start, appraise};
use detente::engine::record::Record;
use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::model::Model;

/// A settlement that is attacked rather often, friends of its victim that could send a force, and nobody who errs. The
/// force is no part of the settlement.
const PEACE: &str = r#"
[model]
name = "imposed"
title = "A force that nobody asked the adversary about"
step = "month"
horizon_months = 1
aftermath_months = 24
foresight_months = 12

[issues.peace]
options = [{ id = "none" }, { id = "settled" }]

[issues.status]
options = [{ id = "free" }, { id = "neutral" }]

[issues.force]
options = [{ id = "none" }, { id = "small" }, { id = "large" }]

[instruments.settlement]
scope = ["peace", "status"]
leads_to = "settled"

[rules.settles]
forbid = "peace == none"

[endings.won]
values = { A = 0.9, B = 0, default = 0 }

[endings.beaten]
values = { A = 0, B = 0.9, default = 0.5 }

[foresight]
endings = { beaten = 0.5, won = 0.3 }

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
war_cost = 0.3
weights = { peace = 1 }
values.peace = [0.5, 0.5]
red_lines.force = { when = "force > none", penalty = 0.05 }

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
war_cost = 0.3
weights = { peace = 1 }
values.peace = [0.6, 0.6]

[actors.D]
name = "D"
role = "third_party"
patience = 0.97
weights = { peace = 1 }
values.peace = [0.4, 0.4]
no_deal_flow = 0.1

[actors.E]
name = "E"
role = "third_party"
patience = 0.97
weights = { peace = 1 }
values.peace = [0.5, 0.5]
no_deal_flow = 0.1

[bodies.friends]
name = "Friends"
members = ["D", "E"]
quota = { sending = "unanimity" }

[guarantees.shield]
by = "friends"
needs = "force > none"
capability.ground = "piecewise(force, [0, 0.4, 0.9])"
size = "piecewise(force, [0, 1, 3])"
will = 1

[attacks.renewed]
by = "A"
target = "B"
per_year = 2
balance = 0.1
answered_by = ["shield"]
victory = "won"
defeat = "beaten"

[protocol]
kind = "one_offer"
recognition = { B = 1, A = 0 }

[[outcomes]]
id = "signed"
when = "signed.settlement"

[[outcomes]]
id = "rest"
when = "true"
"#;

const DEPLOYMENT: &str = r#"
[instruments.deployment]
scope = ["force"]
parties = [{ by = "friends", matter = "sending" }, "B"]
imposed = true
from = ["settled"]

[[outcome_column]]
id = "deployed"
value = "if(signed.deployment, 1, 0)"
"#;

const NEUTRAL_BARS: &str = r#"
[issues.status]
options = [{ id = "free" }, { id = "neutral", bar = "force > none" }]
"#;

const BOTH_BAR: &str = r#"
[issues.status]
options = [{ id = "free", bar = "force > none" }, { id = "neutral", bar = "force > none" }]
"#;

fn with(texts: &[&str], sets: &[&str]) -> Model {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    model_of(&[&[PEACE], texts].concat(), &sets)
}

/// The package of a free or a neutral B.
fn package(model: &Model, status: u16) -> usize {
    let found = model.candidates().position(|options| options[1] == status);
    found.expect("both are on the table")
}

/// P of either signatory.
fn worth(model: &Model, status: u16) -> Vec<f64> {
    let mut workspace = Workspace::new(model);
    let found = appraise(model, Start::Central, package(model, status), &mut workspace);
    found.holdings.iter().filter(|holding| holding.actor < 2).map(|holding| holding.package).collect()
}

fn records(model: &Model, n: u64) -> Vec<Record> {
    let mut workspace = Workspace::new(model);
    let play_one = |replication| play(model, Coordinates { seed: 3, replication }, &mut workspace, &mut Nobody).clone();
    (0..n).map(play_one).collect()
}

/// Chance of an attack as forecast at the signature.
fn attack_prob(model: &Model) -> f64 {
    let records = records(model, 1);
    records[0].settlement.as_ref().expect("both gain by the settlement").attack_prob
}

#[test]
fn what_is_barred_everywhere_changes_nothing() {
    let barred = with(&[BOTH_BAR, DEPLOYMENT], &[]);
    let without = with(&[], &[]);
    for status in [0, 1] {
        assert!(worth(&barred, status) == worth(&without, status));
    }
    let mut supplied = history(&barred, 40);
    for (record, _) in &mut supplied {
        assert_eq!(record.extra.pop(), Some(0.0));
    }
    assert!(supplied == history(&without, 40));
}

#[test]
fn the_adversary_prices_a_force_that_it_is_not_asked_about() {
    let (imposed, bare) = (with(&[DEPLOYMENT], &[]), with(&[], &[]));
    let (after, before) = (worth(&imposed, 0), worth(&bare, 0));
    assert!(after[0] < before[0] - 0.002, "A: {before:?} to {after:?}");
    assert!(after[1] > before[1] + 0.005, "B: {before:?} to {after:?}");
    assert!(attack_prob(&imposed) < attack_prob(&bare) - 0.02, "{} {}", attack_prob(&imposed), attack_prob(&bare));
}

#[test]
fn an_option_that_bars_the_force_keeps_it_from_its_own_packages_alone() {
    let (barred, open, bare) =
        (with(&[NEUTRAL_BARS, DEPLOYMENT], &["behaviour.offer_precision=1"]), with(&[DEPLOYMENT], &[]), with(&[], &[]));
    assert!(worth(&barred, 1) == worth(&bare, 1), "a neutral B gets no force");
    assert!(worth(&barred, 0) == worth(&open, 0), "a free one does as before");
    assert!(worth(&barred, 0) != worth(&bare, 0));
    let frequency = |model: &Model, status: u16| {
        let records = records(model, 300);
        let such = records.iter().filter(|record| record.terms[1] == status);
        let (n, supplied) = such.fold((0, 0), |(n, s), r| (n + 1, s + usize::from(r.terms[2] > 0)));
        (n, supplied)
    };
    let (n, supplied) = frequency(&barred, 1);
    assert!(n > 0 && supplied == 0, "{supplied} of {n}");
    let (n, supplied) = frequency(&barred, 0);
    assert!(n > 0 && supplied > 0, "{supplied} of {n}");
}

#[test]
fn it_is_supplied_as_often_as_forecast() {
    let model = with(&[DEPLOYMENT], &["behaviour.consent_precision=8"]);
    let forced = |option: &str| {
        let negotiated = format!(
            "[issues.peace]\noptions = [{{ id = \"none\" }}, {{ id = \"settled\" }}]\n\
             [instruments.settlement]\nscope = \"all\"\n[rules.sized]\nforbid = \"force != {option}\"\n"
        );
        attack_prob(&with(&[&negotiated], &[]))
    };
    let (bare, small) = (forced("none"), forced("small"));
    let forecast = (attack_prob(&model) - bare) / (small - bare);
    assert!((0.05..0.95).contains(&forecast), "{forecast}");
    let n = 4000;
    let records = records(&model, n);
    let supplied: Vec<&Record> = records.iter().filter(|record| record.terms[2] == 1).collect();
    let frequency = supplied.len() as f64 / n as f64;
    let error = (forecast * (1.0 - forecast) / n as f64).sqrt();
    assert!((frequency - forecast).abs() < 4.5 * error, "forecast {forecast}, supplied {frequency}");
    for record in &records {
        let is_supplied = record.terms[2] > 0;
        assert_eq!(record.agreements.len(), 1 + usize::from(is_supplied));
        assert_eq!(record.extra[0], f64::from(u8::from(is_supplied)));
    }
    let record = supplied[0];
    let issues = model.issues.len();
    assert_eq!(usize::from(record.agreements[1].instrument), 1);
    assert_eq!(record.agreements[1].proposer.index(), 2, "the first of the friends");
    assert_eq!(record.agreement_terms[issues..], [u16::MAX, u16::MAX, 1]);
}

/// Share of settlements that were attacked, and strength of the register.
fn attacked(model: &Model, n: u64) -> (f64, f64) {
    let records = records(model, n);
    let signed: Vec<_> = records.iter().filter_map(|record| record.settlement.as_ref()).collect();
    let attacked = signed.iter().filter(|signed| signed.attacked).count();
    (attacked as f64 / signed.len() as f64, signed[0].g_hat)
}

#[test]
fn a_force_deters_alike_whether_it_was_negotiated_or_imposed() {
    // The red line is paid for the force, not for how it came; who may say no does not matter to the hazard.
    let imposed = with(&[DEPLOYMENT], &["behaviour.consent_precision=1e6"]);
    let negotiated = "[instruments.settlement]\nscope = \"all\"\n[rules.sized]\nforbid = \"force != small\"\n";
    let negotiated = with(&[negotiated], &[]);
    let ((a, g), (b, h)) = (attacked(&imposed, 1500), attacked(&negotiated, 1500));
    assert!(g == h && g > 0.0, "{g} {h}");
    // The same draws meet the same hazards.
    assert!(a == b && a > 0.0, "{a} {b}");
}

#[test]
fn members_that_lose_by_it_send_nothing() {
    let dear = "[actors.E.red_lines]\nforce = { when = \"force > none\", penalty = 1 }\n";
    let model = with(&[DEPLOYMENT, dear], &["behaviour.consent_precision=200"]);
    assert!(records(&model, 100).iter().all(|record| record.terms[2] == 0));
    let majority = "[bodies.friends]\nquota = { sending = { qualified_majority = 0.5 } }\n";
    let model = with(&[DEPLOYMENT, dear, majority], &["behaviour.consent_precision=200"]);
    assert!(records(&model, 100).iter().all(|record| record.terms[2] == 1), "D alone carries the body then");
}
