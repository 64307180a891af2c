//! The parsed expression: nodes in postfix order, children before parents.

use super::fault::Extent;

/// Position of a node in [`Ast::nodes`].
pub(super) type NodeId = usize;

/// An operator on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arith {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `^`
    Pow,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparison {
    /// How it is written.
    pub(super) const fn symbol(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }
}

/// A function; `piecewise` has a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    /// `if(condition, a, b)`
    If,
    /// `min(a, b, ..)`
    Min,
    /// `max(a, b, ..)`
    Max,
    /// `clamp(x, low, high)`: `min(max(x, low), high)`
    Clamp,
    /// `abs(x)`
    Abs,
    /// `sqrt(x)`
    Sqrt,
    /// `exp(x)`
    Exp,
    /// `ln(x)`
    Ln,
    /// `logistic(x)`
    Logistic,
    /// `count(c1, c2, ..)`
    Count,
}

/// All functions with their names and the least and greatest number of arguments.
pub(super) const FUNCTIONS: [(&str, Function, usize, usize); 10] = [
    ("if", Function::If, 3, 3),
    ("min", Function::Min, 2, usize::MAX),
    ("max", Function::Max, 2, usize::MAX),
    ("clamp", Function::Clamp, 3, 3),
    ("abs", Function::Abs, 1, 1),
    ("sqrt", Function::Sqrt, 1, 1),
    ("exp", Function::Exp, 1, 1),
    ("ln", Function::Ln, 1, 1),
    ("logistic", Function::Logistic, 1, 1),
    ("count", Function::Count, 1, usize::MAX),
];

impl Function {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|row| row.1 == self).map_or("", |row| row.0)
    }
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    /// A number literal.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A name; its text lies under the extent.
    Name,
    /// `-x`
    Negate(NodeId),
    /// `not c`
    Not(NodeId),
    /// `x + y` and the like.
    Arith(Arith, NodeId, NodeId),
    /// `x < y` and the like.
    Compare(Comparison, NodeId, NodeId),
    /// `c and d`
    And(NodeId, NodeId),
    /// `c or d`
    Or(NodeId, NodeId),
    /// `x in [..]`, or `x not in [..]`.
    In {
        /// What is looked for.
        value: NodeId,
        /// The list.
        items: Vec<NodeId>,
        /// Whether `not in` was written.
        negated: bool,
    },
    /// `piecewise(choice, [..])`
    Piecewise {
        /// The issue or other choice.
        choice: NodeId,
        /// One entry a member.
        entries: Vec<NodeId>,
    },
    /// A function with its arguments.
    Call(Function, Vec<NodeId>),
}

/// A node with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// What it is.
    pub form: Form,
    /// Where it stands.
    pub extent: Extent,
    /// The same with the parentheses around it.
    pub outer: Extent,
}

impl Node {
    /// The children, left to right.
    pub(super) fn children(&self) -> Vec<NodeId> {
        match &self.form {
            Form::Number(_) | Form::Bool(_) | Form::Name => Vec::new(),
            Form::Negate(x) | Form::Not(x) => vec![*x],
            Form::Arith(_, x, y) | Form::Compare(_, x, y) | Form::And(x, y) | Form::Or(x, y) => vec![*x, *y],
            Form::In { value, items, .. } => std::iter::once(*value).chain(items.iter().copied()).collect(),
            Form::Piecewise { choice, entries } => std::iter::once(*choice).chain(entries.iter().copied()).collect(),
            Form::Call(_, args) => args.clone(),
        }
    }
}

/// A parsed expression; the root is the last node.
///
/// Nodes stand in postfix order, so every pass is one loop over them and no pass recurses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ast<'a> {
    /// The text.
    pub text: &'a str,
    /// The nodes, never empty.
    pub nodes: Vec<Node>,
}

impl Ast<'_> {
    /// Position of the root.
    pub(super) fn root(&self) -> NodeId {
        self.nodes.len() - 1
    }

    /// The text of a node for a message.
    pub(super) fn quote(&self, id: NodeId) -> String {
        self.nodes[id].extent.quote(self.text)
    }

    /// The name that a node consists of.
    pub(super) fn name(&self, id: NodeId) -> Option<&str> {
        matches!(self.nodes[id].form, Form::Name).then(|| self.nodes[id].extent.of(self.text))
    }

    /// The text of a node, in parentheses unless it is a single word or call: to be put inside a hint.
    pub(super) fn operand(&self, id: NodeId) -> String {
        let quote = self.quote(id);
        match self.nodes[id].form {
            Form::Number(_) | Form::Bool(_) | Form::Name | Form::Call(..) | Form::Piecewise { .. } => quote,
            _ => format!("({quote})"),
        }
    }
}
