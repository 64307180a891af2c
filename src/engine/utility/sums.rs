//! What of the values of packages is the same from step to step: most weights and option values are parameters, most red
//! lines read nothing but the terms.

use super::super::register::Registers;
use super::super::setup::Setup;
use crate::model::expr::{Program, Slot};
use crate::model::{Layout, Model};
use std::ops::Range;

/// Sums of weighted option values, kept while neither these nor the options have moved.
#[derive(Clone, Debug)]
pub(super) struct Sums {
    /// Over all issues, `[node * width + item]`.
    all: Vec<f64>,
    /// The same for attackers without the issues that a guarantee reads; rows of other actors stay empty.
    bare: Vec<f64>,
    /// Weighted option values that they were made from, `[node * all_options + option]`.
    points: Vec<f64>,
    /// Revision of the registers that they were made from, by node; 0: none.
    revision: Vec<u64>,
    /// Options of an issue that is worth nothing.
    nothing: Vec<f64>,
    width: usize,
}

impl Sums {
    pub(super) fn new(setup: &Setup, width: usize) -> Self {
        Self {
            all: vec![0.0; setup.n_nodes * width],
            bare: vec![0.0; setup.n_nodes * width],
            points: vec![0.0; setup.n_nodes * setup.all_options],
            revision: vec![0; setup.n_nodes],
            nothing: vec![0.0; setup.all_options],
            width,
        }
    }

    /// Sums of the first `n` items to a type node, in all and bare, from its weighted option values.
    pub(super) fn of(
        &mut self,
        setup: &Setup,
        (node, attacker): (usize, bool),
        points: &[f64],
        registers: &Registers,
        n: usize,
    ) -> (&[f64], &[f64]) {
        let known = node * points.len()..(node + 1) * points.len();
        let span = node * self.width..node * self.width + n;
        let moved = |before: &[f64]| before.iter().zip(points).any(|(a, b)| a.to_bits() != b.to_bits());
        if self.revision[node] != registers.revision() || moved(&self.points[known.clone()]) {
            self.revision[node] = registers.revision();
            self.points[known].copy_from_slice(points);
            let issues = 0..setup.first_option.len();
            let tables = Tables { points, first: &setup.first_option, nothing: &self.nothing };
            tables.sum(issues.clone(), registers, &mut self.all[span.clone()]);
            if attacker {
                let rest = issues.filter(|&issue| !setup.guarantee_issue[issue]);
                tables.sum(rest, registers, &mut self.bare[span.clone()]);
            }
        }
        (&self.all[span.clone()], &self.bare[span])
    }
}

/// Weighted option values of a type node, by issue.
struct Tables<'a> {
    points: &'a [f64],
    first: &'a [usize],
    nothing: &'a [f64],
}

impl Tables<'_> {
    fn of(&self, issue: usize) -> &[f64] {
        let end = self.first.get(issue + 1).copied().unwrap_or(self.points.len());
        &self.points[self.first[issue]..end]
    }

    /// Sums over issues in their order. Those that are worth nothing are left out, and fill up the last four: a sum that
    /// begins with 0 stays to the bit what it is when a zero of either sign is added.
    fn sum(&self, issues: impl Iterator<Item = usize>, registers: &Registers, out: &mut [f64]) {
        let n = out.len();
        out.fill(0.0);
        let mut counted = issues.filter(|&issue| self.of(issue).iter().any(|&value| value != 0.0));
        loop {
            let four: [Option<usize>; 4] = std::array::from_fn(|_| counted.next());
            let [Some(one), ..] = four else { return };
            let [a, b, c, d] = four.map(|issue| issue.map_or(self.nothing, |issue| self.of(issue)));
            let [i, j, k, l] = four.map(|issue| &registers.column(issue.unwrap_or(one))[..n]);
            for ((((out, &i), &j), &k), &l) in out.iter_mut().zip(i).zip(j).zip(k).zip(l) {
                *out = (((*out + a[usize::from(i)]) + b[usize::from(j)]) + c[usize::from(k)]) + d[usize::from(l)];
            }
        }
    }
}

/// Items on which red lines hold that read nothing but issues, kept while the options have not moved.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// Items of each line one after the other, `[line * width + ..]`.
    items: Vec<u32>,
    /// How many.
    count: Vec<usize>,
    /// Revision of the registers that they were found in; 0: none.
    revision: Vec<u64>,
    /// First line of each actor, and the end of the last.
    first: Vec<usize>,
    width: usize,
}

impl Lines {
    pub(super) fn new(model: &Model, width: usize) -> Self {
        let mut first = vec![0];
        let mut lines = 0;
        for actor in &model.actors {
            lines += actor.red_lines.len();
            first.push(lines);
        }
        Self { items: vec![0; lines * width], count: vec![0; lines], revision: vec![0; lines], first, width }
    }

    /// Number of an actor's line that is kept here: not of one that reads more than issues, nor of one that only the model
    /// of a fork has.
    pub(super) fn kept(&self, model: &Model, (actor, line): (usize, usize)) -> Option<usize> {
        let at = self.first[actor] + line;
        let when = &model.actors[actor].red_lines[line].when;
        let issues = issues(&model.layout, model.issues.len());
        let plain = |slot: &Slot| matches!(slot, Slot::Lane(lane) if issues.contains(lane));
        (at < self.first[actor + 1] && when.reads().iter().all(plain)).then_some(at)
    }

    /// Whether a line has been worked out for these registers.
    pub(super) fn stands(&self, line: usize, registers: &Registers) -> bool {
        self.revision[line] == registers.revision()
    }

    /// Takes down on which items a line holds.
    pub(super) fn take(&mut self, line: usize, registers: &Registers, holds: &[f64]) {
        self.revision[line] = registers.revision();
        let items = &mut self.items[line * self.width..(line + 1) * self.width];
        let mut count = 0;
        for (item, &holds) in holds.iter().enumerate() {
            items[count] = item as u32;
            count += usize::from(holds != 0.0);
        }
        self.count[line] = count;
    }

    /// Writes for each item whether a line holds on it.
    pub(super) fn lay_out(&self, line: usize, holds: &mut [f64]) {
        holds.fill(0.0);
        for &item in self.items(line) {
            holds[item as usize] = 1.0;
        }
    }

    /// Items on which a line holds.
    pub(super) fn items(&self, line: usize) -> &[u32] {
        let first = line * self.width;
        &self.items[first..first + self.count[line]]
    }
}

/// Lane slots of the issues.
fn issues(layout: &Layout, count: usize) -> Range<u32> {
    layout.issues..layout.issues + count as u32
}

/// Whether a program without G can differ between registers.
pub(super) fn differs(model: &Model, program: &Program) -> bool {
    let issues = issues(&model.layout, model.issues.len());
    program.reads().iter().any(|slot| {
        let Slot::Lane(lane) = *slot else { return false };
        let derived = lane.checked_sub(model.layout.derived).and_then(|index| model.derived.get(index as usize));
        issues.contains(&lane) || derived.is_some_and(|derived| derived.on_package)
    })
}
