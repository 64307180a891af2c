//! Buffers of lane variables, and reading a [`Value`] from them.

use super::reach::Slice;
use crate::model::expr::{Frame, Stack};
use crate::model::{Derived, Model, Value};

/// Lane variables, slot-major: `data[slot * stride + lane]`. Allocated once.
#[derive(Clone, Debug)]
pub(super) struct Lanes {
    data: Vec<f64>,
    stride: usize,
}

impl Lanes {
    /// Zeroed variables of `slots` slots and at most `stride` lanes.
    pub(super) fn new(slots: usize, stride: usize) -> Self {
        let stride = stride.max(1);
        Self { data: vec![0.0; slots * stride], stride }
    }

    /// Lanes of one slot, to be written.
    pub(super) fn row_mut(&mut self, slot: u32) -> &mut [f64] {
        let first = slot as usize * self.stride;
        &mut self.data[first..first + self.stride]
    }

    /// Lanes of one slot.
    pub(super) fn row(&self, slot: u32) -> &[f64] {
        let first = slot as usize * self.stride;
        &self.data[first..first + self.stride]
    }

    /// One variable of one lane.
    pub(super) fn get(&self, slot: u32, lane: usize) -> f64 {
        self.data[slot as usize * self.stride + lane]
    }

    /// Consecutive variables of a frame with one lane.
    pub(super) fn world(&self, first: u32, count: usize) -> &[f64] {
        debug_assert_eq!(self.stride, 1, "only the world has one lane");
        &self.data[first as usize..first as usize + count]
    }

    /// Sets one variable of one lane.
    pub(super) fn set(&mut self, slot: u32, lane: usize, value: f64) {
        self.data[slot as usize * self.stride + lane] = value;
    }

    /// Copies every variable of `world` (one lane) into the first `n` lanes.
    pub(super) fn spread(&mut self, world: &Self, n: usize) {
        debug_assert!(n <= self.stride, "lanes are sized for the largest use");
        for (row, &value) in self.data.chunks_exact_mut(self.stride).zip(&world.data) {
            row[..n].fill(value);
        }
    }

    /// The same for the variables that are read at all; what stands in the others is nobody's business.
    pub(super) fn spread_read(&mut self, model: &Model, world: &Self, n: usize) {
        debug_assert!(n <= self.stride, "lanes are sized for the largest use");
        for &slot in &model.lanes_read {
            let value = world.data[slot as usize * world.stride];
            self.row_mut(slot)[..n].fill(value);
        }
    }

    /// Copies one lane of `other`, which has the same slots.
    pub(super) fn copy_lane(&mut self, other: &Self, from: usize, to: usize) {
        let rows = self.data.chunks_exact_mut(self.stride).zip(other.data.chunks_exact(other.stride));
        for (row, source) in rows {
            row[to] = source[from];
        }
    }

    /// The view that programs read.
    pub(super) fn frame<'a>(&'a self, scalars: &'a [f64]) -> Frame<'a> {
        Frame { scalars, lanes: &self.data, stride: self.stride }
    }

    /// Recomputes derived values in the first `n` lanes; `only_package` skips those that no issue moves. Returns the
    /// number of clamps.
    pub(super) fn derive(&mut self, model: &Model, tools: &mut Tools<'_>, n: usize, only_package: bool) -> u64 {
        self.derive_where(model, tools, n, |index| !only_package || model.derived[index].on_package)
    }

    /// Recomputes the derived values of a slice (none: all) in the first `n` lanes.
    pub(super) fn derive_slice(&mut self, model: &Model, tools: &mut Tools<'_>, n: usize, slice: Option<&Slice>) {
        self.derive_where(model, tools, n, |index| slice.is_none_or(|slice| slice.derived[index]));
    }

    fn derive_where(&mut self, model: &Model, tools: &mut Tools<'_>, n: usize, wanted: impl Fn(usize) -> bool) -> u64 {
        let mut clamps = 0;
        for (index, derived) in model.derived.iter().enumerate() {
            if !wanted(index) {
                continue;
            }
            let out = &mut tools.out[..n];
            derived.program.eval(
                Frame { scalars: tools.scalars, lanes: &self.data, stride: self.stride },
                n,
                out,
                tools.stack,
            );
            if derived.clamp {
                clamps += clamp_all(derived, out);
            }
            let first = (model.layout.derived as usize + index) * self.stride;
            self.data[first..first + n].copy_from_slice(out);
        }
        clamps
    }
}

fn clamp_all(derived: &Derived, values: &mut [f64]) -> u64 {
    let mut clamps = 0;
    for value in values {
        if *value < derived.low || *value > derived.high {
            *value = value.clamp(derived.low, derived.high);
            clamps += 1;
        }
    }
    clamps
}

/// Adds a row to another, lane by lane.
pub(super) fn add(sum: &mut [f64], row: &[f64]) {
    for (sum, &more) in sum.iter_mut().zip(row) {
        *sum += more;
    }
}

/// What evaluating needs besides the lanes: the replication's scalars, a stack, and a row for results.
pub(super) struct Tools<'a> {
    /// Scalar slots.
    pub(super) scalars: &'a [f64],
    /// Stack for programs.
    pub(super) stack: &'a mut Stack,
    /// Result row, as wide as the widest lanes.
    pub(super) out: &'a mut [f64],
    /// Next states, `[state * width + lane]`.
    pub(super) next: &'a mut [f64],
    /// Width of a row.
    pub(super) width: usize,
}

impl Tools<'_> {
    /// The value in one lane.
    pub(super) fn one(&mut self, value: &Value, lanes: &Lanes, lane: usize) -> f64 {
        match value {
            Value::Const(constant) => *constant,
            Value::Scalar(slot) => self.scalars[*slot as usize],
            Value::Program(program) => program.eval_one(lanes.frame(self.scalars), lane, self.stack),
        }
    }

    /// The value in the first `n` lanes.
    pub(super) fn many(&mut self, value: &Value, lanes: &Lanes, n: usize, out: &mut [f64]) {
        match value {
            Value::Const(constant) => out[..n].fill(*constant),
            Value::Scalar(slot) => out[..n].fill(self.scalars[*slot as usize]),
            Value::Program(program) => program.eval(lanes.frame(self.scalars), n, &mut out[..n], self.stack),
        }
    }
}
