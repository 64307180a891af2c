//! Steps 7 to 11 under stacked alternating offers (Aydogan, Festen, Hindriks and Jonker 2017): each in turn accepts what is
//! on the table or replaces it by an offer of its own.

use super::Talked;
use super::audience;
use super::continuation::{Outlook, Talks};
use super::game::Game;
use super::observer::{Move, Observer};
use super::play::Table;
use super::protocol::Standing;
use super::talks::{self, Offers, Proposal, Room};
use super::{conclude, regimes};
use crate::id::ActorId;

/// Everybody's turn in this step, or one turn where a step is one action. Values are those of the beginning of the step.
pub(super) fn act(
    room: &Room<'_>,
    talks: &Talks,
    (game, outlook, offers, table): (&mut Game, &mut Outlook, &mut Offers, &mut Table),
    observer: &mut dyn Observer,
) -> Talked {
    let model = room.model;
    let turns = if model.protocol.one_offer_per_step { 1 } else { model.protocol.order.len() };
    for _ in 0..turns {
        let who = game.floor.holder(model, 0);
        game.floor.turn += 1;
        match consider(room, talks, who, (&mut *game, &mut *outlook, &mut *table), observer) {
            Stand::Leave => continue,
            Stand::Over(talked) => return talked,
            Stand::Replace => game.floor.standing = None,
        }
        if offer(room, talks, who, (&mut *game, &mut *outlook, &mut *offers, &mut *table), observer) {
            return Talked::Left(who);
        }
    }
    Talked::On { signed: false }
}

/// What whoever has the turn does about the offer on the table.
enum Stand {
    /// Leaves it there, accepted or not its business.
    Leave,
    /// Takes it off; also where there is none.
    Replace,
    /// Was the last who had to accept, or walks out.
    Over(Talked),
}

fn consider(
    room: &Room<'_>,
    talks: &Talks,
    who: usize,
    (game, outlook, table): (&mut Game, &mut Outlook, &mut Table),
    observer: &mut dyn Observer,
) -> Stand {
    let here = |standing: &Standing| standing.by != who && standing.regime == game.regime;
    let Some(standing) = game.floor.standing.filter(here) else { return Stand::Replace };
    let item = standing.item;
    outlook.ask_deliverers_of(item, (room.model, room.setup), game, talks);
    let parties = room.setup.parties_of(room.model, item);
    if !parties.contains(&who) {
        return Stand::Leave;
    }
    if !talks::answer(room, who, item, game, outlook, table, observer) {
        table.first_accepted = table.first_accepted.or(Some(false));
        if talks::leaves(room, who, game, outlook) {
            return Stand::Over(Talked::Left(who));
        }
        return Stand::Replace;
    }
    let yeses = standing.yeses | 1 << who;
    game.floor.standing = Some(Standing { yeses, ..standing });
    if parties.iter().any(|&party| yeses & 1 << party == 0) {
        return Stand::Leave;
    }
    game.floor.standing = None;
    let agreed = talks::confirmed(room, item, game, outlook, table, observer);
    table.first_accepted = table.first_accepted.or(Some(agreed));
    if agreed { Stand::Over(conclude(room, (item, standing.by), game, outlook, table, observer)) } else { Stand::Leave }
}

/// Puts an offer on the table, if there is any to make; returns whether whoever has the turn leaves for good.
fn offer(
    room: &Room<'_>,
    talks: &Talks,
    by: usize,
    (game, outlook, offers, table): (&mut Game, &mut Outlook, &mut Offers, &mut Table),
    observer: &mut dyn Observer,
) -> bool {
    let model = room.model;
    let precision = game.buffers.tools(&game.scalars).one(&model.behaviour.offer_precision, &game.world, 0);
    match offers.propose(room, by, game, outlook, talks, precision) {
        Proposal::WalkOut => return true,
        Proposal::Stall { blocker } => talks::stall(room, by, blocker, table, observer),
        Proposal::Offer { package, forecast } => {
            let gain = offers.gain_of(package);
            table.offer(model, package, by, forecast, game);
            table.misjudged = talks::misjudges(room, by, package, game, outlook);
            let audience = audience::face(room, by, package, game, table);
            let deal = regimes::deal(model, room.setup, game, package);
            let what = Move::Offer { by: ActorId::new(by), deal, forecast, gain, audience };
            observer.on(room.step as u32, room.month, &what);
            game.floor.standing = Some(Standing { item: package, by, yeses: 1 << by, regime: game.regime });
        }
    }
    false
}
