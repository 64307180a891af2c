//! What the place of a number demands of it.

use crate::id::ActorId;
use crate::model::expr::{Interval, Stage};
use crate::model::kind::Kind;

use super::names::Group;

/// What a place may read besides what every place may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sees {
    /// Nothing more.
    #[default]
    Common,
    /// `G`, `G_hat` and `attack_prob`.
    Deterrence,
    /// `G` and `G_hat`, but not what follows from the place itself: `attack_prob`.
    Strength,
    /// `years_ahead`: the place belongs to an attack.
    Ahead,
    /// The private parameter of this actor.
    PrivateOf(ActorId),
    /// Nothing more: the place belongs to an actor that attacks, so that reading `G` would be circular.
    Attacker,
    /// Everything, as outcomes do.
    All,
    /// Less: nothing but issues and constants, as rules do.
    Issues,
}

/// What a place demands of the number in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sink {
    /// Kind; `None` takes any.
    pub kind: Option<Kind>,
    /// Values allowed.
    pub bounds: Interval,
    /// Whether `bounds` were written in the file (else they are those of the place).
    pub declared: bool,
    /// Whether an expression must be proved to stay inside.
    pub proved: bool,
    /// The latest stage that is known in the place.
    pub stage: Stage,
    /// What it may read.
    pub sees: Sees,
}

impl Sink {
    fn new(kind: Option<Kind>, stage: Stage) -> Self {
        let (low, high) = kind.map_or((f64::NEG_INFINITY, f64::INFINITY), Kind::bounds);
        let bounds = Interval::new(low, high);
        Self { kind, bounds, declared: false, proved: false, stage, sees: Sees::default() }
    }

    /// A number that must be known when the model is compiled.
    pub fn fixed(kind: Kind) -> Self {
        Self::new(Some(kind), Stage::Constant)
    }

    /// A number that must be known once the parameters are drawn.
    pub fn drawn(kind: Kind) -> Self {
        Self::new(Some(kind), Stage::Replication)
    }

    /// A number that is computed in a step, the same for all packages.
    pub fn stepwise(kind: Kind) -> Self {
        Self::new(Some(kind), Stage::Step)
    }

    /// A number that is computed from the state and the terms in force or offered.
    pub fn valued(kind: Kind) -> Self {
        Self::new(Some(kind), Stage::Package)
    }

    /// The same for a number of any kind.
    pub fn any() -> Self {
        Self::new(None, Stage::Package)
    }

    /// A number of any kind that is computed in a step, the same for all packages.
    pub fn any_in_step() -> Self {
        Self::new(None, Stage::Step)
    }

    /// A number that is computed when the negotiation is over.
    pub fn at_the_end() -> Self {
        Self::new(None, Stage::End).seeing(Sees::All)
    }

    /// The same with bounds of its own.
    pub fn within(self, low: f64, high: f64) -> Self {
        Self { bounds: Interval::new(low, high), ..self }
    }

    /// The same for values above zero.
    pub fn positive(self) -> Self {
        self.within(f64::MIN_POSITIVE, self.bounds.high)
    }

    /// The same for values of zero or more.
    pub fn not_negative(self) -> Self {
        self.within(0.0, self.bounds.high)
    }

    /// The same with a proof demanded.
    pub fn proved(self) -> Self {
        Self { proved: true, ..self }
    }

    /// The same with other eyes.
    pub fn seeing(self, sees: Sees) -> Self {
        Self { sees, ..self }
    }
}

/// Why a place may not read a name: message and hint.
pub(super) fn objection(
    (name, group): (&str, Group),
    constant: bool,
    sees: Sees,
    owner: impl Fn(ActorId) -> String,
) -> Option<(String, &'static str)> {
    if sees == Sees::All {
        return None;
    }
    if sees == Sees::Issues && group != Group::Issue && !constant {
        let hint = "a rule holds for the whole negotiation: compare issues with their options";
        return Some((format!("rules may read only options of issues, `{name}` is something else"), hint));
    }
    match group {
        Group::Deterrence if sees == Sees::Attacker => Some((
            format!("`{name}` follows from what the attacker values, so its own terms cannot read it"),
            "read what the guarantee is made of: issues, state and parameters",
        )),
        Group::Deterrence if sees == Sees::Strength && name != "attack_prob" => None,
        Group::Deterrence if sees != Sees::Deterrence => Some((
            format!("`{name}` is known only once a register has been valued, not here"),
            "ratifier support, actors' terms, conditions of levers and outcomes may read it",
        )),
        Group::YearsAhead if sees != Sees::Ahead => {
            Some((format!("`{name}` has a meaning only in attacks"), "use `month` or `months_in_regime`"))
        }
        Group::Private(actor) if sees != Sees::PrivateOf(actor) => Some((
            format!("`{name}` is known to `{}` alone", owner(actor)),
            "a private parameter may be read in the section of its actor and in outcomes",
        )),
        _ => None,
    }
}
