//! Evaluation: a stack machine whose rows hold one value a lane, in blocks of lanes.
//!
//! One lane and many lanes run the same generic code, so their results are equal to the bit. A block computes all of its
//! width, of which the last lanes may be nobody's: loops of a known length become vector instructions without remainders.
//! What is dear, such as a power, is computed for the lanes in use alone.

use super::operate::{Operand, binary, binary_into, binary_with, larger, smaller};
use super::program::{Op, Program, Unary};
use crate::num;

/// Widths of blocks: as many lanes as are in use, as few as that needs.
const NARROW: usize = 8;
const MIDDLE: usize = 16;
const WIDE: usize = 32;

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
    wide: Box<[[f64; WIDE]]>,
    middle: Box<[[f64; MIDDLE]]>,
    narrow: Box<[[f64; NARROW]]>,
    singles: Box<[[f64; 1]]>,
}

impl Stack {
    /// Space for programs of at most that [`Program::stack_depth`].
    #[must_use]
    pub fn with_depth(depth: usize) -> Self {
        Self {
            wide: vec![[0.0; WIDE]; depth].into(),
            middle: vec![[0.0; MIDDLE]; depth].into(),
            narrow: vec![[0.0; NARROW]; depth].into(),
            singles: vec![[0.0]; depth].into(),
        }
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
        } else if n <= NARROW {
            self.blocks(frame, out, &mut stack.narrow);
        } else if n <= MIDDLE {
            self.blocks(frame, out, &mut stack.middle);
        } else {
            self.blocks(frame, out, &mut stack.wide);
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

    /// Computes block after block.
    fn blocks<const W: usize>(&self, frame: Frame<'_>, out: &mut [f64], rows: &mut [[f64; W]]) {
        for (block, out) in out.chunks_mut(W).enumerate() {
            let from = block * W;
            self.run(frame, from..from + out.len(), rows);
            out.copy_from_slice(&rows[0][..out.len()]);
        }
    }

    /// Computes a block of at most `W` lanes into the first row.
    fn run<const W: usize>(&self, frame: Frame<'_>, lanes: std::ops::Range<usize>, rows: &mut [[f64; W]]) {
        assert!(rows.len() >= self.stack_depth(), "the stack is too small for the program");
        let mut machine = Machine { frame, from: lanes.start, width: lanes.len(), rows, height: 0 };
        machine.execute(&self.code, &self.values);
    }
}

/// A block under evaluation.
struct Machine<'a, const W: usize> {
    frame: Frame<'a>,
    /// First lane of the block.
    from: usize,
    /// Lanes in use, at most `W`.
    width: usize,
    rows: &'a mut [[f64; W]],
    /// Rows in use.
    height: usize,
}

/// A fork of which one branch is enough.
struct Choice {
    /// Instructions before the code of a.
    ahead: usize,
    /// Instructions of a and of b.
    a: u32,
    b: u32,
    /// Whether a is the one.
    holds: bool,
}

impl<'a, const W: usize> Machine<'a, W> {
    /// Executes code, of a fork only what is needed; the depth is that of choices within choices.
    fn execute(&mut self, code: &[Op], values: &[f64]) {
        let mut at = 0;
        while let Some(op) = code.get(at) {
            at += 1;
            match self.choice(*op, &code[at..]) {
                Some(Choice { ahead, a, b, holds }) => {
                    let (first, second) = (at + ahead, at + ahead + a as usize);
                    let end = second + b as usize;
                    self.execute(&code[if holds { first..second } else { second..end }], values);
                    at = end + 1;
                }
                None if self.read_in_place(*op, code.get(at)) => at += 1,
                None => self.step(*op, values),
            }
        }
    }

    /// Executes two instructions at once where the first would copy a slot only for the second to replace it.
    #[inline]
    fn read_in_place(&mut self, op: Op, next: Option<&Op>) -> bool {
        let (slot, op, y) = match (op, next) {
            (Op::Lane(slot), Some(&Op::WithConst(op, y))) => (slot, op, Operand::Value(y)),
            (Op::Lane(slot), Some(&Op::WithScalar(op, y))) => {
                (slot, op, Operand::Value(self.frame.scalars[y as usize]))
            }
            (Op::Lane(slot), Some(&Op::WithLane(op, other))) => {
                let Some(y) = self.block(other) else { return false };
                (slot, op, Operand::Row(y))
            }
            (Op::Const(x), Some(&Op::WithLane(op, slot))) => {
                let Some(op) = op.mirrored() else { return false };
                (slot, op, Operand::Value(x))
            }
            _ => return false,
        };
        let Some(x) = self.block(slot) else { return false };
        let width = self.width;
        binary_into(op, self.push(), (x, y), width);
        true
    }

    /// The lanes of a slot, unless it is the last and ends before a block does.
    #[inline]
    fn block(&self, slot: u32) -> Option<&'a [f64; W]> {
        let start = slot as usize * self.frame.stride + self.from;
        self.frame.lanes[start..].first_chunk()
    }

    /// The fork that begins with this instruction, if its condition holds in all lanes in use or in none.
    #[inline]
    fn choice(&mut self, op: Op, next: &[Op]) -> Option<Choice> {
        match (op, next) {
            // Most are about one slot, the regime: they need no row.
            (Op::Lane(slot), &[Op::WithConst(relation, value), Op::Fork { a, b }, ..]) => {
                let holds = binary(relation, self.same(slot)?, value) != 0.0;
                Some(Choice { ahead: 2, a, b, holds })
            }
            (Op::Fork { a, b }, _) => {
                let holds = self.decided()?;
                self.height -= 1;
                Some(Choice { ahead: 0, a, b, holds })
            }
            _ => None,
        }
    }

    /// The value of a slot that has the same in all lanes in use.
    #[inline]
    fn same(&self, slot: u32) -> Option<f64> {
        let start = slot as usize * self.frame.stride + self.from;
        let lanes = &self.frame.lanes[start..start + self.width];
        let first = lanes[0].to_bits();
        (lanes.iter().fold(0, |differ, lane| differ | (lane.to_bits() ^ first)) == 0).then_some(lanes[0])
    }

    /// Whether the condition on top holds, where it is the same in all lanes in use.
    #[inline]
    fn decided(&self) -> Option<bool> {
        let row = &self.rows[self.height - 1][..self.width];
        let held = row.iter().filter(|&&condition| condition != 0.0).count();
        (held == 0 || held == row.len()).then_some(held > 0)
    }

    #[inline]
    fn step(&mut self, op: Op, values: &[f64]) {
        match op {
            Op::Const(value) => *self.push() = [value; W],
            Op::Scalar(slot) => *self.push() = [self.frame.scalars[slot as usize]; W],
            Op::Lane(slot) => {
                let frame = self.frame;
                let (from, width) = (self.from, self.width);
                load(frame, slot, from, width, self.push());
            }
            Op::Unary(unary) => {
                let width = self.width;
                apply_unary(unary, self.top(), width);
            }
            Op::Binary(binary) => {
                self.height -= 1;
                let width = self.width;
                let (below, above) = self.rows.split_at_mut(self.height);
                binary_with(binary, &mut below[self.height - 1], Operand::Row(&above[0]), width);
            }
            Op::WithConst(binary, value) => {
                let width = self.width;
                binary_with(binary, self.top(), Operand::Value(value), width);
            }
            Op::WithScalar(binary, slot) => {
                let (value, width) = (self.frame.scalars[slot as usize], self.width);
                binary_with(binary, self.top(), Operand::Value(value), width);
            }
            Op::WithLane(binary, slot) => {
                let (frame, from, width) = (self.frame, self.from, self.width);
                if let Some(block) = self.block(slot) {
                    binary_with(binary, self.top(), Operand::Row(block), width);
                } else {
                    let mut block = [0.0; W];
                    load(frame, slot, from, width, &mut block);
                    binary_with(binary, self.top(), Operand::Row(&block), width);
                }
            }
            Op::Select => {
                let [condition, a, b] = self.three();
                // Copies are known to lie apart, so that the loop becomes vector instructions.
                let (a, b) = (*a, *b);
                for lane in 0..W {
                    condition[lane] = if condition[lane] == 0.0 { b[lane] } else { a[lane] };
                }
            }
            Op::Clamp => {
                let [x, low, high] = self.three();
                let (low, high) = (*low, *high);
                for lane in 0..W {
                    x[lane] = smaller(larger(x[lane], low[lane]), high[lane]);
                }
            }
            Op::OneOf(list) => {
                let list = &values[list.start as usize..list.end as usize];
                let row = self.top();
                // Member by member rather than lane by lane, so that the inner loop has no branch.
                let mut found = [0.0; W];
                for member in list {
                    for (found, x) in found.iter_mut().zip(row.iter()) {
                        *found = if x == member { 1.0 } else { *found };
                    }
                }
                *row = found;
            }
            Op::Table(table) => {
                let table = &values[table.start as usize..table.end as usize];
                let width = self.width;
                self.top()[..width].iter_mut().for_each(|x| *x = table[entry(*x, table.len())]);
            }
            Op::Pick(entries) => self.pick(entries as usize),
            // Both branches are computed.
            Op::Fork { .. } => {}
        }
    }

    /// A new row on top.
    #[inline]
    fn push(&mut self) -> &mut [f64; W] {
        self.height += 1;
        self.top()
    }

    #[inline]
    fn top(&mut self) -> &mut [f64; W] {
        &mut self.rows[self.height - 1]
    }

    /// Pops two rows: the new top, and both of them.
    #[inline]
    fn three(&mut self) -> [&mut [f64; W]; 3] {
        self.height -= 2;
        let mut rows = self.rows[self.height - 1..].iter_mut();
        std::array::from_fn(|_| rows.next().expect("the stack is as deep as the program needs"))
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

/// Copies the lanes of a slot. Beyond those in use stands whatever follows them, or nothing.
#[inline]
fn load<const W: usize>(frame: Frame<'_>, slot: u32, from: usize, width: usize, out: &mut [f64; W]) {
    let start = slot as usize * frame.stride + from;
    if let Some(block) = frame.lanes[start..].first_chunk() {
        *out = *block;
    } else {
        out[..width].copy_from_slice(&frame.lanes[start..start + width]);
    }
}

/// An index, a whole number that is not negative, as a position below `len`.
#[inline]
fn entry(index: f64, len: usize) -> usize {
    // 2^52 more leaves a whole number in the low bits: cheaper than a conversion that has to saturate.
    const BEYOND: f64 = (1_u64 << 52) as f64;
    debug_assert!((0.0..BEYOND).contains(&index) && index.trunc() == index, "an index is a whole number: {index}");
    ((index + BEYOND).to_bits() as u32 as usize).min(len - 1)
}

#[inline]
fn apply_unary<const W: usize>(op: Unary, row: &mut [f64; W], width: usize) {
    fn each(row: &mut [f64], f: impl Fn(f64) -> f64) {
        for x in row {
            *x = f(*x);
        }
    }
    match op {
        Unary::Negate => each(row, |x| -x),
        Unary::Abs => each(row, f64::abs),
        Unary::Square => each(row, |x| x * x),
        Unary::Sqrt => each(&mut row[..width], num::sqrt),
        Unary::Exp => each(&mut row[..width], num::exp),
        Unary::Ln => each(&mut row[..width], num::ln),
        Unary::Logistic => num::logistic_all(&mut row[..width]),
    }
}
