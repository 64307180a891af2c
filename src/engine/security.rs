//! Guarantees (`core.md` 6): believed will times capability, and what it does to an attack's prospects.

use super::lanes::{Lanes, Tools};
use super::nodes::Nodes;
use super::setup::Setup;
use crate::model::{Attack, Combine, Guarantee, Model};
use crate::num::{ln, logistic, pow};

/// What an attack would meet, by attack, node and item (a security sub-package or a lane).
#[derive(Clone, Debug)]
pub(super) struct Security {
    /// Deterrent strength as believed, 0–1 (`additive` has none: 0).
    pub(super) g_hat: Table,
    /// Probability that the attacker wins the war that follows.
    pub(super) victory: Table,
    /// Probability that it is beaten.
    pub(super) defeat: Table,
    /// Loss by punishment, a flow.
    pub(super) punishment: Table,
    /// Risk that an answer runs out of control.
    pub(super) escalation: Table,
    kappa: Vec<f64>,
    capability: Vec<f64>,
    row: Vec<f64>,
    terms: Vec<f64>,
    pooled: Vec<f64>,
    /// rho of each guarantee.
    rho: Vec<f64>,
    width: usize,
}

/// Numbers by attack, node and item.
#[derive(Clone, Debug)]
pub(super) struct Table {
    data: Vec<f64>,
    nodes: usize,
    width: usize,
}

impl Table {
    fn new(attacks: usize, nodes: usize, width: usize) -> Self {
        Self { data: vec![0.0; attacks * nodes * width], nodes, width }
    }

    /// The items of one attack and node.
    pub(super) fn row(&self, attack: usize, node: usize) -> &[f64] {
        let first = (attack * self.nodes + node) * self.width;
        &self.data[first..first + self.width]
    }

    fn row_mut(&mut self, attack: usize, node: usize) -> &mut [f64] {
        let first = (attack * self.nodes + node) * self.width;
        &mut self.data[first..first + self.width]
    }
}

/// Whose beliefs about the guarantors' types count.
#[derive(Clone, Copy)]
pub(super) enum View<'a> {
    /// Public beliefs over joint profiles.
    Believed(&'a [f64]),
    /// The true types, as they stand in the lanes.
    True,
}

impl Security {
    pub(super) fn new(model: &Model, width: usize) -> Self {
        let nodes = model.attacks.iter().map(|a| a.nodes.len()).max().unwrap_or(0);
        let attacks = model.attacks.len();
        let domains = model.attacks.iter().map(|a| a.domains.len()).max().unwrap_or(0).max(1);
        let table = || Table::new(attacks, nodes, width);
        Self {
            g_hat: table(),
            victory: table(),
            defeat: table(),
            punishment: table(),
            escalation: table(),
            kappa: vec![0.0; model.guarantees.len() * 2 * width],
            capability: vec![0.0; model.guarantees.len() * domains * width],
            row: vec![0.0; width],
            terms: vec![0.0; width],
            pooled: vec![0.0; width],
            rho: vec![0.0; model.guarantees.len()],
            width,
        }
    }

    /// Values every attack and node for the first `n` items, whose state and terms stand in `lanes`.
    pub(super) fn revalue(&mut self, at: &At<'_>, view: View<'_>, lanes: &mut Lanes, tools: &mut Tools<'_>, n: usize) {
        // The terms and the clock of peace stand in the lanes, not yet what derives from them.
        lanes.derive(at.model, tools, n, false);
        for (index, attack) in at.model.attacks.iter().enumerate() {
            for node in 0..attack.nodes.len() {
                lanes.row_mut(at.model.layout.years_ahead)[..n].fill(attack.nodes[node]);
                self.answer(at, attack, view, lanes, tools, n);
                self.prospects(at, index, node, lanes, tools, n);
            }
        }
        lanes.row_mut(at.model.layout.years_ahead)[..n].fill(0.0);
    }

    /// Values who would answer one attack now, and with what, for the first item, at the types in the lanes.
    pub(super) fn muster(&mut self, at: &At<'_>, attack: usize, lanes: &mut Lanes, tools: &mut Tools<'_>) {
        let declared = &at.model.attacks[attack];
        lanes.row_mut(at.model.layout.years_ahead)[..1].fill(declared.nodes[0]);
        self.answer(at, declared, View::True, lanes, tools, 1);
        lanes.row_mut(at.model.layout.years_ahead)[..1].fill(0.0);
    }

    /// kappa of every guarantee that answers `attack`, with and without the backer, and its capability by domain.
    fn answer(
        &mut self,
        at: &At<'_>,
        attack: &Attack,
        view: View<'_>,
        lanes: &mut Lanes,
        tools: &mut Tools<'_>,
        n: usize,
    ) {
        let Self { kappa, capability, row, terms, rho, width, .. } = self;
        let domains = attack.domains.len();
        for &id in &attack.answered_by {
            let guarantee = &at.model.guarantees[id.index()];
            rho[id.index()] = tools.one(&guarantee.escalation_risk, lanes, 0);
            let first = id.index() * 2 * *width;
            let (stands_not, stands) = kappa[first..first + 2 * *width].split_at_mut(*width);
            stands_not[..n].fill(0.0);
            stands[..n].fill(0.0);
            match view {
                View::Believed(profiles) if at.setup.guarantee_reads_type => {
                    for (profile, &weight) in profiles.iter().enumerate().filter(|&(_, &weight)| weight > 0.0) {
                        for lane in 0..n {
                            at.nodes.place_profile(at.model, at.setup, profile, lanes, lane);
                        }
                        add_kappa(guarantee, weight, lanes, tools, (&mut *stands_not, &mut *stands, terms), n);
                    }
                    for actor in 0..at.model.actors.len() {
                        Nodes::restore(at.model, actor, at.world, lanes, n);
                    }
                }
                View::Believed(_) | View::True => {
                    add_kappa(guarantee, 1.0, lanes, tools, (&mut *stands_not, &mut *stands, terms), n);
                }
            }
            if let Some(needs) = &guarantee.needs {
                needs.eval(lanes.frame(tools.scalars), n, &mut row[..n], tools.stack);
                for lane in 0..n {
                    stands_not[lane] *= row[lane];
                    stands[lane] *= row[lane];
                }
            }
            let years =
                lanes.get(at.model.layout.years_ahead, 0) - 1.0 + lanes.get(at.model.layout.months_in_regime, 0) / 12.0;
            let fatigue = tools.one(&guarantee.fatigue, lanes, 0);
            let kept = if fatigue == 0.0 { 1.0 } else { pow(1.0 - fatigue, years.max(0.0)) };
            for (domain, (name, _)) in attack.domains.iter().enumerate() {
                let start = (id.index() * domains + domain) * *width;
                let out = &mut capability[start..start + n];
                match guarantee.capability.iter().find(|(d, _)| d == name) {
                    Some((_, value)) => tools.many(value, lanes, n, out),
                    None => out.fill(0.0),
                }
                for c in out {
                    *c = c.max(0.0) * kept;
                }
            }
        }
    }

    /// G, the war lottery, punishment and escalation of one attack and node.
    fn prospects(&mut self, at: &At<'_>, index: usize, node: usize, lanes: &Lanes, tools: &mut Tools<'_>, n: usize) {
        let attack = &at.model.attacks[index];
        let shape = Shape::read(attack, lanes, tools);
        let backed = at.backing(attack, lanes, tools);
        let width = self.width;
        let (row, pooled) = (&mut self.row, &mut self.pooled);
        tools.many(&attack.balance, lanes, n, row);
        let tau = tools.one(&attack.win_threshold, lanes, 0);
        let slope = tools.one(&attack.win_slope, lanes, 0);
        let phi = tools.one(&attack.denial_share, lanes, 0);
        let denial = tools.one(&attack.denial, lanes, 0);
        let loss = tools.one(&attack.punishment, lanes, 0);
        let g0 = tools.one(&attack.threshold, lanes, 0);
        for lane in 0..n {
            let force = Force { kappa: &self.kappa, capability: &self.capability, rho: &self.rho, width, lane };
            let mut strength = 0.0;
            let mut pooled_capability = 0.0;
            let mut additive = 0.0;
            let mut calm = 1.0;
            for (omega, chance) in [(0, 1.0 - backed), (1, backed)] {
                if chance == 0.0 {
                    continue;
                }
                let c = force.pooled(attack, &shape, omega);
                pooled_capability += chance * c;
                strength += chance * force.strength(attack, &shape, omega, c);
                if attack.combine == Combine::Additive {
                    additive += chance * force.additive(attack, &shape, omega, loss);
                }
                calm -= chance * force.escalation(attack, omega);
            }
            pooled[lane] = pooled_capability;
            let balance = row[lane] - phi * denial * pooled_capability;
            let wins = logistic((balance - tau) / slope);
            let beaten = 1.0 - logistic((balance + tau) / slope);
            self.g_hat.row_mut(index, node)[lane] = strength;
            self.victory.row_mut(index, node)[lane] = wins;
            self.defeat.row_mut(index, node)[lane] = beaten;
            self.punishment.row_mut(index, node)[lane] = if attack.combine == Combine::Additive {
                additive
            } else {
                (1.0 - phi) * loss * (strength - g0).max(0.0)
            };
            self.escalation.row_mut(index, node)[lane] = 1.0 - calm;
        }
    }

    /// kappa of guarantee `guarantee` in `lane` as last valued, with the backer standing or not.
    pub(super) fn kappa(&self, guarantee: usize, omega: usize, lane: usize) -> f64 {
        self.kappa[(guarantee * 2 + omega) * self.width + lane]
    }
}

impl Security {
    /// Pooled capability of the guarantors in the bit set `answering`, in one lane as last valued.
    pub(super) fn capability_of(
        &self,
        model: &Model,
        attack: usize,
        answering: u64,
        lanes: &Lanes,
        tools: &mut Tools<'_>,
    ) -> f64 {
        let declared = &model.attacks[attack];
        let shape = Shape::read(declared, lanes, tools);
        let force =
            Force { kappa: &self.kappa, capability: &self.capability, rho: &self.rho, width: self.width, lane: 0 };
        shape.aggregate(declared.domains.len(), |domain| {
            let answers = |id: &&crate::id::GuaranteeId| answering & (1 << id.index()) != 0;
            declared.answered_by.iter().filter(answers).map(|id| force.capability(declared, id.index(), domain)).sum()
        })
    }
}

/// Adds `weight` times kappa without and with the backer.
fn add_kappa(
    guarantee: &Guarantee,
    weight: f64,
    lanes: &Lanes,
    tools: &mut Tools<'_>,
    (stands_not, stands, terms): (&mut [f64], &mut [f64], &mut Vec<f64>),
    n: usize,
) {
    let slope = tools.one(&guarantee.slope, lanes, 0);
    let threshold = tools.one(&guarantee.threshold, lanes, 0);
    let tripwire = tools.one(&guarantee.tripwire, lanes, 0);
    let scale = tools.one(&guarantee.tripwire_scale, lanes, 0);
    let fear = tools.one(&guarantee.escalation_risk, lanes, 0) * tools.one(&guarantee.escalation_fear, lanes, 0);
    for lane in 0..n {
        let size = tools.one(&guarantee.size, lanes, lane).max(0.0);
        let will = tools.one(&guarantee.will, lanes, lane)
            + tools.one(&guarantee.stake, lanes, lane)
            + tripwire * ln(1.0 + size / scale);
        terms[lane] = will - fear - threshold;
    }
    for lane in 0..n {
        let backing = match &guarantee.backstop {
            Some(backstop) => tools.one(&backstop.strength, lanes, lane),
            None => 0.0,
        };
        let alone = logistic(slope * terms[lane]);
        stands_not[lane] += weight * alone;
        stands[lane] += weight * if backing == 0.0 { alone } else { logistic(slope * (terms[lane] + backing)) };
    }
}

/// Where a valuation of security reads from.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) model: &'a Model,
    pub(super) setup: &'a Setup,
    pub(super) nodes: &'a Nodes,
    pub(super) world: &'a Lanes,
}

impl At<'_> {
    /// Believed probability that the backer of this attack's guarantors stands.
    fn backing(&self, attack: &Attack, lanes: &Lanes, tools: &mut Tools<'_>) -> f64 {
        attack
            .answered_by
            .iter()
            .find_map(|id| self.model.guarantees[id.index()].backstop.as_ref())
            .map_or(0.0, |backstop| tools.one(&backstop.probability, lanes, 0).clamp(0.0, 1.0))
    }
}

/// Parameters of the aggregate.
struct Shape {
    weights: [f64; 8],
    ces: f64,
    hill: f64,
    half: f64,
}

impl Shape {
    fn read(attack: &Attack, lanes: &Lanes, tools: &mut Tools<'_>) -> Self {
        let mut weights = [0.0; 8];
        for (slot, (_, weight)) in weights.iter_mut().zip(&attack.domains) {
            *slot = tools.one(weight, lanes, 0);
        }
        Self {
            weights,
            ces: tools.one(&attack.ces, lanes, 0),
            hill: tools.one(&attack.hill, lanes, 0),
            half: tools.one(&attack.half_capability, lanes, 0),
        }
    }

    /// CES aggregate over domains; an empty domain with weight makes it 0 for r <= 0.
    fn aggregate(&self, domains: usize, capability: impl Fn(usize) -> f64) -> f64 {
        let mut sum = 0.0;
        for (domain, &weight) in self.weights[..domains].iter().enumerate() {
            if weight == 0.0 {
                continue;
            }
            let c = capability(domain);
            if c <= 0.0 && self.ces <= 0.0 {
                return 0.0;
            }
            sum += weight * if self.ces == 0.0 { ln(c) } else { power(c, self.ces) };
        }
        if self.ces == 0.0 { crate::num::exp(sum) } else { power(sum, 1.0 / self.ces) }
    }

    /// Hill curve: C^b / (C^b + C*^b).
    fn strength(&self, capability: f64) -> f64 {
        if capability <= 0.0 {
            return 0.0;
        }
        let top = power(capability, self.hill);
        top / (top + power(self.half, self.hill))
    }
}

/// x^e with the common exponents exact.
fn power(x: f64, exponent: f64) -> f64 {
    if exponent == 1.0 {
        x
    } else if exponent == 2.0 {
        x * x
    } else if exponent == -1.0 {
        1.0 / x
    } else {
        pow(x, exponent)
    }
}

/// kappa and capability of all guarantees in one lane.
struct Force<'a> {
    kappa: &'a [f64],
    capability: &'a [f64],
    rho: &'a [f64],
    width: usize,
    lane: usize,
}

impl Force<'_> {
    fn kappa(&self, guarantee: usize, omega: usize) -> f64 {
        self.kappa[(guarantee * 2 + omega) * self.width + self.lane]
    }

    fn capability(&self, attack: &Attack, guarantee: usize, domain: usize) -> f64 {
        self.capability[(guarantee * attack.domains.len() + domain) * self.width + self.lane]
    }

    /// C(omega): the pooled capability of those expected to answer.
    fn pooled(&self, attack: &Attack, shape: &Shape, omega: usize) -> f64 {
        shape.aggregate(attack.domains.len(), |domain| {
            attack
                .answered_by
                .iter()
                .map(|id| self.kappa(id.index(), omega) * self.capability(attack, id.index(), domain))
                .sum()
        })
    }

    /// cap_g: the aggregate over one guarantor alone, Hill-transformed.
    fn alone(&self, attack: &Attack, shape: &Shape, guarantee: usize) -> f64 {
        shape.strength(shape.aggregate(attack.domains.len(), |domain| self.capability(attack, guarantee, domain)))
    }

    fn strength(&self, attack: &Attack, shape: &Shape, omega: usize, pooled: f64) -> f64 {
        let each = || {
            attack.answered_by.iter().map(|id| self.kappa(id.index(), omega) * self.alone(attack, shape, id.index()))
        };
        match attack.combine {
            Combine::Pooled => shape.strength(pooled),
            Combine::Independent => 1.0 - each().map(|p| 1.0 - p).product::<f64>(),
            Combine::WeakestLink if attack.answered_by.is_empty() => 0.0,
            Combine::WeakestLink => each().fold(1.0, f64::min),
            Combine::BestShot => each().fold(0.0, f64::max),
            Combine::Additive => 0.0,
        }
    }

    /// Sum of kappa_g L_g, with L_g the punishment scaled by the guarantor's own capability.
    fn additive(&self, attack: &Attack, shape: &Shape, omega: usize, loss: f64) -> f64 {
        attack
            .answered_by
            .iter()
            .map(|id| {
                let capability =
                    shape.aggregate(attack.domains.len(), |domain| self.capability(attack, id.index(), domain));
                self.kappa(id.index(), omega) * loss * capability
            })
            .sum()
    }

    /// Risk that one of the answers runs out of control.
    fn escalation(&self, attack: &Attack, omega: usize) -> f64 {
        let calm = |id: &crate::id::GuaranteeId| 1.0 - self.kappa(id.index(), omega) * self.rho[id.index()];
        1.0 - attack.answered_by.iter().map(calm).product::<f64>()
    }
}
