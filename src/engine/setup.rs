//! What the engine works out about a model before the first replication: type profiles, sizes, and what moves.

use super::reach::Slice;
use crate::id::ActorId;
use crate::model::expr::{Program, Slot};
use crate::model::{Model, OptionValues, Party, Role, Types, Value};

/// Edges of the cells into which a continuous private type is cut. The last type node of such an actor is its true
/// value, with no weight.
pub(super) const CELLS: usize = 16;

/// A combination of type nodes, one an actor, and everything derived from it.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    /// Actors whose yes is needed.
    pub(super) signatories: Vec<usize>,
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
    /// For each actor and joint profile the first profile that its projection cannot tell from it:
    /// `[actor * n_profiles + profile]`.
    alike: Vec<u32>,
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
    /// Of these, those who sign or propose: they look at every package.
    pub(super) at_table: Vec<bool>,
    /// The others.
    pub(super) looking_on: Vec<bool>,
    /// Whether some part of the actor's utility must be valued anew each step.
    pub(super) utility_moves: Vec<bool>,
    /// Levers of each actor.
    pub(super) levers_of: Vec<Vec<usize>>,
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
            .map(|a| (0..model.levers.len()).filter(|&l| model.levers[l].owner == ActorId::new(a)).collect())
            .collect();
        let options: Vec<usize> = model.issues.iter().map(|issue| issue.options.len()).collect();
        let (first_option, all_options) = offsets(&options);
        let n_options = options.iter().copied().max().unwrap_or(0);
        let widest_review = levers_of.iter().map(Vec::len).max().unwrap_or(0) + 1;
        let width = (widest_review * n_profiles)
            .max(model.packages.keys.len())
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
        let slices: Vec<Slice> = (0..actors).map(|actor| Slice::new(model, actor)).collect();
        let alike = (0..actors).flat_map(|a| alike_profiles(&profiles, n_profiles, a, &slices[a])).collect();
        let valued: Vec<bool> = (0..actors)
            .map(|a| {
                model.actors[a].role != Role::ThirdParty
                    || members.iter().any(|m| m.iter().any(|&(member, _)| member == a))
            })
            .collect();
        let at_table: Vec<bool> = model.actors.iter().map(|actor| actor.role != Role::ThirdParty).collect();
        Self {
            looking_on: valued.iter().zip(&at_table).map(|(&valued, &sits)| valued && !sits).collect(),
            at_table,
            valued,
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
            alike,
            guarantee_issue: guarantee_issues(model),
            guarantee_reads_type: guarantee_programs(model).iter().any(|p| reads_types(model, p)),
            utility_moves: model.actors.iter().map(utility_moves).collect(),
            levers_of,
            width,
            first_option,
            all_options,
            talks: crate::rng::Entity::named("protocol"),
            hazards: crate::rng::Entity::named("hazards"),
            n_voters: model.deliverers.len() + model.ratifiers.len(),
            members,
        }
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

/// For each joint profile the first in which `actor` has the same type, and so has everybody whose type its slice reads.
fn alike_profiles(profiles: &[u16], n_profiles: usize, actor: usize, slice: &Slice) -> Vec<u32> {
    let actors = slice.types.len();
    let of = |profile: usize| &profiles[profile * actors..(profile + 1) * actors];
    let same = |a: usize, b: usize| {
        (0..actors).all(|other| (other != actor && !slice.types[other]) || of(a)[other] == of(b)[other])
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

fn utility_moves(actor: &crate::model::Actor) -> bool {
    let value_moves = actor.values.iter().any(|values| match values {
        OptionValues::List(list) => list.iter().any(|v| program_of(v).is_some()),
        OptionValues::None | OptionValues::Expr(_) => false,
    });
    let weight_moves = actor.weights.iter().flatten().any(|w| program_of(w).is_some());
    let others_move = !actor.red_lines.is_empty() || actor.terms.iter().any(|t| program_of(&t.value).is_some());
    value_moves || weight_moves || others_move
}
