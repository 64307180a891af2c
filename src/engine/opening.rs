//! What the public knows before anybody moves. Where nothing of it is drawn it is the same in one replication after the
//! other: it is valued once and kept, and only what a private parameter is worth to its owner is found anew.

use super::continuation::{Outlook, Talks};
use super::game::Game;
use super::keeping::Scope;
use super::lanes::Lanes;
use super::path::Whose;
use super::setup::{CELLS, Setup};
use super::utility::Input;
use super::valuation::items_of;
use crate::model::{Evaluator, Model, ProtocolKind, Types};

/// Type node of the true value of a private parameter.
const TRUTH: usize = CELLS + 1;

/// Valuations and forecasts of the first step, as long as they stand.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    /// Whether they depend on nothing but parameters, and on private ones for their owners alone.
    common: bool,
    /// Whether the buffers hold them, and for which parameters.
    stands: bool,
    scalars: Vec<f64>,
    /// Whether this replication began with those of one before.
    pub(super) taken_over: bool,
}

impl Opening {
    pub(super) fn new(model: &Model) -> Self {
        let scalars = vec![0.0; model.scalars.len()];
        Self { common: is_common(model), stands: false, scalars, taken_over: false }
    }

    /// The first step has been valued and forecast.
    pub(super) fn found(&mut self, scalars: &[f64]) {
        self.stands = self.common;
        self.scalars.copy_from_slice(scalars);
    }

    /// Values or forecasts are about to be replaced by those of another state.
    pub(super) fn lost(&mut self) {
        self.stands = false;
    }

    /// Whether a new replication may begin with what the last one found.
    fn take_over(&mut self, scalars: &[f64]) -> bool {
        self.taken_over = self.stands && self.scalars == scalars;
        self.taken_over
    }
}

/// Whether the first step finds the same values and public forecasts wherever parameters are the same, but for what
/// private ones are worth to their owners.
fn is_common(model: &Model) -> bool {
    let alone = model.instruments.len() == 1 && model.prologue.is_empty() && model.events.is_empty();
    let acts = model.levers.is_empty() && model.transitions.is_empty() && model.coalitions.is_empty();
    let others = model.deliverers.is_empty() && model.ratifiers.is_empty();
    let dangers = model.hazards.is_empty() && model.attacks.is_empty();
    let talks = model.protocol.kind != ProtocolKind::SingleText;
    let values = matches!(model.behaviour.evaluator, Evaluator::Projection | Evaluator::Formula);
    let seat = |actor: &crate::model::Actor| {
        let known = match &actor.types {
            Types::Named(types) => types.len() == 1,
            Types::Continuous { .. } => true,
        };
        let plain = actor.red_lines.is_empty() && actor.terms.is_empty();
        known && plain && actor.stalling.is_none() && actor.believes.is_empty() && actor.audience.is_none()
    };
    alone && acts && others && dangers && talks && values && model.actors.iter().all(seat)
}

/// Values everything for the first step, or takes over what the last replication found.
pub(super) fn value(
    (model, setup): (&Model, &Setup),
    game: &mut Game,
    outlook: &mut Outlook,
    talks: &Talks,
    recognition: &[f64],
) {
    if !game.opening.take_over(&game.scalars) {
        game.revalue(model, setup, 0, true);
        outlook.forecast(model, setup, game, talks, recognition);
        return;
    }
    for (actor, declared) in model.actors.iter().enumerate() {
        if matches!(declared.types, Types::Continuous { .. }) {
            game.revalue_private(model, setup, actor);
            outlook.forecast_for_owner(model, setup, game, talks, (actor, TRUTH));
        }
    }
    outlook.zone(model, setup, game);
    game.opening.found(&game.scalars);
}

impl Game {
    /// What everything is worth to the owner of a private parameter at its true value.
    fn revalue_private(&mut self, model: &Model, setup: &Setup, actor: usize) {
        let n = setup.n_items;
        let input = Input { model, setup, nodes: &self.nodes, world: &self.world, registers: &self.registers, n };
        let mut tools = self.buffers.tools(&self.scalars);
        let lanes: (&Lanes, &mut Lanes) = (&self.packages, &mut self.spare);
        self.utility.revalue_node(&input, (actor, TRUTH), lanes, &mut tools);
        let items = items_of((model, setup), &self.utility, &self.irrevocable, &self.settled_rates);
        let scope = Scope { model, setup, utility: &self.utility, beliefs: &self.beliefs.node, known: None };
        self.keeping.value_one(&scope, &items, (actor, TRUTH));
        self.value_war(model, setup, 0, Whose::Node(actor, TRUTH));
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{Coordinates, Workspace, observer::Nobody, play};
    use crate::model::{Model, ScalarSource, compile::compile};
    use crate::spec::problem::Problems;
    use crate::spec::tree::Sources;

    fn model(text: &str) -> Model {
        let reading = crate::spec::read(&Sources::single("game.toml", text), &[]);
        compile(reading.spec.unwrap(), &mut Problems::default()).unwrap()
    }

    /// What comes out of a row of replications in one workspace, and whether the second began with the first's opening.
    fn compare(model: &Model, others: u64) -> bool {
        let mut workspace = Workspace::new(model);
        let mut kept = false;
        for replication in 0..others {
            let at = Coordinates { seed: 5, replication };
            let alone = play(model, at, &mut Workspace::new(model), &mut Nobody).clone();
            let after = play(model, at, &mut workspace, &mut Nobody).clone();
            assert_eq!(format!("{alone:?}"), format!("{after:?}"), "replication {replication}");
            kept |= workspace.game.opening.taken_over;
        }
        kept
    }

    #[test]
    fn what_an_opening_is_taken_over_from_changes_no_replication() {
        assert!(compare(&model(include_str!("../../models/classics/fearon.toml")), 4));
        assert!(compare(&model(include_str!("../../models/peers/pie.toml")), 3));
    }

    #[test]
    fn an_opening_is_found_anew_where_a_parameter_has_changed() {
        let mut game = model(include_str!("../../models/classics/fearon.toml"));
        let mut workspace = Workspace::new(&game);
        let at = Coordinates { seed: 5, replication: 0 };
        play(&game, at, &mut workspace, &mut Nobody);
        let cost = game.scalars.iter().position(|scalar| scalar.path == "params.cost_a").unwrap();
        game.scalars[cost].source = ScalarSource::Constant(0.3);
        let after = play(&game, at, &mut workspace, &mut Nobody).clone();
        assert!(!workspace.game.opening.taken_over);
        let alone = play(&game, at, &mut Workspace::new(&game), &mut Nobody).clone();
        assert_eq!(format!("{alone:?}"), format!("{after:?}"));
    }
}
