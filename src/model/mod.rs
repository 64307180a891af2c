//! Layer 2: the validated, compiled, immutable model.
//!
//! [`compile::compile`] turns a [`crate::spec::model::Spec`] into a [`Model`] or into all of its problems. Everything the engine
//! could stumble over is refused here; nothing is changed afterwards. No I/O.

pub mod compile;
pub mod dist;
pub mod elements;
pub mod expr;
pub mod kind;
pub mod layout;
pub mod measures;
pub mod packages;
pub mod politics;
pub mod scenario;

pub use elements::*;
pub use layout::Layout;
pub use measures::{Measure, Measures, Solution};
pub use politics::*;
pub use scenario::{Future, Scenario};

use crate::spec::model::Spec;

/// A compiled model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The spec it was compiled from, for texts and annotations.
    pub spec: Spec,
    /// Time.
    pub clock: Clock,
    /// Lane slots.
    pub layout: Layout,
    /// Scalar slots, in order of evaluation.
    pub scalars: Vec<Scalar>,
    /// Actors, in turn order.
    pub actors: Vec<Actor>,
    /// Bodies.
    pub bodies: Vec<Body>,
    /// Deliverers, at most 64.
    pub deliverers: Vec<Deliverer>,
    /// Issues.
    pub issues: Vec<Issue>,
    /// State variables.
    pub states: Vec<State>,
    /// Derived values, in order of evaluation.
    pub derived: Vec<Derived>,
    /// Instruments; the comprehensive settlement is one of them.
    pub instruments: Vec<Instrument>,
    /// Which of them is the comprehensive settlement.
    pub settlement: usize,
    /// Hazards.
    pub hazards: Vec<Hazard>,
    /// What adds up.
    pub tallies: Vec<Tally>,
    /// Endings.
    pub endings: Vec<Ending>,
    /// Probabilities of endings at the end of foresight.
    pub foresight: Vec<(crate::id::EndingId, Value)>,
    /// Named packages.
    pub named_packages: Vec<NamedPackage>,
    /// Option of each issue in the status-quo anchor.
    pub anchor: Vec<u16>,
    /// What may be offered at all.
    pub space: packages::Space,
    /// Packages.
    pub packages: Packages,
    /// Security sub-packages.
    pub security: Security,
    /// Levers.
    pub levers: Vec<Lever>,
    /// Guarantees.
    pub guarantees: Vec<Guarantee>,
    /// Attacks.
    pub attacks: Vec<Attack>,
    /// Ratifiers.
    pub ratifiers: Vec<Ratifier>,
    /// Events.
    pub events: Vec<Event>,
    /// Outcomes, first match.
    pub outcomes: Vec<Outcome>,
    /// Declared columns.
    pub outcome_columns: Vec<OutcomeColumn>,
    /// Choice rules.
    pub behaviour: Behaviour,
    /// Protocol.
    pub protocol: Protocol,
    /// Events before the start, by date.
    pub prologue: Vec<Prologue>,
    /// Option of each issue in force at the start: the status quo, overwritten by the prologue.
    pub register_start: Vec<u16>,
    /// Coalitions.
    pub coalitions: Vec<Coalition>,
    /// Transitions.
    pub transitions: Vec<Transition>,
    /// Scripted seats.
    pub scripts: Vec<Script>,
    /// Scores of outcomes.
    pub measures: Measures,
    /// What the overlay stands for, if there is one that says so.
    pub scenario: Option<Scenario>,
    /// Tactic of each actor; none: it weighs.
    pub tactics: Vec<Option<Tactic>>,
    /// Deepest stack of any program.
    pub stack_depth: usize,
    /// Lane slots that are read at all, by expressions or as the clock of a regime; sorted.
    pub lanes_read: Vec<u32>,
    /// Whether any expression reads what coalitions have on offer.
    pub pledges_read: bool,
}
