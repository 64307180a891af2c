//! Evaluation: a stack machine whose rows hold one value a lane, in blocks of lanes.
//!
//! One lane and many lanes run the same generic code, so their results are equal to the bit.

use super::program::{Binary, Op, Program, Unary};
use crate::num;

/// Lanes of a block: a row fills 256 bytes, so that a usual stack stays in the nearest cache.
const LANES: usize = 32;

/// The variables of one evaluation: `lanes[slot * stride + lane]` for lane slots, `scalars[slot]` for the others.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Parameters.
    pub scalars: &'a [f64],
    /// Lane slots, slot-major.
    pub lanes: &'a [f64],
    /// Distance between slots, at least the number of lanes evaluated.
    pub stride: usize,
}

/// Scratch space of an evaluation, allocated once and reused.
#[derive(Clone, Debug)]
pub struct Stack {
    blocks: Box<[[f64; LANES]]>,
    singles: Box<[[f64; 1]]>,
}

impl Stack {
    /// Space for programs of at most that [`Program::stack_depth`].
    #[must_use]
    pub fn with_depth(depth: usize) -> Self {
        Self { blocks: vec![[0.0; LANES]; depth].into(), singles: vec![[0.0]; depth].into() }
    }

    /// The depth it has space for.
    #[must_use]
    pub const fn depth(&self) -> usize {
        self.singles.len()
    }
}

impl Program {
    /// Evaluates lanes 0 to `n` - 1 into the first `n` places of `out`; allocates nothing.
    ///
    /// # Panics
    /// When `out` is shorter than `n`, the frame lacks a slot that the program reads, or the stack is not deep enough.
    pub fn eval(&self, frame: Frame<'_>, n: usize, out: &mut [f64], stack: &mut Stack) {
        let out = &mut out[..n];
        if !self.reads_lanes() {
            if n > 0 {
                out.fill(self.eval_one(frame, 0, stack));
            }
            return;
        }
        for (block, out) in out.chunks_mut(LANES).enumerate() {
            let from = block * LANES;
            self.run(frame, from..from + out.len(), &mut stack.blocks);
            out.copy_from_slice(&stack.blocks[0][..out.len()]);
        }
    }

    /// The value for one lane: the same, to the bit, as [`Program::eval`] computes for it.
    ///
    /// # Panics
    /// When the frame lacks a slot that the program reads, or the stack is not deep enough.
    #[must_use]
    pub fn eval_one(&self, frame: Frame<'_>, lane: usize, stack: &mut Stack) -> f64 {
        self.run(frame, lane..lane + 1, &mut stack.singles);
        stack.singles[0][0]
    }

    /// Computes a block of at most `W` lanes into the first row.
    fn run<const W: usize>(&self, frame: Frame<'_>, lanes: std::ops::Range<usize>, rows: &mut [[f64; W]]) {
        assert!(rows.len() >= self.stack_depth(), "the stack is too small for the program");
        let mut machine = Machine { frame, from: lanes.start, width: lanes.len(), rows, height: 0 };
        for op in &self.code {
            machine.step(*op, &self.values);
        }
    }
}

/// A block under evaluation.
struct Machine<'a, const W: usize> {
    frame: Frame<'a>,
    /// First lane of the block.
    from: usize,
    /// Lanes of the block, at most `W`.
    width: usize,
    rows: &'a mut [[f64; W]],
    /// Rows in use.
    height: usize,
}

impl<'a, const W: usize> Machine<'a, W> {
    #[inline]
    fn step(&mut self, op: Op, values: &[f64]) {
        match op {
            Op::Const(value) => self.push().fill(value),
            Op::Scalar(slot) => {
                let value = self.frame.scalars[slot as usize];
                self.push().fill(value);
            }
            Op::Lane(slot) => {
                let lane = self.lane(slot);
                self.push().copy_from_slice(lane);
            }
            Op::Unary(unary) => apply_unary(unary, self.top()),
            Op::Binary(binary) => {
                let ([x], y) = self.operands();
                apply_binary(binary, x, Operand::Row(y));
            }
            Op::WithConst(binary, value) => apply_binary(binary, self.top(), Operand::Value(value)),
            Op::WithScalar(binary, slot) => {
                let value = self.frame.scalars[slot as usize];
                apply_binary(binary, self.top(), Operand::Value(value));
            }
            Op::WithLane(binary, slot) => {
                let lane = self.lane(slot);
                apply_binary(binary, self.top(), Operand::Row(lane));
            }
            Op::Select => {
                let ([condition, a], b) = self.operands();
                for ((c, a), b) in condition.iter_mut().zip(a).zip(b) {
                    *c = if *c == 0.0 { *b } else { *a };
                }
            }
            Op::Clamp => {
                let ([x, low], high) = self.operands();
                for ((x, low), high) in x.iter_mut().zip(low).zip(high) {
                    *x = smaller(larger(*x, *low), *high);
                }
            }
            Op::OneOf(list) => {
                let list = &values[list.start as usize..list.end as usize];
                self.top().iter_mut().for_each(|x| *x = f64::from(list.contains(x)));
            }
            Op::Table(table) => {
                let table = &values[table.start as usize..table.end as usize];
                self.top().iter_mut().for_each(|x| *x = table[entry(*x, table.len())]);
            }
            Op::Pick(entries) => self.pick(entries as usize),
        }
    }

    /// The lanes of a slot.
    fn lane(&self, slot: u32) -> &'a [f64] {
        let start = slot as usize * self.frame.stride + self.from;
        &self.frame.lanes[start..start + self.width]
    }

    /// A new row on top.
    fn push(&mut self) -> &mut [f64] {
        self.height += 1;
        self.top()
    }

    fn top(&mut self) -> &mut [f64] {
        &mut self.rows[self.height - 1][..self.width]
    }

    /// Pops `N` rows: returns the new top and what stood between, and the old top.
    fn operands<const N: usize>(&mut self) -> ([&mut [f64]; N], &[f64]) {
        self.height -= N;
        let width = self.width;
        let (below, above) = self.rows[self.height - 1..].split_at_mut(N);
        let mut below = below.iter_mut();
        let firsts = std::array::from_fn(|_| &mut below.next().expect("split at N")[..width]);
        (firsts, &above[0][..width])
    }

    /// Replaces the index below `entries` rows with the row's value at that index.
    fn pick(&mut self, entries: usize) {
        self.height -= entries;
        let (index, table) = self.rows[self.height - 1..].split_at_mut(1);
        for (lane, x) in index[0][..self.width].iter_mut().enumerate() {
            *x = table[entry(*x, entries)][lane];
        }
    }
}

/// An index as a position, kept below `len`.
fn entry(index: f64, len: usize) -> usize {
    (index as usize).min(len - 1)
}

fn smaller(x: f64, y: f64) -> f64 {
    if y < x { y } else { x }
}

fn larger(x: f64, y: f64) -> f64 {
    if y > x { y } else { x }
}

fn apply_unary(op: Unary, row: &mut [f64]) {
    fn each(row: &mut [f64], f: impl Fn(f64) -> f64) {
        for x in row {
            *x = f(*x);
        }
    }
    match op {
        Unary::Negate => each(row, |x| -x),
        Unary::Abs => each(row, f64::abs),
        Unary::Square => each(row, |x| x * x),
        Unary::Sqrt => each(row, num::sqrt),
        Unary::Exp => each(row, num::exp),
        Unary::Ln => each(row, num::ln),
        Unary::Logistic => each(row, num::logistic),
    }
}

/// The second operand of a binary operation.
#[derive(Clone, Copy)]
enum Operand<'a> {
    /// One value a lane.
    Row(&'a [f64]),
    /// The same for all lanes.
    Value(f64),
}

fn apply_binary(op: Binary, row: &mut [f64], operand: Operand<'_>) {
    fn each(row: &mut [f64], operand: Operand<'_>, f: impl Fn(f64, f64) -> f64) {
        match operand {
            Operand::Row(other) => row.iter_mut().zip(other).for_each(|(x, y)| *x = f(*x, *y)),
            Operand::Value(y) => row.iter_mut().for_each(|x| *x = f(*x, y)),
        }
    }
    match op {
        Binary::Add => each(row, operand, |x, y| x + y),
        Binary::Sub => each(row, operand, |x, y| x - y),
        Binary::SubFrom => each(row, operand, |x, y| y - x),
        Binary::Mul => each(row, operand, |x, y| x * y),
        Binary::Div => each(row, operand, |x, y| x / y),
        Binary::DivInto => each(row, operand, |x, y| y / x),
        Binary::Pow => each(row, operand, num::pow),
        Binary::Min => each(row, operand, smaller),
        Binary::Max => each(row, operand, larger),
        Binary::Less => each(row, operand, |x, y| f64::from(x < y)),
        Binary::LessEqual => each(row, operand, |x, y| f64::from(x <= y)),
        Binary::Greater => each(row, operand, |x, y| f64::from(x > y)),
        Binary::GreaterEqual => each(row, operand, |x, y| f64::from(x >= y)),
        Binary::Equal => each(row, operand, |x, y| f64::from(x == y)),
        Binary::NotEqual => each(row, operand, |x, y| f64::from(x != y)),
    }
}
