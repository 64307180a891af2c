//! Compiled politics: what happened before the start, common causes of parameters, coalitions, transitions, private
//! beliefs about parameters, scripted seats.

use super::elements::{Effect, Value};
use super::expr::Program;
use crate::id::{ActorId, BodyId, IssueId, LeverId, PackageId, RatifierId};
use crate::rng::Entity;

/// An event before the start; [`super::Model::prologue`] lists them by date.
#[derive(Clone, Debug, PartialEq)]
pub struct Prologue {
    /// What it did to the state; no delay and no duration.
    pub effects: Vec<Effect>,
}

/// Who listens to an actor's offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Audience {
    /// Share of what an offer gives away of the last public position.
    pub concession: Value,
    /// Share of what it takes back.
    pub retreat: Value,
    /// Option of each issue before the talks; [`super::KEEP`] where nothing was said.
    pub position: Vec<u16>,
}

/// The common cause of a drawn parameter: its normal score is `weight * z_group + own * z_own`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CommonCause {
    /// Key of the group's draw.
    pub entity: Entity,
    /// Weight of the group's score: the root of |rho|, negative for the second of an opposed pair.
    pub weight: f64,
    /// Weight of its own score: the root of 1 - |rho|.
    pub own: f64,
}

/// States that each decide what they send.
#[derive(Clone, Debug, PartialEq)]
pub struct Coalition {
    /// Id.
    pub id: String,
    /// Its body.
    pub body: BodyId,
    /// The issue whose options need troops.
    pub issue: IssueId,
    /// Troops that each option of the issue needs, in units of 10,000.
    pub needs: Vec<f64>,
    /// Least number of contributors.
    pub min_partners: usize,
    /// Precision of the choice of a size; none: `behaviour.consent_precision`.
    pub precision: Option<Value>,
    /// Members in the order of their decisions.
    pub contributions: Vec<Contribution>,
}

/// What one state may send.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The state.
    pub actor: ActorId,
    /// Sizes to choose from, in units of 10,000 troops, ascending.
    pub sizes: Vec<f64>,
    /// Flow per 10,000 troops.
    pub cost: Value,
    /// Flow lost when its troops are attacked and it answers.
    pub loss: Value,
    /// Chance that it answers.
    pub answers: Value,
    /// Ratifier that limits the larger sizes.
    pub ratifier: Option<RatifierId>,
    /// Key of its persistent noise.
    pub entity: Entity,
}

/// Replacement of an office-holder.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// Id.
    pub id: String,
    /// The actor.
    pub of: ActorId,
    /// When it happens.
    pub when: Program,
    /// Odds of each type of the actor.
    pub odds: Vec<Odds>,
    /// Whether it happens again whenever the condition has become true anew.
    pub repeats: bool,
    /// Key of its draws.
    pub entity: Entity,
}

/// Odds of one type.
#[derive(Clone, Debug, PartialEq)]
pub enum Odds {
    /// A probability; where nothing is `otherwise`, a weight.
    Chance(Value),
    /// What the others leave of 1.
    Otherwise,
}

/// A value that an actor takes for true in its own forecasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Conviction {
    /// Scalar slot.
    pub scalar: u32,
    /// Believed value.
    pub value: Value,
}

/// A scripted seat.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Whose.
    pub actor: ActorId,
    /// Its moves, by step.
    pub moves: Vec<ScriptMove>,
    /// Does nothing and refuses where the script is silent; else the agent decides.
    pub passive: bool,
}

/// One scripted move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScriptMove {
    /// First step in which it holds.
    pub step: usize,
    /// What is done.
    pub act: ScriptAct,
}

/// What a script may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptAct {
    /// Uses a lever in that step, if it can be used.
    Lever(LeverId),
    /// Proposes this named package whenever it may propose, until the next scripted offer.
    Offer(PackageId),
    /// Answers every offer so, until the next scripted answer.
    Answer(bool),
}

/// How a seat bargains instead of weighing what its continuation is worth.
#[derive(Clone, Debug, PartialEq)]
pub enum Tactic {
    /// It demands less as time passes (Faratin, Sierra and Jennings 1998).
    TimeDependent {
        /// Shape of the concession.
        curve: Curve,
        /// Exponent of the curve, above 0.
        exponent: Value,
        /// Share of its range demanded at the start, 0-1; below 1 for the geometric curve.
        most: Value,
        /// By how much the target may be missed, a flow.
        tolerance: Value,
        /// Step at which everything has been conceded; none: just before the first step and just after the last.
        deadline_steps: Option<f64>,
    },
    /// It concedes what it has been conceded (Faratin, Sierra and Jennings 1998, absolute tit for tat).
    TitForTat {
        /// Share of a concession that is returned.
        imitation: Value,
        /// By how much the target may be missed, a flow.
        tolerance: Value,
    },
    /// It makes a new offer for every new offer (de Jonge 2022, MiCRO).
    Micro,
    /// Independent logit choice of offers and answers (McKelvey and Palfrey 1998).
    Logit {
        /// Precision of the offer.
        offers: Value,
        /// Precision of the answer.
        answers: Value,
        /// Whether it may offer nothing.
        stall: Stall,
    },
}

/// Shape of a concession: the share a(t) of its range that a seat demands at time t, 0-1, with m demanded at the start and
/// e the exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// a = m (1 - t^e).
    Polynomial,
    /// a = m (exp((1-t)^e) - 1) / (exp(1) - 1).
    Exponential,
    /// a = 1 - (1-m)^((1-t)^e).
    Geometric,
}

/// Whether a logit choice may offer nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stall {
    /// Always an offer.
    Never,
    /// Offering nothing is one more option beside every offer.
    OneOption,
    /// First whether to offer, worth the log-mean-exp of all offers, then what (McFadden 1978, nested logit).
    Class,
}
