//! What levers and events end (`core.md` 2, 12): truces, side deals, and what expressions read of it.

use detente::engine::observer::{Move, Observer};
use detente::engine::record::{EndedBy, Record};
use detente::engine::{Coordinates, Workspace, play};
use detente::num::pow;

use crate::library::model_of;
use crate::regimes::WAR;

const COLUMNS: &str = r#"
[[outcome_column]]
id = "stands"
value = "if(stands.ceasefire, 1, 0)"

[[outcome_column]]
id = "ended"
value = "if(ended.ceasefire, 1, 0)"
"#;

#[derive(Default)]
struct Levers {
    gains: Vec<(u32, f64)>,
}

impl Observer for Levers {
    fn on(&mut self, step: u32, _: f64, what: &Move<'_>) {
        if let Move::Lever { gain, .. } = what {
            self.gains.push((step, *gain));
        }
    }
}

fn played(overlays: &[&str], sets: &[&str]) -> (Record, Levers) {
    let texts = [&[WAR, COLUMNS], overlays].concat();
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let model = model_of(&texts, &sets);
    let mut levers = Levers::default();
    let at = Coordinates { seed: 7, replication: 0 };
    let record = play(&model, at, &mut Workspace::new(&model), &mut levers).clone();
    (record, levers)
}

const SHOCK: &str = "[events.shock]\nwhen = \"month >= 3\"\nends = \"ceasefire\"\n";

#[test]
fn an_event_ends_a_truce_and_outcomes_can_read_it() {
    let (quiet, _) = played(&[], &[]);
    assert_eq!((quiet.truces_broken, &quiet.extra[..]), (0, &[1.0, 0.0][..]));
    let (record, _) = played(&[SHOCK], &[]);
    let first = record.agreements[0];
    assert_eq!((first.step, first.ended_step, first.ended_by), (0, Some(3), Some(EndedBy::Event)));
    assert_eq!(record.truces_broken, 1);
    // Both are better off in a truce, so that they sign another in the same month.
    assert_eq!((record.agreements[1].step, record.agreements[1].ended_step), (3, None));
    assert_eq!(record.extra, [1.0, 1.0]);
}

#[test]
fn an_event_that_never_comes_changes_nothing() {
    let (quiet, _) = played(&[], &[]);
    let (never, _) = played(&[SHOCK], &["events.shock.when=month >= 300"]);
    assert_eq!((quiet.utility, quiet.agreements), (never.utility, never.agreements));
}

#[test]
fn a_side_deal_that_ends_loses_what_is_revocable_of_it() {
    let flags = r#"
[issues.flag]
options = [{ id = "down", status_quo = true }, { id = "up", revocable = true, acts_in_war = true }]
[instruments.flags]
scope = ["flag"]
parties = ["A", "B"]
[actors.A]
weights.flag = 0.1
values.flag = [0, 1]
[actors.B]
weights.flag = 0.1
values.flag = [0, 1]
[events.scandal]
when = "month >= 3"
ends = "flags"
[rules.no_pause]
forbid = "guns == silent"
"#;
    let (record, _) = played(&[flags], &[]);
    let first = record.agreements[0];
    assert_eq!((first.ended_step, first.ended_by), (Some(3), Some(EndedBy::Event)), "{:?}", record.agreements);
    assert_eq!(record.agreements.len(), 2, "it is signed again at once: it went down with the event");
    let (kept, _) = played(&[flags], &["events.scandal.when=month >= 300"]);
    assert_eq!((kept.agreements.len(), kept.agreements[0].ended_step), (1, None));
}

/// In a truce A rearms; from then on it would rather fight.
const REARMING: &str = r#"
[state.ready]
start = 0
range = [0, 1]
[events.rearmed]
when = "regime == truce and months_in_regime >= 2"
effects = { ready = "=1" }
[actors.A]
war_cost = "0.2 - 0.5*ready"
[levers.resume]
owner = "A"
target = "B"
phase = ["truce"]
ends = "ceasefire"
cost = { value = 0, kind = "once" }
max_uses = 1
[behaviour]
reviews_per_year = 1000
inertia = 0
lever_precision = 1e9
"#;

#[test]
fn a_truce_is_ended_by_whoever_prefers_the_war_and_by_what_that_is_worth() {
    let (record, levers) = played(&[REARMING], &[]);
    let first = record.agreements[0];
    assert_eq!((first.step, first.ended_by), (0, Some(EndedBy::Lever)), "{:?}", record.agreements);
    let (step, gain) = levers.gains[0];
    assert_eq!(Some(step), first.ended_step);
    // War is worth 0.6 a step to A for 120 months, then half of it and of the status quo; the truce is worth 0.3.
    let end = pow(0.97, 120.0);
    let war = (1.0 - end) * 0.6 + end * f64::midpoint(0.3, 0.6);
    assert!((gain - (war - 0.3)).abs() < 1e-9, "{gain} {war}");
}

#[test]
fn a_truce_that_is_better_than_war_is_left_alone() {
    let (record, levers) = played(&[REARMING], &["events.rearmed.when=month > 300"]);
    assert!(levers.gains.is_empty() && record.truces_broken == 0);
    let (without, _) = played(&[], &[]);
    assert_eq!(record.utility, without.utility);
}
