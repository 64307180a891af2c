//! What may be offered besides the settlement (`core.md` 2 and 8): truces and side deals, valued as what they lead to.

use super::continuation::{Outlook, Talks, others_weight};
use super::game::Game;
use super::setup::{Partial, Setup};
use crate::model::{KEEP, Model};
use crate::num::ln;

/// Talks that would aim at a settlement once an item is in force.
pub(super) struct Aim<'a> {
    /// The item.
    pub(super) item: usize,
    /// The settlement that would be predicted then; none: nobody has anything to wait for.
    pub(super) target: Option<usize>,
    /// Chance of an offer in a step, and of each actor to make it.
    pub(super) offers: f64,
    pub(super) recognition: &'a [f64],
    /// What each type node has without a settlement.
    pub(super) z: &'a [f64],
}

impl Outlook {
    /// V of an item after which the talks go on: Z + d K S (`core.md` 8).
    pub(super) fn value_talks(&self, model: &Model, setup: &Setup, game: &mut Game, aim: &Aim<'_>) {
        let chance = aim.target.map_or(0.0, |package| aim.offers * self.chance_at(model, setup, game, aim, package));
        for actor in 0..model.actors.len() {
            let d = game.discount[actor];
            let rest = 1.0 - d * (1.0 - chance);
            let k = if rest > 0.0 { chance / rest } else { 0.0 };
            for at in setup.first_node[actor]..setup.first_node[actor] + setup.nodes[actor] {
                let z = aim.z[at];
                let surplus = aim.target.map_or(0.0, |package| (game.keeping.value(at)[package] - z).max(0.0));
                game.keeping.set_value(at, aim.item, z + d * k * surplus);
            }
        }
    }

    /// Chance that an offer of a settlement is accepted by all, at margins S / sigma.
    fn chance_at(&self, model: &Model, setup: &Setup, game: &Game, aim: &Aim<'_>, package: usize) -> f64 {
        let yes = |actor: usize| -> f64 {
            let first = setup.first_node[actor];
            let of_node = |at: usize| {
                let margin = game.keeping.value(at)[package] - aim.z[at].max(self.outside[at]);
                let chance = match self.sigma[actor] {
                    sigma if sigma > 0.0 => game.shocks.record[at].below(margin / sigma),
                    _ => f64::from(u8::from(margin >= -1e-12)),
                };
                game.beliefs.node[at] * chance
            };
            (first..first + setup.nodes[actor]).map(of_node).sum()
        };
        let mut chance = 0.0;
        for (proposer, &recognised) in aim.recognition.iter().enumerate().filter(|(_, r)| **r > 0.0) {
            let others = setup.parties[model.settlement].iter().filter(|&&actor| actor != proposer);
            chance += recognised * others.map(|&actor| yes(actor)).product::<f64>();
        }
        chance * self.consent[package] * self.ratification[package]
    }

    /// Lists what may be offered in this regime: settlements, truces, then side deals and frameworks.
    pub(super) fn list_open(&mut self, model: &Model, setup: &Setup, game: &mut Game) {
        self.open.clear();
        let regime = game.regime.index();
        if model.instruments[model.settlement].from[regime] {
            self.open.extend(0..model.packages.n_candidates as u32);
        }
        for &slot in &setup.truce_slots {
            self.open_slot(model, setup, game, slot);
        }
        self.n_higher = self.open.len();
        for &slot in &setup.side_slots {
            self.open_slot(model, setup, game, slot);
        }
        for &slot in setup.framework_slots.iter().filter(|_| game.framework.is_none()) {
            if model.instruments[setup.slots[slot].instrument].from[regime] {
                self.slot_delivers[slot] = 0;
                self.open.push((setup.first_slot + slot) as u32);
            }
        }
    }

    /// Opens a slot that its regime and the rules permit and that would change something.
    fn open_slot(&mut self, model: &Model, setup: &Setup, game: &mut Game, slot: usize) {
        let Partial { instrument, variant } = setup.slots[slot];
        if !model.instruments[instrument].from[game.regime.index()] {
            return;
        }
        let item = setup.first_slot + slot;
        let in_force = game.registers.of(model, setup.in_force);
        let terms = &model.instruments[instrument].variants[variant];
        let changed = |issue: &usize| terms[*issue] != KEEP && terms[*issue] != in_force[*issue];
        let mut delivers = 0;
        let mut any = false;
        for issue in (0..terms.len()).filter(changed) {
            any = true;
            delivers |= model.issues[issue].options[usize::from(terms[issue])].delivered_by;
        }
        self.slot_delivers[slot] = delivers;
        let leads = model.instruments[instrument].leads_to.is_some();
        let stack = &mut game.buffers.stack;
        let frame = game.packages.frame(&game.scalars);
        let forbidden = model.space.rules.iter().any(|rule| rule.eval_one(frame, item, stack) != 0.0);
        if (any || leads) && !forbidden {
            self.open.push(item as u32);
        }
    }

    /// Deliverers of an item, a bit set.
    pub(super) fn delivered_by(&self, model: &Model, setup: &Setup, item: usize) -> u64 {
        match item.checked_sub(setup.first_slot) {
            None => model.packages.delivered_by[item],
            Some(slot) => self.slot_delivers[slot],
        }
    }

    /// V of each truce that is open: C in the truce, with the settlement that it would lead to.
    pub(super) fn value_truce_slots(
        &mut self,
        model: &Model,
        setup: &Setup,
        game: &mut Game,
        talks: &Talks,
        recognition: &[f64],
    ) {
        for (block, &slot) in setup.truce_slots.iter().enumerate() {
            let item = setup.first_slot + slot;
            if !self.open.contains(&(item as u32)) {
                continue;
            }
            self.read_truce(setup, game, block);
            let target = self.settlement_after(model, setup, game, talks);
            let aim = Aim { item, target, offers: talks.truce_chance, recognition, z: &self.truce_z };
            self.value_talks(model, setup, game, &aim);
        }
    }

    /// Z of one truce by type node, and as publicly expected. Who decides nothing about it takes it for the war.
    fn read_truce(&mut self, setup: &Setup, game: &Game, block: usize) {
        for actor in 0..setup.nodes.len() {
            self.truce_public[actor] = 0.0;
            for node in 0..setup.nodes[actor] {
                let at = setup.first_node[actor] + node;
                self.truce_z[at] = if setup.deciders[actor] {
                    let (mut sum, mut total) = (0.0, 0.0);
                    for profile in (0..setup.n_profiles).filter(|&p| setup.node(p, actor) == node) {
                        let weight = others_weight(setup, &game.beliefs.node, profile, actor);
                        if weight > 0.0 {
                            sum += weight * game.truce.value(actor, block * setup.n_profiles + profile);
                            total += weight;
                        }
                    }
                    if total > 0.0 { sum / total } else { 0.0 }
                } else {
                    self.z[at]
                };
                self.truce_public[actor] += game.beliefs.node[at] * self.truce_z[at];
            }
        }
    }

    /// The settlement that would be predicted in the truce.
    fn settlement_after(&mut self, model: &Model, setup: &Setup, game: &mut Game, talks: &Talks) -> Option<usize> {
        let mut ranking = self.ranking.take();
        for package in 0..model.packages.n_candidates {
            let all_gain = setup.signatories.iter().all(|&actor| self.gains_in_truce(actor, package));
            if !all_gain || !self.confirmed(package, talks) {
                continue;
            }
            let mut score = self.deliverers_say(model, setup, game, package);
            for &actor in setup.signatories.iter().filter(|&&a| self.omega[a] > 0.0) {
                score += self.omega[actor] * ln(self.public(actor)[package] - self.truce_public[actor]);
            }
            ranking.add(score, package);
        }
        let best = self.best_that_passes((model, setup), game, talks, &mut ranking);
        self.ranking = ranking;
        best
    }

    /// Whether an actor is publicly expected to prefer a settlement to the truce at hand.
    fn gains_in_truce(&self, actor: usize, package: usize) -> bool {
        self.public(actor)[package] - self.truce_public[actor] > 0.0
    }

    /// V of each side deal that is open: the value of this regime with its terms in force.
    pub(super) fn value_side_slots(&self, model: &Model, setup: &Setup, game: &mut Game) {
        for (index, &slot) in setup.side_slots.iter().enumerate() {
            let item = setup.first_slot + slot;
            if !self.open.contains(&(item as u32)) {
                continue;
            }
            for actor in 0..model.actors.len() {
                let war = game.regime != crate::model::Regime::Truce;
                let optimism = if war { game.optimism(model, actor) } else { 0.0 };
                for node in 0..setup.nodes[actor] {
                    let at = setup.first_node[actor] + node;
                    let (mut sum, mut total) = (0.0, 0.0);
                    for profile in (0..setup.n_profiles).filter(|&p| setup.node(p, actor) == node) {
                        let weight = others_weight(setup, &game.beliefs.node, profile, actor);
                        if weight > 0.0 {
                            sum += weight * game.z(setup, actor, index + 1, profile);
                            total += weight;
                        }
                    }
                    let z = if total > 0.0 { sum / total } else { 0.0 } + optimism;
                    let surplus = self.predicted.map_or(0.0, |target| (game.keeping.value(at)[target] - z).max(0.0));
                    game.keeping.set_value(at, item, z + game.discount[actor] * self.k[actor] * surplus);
                }
            }
        }
    }
}
