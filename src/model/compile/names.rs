//! The names that expressions may use, where each lives, and who may read it.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::of_sort;
use crate::id::ActorId;
use crate::model::expr::{ChoiceId, Interval, Scope, Slot, Stage, Type, Variable};
use crate::model::kind::Kind;
use crate::model::layout::{EndVariable, Layout, Sizes};
use crate::spec::model::{Effect, Name, Options, Spec};
use crate::spec::problem::Problems;

/// Words of the expression language: no id may be one of them.
const WORDS: [&str; 17] = [
    "and",
    "or",
    "not",
    "in",
    "if",
    "true",
    "false",
    "min",
    "max",
    "clamp",
    "abs",
    "sqrt",
    "exp",
    "ln",
    "logistic",
    "piecewise",
    "count",
];

/// Members of fixed sets: no parameter, state, derived value or issue may be called so.
const MEMBERS: [&str; 4] = ["war", "truce", "settled", "nobody"];

/// Regimes, in the order of [`crate::model::Regime`].
const REGIMES: [&str; 3] = ["war", "truce", "settled"];

/// Counters of public acts never exceed this.
const MOST_ACTS: f64 = 1e6;

/// What a name belongs to; decides who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// A parameter.
    Parameter,
    /// A parameter that only one actor knows.
    Private(ActorId),
    /// A state variable.
    State,
    /// A derived value.
    Derived,
    /// Something of the step: month, regime, public acts, types.
    Step,
    /// `years_ahead`.
    YearsAhead,
    /// An issue.
    Issue,
    /// `G`, `G_hat`, `attack_prob`.
    Deterrence,
    /// Known at the end only.
    End,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    variable: Variable,
    group: Group,
}

/// All names of one model.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    entries: BTreeMap<String, Entry>,
    by_slot: BTreeMap<Slot, String>,
    sets: Vec<Vec<String>>,
    /// Names whose own definition has an error: what follows from them is not reported.
    pub shaky: BTreeSet<String>,
    /// Lane slots.
    pub layout: Layout,
    /// Issues that a derived value depends on, by lane slot.
    pub derived_issues: BTreeMap<u32, BTreeSet<usize>>,
    n_issues: u32,
}

impl Scope for Names {
    fn lookup(&self, name: &str) -> Option<Variable> {
        self.entries.get(name).map(|entry| entry.variable)
    }

    fn members(&self, id: ChoiceId) -> &[String] {
        &self.sets[usize::from(id.0)]
    }

    fn names(&self) -> Vec<String> {
        self.entries.keys().cloned().collect()
    }
}

impl Names {
    /// Name and group of the variable in a slot.
    pub fn at(&self, slot: Slot) -> Option<(&str, Group)> {
        let name = self.by_slot.get(&slot)?;
        self.entries.get(name).map(|entry| (name.as_str(), entry.group))
    }

    /// Replaces what is known about a declared name.
    pub fn update(&mut self, name: &str, variable: Variable) {
        if let Some(entry) = self.entries.get_mut(name) {
            if self.by_slot.get(&entry.variable.slot).is_some_and(|holder| holder == name) {
                self.by_slot.remove(&entry.variable.slot);
            }
            entry.variable = variable;
            self.by_slot.insert(variable.slot, name.to_owned());
        }
    }

    /// Replaces the range of a declared name.
    pub fn set_range(&mut self, name: &str, range: Interval) {
        if let Some(entry) = self.entries.get_mut(name) {
            entry.variable.range = range;
        }
    }

    /// Issues that a lane slot stands for: the issue itself, or those that a derived value depends on.
    pub fn issues_at(&self, slot: Slot) -> BTreeSet<usize> {
        match slot {
            Slot::Lane(lane) if (self.layout.issues..self.layout.issues + self.n_issues).contains(&lane) => {
                BTreeSet::from([(lane - self.layout.issues) as usize])
            }
            Slot::Lane(lane) => self.derived_issues.get(&lane).cloned().unwrap_or_default(),
            Slot::Scalar(_) => BTreeSet::new(),
        }
    }

    fn add_set(&mut self, members: impl IntoIterator<Item = String>) -> (ChoiceId, Interval) {
        let members: Vec<String> = members.into_iter().collect();
        let last = members.len().saturating_sub(1) as f64;
        self.sets.push(members);
        (ChoiceId(u16::try_from(self.sets.len() - 1).unwrap_or(u16::MAX)), Interval::new(0.0, last))
    }

    /// Adds a name; false if it is taken.
    fn add(&mut self, name: &str, group: Group, variable: Variable) -> bool {
        if self.entries.contains_key(name) {
            return false;
        }
        self.by_slot.insert(variable.slot, name.to_owned());
        self.entries.insert(name.to_owned(), Entry { variable, group });
        true
    }
}

/// Sizes of the lane slots that a spec needs.
fn sizes(spec: &Spec) -> Sizes {
    Sizes {
        states: spec.states.len(),
        derived: spec.derived.len(),
        actors: spec.actors.len(),
        private: spec.params.iter().filter(|(_, param)| param.private_to.is_some()).count(),
        issues: spec.issues.len(),
        coalitions: spec.coalitions.len(),
        fading: effects_of(spec).filter(|effect| effect.decay_per_month.is_some()).count(),
        pledges: pledges_of(spec).count(),
        instruments: spec.instruments.len().max(1),
        tallies: spec.tallies.len(),
    }
}

/// Effects of levers, of events and of what came before the start.
fn effects_of(spec: &Spec) -> impl Iterator<Item = &Effect> {
    let levers = spec.levers.iter().flat_map(|(_, lever)| &lever.effects);
    let events = spec.events.iter().flat_map(|(_, event)| &event.effects);
    let prologue = spec.prologue.iter().flat_map(|event| &event.effects);
    levers.chain(events).chain(prologue).map(|(_, effect)| effect)
}

/// Names of the threats and promises of all levers: of each its threat, then its promise.
fn pledges_of(spec: &Spec) -> impl Iterator<Item = String> {
    spec.levers.iter().flat_map(|(id, lever)| {
        let threat = lever.threat.iter().map(|_| format!("threatened.{}", id.text));
        threat.chain(lever.promise.iter().map(|_| format!("promised.{}", id.text)))
    })
}

/// Declares every name of the model. Ranges that are not yet known (parameters, numeric issues, months) are unbounded
/// until their sections are compiled.
pub(super) fn declare(spec: &Spec, problems: &mut Problems) -> Names {
    let n_issues = u32::try_from(spec.issues.len()).unwrap_or(u32::MAX);
    let mut names = Names { layout: Layout::new(sizes(spec)), n_issues, ..Names::default() };
    built_in(&mut names, spec);
    declared(&mut names, spec, problems);
    of_actors(&mut names, spec, problems);
    commitments(&mut names, spec);
    at_the_end(&mut names, spec);
    members(spec, problems);
    names
}

fn lane(slot: u32, ty: Type, range: Interval, stage: Stage) -> Variable {
    Variable { slot: Slot::Lane(slot), ty, range, stage }
}

fn built_in(names: &mut Names, spec: &Spec) {
    let layout = names.layout;
    let index = Type::Number(Kind::Index);
    let months = Type::Number(Kind::Months);
    let since = Interval::new(0.0, f64::INFINITY);
    let acts = Interval::new(0.0, MOST_ACTS);
    let (regime, regimes) = names.add_set(REGIMES.map(str::to_owned));
    let actors = spec.actors.iter().map(|(id, _)| id.text.clone());
    let (party, parties) = names.add_set(actors.chain(["nobody".to_owned()]));
    let chance = Type::Number(Kind::Probability);
    let rows = [
        ("month", Group::Step, lane(layout.month, months, since, Stage::Step)),
        ("months_in_regime", Group::Step, lane(layout.months_in_regime, months, since, Stage::Step)),
        ("regime", Group::Step, lane(layout.regime, Type::Choice(regime), regimes, Stage::Step)),
        ("years_ahead", Group::YearsAhead, lane(layout.years_ahead, Type::Number(Kind::Years), since, Stage::Step)),
        ("mediating", Group::Step, lane(layout.mediating, Type::Bool, Interval::UNIT, Stage::Step)),
        ("G", Group::Deterrence, lane(layout.g, chance, Interval::UNIT, Stage::Package)),
        ("G_hat", Group::Deterrence, lane(layout.g_hat, chance, Interval::UNIT, Stage::Package)),
        ("attack_prob", Group::Deterrence, lane(layout.attack_prob, chance, Interval::UNIT, Stage::Package)),
        ("offered_by", Group::Step, lane(layout.offered_by, Type::Choice(party), parties, Stage::Step)),
        ("refused_by", Group::Step, lane(layout.refused_by, Type::Choice(party), parties, Stage::Step)),
        ("broken_by", Group::Step, lane(layout.broken_by, Type::Choice(party), parties, Stage::Step)),
        ("failed_votes", Group::Step, lane(layout.failed_votes, index, acts, Stage::Step)),
    ];
    for (name, group, variable) in rows {
        names.add(name, group, variable);
    }
    for (slot, (id, coalition)) in (0..).zip(&spec.coalitions) {
        let members = coalition.contributions.len() as f64;
        let troops = lane(layout.pledged + slot, index, since, Stage::Step);
        names.add(&format!("pledged.{}", id.text), Group::Step, troops);
        let partners = lane(layout.partners + slot, index, Interval::new(0.0, members), Stage::Step);
        names.add(&format!("partners.{}", id.text), Group::Step, partners);
    }
    for (slot, id) in (layout.signed..).zip(instrument_ids(spec)) {
        names.add(&format!("signed.{id}"), Group::Step, lane(slot, Type::Bool, Interval::UNIT, Stage::Step));
    }
    for (word, first) in [("stands", layout.stands), ("ended", layout.ended)] {
        for (slot, id) in (first..).zip(instrument_ids(spec)).filter(|_| spec.instruments.len() > 1) {
            names.add(&format!("{word}.{id}"), Group::Step, lane(slot, Type::Bool, Interval::UNIT, Stage::Step));
        }
    }
}

/// Kind that a unit names; unknown units are reported where the element is compiled.
fn kind_of(unit: Option<&Name>) -> Kind {
    unit.and_then(|unit| Kind::from_name(&unit.text)).unwrap_or(Kind::Index)
}

/// Parameters, states, derived values and issues: they share one space of bare names.
fn declared(names: &mut Names, spec: &Spec, problems: &mut Problems) {
    let layout = names.layout;
    let (mut scalar, mut private) = (0, layout.private);
    for (id, param) in &spec.params {
        let unit = param.notes.unit.as_ref().or(param.value.notes.unit.as_ref());
        let ty = Type::Number(kind_of(unit));
        let variable = if param.private_to.is_some() {
            private += 1;
            lane(private - 1, ty, Interval::ALL, Stage::Step)
        } else {
            scalar += 1;
            Variable { slot: Slot::Scalar(scalar - 1), ty, range: Interval::ALL, stage: Stage::Replication }
        };
        let owner = |name: &Name| spec.actors.iter().position(|(id, _)| id.text == name.text).map(ActorId::new);
        let group = param.private_to.as_ref().and_then(owner).map_or(Group::Parameter, Group::Private);
        declare_bare(names, ("params", id), group, variable, problems);
    }
    for (slot, (id, state)) in (layout.state..).zip(&spec.states) {
        let range = Interval::new(state.range.low, state.range.high);
        let variable = lane(slot, Type::Number(kind_of(state.notes.unit.as_ref())), range, Stage::Step);
        declare_bare(names, ("state", id), Group::State, variable, problems);
    }
    for (slot, (id, derived)) in (layout.derived..).zip(&spec.derived) {
        let range = Interval::new(derived.range.low, derived.range.high);
        let unit = derived.notes.unit.as_ref().or(derived.value.notes.unit.as_ref());
        let variable = lane(slot, Type::Number(kind_of(unit)), range, Stage::Step);
        declare_bare(names, ("derived", id), Group::Derived, variable, problems);
    }
    for (index, (id, issue)) in spec.issues.iter().enumerate() {
        let (ty, range) = issue_type(names, &issue.options);
        let variable = lane(layout.issues + index as u32, ty, range, Stage::Package);
        declare_bare(names, ("issues", id), Group::Issue, variable, problems);
        let offered = lane(layout.offered + index as u32, ty, range, Stage::Step);
        names.add(&format!("offered.{}", id.text), Group::Step, offered);
        let predicted = lane(layout.predicted + index as u32, ty, range, Stage::End);
        names.add(&format!("predicted.{}", id.text), Group::End, predicted);
    }
}

fn issue_type(names: &mut Names, options: &Options) -> (Type, Interval) {
    match options {
        Options::Grid { .. } => (Type::Number(Kind::Index), Interval::ALL),
        Options::Named(options) => {
            let (choice, range) = names.add_set(options.iter().map(|option| option.id.text.clone()));
            (Type::Choice(choice), range)
        }
    }
}

fn declare_bare(names: &mut Names, at: (&str, &Name), group: Group, variable: Variable, problems: &mut Problems) {
    let (section, id) = at;
    let path = format!("{section}.{}", id.text);
    if let Some(message) = reserved(&id.text, &MEMBERS) {
        problems.error("E0204", Some(id.span), path, message, Some("choose another id".to_owned()));
        return;
    }
    let taken = names.entries.get(&id.text).map(|entry| entry.group);
    if let Some(taken) = taken {
        let other = match taken {
            Group::Parameter | Group::Private(_) => "a parameter",
            Group::State => "a state",
            Group::Derived => "a derived value",
            Group::Issue => "an issue",
            Group::Step | Group::YearsAhead | Group::Deterrence | Group::End => "a reserved name",
        };
        let message = format!("the name `{}` is already {other}", id.text);
        problems.error("E0204", Some(id.span), path, message, Some("rename one of them".to_owned()));
    }
    names.add(&id.text, group, variable);
}

fn reserved(id: &str, more: &[&str]) -> Option<String> {
    if WORDS.contains(&id) {
        return Some(format!("`{id}` is a word of the expression language"));
    }
    more.contains(&id).then(|| format!("`{id}` is a reserved name"))
}

fn of_actors(names: &mut Names, spec: &Spec, problems: &mut Problems) {
    let layout = names.layout;
    for (index, (id, actor)) in spec.actors.iter().enumerate() {
        let index = index as u32;
        let refusals =
            lane(layout.refusals + index, Type::Number(Kind::Index), Interval::new(0.0, MOST_ACTS), Stage::Step);
        names.add(&format!("refusals.{}", id.text), Group::Step, refusals);
        if actor.types.is_empty() {
            continue;
        }
        let (choice, range) = names.add_set(actor.types.iter().map(|(id, _)| id.text.clone()));
        let variable = lane(layout.types + index, Type::Choice(choice), range, Stage::Step);
        if !names.add(&format!("{}.type", id.text), Group::Step, variable) {
            let message = format!("the name `{}.type` means two things", id.text);
            problems.error("E0204", Some(id.span), format!("actors.{}", id.text), message, None);
        }
    }
}

/// What has been announced, and what became of it; only where something can be announced.
fn commitments(names: &mut Names, spec: &Spec) {
    let layout = names.layout;
    for (slot, name) in (layout.announced..).zip(pledges_of(spec)) {
        names.add(&name, Group::Step, lane(slot, Type::Bool, Interval::UNIT, Stage::Step));
    }
    if layout.n_pledges == 0 {
        return;
    }
    let counts = (Type::Number(Kind::Index), Interval::new(0.0, MOST_ACTS));
    let rows = [
        ("credibility", layout.credibility, (Type::Number(Kind::Probability), Interval::UNIT)),
        ("broken", layout.broken, counts),
        ("kept", layout.kept, counts),
    ];
    for (word, first, (ty, range)) in rows {
        for (slot, (id, _)) in (first..).zip(&spec.actors) {
            names.add(&format!("{word}.{}", id.text), Group::Step, lane(slot, ty, range, Stage::Step));
        }
    }
}

/// Ids of the instruments: the declared ones, else `settlement` alone.
fn instrument_ids(spec: &Spec) -> Vec<&str> {
    let declared: Vec<&str> = super::resolve::ids(&spec.instruments).collect();
    if declared.is_empty() { vec!["settlement"] } else { declared }
}

fn at_the_end(names: &mut Names, spec: &Spec) {
    let endings = spec.endings.iter().map(|(id, _)| id.text.clone());
    let (ending, endings) = names.add_set(["none".to_owned()].into_iter().chain(endings));
    let months = Type::Number(Kind::Months);
    let since = Interval::new(0.0, f64::INFINITY);
    let or_none = Interval::new(-1.0, f64::INFINITY);
    for (slot, (variable, name)) in (names.layout.end..).zip(EndVariable::ALL) {
        let (ty, range) = match variable {
            EndVariable::Attacked
            | EndVariable::Answered
            | EndVariable::Lost
            | EndVariable::WalkedOut
            | EndVariable::BrokeDown => (Type::Bool, Interval::UNIT),
            EndVariable::EndMonth | EndVariable::RipeMonths | EndVariable::TruceMonths => (months, since),
            EndVariable::AgreementMonth | EndVariable::AttackMonth => (months, or_none),
            EndVariable::Ending => (Type::Choice(ending), endings),
            EndVariable::ZopaWidth => (Type::Number(Kind::Flow), Interval::ALL),
            EndVariable::Forecast => (Type::Number(Kind::Probability), Interval::new(-1.0, 1.0)),
            EndVariable::Offers | EndVariable::TrucesBroken => {
                (Type::Number(Kind::Index), Interval::new(0.0, MOST_ACTS))
            }
        };
        names.add(name, Group::End, lane(slot, ty, range, Stage::End));
    }
    for (slot, (id, _)) in (names.layout.prospect..).zip(&spec.actors) {
        let prospect = lane(slot, Type::Number(Kind::Flow), Interval::ALL, Stage::End);
        names.add(&format!("prospect.{}", id.text), Group::End, prospect);
    }
    for (slot, (id, tally)) in (names.layout.totals..).zip(&spec.tallies) {
        let ty = Type::Number(kind_of(tally.notes.unit.as_ref()));
        names.add(&format!("total.{}", id.text), Group::End, lane(slot, ty, Interval::ALL, Stage::End));
    }
}

/// Refuses members of sets that could not be written in an expression or that mean something else there.
fn members(spec: &Spec, problems: &mut Problems) {
    let mut check = |id: &Name, path: String, more: &[&str]| {
        if let Some(message) = reserved(&id.text, more) {
            problems.error("E0204", Some(id.span), path, message, Some("choose another id".to_owned()));
        }
    };
    for (id, actor) in &spec.actors {
        check(id, of_sort("actors", id), &["nobody"]);
        for (kind, _) in &actor.types {
            check(kind, format!("actors.{}.types.{}", id.text, kind.text), &[]);
        }
    }
    for (id, _) in &spec.endings {
        check(id, of_sort("endings", id), &["none"]);
    }
    for (id, issue) in &spec.issues {
        if let Options::Named(options) = &issue.options {
            for option in options {
                check(&option.id, format!("issues.{}.options.{}", id.text, option.id.text), &[]);
            }
        }
    }
}
