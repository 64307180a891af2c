//! What forces amount to: the aggregate over domains, and how the guarantors of one attack combine.

use super::super::lanes::{Lanes, Tools};
use crate::id::GuaranteeId;
use crate::model::{Attack, Combine};
use crate::num::{exp, ln, pow};

/// Parameters of the aggregate.
pub(super) struct Shape {
    weights: [f64; 8],
    ces: f64,
    hill: f64,
    /// C* to the power b.
    half: f64,
}

impl Shape {
    pub(super) fn read(attack: &Attack, lanes: &Lanes, tools: &mut Tools<'_>) -> Self {
        let mut weights = [0.0; 8];
        for (slot, (_, weight)) in weights.iter_mut().zip(&attack.domains) {
            *slot = tools.one(weight, lanes, 0);
        }
        let hill = tools.one(&attack.hill, lanes, 0);
        let half = power(tools.one(&attack.half_capability, lanes, 0), hill);
        Self { weights, ces: tools.one(&attack.ces, lanes, 0), hill, half }
    }

    /// CES aggregate over domains; an empty domain with weight makes it 0 for r <= 0.
    pub(super) fn aggregate(&self, domains: usize, capability: impl Fn(usize) -> f64) -> f64 {
        if domains == 0 {
            return 0.0;
        }
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
        if self.ces == 0.0 { exp(sum) } else { power(sum, 1.0 / self.ces) }
    }

    /// Hill curve: C^b / (C^b + C*^b).
    pub(super) fn strength(&self, capability: f64) -> f64 {
        if capability <= 0.0 {
            return 0.0;
        }
        let top = power(capability, self.hill);
        top / (top + self.half)
    }
}

/// x^e of a positive number, with the common exponents exact.
fn power(x: f64, exponent: f64) -> f64 {
    if exponent == 1.0 {
        x
    } else if exponent == 2.0 {
        x * x
    } else if exponent == -1.0 {
        1.0 / x
    } else if x > 0.0 {
        exp(exponent * ln(x))
    } else {
        pow(x, exponent)
    }
}

/// kappa and capability of all guarantees in one lane.
pub(super) struct Force<'a> {
    pub(super) kappa: &'a [f64],
    pub(super) pledged: &'a [f64],
    pub(super) capability: &'a [f64],
    pub(super) alone: &'a [f64],
    pub(super) kept: &'a [f64],
    pub(super) rho: &'a [f64],
    pub(super) width: usize,
    pub(super) lane: usize,
}

impl Force<'_> {
    pub(super) fn kappa(&self, guarantee: usize, omega: usize) -> f64 {
        self.kappa[(guarantee * 2 + omega) * self.width + self.lane]
    }

    /// Capability of a fresh force.
    pub(super) fn capability(&self, attack: &Attack, guarantee: usize, domain: usize) -> f64 {
        self.capability[(guarantee * attack.domains.len() + domain) * self.width + self.lane]
    }

    /// C(omega): the pooled capability of those expected to answer.
    pub(super) fn pooled(&self, attack: &Attack, shape: &Shape, omega: usize) -> f64 {
        shape.aggregate(attack.domains.len(), |domain| {
            let expected = |id: &GuaranteeId| {
                let left = self.kept[id.index()] * self.capability(attack, id.index(), domain);
                self.kappa(id.index(), omega) * left
            };
            attack.answered_by.iter().map(expected).sum()
        })
    }

    /// The aggregate over one fresh force alone.
    pub(super) fn alone(&self, attack: &Attack, shape: &Shape, guarantee: usize) -> f64 {
        shape.aggregate(attack.domains.len(), |domain| self.capability(attack, guarantee, domain))
    }

    /// What is left of the aggregate over one force alone.
    pub(super) fn left(&self, guarantee: usize) -> f64 {
        self.kept[guarantee] * self.alone[guarantee * self.width + self.lane]
    }

    pub(super) fn strength(&self, attack: &Attack, shape: &Shape, omega: usize, pooled: f64) -> f64 {
        let each = || {
            let answer = |id: &GuaranteeId| self.kappa(id.index(), omega) * shape.strength(self.left(id.index()));
            attack.answered_by.iter().map(answer)
        };
        match attack.combine {
            Combine::Pooled => shape.strength(pooled),
            Combine::Independent => 1.0 - each().map(|p| 1.0 - p).product::<f64>(),
            Combine::WeakestLink => {
                let part = |id: &&GuaranteeId| self.pledged[id.index() * self.width + self.lane] != 0.0;
                let pledged = attack.answered_by.iter().zip(each()).filter(|(id, _)| part(id));
                pledged.map(|(_, chance)| chance).reduce(f64::min).unwrap_or(0.0)
            }
            Combine::BestShot => each().fold(0.0, f64::max),
            Combine::Additive => 0.0,
        }
    }

    /// Sum of kappa_g times capability_g.
    pub(super) fn additive(&self, attack: &Attack, omega: usize) -> f64 {
        attack.answered_by.iter().map(|id| self.kappa(id.index(), omega) * self.left(id.index())).sum()
    }

    /// Risk that one of the answers runs out of control.
    pub(super) fn escalation(&self, attack: &Attack, omega: usize) -> f64 {
        let calm = |id: &GuaranteeId| 1.0 - self.kappa(id.index(), omega) * self.rho[id.index()];
        1.0 - attack.answered_by.iter().map(calm).product::<f64>()
    }
}
