//! Value of terms (`core.md` 3): weighted option values, endings, red lines and additive terms.

mod packages;
mod sums;

use super::lanes::{Lanes, Tools};
use super::nodes::Nodes;
use super::register::Registers;
use super::setup::Setup;
use crate::model::{Model, OptionValues, Worth};
use std::ops::Range;
use sums::{Lines, Sums};

/// Tables of utilities, by type node.
#[derive(Clone, Debug)]
pub(super) struct Utility {
    /// Weight times value: `points[node * all_options + first_option[issue] + option]`.
    points: Vec<f64>,
    /// Worth of endings: `worth[ending * n_nodes + node]`.
    worth: Vec<f64>,
    /// Value of the status-quo anchor: `anchor[node]`.
    anchor: Vec<f64>,
    /// Value of packages without terms that read G: `packages[node * n_packages + package]`.
    packages: Vec<f64>,
    /// The same for attackers without anything that concerns a guarantee; rows of other actors stay empty.
    bare: Vec<f64>,
    /// Penalties of red lines, same shape.
    red: Vec<f64>,
    /// What of the packages is the same from step to step.
    sums: Sums,
    lines: Lines,
    n_nodes: usize,
    all_options: usize,
    n_packages: usize,
    row: Vec<f64>,
}

impl Utility {
    pub(super) fn new(model: &Model, setup: &Setup) -> Self {
        Self::of_items(model, setup, setup.n_items)
    }

    /// Tables for so many registers.
    pub(super) fn of_items(model: &Model, setup: &Setup, n_packages: usize) -> Self {
        Self {
            points: vec![0.0; setup.n_nodes * setup.all_options],
            worth: vec![0.0; model.endings.len() * setup.n_nodes],
            anchor: vec![0.0; setup.n_nodes],
            packages: vec![0.0; setup.n_nodes * n_packages],
            bare: vec![0.0; setup.n_nodes * n_packages],
            red: vec![0.0; setup.n_nodes * n_packages],
            sums: Sums::new(setup, n_packages),
            lines: Lines::new(model, n_packages),
            n_nodes: setup.n_nodes,
            all_options: setup.all_options,
            n_packages,
            row: vec![0.0; setup.width],
        }
    }

    /// Value of every package to a type node, without terms that read G.
    pub(super) fn packages(&self, node: usize) -> &[f64] {
        &self.packages[node * self.n_packages..(node + 1) * self.n_packages]
    }

    /// The attacker's value of every package without what concerns a guarantee.
    pub(super) fn bare(&self, node: usize) -> &[f64] {
        &self.bare[node * self.n_packages..(node + 1) * self.n_packages]
    }

    /// Values of all packages to all type nodes, `[node * packages + package]`.
    pub(super) fn all_packages(&self) -> &[f64] {
        &self.packages
    }

    /// The attackers' comparison values, same shape.
    pub(super) fn all_bare(&self) -> &[f64] {
        &self.bare
    }

    /// Red-line penalties of a package to a type node.
    pub(super) fn red(&self, node: usize, package: usize) -> f64 {
        self.red[node * self.n_packages + package]
    }

    /// Takes over what is known of an item of `other`.
    pub(super) fn take_item(&mut self, other: &Self, from: usize, to: usize) {
        for node in 0..self.n_nodes {
            let (from, to) = (node * other.n_packages + from, node * self.n_packages + to);
            self.packages[to] = other.packages[from];
            self.bare[to] = other.bare[from];
            self.red[to] = other.red[from];
        }
    }

    /// Takes over the tables from which packages are valued.
    pub(super) fn take_tables(&mut self, other: &Self) {
        self.points.copy_from_slice(&other.points);
        self.worth.copy_from_slice(&other.worth);
        self.anchor.copy_from_slice(&other.anchor);
    }

    /// Values packages from tables that stand, to the marked actors.
    pub(super) fn revalue_from_tables(
        &mut self,
        input: &Input<'_>,
        whose: &[bool],
        (packages, spare): (&Lanes, &mut Lanes),
        tools: &mut Tools<'_>,
    ) {
        spare.spread(input.world, 1);
        for (actor, &types) in input.setup.nodes.iter().enumerate().filter(|&(actor, _)| whose[actor]) {
            self.value_packages(input, (actor, 0..types), packages, spare, tools);
        }
    }

    /// Weighted value of one option to a type node.
    pub(super) fn point(&self, setup: &Setup, node: usize, issue: usize, option: usize) -> f64 {
        self.points[node * self.all_options + setup.first_option[issue] + option]
    }

    /// Worth of an ending to a type node.
    pub(super) fn worth(&self, ending: usize, node: usize) -> f64 {
        self.worth[ending * self.n_nodes + node]
    }

    /// Value of the status-quo anchor to a type node.
    pub(super) fn anchor(&self, node: usize) -> f64 {
        self.anchor[node]
    }

    /// Sum of weighted option values of one package.
    pub(super) fn of_options(&self, setup: &Setup, node: usize, options: &[u16]) -> f64 {
        let row = &self.points[node * self.all_options..(node + 1) * self.all_options];
        options.iter().zip(&setup.first_option).map(|(&option, &first)| row[first + usize::from(option)]).sum()
    }

    /// Values everything anew for the state in `world`. `all` includes actors whose utilities never move.
    ///
    /// `packages` must hold the world's state and each package's terms; `spare` is scratch of the same width.
    pub(super) fn revalue(
        &mut self,
        input: &Input<'_>,
        packages: &Lanes,
        spare: &mut Lanes,
        tools: &mut Tools<'_>,
        all: bool,
    ) {
        let Input { model, setup, world, .. } = *input;
        spare.spread(world, 1);
        for actor in 0..model.actors.len() {
            if all || setup.utility_moves[actor] {
                self.weigh(input, (actor, 0..setup.nodes[actor]), spare, tools);
            }
        }
        for actor in 0..model.actors.len() {
            self.value_endings(input, (actor, 0..setup.nodes[actor]), spare, tools);
        }
        for actor in 0..model.actors.len() {
            if all || setup.utility_moves[actor] {
                self.value_packages(input, (actor, 0..setup.nodes[actor]), packages, spare, tools);
            }
        }
    }

    /// Values everything anew for one type node of an actor.
    pub(super) fn revalue_node(
        &mut self,
        input: &Input<'_>,
        (actor, node): (usize, usize),
        (packages, spare): (&Lanes, &mut Lanes),
        tools: &mut Tools<'_>,
    ) {
        spare.spread(input.world, 1);
        self.weigh(input, (actor, node..node + 1), spare, tools);
        self.value_endings(input, (actor, node..node + 1), spare, tools);
        self.value_packages(input, (actor, node..node + 1), packages, spare, tools);
    }

    /// Weight times value of every option for every type of an actor. As before all that follows, `spare` holds the state,
    /// and holds it again afterwards.
    fn weigh(&mut self, input: &Input<'_>, (actor, span): Types, spare: &mut Lanes, tools: &mut Tools<'_>) {
        let Input { model, setup, nodes, world, .. } = *input;
        let declared = &model.actors[actor];
        for node in span {
            nodes.place(model, setup, actor, node, spare, 1);
            let weights = &declared.weights[node.min(declared.weights.len() - 1)];
            for (issue, values) in declared.values.iter().enumerate() {
                let n = model.issues[issue].options.len();
                let first = (setup.first_node[actor] + node) * self.all_options + setup.first_option[issue];
                let weight = tools.one(&weights[issue], spare, 0);
                match values {
                    OptionValues::None => self.points[first..first + n].fill(0.0),
                    OptionValues::List(list) => {
                        for (point, value) in self.points[first..first + n].iter_mut().zip(list) {
                            *point = weight * tools.one(value, spare, 0);
                        }
                    }
                    OptionValues::Expr(program) => {
                        // It reads only parameters and its own issue, so no other lane variable need be set.
                        let numbers = spare.row_mut(model.layout.issues + issue as u32);
                        for (number, option) in numbers.iter_mut().zip(&model.issues[issue].options) {
                            *number = option.number;
                        }
                        program.eval(spare.frame(tools.scalars), n, &mut self.row[..n], tools.stack);
                        for (point, &value) in self.points[first..first + n].iter_mut().zip(&self.row) {
                            *point = weight * value;
                        }
                    }
                }
            }
        }
        if declared.values.iter().any(|values| matches!(values, OptionValues::Expr(_))) {
            spare.spread(world, 1);
        } else {
            Nodes::restore(model, actor, world, spare, 1);
        }
    }

    /// Worth of each ending and of the anchor to type nodes of an actor.
    fn value_endings(&mut self, input: &Input<'_>, (actor, span): Types, spare: &mut Lanes, tools: &mut Tools<'_>) {
        let Input { model, setup, nodes, world, .. } = *input;
        for node in span {
            let at = setup.first_node[actor] + node;
            self.anchor[at] = self.of_options(setup, at, &model.anchor);
            nodes.place(model, setup, actor, node, spare, 1);
            for (index, ending) in model.endings.iter().enumerate() {
                let by_type = &ending.worth[actor];
                self.worth[index * self.n_nodes + at] = match &by_type[node.min(by_type.len() - 1)] {
                    Worth::Value(value) => tools.one(value, spare, 0),
                    Worth::OfPackage => {
                        let options = ending.package.as_deref().expect("the compiler gives such an ending a package");
                        self.of_options(setup, at, options)
                    }
                };
            }
        }
        Nodes::restore(model, actor, world, spare, 1);
    }
}

/// Type nodes of an actor.
type Types = (usize, Range<usize>);

/// What a valuation reads.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    /// The model.
    pub(super) model: &'a Model,
    /// Its profiles.
    pub(super) setup: &'a Setup,
    /// Values of continuous type nodes in this replication.
    pub(super) nodes: &'a Nodes,
    /// The state.
    pub(super) world: &'a Lanes,
    /// Options of every item.
    pub(super) registers: &'a Registers,
    /// The first so many items are valued.
    pub(super) n: usize,
}

#[cfg(test)]
mod tests {
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
        let models = [Box::new(talks("")), Box::new(talks(believes)), Box::new(flagship)];
        for (model, steps) in models.into_iter().zip([6, 6, 3]) {
            let Workspace { setup, game, .. } = &mut Workspace::new(&model);
            for replication in 0..2 {
                let streams = Streams { seed: 3, replication };
                game.deal(&model, setup, &streams);
                game.revalue(&model, setup, 0, true);
                follow(&model, setup, game, 1..steps, &streams);
                // Other terms in force.
                game.registers.adopt(&model, setup, game.register);
                let issue =
                    (0..model.issues.len()).find(|&issue| game.registers.of(&model, setup.in_force)[issue] == 0);
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
        for model in ["", "believes = { taboo = 0.9 }"].map(|beliefs| Box::new(talks(beliefs))) {
            let mut workspace = Workspace::new(&model);
            for replication in 0..6 {
                let at = Coordinates { seed: 5, replication };
                let alone = play(&model, at, &mut Workspace::new(&model), &mut Nobody).clone();
                let after = play(&model, at, &mut workspace, &mut Nobody).clone();
                assert_eq!(format!("{alone:?}"), format!("{after:?}"), "replication {replication}");
            }
        }
    }
}
