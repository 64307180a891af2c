//! Rules that hold between models, or that need a larger one.

use super::{FULL, MINIMAL, compiled};
use crate::model::{Model, ScalarSource, Value};

fn model(texts: &[&str], sets: &[&str]) -> Model {
    let (model, problems) = compiled(texts, sets);
    assert!(!problems.has_errors(), "{:?}", problems.list);
    model.expect("there is no error")
}

/// What must not change for an element when another is added: its random streams.
fn streams(model: &Model) -> Vec<(String, crate::rng::Entity)> {
    let scalars = model.scalars.iter().map(|scalar| (scalar.path.clone(), scalar.entity));
    let actors = model.actors.iter().map(|actor| (actor.id.clone(), actor.entity));
    let states = model.states.iter().map(|state| (state.id.clone(), state.entity));
    let attacks = model.attacks.iter().map(|attack| (attack.id.clone(), attack.entity));
    let deliverers = model.deliverers.iter().map(|deliverer| (deliverer.id.clone(), deliverer.entity));
    scalars.chain(actors).chain(states).chain(attacks).chain(deliverers).collect()
}

#[test]
fn adding_elements_changes_no_random_stream_of_the_others() {
    let more = r#"
        [params.aaa]
        value = { uniform = [0, 1] }
        [actors.Z]
        name = "Another"
        role = "third_party"
        patience = { uniform = [0.9, 0.95] }
        [state.aab]
        start = { uniform = [0, 1] }
        range = [0, 1]
        [levers.aaa]
        owner = "Z"
        effects = { aab = { value = { uniform = [0, 0.1] } } }
        cost = { value = 0.01, kind = "once" }
        source = "assumption"
        [rules.tight]
        forbid = "share == 0"
    "#;
    let before = model(&[FULL], &[]);
    let after = model(&[FULL, more], &[]);
    assert!(after.scalars.len() >= before.scalars.len() + 4);
    let known = streams(&after);
    for stream in streams(&before) {
        assert!(known.contains(&stream), "{} changed", stream.0);
    }
    // The rule drops packages; those that stay keep their keys.
    assert!(after.packages.n_candidates < before.packages.n_candidates);
    assert!(after.packages.keys[..after.packages.n_candidates].iter().all(|key| before.packages.keys.contains(key)));
}

#[test]
fn scalars_read_only_earlier_ones() {
    let model = model(&[FULL], &[]);
    for (index, scalar) in model.scalars.iter().enumerate() {
        if let ScalarSource::Computed(program) = &scalar.source {
            let earlier = |slot: &crate::model::expr::Slot| matches!(slot, crate::model::expr::Slot::Scalar(read) if (*read as usize) < index);
            assert!(program.reads().iter().all(earlier), "{}", scalar.path);
        }
    }
}

#[test]
fn a_settlement_leaves_issues_outside_its_scope_at_the_status_quo() {
    let model = model(&[FULL, "[instruments.settlement]\nscope = [\"share\"]"], &[]);
    assert_eq!(model.packages.n_candidates, 5);
    let candidates = &model.packages.options[..15];
    assert!(candidates.chunks(3).all(|options| options[..2] == [1, 0]));
    // Named packages and those of endings are valued all the same.
    assert!(model.packages.options.chunks(3).any(|options| options == [2, 0, 3]));
    assert_eq!(model.packages.keys.len(), model.packages.revoked.len());
}

#[test]
fn a_forbidden_status_quo_is_valued_but_not_offered() {
    let model = model(&[MINIMAL, "[rules.some]\nforbid = \"pie == 0\""], &[]);
    assert_eq!((model.packages.n_candidates, model.packages.keys.len()), (10, 11));
    assert_eq!(model.packages.status_quo, 10);
}

#[test]
fn a_distribution_may_stand_wherever_a_number_may() {
    let drift =
        "[state.x]\nstart = { value = 0, source = \"assumption\" }\nrange = [0, 9]\nchange = { uniform = [0, 1] }";
    let model = model(&[MINIMAL, drift], &[]);
    let change = model.states[0].change.as_ref().expect("the state moves");
    assert_eq!(change.reads(), [crate::model::expr::Slot::Scalar(0)]);
    assert_eq!(model.scalars[0].path, "state.x.change");
}

#[test]
fn a_set_value_is_folded_into_what_reads_it() {
    let half = "[params.half]\nvalue = 0.5\nrange = [0, 1]\n[protocol]\nbreakdown = \"half/10\"";
    assert_eq!(model(&[MINIMAL, half], &[]).protocol.breakdown, Value::Const(0.05));
    assert_eq!(model(&[MINIMAL, half], &["params.half=0.2"]).protocol.breakdown, Value::Const(0.02));
    // Once it is drawn, what reads it is computed in each replication.
    let drawn = model(&[MINIMAL, half], &["params.half={ uniform = [0, 1] }"]);
    assert_eq!(drawn.protocol.breakdown, Value::Scalar(1));
    assert_eq!((drawn.scalars[1].low, drawn.scalars[1].high), (0.0, 1.0));
}

#[test]
fn more_than_64_deliverers_are_refused() {
    let quotas: Vec<String> = (0..65).map(|k| format!("m{k} = \"unanimity\"")).collect();
    let matters: Vec<String> = (0..65).map(|k| format!("{{ by = \"union\", matter = \"m{k}\" }}")).collect();
    let text = format!(
        "[bodies.union]\nname = \"Union\"\nmembers = [\"A\"]\nquota = {{ {} }}\n\
         [issues.term]\noptions = [{{ id = \"short\" }}, {{ id = \"long\", delivered_by = [{}] }}]",
        quotas.join(", "),
        matters.join(", ")
    );
    let (model, problems) = compiled(&[MINIMAL, &text], &[]);
    assert!(model.is_none());
    assert_eq!(
        problems.list[0].message,
        "options are delivered by 65 actors and matters of bodies, at most 64 are allowed"
    );
}

#[test]
fn a_spec_with_errors_makes_no_model() {
    let (model, problems) = compiled(&[MINIMAL, "[actors.A]\npatiens = 1"], &[]);
    assert!(model.is_none());
    assert_eq!(problems.list[0].code, "E0101");
}

/// A spec that was read despite errors, compiled: the model and whether any problem is an error.
fn attempted(text: &str) -> Option<(bool, bool)> {
    let reading = crate::spec::read(&crate::spec::tree::Sources::single("broken.toml", text), &[]);
    let mut problems = reading.problems;
    let model = super::super::compile(reading.spec?, &mut problems);
    Some((model.is_some(), problems.has_errors()))
}

#[test]
fn a_model_with_any_line_missing_is_compiled_or_refused_with_a_reason() {
    let lines: Vec<&str> = FULL.lines().collect();
    let mut refused = 0;
    for gone in 0..lines.len() {
        let text: Vec<&str> = lines.iter().enumerate().filter(|(k, _)| *k != gone).map(|(_, line)| *line).collect();
        let Some((compiled, failed)) = attempted(&text.join("\n")) else { continue };
        assert_eq!(compiled, !failed, "without line {}: {}", gone + 1, lines[gone]);
        refused += usize::from(failed);
    }
    assert!(refused > 60, "most lines are needed, but only {refused} models were refused");
}

#[test]
fn a_model_with_any_word_misspelt_is_compiled_or_refused_with_a_reason() {
    let marks: Vec<usize> = FULL.match_indices('"').map(|(at, _)| at).collect();
    for mark in marks {
        // A letter more inside or behind each quotation mark: another name, a broken expression, broken TOML.
        let text = format!("{}x{}", &FULL[..=mark], &FULL[mark + 1..]);
        if let Some((compiled, failed)) = attempted(&text) {
            assert_eq!(compiled, !failed, "x after byte {mark}");
        }
    }
}
