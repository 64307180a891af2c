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
use crate::id::IssueId;
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
    /// Security sub-package of each register: of those on trial, or in the model's list.
    security_of: Vec<u32>,
    listed: Vec<u32>,
    /// First register on trial with each security sub-package, and a number that most others do not have.
    representative: Vec<usize>,
    key: Vec<u64>,
    /// Registers on trial now, and most that are valued at once.
    n: usize,
    pub(in super::super) width: usize,
}

/// Whose values of registers on trial somebody reads.
#[derive(Clone, Debug)]
pub(in super::super) struct Readers {
    /// Whose P.
    keeps: Vec<bool>,
    /// Whose terms: of those, of whoever attacks, and of whoever votes on what is withdrawn after an attack.
    terms: Vec<bool>,
}

impl Readers {
    /// Those whose P is read.
    pub(in super::super) fn of(model: &Model, setup: &Setup, keeps: Vec<bool>) -> Self {
        let mut terms = keeps.clone();
        for &attacker in &setup.attackers {
            terms[attacker] = true;
        }
        for ballot in model.attacks.iter().filter_map(|attack| attack.ballot.as_ref()) {
            for (member, _) in &model.bodies[ballot.body.index()].members {
                terms[member.index()] = true;
            }
        }
        Self { keeps, terms }
    }

    /// The same, with everybody's terms.
    pub(in super::super) fn with_all_terms(&self) -> Self {
        Self { keeps: self.keeps.clone(), terms: vec![true; self.terms.len()] }
    }

    /// Whether an actor's P is read.
    pub(in super::super) fn keeps(&self, actor: usize) -> bool {
        self.keeps[actor]
    }
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
            security_of: vec![0; width],
            listed: vec![0; width],
            representative: vec![0; width],
            key: vec![0; width],
            n: 0,
            width,
        }
    }

    /// Makes room for `n` registers, all of which must be put on trial then.
    pub(in super::super) fn begin(&mut self, n: usize) {
        debug_assert!(n <= self.width, "a trial is as wide as its largest batch");
        self.n = n;
    }

    /// Options of a register on trial.
    pub(in super::super) fn options<'a>(&'a self, model: &'a Model, lane: usize) -> &'a [u16] {
        self.registers.of(model, lane)
    }

    /// Item of what is left of a register.
    pub(in super::super) fn left_of(&self, lane: usize) -> usize {
        self.n + lane
    }

    /// Puts an option of an issue on trial.
    pub(in super::super) fn put(&mut self, model: &Model, lane: usize, issue: usize, option: u16) {
        let declared = &model.issues[issue];
        let left = if declared.options[usize::from(option)].revocable { declared.status_quo } else { option };
        self.registers.write(lane, issue, option);
        self.registers.write(self.n + lane, issue, left);
    }

    /// Values the registers on trial as if they were signed now; what comes of it stands in `keeping`, `utility` and
    /// `security`.
    pub(in super::super) fn value(&mut self, model: &Model, setup: &Setup, game: &mut Game, readers: &Readers) {
        self.keeping.take_terms(&game.keeping);
        let Game { scalars, world, nodes, buffers, spare, beliefs, utility, .. } = game;
        let mut tools = buffers.tools(scalars);
        let at = At { model, setup, nodes, world };
        if !model.attacks.is_empty() {
            let n = self.place_security(model, world);
            settle_clock(model, &mut self.lanes, n);
            self.security.revalue(&at, View::Believed(&beliefs.profile), &mut self.lanes, &mut tools, n);
        }
        self.place(model, world);
        self.utility.take_tables(utility);
        self.value_terms(&at, readers, spare, &mut tools);
        self.keep(&at, &beliefs.node, &mut tools, (readers, None));
    }

    /// Values packages of the model's list, at most `width`, by what the game has found at the present state; what comes
    /// of it stands in `keeping` and `utility`.
    pub(in super::super) fn value_listed(
        &mut self,
        (model, setup): (&Model, &Setup),
        game: &mut Game,
        packages: &[u32],
        readers: &Readers,
    ) {
        self.begin(packages.len());
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
        self.value_terms(&at, readers, spare, &mut tools);
        self.keep(&at, &beliefs.node, &mut tools, (readers, Some(security)));
    }

    /// What the terms of all registers are worth, from the present state in the lanes.
    fn value_terms(&mut self, at: &At<'_>, readers: &Readers, spare: &mut Lanes, tools: &mut Tools<'_>) {
        let At { model, setup, nodes, world } = *at;
        let n = 2 * self.n;
        self.lanes.derive(model, tools, n, true);
        // Another model may give the same options another meaning.
        self.registers.renew();
        let input = Input { model, setup, nodes, world, registers: &self.registers, n };
        self.utility.revalue_from_tables(&input, &readers.terms, (&self.lanes, spare), tools);
    }

    /// Writes the present state and the terms on trial into the lanes.
    fn place(&mut self, model: &Model, world: &Lanes) {
        let all = 2 * self.n;
        self.lanes.spread_read(model, world, all);
        for (issue, declared) in model.issues.iter().enumerate() {
            let row = self.lanes.row_mut(model.layout.issues + issue as u32);
            for (value, &option) in row[..all].iter_mut().zip(self.registers.column(issue)) {
                *value = declared.options[usize::from(option)].number;
            }
        }
    }

    /// Writes the present state and each security sub-package on trial into a lane; returns how many there are.
    fn place_security(&mut self, model: &Model, world: &Lanes) -> usize {
        /// An odd number with bits all over.
        const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
        let registers = &self.registers;
        let option = |issue: &IssueId, register: usize| registers.column(issue.index())[register];
        let issues = &model.security.issues[..];
        let mut n = 0;
        for register in 0..self.n {
            let add = |key: u64, issue| key.wrapping_mul(SPREAD).wrapping_add(u64::from(option(issue, register)));
            let key = issues.iter().fold(0, add);
            let alike = |other: usize| issues.iter().all(|issue| option(issue, other) == option(issue, register));
            let known = (0..n).find(|&lane| self.key[lane] == key && alike(self.representative[lane]));
            let lane = known.unwrap_or(n);
            if lane == n {
                (self.representative[lane], self.key[lane]) = (register, key);
                n += 1;
            }
            self.security_of[register] = lane as u32;
        }
        self.lanes.spread_read(model, world, n);
        for (issue, declared) in model.issues.iter().enumerate() {
            let options = self.registers.column(issue);
            let row = self.lanes.row_mut(model.layout.issues + issue as u32);
            for (value, &register) in row.iter_mut().zip(&self.representative[..n]) {
                *value = declared.options[usize::from(options[register])].number;
            }
        }
        n
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

    /// When each of the registers would be struck, and P; by what is known of their security sub-packages, or by
    /// what was found for the registers themselves.
    fn keep(
        &mut self,
        at: &At<'_>,
        beliefs: &[f64],
        tools: &mut Tools<'_>,
        (readers, known): (&Readers, Option<&Security>),
    ) {
        let At { model, setup, .. } = *at;
        let n = self.n;
        for node in attacker_nodes(setup) {
            let span = node * 2 * self.width..node * 2 * self.width + n;
            self.irrevocable[span].copy_from_slice(&self.utility.bare(node)[n..2 * n]);
        }
        self.publish_strength(model, n, known);
        self.rate_hazards(model, at, tools, n);
        self.keeping.read_attacks(model, &self.lanes, tools, n);
        let council = Council { model, setup, utility: &self.utility, beliefs, truth: None };
        council.vote(&mut self.keeping, at.world, tools, n, |item| (item, n + item));
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
            let whose = |actor: usize| readers.terms[actor];
            self.utility.add_terms_on_g((model, setup), whose, (&self.lanes, 2 * n), tools);
        }
        let (scope, items) = settled!();
        self.keeping.value_all(&scope, &items, &readers.keeps);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Workspace;
    use crate::rng::Streams;
    use crate::source;

    /// P of every actor, and the chances of an attack, of packages valued together.
    fn worth(
        trial: &mut Trial,
        (model, setup): (&Model, &Setup),
        game: &mut Game,
        packages: &[usize],
    ) -> Vec<Vec<u64>> {
        trial.begin(packages.len());
        for (lane, &package) in packages.iter().enumerate() {
            for (issue, &option) in model.packages.options_of(model.issues.len(), package).iter().enumerate() {
                trial.put(model, lane, issue, option);
            }
        }
        let readers = Readers::of(model, setup, setup.valued.clone());
        trial.value(model, setup, game, &readers);
        let of = |lane: usize| {
            let keeping = &trial.keeping;
            let values = (0..setup.n_nodes).map(|node| keeping.value(node)[lane]);
            let chances = [keeping.attack_prob[lane], keeping.attack_prob_60m[lane]];
            values.chain(chances).map(f64::to_bits).collect()
        };
        (0..packages.len()).map(of).collect()
    }

    #[test]
    fn registers_are_worth_the_same_alone_and_together() {
        let model = source::load("ukraine-2025", &[], &[]).unwrap().model;
        let Workspace { setup, game, .. } = &mut Workspace::new(&model);
        game.deal(&model, setup, &Streams { seed: 1, replication: 0 });
        game.revalue(&model, setup, 0, true);
        let packages: Vec<usize> = (0..24).map(|place| place * 23 % setup.n_settled).collect();
        let trial = &mut Trial::new(&model, setup, packages.len());
        let together = worth(trial, (&model, setup), game, &packages);
        let sub_packages: std::collections::BTreeSet<u32> = trial.security_of.iter().copied().collect();
        assert!((2..packages.len()).contains(&sub_packages.len()), "some have the same security sub-package");
        for (place, package) in packages.iter().enumerate() {
            // In buffers that have been used, and in fresh ones.
            for trial in [&mut *trial, &mut Trial::new(&model, setup, 1)] {
                let alone = worth(trial, (&model, setup), game, &[*package]);
                assert_eq!(alone[0], together[place], "package {package}");
            }
        }
    }

    #[test]
    fn packages_of_the_list_are_worth_on_trial_what_they_are_worth_in_it() {
        let model = source::load("ukraine-2025", &[], &[]).unwrap().model;
        let Workspace { setup, game, .. } = &mut Workspace::new(&model);
        game.deal(&model, setup, &Streams { seed: 1, replication: 0 });
        game.imposed = None;
        game.revalue(&model, setup, 0, true);
        let packages: Vec<usize> = (0..setup.n_settled).step_by(31).collect();
        let found = worth(&mut Trial::new(&model, setup, packages.len()), (&model, setup), game, &packages);
        let valued = |node: usize| {
            let actor = (0..model.actors.len()).rfind(|&actor| setup.first_node[actor] <= node);
            actor.is_some_and(|actor| setup.valued[actor])
        };
        for (lane, &package) in packages.iter().enumerate() {
            for node in (0..setup.n_nodes).filter(|&node| valued(node)) {
                assert_eq!(found[lane][node], game.keeping.value(node)[package].to_bits(), "{package} to {node}");
            }
        }
    }
}
