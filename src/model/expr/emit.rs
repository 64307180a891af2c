//! Code generation: postfix nodes to instructions, with constants folded and simple operands taken directly.

use super::ast::{Arith, Ast, Comparison, Form, Function, NodeId};
use super::domain::Intervals;
use super::names::{Meaning, Meanings};
use super::program::{Binary, Facts, Op, Program, Unary, Values};
use super::{Interval, Slot, Stage, Type};

/// Code of an expression without problems, for a place where it has type `ty`.
pub(super) fn emit(ast: &Ast<'_>, meanings: &Meanings, intervals: &Intervals, ty: Type) -> Program {
    let mut emitter = Emitter {
        ast,
        meanings,
        intervals,
        marks: Vec::with_capacity(ast.nodes.len()),
        folds: folds(ast),
        code: Vec::new(),
        values: Vec::new(),
    };
    for id in 0..ast.nodes.len() {
        emitter.node(id);
    }
    let root = &emitter.marks[ast.root()];
    let facts = Facts { ty, range: intervals[ast.root()].unwrap_or(Interval::ALL), stage: root.stage };
    Program::new(emitter.code, emitter.values, facts)
}

/// What code generation knows about a node.
#[derive(Clone, Copy)]
struct Mark {
    /// Where the node's code starts.
    code: usize,
    /// Where its values start.
    values: usize,
    /// When it is known.
    stage: Stage,
}

struct Emitter<'a> {
    ast: &'a Ast<'a>,
    meanings: &'a Meanings,
    intervals: &'a Intervals,
    marks: Vec<Mark>,
    folds: Vec<Option<(Binary, NodeId)>>,
    code: Vec<Op>,
    values: Vec<f64>,
}

/// For every argument but the first of `min`, `max` and `count`: the operation that joins it to those before it, and
/// the first of them.
fn folds(ast: &Ast<'_>) -> Vec<Option<(Binary, NodeId)>> {
    let mut folds = vec![None; ast.nodes.len()];
    for node in &ast.nodes {
        let Form::Call(function, args) = &node.form else { continue };
        let operation = match function {
            Function::Min => Binary::Min,
            Function::Max => Binary::Max,
            Function::Count => Binary::Add,
            _ => continue,
        };
        for arg in &args[1..] {
            folds[*arg] = Some((operation, args[0]));
        }
    }
    folds
}

impl Emitter<'_> {
    /// Appends the code of a node whose children's code stands at the end.
    fn node(&mut self, id: NodeId) {
        let node = &self.ast.nodes[id];
        let children = node.children();
        let mark = match children.first() {
            Some(first) => Mark { stage: self.latest(&children), ..self.marks[*first] },
            None => Mark { code: self.code.len(), values: self.values.len(), stage: self.leaf_stage(id) },
        };
        self.marks.push(mark);
        match self.constant(id, mark.stage) {
            Some(value) => {
                self.code.truncate(mark.code);
                self.values.truncate(mark.values);
                self.code.push(Op::Const(value));
            }
            None => self.operation(id),
        }
        if let Some((operation, first)) = self.folds[id] {
            self.join(operation, first, id);
        }
    }

    fn latest(&self, ids: &[NodeId]) -> Stage {
        ids.iter().map(|id| self.marks[*id].stage).max().unwrap_or(Stage::Constant)
    }

    fn leaf_stage(&self, id: NodeId) -> Stage {
        match self.meanings[id] {
            Some(Meaning::Variable(variable)) => variable.stage,
            _ => Stage::Constant,
        }
    }

    /// The value of a node that is known at compile time. Interval ends are computed by the same functions as values,
    /// so the one value of such an interval is the value itself.
    fn constant(&self, id: NodeId, stage: Stage) -> Option<f64> {
        if stage == Stage::Constant { self.intervals[id].and_then(Interval::single) } else { None }
    }

    fn operation(&mut self, id: NodeId) {
        match &self.ast.nodes[id].form {
            // Literals are constant; members too.
            Form::Number(_) | Form::Bool(_) => {}
            Form::Name => {
                if let Some(Meaning::Variable(variable)) = self.meanings[id] {
                    self.code.push(match variable.slot {
                        Slot::Scalar(slot) => Op::Scalar(slot),
                        Slot::Lane(slot) => Op::Lane(slot),
                    });
                }
            }
            Form::Negate(_) => self.code.push(Op::Unary(Unary::Negate)),
            Form::Not(_) => self.code.push(Op::WithConst(Binary::SubFrom, 1.0)),
            Form::Arith(Arith::Pow, _, y)
                if self.is_constant(*y) && self.intervals[*y] == Some(Interval::point(2.0)) =>
            {
                self.code.truncate(self.marks[*y].code);
                self.code.push(Op::Unary(Unary::Square));
            }
            Form::Arith(operator, x, y) => self.join(arithmetic(*operator), *x, *y),
            Form::Compare(comparison, x, y) => self.join(relation(*comparison), *x, *y),
            Form::And(x, y) => self.join(Binary::Mul, *x, *y),
            Form::Or(x, y) => self.join(Binary::Max, *x, *y),
            Form::In { items, negated, .. } => {
                let values = self.take_constants(items);
                self.code.push(Op::OneOf(values));
                if *negated {
                    self.code.push(Op::WithConst(Binary::SubFrom, 1.0));
                }
            }
            Form::Piecewise { entries, .. } => {
                if entries.iter().all(|entry| self.is_constant(*entry)) {
                    let values = self.take_constants(entries);
                    self.code.push(Op::Table(values));
                } else {
                    self.code.push(Op::Pick(entries.len() as u32));
                }
            }
            Form::Call(Function::If, args) => self.fork(args),
            Form::Call(function, _) => self.call(*function),
        }
    }

    /// Conditions mostly hold in all lanes or in none, as those on the regime do: then one of the branches is enough.
    fn fork(&mut self, args: &[NodeId]) {
        let (a, b, end) = (self.marks[args[1]].code, self.marks[args[2]].code, self.code.len());
        self.code.insert(a, Op::Fork { a: (b - a) as u32, b: (end - b) as u32 });
        self.code.push(Op::Select);
    }

    fn call(&mut self, function: Function) {
        self.code.push(match function {
            Function::Clamp => Op::Clamp,
            Function::Abs => Op::Unary(Unary::Abs),
            Function::Sqrt => Op::Unary(Unary::Sqrt),
            Function::Exp => Op::Unary(Unary::Exp),
            Function::Ln => Op::Unary(Unary::Ln),
            Function::Logistic => Op::Unary(Unary::Logistic),
            // Their arguments have been joined one by one.
            Function::Min | Function::Max | Function::Count => return,
            Function::If => unreachable!("a choice has its own code"),
        });
    }

    fn is_constant(&self, id: NodeId) -> bool {
        self.constant(id, self.marks[id].stage).is_some()
    }

    /// Replaces the code of constant nodes at the end of the code with a run of values.
    fn take_constants(&mut self, ids: &[NodeId]) -> Values {
        self.code.truncate(self.marks[ids[0]].code);
        let start = self.values.len() as u32;
        self.values.extend(ids.iter().filter_map(|id| self.intervals[*id].and_then(Interval::single)));
        Values { start, end: self.values.len() as u32 }
    }

    /// Joins the code that starts with node `left` and ends before node `right` with that of `right`, which ends the
    /// code. An operand that is a single push is taken directly.
    fn join(&mut self, operation: Binary, left: NodeId, right: NodeId) {
        let (start, middle) = (self.marks[left].code, self.marks[right].code);
        if let (true, Some(op)) = (self.code.len() == middle + 1, self.code.last().and_then(|op| with(operation, *op)))
        {
            self.code.pop();
            self.code.push(op);
        } else if let (true, Some(op)) =
            (middle == start + 1, operation.exchanged().and_then(|operation| with(operation, self.code[start])))
        {
            self.code.remove(start);
            self.code.push(op);
        } else {
            self.code.push(Op::Binary(operation));
        }
    }
}

/// The operation with the pushed value as its second operand, if `push` is a push.
fn with(operation: Binary, push: Op) -> Option<Op> {
    match push {
        Op::Const(value) => Some(Op::WithConst(operation, value)),
        Op::Scalar(slot) => Some(Op::WithScalar(operation, slot)),
        Op::Lane(slot) => Some(Op::WithLane(operation, slot)),
        _ => None,
    }
}

const fn arithmetic(operator: Arith) -> Binary {
    match operator {
        Arith::Add => Binary::Add,
        Arith::Sub => Binary::Sub,
        Arith::Mul => Binary::Mul,
        Arith::Div => Binary::Div,
        Arith::Pow => Binary::Pow,
    }
}

const fn relation(comparison: Comparison) -> Binary {
    match comparison {
        Comparison::Less => Binary::Less,
        Comparison::LessEqual => Binary::LessEqual,
        Comparison::Greater => Binary::Greater,
        Comparison::GreaterEqual => Binary::GreaterEqual,
        Comparison::Equal => Binary::Equal,
        Comparison::NotEqual => Binary::NotEqual,
    }
}
