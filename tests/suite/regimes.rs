//! Regimes and instruments (`core.md` 2 and 7): what a truce is worth, what ends it, what it leaves behind, and side deals.

use detente::engine::observer::{Move, Nobody, Observer, StepView};
use detente::engine::record::{Agreement, EndedBy, Record};
use detente::engine::{Coordinates, Workspace, play};
use detente::model::{Model, Regime};
use detente::num::{exp, pow};

use crate::command::detente_in;
use crate::library::model_of;

/// A war that costs both sides .2 a step, where only a ceasefire may be signed at once; a settlement needs a truce, and
/// in a truce nobody talks unless a test lets them.
pub const WAR: &str = r#"
[model]
name = "guns"
title = "A war that may pause"
step = "month"
horizon_months = 14
aftermath_months = 0
foresight_months = 120

[issues.line]
options = [{ id = "held", status_quo = true }, { id = "moved" }]

[issues.guns]
options = [{ id = "fire", status_quo = true }, { id = "silent", revocable = true }]

[issues.zone]
options = [{ id = "none", status_quo = true }, { id = "agreed" }]

[instruments.settlement]
scope = "all"
from = ["truce"]
leads_to = "settled"

[instruments.ceasefire]
scope = ["guns", "zone"]
parties = ["A", "B"]
from = ["war"]
leads_to = "truce"

[rules.both_or_neither]
forbid = "guns == fire and zone == agreed or guns == silent and zone == none"

[endings.won]
values = { A = 0.9, B = -0.4, default = 0 }

[endings.beaten]
values = { A = -0.5, B = 0.8, default = 0 }

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
weights = { line = 0.6, guns = 0.2, zone = 0 }
values.line = [0.5, 1]
values.guns = [0, 0]
values.zone = [0, 0]
war_cost = 0.2
truce_share = 0

[actors.B]
name = "B"
role = "signatory"
patience = 0.95
weights = { line = 0.5, guns = 0.2, zone = 0 }
values.line = [0.8, 0]
values.guns = [0, 0]
values.zone = [0, 0]
war_cost = 0.2
truce_share = 0

[actors.M]
name = "M"
role = "mediator"
patience = 0.99
weights = { line = 0, guns = 0.1 }
values.line = [0, 0]
values.guns = [0, 1]

[protocol]
kind = "random_proposer"
recognition = { A = 0.3, B = 0.3, M = 0.4 }
offers_per_month = 1
truce_offers_per_month = 0

[behaviour]
offer_precision = 1e9

[[outcomes]]
id = "settled"
when = "signed.settlement"

[[outcomes]]
id = "paused"
when = "signed.ceasefire"

[[outcomes]]
id = "war"
when = "true"
"#;

/// The status quo to A and B, the cost of war and their patience, from the text above.
const STATUS_QUO: [f64; 2] = [0.3, 0.4];
const COST: f64 = 0.2;
const PATIENCE: [f64; 2] = [0.97, 0.95];
const FORESIGHT: i32 = 120;

fn war(overlays: &[&str], sets: &[&str]) -> Model {
    let texts = [&[WAR], overlays].concat();
    model_of(&texts, &sets.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn records(model: &Model, n: u64) -> Vec<Record> {
    let mut workspace = Workspace::new(model);
    let one = |replication| play(model, Coordinates { seed: 7, replication }, &mut workspace, &mut Nobody).clone();
    (0..n).map(one).collect()
}

fn instrument(model: &Model, id: &str) -> u16 {
    model.instruments.iter().position(|one| one.id == id).unwrap() as u16
}

/// Agreements under one instrument.
fn under<'a>(model: &Model, id: &str, record: &'a Record) -> Vec<&'a Agreement> {
    let wanted = instrument(model, id);
    record.agreements.iter().filter(|signed| signed.instrument == wanted).collect()
}

/// Regime and disagreement values of every step, and what was offered.
#[derive(Default)]
struct Watch {
    steps: Vec<(Regime, Vec<f64>)>,
    offers: Vec<(u32, u16)>,
}

impl Observer for Watch {
    fn step(&mut self, view: &StepView<'_>) {
        self.steps.push((view.regime, view.disagreement.to_vec()));
    }

    fn on(&mut self, step: u32, _month: f64, what: &Move<'_>) {
        if let Move::Offer { deal, .. } = what {
            self.offers.push((step, deal.instrument));
        }
    }
}

fn watched(model: &Model, replication: u64) -> (Watch, Record) {
    let mut watch = Watch::default();
    let mut workspace = Workspace::new(model);
    let record = play(model, Coordinates { seed: 7, replication }, &mut workspace, &mut watch).clone();
    (watch, record)
}

#[test]
fn a_truce_that_costs_nothing_and_never_ends_is_worth_the_status_quo() {
    let (watch, record) = watched(&war(&[], &[]), 0);
    assert_eq!(watch.steps[0].0, Regime::War);
    assert_eq!(watch.steps.len(), 14);
    for (regime, values) in &watch.steps[1..] {
        assert_eq!(*regime, Regime::Truce);
        for (found, expected) in values.iter().zip(STATUS_QUO) {
            assert!((found - expected).abs() <= 1e-9, "{found} for {expected}");
        }
    }
    // Lived through: the same.
    for (found, expected) in record.utility.iter().zip(STATUS_QUO) {
        assert!((found - expected).abs() <= 1e-9, "{found} for {expected}");
    }
    assert_eq!((record.truces_broken, record.truce_months), (0, 13.0));
}

#[test]
fn a_truce_that_costs_as_much_as_war_is_worth_a_war_without_end() {
    // A small liking of silence makes them sign. Then the flow is that of the war plus the liking; the war alone is
    // expected to end half in the status quo once foresight ends: d^H times half its cost.
    let liked = 0.01;
    let model = war(
        &[],
        &[
            "actors.A.truce_share=1",
            "actors.B.truce_share=1",
            "actors.A.values.guns=[0, 0.05]",
            "actors.B.values.guns=[0, 0.05]",
        ],
    );
    let (watch, _) = watched(&model, 0);
    assert_eq!(watch.steps[1].0, Regime::Truce);
    for actor in 0..2 {
        let end = pow(PATIENCE[actor], f64::from(FORESIGHT)) * COST / 2.0;
        let (in_war, in_truce) = (watch.steps[0].1[actor], watch.steps[1].1[actor]);
        assert!((in_war - (STATUS_QUO[actor] - COST + end)).abs() <= 1e-9, "{in_war} in war");
        assert!((in_truce - liked - (in_war - end)).abs() <= 1e-9, "{in_truce} in the truce, {in_war} in war");
    }
}

/// An attack out of a truce whose chance does not depend on its value: half the occasions are taken.
const BREACH: &str = r#"
[attacks.renewed]
by = "A"
target = "B"
per_year = 0
balance = 0.5
precision = 0
answered_by = []
victory = "won"
defeat = "beaten"
truce = { per_year = 0 }
"#;

const INCIDENT: &str = r#"
[hazards.incident]
during = ["truce"]
per_year = 0
leads_to = "war"
"#;

/// Replications behind a share.
const N: u64 = 200;

/// Share of first truces that are over within a year, and what ended them.
fn over_in_a_year(model: &Model, how: EndedBy) -> f64 {
    let records = records(model, N);
    let ended = |record: &&Record| {
        let first = under(model, "ceasefire", record)[0];
        let within = first.ended_step.is_some_and(|end| end - first.step <= 12);
        assert!(first.ended_by.is_none_or(|by| by == how), "{first:?}");
        within
    };
    records.iter().filter(ended).count() as f64 / N as f64
}

#[test]
fn truces_end_at_the_rate_that_is_declared() {
    let lapse = |rate: f64| (format!("instruments.ceasefire.lapse_per_year={rate}"), EndedBy::Lapse, rate);
    let incident = |rate: f64| (format!("hazards.incident.per_year={rate}"), EndedBy::Hazard, rate);
    let breach = |rate: f64| (format!("attacks.renewed.truce.per_year={rate}"), EndedBy::Attack, rate / 2.0);
    for kind in [&lapse as &dyn Fn(f64) -> _, &incident, &breach] {
        let mut before = -1.0;
        for rate in [0.0, 0.3, 1.2] {
            let (set, how, effective) = kind(rate);
            let share = over_in_a_year(&war(&[BREACH, INCIDENT], &[&set]), how);
            let expected = 1.0 - exp(-effective);
            let error = (expected * (1.0 - expected) / N as f64).sqrt();
            assert!((share - expected).abs() <= 4.5 * error, "{share} for {expected} with {set}");
            assert!(share > before, "{set} ends no more truces than a lower rate");
            before = share;
        }
    }
}

#[test]
fn a_term_ends_every_truce_at_exactly_that_age() {
    let model = war(&[], &["instruments.ceasefire.term_months=4"]);
    for record in records(&model, 20) {
        let truces = under(&model, "ceasefire", &record);
        assert_eq!(truces.len(), 3, "of 4 months each in 14, and one that begins anew");
        for truce in &truces[..2] {
            assert_eq!((truce.ended_by, truce.ended_step), (Some(EndedBy::Term), Some(truce.step + 4)));
        }
        assert_eq!(record.truces_broken, 2);
    }
}

#[test]
fn nobody_denounces_without_an_occasion() {
    let denounce = |per_year: f64, cost: f64| {
        let set =
            format!("instruments.ceasefire.denounce={{ by = [\"A\"], per_year = {per_year}, audience_cost = {cost} }}");
        let model = war(&[], &[&set]);
        let all = records(&model, 40);
        all.iter().flat_map(|record| &record.agreements).filter(|a| a.ended_by == Some(EndedBy::Denunciation)).count()
    };
    assert_eq!(denounce(0.0, -10.0), 0);
    assert!(denounce(6.0, -10.0) >= 40, "whoever gains by it takes the first occasion");
    assert_eq!(denounce(6.0, 10.0), 0);
}

#[test]
fn surprise_invites_breaches_and_an_audience_deters_them() {
    let breaches = |surprise: f64, audience: f64| {
        let sets = [
            format!("attacks.renewed.truce={{ per_year = 2, surprise = {surprise}, audience_cost = {audience} }}"),
            "attacks.renewed.precision=15".to_owned(),
        ];
        let model = war(&[BREACH], &[&sets[0], &sets[1]]);
        (over_in_a_year(&model, EndedBy::Attack) * N as f64) as u32
    };
    let surprise = [0.0, 0.1, 0.2, 0.3].map(|surprise| breaches(surprise, 0.0));
    assert!(surprise.is_sorted() && surprise[0] + 25 < surprise[3], "{surprise:?}");
    let audience = [0.0, 0.05, 0.1, 0.2].map(|audience| breaches(0.25, audience));
    assert!(audience.is_sorted_by(|less, more| less >= more) && audience[3] + 25 < audience[0], "{audience:?}");
}

#[test]
fn what_surprise_gains_is_lived_through() {
    // At precision 0 the gain changes no decision: all else is the same. A truce at the end is worth later surprises too.
    let utility = |surprise: f64| {
        let set = format!("attacks.renewed.truce={{ per_year = 3, surprise = {surprise} }}");
        records(&war(&[BREACH], &[&set]), 150)
    };
    let (without, with) = (utility(0.0), utility(0.2));
    let mut broken = 0;
    for (without, with) in without.iter().zip(&with) {
        assert_eq!(without.agreements, with.agreements, "the same truces");
        if with.end_regime == Regime::Truce {
            continue;
        }
        let ended: Vec<u32> = with.agreements.iter().filter_map(|signed| signed.ended_step).collect();
        let gain: f64 = ended.iter().map(|&step| 0.2 * pow(PATIENCE[0], f64::from(step) + 1.0)).sum();
        assert!((with.utility[0] - without.utility[0] - gain).abs() <= 1e-12);
        assert_eq!(with.utility[1], without.utility[1]);
        broken += ended.len();
    }
    assert!(broken >= 10, "{broken}");
}

/// Talks go on in a truce, and the truce hurts a little, so that a settlement is worth signing.
const TALKS: [&str; 3] =
    ["protocol.truce_offers_per_month=0.5", "actors.A.truce_share=0.3", "actors.B.truce_share=0.3"];

#[test]
fn talks_go_on_in_a_truce_and_a_settlement_takes_its_place() {
    let model = war(&[], &TALKS);
    let mut settled = 0;
    for record in records(&model, 60) {
        let Some(signed) = &record.settlement else { continue };
        settled += 1;
        let truces = under(&model, "ceasefire", &record);
        let last = truces.last().unwrap();
        assert_eq!((last.ended_by, last.ended_step), (Some(EndedBy::Settlement), Some(signed.step)));
        assert_eq!(record.end_regime, Regime::Settled);
        assert!(last.step < signed.step);
    }
    assert!(settled > 40, "{settled} of 60 settled");
}

#[test]
fn a_settlement_that_needs_a_truce_comes_after_one() {
    let straight = war(&[], &[&TALKS[..], &["instruments.settlement.from=[\"war\", \"truce\"]"]].concat());
    let without = |model: &Model| {
        let settled: Vec<Record> = records(model, 60).into_iter().filter(|r| r.settlement.is_some()).collect();
        let without = settled.iter().filter(|record| under(model, "ceasefire", record).is_empty()).count();
        (settled.len(), without)
    };
    let (settled, none) = without(&war(&[], &TALKS));
    assert!(settled > 40 && none == 0, "{none} of {settled} came without a ceasefire");
    let (settled, none) = without(&straight);
    assert!(none > 10, "{none} of {settled} came without a ceasefire where they may");
}

#[test]
fn revocable_terms_of_a_truce_are_withdrawn_when_it_ends_and_the_others_stay() {
    let sets = ["instruments.ceasefire.term_months=3", "model.horizon_months=4"];
    let end = |text: &str| {
        let sets = sets.map(ToString::to_string);
        let (watch, record) = watched(&model_of(&[text], &sets), 0);
        assert_eq!((watch.steps[3].0, record.end_regime), (Regime::Truce, Regime::War));
        record.terms
    };
    assert_eq!(end(WAR), [0, 0, 1], "the guns fire again, the zone stays agreed");
    assert_eq!(end(&WAR.replace(", revocable = true", "")), [0, 1, 1]);
}

/// The issue of a side deal, on which only M and B put weight; a red line keeps A from any truce, so that the war lasts.
const SIDE: &str = r#"
[issues.side]
options = [{ id = "none", status_quo = true }, { id = "deal" }]

[actors.A]
red_lines.silence = { when = "guns == silent", penalty = 100 }

[actors.B]
weights = { side = 1 }
values = { side = [0, 0.1] }

[actors.M]
weights = { side = 1 }
values = { side = [0, 0.05] }
"#;

const SIDE_DEAL: &str = r#"
[instruments.side]
scope = ["side"]
parties = ["M", "B"]
"#;

/// The same, enjoyed in war too.
fn acting() -> String {
    SIDE.replace("{ id = \"deal\" }", "{ id = \"deal\", acts_in_war = true }")
}

#[test]
fn a_side_deal_is_signed_only_if_both_parties_gain() {
    let signed = |of_b: f64, of_m: f64| {
        let (b, m) = (format!("actors.B.values.side=[0, {of_b}]"), format!("actors.M.values.side=[0, {of_m}]"));
        let model = war(&[&acting(), SIDE_DEAL], &[&b, &m]);
        let all = records(&model, 20);
        assert!(all.iter().all(|record| record.end_regime == Regime::War), "it leaves the regime as it is");
        all.iter().filter(|record| !under(&model, "side", record).is_empty()).count()
    };
    assert_eq!(signed(0.1, 0.05), 20);
    assert_eq!(signed(-0.1, 0.05), 0);
    assert_eq!(signed(0.1, -0.05), 0);
    assert_eq!(signed(0.0, 0.0), 0);
}

#[test]
fn a_side_deal_that_acts_in_war_is_enjoyed_at_once_and_not_offered_again() {
    let model = war(&[&acting(), SIDE_DEAL], &[]);
    let without = records(&war(&[&acting()], &[]), 10);
    for replication in 0..10 {
        let (watch, record) = watched(&model, replication);
        let signed = under(&model, "side", &record)[0];
        assert_eq!((signed.ended_step, record.terms[3]), (None, 1));
        let side = instrument(&model, "side");
        assert!(watch.offers.iter().all(|&(step, what)| what != side || step <= signed.step), "{:?}", watch.offers);
        // B enjoys .1 from the month of the signature; what lies after foresight ends half in the status quo.
        let d = PATIENCE[1];
        let after = pow(d, 14.0) * (1.0 - pow(d, f64::from(FORESIGHT)) / 2.0);
        let gain = 0.1 * (pow(d, f64::from(signed.step)) - pow(d, 14.0) + after);
        let before = &without[replication as usize];
        assert!((record.utility[1] - before.utility[1] - gain).abs() <= 1e-9, "{gain}");
        assert_eq!(record.utility[0], before.utility[0], "A has no part in it");
    }
}

#[test]
fn a_side_deal_that_does_not_act_in_war_changes_nothing_while_it_lasts() {
    let (with, without) = (records(&war(&[SIDE, SIDE_DEAL], &[]), 10), records(&war(&[SIDE], &[]), 10));
    for (with, without) in with.iter().zip(&without) {
        assert_eq!(with.utility, without.utility);
        assert_eq!(with.end_regime, Regime::War);
    }
}

#[test]
fn a_ceasefire_that_nobody_can_sign_changes_nothing() {
    let fears = "[actors.A.red_lines]\nsilence = { when = \"guns == silent\", penalty = 100 }\n";
    let anyway = ["instruments.settlement.from=[\"war\", \"truce\"]", "protocol.offers_per_month=0.3"];
    // Silence may be agreed in a settlement too, so that the issue is there without the instrument.
    let text = WAR.replace("[instruments.ceasefire]\nscope = [\"guns\", \"zone\"]\nparties = [\"A\", \"B\"]\nfrom = [\"war\"]\nleads_to = \"truce\"\n", "");
    let text = text.replace("when = \"signed.ceasefire\"", "when = \"regime == truce\"");
    let sets: Vec<String> = anyway.iter().map(ToString::to_string).collect();
    let without = records(&model_of(&[&text, fears], &sets), 60);
    let with = records(&war(&[fears], &anyway), 60);
    for (with, without) in with.iter().zip(&without) {
        assert!(with.agreements.len() <= 1, "only a settlement is signed");
        assert_eq!(with.outcome, without.outcome);
        assert_eq!(with.settlement, without.settlement);
        assert_eq!(with.utility, without.utility);
        assert_eq!((with.offers, &with.terms), (without.offers, &without.terms));
    }
    assert!(with.iter().any(|record| record.settlement.is_some()) && with.iter().any(|r| r.settlement.is_none()));
}

#[test]
fn a_transcript_names_what_is_signed_where_it_leads_and_what_ends_it() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("war.toml"), WAR).unwrap();
    let term = ["trace", "war.toml", "--set", "instruments.ceasefire.term_months=4"];
    let told = detente_in(directory.path(), &term).with_code(0).out;
    for sentence in [
        "offers ceasefire: guns silent, zone agreed",
        "signed: ceasefire: guns silent, zone agreed",
        "a truce begins; the talks go on",
        "the truce ends by its term, and the war goes on",
        "  war; worth of no deal",
    ] {
        assert!(told.contains(sentence), "`{sentence}` is missing in\n{told}");
    }
}
