//! Who may propose in a step, and how likely an offer is.

use super::game::Game;
use super::single_text::Draft;
use crate::model::{Model, ProtocolKind, Regime, Role};
use crate::num::{exp, ln};

/// Whose turn it is, and what lies on the table.
#[derive(Clone, Debug)]
pub(super) struct Floor {
    /// Turns taken so far.
    pub(super) turn: usize,
    /// The offer that waits for acceptance under stacked offers.
    pub(super) standing: Option<Standing>,
    /// The text of a mediator who keeps one.
    pub(super) draft: Draft,
}

/// An offer on the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// What.
    pub(super) item: usize,
    /// Whose.
    pub(super) by: usize,
    /// Who has accepted it so far, its author among them, a bit set.
    pub(super) yeses: u64,
    /// The regime in which it was made.
    pub(super) regime: Regime,
}

impl Floor {
    pub(super) fn new(model: &Model) -> Self {
        Self { turn: 0, standing: None, draft: Draft::new(model) }
    }

    /// The talks begin.
    pub(super) fn clear(&mut self) {
        self.turn = 0;
        self.standing = None;
        self.draft.clear();
    }

    /// Who has the turn that is so many turns away.
    pub(super) fn holder(&self, model: &Model, away: usize) -> usize {
        let order = &model.protocol.order;
        order[(self.turn + away) % order.len()].index()
    }
}

/// Rules of procedure: who proposes, and whether talks go on.
pub(super) trait Protocol {
    /// Chance of each actor to be recognised in this step; sums to 1 unless nobody may propose.
    fn recognition(&self, model: &Model, game: &mut Game, out: &mut [f64]);
    /// Chance of an offer in a step of this regime, 0–1.
    fn offer_chance(&self, model: &Model, game: &mut Game, regime: Regime) -> f64;
    /// Whether there may be an offer after this step.
    fn continues(&self, step: usize) -> bool;
    /// Chance of each actor to propose next, once this step's offer is refused.
    fn expected(&self, model: &Model, game: &Game, recognition: &[f64], out: &mut [f64]) {
        let _ = (model, game);
        out.copy_from_slice(recognition);
    }
    /// Who proposes next and who after it, where two signatories alternate.
    fn alternation(&self, model: &Model, game: &Game) -> Option<[usize; 2]> {
        let _ = (model, game);
        None
    }
}

/// Each step one proposer is drawn; talks go on until the horizon.
struct RandomProposer;

/// One offer in the first step, then the talks are over.
struct OneOffer;

/// One offer a step, by each in turn.
struct Alternating;

/// Each in turn accepts or replaces what is on the table.
struct Stacked;

/// A mediator's text, changed in turn by the mediators.
struct SingleText;

/// The rules a model declares.
pub(super) fn of(model: &Model) -> &'static dyn Protocol {
    match model.protocol.kind {
        ProtocolKind::RandomProposer => &RandomProposer,
        ProtocolKind::OneOffer => &OneOffer,
        ProtocolKind::Alternating => &Alternating,
        ProtocolKind::Stacked => &Stacked,
        ProtocolKind::SingleText => &SingleText,
    }
}

/// Chance of each actor to propose at some time: all who take turns alike.
pub(super) fn anybody(model: &Model, game: &mut Game, out: &mut [f64]) {
    let order = &model.protocol.order;
    if order.is_empty() {
        return of(model).recognition(model, game, out);
    }
    out.fill(0.0);
    for actor in order {
        out[actor.index()] += 1.0 / order.len() as f64;
    }
}

/// Certainty for one actor.
fn only(actor: usize, out: &mut [f64]) {
    out.fill(0.0);
    out[actor] = 1.0;
}

/// Where the turns are those of two signatories: who has the turn that is so many turns away, and the other.
fn pair(model: &Model, game: &Game, away: usize) -> Option<[usize; 2]> {
    let signs = |actor: usize| model.actors[actor].role == Role::Signatory;
    let signatories = (0..model.actors.len()).filter(|&actor| signs(actor)).count();
    let next = [game.floor.holder(model, away), game.floor.holder(model, away + 1)];
    let two = model.protocol.order.len() == 2 && signatories == 2;
    (two && next[0] != next[1] && next.iter().all(|&actor| signs(actor))).then_some(next)
}

/// Declared chance of an offer in a step of this regime.
fn offers_in_a_step(model: &Model, game: &mut Game, regime: Regime) -> f64 {
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
        offers_in_a_step(model, game, regime)
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

impl Protocol for Alternating {
    fn recognition(&self, model: &Model, game: &mut Game, out: &mut [f64]) {
        only(game.floor.holder(model, 0), out);
    }

    fn offer_chance(&self, model: &Model, game: &mut Game, regime: Regime) -> f64 {
        offers_in_a_step(model, game, regime)
    }

    fn continues(&self, _step: usize) -> bool {
        true
    }

    fn expected(&self, model: &Model, game: &Game, _recognition: &[f64], out: &mut [f64]) {
        only(game.floor.holder(model, 1), out);
    }

    fn alternation(&self, model: &Model, game: &Game) -> Option<[usize; 2]> {
        pair(model, game, 1)
    }
}

impl Protocol for Stacked {
    /// Whoever has the turn where a step is one action; else each has one in the step.
    fn recognition(&self, model: &Model, game: &mut Game, out: &mut [f64]) {
        if model.protocol.one_offer_per_step {
            return only(game.floor.holder(model, 0), out);
        }
        out.fill(0.0);
        for actor in &model.protocol.order {
            out[actor.index()] = 1.0 / model.protocol.order.len() as f64;
        }
    }

    fn offer_chance(&self, model: &Model, game: &mut Game, regime: Regime) -> f64 {
        offers_in_a_step(model, game, regime)
    }

    fn continues(&self, _step: usize) -> bool {
        true
    }

    fn expected(&self, model: &Model, game: &Game, recognition: &[f64], out: &mut [f64]) {
        if model.protocol.one_offer_per_step {
            only(game.floor.holder(model, 1), out);
        } else {
            out.copy_from_slice(recognition);
        }
    }

    fn alternation(&self, model: &Model, game: &Game) -> Option<[usize; 2]> {
        if model.protocol.one_offer_per_step { pair(model, game, 1) } else { None }
    }
}

impl Protocol for SingleText {
    fn recognition(&self, model: &Model, game: &mut Game, out: &mut [f64]) {
        let mediating = game.world.get(model.layout.mediating, 0) != 0.0;
        if mediating {
            only(game.floor.holder(model, 0), out);
        } else {
            out.fill(0.0);
        }
    }

    fn offer_chance(&self, model: &Model, game: &mut Game, regime: Regime) -> f64 {
        offers_in_a_step(model, game, regime)
    }

    /// There is one text: whoever does not sign it has nothing better to wait for.
    fn continues(&self, _step: usize) -> bool {
        false
    }
}
