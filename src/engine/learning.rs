//! What others learn about an actor from leaving or staying, and from answering a call or not (`core.md` 13).
//!
//! Leaving: an actor with an outside option stands before two acts, to leave and to stay, whenever it has made up its mind
//! about an offer or has refused one. P(leave | theta) is 1 for the types whose outside option is worth more than going on,
//! else 0. So staying is news too: it rules out types that would have left. When somebody leaves, the others value
//! disagreement by what they have learned of it.
//!
//! A call: when an attack, or an act of pressure, calls on a guarantor that is an actor, P(answer | theta) is its kappa as
//! that type, expected over the others' types. Who does not answer an act of pressure is believed less, and what the
//! register deters falls with that.

use super::continuation::Outlook;
use super::game::Game;
use super::security::{At, View};
use super::setup::CELLS;
use super::signals::{self, News};
use super::talks::Room;
use crate::model::{Party, Types};

/// Learns from an act of `actor` that has the chances in `game.review.likelihood` by type node, out of `acts` acts.
fn learn(room: &Room<'_>, actor: usize, acts: usize, game: &mut Game) {
    let Room { model, setup, .. } = *room;
    if game.review.likelihood.windows(2).all(|pair| pair[0] == pair[1]) {
        return;
    }
    let mixing = game.buffers.tools(&game.scalars).one(&model.behaviour.mixing, &game.world, 0);
    match &model.actors[actor].types {
        Types::Named(types) => {
            let likelihood = &game.review.likelihood[..types.len()];
            let news = News { actor, likelihood, mixing, acts };
            signals::update(&mut game.beliefs, setup, &news);
        }
        Types::Continuous { .. } => {
            let floor = mixing / acts as f64;
            let chance = &game.review.likelihood;
            let cells = &mut game.beliefs.cell[actor * CELLS..(actor + 1) * CELLS];
            for (belief, edges) in cells.iter_mut().zip(chance.windows(2)) {
                *belief *= (1.0 - mixing) * f64::midpoint(edges[0], edges[1]) + floor;
            }
            let total: f64 = cells.iter().sum();
            for belief in cells {
                *belief /= total;
            }
            game.beliefs.spread_cells(setup, actor);
            game.beliefs.join(setup);
        }
    }
}

/// Whether there is anything to learn about an actor: it has several types.
fn is_open(room: &Room<'_>, actor: usize) -> bool {
    match &room.model.actors[actor].types {
        Types::Named(types) => types.len() > 1,
        Types::Continuous { .. } => true,
    }
}

/// An actor left, or stayed where it might have left: `would` says whether each of its type nodes leaves.
///
/// Nothing is learned of an actor without an outside option.
pub(super) fn from_leaving(
    room: &Room<'_>,
    actor: usize,
    left: bool,
    game: &mut Game,
    would: impl Fn(&Game, usize) -> bool,
) {
    if room.model.actors[actor].walk_out.is_empty() || !is_open(room, actor) {
        return;
    }
    let first = room.setup.first_node[actor];
    game.review.likelihood.clear();
    for at in first..first + room.setup.nodes[actor] {
        let chance = f64::from(u8::from(would(game, at) == left));
        game.review.likelihood.push(chance);
    }
    learn(room, actor, 2, game);
}

/// Somebody refused an offer, and then left or stayed.
pub(super) fn from_refusal(room: &Room<'_>, actor: usize, left: bool, game: &mut Game, outlook: &Outlook) {
    from_leaving(room, actor, left, game, |_, at| outlook.outside[at] > outlook.c[at]);
}

/// A guarantor was called on in an attack and answered or not; the backer stood or not.
pub(super) fn from_call(
    room: &Room<'_>,
    (attack, guarantee): (usize, usize),
    (answered, stands): (bool, bool),
    game: &mut Game,
) {
    let Room { model, setup, .. } = *room;
    let Party::Actor(actor) = model.guarantees[guarantee].by else { return };
    let actor = actor.index();
    if !setup.guarantee_reads_type || !matches!(model.actors[actor].types, Types::Named(_)) || !is_open(room, actor) {
        return;
    }
    game.review.likelihood.clear();
    for node in 0..setup.nodes[actor] {
        let belief = game.beliefs.node[setup.first_node[actor] + node];
        let mut given = std::mem::take(&mut game.given);
        for (profile, weight) in given.iter_mut().enumerate() {
            let same = setup.node(profile, actor) == node && belief > 0.0;
            *weight = if same { game.beliefs.profile[profile] / belief } else { 0.0 };
        }
        let review = &mut game.review;
        let at = At { model, setup, nodes: &game.nodes, world: &game.world };
        let mut tools = game.buffers.tools(&game.scalars);
        review.security.muster(&at, attack, View::Believed(&given), &mut review.lanes, &mut tools);
        let kappa = review.security.kappa(guarantee, usize::from(stands), 0);
        review.likelihood.push(if answered { kappa } else { 1.0 - kappa });
        game.given = given;
    }
    learn(room, actor, 2, game);
}
