//! Seats: whoever decides for a government is asked through the same small trait.

use crate::id::ActorId;
use crate::rng::Draw;

/// Offers that are open to a proposer, best gains first known.
#[derive(Clone, Copy, Debug)]
pub struct OfferChoice<'a> {
    /// Candidate packages with a positive expected gain, ascending package index.
    pub packages: &'a [u32],
    /// Expected gain of each, a flow, all > 0.
    pub gains: &'a [f64],
    /// Stable key of each package, which keys its noise.
    pub keys: &'a [u64],
    /// lambda_offer.
    pub precision: f64,
}

/// Levers that are open to an actor, all with a positive net gain.
#[derive(Clone, Copy, Debug)]
pub struct LeverChoice<'a> {
    /// Net gain of each.
    pub gains: &'a [f64],
    /// Gain attributed to doing nothing.
    pub inertia: f64,
    /// Precision.
    pub precision: f64,
}

impl LeverChoice<'_> {
    /// Weight of a gain in the choice.
    fn weights(&self) -> impl Fn(f64) -> f64 + use<> {
        let best = self.gains.iter().copied().fold(self.inertia, f64::max);
        let scale = self.precision / best.max(0.01);
        move |gain| crate::num::exp(scale * (gain - best))
    }

    /// Chance that the default agent takes the act at `index`; acts that gain nothing are never taken.
    pub(super) fn chance(&self, index: usize) -> f64 {
        if self.gains[index] <= 0.0 {
            return 0.0;
        }
        let weight = self.weights();
        let taken = self.gains.iter().filter(|&&gain| gain > 0.0).map(|&gain| weight(gain)).sum::<f64>();
        weight(self.gains[index]) / (weight(self.inertia) + taken)
    }
}

/// An answer that is due.
#[derive(Clone, Copy, Debug)]
pub struct AnswerChoice {
    /// P - max(C, W), a flow.
    pub margin: f64,
    /// Misjudgement of this moment: sigma times the shock times (1 - d k).
    pub misjudgement: f64,
}

/// Whoever decides for an actor. Human seats, scripts and the default agent are the same thing to the engine.
pub trait Policy {
    /// Index into `choice.packages`.
    fn offer(&self, who: ActorId, choice: &OfferChoice<'_>, noise: &mut Draw) -> usize;
    /// Index into `choice.gains`, or none for doing nothing.
    fn lever(&self, who: ActorId, choice: &LeverChoice<'_>, noise: &mut Draw) -> Option<usize>;
    /// Yes or no.
    fn answer(&self, who: ActorId, choice: &AnswerChoice) -> bool;
}

/// The default agent: offers by relative gain with common noise per package, levers by gain, answers by margin.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoisyChoice;

/// Noise of one draw never exceeds this, so an option this far behind the best cannot win.
const GUMBEL_SPREAD: f64 = 41.0;

impl Policy for NoisyChoice {
    fn offer(&self, _who: ActorId, choice: &OfferChoice<'_>, noise: &mut Draw) -> usize {
        let best = choice.gains.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut chosen = 0;
        let mut top = f64::NEG_INFINITY;
        for (index, (&gain, &key)) in choice.gains.iter().zip(choice.keys).enumerate() {
            let score = choice.precision * (gain / best - 1.0);
            if score < -GUMBEL_SPREAD {
                continue;
            }
            // The low bits of the key address the noise: common draws stay common when the list of packages changes.
            let score = score + noise.at(key & 0xFFFF_FFFF).gumbel();
            if score > top {
                top = score;
                chosen = index;
            }
        }
        chosen
    }

    fn lever(&self, _who: ActorId, choice: &LeverChoice<'_>, noise: &mut Draw) -> Option<usize> {
        let weight = choice.weights();
        let nothing = weight(choice.inertia);
        let total: f64 = nothing + choice.gains.iter().map(|&gain| weight(gain)).sum::<f64>();
        let mut left = noise.unit() * total - nothing;
        if left < 0.0 {
            return None;
        }
        for (index, &gain) in choice.gains.iter().enumerate() {
            left -= weight(gain);
            if left < 0.0 {
                return Some(index);
            }
        }
        choice.gains.len().checked_sub(1)
    }

    fn answer(&self, _who: ActorId, choice: &AnswerChoice) -> bool {
        choice.margin >= choice.misjudgement - 1e-12
    }
}
