//! Audiences (`core.md` 10): what an offer costs its maker at home, compared with what it has asked for in public.
//!
//! An actor's public position is, issue by issue, the option that it has last offered, signed, or declared before the
//! talks. An offer x costs its maker, once, concession times what x gives away of that position and retreat times what x
//! takes back of it, both summed over the issues that x sets, in the actor's own weighted values. Issues on which it has
//! said nothing cost nothing. Whoever hears an offer cannot see the cost: forecasts of answers do not change.
//!
//! The gain of an offer is less by its cost. Putting it off saves the cost only as far as somebody else makes the offer:
//! the proposer's own continuation is lower by d K r c, with r its chance to propose and c its cost of the predicted deal
//! (else a cost that must be paid some day would stop every offer that is not urgent).

use super::continuation::Outlook;
use super::game::Game;
use super::play::Table;
use super::setup::Setup;
use super::talks::Room;
use crate::model::{KEEP, Model};

/// What actors have asked for in public.
#[derive(Clone, Debug)]
pub(super) struct Positions {
    /// Option of each issue, `[actor * issues + issue]`; [`KEEP`] where the actor has said nothing.
    option: Vec<u16>,
    /// Price of every option of every issue to whoever is about to offer.
    price: Vec<f64>,
    /// Whether whoever is about to offer has an audience.
    heard: bool,
}

impl Positions {
    pub(super) fn new(model: &Model, setup: &Setup) -> Self {
        Self {
            option: vec![KEEP; model.actors.len() * model.issues.len()],
            price: vec![0.0; setup.all_options],
            heard: false,
        }
    }

    /// Positions before the talks.
    pub(super) fn deal(&mut self, model: &Model) {
        self.option.fill(KEEP);
        let declared = model.actors.iter().enumerate().filter_map(|(at, actor)| Some((at, actor.audience.as_ref()?)));
        for (actor, audience) in declared {
            self.row(model, actor).copy_from_slice(&audience.position);
        }
    }

    fn row(&mut self, model: &Model, actor: usize) -> &mut [u16] {
        let issues = model.issues.len();
        &mut self.option[actor * issues..(actor + 1) * issues]
    }

    /// What the actor whose prices were read last pays for offering an item.
    pub(super) fn cost(&self, model: &Model, setup: &Setup, item: usize) -> f64 {
        if !self.heard {
            return 0.0;
        }
        let terms = terms_of(model, setup, item).iter().zip(&setup.first_option);
        terms.filter(|(term, _)| **term != KEEP).map(|(&term, &first)| self.price[first + usize::from(term)]).sum()
    }

    /// The terms of an item become an actor's public position.
    pub(super) fn take(&mut self, model: &Model, setup: &Setup, actor: usize, item: usize) {
        if model.actors[actor].audience.is_none() {
            return;
        }
        for (mine, &term) in self.row(model, actor).iter_mut().zip(terms_of(model, setup, item)) {
            if term != KEEP {
                *mine = term;
            }
        }
    }
}

/// What an item says on each issue, [`KEEP`] where nothing.
fn terms_of<'a>(model: &'a Model, setup: &Setup, item: usize) -> &'a [u16] {
    match item.checked_sub(setup.first_slot) {
        None => model.packages.options_of(model.issues.len(), item),
        Some(slot) => {
            let slot = setup.slots[slot];
            &model.instruments[slot.instrument].variants[slot.variant]
        }
    }
}

/// Reads what every option would cost an actor that is about to offer, at its true type and the present state.
pub(super) fn hear(room: &Room<'_>, actor: usize, game: &mut Game) {
    let Room { model, setup, .. } = *room;
    game.positions.heard = false;
    let Some(audience) = &model.actors[actor].audience else { return };
    game.positions.heard = true;
    let mut tools = game.buffers.tools(&game.scalars);
    let concession = tools.one(&audience.concession, &game.world, 0);
    let retreat = tools.one(&audience.retreat, &game.world, 0);
    let at = setup.first_node[actor] + game.nodes.truth[actor];
    for (issue, declared) in model.issues.iter().enumerate() {
        let position = game.positions.option[actor * model.issues.len() + issue];
        let first = setup.first_option[issue];
        let prices = &mut game.positions.price[first..first + declared.options.len()];
        if position == KEEP {
            prices.fill(0.0);
            continue;
        }
        let asked = game.utility.point(setup, at, issue, usize::from(position));
        for (option, price) in prices.iter_mut().enumerate() {
            let given = asked - game.utility.point(setup, at, issue, option);
            *price = if given > 0.0 { concession * given } else { -retreat * given };
        }
    }
}

/// What an actor expects to pay for the predicted deal if it makes no offer now.
pub(super) fn ahead(room: &Room<'_>, by: usize, game: &Game, outlook: &Outlook) -> f64 {
    let Room { model, setup, .. } = *room;
    let at = setup.first_node[by] + game.nodes.truth[by];
    match outlook.predicted.filter(|_| outlook.c[at] > outlook.z[at]) {
        Some(item) if game.positions.heard => {
            game.discount[by] * outlook.k[by] * outlook.proposes(by) * game.positions.cost(model, setup, item)
        }
        _ => 0.0,
    }
}

/// The maker of an offer pays what its audience makes of it, and has a new position. None without an audience.
pub(super) fn face(room: &Room<'_>, by: usize, item: usize, game: &mut Game, table: &mut Table) -> Option<f64> {
    let Room { model, setup, .. } = *room;
    model.actors[by].audience.as_ref()?;
    let cost = game.positions.cost(model, setup, item);
    table.utility[by] -= cost * table.discount[by];
    table.cost[by] += cost * table.discount[by];
    game.positions.take(model, setup, by, item);
    Some(cost)
}
