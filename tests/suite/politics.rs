//! Politics at home and before the start: prologue, common causes of parameters, ratifiers, transitions, scripts.

use crate::library::model_of;
use detente::engine::observer::{Move, Nobody, Observer, StepView};
use detente::engine::record::Record;
use detente::engine::{Coordinates, Workspace, play};
use detente::model::Model;

/// Two states at war, a patron that talks, and neighbours that could send troops. Everything is known and nobody errs.
pub const WAR: &str = r#"
[model]
name = "war"
title = "A war with neighbours"
step = "month"
start = 2030-01-01
horizon_months = 12
aftermath_months = 24
foresight_months = 12

[params.cost]
value = { uniform = [0.05, 0.15] }

[params.drift]
value = { uniform = [-0.02, 0.02] }
range = [-0.5, 0.5]

[params.gain]
value = { pert = [0, 0.3, 1] }

[state.strength]
start = 0.5
range = [0, 2]
change = "drift"

[state.calm]
start = 0.5
range = [0, 1]

[issues.line]
options = [{ id = "held" }, { id = "moved" }]

[issues.force]
options = [{ id = "none" }, { id = "small", delivered_by = ["D"] }, { id = "large", delivered_by = ["D"] }]

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
types.mild = { prior = 0.5 }
types.hard = { prior = 0.5 }
war_cost = { mild = "cost", hard = "0.5*cost" }
weights = { line = 0.7, force = 0.3 }
values.line = [0.4, 1]
values.force = [1, 0.95, 0.9]
misjudgement = { sigma = 0.02 }

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
war_cost = "0.1 + 0.1*(1 - strength)"
weights = { line = 0.7, force = 0.3 }
values.line = [0.8, 0]
values.force = [0, 0.6, 1]
misjudgement = { sigma = 0.02 }

[actors.P]
name = "Patron"
role = "mediator"
patience = 0.97
no_deal_flow = 0.1
weights = { line = 1 }
values.line = [0.5, 0.4]

[actors.D]
name = "D"
role = "third_party"
patience = 0.97
no_deal_flow = 0.1
weights = { force = 1 }
values.force = [0.3, 0.26, 0.22]

[protocol]
recognition = { A = 0.3, B = 0.3, P = 0.4 }

[[outcomes]]
id = "signed"
when = "signed.settlement"

[[outcomes]]
id = "rest"
when = "true"

[[outcome_column]]
id = "strength_end"
value = "strength"
"#;

/// The war with texts laid over it.
pub fn war(texts: &[&str]) -> Model {
    model_of(&[&[WAR], texts].concat(), &[])
}

/// Everything that the first replications leave, and every step of them.
pub fn history(model: &Model, replications: u64) -> Vec<(Record, Vec<String>)> {
    let mut workspace = Workspace::new(model);
    let play_one = |replication| {
        let mut watch = Watch::default();
        let record = play(model, Coordinates { seed: 7, replication }, &mut workspace, &mut watch).clone();
        (record, watch.0)
    };
    (0..replications).map(play_one).collect()
}

/// Writes down what it sees.
#[derive(Default)]
struct Watch(Vec<String>);

impl Observer for Watch {
    fn step(&mut self, view: &StepView<'_>) {
        self.0.push(format!("{view:?}"));
    }

    fn on(&mut self, step: u32, _: f64, what: &Move<'_>) {
        self.0.push(format!("{step} {what:?}"));
    }
}

fn records(model: &Model, replications: u64) -> Vec<Record> {
    let mut workspace = Workspace::new(model);
    (0..replications)
        .map(|replication| play(model, Coordinates { seed: 7, replication }, &mut workspace, &mut Nobody).clone())
        .collect()
}

/// States of the first step.
#[derive(Default)]
struct Start(Vec<f64>);

impl Observer for Start {
    fn step(&mut self, view: &StepView<'_>) {
        if view.step == 0 {
            self.0 = view.states.to_vec();
        }
    }
}

fn start_of(model: &Model) -> Vec<f64> {
    let mut watch = Start::default();
    play(model, Coordinates { seed: 7, replication: 0 }, &mut Workspace::new(model), &mut watch);
    watch.0
}

#[test]
fn what_happened_before_the_start_happened_by_date() {
    let prologue = r#"
[[prologue]]
date = 2029-12-01
register = { force = "small" }
effects = { strength = 0.25 }

[[prologue]]
date = 2029-06-01
register = { force = "large", line = "moved" }
effects = { strength = "=1", calm = "0.5*strength" }
"#;
    let model = war(&[prologue]);
    // Set to 1 in June, with calm moved by half of what strength was then set to, clamped; a quarter more in December.
    assert_eq!(start_of(&model), [1.25, 1.0]);
    let options: Vec<usize> = model.register_start.iter().map(|&option| usize::from(option)).collect();
    assert_eq!(options, [1, 1], "the later date has the last word on `force`");
    assert_eq!(model.issues[1].status_quo, 0, "the anchor stays");
    assert_eq!(start_of(&war(&[])), [0.5, 0.5]);
}

#[test]
fn a_prologue_that_does_nothing_changes_nothing() {
    let idle = "[[prologue]]\ndate = 2029-12-01\neffects = { strength = 0 }\n";
    assert!(history(&war(&[idle]), 40) == history(&war(&[]), 40));
}

/// Draws of two parameters over many replications.
fn draws(model: &Model, names: [&str; 2], replications: u64) -> Vec<[f64; 2]> {
    let at = names.map(|name| model.scalars.iter().position(|s| s.path == name).unwrap());
    records(model, replications).iter().map(|record| at.map(|index| record.draws[index])).collect()
}

fn grouped(rho: &str) -> Model {
    war(&[&format!("[model]\nhorizon_months = 1\n[correlate.common]\nparams = [\"cost\", \"drift\"]\nrho = {rho}\n")])
}

#[test]
fn parameters_without_common_cause_are_drawn_as_before() {
    assert!(history(&grouped("0"), 40) == history(&war(&["[model]\nhorizon_months = 1\n"]), 40));
}

#[test]
fn a_common_cause_correlates_and_leaves_each_distribution_as_it_is() {
    const N: u64 = 4000;
    for (rho, expected) in [("0.6", 0.6), ("-0.6", -0.6)] {
        let pairs = draws(&grouped(rho), ["params.cost", "params.drift"], N);
        // Places in the uniform distributions, 0 to 1: mean 1/2 with standard error 0.2887/sqrt(N) = 0.0046, mean square 1/3
        // with 0.2981/sqrt(N) = 0.0047; 4.5 of them allowed.
        for side in 0..2 {
            let place = |pair: &[f64; 2]| if side == 0 { (pair[0] - 0.05) / 0.1 } else { (pair[1] + 0.02) / 0.04 };
            let mean = pairs.iter().map(place).sum::<f64>() / N as f64;
            let square = pairs.iter().map(|pair| place(pair) * place(pair)).sum::<f64>() / N as f64;
            assert!((mean - 0.5).abs() < 0.021, "{rho}: mean {mean}");
            assert!((square - 1.0 / 3.0).abs() < 0.022, "{rho}: mean square {square}");
        }
        // Correlation of places of a Gaussian copula: 6/pi asin(rho/2) = 0.5819; standard error below 1/sqrt(N) = 0.0158.
        let place = |pair: &[f64; 2]| ((pair[0] - 0.05) / 0.1 - 0.5) * ((pair[1] + 0.02) / 0.04 - 0.5) * 12.0;
        let found = pairs.iter().map(place).sum::<f64>() / N as f64;
        let target = 6.0 / std::f64::consts::PI * f64::asin(expected / 2.0);
        assert!((found - target).abs() < 0.071, "{rho}: {found} for {target}");
    }
    // A planted wrong engine, one that correlates nothing, is found out.
    let pairs = draws(&grouped("0"), ["params.cost", "params.drift"], N);
    let place = |pair: &[f64; 2]| ((pair[0] - 0.05) / 0.1 - 0.5) * ((pair[1] + 0.02) / 0.04 - 0.5) * 12.0;
    assert!((pairs.iter().map(place).sum::<f64>() / N as f64 - 0.58).abs() > 0.071);
}

/// A ratifier of somebody with a role and a support.
fn ratifier(of: &str, role: &str, support: &str) -> String {
    format!(
        "[ratifiers.house]\nof = \"{of}\"\nsupport = \"{support}\"\nthreshold = 0.5\nslope = 0.001\nrole = \"{role}\"\n"
    )
}

#[test]
fn a_house_that_carries_everything_is_no_threat_point() {
    let base = history(&war(&[]), 60);
    assert!(base.iter().any(|(record, _)| record.settlement.is_some()), "something is signed");
    let carried = history(&war(&[&ratifier("B", "threat_point", "2")]), 60);
    assert!(carried == base);
}

#[test]
fn an_actor_signs_nothing_that_its_house_would_surely_undo() {
    let undone = records(&war(&[&ratifier("B", "threat_point", "0 - 1")]), 60);
    assert!(undone.iter().all(|record| record.settlement.is_none() && record.failed_votes == 0));
}

#[test]
fn a_house_as_threat_point_moves_the_terms_where_a_constraint_only_votes() {
    // The house carries a large force and nothing else.
    let support = "if(force == large, 1, 0)";
    for role in ["threat_point", "constraint"] {
        let signed: Vec<Vec<u16>> = records(&war(&[&ratifier("B", role, support)]), 100)
            .into_iter()
            .filter_map(|r| r.settlement)
            .map(|s| s.terms)
            .collect();
        assert!(!signed.is_empty() && signed.iter().all(|terms| terms[1] == 2), "{role}: {signed:?}");
    }
}

#[test]
fn what_wins_over_the_house_is_worth_something_to_whoever_fears_it() {
    // Soothing the house changes nothing else, so that only the fear of losing there can be a reason for it.
    let soothe = "[levers.soothe]\nowner = \"B\"\neffects = { calm = 0.5 }\ncost = { value = 0.0001, kind = \"once\" }\nmax_uses = 1\n\
                  [behaviour]\nreviews_per_year = 1000\ninertia = 0\nlever_precision = 1e9\n[ratifiers.house]\nslope = 0.2\n";
    let uses = |role: &str, support: &str| -> u32 {
        let house = ratifier("B", role, support);
        records(&war(&[&house, soothe]), 40).iter().map(|record| record.lever_uses[0]).sum()
    };
    assert!(uses("threat_point", "calm") > 20, "{}", uses("threat_point", "calm"));
    assert_eq!(uses("threat_point", "0.5"), 0, "a house that does not mind");
    assert_eq!(uses("constraint", "calm"), 0, "a house that votes is not in what the deal is worth");
}

#[test]
fn a_neighbours_house_votes_only_on_what_the_neighbour_delivers() {
    let refuses = ratifier("D", "constraint", "0 - 1");
    let base = records(&war(&[]), 100);
    let with =
        |records: &[Record]| records.iter().filter(|r| r.settlement.as_ref().is_some_and(|s| s.terms[1] > 0)).count();
    assert!(with(&base) > 0, "troops are part of some settlement");
    let refused = records(&war(&[&refuses]), 100);
    assert_eq!(with(&refused), 0);
    // Where no troops are on the table, the house has no say.
    let no_troops = "[rules.none]\nforbid = \"force > none\"\n";
    let told = |texts: &[&str]| -> Vec<Record> { records(&war(texts), 60) };
    assert!(told(&[no_troops, &refuses]) == told(&[no_troops]));
}

#[test]
fn the_mood_of_those_who_consent_lasts_as_declared() {
    let base = history(&war(&[]), 60);
    assert!(history(&war(&["[behaviour]\nconsent_rho_month = 0.98\n"]), 60) == base);
    assert!(history(&war(&["[behaviour]\nconsent_rho_month = 0\n"]), 60) != base);
}

/// An election in East's office-holder A with declared odds.
fn election(when: &str, to: &str, more: &str) -> String {
    format!("[transitions.election]\nof = \"A\"\nwhen = \"{when}\"\nto = {{ {to} }}\n{more}\n")
}

/// Nobody talks: the whole horizon is played.
const SILENCE: &str = "[protocol]\noffers_per_month = 0\n";

#[test]
fn an_election_brings_the_declared_odds_to_office_and_to_belief() {
    const N: u64 = 1000;
    let model = war(&[SILENCE, &election("month >= 3", "hard = 0.3, mild = \"otherwise\"", "")]);
    let mut workspace = Workspace::new(&model);
    let mut hard = 0;
    for replication in 0..N {
        let mut watch = Beliefs::default();
        let record = play(&model, Coordinates { seed: 7, replication }, &mut workspace, &mut watch);
        assert_eq!(record.transitions, [1], "at most once");
        hard += u64::from(record.types[0]);
        assert!(watch.0[..4].iter().all(|b| *b == [0.5, 0.5]), "{:?}", watch.0);
        assert!(watch.0[4..].iter().all(|b| (b[0] - 0.7).abs() < 1e-12 && (b[1] - 0.3).abs() < 1e-12), "{:?}", watch.0);
    }
    // N = 1000: share .3 with standard error sqrt(.21/N) = .0145; 4.5 of them are .065. The odds of the draw, .5, would fail.
    assert!((hard as f64 / N as f64 - 0.3).abs() < 0.065, "{hard}");
}

/// Beliefs about A, step by step.
#[derive(Default)]
struct Beliefs(Vec<[f64; 2]>);

impl Observer for Beliefs {
    fn step(&mut self, view: &StepView<'_>) {
        self.0.push([view.beliefs[0], view.beliefs[1]]);
    }
}

#[test]
fn an_election_that_never_comes_changes_nothing() {
    let told = |texts: &[&str]| -> Vec<(Vec<String>, Vec<f64>)> {
        history(&war(texts), 60).into_iter().map(|(record, steps)| (steps, record.utility)).collect()
    };
    assert!(told(&[&election("false", "hard = 1", "")]) == told(&[]));
}

#[test]
fn an_election_that_repeats_comes_whenever_its_condition_has_become_true_anew() {
    let when = "(month >= 2 and month < 4) or month >= 7";
    let times = |more: &str| records(&war(&[SILENCE, &election(when, "hard = 1", more)]), 1)[0].transitions[0];
    assert_eq!((times(""), times("repeats = true")), (1, 2));
}

#[test]
fn an_election_after_the_signature_changes_who_holds_office_in_peace() {
    let model = war(&[&election("regime == settled and months_in_regime >= 6", "hard = 1", "")]);
    let told = records(&model, 100);
    let signed: Vec<&Record> = told.iter().filter(|record| record.settlement.is_some()).collect();
    assert!(!signed.is_empty() && signed.iter().all(|record| record.transitions[0] == 1 && record.types[0] == 1));
    assert!(told.iter().filter(|record| record.settlement.is_none()).all(|record| record.transitions[0] == 0));
}

/// B's seat is scripted.
fn script(text: &str) -> Model {
    war(&[&format!("[packages.troops]\nterms = {{ force = \"large\" }}\n[actors.B]\npolicy = {{ {text} }}\n")])
}

#[test]
fn a_seat_without_a_script_plays_as_before() {
    let silent = script("script = [], then = \"default\"");
    assert!(history(&silent, 60) == history(&war(&["[packages.troops]\nterms = { force = \"large\" }\n"]), 60));
}

#[test]
fn a_scripted_no_and_a_passive_seat_sign_nothing() {
    for text in [
        "script = [{ month = 0, answer = \"no\" }, { month = 0, offer = \"troops\" }]",
        "script = [], then = \"passive\"",
    ] {
        let signed = records(&script(text), 60).into_iter().filter_map(|record| record.settlement);
        // Only what B itself offers can still be signed.
        assert!(signed.into_iter().all(|s| s.proposer.index() == 1 && s.terms == [0, 2]), "{text}");
    }
}

#[test]
fn a_scripted_offer_is_made_from_its_month_on() {
    let mut workspace = Workspace::new(&script("script = [{ month = 2, offer = \"troops\" }], then = \"passive\""));
    let model = script("script = [{ month = 2, offer = \"troops\" }], then = \"passive\"");
    let mut made = 0;
    for replication in 0..40 {
        let mut watch = Offers::default();
        play(&model, Coordinates { seed: 7, replication }, &mut workspace, &mut watch);
        assert!(watch.0.iter().all(|(step, terms)| *step >= 2 && *terms == [0, 2]), "{:?}", watch.0);
        made += watch.0.len();
    }
    assert!(made > 10, "{made}");
}

/// What B offers, and when.
#[derive(Default)]
struct Offers(Vec<(u32, Vec<u16>)>);

impl Observer for Offers {
    fn on(&mut self, step: u32, _: f64, what: &Move<'_>) {
        if let Move::Offer { by, deal, .. } = *what
            && by.index() == 1
        {
            self.0.push((step, deal.terms.to_vec()));
        }
    }
}
