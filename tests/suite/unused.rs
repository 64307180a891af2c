//! What nothing reads changes nothing: no draw, no value, no outcome.

use std::collections::BTreeMap;

use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::model::Model;

use crate::library::model_of;

const UKRAINE: &str = include_str!("../../models/ukraine-2025.toml");
const FEARON: &str = include_str!("../../models/classics/fearon.toml");

/// One of everything that a model may declare and nobody read; `OWNER` and `ENDING` are put in by the tests.
const UNUSED: &str = r#"
[params.an_unused_parameter]
value = { pert = [0, 0.3, 1] }
source = "assumption"

[state.an_unused_state]
start = { value = { uniform = [0.2, 0.4] }, source = "assumption" }
range = [0, 1]
change = "0.01*(1 - an_unused_state)"
noise = { sd = 0.02 }

[hazards.an_unused_hazard]
during = ["war", "settled"]
per_month = 0
ending = "ENDING"

[actors.AA]
name = "Nobody of weight"
role = "third_party"
patience = { value = { uniform = [0.9, 0.99] }, source = "assumption" }

[levers.an_unused_lever]
owner = "OWNER"
effects = { an_unused_state = 0.5 }
cost = { value = 0.1, kind = "once" }
when = "false"
"#;

/// Everything that a replication left, by name.
fn told(model: &Model, replication: u64, workspace: &mut Workspace) -> BTreeMap<String, String> {
    let record = play(model, Coordinates { seed: 2025, replication }, workspace, &mut Nobody);
    let mut told = BTreeMap::new();
    let mut tell = |name: String, value: String| assert!(told.insert(name.clone(), value).is_none(), "{name} twice");
    tell("outcome".into(), model.outcomes[record.outcome.index()].id.clone());
    tell("months".into(), format!("{:?} {:?}", record.end_month, record.agreement_month));
    tell("regime".into(), format!("{:?}", record.end_regime));
    tell("zone".into(), format!("{:?} {:?}", record.zopa_width, record.ripe_months));
    tell("offers".into(), format!("{} {} {:?}", record.offers, record.stalls, record.forecast));
    tell("votes".into(), record.failed_votes.to_string());
    tell("blocker".into(), record.blocker.map_or(String::new(), |actor| model.actors[actor.index()].id.clone()));
    for (issue, option) in model.issues.iter().zip(&record.terms) {
        tell(format!("terms of {}", issue.id), issue.options[usize::from(*option)].id.clone());
    }
    for (index, actor) in model.actors.iter().enumerate() {
        let numbers = (record.utility[index], record.cost[index], record.regret[index]);
        tell(format!("actor {}", actor.id), format!("{numbers:?} {} {}", record.refusals[index], record.types[index]));
    }
    for (state, value) in model.states.iter().zip(&record.end_state) {
        tell(format!("state {}", state.id), format!("{value:?}"));
    }
    for (lever, uses) in model.levers.iter().zip(&record.lever_uses) {
        tell(format!("lever {}", lever.id), uses.to_string());
    }
    for (scalar, value) in model.scalars.iter().zip(&record.draws) {
        tell(format!("draw {}", scalar.path), format!("{value:?}"));
    }
    for (column, value) in model.outcome_columns.iter().zip(&record.extra) {
        tell(format!("column {}", column.id), format!("{value:?}"));
    }
    tell("private".into(), format!("{:?}", record.private));
    if let Some(signed) = &record.settlement {
        let numbers = (signed.attack_prob, signed.attack_prob_60m, signed.g, signed.g_hat, signed.peace_months);
        tell("signed".into(), format!("{:?} {:?} {:?}", signed.step, signed.terms, signed.attack_month));
        tell("kept".into(), format!("{numbers:?} {} {}", signed.answered, signed.lost));
        tell("proposer".into(), model.actors[signed.proposer.index()].id.clone());
    }
    told
}

/// Plays the model with and without the extra elements, declared after its own and before them.
fn changes_nothing(text: &str, extra: &str, replications: u64) {
    let plain = model_of(&[text], &[]);
    let mut workspace = Workspace::new(&plain);
    let expected: Vec<_> = (0..replications).map(|replication| told(&plain, replication, &mut workspace)).collect();
    for (order, texts) in [("after", [text, extra]), ("before", [extra, text])] {
        let model = model_of(&texts, &[]);
        assert_eq!(model.actors.len(), plain.actors.len() + 1);
        assert_eq!(model.levers.len(), plain.levers.len() + 1);
        assert_eq!(model.states.len(), plain.states.len() + 1);
        assert_eq!(model.hazards.len(), plain.hazards.len() + 1);
        let mut workspace = Workspace::new(&model);
        for (replication, expected) in expected.iter().enumerate() {
            let found = told(&model, replication as u64, &mut workspace);
            for (name, value) in expected {
                assert_eq!(found.get(name), Some(value), "{name} of replication {replication}, unused {order} used");
            }
        }
    }
}

#[test]
fn what_nobody_reads_changes_no_value_of_the_war() {
    changes_nothing(UKRAINE, &UNUSED.replace("OWNER", "US").replace("ENDING", "ru_victory"), 6);
}

#[test]
fn what_nobody_reads_changes_no_value_of_a_classic() {
    let endings = "\n[endings.a_wins.values]\nAA = 0.5\n[endings.b_wins.values]\nAA = 0.1\n";
    let extra = UNUSED.replace("OWNER", "A").replace("ENDING", "a_wins") + endings;
    changes_nothing(FEARON, &extra, 100);
}
