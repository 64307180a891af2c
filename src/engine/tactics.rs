//! Seats that bargain by a tactic instead of weighing what their continuation is worth: time-dependent concession and tit
//! for tat (Faratin, Sierra and Jennings 1998, Robotics and Autonomous Systems 24:159-182), and MiCRO (de Jonge 2022,
//! An analysis of the linear bilateral ANAC domains using the MiCRO benchmark strategy, IJCAI).
//!
//! A tactician looks at its own value of what may be signed and at what it was offered, at nothing else. Equal values are
//! taken in the order of the options: the lowest index first.

use super::continuation::Outlook;
use super::game::{Buffers, Game};
use super::keeping::Keeping;
use super::lanes::Lanes;
use super::nodes::Nodes;
use super::setup::Setup;
use super::talks::can_propose;
use crate::model::{Curve, Model, Tactic};
use crate::num::{exp, pow};
use crate::rng::Draw;

/// An outcome that is worth this much less than the target, and is nearer to it than any above, is as good as on target.
const NEAR: f64 = 1e-6;

/// Everybody who bargains by a tactic.
#[derive(Clone, Debug)]
pub(super) struct Tactics {
    /// By actor; none: it weighs.
    seats: Vec<Option<Seat>>,
}

/// What one tactician knows.
#[derive(Clone, Debug)]
struct Seat {
    /// What it would sign, by rising value (MiCRO: falling); equal values by index.
    order: Vec<u32>,
    /// Value of each, same order.
    values: Vec<f64>,
    /// Value of every item.
    worth: Vec<f64>,
    /// What it gets without an agreement, or the least that is on offer if that is more.
    floor: f64,
    /// Most that is on offer.
    ceiling: f64,
    /// By how much it lets its target be missed.
    tolerance: f64,
    /// Demand at each step, 0-1, and the exponent and start that it was worked out from.
    curve: Vec<f64>,
    shape: [f64; 2],
    /// Tit for tat: target, share of a concession that is returned, and the last offer of each other actor.
    target: f64,
    imitation: f64,
    heard: Vec<Option<f64>>,
    /// MiCRO: which items it was offered, how many, and how many of its own it has offered.
    received: Vec<bool>,
    n_received: usize,
    n_sent: usize,
}

/// Where values stand when a tactician prepares.
pub(super) struct Valued<'a> {
    pub(super) buffers: &'a mut Buffers,
    pub(super) scalars: &'a [f64],
    pub(super) world: &'a Lanes,
    pub(super) nodes: &'a Nodes,
    pub(super) keeping: &'a Keeping,
}

/// What a tactician is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) actor: usize,
    pub(super) step: usize,
}

impl Tactics {
    pub(super) fn new(model: &Model, setup: &Setup) -> Self {
        let seat = |tactic: &Option<Tactic>| match tactic {
            None | Some(Tactic::Logit { .. }) => None,
            Some(_) => Some(Seat::new(model, setup)),
        };
        Self { seats: model.tactics.iter().map(seat).collect() }
    }

    /// Whether this actor bargains by a tactic.
    pub(super) fn plays(&self, actor: usize) -> bool {
        self.seats[actor].is_some()
    }

    /// Nobody has offered anything yet.
    pub(super) fn clear(&mut self) {
        for seat in self.seats.iter_mut().flatten() {
            seat.heard.fill(None);
            if seat.n_received > 0 {
                seat.received.fill(false);
            }
            seat.n_received = 0;
            seat.n_sent = 0;
            seat.target = f64::INFINITY;
        }
    }

    /// Takes over the values of what may be signed now. Its reserve is what it gets without an agreement.
    pub(super) fn prepare(&mut self, model: &Model, setup: &Setup, outlook: &Outlook, at: &mut Valued<'_>) {
        for (actor, seat) in self.seats.iter_mut().enumerate() {
            let (Some(seat), Some(tactic)) = (seat, &model.tactics[actor]) else { continue };
            let mut read = |number| at.buffers.tools(at.scalars).one(number, at.world, 0);
            match tactic {
                Tactic::TimeDependent { curve, exponent, most, tolerance, deadline_steps } => {
                    seat.tolerance = read(tolerance);
                    let shape = [read(exponent), read(most)];
                    seat.draw_curve(*curve, shape, *deadline_steps);
                }
                Tactic::TitForTat { imitation, tolerance } => {
                    seat.tolerance = read(tolerance);
                    seat.imitation = read(imitation);
                }
                Tactic::Micro | Tactic::Logit { .. } => {}
            }
            let node = setup.first_node[actor] + at.nodes.truth[actor];
            let reserve = outlook.z[node].max(outlook.outside[node]);
            let open = outlook.open.iter().copied().filter(|&item| can_propose(model, setup, actor, item as usize));
            seat.rank(open, at.keeping.value(node), reserve, *tactic == Tactic::Micro);
        }
    }

    /// What an actor offers, if anything; `noise` decides which offer is repeated by MiCRO.
    pub(super) fn offer(&mut self, model: &Model, asked: Asked, noise: impl FnOnce() -> Draw) -> Option<usize> {
        let seat = self.seats[asked.actor].as_mut()?;
        if seat.order.is_empty() {
            return None;
        }
        let place = match &model.tactics[asked.actor] {
            Some(Tactic::Micro) => seat.next_or_again(noise),
            Some(Tactic::TitForTat { .. }) => seat.nearest(seat.target()),
            _ => seat.nearest(seat.demand(asked.step)),
        };
        Some(seat.order[place] as usize)
    }

    /// What an actor makes of an offer: what it is worth to it, and what it would have to be worth at least.
    pub(super) fn weigh(&mut self, model: &Model, asked: Asked, (by, item): (usize, usize)) -> Option<[f64; 2]> {
        let seat = self.seats[asked.actor].as_mut()?;
        let worth = seat.worth[item];
        let least = match &model.tactics[asked.actor] {
            Some(Tactic::Micro) => seat.hear_and_compare(item),
            Some(Tactic::TitForTat { .. }) => seat.mirror(by, worth),
            _ => seat.demand(asked.step),
        };
        Some([worth, least])
    }
}

impl Game {
    /// Tacticians take over the values of this step.
    pub(super) fn prepare_tactics(&mut self, model: &Model, setup: &Setup, outlook: &Outlook) {
        let Self { tactics, buffers, scalars, world, nodes, keeping, .. } = self;
        tactics.prepare(model, setup, outlook, &mut Valued { buffers, scalars, world, nodes, keeping });
    }
}

impl Seat {
    fn new(model: &Model, setup: &Setup) -> Self {
        let n = setup.n_items;
        Self {
            order: Vec::with_capacity(n),
            values: Vec::with_capacity(n),
            worth: vec![0.0; n],
            floor: 0.0,
            ceiling: 0.0,
            tolerance: 0.0,
            curve: vec![0.0; model.clock.horizon_steps],
            shape: [f64::NAN; 2],
            target: f64::INFINITY,
            imitation: 0.0,
            heard: vec![None; model.actors.len()],
            received: vec![false; n],
            n_received: 0,
            n_sent: 0,
        }
    }

    /// Sorts what is open by value; what is worth less than no agreement is left out.
    fn rank(&mut self, open: impl Iterator<Item = u32>, value: &[f64], reserve: f64, falling: bool) {
        let n = self.worth.len();
        self.worth.copy_from_slice(&value[..n]);
        let worth = &self.worth;
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        self.order.clear();
        for item in open {
            let own = worth[item as usize];
            least = least.min(own);
            most = most.max(own);
            if own >= reserve {
                self.order.push(item);
            }
        }
        self.floor = least.max(reserve);
        self.ceiling = most;
        let by_value = |a: &u32, b: &u32| worth[*a as usize].total_cmp(&worth[*b as usize]);
        if falling {
            self.order.sort_unstable_by(|a, b| by_value(b, a).then(a.cmp(b)));
        } else {
            self.order.sort_unstable_by(|a, b| by_value(a, b).then(a.cmp(b)));
        }
        self.values.clear();
        self.values.extend(self.order.iter().map(|&item| worth[item as usize]));
    }

    /// Works out the demand at each step, unless it is known.
    fn draw_curve(&mut self, curve: Curve, shape: [f64; 2], deadline: Option<f64>) {
        if self.shape.map(f64::to_bits) == shape.map(f64::to_bits) {
            return;
        }
        self.shape = shape;
        let n = self.curve.len() as f64;
        for (step, share) in self.curve.iter_mut().enumerate() {
            let time = match deadline {
                None => (step as f64 + 1.0) / (n + 1.0),
                Some(deadline) => (step as f64 / deadline).min(1.0),
            };
            *share = demanded(curve, shape, time);
        }
    }

    /// Least it would sign at a step, for a time-dependent tactic.
    fn demand(&self, step: usize) -> f64 {
        let share = self.curve[step.min(self.curve.len() - 1)];
        let target = (self.ceiling - self.floor) * share + self.floor - self.tolerance;
        target.clamp(self.floor.min(self.ceiling), self.ceiling)
    }

    /// Place of the least valuable item that is worth a target, of the best where none is.
    fn nearest(&self, target: f64) -> usize {
        let above = self.values.partition_point(|&value| value < target);
        let gap = self.values.get(above).map_or(f64::INFINITY, |value| value - target);
        if let Some(&below) = above.checked_sub(1).and_then(|place| self.values.get(place))
            && target - below < NEAR
            && target - below < gap
        {
            return self.values.partition_point(|&value| value < below);
        }
        if above < self.values.len() {
            return above;
        }
        let best = self.ceiling.min(self.values[self.values.len() - 1]);
        self.values.partition_point(|&value| value < best)
    }

    /// Target of tit for tat: everything before anybody has conceded anything.
    fn target(&self) -> f64 {
        (self.target.min(self.ceiling) - self.tolerance).clamp(self.floor.min(self.ceiling), self.ceiling)
    }

    /// Tit for tat: the other's last concession, in one's own eyes, is returned.
    fn mirror(&mut self, by: usize, worth: f64) -> f64 {
        if let Some(before) = self.heard[by].replace(worth) {
            let conceded = self.imitation * (worth - before);
            self.target = (self.target.min(self.ceiling) - conceded).clamp(self.floor.min(self.ceiling), self.ceiling);
        }
        self.target()
    }

    /// MiCRO: the next best item if no more were offered than received, else one that was offered before.
    fn next_or_again(&mut self, noise: impl FnOnce() -> Draw) -> usize {
        if self.n_sent <= self.n_received && self.n_sent < self.order.len() {
            self.n_sent += 1;
            return self.n_sent - 1;
        }
        let among = self.n_sent.max(1);
        ((noise().unit() * among as f64) as usize).min(among - 1)
    }

    /// MiCRO: counts an offer, and says what it would have to be worth.
    fn hear_and_compare(&mut self, item: usize) -> f64 {
        if !std::mem::replace(&mut self.received[item], true) {
            self.n_received += 1;
        }
        let ready = self.n_sent <= self.n_received && self.n_sent < self.values.len();
        let place = if ready { self.n_sent } else { self.n_sent.saturating_sub(1) };
        self.values.get(place).copied().unwrap_or(f64::INFINITY)
    }
}

/// Share of its range that a time-dependent tactic demands at relative time `t`, 0-1: `shape` is the exponent e and the
/// demand m at t = 0. Polynomial m (1 - t^e), exponential m (exp((1-t)^e) - 1)/(exp(1) - 1), geometric
/// 1 - (1-m)^((1-t)^e). With k = 1 - m, Faratin's polynomial concession k + (1-k) t^(1/beta) is 1 less the first with
/// e = 1/beta, his exponential concession exp((1-t)^beta ln k) is 1 less the last with e = beta.
#[must_use]
pub fn demanded(curve: Curve, [exponent, most]: [f64; 2], t: f64) -> f64 {
    match curve {
        Curve::Polynomial => most * (1.0 - pow(t, exponent)),
        Curve::Exponential => most * (exp(pow(1.0 - t, exponent)) - 1.0) / (exp(1.0) - 1.0),
        Curve::Geometric => 1.0 - pow(1.0 - most, pow(1.0 - t, exponent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(values: &[f64]) -> Seat {
        let n = values.len();
        let mut seat = Seat {
            order: Vec::new(),
            values: Vec::new(),
            worth: vec![0.0; n],
            floor: 0.0,
            ceiling: 0.0,
            tolerance: 0.0,
            curve: vec![0.0; 3],
            shape: [f64::NAN; 2],
            target: f64::INFINITY,
            imitation: 0.5,
            heard: vec![None; 2],
            received: vec![false; n],
            n_received: 0,
            n_sent: 0,
        };
        seat.rank(0..n as u32, values, 0.1, false);
        seat
    }

    #[test]
    fn equal_values_are_taken_by_index_and_what_is_worse_than_nothing_is_left_out() {
        let seat = seat(&[0.5, 0.0, 0.9, 0.5, 0.9]);
        assert_eq!(seat.order, [0, 3, 2, 4]);
        assert_eq!((seat.floor, seat.ceiling), (0.1, 0.9));
        assert_eq!(seat.order[seat.nearest(0.3)], 0);
        assert_eq!(seat.order[seat.nearest(0.6)], 2);
        // A hair above the best of a kind is that kind; above everything is the first of the best.
        assert_eq!(seat.order[seat.nearest(0.5 + 5e-7)], 0);
        assert_eq!(seat.order[seat.nearest(2.0)], 2);
    }

    #[test]
    fn a_demand_falls_from_the_ceiling_to_the_floor() {
        let mut seat = seat(&[0.1, 0.5, 0.9]);
        seat.draw_curve(Curve::Polynomial, [1.0, 1.0], None);
        // t = 1/4, 1/2, 3/4 of a range of 0.8 above 0.1.
        for (step, demand) in [0.7, 0.5, 0.3].into_iter().enumerate() {
            assert!((seat.demand(step) - demand).abs() < 1e-15);
        }
        seat.draw_curve(Curve::Polynomial, [1.0, 0.5], Some(1.0));
        assert!((seat.demand(0) - 0.5).abs() < 1e-15);
        assert!((seat.demand(2) - 0.1).abs() < 1e-15);
    }

    #[test]
    fn half_of_a_concession_is_returned_and_a_step_back_too() {
        let mut seat = seat(&[0.1, 0.5, 0.9]);
        assert_eq!(seat.mirror(1, 0.2), 0.9);
        assert!((seat.mirror(1, 0.4) - 0.8).abs() < 1e-15);
        assert!((seat.mirror(1, 0.3) - 0.85).abs() < 1e-15);
        // What another says is compared with what that other said.
        assert!((seat.mirror(0, 0.9) - 0.85).abs() < 1e-15);
    }

    /// Values printed for aspirations of each kind (tests/cases/negmas.json, `aspiration_curves`).
    #[test]
    fn curves_are_those_of_the_reference() {
        let text = include_str!("../../tests/cases/negmas.json");
        let all: serde_json::Value = serde_json::from_str(text).unwrap();
        let mut rows = 0;
        for case in all["aspiration_curves"].as_array().unwrap() {
            let curve = if case["type"] == "poly" { Curve::Polynomial } else { Curve::Exponential };
            let exponent = case["exponent"].as_f64().unwrap_or(1e9);
            let most = case["max_aspiration"].as_f64().unwrap();
            for point in case["t_u"].as_array().unwrap() {
                let [t, u] = [0, 1].map(|at| point[at].as_f64().unwrap());
                assert!((demanded(curve, [exponent, most], t) - u).abs() < 1e-12, "{case} at {t}");
                rows += 1;
            }
        }
        assert!(rows > 100, "{rows}");
    }

    /// Row T18 of tests/cases/theory.json.
    #[test]
    fn faratins_concessions_are_special_cases() {
        let text = include_str!("../../tests/cases/theory.json");
        let all: serde_json::Value = serde_json::from_str(text).unwrap();
        let case = all["cases"].as_array().unwrap().iter().find(|case| case["id"] == "T18").unwrap();
        let list = |value: &serde_json::Value| -> Vec<f64> {
            value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
        };
        let (k, end) = (case["inputs"]["k"].as_f64().unwrap(), case["inputs"]["T"].as_f64().unwrap());
        for (row, beta) in list(&case["inputs"]["betas"]).into_iter().enumerate() {
            for (column, t) in list(&case["inputs"]["t"]).into_iter().enumerate() {
                let poly = 1.0 - demanded(Curve::Polynomial, [1.0 / beta, 1.0 - k], t / end);
                assert!((poly - list(&case["expected"]["poly"][row])[column]).abs() < 1e-9);
                let expo = 1.0 - demanded(Curve::Geometric, [beta, 1.0 - k], t / end);
                assert!((expo - list(&case["expected"]["expo"][row])[column]).abs() < 1e-9);
            }
        }
    }
}
