//! What happened before the start, common causes of parameters, transitions, private beliefs about parameters.

use super::Context;
use super::clock::months_between;
use super::resolve::{ids, of_sort, position, type_ids};
use super::sink::{Sees, Sink};
use crate::model::expr::{Interval, Scope, Slot, Stage, Type};
use crate::model::kind::Kind;
use crate::model::{Audience, CommonCause, Conviction, Issue, KEEP, Odds, Prologue, ScalarSource, Transition};
use crate::num::sqrt;
use crate::rng::Entity;
use crate::spec::model::{self as written, Correlate, Map, Name, Number};

/// Most transitions: which of them have happened is a bit set.
const MOST_TRANSITIONS: usize = 64;

impl Context<'_> {
    /// Compiles the events before the start, by date; with the terms that are in force after them.
    pub fn prologue(&mut self, issues: &[Issue]) -> (Vec<Prologue>, Vec<u16>) {
        let spec = self.spec;
        let mut register: Vec<u16> = issues.iter().map(|issue| issue.status_quo).collect();
        let mut order: Vec<usize> = (0..spec.prologue.len()).collect();
        order.sort_by_key(|&at| spec.prologue[at].on);
        let mut out = Vec::with_capacity(order.len());
        for at in order {
            let event = &spec.prologue[at];
            let path = format!("prologue.{at}");
            self.before_the_start(event, &path);
            for (issue, option) in self.named_terms(issues, &event.register, &format!("{path}.register")) {
                register[issue] = option;
            }
            for (_, effect) in &event.effects {
                for months in effect.delay_months.iter().chain(&effect.duration_months) {
                    let message = "what happened before the start has happened: it has no delay and no duration";
                    self.problems.error("E0507", Some(months.span), &months.path, message, None);
                }
            }
            out.push(Prologue { effects: self.effects(&event.effects, None) });
        }
        (out, register)
    }

    /// Who listens to the offers of an actor.
    pub fn audience(&mut self, id: &Name, actor: &written::Actor, issues: &[Issue]) -> Option<Audience> {
        let audience = actor.audience.as_ref()?;
        let path = format!("{}.audience", of_sort("actors", id));
        if actor.role.text == "third_party" {
            let message = format!("`{}` makes no offers, so that nobody listens to them", id.text);
            let hint = Some("an audience belongs to a signatory or a mediator".to_owned());
            self.problems.error("E0507", Some(id.span), &path, message, hint);
        }
        let mut position = vec![KEEP; issues.len()];
        for (issue, option) in self.named_terms(issues, &audience.position, &format!("{path}.position")) {
            position[issue] = option;
        }
        let share = Sink::stepwise(Kind::Index).not_negative();
        Some(Audience {
            concession: self.or_default(audience.concession.as_ref(), 0.0, share),
            retreat: self.or_default(audience.retreat.as_ref(), 0.0, share),
            position,
        })
    }

    fn before_the_start(&mut self, event: &written::Prologue, path: &str) {
        let span = event.date.as_ref().map(|date| date.span);
        let Some(on) = event.on else { return };
        match self.spec.model.start {
            None => {
                let message = "the prologue has a date, but the model has no `start`";
                let hint = Some("write start = 2025-02-18 under [model]".to_owned());
                self.problems.error("E0506", span, path, message, hint);
            }
            Some(start) if months_between(start, on) > 0.0 => {
                let message = format!("{on} lies after the start, {start}");
                let hint = Some("what comes later is declared under [events]".to_owned());
                self.problems.error("E0506", span, path, message, hint);
            }
            Some(_) => {}
        }
    }

    /// Gives correlated parameters their common causes.
    pub fn correlate(&mut self) {
        let spec = self.spec;
        for (id, group) in &spec.correlate {
            let path = of_sort("correlate", id);
            let sink = Sink::fixed(Kind::Index).within(-1.0, 1.0);
            let rho = self.constant(&group.rho, sink).unwrap_or(0.0);
            let members = self.correlated(group, &path);
            if group.params.len() < 2 {
                let message = "one parameter has nothing to correlate with";
                self.problems.error("E0507", Some(id.span), &path, message, Some("name two or more".to_owned()));
            }
            if rho < 0.0 && group.params.len() > 2 {
                let message = format!("{} parameters cannot all oppose each other", group.params.len());
                let hint = Some("a negative rho is for pairs".to_owned());
                self.problems.error("E0507", Some(group.rho.span), &group.rho.path, message, hint);
            }
            if rho == 0.0 {
                continue;
            }
            let (weight, own) = (sqrt(rho.abs()), sqrt(1.0 - rho.abs()));
            let entity = Entity::named(&path);
            for (rank, scalar) in members.into_iter().enumerate() {
                let opposed = rho < 0.0 && rank == 1;
                let weight = if opposed { -weight } else { weight };
                self.scalars[scalar].common = Some(CommonCause { entity, weight, own });
            }
        }
    }

    /// Scalars of a group's parameters.
    fn correlated(&mut self, group: &Correlate, path: &str) -> Vec<usize> {
        let path = format!("{path}.params");
        let known: Vec<&str> = ids(&self.spec.params).collect();
        let mut out = Vec::with_capacity(group.params.len());
        for name in &group.params {
            let Some(index) = self.find(&known, name, &path, "a parameter") else { continue };
            self.used.insert(name.text.clone());
            let slot = self.names.lookup(&name.text).map(|variable| variable.slot);
            let (Some(Slot::Scalar(scalar)), None) = (slot, &self.spec.params[index].1.private_to) else {
                let message = format!("`{}` is private: what it has in common with others would be known", name.text);
                self.problems.error("E0507", Some(name.span), &path, message, None);
                continue;
            };
            let Some(found) = self.scalars.get(scalar as usize) else { continue };
            if matches!(found.source, ScalarSource::Computed(_)) {
                let message = format!("`{}` is computed and not drawn", name.text);
                let hint = Some("correlate the parameters that it is computed from".to_owned());
                self.problems.error("E0507", Some(name.span), &path, message, hint);
                continue;
            }
            if found.common.is_some() {
                let message = format!("`{}` is in two groups", name.text);
                self.problems.error("E0507", Some(name.span), &path, message, Some("join the groups".to_owned()));
                continue;
            }
            out.push(scalar as usize);
        }
        out
    }

    /// Compiles all transitions.
    pub fn transitions(&mut self) -> Vec<Transition> {
        let spec = self.spec;
        if let Some((id, _)) = spec.transitions.get(MOST_TRANSITIONS) {
            let n = spec.transitions.len();
            let message = format!("{n} transitions are declared, at most {MOST_TRANSITIONS} are allowed");
            self.problems.error("E0507", Some(id.span), "transitions", message, None);
        }
        spec.transitions.iter().filter_map(|(id, transition)| self.transition(id, transition)).collect()
    }

    fn transition(&mut self, id: &Name, transition: &written::Transition) -> Option<Transition> {
        let path = of_sort("transitions", id);
        let of = self.actor(&transition.of, &format!("{path}.of"));
        let when = self.condition(&transition.when, Stage::Package, Sees::Deterrence);
        let (_, actor) = self.spec.actors.get(of.index())?;
        let types = type_ids(actor);
        if types.len() < 2 {
            let message = format!("`{}` has one type, nobody could follow", transition.of.text);
            let hint = Some("declare the types that may come to office under `types`".to_owned());
            self.problems.error("E0507", Some(transition.of.span), format!("{path}.of"), message, hint);
            return None;
        }
        let mut odds = vec![Odds::Chance(crate::model::Value::Const(0.0)); types.len()];
        let mut rest: Option<&Name> = None;
        for (name, chance) in &transition.to {
            let compiled = match chance {
                written::Odds::Chance(number) => {
                    let sink = Sink::valued(Kind::Probability).seeing(Sees::Deterrence);
                    Odds::Chance(self.value(number, sink))
                }
                written::Odds::Otherwise => {
                    if let Some(first) = rest {
                        let message = format!("both `{}` and `{}` are `otherwise`", first.text, name.text);
                        self.problems.error("E0507", Some(name.span), format!("{path}.to"), message, None);
                    }
                    rest = Some(name);
                    Odds::Otherwise
                }
            };
            if let Some(index) = self.find(&types, name, &format!("{path}.to"), "a type") {
                odds[index] = compiled;
            }
        }
        let entity = Entity::named(&path);
        Some(Transition { id: id.text.clone(), of, when: when?, odds, repeats: transition.repeats, entity })
    }

    /// Compiles what an actor takes parameters for.
    pub fn believes(&mut self, believes: &Map<Number>) -> Vec<Conviction> {
        let known: Vec<&str> = ids(&self.spec.params).collect();
        let mut out = Vec::with_capacity(believes.len());
        for (name, number) in believes {
            if self.find(&known, name, &number.path, "a parameter").is_none() {
                continue;
            }
            let Some(variable) = self.names.lookup(&name.text) else { continue };
            let Slot::Scalar(scalar) = variable.slot else {
                let message = format!("`{}` is private: who owns it knows it, the others hold beliefs", name.text);
                self.problems.error("E0507", Some(number.span), &number.path, message, None);
                continue;
            };
            let Type::Number(kind) = variable.ty else { continue };
            let allowed = match (&number.form, self.scalars.get(scalar as usize)) {
                (written::Form::Const(_), Some(found)) => Interval::new(found.low, found.high),
                _ => variable.range,
            };
            let sink = Sink::drawn(kind).within(allowed.low, allowed.high);
            out.push(Conviction { scalar, value: self.value(number, sink) });
        }
        out
    }

    /// Whether somebody takes a parameter for something else than it is: then it cannot be folded into programs.
    pub fn in_doubt(&self, param: &Name) -> bool {
        self.spec.actors.iter().any(|(_, actor)| position(&actor.believes, &param.text).is_some())
    }

    /// What a parameter in doubt may be: what it is, and what anybody takes it for.
    pub fn doubtful_range(&self, param: &Name, range: Interval, bounds: Interval) -> Interval {
        let mut hull = range;
        for (_, actor) in &self.spec.actors {
            for (_, number) in actor.believes.iter().filter(|(name, _)| name.text == param.text) {
                match &number.form {
                    written::Form::Const(value) if bounds.contains(*value) => {
                        hull = Interval::new(hull.low.min(*value), hull.high.max(*value));
                    }
                    // An expression may yield anything that may be set.
                    written::Form::Expr(_) | written::Form::Dist(_) => {
                        let wide = |bound: f64, end: f64| if bound.is_finite() { bound } else { end };
                        hull = Interval::new(wide(bounds.low, hull.low), wide(bounds.high, hull.high));
                    }
                    written::Form::Const(_) => {}
                }
            }
        }
        hull
    }
}
