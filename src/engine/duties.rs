//! What the steps of a model need not do: decided once per model, so that what a model does not use costs nothing.

use super::setup::Setup;
use crate::model::expr::{Program, Slot};
use crate::model::{Model, OptionValues, ProtocolKind, Role, Tactic, Value, Worth};

/// Whether every step after the first finds values and forecasts as the first left them, and nobody reads the latter: all
/// who sign or propose bargain by a tactic, and nothing but the talks moves.
pub(super) fn is_mechanical(model: &Model, setup: &Setup) -> bool {
    everybody_has_a_tactic(model) && nothing_moves(model, setup) && steady_numbers(model)
}

fn everybody_has_a_tactic(model: &Model) -> bool {
    let bargains = |tactic: &Option<Tactic>| matches!(tactic, Some(t) if !matches!(t, Tactic::Logit { .. }));
    let sits = |role: Role| role != Role::ThirdParty;
    model.protocol.kind != ProtocolKind::SingleText
        && model.actors.iter().zip(&model.tactics).all(|(actor, tactic)| !sits(actor.role) || bargains(tactic))
}

fn nothing_moves(model: &Model, setup: &Setup) -> bool {
    let alone = model.instruments.len() == 1;
    let world = model.states.is_empty() && model.derived.is_empty() && model.events.is_empty();
    let acts = model.levers.is_empty() && model.transitions.is_empty() && model.coalitions.is_empty();
    let others = model.deliverers.is_empty() && model.ratifiers.is_empty();
    let dangers = model.hazards.is_empty() && model.attacks.is_empty() && model.tallies.is_empty();
    let certain = |actor: &crate::model::Actor| {
        let none = |value: &Value| *value == Value::Const(0.0);
        none(&actor.sigma)
            && none(&actor.optimism)
            && actor.stalling.is_none()
            && actor.believes.is_empty()
            && actor.audience.is_none()
    };
    let known = setup.nodes.iter().all(|&types| types == 1);
    alone && world && acts && others && dangers && known && model.actors.iter().all(certain)
}

/// Whether no number of the talks, and none that terms are valued by, can change from step to step.
fn steady_numbers(model: &Model) -> bool {
    let Some(widest) = u32::try_from(model.issues.len()).ok() else { return false };
    let issues = model.layout.issues..model.layout.issues + widest;
    let fixed = |program: &Program| {
        program.reads().iter().all(|slot| if let Slot::Lane(lane) = slot { issues.contains(lane) } else { true })
    };
    let steady = |value: &Value| if let Value::Program(program) = value { fixed(program) } else { true };
    let protocol = &model.protocol;
    let talks = [&protocol.offers_per_month, &protocol.breakdown, &protocol.after_exit];
    let behaviour = &model.behaviour;
    let choice = [&behaviour.least_ratification, &behaviour.least_consent, &behaviour.consent_precision];
    let options = |values: &OptionValues| match values {
        OptionValues::None => true,
        OptionValues::List(list) => list.iter().all(steady),
        OptionValues::Expr(program) => fixed(program),
    };
    let actor = |actor: &crate::model::Actor| {
        let flows = [&actor.war_cost, &actor.no_deal_flow, &actor.walk_out];
        actor.weights.iter().flatten().all(steady)
            && actor.values.iter().all(options)
            && actor.red_lines.is_empty()
            && actor.terms.is_empty()
            && steady(&actor.truce_share)
            && flows.into_iter().flatten().all(steady)
    };
    let worth = |worth: &Worth| if let Worth::Value(value) = worth { steady(value) } else { true };
    talks.into_iter().chain(choice).chain(&protocol.recognition).all(steady)
        && model.actors.iter().all(actor)
        && model.endings.iter().flat_map(|ending| ending.worth.iter().flatten()).all(worth)
        && model.foresight.iter().all(|(_, chance)| steady(chance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile::compile;
    use crate::spec::problem::Problems;
    use crate::spec::tree::Sources;

    fn mechanical(overlay: &str) -> bool {
        let mut sources = Sources::single("pie.toml", include_str!("../../models/peers/pie.toml"));
        sources.push("overlay.toml", overlay);
        let reading = crate::spec::read(&sources, &[]);
        let model = compile(reading.spec.unwrap(), &mut Problems::default()).unwrap();
        is_mechanical(&model, &Setup::new(&model))
    }

    #[test]
    fn only_games_that_tactics_alone_move_are_mechanical() {
        assert!(mechanical(""));
        assert!(mechanical("[actors.A]\npolicy = { tactic = \"micro\" }"));
        for other in [
            "[state.idle]\nstart = 0\nrange = [0, 1]\nchange = 0.1",
            "[actors.A]\nmisjudgement = { sigma = 0.1 }",
            "[actors.A]\nwar_cost = \"if(month > 3, 0.1, 0)\"",
            "[actors.A]\npolicy = { tactic = \"logit\", precision = 2 }",
            "[actors.A.types.x]\nprior = 0.5\n[actors.A.types.y]\nprior = 0.5",
        ] {
            assert!(!mechanical(other), "{other}");
        }
    }
}
