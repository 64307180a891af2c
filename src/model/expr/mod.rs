//! The expression language: text to typed bytecode, evaluated over many lanes at once.
//!
//! Grammar, loosest first: `or`; `and`; `not`; `< <= > >= == !=`, `in [..]`, `not in [..]` (none of them chains);
//! `+ -`; `* /`; unary minus; `^` (to the right). Functions: `if(c, a, b)`, `min` and `max` (two or more),
//! `clamp(x, low, high)`, `abs`, `sqrt`, `exp`, `ln`, `logistic`, `piecewise(issue, [a, b, ..])` with one entry a
//! member, `count(c, d, ..)`. A bare name compared with a choice is one of its members (`nato == moratorium`).
//!
//! The way of an expression: `token` -> `parse` (nodes in postfix order) -> `names` (variables and members) ->
//! `check` (types and kinds) -> `domain` (intervals) -> `emit` -> [`Program`] -> `eval`. No pass recurses except the
//! parser, whose depth is limited; no pass stops at the first problem except the parser.

mod ast;
mod check;
mod domain;
mod emit;
mod eval;
mod fault;
mod interval;
mod names;
mod operate;
mod parse;
mod program;
mod token;

#[cfg(test)]
mod tests;

pub use eval::{Frame, Stack};
pub use interval::Interval;
pub use names::names_in;
pub use program::Program;

use crate::spec::problem::Problems;
use crate::spec::tree::Span;

use super::kind::Kind;
use fault::Fault;

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

/// Parses, types and compiles an expression; reports every problem found in it.
///
/// Returns `None` exactly when it added an error: E0301 grammar and limits, E0302 unknown names, E0303 kinds,
/// E0304 names known only later, E0305 domains of functions, E0306 bounds of the place, E0308 types.
pub fn compile(
    text: &str,
    place: Place<'_>,
    scope: &dyn Scope,
    want: Want,
    problems: &mut Problems,
) -> Option<Program> {
    let mut faults = Vec::new();
    let program = translate(text, scope, want, &mut faults);
    fault::report(faults, text, place, problems);
    program
}

fn translate(text: &str, scope: &dyn Scope, want: Want, faults: &mut Vec<Fault>) -> Option<Program> {
    let ast = parse::parse(text).map_err(|fault| faults.push(fault)).ok()?;
    let meanings = names::resolve(&ast, scope, want, faults);
    let types = check::check(&ast, &meanings, scope, faults);
    let intervals = domain::analyse(&ast, &meanings, &types, faults);
    let accepted = types[ast.root()].map(|found| check::accept(&ast, scope, (want.ty, found), faults));
    let ty = want.ty.or(types[ast.root()])?;
    let range = intervals[ast.root()];
    if let (Some(true), Some(range), Some(bounds)) = (accepted, range, want.bounds) {
        domain::fit(&ast, range, (bounds, want.must_fit), faults);
    }
    faults.is_empty().then(|| emit::emit(&ast, &meanings, &intervals, ty))
}
