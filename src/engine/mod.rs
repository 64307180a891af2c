//! Layer 3: one negotiation, played from a compiled model and a pair (seed, replication). Pure: no I/O, no clock, no
//! threads, no failure, no allocation per step.
//!
//! The equations stand in `core.md` beside this file; the modules cite its sections.
//!
//! # What happens in a step
//!
//! 1. Dated events and shocks; effects on their way arrive.
//! 2. Levers: actors review what they can do, in declared order.
//! 3. Patience and exits: a mediator whose patience has ended stops proposing.
//! 4. Battlefield, economy, opinion, rebuilding: the state changes (from the second step on).
//! 5. Beliefs and records: moods move, and what the public knows of them with it.
//! 6. Values: disagreement Z, predicted deal x^N, continuation C; coalitions decide what they send.
//! 7. Recognition: whether there is an offer, and whose.
//! 8. Offer, stall or walk-out.
//! 9. Answers of the signatories.
//! 10. Consent of those who must deliver.
//! 11. Ratification.
//! 12. Signing, supply of imposed instruments, and the aftermath; or the flows, hazards and breaches of another step of
//!     war or truce, and transitions of office-holders.
//!
//! After a signature the same clock runs on through the aftermath: events, levers, state, then attack or peace.
//!
//! Whoever decides for a government does so through [`policy::Policy`]; whoever watches implements
//! [`observer::Observer`]; rules of procedure are a `Protocol`, values of disagreement come from an `Evaluator`.

mod acceptance;
mod aftermath;
pub mod appraise;
mod asking;
mod attack;
mod audience;
mod classes;
mod coalition;
mod commitments;
mod consult;
mod continuation;
mod conviction;
mod disagreement;
mod duties;
mod dynamics;
mod flows;
pub mod fork;
mod frameworks;
mod game;
mod imposed;
mod induction;
mod keeping;
mod lanes;
mod learning;
mod lever_truces;
mod lever_values;
mod levers;
pub mod logit;
mod nodes;
pub mod observer;
pub mod odds;
mod opening;
pub mod overview;
mod path;
mod pivot;
mod play;
pub mod policy;
pub mod pool;
mod protocol;
mod ranking;
mod ratification;
mod reach;
pub mod record;
mod regimes;
mod register;
mod review;
mod security;
mod seen;
mod setup;
mod shocks;
mod signals;
mod single_text;
mod slots;
mod snapback;
mod stacked;
pub mod survey;
pub mod tactics;
mod talks;
mod transitions;
mod truce;
mod utility;
mod valuation;
mod worth;
mod zone;

use crate::id::ActorId;
use crate::model::{Model, ProtocolKind, Regime};
use crate::rng::{Purpose, Streams};
use continuation::{Outlook, Talks};
use fork::Fork;
use game::Game;
use observer::{Move, Observer};
use play::Table;
use policy::{NoisyChoice, Policy, Scripted};
use record::Record;
use seen::Seen;
use setup::Setup;
use talks::{Offers, Proposal, Reply, Room};

/// Which negotiation of a model is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coordinates {
    /// Seed of the run.
    pub seed: u64,
    /// Replication, from 0.
    pub replication: u64,
}

/// All buffers of one worker, sized for one model and reused from replication to replication.
#[derive(Clone, Debug)]
pub struct Workspace {
    setup: Setup,
    game: Game,
    outlook: Outlook,
    offers: Offers,
    table: Table,
    recognition: Vec<f64>,
    expected: Vec<f64>,
    /// Whether values and forecasts of the first step hold for all.
    mechanical: bool,
    /// Replications that share each draw of the uncertain parameters.
    per_draw: u64,
    seen: Seen,
    record: Record,
}

impl Workspace {
    /// Buffers for `model`.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let setup = Setup::new(model);
        let actors = model.actors.len();
        Self {
            game: Game::new(model, &setup),
            outlook: Outlook::new(model, &setup),
            offers: Offers::new(&setup),
            table: Table::new(model),
            recognition: vec![0.0; actors],
            expected: vec![0.0; actors],
            mechanical: duties::is_mechanical(model, &setup),
            per_draw: 1,
            seen: Seen::new(model, &setup),
            record: play::blank_record(model),
            setup,
        }
    }

    /// The same buffers, with which `per_draw` replications in a row share each draw of the uncertain parameters: those of
    /// replication `k` are the ones that replication `k / per_draw` has where nothing is shared. Types, shocks and choices
    /// stay those of the replication. 0 counts as 1.
    #[must_use]
    pub fn sharing(mut self, per_draw: u64) -> Self {
        self.per_draw = per_draw.max(1);
        self
    }
}

/// Plays one negotiation with the default agents in every seat.
///
/// `workspace` must have been made for this `model`.
pub fn play<'w>(
    model: &Model,
    at: Coordinates,
    workspace: &'w mut Workspace,
    observer: &mut dyn Observer,
) -> &'w Record {
    play_with(model, at, workspace, &NoisyChoice, observer)
}

/// Plays one negotiation with `policy` deciding in every seat.
pub fn play_with<'w>(
    model: &Model,
    at: Coordinates,
    workspace: &'w mut Workspace,
    policy: &dyn Policy,
    observer: &mut dyn Observer,
) -> &'w Record {
    play_through(model, &[], at, workspace, (policy, observer))
}

/// Plays one negotiation with the default agents that goes on differently from the steps of `forks` on, which come in
/// order of their steps. `workspace` must have been made for `model` and serves no further play.
pub fn play_forked<'m, 'w>(
    model: &'m Model,
    forks: &[Fork<'m>],
    at: Coordinates,
    workspace: &'w mut Workspace,
    observer: &mut dyn Observer,
) -> &'w Record {
    play_through(model, forks, at, workspace, (&NoisyChoice, observer))
}

fn play_through<'m, 'w>(
    model: &'m Model,
    forks: &[Fork<'m>],
    at: Coordinates,
    workspace: &'w mut Workspace,
    (policy, observer): (&dyn Policy, &mut dyn Observer),
) -> &'w Record {
    let mut model = model;
    let streams = Streams { seed: at.seed, replication: at.replication };
    let parameters = Streams { seed: at.seed, replication: at.replication / workspace.per_draw };
    let Workspace { setup, game, outlook, offers, table, recognition, expected, mechanical, seen, record, .. } =
        workspace;
    table.clear();
    game.deal_sharing(model, setup, &streams, &parameters);
    outlook.forget();
    outlook.coalitions.deal(model, &streams);
    let mut talks = Talks::default();
    for step in 0..model.clock.horizon_steps {
        let month = step as f64 * model.clock.months_per_step;
        let fork = forks.iter().find(|fork| fork.step == step);
        let turned = fork.is_some_and(|fork| {
            model = fork.model;
            *setup = Setup::new(model);
            game.turn_to(fork, setup, &parameters)
        });
        let rules = protocol::of(model);
        let seats = Scripted { scripts: &model.scripts, rest: policy };
        let policy: &dyn Policy = &seats;
        let room = Room { model, setup, streams: &streams, policy, step: step as u64, month };
        if step == 0 {
            talks = begin(&room, rules, [recognition, expected], game, outlook);
        } else {
            dynamics::tick(model, &mut game.world, 1);
        }
        table.publish_agreements(model, game);
        if step == 0 && game.opening.taken_over {
            game.prepare_tactics(model, setup, outlook);
        } else if step == 0 || turned || !*mechanical {
            talks = prepare(&room, rules, [recognition, expected], (&mut *game, &mut *outlook, &mut *table), observer);
            if step == 0 {
                game.opening.found(&game.scalars);
            }
        } else {
            rules.recognition(model, game, recognition);
        }
        seen.measure(&room, game, table);
        if observer.wants_steps() {
            seen.show(&room, game, outlook, &talks, observer);
        }
        note_step(&room, game, outlook, table);
        let regime = game.regime;
        let seats = (&mut *game, &mut *outlook, &mut *offers, &mut *table);
        let fresh = match negotiate(&room, &talks, recognition, seats, observer) {
            Talked::Over => break,
            Talked::Left(who) => {
                if !model.actors[who].walk_out.is_empty() {
                    // What the others have now is worth what they have learned from it.
                    value_again(&room, game, outlook, &talks, expected);
                }
                regimes::walk_out(&room, who, game, outlook, table, observer);
                break;
            }
            Talked::On { signed } => signed,
        };
        if regimes::close_step(&room, &talks, fresh, (&mut *game, &*outlook, &mut *table), observer) {
            break;
        }
        transitions::replace(&room, game, table, observer);
        if step + 1 == model.clock.horizon_steps {
            table.end_month = month + model.clock.months_per_step;
            if fresh || game.regime != regime {
                // What this last step signed or broke is part of what is left.
                value_again(&room, game, outlook, &talks, expected);
            }
            regimes::end_without_agreement(&room, game, outlook, table);
            observer.on(step as u32, table.end_month, &Move::Horizon);
        }
    }
    table.keep_problem(model, setup, game, outlook);
    table.write(model, setup, game, at.replication, record);
    record
}

/// What everybody makes of the first step before anybody has acted.
fn begin(
    room: &Room<'_>,
    rules: &dyn protocol::Protocol,
    [recognition, expected]: [&mut Vec<f64>; 2],
    game: &mut Game,
    outlook: &mut Outlook,
) -> Talks {
    let Room { model, setup, .. } = *room;
    rules.recognition(model, game, recognition);
    rules.expected(model, game, recognition, expected);
    let talks = read_talks(model, game, rules, 0);
    opening::value((model, setup), game, outlook, &talks, expected);
    if let Some(mut induction) = outlook.induction.take() {
        induction.solve(room, game, outlook, rules);
        outlook.induction = Some(induction);
        outlook.forecast(model, setup, game, &talks, expected);
    }
    talks
}

/// Values and forecasts of this step, once more after something has happened in it.
fn value_again(room: &Room<'_>, game: &mut Game, outlook: &mut Outlook, talks: &Talks, recognition: &[f64]) {
    game.revalue(room.model, room.setup, room.step as usize, false);
    outlook.forecast(room.model, room.setup, game, talks, recognition);
}

/// Steps 1 to 6: what happens before anybody speaks, and what everybody makes of it.
fn prepare(
    room: &Room<'_>,
    rules: &dyn protocol::Protocol,
    [recognition, expected]: [&mut Vec<f64>; 2],
    (game, outlook, table): (&mut Game, &mut Outlook, &mut Table),
    observer: &mut dyn Observer,
) -> Talks {
    let Room { model, setup, streams, .. } = *room;
    let step = room.step as usize;
    let before = game.fired[0];
    let mut changed = aftermath::happen(room, game, observer);
    changed |= regimes::end_by_events(room, before, game, table, observer);
    changed |= levers::review_all(room, game, outlook, table, observer);
    if step > 0 {
        game.move_state(model, streams, room.step);
        game.shocks.carry(model, setup, streams, room.step);
    }
    rules.recognition(model, game, recognition);
    rules.expected(model, game, recognition, expected);
    let talks = read_talks(model, game, rules, step);
    // Lever reviews use the buffers of the projection, so they are filled anew even where nothing moved.
    if step > 0 || changed || !model.levers.is_empty() {
        value_again(room, game, outlook, &talks, expected);
    }
    if coalition::decide(room, game, outlook, observer) {
        game.heed_pledges(model, setup, step);
        outlook.forecast(model, setup, game, &talks, expected);
    }
    game.prepare_tactics(model, setup, outlook);
    talks
}

/// The numbers of the talks in this step.
fn read_talks(model: &Model, game: &mut Game, rules: &dyn protocol::Protocol, step: usize) -> Talks {
    let offer_chance = rules.offer_chance(model, game, game.regime);
    let truce_chance = rules.offer_chance(model, game, Regime::Truce);
    let alternation = rules.alternation(model, game);
    let turn = game.floor.turn;
    let mut tools = game.buffers.tools(&game.scalars);
    Talks {
        offer_chance,
        truce_chance,
        breakdown: tools.one(&model.protocol.breakdown, &game.world, 0),
        continues: rules.continues(step),
        least_ratification: tools.one(&model.behaviour.least_ratification, &game.world, 0),
        least_consent: tools.one(&model.behaviour.least_consent, &game.world, 0),
        consent_precision: tools.one(&model.behaviour.consent_precision, &game.world, 0),
        step,
        turn,
        alternation,
    }
}

/// Counts what the step's valuations show.
fn note_step(room: &Room<'_>, game: &Game, outlook: &Outlook, table: &mut Table) {
    table.zopa_width = table.zopa_width.max(outlook.zopa_width);
    if table.prospect.is_empty() {
        let prospect = |actor| outlook.prospect(room.setup, game, actor);
        table.prospect.extend((0..room.model.actors.len()).map(prospect));
    }
    if outlook.ripe {
        table.ripe_months += room.model.clock.months_per_step;
    }
    if let Some(predicted) = outlook.predicted.filter(|_| table.first_predicted.is_empty()) {
        table.first_predicted.extend_from_slice(game.registers.of(room.model, predicted));
    }
}

/// What became of a step's talks.
enum Talked {
    /// The negotiation is over.
    Over,
    /// Somebody left for good.
    Left(usize),
    /// It goes on, perhaps with something signed.
    On { signed: bool },
}

/// Steps 7 to 12, up to a signature.
fn negotiate(
    room: &Room<'_>,
    talks: &Talks,
    recognition: &[f64],
    (game, outlook, offers, table): (&mut Game, &mut Outlook, &mut Offers, &mut Table),
    observer: &mut dyn Observer,
) -> Talked {
    let Room { model, setup, streams, step, month, .. } = *room;
    let nothing = Talked::On { signed: false };
    let certain = talks.offer_chance >= 1.0;
    let offered = certain || streams.draw(room.setup.talks, Purpose::OfferChance, step).bernoulli(talks.offer_chance);
    if !offered || recognition.iter().all(|&chance| chance <= 0.0) {
        return nothing;
    }
    if model.protocol.kind == ProtocolKind::Stacked {
        return stacked::act(room, talks, (game, outlook, offers, table), observer);
    }
    let by = match recognition.iter().position(|&chance| chance == 1.0) {
        Some(by) => by,
        None => streams.draw(room.setup.talks, Purpose::Recognition, step).index(recognition),
    };
    game.floor.turn += 1;
    if model.protocol.kind == ProtocolKind::SingleText {
        return single_text::revise(room, talks, by, (game, outlook, table), observer);
    }
    let precision = game.buffers.tools(&game.scalars).one(&model.behaviour.offer_precision, &game.world, 0);
    match offers.propose(room, by, game, outlook, talks, precision) {
        Proposal::WalkOut => Talked::Left(by),
        Proposal::Stall { blocker } => {
            talks::stall(room, by, blocker, table, observer);
            nothing
        }
        Proposal::Offer { package, forecast } => {
            let gain = offers.gain_of(package);
            table.offer(model, package, by, forecast, game);
            let audience = audience::face(room, by, package, game, table);
            let deal = regimes::deal(model, setup, game, package);
            observer.on(step as u32, month, &Move::Offer { by: ActorId::new(by), deal, forecast, gain, audience });
            let reply = talks::ask_everybody(room, by, package, game, outlook, table, observer);
            table.first_accepted = table.first_accepted.or(Some(reply == Reply::Agreed));
            match reply {
                Reply::Refused => nothing,
                Reply::WalkedOut(who) => Talked::Left(who),
                Reply::Agreed => conclude(room, (package, by), game, outlook, table, observer),
            }
        }
    }
}

/// Everybody has agreed to what `by` offered: it is signed.
fn conclude(
    room: &Room<'_>,
    (package, by): (usize, usize),
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) -> Talked {
    if package < room.setup.n_static {
        table.keep_problem(room.model, room.setup, game, outlook);
        aftermath::play_out(room, package, by, game, outlook, table, observer);
        Talked::Over
    } else {
        regimes::sign(room, package, by, game, table, observer);
        Talked::On { signed: true }
    }
}
