//! Will it be kept? The value of a settled register (`core.md` 5), by backward recursion over the nodes of its attacks.
//!
//! Columns run over items (packages, or the options of a lever review). What a victim expects of an attack depends on the
//! register only through its security sub-package, so it is tabulated there once and gathered.

use super::aftermath::ending_of;
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
    /// Competing probabilities in a slot (a node, or last the tail): `[(slot * kinds + kind) * width + item]`.
    strikes: Vec<f64>,
    /// Probability that anything strikes, `[slot * width + item]`.
    struck: Vec<f64>,
    /// What each attack is worth to its attacker, `[(slot * attacks + attack) * width + item]`.
    attacked: Vec<f64>,
    /// What each attack is worth to somebody else, by type node and security sub-package:
    /// `[((type_node * attacks + attack) * max_nodes + node) * width + sub]`.
    suffered: Vec<f64>,
    /// Kinds that can strike a settled register: attacks, then settled hazards by index into the model's hazards.
    hazards: Vec<usize>,
    /// Rates per year of every kind, `[kind * width + item]`, scratch.
    rates: Vec<f64>,
    /// Yearly rates of attacks, then of all hazards, at the first node of the first item, as last valued.
    pub(super) first_rates: Vec<f64>,
    /// V of each attacker's comparison at the next node.
    ahead: Vec<f64>,
    /// V of the actor being valued.
    column: Vec<f64>,
    width: usize,
    n_nodes: usize,
    n_attacks: usize,
    /// Nodes of every attack.
    nodes: usize,
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
    /// Only this actor and type node, or everybody whose P somebody reads.
    pub(super) only: Option<(usize, usize)>,
    /// Attackers' types known to be these (the aftermath), or believed.
    pub(super) known: Option<&'a [usize]>,
}

impl Keeping {
    pub(super) fn new(model: &Model, setup: &Setup, width: usize) -> Self {
        let nodes = model.attacks.first().map_or(1, |a| a.nodes.len());
        let n_attacks = model.attacks.len();
        let hazards: Vec<usize> = (0..model.hazards.len()).filter(|&h| model.hazards[h].when_settled).collect();
        let kinds = n_attacks + hazards.len();
        Self {
            terms: vec![Terms::default(); model.actors.len()],
            over_node: vec![1.0; model.actors.len() * nodes],
            war_weight: vec![0.0; n_attacks * model.actors.len()],
            war_cost: vec![0.0; setup.n_nodes],
            attack_cost: vec![0.0; n_attacks * setup.n_nodes],
            attack_terms: vec![AttackTerms::default(); n_attacks],
            provocation: vec![0.0; n_attacks * width],
            value: vec![0.0; setup.n_nodes * width],
            attack_prob: vec![0.0; width],
            attack_prob_60m: vec![0.0; width],
            strikes: vec![0.0; (nodes + 1) * kinds * width],
            struck: vec![0.0; (nodes + 1) * width],
            attacked: vec![0.0; (nodes + 1) * n_attacks * width],
            suffered: vec![0.0; setup.n_nodes * n_attacks * nodes * width],
            hazards,
            rates: vec![0.0; kinds * width],
            first_rates: vec![0.0; n_attacks + model.hazards.len()],
            ahead: vec![0.0; setup.attackers.len().max(1) * width],
            column: vec![0.0; width],
            width,
            n_nodes: setup.n_nodes,
            n_attacks,
            nodes,
        }
    }

    /// Sets an actor's numbers for the replication.
    pub(super) fn set_terms(&mut self, model: &Model, actor: usize, terms: Terms) {
        self.terms[actor] = terms;
        for node in 0..self.nodes {
            self.over_node[actor * self.nodes + node] = years(terms.yearly, node_length(model, node));
        }
    }

    /// P of every item to a type node.
    pub(super) fn value(&self, node: usize) -> &[f64] {
        &self.value[node * self.width..(node + 1) * self.width]
    }

    /// The same, to be replaced by what the actor makes of it.
    pub(super) fn value_mut(&mut self, node: usize) -> &mut [f64] {
        &mut self.value[node * self.width..(node + 1) * self.width]
    }

    /// Sets the value of an item that is no settlement.
    pub(super) fn set_value(&mut self, node: usize, item: usize, value: f64) {
        self.value[node * self.width + item] = value;
    }

    /// Values all items; results are read with [`Self::value`] and from the attack probabilities.
    pub(super) fn revalue(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>) {
        let setup = scope.setup;
        for node in 0..self.n_nodes {
            self.value[node * self.width..node * self.width + items.n].fill(0.0);
        }
        self.attack_prob[..items.n].fill(0.0);
        self.attack_prob_60m[..items.n].fill(0.0);
        self.tabulate_suffering(scope, security, items);
        for profile in 0..setup.n_attack_profiles {
            let public = weight_of(scope, profile, None);
            let asked = |k: usize| weight_of(scope, profile, Some(k)) > 0.0 && asks(scope, profile, k);
            if public <= 0.0 && !(0..setup.attackers.len()).any(asked) {
                continue;
            }
            self.strike_probabilities(scope, security, items, profile);
            if public > 0.0 {
                self.add_attack_probabilities(scope, items, public);
            }
            for actor in 0..scope.model.actors.len() {
                self.add_values(scope, items, profile, actor);
            }
        }
    }

    /// Values only the rates at which the first item is struck now; `scope.known` names the attackers' types.
    pub(super) fn revalue_rates(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>) {
        let truth = (0..scope.setup.n_attack_profiles).find(|&profile| weight_of(scope, profile, None) > 0.0);
        if scope.setup.attackers.len() > 1 {
            self.tabulate_suffering(scope, security, items);
        }
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

    /// What every attack is worth to those who do not make it, by security sub-package.
    fn tabulate_suffering(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>) {
        let Scope { model, setup, .. } = *scope;
        let subs = items.security_of[..items.n].iter().max().map_or(0, |&sub| sub as usize + 1);
        for actor in 0..model.actors.len() {
            for node in 0..setup.nodes[actor] {
                if !valued(scope, actor, node) && !setup.attackers.contains(&actor) {
                    continue;
                }
                for (attack, declared) in model.attacks.iter().enumerate() {
                    if declared.by.index() != actor {
                        self.tabulate_attack(scope, security, &Whom { actor, node, attack }, subs);
                    }
                }
            }
        }
    }

    fn tabulate_attack(&mut self, scope: &Scope<'_>, security: &Security, whom: &Whom, subs: usize) {
        let Whom { actor, node, attack } = *whom;
        let declared = &scope.model.attacks[attack];
        let type_node = scope.setup.first_node[actor] + node;
        let anchor = scope.utility.anchor(type_node);
        let victory = scope.utility.worth(declared.victory.index(), type_node);
        let defeat = scope.utility.worth(declared.defeat.index(), type_node);
        let wider = declared.escalation.map_or(0.0, |ending| scope.utility.worth(ending.index(), type_node));
        let w = self.war_weight[attack * scope.model.actors.len() + actor];
        let Terms { kept, relief, .. } = self.terms[actor];
        let during = w * (anchor - self.war_cost[type_node]);
        for at in 0..self.nodes {
            let first = ((type_node * self.n_attacks + attack) * self.nodes + at) * self.width;
            let out = &mut self.suffered[first..first + subs];
            let wins = &security.victory.row(attack, at)[..subs];
            let beaten = &security.defeat.row(attack, at)[..subs];
            let q = &security.escalation.row(attack, at)[..subs];
            let g = &security.g_hat.row(attack, at)[..subs];
            for sub in 0..subs {
                let lottery =
                    wins[sub] * victory + beaten[sub] * defeat + (1.0 - wins[sub] - beaten[sub]) * kept * anchor;
                let war = during + (1.0 - w) * lottery;
                out[sub] = (1.0 - q[sub]) * war + q[sub] * wider + relief * g[sub];
            }
        }
    }

    /// Backward over nodes: what the attackers of this profile do, and with it every hazard's share.
    fn strike_probabilities(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>, profile: usize) {
        for (slot, node) in std::iter::once((self.nodes, self.nodes - 1)).chain((0..self.nodes).rev().map(|n| (n, n))) {
            let spot = Spot { profile, slot, node };
            for attack in 0..self.n_attacks {
                self.rate_attack(scope, security, items, attack, &spot);
            }
            for (index, &hazard) in self.hazards.iter().enumerate() {
                let first = (self.n_attacks + index) * self.width;
                let declared = &items.rates[hazard * items.stride..hazard * items.stride + items.n];
                self.rates[first..first + items.n].copy_from_slice(declared);
            }
            if slot == 0 {
                self.keep_first_rates();
            }
            self.compete(scope, items, &spot);
            for k in 0..scope.setup.attackers.len() {
                self.carry_back(scope, items, k, &spot);
            }
        }
    }

    fn keep_first_rates(&mut self) {
        self.first_rates.fill(0.0);
        for kind in 0..self.n_attacks {
            self.first_rates[kind] = self.rates[kind * self.width];
        }
        for (index, &hazard) in self.hazards.iter().enumerate() {
            self.first_rates[self.n_attacks + hazard] = self.rates[(self.n_attacks + index) * self.width];
        }
    }

    /// Rate per year of one attack at one node, o L(lambda (e - W)), and what attacking is worth.
    fn rate_attack(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>, attack: usize, spot: &Spot) {
        let Spot { profile, slot, node } = *spot;
        let Scope { model, setup, utility, .. } = *scope;
        let declared = &model.attacks[attack];
        let k = setup.attacker_of[attack];
        let actor = setup.attackers[k];
        let type_node = setup.first_node[actor] + setup.attack_node(profile, k);
        let terms = self.attack_terms[attack];
        let w = self.war_weight[attack * model.actors.len() + actor];
        let cost = self.attack_cost[attack * self.n_nodes + type_node];
        let victory = utility.worth(declared.victory.index(), type_node);
        let defeat = utility.worth(declared.defeat.index(), type_node);
        let wider = declared.escalation.map_or(0.0, |ending| utility.worth(ending.index(), type_node));
        let floor = utility.anchor(type_node) - terms.repulse_loss;
        let tail = slot == self.nodes;
        let b = if tail || !declared.waiting { 0.0 } else { self.over_node[actor * self.nodes + node] };
        let n = items.n;
        let span = type_node * items.stride..type_node * items.stride + n;
        let (bare, irrevocable) = (&items.bare[span.clone()], &items.irrevocable[span]);
        let (wins, beaten) = (security.victory.row(attack, node), security.defeat.row(attack, node));
        let (q, punishment) = (security.escalation.row(attack, node), security.punishment.row(attack, node));
        let first = (slot * self.n_attacks + attack) * self.width;
        let worth = &mut self.attacked[first..first + n];
        let rates = &mut self.rates[attack * self.width..attack * self.width + n];
        let provocation = &self.provocation[attack * self.width..attack * self.width + n];
        let ahead = &self.ahead[k * self.width..k * self.width + n];
        for item in 0..n {
            let sub = items.security_of[item] as usize;
            let undecided = floor.max(irrevocable[item]);
            let lottery = wins[sub] * victory + beaten[sub] * defeat + (1.0 - wins[sub] - beaten[sub]) * undecided;
            let war = w * (irrevocable[item] - cost) + (1.0 - w) * lottery;
            let e = (1.0 - q[sub]) * war + q[sub] * wider - punishment[sub] - terms.audience_cost + provocation[item];
            let waiting = (1.0 - b) * bare[item] + b * ahead[item];
            worth[item] = e;
            rates[item] = terms.precision * (e - waiting);
        }
        for rate in rates {
            *rate = terms.rate * logistic(*rate);
        }
    }

    /// Competing probabilities of a slot from the rates.
    fn compete(&mut self, scope: &Scope<'_>, items: &Items<'_>, spot: &Spot) {
        let kinds = self.n_attacks + self.hazards.len();
        let n = items.n;
        let length = if spot.slot == self.nodes { 1.0 } else { node_length(scope.model, spot.node) };
        let draw_form = scope.model.attacks.first().is_some_and(|a| a.draw_form);
        let struck = &mut self.struck[spot.slot * self.width..spot.slot * self.width + n];
        struck.fill(0.0);
        for kind in 0..kinds {
            for (sum, &rate) in struck.iter_mut().zip(&self.rates[kind * self.width..kind * self.width + n]) {
                *sum += rate;
            }
        }
        for (item, total) in struck.iter_mut().enumerate() {
            let sum = *total;
            let any = if draw_form { sum.min(1.0) } else { 1.0 - exp(-length * sum) };
            let scale = if sum > 0.0 { any / sum } else { 0.0 };
            for kind in 0..kinds {
                self.strikes[(spot.slot * kinds + kind) * self.width + item] =
                    self.rates[kind * self.width + item] * scale;
            }
            *total = any;
        }
    }

    /// One node of an attacker's own comparison: V without what concerns a guarantee.
    fn carry_back(&mut self, scope: &Scope<'_>, items: &Items<'_>, k: usize, spot: &Spot) {
        let actor = scope.setup.attackers[k];
        let type_node = scope.setup.first_node[actor] + scope.setup.attack_node(spot.profile, k);
        let span = k * self.width..k * self.width + items.n;
        self.column[..items.n].copy_from_slice(&self.ahead[span.clone()]);
        let flow = &items.bare[type_node * items.stride..type_node * items.stride + items.n];
        self.step_back(scope, items, flow, &Who { actor, type_node, slot: spot.slot, node: spot.node });
        self.ahead[span].copy_from_slice(&self.column[..items.n]);
    }

    /// V at one slot from V at the next, in `column`; the tail closes the recursion.
    fn step_back(&mut self, scope: &Scope<'_>, items: &Items<'_>, flow: &[f64], who: &Who) {
        let Who { actor, type_node, slot, node } = *who;
        let model = scope.model;
        let kinds = self.n_attacks + self.hazards.len();
        let (n, width) = (items.n, self.width);
        let tail = slot == self.nodes;
        let renewal = model.attacks.first().is_none_or(|a| a.renewal);
        let b = if tail { self.terms[actor].yearly } else { self.over_node[actor * self.nodes + node] };
        let struck = &self.struck[slot * width..slot * width + n];
        let column = &mut self.column[..n];
        if tail && !renewal {
            column.copy_from_slice(flow);
            return;
        }
        for item in 0..n {
            let next = if tail { 0.0 } else { (1.0 - struck[item]) * column[item] };
            column[item] = (1.0 - b) * flow[item] + b * next;
        }
        for kind in 0..kinds {
            let first = (slot * kinds + kind) * width;
            let h = &self.strikes[first..first + n];
            if kind >= self.n_attacks {
                let worth = scope.utility.worth(ending_of(model, self.hazards[kind - self.n_attacks]), type_node);
                for item in 0..n {
                    column[item] += b * h[item] * worth;
                }
            } else if model.attacks[kind].by.index() == actor {
                let first = (slot * self.n_attacks + kind) * width;
                let worth = &self.attacked[first..first + n];
                for item in 0..n {
                    column[item] += b * h[item] * worth[item];
                }
            } else {
                let first = ((type_node * self.n_attacks + kind) * self.nodes + node) * width;
                let worth = &self.suffered[first..first + width];
                for item in 0..n {
                    column[item] += b * h[item] * worth[items.security_of[item] as usize];
                }
            }
        }
        if tail {
            for item in 0..n {
                let rest = 1.0 - b * (1.0 - struck[item]);
                column[item] = if rest > 0.0 { column[item] / rest } else { flow[item] };
            }
        }
    }

    fn add_attack_probabilities(&mut self, scope: &Scope<'_>, items: &Items<'_>, weight: f64) {
        let model = scope.model;
        let kinds = self.n_attacks + self.hazards.len();
        if model.attacks.is_empty() {
            return;
        }
        for item in 0..items.n {
            let (mut attacked, mut peace, mut elapsed) = (0.0, 1.0, 0.0);
            let mut within_60m = 0.0;
            for node in 0..self.nodes {
                let start = node * kinds * self.width + item;
                let attacks: f64 = (0..self.n_attacks).map(|j| self.strikes[start + j * self.width]).sum();
                let before = elapsed;
                elapsed += node_length(model, node);
                let add = peace * attacks;
                attacked += add;
                if elapsed <= 5.0 + 1e-9 {
                    within_60m += add;
                } else if before < 5.0 {
                    within_60m += add * (5.0 - before) / (elapsed - before);
                }
                peace *= 1.0 - self.struck[node * self.width + item];
            }
            self.attack_prob[item] += weight * attacked;
            self.attack_prob_60m[item] += weight * within_60m;
        }
    }

    /// Adds this profile's share of P to every type node of an actor that is asked for.
    fn add_values(&mut self, scope: &Scope<'_>, items: &Items<'_>, profile: usize, actor: usize) {
        let setup = scope.setup;
        let attacker = setup.attackers.iter().position(|&a| a == actor);
        for node in 0..setup.nodes[actor] {
            if !valued(scope, actor, node) {
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
            let flow = &items.value[type_node * items.stride..type_node * items.stride + items.n];
            let last = self.nodes - 1;
            self.step_back(scope, items, flow, &Who { actor, type_node, slot: self.nodes, node: last });
            for at in (0..self.nodes).rev() {
                self.step_back(scope, items, flow, &Who { actor, type_node, slot: at, node: at });
            }
            let out = &mut self.value[type_node * self.width..type_node * self.width + items.n];
            for (sum, &value) in out.iter_mut().zip(&self.column) {
                *sum += weight * value;
            }
        }
    }
}

/// Whether P is wanted for a type node of an actor.
fn valued(scope: &Scope<'_>, actor: usize, node: usize) -> bool {
    match scope.only {
        Some(only) => only == (actor, node),
        None => scope.setup.valued[actor],
    }
}

/// Whether the attacker's own node of this profile is asked for.
fn asks(scope: &Scope<'_>, profile: usize, k: usize) -> bool {
    valued(scope, scope.setup.attackers[k], scope.setup.attack_node(profile, k))
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

/// A place in the recursion of one attack profile.
struct Spot {
    profile: usize,
    slot: usize,
    node: usize,
}

struct Who {
    actor: usize,
    type_node: usize,
    slot: usize,
    node: usize,
}

struct Whom {
    actor: usize,
    node: usize,
    attack: usize,
}
