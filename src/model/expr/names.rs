//! What the names of an expression mean: variables of the scope, or members of the choice they are compared with.

use super::ast::{Ast, Form, NodeId};
use super::fault::{Fault, STAGE, UNKNOWN};
use super::parse::MAX_CHARACTERS;
use super::token::{Lexer, Token};
use super::{ChoiceId, Scope, Stage, Type, Variable, Want};

/// Names of one expression that are reported at most: as many problems as are printed of a whole document.
const MOST_REPORTED: usize = 50;

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    /// A variable of the scope.
    Variable(Variable),
    /// A member of a choice, with its index.
    Member(ChoiceId, usize),
}

/// The meaning of every name node; `None` for other nodes and for names with a problem.
pub(super) type Meanings = Vec<Option<Meaning>>;

/// Resolves all names, reporting every unknown one and every one that is known only later than wanted.
pub(super) fn resolve(ast: &Ast<'_>, scope: &dyn Scope, want: Want, faults: &mut Vec<Fault>) -> Meanings {
    let mut resolver = Resolver { ast, scope, meanings: Vec::new(), done: vec![false; ast.nodes.len()] };
    let lookup = |id| ast.name(id).and_then(|name| scope.lookup(name)).map(Meaning::Variable);
    resolver.meanings = (0..ast.nodes.len()).map(lookup).collect();
    for node in &ast.nodes {
        match &node.form {
            Form::Compare(_, left, right) => resolver.pair(*left, *right, faults),
            Form::In { value, items, .. } => {
                if let Some(choice) = resolver.choice(*value) {
                    for item in items {
                        resolver.member(*item, choice, Some(*value), faults);
                    }
                }
            }
            _ => {}
        }
    }
    if let Some(Type::Choice(choice)) = want.ty {
        resolver.member(ast.root(), choice, None, faults);
    }
    resolver.report(want.stage, faults);
    resolver.meanings
}

struct Resolver<'a> {
    ast: &'a Ast<'a>,
    scope: &'a dyn Scope,
    meanings: Meanings,
    /// Names whose problem has been reported.
    done: Vec<bool>,
}

impl Resolver<'_> {
    /// The choice that a node is a variable of.
    fn choice(&self, id: NodeId) -> Option<ChoiceId> {
        match self.meanings[id] {
            Some(Meaning::Variable(Variable { ty: Type::Choice(choice), .. })) => Some(choice),
            _ => None,
        }
    }

    /// Position of the node's name among the members of a choice.
    fn position(&self, id: NodeId, choice: ChoiceId) -> Option<usize> {
        let name = self.ast.name(id)?;
        self.scope.members(choice).iter().position(|member| member == name)
    }

    /// Gives the names on both sides of a comparison their meaning: the member of the other side's choice if there is
    /// such a member, else the variable.
    fn pair(&mut self, left: NodeId, right: NodeId, faults: &mut Vec<Fault>) {
        match (self.choice(left), self.choice(right)) {
            (Some(choice), Some(other)) => {
                if let Some(index) = self.position(right, choice) {
                    self.meanings[right] = Some(Meaning::Member(choice, index));
                } else if let Some(index) = self.position(left, other) {
                    self.meanings[left] = Some(Meaning::Member(other, index));
                }
            }
            (Some(choice), None) => self.member(right, choice, Some(left), faults),
            (None, Some(choice)) => self.member(left, choice, Some(right), faults),
            (None, None) => {}
        }
    }

    /// Takes a name for a member of `choice`, the choice of the node `of` or of the place of the expression.
    fn member(&mut self, id: NodeId, choice: ChoiceId, of: Option<NodeId>, faults: &mut Vec<Fault>) {
        let Some(name) = self.ast.name(id) else { return };
        if let Some(index) = self.position(id, choice) {
            self.meanings[id] = Some(Meaning::Member(choice, index));
        } else if self.meanings[id].is_none() {
            let members = self.scope.members(choice);
            let message = match of {
                Some(of) => format!("`{name}` is not a member of `{}`", self.ast.quote(of)),
                None => format!("`{name}` is no member of the choice that is needed here"),
            };
            let hint = match nearest(name, members.iter().map(String::as_str), SLIP) {
                Some(near) => format!("did you mean `{near}`?"),
                None => list_members(members),
            };
            faults.push(Fault::new(UNKNOWN, self.ast.nodes[id].extent, message).hint(hint));
            self.done[id] = true;
        }
    }

    /// Reports names without meaning and names that are known too late, each name once.
    fn report(&mut self, latest: Stage, faults: &mut Vec<Fault>) {
        let mut reported: Vec<&str> = Vec::new();
        for (id, node) in self.ast.nodes.iter().enumerate() {
            let Some(name) = self.ast.name(id).filter(|_| !self.done[id]) else { continue };
            if reported.contains(&name) || reported.len() == MOST_REPORTED {
                continue;
            }
            let fault = match self.meanings[id] {
                None => Fault { hint: self.suggest(name), ..unknown(name, node.extent) },
                Some(Meaning::Variable(v)) if v.stage > latest => too_late(name, v.stage, latest, node.extent),
                Some(_) => continue,
            };
            self.meanings[id] = None;
            reported.push(name);
            faults.push(fault);
        }
    }

    /// What an unknown name may have been meant to be: a variable of a similar name, or a member of some choice.
    fn suggest(&self, name: &str) -> Option<String> {
        let names = self.scope.names();
        let choice_of = |variable: &String| match self.scope.lookup(variable)?.ty {
            Type::Choice(choice) => Some((variable.clone(), choice)),
            _ => None,
        };
        let owner = names
            .iter()
            .filter_map(choice_of)
            .find(|(_, choice)| self.scope.members(*choice).iter().any(|member| member == name));
        if let Some((variable, _)) = owner {
            return Some(format!("it is a member of `{variable}`: write {variable} == {name}"));
        }
        nearest(name, names.iter().map(String::as_str), SLIP).map(|near| format!("did you mean `{near}`?"))
    }
}

fn unknown(name: &str, extent: super::fault::Extent) -> Fault {
    Fault::new(UNKNOWN, extent, format!("unknown name `{name}`"))
}

fn too_late(name: &str, known: Stage, latest: Stage, extent: super::fault::Extent) -> Fault {
    let message = format!("`{name}` is known only {}, but this is computed {}", moment(known), moment(latest));
    let hint = match latest {
        Stage::Constant => "use numbers only",
        Stage::Replication => "use numbers and parameters only",
        Stage::Step => "use numbers, parameters, state, derived values and types only",
        Stage::Package | Stage::End => "use what is known before the negotiation ends",
    };
    Fault::new(STAGE, extent, message).hint(hint)
}

/// When a stage is, for messages.
fn moment(stage: Stage) -> &'static str {
    match stage {
        Stage::Constant => "when the model is compiled",
        Stage::Replication => "when parameters are drawn",
        Stage::Step => "in a step",
        Stage::Package => "for a package of terms",
        Stage::End => "when the negotiation is over",
    }
}

/// The members of a choice for a hint; at most twelve.
pub(super) fn list_members(members: &[String]) -> String {
    let shown = members.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
    if members.len() > 12 { format!("members: {shown}, ..") } else { format!("members: {shown}") }
}

/// The likeness, of at most 1, from which a name counts as a slip of the pen.
const SLIP: f64 = 0.6;

/// The candidate most like `name`, if its likeness is at least `least`; the first of equals.
pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>, least: f64) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = strsim::normalized_damerau_levenshtein(name, candidate);
        if likeness >= least && best.is_none_or(|(top, _)| likeness > top) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The names that a text uses, each once, in the order of first use; functions and keywords are left out, members of
/// choices are included, since only a scope can tell them apart. After a syntax error, the names before it; none
/// of a text that is too long to be compiled.
#[must_use]
pub fn names_in(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if text.chars().nth(MAX_CHARACTERS).is_some() {
        return names;
    }
    let mut lexer = Lexer::new(text);
    let mut pending: Option<String> = None;
    loop {
        let word = lexer.next();
        let called = matches!(word, Ok((Token::Open, _)));
        if let Some(name) = pending.take().filter(|name| !called && !names.contains(name)) {
            names.push(name);
        }
        match word {
            Ok((Token::Name, extent)) => pending = Some(extent.of(text).to_owned()),
            Ok((Token::End, _)) | Err(_) => return names,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_once_in_order_without_functions() {
        assert_eq!(
            names_in("max(b, a.c) + if(nato == moratorium, b, min) - 1e3*a.c"),
            ["b", "a.c", "nato", "moratorium", "min"]
        );
    }

    #[test]
    fn names_before_a_syntax_error_are_found() {
        assert_eq!(names_in("a + b $ c"), ["a", "b"]);
        assert_eq!(names_in(""), Vec::<String>::new());
    }

    #[test]
    fn only_likely_slips_are_suggested() {
        assert_eq!(nearest("stian", ["strain", "month"].into_iter(), SLIP), Some("strain"));
        assert_eq!(nearest("x", ["strain", "month"].into_iter(), SLIP), None);
    }
}
