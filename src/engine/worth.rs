//! What a register is worth (`core.md` 5) once it is known when it is struck: the expected value is linear in an actor's
//! flow and in what each ending is worth to it, with coefficients that depend on nothing of it but its patience.
//!
//! P = U u + sum over kinds of H worth, where U and H are sums over nodes of discounted chances, mixed over the attackers'
//! types. What a victim makes of an attack is itself linear in the chances of the lottery, so that five columns an attack
//! hold all of it.

use super::security::Security;

/// Columns of the lottery that an attack opens: calm, won, lost, out of control, answered.
pub(super) const LOTTERY: usize = 5;

/// What an attack would meet, by attack, node and item: the columns of [`Security`] spread over items.
#[derive(Clone, Debug)]
pub(super) struct Met {
    /// `[((attack * nodes + node) * LOTTERY + column) * width + item]`.
    lottery: Vec<f64>,
    /// Loss by punishment, `[(attack * nodes + node) * width + item]`.
    punishment: Vec<f64>,
    nodes: usize,
    width: usize,
}

impl Met {
    pub(super) fn new(attacks: usize, nodes: usize, width: usize) -> Self {
        Self {
            lottery: vec![0.0; attacks * nodes * LOTTERY * width],
            punishment: vec![0.0; attacks * nodes * width],
            nodes,
            width,
        }
    }

    /// Spreads what is known of security sub-packages over the items that have them.
    pub(super) fn spread(&mut self, security: &Security, attacks: usize, security_of: &[u32]) {
        let n = security_of.len();
        for attack in 0..attacks {
            for node in 0..self.nodes {
                let wins = security.victory.row(attack, node);
                let beaten = security.defeat.row(attack, node);
                let q = security.escalation.row(attack, node);
                let g = security.g_hat.row(attack, node);
                let loss = security.punishment.row(attack, node);
                let first = (attack * self.nodes + node) * LOTTERY * self.width;
                let rows = &mut self.lottery[first..first + LOTTERY * self.width];
                let (calm, rows) = rows.split_at_mut(self.width);
                let (won, rows) = rows.split_at_mut(self.width);
                let (lost, rows) = rows.split_at_mut(self.width);
                let (wild, answered) = rows.split_at_mut(self.width);
                let first = (attack * self.nodes + node) * self.width;
                let punishment = &mut self.punishment[first..first + n];
                for item in 0..n {
                    let sub = security_of[item] as usize;
                    let still = 1.0 - q[sub];
                    calm[item] = still;
                    won[item] = still * wins[sub];
                    lost[item] = still * beaten[sub];
                    wild[item] = q[sub];
                    answered[item] = g[sub];
                    punishment[item] = loss[sub];
                }
            }
        }
    }

    /// The lottery of one attack at one node.
    pub(super) fn lottery(&self, attack: usize, node: usize, n: usize) -> [&[f64]; LOTTERY] {
        let first = (attack * self.nodes + node) * LOTTERY;
        std::array::from_fn(|column| &self.lottery[(first + column) * self.width..(first + column) * self.width + n])
    }

    /// Punishment of one attack at one node.
    pub(super) fn punishment(&self, attack: usize, node: usize, n: usize) -> &[f64] {
        let first = (attack * self.nodes + node) * self.width;
        &self.punishment[first..first + n]
    }
}

/// What one attack is worth to somebody who does not make it: factors of the columns of its lottery.
pub(super) type Stake = [f64; LOTTERY];

/// How many columns there are of each sort.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Nodes; the tail comes after them.
    pub(super) nodes: usize,
    /// Attacks.
    pub(super) attacks: usize,
    /// Kinds of what can strike: attacks, then hazards.
    pub(super) kinds: usize,
    /// Type profiles of the attackers.
    pub(super) profiles: usize,
    /// The tail renews.
    pub(super) renewal: bool,
}

/// Chances of what becomes of each item, mixed over the attackers' types, and the coefficients that follow for one patience.
#[derive(Clone, Debug)]
pub(super) struct Worth {
    shape: Shape,
    width: usize,
    n: usize,
    /// Chance that the register stands at the beginning of a node, and last of the tail: `[slot * width + item]`.
    alive: Vec<f64>,
    /// Chance that a kind strikes in a node, `[(node * kinds + kind) * width + item]`.
    hit: Vec<f64>,
    /// The same for attacks times the columns of the lottery, `[((node * attacks + attack) * LOTTERY + column) * width]`.
    laid: Vec<f64>,
    /// Lottery of each attack in the tail, `[(attack * LOTTERY + column) * width + item]`.
    last: Vec<f64>,
    /// Weight of a profile times the chance that it reaches the tail, `[profile * width + item]`; zero if it has no weight.
    left: Vec<f64>,
    /// Yearly chances in the tail: `[(profile * (kinds + 1) + kind) * width + item]`, last that of anything.
    tail: Vec<f64>,
    /// Profiles with weight, and whether there are any yet.
    active: Vec<bool>,
    begun: bool,
    /// Discount factor per year for which the coefficients below hold.
    patience: Option<f64>,
    /// U.
    keep: Vec<f64>,
    /// H of each kind, for attacks in the tail only until they are laid out.
    strike: Vec<f64>,
    /// H of each attack times the columns of its lottery.
    suffer: Vec<f64>,
    row: Vec<f64>,
}

/// The strikes of one profile, `[(slot * kinds + kind) * width + item]` and `[slot * width + item]`.
#[derive(Clone, Copy)]
pub(super) struct Strikes<'a> {
    /// By kind.
    pub(super) of: &'a [f64],
    /// By anything.
    pub(super) any: &'a [f64],
}

/// An actor's patience: discount over a year and over each node.
#[derive(Clone, Copy)]
pub(super) struct Patience<'a> {
    /// Over a year.
    pub(super) yearly: f64,
    /// Over each node.
    pub(super) over_node: &'a [f64],
}

impl Worth {
    pub(super) fn new(shape: Shape, width: usize) -> Self {
        let Shape { nodes, attacks, kinds, profiles, .. } = shape;
        Self {
            shape,
            width,
            n: 0,
            alive: vec![0.0; (nodes + 1) * width],
            hit: vec![0.0; nodes * kinds * width],
            laid: vec![0.0; nodes * attacks * LOTTERY * width],
            last: vec![0.0; attacks * LOTTERY * width],
            left: vec![0.0; profiles * width],
            tail: vec![0.0; profiles * (kinds + 1) * width],
            active: vec![false; profiles],
            begun: false,
            patience: None,
            keep: vec![0.0; width],
            strike: vec![0.0; kinds * width],
            suffer: vec![0.0; attacks * LOTTERY * width],
            row: vec![0.0; width],
        }
    }

    /// Forgets everything, before the profiles of `n` items are added.
    pub(super) fn clear(&mut self, n: usize) {
        self.n = n;
        self.patience = None;
        self.active.fill(false);
        self.begun = false;
    }

    /// Adds what becomes of the items under one profile with this weight.
    pub(super) fn add(&mut self, profile: usize, weight: f64, strikes: Strikes<'_>) {
        let (n, width) = (self.n, self.width);
        let Shape { nodes, kinds, .. } = self.shape;
        self.active[profile] = true;
        let first = !std::mem::replace(&mut self.begun, true);
        let left = &mut self.left[profile * width..profile * width + n];
        left.fill(weight);
        for node in 0..nodes {
            count(&mut self.alive[node * width..node * width + n], left.iter().copied(), first);
            for kind in 0..kinds {
                let at = (node * kinds + kind) * width;
                let struck = left.iter().zip(&strikes.of[at..at + n]).map(|(&standing, &h)| standing * h);
                count(&mut self.hit[at..at + n], struck, first);
            }
            for (standing, &h) in left.iter_mut().zip(&strikes.any[node * width..node * width + n]) {
                *standing *= 1.0 - h;
            }
        }
        count(&mut self.alive[nodes * width..nodes * width + n], left.iter().copied(), first);
        let first = profile * (kinds + 1) * width;
        for kind in 0..kinds {
            let from = (nodes * kinds + kind) * width;
            self.tail[first + kind * width..first + kind * width + n].copy_from_slice(&strikes.of[from..from + n]);
        }
        let first = first + kinds * width;
        self.tail[first..first + n].copy_from_slice(&strikes.any[nodes * width..nodes * width + n]);
    }

    /// Multiplies out chances and lotteries, once all profiles are in.
    pub(super) fn lay_out(&mut self, met: &Met) {
        let (n, width) = (self.n, self.width);
        let Shape { nodes, kinds, attacks, .. } = self.shape;
        if !self.begun {
            self.alive.fill(0.0);
            self.hit.fill(0.0);
        }
        for attack in 0..attacks {
            for node in 0..nodes {
                let hit = &self.hit[(node * kinds + attack) * width..(node * kinds + attack) * width + n];
                for (column, chances) in met.lottery(attack, node, n).into_iter().enumerate() {
                    let first = ((node * attacks + attack) * LOTTERY + column) * width;
                    for ((out, &h), &c) in self.laid[first..first + n].iter_mut().zip(hit).zip(chances) {
                        *out = h * c;
                    }
                }
            }
            for (column, chances) in met.lottery(attack, nodes - 1, n).into_iter().enumerate() {
                let first = (attack * LOTTERY + column) * width;
                self.last[first..first + n].copy_from_slice(chances);
            }
        }
    }

    /// Chance that a register stands at the beginning of a node.
    pub(super) fn alive(&self, node: usize) -> &[f64] {
        &self.alive[node * self.width..node * self.width + self.n]
    }

    /// Chance that a kind strikes within a node.
    pub(super) fn hit(&self, node: usize, kind: usize) -> &[f64] {
        let first = (node * self.shape.kinds + kind) * self.width;
        &self.hit[first..first + self.n]
    }

    /// Coefficients for one patience; nothing is done where they hold already.
    pub(super) fn weigh(&mut self, who: Patience<'_>) {
        if self.patience == Some(who.yearly) {
            return;
        }
        self.patience = Some(who.yearly);
        let (n, width) = (self.n, self.width);
        let Shape { nodes, kinds, attacks, .. } = self.shape;
        self.strike[..attacks * width].fill(0.0);
        let mut d = 1.0;
        for node in 0..nodes {
            let b = who.over_node[node];
            let first = node == 0;
            let (stay, go) = (d * (1.0 - b), d * b);
            let alive = self.alive[node * width..].iter();
            count(&mut self.keep[..n], alive.map(|&x| stay * x), first);
            for kind in attacks..kinds {
                let hit = self.hit[(node * kinds + kind) * width..].iter();
                count(&mut self.strike[kind * width..kind * width + n], hit.map(|&x| go * x), first);
            }
            for column in 0..attacks * LOTTERY {
                let laid = self.laid[(node * attacks * LOTTERY + column) * width..].iter();
                count(&mut self.suffer[column * width..column * width + n], laid.map(|&x| go * x), first);
            }
            d *= b;
        }
        if !self.shape.renewal {
            add(&mut self.keep[..n], d, &self.alive[nodes * width..]);
            return;
        }
        for profile in 0..self.shape.profiles {
            if self.active[profile] {
                self.renew(profile, who.yearly, d);
            }
        }
        for attack in 0..attacks {
            for column in 0..LOTTERY {
                let first = (attack * LOTTERY + column) * width;
                let struck = &self.strike[attack * width..attack * width + n];
                let last = &self.last[first..first + n];
                for ((sum, &h), &c) in self.suffer[first..first + n].iter_mut().zip(struck).zip(last) {
                    *sum += h * c;
                }
            }
        }
    }

    /// Adds the tail of one profile, where every year is like the last node: [(1-B) u + B h e] / [1 - B (1-h)].
    fn renew(&mut self, profile: usize, b: f64, d: f64) {
        let (n, width) = (self.n, self.width);
        let kinds = self.shape.kinds;
        let tail = &self.tail[profile * (kinds + 1) * width..(profile + 1) * (kinds + 1) * width];
        let left = &mut self.left[profile * width..profile * width + n];
        let any = &tail[kinds * width..kinds * width + n];
        let keep = &mut self.keep[..n];
        let row = &mut self.row[..n];
        for item in 0..n {
            let rest = 1.0 - b * (1.0 - any[item]);
            let reached = d * left[item];
            // Only a patience of one and no hazard leave nothing: then the flow lasts for ever.
            let share = if rest > 0.0 { reached / rest } else { 0.0 };
            keep[item] += if rest > 0.0 { (1.0 - b) * share } else { reached };
            row[item] = b * share;
        }
        for kind in 0..kinds {
            let struck = &mut self.strike[kind * width..kind * width + n];
            for ((sum, &share), &h) in struck.iter_mut().zip(row.iter()).zip(&tail[kind * width..kind * width + n]) {
                *sum += share * h;
            }
        }
    }

    /// P of each item from its flow, by what each attack and each hazard is worth.
    pub(super) fn value(
        &self,
        flow: impl Iterator<Item = f64>,
        (stakes, hazards): (&[Stake], &[f64]),
        out: &mut [f64],
    ) {
        let (n, width) = (self.n, self.width);
        let attacks = self.shape.attacks;
        for ((out, &keep), u) in out.iter_mut().zip(&self.keep[..n]).zip(flow) {
            *out = keep * u;
        }
        let out = &mut out[..n];
        for (attack, stake) in stakes.iter().enumerate() {
            let column = |c: usize| &self.suffer[(attack * LOTTERY + c) * width..(attack * LOTTERY + c) * width + n];
            let [calm, won, lost, wild, answered]: [&[f64]; LOTTERY] = std::array::from_fn(column);
            for item in 0..n {
                out[item] += stake[0] * calm[item]
                    + stake[1] * won[item]
                    + stake[2] * lost[item]
                    + stake[3] * wild[item]
                    + stake[4] * answered[item];
            }
        }
        for (index, &worth) in hazards.iter().enumerate() {
            add(out, worth, &self.strike[(attacks + index) * width..]);
        }
    }
}

/// Adds a column, or lets a sum begin with it: at zero, which a negative zero becomes.
#[inline]
fn count(sum: &mut [f64], column: impl Iterator<Item = f64>, first: bool) {
    if first {
        for (sum, x) in sum.iter_mut().zip(column) {
            *sum = 0.0 + x;
        }
    } else {
        for (sum, x) in sum.iter_mut().zip(column) {
            *sum += x;
        }
    }
}

/// Adds `factor` times a column.
fn add(sum: &mut [f64], factor: f64, column: &[f64]) {
    for (sum, &x) in sum.iter_mut().zip(column) {
        *sum += factor * x;
    }
}
