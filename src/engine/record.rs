//! What one negotiation leaves behind.

use crate::id::{ActorId, OutcomeId};
use crate::model::Regime;

/// One finished replication. Vectors are in model order; months count from the start of the talks.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Replication number, from 0.
    pub replication: u64,
    /// First declared outcome whose condition holds.
    pub outcome: OutcomeId,
    /// Month in which the replication ended.
    pub end_month: f64,
    /// Month of the first signature leading to settled.
    pub agreement_month: Option<f64>,
    /// Regime at the end.
    pub end_regime: Regime,
    /// Widest zone of agreement over the talks: max over packages of the least gain over disagreement, signed.
    pub zopa_width: f64,
    /// Months in which the status quo was better than disagreement for all and a zone of agreement existed.
    pub ripe_months: f64,
    /// The actor that most often was the single blocker.
    pub blocker: Option<ActorId>,
    /// Option in force at the end, per issue.
    pub terms: Vec<u16>,
    /// Realised value per actor: (1-d) sum of discounted flows plus the discounted terminal value.
    pub utility: Vec<f64>,
    /// Costs paid per actor (war, levers, broken words, audiences, troops sent), discounted the same way.
    pub cost: Vec<f64>,
    /// Best value each actor refused minus what it realised; none if it refused nothing.
    pub regret: Vec<Option<f64>>,
    /// Best value each actor refused; none if it refused nothing.
    pub best_refused: Vec<Option<f64>>,
    /// Every instrument that was signed or supplied, in order.
    pub agreements: Vec<Agreement>,
    /// Their terms, `[agreement * issues + issue]`: an option, or [`crate::model::KEEP`] where it set nothing.
    pub agreement_terms: Vec<u16>,
    /// Truces that ended in war.
    pub truces_broken: u32,
    /// Months spent in a truce, from the step after each signature.
    pub truce_months: f64,
    /// Acts of pressure short of war, by attacks that let the peace go on.
    pub pressure: u32,
    /// What has added up, by tally.
    pub totals: Vec<f64>,
    /// Least distance to each hazard over the talks, while it ran; none without a declared distance.
    pub closest: Vec<Option<f64>>,
    /// The comprehensive settlement, if one was signed.
    pub settlement: Option<Settlement>,
    /// State variables at the end.
    pub end_state: Vec<f64>,
    /// Uses per lever.
    pub lever_uses: Vec<u32>,
    /// How often each transition happened.
    pub transitions: Vec<u32>,
    /// Refusals per actor (answers, consent and failed votes count for who withheld them).
    pub refusals: Vec<u32>,
    /// Offers made.
    pub offers: u32,
    /// Steps in which the proposer found nothing to gain.
    pub stalls: u32,
    /// Votes that failed.
    pub failed_votes: u32,
    /// The proposer's forecast that its first offer would be accepted by all; none without an offer.
    pub forecast: Option<f64>,
    /// Whether all who were asked agreed to that first offer.
    pub first_accepted: Option<bool>,
    /// The bargaining problem, where the model asks for measures of it; else empty.
    pub problem: Problem,
    /// Declared outcome columns.
    pub extra: Vec<f64>,
    /// Scalar slots as drawn and computed.
    pub draws: Vec<f64>,
    /// Type index of each actor (0 for continuous types): as drawn, or of the last who came to office.
    pub types: Vec<u16>,
    /// Values of private parameters, in order of declaration.
    pub private: Vec<f64>,
    /// Run-time clamps of states and derived values, for the warning in the summary.
    pub clamps: u64,
}

/// What every candidate was worth to everybody who must sign, at the signature of the settlement or else when the talks
/// ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problem {
    /// Actors whose yes the settlement needs, in declared order.
    pub parties: Vec<usize>,
    /// P of each candidate at the true type, `[party * candidates + candidate]`.
    pub values: Vec<f64>,
    /// What each gets without an agreement: Z, or its outside option if that is more.
    pub reserves: Vec<f64>,
}

/// One instrument that was signed, or supplied by its providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Index of the instrument.
    pub instrument: u16,
    /// Step of the signature, from 0.
    pub step: u32,
    /// Who proposed it; for an imposed instrument its first provider.
    pub proposer: ActorId,
    /// Whether some party's own margin was negative.
    pub misjudged: bool,
    /// Step in which it ended; none: in force at the end.
    pub ended_step: Option<u32>,
    /// What ended it.
    pub ended_by: Option<EndedBy>,
}

/// What ends an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// An attack.
    Attack,
    /// A hazard: an incident of a truce, or an ending.
    Hazard,
    /// It lapsed by itself.
    Lapse,
    /// Its term was over.
    Term,
    /// Somebody denounced it.
    Denunciation,
    /// The settlement took its place.
    Settlement,
    /// An act of somebody, by a lever.
    Lever,
    /// An event.
    Event,
}

impl EndedBy {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Attack,
        Self::Hazard,
        Self::Lapse,
        Self::Term,
        Self::Denunciation,
        Self::Settlement,
        Self::Lever,
        Self::Event,
    ];

    /// As written in the tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Attack => "attack",
            Self::Hazard => "hazard",
            Self::Lapse => "lapse",
            Self::Term => "term",
            Self::Denunciation => "denunciation",
            Self::Settlement => "settlement",
            Self::Lever => "lever",
            Self::Event => "event",
        }
    }
}

/// A settlement and what became of it.
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own in the tables")]
#[derive(Clone, Debug, PartialEq)]
pub struct Settlement {
    /// Step of the signature, from 0.
    pub step: u32,
    /// Package signed, option per issue.
    pub terms: Vec<u16>,
    /// Who proposed it.
    pub proposer: ActorId,
    /// Forecast probability of an attack in 8 years.
    pub attack_prob: f64,
    /// The same within 60 months.
    pub attack_prob_60m: f64,
    /// Deterrent strength with the guarantors' true wills.
    pub g: f64,
    /// Deterrent strength as believed.
    pub g_hat: f64,
    /// Whether some signatory's own margin was negative.
    pub signed_by_misjudgement: bool,
    /// Whether it was attacked in the aftermath.
    pub attacked: bool,
    /// Months from signature to attack.
    pub attack_month: Option<f64>,
    /// Whether a guarantor answered.
    pub answered: bool,
    /// Whether the attack succeeded.
    pub lost: bool,
    /// Months of peace until attack or end of the aftermath.
    pub peace_months: f64,
}
