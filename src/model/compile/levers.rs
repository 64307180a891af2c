//! Levers and events with their effects on the state.

use super::Context;
use super::clock::months_between;
use super::resolve::{ids, of_sort};
use super::sink::{Sees, Sink};
use crate::id::StateId;
use crate::model::expr::Stage;
use crate::model::kind::Kind;
use crate::model::{CostKind, Effect, Event, Lever, Trigger};
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
        let owner = self.actor(&lever.owner, &format!("{path}.owner"));
        let target = lever.target.as_ref().map(|target| self.actor(target, &format!("{path}.target")));
        if lever.effects.is_empty() {
            let hint = Some("name a state under `effects`".to_owned());
            self.problems.error("E0108", Some(id.span), &path, "the lever has no effect", hint);
        }
        let phases = [("talks", true), ("aftermath", false)];
        let phase: Vec<bool> =
            lever.phase.iter().map(|word| self.word(word, &format!("{path}.phase"), &phases)).collect();
        let (cost_kind, kind) = self.word(&lever.cost.kind, &format!("{path}.cost.kind"), &COSTS);
        self.unsourced(&lever.cost.value, &[&lever.notes], false, &lever.cost.value.path);
        let cost = self.value(&lever.cost.value, Sink::valued(kind));
        let valued = Sees::Deterrence;
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
            when: lever.when.as_ref().and_then(|when| self.condition(when, Stage::Package, valued)),
            in_talks: phase.is_empty() || phase.contains(&true),
            in_aftermath: phase.contains(&false),
        }
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
        Effect {
            state: StateId::new(index),
            set,
            amount: self.value(&effect.amount, sink),
            delay_steps: self.steps(effect.delay_months.as_ref()),
            duration_steps: effect.duration_months.as_ref().map(|months| self.some_steps(months)),
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
        if let Some(ends) = &event.ends {
            self.word(ends, &format!("{path}.ends"), &[("mediation", ())]);
        }
        let ends_mediation = event.ends.is_some();
        if event.effects.is_empty() && !ends_mediation {
            let hint = Some("give it `effects` or `ends`".to_owned());
            self.problems.error("E0102", Some(id.span), &path, "the event does nothing", hint);
        }
        let trigger = self.trigger(id, event, &path)?;
        Some(Event { id: id.text.clone(), trigger, effects, ends_mediation })
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
