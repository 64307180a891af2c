//! Settled registers that are in no list, valued together as packages are.

use super::super::game::Game;
use super::super::keeping::{Items, Keeping, Scope};
use super::super::lanes::{Lanes, Tools};
use super::super::register::Registers;
use super::super::security::{At, Security, View};
use super::super::setup::Setup;
use super::super::snapback::Council;
use super::super::utility::{Input, Utility};
use super::super::valuation::{attacker_nodes, settle_clock, yearly_rate};
use crate::model::Model;

/// Registers on trial: what each says, then in as many further items what is left of each without its revocable options.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    registers: Registers,
    lanes: Lanes,
    pub(super) utility: Utility,
    pub(super) security: Security,
    pub(super) keeping: Keeping,
    irrevocable: Vec<f64>,
    rates: Vec<f64>,
    security_of: Vec<u32>,
    /// Most registers that are valued at once.
    pub(super) width: usize,
}

impl Trial {
    pub(super) fn new(model: &Model, setup: &Setup, width: usize) -> Self {
        let all = 2 * width;
        Self {
            registers: Registers::unlisted(model, all),
            lanes: Lanes::new(model.layout.len as usize, all),
            utility: Utility::of_items(model, setup, all),
            security: Security::new(model, width),
            keeping: Keeping::new(model, setup, width),
            irrevocable: vec![0.0; setup.n_nodes * all],
            rates: vec![0.0; model.hazards.len() * all],
            security_of: (0..width as u32).collect(),
            width,
        }
    }

    /// Options of a register on trial.
    pub(super) fn options<'a>(&'a self, model: &'a Model, lane: usize) -> &'a [u16] {
        self.registers.of(model, lane)
    }

    /// Item of what is left of a register.
    pub(super) fn left_of(&self, lane: usize) -> usize {
        self.width + lane
    }

    /// Puts an option of an issue on trial.
    pub(super) fn put(&mut self, model: &Model, lane: usize, issue: usize, option: u16) {
        let declared = &model.issues[issue];
        let left = if declared.options[usize::from(option)].revocable { declared.status_quo } else { option };
        self.registers.write(lane, issue, option);
        self.registers.write(self.width + lane, issue, left);
    }

    /// Values the first `n` registers as if they were signed now; what comes of it stands in `keeping`, `utility` and
    /// `security`.
    pub(super) fn value(&mut self, model: &Model, setup: &Setup, game: &mut Game, n: usize) {
        self.keeping.take_terms(&game.keeping);
        let Game { scalars, world, nodes, buffers, spare, beliefs, .. } = game;
        let mut tools = buffers.tools(scalars);
        let at = At { model, setup, nodes, world };
        if !model.attacks.is_empty() {
            self.place(model, world);
            settle_clock(model, &mut self.lanes, n);
            self.security.revalue(&at, View::Believed(&beliefs.profile), &mut self.lanes, &mut tools, n);
        }
        self.place(model, world);
        self.lanes.derive(model, &mut tools, 2 * self.width, true);
        let input = Input { model, setup, nodes, world, registers: &self.registers };
        self.utility.revalue(&input, &self.lanes, spare, &mut tools, true);
        for node in attacker_nodes(setup) {
            let span = node * 2 * self.width..node * 2 * self.width + n;
            self.irrevocable[span].copy_from_slice(&self.utility.bare(node)[self.width..self.width + n]);
        }
        self.publish_strength(model, n);
        self.rate_hazards(model, &at, &mut tools, n);
        self.keeping.read_attacks(model, &self.lanes, &mut tools, n);
        let council = Council { model, setup, utility: &self.utility, beliefs: &beliefs.node, truth: None };
        council.vote(&mut self.keeping, world, &mut tools, n, |item| (item, self.width + item));
        self.keep(&at, &beliefs.node, &mut tools, n);
    }

    /// Writes the present state and the terms on trial into the lanes.
    fn place(&mut self, model: &Model, world: &Lanes) {
        let all = 2 * self.width;
        self.lanes.spread(world, all);
        for (issue, declared) in model.issues.iter().enumerate() {
            let row = self.lanes.row_mut(model.layout.issues + issue as u32);
            for (item, value) in row[..all].iter_mut().enumerate() {
                *value = declared.options[usize::from(self.registers.of(model, item)[issue])].number;
            }
        }
    }

    /// G of each register, where expressions read it.
    fn publish_strength(&mut self, model: &Model, n: usize) {
        if model.attacks.is_empty() {
            return;
        }
        for slot in [model.layout.g, model.layout.g_hat] {
            self.lanes.row_mut(slot)[..n].copy_from_slice(&self.security.g_hat.row(0, 0)[..n]);
        }
    }

    /// Rates of the hazards of peace, were each register signed now; then the clock of the present again.
    fn rate_hazards(&mut self, model: &Model, at: &At<'_>, tools: &mut Tools<'_>, n: usize) {
        if !model.hazards.iter().any(|hazard| hazard.when_settled) {
            return;
        }
        settle_clock(model, &mut self.lanes, n);
        self.lanes.derive(model, tools, n, false);
        for (index, hazard) in model.hazards.iter().enumerate().filter(|(_, hazard)| hazard.when_settled) {
            let first = index * 2 * self.width;
            let row = &mut self.rates[first..first + n];
            tools.many(&hazard.rate, &self.lanes, n, row);
            for rate in row {
                *rate = yearly_rate(hazard, *rate);
            }
        }
        for slot in [model.layout.months_in_regime, model.layout.regime] {
            let now = at.world.get(slot, 0);
            self.lanes.row_mut(slot)[..n].fill(now);
        }
        self.lanes.derive(model, tools, n, false);
    }

    /// When each register would be struck, and P.
    fn keep(&mut self, at: &At<'_>, beliefs: &[f64], tools: &mut Tools<'_>, n: usize) {
        let At { model, setup, .. } = *at;
        macro_rules! settled {
            () => {
                (
                    Scope { model, setup, utility: &self.utility, beliefs, only: None, known: None },
                    Items {
                        n,
                        security_of: &self.security_of,
                        value: self.utility.all_packages(),
                        bare: self.utility.all_bare(),
                        irrevocable: &self.irrevocable,
                        stride: 2 * self.width,
                        rates: &self.rates,
                    },
                )
            };
        }
        let (scope, items) = settled!();
        self.keeping.strike(&scope, &self.security, &items);
        if !model.attacks.is_empty() {
            self.lanes.row_mut(model.layout.attack_prob)[..n].copy_from_slice(&self.keeping.attack_prob[..n]);
        }
        if model.actors.iter().any(|actor| actor.terms.iter().any(|term| term.reads_g)) {
            self.utility.add_terms_on_g(model, setup, &self.lanes, tools);
        }
        let (scope, items) = settled!();
        self.keeping.value_all(&scope, &items, &setup.valued);
    }
}
