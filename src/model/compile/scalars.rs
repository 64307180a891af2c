//! `[params]`: scalar slots in the order of their dependencies, and private parameters.

use super::Context;
use super::order::order;
use super::resolve::{of_sort, position};
use super::sink::Sink;
use crate::id::ActorId;
use crate::model::expr::{Interval, Scope, Slot, Stage, Type, Variable, names_in};
use crate::model::kind::Kind;
use crate::model::{ScalarSource, Types};
use crate::rng::Entity;
use crate::spec::model::{Form, Map, Name, Notes, Number, Param};

/// Parameters that an expression, or the arguments of a distribution, may read.
fn needs(form: &Form, params: &Map<Param>) -> Vec<usize> {
    let of_text = |text: &str| names_in(text).iter().filter_map(|name| position(params, name)).collect::<Vec<_>>();
    match form {
        Form::Const(_) => Vec::new(),
        Form::Expr(text) => of_text(text),
        Form::Dist(dist) => dist.args.iter().flat_map(|arg| needs(&arg.form, params)).collect(),
    }
}

/// A circle as `a -> b -> a`.
pub(super) fn circle_text<'n>(circle: &[usize], name: impl Fn(usize) -> &'n str) -> String {
    let mut names: Vec<&str> = circle.iter().map(|at| name(*at)).collect();
    names.push(name(circle[0]));
    names.join(" -> ")
}

impl Context<'_> {
    /// Reports circles and marks their members as unusable.
    pub fn report_circles<'n>(
        &mut self,
        circles: &[Vec<usize>],
        name: impl Fn(usize) -> &'n Name,
        number: impl Fn(usize) -> &'n Number,
    ) {
        for circle in circles {
            let at = number(circle[0]);
            let message = format!("the values depend on each other: {}", circle_text(circle, |k| &name(k).text));
            let hint = Some("break the circle with a state, which remembers its value of the step before".to_owned());
            self.problems.error("E0307", Some(at.span), &at.path, message, hint);
            self.names.shaky.extend(circle.iter().map(|k| name(*k).text.clone()));
        }
    }

    /// Compiles all parameters; private ones are kept for their actors.
    pub fn params(&mut self) {
        let params = &self.spec.params;
        let graph: Vec<Vec<usize>> = params.iter().map(|(_, param)| needs(&param.value.form, params)).collect();
        let found = order(&graph);
        self.report_circles(&found.circles, |k| &params[k].0, |k| &params[k].1.value);
        for at in found.sequence {
            let (id, param) = &params[at];
            let before = self.problems.list.len();
            self.param(id, param, found.circles.iter().any(|circle| circle.contains(&at)));
            if self.failed_since(before) {
                self.names.shaky.insert(id.text.clone());
            }
        }
    }

    fn param(&mut self, id: &Name, param: &Param, circular: bool) {
        let path = of_sort("params", id);
        self.notes(&param.notes, &path, true);
        let unit = param.notes.unit.as_ref().or(param.value.notes.unit.as_ref());
        let kind = self.unit(unit, &path).unwrap_or(Kind::Index);
        let mut sink = Sink::drawn(kind);
        if let Some(range) = param.range.or(param.value.range) {
            self.check_quantity(range, kind, &path);
            sink = Sink { bounds: Interval::new(range.low, range.high), declared: true, ..sink };
        }
        if param.range.is_some() && param.value.range.is_some() {
            let span = param.value.range.map(|range| range.span);
            self.problems.error("E0111", span, &path, "the range is declared twice", None);
        }
        if let (Some(_), Some(again)) = (&param.notes.unit, &param.value.notes.unit) {
            self.problems.error("E0111", Some(again.span), &path, "the unit is declared twice", None);
        }
        self.source(&param.value.notes, &path);
        self.unsourced(&param.value, &[&param.notes], param.range.is_some(), &path);
        match &param.private_to {
            Some(owner) => self.private(id, (param, owner), sink),
            None if circular => self.push_param(id, (&path, ScalarSource::Constant(0.0)), sink, sink.bounds),
            None => self.shared(id, param, sink),
        }
    }

    /// A parameter that everybody knows.
    fn shared(&mut self, id: &Name, param: &Param, sink: Sink) {
        let number = &param.value;
        let kind = sink.kind.unwrap_or(Kind::Index);
        let (source, range) = match &number.form {
            Form::Const(value) => {
                self.check_value(*value, number, sink);
                (ScalarSource::Constant(*value), Interval::point(*value))
            }
            Form::Dist(dist) => match self.distribution(dist, number, sink) {
                None => (ScalarSource::Constant(0.0), sink.bounds),
                Some(distribution) => {
                    let ends = Interval::new(distribution.low(), distribution.high());
                    (ScalarSource::Drawn(distribution), settable(sink.bounds, ends))
                }
            },
            Form::Expr(_) => {
                // The range binds the result, which is clamped to it; only values wholly outside are refused.
                let number = Number { range: None, notes: Notes::default(), ..number.clone() };
                match self.program(&number, Sink { proved: false, kind: Some(kind), ..sink }) {
                    None => (ScalarSource::Constant(0.0), sink.bounds),
                    Some(program) if program.stage() == Stage::Constant => {
                        let value = self.folded(&program, &number, sink);
                        (ScalarSource::Constant(value), Interval::point(value))
                    }
                    Some(program) => {
                        let range = clamped(program.range(), sink.bounds);
                        (ScalarSource::Computed(program), range)
                    }
                }
            }
        };
        self.push_param(id, (&number.path, source), sink, range);
    }

    fn push_param(&mut self, id: &Name, (path, source): (&str, ScalarSource), sink: Sink, range: Interval) {
        let in_doubt = self.in_doubt(id);
        let range = if in_doubt { self.doubtful_range(id, range, sink.bounds) } else { range };
        let constant = matches!(source, ScalarSource::Constant(_)) && !in_doubt;
        let stage = if constant { Stage::Constant } else { Stage::Replication };
        let kind = sink.kind.unwrap_or(Kind::Index);
        let slot = Slot::Scalar(self.add_scalar(path, source, kind, sink.bounds));
        self.names.update(&id.text, Variable { slot, ty: Type::Number(kind), range, stage });
    }

    /// A parameter that one actor knows: the continuous type of that actor.
    fn private(&mut self, id: &Name, (param, owner): (&Param, &Name), sink: Sink) {
        let path = of_sort("params", id);
        let actor = self.actor(owner, &path);
        let Form::Dist(dist) = &param.value.form else {
            let message = format!("`{}` is private, so the others need its distribution", id.text);
            let hint = Some("write value = { uniform = [low, high] } or another distribution".to_owned());
            self.problems.error("E0507", Some(param.value.span), &path, message, hint);
            return;
        };
        let Some(distribution) = self.distribution(dist, &param.value, sink) else { return };
        let range = settable(sink.bounds, Interval::new(distribution.low(), distribution.high()));
        self.names.set_range(&id.text, range);
        let Some(Slot::Lane(slot)) = self.names.lookup(&id.text).map(|variable| variable.slot) else { return };
        let types = Types::Continuous { path: path.clone(), slot, distribution, entity: Entity::named(&path) };
        self.claim(actor, (owner, &path), types);
    }

    /// Gives the actor its continuous type; there may be one, and no named types.
    fn claim(&mut self, actor: ActorId, (owner, path): (&Name, &str), types: Types) {
        let Some((_, declared)) = self.spec.actors.get(actor.index()) else { return };
        if !declared.types.is_empty() {
            let message = format!("`{}` has named types and cannot have a private parameter too", owner.text);
            let hint = Some("keep one of them".to_owned());
            self.problems.error("E0507", Some(owner.span), path, message, hint);
        }
        if self.continuous.iter().any(|(other, _)| *other == actor) {
            let message = format!("`{}` has two private parameters, one is allowed", owner.text);
            self.problems.error("E0507", Some(owner.span), path, message, None);
        }
        self.continuous.push((actor, types));
    }
}

/// What a drawn value may be: the bounds that bind every value set later, else where they are open the ends of its
/// distribution.
fn settable(bounds: Interval, ends: Interval) -> Interval {
    let low = if bounds.low.is_finite() { bounds.low } else { ends.low };
    let high = if bounds.high.is_finite() { bounds.high } else { ends.high };
    Interval::new(low, high)
}

/// The part of a range that is left after clamping.
fn clamped(range: Interval, bounds: Interval) -> Interval {
    let clamp = |value: f64| value.max(bounds.low).min(bounds.high);
    Interval::new(clamp(range.low), clamp(range.high))
}
