//! Each section of the sample becomes the struct that its text says.

use super::{SAMPLE, lines, read_over_sample};
use crate::spec::model::*;
use crate::spec::tree::{Date, Sources};
use crate::spec::{read, write};

fn sample() -> Spec {
    let reading = read_over_sample("", &[]);
    assert_eq!(lines(&reading), Vec::<String>::new());
    reading.spec.expect("the sample has no problems")
}

fn of<'m, T>(map: &'m Map<T>, id: &str) -> &'m T {
    &map.iter().find(|(name, _)| name.text == id).unwrap_or_else(|| panic!("`{id}` is in the sample")).1
}

fn texts(names: &[Name]) -> Vec<&str> {
    names.iter().map(|n| n.text.as_str()).collect()
}

fn constant(number: &Number) -> f64 {
    let Form::Const(value) = number.form else { panic!("{number:?} is no constant") };
    value
}

fn expression(number: &Number) -> &str {
    let Form::Expr(text) = &number.form else { panic!("{number:?} is no expression") };
    text
}

fn distribution(number: &Number) -> (Family, Vec<Option<f64>>) {
    let Form::Dist(dist) = &number.form else { panic!("{number:?} is no distribution") };
    let arg = |n: &Number| if let Form::Const(value) = n.form { Some(value) } else { None };
    (dist.family, dist.args.iter().map(arg).collect())
}

#[test]
fn the_header_is_read() {
    let model = sample().model;
    assert_eq!((model.name.text.as_str(), model.step.text.as_str()), ("sample-1", "month"));
    assert_eq!(model.start, Some(Date { year: 2025, month: 2, day: 18 }));
    assert_eq!(constant(&model.horizon_months), 36.0);
    assert_eq!(model.horizon_months.path, "model.horizon_months");
    assert_eq!(&SAMPLE[model.span.start as usize..model.span.end as usize], "[model]");
    let source = sample().sources.remove(0).1;
    assert_eq!(source.confidence.map(|c| c.text).as_deref(), Some("document"));
}

#[test]
fn numbers_carry_form_path_place_and_notes() {
    let spec = sample();
    let p = of(&spec.params, "p_hard");
    assert_eq!(distribution(&p.value), (Family::Pert, vec![Some(0.3), Some(0.5), Some(0.75)]));
    assert_eq!(p.value.path, "params.p_hard");
    assert_eq!(p.range.map(|r| (r.low, r.high)), Some((0.0, 1.0)));
    assert_eq!(texts(&p.notes.inventory), ["G-07"]);
    assert_eq!(expression(&of(&spec.params, "doubled").value), "2*p_hard");
    let picked = distribution(&of(&spec.params, "picked").value);
    assert_eq!(picked, (Family::Choice, vec![Some(0.0), Some(0.25), Some(1.0), None]));
    let start = &of(&spec.states, "strain").start;
    assert_eq!((constant(start), start.path.as_str()), (0.35, "state.strain.start"));
    assert_eq!(start.range.map(|r| (r.low, r.high)), Some((0.2, 0.5)));
    assert_eq!(start.notes.source.as_ref().map(|s| s.text.as_str()), Some("assumption"));
    assert_eq!(&SAMPLE[start.span.start as usize..start.span.end as usize], "0.35");
}

#[test]
fn the_world_is_read() {
    let spec = sample();
    let strain = of(&spec.states, "strain");
    assert_eq!(
        strain.noise_sd.as_ref().map(|n| (constant(n), n.path.as_str())),
        Some((0.004, "state.strain.noise.sd"))
    );
    assert_eq!(strain.change.as_ref().map(expression), Some("0.1*(strain - 0.35)"));
    let balance = of(&spec.derived, "balance");
    assert_eq!((balance.range.low, balance.range.high), (-3.0, 3.0));
    assert_eq!(balance.value.path, "derived.balance.value");
    let collapse = of(&spec.hazards, "collapse");
    assert_eq!((texts(&collapse.during), collapse.per_year.is_none()), (vec!["war"], true));
    assert_eq!(of(&spec.hazards, "incident").per_year.as_ref().map(distribution).map(|d| d.0), Some(Family::Gamma));
}

#[test]
fn issues_packages_endings_and_instruments_are_read() {
    let spec = sample();
    let Options::Named(options) = &of(&spec.issues, "land").options else { panic!("named options") };
    assert_eq!(options.iter().map(|o| o.status_quo).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(options[0].position.as_ref().map(|n| n.path.as_str()), Some("issues.land.options.freeze.position"));
    assert!(options[1].revocable);
    assert_eq!(options[1].delivered_by[1].matter.as_ref().map(|m| m.text.as_str()), Some("relief"));
    let Options::Grid { step, status_quo, .. } = &of(&spec.issues, "price").options else { panic!("a grid") };
    assert_eq!((constant(step), status_quo.as_ref().map(constant)), (0.01, Some(0.5)));
    assert_eq!(expression(&of(&spec.rules, "no_free_land").forbid), "land == cede and price > 0.9");
    assert_eq!(spec.anchor_override[0].1.text, "freeze");
    let package = of(&spec.packages, "middle");
    assert!(package.reference && matches!(&package.terms[0].1, Term::Option(o) if o.text == "cede"));
    assert!(
        matches!(&package.terms[1].1, Term::Value(v) if constant(v) == 0.4 && v.path == "packages.middle.terms.price")
    );
    assert_eq!(spec.foresight[0].1.path, "foresight.endings.b_wins");
    let ending = of(&spec.endings, "b_wins");
    assert_eq!(ending.package.as_ref().map(Vec::len), Some(1));
    assert!(
        matches!(&ending.overrides[1].1, ByType::Each(types) if types[1].1.path == "endings.b_wins.override.B.soft")
    );
    assert!(matches!(&of(&spec.endings, "wider_war").values[1], (name, ByType::All(_)) if name.text == "default"));
    assert_eq!(of(&spec.instruments, "settlement").scope, Scope::All);
    assert!(matches!(&of(&spec.instruments, "ceasefire").scope, Scope::Issues(i) if texts(i) == ["land"]));
}

#[test]
fn actors_and_bodies_are_read() {
    let spec = sample();
    let (a, b) = (of(&spec.actors, "A"), of(&spec.actors, "B"));
    let Weights::All(weights) = &a.weights else { panic!("weights for all types") };
    assert_eq!(weights[1].1.path, "actors.A.weights.price");
    let Weights::ByType(weights) = &b.weights else { panic!("weights by type") };
    assert_eq!((weights[1].0.text.as_str(), weights[1].1[0].1.path.as_str()), ("soft", "actors.B.weights.soft.land"));
    let Values::List(list) = of(&a.values, "land") else { panic!("a list") };
    assert_eq!(list.iter().map(|n| n.path.as_str()).collect::<Vec<_>>()[2], "actors.A.values.land.restore");
    assert!(matches!(of(&a.values, "price"), Values::Expr(n) if expression(n) == "1 - price"));
    assert!(matches!(of(&b.values, "land"), Values::Named(map) if map[1].1.path == "actors.B.values.land.cede"));
    assert!(matches!(of(&b.values, "price"), Values::Expr(n) if n.notes.source.is_some()));
    assert!(matches!(&b.war_cost, Some(ByType::Each(types)) if types.len() == 2));
    assert_eq!(of(&b.types, "hard").prior.path, "actors.B.types.hard.prior");
    let red_line = of(&b.red_lines, "all");
    assert_eq!((expression(&red_line.when), texts(&red_line.types)), ("true", vec!["hard"]));
    assert_eq!(of(&a.red_lines, "land").victory.as_ref().map(|v| v.text.as_str()), Some("b_wins"));
    assert_eq!(of(&b.terms, "legacy").value.path, "actors.B.terms.legacy.value");
    assert_eq!(a.optimism.as_ref().map(|o| o.value.path.as_str()), Some("actors.A.optimism.value"));
    assert_eq!(b.misjudgement.as_ref().map(|m| constant(&m.sigma)), Some(0.05));
    assert_eq!(b.stalling.as_ref().map(|s| constant(&s.probability)), Some(0.2));
    let body = of(&spec.bodies, "EU");
    assert_eq!((texts(&body.members), body.weights.len()), (vec!["A", "B"], 2));
    assert_eq!(*of(&body.quota, "relief"), Quota::Unanimity);
    assert!(matches!(of(&body.quota, "money"), Quota::QualifiedMajority(n) if constant(n) == 0.65));
}

#[test]
fn levers_events_and_their_effects_are_read() {
    let spec = sample();
    let cut = of(&spec.levers, "cut");
    let strain = of(&cut.effects, "strain");
    assert_eq!((strain.op, strain.amount.path.as_str()), (EffectOp::Add, "levers.cut.effects.strain.add"));
    assert_eq!(strain.duration_months.as_ref().map(constant), Some(3.0));
    assert_eq!((cut.cost.kind.text.as_str(), cut.cost.value.path.as_str()), ("flow", "levers.cut.cost.value"));
    assert_eq!(texts(&cut.phase), ["talks", "aftermath"]);
    let exit = of(&spec.events, "exit");
    assert_eq!(exit.on, Some(Date { year: 2025, month: 6, day: 18 }));
    assert_eq!(exit.date.as_ref().map(|d| d.text.as_str()), Some("2025-06-18"));
    let set = of(&exit.effects, "strain");
    assert_eq!((set.op, expression(&set.amount)), (EffectOp::Set, "0.5"));
    let place = set.amount.part(0, 3);
    assert_eq!(&SAMPLE[place.start as usize..place.end as usize], "0.5");
    assert_eq!(of(&of(&spec.events, "shock").effects, "strain").op, EffectOp::Add);
}

#[test]
fn deterrence_is_read() {
    let spec = sample();
    let force = of(&spec.guarantees, "force");
    assert_eq!(force.capability[0].1.path, "guarantees.force.capability.ground");
    assert_eq!(force.backstop.as_ref().map(|b| constant(&b.strength)), Some(0.125));
    let again = of(&spec.attacks, "again");
    assert_eq!(again.nodes_years.iter().map(constant).collect::<Vec<_>>(), [1.0, 2.0, 3.0, 5.0, 8.0]);
    assert_eq!((texts(&again.answered_by), again.domains.len()), (vec!["force"], 1));
    assert_eq!(again.threshold.as_ref().map(constant), Some(0.06));
    let public = of(&spec.ratifiers, "public");
    assert_eq!((public.of.text.as_str(), constant(&public.slope)), ("A", 0.06));
}

#[test]
fn outcomes_and_the_rules_of_choice_are_read() {
    let spec = sample();
    assert_eq!(spec.outcomes[1].when.path, "outcomes.rest.when");
    assert_eq!(spec.outcome_columns[0].id.text, "final_strain");
    assert_eq!(spec.search.candidates.as_ref().map(constant), Some(512.0));
    assert_eq!(spec.behaviour.inertia.as_ref().map(constant), Some(0.002));
    assert_eq!(spec.protocol.recognition[0].1.path, "protocol.recognition.A");
    assert_eq!(spec.protocol.after_exit.as_ref().map(constant), Some(0.35));
}

#[test]
fn the_resolved_model_reads_back_as_the_same_model() {
    let first = read_over_sample("", &["params.p_hard=0.4"]);
    let text = write::write(&first.tree);
    let second = read(&Sources::single("model.toml", text.clone()), &[]);
    assert_eq!(lines(&second), Vec::<String>::new());
    assert!(second.tree.same_values(&first.tree), "{text}");
    assert_eq!(write::write(&second.tree), text);
}

#[test]
fn a_file_without_a_model_section_gives_no_spec() {
    let reading = read(&Sources::single("m.toml", "[params.x]\nvalue = 1\n"), &[]);
    assert!(reading.spec.is_none());
    assert_eq!(lines(&reading), ["m.toml:1:1: E0102: `model` is missing"]);
}
