//! Spec to model: every name resolved, every number compiled, everything that is wrong reported at once.
//!
//! The order of the sections is the order of what they need: names -> parameters -> clock -> bodies and issues ->
//! derived values -> state, hazards, endings -> guarantees and attacks -> actors -> the rest -> packages. A section with
//! an error leaves a placeholder, so that the others can be checked too; no model comes out of that.

mod actors;
mod behaviour;
mod clock;
mod coalitions;
mod deterrence;
mod domestic;
mod dynamics;
mod ends;
mod instruments;
mod issues;
mod levers;
mod measures;
mod names;
mod notes;
mod numbers;
mod order;
mod packages;
mod politics;
mod resolve;
mod scalars;
mod scenario;
mod scripts;
mod shares;
mod sink;
mod tactics;

use std::collections::BTreeSet;

use self::names::Names;
use self::packages::Wanted;
use self::scripts::Known;
use super::packages::Listing;
use super::{Deliverer, Model, Scalar, Types};
use crate::id::ActorId;
use crate::spec::model::Spec;
use crate::spec::problem::Problems;

/// Most elements of one section: ids have 16 bits.
const MOST_ELEMENTS: usize = 65_535;

/// What the sections share while they are compiled.
struct Context<'a> {
    spec: &'a Spec,
    problems: Problems,
    names: Names,
    scalars: Vec<Scalar>,
    /// Actors whose type is a private parameter.
    continuous: Vec<(ActorId, Types)>,
    deliverers: Vec<Deliverer>,
    /// Shares of the voting weight by body and matter.
    quotas: Vec<Vec<f64>>,
    months_per_step: f64,
    /// Fading effects and pledges compiled so far.
    fading: u16,
    pledges: u16,
    /// Deepest stack of any program so far.
    stack_depth: usize,
    /// Lane slots that programs read.
    lanes_read: BTreeSet<u32>,
    /// Issues that programs read since this was last emptied.
    issues_read: BTreeSet<usize>,
    /// Names in expressions, and paths of elements that others refer to.
    used: BTreeSet<String>,
}

impl<'a> Context<'a> {
    fn new(spec: &'a Spec) -> Self {
        let mut problems = Problems::default();
        let names = names::declare(spec, &mut problems);
        Self {
            spec,
            problems,
            names,
            scalars: Vec::new(),
            continuous: Vec::new(),
            deliverers: Vec::new(),
            quotas: Vec::new(),
            months_per_step: 1.0,
            fading: 0,
            pledges: 0,
            stack_depth: 0,
            lanes_read: BTreeSet::new(),
            issues_read: BTreeSet::new(),
            used: BTreeSet::new(),
        }
    }
}

/// Refuses sections whose ids would not fit.
fn sizes_fit(s: &Spec, problems: &mut Problems) -> bool {
    let rows = [
        ("actors", s.actors.len()),
        ("bodies", s.bodies.len()),
        ("issues", s.issues.len()),
        ("params", s.params.len()),
        ("state", s.states.len()),
        ("derived", s.derived.len()),
        ("endings", s.endings.len()),
        ("hazards", s.hazards.len()),
        ("tallies", s.tallies.len()),
        ("levers", s.levers.len()),
        ("events", s.events.len()),
        ("guarantees", s.guarantees.len()),
        ("attacks", s.attacks.len()),
        ("ratifiers", s.ratifiers.len()),
        ("outcomes", s.outcomes.len()),
        ("coalitions", s.coalitions.len()),
        ("prologue", s.prologue.len()),
        ("packages", s.packages.len()),
    ];
    for (section, n) in rows.into_iter().filter(|(_, n)| *n > MOST_ELEMENTS) {
        let message = format!("the section has {n} elements, at most {MOST_ELEMENTS} are allowed");
        problems.error("E0507", None, section, message, None);
    }
    rows.iter().all(|(_, n)| *n <= MOST_ELEMENTS)
}

/// Compiles a spec; every problem goes to `problems`.
///
/// `None` exactly if `problems` holds an error afterwards: a spec that was read with errors makes no model, and is
/// compiled only to find more of them. A model that permits more packages than it may list is refused: it needs a
/// selection, see [`compile_open`].
pub fn compile(spec: Spec, problems: &mut Problems) -> Option<Model> {
    let span = spec.search.candidates.as_ref().map(|number| number.span);
    let model = compile_open(spec, problems)?;
    if model.space.listing == Listing::Provisional {
        let message = format!("the rules permit more than the {} candidates of [search]", model.space.most);
        let hint = Some("forbid combinations under [rules], merge issues, or let the program select a pool".to_owned());
        problems.error("E0503", span, "search.candidates", message, hint);
        return None;
    }
    Some(model)
}

/// Compiles a spec whatever the number of packages that it permits. Where they are too many the list is
/// [`Listing::Provisional`], and the caller must [`Model::select`] candidates before the model is played.
pub fn compile_open(spec: Spec, problems: &mut Problems) -> Option<Model> {
    if !sizes_fit(&spec, problems) {
        return None;
    }
    let (found, model) = sections(Context::new(&spec));
    problems.absorb(found);
    if problems.has_errors() { None } else { model.map(|build| build(spec)) }
}

/// Compiles section after section; the model still lacks its spec. No model only with an error.
fn sections(mut cx: Context<'_>) -> (Problems, Option<impl FnOnce(Spec) -> Model + use<>>) {
    cx.all_notes();
    cx.params();
    cx.correlate();
    let clock = cx.clock();
    let bodies = cx.bodies();
    let mut issues = cx.issues();
    cx.bars(&mut issues);
    let (instruments, settlement) = cx.instruments(&issues);
    let derived = cx.derived();
    let states = cx.states();
    let hazards = cx.hazards();
    let tallies = cx.tallies();
    let endings = cx.endings(&issues);
    let foresight = cx.foresight();
    let named_packages = cx.named_packages(&issues);
    let anchor = cx.anchor(&issues);
    cx.issues_read.clear();
    let guarantees = cx.guarantees();
    let guarded = cx.issues_read.clone();
    let attacks = cx.attacks();
    let security_issues = std::mem::take(&mut cx.issues_read);
    let actors = cx.actors(&issues, &guarded);
    let levers = cx.levers();
    let ratifiers = cx.ratifiers(&instruments);
    let events = cx.events();
    let coalitions = cx.coalitions(&issues, &bodies);
    let transitions = cx.transitions();
    let (prologue, register_start) = cx.prologue(&issues);
    let outcomes = cx.outcomes();
    let outcome_columns = cx.outcome_columns();
    let behaviour = cx.behaviour();
    let protocol = cx.protocol();
    let mut space = cx.space(instruments[settlement].scope.clone());
    let wanted = Wanted { named: &named_packages, endings: &endings, anchor: &anchor, security: &security_issues };
    let packages = cx.packages(&issues, &mut space, &wanted);
    let measures = cx.measures();
    let scenario = cx.scenario();
    let tactics = cx.tactics();
    let scripts = cx.scripts(Known { issues: &issues, space: &space, named: &named_packages });
    if !cx.problems.has_errors() {
        // After an error much is left unread.
        cx.unused();
    }
    let pledges_read = cx.pledges_read();
    cx.lanes_read.extend([cx.names.layout.months_in_regime, cx.names.layout.regime]);
    let Context { problems, names, scalars, deliverers, stack_depth, lanes_read, .. } = cx;
    let build = packages.map(|(packages, security)| {
        move |spec| Model {
            spec,
            clock,
            layout: names.layout,
            scalars,
            actors,
            bodies,
            deliverers,
            issues,
            states,
            derived,
            instruments,
            settlement,
            hazards,
            tallies,
            endings,
            foresight,
            named_packages,
            anchor,
            space,
            packages,
            security,
            levers,
            guarantees,
            attacks,
            ratifiers,
            events,
            outcomes,
            outcome_columns,
            behaviour,
            protocol,
            prologue,
            register_start,
            coalitions,
            transitions,
            scripts,
            measures,
            scenario,
            tactics,
            stack_depth,
            lanes_read: lanes_read.into_iter().collect(),
            pledges_read,
        }
    });
    (problems, build)
}

#[cfg(test)]
mod tests;
