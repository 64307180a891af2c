//! Actors: types, weights and values, red lines, and the numbers of their behaviour.

use std::collections::BTreeSet;

use super::Context;
use super::resolve::{ids, of_sort, type_ids};
use super::shares::Shares;
use super::sink::{Sees, Sink};
use crate::id::ActorId;
use crate::model::expr::{Scope, Stage};
use crate::model::kind::Kind;
use crate::model::{Actor, Issue, NamedType, OptionValues, Penalty, RedLine, Role, Stalling, Types, Value, ValueTerm};
use crate::rng::Entity;
use crate::spec::model::{self as written, Map, Name, Number, Values, Weights};

/// Most combinations of types: every one of them is valued in every step.
const MOST_JOINT_TYPES: u128 = 1024;
/// Combinations that a private parameter stands for: the engine cuts its distribution into so many cells.
const CONTINUOUS_NODES: u128 = 18;

const ROLES: [(&str, Role); 3] =
    [("signatory", Role::Signatory), ("mediator", Role::Mediator), ("third_party", Role::ThirdParty)];

/// An actor as written, with what its parts need to know.
#[derive(Clone, Copy)]
struct Subject<'s> {
    id: &'s Name,
    actor: &'s written::Actor,
    /// `actors.<id>`
    path: &'s str,
    sees: Sees,
}

impl Context<'_> {
    /// Compiles all actors. `guarded`: the issues that guarantees read.
    pub fn actors(&mut self, issues: &[Issue], guarded: &BTreeSet<usize>) -> Vec<Actor> {
        let actors = &self.spec.actors;
        if !actors.iter().any(|(_, actor)| actor.role.text == "signatory") {
            let hint = Some("give at least one actor role = \"signatory\"".to_owned());
            let span = Some(self.spec.model.span);
            self.problems.error("E0501", span, "actors", "nobody signs: there is no signatory", hint);
        }
        self.joint_types();
        actors.iter().enumerate().map(|(k, (id, actor))| self.one_actor((k, id, actor), issues, guarded)).collect()
    }

    /// Beliefs are held over all combinations of types: refuses models with too many.
    fn joint_types(&mut self) {
        let nodes = |(id, actor): &(Name, written::Actor)| {
            let private = |(_, param): &(Name, written::Param)| {
                param.private_to.as_ref().is_some_and(|owner| owner.text == id.text)
            };
            if self.spec.params.iter().any(private) { CONTINUOUS_NODES } else { actor.types.len().max(1) as u128 }
        };
        let joint = self.spec.actors.iter().map(nodes).fold(1, u128::saturating_mul);
        if joint > MOST_JOINT_TYPES {
            let span = Some(self.spec.model.span);
            let message = format!("the types of all actors combine to {joint}, at most {MOST_JOINT_TYPES} are played");
            let hint = Some(format!("merge types; a private parameter counts as {CONTINUOUS_NODES}"));
            self.problems.error("E0507", span, "actors", message, hint);
        }
    }

    fn one_actor(
        &mut self,
        (index, id, actor): (usize, &Name, &written::Actor),
        issues: &[Issue],
        guarded: &BTreeSet<usize>,
    ) -> Actor {
        let path = of_sort("actors", id);
        let sees = Sees::PrivateOf(ActorId::new(index));
        let subject = Subject { id, actor, path: &path, sees };
        let pure = Sink::drawn(Kind::Index);
        let share = pure.within(0.0, 1.0);
        let chance = Sink::drawn(Kind::Probability);
        let flow = Sink::valued(Kind::Flow).seeing(sees);
        self.unsourced(&actor.patience, &[&actor.notes], false, &actor.patience.path);
        self.exclusive(subject);
        let weights = self.weights(subject, issues);
        let values = self.option_values(subject, issues);
        let noise = actor.misjudgement.as_ref();
        let optimism = actor.optimism.as_ref();
        let mut per_type = |numbers: &Option<written::ByType>| {
            let mut values = numbers.as_ref().map_or_else(Vec::new, |numbers| self.by_type(numbers, actor, flow));
            if values.windows(2).all(|pair| pair[0] == pair[1]) {
                values.truncate(1);
            }
            values
        };
        let (war_cost, no_deal_flow) = (per_type(&actor.war_cost), per_type(&actor.no_deal_flow));
        let walk_out = per_type(&actor.walk_out);
        Actor {
            id: id.text.clone(),
            name: actor.name.text.clone(),
            role: self.word(&actor.role, &format!("{path}.role"), &ROLES),
            capability: self.or_default(actor.capability.as_ref(), 0.0, share),
            patience: self.value(&actor.patience, chance.positive()),
            types: self.types(ActorId::new(index), subject),
            weights,
            values,
            red_lines: self.red_lines(subject, guarded),
            terms: self.value_terms(subject),
            war_cost,
            truce_share: self.or_default(actor.truce_share.as_ref(), 0.35, Sink::drawn(Kind::Share)),
            no_deal_flow,
            walk_out,
            stalling: actor.stalling.as_ref().map(|stalling| Stalling {
                probability: self.value(&stalling.probability, chance),
                benefit: self.value(&stalling.benefit, flow),
            }),
            optimism: optimism.map_or(Value::Const(0.0), |o| self.value(&o.value, Sink::drawn(Kind::Flow))),
            optimism_months: self.or_default(
                optimism.and_then(|o| o.battles.as_ref()),
                12.0,
                Sink::drawn(Kind::Months).positive(),
            ),
            sigma: noise.map_or(Value::Const(0.0), |n| self.value(&n.sigma, Sink::drawn(Kind::Flow).not_negative())),
            rho_month: self.or_default(noise.and_then(|n| n.rho_month.as_ref()), 0.98, chance),
            voice: self.or_default(actor.voice.as_ref(), 0.0, pure.not_negative()),
            pivotal: self.or_default(actor.pivotal.as_ref(), 0.6, share),
            kept: self.or_default(actor.kept.as_ref(), 0.9, share),
            relief: self.or_default(actor.relief.as_ref(), 0.15, Sink::drawn(Kind::Flow)),
            believes: self.believes(&actor.believes),
            reviews_per_year: actor.reviews_per_year.as_ref().map(|rate| self.value(rate, Sink::drawn(Kind::PerYear))),
            credibility: self.or_default(actor.credibility.as_ref(), 0.5, share),
            audience: self.audience(subject.id, actor, issues),
            entity: Entity::named(&path),
        }
    }

    /// Refuses settings that the engine would have to choose between.
    fn exclusive(&mut self, subject: Subject<'_>) {
        if subject.actor.war_cost.is_some() && subject.actor.no_deal_flow.is_some() {
            let message = "`no_deal_flow` is for actors that do not fight, this one has a `war_cost`";
            let hint = Some("keep one of them".to_owned());
            self.problems.error("E0111", Some(subject.id.span), subject.path, message, hint);
        }
    }

    fn types(&mut self, id: ActorId, subject: Subject<'_>) -> Types {
        if let Some((_, types)) = self.continuous.iter().find(|(actor, _)| *actor == id) {
            return types.clone();
        }
        let declared = &subject.actor.types;
        let Some((first, _)) = declared.first() else {
            return Types::Named(vec![NamedType { id: "only".to_owned(), prior: Value::Const(1.0) }]);
        };
        let before = self.problems.list.len();
        let sink = Sink::drawn(Kind::Probability).proved();
        let priors: Vec<Value> = declared.iter().map(|(_, kind)| self.value(&kind.prior, sink)).collect();
        if !self.failed_since(before) {
            let what = format!("priors of {}", subject.id.text);
            let path = format!("{}.types", subject.path);
            self.sum_to_one(&priors, &Shares { what: &what, path: &path, span: first.span });
        }
        let named = declared.iter().zip(priors);
        Types::Named(named.map(|((id, _), prior)| NamedType { id: id.text.clone(), prior }).collect())
    }

    /// `weights[type][issue]`, zero where not declared.
    fn weights(&mut self, subject: Subject<'_>, issues: &[Issue]) -> Vec<Vec<Value>> {
        let types = type_ids(subject.actor);
        let path = format!("{}.weights", subject.path);
        let before = self.problems.list.len();
        let rows = match &subject.actor.weights {
            Weights::All(map) if map.is_empty() => {
                self.no_weights(subject);
                return vec![vec![Value::Const(0.0); issues.len()]; types.len()];
            }
            Weights::All(map) => vec![self.weight_row(map, subject, issues); types.len()],
            Weights::ByType(map) => {
                let mut rows = vec![None; types.len()];
                for (name, weights) in map {
                    let row = self.weight_row(weights, subject, issues);
                    if let Some(index) = self.find(&types, name, &path, "a type") {
                        rows[index] = Some(row);
                    }
                }
                if let Some(missing) = rows.iter().position(Option::is_none) {
                    let message = format!("the type `{}` has no weights, every type needs them", types[missing]);
                    self.problems.error("E0504", map.first().map(|(name, _)| name.span), &path, message, None);
                }
                rows.into_iter().map(|row| row.unwrap_or_else(|| vec![Value::Const(0.0); issues.len()])).collect()
            }
        };
        let zero = |row: &Vec<Value>| row.iter().all(|weight| *weight == Value::Const(0.0));
        if let (Some(index), false) = (rows.iter().position(zero), self.failed_since(before)) {
            let message = format!("all weights of the type `{}` are zero", types[index]);
            let hint = Some("give at least one issue a weight above 0".to_owned());
            self.problems.error("E0504", Some(subject.id.span), &path, message, hint);
        }
        rows
    }

    /// An actor without any weight wants nothing: only third parties and actors with terms of their own may be so.
    fn no_weights(&mut self, subject: Subject<'_>) {
        if subject.actor.role.text == "signatory" && subject.actor.terms.is_empty() {
            let message = format!("`{}` signs, but has no weights: nothing matters to it", subject.id.text);
            let hint = Some("write weights = { <issue> = .. } and values.<issue>".to_owned());
            self.problems.error("E0504", Some(subject.id.span), subject.path, message, hint);
        }
    }

    fn weight_row(&mut self, map: &Map<Number>, subject: Subject<'_>, issues: &[Issue]) -> Vec<Value> {
        let known: Vec<&str> = ids(&self.spec.issues).collect();
        let mut row = vec![Value::Const(0.0); issues.len()];
        for (name, number) in map {
            let weight = self.value(number, Sink::any_in_step().not_negative().seeing(subject.sees));
            let Some(index) = self.find(&known, name, &number.path, "an issue") else { continue };
            let valued = subject.actor.values.iter().any(|(issue, _)| issue.text == name.text);
            if !valued && weight != Value::Const(0.0) {
                let message = format!("`{}` weighs `{}`, but values none of its options", subject.id.text, name.text);
                let hint = Some(format!("write values.{} = [..], one number an option", name.text));
                self.problems.error("E0504", Some(name.span), &number.path, message, hint);
            }
            row[index] = weight;
        }
        row
    }

    /// Values of the options, by issue.
    fn option_values(&mut self, subject: Subject<'_>, issues: &[Issue]) -> Vec<OptionValues> {
        let known: Vec<&str> = ids(&self.spec.issues).collect();
        let mut out = vec![OptionValues::None; issues.len()];
        for (name, values) in &subject.actor.values {
            let path = format!("{}.values.{}", subject.path, name.text);
            let Some(index) = self.find(&known, name, &path, "an issue") else { continue };
            let weighed = match &subject.actor.weights {
                Weights::All(map) => map.iter().any(|(issue, _)| issue.text == name.text),
                Weights::ByType(map) => map.iter().any(|(_, row)| row.iter().any(|(issue, _)| issue.text == name.text)),
            };
            if !weighed {
                let message = format!("`{}` values `{}`, but gives it no weight", subject.id.text, name.text);
                let hint = Some(format!("write weights.{} = .., or leave the values out", name.text));
                self.problems.error("E0504", Some(name.span), &path, message, hint);
            }
            out[index] = self.values_of(values, (name, &path), &issues[index], subject.sees);
        }
        out
    }

    fn values_of(&mut self, values: &Values, (name, path): (&Name, &str), issue: &Issue, sees: Sees) -> OptionValues {
        let sink = Sink::any_in_step().seeing(sees);
        match values {
            Values::Expr(number) if issue.numeric => self.value_curve(number, issue, sees),
            Values::Expr(number) => {
                let message = format!("`{}` has named options: one value an option is needed", issue.id);
                let hint = Some(format!("write values.{} = [..]", issue.id));
                self.problems.error("E0502", Some(number.span), path, message, hint);
                OptionValues::None
            }
            Values::List(_) | Values::Named(_) if issue.numeric => {
                let message = format!("`{}` is numeric: an expression over it is needed", issue.id);
                let hint = Some(format!("write values.{0} = \"{0}\" or \"1 - {0}\"", issue.id));
                self.problems.error("E0502", Some(name.span), path, message, hint);
                OptionValues::None
            }
            Values::List(list) => {
                let options = issue.options.len();
                if list.len() != options {
                    let message = format!("{} values for {options} options of `{}`", list.len(), issue.id);
                    self.problems.error("E0502", Some(name.span), path, message, None);
                }
                OptionValues::List(list.iter().map(|number| self.value(number, sink)).collect())
            }
            Values::Named(map) => self.named_values(map, (name, path), issue, sink),
        }
    }

    /// An expression over the issue's own number; other issues have no part in it.
    fn value_curve(&mut self, number: &Number, issue: &Issue, sees: Sees) -> OptionValues {
        let Some(program) = self.program(number, Sink::any().seeing(sees)) else { return OptionValues::None };
        let own = self.names.lookup(&issue.id).map(|variable| variable.slot);
        let foreign =
            program.reads().iter().find(|slot| Some(**slot) != own && !self.names.issues_at(**slot).is_empty());
        if let Some((name, _)) = foreign.and_then(|slot| self.names.at(*slot)) {
            let message = format!("the value of `{}` cannot depend on `{name}`", issue.id);
            let hint = Some("what issues are worth together belongs into `terms`".to_owned());
            self.problems.error("E0304", Some(number.span), &number.path, message, hint);
        }
        OptionValues::Expr(program)
    }

    fn named_values(
        &mut self,
        map: &Map<Number>,
        (name, path): (&Name, &str),
        issue: &Issue,
        sink: Sink,
    ) -> OptionValues {
        let options: Vec<&str> = issue.options.iter().map(|option| option.id.as_str()).collect();
        let mut out = vec![None; options.len()];
        for (option, number) in map {
            let value = self.value(number, sink);
            if let Some(index) = self.find(&options, option, &number.path, "an option") {
                out[index] = Some(value);
            }
        }
        if let Some(missing) = out.iter().position(Option::is_none) {
            let message = format!("the option `{}` has no value, every option must be listed", options[missing]);
            self.problems.error("E0502", Some(name.span), path, message, None);
        }
        OptionValues::List(out.into_iter().map(|value| value.unwrap_or(Value::Const(0.0))).collect())
    }

    fn red_lines(&mut self, subject: Subject<'_>, guarded: &BTreeSet<usize>) -> Vec<RedLine> {
        let mut out = Vec::new();
        for (id, line) in &subject.actor.red_lines {
            let path = format!("{}.red_lines.{}", subject.path, id.text);
            let types = self.types_named(subject.actor, &line.types, &format!("{path}.types"));
            let penalty = self.penalty(line, subject, (id, &path));
            let Some(when) = self.condition(&line.when, Stage::Package, Sees::Common) else { continue };
            let issues: BTreeSet<usize> = when.reads().iter().flat_map(|slot| self.names.issues_at(*slot)).collect();
            let on_guarantee = !issues.is_disjoint(guarded);
            out.push(RedLine { when, penalty, types, on_guarantee });
        }
        out
    }

    fn penalty(&mut self, line: &written::RedLine, subject: Subject<'_>, (id, path): (&Name, &str)) -> Penalty {
        match (&line.penalty, &line.victory) {
            (Some(number), None) => {
                let sink = Sink::stepwise(Kind::Flow).not_negative().seeing(subject.sees);
                Penalty::Value(self.value(number, sink))
            }
            (None, Some(victory)) => Penalty::Distance(self.ending(victory, &format!("{path}.victory"))),
            (Some(_), Some(victory)) => {
                let message = "`penalty` and `victory` both say how large the penalty is";
                self.problems.error("E0111", Some(victory.span), path, message, Some("keep one of them".to_owned()));
                Penalty::Value(Value::Const(0.0))
            }
            (None, None) => {
                let message = "the red line has neither `penalty` nor `victory`";
                let hint = "write penalty = .., or victory = \"<ending>\": then it costs what that ending is away from \
                            the status quo";
                self.problems.error("E0501", Some(id.span), path, message, Some(hint.to_owned()));
                Penalty::Value(Value::Const(0.0))
            }
        }
    }

    fn value_terms(&mut self, subject: Subject<'_>) -> Vec<ValueTerm> {
        let sees = if self.attacks_somebody(&subject.id.text) { Sees::Attacker } else { Sees::Deterrence };
        let deterrence = self.names.layout.g..=self.names.layout.attack_prob;
        let mut out = Vec::with_capacity(subject.actor.terms.len());
        for (id, term) in &subject.actor.terms {
            let path = format!("{}.terms.{}", subject.path, id.text);
            let value = self.value(&term.value, Sink::valued(Kind::Flow).seeing(sees));
            let reads_g = match &value {
                Value::Program(program) => program
                    .reads()
                    .iter()
                    .any(|slot| matches!(slot, crate::model::expr::Slot::Lane(lane) if deterrence.contains(lane))),
                Value::Const(_) | Value::Scalar(_) => false,
            };
            let types = self.types_named(subject.actor, &term.types, &format!("{path}.types"));
            out.push(ValueTerm { id: id.text.clone(), value, types, reads_g });
        }
        out
    }
}
