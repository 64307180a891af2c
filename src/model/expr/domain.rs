//! The interval of every node, and the proof that no function leaves its domain.
//!
//! Both branches of an `if` are computed, so a condition never protects a branch: `max(x, 0.001)` does.

use super::ast::{Arith, Ast, Comparison, Form, Function, NodeId};
use super::check::Types;
use super::fault::{BOUNDS, DOMAIN, Fault};
use super::interval::{Interval, short};
use super::names::{Meaning, Meanings};
use crate::num;

/// Largest argument of `exp`: the result is about 1e304.
const MAX_EXP: f64 = 700.0;

/// How far a proved value may leave its bounds by rounding.
const TOLERANCE: f64 = 1e-12;

/// The interval of every node; `None` where a problem was reported in it or below it.
pub(super) type Intervals = Vec<Option<Interval>>;

/// Computes the interval of every node that has a type, reporting each function that can leave its domain.
pub(super) fn analyse(ast: &Ast<'_>, meanings: &Meanings, types: &Types, faults: &mut Vec<Fault>) -> Intervals {
    let mut analyst = Analyst { ast, intervals: Vec::with_capacity(ast.nodes.len()), faults };
    for (id, node) in ast.nodes.iter().enumerate() {
        let interval = types[id].and_then(|_| match (&node.form, meanings[id]) {
            (Form::Name, Some(Meaning::Variable(variable))) => Some(usable(variable.range)),
            (Form::Name, Some(Meaning::Member(_, index))) => Some(Interval::point(index as f64)),
            (form, _) => analyst.enclose(form),
        });
        let interval = interval.and_then(|found| analyst.finite(id, found));
        analyst.intervals.push(interval);
    }
    analyst.intervals
}

/// Reports a value that is wholly outside the bounds of its place, or, where they must be proved, one that can leave
/// them.
pub(super) fn fit(ast: &Ast<'_>, range: Interval, (bounds, must_fit): (Interval, bool), faults: &mut Vec<Fault>) {
    let id = ast.root();
    let message = if range.misses(bounds, TOLERANCE) {
        match range.single() {
            Some(value) => format!("the value is {}, outside {bounds}", short(value)),
            None => format!("the value lies in {range}, wholly outside {bounds}"),
        }
    } else if must_fit && !range.fits(bounds, TOLERANCE) {
        format!("the value can be anywhere in {range}, it must lie in {bounds}")
    } else {
        return;
    };
    let fault = Fault::new(BOUNDS, ast.nodes[id].extent, message);
    faults.push(if range.misses(bounds, TOLERANCE) { fault } else { fault.hint(fit_hint(&ast.quote(id), bounds)) });
}

fn fit_hint(quote: &str, bounds: Interval) -> String {
    match (bounds.low.is_finite(), bounds.high.is_finite()) {
        (true, true) => format!("write clamp({quote}, {}, {}) or narrow the ranges in it", bounds.low, bounds.high),
        (true, false) => format!("write max({quote}, {}) or narrow the ranges in it", bounds.low),
        _ => format!("write min({quote}, {}) or narrow the ranges in it", bounds.high),
    }
}

/// A range as declared, or everything when it makes no sense.
fn usable(range: Interval) -> Interval {
    let sound = range.low <= range.high && range.low < f64::INFINITY && range.high > f64::NEG_INFINITY;
    if sound { range } else { Interval::ALL }
}

struct Analyst<'a> {
    ast: &'a Ast<'a>,
    intervals: Intervals,
    faults: &'a mut Vec<Fault>,
}

impl Analyst<'_> {
    fn enclose(&mut self, form: &Form) -> Option<Interval> {
        let at = |id: NodeId| self.intervals[id];
        match form {
            Form::Number(value) => Some(Interval::point(*value)),
            Form::Bool(value) => Some(Interval::point(f64::from(*value))),
            Form::Name => None,
            Form::Negate(x) => Some(at(*x)?.negated()),
            Form::Not(x) => Some(Interval::point(1.0).minus(at(*x)?)),
            Form::And(x, y) => Some(at(*x)?.times(at(*y)?)),
            Form::Or(x, y) => Some(at(*x)?.greatest(at(*y)?)),
            Form::Compare(comparison, x, y) => Some(compare(*comparison, at(*x)?, at(*y)?)),
            Form::In { value, items, negated } => {
                let found = self.membership(*value, items)?;
                Some(if *negated { Interval::point(1.0).minus(found) } else { found })
            }
            Form::Piecewise { choice, entries } => self.piecewise(*choice, entries),
            Form::Arith(operator, x, y) => {
                let (a, b) = (at(*x)?, at(*y)?);
                match operator {
                    Arith::Add => Some(a.plus(b)),
                    Arith::Sub => Some(a.minus(b)),
                    Arith::Mul => Some(a.times(b)),
                    Arith::Div => self.quotient((*x, a), (*y, b)),
                    Arith::Pow => self.power((*x, a), (*y, b)),
                }
            }
            Form::Call(function, args) => self.call(*function, args),
        }
    }

    /// Refuses a result that can overflow although its operands are bounded.
    fn finite(&mut self, id: NodeId, found: Interval) -> Option<Interval> {
        let children = self.ast.nodes[id].children();
        let bounded = children.iter().all(|child| self.intervals[*child].is_some_and(Interval::is_finite));
        let overflows = found.low == f64::INFINITY
            || found.high == f64::NEG_INFINITY
            || (bounded && !children.is_empty() && !found.is_finite());
        if overflows {
            let message = format!("`{}` can become too large for a number", self.ast.quote(id));
            self.faults.push(Fault::new(DOMAIN, self.ast.nodes[id].extent, message).hint("bound its parts with clamp"));
        }
        (!overflows).then_some(found)
    }

    /// Reports that the node `id` must have a property that its interval does not grant.
    fn refuse(&mut self, (id, found): (NodeId, Interval), what: &str, demand: &str, hint: String) {
        let quote = self.ast.quote(id);
        let (message, hint) = match found.single() {
            Some(value) => (format!("`{quote}` is {}, {what} must {demand}", short(value)), None),
            None => (format!("`{quote}` lies in {found}, {what} must {demand}"), Some(hint)),
        };
        self.faults.push(Fault { hint, ..Fault::new(DOMAIN, self.ast.nodes[id].extent, message) });
    }

    fn quotient(&mut self, (x, a): (NodeId, Interval), (y, b): (NodeId, Interval)) -> Option<Interval> {
        if !b.contains(0.0) {
            return Some(a.over(b));
        }
        let (left, right) = (self.ast.operand(x), self.ast.quote(y));
        let hint = if b.high <= 0.0 {
            format!("write {left}/min({right}, -0.001)")
        } else {
            format!("write {left}/max({right}, 0.001)")
        };
        self.refuse((y, b), "the divisor", "never be 0", hint);
        None
    }

    fn power(&mut self, (x, a): (NodeId, Interval), (y, b): (NodeId, Interval)) -> Option<Interval> {
        let whole = b.single().is_some_and(|n| n.fract() == 0.0);
        let can_divide = b.low < 0.0;
        let (base, exponent) = (self.ast.quote(x), self.ast.operand(y));
        if !whole && a.low < 0.0 {
            let floor = if can_divide { "0.001" } else { "0" };
            let demand = if can_divide { "be above 0" } else { "not be negative" };
            let what = match b.single() {
                Some(exponent) => format!("the base of a power with exponent {}", short(exponent)),
                None => format!("the base of a power with an exponent in {b}"),
            };
            self.refuse((x, a), &what, demand, format!("write max({base}, {floor})^{exponent}"));
        } else if can_divide && a.contains(0.0) {
            let what = "the base of a power with a negative exponent";
            self.refuse((x, a), what, "never be 0", format!("write max({base}, 0.001)^{exponent}"));
        } else {
            return Some(a.power(b));
        }
        None
    }

    fn membership(&self, value: NodeId, items: &[NodeId]) -> Option<Interval> {
        let value = self.intervals[value]?;
        let items = items.iter().map(|item| self.intervals[*item]).collect::<Option<Vec<_>>>()?;
        let always = value.single().is_some_and(|v| items.iter().any(|item| item.single() == Some(v)));
        let never = items.iter().all(|item| value.misses(*item, 0.0));
        Some(Interval::truth(always, never))
    }

    fn piecewise(&self, choice: NodeId, entries: &[NodeId]) -> Option<Interval> {
        let choice = self.intervals[choice]?;
        let entries = entries.iter().map(|entry| self.intervals[*entry]).collect::<Option<Vec<_>>>()?;
        let possible = entries.iter().enumerate().filter(|(index, _)| choice.contains(*index as f64));
        possible.map(|(_, entry)| *entry).reduce(Interval::hull).or_else(|| entries.into_iter().reduce(Interval::hull))
    }

    fn call(&mut self, function: Function, args: &[NodeId]) -> Option<Interval> {
        let found = args.iter().map(|arg| self.intervals[*arg]).collect::<Option<Vec<_>>>()?;
        let (id, x) = (args[0], found[0]);
        let quote = self.ast.quote(id);
        match function {
            Function::If => Some(match x.single() {
                Some(0.0) => found[2],
                Some(_) => found[1],
                None => found[1].hull(found[2]),
            }),
            Function::Min => found.into_iter().reduce(Interval::least),
            Function::Max => found.into_iter().reduce(Interval::greatest),
            Function::Clamp => Some(x.greatest(found[1]).least(found[2])),
            Function::Abs => Some(x.magnitude()),
            Function::Logistic => Some(x.map(num::logistic)),
            Function::Count => found.into_iter().reduce(Interval::plus),
            Function::Sqrt if x.low < 0.0 => {
                let hint = format!("write sqrt(max({quote}, 0))");
                self.refuse((id, x), "the argument of sqrt", "not be negative", hint);
                None
            }
            Function::Sqrt => Some(x.map(num::sqrt)),
            Function::Ln if x.low <= 0.0 => {
                let hint = format!("write ln(max({quote}, 0.001))");
                self.refuse((id, x), "the argument of ln", "be above 0", hint);
                None
            }
            Function::Ln => Some(x.map(num::ln)),
            Function::Exp if x.high > MAX_EXP => {
                let hint = format!("write exp(min({quote}, {MAX_EXP}))");
                self.refuse((id, x), "the argument of exp", &format!("not exceed {MAX_EXP}"), hint);
                None
            }
            Function::Exp => Some(x.map(num::exp)),
        }
    }
}

fn compare(comparison: Comparison, x: Interval, y: Interval) -> Interval {
    let same = x.single().is_some() && x == y;
    match comparison {
        Comparison::Less => Interval::truth(x.high < y.low, x.low >= y.high),
        Comparison::LessEqual => Interval::truth(x.high <= y.low, x.low > y.high),
        Comparison::Greater => Interval::truth(x.low > y.high, x.high <= y.low),
        Comparison::GreaterEqual => Interval::truth(x.low >= y.high, x.high < y.low),
        Comparison::Equal => Interval::truth(same, x.misses(y, 0.0)),
        Comparison::NotEqual => Interval::truth(x.misses(y, 0.0), same),
    }
}
