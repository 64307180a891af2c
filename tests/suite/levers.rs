//! Levers (`core.md` 12): what they cost, when they work, who may pull them and who must agree.

use detente::engine::observer::{Move, Nobody, Observer};
use detente::engine::record::Record;
use detente::engine::{Coordinates, Workspace, play};
use detente::num::{exp, pow};

use crate::library::model_of;

/// A twelve-month war without offers, in which A gains from `x` and does nothing else; D and E are there to be asked.
const WAR: &str = r#"
[model]
name = "pull"
title = "Pull the lever"
step = "month"
horizon_months = 12
aftermath_months = 0
foresight_months = 24

[state.x]
start = 0
range = [-100, 100]

[state.y]
start = 0
range = [-100, 100]

[state.drift]
start = 0
range = [-100, 100]
change = "0.1"
noise = { sd = 0.5 }

[issues.line]
options = [{ id = "held", status_quo = true }, { id = "moved" }]

[instruments.settlement]
scope = "all"
leads_to = "settled"

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
weights = { line = 1 }
values = { line = [0.5, 0.6] }
war_cost = "0.3 - 0.01*x"

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
weights = { line = 1 }
values = { line = [0.5, 0.4] }
war_cost = "0.3 + 0.01*drift"

[actors.D]
name = "D"
role = "third_party"
patience = 0.97
no_deal_flow = "0.2 - 0.01*y"

[actors.E]
name = "E"
role = "third_party"
patience = 0.97
no_deal_flow = "0.2 + 0.02*y + 0.01*x"

[bodies.pair]
name = "A pair"
members = ["D", "E"]
weights = { D = 1, E = 3 }
quota = { all = "unanimity", most = { qualified_majority = 0.6 } }

[levers.push]
owner = "A"
effects = { x = 1 }
cost = { value = 0, kind = "once" }

[protocol]
recognition = { A = 0.5, B = 0.5 }
offers_per_month = 0

[behaviour]
reviews_per_year = 1000
inertia = 0
lever_precision = 1e9

[[outcomes]]
id = "war"
when = "true"
"#;

/// Counts what was asked of others.
#[derive(Default)]
struct Asked {
    yes: u32,
    no: u32,
    uses: u32,
}

impl Observer for Asked {
    fn on(&mut self, _: u32, _: f64, what: &Move<'_>) {
        match what {
            Move::Asked { yes: true, .. } => self.yes += 1,
            Move::Asked { yes: false, .. } => self.no += 1,
            Move::Lever { .. } => self.uses += 1,
            _ => {}
        }
    }
}

fn played_in(overlay: &str, sets: &[&str], replication: u64, observer: &mut dyn Observer) -> Record {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let model = model_of(&[WAR, overlay], &sets);
    play(&model, Coordinates { seed: 7, replication }, &mut Workspace::new(&model), observer).clone()
}

fn played(sets: &[&str]) -> Record {
    played_in("", sets, 0, &mut Nobody)
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9, "{found} for {expected}");
}

#[test]
fn a_free_lever_that_helps_is_pulled_at_every_review() {
    let record = played(&[]);
    assert_eq!(record.lever_uses, [12]);
    assert_near(record.end_state[0], 12.0);
    assert_eq!(played(&["levers.push.max_uses=5"]).lever_uses, [5]);
    assert_eq!(played(&["levers.push.cooldown_months=3"]).lever_uses, [4]);
    assert_eq!(played(&["levers.push.when=month >= 8"]).lever_uses, [4]);
}

#[test]
fn a_lever_that_costs_more_than_it_brings_stays_where_it_is() {
    assert_eq!(played(&["levers.push.cost.value=1"]).lever_uses, [0]);
    // A point costs (1 - d) of it as an average flow; what is paid later is discounted. A gains about .005 a use.
    let record = played(&["levers.push.cost.value=0.1", "levers.push.max_uses=1"]);
    assert_eq!(record.lever_uses, [1]);
    let free = played(&["levers.push.max_uses=1"]);
    assert_near(record.cost[0] - free.cost[0], 0.03 * 0.1);
    assert_near(free.utility[0] - record.utility[0], 0.03 * 0.1);
}

#[test]
fn effects_come_late_go_again_or_fade() {
    let delayed = played(&["levers.push.effects.x={ add = 1, delay_months = 3 }"]);
    assert_near(delayed.end_state[0], 9.0);
    let borrowed = played(&["levers.push.effects.x={ add = 1, duration_months = 4 }"]);
    assert_near(borrowed.end_state[0], 4.0);
    let kept: f64 = (0..12).map(|age| exp(-0.2 * f64::from(age))).sum();
    let fading = played(&["levers.push.effects.x={ add = 1, decay_per_month = 0.2 }"]);
    assert_near(fading.end_state[0], kept);
    let late: f64 = (0..9).map(|age| exp(-0.2 * f64::from(age))).sum();
    let both = played(&["levers.push.effects.x={ add = 1, delay_months = 3, decay_per_month = 0.2 }"]);
    assert_near(both.end_state[0], late);
}

#[test]
fn what_does_not_decay_is_what_was_never_told_to() {
    let plain = played(&[]);
    let zero = played(&["levers.push.effects.x={ add = 1, decay_per_month = 0 }", "levers.push.saturation=1"]);
    assert_eq!(plain, zero);
}

#[test]
fn each_further_use_of_a_saturating_lever_adds_less() {
    let record = played(&["levers.push.saturation=0.5"]);
    assert_eq!(record.lever_uses, [12]);
    assert_near(record.end_state[0], 2.0 - 2.0 * pow(0.5, 12.0));
    // Nothing is left of the second use, so there is none.
    assert_eq!(played(&["levers.push.saturation=0"]).lever_uses, [1]);
}

#[test]
fn an_actor_that_never_reviews_moves_nothing_and_nobody_else() {
    let never = played(&["actors.A.reviews_per_year=0"]);
    assert_eq!(never.lever_uses, [0]);
    let nobody = played(&["behaviour.reviews_per_year=0"]);
    let barred = played(&["levers.push.when=false"]);
    assert_eq!((&never, &never), (&nobody, &barred));
    assert_eq!(played(&["behaviour.reviews_per_year=0", "actors.A.reviews_per_year=1000"]).lever_uses, [12]);
    // The noise of the other state is the same, whatever is pulled.
    assert_eq!(never.end_state[2].to_bits(), played(&[]).end_state[2].to_bits());
}

#[test]
fn a_lever_of_several_owners_is_used_by_each_and_used_up_by_all() {
    let both = ["levers.push.owner=[\"A\", \"E\"]"];
    assert_eq!(played(&both).lever_uses, [24]);
    assert_eq!(played(&[both[0], "levers.push.max_uses=5"]).lever_uses, [5]);
    assert_eq!(played(&[both[0], "levers.push.cooldown_months=1"]).lever_uses, [12]);
    assert_eq!(played(&["levers.push.owner=[\"A\", \"B\"]"]).lever_uses, [12], "B gains nothing from it");
}

/// The pair moves `y`, which is good for E and bad for D.
const PAIR: &str = r#"
[levers.vote]
owner = "pair"
matter = "most"
effects = { y = 1 }
cost = { value = 0.04, kind = "once" }
"#;

#[test]
fn a_body_moves_when_its_pivotal_member_gains_and_shares_the_cost() {
    let most = played_in(PAIR, &["levers.vote.max_uses=1"], 0, &mut Nobody);
    assert_eq!(most.lever_uses[1], 1, "three votes of four are enough");
    assert_near(most.cost[2], 0.03 * 0.04 / 4.0);
    assert_near(most.cost[3], 0.03 * 0.04 * 3.0 / 4.0);
    let all = played_in(PAIR, &["levers.vote.matter=all"], 0, &mut Nobody);
    assert_eq!(all.lever_uses[1], 0, "D loses and has a veto");
    let dear = played_in(PAIR, &["levers.vote.cost.value=9"], 0, &mut Nobody);
    assert_eq!(dear.lever_uses[1], 0);
}

#[test]
fn consent_is_given_by_those_who_gain_and_asked_only_where_there_is_hope() {
    let sure = "behaviour.consent_precision=1e9";
    // E gains from x, B is indifferent, and y hurts D.
    let mut asked = Asked::default();
    let willing = played_in("", &[sure, "levers.push.requires=E"], 0, &mut asked);
    assert_eq!((willing.lever_uses[0], asked.yes, asked.no), (12, 12, 0));
    assert_eq!(willing.end_state, played(&[]).end_state);
    let hurts = ["levers.push.effects.y=1", sure, "levers.push.requires=D"];
    let mut asked = Asked::default();
    let hopeless = played_in("", &hurts, 0, &mut asked);
    assert_eq!((hopeless.lever_uses[0], asked.yes + asked.no), (0, 0));
    let body = ["levers.push.effects.y=1", sure, "levers.push.requires={ by = \"pair\", matter = \"most\" }"];
    assert_eq!(played(&body).lever_uses, [12]);
    let body = ["levers.push.effects.y=1", sure, "levers.push.requires={ by = \"pair\", matter = \"all\" }"];
    assert_eq!(played(&body).lever_uses, [0]);
}

#[test]
fn a_refused_consent_is_a_public_act_and_costs_nothing() {
    let (mut yes, mut no) = (0, 0);
    for replication in 0..40 {
        let mut asked = Asked::default();
        let sets = ["levers.push.requires=B", "levers.push.cost.value=0.01"];
        let record = played_in("", &sets, replication, &mut asked);
        assert_eq!((asked.uses, asked.yes), (record.lever_uses[0], record.lever_uses[0]));
        assert_eq!(asked.no, record.refusals[1]);
        assert_eq!(asked.yes + asked.no, 12, "A asks each month");
        yes += asked.yes;
        no += asked.no;
    }
    // B is indifferent: every second consent is given; 4.5 standard errors of 480 draws are 49.
    assert!(yes.abs_diff(no) <= 99, "{yes} yes, {no} no");
}

/// A lever that moves only what the condition of an event reads.
const DETOUR: &str = r#"
[levers.trigger]
owner = "A"
effects = { y = 1 }
cost = { value = 0, kind = "once" }
max_uses = 1

[levers.idle]
owner = "A"
effects = { drift = 1 }
cost = { value = 0, kind = "once" }

[events.harvest]
when = "month > 14 and y > 0.5"
effects = { x = 1 }
"#;

#[test]
fn a_lever_is_worth_what_it_moves_by_a_detour_and_nothing_where_nothing_reads_it() {
    let record = played_in(DETOUR, &["levers.push.when=false"], 0, &mut Nobody);
    assert_eq!(record.lever_uses[1..], [1, 0]);
    let record =
        played_in(DETOUR, &["levers.push.when=false", "events.harvest.when=month > 60 and y > 0.5"], 0, &mut Nobody);
    assert_eq!(record.lever_uses[1..], [0, 0], "beyond foresight");
}

#[test]
fn a_lever_can_end_mediation() {
    let ends = ["levers.push.effects.x=0", "levers.push.ends=mediation"];
    let gains = "actors.A.war_cost=0.3 + if(mediating, 0.1, 0)";
    let record = played(&[ends[0], ends[1], gains]);
    assert_eq!(record.lever_uses, [1], "once it has ended there is nothing left to gain");
    assert_eq!(played(&ends).lever_uses, [0], "nobody gains from it");
}

/// A ceasefire that both sides sign at once, and a lever for it.
const CEASEFIRE: &str = r#"
[issues.guns]
options = [{ id = "fire", status_quo = true }, { id = "silent" }]

[instruments.settlement]
scope = ["line"]
leads_to = "settled"

[instruments.ceasefire]
scope = ["guns"]
leads_to = "truce"
parties = ["A", "B"]

[actors.A]
truce_share = 0.1

[actors.B]
truce_share = 0.1

[protocol]
offers_per_month = 1

[ratifiers.home]
of = "B"
support = 0
threshold = 0.5
slope = 0.05
"#;

#[test]
fn a_lever_can_be_kept_for_the_war_or_for_the_truce() {
    let uses = |phase: &str| {
        let sets = [format!("levers.push.phase={phase}"), "levers.push.max_uses=100".to_owned()];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let record = played_in(CEASEFIRE, &sets, 0, &mut Nobody);
        record.lever_uses[0]
    };
    let talks = uses("[\"talks\"]");
    let war = uses("[\"war\"]");
    let truce = uses("[\"truce\"]");
    assert!(war >= 1 && truce >= 1 && talks == 12, "{war} in war, {truce} in the truce, {talks} in both");
    assert_eq!(war + truce, 12);
    assert_eq!(uses("[\"aftermath\"]"), 0);
}
