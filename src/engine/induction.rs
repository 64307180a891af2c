//! Going on without an agreement, valued by backward induction (Stahl 1972): what two signatories get from the steps that
//! are left if both know everything and choose best in each of them.
//!
//! Forwards, the world moves along its mean path as if nobody ever agreed, and every step's terms are noted: what packages,
//! flows, outside options, breakdown and endings are worth, and who may propose. Backwards, a responder takes what is worth
//! at least its alternative, and a proposer gives it no more if that is worth its while. A proposer may mix neighbouring
//! packages in this reckoning (a lottery, or a share between two points of the grid), so that values do not depend on how
//! finely a pie is cut; what is played are packages.
//!
//! Under `stationary` the first step is repeated until its values settle: talks without end.

use super::continuation::{Outlook, Talks};
use super::dynamics::{self, Launch, Pending};
use super::game::Game;
use super::lanes::Lanes;
use super::protocol::Protocol;
use super::regimes;
use super::setup::Setup;
use super::talks::Room;
use super::{aftermath, read_talks};
use crate::model::{Evaluator, Model, Regime};
use crate::num::exp;

/// Repetitions of a stationary step, at most.
const ROUNDS: usize = 200_000;
/// Values have settled when they move less than this.
const SETTLED: f64 = 1e-14;
/// Slack of comparisons that rounding alone may decide.
const SLACK: f64 = 1e-12;

/// A pair of values, one a signatory.
type Pair = [f64; 2];

/// What one step offers.
#[derive(Clone, Debug)]
struct Stage {
    flow: Pair,
    disagreement: Pair,
    outside: Pair,
    /// Value and chance of what may end the war in this step.
    ended: Pair,
    struck: f64,
    breakdown: f64,
    offer_chance: f64,
    /// Its frontier, a span of `Induction::frontier`.
    frontier: std::ops::Range<usize>,
}

/// The solved game, and buffers.
#[derive(Clone, Debug)]
pub(super) struct Induction {
    /// The two signatories.
    pair: [usize; 2],
    /// Whether the first step is repeated for ever.
    endless: bool,
    /// Turns that recur.
    turns: usize,
    stages: Vec<Stage>,
    /// Chance of each signatory to propose, `[stage * turns + turn]`.
    proposes: Vec<Pair>,
    /// Best combinations of packages, the first signatory's worth rising.
    frontier: Vec<Pair>,
    points: Vec<Pair>,
    /// Value of going on after a refusal, `[stage * turns + turn]`.
    refused: Vec<Pair>,
    /// Value of the talks at the start, by turn.
    start: Vec<Pair>,
    next: Vec<Pair>,
    world: Lanes,
    pending: Vec<Pending>,
    recognition: Vec<f64>,
    /// Whether it is solved for the replication at hand.
    ready: bool,
}

impl Induction {
    /// Room for a model that declares it; none for others.
    pub(super) fn new(model: &Model, setup: &Setup) -> Option<Box<Self>> {
        let evaluator = model.behaviour.evaluator;
        let [first, second] = setup.signatories[..] else { return None };
        evaluator.is_induction().then(|| {
            let steps = if evaluator == Evaluator::Stationary { 1 } else { model.clock.horizon_steps };
            let turns = model.protocol.order.len().max(1);
            Box::new(Self {
                pair: [first, second],
                endless: evaluator == Evaluator::Stationary,
                turns,
                stages: Vec::with_capacity(steps),
                proposes: Vec::with_capacity(steps * turns),
                frontier: Vec::with_capacity(2 * steps),
                points: Vec::with_capacity(setup.n_items),
                refused: vec![[0.0; 2]; steps * turns],
                start: vec![[0.0; 2]; turns],
                next: vec![[0.0; 2]; turns],
                world: Lanes::new(model.layout.len as usize, 1),
                pending: Vec::with_capacity(super::path::PENDING),
                recognition: vec![0.0; model.actors.len()],
                ready: false,
            })
        })
    }

    /// Another replication begins.
    pub(super) fn forget(&mut self) {
        self.ready = false;
    }

    /// Solves the talks from the present state on.
    pub(super) fn solve(&mut self, room: &Room<'_>, game: &mut Game, outlook: &mut Outlook, rules: &dyn Protocol) {
        self.walk(room, game, outlook, rules);
        self.go_back(game);
        self.ready = true;
    }

    /// What the talks are worth to an actor when they begin; none for those who do not sign.
    pub(super) fn prospect(&self, actor: usize) -> Option<f64> {
        let side = self.pair.iter().position(|&signatory| signatory == actor)?;
        self.ready.then(|| self.start[0][side])
    }

    /// Value of going on for both signatories, in a step and turn.
    pub(super) fn place(&self, setup: &Setup, game: &Game, talks: &Talks, outlook: &mut Outlook) {
        if !self.ready {
            return;
        }
        let stage = talks.step.min(self.stages.len() - 1);
        let refused = self.refused[stage * self.turns + talks.turn % self.turns];
        for (&actor, value) in self.pair.iter().zip(refused) {
            let at = setup.first_node[actor] + game.nodes.truth[actor];
            outlook.c[at] = value;
            outlook.against[at] = value.max(outlook.outside[at]);
            outlook.scale[at] = 1.0;
        }
    }

    /// Forwards: notes every step's terms, and leaves the world as it was.
    fn walk(&mut self, room: &Room<'_>, game: &mut Game, outlook: &mut Outlook, rules: &dyn Protocol) {
        let Room { model, setup, .. } = *room;
        self.world.spread(&game.world, 1);
        self.pending.clone_from(&game.pending);
        let (fired, clamps) = (game.fired, game.clamps);
        let steps = self.refused.len() / self.turns;
        self.stages.clear();
        self.proposes.clear();
        self.frontier.clear();
        for step in 0..steps {
            if step > 0 {
                advance(model, game, step);
                game.revalue(model, setup, step, false);
            }
            let month = step as f64 * model.clock.months_per_step;
            let now = Room { step: step as u64, month, ..*room };
            self.note(&now, game, outlook, rules);
        }
        game.world.spread(&self.world, 1);
        game.pending.clone_from(&self.pending);
        game.fired = fired;
        game.clamps = clamps;
        if steps > 1 {
            game.revalue(model, setup, 0, true);
        }
    }

    /// Notes the terms of one step.
    fn note(&mut self, room: &Room<'_>, game: &mut Game, outlook: &mut Outlook, rules: &dyn Protocol) {
        let Room { model, setup, step, .. } = *room;
        let turn = game.floor.turn;
        for offset in 0..self.turns {
            game.floor.turn = offset;
            rules.recognition(model, game, &mut self.recognition);
            self.proposes.push(self.pair.map(|actor| self.recognition[actor]));
        }
        game.floor.turn = turn;
        let talks = read_talks(model, game, rules, step as usize);
        outlook.forecast(model, setup, game, &talks, &self.recognition);
        outlook.ask_about_all(model, setup, game, &talks);
        let node = self.pair.map(|actor| setup.first_node[actor] + game.nodes.truth[actor]);
        let (ended, struck) = endings(model, game, node);
        let flow = self.pair.map(|actor| {
            let (flow, cost) = regimes::flow_and_cost(room, actor, game);
            flow - cost
        });
        let frontier = self.note_frontier(game, outlook, &talks, node);
        self.stages.push(Stage {
            flow,
            disagreement: node.map(|at| outlook.z[at]),
            outside: node.map(|at| outlook.outside[at]),
            ended,
            struck,
            breakdown: talks.breakdown,
            offer_chance: talks.offer_chance,
            frontier,
        });
    }

    /// The upper right hull of what packages are worth to both; that of the step before if it is the same.
    fn note_frontier(
        &mut self,
        game: &Game,
        outlook: &Outlook,
        talks: &Talks,
        node: [usize; 2],
    ) -> std::ops::Range<usize> {
        self.points.clear();
        for &item in &outlook.open {
            let package = item as usize;
            if outlook.passes(package, talks) {
                self.points.push(node.map(|at| game.keeping.value(at)[package]));
            }
        }
        self.points.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        let begin = self.frontier.len();
        for &point in &self.points {
            // Whatever is worse for both, or lies below the line between its neighbours, is left out.
            while self.frontier.len() > begin {
                let last = self.frontier[self.frontier.len() - 1];
                let before = (self.frontier.len() > begin + 1).then(|| self.frontier[self.frontier.len() - 2]);
                let below = before.is_some_and(|before| turns_left(before, last, point));
                if last[1] > point[1] && !below {
                    break;
                }
                self.frontier.pop();
            }
            self.frontier.push(point);
        }
        let Some(last) = self.stages.last() else { return begin..self.frontier.len() };
        if self.frontier[last.frontier.clone()] == self.frontier[begin..] {
            self.frontier.truncate(begin);
            return last.frontier.clone();
        }
        begin..self.frontier.len()
    }

    /// Backwards from the horizon, or until the values of the repeated step settle.
    fn go_back(&mut self, game: &Game) {
        let discount = self.pair.map(|actor| game.discount[actor]);
        let Some(last) = self.stages.last() else { return };
        self.next.fill(last.disagreement);
        if self.endless {
            for _ in 0..ROUNDS {
                self.step_back(0, discount);
                let moved = |(new, old): (&Pair, &Pair)| (0..2).any(|side| (new[side] - old[side]).abs() > SETTLED);
                let settled = !self.start.iter().zip(&self.next).any(moved);
                self.next.copy_from_slice(&self.start);
                if settled {
                    break;
                }
            }
            return;
        }
        for stage in (0..self.stages.len()).rev() {
            self.step_back(stage, discount);
            self.next.copy_from_slice(&self.start);
        }
    }

    /// Value of a step to both, by turn, from that of the next; kept in `start`.
    fn step_back(&mut self, stage: usize, discount: Pair) {
        let terms = &self.stages[stage];
        for turn in 0..self.turns {
            let refused = terms.wait(discount, self.next[(turn + 1) % self.turns]);
            let silent = terms.wait(discount, self.next[turn]);
            let proposes = self.proposes[stage * self.turns + turn];
            let mut value = [0.0; 2];
            let anybody: f64 = proposes.iter().sum();
            for side in 0..2 {
                let frontier = &self.frontier[terms.frontier.clone()];
                let offered = if proposes[side] > 0.0 { terms.propose(frontier, side, refused) } else { [0.0; 2] };
                for both in 0..2 {
                    value[both] += terms.offer_chance * proposes[side] * offered[both];
                }
            }
            for both in 0..2 {
                value[both] += (1.0 - terms.offer_chance * anybody) * silent[both];
            }
            self.refused[stage * self.turns + turn] = refused;
            self.start[turn] = value;
        }
    }
}

impl Stage {
    /// Value of the rest if nothing is agreed in this step.
    fn wait(&self, discount: Pair, next: Pair) -> Pair {
        std::array::from_fn(|side| {
            let on = self.ended[side] + (1.0 - self.struck) * next[side];
            let rest = self.breakdown * self.disagreement[side] + (1.0 - self.breakdown) * on;
            (1.0 - discount[side]) * self.flow[side] + discount[side] * rest
        })
    }

    /// What both get when `side` may propose: the best offer that the other takes, or silence, or a walk-out.
    fn propose(&self, frontier: &[Pair], side: usize, refused: Pair) -> Pair {
        let other = 1 - side;
        let reserve = refused[other].max(self.outside[other]);
        let own = refused[side].max(self.outside[side]);
        if let Some(best) = best_reply(frontier, side, reserve).filter(|best| best[side] > own) {
            return best;
        }
        if self.outside[side] > refused[side] {
            let mut left = self.disagreement;
            left[side] = self.outside[side];
            return left;
        }
        refused
    }
}

/// The point of a frontier that is best for `side` among those that give the other at least `reserve`.
fn best_reply(frontier: &[Pair], side: usize, reserve: f64) -> Option<Pair> {
    let other = 1 - side;
    // From the proposer's best point towards the other's.
    let at = |index: usize| if side == 0 { frontier[frontier.len() - 1 - index] } else { frontier[index] };
    let mut best = frontier.first().map(|_| at(0))?;
    for index in 1..frontier.len() {
        if best[other] >= reserve {
            break;
        }
        let further = at(index);
        let share = ((reserve - best[other]) / (further[other] - best[other])).min(1.0);
        best = std::array::from_fn(|k| if share < 1.0 { best[k] + share * (further[k] - best[k]) } else { further[k] });
        if share < 1.0 {
            break;
        }
    }
    (best[other] >= reserve - SLACK).then_some(best)
}

/// Whether going from a over b to c the path bends to the left, so that b lies below the line from a to c.
fn turns_left(a: Pair, b: Pair, c: Pair) -> bool {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) >= -SLACK * SLACK
}

/// One step of the mean path of the world, as if nobody agreed.
fn advance(model: &Model, game: &mut Game, step: usize) {
    dynamics::tick(model, &mut game.world, 1);
    let mut tools = game.buffers.tools(&game.scalars);
    dynamics::fade(model, &mut game.world, &mut tools, 1);
    dynamics::apply_due(model, &game.pending, step, &[0], &mut game.world, 1);
    let at = Launch { step, touch: None, n: 1, weight: 1.0 };
    let world = (&mut game.world, &mut game.fired[..], &[0][..]);
    dynamics::fire_events(model, at, None, world, &mut tools, &mut game.pending);
    dynamics::change(model, None, &mut game.world, &mut tools, 1);
    game.world.derive(model, &mut tools, 1, false);
}

/// Expected worth and chance of the endings of a step of war.
fn endings(model: &Model, game: &mut Game, node: [usize; 2]) -> (Pair, f64) {
    let mut tools = game.buffers.tools(&game.scalars);
    dynamics::hazard_rates(model, Regime::War, &game.world, &mut tools, 1, &mut game.hazard_rates, 1);
    let total: f64 = game.hazard_rates.iter().sum();
    let struck = 1.0 - exp(-model.clock.months_per_step * total);
    let mut ended = [0.0; 2];
    for (index, rate) in game.hazard_rates.iter().enumerate().filter(|(_, rate)| **rate > 0.0) {
        let ending = aftermath::ending_of(model, index);
        for (sum, at) in ended.iter_mut().zip(node) {
            *sum += rate / total * struck * game.utility.worth(ending, at);
        }
    }
    (ended, struck)
}
