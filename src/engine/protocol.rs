//! Who may propose in a step, and how likely an offer is.

use super::game::Game;
use crate::model::{Model, ProtocolKind, Regime, Role};
use crate::num::{exp, ln};

/// Rules of procedure: who proposes, and whether talks go on.
pub(super) trait Protocol {
    /// Chance of each actor to be recognised in this step; sums to 1 unless nobody may propose.
    fn recognition(&self, model: &Model, game: &mut Game, out: &mut [f64]);
    /// Chance of an offer in a step of this regime, 0–1.
    fn offer_chance(&self, model: &Model, game: &mut Game, regime: Regime) -> f64;
    /// Whether there may be an offer after this step.
    fn continues(&self, step: usize) -> bool;
}

/// Each step one proposer is drawn; talks go on until the horizon.
struct RandomProposer;

/// One offer in the first step, then the talks are over.
struct OneOffer;

/// The rules a model declares.
pub(super) fn of(model: &Model) -> &'static dyn Protocol {
    match model.protocol.kind {
        ProtocolKind::RandomProposer => &RandomProposer,
        ProtocolKind::OneOffer => &OneOffer,
    }
}

/// Declared recognition; once mediation has ended, renormalised over the others.
fn recognise(model: &Model, game: &mut Game, out: &mut [f64]) {
    let mediating = game.world.get(model.layout.mediating, 0) != 0.0;
    let mut total = 0.0;
    for (actor, chance) in out.iter_mut().enumerate() {
        let gone = model.actors[actor].role == Role::Mediator && !mediating;
        let declared = game.buffers.tools(&game.scalars).one(&model.protocol.recognition[actor], &game.world, 0);
        *chance = if gone { 0.0 } else { declared };
        total += *chance;
    }
    if !mediating && total > 0.0 {
        for chance in out {
            *chance /= total;
        }
    }
}

impl Protocol for RandomProposer {
    fn recognition(&self, model: &Model, game: &mut Game, out: &mut [f64]) {
        recognise(model, game, out);
    }

    fn offer_chance(&self, model: &Model, game: &mut Game, regime: Regime) -> f64 {
        let mediating = game.world.get(model.layout.mediating, 0) != 0.0;
        let mut tools = game.buffers.tools(&game.scalars);
        let declared = match regime {
            Regime::Truce => &model.protocol.truce_offers_per_month,
            Regime::War | Regime::Settled => &model.protocol.offers_per_month,
        };
        let mut monthly = tools.one(declared, &game.world, 0);
        if !mediating {
            monthly *= tools.one(&model.protocol.after_exit, &game.world, 0);
        }
        let months = model.clock.months_per_step;
        if months == 1.0 {
            monthly
        } else if monthly >= 1.0 {
            1.0
        } else {
            1.0 - exp(months * ln(1.0 - monthly))
        }
    }

    fn continues(&self, _step: usize) -> bool {
        true
    }
}

impl Protocol for OneOffer {
    fn recognition(&self, model: &Model, game: &mut Game, out: &mut [f64]) {
        recognise(model, game, out);
    }

    fn offer_chance(&self, _model: &Model, _game: &mut Game, _regime: Regime) -> f64 {
        1.0
    }

    fn continues(&self, _step: usize) -> bool {
        false
    }
}
