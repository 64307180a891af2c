//! Types and kinds of every node.

use super::ast::{Arith, Ast, Comparison, Form, Function, NodeId};
use super::fault::{Fault, KINDS, SYNTAX, TYPES};
use super::names::{Meaning, Meanings, list_members};
use super::{Kind, Scope, Type};

/// The type of every node; `None` where a problem was reported in it or below it.
pub(super) type Types = Vec<Option<Type>>;

/// Gives every node its type and reports everything that does not fit together.
pub(super) fn check(ast: &Ast<'_>, meanings: &Meanings, scope: &dyn Scope, faults: &mut Vec<Fault>) -> Types {
    let mut checker = Checker { ast, scope, meanings, types: Vec::with_capacity(ast.nodes.len()), faults };
    for (id, node) in ast.nodes.iter().enumerate() {
        let ty = match (&node.form, meanings[id]) {
            (Form::Name, Some(Meaning::Variable(variable))) => Some(variable.ty),
            (Form::Name, Some(Meaning::Member(choice, _))) => Some(Type::Choice(choice)),
            (form, _) => checker.infer(id, form),
        };
        checker.types.push(ty);
    }
    checker.types
}

/// Whether the place that wants `wanted` accepts a node of type `found`; reports it if not.
pub(super) fn accept(
    ast: &Ast<'_>,
    scope: &dyn Scope,
    (wanted, found): (Option<Type>, Type),
    faults: &mut Vec<Fault>,
) -> bool {
    let id = ast.root();
    let here = "this place";
    let fault = match (wanted, found) {
        (None, Type::Number(_)) | (Some(Type::Bool), Type::Bool) => return true,
        (Some(Type::Choice(wanted)), Type::Choice(found)) if wanted == found => return true,
        (Some(Type::Number(wanted)), Type::Number(found)) => {
            if wanted.accepts(found) {
                return true;
            }
            let message = format!("{found} found where {wanted} is needed");
            Fault::new(KINDS, ast.nodes[id].extent, message).hint(found.conversion_to(wanted).unwrap_or(
                "divide by a quantity of its own kind to get a pure number, or correct the unit of what it reads",
            ))
        }
        (None | Some(Type::Number(_)), _) => not_a_number(ast, scope, (id, found), here),
        (Some(Type::Bool), _) => not_a_condition(ast, scope, (id, found), here),
        (Some(Type::Choice(choice)), _) => {
            let message = format!("`{}` is no member of the choice that is needed here", ast.quote(id));
            Fault::new(TYPES, ast.nodes[id].extent, message).hint(list_members(scope.members(choice)))
        }
    };
    faults.push(fault);
    false
}

fn not_a_number(ast: &Ast<'_>, scope: &dyn Scope, (id, found): (NodeId, Type), user: &str) -> Fault {
    let quote = ast.quote(id);
    let fault =
        |what: &str| Fault::new(TYPES, ast.nodes[id].extent, format!("`{quote}` is a {what}, {user} needs a number"));
    match found {
        Type::Choice(choice) => fault("choice").hint(comparison_hint(&quote, scope.members(choice))),
        Type::Bool | Type::Number(_) => fault("condition").hint(format!("write if({quote}, 1, 0)")),
    }
}

fn not_a_condition(ast: &Ast<'_>, scope: &dyn Scope, (id, found): (NodeId, Type), user: &str) -> Fault {
    let quote = ast.quote(id);
    let fault = |what: &str| {
        Fault::new(TYPES, ast.nodes[id].extent, format!("`{quote}` is a {what}, {user} needs a condition"))
    };
    match found {
        Type::Choice(choice) => fault("choice").hint(comparison_hint(&quote, scope.members(choice))),
        Type::Bool | Type::Number(_) => fault("number").hint(format!("compare it, as in {} > 0", ast.operand(id))),
    }
}

fn comparison_hint(quote: &str, members: &[String]) -> String {
    match members.first() {
        Some(member) => format!("compare it, as in {quote} == {member}"),
        None => "compare it with one of its members".to_owned(),
    }
}

struct Checker<'a> {
    ast: &'a Ast<'a>,
    scope: &'a dyn Scope,
    meanings: &'a Meanings,
    types: Types,
    faults: &'a mut Vec<Fault>,
}

impl Checker<'_> {
    fn infer(&mut self, id: NodeId, form: &Form) -> Option<Type> {
        match form {
            Form::Number(_) => Some(Type::Number(Kind::Neutral)),
            Form::Bool(_) => Some(Type::Bool),
            Form::Name => None,
            Form::Negate(x) => self.number(*x, "`-`").map(Type::Number),
            Form::Not(x) => self.conditions(&[*x], "`not`"),
            Form::And(x, y) => self.conditions(&[*x, *y], "`and`"),
            Form::Or(x, y) => self.conditions(&[*x, *y], "`or`"),
            Form::Arith(operator, x, y) => self.arith(id, *operator, *x, *y).map(Type::Number),
            Form::Compare(comparison, x, y) => self.compare(id, *comparison, *x, *y),
            Form::In { value, items, .. } => self.membership(*value, items),
            Form::Piecewise { choice, entries } => self.piecewise(id, *choice, entries),
            Form::Call(function, args) => self.call(id, *function, args),
        }
    }

    /// The kind of a node that must be a number.
    fn number(&mut self, id: NodeId, user: &str) -> Option<Kind> {
        match self.types[id]? {
            Type::Number(kind) => Some(kind),
            found => {
                self.faults.push(not_a_number(self.ast, self.scope, (id, found), user));
                None
            }
        }
    }

    /// The kind of a node that must be a pure number or a literal.
    fn pure(&mut self, id: NodeId, user: &str) -> Option<Kind> {
        let kind = self.number(id, user)?;
        if kind.is_factor() {
            return Some(kind);
        }
        let message = format!("`{}` is {kind}, {user} needs a pure number", self.ast.quote(id));
        self.faults.push(
            Fault::new(KINDS, self.ast.nodes[id].extent, message)
                .hint(format!("divide it by a quantity of kind {kind}")),
        );
        None
    }

    /// Checks that all nodes are conditions.
    fn conditions(&mut self, ids: &[NodeId], user: &str) -> Option<Type> {
        let mut sound = true;
        for id in ids {
            match self.types[*id] {
                Some(Type::Bool) => {}
                Some(found) => {
                    self.faults.push(not_a_condition(self.ast, self.scope, (*id, found), user));
                    sound = false;
                }
                None => sound = false,
            }
        }
        sound.then_some(Type::Bool)
    }

    /// The kind that nodes have in common.
    fn united(&mut self, whole: NodeId, ids: &[NodeId], user: &str) -> Option<Kind> {
        let kinds: Vec<Option<Kind>> = ids.iter().map(|id| self.number(*id, user)).collect();
        let mut all = Kind::Neutral;
        let mut first = None;
        for (id, kind) in ids.iter().zip(kinds) {
            let kind = kind?;
            let Some(common) = all.unite(kind) else {
                self.clash(whole, (first.unwrap_or(ids[0]), all), (*id, kind), user);
                return None;
            };
            if first.is_none() && kind != Kind::Neutral {
                first = Some(*id);
            }
            all = common;
        }
        Some(all)
    }

    /// Reports two nodes whose kinds cannot stand together.
    fn clash(&mut self, whole: NodeId, (a, kind_a): (NodeId, Kind), (b, kind_b): (NodeId, Kind), user: &str) {
        let (left, right) = (self.ast.quote(a), self.ast.quote(b));
        let message = format!("`{left}` is {kind_a}, `{right}` is {kind_b}: {user} needs equal kinds");
        let hint = match kind_b.conversion_to(kind_a) {
            Some(conversion) => format!("to make {kind_a} of {kind_b}, {conversion}"),
            None => "divide each by a quantity of its own kind to get pure numbers, or correct a unit".to_owned(),
        };
        self.faults.push(Fault::new(KINDS, self.ast.nodes[whole].extent, message).hint(hint));
    }

    fn arith(&mut self, id: NodeId, operator: Arith, x: NodeId, y: NodeId) -> Option<Kind> {
        let twelve = |id: NodeId| matches!(self.ast.nodes[id].form, Form::Number(12.0));
        let (twelve_x, twelve_y) = (twelve(x), twelve(y));
        match operator {
            Arith::Add => self.united(id, &[x, y], "`+`"),
            Arith::Sub => self.united(id, &[x, y], "`-`"),
            Arith::Mul => {
                let (a, b) = (self.number(x, "`*`"), self.number(y, "`*`"));
                let product = a?.times(b?);
                Some(if twelve_x || twelve_y { product.times_twelve() } else { product })
            }
            Arith::Div => {
                let (a, b) = (self.number(x, "`/`"), self.number(y, "`/`"));
                let quotient = a?.over(b?);
                Some(if twelve_y { quotient.over_twelve() } else { quotient })
            }
            Arith::Pow => {
                let (a, b) = (self.pure(x, "`^`"), self.pure(y, "the exponent of `^`"));
                Some(neutral_or(&[a?, b?], Kind::Index))
            }
        }
    }

    fn compare(&mut self, id: NodeId, comparison: Comparison, x: NodeId, y: NodeId) -> Option<Type> {
        let user = format!("`{}`", comparison.symbol());
        match (self.types[x]?, self.types[y]?) {
            (Type::Choice(a), Type::Choice(b)) => {
                if a == b {
                    return Some(Type::Bool);
                }
                let message = format!("`{}` and `{}` are different choices", self.ast.quote(x), self.ast.quote(y));
                let fault = Fault::new(TYPES, self.ast.nodes[id].extent, message);
                self.faults.push(fault.hint("compare a choice with its own members"));
                None
            }
            (Type::Choice(choice), _) => self.misfit(y, x, choice),
            (_, Type::Choice(choice)) => self.misfit(x, y, choice),
            (Type::Bool, _) | (_, Type::Bool) => {
                let bool_side = if self.types[x] == Some(Type::Bool) { x } else { y };
                let quote = self.ast.quote(bool_side);
                let message = format!("`{quote}` is a condition, {user} compares numbers or members of a choice");
                let fault = Fault::new(TYPES, self.ast.nodes[bool_side].extent, message);
                self.faults.push(fault.hint("a condition stands alone; join conditions with `and`, `or`, `not`"));
                None
            }
            (Type::Number(_), Type::Number(_)) => self.united(id, &[x, y], &user).map(|_| Type::Bool),
        }
    }

    /// Reports that `id` is no member of the choice `of`.
    fn misfit(&mut self, id: NodeId, of: NodeId, choice: super::ChoiceId) -> Option<Type> {
        let message = format!("`{}` is not a member of `{}`", self.ast.quote(id), self.ast.quote(of));
        let hint = list_members(self.scope.members(choice));
        self.faults.push(Fault::new(TYPES, self.ast.nodes[id].extent, message).hint(hint));
        None
    }

    fn membership(&mut self, value: NodeId, items: &[NodeId]) -> Option<Type> {
        let mut sound = true;
        if let Type::Choice(choice) = self.types[value]? {
            for item in items {
                match self.types[*item] {
                    Some(Type::Choice(found)) if found == choice && self.is_member(*item) => {}
                    Some(_) => sound = self.misfit(*item, value, choice).is_some(),
                    None => sound = false,
                }
            }
        } else {
            self.number(value, "`in`")?;
            for item in items {
                if self.is_literal(*item) {
                    continue;
                }
                let message = format!("`{}` is not a number literal, as lists after `in` need", self.ast.quote(*item));
                let fault = Fault::new(TYPES, self.ast.nodes[*item].extent, message);
                self.faults.push(fault.hint(format!("write {} == {}", self.ast.quote(value), self.ast.quote(*item))));
                sound = false;
            }
        }
        sound.then_some(Type::Bool)
    }

    fn is_member(&self, id: NodeId) -> bool {
        matches!(self.meanings[id], Some(Meaning::Member(..)))
    }

    fn is_literal(&self, id: NodeId) -> bool {
        match self.ast.nodes[id].form {
            Form::Number(_) => true,
            Form::Negate(x) => matches!(self.ast.nodes[x].form, Form::Number(_)),
            _ => false,
        }
    }

    fn piecewise(&mut self, id: NodeId, choice: NodeId, entries: &[NodeId]) -> Option<Type> {
        let kind = self.united(id, entries, "`piecewise`");
        let members = match self.types[choice]? {
            Type::Choice(choice) => self.scope.members(choice),
            Type::Bool | Type::Number(_) => {
                let message = format!("`{}` is not a choice, `piecewise` needs one", self.ast.quote(choice));
                let fault = Fault::new(TYPES, self.ast.nodes[choice].extent, message);
                self.faults.push(fault.hint("write piecewise(issue, [a, b, ..]) with one entry an option"));
                return None;
            }
        };
        if members.len() != entries.len() {
            let quote = self.ast.quote(choice);
            let message = format!("`{quote}` has {} members, the list has {} entries", members.len(), entries.len());
            let fault = Fault::new(SYNTAX, self.ast.nodes[id].extent, message);
            self.faults.push(fault.hint(list_members(members)));
            return None;
        }
        kind.map(Type::Number)
    }

    fn call(&mut self, id: NodeId, function: Function, args: &[NodeId]) -> Option<Type> {
        let user = format!("`{}`", function.name());
        let kind = match function {
            Function::If => return self.branches(id, args),
            Function::Count => {
                self.conditions(args, &user)?;
                Kind::Index
            }
            Function::Min | Function::Max | Function::Clamp => self.united(id, args, &user)?,
            Function::Abs => self.number(args[0], &user)?,
            Function::Sqrt | Function::Exp | Function::Ln => neutral_or(&[self.pure(args[0], &user)?], Kind::Index),
            Function::Logistic => neutral_or(&[self.pure(args[0], &user)?], Kind::Probability),
        };
        Some(Type::Number(kind))
    }

    fn branches(&mut self, id: NodeId, args: &[NodeId]) -> Option<Type> {
        let condition = self.conditions(&args[..1], "the first argument of `if`");
        let both_bool = args[1..].iter().all(|branch| self.types[*branch] == Some(Type::Bool));
        let ty = if both_bool { Type::Bool } else { Type::Number(self.united(id, &args[1..], "`if`")?) };
        condition.map(|_| ty)
    }
}

/// Neutral when everything is built from literals, else `kind`.
fn neutral_or(kinds: &[Kind], kind: Kind) -> Kind {
    if kinds.iter().all(|k| *k == Kind::Neutral) { Kind::Neutral } else { kind }
}
