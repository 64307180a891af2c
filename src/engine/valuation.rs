//! Step 6 of the list in [`crate::engine`]: values of packages and of disagreement at the present state.

use super::game::Game;
use super::keeping::{AttackTerms, Items, Scope};
use super::nodes::Nodes;
use super::security::{At, View};
use super::setup::Setup;
use super::snapback::Council;
use super::utility::{Input, Utility};
use crate::model::{Hazard, Model, Regime, Value};

impl Game {
    /// Values everything anew; `all` on the first step of a replication.
    pub(super) fn revalue(&mut self, model: &Model, setup: &Setup, step: usize, all: bool) {
        if all {
            // Another model may give the same options another meaning.
            self.registers.renew();
        }
        if let Some(imposed) = &mut self.imposed {
            imposed.fall_due(model, step, all);
        }
        self.revalue_as_it_is(model, setup, step, all);
        if !self.minds.is_empty() {
            self.revalue_in_minds(model, setup, step);
        }
    }

    /// The same with the parameters as they stand, whatever anybody believes.
    pub(super) fn revalue_as_it_is(&mut self, model: &Model, setup: &Setup, step: usize, all: bool) {
        self.revalue_packages(model, setup, all);
        evaluator_of(model).value_disagreement(model, setup, self, step);
    }

    /// Takes account of what coalitions have on offer now. Where nobody's values read that, only what may be supplied
    /// depends on it.
    pub(super) fn heed_pledges(&mut self, model: &Model, setup: &Setup, step: usize) {
        if model.pledges_read || !self.minds.is_empty() {
            self.revalue(model, setup, step, false);
            return;
        }
        self.forget_consulted();
        self.keeping.take_back(&self.unpriced);
        self.price_imposed(model, setup);
    }

    /// Values the packages anew, and leaves disagreement as it is.
    pub(super) fn revalue_packages(&mut self, model: &Model, setup: &Setup, all: bool) {
        self.opening.lost();
        self.forget_consulted();
        self.value_packages(model, setup, all);
        self.value_keeping(model, setup);
    }

    /// Utilities of all packages at the present state.
    fn value_packages(&mut self, model: &Model, setup: &Setup, all: bool) {
        let n = setup.n_valued;
        let renewed = self.registers.follow(model, setup, self.register);
        self.packages.spread_read(model, &self.world, n);
        for (issue, declared) in model.issues.iter().enumerate() {
            let row = self.packages.row_mut(model.layout.issues + issue as u32);
            for (value, &option) in row[..n].iter_mut().zip(self.registers.column(issue)) {
                *value = declared.options[usize::from(option)].number;
            }
        }
        let mut tools = self.buffers.tools(&self.scalars);
        self.packages.derive(model, &mut tools, n, true);
        let input = Input { model, setup, nodes: &self.nodes, world: &self.world, registers: &self.registers, n };
        self.utility.revalue(&input, &self.packages, &mut self.spare, &mut tools, all || renewed);
    }

    /// Guarantees, attacks and P of all packages.
    fn value_keeping(&mut self, model: &Model, setup: &Setup) {
        let (n, stride) = (setup.n_settled, setup.n_items);
        self.value_security(model, setup);
        self.set_attack_terms(model, setup);
        for node in attacker_nodes(setup) {
            let bare = self.utility.bare(node);
            for (package, value) in self.irrevocable[node * stride..node * stride + n].iter_mut().enumerate() {
                *value = bare[model.packages.revoked[package] as usize];
            }
        }
        self.publish_strength(model, n);
        self.value_settled_hazards(model, n, stride);
        let mut tools = self.buffers.tools(&self.scalars);
        self.keeping.read_attacks(model, &self.packages, &mut tools, n);
        let (utility, beliefs) = (&self.utility, &self.beliefs.node[..]);
        let council = Council { model, setup, utility, beliefs, truth: None };
        let left = |package: usize| (package, model.packages.revoked[package] as usize);
        council.vote(&mut self.keeping, &self.world, &mut tools, n, left);
        self.strike_all(model, setup);
        if model.actors.iter().any(|actor| actor.terms.iter().any(|term| term.reads_g)) {
            let mut tools = self.buffers.tools(&self.scalars);
            self.utility.add_terms_on_g((model, setup), |_| true, (&self.packages, stride), &mut tools);
        }
        self.keep_all(model, setup);
        self.keeping.put_by(&mut self.unpriced);
        self.price_imposed(model, setup);
    }

    /// Rates of the hazards of peace, were each package signed now; then the clock of the war again.
    fn value_settled_hazards(&mut self, model: &Model, n: usize, stride: usize) {
        if !model.hazards.iter().any(|hazard| hazard.when_settled) {
            return;
        }
        let mut tools = self.buffers.tools(&self.scalars);
        settle_clock(model, &mut self.packages, n);
        self.packages.derive(model, &mut tools, n, false);
        for (index, hazard) in model.hazards.iter().enumerate().filter(|(_, hazard)| hazard.when_settled) {
            let row = &mut self.settled_rates[index * stride..index * stride + n];
            tools.many(&hazard.rate, &self.packages, n, row);
            for rate in row {
                *rate = yearly_rate(hazard, *rate);
            }
        }
        for slot in [model.layout.months_in_regime, model.layout.regime] {
            let now = self.world.get(slot, 0);
            self.packages.row_mut(slot)[..n].fill(now);
        }
        self.packages.derive(model, &mut tools, n, false);
    }

    /// When each package would be struck. The attackers' comparison reads no term that reads what follows from it.
    fn strike_all(&mut self, model: &Model, setup: &Setup) {
        let n = setup.n_settled;
        let items = items_of((model, setup), &self.utility, &self.irrevocable, &self.settled_rates);
        let beliefs = &self.beliefs.node;
        let scope = Scope { model, setup, utility: &self.utility, beliefs, known: None };
        self.keeping.strike(&scope, &self.security, &items);
        if !model.attacks.is_empty() {
            self.packages.row_mut(model.layout.attack_prob)[..n].copy_from_slice(&self.keeping.attack_prob[..n]);
        }
    }

    /// P of all settlements to everybody whose P somebody reads.
    fn keep_all(&mut self, model: &Model, setup: &Setup) {
        let items = items_of((model, setup), &self.utility, &self.irrevocable, &self.settled_rates);
        let beliefs = &self.beliefs.node;
        let scope = Scope { model, setup, utility: &self.utility, beliefs, known: None };
        self.keeping.value_all(&scope, &items, &setup.valued);
    }

    /// G of each package, where expressions read it.
    fn publish_strength(&mut self, model: &Model, n: usize) {
        if model.attacks.is_empty() {
            return;
        }
        let strength = self.security.g_hat.row(0, 0);
        for slot in [model.layout.g, model.layout.g_hat] {
            for (package, value) in self.packages.row_mut(slot)[..n].iter_mut().enumerate() {
                *value = strength[model.packages.security_of[package] as usize];
            }
        }
    }

    /// Security of every sub-package at the present state, as the public believes.
    fn value_security(&mut self, model: &Model, setup: &Setup) {
        let n = model.security.representative.len();
        if n == 0 || model.attacks.is_empty() {
            return;
        }
        self.combos.spread_read(model, &self.world, n);
        for (lane, &package) in model.security.representative.iter().enumerate() {
            let options = model.packages.options_of(model.issues.len(), package as usize);
            for (issue, (&option, declared)) in options.iter().zip(&model.issues).enumerate() {
                let number = declared.options[usize::from(option)].number;
                self.combos.set(model.layout.issues + issue as u32, lane, number);
            }
        }
        settle_clock(model, &mut self.combos, n);
        let at = At { model, setup, nodes: &self.nodes, world: &self.world };
        let mut tools = self.buffers.tools(&self.scalars);
        self.security.revalue(&at, View::Believed(&self.beliefs.profile), &mut self.combos, &mut tools, n);
    }

    /// War costs and the attackers' numbers at the present state, for the packages and for lever reviews alike.
    pub(super) fn set_attack_terms(&mut self, model: &Model, setup: &Setup) {
        self.spare.spread(&self.world, 1);
        for (actor, declared) in model.actors.iter().enumerate() {
            for node in 0..setup.nodes[actor] {
                self.nodes.place(model, setup, actor, node, &mut self.spare, 1);
                let mut tools = self.buffers.tools(&self.scalars);
                let at = setup.first_node[actor] + node;
                let cost = match declared.war_cost.len() {
                    0 => 0.0,
                    types => tools.one(&declared.war_cost[node.min(types - 1)], &self.spare, 0),
                };
                for keeping in [&mut self.keeping, &mut self.review.keeping] {
                    keeping.war_cost[at] = cost;
                }
                for (index, attack) in model.attacks.iter().enumerate().filter(|(_, a)| a.by.index() == actor) {
                    let paid = attack.war_cost.as_ref().map_or(cost, |value| tools.one(value, &self.spare, 0));
                    for keeping in [&mut self.keeping, &mut self.review.keeping] {
                        keeping.attack_cost[index * setup.n_nodes + at] = paid;
                    }
                }
            }
            Nodes::restore(model, actor, &self.world, &mut self.spare, 1);
        }
        for (index, attack) in model.attacks.iter().enumerate() {
            let mut tools = self.buffers.tools(&self.scalars);
            let terms = AttackTerms {
                rate: tools.one(&attack.per_year, &self.world, 0).max(0.0),
                precision: tools.one(&attack.precision, &self.world, 0),
                repulse_loss: tools.one(&attack.repulse_loss, &self.world, 0),
                audience_cost: tools.one(&attack.audience_cost, &self.world, 0),
                gain: attack.pressure.as_ref().map_or(0.0, |pressure| tools.one(&pressure.gain, &self.world, 0)),
            };
            for keeping in [&mut self.keeping, &mut self.review.keeping] {
                keeping.attack_terms[index] = terms;
            }
            let actors = model.actors.len();
            for (actor, harm) in attack.pressure.iter().flat_map(|pressure| pressure.harm.iter().enumerate()) {
                let harm = tools.one(harm, &self.world, 0);
                for keeping in [&mut self.keeping, &mut self.review.keeping] {
                    keeping.harm[index * actors + actor] = harm;
                }
            }
        }
    }

    /// Optimism of an actor now: it halves every n0 months of war.
    pub(super) fn optimism(&mut self, model: &Model, actor: usize) -> f64 {
        let declared = &model.actors[actor];
        let month = self.world.get(model.layout.month, 0);
        let mut tools = self.buffers.tools(&self.scalars);
        let start = tools.one(&declared.optimism, &self.world, 0);
        if start == 0.0 {
            return 0.0;
        }
        let n0 = tools.one(&declared.optimism_months, &self.world, 0);
        start * n0 / (n0 + month)
    }

    /// A declared value for an actor's type, at the present state.
    pub(super) fn typed(&mut self, model: &Model, setup: &Setup, actor: usize, node: usize, values: &[Value]) -> f64 {
        self.spare.spread(&self.world, 1);
        self.nodes.place(model, setup, actor, node, &mut self.spare, 1);
        self.buffers.tools(&self.scalars).one(&values[node.min(values.len() - 1)], &self.spare, 0)
    }
}

/// All packages, as they are valued together.
pub(super) fn items_of<'a>(
    (model, setup): (&'a Model, &Setup),
    utility: &'a Utility,
    irrevocable: &'a [f64],
    rates: &'a [f64],
) -> Items<'a> {
    let n = setup.n_settled;
    Items {
        n,
        security_of: &model.packages.security_of[..n],
        value: utility.all_packages(),
        bare: utility.all_bare(),
        irrevocable,
        stride: setup.n_items,
        rates,
    }
}

/// In a register that is only being valued, the settlement would begin now.
pub(super) fn settle_clock(model: &Model, lanes: &mut super::lanes::Lanes, n: usize) {
    lanes.row_mut(model.layout.months_in_regime)[..n].fill(0.0);
    lanes.row_mut(model.layout.regime)[..n].fill(Regime::Settled.index() as f64);
}

/// Type nodes of the attackers.
pub(super) fn attacker_nodes(setup: &Setup) -> impl Iterator<Item = usize> + '_ {
    setup.attackers.iter().flat_map(|&actor| {
        let first = setup.first_node[actor];
        first..first + setup.nodes[actor]
    })
}

/// A declared rate, per year.
pub(super) fn yearly_rate(hazard: &Hazard, rate: f64) -> f64 {
    rate.max(0.0) * hazard.per_month * 12.0
}

/// How disagreement is valued: a rule that fills the summands of Z for every actor and joint profile.
trait Evaluator {
    /// Values disagreement at the present state.
    fn value_disagreement(&self, model: &Model, setup: &Setup, game: &mut Game, step: usize);
}

/// The mean path of the war under current postures (`core.md` 7).
struct Projection;

impl Evaluator for Projection {
    fn value_disagreement(&self, model: &Model, setup: &Setup, game: &mut Game, step: usize) {
        game.value_disagreement(model, setup, step);
    }
}

/// The evaluator a model declares; `projection` is the only one the language knows so far.
fn evaluator_of(_model: &Model) -> &'static dyn Evaluator {
    &Projection
}
