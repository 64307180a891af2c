//! Guarantees (`core.md` 6): believed will times capability, and what it does to an attack's prospects.

mod force;

use force::{Force, Shape};

use super::lanes::{Lanes, Tools};
use super::nodes::Nodes;
use super::setup::Setup;
use crate::id::GuaranteeId;
use crate::model::expr::Slot;
use crate::model::{Attack, Combine, Guarantee, Model, Value};
use crate::num::{ln, logistic_all, pow};
use std::collections::BTreeMap;

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
    /// kappa without and with the backer, `[(guarantee * 2 + omega) * width + lane]`.
    kappa: Vec<f64>,
    /// Whether the package has the guarantee, 0 or 1: `[guarantee * width + lane]`.
    pledged: Vec<f64>,
    /// Capability of a fresh force, `[(guarantee * domains + domain) * width + lane]`.
    capability: Vec<f64>,
    /// C(omega) of fresh forces, `[omega * width + lane]`.
    fresh: Vec<f64>,
    /// Aggregate of each fresh force alone, `[guarantee * width + lane]`.
    alone: Vec<f64>,
    /// The guarantee whose fatigue all capable forces of a lane share, or [`MIXED`].
    leader: Vec<usize>,
    /// An earlier lane whose forces may be the same, or the lane itself.
    earlier: Vec<u32>,
    /// Whether the forces that may answer an attack are those of that earlier lane, number by number.
    repeated: Vec<bool>,
    /// What fatigue leaves of each force at the node being valued.
    kept: Vec<f64>,
    /// Loss of capability per year of each guarantee, and rho.
    fatigue: Vec<f64>,
    rho: Vec<f64>,
    row: Vec<f64>,
    terms: Vec<f64>,
    backing: Vec<f64>,
    pooled: Vec<f64>,
    additive: Vec<f64>,
    /// A guarantee that is taken not to answer.
    pub(super) left_out: Option<usize>,
    width: usize,
}

/// Most guarantees whose answers are enumerated.
const MOST_ANSWERS: usize = 14;

/// Forces with different fatigue: their aggregate is no multiple of what it was.
const MIXED: usize = usize::MAX;

/// The forces of one lane; a macro, because the other fields of the table are written meanwhile.
macro_rules! force {
    ($security:expr, $lane:expr) => {
        Force {
            kappa: &$security.kappa,
            pledged: &$security.pledged,
            capability: &$security.capability,
            alone: &$security.alone,
            kept: &$security.kept,
            rho: &$security.rho,
            width: $security.width,
            lane: $lane,
        }
    };
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
        let guarantees = model.guarantees.len();
        let domains = model.attacks.iter().map(|a| a.domains.len()).max().unwrap_or(0).max(1);
        let table = || Table::new(attacks, nodes, width);
        Self {
            g_hat: table(),
            victory: table(),
            defeat: table(),
            punishment: table(),
            escalation: table(),
            kappa: vec![0.0; guarantees * 2 * width],
            pledged: vec![1.0; guarantees * width],
            capability: vec![0.0; guarantees * domains * width],
            fresh: vec![0.0; 2 * width],
            alone: vec![0.0; guarantees * width],
            leader: vec![MIXED; width],
            earlier: (0..width as u32).map(|lane| lane.saturating_sub(1)).collect(),
            repeated: vec![false; width],
            kept: vec![1.0; guarantees],
            fatigue: vec![0.0; guarantees],
            rho: vec![0.0; guarantees],
            row: vec![0.0; width],
            terms: vec![0.0; width],
            backing: vec![0.0; width],
            pooled: vec![0.0; width],
            additive: vec![0.0; width],
            left_out: None,
            width,
        }
    }

    /// The same for the security sub-packages of the model's list: the same forces are expected where the options of all
    /// issues that guarantees read are the same.
    pub(super) fn of_list(model: &Model, setup: &Setup) -> Self {
        let listed = &model.security.representative;
        let mut new = Self::new(model, listed.len().max(1));
        let mut first: BTreeMap<Vec<u16>, u32> = BTreeMap::new();
        for (lane, &package) in listed.iter().enumerate() {
            let options = model.packages.options_of(model.issues.len(), package as usize).iter();
            let read = options.zip(&setup.guarantee_issue).filter(|&(_, &read)| read).map(|(&option, _)| option);
            new.earlier[lane] = *first.entry(read.collect()).or_insert(lane as u32);
        }
        new
    }

    /// Values every attack and node for the first `n` items, whose state and terms stand in `lanes`.
    pub(super) fn revalue(&mut self, at: &At<'_>, view: View<'_>, lanes: &mut Lanes, tools: &mut Tools<'_>, n: usize) {
        // The terms and the clock of peace stand in the lanes, not yet what derives from them.
        lanes.derive(at.model, tools, n, false);
        for guarantee in 0..at.model.guarantees.len() {
            self.resolve(at, guarantee, view, lanes, tools, n);
        }
        for (index, attack) in at.model.attacks.iter().enumerate() {
            let shape = Shape::read(attack, lanes, tools);
            self.arm(attack, at.model, lanes, tools, n);
            self.aggregate(attack, &shape, n);
            let ahead = reads(&attack.balance, at.model.layout.years_ahead);
            for node in 0..attack.nodes.len() {
                lanes.row_mut(at.model.layout.years_ahead)[..n].fill(attack.decides[node]);
                if node == 0 || ahead {
                    tools.many(&attack.balance, lanes, n, &mut self.row);
                }
                self.tire(at.model, attack, attack.decides[node], lanes);
                self.prospects(at, (index, node), &shape, lanes, tools, n);
            }
        }
        lanes.row_mut(at.model.layout.years_ahead)[..n].fill(0.0);
    }

    /// Values who would answer one attack now, and with what, for the first item.
    pub(super) fn muster(
        &mut self,
        at: &At<'_>,
        attack: usize,
        view: View<'_>,
        lanes: &mut Lanes,
        tools: &mut Tools<'_>,
    ) {
        let declared = &at.model.attacks[attack];
        for id in &declared.answered_by {
            self.resolve(at, id.index(), view, lanes, tools, 1);
        }
        self.arm(declared, at.model, lanes, tools, 1);
        self.tire(at.model, declared, declared.decides[0], lanes);
    }

    /// kappa of a guarantee, with and without the backer, rho and fatigue. Nothing of it depends on the node.
    fn resolve(
        &mut self,
        at: &At<'_>,
        index: usize,
        view: View<'_>,
        lanes: &mut Lanes,
        tools: &mut Tools<'_>,
        n: usize,
    ) {
        let guarantee = &at.model.guarantees[index];
        self.rho[index] = tools.one(&guarantee.escalation_risk, lanes, 0);
        self.fatigue[index] = tools.one(&guarantee.fatigue, lanes, 0);
        let first = index * 2 * self.width;
        self.kappa[first..first + 2 * self.width].fill(0.0);
        if self.left_out == Some(index) {
            return;
        }
        match view {
            View::Believed(profiles) if at.setup.guarantee_reads_type => {
                for (profile, &weight) in profiles.iter().enumerate().filter(|&(_, &weight)| weight > 0.0) {
                    for lane in 0..n {
                        at.nodes.place_profile(at.model, at.setup, profile, lanes, lane);
                    }
                    self.add_kappa(guarantee, (index, weight), lanes, tools, n);
                }
                for actor in 0..at.model.actors.len() {
                    Nodes::restore(at.model, actor, at.world, lanes, n);
                }
            }
            View::Believed(_) | View::True => self.add_kappa(guarantee, (index, 1.0), lanes, tools, n),
        }
        if let Some(needs) = &guarantee.needs {
            let pledged = &mut self.pledged[index * self.width..index * self.width + n];
            needs.eval(lanes.frame(tools.scalars), n, pledged, tools.stack);
            for kappa in self.kappa[first..first + 2 * self.width].chunks_exact_mut(self.width) {
                for (kappa, &holds) in kappa.iter_mut().zip(&*pledged) {
                    *kappa *= holds;
                }
            }
        }
    }

    /// Adds `weight` times kappa without and with the backer.
    fn add_kappa(
        &mut self,
        guarantee: &Guarantee,
        (index, weight): (usize, f64),
        lanes: &Lanes,
        tools: &mut Tools<'_>,
        n: usize,
    ) {
        let slope = tools.one(&guarantee.slope, lanes, 0);
        let threshold = tools.one(&guarantee.threshold, lanes, 0);
        let tripwire = tools.one(&guarantee.tripwire, lanes, 0);
        let scale = tools.one(&guarantee.tripwire_scale, lanes, 0);
        let fear = tools.one(&guarantee.escalation_risk, lanes, 0) * tools.one(&guarantee.escalation_fear, lanes, 0);
        let (row, terms, backing) = (&mut self.row, &mut self.terms, &mut self.backing);
        tools.many(&guarantee.will, lanes, n, terms);
        tools.many(&guarantee.stake, lanes, n, row);
        for (term, &stake) in terms[..n].iter_mut().zip(row.iter()) {
            *term += stake;
        }
        tools.many(&guarantee.size, lanes, n, row);
        for (term, &size) in terms[..n].iter_mut().zip(row.iter()) {
            let wire = if tripwire == 0.0 { 0.0 } else { tripwire * ln(1.0 + size.max(0.0) / scale) };
            *term = slope * (*term + wire - fear - threshold);
        }
        match &guarantee.backstop {
            Some(backstop) => tools.many(&backstop.strength, lanes, n, backing),
            None => backing[..n].fill(0.0),
        }
        for (backed, &term) in backing[..n].iter_mut().zip(terms.iter()) {
            *backed = term + slope * *backed;
        }
        logistic_all(&mut terms[..n]);
        logistic_all(&mut backing[..n]);
        for (omega, chances) in [&*terms, &*backing].into_iter().enumerate() {
            let first = (index * 2 + omega) * self.width;
            for (kappa, &chance) in self.kappa[first..first + n].iter_mut().zip(chances) {
                *kappa += weight * chance;
            }
        }
    }

    /// Capability of every force that may answer, before fatigue, by the domains of the attack.
    fn arm(&mut self, attack: &Attack, model: &Model, lanes: &Lanes, tools: &mut Tools<'_>, n: usize) {
        let domains = attack.domains.len();
        for id in &attack.answered_by {
            for (domain, (name, _)) in attack.domains.iter().enumerate() {
                let start = (id.index() * domains + domain) * self.width;
                let out = &mut self.capability[start..start + n];
                match model.guarantees[id.index()].capability.iter().find(|(d, _)| d == name) {
                    Some((_, value)) => tools.many(value, lanes, n, out),
                    None => out.fill(0.0),
                }
                for c in out {
                    *c = c.max(0.0);
                }
            }
        }
    }

    /// Finds lanes with the same forces as an earlier one: packages that differ in something else.
    fn find_repeated(&mut self, attack: &Attack, n: usize) {
        let width = self.width;
        let domains = attack.domains.len();
        let Self { earlier, repeated, kappa, pledged, capability, .. } = self;
        for (lane, (same, &before)) in repeated[..n].iter_mut().zip(&*earlier).enumerate() {
            *same = (before as usize) < lane;
        }
        let mut compare = |row: &[f64]| {
            for ((same, &before), now) in repeated[..n].iter_mut().zip(&*earlier).zip(row) {
                *same &= *now == row[before as usize];
            }
        };
        for id in &attack.answered_by {
            let index = id.index();
            kappa[index * 2 * width..].chunks(width).take(2).for_each(&mut compare);
            capability[index * domains * width..].chunks(width).take(domains).for_each(&mut compare);
            compare(&pledged[index * width..]);
        }
    }

    /// Aggregates of the fresh forces: what fatigue takes off all of them alike, it takes off the aggregate.
    fn aggregate(&mut self, attack: &Attack, shape: &Shape, n: usize) {
        let width = self.width;
        self.kept.fill(1.0);
        self.find_repeated(attack, n);
        for lane in 0..n {
            if self.repeated[lane] {
                let before = self.earlier[lane] as usize;
                for id in &attack.answered_by {
                    self.alone[id.index() * width + lane] = self.alone[id.index() * width + before];
                }
                self.leader[lane] = self.leader[before];
                for omega in 0..2 {
                    self.fresh[omega * width + lane] = self.fresh[omega * width + before];
                }
                continue;
            }
            for id in &attack.answered_by {
                let aggregate = force!(self, lane).alone(attack, shape, id.index());
                self.alone[id.index() * width + lane] = aggregate;
            }
            let force = force!(self, lane);
            let mut leader = None;
            for id in &attack.answered_by {
                let idle = (0..2).all(|omega| force.kappa(id.index(), omega) == 0.0)
                    || (0..attack.domains.len()).all(|domain| force.capability(attack, id.index(), domain) == 0.0);
                leader = match leader {
                    _ if idle => leader,
                    None => Some(id.index()),
                    Some(first) if first != MIXED && self.fatigue[first] == self.fatigue[id.index()] => leader,
                    Some(_) => Some(MIXED),
                };
            }
            self.leader[lane] = leader.unwrap_or(0);
            for omega in 0..2 {
                let same = omega == 1
                    && attack.answered_by.iter().all(|id| force.kappa(id.index(), 0) == force.kappa(id.index(), 1));
                self.fresh[omega * width + lane] =
                    if same { self.fresh[lane] } else { force.pooled(attack, shape, omega) };
            }
        }
    }

    /// What is left of each force that many years ahead.
    fn tire(&mut self, model: &Model, attack: &Attack, ahead: f64, lanes: &Lanes) {
        let years = (ahead - 1.0 + lanes.get(model.layout.months_in_regime, 0) / 12.0).max(0.0);
        for id in &attack.answered_by {
            let fatigue = self.fatigue[id.index()];
            self.kept[id.index()] = if fatigue == 0.0 { 1.0 } else { pow(1.0 - fatigue, years) };
        }
    }

    /// G, the war lottery, punishment and escalation of one attack and node; the log balance stands in `row`.
    fn prospects(
        &mut self,
        at: &At<'_>,
        (index, node): (usize, usize),
        shape: &Shape,
        lanes: &Lanes,
        tools: &mut Tools<'_>,
        n: usize,
    ) {
        let attack = &at.model.attacks[index];
        let backed = at.backing(attack, lanes, tools);
        let width = self.width;
        let tau = tools.one(&attack.win_threshold, lanes, 0);
        let slope = tools.one(&attack.win_slope, lanes, 0);
        let phi = tools.one(&attack.denial_share, lanes, 0);
        let denial = tools.one(&attack.denial, lanes, 0);
        let loss = tools.one(&attack.punishment, lanes, 0);
        let g0 = tools.one(&attack.threshold, lanes, 0);
        for lane in 0..n {
            if self.repeated[lane] {
                let before = self.earlier[lane] as usize;
                self.pooled[lane] = self.pooled[before];
                self.additive[lane] = self.additive[before];
                for table in [&mut self.g_hat, &mut self.escalation] {
                    let row = table.row_mut(index, node);
                    row[lane] = row[before];
                }
                continue;
            }
            let force = force!(self, lane);
            let (mut strength, mut pooled, mut additive, mut wild) = (0.0, 0.0, 0.0, 0.0);
            for (omega, chance) in [(0, 1.0 - backed), (1, backed)] {
                if chance == 0.0 {
                    continue;
                }
                let c = match self.leader[lane] {
                    MIXED => force.pooled(attack, shape, omega),
                    leader => self.kept.get(leader).copied().unwrap_or(1.0) * self.fresh[omega * width + lane],
                };
                pooled += chance * c;
                strength += chance * force.strength(attack, shape, omega, c);
                if attack.combine == Combine::Additive {
                    additive += chance * loss * force.additive(attack, omega);
                }
                wild += chance * force.escalation(attack, omega);
            }
            self.pooled[lane] = pooled;
            self.additive[lane] = additive;
            self.g_hat.row_mut(index, node)[lane] = strength;
            self.escalation.row_mut(index, node)[lane] = wild;
        }
        let strength = &self.g_hat.row(index, node)[..n];
        let punishment = self.punishment.row_mut(index, node)[..n].iter_mut();
        for ((out, &g), &additive) in punishment.zip(strength).zip(&self.additive) {
            let taken = (1.0 - phi) * loss * (g - g0).max(0.0);
            *out = if attack.combine == Combine::Additive { additive } else { taken };
        }
        let wins = &mut self.victory.row_mut(index, node)[..n];
        let beaten = &mut self.defeat.row_mut(index, node)[..n];
        for lane in 0..n {
            let balance = self.row[lane] - phi * denial * self.pooled[lane];
            wins[lane] = (balance - tau) / slope;
            beaten[lane] = (balance + tau) / slope;
        }
        logistic_all(wins);
        logistic_all(beaten);
        for chance in beaten {
            *chance = 1.0 - *chance;
        }
    }

    /// kappa of guarantee `guarantee` in `lane` as last valued, with the backer standing or not.
    pub(super) fn kappa(&self, guarantee: usize, omega: usize, lane: usize) -> f64 {
        self.kappa[(guarantee * 2 + omega) * self.width + lane]
    }

    /// Expected strength of those who answer at the first node of an attack, each of them or not: what the pooled form
    /// takes the strength of the expected capability for. The first lane must have been mustered. None for other forms, and
    /// for more guarantees than can be enumerated.
    pub(super) fn exact_strength(
        &self,
        at: &At<'_>,
        attack: usize,
        lanes: &Lanes,
        tools: &mut Tools<'_>,
    ) -> Option<f64> {
        let declared = &at.model.attacks[attack];
        let answering = &declared.answered_by;
        if declared.combine != Combine::Pooled || answering.len() > MOST_ANSWERS {
            return None;
        }
        let shape = Shape::read(declared, lanes, tools);
        let backed = at.backing(declared, lanes, tools);
        let mut expected = 0.0;
        for subset in 0..1_u64 << answering.len() {
            let (mut chance, mut mask) = ([1.0 - backed, backed], 0_u64);
            for (bit, id) in answering.iter().enumerate() {
                let answers = subset & (1 << bit) != 0;
                mask |= u64::from(answers) << id.index();
                for (omega, chance) in chance.iter_mut().enumerate() {
                    let kappa = self.kappa(id.index(), omega, 0);
                    *chance *= if answers { kappa } else { 1.0 - kappa };
                }
            }
            let strength = shape.strength(self.capability_of(at.model, attack, mask, lanes, tools));
            expected += (chance[0] + chance[1]) * strength;
        }
        Some(expected)
    }

    /// Pooled capability of the guarantors in the bit set `answering`, in the first lane as last mustered.
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
        let force = force!(self, 0);
        shape.aggregate(declared.domains.len(), |domain| {
            let answers = |id: &&GuaranteeId| answering & (1 << id.index()) != 0;
            let left = |id: &GuaranteeId| self.kept[id.index()] * force.capability(declared, id.index(), domain);
            declared.answered_by.iter().filter(answers).map(left).sum()
        })
    }
}

/// Whether a value reads a lane slot.
fn reads(value: &Value, slot: u32) -> bool {
    matches!(value, Value::Program(program) if program.reads().contains(&Slot::Lane(slot)))
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
