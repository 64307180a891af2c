//! Expressions from text to value and from text to message, over one small scope.

mod kinds;
mod messages;
mod properties;
mod values;

use std::collections::BTreeMap;

use super::*;
use crate::spec::tree::FileId;

/// Lanes of the test frame: more than one block, and not a whole number of blocks.
pub(super) const LANES: usize = 71;

/// One row of the scope: name, type, stage, low, high, value in lane 0.
type Row = (&'static str, Type, Stage, f64, f64, f64);

const fn number(kind: Kind) -> Type {
    Type::Number(kind)
}

/// All variables; those known in a replication are scalars, the others lanes, in this order.
const ROWS: [Row; 24] = [
    ("four", number(Kind::Index), Stage::Constant, 4.0, 4.0, 4.0),
    ("p", number(Kind::Probability), Stage::Replication, 0.0, 1.0, 0.25),
    ("p_other", number(Kind::Probability), Stage::Replication, 0.0, 1.0, 0.5),
    ("share", number(Kind::Share), Stage::Replication, 0.0, 1.0, 0.5),
    ("monthly", number(Kind::PerMonth), Stage::Replication, 0.0, 0.5, 0.02),
    ("yearly", number(Kind::PerYear), Stage::Replication, 0.0, 2.0, 0.24),
    ("months", number(Kind::Months), Stage::Replication, 0.0, 120.0, 24.0),
    ("years", number(Kind::Years), Stage::Replication, 0.0, 10.0, 2.0),
    ("flow", number(Kind::Flow), Stage::Replication, 0.0, 0.3, 0.125),
    ("once", number(Kind::Once), Stage::Replication, 0.0, 1.0, 0.5),
    ("worth", number(Kind::PresentValue), Stage::Replication, -5.0, 5.0, 2.0),
    ("index", number(Kind::Index), Stage::Replication, -3.0, 3.0, -1.5),
    ("wide", number(Kind::Index), Stage::Replication, f64::NEG_INFINITY, f64::INFINITY, 7.0),
    ("strain", number(Kind::Index), Stage::Step, 0.0, 1.2, 0.5),
    ("balance", number(Kind::Index), Stage::Step, -3.0, 3.0, 1.0),
    ("month", number(Kind::Index), Stage::Step, 0.0, 36.0, 6.0),
    ("refusals.UA", number(Kind::Index), Stage::Step, 0.0, 50.0, 3.0),
    ("US.type", Type::Choice(ChoiceId(2)), Stage::Step, 0.0, 1.0, 1.0),
    ("regime", Type::Choice(ChoiceId(3)), Stage::Step, 0.0, 2.0, 0.0),
    ("offered_by", Type::Choice(ChoiceId(4)), Stage::Step, 0.0, 2.0, 0.0),
    ("refused_by", Type::Choice(ChoiceId(4)), Stage::Step, 0.0, 2.0, 0.0),
    ("nato", Type::Choice(ChoiceId(0)), Stage::Package, 0.0, 3.0, 2.0),
    ("force", Type::Choice(ChoiceId(1)), Stage::Package, 0.0, 2.0, 2.0),
    ("signed.settlement", Type::Bool, Stage::End, 0.0, 1.0, 1.0),
];

/// The scope of the tests with values for every lane.
#[derive(Debug)]
pub(super) struct World {
    variables: BTreeMap<&'static str, Variable>,
    members: Vec<Vec<String>>,
    pub scalars: Vec<f64>,
    pub lanes: Vec<f64>,
}

impl World {
    pub fn new() -> Self {
        Self::filled(|_, row, lane| {
            let (low, high) = (row.3.max(-10.0), row.4.min(10.0));
            let grid = low + (high - low) * (lane as f64 * 0.37).fract();
            match (lane, row.1) {
                (0, _) => row.5,
                (_, Type::Number(_)) => grid,
                _ => grid.round(),
            }
        })
    }

    /// A world with the values that `value` gives for variable, row and lane (lane 0 for scalars).
    pub fn filled(value: impl Fn(usize, &Row, usize) -> f64) -> Self {
        let mut world = Self { variables: BTreeMap::new(), members: members(), scalars: vec![], lanes: vec![] };
        for (index, row) in ROWS.iter().enumerate() {
            let (name, ty, stage, low, high, _) = *row;
            let slot = if stage <= Stage::Replication {
                world.scalars.push(value(index, row, 0));
                Slot::Scalar(world.scalars.len() as u32 - 1)
            } else {
                world.lanes.extend((0..LANES).map(|lane| value(index, row, lane)));
                Slot::Lane((world.lanes.len() / LANES) as u32 - 1)
            };
            let range = Interval::new(low, high);
            world.variables.insert(name, Variable { slot, ty, range, stage });
        }
        world
    }

    pub fn frame(&self) -> Frame<'_> {
        Frame { scalars: &self.scalars, lanes: &self.lanes, stride: LANES }
    }

    /// Compiles for a place; the problems are `code start..end message | hint`, columns from 1.
    pub fn compile(&self, text: &str, want: Want) -> Result<Program, Vec<String>> {
        let mut problems = Problems::default();
        let span = Span { file: FileId(0), start: 0, end: text.len() as u32 + 2 };
        let program = super::compile(text, Place { span, path: "here" }, self, want, &mut problems);
        let lines: Vec<String> = problems.list.iter().map(line).collect();
        assert_eq!(program.is_none(), !lines.is_empty(), "{text}: {lines:?}");
        program.ok_or(lines)
    }

    /// The value in lane 0, after checking that all lanes agree with single evaluation.
    pub fn value(&self, text: &str) -> f64 {
        let program = self.compile(text, anything()).unwrap_or_else(|lines| panic!("{text}: {lines:?}"));
        self.run(&program)[0]
    }

    /// All lanes, computed together and one by one.
    pub fn run(&self, program: &Program) -> Vec<f64> {
        let mut stack = Stack::with_depth(program.stack_depth());
        let mut out = vec![f64::NAN; LANES];
        program.eval(self.frame(), LANES, &mut out, &mut stack);
        for (lane, value) in out.iter().enumerate() {
            let single = program.eval_one(self.frame(), lane, &mut stack);
            assert_eq!(single.to_bits(), value.to_bits(), "lane {lane} of {program:?}");
        }
        out
    }
}

impl Scope for World {
    fn lookup(&self, name: &str) -> Option<Variable> {
        self.variables.get(name).copied()
    }

    fn members(&self, id: ChoiceId) -> &[String] {
        &self.members[usize::from(id.0)]
    }

    fn names(&self) -> Vec<String> {
        self.variables.keys().map(ToString::to_string).collect()
    }
}

fn members() -> Vec<Vec<String>> {
    let sets: [&[&str]; 5] = [
        &["member", "open_door", "moratorium", "neutral"],
        &["none", "k10", "k30"],
        &["stays", "walks"],
        &["war", "truce", "settled"],
        &["RU", "UA", "US"],
    ];
    sets.iter().map(|set| set.iter().map(ToString::to_string).collect()).collect()
}

fn line(problem: &crate::spec::problem::Problem) -> String {
    assert_eq!(problem.path, "here");
    let span = problem.span.expect("every problem of an expression has a place");
    let hint = problem.hint.as_ref().map(|hint| format!(" | {hint}")).unwrap_or_default();
    format!("{} {}..{} {}{hint}", problem.code, span.start, span.end, problem.message)
}

/// A place that accepts numbers of any kind, at any stage, without bounds.
pub(super) fn anything() -> Want {
    Want { ty: None, stage: Stage::End, bounds: None, must_fit: false }
}

/// A place that wants a type.
pub(super) fn wanting(ty: Type) -> Want {
    Want { ty: Some(ty), ..anything() }
}
