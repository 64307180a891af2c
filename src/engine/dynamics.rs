//! How the state moves: change and noise, effects on their way, events, hazards.

use std::ops::Range;

use super::lanes::{Lanes, Tools};
use super::reach::Slice;
use crate::model::{Effect, Model, Regime, Trigger};
use crate::num::{exp, pow, sqrt};
use crate::rng::{Purpose, Streams};

/// An effect that is due at a later step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pending {
    /// Step at whose beginning it happens.
    pub(super) due: usize,
    /// State variable.
    pub(super) state: u16,
    /// Set instead of add.
    pub(super) set: bool,
    /// Amount, fixed when the lever was used.
    pub(super) amount: f64,
    /// How far the state goes towards a value that is set: 1 unless a pledge is believed in part only.
    pub(super) weight: f64,
    /// Lane slot in which what is left of a fading amount is kept.
    pub(super) fading: Option<u32>,
    /// First lane it touches and the number of lanes; none: all of them.
    pub(super) lanes: Option<(u32, u32)>,
}

/// Mean change of one step of the states of a slice (none: all) in the first `n` lanes. States are kept in range.
pub(super) fn change(model: &Model, slice: Option<&Slice>, lanes: &mut Lanes, tools: &mut Tools<'_>, n: usize) {
    let months = model.clock.months_per_step;
    let moves = |index: usize| slice.is_none_or(|slice| slice.states[index]);
    for (index, state) in model.states.iter().enumerate().filter(|&(index, _)| moves(index)) {
        let Some(program) = &state.change else { continue };
        let next = &mut tools.next[index * tools.width..index * tools.width + n];
        program.eval(lanes.frame(tools.scalars), n, next, tools.stack);
    }
    for (index, state) in model.states.iter().enumerate().filter(|&(index, _)| moves(index)) {
        if state.change.is_none() {
            continue;
        }
        let next = &tools.next[index * tools.width..index * tools.width + n];
        let row = &mut lanes.row_mut(model.layout.state + index as u32)[..n];
        let (low, high) = (state.low, state.high);
        for (value, &rate) in row.iter_mut().zip(next) {
            // In words rather than by the library's function, whose check of the limits keeps vector instructions away.
            let moved = *value + months * rate;
            let moved = if moved < low { low } else { moved };
            *value = if moved > high { high } else { moved };
        }
    }
}

/// Adds a step's worth of noise to the world: continuous shocks, and jumps less their mean, which is part of the change.
pub(super) fn add_noise(model: &Model, world: &mut Lanes, tools: &mut Tools<'_>, streams: &Streams, step: u64) -> u64 {
    let root = sqrt(model.clock.months_per_step);
    let mut clamps = 0;
    for (index, state) in model.states.iter().enumerate() {
        let sd = tools.one(&state.noise_sd, world, 0);
        if sd == 0.0 {
            continue;
        }
        let shock = streams.draw(state.entity, Purpose::Noise, step).normal();
        let slot = model.layout.state + index as u32;
        let value = world.get(slot, 0) + sd * root * shock;
        clamps += u64::from(value < state.low || value > state.high);
        world.set(slot, 0, value.clamp(state.low, state.high));
    }
    for (index, state) in model.states.iter().enumerate() {
        let Some((chance, size)) = &state.jump else { continue };
        let (monthly, size) = (tools.one(chance, world, 0), tools.one(size, world, 0));
        let chance = 1.0 - pow(1.0 - monthly, model.clock.months_per_step);
        let jumps = streams.draw(state.entity, Purpose::Jump, step).bernoulli(chance);
        let slot = model.layout.state + index as u32;
        let value = world.get(slot, 0) + size * (f64::from(u8::from(jumps)) - chance);
        clamps += u64::from(value < state.low || value > state.high);
        world.set(slot, 0, value.clamp(state.low, state.high));
    }
    clamps
}

/// Time passes by one step.
pub(super) fn tick(model: &Model, lanes: &mut Lanes, n: usize) {
    let months = model.clock.months_per_step;
    for slot in [model.layout.month, model.layout.months_in_regime] {
        for value in &mut lanes.row_mut(slot)[..n] {
            *value += months;
        }
    }
}

/// Lets fading amounts fade by a step; returns whether there were any.
pub(super) fn fade(model: &Model, lanes: &mut Lanes, tools: &mut Tools<'_>, n: usize) -> bool {
    let mut slots = model.layout.fading..model.layout.fading + model.layout.n_fading;
    if slots.all(|slot| lanes.row(slot)[..n].iter().all(|&left| left == 0.0)) {
        return false;
    }
    let mut any = false;
    let levers = model.levers.iter().flat_map(|lever| &lever.effects);
    let events = model.events.iter().flat_map(|event| &event.effects);
    let prologue = model.prologue.iter().flat_map(|event| &event.effects);
    for effect in levers.chain(events).chain(prologue) {
        let Some(fading) = &effect.fading else { continue };
        let slot = model.layout.fading + u32::from(fading.slot);
        let rate = tools.one(&fading.rate, lanes, 0);
        let gone = 1.0 - exp(-rate * model.clock.months_per_step);
        let declared = &model.states[effect.state.index()];
        for lane in 0..n {
            let left = lanes.get(slot, lane);
            if left == 0.0 {
                continue;
            }
            any = true;
            let lost = if left.abs() < FADED { left } else { left * gone };
            lanes.set(slot, lane, left - lost);
            let at = model.layout.state + u32::from(effect.state.0);
            let value = (lanes.get(at, lane) - lost).clamp(declared.low, declared.high);
            lanes.set(at, lane, value);
        }
    }
    any
}

/// What is left of a fading amount below this goes at once.
const FADED: f64 = 1e-12;

/// Applies the effects that are due at `step`, in each lane as many steps later as it is ahead.
pub(super) fn apply_due(model: &Model, pending: &[Pending], step: usize, ahead: &[u32], lanes: &mut Lanes, n: usize) {
    let span = ahead[..n].iter().fold((u32::MAX, 0), |(least, most), &by| (least.min(by), most.max(by)));
    let due = step + span.0 as usize..=step + span.1 as usize;
    for effect in pending.iter().filter(|effect| due.contains(&effect.due)) {
        let (first, count) = effect.lanes.map_or((0, n), |(first, count)| (first as usize, count as usize));
        for lane in first..first + count {
            if effect.due == step + ahead[lane] as usize {
                apply(model, effect, lanes, lane..lane + 1);
            }
        }
    }
}

fn apply(model: &Model, effect: &Pending, lanes: &mut Lanes, touched: Range<usize>) {
    let declared = &model.states[usize::from(effect.state)];
    let row = &mut lanes.row_mut(model.layout.state + u32::from(effect.state))[touched.clone()];
    for value in row {
        let next = match effect.set {
            true if effect.weight == 1.0 => effect.amount,
            true => *value + effect.weight * (effect.amount - *value),
            false => *value + effect.amount,
        };
        *value = next.clamp(declared.low, declared.high);
    }
    if let Some(slot) = effect.fading {
        for left in &mut lanes.row_mut(slot)[touched] {
            *left += effect.amount;
        }
    }
}

/// Applies one declared effect to the lanes of `touch` (none: all `n`), now or later.
pub(super) fn launch(
    model: &Model,
    effect: &Effect,
    launch: Launch,
    lanes: &mut Lanes,
    tools: &mut Tools<'_>,
    pending: &mut Vec<Pending>,
) {
    let Launch { step, touch, n, weight } = launch;
    let (first, count) = touch.map_or((0, n), |(first, count)| (first as usize, count as usize));
    let amount = tools.one(&effect.amount, lanes, first);
    let amount = if effect.set { amount } else { amount * weight };
    let state = effect.state.0;
    let fading = effect.fading.as_ref().map(|fading| model.layout.fading + u32::from(fading.slot));
    let due = step + effect.delay_steps;
    let begins = Pending { due, state, set: effect.set, amount, weight, fading, lanes: touch };
    if effect.delay_steps == 0 {
        apply(model, &begins, lanes, first..first + count);
    } else {
        pending.push(begins);
    }
    if let Some(duration) = effect.duration_steps {
        let due = step + effect.delay_steps + duration.max(1);
        pending.push(Pending { due, set: false, amount: -amount, fading: None, ..begins });
    }
}

/// When and where an effect begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Launch {
    /// Step now.
    pub(super) step: usize,
    /// First lane and number of lanes; none: all.
    pub(super) touch: Option<(u32, u32)>,
    /// Lanes in use.
    pub(super) n: usize,
    /// Factor on added amounts, and share of the way to values that are set.
    pub(super) weight: f64,
}

/// Fires the events whose moment has come, each at most once a lane; `whole` marks the world itself, whose later effects
/// touch every lane of any projection.
pub(super) fn fire_events(
    model: &Model,
    at: Launch,
    slice: Option<&Slice>,
    (lanes, fired, ahead): (&mut Lanes, &mut [u64], &[u32]),
    tools: &mut Tools<'_>,
    pending: &mut Vec<Pending>,
) {
    let over = fired[..at.n].iter().fold(u64::MAX, |over, done| over & done);
    for (index, event) in model.events.iter().enumerate() {
        if over & (1 << index) != 0 || slice.is_some_and(|slice| !slice.events[index]) {
            continue;
        }
        if let Trigger::When(program) = &event.trigger {
            // What an event does in one lane moves no other, so all are asked at once.
            program.eval(lanes.frame(tools.scalars), at.n, tools.out, tools.stack);
        }
        for (lane, done) in fired[..at.n].iter_mut().enumerate() {
            if *done & (1 << index) != 0 {
                continue;
            }
            let now = match &event.trigger {
                Trigger::Step(due) => at.step + ahead[lane] as usize >= *due,
                Trigger::When(_) => tools.out[lane] != 0.0,
            };
            if !now {
                continue;
            }
            *done |= 1 << index;
            let touch = at.touch.map(|_| (lane as u32, 1));
            let single = Launch { step: at.step + ahead[lane] as usize, touch, ..at };
            for effect in &event.effects {
                launch(model, effect, single, lanes, tools, pending);
            }
            if event.ends_mediation {
                lanes.set(model.layout.mediating, lane, 0.0);
            }
        }
    }
}

/// Rates per month of the hazards of a regime, `rates[hazard * width + lane]`; zero for those of the other regime.
pub(super) fn hazard_rates(
    model: &Model,
    regime: Regime,
    lanes: &Lanes,
    tools: &mut Tools<'_>,
    n: usize,
    rates: &mut [f64],
    width: usize,
) {
    for (index, hazard) in model.hazards.iter().enumerate() {
        let row = &mut rates[index * width..index * width + n];
        let runs = if regime == Regime::War { hazard.in_war } else { hazard.when_settled };
        if !runs {
            row.fill(0.0);
            continue;
        }
        tools.many(&hazard.rate, lanes, n, row);
        for rate in row {
            *rate = rate.max(0.0) * hazard.per_month;
        }
    }
}
