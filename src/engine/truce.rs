//! Value of a truce (`core.md` 7): backward over the months of its own mean path, with the war it may fall back to.
//!
//! Who breaks a truce decides by its own value of the truce, so that value cannot be a forward sum. The war that follows
//! is valued without looking ahead to agreements, from the states that the truce has reached at each mark, and with the
//! terms that were in force before the truce.

use super::dynamics::Pending;
use super::lanes::Tools;
use super::path::{Path, Plan};
use super::setup::Setup;
use crate::model::{Model, Regime, Value};
use crate::num::{exp, logistic, pow};

/// Months of a truce at which the war that may follow is valued.
pub(super) const MARKS: [f64; 5] = [0.0, 6.0, 12.0, 24.0, 36.0];
const INTERVALS: usize = MARKS.len() - 1;
/// Precision of a decision to denounce in a model without attacks.
const PRECISION: f64 = 15.0;

/// A decision that ends a truce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breach {
    /// An attack, by index.
    Attack(usize),
    /// An actor denounces an instrument.
    Denounce { instrument: usize, by: usize },
}

/// Everybody's decisions that end a truce, attacks first.
pub(super) fn breaches(model: &Model) -> Vec<Breach> {
    let attacks = (0..model.attacks.len()).filter(|&a| model.attacks[a].truce.is_some()).map(Breach::Attack);
    let denounced = model.instruments.iter().enumerate().flat_map(|(instrument, one)| {
        one.denounced_by.iter().map(move |by| Breach::Denounce { instrument, by: by.index() })
    });
    attacks.chain(denounced).collect()
}

impl Breach {
    /// Who takes it.
    pub(super) fn by(self, model: &Model) -> usize {
        match self {
            Self::Attack(attack) => model.attacks[attack].by.index(),
            Self::Denounce { by, .. } => by,
        }
    }
}

/// Values of truces, by block of lanes: a block is a register or an option of a lever review.
#[derive(Clone, Debug)]
pub(super) struct Truce {
    /// The mean path of the truce.
    pub(super) path: Path,
    fallback: Path,
    /// Mean flow less cost by interval, `[(type_node * INTERVALS + interval) * width + lane]`.
    flow: Vec<f64>,
    /// Mean rate per year of the hazards, `[(hazard * INTERVALS + interval) * width + lane]`.
    rates: Vec<f64>,
    /// V, `[actor * width + spot]`; a spot is a joint profile of a block.
    value: Vec<f64>,
    /// Rates per year in the first interval: breaches, hazards, lapse, `[kind * width + lane]`.
    first: Vec<f64>,
    /// The same in the interval at hand, of one lane.
    kinds: Vec<f64>,
    /// Discount over each interval and over a year, `[actor * (INTERVALS + 1) + interval]`.
    over: Vec<f64>,
    /// Optimism about the war, by actor.
    pub(super) optimism: Vec<f64>,
    /// Terms of each breach at present.
    pub(super) terms: Vec<BreachTerms>,
    /// Expected punishment of each breach, `[breach * blocks + block]`.
    pub(super) punishment: Vec<f64>,
    row: Vec<f64>,
    width: usize,
    marks: [usize; MARKS.len()],
}

/// Numbers of one breach at present.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BreachTerms {
    /// Occasions a year.
    pub(super) per_year: f64,
    /// Precision.
    pub(super) precision: f64,
    /// Surprise less audience cost, a flow.
    pub(super) gain: f64,
}

/// Which truces are valued.
#[derive(Clone, Copy)]
pub(super) struct Truces<'a> {
    /// Instrument of each block.
    pub(super) instruments: &'a [u16],
    /// Class of each block, and the first block of each class: blocks of a class have the same states, and the war that
    /// may follow is valued once for them.
    pub(super) class: &'a [u32],
    pub(super) first: &'a [u32],
    /// Joint profiles whose decisions are followed, over and over in each block.
    pub(super) profiles: &'a [u32],
    /// Months that the truce has lasted.
    pub(super) elapsed: f64,
    /// Rate per year at which each instrument lapses.
    pub(super) lapse: &'a [f64],
    /// Item of the terms that are enjoyed in the war after it.
    pub(super) war: u32,
    /// Effects on their way in the world.
    pub(super) pending: &'a [Pending],
}

impl Truce {
    /// Room for `blocks` truces.
    pub(super) fn new(model: &Model, setup: &Setup, blocks: usize) -> Self {
        let width = blocks * setup.n_profiles;
        let actors = model.actors.len();
        let kinds = setup.breaches.len() + model.hazards.len() + 1;
        let steps = |months: f64| (months / model.clock.months_per_step).round() as usize;
        Self {
            path: Path::new(model, setup, width),
            fallback: Path::new(model, setup, width * MARKS.len()),
            flow: vec![0.0; setup.n_nodes * INTERVALS * width],
            rates: vec![0.0; model.hazards.len() * INTERVALS * width],
            value: vec![0.0; actors * width],
            first: vec![0.0; kinds * width],
            kinds: vec![0.0; kinds],
            over: vec![1.0; actors * (INTERVALS + 1)],
            optimism: vec![0.0; actors],
            terms: vec![BreachTerms::default(); setup.breaches.len()],
            punishment: vec![0.0; setup.breaches.len() * blocks],
            row: vec![0.0; width],
            width,
            marks: MARKS.map(steps),
        }
    }

    /// Sets an actor's discount factor per month for the replication.
    pub(super) fn set_patience(&mut self, actor: usize, patience: f64) {
        for (interval, pair) in MARKS.windows(2).enumerate() {
            self.over[actor * (INTERVALS + 1) + interval] = pow(patience, pair[1] - pair[0]);
        }
        self.over[actor * (INTERVALS + 1) + INTERVALS] = pow(patience, 12.0);
    }

    /// Takes an actor's values from another valuation.
    pub(super) fn adopt(&mut self, other: &Self, actor: usize) {
        let values = actor * self.width..(actor + 1) * self.width;
        self.value[values.clone()].copy_from_slice(&other.value[values]);
    }

    /// Takes the punishment of one block for all of them.
    pub(super) fn spread_punishment(&mut self, block: usize) {
        let blocks = self.punishment.len() / self.terms.len().max(1);
        for row in self.punishment.chunks_exact_mut(blocks.max(1)) {
            let punished = row[block.min(row.len() - 1)];
            row.fill(punished);
        }
    }

    /// Value of the truce to an actor in a joint profile of a block.
    pub(super) fn value(&self, actor: usize, spot: usize) -> f64 {
        self.value[actor * self.width + spot]
    }

    /// Z of the war to an actor in a joint profile, were the truce of a block to end at once.
    pub(super) fn war_now(&self, setup: &Setup, (actor, profile): (usize, usize), block: usize) -> f64 {
        let node = setup.first_node[actor] + setup.node(profile, actor);
        self.fallback.value(node, setup.classes.lane(block, profile)) + self.optimism[actor]
    }

    /// What a breach gains its author besides the war that follows: surprise, less audience cost and punishment.
    pub(super) fn gain(&self, breach: usize) -> f64 {
        let blocks = self.punishment.len() / self.terms.len();
        self.terms[breach].gain - self.punishment[breach * blocks]
    }

    /// Flow less cost that a type node has now in a lane.
    pub(super) fn flow_now(&self, type_node: usize, lane: usize) -> f64 {
        self.flow[type_node * INTERVALS * self.width + lane]
    }

    /// Rate per year of a kind of end in a lane, as last valued: breaches, hazards, then the lapse.
    pub(super) fn first_rate(&self, kind: usize, lane: usize) -> f64 {
        self.first[kind * self.width + lane]
    }

    /// Values the truces whose states stand in the lanes of `path`.
    pub(super) fn project(&mut self, plan: &Plan<'_>, truces: &Truces<'_>, tools: &mut Tools<'_>) {
        self.walk(plan, truces, tools);
        self.value_fallback(plan, truces, tools);
        let blocks = plan.n / plan.profiles.len();
        for block in 0..blocks {
            for (index, &profile) in truces.profiles.iter().enumerate() {
                let spot = Spot {
                    at: block * truces.profiles.len() + index,
                    block,
                    profile: profile as usize,
                    lane: plan.setup.classes.lane(block, profile as usize),
                    war: plan.setup.classes.lane(truces.class[block] as usize, profile as usize),
                    wars: truces.first.len() * plan.profiles.len(),
                };
                self.recur(plan, truces, &spot);
            }
        }
    }

    /// The mean path of the truce, with its mean flows and rates and the states at the marks.
    fn walk(&mut self, plan: &Plan<'_>, truces: &Truces<'_>, tools: &mut Tools<'_>) {
        let Plan { model, n, .. } = *plan;
        for row in self.flow.chunks_exact_mut(self.width).chain(self.rates.chunks_exact_mut(self.width)) {
            row[..n].fill(0.0);
        }
        self.fallback.pending.clear();
        self.fallback.pending.extend(truces.pending.iter().filter(|effect| effect.lanes.is_none()));
        self.path.lanes.derive_slice(model, tools, n, plan.slice);
        self.path.flows.begin(plan);
        let last = self.marks[INTERVALS];
        let mut interval = 0;
        for ahead in 0..=last {
            if ahead > 0 {
                self.path.advance(plan, tools, plan.step + ahead);
            }
            for mark in 0..self.marks.len() {
                if self.marks[mark] == ahead {
                    self.branch(plan, truces, mark);
                    interval = mark;
                }
            }
            if ahead < last {
                self.add_flows(plan, interval, tools);
                self.add_rates(plan, interval, tools);
            }
        }
    }

    fn add_flows(&mut self, plan: &Plan<'_>, interval: usize, tools: &mut Tools<'_>) {
        let steps = (self.marks[interval + 1] - self.marks[interval]).max(1) as f64;
        for actor in 0..plan.model.actors.len() {
            for node in plan.nodes_of(actor) {
                self.path.flows.of(plan, (actor, node), &mut self.path.lanes, tools);
                let first = ((plan.setup.first_node[actor] + node) * INTERVALS + interval) * self.width;
                let flows = self.path.flows.flow.iter().zip(&self.path.flows.cost);
                for (sum, (flow, cost)) in self.flow[first..first + plan.n].iter_mut().zip(flows) {
                    *sum += (flow - cost) / steps;
                }
            }
        }
    }

    fn add_rates(&mut self, plan: &Plan<'_>, interval: usize, tools: &mut Tools<'_>) {
        let steps = (self.marks[interval + 1] - self.marks[interval]).max(1) as f64;
        for (index, hazard) in plan.model.hazards.iter().enumerate().filter(|(_, hazard)| hazard.in_truce) {
            tools.many(&hazard.rate, &self.path.lanes, plan.n, &mut self.row);
            let first = (index * INTERVALS + interval) * self.width;
            for (sum, rate) in self.rates[first..first + plan.n].iter_mut().zip(&self.row) {
                *sum += rate.max(0.0) * hazard.per_month * 12.0 / steps;
            }
        }
    }

    /// Copies the states at a mark to where the war that may follow is valued.
    fn branch(&mut self, plan: &Plan<'_>, truces: &Truces<'_>, mark: usize) {
        let each = plan.profiles.len();
        let classes = truces.first.len();
        let layout = plan.model.layout;
        let elapsed = self.marks[mark];
        let terms = plan.registers.of(plan.model, truces.war as usize);
        for (class, &block) in truces.first.iter().enumerate() {
            for index in 0..each {
                let source = block as usize * each + index;
                let lane = (mark * classes + class) * each + index;
                self.fallback.lanes.copy_lane(&self.path.lanes, source, lane);
                self.fallback.fired[lane] = self.path.fired[source];
                self.fallback.offset[lane] = elapsed as u32;
                self.fallback.lanes.set(layout.regime, lane, Regime::War.index() as f64);
                self.fallback.lanes.set(layout.months_in_regime, lane, 0.0);
                for (issue, (&option, declared)) in terms.iter().zip(&plan.model.issues).enumerate() {
                    let number = declared.options[usize::from(option)].number;
                    self.fallback.lanes.set(layout.issues + issue as u32, lane, number);
                }
            }
        }
        for effect in self.path.pending.iter().filter(|effect| effect.due > plan.step + elapsed) {
            let Some((first, count)) = effect.lanes else { continue };
            for (class, &block) in truces.first.iter().enumerate() {
                let source = block as usize * each..(block as usize + 1) * each;
                let touched = source.start.max(first as usize)..source.end.min((first + count) as usize);
                if !touched.is_empty() {
                    let moved = (mark * classes + class) * each + touched.start - source.start;
                    let lanes = Some((moved as u32, touched.len() as u32));
                    self.fallback.pending.push(Pending { lanes, ..*effect });
                }
            }
        }
    }

    fn value_fallback(&mut self, plan: &Plan<'_>, truces: &Truces<'_>, tools: &mut Tools<'_>) {
        let n = MARKS.len() * truces.first.len() * plan.profiles.len();
        let war = Plan { blocks: &[truces.war], truce: false, n, ..*plan };
        self.fallback.project(&war, tools);
    }

    /// Z of the war that follows a truce broken at a mark.
    fn war_at(&self, plan: &Plan<'_>, actor: usize, mark: usize, spot: &Spot) -> f64 {
        let node = plan.setup.first_node[actor] + plan.setup.node(spot.profile, actor);
        self.fallback.value(node, mark * spot.wars + spot.war) + self.optimism[actor]
    }

    /// Backward over the intervals of one joint profile of a block.
    fn recur(&mut self, plan: &Plan<'_>, truces: &Truces<'_>, spot: &Spot) {
        let instrument = usize::from(truces.instruments[spot.block.min(truces.instruments.len() - 1)]);
        let term = plan.model.instruments[instrument].term_steps;
        for slot in (0..=INTERVALS).rev() {
            let tail = slot == INTERVALS;
            let interval = slot.min(INTERVALS - 1);
            let years = if tail { 1.0 } else { (MARKS[slot + 1] - MARKS[slot]) / 12.0 };
            let ends = term.is_some_and(|steps| {
                let months = steps as f64 * plan.model.clock.months_per_step;
                truces.elapsed + MARKS[(slot + 1).min(INTERVALS)] >= months
            });
            let at = Moment { instrument, slot, interval };
            if ends && !tail {
                for actor in (0..plan.model.actors.len()).filter(|&a| plan.wants(a)) {
                    self.value[actor * self.width + spot.at] = self.war_at(plan, actor, slot + 1, spot);
                }
            }
            self.rate(plan, truces, spot, &at);
            let any = 1.0 - exp(-years * self.kinds.iter().sum::<f64>());
            self.step_back(plan, spot, &at, any);
        }
        for kind in 0..self.kinds.len() {
            self.first[kind * self.width + spot.at] = self.kinds[kind];
        }
    }

    /// Mean flow less cost of an actor in an interval.
    fn flow(&self, plan: &Plan<'_>, actor: usize, spot: &Spot, at: &Moment) -> f64 {
        let node = plan.setup.first_node[actor] + plan.setup.node(spot.profile, actor);
        self.flow[(node * INTERVALS + at.interval) * self.width + spot.lane]
    }

    /// Rates per year of everything that may end the truce in an interval.
    fn rate(&mut self, plan: &Plan<'_>, truces: &Truces<'_>, spot: &Spot, at: &Moment) {
        let Plan { model, setup, .. } = *plan;
        let blocks = self.punishment.len() / setup.breaches.len().max(1);
        for (index, breach) in setup.breaches.iter().enumerate() {
            let by = breach.by(model);
            if matches!(breach, Breach::Denounce { instrument, .. } if *instrument != at.instrument) {
                self.kinds[index] = 0.0;
                continue;
            }
            let flow = self.flow(plan, by, spot, at);
            let b = if at.slot == INTERVALS { 0.0 } else { self.over[by * (INTERVALS + 1) + at.slot] };
            let waiting = (1.0 - b) * flow + b * self.value[by * self.width + spot.at];
            let terms = self.terms[index];
            let gain = terms.gain - self.punishment[index * blocks + spot.block.min(blocks - 1)];
            let e = self.war_between(plan, by, spot, at) + gain;
            self.kinds[index] = terms.per_year * logistic(terms.precision * (e - waiting));
        }
        let first = setup.breaches.len();
        for hazard in 0..model.hazards.len() {
            self.kinds[first + hazard] = self.rates[(hazard * INTERVALS + at.interval) * self.width + spot.lane];
        }
        self.kinds[first + model.hazards.len()] = truces.lapse[at.instrument];
    }

    /// Z of the war in the middle of an interval; in the tail that of the last mark.
    fn war_between(&self, plan: &Plan<'_>, actor: usize, spot: &Spot, at: &Moment) -> f64 {
        if at.slot == INTERVALS {
            return self.war_at(plan, actor, INTERVALS, spot);
        }
        f64::midpoint(self.war_at(plan, actor, at.slot, spot), self.war_at(plan, actor, at.slot + 1, spot))
    }

    /// V at the beginning of an interval from V at its end; the tail closes the recursion.
    fn step_back(&mut self, plan: &Plan<'_>, spot: &Spot, at: &Moment, any: f64) {
        let Plan { model, setup, .. } = *plan;
        let total: f64 = self.kinds.iter().sum();
        let share = if total > 0.0 { any / total } else { 0.0 };
        let tail = at.slot == INTERVALS;
        let blocks = self.punishment.len() / setup.breaches.len().max(1);
        for actor in (0..model.actors.len()).filter(|&a| plan.wants(a)) {
            let b = self.over[actor * (INTERVALS + 1) + at.slot];
            let node = setup.first_node[actor] + setup.node(spot.profile, actor);
            let war = self.war_between(plan, actor, spot, at);
            let mut struck = 0.0;
            for (kind, &rate) in self.kinds.iter().enumerate() {
                let h = rate * share;
                let ending = kind.checked_sub(setup.breaches.len()).filter(|&hazard| hazard < model.hazards.len());
                let worth = match ending.and_then(|hazard| model.hazards[hazard].ending) {
                    Some(ending) => plan.utility.worth(ending.index(), node),
                    None => war,
                };
                struck += h * worth;
                if kind < setup.breaches.len() && setup.breaches[kind].by(model) == actor {
                    struck += h * (self.terms[kind].gain - self.punishment[kind * blocks + spot.block.min(blocks - 1)]);
                }
            }
            let flow = self.flow(plan, actor, spot, at);
            let value = &mut self.value[actor * self.width + spot.at];
            *value = if tail {
                ((1.0 - b) * flow + b * struck) / (1.0 - b * (1.0 - any))
            } else {
                (1.0 - b) * flow + b * ((1.0 - any) * *value + struck)
            };
        }
    }
}

/// A joint profile of a block.
struct Spot {
    /// Its place among values.
    at: usize,
    block: usize,
    profile: usize,
    /// Its lane on the path of the truce.
    lane: usize,
    /// Its lane, among those of one mark, on the path of the war that may follow.
    war: usize,
    /// Lanes of one mark.
    wars: usize,
}

/// One interval of a truce.
struct Moment {
    instrument: usize,
    slot: usize,
    interval: usize,
}

/// Terms of a breach at the present state.
pub(super) fn breach_terms(model: &Model, breach: Breach, mut one: impl FnMut(&Value) -> f64) -> BreachTerms {
    match breach {
        Breach::Attack(index) => {
            let attack = &model.attacks[index];
            let Some(truce) = &attack.truce else { return BreachTerms::default() };
            BreachTerms {
                per_year: one(&truce.per_year).max(0.0),
                precision: one(&attack.precision),
                gain: one(&truce.surprise) - one(&truce.audience_cost),
            }
        }
        Breach::Denounce { instrument, .. } => {
            let instrument = &model.instruments[instrument];
            BreachTerms {
                per_year: one(&instrument.denounce_per_year).max(0.0),
                precision: model.attacks.first().map_or(PRECISION, |attack| one(&attack.precision)),
                gain: -one(&instrument.denounce_cost),
            }
        }
    }
}
