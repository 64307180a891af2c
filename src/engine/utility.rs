//! Value of terms (`core.md` 3): weighted option values, endings, red lines and additive terms.

mod packages;
mod sums;
#[cfg(test)]
mod tests;

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
