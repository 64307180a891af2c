//! Compiled expressions: postfix code with its type, interval, stage and inputs.

use super::{Interval, Kind, Slot, Stage, Type};

/// An operation on one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    /// -x
    Negate,
    /// |x|
    Abs,
    /// x * x
    Square,
    /// Square root.
    Sqrt,
    /// e^x
    Exp,
    /// Natural logarithm.
    Ln,
    /// 1 / (1 + e^-x)
    Logistic,
}

/// An operation on two values; comparisons yield 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    /// x + y
    Add,
    /// x - y
    Sub,
    /// y - x
    SubFrom,
    /// x * y; also `and`
    Mul,
    /// x / y
    Div,
    /// y / x
    DivInto,
    /// x ^ y
    Pow,
    /// The smaller of two; x when equal.
    Min,
    /// The larger of two, x when equal; also `or`
    Max,
    /// x < y
    Less,
    /// x <= y
    LessEqual,
    /// x > y
    Greater,
    /// x >= y
    GreaterEqual,
    /// x == y
    Equal,
    /// x != y
    NotEqual,
}

impl Binary {
    /// The same for operations that do so to the bit, whatever the operands: of equal zeros, min and max choose the first.
    pub(super) const fn mirrored(self) -> Option<Self> {
        match self {
            Self::Min | Self::Max => None,
            _ => self.exchanged(),
        }
    }

    /// The operation that does the same with its operands exchanged.
    pub(super) const fn exchanged(self) -> Option<Self> {
        Some(match self {
            Self::Sub => Self::SubFrom,
            Self::SubFrom => Self::Sub,
            Self::Div => Self::DivInto,
            Self::DivInto => Self::Div,
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            Self::Pow => return None,
            Self::Add | Self::Mul | Self::Min | Self::Max | Self::Equal | Self::NotEqual => self,
        })
    }
}

/// A run of values in [`Program::values`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Values {
    /// First value.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

/// One instruction of a stack machine whose entries are rows of lanes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Op {
    /// Pushes a constant.
    Const(f64),
    /// Pushes a scalar.
    Scalar(u32),
    /// Pushes a lane slot.
    Lane(u32),
    /// Replaces the top.
    Unary(Unary),
    /// Pops y, replaces x.
    Binary(Binary),
    /// Replaces x; y is a constant.
    WithConst(Binary, f64),
    /// Replaces x; y is a scalar.
    WithScalar(Binary, u32),
    /// Replaces x; y is a lane slot.
    WithLane(Binary, u32),
    /// Before the code of a and b, which are so long: where the condition on top holds in all lanes or in none, only one of
    /// them is computed and it replaces the condition; what follows them, a [`Op::Select`], is passed over.
    Fork {
        /// Instructions of a.
        a: u32,
        /// Instructions of b.
        b: u32,
    },
    /// Pops b and a, replaces the condition with a where it holds, else with b.
    Select,
    /// Pops high and low, replaces x with min(max(x, low), high).
    Clamp,
    /// Replaces the top with 1 if it is one of the values, else 0.
    OneOf(Values),
    /// Replaces the index on top with the value at that index.
    Table(Values),
    /// Pops this many entries, replaces the index below them with its entry.
    Pick(u32),
}

impl Op {
    /// Rows pushed less rows popped.
    pub(super) fn growth(self) -> i64 {
        match self {
            Self::Const(_) | Self::Scalar(_) | Self::Lane(_) => 1,
            Self::Binary(_) => -1,
            Self::Select | Self::Clamp => -2,
            Self::Pick(entries) => -i64::from(entries),
            Self::Unary(_)
            | Self::WithConst(..)
            | Self::WithScalar(..)
            | Self::WithLane(..)
            | Self::OneOf(_)
            | Self::Table(_)
            | Self::Fork { .. } => 0,
        }
    }

    /// The slot it reads.
    pub(super) const fn slot(self) -> Option<Slot> {
        match self {
            Self::Scalar(slot) | Self::WithScalar(_, slot) => Some(Slot::Scalar(slot)),
            Self::Lane(slot) | Self::WithLane(_, slot) => Some(Slot::Lane(slot)),
            _ => None,
        }
    }
}

/// A compiled expression.
///
/// From finite inputs within their declared ranges it never computes a NaN or an infinity, and its value lies in
/// [`Program::range`]. (Where a range is unbounded, inputs must be small enough for the sums and products to be
/// numbers.)
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    pub(super) code: Box<[Op]>,
    /// Members of lists and entries of tables.
    pub(super) values: Box<[f64]>,
    reads: Box<[Slot]>,
    facts: Facts,
    depth: usize,
}

/// What is known about a program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Facts {
    /// Its type in its place.
    pub ty: Type,
    /// What it can produce.
    pub range: Interval,
    /// When it is known.
    pub stage: Stage,
}

impl Program {
    /// Puts code and facts together; finds inputs and stack depth.
    pub(super) fn new(code: Vec<Op>, values: Vec<f64>, facts: Facts) -> Self {
        let mut reads: Vec<Slot> = code.iter().filter_map(|op| op.slot()).collect();
        reads.sort_unstable();
        reads.dedup();
        let (mut height, mut depth) = (0_i64, 0);
        for op in &code {
            height += op.growth();
            depth = depth.max(height);
        }
        debug_assert_eq!(height, 1, "an expression leaves one value");
        Self {
            code: code.into_boxed_slice(),
            values: values.into_boxed_slice(),
            reads: reads.into_boxed_slice(),
            facts,
            depth: depth as usize,
        }
    }

    /// The program that always yields `value`, which must be finite.
    #[must_use]
    pub fn from_constant(value: f64, kind: Kind) -> Self {
        let facts = Facts { ty: Type::Number(kind), range: Interval::point(value), stage: Stage::Constant };
        Self::new(vec![Op::Const(value)], Vec::new(), facts)
    }

    /// The value, if it is known at compile time.
    #[must_use]
    pub fn constant(&self) -> Option<f64> {
        match *self.code {
            [Op::Const(value)] => Some(value),
            _ => None,
        }
    }

    /// The type that its place demands, else the type it has.
    #[must_use]
    pub const fn ty(&self) -> Type {
        self.facts.ty
    }

    /// The kind of a number; `None` for a condition or a choice.
    #[must_use]
    pub const fn kind(&self) -> Option<Kind> {
        match self.facts.ty {
            Type::Number(kind) => Some(kind),
            Type::Bool | Type::Choice(_) => None,
        }
    }

    /// An interval that holds every value it can produce; the reader clamps where its place allows less.
    #[must_use]
    pub const fn range(&self) -> Interval {
        self.facts.range
    }

    /// When its value is known: the latest stage of its inputs.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.facts.stage
    }

    /// The slots it reads, sorted, each once.
    #[must_use]
    pub const fn reads(&self) -> &[Slot] {
        &self.reads
    }

    /// Whether its value can differ between lanes.
    #[must_use]
    pub fn reads_lanes(&self) -> bool {
        matches!(self.reads.last(), Some(Slot::Lane(_)))
    }

    /// Rows that a [`super::Stack`] needs to evaluate it.
    #[must_use]
    pub const fn stack_depth(&self) -> usize {
        self.depth
    }

    /// Number of instructions.
    #[must_use]
    pub const fn op_count(&self) -> usize {
        self.code.len()
    }
}
