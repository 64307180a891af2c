//! Operations on two operands: values, or rows with one value a lane. What each of them does stands here once.

use super::program::Binary;
use crate::num;

/// An operation on two values.
#[inline]
pub(super) fn binary(op: Binary, x: f64, y: f64) -> f64 {
    of(op, Pair(x, y))
}

/// An operand of a whole row: one value a lane, or the same for all.
#[derive(Clone, Copy)]
pub(super) enum Operand<'a, const W: usize> {
    Row(&'a [f64; W]),
    Value(f64),
}

/// Replaces the first `width` values of a row by x operated on by y; the others may become anything.
#[inline]
pub(super) fn binary_with<const W: usize>(op: Binary, row: &mut [f64; W], y: Operand<'_, W>, width: usize) {
    match y {
        _ if op == Binary::Pow => {
            for (lane, x) in row[..width].iter_mut().enumerate() {
                *x = num::pow(*x, y.at(lane));
            }
        }
        Operand::Row(y) => of(op, InPlace(row, y)),
        Operand::Value(y) => of(op, InPlaceBy(row, y)),
    }
}

/// Writes the first `width` values of x operated on by y to a row; the others may become anything.
#[inline]
pub(super) fn binary_into<const W: usize>(
    op: Binary,
    row: &mut [f64; W],
    (x, y): (&[f64; W], Operand<'_, W>),
    width: usize,
) {
    match y {
        _ if op == Binary::Pow => {
            for (lane, out) in row[..width].iter_mut().enumerate() {
                *out = num::pow(x[lane], y.at(lane));
            }
        }
        Operand::Row(y) => of(op, Rows(row, x, y)),
        Operand::Value(y) => of(op, RowBy(row, x, y)),
    }
}

impl<const W: usize> Operand<'_, W> {
    #[inline]
    fn at(self, lane: usize) -> f64 {
        match self {
            Self::Row(row) => row[lane],
            Self::Value(value) => value,
        }
    }
}

/// Something that an operation can be done to.
trait Operands {
    type Out;
    fn operate(self, f: impl Fn(f64, f64) -> f64) -> Self::Out;
}

/// Does it.
#[inline]
fn of<O: Operands>(op: Binary, operands: O) -> O::Out {
    match op {
        Binary::Add => operands.operate(|x, y| x + y),
        Binary::Sub => operands.operate(|x, y| x - y),
        Binary::SubFrom => operands.operate(|x, y| y - x),
        Binary::Mul => operands.operate(|x, y| x * y),
        Binary::Div => operands.operate(|x, y| x / y),
        Binary::DivInto => operands.operate(|x, y| y / x),
        Binary::Pow => operands.operate(num::pow),
        Binary::Min => operands.operate(smaller),
        Binary::Max => operands.operate(larger),
        Binary::Less => operands.operate(|x, y| truth(x < y)),
        Binary::LessEqual => operands.operate(|x, y| truth(x <= y)),
        Binary::Greater => operands.operate(|x, y| truth(x > y)),
        Binary::GreaterEqual => operands.operate(|x, y| truth(x >= y)),
        Binary::Equal => operands.operate(|x, y| truth(x == y)),
        Binary::NotEqual => operands.operate(|x, y| truth(x != y)),
    }
}

/// Two values.
struct Pair(f64, f64);

impl Operands for Pair {
    type Out = f64;
    #[inline]
    fn operate(self, f: impl Fn(f64, f64) -> f64) -> f64 {
        f(self.0, self.1)
    }
}

/// A row that is replaced, and another.
struct InPlace<'a, const W: usize>(&'a mut [f64; W], &'a [f64; W]);

/// A row that is replaced, and a value.
struct InPlaceBy<'a, const W: usize>(&'a mut [f64; W], f64);

/// Where to write, and two rows.
struct Rows<'a, const W: usize>(&'a mut [f64; W], &'a [f64; W], &'a [f64; W]);

/// Where to write, a row and a value.
struct RowBy<'a, const W: usize>(&'a mut [f64; W], &'a [f64; W], f64);

// Loops over several rows are functions of their own that are never inlined: only between arguments is it known that they
// lie apart, so that the loops become vector instructions.

impl<const W: usize> Operands for InPlace<'_, W> {
    type Out = ();
    #[inline]
    fn operate(self, f: impl Fn(f64, f64) -> f64) {
        #[inline(never)]
        fn each<const W: usize>(row: &mut [f64; W], other: &[f64; W], f: impl Fn(f64, f64) -> f64) {
            for (x, y) in row.iter_mut().zip(other) {
                *x = f(*x, *y);
            }
        }
        each(self.0, self.1, f);
    }
}

impl<const W: usize> Operands for InPlaceBy<'_, W> {
    type Out = ();
    #[inline]
    fn operate(self, f: impl Fn(f64, f64) -> f64) {
        let Self(row, y) = self;
        for x in row {
            *x = f(*x, y);
        }
    }
}

impl<const W: usize> Operands for Rows<'_, W> {
    type Out = ();
    #[inline]
    fn operate(self, f: impl Fn(f64, f64) -> f64) {
        #[inline(never)]
        fn each<const W: usize>(out: &mut [f64; W], x: &[f64; W], y: &[f64; W], f: impl Fn(f64, f64) -> f64) {
            for lane in 0..W {
                out[lane] = f(x[lane], y[lane]);
            }
        }
        each(self.0, self.1, self.2, f);
    }
}

impl<const W: usize> Operands for RowBy<'_, W> {
    type Out = ();
    #[inline]
    fn operate(self, f: impl Fn(f64, f64) -> f64) {
        #[inline(never)]
        fn each<const W: usize>(out: &mut [f64; W], x: &[f64; W], f: impl Fn(f64) -> f64) {
            for (out, x) in out.iter_mut().zip(x) {
                *out = f(*x);
            }
        }
        let y = self.2;
        each(self.0, self.1, |x| f(x, y));
    }
}

/// 1 or 0. A choice becomes a vector instruction, the conversion of a truth value does not.
#[inline]
pub(super) fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// The smaller of two, the first when equal.
#[inline]
pub(super) fn smaller(x: f64, y: f64) -> f64 {
    if y < x { y } else { x }
}

/// The larger of two, the first when equal.
#[inline]
pub(super) fn larger(x: f64, y: f64) -> f64 {
    if y > x { y } else { x }
}
