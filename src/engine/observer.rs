//! Watching a negotiation without touching it.

use super::record::EndedBy;
use crate::id::{ActorId, HazardId, LeverId, RatifierId};
use crate::model::{Party, Regime};

/// What a step looked like when its valuations were done (after step 6 of the list in [`crate::engine`]).
#[derive(Clone, Copy, Debug)]
pub struct StepView<'a> {
    /// Step, from 0.
    pub step: u32,
    /// Months since the start.
    pub month: f64,
    /// State variables.
    pub states: &'a [f64],
    /// Derived values.
    pub derived: &'a [f64],
    /// Value of disagreement of each actor at its true type.
    pub disagreement: &'a [f64],
    /// Continuation value of each actor at its true type.
    pub continuation: &'a [f64],
    /// Summands of the disagreement value, `[actor][part]`, in the order of [`DISAGREEMENT_PARTS`].
    pub parts: &'a [[f64; 5]],
    /// Widest zone of agreement now: max over packages of the least gain, signed.
    pub zopa_width: f64,
    /// Size of the set of packages all would gain from and that pass consent and ratification.
    pub n_agreeable: u32,
    /// What settlements hold for each actor; nothing for those that sign none, and where [`Observer::wants_details`] says no.
    pub reach: &'a [Reach],
    /// Regime.
    pub regime: Regime,
    /// Predicted deal, if the set is not empty.
    pub predicted: Option<Deal<'a>>,
    /// Forecast chance of agreement per step (D).
    pub agreement_chance: f64,
    /// Distance of the state to each hazard that declares one, in model order.
    pub distances: &'a [f64],
    /// Public beliefs in actor order: the probability of each named type, or the expected value of a continuous one.
    pub beliefs: &'a [f64],
}

/// What the settlements that may be offered now give a signatory at its true type above no deal: the lowest and the highest
/// gain, a flow in average points per step. None where there is no such settlement.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reach {
    /// Over those whose ratification is forecast.
    pub ratified: Option<(f64, f64)>,
    /// Over those that are forecast to be ratified and consented to, and that all are expected to gain from.
    pub win_set: Option<(f64, f64)>,
}

/// What is offered or signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deal<'a> {
    /// Index of the instrument.
    pub instrument: u16,
    /// Option of each issue that would be in force.
    pub terms: &'a [u16],
}

/// Names of the summands of a disagreement value.
pub const DISAGREEMENT_PARTS: [&str; 5] = ["terms_in_force", "war_cost", "endings", "terminal", "optimism"];

/// Names of the terms of an answer's decomposition: they add up to the margin P - max(C, W) - noise.
pub const ANSWER_PARTS: [&str; 10] = [
    "issue_terms",
    "later_attack",
    "war_cost_saved",
    "expected_endings",
    "terminal_outlook",
    "optimism",
    "beliefs_about_others",
    "hold_out_premium",
    "stalling",
    "noise",
];

/// Terms of an answer, in the order of [`ANSWER_PARTS`]; they add up to its margin.
///
/// The terms of disagreement are those at the likeliest types of the others, and `beliefs_about_others` is what the rest of
/// the belief makes of it: that a backer may leave, above all.
pub type AnswerParts = [f64; ANSWER_PARTS.len()];

/// Why an offer did not become an agreement, or how it did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Move<'a> {
    /// An actor used a lever; `gain` over doing nothing.
    Lever {
        /// The lever.
        lever: LeverId,
        /// Who: one of its owners, or the body.
        by: Party,
        /// Gain over doing nothing, net of its cost; of a body, that of its pivotal member.
        gain: f64,
    },
    /// An owner threatened or promised to use a lever.
    Announced {
        /// The lever.
        lever: LeverId,
        /// A promise, not a threat.
        promise: bool,
        /// Gain over doing nothing.
        gain: f64,
    },
    /// The condition of a threat or promise came true: it was kept or broken.
    Called {
        /// The lever.
        lever: LeverId,
        /// A promise, not a threat.
        promise: bool,
        /// Kept or broken.
        kept: bool,
    },
    /// Somebody whose consent a lever requires was asked.
    Asked {
        /// The lever.
        lever: LeverId,
        /// Who was asked.
        of: Party,
        /// Yes or no.
        yes: bool,
        /// Its margin.
        margin: f64,
    },
    /// An event happened.
    Event {
        /// Index of the event.
        event: u16,
    },
    /// The proposer found no offer that gains it anything.
    Stall {
        /// Proposer.
        by: ActorId,
        /// The party whose yes alone would change that.
        blocker: Option<ActorId>,
    },
    /// A signatory walked out.
    WalkOut {
        /// Who.
        by: ActorId,
    },
    /// The talks broke down by chance.
    Breakdown,
    /// An offer was made.
    Offer {
        /// Proposer.
        by: ActorId,
        /// What it offers.
        deal: Deal<'a>,
        /// Forecast chance of every other yes.
        forecast: f64,
        /// Expected gain over the continuation.
        gain: f64,
        /// What it costs the proposer before its audience, a flow; none without an audience.
        audience: Option<f64>,
    },
    /// A signatory answered.
    Answer {
        /// Who.
        by: ActorId,
        /// Yes or no.
        yes: bool,
        /// Value of the package to it.
        value: f64,
        /// What it compares with: max(C, W).
        against: f64,
        /// Decomposition, in the order of [`ANSWER_PARTS`].
        parts: &'a AnswerParts,
    },
    /// A deliverer consented or not.
    Consent {
        /// Index into the model's deliverers.
        deliverer: u16,
        /// Yes or no.
        yes: bool,
        /// Its margin.
        margin: f64,
    },
    /// A ratifier voted.
    Vote {
        /// Who.
        ratifier: RatifierId,
        /// Passed or not.
        yes: bool,
        /// Chance of passing before the vote.
        chance: f64,
    },
    /// Something was signed.
    Signed {
        /// What.
        deal: Deal<'a>,
        /// Forecast probability of an attack on it in 8 years; of a settlement only.
        attack_prob: Option<f64>,
    },
    /// A truce ended, and the war goes on.
    TruceEnded {
        /// What ended it.
        how: EndedBy,
        /// Who, where somebody did.
        by: Option<ActorId>,
    },
    /// A side deal or something imposed ended with an event.
    Ended {
        /// Index of the instrument.
        instrument: u16,
    },
    /// A hazard struck.
    Struck {
        /// The hazard.
        hazard: HazardId,
    },
    /// The settlement was attacked.
    Attacked {
        /// Index of the attack.
        attack: u16,
        /// Whether a guarantor answered.
        answered: bool,
        /// Whether it succeeded.
        lost: bool,
    },
    /// A body voted on withdrawing what is revocable after an attack.
    Withdrawn {
        /// Index of the attack.
        attack: u16,
        /// Whether it is withdrawn.
        yes: bool,
        /// Chance of that before the vote.
        chance: f64,
    },
    /// Acts of pressure short of war; the peace goes on.
    Pressed {
        /// Index of the attack.
        attack: u16,
        /// How many in this step.
        acts: u32,
        /// Whether a guarantor answered.
        answered: bool,
    },
    /// A coalition's pledges changed.
    Pledged {
        /// Index of the coalition.
        coalition: u16,
        /// Troops on offer, in units of 10,000.
        troops: f64,
        /// States that contribute.
        partners: u32,
    },
    /// An office-holder was replaced.
    Transition {
        /// Index of the transition.
        transition: u16,
        /// The actor.
        of: ActorId,
        /// Index of the type that followed.
        to: u16,
    },
    /// The talks reached their horizon.
    Horizon,
}

/// Something that watches. Every method does nothing by default; calls come in the order of events.
pub trait Observer {
    /// Called once a step of the talks, after the valuations.
    fn step(&mut self, view: &StepView<'_>) {
        let _ = view;
    }

    /// Whether [`Self::step`] is to be called.
    fn wants_steps(&self) -> bool {
        true
    }

    /// Called for each move, in order. `month` counts from the start.
    fn on(&mut self, step: u32, month: f64, what: &Move<'_>) {
        let _ = (step, month, what);
    }

    /// Whether answers should be decomposed (costs a little).
    fn wants_parts(&self) -> bool {
        false
    }

    /// Whether steps should say what takes time to find: how many packages are agreeable, what settlements hold for each
    /// actor, and the summands of disagreement; else these are 0 and nothing.
    fn wants_details(&self) -> bool {
        false
    }
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Observer for Nobody {
    fn wants_steps(&self) -> bool {
        false
    }
}
