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
pub(in super::super) struct Trial {
    registers: Registers,
    lanes: Lanes,
    pub(in super::super) utility: Utility,
    pub(in super::super) security: Security,
    pub(in super::super) keeping: Keeping,
    irrevocable: Vec<f64>,
    rates: Vec<f64>,
    security_of: Vec<u32>,
    /// Security sub-package of each register that is in the model's list.
    listed: Vec<u32>,
    /// Most registers that are valued at once.
    pub(in super::super) width: usize,
}

impl Trial {
    pub(in super::super) fn new(model: &Model, setup: &Setup, width: usize) -> Self {
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
            listed: vec![0; width],
            width,
        }
    }

    /// Options of a register on trial.
    pub(in super::super) fn options<'a>(&'a self, model: &'a Model, lane: usize) -> &'a [u16] {
        self.registers.of(model, lane)
    }

    /// Item of what is left of a register.
    pub(in super::super) fn left_of(&self, lane: usize) -> usize {
        self.width + lane
    }

    /// Puts an option of an issue on trial.
    pub(in super::super) fn put(&mut self, model: &Model, lane: usize, issue: usize, option: u16) {
        let declared = &model.issues[issue];
        let left = if declared.options[usize::from(option)].revocable { declared.status_quo } else { option };
        self.registers.write(lane, issue, option);
        self.registers.write(self.width + lane, issue, left);
    }

    /// Values the first `n` registers as if they were signed now; what comes of it stands in `keeping`, `utility` and
    /// `security`.
    pub(in super::super) fn value(&mut self, model: &Model, setup: &Setup, game: &mut Game, n: usize) {
        self.keeping.take_terms(&game.keeping);
        let Game { scalars, world, nodes, buffers, spare, beliefs, utility, .. } = game;
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
        self.utility.take_tables(utility);
        self.utility.revalue_from_tables(&input, &self.lanes, spare, &mut tools);
        self.keep(&at, &beliefs.node, &mut tools, (n, None));
    }

    /// Values packages of the model's list, at most `width`, by what the game has found at the present state; what comes
    /// of it stands in `keeping` and `utility`.
    pub(in super::super) fn value_listed(&mut self, model: &Model, setup: &Setup, game: &mut Game, packages: &[u32]) {
        self.keeping.take_terms(&game.keeping);
        self.utility.take_tables(&game.utility);
        for (lane, &package) in packages.iter().enumerate() {
            self.listed[lane] = model.packages.security_of[package as usize];
            for (issue, &option) in model.packages.options_of(model.issues.len(), package as usize).iter().enumerate() {
                self.put(model, lane, issue, option);
            }
        }
        let Game { scalars, world, nodes, buffers, spare, beliefs, security, .. } = game;
        let mut tools = buffers.tools(scalars);
        let at = At { model, setup, nodes, world };
        self.place(model, world);
        self.lanes.derive(model, &mut tools, 2 * self.width, true);
        let input = Input { model, setup, nodes, world, registers: &self.registers };
        self.utility.revalue_from_tables(&input, &self.lanes, spare, &mut tools);
        self.keep(&at, &beliefs.node, &mut tools, (packages.len(), Some(security)));
    }

    /// Writes the present state and the terms on trial into the lanes.
    fn place(&mut self, model: &Model, world: &Lanes) {
        let all = 2 * self.width;
        self.lanes.spread(world, all);
        for (issue, declared) in model.issues.iter().enumerate() {
            let row = self.lanes.row_mut(model.layout.issues + issue as u32);
            for (value, &option) in row[..all].iter_mut().zip(self.registers.column(issue)) {
                *value = declared.options[usize::from(option)].number;
            }
        }
    }

    /// G of each register, where expressions read it.
    fn publish_strength(&mut self, model: &Model, n: usize, known: Option<&Security>) {
        if model.attacks.is_empty() {
            return;
        }
        let (security, items) = met(known, &self.security, &self.listed, &self.security_of);
        for slot in [model.layout.g, model.layout.g_hat] {
            for (value, &item) in self.lanes.row_mut(slot)[..n].iter_mut().zip(items) {
                *value = security.g_hat.row(0, 0)[item as usize];
            }
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

    /// When each of the first `n` registers would be struck, and P; by what is known of their security sub-packages, or by
    /// what was found for the registers themselves.
    fn keep(&mut self, at: &At<'_>, beliefs: &[f64], tools: &mut Tools<'_>, (n, known): (usize, Option<&Security>)) {
        let At { model, setup, .. } = *at;
        for node in attacker_nodes(setup) {
            let span = node * 2 * self.width..node * 2 * self.width + n;
            self.irrevocable[span].copy_from_slice(&self.utility.bare(node)[self.width..self.width + n]);
        }
        self.publish_strength(model, n, known);
        self.rate_hazards(model, at, tools, n);
        self.keeping.read_attacks(model, &self.lanes, tools, n);
        let council = Council { model, setup, utility: &self.utility, beliefs, truth: None };
        council.vote(&mut self.keeping, at.world, tools, n, |item| (item, self.width + item));
        let (security, security_of) = met(known, &self.security, &self.listed, &self.security_of);
        macro_rules! settled {
            () => {
                (
                    Scope { model, setup, utility: &self.utility, beliefs, known: None },
                    Items {
                        n,
                        security_of,
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
        self.keeping.strike(&scope, security, &items);
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

/// What an attack meets, and where it is found for each register.
fn met<'a>(
    known: Option<&'a Security>,
    own: &'a Security,
    listed: &'a [u32],
    in_order: &'a [u32],
) -> (&'a Security, &'a [u32]) {
    known.map_or((own, in_order), |security| (security, listed))
}
