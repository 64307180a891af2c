//! The years after a signature: the hazard of `core.md` 5 at the present state, month by month.

use super::attack::{attack, press};
use super::coalition;
use super::continuation::Outlook;
use super::dynamics::{self, Launch};
use super::game::Game;
use super::imposed;
use super::keeping::{Items, Scope};
use super::levers;
use super::observer::{Deal, Move, Observer};
use super::path::{Plan, Whose};
use super::play::{Signature, Table};
use super::record::{Agreement, EndedBy};
use super::regimes;
use super::security::{At, View};
use super::snapback::Council;
use super::talks::Room;
use super::valuation::yearly_rate;
use crate::id::{ActorId, HazardId};
use crate::model::{Model, Regime};
use crate::num::{exp, ln};
use crate::rng::Purpose;

/// Step 12 after a signature: plays the register out, to an attack, another ending or the end of the aftermath.
pub(super) fn play_out(
    room: &Room<'_>,
    package: usize,
    proposer: usize,
    game: &mut Game,
    outlook: &Outlook,
    table: &mut Table,
    observer: &mut dyn Observer,
) {
    sign(room, package, proposer, game, table, observer);
    coalition::deploy(room, game, outlook);
    let model = room.model;
    let first = room.step as usize;
    for actor in 0..model.actors.len() {
        game.flow_at_signing[actor] = flow_now(room, actor, game);
    }
    for elapsed in 0..=model.clock.aftermath_steps {
        let step = first + elapsed;
        let now = Room { step: step as u64, month: step as f64 * model.clock.months_per_step, ..*room };
        table.end_month = now.month;
        if elapsed > 0 {
            advance(&now, game, outlook, table, observer);
        }
        accrue(&now, game, table);
        if elapsed == model.clock.aftermath_steps {
            break;
        }
        table.tally(model, game);
        if struck(&now, game, table, observer) {
            return;
        }
    }
    close(room, game, table);
}

fn sign(
    room: &Room<'_>,
    package: usize,
    proposer: usize,
    game: &mut Game,
    table: &mut Table,
    observer: &mut dyn Observer,
) {
    let model = room.model;
    let supplied = imposed::supply(room, package, game);
    game.regime = Regime::Settled;
    game.put_in_force(model, supplied.map_or(package, |_| room.setup.in_force));
    game.world.set(model.layout.regime, 0, Regime::Settled.index() as f64);
    game.world.set(model.layout.months_in_regime, 0, 0.0);
    game.clamps += game.world.derive(model, &mut game.buffers.tools(&game.scalars), 1, false);
    let attack_prob = game.keeping.attack_prob[package];
    let attack_prob_60m = game.keeping.attack_prob_60m[package];
    let sub = model.packages.security_of[package] as usize;
    let g_hat = if model.attacks.is_empty() { 0.0 } else { game.security.g_hat.row(0, 0)[sub] };
    let g_hat = supplied.map_or(g_hat, |supplied| supplied.g_hat);
    let g = true_strength(room, game);
    for (slot, value) in [(model.layout.g, g), (model.layout.g_hat, g_hat), (model.layout.attack_prob, attack_prob)] {
        game.world.set(slot, 0, value);
    }
    let agreement = Agreement {
        instrument: model.settlement as u16,
        step: room.step as u32,
        proposer: ActorId::new(proposer),
        misjudged: table.misjudged,
        ended_step: None,
        ended_by: None,
    };
    table.end_agreements(room.step as u32, EndedBy::Settlement, |_| true);
    table.sign(agreement, game.registers.of(model, package));
    game.world.set(model.layout.signed + model.settlement as u32, 0, 1.0);
    table.settlement = Some(Signature {
        step: room.step as u32,
        package,
        proposer,
        attack_prob,
        attack_prob_60m,
        g,
        g_hat,
        misjudged: table.misjudged,
        attack_month: None,
        answered: false,
        lost: false,
        peace_months: 0.0,
    });
    let deal = Deal { instrument: model.settlement as u16, terms: game.registers.of(model, package) };
    observer.on(room.step as u32, room.month, &Move::Signed { deal, attack_prob: Some(attack_prob) });
    if let Some(supplied) = supplied {
        imposed::note(room, supplied, game, table, observer);
    }
}

/// Deterrent strength of the register with the guarantors' true types, at the first node of the first attack.
fn true_strength(room: &Room<'_>, game: &mut Game) -> f64 {
    if room.model.attacks.is_empty() {
        return 0.0;
    }
    secure(room, game, View::True);
    game.review.security.g_hat.row(0, 0)[0]
}

/// Values security of the register in force in lane 0 of the review buffers.
pub(super) fn secure(room: &Room<'_>, game: &mut Game, view: View<'_>) {
    let Room { model, setup, .. } = *room;
    let review = &mut game.review;
    review.lanes.spread(&game.world, 1);
    let at = At { model, setup, nodes: &game.nodes, world: &game.world };
    review.security.revalue(&at, view, &mut review.lanes, &mut game.buffers.tools(&game.scalars), 1);
}

/// One step later.
fn advance(room: &Room<'_>, game: &mut Game, outlook: &Outlook, table: &mut Table, observer: &mut dyn Observer) {
    let model = room.model;
    dynamics::tick(model, &mut game.world, 1);
    table.publish_agreements(model, game);
    let before = game.fired[0];
    happen(room, game, observer);
    regimes::end_by_events(room, before, game, table, observer);
    if model.levers.iter().any(|lever| lever.during[Regime::Settled.index()]) {
        levers::review_all(room, game, outlook, table, observer);
    }
    game.move_state(model, room.streams, room.step);
    super::transitions::replace(room, game, table, observer);
}

/// Dated effects and events of this step.
pub(super) fn happen(room: &Room<'_>, game: &mut Game, observer: &mut dyn Observer) -> bool {
    let model = room.model;
    let step = room.step as usize;
    let faded = dynamics::fade(model, &mut game.world, &mut game.buffers.tools(&game.scalars), 1);
    dynamics::apply_due(model, &game.pending, step, &[0], &mut game.world, 1);
    let due = game.pending.iter().any(|effect| effect.due == step);
    game.pending.retain(|effect| effect.due > step);
    let before = game.fired[0];
    let at = Launch { step, touch: None, n: 1, weight: 1.0 };
    let mut tools = game.buffers.tools(&game.scalars);
    dynamics::fire_events(model, at, None, (&mut game.world, &mut game.fired, &[0]), &mut tools, &mut game.pending);
    let news = game.fired[0] & !before;
    for event in 0..model.events.len() {
        if news & (1 << event) != 0 {
            observer.on(room.step as u32, room.month, &Move::Event { event: event as u16 });
        }
    }
    let changed = due || faded || news != 0;
    if changed {
        game.clamps += game.world.derive(model, &mut tools, 1, false);
    }
    changed
}

/// Adds this step's value of the terms in force.
fn accrue(room: &Room<'_>, game: &mut Game, table: &mut Table) {
    coalition::pay(room, game, table, |game, actor| 1.0 - game.discount[actor]);
    for actor in 0..room.model.actors.len() {
        let d = game.discount[actor];
        let flow = flow_now(room, actor, game);
        table.utility[actor] += (1.0 - d) * table.discount[actor] * flow;
        table.discount[actor] *= d;
    }
}

/// Value of the register in force to an actor at its true type and the present state.
pub(super) fn flow_now(room: &Room<'_>, actor: usize, game: &mut Game) -> f64 {
    let Room { model, setup, step, .. } = *room;
    let plan = Plan {
        model,
        setup,
        nodes: &game.nodes,
        utility: &game.utility,
        world: &game.world,
        registers: &game.registers,
        blocks: &[game.register as u32],
        truce: false,
        step: step as usize,
        discount: &game.discount,
        n: 1,
        profiles: &setup.all_profiles[..1],
        slice: None,
        book: &game.book,
        actors: Whose::All,
    };
    let row = &mut game.buffers.row;
    let mut out = [0.0];
    let mut tools = super::lanes::Tools {
        scalars: &game.scalars,
        stack: &mut game.buffers.stack,
        out: &mut game.buffers.out,
        next: &mut game.buffers.next,
        width: game.buffers.width,
    };
    super::flows::register_flow(&plan, actor, game.nodes.truth[actor], (&mut out, row), &mut tools);
    out[0]
}

/// Whether something ended the peace in this step, and what.
fn struck(room: &Room<'_>, game: &mut Game, table: &mut Table, observer: &mut dyn Observer) -> bool {
    let Room { model, streams, step, .. } = *room;
    let years = model.clock.months_per_step / 12.0;
    if model.attacks.is_empty() && !model.hazards.iter().any(|hazard| hazard.when_settled) {
        return false;
    }
    value_attacks(room, game);
    press(room, game, table, observer);
    let rates = &mut game.review.keeping.first_rates;
    for (rate, _) in rates.iter_mut().zip(&model.attacks).filter(|(_, attack)| attack.pressure.is_some()) {
        *rate = 0.0;
    }
    let total: f64 = rates.iter().sum();
    let draw_form = model.attacks.first().is_some_and(|attack| attack.draw_form);
    let chance = match draw_form {
        true if total >= 1.0 => 1.0,
        true => 1.0 - exp(years * ln(1.0 - total)),
        false => 1.0 - exp(-years * total),
    };
    let mut draw = streams.draw(room.setup.hazards, Purpose::Hazard, step);
    let at = draw.unit();
    if at >= chance {
        return false;
    }
    let kind = regimes::among(&game.review.keeping.first_rates, at / chance * total);
    match kind.checked_sub(model.attacks.len()) {
        None => attack(room, kind, game, table, observer),
        Some(hazard) => {
            observer.on(step as u32, room.month, &Move::Struck { hazard: HazardId::new(hazard) });
            end_with(room, ending_of(model, hazard), game, table);
        }
    }
    true
}

/// Yearly rates of every attack and hazard at the present state, attackers at their true types.
fn value_attacks(room: &Room<'_>, game: &mut Game) {
    let Room { model, setup, .. } = *room;
    game.set_attack_terms(model, setup);
    let beliefs = std::mem::take(&mut game.beliefs.profile);
    secure(room, game, View::Believed(&beliefs));
    game.beliefs.profile = beliefs;
    for &attacker in &setup.attackers {
        game.buffers.since[attacker] = flow_now(room, attacker, game) - game.flow_at_signing[attacker];
    }
    let revoked = game.without_revocable(model, setup);
    let review = &mut game.review;
    let width = review.width;
    let (mut tools, since) = game.buffers.tools_and_since(&game.scalars);
    for (index, hazard) in model.hazards.iter().enumerate().filter(|(_, hazard)| hazard.when_settled) {
        let rate = tools.one(&hazard.rate, &game.world, 0);
        review.rates[index * width] = yearly_rate(hazard, rate);
    }
    review.keeping.read_attacks(model, &game.world, &mut tools, 1);
    let (utility, beliefs) = (&game.utility, &game.beliefs.node[..]);
    let council = Council { model, setup, utility, beliefs, truth: None };
    council.vote(&mut review.keeping, &game.world, &mut tools, 1, |_| (game.register, revoked));
    for &attacker in &setup.attackers {
        let node = setup.first_node[attacker] + game.nodes.truth[attacker];
        let since = since[attacker];
        review.value[node * width] = game.utility.packages(node)[game.register] + since;
        review.bare[node * width] = game.utility.bare(node)[game.register] + since;
        review.irrevocable[node * width] = game.utility.bare(node)[revoked] + since;
    }
    let items = Items {
        n: 1,
        security_of: &review.security_of,
        value: &review.value,
        bare: &review.bare,
        irrevocable: &review.irrevocable,
        stride: width,
        rates: &review.rates,
    };
    let beliefs = &game.beliefs.node;
    let known = Some(&game.nodes.truth[..]);
    let scope = Scope { model, setup, utility: &game.utility, beliefs, known };
    review.keeping.revalue_rates(&scope, &review.security, &items);
}

/// Ending of a hazard that does not merely end a truce.
pub(super) fn ending_of(model: &Model, hazard: usize) -> usize {
    model.hazards[hazard].ending.expect("only hazards of a truce lead back to war").index()
}

/// Ends the negotiation with a named ending.
pub(super) fn end_with(room: &Room<'_>, ending: usize, game: &mut Game, table: &mut Table) {
    table.ending = Some(ending);
    for actor in 0..room.model.actors.len() {
        let node = room.setup.first_node[actor] + game.nodes.truth[actor];
        table.utility[actor] += table.discount[actor] * game.utility.worth(ending, node);
    }
    table.end_agreements(room.step as u32, EndedBy::Hazard, |_| true);
    if let Some(signed) = &mut table.settlement {
        signed.peace_months = room.month - f64::from(signed.step) * room.model.clock.months_per_step;
    }
}

/// The aftermath ends in peace: the terms in force are valued for ever.
fn close(room: &Room<'_>, game: &mut Game, table: &mut Table) {
    coalition::pay(room, game, table, |_, _| 1.0);
    for actor in 0..room.model.actors.len() {
        let flow = flow_now(room, actor, game);
        table.utility[actor] += table.discount[actor] * flow;
    }
    if let Some(signed) = &mut table.settlement {
        signed.peace_months = room.model.clock.aftermath_steps as f64 * room.model.clock.months_per_step;
    }
}
