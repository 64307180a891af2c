//! Imposed instruments (`core.md` 2): what their providers may add to a settlement without the adversary's yes.
//!
//! Right after a settlement x is signed, the providers decide between the best z that they may supply and nothing. It is
//! supplied with chance zeta = L(`consent_precision` times the least margin), over every provider (of a body the pivotal
//! member) and every other party, P(x+z) - P(x) as publicly expected. Everybody knows that when x is valued:
//! P(x) + zeta (P(x+z) - P(x)), and so with the chance of an attack.
//!
//! The forecast is made once for all settlements that are alike in their security sub-package, in the issues in scope and
//! in what may be supplied on them, from the first of them in the list, at the start and then every year; the decision
//! itself is taken on what was signed, when it is signed. z keeps or raises the options of the issues in scope, may not
//! be forbidden by a rule or barred by an option of x, and needs no more troops than its coalition has on offer. Where
//! several instruments are declared, the one with the largest margin is decided on. Those who take a parameter for
//! something else than it is go by the public forecast here.

mod trial;

use std::collections::BTreeMap;
use std::ops::Range;

use super::game::Game;
use super::lanes::Lanes;
use super::observer::{Deal, Move, Observer};
use super::pivot::{MEMBERS, pivot};
use super::play::Table;
use super::record::Agreement;
use super::setup::{Partial, Setup};
use super::talks::Room;
use crate::id::ActorId;
use crate::model::expr::Stack;
use crate::model::{KEEP, Model};
use crate::num::logistic;
use crate::rng::Purpose;
pub(super) use trial::{Readers, Trial};

/// Most registers that are valued at once.
const BATCH: usize = 256;
/// Troops on offer are compared with what an option needs up to this much.
const DUST: f64 = 1e-9;
/// Months for which a forecast stands.
const STANDS_MONTHS: f64 = 12.0;

/// A settlement as it is, or with something supplied on it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// First package of its class.
    package: u32,
    /// What is supplied; none: nothing.
    supplied: Option<Partial>,
}

/// What is expected of the providers.
#[derive(Clone, Copy, Debug, Default)]
struct Supply {
    /// Chance that they supply.
    chance: f64,
    /// What.
    entry: usize,
}

/// What may be supplied on every package, and what is expected.
#[derive(Clone, Debug)]
pub(super) struct Imposed {
    /// Class of each package.
    class_of: Vec<u32>,
    /// First entry of each class, which is the package itself, and the end of the last.
    first: Vec<usize>,
    entries: Vec<Entry>,
    /// P of each entry, `[node * entries + entry]`.
    value: Vec<f64>,
    /// Probability of an attack within all nodes, and within five years, by entry.
    attack: Vec<[f64; 2]>,
    /// Least margin of those who must agree.
    margin: Vec<f64>,
    /// By class.
    supply: Vec<Supply>,
    /// What supply adds to P, by class: scratch.
    adds: Vec<f64>,
    /// Whose P is forecast; and the same where something is signed, so that everybody's values are wanted.
    readers: Readers,
    signed: Readers,
    trial: Trial,
    /// The forecast is made anew at the next valuation; later on from this step.
    due: bool,
    next: usize,
}

/// What was supplied on a settlement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Supplied {
    what: Partial,
    /// Deterrent strength of the register with it, as believed.
    pub(super) g_hat: f64,
}

impl Imposed {
    /// None if the model imposes nothing.
    pub(super) fn new(model: &Model, setup: &Setup) -> Option<Box<Self>> {
        let mut variants = Vec::new();
        for (instrument, one) in model.instruments.iter().enumerate().filter(|(_, one)| one.imposed) {
            variants.extend((0..one.variants.len()).map(|variant| Partial { instrument, variant }));
        }
        if variants.is_empty() {
            return None;
        }
        let (class_of, first, entries) = classes(model, &variants);
        let n = entries.len();
        let readers = Readers::of(model, setup, setup.valued.clone());
        Some(Box::new(Self {
            class_of,
            value: vec![0.0; setup.n_nodes * n],
            attack: vec![[0.0; 2]; n],
            margin: vec![0.0; n],
            supply: vec![Supply::default(); first.len() - 1],
            adds: vec![0.0; first.len() - 1],
            signed: readers.with_all_terms(),
            readers,
            trial: Trial::new(model, setup, (setup.width / 2).clamp(1, BATCH)),
            due: true,
            next: 0,
            first,
            entries,
        }))
    }

    /// Notes that time has passed; `anew` at the start of a replication.
    pub(super) fn fall_due(&mut self, model: &Model, step: usize, anew: bool) {
        if anew || step >= self.next {
            self.due = true;
            self.next = step + ((STANDS_MONTHS / model.clock.months_per_step).round() as usize).max(1);
        }
    }

    fn of_class(&self, class: usize) -> Range<usize> {
        self.first[class]..self.first[class + 1]
    }

    /// Values these entries, on `signed` if something was signed, else on the first package of their class.
    fn value(&mut self, model: &Model, setup: &Setup, game: &mut Game, span: Range<usize>, signed: Option<usize>) {
        let (n_entries, end) = (self.entries.len(), span.end);
        for start in span.step_by(self.trial.width) {
            let n = self.trial.width.min(end - start);
            self.trial.begin(n);
            for lane in 0..n {
                let Entry { package, supplied } = self.entries[start + lane];
                put(model, &mut self.trial, lane, signed.unwrap_or(package as usize), supplied);
            }
            self.trial.value(model, setup, game, &self.readers);
            for node in 0..setup.n_nodes {
                let at = node * n_entries + start;
                self.value[at..at + n].copy_from_slice(&self.trial.keeping.value(node)[..n]);
            }
            for lane in 0..n {
                let keeping = &self.trial.keeping;
                self.attack[start + lane] = [keeping.attack_prob[lane], keeping.attack_prob_60m[lane]];
            }
        }
    }

    /// Margins of a class from its values.
    fn weigh(&mut self, model: &Model, setup: &Setup, beliefs: &[f64], class: usize) {
        let span = self.of_class(class);
        let (n, bare) = (self.entries.len(), span.start);
        let gain = |actor: usize, entry: usize| -> f64 {
            let nodes = setup.first_node[actor]..setup.first_node[actor] + setup.nodes[actor];
            nodes.map(|node| beliefs[node] * (self.value[node * n + entry] - self.value[node * n + bare])).sum()
        };
        for entry in span.skip(1) {
            let Some(Partial { instrument, .. }) = self.entries[entry].supplied else { continue };
            let one = &model.instruments[instrument];
            let of_party = |party: &ActorId| gain(party.index(), entry);
            let of_provider = |&provider: &u16| {
                let provider = usize::from(provider);
                let mut margins = [(0.0, 0.0); MEMBERS];
                let members = &setup.members[provider];
                for (slot, &(actor, weight)) in margins.iter_mut().zip(members) {
                    *slot = (gain(actor, entry), weight);
                }
                pivot(&mut margins[..members.len().min(MEMBERS)], model.deliverers[provider].quota)
            };
            let all = one.parties.iter().map(of_party).chain(one.providers.iter().map(of_provider));
            self.margin[entry] = all.fold(f64::INFINITY, f64::min);
        }
    }

    /// The best that the providers of a class can supply now, and the chance that they do.
    fn choose(&self, model: &Model, world: &Lanes, precision: f64, class: usize) -> Supply {
        let span = self.of_class(class);
        let options = model.packages.options_of(model.issues.len(), self.entries[span.start].package as usize);
        let mut best: Option<usize> = None;
        for entry in span.skip(1) {
            let Some(Partial { instrument, variant }) = self.entries[entry].supplied else { continue };
            let terms = &model.instruments[instrument].variants[variant];
            let better = best.is_none_or(|best| self.margin[entry] > self.margin[best]);
            if better && on_offer(model, world, options, terms) {
                best = Some(entry);
            }
        }
        best.map_or_else(Supply::default, |entry| Supply { chance: logistic(precision * self.margin[entry]), entry })
    }

    /// What supply adds to P of a package, as expected of a type node.
    fn addition(&self, node: usize, package: usize) -> f64 {
        self.class_adds(node, self.class_of[package] as usize)
    }

    /// The same of every package of a class.
    fn class_adds(&self, node: usize, class: usize) -> f64 {
        let Supply { chance, entry } = self.supply[class];
        if chance == 0.0 {
            return 0.0;
        }
        let at = node * self.entries.len();
        chance * (self.value[at + entry] - self.value[at + self.first[class]])
    }
}

/// Writes a package, and what is supplied on it, into a lane of the trial.
fn put(model: &Model, trial: &mut Trial, lane: usize, package: usize, supplied: Option<Partial>) {
    let options = model.packages.options_of(model.issues.len(), package);
    for (issue, &option) in options.iter().enumerate() {
        let term = supplied
            .map_or(KEEP, |Partial { instrument, variant }| model.instruments[instrument].variants[variant][issue]);
        trial.put(model, lane, issue, if term == KEEP { option } else { term });
    }
}

/// Whether the coalitions have the troops that these terms need beyond what was agreed.
fn on_offer(model: &Model, world: &Lanes, agreed: &[u16], terms: &[u16]) -> bool {
    model.coalitions.iter().enumerate().all(|(index, coalition)| {
        let issue = coalition.issue.index();
        let term = terms[issue];
        let pledged = world.get(model.layout.pledged + index as u32, 0);
        term == KEEP || term == agreed[issue] || coalition.needs[usize::from(term)] <= pledged + DUST
    })
}

/// Class of each package, first entry of each class, and the entries: first nothing, then all that may be supplied.
fn classes(model: &Model, variants: &[Partial]) -> (Vec<u32>, Vec<usize>, Vec<Entry>) {
    let mut known: BTreeMap<(u32, Vec<u16>, Vec<Partial>), u32> = BTreeMap::new();
    let mut judge = Judge {
        lanes: Lanes::new(model.layout.len as usize, 1),
        scalars: vec![0.0; model.scalars.len()],
        stack: Stack::with_depth(model.stack_depth),
    };
    let (mut class_of, mut first, mut entries) =
        (Vec::with_capacity(model.packages.keys.len()), Vec::new(), Vec::new());
    let in_scope = |issue: usize| model.instruments.iter().any(|one| one.imposed && one.scope[issue]);
    for package in 0..model.packages.keys.len() {
        let options = model.packages.options_of(model.issues.len(), package);
        let open: Vec<Partial> = variants.iter().copied().filter(|&z| judge.permits(model, options, z)).collect();
        let scope = (0..options.len()).filter(|&issue| in_scope(issue)).map(|issue| options[issue]).collect();
        let next = first.len() as u32;
        let class = *known.entry((model.packages.security_of[package], scope, open)).or_insert_with_key(|key| {
            first.push(entries.len());
            let package = package as u32;
            entries.push(Entry { package, supplied: None });
            entries.extend(key.2.iter().map(|&z| Entry { package, supplied: Some(z) }));
            next
        });
        class_of.push(class);
    }
    first.push(entries.len());
    (class_of, first, entries)
}

/// Rules and bars, with room to evaluate them.
struct Judge {
    lanes: Lanes,
    scalars: Vec<f64>,
    stack: Stack,
}

impl Judge {
    /// Whether something may be supplied on a package.
    fn permits(&mut self, model: &Model, options: &[u16], z: Partial) -> bool {
        let terms = &model.instruments[z.instrument].variants[z.variant];
        let set = || terms.iter().zip(options).filter(|(term, _)| **term != KEEP);
        if set().any(|(term, option)| term < option) || set().all(|(term, option)| term == option) {
            return false;
        }
        for (issue, declared) in model.issues.iter().enumerate() {
            let option = if terms[issue] == KEEP { options[issue] } else { terms[issue] };
            let number = declared.options[usize::from(option)].number;
            self.lanes.set(model.layout.issues + issue as u32, 0, number);
        }
        let bars = model.issues.iter().zip(options);
        let bars = bars.filter_map(|(issue, &option)| issue.options[usize::from(option)].bar.as_ref());
        let (frame, stack) = (self.lanes.frame(&self.scalars), &mut self.stack);
        !model.space.rules.iter().chain(bars).any(|program| program.eval_one(frame, 0, stack) != 0.0)
    }
}

impl Game {
    /// Adds to P and to the chance of an attack what may be supplied on each package; forecasts that anew where it is due.
    pub(super) fn price_imposed(&mut self, model: &Model, setup: &Setup) {
        let Some(mut imposed) = self.imposed.take() else { return };
        let classes = imposed.supply.len();
        if std::mem::take(&mut imposed.due) {
            let all = 0..imposed.entries.len();
            imposed.value(model, setup, self, all, None);
            for class in 0..classes {
                imposed.weigh(model, setup, &self.beliefs.node, class);
            }
        }
        let precision = self.consent_precision(model);
        for class in 0..classes {
            imposed.supply[class] = imposed.choose(model, &self.world, precision, class);
        }
        for package in 0..setup.n_settled {
            let class = imposed.class_of[package] as usize;
            let Supply { chance, entry } = imposed.supply[class];
            if chance == 0.0 {
                continue;
            }
            let (bare, supplied) = (imposed.attack[imposed.first[class]], imposed.attack[entry]);
            self.keeping.attack_prob[package] += chance * (supplied[0] - bare[0]);
            self.keeping.attack_prob_60m[package] += chance * (supplied[1] - bare[1]);
        }
        if !model.attacks.is_empty() {
            let n = setup.n_settled;
            self.packages.row_mut(model.layout.attack_prob)[..n].copy_from_slice(&self.keeping.attack_prob[..n]);
        }
        for actor in (0..model.actors.len()).filter(|&actor| setup.valued[actor]) {
            for node in setup.first_node[actor]..setup.first_node[actor] + setup.nodes[actor] {
                for class in 0..classes {
                    imposed.adds[class] = imposed.class_adds(node, class);
                }
                let values = &mut self.keeping.value_mut(node)[..setup.n_settled];
                for (value, &class) in values.iter_mut().zip(&imposed.class_of) {
                    *value += imposed.adds[class as usize];
                }
            }
        }
        self.imposed = Some(imposed);
    }

    /// What is expected to be supplied on a package adds so much to its P for a type node.
    pub(super) fn supply_adds(&self, node: usize, package: usize) -> f64 {
        self.imposed.as_ref().map_or(0.0, |imposed| imposed.addition(node, package))
    }

    fn consent_precision(&mut self, model: &Model) -> f64 {
        self.buffers.tools(&self.scalars).one(&model.behaviour.consent_precision, &self.world, 0)
    }
}

/// The providers decide on a settlement that is being signed. What they supply is put beside its terms, at the item of what is
/// in force.
pub(super) fn supply(room: &Room<'_>, package: usize, game: &mut Game) -> Option<Supplied> {
    let mut imposed = game.imposed.take()?;
    let supplied = decide(room, package, game, &mut imposed);
    game.imposed = Some(imposed);
    supplied
}

fn decide(room: &Room<'_>, package: usize, game: &mut Game, imposed: &mut Imposed) -> Option<Supplied> {
    let Room { model, setup, streams, step, .. } = *room;
    let class = imposed.class_of[package] as usize;
    let span = imposed.of_class(class);
    if span.len() == 1 {
        return None;
    }
    imposed.value(model, setup, game, span, Some(package));
    imposed.weigh(model, setup, &game.beliefs.node, class);
    let precision = game.consent_precision(model);
    let Supply { chance, entry } = imposed.choose(model, &game.world, precision, class);
    let what = imposed.entries[entry].supplied.filter(|_| chance > 0.0)?;
    let entity = model.instruments[what.instrument].entity;
    if !streams.draw(entity, Purpose::Supply, step).bernoulli(chance) {
        return None;
    }
    let trial = &mut imposed.trial;
    trial.begin(1);
    put(model, trial, 0, package, Some(what));
    trial.value(model, setup, game, &imposed.signed);
    for (issue, &option) in trial.options(model, 0).iter().enumerate() {
        game.registers.put(setup, issue, option);
    }
    game.registers.follow(model, setup, setup.in_force);
    game.utility.take_item(&trial.utility, 0, setup.in_force);
    game.utility.take_item(&trial.utility, trial.left_of(0), setup.revoked);
    let g_hat = if model.attacks.is_empty() { 0.0 } else { trial.security.g_hat.row(0, 0)[0] };
    Some(Supplied { what, g_hat })
}

/// Takes down what was supplied.
pub(super) fn note(
    room: &Room<'_>,
    supplied: Supplied,
    game: &mut Game,
    table: &mut Table,
    observer: &mut dyn Observer,
) {
    let Room { model, setup, step, month, .. } = *room;
    let Partial { instrument, variant } = supplied.what;
    let one = &model.instruments[instrument];
    let provider = one.providers.first().and_then(|&provider| setup.members[usize::from(provider)].first());
    let proposer = provider.map(|&(actor, _)| ActorId::new(actor)).or_else(|| one.parties.first().copied());
    let agreement = Agreement {
        instrument: instrument as u16,
        step: step as u32,
        proposer: proposer.unwrap_or(ActorId::new(0)),
        misjudged: false,
        ended_step: None,
        ended_by: None,
    };
    table.sign(agreement, &one.variants[variant]);
    game.world.set(model.layout.signed + instrument as u32, 0, 1.0);
    let deal = Deal { instrument: instrument as u16, terms: game.registers.of(model, setup.in_force) };
    observer.on(step as u32, month, &Move::Signed { deal, attack_prob: None });
}
