//! Levers and events with their effects on the state.

use super::Context;
use super::clock::months_between;
use super::resolve::{ids, of_sort, position};
use super::sink::{Sees, Sink};
use crate::id::{ActorId, BodyId, StateId};
use crate::model::expr::Stage;
use crate::model::kind::Kind;
use crate::model::{CostKind, Effect, Event, Fading, Lever, Owner, Pledge, Regime, Signal, Trigger};
use crate::rng::Entity;
use crate::spec::model::{self as written, EffectOp, Map, Name, Notes};

/// Most uses that can be declared; more is unlimited in all but name.
const MOST_USES: f64 = 1e9;

const COSTS: [(&str, (CostKind, Kind)); 3] = [
    ("flow", (CostKind::Flow, Kind::Flow)),
    ("once", (CostKind::Once, Kind::Once)),
    ("present_value", (CostKind::PresentValue, Kind::PresentValue)),
];

/// Most events: which of them have happened is a bit set.
const MOST_EVENTS: usize = 64;

impl Context<'_> {
    /// Compiles all levers.
    pub fn levers(&mut self) -> Vec<Lever> {
        self.spec.levers.iter().map(|(id, lever)| self.lever(id, lever)).collect()
    }

    fn lever(&mut self, id: &Name, lever: &written::Lever) -> Lever {
        let path = of_sort("levers", id);
        let owner = self.owner(lever, &path);
        let target = lever.target.as_ref().map(|target| self.actor(target, &format!("{path}.target")));
        if lever.effects.is_empty() && lever.ends.is_none() {
            let hint = Some("name a state under `effects`, or write ends = \"mediation\"".to_owned());
            self.problems.error("E0108", Some(id.span), &path, "the lever has no effect", hint);
        }
        let phases = [
            ("talks", [true, true, false]),
            ("aftermath", [false, false, true]),
            ("war", [true, false, false]),
            ("truce", [false, true, false]),
        ];
        let phase: Vec<[bool; 3]> =
            lever.phase.iter().map(|word| self.word(word, &format!("{path}.phase"), &phases)).collect();
        let (cost_kind, kind) = self.word(&lever.cost.kind, &format!("{path}.cost.kind"), &COSTS);
        self.unsourced(&lever.cost.value, &[&lever.notes], false, &lever.cost.value.path);
        let cost = self.value(&lever.cost.value, Sink::valued(kind));
        let valued = Sees::Deterrence;
        let (ends_mediation, ends) = self.ends(lever.ends.as_ref(), &path);
        self.ends_a_truce(lever, ends, &path);
        let requires = lever.requires.as_ref().and_then(|by| self.deliverer(by, &format!("{path}.requires")));
        let saturation = Sink::drawn(Kind::Index).within(0.0, 1.0);
        Lever {
            id: id.text.clone(),
            owner,
            target,
            effects: self.effects(&lever.effects, Some(&lever.notes)),
            cost,
            cost_kind,
            cost_steps: self.cost_steps(&lever.cost, cost_kind, &path),
            cooldown_steps: self.steps(lever.cooldown_months.as_ref()),
            max_uses: self.max_uses(lever),
            saturation: self.or_default(lever.saturation.as_ref(), 1.0, saturation),
            requires,
            ends_mediation,
            ends,
            threat: self.pledge(id, lever, lever.threat.as_ref()),
            promise: self.pledge(id, lever, lever.promise.as_ref()),
            signal: self.signal(id, lever),
            entity: Entity::named(&path),
            when: lever.when.as_ref().and_then(|when| self.condition(when, Stage::Package, valued)),
            during: [0, 1, 2].map(|regime| {
                let by_default = phase.is_empty() && regime != Regime::Settled.index();
                by_default || phase.iter().any(|during| during[regime])
            }),
        }
    }

    /// What `ends` names: mediation, or an instrument that is not the settlement.
    fn ends(&mut self, name: Option<&Name>, path: &str) -> (bool, Option<u16>) {
        let Some(name) = name else { return (false, None) };
        if name.text == "mediation" {
            return (true, None);
        }
        let path = format!("{path}.ends");
        let known: Vec<&str> = ids(&self.spec.instruments).collect();
        let words: Vec<&str> = known.iter().copied().chain(["mediation"]).collect();
        let Some(index) = self.find(&words, name, &path, "an instrument") else { return (false, None) };
        let settles = self.spec.instruments[index].1.leads_to.as_ref().is_some_and(|word| word.text == "settled");
        if settles {
            let message = format!("`{}` is the settlement: attacks and hazards end it", name.text);
            self.problems.error("E0507", Some(name.span), &path, message, None);
        }
        (false, Some(index as u16))
    }

    /// A lever ends truces alone, and cannot be announced then: what it is worth is the war that follows.
    fn ends_a_truce(&mut self, lever: &written::Lever, ends: Option<u16>, path: &str) {
        let (Some(ends), Some(name)) = (ends, &lever.ends) else { return };
        let one = &self.spec.instruments[usize::from(ends)].1;
        if one.leads_to.as_ref().is_none_or(|word| word.text != "truce") {
            let message = format!("a lever ends a truce, `{}` leads to none", name.text);
            let hint = Some("let an event end it".to_owned());
            self.problems.error("E0507", Some(name.span), format!("{path}.ends"), message, hint);
        }
        if let Some(pledge) = lever.threat.as_ref().or(lever.promise.as_ref()) {
            let message = "a lever that ends a truce cannot be announced";
            self.problems.error("E0507", Some(pledge.span), path, message, None);
        }
    }

    /// Who moves it: actors one by one, or a body with the quota of the matter.
    fn owner(&mut self, lever: &written::Lever, path: &str) -> Owner {
        let path = format!("{path}.owner");
        let body = match &lever.owners[..] {
            [one] => position(&self.spec.bodies, &one.text).map(|body| (one, body)),
            _ => None,
        };
        let Some((name, body)) = body else {
            if let Some(matter) = &lever.matter {
                let message = "a matter is voted on by a body, the lever belongs to actors";
                self.problems.error("E0507", Some(matter.span), &path, message, Some("drop `matter`".to_owned()));
            }
            let mut actors: Vec<ActorId> = lever.owners.iter().map(|name| self.actor(name, &path)).collect();
            if actors.is_empty() {
                actors.push(ActorId::new(0));
            }
            return Owner::Actors(actors);
        };
        let Some(matter) = lever.matter.clone() else {
            let matters: Vec<&str> = ids(&self.spec.bodies[body].1.quota).collect();
            let message = format!("`{}` is a body: name the matter on which it votes", name.text);
            let listing = crate::spec::suggest::listing(&matters);
            let hint = format!("write matter = \"..\"; matters are the keys of its `quota`: {listing}");
            self.problems.error("E0501", Some(name.span), &path, message, Some(hint));
            return Owner::Body { body: BodyId::new(body), quota: 1.0 };
        };
        let voter = written::Deliverer { by: name.clone(), matter: Some(matter) };
        let quota = self.deliverer(&voter, &path).map_or(1.0, |voter| voter.quota);
        Owner::Body { body: BodyId::new(body), quota }
    }

    /// Whether the lever has one owner, an actor; else a complaint about `what`.
    fn sole_owner(&mut self, id: &Name, lever: &written::Lever, what: &str) -> Option<usize> {
        let actor = match &lever.owners[..] {
            [one] => position(&self.spec.actors, &one.text),
            _ => None,
        };
        if actor.is_none() {
            let message = format!("{what} needs a single actor as `owner`");
            self.problems.error("E0507", Some(id.span), of_sort("levers", id), message, None);
        }
        actor
    }

    fn pledge(&mut self, id: &Name, lever: &written::Lever, pledge: Option<&written::Pledge>) -> Option<Pledge> {
        let pledge = pledge?;
        let slot = self.pledges;
        self.pledges += 1;
        self.sole_owner(id, lever, "a lever that is threatened or promised");
        if lever.requires.is_some() {
            let message = "a lever that `requires` consent cannot be announced: its owner could not keep its word";
            self.problems.error("E0507", Some(pledge.span), of_sort("levers", id), message, None);
        }
        if lever.target.is_none() {
            let message = "nobody is addressed: `target` is missing";
            let hint = Some("name the actor whom the threat or promise is to move".to_owned());
            self.problems.error("E0102", Some(pledge.span), of_sort("levers", id), message, hint);
        }
        let audience_cost =
            self.or_default(pledge.audience_cost.as_ref(), 0.0, Sink::valued(Kind::Flow).not_negative());
        let within_steps = self.some_steps(&pledge.within_months);
        let when = self.condition(&pledge.when, Stage::Package, Sees::Common)?;
        Some(Pledge { slot, when, unless: pledge.unless, within_steps, audience_cost })
    }

    fn signal(&mut self, id: &Name, lever: &written::Lever) -> Option<Signal> {
        let path = of_sort("levers", id);
        if !lever.signal {
            if let Some(span) = lever.receiver.as_ref().or(lever.likelihood.first().map(|(name, _)| name)) {
                let message = "`receiver` and `likelihood` belong to a lever with signal = true";
                self.problems.error("E0507", Some(span.span), &path, message, None);
            }
            return None;
        }
        let owner = self.sole_owner(id, lever, "a signal")?;
        let (name, actor) = &self.spec.actors[owner];
        if self.continuous.iter().any(|(continuous, _)| continuous.index() == owner) {
            let message = format!("`{}` has a continuous type, a signal tells named types apart", name.text);
            self.problems.error("E0507", Some(id.span), &path, message, None);
        }
        let naive = lever.receiver.as_ref().is_some_and(|word| word.text == "naive");
        if !naive {
            if let Some((first, _)) = lever.likelihood.first() {
                let message = "receivers who work out the chances themselves need no `likelihood`";
                let hint = Some("write receiver = \"naive\", or drop `likelihood`".to_owned());
                self.problems.error("E0507", Some(first.span), &path, message, hint);
            }
            return Some(Signal { likelihood: Vec::new() });
        }
        if lever.likelihood.is_empty() {
            let message = "naive receivers need a `likelihood` of the use for every type of the owner";
            self.problems.error("E0102", Some(id.span), &path, message, None);
            return None;
        }
        let numbers = written::ByType::Each(lever.likelihood.clone());
        Some(Signal { likelihood: self.by_type(&numbers, actor, Sink::drawn(Kind::Probability)) })
    }

    fn cost_steps(&mut self, cost: &written::Cost, kind: CostKind, path: &str) -> f64 {
        match (kind, &cost.months) {
            (CostKind::Flow, Some(months)) => {
                self.constant(months, Sink::fixed(Kind::Months).positive()).unwrap_or(1.0) / self.months_per_step
            }
            (CostKind::Flow, None) => {
                let message = "a flow is paid for some time: `months` is missing";
                self.problems.error("E0102", Some(cost.kind.span), format!("{path}.cost"), message, None);
                1.0
            }
            (CostKind::Once | CostKind::PresentValue, Some(months)) => {
                let message = format!("`months` belongs to a flow, the kind is `{}`", cost.kind.text);
                self.problems.error("E0507", Some(months.span), &months.path, message, None);
                1.0
            }
            (CostKind::Once | CostKind::PresentValue, None) => 1.0,
        }
    }

    fn max_uses(&mut self, lever: &written::Lever) -> u32 {
        let Some(number) = &lever.max_uses else { return u32::MAX };
        let uses = self.constant(number, Sink::fixed(Kind::Index).within(1.0, MOST_USES)).unwrap_or(1.0);
        if uses.fract() != 0.0 {
            self.problems.error("E0306", Some(number.span), &number.path, "a whole number of uses is needed", None);
        }
        uses as u32
    }

    /// Compiles effects; with notes of the element around, literals without a source are pointed out.
    pub fn effects(&mut self, effects: &Map<written::Effect>, around: Option<&Notes>) -> Vec<Effect> {
        let known: Vec<&str> = ids(&self.spec.states).collect();
        let mut out = Vec::with_capacity(effects.len());
        for (name, effect) in effects {
            let Some(index) = self.find(&known, name, &effect.amount.path, "a state") else { continue };
            if let Some(notes) = around {
                self.unsourced(&effect.amount, &[notes], false, &effect.amount.path);
            }
            out.push(self.effect(index, effect));
        }
        out
    }

    fn effect(&mut self, index: usize, effect: &written::Effect) -> Effect {
        let state = &self.spec.states[index].1;
        let kind = state.notes.unit.as_ref().and_then(|unit| Kind::from_name(&unit.text)).unwrap_or(Kind::Index);
        let set = effect.op == EffectOp::Set;
        let sink = Sink::valued(kind);
        let sink = if set {
            Sink { declared: true, ..sink.within(state.range.low, state.range.high) }
        } else {
            sink.within(f64::NEG_INFINITY, f64::INFINITY)
        };
        if let (true, Some(duration)) = (set, &effect.duration_months) {
            let message = "what was set cannot be taken back: `duration_months` belongs to an added amount";
            self.problems.error("E0507", Some(duration.span), &duration.path, message, None);
        }
        let fading = effect.decay_per_month.as_ref().map(|rate| {
            let slot = self.fading;
            self.fading += 1;
            Fading { slot, rate: self.value(rate, Sink::drawn(Kind::PerMonth)) }
        });
        Effect {
            state: StateId::new(index),
            set,
            amount: self.value(&effect.amount, sink),
            delay_steps: self.steps(effect.delay_months.as_ref()),
            duration_steps: effect.duration_months.as_ref().map(|months| self.some_steps(months)),
            fading,
        }
    }

    /// Compiles all events.
    pub fn events(&mut self) -> Vec<Event> {
        let events = &self.spec.events;
        if let Some((id, _)) = events.get(MOST_EVENTS) {
            let message = format!("{} events are declared, at most {MOST_EVENTS} are allowed", events.len());
            self.problems.error("E0507", Some(id.span), "events", message, None);
        }
        events.iter().filter_map(|(id, event)| self.event(id, event)).collect()
    }

    fn event(&mut self, id: &Name, event: &written::Event) -> Option<Event> {
        let path = of_sort("events", id);
        let effects = self.effects(&event.effects, None);
        let (ends_mediation, ends) = self.ends(event.ends.as_ref(), &path);
        if event.effects.is_empty() && event.ends.is_none() {
            let hint = Some("give it `effects` or `ends`".to_owned());
            self.problems.error("E0102", Some(id.span), &path, "the event does nothing", hint);
        }
        let trigger = self.trigger(id, event, &path)?;
        Some(Event { id: id.text.clone(), trigger, effects, ends_mediation, ends })
    }

    fn trigger(&mut self, id: &Name, event: &written::Event, path: &str) -> Option<Trigger> {
        match (&event.when, event.on) {
            (Some(when), None) => self.condition(when, Stage::Package, Sees::Common).map(Trigger::When),
            (None, Some(on)) => {
                let span = event.date.as_ref().map(|date| date.span);
                let Some(start) = self.spec.model.start else {
                    let message = "an event has a date, but the model has no `start`";
                    let hint = Some("write start = 2025-02-18 under [model], or use `when`".to_owned());
                    self.problems.error("E0506", span, path, message, hint);
                    return None;
                };
                let months = months_between(start, on);
                if months < 0.0 {
                    let message = format!("the event lies before the start, {start}");
                    let hint = Some("change the initial state instead".to_owned());
                    self.problems.error("E0506", span, path, message, hint);
                    return None;
                }
                Some(Trigger::Step((months / self.months_per_step).round() as usize))
            }
            (Some(_), Some(_)) | (None, None) => {
                let message = "exactly one of `when` and `date` is needed";
                self.problems.error("E0111", Some(id.span), path, message, None);
                None
            }
        }
    }
}
