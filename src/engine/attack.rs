//! An attack on a settled register (`core.md` 5 and 6): who answers, how the war ends, what it is worth.

use super::aftermath::secure;
use super::coalition;
use super::game::Game;
use super::learning;
use super::observer::{Move, Observer};
use super::play::Table;
use super::record::EndedBy;
use super::security::{At, View};
use super::snapback;
use super::talks::Room;
use crate::model::Regime;
use crate::num::{exp, logistic};
use crate::rng::{Draw, Purpose};

/// An attack: who answers, how the war ends, what it is worth.
pub(super) fn attack(room: &Room<'_>, index: usize, game: &mut Game, table: &mut Table, observer: &mut dyn Observer) {
    let Room { model, streams, step, month, .. } = *room;
    let declared = &model.attacks[index];
    secure(room, game, View::True);
    let Call { answering, escalates, stands } = call(room, index, Purpose::GuarantorAnswer, game);
    let answered = answering != 0;
    let fate = fight(room, index, answering, game);
    learn(room, index, (answering, stands), game);
    let lost = fate == Fate::Victory && !escalates;
    if let Some(signed) = &mut table.settlement {
        signed.attack_month = Some(month - f64::from(signed.step) * model.clock.months_per_step);
        signed.answered = answered;
        signed.lost = lost;
        signed.peace_months = month - f64::from(signed.step) * model.clock.months_per_step;
    }
    table.end_agreements(step as u32, EndedBy::Attack, |_| true);
    observer.on(step as u32, month, &Move::Attacked { attack: index as u16, answered, lost });
    let wider = declared.escalation.filter(|_| escalates).map(crate::id::EndingId::index);
    table.ending = wider.or(match fate {
        Fate::Victory => Some(declared.victory.index()),
        Fate::Defeat => Some(declared.defeat.index()),
        Fate::Undecided => None,
    });
    let snapback = snapback::chance_now(room, index, game);
    let withdrawn = streams.draw(declared.entity, Purpose::Snapback, step).bernoulli(snapback);
    coalition::lose(room, answering, game, table);
    if declared.ballot.is_some() {
        observer.on(step as u32, month, &Move::Withdrawn { attack: index as u16, yes: withdrawn, chance: snapback });
    }
    let left = if withdrawn { game.without_revocable(model, room.setup) } else { game.register };
    for actor in 0..model.actors.len() {
        let value = war_value(room, index, actor, game, &Aftereffect { fate, wider, answered, left });
        table.utility[actor] += table.discount[actor] * value;
    }
    game.put_in_force(model, left);
    game.regime = Regime::War;
    game.world.set(model.layout.regime, 0, 0.0);
}

/// Who answers a call.
struct Call {
    /// Guarantees, a bit set.
    answering: u64,
    /// Whether an answer runs out of control.
    escalates: bool,
    /// Whether the backer stands.
    stands: bool,
}

/// The guarantors of an attack are called on and answer by their types. The security of the register in force stands in
/// the review buffers.
fn call(room: &Room<'_>, index: usize, purpose: Purpose, game: &mut Game) -> Call {
    let Room { model, streams, step, .. } = *room;
    let declared = &model.attacks[index];
    let at = At { model, setup: room.setup, nodes: &game.nodes, world: &game.world };
    let review = &mut game.review;
    review.security.muster(&at, index, View::True, &mut review.lanes, &mut game.buffers.tools(&game.scalars));
    let stands =
        declared.answered_by.iter().find_map(|id| model.guarantees[id.index()].backstop.as_ref()).is_some_and(|b| {
            let p = game.buffers.tools(&game.scalars).one(&b.probability, &game.world, 0).clamp(0.0, 1.0);
            streams.draw(model.actors[b.by.index()].entity, purpose, step).bernoulli(p)
        });
    let mut answering = 0_u64;
    let mut escalates = false;
    for id in &declared.answered_by {
        let guarantee = &model.guarantees[id.index()];
        let kappa = game.review.security.kappa(id.index(), usize::from(stands), 0);
        let mut draw: Draw = streams.draw(guarantee.entity, purpose, step);
        if draw.bernoulli(kappa) {
            answering |= 1 << id.index();
            let rho = game.buffers.tools(&game.scalars).one(&guarantee.escalation_risk, &game.world, 0);
            escalates |= draw.bernoulli(rho);
        }
    }
    Call { answering, escalates, stands }
}

/// What the answers to a call teach about the guarantors that the register has.
fn learn(room: &Room<'_>, index: usize, (answering, stands): (u64, bool), game: &mut Game) {
    for id in &room.model.attacks[index].answered_by {
        let answered = answering & (1 << id.index()) != 0;
        learning::from_call(room, (index, id.index()), (answered, stands), game);
    }
}

/// How a war ends for the attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Victory,
    Defeat,
    Undecided,
}

struct Aftereffect {
    fate: Fate,
    wider: Option<usize>,
    answered: bool,
    /// What stays in force.
    left: usize,
}

/// The three-outcome lottery, with the capability of those who answer.
fn fight(room: &Room<'_>, index: usize, answering: u64, game: &mut Game) -> Fate {
    let declared = &room.model.attacks[index];
    let mut tools = game.buffers.tools(&game.scalars);
    let capability = game.review.security.capability_of(room.model, index, answering, &game.world, &mut tools);
    let phi = tools.one(&declared.denial_share, &game.world, 0);
    let denial = tools.one(&declared.denial, &game.world, 0);
    let balance = tools.one(&declared.balance, &game.world, 0) - phi * denial * capability;
    let tau = tools.one(&declared.win_threshold, &game.world, 0);
    let slope = tools.one(&declared.win_slope, &game.world, 0);
    let wins = logistic((balance - tau) / slope);
    let beaten = 1.0 - logistic((balance + tau) / slope);
    let at = room.streams.draw(declared.entity, Purpose::WarOutcome, room.step).unit();
    if at < wins {
        Fate::Victory
    } else if at >= 1.0 - beaten {
        Fate::Defeat
    } else {
        Fate::Undecided
    }
}

/// Realised value of a war from its beginning on: the same terms as in the forecast, at what came of it.
fn war_value(room: &Room<'_>, index: usize, actor: usize, game: &Game, after: &Aftereffect) -> f64 {
    let Room { model, setup, .. } = *room;
    let declared = &model.attacks[index];
    let node = setup.first_node[actor] + game.nodes.truth[actor];
    if let Some(ending) = after.wider {
        return game.utility.worth(ending, node);
    }
    let keeping = &game.review.keeping;
    let w = keeping.war_weight[index * model.actors.len() + actor];
    let anchor = game.utility.anchor(node);
    let attacks = declared.by.index() == actor;
    let irrevocable = game.utility.bare(node)[after.left];
    let undecided = if attacks {
        (anchor - keeping.attack_terms[index].repulse_loss).max(irrevocable)
    } else {
        keeping.kept(actor) * anchor
    };
    let lottery = match after.fate {
        Fate::Victory => game.utility.worth(declared.victory.index(), node),
        Fate::Defeat => game.utility.worth(declared.defeat.index(), node),
        Fate::Undecided => undecided,
    };
    let during = if attacks {
        irrevocable - keeping.attack_cost[index * setup.n_nodes + node]
    } else {
        anchor - keeping.war_cost[node]
    };
    let relief = if after.answered && !attacks { keeping.relief(actor) } else { 0.0 };
    w * during + (1.0 - w) * lottery + relief
}

/// Acts of pressure in this step: each gains its maker and costs the others a flow while it lasts, and the peace goes on.
/// Rates, punishment and the value of what they are worth are those last valued for the register in force.
///
/// Guarantors are called on by the acts of a step together; what their answers teach counts from the next step on.
pub(super) fn press(room: &Room<'_>, game: &mut Game, table: &mut Table, observer: &mut dyn Observer) {
    let Room { model, streams, step, month, .. } = *room;
    let actors = model.actors.len();
    let years = model.clock.months_per_step / 12.0;
    for (index, attack) in model.attacks.iter().enumerate().filter(|(_, attack)| attack.pressure.is_some()) {
        let keeping = &game.review.keeping;
        let at = streams.draw(attack.entity, Purpose::Attack, step).unit();
        let acts = acts_at(at, years * keeping.first_rates[index]);
        if acts == 0 {
            continue;
        }
        game.pressure += acts;
        let terms = keeping.attack_terms[index];
        let gain = terms.gain - game.review.security.punishment.row(index, 0)[0] - terms.audience_cost;
        for actor in 0..actors {
            let each = if attack.by.index() == actor { gain } else { -keeping.harm[index * actors + actor] };
            let flow = f64::from(acts) * each;
            table.utility[actor] += table.discount[actor] * keeping.war_weight[index * actors + actor] * flow;
        }
        let Call { answering, stands, .. } = call(room, index, Purpose::Call, game);
        learn(room, index, (answering, stands), game);
        let (attack, answered) = (index as u16, answering != 0);
        observer.on(step as u32, month, &Move::Pressed { attack, acts, answered });
    }
}

/// Number of acts at a quantile of the Poisson distribution with that mean.
fn acts_at(quantile: f64, mean: f64) -> u32 {
    /// Whoever expects more in a step means something else.
    const MOST: u32 = 100;
    let mut chance = exp(-mean);
    let mut below = chance;
    let mut acts = 0;
    while quantile >= below && acts < MOST {
        acts += 1;
        chance *= mean / f64::from(acts);
        below += chance;
    }
    acts
}
