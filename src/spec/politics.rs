//! Sections of a model file about politics at home and between partners: prologue, common causes of parameters,
//! coalitions, transitions and scripts. Like all of the spec, exactly as written.

use super::model::{Effect, Map, Name, Notes, Number, Term};
use super::tree::Date;

/// `[[prologue]]`: something that happened before the start, applied to the initial state.
#[derive(Clone, Debug, PartialEq)]
pub struct Prologue {
    /// The date as written, with its place.
    pub date: Option<Name>,
    /// The date, parsed: not after the start of the model.
    pub on: Option<Date>,
    /// `register = { issue = "option" }`: terms in force at the start.
    pub register: Vec<(Name, Term)>,
    /// What it did to the state.
    pub effects: Map<Effect>,
    /// Annotations.
    pub notes: Notes,
}

/// `[correlate.<id>]`: parameters with a common cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlate {
    /// The parameters, at least two.
    pub params: Vec<Name>,
    /// Correlation of their normal scores; a negative one for pairs only.
    pub rho: Number,
    /// Annotations.
    pub notes: Notes,
}

/// `[actors.<id>.audience]`: who listens to an actor's offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Audience {
    /// Share of what an offer gives away of the last public position; default 0.
    pub concession: Option<Number>,
    /// Share of what it takes back of that position; default 0.
    pub retreat: Option<Number>,
    /// Public position before the talks; none on issues that are not named.
    pub position: Vec<(Name, Term)>,
    /// Annotations.
    pub notes: Notes,
}

/// `[coalitions.<id>]`: states that each decide what they send.
#[derive(Clone, Debug, PartialEq)]
pub struct Coalition {
    /// The body whose members contribute.
    pub body: Name,
    /// The issue whose options need troops.
    pub issue: Name,
    /// Troops that an option needs, in units of 10,000; options that are not named need none.
    pub sizes: Map<Number>,
    /// Least number of states with a contribution; default 1.
    pub min_partners: Option<Number>,
    /// Precision of the choice of a size; default `behaviour.consent_precision`.
    pub precision: Option<Number>,
    /// `contributions.<member>`, in the order of their decisions.
    pub contributions: Map<Contribution>,
    /// Annotations.
    pub notes: Notes,
}

/// `[coalitions.<id>.contributions.<member>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// Sizes among which it chooses, in units of 10,000 troops.
    pub sizes: Vec<Number>,
    /// Cost of 10,000 troops, a flow.
    pub cost: Number,
    /// What it loses if its troops are attacked and it answers, a flow; default 0.
    pub loss: Option<Number>,
    /// Chance that it answers an attack; default 1.
    pub answers: Option<Number>,
    /// A ratifier of the member that limits the larger sizes.
    pub ratifier: Option<Name>,
    /// Annotations.
    pub notes: Notes,
}

/// `[transitions.<id>]`: an office-holder is replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// The actor.
    pub of: Name,
    /// Condition on the state.
    pub when: Number,
    /// Odds of each type; one may be `"otherwise"`: what is left of 1.
    pub to: Vec<(Name, Odds)>,
    /// `repeats = true`: happens whenever the condition has become true anew.
    pub repeats: bool,
    /// Annotations.
    pub notes: Notes,
}

/// Odds of a type in a transition.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a model holds a handful of them, once")]
pub enum Odds {
    /// A probability.
    Chance(Number),
    /// What the others leave of 1.
    Otherwise,
}

/// `policy = { script = [..], then = "..", tactic = ".." }` of an actor: a script, a tactic, or both.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// How the seat bargains where the script is silent.
    pub tactic: Option<Tactic>,
    /// What the seat does, by month.
    pub moves: Vec<ScriptMove>,
    /// `default` (the agent decides where the script is silent) or `passive` (it does nothing and refuses).
    pub rest: Option<Name>,
}

/// One entry of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptMove {
    /// Month from the start.
    pub month: Number,
    /// A lever of the actor.
    pub lever: Option<Name>,
    /// A named package.
    pub offer: Option<Name>,
    /// `yes` or `no`.
    pub answer: Option<Name>,
}

/// `tactic = ".."` of a policy, with the keys that belong to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tactic {
    /// `time_dependent | tit_for_tat | micro | logit`.
    pub kind: Name,
    /// Of time-dependent tactics: `polynomial | exponential | geometric`; default polynomial.
    pub curve: Option<Name>,
    /// `boulware | linear | conceder | never`: an exponent by its name.
    pub style: Option<Name>,
    /// Exponent of the curve.
    pub exponent: Option<Number>,
    /// Share of its range that it demands at the start, 0-1; default 1.
    pub most: Option<Number>,
    /// By how much it lets its target be missed, a flow; default 0.
    pub tolerance: Option<Number>,
    /// Month by which it has conceded everything; default just after the horizon.
    pub deadline_months: Option<Number>,
    /// Of tit for tat: how much of a concession is returned; default 1.
    pub imitation: Option<Number>,
    /// Of logit: precision of the offer.
    pub precision: Option<Number>,
    /// Of logit: precision of the answer; default that of the offer.
    pub answer_precision: Option<Number>,
    /// Of logit: whether it may offer nothing: `never` (default), `one_option` or `class`.
    pub stall: Option<Name>,
}
