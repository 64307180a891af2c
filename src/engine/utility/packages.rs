//! Value of every package to an actor's types: options, red lines, additive terms.

use super::super::lanes::{Lanes, Tools, add};
use super::super::nodes::Nodes;
use super::super::setup::Setup;
use super::sums::differs;
use super::{Input, Types, Utility};
use crate::model::{Model, Penalty, Value};

impl Utility {
    /// Value of every package to types of an actor: options, red lines, terms that do not read G.
    pub(super) fn value_packages(
        &mut self,
        input: &Input<'_>,
        (actor, span): Types,
        packages: &Lanes,
        spare: &mut Lanes,
        tools: &mut Tools<'_>,
    ) {
        self.add_options(input, (actor, span.clone()));
        self.cross_lines(input, (actor, span.clone()), (packages, spare), tools);
        self.add_terms(input, (actor, span), packages, tools);
    }

    /// Sums of weighted option values, from which the rest is taken away.
    fn add_options(&mut self, input: &Input<'_>, (actor, span): Types) {
        let Input { setup, registers, n, .. } = *input;
        let attacker = setup.attackers.contains(&actor);
        for node in span {
            let at = setup.first_node[actor] + node;
            let points = &self.points[at * self.all_options..(at + 1) * self.all_options];
            let (all, bare) = self.sums.of(setup, (at, attacker), points, registers, n);
            let row = at * self.n_packages..at * self.n_packages + n;
            self.packages[row.clone()].copy_from_slice(all);
            if attacker {
                self.bare[row.clone()].copy_from_slice(bare);
            }
            self.red[row].fill(0.0);
        }
    }

    /// Takes away the penalties of red lines.
    fn cross_lines(
        &mut self,
        input: &Input<'_>,
        (actor, span): Types,
        (packages, spare): (&Lanes, &mut Lanes),
        tools: &mut Tools<'_>,
    ) {
        let Input { model, setup, nodes, world, registers, n } = *input;
        let declared = &model.actors[actor];
        if declared.red_lines.is_empty() {
            return;
        }
        let attacker = setup.attackers.contains(&actor);
        for (index, line) in declared.red_lines.iter().enumerate() {
            let kept = self.lines.kept(model, (actor, index));
            let found = kept.is_some_and(|kept| self.lines.stands(kept, registers));
            if !found {
                line.when.eval(packages.frame(tools.scalars), n, &mut self.row[..n], tools.stack);
            }
            if let Some(kept) = kept.filter(|_| !found) {
                self.lines.take(kept, registers, &self.row[..n]);
            }
            for node in span.clone().filter(|&node| line.types.get(node).copied().unwrap_or(true)) {
                let at = setup.first_node[actor] + node;
                let penalty = match &line.penalty {
                    Penalty::Value(value) => {
                        nodes.place(model, setup, actor, node, spare, 1);
                        tools.one(value, spare, 0)
                    }
                    Penalty::Distance(ending) => {
                        (self.worth[ending.index() * self.n_nodes + at] - self.anchor[at]).abs()
                    }
                };
                let bare = attacker && !line.on_guarantee;
                match kept {
                    Some(kept) if penalty.is_finite() => self.punish(kept, (at, bare), penalty),
                    _ => {
                        if let Some(kept) = kept {
                            self.lines.lay_out(kept, &mut self.row[..n]);
                        }
                        self.punish_all((at, bare), penalty, n);
                    }
                }
            }
        }
        Nodes::restore(model, actor, world, spare, 1);
    }

    /// Takes a penalty from the items on which a line is known to hold.
    fn punish(&mut self, line: usize, (node, bare): (usize, bool), penalty: f64) {
        let row = node * self.n_packages..(node + 1) * self.n_packages;
        let (values, red) = (&mut self.packages[row.clone()], &mut self.red[row.clone()]);
        let bares = &mut self.bare[row];
        for &item in self.lines.items(line) {
            let item = item as usize;
            values[item] -= penalty;
            red[item] += penalty;
            if bare {
                bares[item] -= penalty;
            }
        }
    }

    /// Takes a penalty from the first `n` items, as far as the line in `row` holds on each.
    fn punish_all(&mut self, (node, bare): (usize, bool), penalty: f64, n: usize) {
        let first = node * self.n_packages;
        for (item, &holds) in self.row[..n].iter().enumerate() {
            self.packages[first + item] -= penalty * holds;
            self.red[first + item] += penalty * holds;
            if bare {
                self.bare[first + item] -= penalty * holds;
            }
        }
    }

    /// Adds the terms that do not read G.
    fn add_terms(&mut self, input: &Input<'_>, (actor, span): Types, packages: &Lanes, tools: &mut Tools<'_>) {
        let Input { model, setup, n, .. } = *input;
        let attacker = setup.attackers.contains(&actor);
        for term in model.actors[actor].terms.iter().filter(|term| !term.reads_g) {
            let even = match &term.value {
                Value::Program(program) if differs(model, program) => None,
                value => Some(tools.one(value, packages, 0)),
            };
            // To no value does a zero of either sign make a difference.
            if even == Some(0.0) {
                continue;
            }
            let row = &mut self.row[..n];
            match even {
                Some(same) => row.fill(same),
                None => tools.many(&term.value, packages, n, row),
            }
            for node in span.clone().filter(|&node| term.types.get(node).copied().unwrap_or(true)) {
                let first = (setup.first_node[actor] + node) * self.n_packages;
                add(&mut self.packages[first..first + n], row);
                if attacker {
                    add(&mut self.bare[first..first + n], row);
                }
            }
        }
    }

    /// Adds the terms of some actors that read G or the attack probability, once `packages` holds them for the first `n`
    /// items.
    pub(in super::super) fn add_terms_on_g(
        &mut self,
        (model, setup): (&Model, &Setup),
        whose: impl Fn(usize) -> bool,
        (packages, n): (&Lanes, usize),
        tools: &mut Tools<'_>,
    ) {
        for (actor, declared) in model.actors.iter().enumerate().filter(|&(actor, _)| whose(actor)) {
            for term in declared.terms.iter().filter(|term| term.reads_g) {
                let row = &mut self.row[..n];
                tools.many(&term.value, packages, n, row);
                for node in 0..setup.nodes[actor] {
                    if term.types.get(node).copied().unwrap_or(true) {
                        let first = (setup.first_node[actor] + node) * self.n_packages;
                        add(&mut self.packages[first..first + n], row);
                    }
                }
            }
        }
    }
}
