//! States, derived values and hazards.

use std::collections::BTreeSet;

use super::Context;
use super::order::order;
use super::resolve::of_sort;
use super::sink::{Sees, Sink};
use crate::model::expr::{self, Interval, Place, Scope, Slot, Stage, Type, Variable, Want, names_in};
use crate::model::kind::Kind;
use crate::model::{Derived, Hazard, Regime, State, Tally, Value};
use crate::rng::Entity;
use crate::spec::model::{self as written, Form, Name};
use crate::spec::problem::Problems;

impl Context<'_> {
    /// Compiles all states.
    pub fn states(&mut self) -> Vec<State> {
        self.spec.states.iter().map(|(id, state)| self.state(id, state)).collect()
    }

    fn state(&mut self, id: &Name, state: &written::State) -> State {
        let path = of_sort("state", id);
        self.notes(&state.notes, &path, true);
        let kind = self.unit(state.notes.unit.as_ref(), &path).unwrap_or(Kind::Index);
        self.check_quantity(state.range, kind, &path);
        self.unsourced(&state.start, &[&state.notes], false, &state.start.path);
        let inside = Sink { declared: true, ..Sink::drawn(kind).within(state.range.low, state.range.high) };
        let start = self.value(&state.start, inside);
        let change = state.change.as_ref().and_then(|number| {
            let program = self.program(number, Sink::any())?;
            self.check_change(kind, program.kind().unwrap_or(Kind::Index), number);
            Some(program)
        });
        let open = Sink::drawn(kind).within(0.0, f64::INFINITY);
        let noise_sd = self.or_default(state.noise_sd.as_ref(), 0.0, open);
        let jump = state.jump.as_ref().map(|(chance, size)| {
            let chance = self.value(chance, Sink::drawn(Kind::Probability));
            (chance, self.or_default(size.as_ref(), 1.0, Sink::drawn(kind)))
        });
        let entity = Entity::named(&path);
        let (low, high) = (state.range.low, state.range.high);
        State { id: id.text.clone(), start, low, high, change, noise_sd, jump, entity }
    }

    /// A change per month is a pure number, a rate per month, or of the state's own kind.
    fn check_change(&mut self, kind: Kind, found: Kind, number: &written::Number) {
        if found.is_factor() || found == kind || found == Kind::PerMonth {
            return;
        }
        let message = format!("the change per month of `{kind}` cannot be `{found}`");
        let hint = found.conversion_to(Kind::PerMonth).map(str::to_owned);
        self.problems.error("E0303", Some(number.span), &number.path, message, hint);
    }

    /// Compiles all derived values, in an order in which each reads only earlier ones.
    pub fn derived(&mut self) -> Vec<Derived> {
        let derived = &self.spec.derived;
        let graph: Vec<Vec<usize>> = derived.iter().map(|(_, value)| self.derived_needs(value)).collect();
        let found = order(&graph);
        self.report_circles(&found.circles, |k| &derived[k].0, |k| &derived[k].1.value);
        let first = self.names.layout.derived;
        for (slot, at) in (first..).zip(&found.sequence) {
            let id = &derived[*at].0.text;
            if let Some(variable) = self.names.lookup(id) {
                self.names.update(id, Variable { slot: Slot::Lane(slot), ..variable });
            }
        }
        let mut out = Vec::with_capacity(derived.len());
        for (slot, at) in (first..).zip(&found.sequence) {
            if !found.circles.iter().any(|circle| circle.contains(at)) {
                let (id, value) = &derived[*at];
                out.extend(self.derived_value(id, value, slot));
            }
        }
        out
    }

    /// Derived values that a derived value reads, by position.
    fn derived_needs(&self, derived: &written::Derived) -> Vec<usize> {
        let Form::Expr(text) = &derived.value.form else { return Vec::new() };
        let first = self.names.layout.derived;
        let n = self.spec.derived.len() as u32;
        let place = Place { span: derived.value.span, path: &derived.value.path };
        let want = Want { ty: None, stage: Stage::Package, bounds: None, must_fit: false };
        // What is wrong with it is reported when it is compiled in its turn.
        let program = expr::compile(text, place, &self.names, want, &mut Problems::default());
        let slots: Vec<Slot> = match program {
            Some(program) => program.reads().to_vec(),
            None => names_in(text).iter().filter_map(|name| self.names.lookup(name)).map(|v| v.slot).collect(),
        };
        let position = |slot: Slot| match slot {
            Slot::Lane(lane) if (first..first + n).contains(&lane) => Some((lane - first) as usize),
            Slot::Lane(_) | Slot::Scalar(_) => None,
        };
        slots.into_iter().filter_map(position).collect()
    }

    fn derived_value(&mut self, id: &Name, derived: &written::Derived, slot: u32) -> Option<Derived> {
        let path = of_sort("derived", id);
        self.notes(&derived.notes, &path, true);
        if let (Some(_), Some(again)) = (&derived.notes.unit, &derived.value.notes.unit) {
            self.problems.error("E0111", Some(again.span), &path, "the unit is declared twice", None);
        }
        let unit = derived.notes.unit.as_ref().or(derived.value.notes.unit.as_ref());
        let kind = self.unit(unit, &path).unwrap_or(Kind::Index);
        self.check_quantity(derived.range, kind, &path);
        let range = Interval::new(derived.range.low, derived.range.high);
        let sink = Sink { declared: true, ..Sink::valued(kind).within(range.low, range.high) };
        let Some(program) = self.program(&derived.value, sink) else {
            self.names.shaky.insert(id.text.clone());
            return None;
        };
        let issues: BTreeSet<usize> = program.reads().iter().flat_map(|slot| self.names.issues_at(*slot)).collect();
        let on_package = !issues.is_empty();
        let stage = if on_package { Stage::Package } else { Stage::Step };
        let clamp = !program.range().fits(range, 0.0);
        self.names.derived_issues.insert(slot, issues);
        self.names.update(&id.text, Variable { slot: Slot::Lane(slot), ty: Type::Number(kind), range, stage });
        Some(Derived { id: id.text.clone(), program, low: range.low, high: range.high, clamp, on_package })
    }

    /// Compiles all hazards.
    pub fn hazards(&mut self) -> Vec<Hazard> {
        self.spec.hazards.iter().map(|(id, hazard)| self.hazard(id, hazard)).collect()
    }

    fn hazard(&mut self, id: &Name, hazard: &written::Hazard) -> Hazard {
        let path = of_sort("hazards", id);
        let words = Regime::ALL.map(|regime| (regime.word(), regime));
        let during: Vec<Regime> =
            hazard.during.iter().map(|word| self.word(word, &format!("{path}.during"), &words)).collect();
        if during.is_empty() {
            let hint = Some("write during = [\"war\"], [\"truce\"], [\"settled\"] or several".to_owned());
            self.problems.error("E0108", Some(id.span), &path, "the hazard runs in no regime", hint);
        }
        // Only in a settled register is it known, when the rate is valued, what its guarantee is worth.
        let sees = if during == [Regime::Settled] { Sees::Strength } else { Sees::Common };
        let (rate, per_month) = match (&hazard.per_month, &hazard.per_year) {
            (Some(rate), None) => (self.value(rate, Sink::valued(Kind::PerMonth).seeing(sees)), 1.0),
            (None, Some(rate)) => (self.value(rate, Sink::valued(Kind::PerYear).seeing(sees)), 1.0 / 12.0),
            (Some(_), Some(_)) | (None, None) => {
                let message = "exactly one of `per_month` and `per_year` is needed";
                self.problems.error("E0111", Some(id.span), &path, message, None);
                (Value::Const(0.0), 1.0)
            }
        };
        let ending = hazard.ending.as_ref().map(|ending| self.ending(ending, &format!("{path}.ending")));
        let [in_war, in_truce, when_settled] = Regime::ALL.map(|regime| during.contains(&regime));
        if let Some(word) = hazard.leads_to.as_ref().filter(|_| in_war || when_settled) {
            let message = "only a hazard of a truce can lead back to war";
            let hint = Some("write during = [\"truce\"], or name an `ending`".to_owned());
            self.problems.error("E0507", Some(word.span), format!("{path}.leads_to"), message, hint);
        }
        let distance = hazard.distance.as_ref().map(|number| self.value(number, Sink::valued(Kind::Index)));
        Hazard { id: id.text.clone(), in_war, in_truce, when_settled, rate, per_month, ending, distance }
    }

    /// Compiles all tallies.
    pub fn tallies(&mut self) -> Vec<Tally> {
        self.spec.tallies.iter().map(|(id, tally)| self.tally(id, tally)).collect()
    }

    fn tally(&mut self, id: &Name, tally: &written::Tally) -> Tally {
        let path = of_sort("tallies", id);
        let words = Regime::ALL.map(|regime| (regime.word(), regime));
        let during: Vec<Regime> =
            tally.during.iter().map(|word| self.word(word, &format!("{path}.during"), &words)).collect();
        self.notes(&tally.notes, &path, true);
        self.unit(tally.notes.unit.as_ref(), &path);
        let rate = self.value(&tally.per_month, Sink::any());
        Tally { id: id.text.clone(), during: Regime::ALL.map(|regime| during.contains(&regime)), rate }
    }
}
