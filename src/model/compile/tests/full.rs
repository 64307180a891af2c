//! The model that uses every section, element by element.

use super::{FULL, compiled};
use crate::id::{ActorId, BodyId, EndingId};
use crate::model::expr::Slot;
use crate::model::{Model, OptionValues, Party, Penalty, Role, Scalar, ScalarSource, Trigger, Types, Value, Worth};
use crate::rng::Entity;

fn full() -> Model {
    let (model, problems) = compiled(&[FULL], &[]);
    assert_eq!(problems.list, []);
    model.expect("nothing is wrong")
}

fn scalar<'m>(model: &'m Model, path: &str) -> &'m Scalar {
    model.scalars.iter().find(|scalar| scalar.path == path).expect("the path is drawn or computed")
}

fn package(model: &Model, ids: [&str; 3]) -> usize {
    let option = |(issue, id): (&crate::model::Issue, &str)| {
        issue.options.iter().position(|option| option.id == id).expect("the option exists") as u16
    };
    let wanted: Vec<u16> = model.issues.iter().zip(ids).map(option).collect();
    model.packages.options.chunks(3).position(|options| options == wanted).expect("the package is listed")
}

#[test]
fn time_is_cut_into_steps() {
    let model = full();
    assert_eq!((model.clock.horizon_steps, model.clock.aftermath_steps, model.clock.foresight_steps), (24, 60, 24));
    // 18 February to 18 June: 4 months.
    assert!(matches!(model.events[0].trigger, Trigger::Step(4)));
    assert!(model.events[0].ends_mediation && model.events[0].effects[0].set);
    let lever = &model.levers[0];
    assert_eq!((lever.cost_steps, lever.cooldown_steps, lever.max_uses), (2.0, 3, 4));
    assert_eq!((lever.effects[1].delay_steps, lever.effects[1].duration_steps), (1, Some(3)));
    assert!(lever.during == [true; 3] && lever.when.is_some());
    assert_eq!((model.levers[1].max_uses, model.levers[1].during), (u32::MAX, [true, true, false]));
}

#[test]
fn shorter_steps_take_more_of_them() {
    let (model, problems) = compiled(&[FULL], &["model.step=week"]);
    assert_eq!(problems.list, []);
    let model = model.expect("nothing is wrong");
    // 24 months of 52/12 weeks are 104 weeks; 4 months are 17.33; a flow of 2 months is paid for 8.67.
    assert_eq!(model.clock.horizon_steps, 104);
    assert!(matches!(model.events[0].trigger, Trigger::Step(17)));
    assert!((model.levers[0].cost_steps - 2.0 * 52.0 / 12.0).abs() < 1e-12);
}

#[test]
fn parameters_stand_before_what_reads_them() {
    let model = full();
    let place = |path: &str| model.scalars.iter().position(|scalar| scalar.path == path).expect("it is a scalar");
    assert!(place("params.drift") < place("params.scaled"));
    let drift = place("params.drift") as u32;
    let scaled = scalar(&model, "params.scaled");
    assert!(matches!(&scaled.source, ScalarSource::Computed(program) if program.reads() == [Slot::Scalar(drift)]));
    assert_eq!((scaled.low, scaled.high), (0.0, 0.05));
    // A distribution inline is a parameter under its path; its bounds are those of the place.
    let patience = scalar(&model, "actors.A.patience");
    assert!(matches!(patience.source, ScalarSource::Drawn(_)));
    assert_eq!((patience.low, patience.high), (f64::MIN_POSITIVE, 1.0));
    assert_eq!(patience.entity, Entity::named("actors.A.patience"));
    assert!(matches!(scalar(&model, "params.half").source, ScalarSource::Constant(0.5)));
    assert!(model.scalars.iter().all(|scalar| scalar.path != "params.cost_b"), "private parameters are no scalars");
}

#[test]
fn constants_are_folded_and_computed_numbers_become_scalars() {
    let model = full();
    // 0.02 * 0.5 with half = 0.5
    assert_eq!(model.behaviour.mixing, Value::Const(0.01));
    assert_eq!(model.protocol.recognition, [Value::Const(0.5), Value::Const(0.25), Value::Const(0.25)]);
    let Types::Named(types) = &model.actors[0].types else { panic!("A has named types") };
    let prior = |index: usize| match types[index].prior {
        Value::Scalar(slot) => model.scalars[slot as usize].path.as_str(),
        _ => "",
    };
    assert_eq!((prior(0), prior(1)), ("actors.A.types.mild.prior", "actors.A.types.tough.prior"));
}

#[test]
fn a_private_parameter_is_the_type_of_its_actor() {
    let model = full();
    let Types::Continuous { path, slot, distribution, entity } = &model.actors[1].types else {
        panic!("B has a continuous type")
    };
    assert_eq!(
        (path.as_str(), *slot, *entity),
        ("params.cost_b", model.layout.private, Entity::named("params.cost_b"))
    );
    assert_eq!((distribution.low(), distribution.high()), (0.0, 0.4));
    let [Value::Program(cost)] = &model.actors[1].war_cost[..] else { panic!("the cost is computed from the type") };
    assert_eq!(cost.reads(), [Slot::Lane(*slot)]);
}

#[test]
fn derived_values_are_ordered_and_know_whether_terms_move_them() {
    let model = full();
    let rows: Vec<(&str, bool)> = model.derived.iter().map(|d| (d.id.as_str(), d.on_package)).collect();
    assert_eq!(rows, [("balance", false), ("held", true)]);
    // ln(max(1 - strain, 0.1)) lies in [-2.31, 0], plus 0 to 0.2: inside -3 to 3.
    assert!(!model.derived[0].clamp);
    assert!(model.derived[1].program.reads().contains(&Slot::Lane(model.layout.derived)));
}

#[test]
fn packages_are_listed_with_the_first_issue_slowest() {
    let model = full();
    // 3 * 3 * 5 = 45, of which neutral with many arms (5) is forbidden.
    assert_eq!(model.packages.n_candidates, 40);
    assert_eq!(model.packages.options[..6], [0, 0, 0, 0, 0, 1]);
    assert_eq!(model.packages.status_quo as usize, package(&model, ["open", "none", "0.5"]));
    let key = Entity::named("status=member;arms=none;share=0.25;").key();
    assert_eq!(model.packages.keys[package(&model, ["member", "none", "0.25"])], key);
    assert_eq!(model.anchor, [1, 1, 2]);
    assert_eq!(model.named_packages[0].options, [2, 0, 3]);
    assert_eq!(model.issues[0].options[2].position, Value::Const(0.8));
    assert_eq!(model.issues[0].options[1].position, Value::Const(0.5));
    assert_eq!((model.issues[2].numeric, model.issues[2].status_quo), (true, 2));
}

#[test]
fn a_package_without_somebody_falls_back_to_the_status_quo() {
    let model = full();
    let ids: Vec<&str> = model.deliverers.iter().map(|deliverer| deliverer.id.as_str()).collect();
    assert_eq!(ids, ["C", "union.accession"]);
    assert_eq!((model.deliverers[1].who, model.deliverers[1].quota), (Party::Body(BodyId::new(0)), 0.65));
    assert_eq!(model.bodies[0].members, [(ActorId::new(1), 1.0), (ActorId::new(2), 2.0)]);
    let rich = package(&model, ["member", "many", "1"]);
    assert_eq!(model.packages.delivered_by[rich], 0b11);
    assert_eq!(model.packages.without[0][rich] as usize, package(&model, ["open", "none", "1"]));
    assert_eq!(model.packages.without[1][rich] as usize, package(&model, ["open", "many", "1"]));
    assert!(model.packages.revocable[rich]);
    assert_eq!(model.packages.revoked[rich] as usize, package(&model, ["member", "none", "1"]));
    let plain = package(&model, ["open", "few", "0"]);
    assert_eq!(model.packages.without[0][plain] as usize, plain);
    assert_eq!(model.packages.revoked[plain] as usize, plain);
}

#[test]
fn security_depends_on_what_guarantees_and_attacks_read() {
    let model = full();
    // The guarantee reads arms; the attack reads arms through `held`.
    assert_eq!(model.security.issues.iter().map(|issue| issue.index()).collect::<Vec<_>>(), [1]);
    assert_eq!(model.security.representative.len(), 3);
    for (package, options) in model.packages.options.chunks(3).enumerate() {
        let like = model.security.representative[model.packages.security_of[package] as usize] as usize;
        assert_eq!(model.packages.options[like * 3 + 1], options[1]);
    }
    let attack = &model.attacks[0];
    assert_eq!((&attack.nodes[..], &attack.lengths[..]), (&[1.0, 2.0, 4.0][..], &[1.0, 1.0, 2.0][..]));
    assert!(attack.waiting && attack.renewal && !attack.draw_form && attack.war_cost.is_none());
    assert_eq!((&attack.precision, &attack.half_capability), (&Value::Const(15.0), &Value::Const(0.35)));
    assert_eq!(attack.domains[1], ("air".to_owned(), Value::Const(0.4)));
    assert_eq!(attack.escalation, Some(EndingId::new(2)));
}

#[test]
fn actors_carry_their_types_weights_and_lines() {
    let model = full();
    let [a, b, c] = &model.actors[..] else { panic!("three actors") };
    assert_eq!((a.role, b.role, c.role), (Role::Signatory, Role::Signatory, Role::Mediator));
    assert_eq!((a.weights.len(), a.war_cost.len(), b.weights.len()), (2, 2, 1));
    assert_eq!(a.weights[0][..2], [Value::Const(0.6), Value::Const(0.0)]);
    assert!(matches!(a.weights[1][2], Value::Program(_)));
    assert!(matches!(
        (&a.values[0], &a.values[1], &a.values[2]),
        (OptionValues::List(_), OptionValues::None, OptionValues::Expr(_))
    ));
    assert_eq!(a.red_lines[0].types, [false, true]);
    assert_eq!(a.red_lines[0].penalty, Penalty::Value(Value::Const(0.3)));
    assert_eq!(a.red_lines[1].penalty, Penalty::Distance(EndingId::new(0)));
    assert_eq!((a.red_lines[0].on_guarantee, a.red_lines[1].on_guarantee), (false, true));
    assert_eq!((a.terms[0].reads_g, b.terms[0].reads_g), (false, true));
    assert_eq!((&a.pivotal, &c.pivotal, &a.rho_month), (&Value::Const(0.6), &Value::Const(0.8), &Value::Const(0.9)));
    assert_eq!((&b.sigma, &b.rho_month, &b.kept), (&Value::Const(0.0), &Value::Const(0.98), &Value::Const(0.9)));
    assert_eq!((c.no_deal_flow.len(), b.walk_out.len(), c.walk_out.len()), (1, 1, 0));
}

#[test]
fn endings_are_worth_something_to_every_type() {
    let model = full();
    let worth = |ending: usize, actor: usize| &model.endings[ending].worth[actor][..];
    assert_eq!(worth(0, 0), [Worth::OfPackage, Worth::OfPackage]);
    assert_eq!(worth(0, 2), [Worth::Value(Value::Const(0.1))]);
    assert_eq!(worth(1, 0), [Worth::Value(Value::Const(0.1)), Worth::Value(Value::Const(0.2))]);
    assert!(matches!(worth(1, 1), [Worth::Value(Value::Program(_))]));
    assert_eq!(worth(2, 0), [Worth::Value(Value::Const(-0.9)), Worth::Value(Value::Const(-0.9))]);
    assert_eq!(model.endings[0].package, Some(vec![2, 0, 4]));
    assert!(matches!(model.hazards[1].per_month, m if m == 1.0 / 12.0));
    assert!(model.hazards[0].in_war && !model.hazards[0].when_settled && model.hazards[1].when_settled);
}

#[test]
fn the_stack_is_deep_enough_for_every_program() {
    let model = full();
    let programs = model.outcomes.iter().map(|outcome| &outcome.when).chain(model.derived.iter().map(|d| &d.program));
    assert!(programs.map(crate::model::expr::Program::stack_depth).max().expect("there are some") <= model.stack_depth);
}
