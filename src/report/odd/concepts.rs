//! Design concepts, of those that the model uses.

use super::{Subject, counted, joined};
use crate::model::{ScalarSource, Types};
use crate::report::page::Page;

pub(super) fn all(s: &Subject<'_>, page: &mut Page) {
    let paragraphs = [
        ("Basic principles", principles(s)),
        ("Emergence", emergence(s)),
        ("Adaptation", adaptation(s)),
        ("Objectives", objectives(s)),
        ("Learning", learning(s)),
        ("Prediction", prediction(s)),
        ("Sensing", sensing(s)),
        ("Interaction", interaction(s)),
        ("Stochasticity", stochasticity(s)),
        ("Collectives", collectives(s)),
        ("Observation", observation(s)),
    ];
    for (name, text) in paragraphs {
        page.line(format_args!("**{name}.** {text}\n"));
    }
}

fn principles(s: &Subject<'_>) -> String {
    let mut text = "Negotiation is bargaining in the shadow of what happens without agreement (Nash 1950; Fearon 1995): an \
                    actor signs what is worth more to it than going on. Agreements are packages over several issues, so that \
                    what one side cares about less can pay for what it cares about more (Raiffa 1982)."
        .to_owned();
    if !s.model.attacks.is_empty() {
        text.push_str(
            " An agreement is worth what will become of it: whether it is kept is a decision of whoever could break it (Powell \
             2006), weighed against what guarantors are believed able and willing to do (Huth 1988; Zagare and Kilgour 2000).",
        );
    }
    if !s.model.ratifiers.is_empty() {
        text.push_str(" Governments sign at an international table what must pass at a domestic one (Putnam 1988).");
    }
    text
}

fn emergence(s: &Subject<'_>) -> String {
    let kept = if s.model.attacks.is_empty() { "" } else { ", whether it is kept" };
    format!(
        "Whether and when there is agreement, its terms{kept}, who blocks and which levers are used emerge from decisions by \
         value; none of them is scripted or drawn from a rate of agreement. Imposed are the dynamics of the state, the \
         hazards, the procedure of the talks and every number of section 7."
    )
}

fn adaptation(s: &Subject<'_>) -> String {
    let mut parts = vec!["what to offer, whether to accept"];
    if !s.model.levers.is_empty() {
        parts.push("which lever to use");
    }
    if !s.model.attacks.is_empty() {
        parts.push("whether to break an agreement");
    }
    if !s.model.guarantees.is_empty() {
        parts.push("whether to answer an attack");
    }
    format!(
        "Actors decide {} by comparing values at the present state: each choice is the better the more likely it is to be made, \
         with precisions given in section 7, so that small differences are not decisive.",
        joined(parts)
    )
}

fn objectives(s: &Subject<'_>) -> String {
    let war = s.model.spec.actors.iter().any(|(_, actor)| actor.war_cost.is_some());
    format!(
        "Each actor maximises its expected discounted payoff: a weighted sum of the values of the terms in force, further terms \
         and red lines that the model declares{}, and the values of endings. Weights and values differ by actor and type.",
        if war { ", less the cost of war while it lasts" } else { "" }
    )
}

fn learning(s: &Subject<'_>) -> String {
    let mut parts = Vec::new();
    if s.model.actors.iter().any(|actor| matches!(&actor.types, Types::Named(types) if types.len() > 1)) {
        parts.push(
            "beliefs about types are revised by Bayes' rule after offers, answers, signals and events, with a small share of acts \
             put down to chance",
        );
    }
    if s.model.spec.actors.iter().any(|(_, actor)| actor.optimism.is_some()) {
        parts.push("optimism about the war wears off with battles");
    }
    if s.model.spec.actors.iter().any(|(_, actor)| actor.misjudgement.is_some()) {
        parts.push("the public record of answers narrows what is known of an actor's persistent misjudgement");
    }
    if parts.is_empty() {
        "None: actors know the model.".to_owned()
    } else {
        format!("In this model {}.", joined(parts))
    }
}

fn prediction(s: &Subject<'_>) -> String {
    match s.model.clock.foresight_steps {
        0 => "Actors value disagreement by the lottery over endings as it stands today and predict the deal that bargaining \
              will lead to."
            .to_owned(),
        steps => format!(
            "Actors project the state without noise for {steps} steps under present policies, with the chances of every ending on \
             the way, to value disagreement; they predict the deal that bargaining will lead to and how likely each other's \
             yes is.{}",
            if s.model.attacks.is_empty() { "" } else { " A settlement is valued by backward induction over years in which it may be attacked." }
        ),
    }
}

fn sensing(s: &Subject<'_>) -> String {
    let believes = s.model.spec.actors.iter().any(|(_, actor)| !actor.believes.is_empty());
    format!(
        "State, parameters and past acts are common knowledge; types and moods are private, and others hold beliefs about them{}.",
        if believes {
            "; some actors forecast with values of parameters that they hold for true while the world runs on others"
        } else {
            ""
        }
    )
}

fn interaction(s: &Subject<'_>) -> String {
    let mut parts = vec!["offers and answers"];
    if !s.model.levers.is_empty() {
        parts.push("levers, which move the state that others depend on");
    }
    if s.model.spec.levers.iter().any(|(_, lever)| lever.threat.is_some() || lever.promise.is_some()) {
        parts.push("threats and promises, which are remembered");
    }
    if !s.model.deliverers.is_empty() {
        parts.push("consent to parts that others must deliver");
    }
    if !s.model.attacks.is_empty() {
        parts.push("attacks and answers to them");
    }
    format!("Actors interact through {}.", joined(parts))
}

fn stochasticity(s: &Subject<'_>) -> String {
    let drawn = s.model.scalars.iter().filter(|scalar| matches!(scalar.source, ScalarSource::Drawn(_))).count();
    let correlated = match s.model.spec.correlate.len() {
        0 => String::new(),
        count => format!(
            " {} tie draws together by a Gaussian copula.",
            counted(count, "group of common causes", "groups of common causes")
        ),
    };
    let draw = if drawn == 1 { "parameter is" } else { "parameters are" };
    format!(
        "{drawn} {draw} drawn once a replication: they stand for what is not known, not for chance.{correlated} Types are drawn \
         from their priors. Within a replication the noise of the state, moods, recognition, choices among nearly equal \
         options and hazards are random. Every draw is a function of seed, replication, who draws, for what and when, so that two \
         settings can be compared on the same draws and any replication can be played again."
    )
}

fn collectives(s: &Subject<'_>) -> String {
    if s.model.spec.bodies.is_empty() {
        return "None.".to_owned();
    }
    let bodies = joined(s.model.spec.bodies.iter().map(|(_, body)| body.name.text.as_str()));
    let coalition = if s.model.spec.coalitions.is_empty() {
        ""
    } else {
        " What a coalition can field is the sum of what its members choose to send, each given the others."
    };
    format!("{bodies} decide by votes of their members, each on its own margin.{coalition}")
}

fn observation(s: &Subject<'_>) -> String {
    let own = match s.model.spec.outcome_columns.len() {
        0 => String::new(),
        count => format!(", and {} of the model's own", counted(count, "column", "columns")),
    };
    format!(
        "Each replication leaves a row with outcome, months, terms, values, forecasts beside what came, uses of levers, refusals{own}; \
         the codebook (`describe --format codebook`) defines every column. Shares are reported with Wilson intervals, \
         differences between settings paired by replication."
    )
}
