//! Offers and answers (`core.md` 9–11): steps 7 to 11 of the list in [`crate::engine`].

use super::acceptance::Cell;
use super::audience;
use super::continuation::{Lot, Outlook, Talks};
use super::frameworks;
use super::game::Game;
use super::learning;
use super::logit;
use super::observer::{AnswerParts, Move, Observer};
use super::play::Table;
use super::policy::{AnswerChoice, Due, OfferChoice, Policy};
use super::seen;
use super::setup::{CELLS, Setup};
use super::shocks::log_odds_of_shock;
use super::tactics::Asked;
use crate::id::{ActorId, RatifierId};
use crate::model::{Model, Role, Types};
use crate::rng::{Purpose, Streams};

/// Buffers of one offer.
#[derive(Clone, Debug)]
pub(super) struct Offers {
    packages: Vec<u32>,
    gains: Vec<f64>,
    keys: Vec<u64>,
    /// Forecast chance of every other yes, by candidate.
    chance: Vec<f64>,
    /// Chance of each party's yes, `[party * candidates + package]`, kept for naming the blocker.
    own: Vec<f64>,
    /// Whose offers the chances were forecast for, if that was in a first step.
    first: Option<usize>,
}

/// What came of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// Everybody who was asked agreed.
    Agreed,
    /// Somebody refused.
    Refused,
    /// Somebody walked out.
    WalkedOut(usize),
}

/// What the proposer does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Proposal {
    /// Offers a package.
    Offer { package: usize, forecast: f64 },
    /// Finds nothing to gain.
    Stall { blocker: Option<usize> },
    /// Leaves for good.
    WalkOut,
}

/// Everything that a move in the talks reads.
pub(super) struct Room<'a> {
    pub(super) model: &'a Model,
    pub(super) setup: &'a Setup,
    pub(super) streams: &'a Streams,
    pub(super) policy: &'a dyn Policy,
    pub(super) step: u64,
    pub(super) month: f64,
}

impl Offers {
    pub(super) fn new(setup: &Setup) -> Self {
        let n = setup.n_items;
        Self {
            packages: Vec::with_capacity(n),
            gains: Vec::with_capacity(n),
            keys: Vec::with_capacity(n),
            chance: vec![0.0; n],
            own: vec![0.0; setup.answerers.len() * n],
            first: None,
        }
    }

    /// What `by` proposes: the best expected gain over its continuation, with common noise.
    pub(super) fn propose(
        &mut self,
        room: &Room<'_>,
        by: usize,
        game: &mut Game,
        outlook: &mut Outlook,
        talks: &Talks,
        precision: f64,
    ) -> Proposal {
        let Room { model, setup, .. } = *room;
        audience::hear(room, by, game);
        if game.tactics.plays(by) && room.policy.offer_due(ActorId::new(by), room.step) == Due::Weigh {
            return self.propose_by_tactic(room, by, game, outlook, talks);
        }
        match room.policy.offer_due(ActorId::new(by), room.step) {
            Due::Take(named) => {
                let options = &model.named_packages[named.index()].options;
                let package = model.candidates().position(|candidate| candidate == options.as_slice());
                let open = package.filter(|&package| outlook.open.contains(&(package as u32)));
                if let Some(package) = open {
                    outlook.ask_deliverers_of(package, (model, setup), game, talks);
                    self.forecast(room, by, game, outlook);
                }
                return open.map_or(Proposal::Stall { blocker: None }, |package| Proposal::Offer {
                    package,
                    forecast: self.chance[package],
                });
            }
            Due::Pass => return Proposal::Stall { blocker: None },
            Due::Weigh => {}
        }
        let at = setup.first_node[by] + game.nodes.truth[by];
        let shame = audience::ahead(room, by, game, outlook);
        let continuation = (going_on(room, by, game, outlook) - shame).max(outlook.outside[at]);
        let logit = logit::of(room, by, game);
        let open = Lot::Open(0, outlook.open.len());
        // What any type of one who may leave would offer says whether it would have left.
        let may_leave = !model.actors[by].walk_out.is_empty();
        outlook.ask((model, setup), game, talks, open, |_, game, item| {
            let considered = may_leave || logit.is_some() || game.keeping.value(at)[item] > continuation;
            considered && may_propose(room, game, by, item)
        });
        self.forecast(room, by, game, outlook);
        let value = game.keeping.value(at);
        self.packages.clear();
        self.gains.clear();
        self.keys.clear();
        for &item in &outlook.open {
            let package = item as usize;
            let shame = game.positions.cost(model, setup, package);
            let gain = self.chance[package] * (value[package] - continuation) - shame;
            let sensible = gain > 0.0 || logit.is_some();
            if sensible && outlook.passes(package, talks) && may_propose(room, game, by, package) {
                self.packages.push(package as u32);
                self.gains.push(gain);
                self.keys.push(key_of(room, package));
            }
        }
        let leaves = self.packages.is_empty() && leaves(room, by, game, outlook);
        learning::from_leaving(room, by, leaves, game, |game, node| {
            node != at && self.would_leave(room, (by, node), game, outlook, talks) || node == at && leaves
        });
        if leaves {
            return Proposal::WalkOut;
        }
        if self.packages.is_empty() {
            return Proposal::Stall { blocker: self.blocker(room, by, game, outlook, continuation, talks) };
        }
        if let Some(logit) = logit {
            let choice = logit::Menu { gains: &self.gains, keys: &self.keys, precision: logit.offers };
            return match logit::offer(room, by, logit.stall, &choice) {
                None => Proposal::Stall { blocker: None },
                Some(chosen) => {
                    let package = self.packages[chosen] as usize;
                    Proposal::Offer { package, forecast: self.chance[package] }
                }
            };
        }
        let choice = OfferChoice { packages: &self.packages, gains: &self.gains, keys: &self.keys, precision };
        let mut noise = room.streams.draw(model.actors[by].entity, Purpose::OfferNoise, room.step);
        let chosen = room.policy.offer(ActorId::new(by), &choice, &mut noise);
        let package = self.packages[chosen] as usize;
        Proposal::Offer { package, forecast: self.chance[package] }
    }

    /// What a tactician proposes.
    fn propose_by_tactic(
        &mut self,
        room: &Room<'_>,
        by: usize,
        game: &mut Game,
        outlook: &mut Outlook,
        talks: &Talks,
    ) -> Proposal {
        let Room { model, setup, .. } = *room;
        let again = || room.streams.draw(model.actors[by].entity, Purpose::Repeat, room.step);
        let Some(package) = game.tactics.offer(model, Asked { actor: by, step: room.step as usize }, again) else {
            return Proposal::Stall { blocker: None };
        };
        outlook.ask_deliverers_of(package, (model, setup), game, talks);
        let others = setup.parties_of(model, package).iter().filter(|&&actor| actor != by);
        let yeses: f64 = others.map(|&actor| outlook.acceptance(model, setup, game, actor, package)).product();
        let forecast = yeses * outlook.consent[package] * outlook.ratification[package];
        let at = setup.first_node[by] + game.nodes.truth[by];
        self.packages.clear();
        self.gains.clear();
        self.packages.push(package as u32);
        self.gains.push(forecast * (game.keeping.value(at)[package] - outlook.c[at]));
        Proposal::Offer { package, forecast }
    }

    /// Whether a type node of the proposer would find its outside option better than going on and than any offer.
    fn would_leave(
        &self,
        room: &Room<'_>,
        (by, node): (usize, usize),
        game: &Game,
        outlook: &Outlook,
        talks: &Talks,
    ) -> bool {
        let value = game.keeping.value(node);
        let continuation = outlook.c[node].max(outlook.outside[node]);
        let open = outlook.open.iter().map(|&item| item as usize);
        let mut sensible = open.filter(|&item| outlook.passes(item, talks) && may_propose(room, game, by, item));
        let gains = |item: usize| {
            let cost = game.positions.cost(room.model, room.setup, item);
            self.chance[item] * (value[item] - continuation) - cost > 0.0
        };
        outlook.outside[node] > outlook.c[node] && !sensible.any(gains)
    }

    /// Gain of the package that was offered.
    pub(super) fn gain_of(&self, package: usize) -> f64 {
        self.packages.iter().position(|&p| p as usize == package).map_or(0.0, |index| self.gains[index])
    }

    /// Forecast chance of every other yes for every candidate.
    fn forecast(&mut self, room: &Room<'_>, by: usize, game: &Game, outlook: &Outlook) {
        let Room { model, setup, step, .. } = *room;
        // Forecasts are public: an opening that was taken over comes with those of whoever proposed in it.
        let now = (step == 0).then_some(by);
        if game.opening.taken_over && now.is_some() && self.first == now {
            return;
        }
        self.first = now;
        let n = setup.n_items;
        for &item in &outlook.open {
            let package = item as usize;
            let mut chance = outlook.consent[package] * outlook.ratification[package];
            let parties = setup.parties_of(model, package);
            for (party, &actor) in setup.answerers.iter().enumerate() {
                if actor == by || !parties.contains(&actor) {
                    self.own[party * n + package] = 1.0;
                    continue;
                }
                let yes = outlook.acceptance(model, setup, game, actor, package);
                self.own[party * n + package] = yes;
                chance *= yes;
            }
            self.chance[package] = chance;
        }
    }

    /// The party whose yes, set to one alone, would give the proposer the most; none if that would not help.
    fn blocker(
        &self,
        room: &Room<'_>,
        by: usize,
        game: &Game,
        outlook: &Outlook,
        continuation: f64,
        talks: &Talks,
    ) -> Option<usize> {
        let setup = room.setup;
        let value = game.keeping.value(setup.first_node[by] + game.nodes.truth[by]);
        let n = setup.n_items;
        let mut best = (1e-9, None);
        for &blocked in &setup.answerers {
            if blocked == by {
                continue;
            }
            for &item in &outlook.open {
                let package = item as usize;
                if !may_propose(room, game, by, package) {
                    continue;
                }
                let others: f64 = setup
                    .answerers
                    .iter()
                    .enumerate()
                    .filter(|&(_, &actor)| actor != blocked)
                    .map(|(party, _)| self.own[party * n + package])
                    .product();
                let votes = if outlook.passes(package, talks) {
                    outlook.consent[package] * outlook.ratification[package]
                } else {
                    0.0
                };
                let shame = game.positions.cost(room.model, setup, package);
                let gain = others * votes * (value[package] - continuation) - shame;
                if gain > best.0 {
                    best = (gain, Some(blocked));
                }
            }
        }
        best.1
    }
}

/// Whether an actor may put an item on the table: a party of the instrument, or a mediator.
pub(super) fn can_propose(model: &Model, setup: &Setup, by: usize, item: usize) -> bool {
    model.actors[by].role == Role::Mediator || setup.parties_of(model, item).contains(&by)
}

/// Whether an actor may put an item on the table: a party of the instrument, or a mediator; bound by what was
/// agreed in a framework.
fn may_propose(room: &Room<'_>, game: &Game, by: usize, item: usize) -> bool {
    if frameworks::forbids(room, game, by, item) {
        return false;
    }
    can_propose(room.model, room.setup, by, item)
}

/// Stable number of an item, which keys its noise.
fn key_of(room: &Room<'_>, item: usize) -> u64 {
    match item.checked_sub(room.setup.first_slot) {
        None => room.model.packages.keys[item],
        Some(slot) => room.setup.slot_keys[slot],
    }
}

/// max(C, W) of an actor at its true type, with what stalling adds for a staller.
fn own_continuation(room: &Room<'_>, actor: usize, game: &mut Game, outlook: &Outlook) -> f64 {
    let at = room.setup.first_node[actor] + game.nodes.truth[actor];
    going_on(room, actor, game, outlook).max(outlook.outside[at])
}

/// C of an actor at its true type, with what stalling adds for a staller.
fn going_on(room: &Room<'_>, actor: usize, game: &mut Game, outlook: &Outlook) -> f64 {
    let at = room.setup.first_node[actor] + game.nodes.truth[actor];
    let mut own = outlook.c[at];
    if game.stalls[actor]
        && let Some(stalling) = &room.model.actors[actor].stalling
    {
        own += game.buffers.tools(&game.scalars).one(&stalling.benefit, &game.world, 0);
    }
    own
}

/// Steps 9 to 11: every party answers, deliverers consent, ratifiers vote; beliefs and records learn from each.
pub(super) fn ask_everybody(
    room: &Room<'_>,
    by: usize,
    package: usize,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> Reply {
    table.misjudged = false;
    for &actor in room.setup.parties_of(room.model, package) {
        if actor == by {
            table.misjudged |= misjudges(room, actor, package, game, outlook);
            continue;
        }
        if !answer(room, actor, package, game, outlook, table, observer) {
            let walks = leaves(room, actor, game, outlook);
            learning::from_refusal(room, actor, walks, game, outlook);
            return if walks { Reply::WalkedOut(actor) } else { Reply::Refused };
        }
    }
    if confirmed(room, package, game, outlook, table, observer) { Reply::Agreed } else { Reply::Refused }
}

/// Whether all who must deliver or ratify say yes.
pub(super) fn confirmed(
    room: &Room<'_>,
    package: usize,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    (0..room.setup.n_voters).all(|voter| vote(room, voter, package, game, outlook, table, observer))
}

/// The proposer has nothing to offer.
pub(super) fn stall(
    room: &Room<'_>,
    by: usize,
    blocker: Option<usize>,
    table: &mut Table,
    observer: &mut dyn Observer,
) {
    table.stalls += 1;
    if let Some(blocker) = blocker {
        table.blocked[blocker] += 1;
    }
    let what = Move::Stall { by: ActorId::new(by), blocker: blocker.map(ActorId::new) };
    observer.on(room.step as u32, room.month, &what);
}

/// Whether an actor signs what it would not sign if it judged rightly.
pub(super) fn misjudges(room: &Room<'_>, actor: usize, package: usize, game: &Game, outlook: &Outlook) -> bool {
    let at = room.setup.first_node[actor] + game.nodes.truth[actor];
    game.keeping.value(at)[package] < outlook.against[at] - 1e-12
}

/// Whether an actor that has refused an offer leaves for good. A tactician stays to the end.
pub(super) fn leaves(room: &Room<'_>, actor: usize, game: &Game, outlook: &Outlook) -> bool {
    if game.tactics.plays(actor) {
        return false;
    }
    let at = room.setup.first_node[actor] + game.nodes.truth[actor];
    outlook.outside[at] > outlook.c[at]
}

/// An answer and what it was weighed by.
struct Answered {
    value: f64,
    against: f64,
    choice: AnswerChoice,
    yes: bool,
}

/// The answer of a tactician to the offer on the table, unless a script has settled it.
fn by_tactic(room: &Room<'_>, actor: usize, package: usize, game: &mut Game) -> Option<Answered> {
    if !game.tactics.plays(actor) || room.policy.answer_due(ActorId::new(actor), room.step) != Due::Weigh {
        return None;
    }
    let by = game.world.get(room.model.layout.offered_by, 0) as usize;
    let asked = Asked { actor, step: room.step as usize };
    let [value, against] = game.tactics.weigh(room.model, asked, (by, package))?;
    let choice = AnswerChoice { margin: value - against, misjudgement: 0.0 };
    Some(Answered { value, against, choice, yes: value >= against })
}

/// One signatory's answer, with what it teaches.
pub(super) fn answer(
    room: &Room<'_>,
    actor: usize,
    package: usize,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let Room { model, setup, .. } = *room;
    let at = setup.first_node[actor] + game.nodes.truth[actor];
    let Answered { value, against, choice, yes } = by_tactic(room, actor, package, game).unwrap_or_else(|| {
        let value = game.keeping.value(at)[package];
        let against = own_continuation(room, actor, game, outlook);
        let noise = outlook.sigma[actor] * game.shocks.eps[actor] * outlook.scale[at];
        let choice = AnswerChoice { margin: value - against, misjudgement: noise };
        let yes = match (room.policy.answer_due(ActorId::new(actor), room.step), logit::of(room, actor, game)) {
            (Due::Take(yes), _) => yes,
            (_, Some(logit)) => logit::answer(room, actor, logit.answers, choice.margin),
            (_, None) => room.policy.answer(ActorId::new(actor), &choice),
        };
        Answered { value, against, choice, yes }
    });
    let parts = if observer.wants_parts() {
        decompose(room, actor, package, game, outlook, &choice)
    } else {
        AnswerParts::default()
    };
    observer.on(
        room.step as u32,
        room.month,
        &Move::Answer { by: ActorId::new(actor), yes, value, against, parts: &parts },
    );
    if yes {
        table.misjudged |= choice.margin < -1e-12;
    } else {
        table.refuse(model, actor, value, game);
    }
    learn_from_answer(room, actor, package, game, outlook, yes);
    yes
}

/// Beliefs about types and the record of misjudgement after an answer.
fn learn_from_answer(room: &Room<'_>, actor: usize, package: usize, game: &mut Game, outlook: &Outlook, yes: bool) {
    let Room { model, setup, .. } = *room;
    if setup.nodes[actor] == 1 && outlook.sigma[actor] == 0.0 {
        // One type that does not err: whatever it says was known.
        return;
    }
    let mixing = game.buffers.tools(&game.scalars).one(&model.behaviour.mixing, &game.world, 0);
    let likelihood = |p: f64| (1.0 - mixing) * if yes { p } else { 1.0 - p } + mixing / 2.0;
    let first = setup.first_node[actor];
    match &model.actors[actor].types {
        Types::Named(types) => {
            let mut total = 0.0;
            for at in first..first + types.len() {
                let p = outlook.yes_of_node(&game.shocks, at, outlook.sigma[actor], game.keeping.value(at)[package]);
                game.beliefs.node[at] *= likelihood(p);
                total += game.beliefs.node[at];
            }
            for belief in &mut game.beliefs.node[first..first + types.len()] {
                *belief /= total;
            }
        }
        Types::Continuous { .. } => {
            let mut total = 0.0;
            for cell in 0..CELLS {
                let p = outlook.yes_of_cell(model, setup, game, &Cell { actor, index: cell, package });
                game.beliefs.cell[actor * CELLS + cell] *= likelihood(p);
                total += game.beliefs.cell[actor * CELLS + cell];
            }
            for belief in &mut game.beliefs.cell[actor * CELLS..(actor + 1) * CELLS] {
                *belief /= total;
            }
            game.beliefs.spread_cells(setup, actor);
        }
    }
    game.beliefs.join(setup);
    for at in first..first + setup.nodes[actor] {
        let noise = outlook.sigma[actor] * outlook.scale[at];
        if noise > 0.0 {
            let margin = (game.keeping.value(at)[package] - outlook.against[at]) / noise;
            game.shocks.record[at].learn(margin, yes);
        }
    }
}

/// A deliverer's consent or a ratifier's vote.
fn vote(
    room: &Room<'_>,
    voter: usize,
    package: usize,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> bool {
    let model = room.model;
    let n = room.setup.n_items;
    let delivers = voter < model.deliverers.len();
    if delivers && outlook.delivered_by(model, room.setup, package) & (1 << voter) == 0 {
        return true;
    }
    if !delivers {
        let ratifier = &model.ratifiers[voter - model.deliverers.len()];
        if !outlook.votes_on(model, room.setup, ratifier, package) {
            return true;
        }
    }
    let z = outlook.vote[voter * n + package];
    let yes = z > log_odds_of_shock(game.shocks.voter_eps[voter]);
    game.shocks.voter_record[voter].learn_at(game.shocks.log_odds.position(z), yes);
    let what = if delivers {
        let precision = game.buffers.tools(&game.scalars).one(&model.behaviour.consent_precision, &game.world, 0);
        Move::Consent { deliverer: voter as u16, yes, margin: z / precision }
    } else {
        let ratifier = RatifierId::new(voter - model.deliverers.len());
        Move::Vote { ratifier, yes, chance: outlook.vote_chance[voter * n + package] }
    };
    observer.on(room.step as u32, room.month, &what);
    if !yes {
        if delivers {
            table.withhold(room.setup, voter);
        } else {
            table.fail_vote(model, voter - model.deliverers.len(), game);
        }
    }
    yes
}

/// Terms that add up to P - max(C, W) - misjudgement, in the order of `ANSWER_PARTS`.
fn decompose(
    room: &Room<'_>,
    actor: usize,
    package: usize,
    game: &Game,
    outlook: &Outlook,
    choice: &AnswerChoice,
) -> AnswerParts {
    let setup = room.setup;
    let at = setup.first_node[actor] + game.nodes.truth[actor];
    let flow = game.utility.packages(at)[package];
    let value = game.keeping.value(at)[package];
    let own = (actor, game.nodes.truth[actor]);
    let [in_force, war, endings, terminal] = seen::likeliest_parts(setup, game, own);
    let [expected @ .., optimism] = seen::disagreement_parts(setup, game, outlook, own);
    let beliefs = expected.iter().sum::<f64>() - (in_force + war + endings + terminal);
    let against = value - choice.margin;
    let stalling = if game.stalls[actor] { against - outlook.c[at].max(outlook.outside[at]) } else { 0.0 };
    let hold_out = against - stalling - outlook.z[at];
    let noise = choice.misjudgement;
    [flow - in_force, value - flow, -war, -endings, -terminal, -optimism, -beliefs, -hold_out, -stalling, -noise]
}
