//! Several attacks, what they lose and what answers them (`core.md` 5 and 6), each switched on and off.

use crate::library::model_of;
use detente::engine::appraise::{Appraisal, Start, appraise, package_with};
use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::num::{exp, logistic, pow};

/// A line that B would like to keep open and A to trade on, a force with a backer, and an attack on what is signed.
const LINE: &str = r#"
[model]
name = "line"
title = "A line and who holds it"
step = "month"
horizon_months = 1
aftermath_months = 0
foresight_months = 12

[issues.trade]
options = [{ id = "shut", status_quo = true }, { id = "open", revocable = true }]

[issues.force]
options = [{ id = "none", status_quo = true }, { id = "arms" }, { id = "k10" }, { id = "k30" }, { id = "k100" }, { id = "enabled" }, { id = "backed" }]

[issues.watch]
options = [{ id = "blind", status_quo = true }, { id = "watched" }]

[instruments.settlement]
scope = "all"
leads_to = "settled"

[endings.a_wins]
values = { A = 0.9, B = -0.4, default = 0 }

[endings.b_wins]
values = { A = -0.2, B = 1.2, default = 0.3 }

[endings.wider]
values = { default = -1 }

[foresight]
endings = { a_wins = 0.5 }

[params.will]
value = 0.4
unit = "index"
range = [-20, 20]

[params.horizon]
value = 20
unit = "years"
range = [1, 100]

[actors.A]
name = "A"
role = "signatory"
patience = 0.975
weights = { trade = 1 }
values.trade = [0.3, 0.6]
war_cost = 0.2

[actors.B]
name = "B"
role = "signatory"
patience = 0.975
weights = { trade = 1 }
values.trade = [0.8, 0.75]
war_cost = 0.2

[actors.C]
name = "C"
role = "mediator"
patience = 0.975
weights = { trade = 1 }
values.trade = [0.5, 0.5]

[guarantees.coalition]
by = "C"
needs = "force >= arms"
capability.ground = "piecewise(force, [0, 0.1, 0.3, 0.55, 1, 1, 1])"
capability.air = "piecewise(force, [0, 0.1, 0.2, 0.3, 0.4, 0.8, 0.8])"
size = "piecewise(force, [0, 0, 1, 3, 10, 10, 10])"
will = "will"
tripwire = 0.08
backstop = { by = "C", strength = "if(force == backed, 0.15, 0)", probability = 0.7 }

[guarantees.neighbour]
by = "C"
needs = "force >= arms"
capability.ground = "piecewise(force, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5])"
capability.air = "piecewise(force, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5])"
will = "will"
fatigue = 0.1

[attacks.invasion]
by = "A"
target = "B"
per_year = 0.6
domains = { ground = 0.6, air = 0.4 }
answered_by = ["coalition", "neighbour"]
balance = "0.2 + years_ahead/horizon"
victory = "a_wins"
defeat = "b_wins"
escalation = "wider"

[packages]
p0 = { terms = { trade = "open", watch = "watched" }, reference = true }
p1 = { terms = { trade = "open", watch = "watched", force = "arms" } }
p2 = { terms = { trade = "open", watch = "watched", force = "k10" } }
p4 = { terms = { trade = "open", watch = "watched", force = "k100" } }
p5 = { terms = { trade = "open", watch = "watched", force = "enabled" } }
p6 = { terms = { trade = "open", watch = "watched", force = "backed" } }
b1 = { terms = { trade = "open", force = "arms" } }
b3 = { terms = { trade = "open", force = "k30" } }

[protocol]
kind = "one_offer"
recognition = { C = 1, A = 0, B = 0 }

[rules.one_package]
forbid = "trade != open or force != k30 or watch != watched"

[[outcomes]]
id = "signed"
when = "signed.settlement"

[[outcomes]]
id = "rest"
when = "true"
"#;

const PRESSURE: &str = r#"
[attacks.harassment]
by = "A"
target = "B"
continues = true
per_year = 3
answered_by = ["coalition", "neighbour"]
domains = { ground = 0.6, air = 0.4 }
gain = 0.2
harm = { B = 0.3, default = 0.05 }
punishment = 0.2
"#;

const OFFENSIVE: &str = r#"
[attacks.liberation]
by = "B"
target = "A"
per_year = 0.4
answered_by = []
balance = -0.1
victory = "b_wins"
defeat = "a_wins"
"#;

fn model(texts: &[&str], sets: &[&str]) -> detente::model::Model {
    let texts: Vec<&str> = std::iter::once(LINE).chain(texts.iter().copied()).collect();
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    model_of(&texts, &sets)
}

const CHAIN: [&str; 7] = ["none", "arms", "k10", "k30", "k100", "enabled", "backed"];
const FORMS: [&str; 5] = ["pooled", "independent", "weakest_link", "best_shot", "additive"];

/// The package with open trade and this force, at central values.
fn appraised_with(texts: &[&str], sets: &[&str], force: &str, watch: u16) -> Appraisal {
    let model = model(texts, sets);
    let force = CHAIN.iter().position(|id| *id == force).unwrap() as u16;
    let package = package_with(&model, &[1, force, watch]).unwrap();
    appraise(&model, Start::Central, package, &mut Workspace::new(&model))
}

fn appraised(texts: &[&str], sets: &[&str], force: &str) -> Appraisal {
    appraised_with(texts, sets, force, 1)
}

/// P of the actor at its true type.
fn package_of(appraisal: &Appraisal, actor: usize) -> f64 {
    appraisal.holdings.iter().find(|holding| holding.actor == actor && holding.is_true).unwrap().package
}

#[test]
fn each_link_of_the_chain_deters_at_least_as_much_as_the_one_before_under_every_form() {
    for form in FORMS {
        for shape in ["attacks.invasion.ces=-1", "attacks.invasion.ces=0.5", "attacks.invasion.ces=0"] {
            let mut before = (0.0, 1.0);
            for force in CHAIN {
                let now = appraised(&[], &[&format!("attacks.invasion.combine={form}"), shape], force);
                let threat = &now.threats[0];
                assert_eq!(threat.g.to_bits(), threat.g_hat.to_bits(), "nobody is mistaken about the guarantors");
                assert!(threat.g >= before.0 - 1e-12, "{form}, {shape}: {} after {} with {force}", threat.g, before.0);
                assert!(now.attack_prob <= before.1 + 1e-12, "{form}, {shape}, {force}: {}", now.attack_prob);
                before = (threat.g, now.attack_prob);
            }
            assert!(before.0 > 0.2 || form == "additive", "{form}: {}", before.0);
        }
    }
}

#[test]
fn what_is_appraised_is_what_is_recorded_at_the_signature() {
    for form in FORMS {
        let combine = format!("attacks.invasion.combine={form}");
        let model = model(&[], &[&combine]);
        let at = Coordinates { seed: 3, replication: 0 };
        let mut workspace = Workspace::new(&model);
        let signed = play(&model, at, &mut workspace, &mut Nobody).settlement.clone().unwrap();
        let package = package_with(&model, &signed.terms).unwrap();
        let appraisal = appraise(&model, Start::Drawn(at), package, &mut workspace);
        let threat = &appraisal.threats[0];
        assert_eq!(
            [signed.g, signed.g_hat, signed.attack_prob, signed.attack_prob_60m],
            [threat.g, threat.g_hat, appraisal.attack_prob, appraisal.attack_prob_60m],
            "{form}"
        );
        assert!(appraisal.blockers.is_empty(), "it was signed");
    }
}

#[test]
fn denial_and_punishment_share_what_deterrence_there_is() {
    let prob = |sets: &[&str]| appraised(&[], sets, "k100").attack_prob;
    let (all_denial, no_denial) = ("attacks.invasion.denial_share=1", "attacks.invasion.denial_share=0");
    let (mild, harsh) = ("attacks.invasion.punishment=0.1", "attacks.invasion.punishment=0.9");
    let (weak, strong) = ("attacks.invasion.denial=0.1", "attacks.invasion.denial=0.9");
    assert_eq!(prob(&[all_denial, mild]), prob(&[all_denial, harsh]));
    assert_eq!(prob(&[no_denial, weak]), prob(&[no_denial, strong]));
    assert!(prob(&[all_denial, strong]) < prob(&[all_denial, weak]));
    assert!(prob(&[no_denial, harsh]) < prob(&[no_denial, mild]));
    let without = prob(&["params.will=-20"]);
    let idle = prob(&["attacks.invasion.denial=0", "attacks.invasion.punishment=0"]);
    assert!((idle - without).abs() < 1e-12, "{idle} {without}");
}

#[test]
fn a_breach_that_may_go_unnoticed_tempts_more() {
    let prob = |sets: &[&str]| appraised(&[], sets, "arms").attack_prob;
    let (usual, never) = (prob(&[]), prob(&["attacks.invasion.detection=0"]));
    assert_eq!(usual, prob(&["attacks.invasion.detection=1"]));
    let half = prob(&["attacks.invasion.detection=0.5"]);
    assert!(usual < half && half < never, "{usual} {half} {never}");
    let vote = "[attacks.invasion]\nsnapback = { vote = 0.5 }";
    assert_eq!(appraised(&[vote], &[], "arms").attack_prob, half, "detection times vote");
    let watch = "attacks.invasion.detection=if(watch == watched, 1, 0.5)";
    assert_eq!(appraised_with(&[], &[watch], "arms", 1).attack_prob, usual);
    assert_eq!(appraised_with(&[], &[watch], "arms", 0).attack_prob, half);
}

#[test]
fn snapback_by_a_body_is_the_vote_of_the_member_on_whom_the_quota_turns() {
    let prob = |attack: &str| {
        let union = "[bodies.union]\nname = \"Union\"\nmembers = [\"B\", \"C\"]\nquota = { all = \"unanimity\", half = { qualified_majority = 0.5 } }";
        appraised(&[union, &format!("[attacks.invasion]\nsnapback = {attack}")], &[], "arms").attack_prob
    };
    let scalar = |vote: f64| prob(&format!("{{ vote = {vote} }}"));
    let ballot =
        |matter: &str, worth: &str| prob(&format!("{{ by = \"union\", matter = \"{matter}\", worth = {worth} }}"));
    // C values trade open and shut alike, B is better off by 0.05 when it is shut again; the precision is 30.
    assert!((ballot("all", "{ default = 0 }") - scalar(0.5)).abs() < 1e-12);
    let turns_on_b = logistic(30.0 * 0.05);
    assert!((ballot("half", "{ default = 0 }") - scalar(turns_on_b)).abs() < 1e-12);
    let both_angry = logistic(30.0 * 0.02);
    assert!((ballot("all", "{ default = 0.02 }") - scalar(both_angry)).abs() < 1e-12);
    assert!((ballot("all", "{ B = -2, default = 2 }") - scalar(0.0)).abs() < 1e-12, "one member is enough to stop it");
    assert!((ballot("half", "{ B = -2, default = 2 }") - scalar(1.0)).abs() < 1e-12);
}

/// A second attack, with these lines, that is as likely as not whenever there is an occasion; the invasion is off.
fn chance_of_a_raid(lines: &str) -> f64 {
    let raid = format!(
        "[attacks.raid]\nby = \"A\"\ntarget = \"B\"\nprecision = 0\nbalance = 0\nvictory = \"a_wins\"\ndefeat = \"b_wins\"\nanswered_by = []\n{lines}"
    );
    appraised(&[&raid], &["attacks.invasion.per_year=0"], "none").attack_prob
}

#[test]
fn attacks_keep_nodes_tail_and_form_of_their_own() {
    let rate = |nodes: &str| chance_of_a_raid(&format!("per_year = 0.2\nnodes_years = {nodes}"));
    assert!((rate("[1, 2, 3, 5, 8]") - (1.0 - exp(-0.8))).abs() < 1e-12);
    // A rate is a rate whatever the nodes at which it is decided.
    assert!((rate("[8]") - (1.0 - exp(-0.8))).abs() < 1e-12);
    assert!((rate("[2, 4]") - (1.0 - exp(-0.8))).abs() < 1e-12, "after its last node the numbers of its last");
    let safe = chance_of_a_raid("per_year = 0.2\nnodes_years = [2]\ntail = \"safe\"");
    assert!((safe - (1.0 - exp(-0.2))).abs() < 1e-12, "two years of it, then none: {safe}");
    let draw = chance_of_a_raid("per_year = 0.6\nnodes_years = [2]\nform = \"draw\"");
    assert!((draw - (1.0 - pow(0.7, 4.0))).abs() < 1e-12, "0.3 in each two years: {draw}");
    let once = chance_of_a_raid("per_year = 0.6\nnodes_years = [2]\nform = \"draw\"\ntail = \"safe\"");
    assert!((once - 0.3).abs() < 1e-12, "{once}");
}

#[test]
fn nodes_of_an_attack_without_occasion_change_nothing_that_is_decided_there() {
    let idle = "[attacks.raid]\nby = \"A\"\ntarget = \"B\"\nper_year = 0\nbalance = 0\nvictory = \"a_wins\"\ndefeat = \"b_wins\"\nanswered_by = []\n";
    let (alone, coarse) =
        (appraised(&[], &[], "k30"), appraised(&[&format!("{idle}nodes_years = [3, 8]")], &[], "k30"));
    for actor in 0..3 {
        assert!((package_of(&alone, actor) - package_of(&coarse, actor)).abs() < 1e-12);
    }
    assert!((alone.attack_prob - coarse.attack_prob).abs() < 1e-12);
    let finer = appraised(&[&format!("{idle}nodes_years = [4, 6]")], &[], "k30");
    assert!((alone.attack_prob - finer.attack_prob).abs() < 0.02, "{} {}", alone.attack_prob, finer.attack_prob);
}

#[test]
fn no_risk_of_escalation_is_no_escalation_to_the_bit() {
    let bare = appraised(&[], &[], "k100");
    let none =
        appraised(&[], &["guarantees.coalition.escalation_risk=0", "guarantees.coalition.escalation_fear=5"], "k100");
    assert_eq!(bare, none);
    let risky =
        appraised(&[], &["guarantees.coalition.escalation_risk=0.1", "guarantees.coalition.escalation_fear=1"], "k100");
    assert!(risky.threats[0].g < bare.threats[0].g, "fear lowers will");
}

#[test]
fn tripwire_backstop_and_fatigue_do_nothing_at_zero() {
    let g = |sets: &[&str], force: &str| appraised(&[], sets, force).threats[0].g_hat_by_node.clone();
    let bare = ["guarantees.coalition.tripwire=0", "guarantees.coalition.size=0"];
    assert_eq!(g(&bare, "k100"), g(&bare[..1], "k100"), "without a tripwire size does not matter");
    assert!(g(&[], "k100")[0] > g(&bare, "k100")[0]);
    let absent = "guarantees.coalition.backstop.probability=0";
    assert_eq!(g(&[absent], "backed"), g(&[absent], "enabled"));
    assert!(g(&[], "backed")[0] > g(&[absent], "backed")[0]);
    let fresh = g(&["guarantees.neighbour.fatigue=0"], "k100");
    assert!(fresh.iter().all(|&g| g == fresh[0]), "{fresh:?}");
    let tired = g(&["guarantees.coalition.fatigue=0.1"], "k100");
    assert_eq!(tired[0], fresh[0], "fatigue begins after the first year");
    assert!(tired.windows(2).all(|pair| pair[1] < pair[0]), "{tired:?}");
}

#[test]
fn a_guarantee_left_out_is_one_that_is_not_asked() {
    let alone = "[attacks.invasion]\nanswered_by = [\"neighbour\"]";
    for form in FORMS {
        let combine = format!("attacks.invasion.combine={form}");
        let both = &appraised(&[], &[&combine], "k100").threats[0];
        let one = &appraised(&[alone], &[&combine], "k100").threats[0];
        let (index, without) = both.without[0];
        assert_eq!(index, 0, "the coalition");
        if form != "weakest_link" {
            assert!((without - one.g_hat).abs() < 1e-15, "{form}: {without} {}", one.g_hat);
        }
    }
}

#[test]
fn the_pooled_form_is_exact_only_where_it_is_certain_who_answers() {
    let error = |will: &str| appraised(&[], &[will], "k100").threats[0].mean_field_error.unwrap();
    assert!(error("params.will=20").abs() < 1e-12);
    assert!(error("params.will=-20").abs() < 1e-12);
    assert!(error("params.will=0.3").abs() > 1e-3);
}

#[test]
fn pressure_without_occasion_changes_nothing() {
    let (with, without) =
        (appraised(&[PRESSURE], &["attacks.harassment.per_year=0"], "k30"), appraised(&[], &[], "k30"));
    assert_eq!(with.holdings, without.holdings);
    assert_eq!((with.attack_prob, with.attack_prob_60m), (without.attack_prob, without.attack_prob_60m));
    let harmless = [
        "attacks.harassment.gain=0",
        "attacks.harassment.punishment=0",
        "attacks.harassment.harm.B=0",
        "attacks.harassment.harm.default=0",
    ];
    let idle = appraised(&[PRESSURE], &harmless, "k30");
    for actor in 0..3 {
        assert!((package_of(&idle, actor) - package_of(&without, actor)).abs() < 1e-12);
    }
    assert!((idle.attack_prob - without.attack_prob).abs() < 1e-12);
}

#[test]
fn pressure_costs_what_its_acts_cost_and_the_peace_goes_on() {
    // One node of a year, no other attack, no guarantee: every year o/2 acts, each of w h, for ever from the first year on.
    let sure = ["attacks.invasion.per_year=0", "attacks.harassment.precision=0"];
    let yearly = "[attacks.invasion]\nnodes_years = [1]\n[attacks.harassment]\nnodes_years = [1]";
    let now = appraised(&[PRESSURE, yearly], &sure, "none");
    let (year, act) = (pow(0.975, 12.0), 1.0 - 0.975);
    let expected = 0.75 - 1.5 * act * 0.3 * year / (1.0 - year);
    assert!((package_of(&now, 1) - expected).abs() < 1e-12, "{} {expected}", package_of(&now, 1));
    let gained = 0.6 + 1.5 * act * 0.2 * year / (1.0 - year);
    assert!((package_of(&now, 0) - gained).abs() < 1e-12, "{} {gained}", package_of(&now, 0));
    assert_eq!(now.attack_prob, 0.0);
    assert!((now.threats[1].hazard[0] - 1.5).abs() < 1e-12, "acts a year");
}

#[test]
fn punishment_moves_the_attacker_below_the_threshold_less_than_it_deters_invasion() {
    let acts = |force: &str| appraised(&[PRESSURE], &[], force).threats[1].hazard[0];
    assert!(acts("k100") < acts("none"));
    assert!(acts("k100") > 0.2 * acts("none"));
}

#[test]
fn acts_of_pressure_are_felt_after_the_signature() {
    let felt = |harm: &str| {
        let often = [
            "model.aftermath_months=24",
            "attacks.invasion.per_year=0",
            "attacks.harassment.per_year=24",
            "attacks.harassment.precision=0",
            harm,
        ];
        let model = model(&[PRESSURE], &often);
        let mut workspace = Workspace::new(&model);
        let record = play(&model, Coordinates { seed: 3, replication: 0 }, &mut workspace, &mut Nobody);
        assert!(record.settlement.as_ref().is_some_and(|signed| !signed.attacked), "the peace goes on");
        record.utility[1]
    };
    let none = felt("attacks.harassment.harm.B=0");
    let (once, twice) = (none - felt("attacks.harassment.harm.B=0.01"), none - felt("attacks.harassment.harm.B=0.02"));
    assert!((twice - 2.0 * once).abs() < 1e-12, "{once} {twice}");
    // One act a month in the mean over 24 months: the standard deviation is a fifth of the mean.
    let expected: f64 = (1..=24).map(|month| pow(0.975, f64::from(month)) * 0.025 * 0.01).sum();
    assert!(once > 0.3 * expected && once < 1.7 * expected, "{once} {expected}");
}

#[test]
fn both_sides_may_attack_and_types_that_differ_in_nothing_change_nothing() {
    let alone = appraised(&[], &[], "k30");
    let idle = appraised(&[OFFENSIVE], &["attacks.liberation.per_year=0"], "k30");
    for (actor, before) in [(0, package_of(&alone, 0)), (1, package_of(&alone, 1)), (2, package_of(&alone, 2))] {
        assert!((package_of(&idle, actor) - before).abs() < 1e-12);
    }
    assert_eq!(idle.attack_prob, alone.attack_prob);
    let both = appraised(&[OFFENSIVE], &[], "k30");
    assert!(both.attack_prob > alone.attack_prob && both.threats[1].hazard[0] > 0.0);
    let types = "[actors.A]\ntypes.one = { prior = 0.3 }\ntypes.two = { prior = 0.7 }\n[actors.B]\ntypes.one = { prior = 0.6 }\ntypes.two = { prior = 0.4 }";
    let typed = appraised(&[OFFENSIVE, types], &[], "k30");
    assert!((typed.attack_prob - both.attack_prob).abs() < 1e-12);
    for holding in &typed.holdings {
        assert!((holding.package - package_of(&both, holding.actor)).abs() < 1e-12);
    }
}

#[test]
fn an_attack_on_a_third_state_is_valued_by_it_and_by_everybody() {
    let pretext = "[endings.pretext]\nvalues = { A = 0.7, B = 0.2, C = -0.5 }\n[attacks.pretext]\nby = \"A\"\ntarget = \"C\"\nper_year = 0.5\nbalance = 0.3\nvictory = \"pretext\"\ndefeat = \"b_wins\"\nanswered_by = []";
    let (with, without) = (appraised(&[pretext], &[], "k30"), appraised(&[], &[], "k30"));
    assert!(with.attack_prob > without.attack_prob);
    assert!(package_of(&with, 2) < package_of(&without, 2));
}

#[test]
fn hazards_of_peace_read_the_package_and_its_guarantee() {
    let incident = "[hazards.incident]\nduring = [\"settled\"]\nper_year = \"0.3*(1 - G_hat)*if(watch == watched, 1, 2)\"\nending = \"a_wins\"";
    let watched = appraised(&[incident], &[], "k30");
    let blind = appraised_with(&[incident], &[], "k30", 0);
    assert!((watched.hazards[0].1 - 0.3 * (1.0 - watched.threats[0].g_hat)).abs() < 1e-12);
    assert!((blind.hazards[0].1 - 2.0 * watched.hazards[0].1).abs() < 1e-12);
}
