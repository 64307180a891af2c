//! What the engine works out about a model before the first replication: type profiles, sizes, and what moves.

use super::classes::Classes;
use super::reach::Slice;
use super::truce::Breach;
use crate::id::ActorId;
use crate::model::expr::{Program, Slot};
use crate::model::{Instrument, KEEP, Model, OptionValues, Owner, Party, Regime, Role, Trigger, Types, Value};
use crate::rng::Entity;

/// Edges of the cells into which a continuous private type is cut. The last type node of such an actor is its true
/// value, with no weight.
pub(super) const CELLS: usize = 16;

/// A combination of type nodes, one an actor, and everything derived from it.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    /// Actors whose yes the settlement needs.
    pub(super) signatories: Vec<usize>,
    /// Actors whose yes some negotiated instrument needs.
    pub(super) answerers: Vec<usize>,
    /// Parties of each instrument.
    pub(super) parties: Vec<Vec<usize>>,
    /// Packages of the model's list that have a utility in every step.
    pub(super) n_static: usize,
    /// The first so many are valued as settlements in every step.
    pub(super) n_settled: usize,
    /// Item of the terms in force.
    pub(super) in_force: usize,
    /// The same without its revocable options.
    pub(super) revoked: usize,
    /// What of the terms in force is enjoyed in war.
    pub(super) in_war: usize,
    /// Items of partial instruments, one a variant, from `first_slot` on.
    pub(super) first_slot: usize,
    /// What they are, and a stable number for each that depends on its ids alone.
    pub(super) slots: Vec<Partial>,
    pub(super) slot_keys: Vec<u64>,
    /// The same as enjoyed while the war lasts, from `first_war_slot` on.
    pub(super) first_war_slot: usize,
    /// Slots that lead to a truce, and those that leave the regime as it is.
    pub(super) truce_slots: Vec<usize>,
    pub(super) side_slots: Vec<usize>,
    /// Slots of frameworks.
    pub(super) framework_slots: Vec<usize>,
    /// Class of each truce that might be signed: those of a class have the same states; and the first of each class.
    pub(super) truce_class: Vec<u32>,
    pub(super) truce_first: Vec<u32>,
    /// The classes of blocks that all differ: each is its own.
    pub(super) own_class: Vec<u32>,
    /// Actors whose value of a truce somebody reads before it is signed.
    pub(super) deciders: Vec<bool>,
    /// Truces that are valued at once.
    pub(super) truce_blocks: usize,
    /// All items.
    pub(super) n_items: usize,
    /// The first so many have a utility in every step: all, unless a list is looked at for itself alone.
    pub(super) n_valued: usize,
    /// Decisions that end a truce.
    pub(super) breaches: Vec<Breach>,
    /// Type nodes of each actor.
    pub(super) nodes: Vec<usize>,
    /// First type node of each actor in a concatenated list.
    pub(super) first_node: Vec<usize>,
    /// Number of type nodes of all actors.
    pub(super) n_nodes: usize,
    /// Joint profiles over actors with several nodes: `profiles[profile * actors + actor]`.
    pub(super) profiles: Vec<u16>,
    /// Number of joint profiles.
    pub(super) n_profiles: usize,
    /// All joint profiles, counted.
    pub(super) all_profiles: Vec<u32>,
    /// What each actor's projection reads.
    pub(super) slices: Vec<Slice>,
    /// The slice of everybody's, and of that of whoever decides about truces.
    pub(super) everybody: Slice,
    pub(super) decisive: Slice,
    /// For each actor and joint profile the first profile that its projection cannot tell from it:
    /// `[actor * n_profiles + profile]`.
    alike: Vec<u32>,
    /// Joint profiles that the mean path tells apart.
    pub(super) classes: Classes,
    /// Whether an actor's own flows read its type as a name.
    pub(super) reads_own_type: Vec<bool>,
    /// Actors that may attack.
    pub(super) attackers: Vec<usize>,
    /// Position in `attackers` of each attack's attacker.
    pub(super) attacker_of: Vec<usize>,
    /// Joint type profiles of attackers: `attack_profiles[profile * attackers + k]`.
    pub(super) attack_profiles: Vec<u16>,
    /// Number of those.
    pub(super) n_attack_profiles: usize,
    /// Issues that some guarantee reads: their weights are left out of the attack comparison.
    pub(super) guarantee_issue: Vec<bool>,
    /// Whether a guarantee reads somebody's type: then security is valued once a profile.
    pub(super) guarantee_reads_type: bool,
    /// Whether somebody reads this actor's P of packages: it signs, proposes, delivers, or its utility is a term of others'.
    pub(super) valued: Vec<bool>,
    /// Whether some part of the actor's utility must be valued anew each step.
    pub(super) utility_moves: Vec<bool>,
    /// Issues of which the weight or an option's value moves with the state, by actor.
    pub(super) moving_issues: Vec<Vec<usize>>,
    /// Levers of each actor.
    pub(super) levers_of: Vec<Vec<usize>>,
    /// Levers of each body.
    pub(super) levers_of_body: Vec<Vec<usize>>,
    /// Key of the random streams of each body.
    pub(super) body_entity: Vec<Entity>,
    /// Most options of a review, doing nothing among them.
    pub(super) widest_review: usize,
    /// Most lanes that any evaluation uses.
    pub(super) width: usize,
    /// First option of each issue in a concatenated list.
    pub(super) first_option: Vec<usize>,
    /// Number of options of all issues.
    pub(super) all_options: usize,
    /// Voters with a persistent shock besides signatories: deliverers, then ratifiers.
    pub(super) n_voters: usize,
    /// Key of the draw by which hazards compete.
    pub(super) hazards: crate::rng::Entity,
    /// Key of the draws of offers and recognition.
    pub(super) talks: crate::rng::Entity,
    /// Actors behind each deliverer, with voting weights.
    pub(super) members: Vec<Vec<(usize, f64)>>,
}

impl Setup {
    /// Whether buffers made for one serve the other.
    pub(super) fn same_shape(&self, other: &Self) -> bool {
        let sizes = |setup: &Self| {
            [
                setup.n_static,
                setup.n_settled,
                setup.n_items,
                setup.n_nodes,
                setup.n_profiles,
                setup.n_attack_profiles,
                setup.n_voters,
                setup.slots.len(),
                setup.truce_slots.len(),
                setup.side_slots.len(),
                setup.framework_slots.len(),
                setup.truce_blocks,
                setup.breaches.len(),
                setup.attackers.len(),
                setup.widest_review,
                setup.width,
                setup.all_options,
            ]
        };
        sizes(self) == sizes(other)
            && self.signatories == other.signatories
            && self.answerers == other.answerers
            && self.first_node == other.first_node
            && self.first_option == other.first_option
            && self.levers_of == other.levers_of
            && self.levers_of_body == other.levers_of_body
            && self.utility_moves == other.utility_moves
            && self.valued == other.valued
            && self.truce_class == other.truce_class
    }
}

/// One variant of a partial instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Partial {
    pub(super) instrument: usize,
    pub(super) variant: usize,
}

/// Every variant of the partial instruments that are negotiated.
fn slots(model: &Model) -> Vec<Partial> {
    let negotiated = model.instruments.iter().enumerate().filter(|(_, one)| !one.imposed);
    let variants = |(instrument, one): (usize, &Instrument)| {
        (0..one.variants.len()).map(move |variant| Partial { instrument, variant }).collect::<Vec<_>>()
    };
    negotiated.flat_map(variants).collect()
}

fn slot_key(model: &Model, slot: Partial) -> u64 {
    let instrument = &model.instruments[slot.instrument];
    let mut text = format!("{}:", instrument.id);
    for (issue, &term) in model.issues.iter().zip(&instrument.variants[slot.variant]) {
        if term != KEEP {
            text.extend([&issue.id, "=", &issue.options[usize::from(term)].id, ";"]);
        }
    }
    crate::rng::Entity::named(&text).key()
}

/// Class of each truce that might be signed, and the first of each class: truces are of a class if no change of state
/// reads an issue in which they differ. Rates of hazards may differ: each truce has its own.
fn truce_classes(model: &Model, slots: &[Partial], truce_slots: &[usize]) -> (Vec<u32>, Vec<u32>) {
    let mut marks = vec![false; model.layout.len as usize];
    let changes = model.states.iter().filter_map(|state| state.change.as_ref());
    let events = model.events.iter().filter_map(|event| match &event.trigger {
        Trigger::When(program) => Some(program),
        Trigger::Step(_) => None,
    });
    for program in changes.chain(events) {
        mark_reads(model, program, &mut marks);
    }
    let read = |slot: usize| -> Vec<(usize, u16)> {
        let Partial { instrument, variant } = slots[slot];
        let terms = model.instruments[instrument].variants[variant].iter().copied().enumerate();
        terms.filter(|&(issue, term)| term != KEEP && marks[model.layout.issues as usize + issue]).collect()
    };
    let mut first: Vec<u32> = Vec::new();
    let class = |(block, &slot): (usize, &usize)| {
        let known = first.iter().position(|&other| read(truce_slots[other as usize]) == read(slot));
        known.unwrap_or_else(|| {
            first.push(block as u32);
            first.len() - 1
        }) as u32
    };
    let classes = truce_slots.iter().enumerate().map(class).collect();
    (classes, first)
}

/// Who signs, proposes, delivers or breaks a truce.
fn deciders(model: &Model, slots: &[Partial], truce_slots: &[usize], valued: &[bool]) -> Vec<bool> {
    let mut out: Vec<bool> = model.actors.iter().map(|actor| actor.role != Role::ThirdParty).collect();
    for breach in super::truce::breaches(model) {
        out[breach.by(model)] = true;
    }
    let delivered = truce_slots.iter().any(|&slot| {
        let Partial { instrument, variant } = slots[slot];
        let terms = &model.instruments[instrument].variants[variant];
        let option = |(issue, &term): (usize, &u16)| {
            term != KEEP && model.issues[issue].options[usize::from(term)].delivered_by != 0
        };
        terms.iter().enumerate().any(option)
    });
    if delivered {
        out.iter_mut().zip(valued).for_each(|(mark, &valued)| *mark |= valued);
    }
    out
}

/// Actors whose yes an instrument needs, in declared order.
fn parties(model: &Model, instrument: &Instrument) -> Vec<usize> {
    (0..model.actors.len()).filter(|&a| instrument.parties.contains(&ActorId::new(a))).collect()
}

impl Setup {
    #[expect(clippy::too_many_lines, reason = "a list: each field is worked out in a line or two")]
    pub(super) fn new(model: &Model) -> Self {
        let actors = model.actors.len();
        let nodes: Vec<usize> = model
            .actors
            .iter()
            .map(|actor| match &actor.types {
                Types::Named(types) => types.len(),
                Types::Continuous { .. } => CELLS + 2,
            })
            .collect();
        let (first_node, n_nodes) = offsets(&nodes);
        let everybody: Vec<usize> = (0..actors).collect();
        let (profiles, n_profiles) = product(&nodes, &everybody, actors);
        let mut attackers: Vec<usize> = Vec::new();
        let mut attacker_of = Vec::new();
        for attack in &model.attacks {
            let by = attack.by.index();
            let position = attackers.iter().position(|&a| a == by).unwrap_or_else(|| {
                attackers.push(by);
                attackers.len() - 1
            });
            attacker_of.push(position);
        }
        let attacker_nodes: Vec<usize> = attackers.iter().map(|&a| nodes[a]).collect();
        let order: Vec<usize> = (0..attackers.len()).collect();
        let (attack_profiles, n_attack_profiles) = product(&attacker_nodes, &order, attackers.len());
        let levers_of: Vec<Vec<usize>> = (0..actors)
            .map(|a| {
                levers_where(model, |owner| matches!(owner, Owner::Actors(list) if list.contains(&ActorId::new(a))))
            })
            .collect();
        let levers_of_body: Vec<Vec<usize>> = (0..model.bodies.len())
            .map(|b| levers_where(model, |owner| matches!(owner, Owner::Body { body, .. } if body.index() == b)))
            .collect();
        let options: Vec<usize> = model.issues.iter().map(|issue| issue.options.len()).collect();
        let (first_option, all_options) = offsets(&options);
        let n_options = options.iter().copied().max().unwrap_or(0);
        let slots = slots(model);
        let n_static = model.packages.n_known;
        let first_slot = n_static + 3;
        let first_war_slot = first_slot + slots.len();
        let n_items = first_war_slot + slots.len();
        let is_text = |slot: usize| model.instruments[slots[slot].instrument].framework;
        let leads = |slot: usize| model.instruments[slots[slot].instrument].leads_to;
        let truce_slots: Vec<usize> = (0..slots.len()).filter(|&s| leads(s) == Some(Regime::Truce)).collect();
        let side_slots: Vec<usize> = (0..slots.len()).filter(|&s| leads(s).is_none() && !is_text(s)).collect();
        let framework_slots: Vec<usize> = (0..slots.len()).filter(|&s| is_text(s)).collect();
        let parties: Vec<Vec<usize>> = model.instruments.iter().map(|one| parties(model, one)).collect();
        let signs = |&a: &usize| (0..parties.len()).any(|i| !model.instruments[i].imposed && parties[i].contains(&a));
        let acts = |list: &Vec<usize>| list.iter().map(|&l| 1 + model.levers[l].pledges().count()).sum::<usize>();
        let widest_review = levers_of.iter().chain(&levers_of_body).map(acts).max().unwrap_or(0) + 1;
        let truce_blocks = match truce_slots.len() {
            0 => 0,
            slots => slots.max(side_slots.len() + 1).max(widest_review),
        };
        let consulted = model.packages.keys.len() - model.packages.n_settled;
        let width = (widest_review * n_profiles)
            .max(n_items)
            // A trial holds each register and what is left of it.
            .max(2 * consulted.min(super::consult::BATCH))
            .max(truce_blocks * n_profiles * super::truce::MARKS.len())
            .max((side_slots.len() + 1) * n_profiles)
            .max(n_options)
            .max(n_nodes)
            .max(model.security.representative.len() * n_profiles);
        let members: Vec<Vec<(usize, f64)>> = model
            .deliverers
            .iter()
            .map(|deliverer| match deliverer.who {
                Party::Actor(actor) => vec![(actor.index(), 1.0)],
                Party::Body(body) => {
                    model.bodies[body.index()].members.iter().map(|&(actor, weight)| (actor.index(), weight)).collect()
                }
            })
            .collect();
        let slices: Vec<Slice> =
            (0..actors).map(|one| Slice::new(model, &(0..actors).map(|a| a == one).collect::<Vec<_>>())).collect();
        let classes = Classes::new(model, &profiles, n_profiles);
        let alike =
            (0..actors).flat_map(|a| alike_profiles(&profiles, n_profiles, &classes.felt, &slices[a])).collect();
        let valued: Vec<bool> = (0..actors)
            .map(|a| {
                model.actors[a].role != Role::ThirdParty
                    || members.iter().any(|m| m.iter().any(|&(member, _)| member == a))
                    || contributes(model, ActorId::new(a))
                    || model.instruments.iter().any(|one| one.imposed && one.parties.contains(&ActorId::new(a)))
            })
            .collect();
        let (truce_class, truce_first) = truce_classes(model, &slots, &truce_slots);
        let deciders = deciders(model, &slots, &truce_slots, &valued);
        Self {
            valued,
            answerers: (0..actors).filter(signs).collect(),
            parties,
            n_static,
            n_settled: model.packages.n_settled,
            in_force: n_static,
            revoked: n_static + 1,
            in_war: n_static + 2,
            first_slot,
            truce_class,
            truce_first,
            own_class: (0..truce_blocks.max(1) as u32).collect(),
            slot_keys: slots.iter().map(|&slot| slot_key(model, slot)).collect(),
            slots,
            first_war_slot,
            truce_slots,
            side_slots,
            framework_slots,
            truce_blocks,
            n_items,
            n_valued: n_items,
            breaches: super::truce::breaches(model),
            signatories: (0..actors).filter(|&a| model.actors[a].role == Role::Signatory).collect(),
            first_node,
            n_nodes,
            nodes,
            profiles,
            n_profiles,
            attackers,
            attacker_of,
            attack_profiles,
            n_attack_profiles,
            all_profiles: (0..n_profiles as u32).collect(),
            slices,
            everybody: Slice::new(model, &vec![true; actors]),
            decisive: Slice::new(model, &deciders),
            deciders,
            alike,
            reads_own_type: classes.own.clone(),
            classes,
            guarantee_issue: guarantee_issues(model),
            guarantee_reads_type: guarantee_programs(model).iter().any(|p| reads_types(model, p)),
            utility_moves: model.actors.iter().map(utility_moves).collect(),
            moving_issues: model.actors.iter().map(moving_issues).collect(),
            levers_of,
            levers_of_body,
            body_entity: model.bodies.iter().map(|b| Entity::named(&format!("bodies.{}", b.id))).collect(),
            widest_review,
            width,
            first_option,
            all_options,
            talks: crate::rng::Entity::named("protocol"),
            hazards: crate::rng::Entity::named("hazards"),
            n_voters: model.deliverers.len() + model.ratifiers.len(),
            members,
        }
    }

    /// Item that is left of one without its revocable options.
    pub(super) fn left_of(&self, model: &Model, item: usize) -> usize {
        if item < self.n_static { model.packages.revoked[item] as usize } else { self.revoked }
    }

    /// Instrument of an item that may be offered: a candidate package is the settlement, a slot is its own.
    pub(super) fn instrument_of(&self, model: &Model, item: usize) -> usize {
        item.checked_sub(self.first_slot).map_or(model.settlement, |index| self.slots[index].instrument)
    }

    /// Whose yes an item needs.
    pub(super) fn parties_of(&self, model: &Model, item: usize) -> &[usize] {
        &self.parties[self.instrument_of(model, item)]
    }

    /// The joint profile in which every actor has the type node of `truth`.
    pub(super) fn profile_of(&self, truth: &[usize]) -> usize {
        let actors = self.nodes.len();
        let profile = (0..self.n_profiles).find(|&p| (0..actors).all(|actor| self.node(p, actor) == truth[actor]));
        profile.expect("profiles list every combination of type nodes")
    }

    /// Type node of `actor` in joint profile `profile`.
    pub(super) fn node(&self, profile: usize, actor: usize) -> usize {
        usize::from(self.profiles[profile * self.nodes.len() + actor])
    }

    /// First joint profile that `actor`'s projection cannot tell from `profile`.
    pub(super) fn alike(&self, actor: usize, profile: usize) -> u32 {
        self.alike[actor * self.n_profiles + profile]
    }

    /// Type node of attacker `k` in attack profile `profile`.
    pub(super) fn attack_node(&self, profile: usize, k: usize) -> usize {
        usize::from(self.attack_profiles[profile * self.attackers.len() + k])
    }
}

/// Whether an actor decides what it sends to some coalition.
fn contributes(model: &Model, actor: ActorId) -> bool {
    model.coalitions.iter().any(|coalition| coalition.contributions.iter().any(|member| member.actor == actor))
}

fn levers_where(model: &Model, mine: impl Fn(&Owner) -> bool) -> Vec<usize> {
    (0..model.levers.len()).filter(|&l| mine(&model.levers[l].owner)).collect()
}

fn offsets(counts: &[usize]) -> (Vec<usize>, usize) {
    let mut first = Vec::with_capacity(counts.len());
    let mut next = 0;
    for &count in counts {
        first.push(next);
        next += count;
    }
    (first, next)
}

/// All combinations of `counts`, last varying fastest.
fn product(counts: &[usize], order: &[usize], width: usize) -> (Vec<u16>, usize) {
    let total: usize = counts.iter().product();
    let mut rows = Vec::with_capacity(total * width);
    for mut number in 0..total {
        let start = rows.len();
        rows.resize(start + width, 0_u16);
        for &position in order.iter().rev() {
            rows[start + position] = (number % counts[position]) as u16;
            number /= counts[position];
        }
    }
    (rows, total)
}

/// For each joint profile the first in which everybody whose type the slice reads has the same type.
fn alike_profiles(profiles: &[u16], n_profiles: usize, felt: &[bool], slice: &Slice) -> Vec<u32> {
    let actors = slice.types.len();
    let of = |profile: usize| &profiles[profile * actors..(profile + 1) * actors];
    let same = |a: usize, b: usize| {
        (0..actors).all(|other| !(felt[other] && slice.types[other]) || of(a)[other] == of(b)[other])
    };
    (0..n_profiles).map(|p| (0..=p).find(|&q| same(p, q)).unwrap_or(p) as u32).collect()
}

fn guarantee_programs(model: &Model) -> Vec<&Program> {
    let mut programs = Vec::new();
    for guarantee in &model.guarantees {
        programs.extend(guarantee.needs.as_ref());
        let values = guarantee.capability.iter().map(|(_, value)| value).chain([
            &guarantee.size,
            &guarantee.will,
            &guarantee.tripwire,
            &guarantee.stake,
        ]);
        let backing = guarantee.backstop.iter().flat_map(|b| [&b.strength, &b.probability]);
        programs.extend(values.chain(backing).filter_map(program_of));
    }
    programs
}

fn program_of(value: &Value) -> Option<&Program> {
    match value {
        Value::Program(program) => Some(program),
        Value::Const(_) | Value::Scalar(_) => None,
    }
}

/// Marks the lane slots that a program reads, through derived values too.
pub(super) fn mark_reads(model: &Model, program: &Program, marks: &mut [bool]) {
    for slot in program.reads() {
        let Slot::Lane(lane) = *slot else { continue };
        if marks[lane as usize] {
            continue;
        }
        marks[lane as usize] = true;
        let derived = lane.wrapping_sub(model.layout.derived) as usize;
        if lane >= model.layout.derived && derived < model.derived.len() {
            mark_reads(model, &model.derived[derived].program, marks);
        }
    }
}

fn guarantee_issues(model: &Model) -> Vec<bool> {
    let mut marks = vec![false; model.layout.len as usize];
    for program in guarantee_programs(model) {
        mark_reads(model, program, &mut marks);
    }
    (0..model.issues.len()).map(|issue| marks[model.layout.issues as usize + issue]).collect()
}

fn reads_types(model: &Model, program: &Program) -> bool {
    let mut marks = vec![false; model.layout.len as usize];
    mark_reads(model, program, &mut marks);
    let first = model.layout.types as usize;
    marks[first..first + model.actors.len()].iter().any(|&m| m)
}

/// Issues with a list of values of which the weight or a value moves with the state.
fn moving_issues(actor: &crate::model::Actor) -> Vec<usize> {
    let moves = |issue: &usize| match &actor.values[*issue] {
        OptionValues::List(list) => {
            list.iter().chain(actor.weights.iter().map(|w| &w[*issue])).any(|v| program_of(v).is_some())
        }
        OptionValues::None | OptionValues::Expr(_) => false,
    };
    (0..actor.values.len()).filter(moves).collect()
}

fn utility_moves(actor: &crate::model::Actor) -> bool {
    let value_moves = actor.values.iter().any(|values| match values {
        OptionValues::List(list) => list.iter().any(|v| program_of(v).is_some()),
        OptionValues::None | OptionValues::Expr(_) => false,
    });
    let weight_moves = actor.weights.iter().flatten().any(|w| program_of(w).is_some());
    let others_move = !actor.red_lines.is_empty() || actor.terms.iter().any(|t| program_of(&t.value).is_some());
    value_moves || weight_moves || others_move
}
