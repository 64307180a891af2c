//! Numbers of the spec to [`Value`]s and programs: the only place that calls the expression compiler.

use super::Context;
use super::sink::{Sees, Sink, objection};
use crate::model::dist::Distribution;
use crate::model::expr::{self, ChoiceId, Frame, Interval, Place, Program, Scope, Slot, Stage, Type, Variable, Want};
use crate::model::kind::Kind;
use crate::model::{Scalar, ScalarSource, Value};
use crate::rng::Entity;
use crate::spec::model::{Dist, Family, Form, Name, Number, Range};
use crate::spec::problem::Problems;
use crate::spec::suggest;

/// A scope of one variable called `drawn`.
struct Drawn(Variable);

impl Scope for Drawn {
    fn lookup(&self, name: &str) -> Option<Variable> {
        (name == "drawn").then_some(self.0)
    }

    fn members(&self, _: ChoiceId) -> &[String] {
        &[]
    }

    fn names(&self) -> Vec<String> {
        vec!["drawn".to_owned()]
    }
}

/// A number for messages: at most six significant digits.
pub(super) fn short(value: f64) -> String {
    let plain = format!("{value}");
    if plain.len() <= 8 || value == 0.0 {
        return plain;
    }
    let digits = format!("{value:.5e}");
    digits.parse::<f64>().map_or(plain, |rounded| format!("{rounded}"))
}

impl Context<'_> {
    /// The number as the engine reads it: a constant, a scalar slot or a program. Constant 0 after an error.
    pub fn value(&mut self, number: &Number, sink: Sink) -> Value {
        let sink = self.annotated(number, sink);
        match &number.form {
            Form::Const(value) => {
                self.check_value(*value, number, sink);
                Value::Const(*value)
            }
            Form::Dist(dist) => {
                self.drawn(dist, number, sink).map_or(Value::Const(0.0), |variable| match variable.slot {
                    Slot::Scalar(slot) | Slot::Lane(slot) => Value::Scalar(slot),
                })
            }
            Form::Expr(text) => match self.expression(text, number, sink) {
                None => Value::Const(0.0),
                Some(program) if program.stage() == Stage::Constant => {
                    Value::Const(self.folded(&program, number, sink))
                }
                Some(program) if program.stage() == Stage::Replication => self.computed(program, number, sink),
                Some(program) => Value::Program(program),
            },
        }
    }

    /// An optional number with its documented default.
    pub fn or_default(&mut self, number: Option<&Number>, default: f64, sink: Sink) -> Value {
        number.map_or(Value::Const(default), |number| self.value(number, sink))
    }

    /// A number that must be known when the model is compiled; `None` after an error.
    pub fn constant(&mut self, number: &Number, sink: Sink) -> Option<f64> {
        let before = self.problems.list.len();
        let value = self.value(number, sink);
        match value {
            Value::Const(value) if !self.failed_since(before) => Some(value),
            _ => None,
        }
    }

    /// Whether an error was reported after the list had that length.
    pub fn failed_since(&self, before: usize) -> bool {
        self.problems.list[before..].iter().any(|p| p.severity == crate::spec::problem::Severity::Error)
    }

    /// A condition.
    pub fn condition(&mut self, number: &Number, stage: Stage, sees: Sees) -> Option<Program> {
        match &number.form {
            Form::Expr(text) => {
                let want = Want { ty: Some(Type::Bool), stage, bounds: None, must_fit: false };
                self.compile(text, number, want, sees)
            }
            Form::Const(_) | Form::Dist(_) => {
                let hint = Some("write a comparison in quotes, such as \"month >= 3\"".to_owned());
                let message = "a condition is needed here, found a number";
                self.problems.error("E0308", Some(number.span), &number.path, message, hint);
                None
            }
        }
    }

    /// The number as a program, whatever it is.
    pub fn program(&mut self, number: &Number, sink: Sink) -> Option<Program> {
        let sink = self.annotated(number, sink);
        let kind = sink.kind.unwrap_or(Kind::Index);
        let program = match &number.form {
            Form::Const(value) => {
                self.check_value(*value, number, sink);
                Program::from_constant(*value, kind)
            }
            Form::Dist(dist) => {
                let variable = self.drawn(dist, number, sink)?;
                let place = Place { span: number.span, path: &number.path };
                let want = Want { ty: Some(variable.ty), stage: Stage::Replication, bounds: None, must_fit: false };
                expr::compile("drawn", place, &Drawn(variable), want, &mut self.problems)?
            }
            Form::Expr(text) => self.expression(text, number, sink)?,
        };
        self.stack_depth = self.stack_depth.max(program.stack_depth());
        Some(program)
    }

    /// Kind named by a unit; `None` when there is no unit or, after an error, no such kind.
    pub fn unit(&mut self, unit: Option<&Name>, path: &str) -> Option<Kind> {
        let unit = unit?;
        let kind = Kind::from_name(&unit.text);
        if kind.is_none() {
            let words: Vec<&str> = Kind::NAMED.iter().map(|kind| kind.name()).collect();
            let message = format!("`{}` is not a unit", unit.text);
            self.problems.error("E0109", Some(unit.span), path, message, suggest::hint(&unit.text, words));
        }
        kind
    }

    /// What the number's own annotations make of its place.
    fn annotated(&mut self, number: &Number, sink: Sink) -> Sink {
        self.source(&number.notes, &number.path);
        let mut sink = sink;
        if let Some(unit) = self.unit(number.notes.unit.as_ref(), &number.path) {
            match sink.kind {
                Some(kind) if !kind.accepts(unit) => {
                    let message = format!("the unit is `{unit}`, `{kind}` is needed here");
                    let hint = unit.conversion_to(kind).map(str::to_owned);
                    let span = number.notes.unit.as_ref().map(|name| name.span);
                    self.problems.error("E0303", span, &number.path, message, hint);
                }
                Some(_) => {}
                None => sink = Sink { kind: Some(unit), ..sink },
            }
        }
        match number.range {
            Some(range) => {
                self.check_range(range, sink, &number.path);
                Sink { bounds: Interval::new(range.low, range.high), declared: true, proved: true, ..sink }
            }
            None => sink,
        }
    }

    /// Whether a declared range lies inside the bounds of its place.
    pub fn check_range(&mut self, range: Range, sink: Sink, path: &str) {
        if !Interval::new(range.low, range.high).fits(sink.bounds, 0.0) {
            let (low, high) = (short(range.low), short(range.high));
            let message = format!("the range [{low}, {high}] leaves {}", bounds_text(sink));
            self.problems.error("E0306", Some(range.span), path, message, None);
        }
    }

    /// Whether the declared range of a quantity suits its kind. A range replaces the bounds of the kind, since a
    /// difference of rates may be negative; but shares and probabilities lie in 0 to 1 wherever they stand.
    pub fn check_quantity(&mut self, range: Range, kind: Kind, path: &str) {
        if matches!(kind, Kind::Share | Kind::Probability) {
            self.check_range(range, Sink::drawn(kind), path);
        }
    }

    /// Whether a value lies inside the bounds of its place.
    pub fn check_value(&mut self, value: f64, number: &Number, sink: Sink) -> bool {
        let inside = sink.bounds.contains(value);
        if !inside {
            let message = format!("the value {} is outside {}", short(value), bounds_text(sink));
            let code = if sink.declared { "E0403" } else { "E0306" };
            self.problems.error(code, Some(number.span), &number.path, message, None);
        }
        inside
    }

    /// Compiles a number's expression.
    fn expression(&mut self, text: &str, number: &Number, sink: Sink) -> Option<Program> {
        let bounded = sink.bounds.low.is_finite() || sink.bounds.high.is_finite();
        let want = Want {
            ty: sink.kind.map(Type::Number),
            stage: sink.stage,
            bounds: bounded.then_some(sink.bounds),
            must_fit: sink.proved,
        };
        let before = self.problems.list.len();
        let program = self.compile(text, number, want, sink.sees);
        if sink.declared {
            self.problems.list[before..].iter_mut().filter(|p| p.code == "E0306").for_each(|p| p.code = "E0403");
        }
        let program = program?;
        if program.kind().is_none() {
            let message = "a number is needed here, found a condition or an option";
            let hint = Some(format!("write if({text}, 1, 0)"));
            self.problems.error("E0308", Some(number.span), &number.path, message, hint);
            return None;
        }
        Some(program)
    }

    /// Compiles a text, checks what it reads, and keeps count of issues read and of stack depth.
    fn compile(&mut self, text: &str, number: &Number, want: Want, sees: Sees) -> Option<Program> {
        let mut found = Problems::default();
        let place = Place { span: number.span, path: &number.path };
        let program = expr::compile(text, place, &self.names, want, &mut found);
        let mentioned = expr::names_in(text);
        if mentioned.iter().any(|name| self.names.shaky.contains(name)) {
            // The range of a name whose own definition failed is unknown: what follows from it is noise.
            found.list.retain(|p| p.code != "E0305" && p.code != "E0306");
        }
        self.problems.list.append(&mut found.list);
        self.used.extend(mentioned);
        let program = program?;
        self.stack_depth = self.stack_depth.max(program.stack_depth());
        for slot in program.reads() {
            if let Slot::Lane(lane) = slot {
                self.lanes_read.insert(*lane);
            }
            self.issues_read.extend(self.names.issues_at(*slot));
            let constant = matches!(slot, Slot::Scalar(scalar) if self.is_constant(*scalar));
            let spec = self.spec;
            let owner = |actor: crate::id::ActorId| spec.actors[actor.index()].0.text.clone();
            let complaint = self.names.at(*slot).and_then(|at| objection(at, constant, sees, owner));
            if let Some((message, hint)) = complaint {
                self.problems.error("E0304", Some(number.span), &number.path, message, Some(hint.to_owned()));
            }
        }
        Some(program)
    }

    fn is_constant(&self, scalar: u32) -> bool {
        self.scalars.get(scalar as usize).is_some_and(|s| matches!(s.source, ScalarSource::Constant(_)))
    }

    /// The value of a program that reads constants only.
    pub fn folded(&mut self, program: &Program, number: &Number, sink: Sink) -> f64 {
        let known: Vec<f64> = self.scalars.iter().map(constant_of).collect();
        let mut stack = expr::Stack::with_depth(program.stack_depth());
        let value = program.eval_one(Frame { scalars: &known, lanes: &[], stride: 0 }, 0, &mut stack);
        self.check_value(value, number, sink);
        value
    }

    /// A scalar slot that is computed once a replication.
    fn computed(&mut self, program: Program, number: &Number, sink: Sink) -> Value {
        let kind = sink.kind.or(program.kind()).unwrap_or(Kind::Index);
        Value::Scalar(self.add_scalar(&number.path, ScalarSource::Computed(program), kind, sink.bounds))
    }

    /// Adds a scalar slot.
    pub fn add_scalar(&mut self, path: &str, source: ScalarSource, kind: Kind, bounds: Interval) -> u32 {
        let kind = if kind == Kind::Neutral { Kind::Index } else { kind };
        let entity = Entity::named(path);
        let scalar =
            Scalar { path: path.to_owned(), source, kind, low: bounds.low, high: bounds.high, entity, common: None };
        self.scalars.push(scalar);
        u32::try_from(self.scalars.len() - 1).unwrap_or(u32::MAX)
    }

    /// A scalar slot drawn from an inline distribution.
    fn drawn(&mut self, dist: &Dist, number: &Number, sink: Sink) -> Option<Variable> {
        if sink.stage == Stage::Constant {
            let message = "this must be known before anything is drawn, found a distribution";
            let hint = Some("write a number, or an expression over constant parameters".to_owned());
            self.problems.error("E0304", Some(number.span), &number.path, message, hint);
            return None;
        }
        let distribution = self.distribution(dist, number, sink)?;
        let kind = sink.kind.unwrap_or(Kind::Index);
        let range = Interval::new(distribution.low(), distribution.high());
        let slot = self.add_scalar(&number.path, ScalarSource::Drawn(distribution), kind, sink.bounds);
        Some(Variable { slot: Slot::Scalar(slot), ty: Type::Number(kind), range, stage: Stage::Replication })
    }

    /// A distribution with its arguments known, checked, and inside the bounds of its place.
    pub fn distribution(&mut self, dist: &Dist, number: &Number, sink: Sink) -> Option<Distribution> {
        let before = self.problems.list.len();
        let args: Vec<f64> = dist.args.iter().map(|arg| self.argument(arg)).collect();
        if self.failed_since(before) {
            return None;
        }
        let Some(distribution) = shaped(dist.family, &args) else {
            let message = format!("{} arguments do not make this distribution", args.len());
            self.problems.error("E0401", Some(number.span), &number.path, message, None);
            return None;
        };
        if let Err(fault) = distribution.validate() {
            self.problems.error("E0401", Some(number.span), &number.path, fault.to_string(), None);
            return None;
        }
        let ends = Interval::new(distribution.low(), distribution.high());
        if !ends.fits(sink.bounds, 0.0) {
            let (low, high) = (short(ends.low), short(ends.high));
            let message = format!("the distribution reaches from {low} to {high}, outside {}", bounds_text(sink));
            let code = if sink.declared { "E0403" } else { "E0306" };
            self.problems.error(code, Some(number.span), &number.path, message, None);
            return None;
        }
        Some(distribution)
    }

    /// An argument of a distribution; 0 after an error.
    fn argument(&mut self, arg: &Number) -> f64 {
        match &arg.form {
            Form::Const(value) => *value,
            Form::Dist(_) => {
                let message = "an argument of a distribution cannot be a distribution";
                self.problems.error("E0401", Some(arg.span), &arg.path, message, None);
                0.0
            }
            Form::Expr(text) => {
                let want = Want { ty: None, stage: Stage::Replication, bounds: None, must_fit: false };
                let Some(program) = self.compile(text, arg, want, Sees::Common) else { return 0.0 };
                if program.stage() != Stage::Constant {
                    let message = "arguments of distributions must be known before anything is drawn";
                    let hint = Some("use numbers and constant parameters".to_owned());
                    self.problems.error("E0401", Some(arg.span), &arg.path, message, hint);
                    return 0.0;
                }
                let kind = program.kind().unwrap_or(Kind::Index);
                self.folded(&program, arg, Sink::fixed(kind).within(f64::NEG_INFINITY, f64::INFINITY))
            }
        }
    }
}

/// The value of a constant scalar, NaN for others: no program of constant stage reads those.
fn constant_of(scalar: &Scalar) -> f64 {
    match scalar.source {
        ScalarSource::Constant(value) => value,
        ScalarSource::Drawn(_) | ScalarSource::Computed(_) => f64::NAN,
    }
}

fn shaped(family: Family, args: &[f64]) -> Option<Distribution> {
    Some(match (family, args) {
        (Family::Pert, &[low, mode, high]) => Distribution::Pert { low, mode, high },
        (Family::Triangular, &[low, mode, high]) => Distribution::Triangular { low, mode, high },
        (Family::Uniform, &[low, high]) => Distribution::Uniform { low, high },
        (Family::Normal, &[mean, sd, low, high]) => Distribution::Normal { mean, sd, low, high },
        (Family::Lognormal, &[median, sd_log, low, high]) => Distribution::Lognormal { median, sd_log, low, high },
        (Family::Beta, &[a, b]) => Distribution::Beta { a, b, low: 0.0, high: 1.0 },
        (Family::Beta, &[a, b, low, high]) => Distribution::Beta { a, b, low, high },
        (Family::Gamma, &[shape, scale, low, high]) => Distribution::Gamma { shape, scale, low, high },
        (Family::Choice, args) if !args.is_empty() && args.len().is_multiple_of(2) => {
            Distribution::Choice(args.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
        }
        _ => return None,
    })
}

/// The bounds of a place in words.
pub(super) fn bounds_text(sink: Sink) -> String {
    let Interval { low, high } = sink.bounds;
    let least = match low {
        f64::NEG_INFINITY => None,
        f64::MIN_POSITIVE => Some("above 0".to_owned()),
        low => Some(format!("at least {}", short(low))),
    };
    let most = high.is_finite().then(|| format!("at most {}", short(high)));
    let text = match (least, most) {
        (Some(_), Some(_)) if low != f64::MIN_POSITIVE => format!("{} to {}", short(low), short(high)),
        (Some(least), Some(most)) => format!("{least}, {most}"),
        (Some(bound), None) | (None, Some(bound)) => bound,
        (None, None) => "any number".to_owned(),
    };
    if sink.declared { format!("the declared range ({text})") } else { format!("what is allowed here ({text})") }
}
