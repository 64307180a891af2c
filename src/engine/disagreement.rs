//! Value of disagreement (`core.md` 7), in war and in a truce, as things stand and as partial instruments would leave
//! them.
//!
//! Lanes come in blocks of one lane a joint profile. In war block 0 is the register in force and each further block a side
//! deal; truces that might be signed are valued beside them. In a truce the same blocks are valued as truces.

use super::game::Game;
use super::path::{Plan, Whose};
use super::security::{At, View};
use super::setup::Setup;
use super::truce::{self, Breach, Truces};
use crate::model::{Model, Regime};

impl Game {
    /// Value of disagreement of an actor in a block and joint profile; in a truce with its optimism about the war.
    pub(super) fn z(&self, setup: &Setup, actor: usize, block: usize, profile: usize) -> f64 {
        if self.regime == Regime::Truce {
            return self.truce.value(actor, block * setup.n_profiles + profile);
        }
        self.path.value(setup.first_node[actor] + setup.node(profile, actor), setup.classes.lane(block, profile))
    }

    /// Values everything that disagreement may be at the present state.
    pub(super) fn value_disagreement(&mut self, model: &Model, setup: &Setup, step: usize) {
        self.opening.lost();
        self.take_truce_terms(model, setup);
        if self.regime == Regime::Truce {
            self.value_truce_in_force(model, setup, step);
            return;
        }
        self.value_war(model, setup, step, Whose::All);
        if !setup.truce_slots.is_empty() {
            self.value_truces(model, setup, step);
        }
    }

    /// The war to some, with the terms in force and with each side deal.
    pub(super) fn value_war(&mut self, model: &Model, setup: &Setup, step: usize, actors: Whose<'_>) {
        self.blocks.clear();
        self.blocks.push(setup.in_war as u32);
        self.blocks.extend(setup.side_slots.iter().map(|&slot| (setup.first_war_slot + slot) as u32));
        let n = self.blocks.len() * setup.classes.profiles.len();
        let plan = Plan {
            model,
            setup,
            nodes: &self.nodes,
            utility: &self.utility,
            world: &self.world,
            registers: &self.registers,
            blocks: &self.blocks,
            truce: false,
            step,
            discount: &self.discount,
            n,
            profiles: &setup.classes.profiles,
            slice: Some(&setup.everybody),
            book: &self.book,
            actors,
        };
        self.path.start(&plan, self.fired[0], &self.pending);
        for (index, &slot) in setup.side_slots.iter().enumerate() {
            let terms = plan.registers.of(model, setup.first_slot + slot);
            place_terms(model, terms, &mut self.path.lanes, lanes_of(setup, index + 1));
        }
        self.path.project(&plan, &mut self.buffers.tools(&self.scalars));
    }

    /// Every truce that might be signed now, for those who decide about it.
    fn value_truces(&mut self, model: &Model, setup: &Setup, step: usize) {
        self.blocks.clear();
        self.block_instruments.clear();
        for &slot in &setup.truce_slots {
            self.blocks.push((setup.first_slot + slot) as u32);
            self.block_instruments.push(setup.slots[slot].instrument as u16);
        }
        self.project_truces(model, setup, step, 0.0, true);
    }

    /// The truce in force, and with each side deal.
    fn value_truce_in_force(&mut self, model: &Model, setup: &Setup, step: usize) {
        self.blocks.clear();
        self.blocks.push(setup.in_force as u32);
        self.blocks.extend(setup.side_slots.iter().map(|&slot| (setup.first_slot + slot) as u32));
        self.block_instruments.clear();
        self.block_instruments.resize(self.blocks.len(), self.truce_instrument as u16);
        let elapsed = self.world.get(model.layout.months_in_regime, 0);
        self.project_truces(model, setup, step, elapsed, false);
    }

    fn project_truces(&mut self, model: &Model, setup: &Setup, step: usize, elapsed: f64, deciders_only: bool) {
        self.punish_breaches(model, setup);
        let n = self.blocks.len() * setup.classes.profiles.len();
        let plan = Plan {
            model,
            setup,
            nodes: &self.nodes,
            utility: &self.utility,
            world: &self.world,
            registers: &self.registers,
            blocks: &self.blocks,
            truce: true,
            step,
            discount: &self.discount,
            n,
            profiles: &setup.classes.profiles,
            slice: Some(if deciders_only { &setup.decisive } else { &setup.everybody }),
            book: &self.book,
            actors: if deciders_only { Whose::Marked(&setup.deciders) } else { Whose::All },
        };
        self.truce.path.start(&plan, self.fired[0], &self.pending);
        for block in 0..self.blocks.len() {
            let lanes = lanes_of(setup, block);
            let terms = plan.registers.of(model, self.blocks[block] as usize);
            place_terms(model, terms, &mut self.truce.path.lanes, lanes.clone());
            for lane in lanes {
                self.truce.path.lanes.set(model.layout.regime, lane, Regime::Truce.index() as f64);
                self.truce.path.lanes.set(model.layout.months_in_regime, lane, elapsed);
            }
        }
        let truces = Truces {
            instruments: &self.block_instruments,
            class: if deciders_only { &setup.truce_class } else { &setup.own_class },
            first: if deciders_only { &setup.truce_first } else { &setup.own_class[..self.blocks.len()] },
            profiles: &setup.all_profiles,
            elapsed,
            lapse: &self.lapse,
            war: setup.in_war as u32,
            pending: &self.pending,
        };
        self.truce.project(&plan, &truces, &mut self.buffers.tools(&self.scalars));
    }

    /// What ends truces at present: terms of breaches, lapses, optimism about the war that follows.
    pub(super) fn take_truce_terms(&mut self, model: &Model, setup: &Setup) {
        if setup.truce_slots.is_empty() {
            return;
        }
        for actor in 0..model.actors.len() {
            self.truce.optimism[actor] = self.optimism(model, actor);
        }
        let mut tools = self.buffers.tools(&self.scalars);
        for (index, &breach) in setup.breaches.iter().enumerate() {
            self.truce.terms[index] = truce::breach_terms(model, breach, |value| tools.one(value, &self.world, 0));
        }
        for (rate, instrument) in self.lapse.iter_mut().zip(&model.instruments) {
            *rate = tools.one(&instrument.lapse_per_year, &self.world, 0).max(0.0);
        }
    }

    /// Punishment that an attack on each block's truce would meet, if a guarantee is in force.
    fn punish_breaches(&mut self, model: &Model, setup: &Setup) {
        self.truce.punishment.fill(0.0);
        let answered =
            |breach: &Breach| matches!(breach, Breach::Attack(a) if !model.attacks[*a].answered_by.is_empty());
        if !setup.breaches.iter().any(answered) {
            return;
        }
        let blocks = self.blocks.len();
        let room = self.truce.punishment.len() / setup.breaches.len();
        self.spare.spread(&self.world, blocks);
        self.spare.row_mut(model.layout.regime)[..blocks].fill(Regime::Truce.index() as f64);
        for block in 0..blocks {
            let terms = self.registers.of(model, self.blocks[block] as usize);
            place_terms(model, terms, &mut self.spare, block..block + 1);
        }
        let at = At { model, setup, nodes: &self.nodes, world: &self.world };
        let view = View::Believed(&self.beliefs.profile);
        let mut tools = self.buffers.tools(&self.scalars);
        self.truce_security.revalue(&at, view, &mut self.spare, &mut tools, blocks);
        for (index, breach) in setup.breaches.iter().enumerate() {
            let Breach::Attack(attack) = *breach else { continue };
            let punishment = &self.truce_security.punishment.row(attack, 0)[..blocks];
            self.truce.punishment[index * room..index * room + blocks].copy_from_slice(punishment);
        }
    }
}

/// Lanes of a block.
fn lanes_of(setup: &Setup, block: usize) -> std::ops::Range<usize> {
    let each = setup.classes.profiles.len();
    block * each..(block + 1) * each
}

/// Writes terms into the issue slots of some lanes.
pub(super) fn place_terms(
    model: &Model,
    terms: &[u16],
    lanes: &mut super::lanes::Lanes,
    range: std::ops::Range<usize>,
) {
    for (issue, (&option, declared)) in terms.iter().zip(&model.issues).enumerate() {
        let number = declared.options[usize::from(option)].number;
        lanes.row_mut(model.layout.issues + issue as u32)[range.clone()].fill(number);
    }
}
