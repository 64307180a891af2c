//! Steps 7 to 11 with a single negotiating text (Fisher 1978; Raiffa 1982, The Art and Science of Negotiation, ch. 14): the
//! mediator keeps one draft, beginning with the status quo, and puts one change of it after the other. A change that every
//! signatory prefers to the draft is made. When nobody can be brought to prefer any further change, or in the last round,
//! the draft is put for signature.

use super::audience;
use super::continuation::{Outlook, Talks};
use super::game::Game;
use super::observer::{AnswerParts, Move, Observer};
use super::play::Table;
use super::policy::{AnswerChoice, Due};
use super::talks::{self, Reply, Room};
use super::{Talked, conclude, regimes};
use crate::id::ActorId;
use crate::model::{Model, ProtocolKind};
use crate::rng::Purpose;

/// The draft, and what has been tried of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The package; none: the status quo.
    item: Option<usize>,
    /// Candidates that somebody likes less than the draft.
    tried: Vec<bool>,
    /// Whether somebody refused to sign it.
    refused: bool,
}

impl Draft {
    pub(super) fn new(model: &Model) -> Self {
        let used = model.protocol.kind == ProtocolKind::SingleText;
        let tried = if used { vec![false; model.packages.n_candidates] } else { Vec::new() };
        Self { tried, ..Self::default() }
    }

    /// The talks begin.
    pub(super) fn clear(&mut self) {
        *self = Self { tried: std::mem::take(&mut self.tried), ..Self::default() };
        self.tried.fill(false);
    }
}

/// What the mediator `by` does with the text in this step.
pub(super) fn revise(
    room: &Room<'_>,
    talks: &Talks,
    by: usize,
    (game, outlook, table): (&mut Game, &mut Outlook, &mut Table),
    observer: &mut dyn Observer,
) -> Talked {
    let model = room.model;
    let status_quo = model.packages.status_quo as usize;
    let draft = game.floor.draft.item.unwrap_or(status_quo);
    let last = room.step as usize + 1 == model.clock.horizon_steps;
    if !last && let Some(change) = next_change(room, by, draft, game) {
        outlook.ask_deliverers_of(change, (model, room.setup), game, talks);
        put(room, (by, change, draft), game, outlook, table, observer);
        return Talked::On { signed: false };
    }
    let open = game.floor.draft.item.is_some() && !game.floor.draft.refused && outlook.open.contains(&(draft as u32));
    if !open {
        talks::stall(room, by, None, table, observer);
        return Talked::On { signed: false };
    }
    outlook.ask_deliverers_of(draft, (model, room.setup), game, talks);
    announce(room, (by, draft), game, outlook, table, observer);
    let reply = talks::ask_everybody(room, by, draft, game, outlook, table, observer);
    table.first_accepted = table.first_accepted.or(Some(reply == Reply::Agreed));
    match reply {
        Reply::Agreed => conclude(room, (draft, by), game, outlook, table, observer),
        Reply::Refused => {
            game.floor.draft.refused = true;
            Talked::On { signed: false }
        }
        Reply::WalkedOut(who) => Talked::Left(who),
    }
}

/// A package lies on the table.
fn announce(
    room: &Room<'_>,
    (by, package): (usize, usize),
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) {
    let Room { model, setup, .. } = *room;
    let others = setup.parties_of(model, package).iter().filter(|&&actor| actor != by);
    let yeses: f64 = others.map(|&actor| outlook.acceptance(model, setup, game, actor, package)).product();
    let forecast = yeses * outlook.consent[package] * outlook.ratification[package];
    table.offer(model, package, by, forecast, game);
    let audience = audience::face(room, by, package, game, table);
    let deal = regimes::deal(model, setup, game, package);
    let what = Move::Offer { by: ActorId::new(by), deal, forecast, gain: 0.0, audience };
    observer.on(room.step as u32, room.month, &what);
}

/// An untried change of the draft, drawn evenly: one issue, or a declared pair of issues, differs.
fn next_change(room: &Room<'_>, by: usize, draft: usize, game: &Game) -> Option<usize> {
    let model = room.model;
    let from = model.packages.options_of(model.issues.len(), draft);
    let mut noise = room.streams.draw(model.actors[by].entity, Purpose::OfferNoise, room.step);
    let mut best: Option<(f64, usize)> = None;
    for (package, to) in model.candidates().enumerate() {
        if game.floor.draft.tried[package] || !is_change(model, from, to) {
            continue;
        }
        let luck = noise.at(model.packages.keys[package] & 0xFFFF_FFFF).unit();
        if best.is_none_or(|(most, _)| luck > most) {
            best = Some((luck, package));
        }
    }
    best.map(|(_, package)| package)
}

fn is_change(model: &Model, from: &[u16], to: &[u16]) -> bool {
    let mut differ = from.iter().zip(to).enumerate().filter(|(_, (a, b))| a != b).map(|(issue, _)| issue);
    match (differ.next(), differ.next(), differ.next()) {
        (Some(_), None, None) => true,
        (Some(first), Some(second), None) => model.space.pairs.iter().any(|(a, b)| {
            let pair = [a.index(), b.index()];
            pair == [first, second] || pair == [second, first]
        }),
        _ => false,
    }
}

/// Puts a change to every signatory, and makes it if all prefer it to the draft.
fn put(
    room: &Room<'_>,
    (by, change, draft): (usize, usize, usize),
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) {
    let Room { model, setup, .. } = *room;
    announce(room, (by, change), game, outlook, table, observer);
    let mut all = true;
    for &actor in setup.parties_of(model, change) {
        let at = setup.first_node[actor] + game.nodes.truth[actor];
        let [value, against] = [change, draft].map(|package| game.keeping.value(at)[package]);
        let noise = outlook.sigma[actor] * game.shocks.eps[actor] * outlook.scale[at];
        let choice = AnswerChoice { margin: value - against, misjudgement: noise };
        let yes = match room.policy.answer_due(ActorId::new(actor), room.step) {
            Due::Take(yes) => yes,
            Due::Weigh | Due::Pass => room.policy.answer(ActorId::new(actor), &choice),
        };
        let what = Move::Answer { by: ActorId::new(actor), yes, value, against, parts: &AnswerParts::default() };
        observer.on(room.step as u32, room.month, &what);
        if !yes {
            table.refuse(model, actor, value, game);
            all = false;
            break;
        }
    }
    table.first_accepted = table.first_accepted.or(Some(all));
    if all {
        game.floor.draft.item = Some(change);
        game.floor.draft.refused = false;
        game.floor.draft.tried.fill(false);
        // Going back to where one came from is no change that all could prefer.
        if draft < game.floor.draft.tried.len() {
            game.floor.draft.tried[draft] = true;
        }
    } else {
        game.floor.draft.tried[change] = true;
    }
}
