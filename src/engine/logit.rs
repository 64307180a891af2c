//! Independent logit choice (McKelvey and Palfrey 1998, Experimental Economics 1:9-41): each choice with a weight that is
//! exponential in what it is worth, drawn anew every time, unlike the lasting misjudgement of the default agent.

use super::game::Game;
use super::talks::Room;
use crate::model::{Stall, Tactic};
use crate::num::{exp, ln, logistic};
use crate::rng::Purpose;

/// Numbers of one logit seat now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Logit {
    pub(super) offers: f64,
    pub(super) answers: f64,
    pub(super) stall: Stall,
}

/// What may be offered, by gain over offering nothing.
pub(super) struct Menu<'a> {
    pub(super) gains: &'a [f64],
    pub(super) keys: &'a [u64],
    pub(super) precision: f64,
}

/// The logit choice of an actor's seat, if that is how it chooses and choices have noise.
pub(super) fn of(room: &Room<'_>, actor: usize, game: &mut Game) -> Option<Logit> {
    let Some(Tactic::Logit { offers, answers, stall }) = &room.model.tactics[actor] else { return None };
    if room.policy.is_exact() {
        return None;
    }
    let mut tools = game.buffers.tools(&game.scalars);
    Some(Logit {
        offers: tools.one(offers, &game.world, 0),
        answers: tools.one(answers, &game.world, 0),
        stall: *stall,
    })
}

/// Position of the noise of offering nothing, beyond those of all packages.
const NOTHING: u64 = 1 << 32;

/// Place in the menu of what is offered; none: nothing.
pub(super) fn offer(room: &Room<'_>, by: usize, stall: Stall, menu: &Menu<'_>) -> Option<usize> {
    let entity = room.model.actors[by].entity;
    if stall == Stall::Class {
        let chance = chance_of_class(menu.gains, menu.precision);
        if room.streams.draw(entity, Purpose::LogitChoice, room.step).at(1).unit() >= chance {
            return None;
        }
    }
    let mut noise = room.streams.draw(entity, Purpose::OfferNoise, room.step);
    let mut best = (f64::NEG_INFINITY, None);
    if stall == Stall::OneOption {
        best = (noise.at(NOTHING).gumbel(), None);
    }
    for (place, (&gain, &key)) in menu.gains.iter().zip(menu.keys).enumerate() {
        let score = menu.precision * gain + noise.at(key & 0xFFFF_FFFF).gumbel();
        if score > best.0 {
            best = (score, Some(place));
        }
    }
    best.1
}

/// A yes with a chance that is logistic in its margin, independent of all others.
pub(super) fn answer(room: &Room<'_>, actor: usize, precision: f64, margin: f64) -> bool {
    let entity = room.model.actors[actor].entity;
    room.streams.draw(entity, Purpose::LogitChoice, room.step).bernoulli(logistic(precision * margin))
}

/// Chance of each of several acts with these gains over doing nothing; nothing itself has a gain of 0 and is one of them
/// only if it is listed (Luce 1959).
#[must_use]
pub fn chances(gains: &[f64], precision: f64) -> Vec<f64> {
    let best = gains.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = gains.iter().map(|gain| exp(precision * (gain - best))).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// Chance of choosing a class of acts over doing nothing, where the class is worth the log-mean-exp of its members: finer
/// lists of the same acts change nothing (McFadden 1978).
#[must_use]
pub fn chance_of_class(gains: &[f64], precision: f64) -> f64 {
    if gains.is_empty() {
        return 0.0;
    }
    let best = gains.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mean = gains.iter().map(|gain| exp(precision * (gain - best))).sum::<f64>() / gains.len() as f64;
    logistic(precision * best + ln(mean))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listing_every_act_twice_doubles_a_flat_menu_and_leaves_a_class_as_it_is() {
        let (once, twice) = ([0.1, 0.3], [0.1, 0.3, 0.1, 0.3]);
        let class = chance_of_class(&once, 10.0);
        assert!((class - chance_of_class(&twice, 10.0)).abs() < 1e-15);
        // exp(1) + exp(3) against exp(0): 22.8 to 1, and 45.6 to 1; the class has half of the first odds.
        let nothing = |acts: &[f64]| chances(&[acts, &[0.0]].concat(), 10.0)[acts.len()];
        let odds = exp(1.0) + exp(3.0);
        assert!((nothing(&once) - 1.0 / (1.0 + odds)).abs() < 1e-15);
        assert!((nothing(&twice) - 1.0 / (1.0 + 2.0 * odds)).abs() < 1e-15);
        assert!((class - 1.0 / (1.0 + 2.0 / odds)).abs() < 1e-15);
        assert_eq!(chance_of_class(&[], 1.0), 0.0);
    }
}
