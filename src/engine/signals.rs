//! What others learn from acts (`core.md` 12, 13), and what it is worth to be seen acting.
//!
//! Beliefs about the types of the owner follow b'(theta) prop. b(theta) [(1 - mixing) P(act | theta) + mixing / |acts|].
//! P(act | theta) is the chance that the choice rule takes the act for an owner of that type (receivers think one level:
//! the gains they put into the rule leave out what the owner gains from being seen), or the declared likelihood for naive
//! receivers. A review that chose nothing is not observed, and not reviewing is no news.
//!
//! In the owner's own choice exactly one thing is weighed anew with b': the public forecast that the owner itself says
//! yes to the predicted deal, and through it the chance D of agreement a step and the weight K of the deal. The predicted
//! deal stays what it was; the next valuation finds another under the new beliefs.

use super::continuation::Outlook;
use super::game::{Beliefs, Game};
use super::lever_values::Act;
use super::policy::LeverChoice;
use super::setup::Setup;
use super::talks::Room;
use crate::model::{Signal, Types};

/// An observed act of an actor with named types.
#[derive(Clone, Copy, Debug)]
pub(super) struct News<'a> {
    /// Who acted.
    pub(super) actor: usize,
    /// Chance of the act by type.
    pub(super) likelihood: &'a [f64],
    /// Share of acts put down to chance.
    pub(super) mixing: f64,
    /// Number of acts that were open, the observed one among them.
    pub(super) acts: usize,
}

/// Beliefs about the actor's types after the news, and about joint profiles.
pub(super) fn update(beliefs: &mut Beliefs, setup: &Setup, news: &News<'_>) {
    let first = setup.first_node[news.actor];
    let types = &mut beliefs.node[first..first + news.likelihood.len()];
    revise(types, news);
    beliefs.join(setup);
}

/// Bayes' rule with a share of acts put down to chance.
fn revise(types: &mut [f64], news: &News<'_>) {
    let floor = news.mixing / news.acts.max(1) as f64;
    let mut total = 0.0;
    for (belief, &likelihood) in types.iter_mut().zip(news.likelihood) {
        *belief *= (1.0 - news.mixing) * likelihood + floor;
        total += *belief;
    }
    if total > 0.0 {
        for belief in types {
            *belief /= total;
        }
    }
}

/// Fills `game.review.likelihood` with the chance of the review's `index`-th act by type of the owner.
pub(super) fn read_likelihood(room: &Room<'_>, actor: usize, index: usize, signal: &Signal, game: &mut Game) {
    let Room { model, setup, .. } = *room;
    let types = setup.nodes[actor];
    let n = game.review.acts.len();
    let width = game.review.width;
    let mut tools = game.buffers.tools(&game.scalars);
    let (inertia, precision) = (
        tools.one(&model.behaviour.inertia, &game.world, 0),
        tools.one(&model.behaviour.lever_precision, &game.world, 0),
    );
    game.review.likelihood.clear();
    for node in 0..types {
        let chance = if let Some(declared) = signal.likelihood.get(node) {
            tools.one(declared, &game.world, 0)
        } else {
            let gains = &game.review.typed[node * width..node * width + n];
            LeverChoice { gains, inertia, precision }.chance(index)
        };
        game.review.likelihood.push(chance);
    }
}

/// Chance of agreement a step if the public believed what `game.review.likelihood` makes of its beliefs about `actor`.
///
/// None where nothing could change: the actor's yes is not needed, or its type is continuous.
pub(super) fn chance_after(
    room: &Room<'_>,
    actor: usize,
    outlook: &Outlook,
    game: &mut Game,
    mixing: f64,
) -> Option<f64> {
    let Room { model, setup, .. } = *room;
    let predicted = outlook.predicted?;
    if !setup.signatories.contains(&actor) || !matches!(model.actors[actor].types, Types::Named(_)) {
        return None;
    }
    let first = setup.first_node[actor];
    let acts = game.review.acts.len() + 1;
    let review = &mut game.review;
    review.believed.clear();
    review.believed.extend_from_slice(&game.beliefs.node[first..first + setup.nodes[actor]]);
    revise(&mut review.believed, &News { actor, likelihood: &review.likelihood, mixing, acts });
    let accepts = |(node, &belief): (usize, &f64)| {
        let value = game.keeping.value(first + node)[predicted];
        belief * outlook.yes_of_node(&game.shocks, first + node, outlook.sigma[actor], value)
    };
    let accepts = game.review.believed.iter().enumerate().map(accepts).sum();
    Some(outlook.chance_if(model, setup, game, (actor, accepts)))
}

/// Chance of agreement a step if `target`'s disagreement moved, type by type, as its prospects say: what a pledge is for.
///
/// `game.review.prospects` are those of the target at all of its types. Its continuation moves with its disagreement by
/// 1 - d K where it gains from the deal. None as in [`chance_after`].
pub(super) fn chance_under_pledge(
    room: &Room<'_>,
    target: usize,
    index: usize,
    outlook: &Outlook,
    game: &Game,
) -> Option<f64> {
    let Room { model, setup, .. } = *room;
    let predicted = outlook.predicted?;
    if !setup.signatories.contains(&target) || !matches!(model.actors[target].types, Types::Named(_)) {
        return None;
    }
    let first = setup.first_node[target];
    let mut accepts = 0.0;
    for node in 0..setup.nodes[target] {
        let at = first + node;
        let (none, with) = (game.review.at(at, 0), game.review.at(at, index + 1));
        let shift = (with.z - none.z) * outlook.scale[at];
        let value = game.keeping.value(at)[predicted] - shift;
        accepts += game.beliefs.node[at] * outlook.yes_of_node(&game.shocks, at, outlook.sigma[target], value);
    }
    Some(outlook.chance_if(model, setup, game, (target, accepts)))
}

/// Whether any of the acts is a signal.
pub(super) fn any(room: &Room<'_>, acts: &[Act]) -> bool {
    acts.iter().any(|act| act.observed(room.model).is_some())
}
