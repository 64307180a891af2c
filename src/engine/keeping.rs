//! Will it be kept? The value of a settled register (`core.md` 5), by backward recursion over the nodes of its attacks.

use super::security::Security;
use super::setup::Setup;
use super::utility::Utility;
use crate::model::Model;
use crate::num::{exp, logistic};

/// The packages or lanes that are valued together.
#[derive(Clone, Copy)]
pub(super) struct Items<'a> {
    /// How many.
    pub(super) n: usize,
    /// Security item of each.
    pub(super) security_of: &'a [u32],
    /// Full value to each type node, `[node * stride + item]`.
    pub(super) value: &'a [f64],
    /// Attackers' value without what concerns a guarantee, same shape.
    pub(super) bare: &'a [f64],
    /// The same without revocable options.
    pub(super) irrevocable: &'a [f64],
    /// Distance between nodes.
    pub(super) stride: usize,
    /// Rate per year of each settled hazard, `[hazard * stride + item]`.
    pub(super) rates: &'a [f64],
}

/// Numbers of one actor that the recursion needs, fixed within a valuation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terms {
    /// Discount factor per year.
    pub(super) yearly: f64,
    /// Share kept after an undecided war.
    pub(super) kept: f64,
    /// Relief of an answer.
    pub(super) relief: f64,
}

/// Numbers of one attack, fixed within a valuation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AttackTerms {
    /// o per year.
    pub(super) rate: f64,
    /// lambda.
    pub(super) precision: f64,
    /// Cost of a failed attack.
    pub(super) repulse_loss: f64,
    /// Audience cost of breaking the agreement.
    pub(super) audience_cost: f64,
}

/// Values of registers and the hazards behind them.
#[derive(Clone, Debug)]
pub(super) struct Keeping {
    /// Per actor.
    terms: Vec<Terms>,
    /// Discount over each node, `[actor * max_nodes + node]`.
    over_node: Vec<f64>,
    /// War weight per attack and actor, `[attack * actors + actor]`.
    pub(super) war_weight: Vec<f64>,
    /// War cost of each type node at the present state.
    pub(super) war_cost: Vec<f64>,
    /// War cost of each attack's attacker, by type node of the attacker, `[attack * n_nodes + node]`.
    pub(super) attack_cost: Vec<f64>,
    /// Per attack.
    pub(super) attack_terms: Vec<AttackTerms>,
    /// Provocation by attack and item, `[attack * width + item]`.
    pub(super) provocation: Vec<f64>,
    /// P by type node and item, `[node * width + item]`.
    value: Vec<f64>,
    /// Probability of an attack within all nodes, and within five years, by item.
    pub(super) attack_prob: Vec<f64>,
    /// Within 60 months.
    pub(super) attack_prob_60m: Vec<f64>,
    /// Competing probabilities in a node: `[(node * kinds + kind) * width + item]`; kinds are attacks, then hazards.
    strikes: Vec<f64>,
    /// Yearly rates of the kinds now, scratch.
    rates: Vec<f64>,
    /// Yearly rates of the kinds at the first node of the first item, as last valued.
    pub(super) first_rates: Vec<f64>,
    ahead: Vec<f64>,
    width: usize,
    n_nodes: usize,
    max_nodes: usize,
}

/// Who is valued, and under which beliefs.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The model.
    pub(super) model: &'a Model,
    /// Its profiles.
    pub(super) setup: &'a Setup,
    /// Utilities, for the endings and the anchor.
    pub(super) utility: &'a Utility,
    /// Public beliefs by type node.
    pub(super) beliefs: &'a [f64],
    /// Only this actor and type node, or everybody.
    pub(super) only: Option<(usize, usize)>,
    /// Attackers' types known to be these (the aftermath), or believed.
    pub(super) known: Option<&'a [usize]>,
}

impl Keeping {
    pub(super) fn new(model: &Model, setup: &Setup, width: usize) -> Self {
        let max_nodes = model.attacks.iter().map(|a| a.nodes.len()).max().unwrap_or(0).max(1);
        let kinds = model.attacks.len() + model.hazards.len();
        Self {
            terms: vec![Terms::default(); model.actors.len()],
            over_node: vec![1.0; model.actors.len() * max_nodes],
            war_weight: vec![0.0; model.attacks.len() * model.actors.len()],
            war_cost: vec![0.0; setup.n_nodes],
            attack_cost: vec![0.0; model.attacks.len() * setup.n_nodes],
            attack_terms: vec![AttackTerms::default(); model.attacks.len()],
            provocation: vec![0.0; model.attacks.len() * width],
            value: vec![0.0; setup.n_nodes * width],
            attack_prob: vec![0.0; width],
            attack_prob_60m: vec![0.0; width],
            strikes: vec![0.0; (max_nodes + 1) * kinds * width],
            rates: vec![0.0; kinds],
            first_rates: vec![0.0; kinds],
            ahead: vec![0.0; setup.attackers.len().max(1) * width],
            width,
            n_nodes: setup.n_nodes,
            max_nodes,
        }
    }

    /// Sets an actor's numbers for the replication.
    pub(super) fn set_terms(&mut self, model: &Model, actor: usize, terms: Terms) {
        self.terms[actor] = terms;
        for node in 0..self.max_nodes {
            self.over_node[actor * self.max_nodes + node] = years(terms.yearly, node_length(model, node));
        }
    }

    /// P of every item to a type node.
    pub(super) fn value(&self, node: usize) -> &[f64] {
        &self.value[node * self.width..(node + 1) * self.width]
    }

    /// Values all items; results are read with [`Self::value`] and from the attack probabilities.
    pub(super) fn revalue(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>) {
        let setup = scope.setup;
        for node in 0..self.n_nodes {
            self.value[node * self.width..node * self.width + items.n].fill(0.0);
        }
        self.attack_prob[..items.n].fill(0.0);
        self.attack_prob_60m[..items.n].fill(0.0);
        for profile in 0..setup.n_attack_profiles {
            let public = weight_of(scope, profile, None);
            let wanted = public > 0.0
                || (0..setup.attackers.len())
                    .any(|k| weight_of(scope, profile, Some(k)) > 0.0 && self.asks(scope, profile, k));
            if !wanted {
                continue;
            }
            self.strike_probabilities(scope, security, items, profile);
            if public > 0.0 {
                self.add_attack_probabilities(scope, items, public);
            }
            for actor in 0..scope.model.actors.len() {
                if scope.only.is_some_and(|(only, _)| only != actor) {
                    continue;
                }
                self.add_values(scope, security, items, profile, actor);
            }
        }
    }

    /// Values only the rates at which the first item is struck now; `scope.known` names the attackers' types.
    pub(super) fn revalue_rates(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>) {
        let truth = (0..scope.setup.n_attack_profiles).find(|&profile| weight_of(scope, profile, None) > 0.0);
        self.strike_probabilities(scope, security, items, truth.unwrap_or(0));
    }

    /// Share of its status quo that an actor keeps after an undecided war.
    pub(super) fn kept(&self, actor: usize) -> f64 {
        self.terms[actor].kept
    }

    /// What an answered attack gives back to an actor.
    pub(super) fn relief(&self, actor: usize) -> f64 {
        self.terms[actor].relief
    }

    /// Whether the attacker's own node of this profile is asked for.
    fn asks(&self, scope: &Scope<'_>, profile: usize, k: usize) -> bool {
        let _ = self;
        let attacker = scope.setup.attackers[k];
        scope.only.is_none_or(|(actor, node)| actor == attacker && node == scope.setup.attack_node(profile, k))
    }

    /// Backward over nodes: what the attackers of this profile do, and with it every hazard's share.
    fn strike_probabilities(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>, profile: usize) {
        let Scope { model, setup, .. } = *scope;
        let kinds = model.attacks.len() + model.hazards.len();
        let n_nodes = model.attacks.first().map_or(1, |a| a.nodes.len());
        for tail in [true, false] {
            let nodes = if tail { n_nodes - 1..n_nodes } else { 0..n_nodes };
            for node in nodes.rev() {
                let slot = if tail { self.max_nodes } else { node };
                let length = if tail { 1.0 } else { node_length(model, node) };
                for item in 0..items.n {
                    let mut total = 0.0;
                    for attack in 0..model.attacks.len() {
                        let rate =
                            self.attack_rate(scope, security, items, &Spot { profile, attack, node, item, tail });
                        self.rates[attack] = rate;
                        total += rate;
                    }
                    for (hazard, declared) in model.hazards.iter().enumerate() {
                        let rate = if declared.when_settled { items.rates[hazard * items.stride + item] } else { 0.0 };
                        self.rates[model.attacks.len() + hazard] = rate;
                        total += rate;
                    }
                    if node == 0 && item == 0 && !tail {
                        self.first_rates.copy_from_slice(&self.rates);
                    }
                    let draw_form = model.attacks.first().is_some_and(|a| a.draw_form);
                    let any = if draw_form { total.min(1.0) } else { 1.0 - exp(-length * total) };
                    for kind in 0..kinds {
                        let share = if total > 0.0 { self.rates[kind] / total * any } else { 0.0 };
                        self.strikes[(slot * kinds + kind) * self.width + item] = share;
                    }
                }
                for k in 0..setup.attackers.len() {
                    self.carry_back(scope, security, items, &Carry { profile, k, node, tail });
                }
            }
        }
    }

    /// Rate per year of one attack at one node: o L(lambda (e - W)).
    fn attack_rate(&self, scope: &Scope<'_>, security: &Security, items: &Items<'_>, spot: &Spot) -> f64 {
        let Scope { setup, .. } = *scope;
        let Spot { profile, attack, node, item, tail } = *spot;
        let k = setup.attacker_of[attack];
        let actor = setup.attackers[k];
        let type_node = setup.first_node[actor] + setup.attack_node(profile, k);
        let flow = items.bare[type_node * items.stride + item];
        let e = self.attack_value(scope, security, items, &Who { attack, node, item, type_node });
        let waiting = if tail || !scope.model.attacks[attack].waiting {
            flow
        } else {
            let b = self.over_node[actor * self.max_nodes + node];
            (1.0 - b) * flow + b * self.ahead[k * self.width + item]
        };
        let terms = &self.attack_terms[attack];
        terms.rate * logistic(terms.precision * (e - waiting))
    }

    /// e of the attacker: what attacking now is worth to it.
    fn attack_value(&self, scope: &Scope<'_>, security: &Security, items: &Items<'_>, who: &Who) -> f64 {
        let Who { attack, node, item, type_node } = *who;
        let declared = &scope.model.attacks[attack];
        let actor = declared.by.index();
        let sub = items.security_of[item] as usize;
        let w = self.war_weight[attack * scope.model.actors.len() + actor];
        let (wins, beaten) = (security.victory.row(attack, node)[sub], security.defeat.row(attack, node)[sub]);
        let terms = &self.attack_terms[attack];
        let irrevocable = items.irrevocable[type_node * items.stride + item];
        let undecided = (scope.utility.anchor(type_node) - terms.repulse_loss).max(irrevocable);
        let lottery = wins * scope.utility.worth(declared.victory.index(), type_node)
            + beaten * scope.utility.worth(declared.defeat.index(), type_node)
            + (1.0 - wins - beaten) * undecided;
        let war = w * (irrevocable - self.attack_cost[attack * self.n_nodes + type_node]) + (1.0 - w) * lottery;
        let q = security.escalation.row(attack, node)[sub];
        let wider = declared.escalation.map_or(0.0, |ending| scope.utility.worth(ending.index(), type_node));
        (1.0 - q) * war + q * wider - security.punishment.row(attack, node)[sub] - terms.audience_cost
            + self.provocation[attack * self.width + item]
    }

    /// e of anybody else: what being in that war is worth.
    fn suffered_value(
        &self,
        scope: &Scope<'_>,
        security: &Security,
        items: &Items<'_>,
        who: &Who,
        actor: usize,
    ) -> f64 {
        let Who { attack, node, item, type_node } = *who;
        let declared = &scope.model.attacks[attack];
        let sub = items.security_of[item] as usize;
        let w = self.war_weight[attack * scope.model.actors.len() + actor];
        let (wins, beaten) = (security.victory.row(attack, node)[sub], security.defeat.row(attack, node)[sub]);
        let anchor = scope.utility.anchor(type_node);
        let terms = &self.terms[actor];
        let lottery = wins * scope.utility.worth(declared.victory.index(), type_node)
            + beaten * scope.utility.worth(declared.defeat.index(), type_node)
            + (1.0 - wins - beaten) * terms.kept * anchor;
        let war = w * (anchor - self.war_cost[type_node]) + (1.0 - w) * lottery;
        let q = security.escalation.row(attack, node)[sub];
        let wider = declared.escalation.map_or(0.0, |ending| scope.utility.worth(ending.index(), type_node));
        (1.0 - q) * war + q * wider + terms.relief * security.g_hat.row(attack, node)[sub]
    }

    /// One node of an attacker's own comparison: V without what concerns a guarantee.
    fn carry_back(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>, carry: &Carry) {
        let Scope { setup, .. } = *scope;
        let actor = setup.attackers[carry.k];
        let type_node = setup.first_node[actor] + setup.attack_node(carry.profile, carry.k);
        for item in 0..items.n {
            let flow = items.bare[type_node * items.stride + item];
            let next = self.ahead[carry.k * self.width + item];
            let spot = Step { actor, type_node, node: carry.node, item, tail: carry.tail, flow, next };
            self.ahead[carry.k * self.width + item] = self.step_value(scope, security, items, &spot);
        }
    }

    /// V at one node from V at the next (or the closed tail).
    fn step_value(&self, scope: &Scope<'_>, security: &Security, items: &Items<'_>, step: &Step) -> f64 {
        let Scope { model, .. } = *scope;
        let kinds = model.attacks.len() + model.hazards.len();
        let slot = if step.tail { self.max_nodes } else { step.node };
        let mut struck = 0.0;
        let mut after = 0.0;
        for kind in 0..kinds {
            let h = self.strikes[(slot * kinds + kind) * self.width + step.item];
            if h == 0.0 {
                continue;
            }
            struck += h;
            after += h * self.worth_of_strike(scope, security, items, step, kind);
        }
        let renewal = model.attacks.first().is_none_or(|a| a.renewal);
        if !step.tail {
            let b = self.over_node[step.actor * self.max_nodes + step.node];
            (1.0 - b) * step.flow + b * ((1.0 - struck) * step.next + after)
        } else if renewal {
            let b = self.terms[step.actor].yearly;
            let rest = 1.0 - b * (1.0 - struck);
            if rest > 0.0 { ((1.0 - b) * step.flow + b * after) / rest } else { step.flow }
        } else {
            step.flow
        }
    }

    fn worth_of_strike(
        &self,
        scope: &Scope<'_>,
        security: &Security,
        items: &Items<'_>,
        step: &Step,
        kind: usize,
    ) -> f64 {
        let model = scope.model;
        match kind.checked_sub(model.attacks.len()) {
            Some(hazard) => scope.utility.worth(model.hazards[hazard].ending.index(), step.type_node),
            None => {
                let who = Who { attack: kind, node: step.node, item: step.item, type_node: step.type_node };
                if model.attacks[kind].by.index() == step.actor {
                    self.attack_value(scope, security, items, &who)
                } else {
                    self.suffered_value(scope, security, items, &who, step.actor)
                }
            }
        }
    }

    fn add_attack_probabilities(&mut self, scope: &Scope<'_>, items: &Items<'_>, weight: f64) {
        let model = scope.model;
        let kinds = model.attacks.len() + model.hazards.len();
        let Some(first) = model.attacks.first() else { return };
        for item in 0..items.n {
            let (mut attacked, mut peace, mut elapsed) = (0.0, 1.0, 0.0);
            let mut within_60m = 0.0;
            for node in 0..first.nodes.len() {
                let start = node * kinds * self.width + item;
                let attacks: f64 = (0..model.attacks.len()).map(|j| self.strikes[start + j * self.width]).sum();
                let all: f64 = (0..kinds).map(|j| self.strikes[start + j * self.width]).sum();
                let before = elapsed;
                elapsed += node_length(model, node);
                let add = peace * attacks;
                attacked += add;
                if elapsed <= 5.0 + 1e-9 {
                    within_60m += add;
                } else if before < 5.0 {
                    within_60m += add * (5.0 - before) / (elapsed - before);
                }
                peace *= 1.0 - all;
            }
            self.attack_prob[item] += weight * attacked;
            self.attack_prob_60m[item] += weight * within_60m;
        }
    }

    /// Adds this profile's share of P to every type node of an actor.
    fn add_values(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>, profile: usize, actor: usize) {
        let Scope { model, setup, .. } = *scope;
        let attacker = setup.attackers.iter().position(|&a| a == actor);
        for node in 0..setup.nodes[actor] {
            if scope.only.is_some_and(|(_, only)| only != node) {
                continue;
            }
            let weight = match attacker {
                Some(k) if setup.attack_node(profile, k) != node => continue,
                Some(k) => weight_of(scope, profile, Some(k)),
                None => weight_of(scope, profile, None),
            };
            if weight == 0.0 {
                continue;
            }
            let type_node = setup.first_node[actor] + node;
            let n_nodes = model.attacks.first().map_or(1, |a| a.nodes.len());
            for item in 0..items.n {
                let flow = items.value[type_node * items.stride + item];
                let mut step = Step { actor, type_node, node: n_nodes - 1, item, tail: true, flow, next: flow };
                let mut value = self.step_value(scope, security, items, &step);
                for at in (0..n_nodes).rev() {
                    step = Step { node: at, tail: false, next: value, ..step };
                    value = self.step_value(scope, security, items, &step);
                }
                self.value[type_node * self.width + item] += weight * value;
            }
        }
    }
}

/// Length of a node in years; one year when the model declares no attack.
fn node_length(model: &Model, node: usize) -> f64 {
    model.attacks.first().map_or(1.0, |a| a.lengths[node])
}

/// Yearly discount factor to the power of a whole number of years, or of a fraction.
fn years(yearly: f64, length: f64) -> f64 {
    if length == 1.0 { yearly } else { crate::num::pow(yearly, length) }
}

/// Weight of an attack profile in public beliefs; for an attacker itself, given its own type.
fn weight_of(scope: &Scope<'_>, profile: usize, own: Option<usize>) -> f64 {
    let setup = scope.setup;
    let mut weight = 1.0;
    for (k, &actor) in setup.attackers.iter().enumerate() {
        let node = setup.attack_node(profile, k);
        if let Some(known) = scope.known {
            weight *= f64::from(u8::from(known[actor] == node));
        } else if own != Some(k) {
            weight *= scope.beliefs[setup.first_node[actor] + node];
        }
    }
    weight
}

struct Spot {
    profile: usize,
    attack: usize,
    node: usize,
    item: usize,
    tail: bool,
}

struct Who {
    attack: usize,
    node: usize,
    item: usize,
    type_node: usize,
}

struct Carry {
    profile: usize,
    k: usize,
    node: usize,
    tail: bool,
}

struct Step {
    actor: usize,
    type_node: usize,
    node: usize,
    item: usize,
    tail: bool,
    flow: f64,
    next: f64,
}
