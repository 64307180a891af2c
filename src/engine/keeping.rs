//! Will it be kept? The value of a settled register (`core.md` 5), by backward recursion over the nodes of its attacks.
//!
//! Columns run over items (packages, or the options of a lever review). Backwards, attackers compare what they meet now
//! with what waiting is worth to them, and that yields the chances by which registers are struck; forwards these chances
//! say what a register is worth to everybody else ([`super::worth`]).

mod strikes;

use super::aftermath::ending_of;
use super::lanes::{Lanes, Tools};
use super::security::Security;
use super::setup::Setup;
use super::utility::Utility;
use super::worth::{LOTTERY, Met, Patience, Shape, Stake, Strikes, Worth};
use crate::model::Model;

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
    /// What an act of pressure gains while it lasts.
    pub(super) gain: f64,
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
    /// What an act of pressure costs each actor while it lasts, `[attack * actors + actor]`.
    pub(super) harm: Vec<f64>,
    /// Provocation by attack and item, `[attack * width + item]`.
    provocation: Vec<f64>,
    /// Chance that an attack loses its maker the revocable options, same shape.
    snapback: Vec<f64>,
    /// P by type node and item, `[node * width + item]`.
    value: Vec<f64>,
    /// Probability of an attack within all nodes, and within five years, by item.
    pub(super) attack_prob: Vec<f64>,
    /// Within 60 months.
    pub(super) attack_prob_60m: Vec<f64>,
    /// What attacks would meet.
    met: Met,
    /// Chances over all items.
    worth: Worth,
    /// Competing probabilities in a slot (a node, or last the tail):
    /// `[((profile * slots + slot) * kinds + kind) * width + item]`.
    strikes: Vec<f64>,
    /// Probability that anything strikes, `[(profile * slots + slot) * width + item]`.
    struck: Vec<f64>,
    /// What each attack is worth to its attacker, `[((profile * nodes + node) * attacks + attack) * width + item]`.
    attacked: Vec<f64>,
    /// What an act of pressure is worth to its maker while it lasts, and its rate per year:
    /// `[(attack * nodes + node) * width + item]`.
    gains: Vec<f64>,
    pressure: Vec<f64>,
    /// Whether a profile has been valued.
    active: Vec<bool>,
    /// Attacks that leave the register standing.
    continues: Vec<bool>,
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
    /// What an attack leaves its maker of every item, weighted, `[attack * width + item]`: while the war lasts, and if
    /// it ends undecided.
    during: Vec<f64>,
    undecided: Vec<f64>,
    /// What attacks and hazards are worth to the actor being valued.
    stakes: Vec<Stake>,
    stakes_of_hazards: Vec<f64>,
    width: usize,
    n_nodes: usize,
    n_attacks: usize,
    /// Nodes of every attack.
    nodes: usize,
}

/// A copy of P and of the chances of an attack, in a model with coalitions.
#[derive(Clone, Debug)]
pub(super) struct Unpriced {
    value: Vec<f64>,
    attack: [Vec<f64>; 2],
    n: usize,
}

impl Unpriced {
    pub(super) fn new(model: &Model, setup: &Setup) -> Self {
        let n = if model.coalitions.is_empty() { 0 } else { setup.n_settled };
        Self { value: vec![0.0; setup.n_nodes * n], attack: [vec![0.0; n], vec![0.0; n]], n }
    }
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
    /// Attackers' types known to be these (the aftermath), or believed.
    pub(super) known: Option<&'a [usize]>,
}

impl Keeping {
    pub(super) fn new(model: &Model, setup: &Setup, width: usize) -> Self {
        let nodes = model.attacks.first().map_or(1, |a| a.nodes.len());
        let n_attacks = model.attacks.len();
        let hazards: Vec<usize> = (0..model.hazards.len()).filter(|&h| model.hazards[h].when_settled).collect();
        let kinds = n_attacks + hazards.len();
        let profiles = setup.n_attack_profiles;
        let renewal = model.attacks.first().is_none_or(|a| a.renewal);
        let pressed = if model.attacks.iter().any(|attack| attack.pressure.is_some()) { n_attacks } else { 0 };
        let worth = Worth::new(Shape { nodes, attacks: n_attacks, kinds, profiles, renewal }, width);
        Self {
            terms: vec![Terms::default(); model.actors.len()],
            over_node: vec![1.0; model.actors.len() * nodes],
            war_weight: vec![0.0; n_attacks * model.actors.len()],
            war_cost: vec![0.0; setup.n_nodes],
            attack_cost: vec![0.0; n_attacks * setup.n_nodes],
            attack_terms: vec![AttackTerms::default(); n_attacks],
            harm: vec![0.0; n_attacks * model.actors.len()],
            provocation: vec![0.0; n_attacks * width],
            snapback: vec![1.0; n_attacks * width],
            continues: model.attacks.iter().map(|attack| attack.pressure.is_some()).collect(),
            value: vec![0.0; setup.n_nodes * width],
            attack_prob: vec![0.0; width],
            attack_prob_60m: vec![0.0; width],
            met: Met::new(n_attacks, nodes, width),
            worth,
            strikes: vec![0.0; profiles * (nodes + 1) * kinds * width],
            struck: vec![0.0; profiles * (nodes + 1) * width],
            attacked: vec![0.0; profiles * nodes * n_attacks * width],
            gains: vec![0.0; pressed * nodes * width],
            pressure: vec![0.0; pressed * nodes * width],
            active: vec![false; profiles],
            hazards,
            rates: vec![0.0; kinds * width],
            first_rates: vec![0.0; n_attacks + model.hazards.len()],
            ahead: vec![0.0; setup.attackers.len().max(1) * width],
            column: vec![0.0; width],
            during: vec![0.0; n_attacks * width],
            undecided: vec![0.0; n_attacks * width],
            stakes: vec![[0.0; LOTTERY]; n_attacks],
            stakes_of_hazards: vec![0.0; kinds - n_attacks],
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

    /// Takes over the numbers that do not depend on the register.
    pub(super) fn take_terms(&mut self, other: &Self) {
        self.terms.copy_from_slice(&other.terms);
        self.over_node.copy_from_slice(&other.over_node);
        self.war_weight.copy_from_slice(&other.war_weight);
        self.war_cost.copy_from_slice(&other.war_cost);
        self.attack_cost.copy_from_slice(&other.attack_cost);
        self.attack_terms.copy_from_slice(&other.attack_terms);
        self.harm.copy_from_slice(&other.harm);
    }

    /// Reads what of every attack depends on the register, for the first `n` items in `lanes`.
    pub(super) fn read_attacks(&mut self, model: &Model, lanes: &Lanes, tools: &mut Tools<'_>, n: usize) {
        for (index, attack) in model.attacks.iter().enumerate() {
            let span = index * self.width..index * self.width + n;
            tools.many(&attack.provocation, lanes, n, &mut self.provocation[span.clone()]);
            let snapback = &mut self.snapback[span];
            tools.many(&attack.vote, lanes, n, snapback);
            tools.many(&attack.detection, lanes, n, &mut self.column);
            for (chance, &detection) in snapback.iter_mut().zip(&self.column) {
                *chance = chance.clamp(0.0, 1.0) * detection.clamp(0.0, 1.0);
            }
        }
    }

    /// Counts in the chance that an attack on an item loses its maker the revocable options that a body so votes.
    pub(super) fn cast(&mut self, attack: usize, item: usize, chance: f64) {
        self.snapback[attack * self.width + item] *= chance;
    }

    /// Copies what settlements are worth.
    pub(super) fn put_by(&self, copy: &mut Unpriced) {
        let n = copy.n;
        for (out, row) in copy.value.chunks_exact_mut(n.max(1)).zip(self.value.chunks_exact(self.width)) {
            out.copy_from_slice(&row[..n]);
        }
        let [all, within] = &mut copy.attack;
        all.copy_from_slice(&self.attack_prob[..n]);
        within.copy_from_slice(&self.attack_prob_60m[..n]);
    }

    /// Takes the copy back.
    pub(super) fn take_back(&mut self, copy: &Unpriced) {
        let n = copy.n;
        for (row, kept) in self.value.chunks_exact_mut(self.width).zip(copy.value.chunks_exact(n.max(1))) {
            row[..n].copy_from_slice(kept);
        }
        let [all, within] = &copy.attack;
        self.attack_prob[..n].copy_from_slice(all);
        self.attack_prob_60m[..n].copy_from_slice(within);
    }

    /// Chance that an attack on the first item loses its maker the revocable options.
    pub(super) fn snapback(&self, attack: usize) -> f64 {
        self.snapback[attack * self.width]
    }

    /// P of every item to a type node.
    pub(super) fn value(&self, node: usize) -> &[f64] {
        &self.value[node * self.width..(node + 1) * self.width]
    }

    /// Sets the value of an item that is no settlement.
    pub(super) fn set_value(&mut self, node: usize, item: usize, value: f64) {
        self.value[node * self.width + item] = value;
    }

    /// The same, to be replaced by what the actor makes of it.
    pub(super) fn value_mut(&mut self, node: usize) -> &mut [f64] {
        &mut self.value[node * self.width..(node + 1) * self.width]
    }

    /// Finds the chances by which every item is struck, and with them the attack probabilities. Reads no `items.value`.
    pub(super) fn strike(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>) {
        let setup = scope.setup;
        self.met.spread(security, self.n_attacks, &items.security_of[..items.n]);
        self.rate_pressure(items.n);
        self.worth.clear(items.n);
        for profile in 0..setup.n_attack_profiles {
            let public = weight_of(scope, profile, None);
            // An attacker knows its own type, whatever is thought of it.
            let possible = |k: usize| weight_of(scope, profile, Some(k)) > 0.0;
            self.active[profile] = public > 0.0 || (0..setup.attackers.len()).any(possible);
            if !self.active[profile] {
                continue;
            }
            self.strike_probabilities(scope, items, profile);
            if public > 0.0 {
                let (kinds, slots) = (self.kinds(), (self.nodes + 1) * self.width);
                let of = &self.strikes[profile * slots * kinds..(profile + 1) * slots * kinds];
                let any = &self.struck[profile * slots..(profile + 1) * slots];
                self.worth.add(profile, public, Strikes { of, any });
            }
        }
        self.worth.lay_out(&self.met);
        self.sum_attack_probabilities(scope, items);
    }

    /// P of all items to the marked actors, by the chances last found.
    pub(super) fn value_all(&mut self, scope: &Scope<'_>, items: &Items<'_>, actors: &[bool]) {
        for (actor, _) in actors.iter().enumerate().filter(|(_, marked)| **marked) {
            for node in 0..scope.setup.nodes[actor] {
                self.value_one(scope, items, (actor, node));
            }
        }
    }

    /// The same to one type node of an actor.
    pub(super) fn value_one(&mut self, scope: &Scope<'_>, items: &Items<'_>, (actor, node): (usize, usize)) {
        if scope.setup.attackers.contains(&actor) {
            self.value_attacker(scope, items, actor, node);
        } else {
            self.value_bystander(scope, items, (actor, node));
        }
    }

    /// Values only the rates at which the first item is struck now; `scope.known` names the attackers' types.
    pub(super) fn revalue_rates(&mut self, scope: &Scope<'_>, security: &Security, items: &Items<'_>) {
        let truth = (0..scope.setup.n_attack_profiles).find(|&profile| weight_of(scope, profile, None) > 0.0);
        self.met.spread(security, self.n_attacks, &items.security_of[..items.n]);
        self.rate_pressure(items.n);
        self.strike_probabilities(scope, items, truth.unwrap_or(0));
    }

    /// Chance a year of an attack on an item at a node, given peace until its beginning, over the attackers' types; of
    /// pressure the expected acts a year.
    pub(super) fn yearly_chance(&self, model: &Model, attack: usize, node: usize, item: usize) -> f64 {
        let (alive, hit) = (self.worth.alive(node)[item], self.worth.hit(node, attack)[item]);
        let chance = if alive > 0.0 { hit / alive } else { 0.0 };
        if self.continues[attack] {
            return chance / node_length(model, node);
        }
        1.0 - crate::num::pow((1.0 - chance).max(0.0), 1.0 / node_length(model, node))
    }

    /// Share of its status quo that an actor keeps after an undecided war.
    pub(super) fn kept(&self, actor: usize) -> f64 {
        self.terms[actor].kept
    }

    /// What an answered attack gives back to an actor.
    pub(super) fn relief(&self, actor: usize) -> f64 {
        self.terms[actor].relief
    }

    fn kinds(&self) -> usize {
        self.n_attacks + self.hazards.len()
    }

    /// First place in a column of one profile and slot.
    fn at(&self, profile: usize, slot: usize) -> usize {
        (profile * (self.nodes + 1) + slot) * self.width
    }

    /// First place in the column of what an attack is worth to its maker.
    fn attacked_at(&self, profile: usize, node: usize, attack: usize) -> usize {
        ((profile * self.nodes + node) * self.n_attacks + attack) * self.width
    }

    /// What an attack is worth to somebody who does not make it, as factors of the columns of its lottery.
    fn stake(&self, scope: &Scope<'_>, actor: usize, type_node: usize, attack: usize) -> Stake {
        let declared = &scope.model.attacks[attack];
        if self.continues[attack] {
            let harm = self.act(scope, attack, actor, self.harm[attack * scope.model.actors.len() + actor]);
            return [-harm, 0.0, 0.0, -harm, 0.0];
        }
        let worth = |ending: crate::id::EndingId| scope.utility.worth(ending.index(), type_node);
        let anchor = scope.utility.anchor(type_node);
        let w = self.war_weight[attack * scope.model.actors.len() + actor];
        let Terms { kept, relief, .. } = self.terms[actor];
        let undecided = kept * anchor;
        [
            w * (anchor - self.war_cost[type_node]) + (1.0 - w) * undecided,
            (1.0 - w) * (worth(declared.victory) - undecided),
            (1.0 - w) * (worth(declared.defeat) - undecided),
            declared.escalation.map_or(0.0, worth),
            relief,
        ]
    }

    /// What a flow that lasts as long as an act of pressure is worth to an actor.
    fn act(&self, scope: &Scope<'_>, attack: usize, actor: usize, flow: f64) -> f64 {
        self.war_weight[attack * scope.model.actors.len() + actor] * flow
    }

    /// Chance of an attack within all nodes, and within five years.
    fn sum_attack_probabilities(&mut self, scope: &Scope<'_>, items: &Items<'_>) {
        let (all, within) = (&mut self.attack_prob[..items.n], &mut self.attack_prob_60m[..items.n]);
        all.fill(0.0);
        within.fill(0.0);
        let mut elapsed = 0.0;
        for node in 0..self.nodes {
            let length = node_length(scope.model, node);
            let share = ((5.0 - elapsed) / length).clamp(0.0, 1.0);
            elapsed += length;
            for attack in (0..self.n_attacks).filter(|&attack| !self.continues[attack]) {
                for ((all, within), &hit) in all.iter_mut().zip(within.iter_mut()).zip(self.worth.hit(node, attack)) {
                    *all += hit;
                    *within += share * hit;
                }
            }
        }
    }

    /// P of all items to an attacker's type, which knows itself.
    fn value_attacker(&mut self, scope: &Scope<'_>, items: &Items<'_>, actor: usize, node: usize) {
        let setup = scope.setup;
        let type_node = setup.first_node[actor] + node;
        let k = setup.attackers.iter().position(|&a| a == actor).expect("only attackers are valued here");
        let flow = &items.value[type_node * items.stride..type_node * items.stride + items.n];
        let span = type_node * self.width..type_node * self.width + items.n;
        self.value[span.clone()].fill(0.0);
        for profile in (0..setup.n_attack_profiles).filter(|&profile| setup.attack_node(profile, k) == node) {
            let weight = weight_of(scope, profile, Some(k));
            if weight == 0.0 || !self.active[profile] {
                continue;
            }
            let mut column = std::mem::take(&mut self.column);
            let last = Spot { profile, slot: self.nodes, node: self.nodes - 1 };
            self.step_back(scope, flow, &Who { actor, type_node, spot: last }, &mut column);
            for at in (0..self.nodes).rev() {
                let spot = Spot { profile, slot: at, node: at };
                self.step_back(scope, flow, &Who { actor, type_node, spot }, &mut column);
            }
            self.column = column;
            for (sum, &value) in self.value[span.clone()].iter_mut().zip(&self.column) {
                *sum += weight * value;
            }
        }
    }

    /// P of all items to a type of an actor that does not attack.
    fn value_bystander(&mut self, scope: &Scope<'_>, items: &Items<'_>, (actor, node): (usize, usize)) {
        let type_node = scope.setup.first_node[actor] + node;
        for attack in 0..self.n_attacks {
            self.stakes[attack] = self.stake(scope, actor, type_node, attack);
        }
        for (index, worth) in self.stakes_of_hazards.iter_mut().enumerate() {
            *worth = scope.utility.worth(ending_of(scope.model, self.hazards[index]), type_node);
        }
        let stakes = (&self.stakes[..], &self.stakes_of_hazards[..]);
        let yearly = self.terms[actor].yearly;
        let patience = Patience { yearly, over_node: &self.over_node[actor * self.nodes..(actor + 1) * self.nodes] };
        let flow = &items.value[type_node * items.stride..type_node * items.stride + items.n];
        let out = &mut self.value[type_node * self.width..type_node * self.width + items.n];
        self.worth.weigh(patience);
        self.worth.value(flow.iter().copied(), stakes, out);
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

/// A place in the recursion of one attack profile.
#[derive(Clone, Copy)]
struct Spot {
    profile: usize,
    slot: usize,
    node: usize,
}

struct Who {
    actor: usize,
    type_node: usize,
    spot: Spot,
}
