//! Seats: whoever decides for a government is asked through the same small trait.

use crate::id::{ActorId, LeverId, PackageId};
use crate::model::{Script, ScriptAct, ScriptMove};
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
    /// Whether choices have no noise, those of a logit tactic neither.
    fn is_exact(&self) -> bool {
        false
    }
    /// A proposal that is settled beforehand, a named package.
    fn offer_due(&self, who: ActorId, step: u64) -> Due<PackageId> {
        let _ = (who, step);
        Due::Weigh
    }
    /// A lever that is settled beforehand.
    fn lever_due(&self, who: ActorId, step: u64) -> Due<LeverId> {
        let _ = (who, step);
        Due::Weigh
    }
    /// An answer that is settled beforehand.
    fn answer_due(&self, who: ActorId, step: u64) -> Due<bool> {
        let _ = (who, step);
        Due::Weigh
    }
}

/// What a seat has settled before it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due<T> {
    /// Nothing: it weighs what it is offered.
    Weigh,
    /// This.
    Take(T),
    /// To do nothing.
    Pass,
}

/// The scripts of a model in their seats; another policy decides where they are silent.
#[derive(Clone, Copy)]
pub struct Scripted<'a> {
    /// Scripts.
    pub scripts: &'a [Script],
    /// Who decides otherwise.
    pub rest: &'a dyn Policy,
}

impl Scripted<'_> {
    /// The last entry up to `step` that `pick` takes; entries that must fall on the step itself are picked by the caller.
    fn due<T>(&self, who: ActorId, step: u64, pick: impl Fn(&ScriptMove) -> Option<T>) -> Due<T> {
        let Some(script) = self.scripts.iter().find(|script| script.actor == who) else { return Due::Weigh };
        let past = script.moves.iter().filter(|entry| entry.step as u64 <= step);
        match past.filter_map(pick).next_back() {
            Some(act) => Due::Take(act),
            None if script.passive => Due::Pass,
            None => Due::Weigh,
        }
    }
}

impl Policy for Scripted<'_> {
    fn offer(&self, who: ActorId, choice: &OfferChoice<'_>, noise: &mut Draw) -> usize {
        self.rest.offer(who, choice, noise)
    }

    fn lever(&self, who: ActorId, choice: &LeverChoice<'_>, noise: &mut Draw) -> Option<usize> {
        self.rest.lever(who, choice, noise)
    }

    fn answer(&self, who: ActorId, choice: &AnswerChoice) -> bool {
        self.rest.answer(who, choice)
    }

    fn is_exact(&self) -> bool {
        self.rest.is_exact()
    }

    fn offer_due(&self, who: ActorId, step: u64) -> Due<PackageId> {
        let pick = |entry: &ScriptMove| if let ScriptAct::Offer(package) = entry.act { Some(package) } else { None };
        match self.due(who, step, pick) {
            Due::Weigh => self.rest.offer_due(who, step),
            due => due,
        }
    }

    fn lever_due(&self, who: ActorId, step: u64) -> Due<LeverId> {
        self.due(who, step, |entry| match entry.act {
            ScriptAct::Lever(lever) if entry.step as u64 == step => Some(lever),
            _ => None,
        })
    }

    fn answer_due(&self, who: ActorId, step: u64) -> Due<bool> {
        let due = self.due(who, step, |entry| if let ScriptAct::Answer(yes) = entry.act { Some(yes) } else { None });
        if due == Due::Pass { Due::Take(false) } else { due }
    }
}

/// The default agent: offers by relative gain with common noise per package, levers by gain, answers by margin.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoisyChoice;

/// The default agent without its noise: the best offer, the best lever, and answers without misjudgement; the lowest index
/// on ties. What others expect of it, and how votes turn out, is unchanged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exact;

/// Place of the largest number.
fn best(gains: &[f64]) -> Option<usize> {
    let better = |best: Option<usize>, at: usize| match best {
        Some(best) if gains[best] >= gains[at] => Some(best),
        _ => Some(at),
    };
    (0..gains.len()).fold(None, better)
}

impl Policy for Exact {
    fn is_exact(&self) -> bool {
        true
    }

    fn offer(&self, _who: ActorId, choice: &OfferChoice<'_>, _noise: &mut Draw) -> usize {
        best(choice.gains).unwrap_or(0)
    }

    fn lever(&self, _who: ActorId, choice: &LeverChoice<'_>, _noise: &mut Draw) -> Option<usize> {
        best(choice.gains).filter(|&at| choice.gains[at] > choice.inertia)
    }

    fn answer(&self, _who: ActorId, choice: &AnswerChoice) -> bool {
        choice.margin >= -1e-12
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Entity, Purpose, Streams};

    #[test]
    fn without_noise_the_best_is_chosen_and_only_a_loss_is_refused() {
        let mut noise = Streams { seed: 1, replication: 0 }.draw(Entity::named("a"), Purpose::OfferNoise, 0);
        let offers = OfferChoice { packages: &[3, 5, 8], gains: &[0.1, 0.3, 0.3], keys: &[1, 2, 3], precision: 0.0 };
        assert_eq!(Exact.offer(ActorId(0), &offers, &mut noise), 1);
        let mut lever =
            |gains: &[f64]| Exact.lever(ActorId(0), &LeverChoice { gains, inertia: 0.02, precision: 0.0 }, &mut noise);
        assert_eq!([lever(&[0.01, 0.03]), lever(&[0.01, 0.02]), lever(&[])], [Some(1), None, None]);
        let answer = |margin, misjudgement| Exact.answer(ActorId(0), &AnswerChoice { margin, misjudgement });
        assert_eq!([answer(0.0, 1.0), answer(-0.01, -1.0)], [true, false]);
    }
}
