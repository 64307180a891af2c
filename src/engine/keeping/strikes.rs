//! Backwards over nodes: when attackers strike, and what competes with them.

use super::super::aftermath::ending_of;
use super::super::worth::LOTTERY;
use super::{Items, Keeping, Scope, Spot, Who, node_length};
use crate::num::{chance_all, ln, logistic_all};

impl Keeping {
    /// Backward over nodes: what the attackers of this profile do, and with it every hazard's share.
    pub(super) fn strike_probabilities(&mut self, scope: &Scope<'_>, items: &Items<'_>, profile: usize) {
        for attack in (0..self.n_attacks).filter(|&attack| scope.model.attacks[attack].pressure.is_none()) {
            self.leave(scope, items, attack, profile);
        }
        for (slot, node) in std::iter::once((self.nodes, self.nodes - 1)).chain((0..self.nodes).rev().map(|n| (n, n))) {
            let spot = Spot { profile, slot, node };
            for attack in 0..self.n_attacks {
                if self.continues[attack] {
                    self.take_pressure(items.n, attack, node);
                } else {
                    self.rate_attack(scope, items, attack, &spot);
                }
                self.fit_in(scope, items.n, attack, &spot);
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
            // Nobody compares what it does in the first year with a year before it.
            for k in (0..scope.setup.attackers.len()).filter(|_| slot > 0) {
                self.carry_back(scope, items, k, &spot);
            }
        }
    }

    /// Rates of an attack whose form or nodes are not those of the others: a chance a node becomes a rate, and an attack
    /// that has stopped has none.
    fn fit_in(&mut self, scope: &Scope<'_>, n: usize, attack: usize, spot: &Spot) {
        /// No chance is certain on the scale of rates.
        const MOST: f64 = 1.0 - 1e-12;
        let declared = &scope.model.attacks[attack];
        let tail = spot.slot == self.nodes;
        let rates = &mut self.rates[attack * self.width..attack * self.width + n];
        if declared.stops.is_some_and(|last| tail || spot.node > last) {
            rates.fill(0.0);
        } else if !declared.draw_years.is_empty() {
            let years = if tail { 1.0 } else { declared.draw_years[spot.node] };
            for rate in rates {
                *rate = -ln(1.0 - rate.min(MOST)) / years;
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
    fn rate_attack(&mut self, scope: &Scope<'_>, items: &Items<'_>, attack: usize, spot: &Spot) {
        let Spot { profile, slot, node } = *spot;
        let Scope { model, setup, utility, .. } = *scope;
        let declared = &model.attacks[attack];
        let k = setup.attacker_of[attack];
        let actor = setup.attackers[k];
        let type_node = setup.first_node[actor] + setup.attack_node(profile, k);
        let worth = |ending: crate::id::EndingId| utility.worth(ending.index(), type_node);
        let terms = self.attack_terms[attack];
        let w = self.war_weight[attack * model.actors.len() + actor];
        let (victory, defeat) = ((1.0 - w) * worth(declared.victory), (1.0 - w) * worth(declared.defeat));
        let wider = declared.escalation.map_or(0.0, worth);
        let tail = slot == self.nodes;
        let b = if tail || !declared.waiting { 0.0 } else { self.over_node[actor * self.nodes + node] };
        let n = items.n;
        let first = self.attacked_at(profile, node, attack);
        let bare = &items.bare[type_node * items.stride..type_node * items.stride + n];
        let [calm, won, lost, wild, _] = self.met.lottery(attack, node, n);
        let punishment = self.met.punishment(attack, node, n);
        let e = &mut self.attacked[first..first + n];
        let rates = &mut self.rates[attack * self.width..attack * self.width + n];
        let provocation = &self.provocation[attack * self.width..attack * self.width + n];
        let ahead = &self.ahead[k * self.width..k * self.width + n];
        let span = attack * self.width..attack * self.width + n;
        let (during, undecided) = (&self.during[span.clone()], &self.undecided[span]);
        // The tail is like the last node, and valued before it.
        for item in if tail || node + 1 < self.nodes { 0..n } else { 0..0 } {
            let open = calm[item] - won[item] - lost[item];
            let war = calm[item] * during[item] + won[item] * victory + lost[item] * defeat + open * undecided[item];
            e[item] = war + wild[item] * wider - punishment[item] - terms.audience_cost + provocation[item];
        }
        for item in 0..n {
            let waiting = (1.0 - b) * bare[item] + b * ahead[item];
            rates[item] = terms.precision * (e[item] - waiting);
        }
        logistic_all(rates);
        for rate in rates {
            *rate *= terms.rate;
        }
    }

    /// Rates per year of acts of pressure, o L(lambda (gain - what it costs)): it ends nothing, so that waiting is worth
    /// the same with and without it. Flows of the time that it lasts are compared, and they are the same for all types.
    pub(super) fn rate_pressure(&mut self, n: usize) {
        for attack in (0..self.n_attacks).filter(|&attack| self.continues[attack]) {
            let terms = self.attack_terms[attack];
            let provocation = &self.provocation[attack * self.width..attack * self.width + n];
            for node in 0..self.nodes {
                let first = (attack * self.nodes + node) * self.width;
                let punishment = self.met.punishment(attack, node, n);
                let gains = &mut self.gains[first..first + n];
                let rates = &mut self.pressure[first..first + n];
                for item in 0..n {
                    gains[item] = terms.gain - punishment[item] - terms.audience_cost + provocation[item];
                    rates[item] = terms.precision * gains[item];
                }
                logistic_all(rates);
                for rate in rates {
                    *rate *= terms.rate;
                }
            }
        }
    }

    /// Takes the rates of an act of pressure at a node.
    fn take_pressure(&mut self, n: usize, attack: usize, node: usize) {
        let first = (attack * self.nodes + node) * self.width;
        let rates = &mut self.rates[attack * self.width..attack * self.width + n];
        rates.copy_from_slice(&self.pressure[first..first + n]);
    }

    /// What an attack leaves its maker of every item, weighted: while the war lasts, and if it ends undecided.
    fn leave(&mut self, scope: &Scope<'_>, items: &Items<'_>, attack: usize, profile: usize) {
        let setup = scope.setup;
        let k = setup.attacker_of[attack];
        let actor = setup.attackers[k];
        let type_node = setup.first_node[actor] + setup.attack_node(profile, k);
        let w = self.war_weight[attack * scope.model.actors.len() + actor];
        let cost = self.attack_cost[attack * self.n_nodes + type_node];
        let floor = scope.utility.anchor(type_node) - self.attack_terms[attack].repulse_loss;
        let types = type_node * items.stride..type_node * items.stride + items.n;
        let (bare, irrevocable) = (&items.bare[types.clone()], &items.irrevocable[types]);
        let span = attack * self.width..attack * self.width + items.n;
        let snapback = &self.snapback[span.clone()];
        let left = self.during[span.clone()].iter_mut().zip(&mut self.undecided[span]);
        for (((during, undecided), &s), (&bare, &irrevocable)) in left.zip(snapback).zip(bare.iter().zip(irrevocable)) {
            let left = (1.0 - s) * bare + s * irrevocable;
            *during = w * (left - cost);
            *undecided = (1.0 - w) * floor.max(left);
        }
    }

    /// Competing probabilities of a slot from the rates.
    fn compete(&mut self, scope: &Scope<'_>, items: &Items<'_>, spot: &Spot) {
        let kinds = self.kinds();
        let (n, width) = (items.n, self.width);
        let length = if spot.slot == self.nodes { 1.0 } else { node_length(scope.model, spot.node) };
        let draw_form = scope.model.attacks.first().is_some_and(|a| a.draw_form);
        let certain = if draw_form { 1.0 } else { length };
        let first = self.at(spot.profile, spot.slot);
        let any = &mut self.struck[first..first + n];
        let ends = |kind: usize| !self.continues.get(kind).copied().unwrap_or(false);
        let begin = if let Some(kind) = (0..kinds).find(|&kind| ends(kind)) {
            any.copy_from_slice(&self.rates[kind * width..kind * width + n]);
            kind + 1
        } else {
            any.fill(0.0);
            kinds
        };
        for kind in (begin..kinds).filter(|&kind| ends(kind)) {
            for (sum, &rate) in any.iter_mut().zip(&self.rates[kind * width..kind * width + n]) {
                *sum += rate;
            }
        }
        let total = &mut self.column[..n];
        let alone = kinds == 1 && ends(0);
        if !alone {
            total.copy_from_slice(any);
        }
        if draw_form {
            for sum in any.iter_mut() {
                *sum = sum.min(1.0);
            }
        } else {
            chance_all(any, length);
        }
        let strikes = &mut self.strikes[first * kinds..(first + width) * kinds];
        if alone {
            strikes[..n].copy_from_slice(any);
            return;
        }
        for (share, &any) in total.iter_mut().zip(any.iter()) {
            // What continues recurs as long as nothing ends the register, for certain if nothing can.
            *share = if *share > 0.0 { any / *share } else { certain };
        }
        for kind in 0..kinds {
            let rates = &self.rates[kind * width..kind * width + n];
            for ((out, &rate), &share) in strikes[kind * width..kind * width + n].iter_mut().zip(rates).zip(&*total) {
                *out = rate * share;
            }
        }
    }

    /// One node of an attacker's own comparison: V without what concerns a guarantee.
    fn carry_back(&mut self, scope: &Scope<'_>, items: &Items<'_>, k: usize, spot: &Spot) {
        let actor = scope.setup.attackers[k];
        let type_node = scope.setup.first_node[actor] + scope.setup.attack_node(spot.profile, k);
        let flow = &items.bare[type_node * items.stride..type_node * items.stride + items.n];
        let mut ahead = std::mem::take(&mut self.ahead);
        let column = &mut ahead[k * self.width..k * self.width + items.n];
        self.step_back(scope, flow, &Who { actor, type_node, spot: *spot }, column);
        self.ahead = ahead;
    }

    /// V of an attacker at one slot from V at the next, in `column`; the tail closes the recursion.
    pub(super) fn step_back(&self, scope: &Scope<'_>, flow: &[f64], who: &Who, column: &mut [f64]) {
        let Who { actor, type_node, spot: Spot { profile, slot, node } } = *who;
        let model = scope.model;
        let (n, kinds) = (flow.len(), self.kinds());
        let column = &mut column[..n];
        let tail = slot == self.nodes;
        if tail && !model.attacks.first().is_none_or(|a| a.renewal) {
            column.copy_from_slice(flow);
            return;
        }
        let b = if tail { self.terms[actor].yearly } else { self.over_node[actor * self.nodes + node] };
        let at = self.at(profile, slot);
        let struck = &self.struck[at..at + n];
        let next = if tail { 0.0 } else { b };
        for ((v, &u), &h) in column.iter_mut().zip(flow).zip(struck) {
            *v = (1.0 - b) * u + next * (1.0 - h) * *v;
        }
        for kind in 0..kinds {
            let first = at * kinds + kind * self.width;
            let column = column.iter_mut().zip(&self.strikes[first..first + n]);
            if kind >= self.n_attacks {
                let hazard = ending_of(model, self.hazards[kind - self.n_attacks]);
                let worth = b * scope.utility.worth(hazard, type_node);
                column.for_each(|(v, &h)| *v += h * worth);
            } else if model.attacks[kind].by.index() == actor {
                let (b, worth) = if self.continues[kind] {
                    let first = (kind * self.nodes + node) * self.width;
                    (self.act(scope, kind, actor, b), &self.gains[first..first + n])
                } else {
                    let first = self.attacked_at(profile, node, kind);
                    (b, &self.attacked[first..first + n])
                };
                column.zip(worth).for_each(|((v, &h), &e)| *v += b * h * e);
            } else {
                let stake = self.stake(scope, actor, type_node, kind);
                let lottery = self.met.lottery(kind, node, n);
                column.enumerate().for_each(|(item, (v, &h))| {
                    let e: f64 = (0..LOTTERY).map(|c| stake[c] * lottery[c][item]).sum();
                    *v += b * h * e;
                });
            }
        }
        if tail {
            for ((v, &u), &h) in column.iter_mut().zip(flow).zip(struck) {
                let rest = 1.0 - b * (1.0 - h);
                *v = if rest > 0.0 { *v / rest } else { u };
            }
        }
    }
}
