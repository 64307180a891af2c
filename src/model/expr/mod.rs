//! The expression language: text to typed bytecode, evaluated over many lanes at once.
//!
//! This file fixes the interface; parsing, typing, intervals and evaluation live in the files beside it.

use crate::spec::problem::Problems;
use crate::spec::tree::Span;

use super::kind::Kind;

/// Where a variable is read from at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// One value for all lanes: a parameter, constant within a replication.
    Scalar(u32),
    /// One value a lane: state, derived values, types, terms, step variables.
    Lane(u32),
}

/// When the value of an expression is known; later stages include earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// At compile time.
    Constant,
    /// Once the parameters of a replication are drawn.
    Replication,
    /// In a step, from state and types.
    Step,
    /// For a package: it reads the option of some issue, or something that depends on one.
    Package,
    /// When the negotiation is over.
    End,
}

/// A closed interval; ends may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A set of named members: options of an issue, types of an actor, regimes, actors. A value is the member's index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChoiceId(pub u16);

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A condition, 0 or 1 at run time.
    Bool,
    /// A number of some kind.
    Number(Kind),
    /// A member of a set: it can be compared with the names of that set (`nato == moratorium`, `force >= k30`,
    /// `guarantee in [coalition, binding]`) and used in `piecewise(issue, [..])`, in nothing else.
    Choice(ChoiceId),
}

/// What a name means in a scope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variable {
    /// Where to read it.
    pub slot: Slot,
    /// Its type.
    pub ty: Type,
    /// Bounds of its value (for a choice: 0 to members - 1).
    pub range: Interval,
    /// When it is known.
    pub stage: Stage,
}

/// The names an expression may use.
pub trait Scope {
    /// The variable of that (possibly dotted) name.
    fn lookup(&self, name: &str) -> Option<Variable>;
    /// Members of a set, in order; the value of a member is its index.
    fn members(&self, id: ChoiceId) -> &[String];
    /// All names, for "did you mean".
    fn names(&self) -> Vec<String>;
}

/// What the place where an expression stands demands of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Want {
    /// The type: `Some(Type::Bool)`, `Some(Type::Number(kind))`, or `None` for a number of any kind.
    pub ty: Option<Type>,
    /// The latest stage that is known there.
    pub stage: Stage,
    /// The values that are allowed there; interval analysis must not prove the expression to lie wholly outside.
    /// `must_fit` demands a proof that it lies inside (priors, shares), else values are clamped by the reader.
    pub bounds: Option<Interval>,
    /// Whether the bounds must be proved.
    pub must_fit: bool,
}

/// The place of an expression, for messages.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Span of the TOML string, quotes included: the expression's first byte is `span.start + 1`.
    pub span: Span,
    /// Dotted path.
    pub path: &'a str,
}

/// A compiled expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    // code, constants and tables: private to this module
}

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
    // private
}

/// Parses, types and compiles an expression; reports every problem found in it.
pub fn compile(
    text: &str,
    place: Place<'_>,
    scope: &dyn Scope,
    want: Want,
    problems: &mut Problems,
) -> Option<Program> {
    let _ = (text, place, scope, want, problems);
    None
}
