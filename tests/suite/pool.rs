//! Candidates of a space that is too large to list.

use std::collections::BTreeSet;

use detente::engine::observer::Nobody;
use detente::engine::pool::{self, Probe, missed};
use detente::engine::{Coordinates, Workspace, play};
use detente::model::Model;
use detente::model::packages::{Listing, Permits};
use detente::source::pool::Key;

use crate::command::{detente, detente_in};
use crate::library::model_of;

/// Two sides and a mediator over six issues: 3,072 packages, of which a rule forbids some.
const SIX: &str = r#"
[model]
name = "six"
title = "Six issues"
step = "month"
horizon_months = 12
aftermath_months = 24
foresight_months = 12

[params.care]
value = { uniform = [0.1, 0.3] }

[params.hurt]
value = { uniform = [0.05, 0.2] }

[state.strain]
start = { uniform = [0.2, 0.4] }
range = [0, 2]
change = "0.03"

[issues.line]
options = [{ id = "far" }, { id = "held", status_quo = true }, { id = "near" }, { id = "home" }]

[issues.army]
options = [{ id = "free", status_quo = true }, { id = "half" }, { id = "third" }, { id = "none" }]

[issues.trade]
options = [{ id = "shut", status_quo = true }, { id = "some", revocable = true }, { id = "much", revocable = true }, { id = "open", revocable = true, delivered_by = ["C"] }]

[issues.votes]
options = [{ id = "no", status_quo = true }, { id = "late" }, { id = "soon" }]

[issues.watch]
options = [{ id = "nobody", status_quo = true }, { id = "some" }, { id = "many", delivered_by = ["C"] }, { id = "armed", delivered_by = ["C"] }]

[issues.aid]
options = [{ id = "none", status_quo = true }, { id = "little" }, { id = "some" }, { id = "much", delivered_by = ["C"] }]

[rules.armed_needs_a_line]
forbid = "watch == armed and line < held"

[instruments.settlement]
scope = "all"
leads_to = "settled"

[packages.middle]
terms = { line = "held", army = "half", trade = "some" }

[endings.won]
values = { A = 0.9, B = -0.3, C = 0.1 }

[endings.beaten]
values = { A = -0.2, B = 0.9, C = 0.3 }

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
types.mild = { prior = 0.5 }
types.hard = { prior = 0.5 }
weights.mild = { line = 0.3, army = "care", trade = 0.3, votes = 0.1, watch = 0.1, aid = 0.05 }
weights.hard = { line = 0.5, army = "care", trade = 0.1, votes = 0.15, watch = 0.15, aid = 0.05 }
values.line = [1, 0.6, 0.3, 0]
values.army = [0, 0.5, 0.8, 1]
values.trade = [0, 0.5, 0.8, 1]
values.votes = [0.2, 0.6, 1]
values.watch = [1, 0.7, 0.3, 0]
values.aid = [1, 0.8, 0.6, 0.5]
war_cost = { mild = "hurt*strain", hard = "0.5*hurt*strain" }
misjudgement = { sigma = 0.03, rho_month = 0.9 }

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
weights = { line = 0.4, army = 0.25, trade = 0.05, votes = "care", watch = 0.15, aid = 0.15 }
values.line = [0, 0.5, 0.8, 1]
values.army = [1, 0.7, 0.3, 0]
values.trade = [1, 0.9, 0.6, 0.5]
values.votes = [1, 0.6, 0.2]
values.watch = [0, 0.4, 0.8, 1]
values.aid = [0, 0.5, 0.8, 1]
war_cost = "hurt*strain"
misjudgement = { sigma = 0.03, rho_month = 0.9 }

[actors.C]
name = "C"
role = "mediator"
patience = 0.97
weights = { trade = 0.4, aid = 0.3, watch = 0.3 }
values.trade = [0.5, 0.6, 0.7, 0.65]
values.aid = [1, 0.8, 0.6, 0.3]
values.watch = [0.6, 0.7, 0.5, 0.2]
no_deal_flow = 0.2

[guarantees.watchers]
by = "C"
capability = { ground = "if(watch == armed, 0.8, if(watch == many, 0.4, 0.1))" }
will = 0.4

[attacks.again]
by = "A"
target = "B"
per_year = 0.5
balance = "0.2*strain"
answered_by = ["watchers"]
domains = { ground = 1 }
victory = "won"
defeat = "beaten"

[protocol]
kind = "random_proposer"
recognition = { A = 0.3, B = 0.3, C = 0.4 }

[search]
candidates = 400

[[outcomes]]
id = "signed"
when = "signed.settlement"

[[outcomes]]
id = "rest"
when = "true"
"#;

fn six(sets: &[&str]) -> Model {
    model_of(&[SIX], &sets.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn candidates(model: &Model) -> Vec<Vec<u16>> {
    model.candidates().map(<[u16]>::to_vec).collect()
}

#[test]
fn a_pool_is_permitted_ordered_large_enough_and_holds_the_named_packages() {
    let model = six(&[]);
    assert_eq!(model.space.listing, Listing::Pool);
    let pool = candidates(&model);
    assert_eq!(pool.len(), 400);
    assert!(pool.is_sorted() && pool.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(pool.contains(&model.named_packages[0].options));
    let mut permitted = pool.clone();
    Permits::of(&model).retain(&mut permitted);
    assert_eq!(permitted, pool);
    // Never more than are wanted.
    let few = six(&["search.candidates=50"]);
    assert_eq!(few.packages.n_candidates, 50);
}

#[test]
fn a_pool_of_an_eighth_of_the_packages_misses_little() {
    let model = six(&[]);
    let mut losses = Vec::new();
    for replication in 0..6 {
        for steps in [0, 8] {
            let found = missed(&model, Probe { seed: 4, replication, steps });
            assert!(found.iter().all(|miss| miss.complete && miss.near <= miss.loss));
            losses.extend(found.iter().map(|miss| miss.loss));
        }
    }
    assert!(losses.len() > 20, "{losses:?}");
    let mean = losses.iter().sum::<f64>() / losses.len() as f64;
    let rate = losses.iter().filter(|loss| **loss > 0.0).count() as f64 / losses.len() as f64;
    assert!(mean < 0.02 && rate < 0.34, "rate {rate}, mean loss {mean}: {losses:?}");
    // Candidates that were not looked for miss far more: the measure sees it.
    let mut blind = model.clone();
    let first = Permits::of(&model).enumerate(300, u64::MAX).0;
    blind.relist(first);
    let found: Vec<f64> = (0..6)
        .flat_map(|replication| missed(&blind, Probe { seed: 4, replication, steps: 8 }))
        .map(|miss| miss.loss)
        .collect();
    assert!(found.iter().sum::<f64>() / found.len() as f64 > 0.1, "{found:?}");
}

#[test]
fn a_pool_does_not_depend_on_settings_of_numbers() {
    let pool = candidates(&six(&[]));
    for set in ["params.care=0.3", "actors.B.patience=0.5", "params.hurt=0", "behaviour.mixing=0"] {
        assert_eq!(candidates(&six(&[set])), pool, "{set}");
    }
    assert_eq!(candidates(&model_of(&[SIX, "[actors.A]\npatience = 0.9"], &[])), pool);
}

#[test]
fn the_key_of_a_pool_changes_with_options_rules_ranges_and_size_and_with_nothing_else() {
    let key = Key::of(&six(&[]));
    let with = |from: &str, to: &str| {
        assert!(SIX.contains(from), "{from}");
        Key::of(&model_of(&[&SIX.replace(from, to)], &[]))
    };
    assert_ne!(with("{ id = \"soon\" }]", "{ id = \"now\" }]").shape, key.shape);
    assert_ne!(with("line < held", "line < near").shape, key.shape);
    assert_ne!(with("candidates = 400", "candidates = 500").shape, key.shape);
    let wider = with("uniform = [0.05, 0.2]", "uniform = [0.05, 0.3]");
    assert_eq!(wider.shape, key.shape);
    assert_ne!(wider.ranges, key.ranges);
    assert_eq!(with("patience = 0.97", "patience = 0.9"), key);
}

#[test]
fn four_times_the_candidates_sign_as_often() {
    const N: u64 = 300;
    let signs = |candidates: &str| -> Vec<bool> {
        // One offer a month for two months, and errors large enough that many a good one is refused.
        let errors = ["actors.A.misjudgement.sigma=0.2", "actors.B.misjudgement.sigma=0.2"];
        let talks = ["model.horizon_months=2", "protocol.offers_per_month=1", "params.hurt=0.05"];
        let model = six(&[&errors[..], &talks, &[candidates]].concat());
        let mut workspace = Workspace::new(&model);
        let sign = |replication| {
            play(&model, Coordinates { seed: 9, replication }, &mut workspace, &mut Nobody).settlement.is_some()
        };
        (0..N).map(sign).collect()
    };
    let (few, many) = (signs("search.candidates=200"), signs("search.candidates=800"));
    let rate = |list: &[bool]| list.iter().filter(|signed| **signed).count() as f64 / N as f64;
    assert!((0.1..0.95).contains(&rate(&few)), "{}", rate(&few));
    assert!((rate(&few) - rate(&many)).abs() < 0.03, "{} and {}", rate(&few), rate(&many));
}

#[test]
fn a_stored_pool_is_used_while_it_fits_and_reported_when_it_does_not() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path();
    std::fs::write(place.join("six.toml"), SIX).unwrap();
    let answer = detente_in(place, &["check", "six.toml"]).with_code(0);
    assert!(answer.err.contains("to store them: detente pool six.toml --out six.pool.csv"), "{}", answer.err);
    detente_in(place, &["pool", "six.toml", "--out", "six.pool.csv"]).with_code(0);
    let stored = std::fs::read_to_string(place.join("six.pool.csv")).unwrap();
    let printed = detente_in(place, &["pool", "six.toml"]).with_code(0).out;
    assert_eq!(stored, printed, "the same pool is made again");
    let answer = detente_in(place, &["check", "six.toml", "--set", "params.hurt=0.1"]).with_code(0);
    assert!(!answer.err.contains("selected"), "{}", answer.err);
    // A stored pool is what is played, even one that was shortened.
    let short: Vec<&str> = stored.lines().take(2 + 250).collect();
    std::fs::write(place.join("six.pool.csv"), short.join("\n")).unwrap();
    let answer = detente_in(place, &["check", "six.toml"]).with_code(0);
    assert!(answer.out.contains("250 packages") || answer.out.contains("251 packages"), "{}", answer.out);
    std::fs::write(place.join("six.toml"), SIX.replace("line < held", "line < near")).unwrap();
    let answer = detente_in(place, &["check", "six.toml"]).with_code(0);
    assert!(answer.err.contains("six.pool.csv belongs to another structure"), "{}", answer.err);
}

#[test]
fn a_run_keeps_its_pool_and_its_model_is_run_again_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path();
    std::fs::write(place.join("six.toml"), SIX).unwrap();
    let run = |model: &str, out: &str, more: &[&str]| {
        let args = ["run", model, "--reps", "20", "--out", out];
        detente_in(place, &[&args[..], more].concat()).with_code(0)
    };
    run("six.toml", "first", &["--set", "params.hurt=0.19"]);
    let again = run("first/model.toml", "second", &[]);
    assert!(!again.err.contains("selected"), "{}", again.err);
    for file in ["outcomes.csv", "model.pool.csv"] {
        let read = |run: &str| std::fs::read(place.join(run).join(file)).unwrap();
        assert!(read("first") == read("second"), "{file} differs");
    }
}

#[test]
fn a_model_that_lists_everything_needs_no_pool() {
    let answer = detente(&["pool", "fearon", "--exact", "--reps", "1"]).with_code(0);
    assert!(answer.err.contains("nothing can be missed"), "{}", answer.err);
    let model = model_of(&[SIX, "[search]\ncandidates = 4000"], &[]);
    assert_eq!(model.space.listing, Listing::Complete);
    let all: BTreeSet<Vec<u16>> = candidates(&model).into_iter().collect();
    assert_eq!(all.len(), model.packages.n_candidates);
    assert!(pool::build(&model).iter().all(|package| all.contains(package)));
    assert!(missed(&model, Probe { seed: 1, replication: 0, steps: 0 }).iter().all(|miss| miss.loss == 0.0));
}
