//! What observers are shown of a step.

use super::continuation::{self, Outlook, Talks};
use super::game::Game;
use super::observer::{Observer, Reach, StepView};
use super::play::Table;
use super::regimes;
use super::setup::Setup;
use super::talks::Room;
use crate::model::{Model, Regime, Types};

/// Buffers of what is shown.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    disagreement: Vec<f64>,
    continuation: Vec<f64>,
    parts: Vec<[f64; 5]>,
    distances: Vec<f64>,
    beliefs: Vec<f64>,
    reach: Vec<Reach>,
}

impl Seen {
    pub(super) fn new(model: &Model, setup: &Setup) -> Self {
        let actors = model.actors.len();
        Self {
            disagreement: vec![0.0; actors],
            continuation: vec![0.0; actors],
            parts: vec![[0.0; 5]; actors],
            distances: Vec::with_capacity(model.hazards.len()),
            beliefs: Vec::with_capacity(setup.n_nodes),
            reach: vec![Reach::default(); actors],
        }
    }

    /// Shows the step to the observer.
    pub(super) fn show(
        &mut self,
        room: &Room<'_>,
        game: &mut Game,
        outlook: &mut Outlook,
        talks: &Talks,
        observer: &mut dyn Observer,
    ) {
        let Room { model, setup, step, month, .. } = *room;
        let details = observer.wants_details();
        let mut n_agreeable = 0;
        if details {
            n_agreeable = outlook.count_agreeable(model, setup, game, talks);
            outlook.measure_reach(setup, model, game, talks, &mut self.reach);
        } else {
            self.reach.fill(Reach::default());
        }
        for actor in 0..model.actors.len() {
            let at = setup.first_node[actor] + game.nodes.truth[actor];
            self.disagreement[actor] = outlook.z[at];
            self.continuation[actor] = outlook.c[at];
            self.parts[actor] = if details {
                disagreement_parts(setup, game, outlook, (actor, game.nodes.truth[actor]))
            } else {
                [0.0; 5]
            };
        }
        self.show_beliefs(model, setup, game);
        observer.step(&StepView {
            step: step as u32,
            month,
            states: game.world.world(model.layout.state, model.states.len()),
            derived: game.world.world(model.layout.derived, model.derived.len()),
            disagreement: &self.disagreement,
            continuation: &self.continuation,
            parts: &self.parts,
            zopa_width: outlook.zopa_width,
            n_agreeable,
            reach: &self.reach,
            regime: game.regime,
            predicted: outlook.predicted.map(|item| regimes::deal(model, setup, game, item)),
            agreement_chance: outlook.chance,
            distances: &self.distances,
            beliefs: &self.beliefs,
        });
    }

    /// How far the state is from what the hazards that say so are about.
    pub(super) fn measure(&mut self, room: &Room<'_>, game: &mut Game, table: &mut Table) {
        self.distances.clear();
        for (hazard, closest) in room.model.hazards.iter().zip(&mut table.closest) {
            let Some(distance) = &hazard.distance else { continue };
            let now = game.buffers.tools(&game.scalars).one(distance, &game.world, 0);
            self.distances.push(now);
            if match game.regime {
                Regime::War => hazard.in_war,
                Regime::Truce => hazard.in_truce,
                Regime::Settled => hazard.when_settled,
            } {
                *closest = closest.min(now);
            }
        }
    }

    fn show_beliefs(&mut self, model: &Model, setup: &Setup, game: &Game) {
        self.beliefs.clear();
        for (actor, declared) in model.actors.iter().enumerate() {
            let first = setup.first_node[actor];
            let nodes = &game.beliefs.node[first..first + setup.nodes[actor]];
            match &declared.types {
                Types::Named(_) => self.beliefs.extend_from_slice(nodes),
                Types::Continuous { .. } => {
                    let value = |node: usize| game.nodes.value(setup, actor, node);
                    self.beliefs.push(nodes.iter().enumerate().map(|(node, weight)| weight * value(node)).sum());
                }
            }
        }
    }
}

/// One summand of an actor's value of disagreement; of a truce what it has now and the rest.
fn part_of(setup: &Setup, game: &Game, actor: usize, (part, profile): (usize, usize)) -> f64 {
    if game.regime != Regime::Truce {
        let node = setup.first_node[actor] + setup.node(profile, actor);
        return game.path.part(node, part, setup.classes.lane(0, profile));
    }
    let node = setup.first_node[actor] + setup.node(profile, actor);
    let now = game.truce.flow_now(node, setup.classes.lane(0, profile));
    match part {
        0 => now,
        3 => game.z(setup, actor, 0, profile) - now,
        _ => 0.0,
    }
}

/// Summands of the disagreement value of an actor's type, the last of them optimism.
pub(super) fn disagreement_parts(
    setup: &Setup,
    game: &Game,
    outlook: &Outlook,
    (actor, node): (usize, usize),
) -> [f64; 5] {
    let mut parts = [0.0; 5];
    let mut total = 0.0;
    for profile in 0..setup.n_profiles {
        if setup.node(profile, actor) != node {
            continue;
        }
        let weight = continuation::others_weight(setup, &game.beliefs.node, profile, actor);
        total += weight;
        for (part, sum) in parts[..4].iter_mut().enumerate() {
            *sum += weight * part_of(setup, game, actor, (part, profile));
        }
    }
    if total > 0.0 {
        parts[..4].iter_mut().for_each(|part| *part /= total);
    }
    let at = setup.first_node[actor] + node;
    parts[4] = outlook.z[at] - parts[..4].iter().sum::<f64>();
    parts
}

/// Summands of the disagreement value of an actor's type if the others are what they are most believed to be.
pub(super) fn likeliest_parts(setup: &Setup, game: &Game, (actor, node): (usize, usize)) -> [f64; 4] {
    let mut likeliest: Option<(f64, usize)> = None;
    for profile in (0..setup.n_profiles).filter(|&profile| setup.node(profile, actor) == node) {
        let weight = continuation::others_weight(setup, &game.beliefs.node, profile, actor);
        if likeliest.is_none_or(|(most, _)| weight > most) {
            likeliest = Some((weight, profile));
        }
    }
    let profile = likeliest.map_or(0, |(_, profile)| profile);
    std::array::from_fn(|part| part_of(setup, game, actor, (part, profile)))
}
