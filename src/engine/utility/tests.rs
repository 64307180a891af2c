//! What is kept from step to step is what would be found anew.

use super::super::fork::Fork;
use super::super::game::Game;
use super::super::setup::Setup;
use super::super::{Coordinates, Workspace, dynamics, observer::Nobody, play};
use crate::model::{Model, Penalty, ValueTerm};
use crate::rng::Streams;
use crate::source;

/// Everything that a kept number may hang on: weights and values that move, lines on issues, on the state and on a
/// parameter, a line of one type, terms that are the same for all registers and terms that are not.
const TALKS: &str = r#"
[model]
name = "talks"
title = "Two issues and a mood"
step = "month"
horizon_months = 12
aftermath_months = 0
foresight_months = 12

[params.taboo]
value = { uniform = [0.1, 0.4] }
range = [0, 1]
unit = "flow"
source = "assumption"

[state.mood]
start = 0.4
range = [0, 1]
change = "0.02"
source = "assumption"

[issues.land]
options = [{ id = "all" }, { id = "half", status_quo = true }, { id = "none" }]

[issues.trade]
options = [{ id = "closed", status_quo = true }, { id = "open" }]

[instruments.settlement]
scope = "all"
leads_to = "settled"

[foresight]
endings = { war = 1 }

[endings.war]
values = { A = 0.2, B = 0.2 }

[actors.A]
name = "A"
role = "signatory"
patience = { value = 0.97, source = "assumption" }
weights = { land = "0.3 + 0.2*mood", trade = 0.4 }
values = { land = { all = 1, half = "mood", none = 0 }, trade = { closed = 0, open = 1 } }

[actors.A.terms]
weather = { value = "0.1*mood", about = "The same whatever is signed" }
market = { value = "if(trade == open, 0.1*mood, 0)", about = "Of open trade alone" }

[actors.A.red_lines]
loss = { when = "land == none", penalty = "taboo", about = "Reads an issue" }
early = { when = "trade == open and mood < 0.5", penalty = "0.2*mood", about = "Reads the state too" }

[actors.B]
name = "B"
role = "signatory"
patience = { value = 0.97, source = "assumption" }
weights = { land = 0.6, trade = 0.4 }
values = { land = { all = 0, half = 0.6, none = 1 }, trade = { closed = 0.3, open = 0.6 } }
BELIEFS

[actors.B.red_lines]
surrender = { when = "land == all", penalty = "taboo", about = "Reads an issue" }

[protocol]
kind = "random_proposer"
offers_per_month = 0.5
recognition = { A = 0.5, B = 0.5 }

[[outcomes]]
id = "peace"
when = "signed.settlement"

[[outcomes]]
id = "war"
when = "true"
"#;

fn compiled(text: &str) -> Model {
    let reading = crate::spec::read(&crate::spec::tree::Sources::single("talks.toml", text), &[]);
    let mut problems = crate::spec::problem::Problems::default();
    let model = reading.spec.and_then(|spec| crate::model::compile::compile(spec, &mut problems));
    model.unwrap_or_else(|| panic!("{problems:?}"))
}

fn talks(beliefs: &str) -> Model {
    compiled(&TALKS.replace("BELIEFS", beliefs))
}

/// Values of all items to all types, worked out without anything that was kept.
fn anew(model: &Model, setup: &Setup, game: &mut Game) -> Vec<u64> {
    let mut out = Vec::new();
    let (utility, registers) = (&game.utility, &game.registers);
    let mut tools = game.buffers.tools(&game.scalars);
    let mut row = vec![0.0; setup.n_items];
    for (actor, declared) in model.actors.iter().enumerate() {
        for node in 0..setup.nodes[actor] {
            let at = setup.first_node[actor] + node;
            let mut values: Vec<f64> = (0..setup.n_items)
                .map(|item| {
                    let options = (0..model.issues.len()).map(|issue| (issue, registers.column(issue)[item]));
                    options.fold(0.0, |sum, (issue, option)| sum + utility.point(setup, at, issue, option.into()))
                })
                .collect();
            for line in declared.red_lines.iter().filter(|line| line.types.get(node).copied().unwrap_or(true)) {
                game.spare.spread(&game.world, 1);
                game.nodes.place(model, setup, actor, node, &mut game.spare, 1);
                let penalty = match &line.penalty {
                    Penalty::Value(value) => tools.one(value, &game.spare, 0),
                    Penalty::Distance(ending) => (utility.worth(ending.index(), at) - utility.anchor(at)).abs(),
                };
                line.when.eval(game.packages.frame(tools.scalars), setup.n_items, &mut row, tools.stack);
                values.iter_mut().zip(&row).for_each(|(value, holds)| *value -= penalty * holds);
            }
            let own = |term: &&ValueTerm| term.types.get(node).copied().unwrap_or(true);
            let (on_g, terms): (Vec<_>, Vec<_>) = declared.terms.iter().filter(own).partition(|term| term.reads_g);
            for term in terms.into_iter().chain(on_g) {
                tools.many(&term.value, &game.packages, setup.n_items, &mut row);
                values.iter_mut().zip(&row).for_each(|(value, more)| *value += more);
            }
            out.extend(values.into_iter().map(f64::to_bits));
        }
    }
    out
}

fn found(game: &Game) -> Vec<u64> {
    game.utility.all_packages().iter().map(|value| value.to_bits()).collect()
}

/// Compares after so many steps more.
fn follow(model: &Model, setup: &Setup, game: &mut Game, steps: std::ops::Range<usize>, streams: &Streams) {
    for step in steps {
        dynamics::tick(model, &mut game.world, 1);
        game.move_state(model, streams, step as u64);
        game.revalue(model, setup, step, false);
        let wanted = anew(model, setup, game);
        assert_eq!(found(game), wanted, "step {step}");
        game.in_every_mind(|game, _| {
            let wanted = anew(model, setup, game);
            assert_eq!(found(game), wanted, "in a mind, step {step}");
        });
    }
}

#[test]
fn what_is_kept_is_what_would_be_found_anew() {
    let believes = "believes = { taboo = 0.9 }";
    let flagship = source::load("ukraine-2025", &[], &[]).unwrap().model;
    for (model, steps) in [(talks(""), 6), (talks(believes), 6), (flagship, 3)] {
        let Workspace { setup, game, .. } = &mut Workspace::new(&model);
        for replication in 0..2 {
            let streams = Streams { seed: 3, replication };
            game.deal(&model, setup, &streams);
            game.revalue(&model, setup, 0, true);
            follow(&model, setup, game, 1..steps, &streams);
            // Other terms in force.
            game.registers.adopt(&model, setup, game.register);
            let issue = (0..model.issues.len()).find(|&issue| game.registers.of(&model, setup.in_force)[issue] == 0);
            game.registers.put(setup, issue.unwrap_or(0), u16::from(issue.is_some()));
            game.put_in_force(&model, setup.in_force);
            follow(&model, setup, game, steps..steps + 2, &streams);
        }
    }
}

#[test]
fn the_model_of_a_fork_gives_terms_another_meaning() {
    let before = talks("");
    let more = "surrender = { when = \"land == all\"";
    for (was, is) in [
        ("when = \"land == none\"", "when = \"land == half\""),
        ("none = 1 }", "none = 0.9 }"),
        (
            more,
            "closure = { when = \"trade == closed\", penalty = 0.2, about = \"New\" }\nsurrender = { when = \"land == all\"",
        ),
    ] {
        let text = TALKS.replace("BELIEFS", "");
        assert!(text.contains(was), "{was}");
        let other = compiled(&text.replace(was, is));
        let Workspace { setup, game, .. } = &mut Workspace::new(&before);
        let streams = Streams { seed: 3, replication: 0 };
        game.deal(&before, setup, &streams);
        game.revalue(&before, setup, 0, true);
        follow(&before, setup, game, 1..4, &streams);
        let fork = Fork::new(&before, &other, 4, Vec::new()).unwrap();
        *setup = Setup::new(&other);
        assert!(game.turn_to(&fork, setup, &streams), "{is}");
        assert_eq!(found(game), anew(&other, setup, game), "{is}");
        follow(&other, setup, game, 5..7, &streams);
    }
}

#[test]
fn replications_in_one_workspace_are_those_of_fresh_ones() {
    for model in [talks(""), talks("believes = { taboo = 0.9 }")] {
        let mut workspace = Workspace::new(&model);
        for replication in 0..6 {
            let at = Coordinates { seed: 5, replication };
            let alone = play(&model, at, &mut Workspace::new(&model), &mut Nobody).clone();
            let after = play(&model, at, &mut workspace, &mut Nobody).clone();
            assert_eq!(format!("{alone:?}"), format!("{after:?}"), "replication {replication}");
        }
    }
}
