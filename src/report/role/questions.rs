//! Questions for the debriefing, made from what the model contains.

use super::aims::{Stake, stakes};
use crate::measure::central::Central;
use crate::model::{Model, Role, Types};
use crate::report::words::{about, option, quoted_issue as issue, types};

/// All questions that the model gives rise to, in the order of a negotiation.
pub(super) fn questions(model: &Model, central: &Central) -> Vec<String> {
    let mut all = Vec::new();
    private(model, &mut all);
    trade(model, central, &mut all);
    red_lines(model, &mut all);
    at_home(model, &mut all);
    levers(model, &mut all);
    afterwards(model, &mut all);
    all.push(
        "Which of the simulated paths is nearest to what happened in this room, and at which move did you part from it?".to_owned(),
    );
    all.push(
        "Would the government that you played recognise its case in your sheet? Name one number that it would dispute; set it with \
         `--set` and play the same seed again."
            .to_owned(),
    );
    all
}

/// Private types: who learned what from which act.
fn private(model: &Model, all: &mut Vec<String>) {
    for actor in &model.actors {
        let kinds = types(actor);
        let name = &actor.name;
        if !kinds.is_empty() {
            let kinds: Vec<String> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
            all.push(format!(
                "{name} was one of {}. Which act or answer told the others which, and what would another type have done in its place?",
                kinds.join(", ")
            ));
        } else if let Types::Continuous { path, .. } = &actor.types {
            all.push(format!(
                "Only {name} knew its `{path}`. What did the others risk by not knowing it, and could {name} have told them \
                 in a way that they believed?"
            ));
        }
    }
}

/// The share of an actor's stakes that lies in each issue, averaged over its types.
fn shares(model: &Model, central: &Central, actor: usize) -> Vec<f64> {
    let kinds = types(&model.actors[actor]).len().max(1);
    let mut shares = vec![0.0; model.issues.len()];
    for kind in 0..kinds {
        let stakes = stakes(model, central, actor, kind);
        let total: f64 = stakes.iter().map(|stake| stake.spread).sum();
        if total > 0.0 {
            for (stake, share) in stakes.iter().zip(&mut shares) {
                *share += stake.spread / total / kinds as f64;
            }
        }
    }
    shares
}

/// The best option of an issue to the first type of an actor; the first of several.
fn best(stake: &Stake) -> usize {
    (0..stake.worth.len()).max_by(|&a, &b| stake.worth[a].total_cmp(&stake.worth[b]).then(b.cmp(&a))).unwrap_or(0)
}

/// Where signatories collide most, and what each pair could have traded.
fn trade(model: &Model, central: &Central, all: &mut Vec<String>) {
    let signatories: Vec<usize> =
        (0..model.actors.len()).filter(|&actor| model.actors[actor].role == Role::Signatory).collect();
    let name = |actor: usize| &model.actors[actor].name;
    for (at, &a) in signatories.iter().enumerate() {
        for &b in &signatories[at + 1..] {
            let (ours, theirs) = (shares(model, central, a), shares(model, central, b));
            let (mine, yours) = (stakes(model, central, a, 0), stakes(model, central, b, 0));
            let first = |score: &dyn Fn(usize) -> f64| {
                let found = (0..model.issues.len()).max_by(|&x, &y| score(x).total_cmp(&score(y)).then(y.cmp(&x)));
                found.filter(|&issue| score(issue) > 0.0)
            };
            let opposed = |at: usize| best(&mine[at]) != best(&yours[at]);
            let clash = first(&|at| if opposed(at) { ours[at].min(theirs[at]) } else { 0.0 });
            if let Some(at) = clash {
                all.push(format!(
                    "On {} {} wanted {} and {} wanted {}, and both had much to lose. What did you put beside it to make a choice \
                     bearable?",
                    issue(model, at),
                    name(a),
                    option(model, at, best(&mine[at])),
                    name(b),
                    option(model, at, best(&yours[at])),
                ));
            }
            let (give, take) = (first(&|at| theirs[at] - ours[at]), first(&|at| ours[at] - theirs[at]));
            if let (Some(give), Some(take)) = (give, take) {
                all.push(format!(
                    "{} had more at stake than {} on {}, and less on {}. Was one traded for the other, and who saw it first?",
                    name(a),
                    name(b),
                    issue(model, take),
                    issue(model, give),
                ));
            }
        }
    }
}

fn red_lines(model: &Model, all: &mut Vec<String>) {
    let with: Vec<&str> =
        model.actors.iter().filter(|actor| !actor.red_lines.is_empty()).map(|actor| actor.name.as_str()).collect();
    if !with.is_empty() {
        all.push(format!(
            "Red lines have a price in this model ({}). Was one crossed or nearly crossed, what was asked for it, and would a real \
             government have named a price at all?",
            with.join(", ")
        ));
    }
}

fn at_home(model: &Model, all: &mut Vec<String>) {
    for (ratifier, (id, spec)) in model.ratifiers.iter().zip(&model.spec.ratifiers) {
        let what = about(&spec.notes).map(|about| format!(" ({about})")).unwrap_or_default();
        all.push(format!(
            "`{}`{what} has a say in what {} signs. Which of your packages would have failed there, and did somebody use it as an \
             argument at the table?",
            id.text,
            model.actors[ratifier.of.index()].name
        ));
    }
}

fn levers(model: &Model, all: &mut Vec<String>) {
    let announced: Vec<String> = model
        .levers
        .iter()
        .filter(|lever| lever.pledges().next().is_some())
        .map(|lever| format!("`{}`", lever.id))
        .collect();
    if !announced.is_empty() {
        all.push(format!(
            "Some levers can be announced before they are used ({}). Was a threat made, believed, carried out? What did it do to \
             the next one?",
            announced.join(", ")
        ));
    }
    for event in model.events.iter().zip(&model.spec.events).filter(|(event, _)| event.ends_mediation) {
        let (_, (id, spec)) = event;
        all.push(format!(
            "{} (`{}`). Whom would that have helped, and did anybody play for it?",
            about(&spec.notes).unwrap_or("Mediation may end"),
            id.text
        ));
    }
}

fn afterwards(model: &Model, all: &mut Vec<String>) {
    for (attack, (id, spec)) in model.attacks.iter().zip(&model.spec.attacks) {
        let what = about(&spec.notes).unwrap_or(&id.text);
        let answer = if attack.answered_by.is_empty() { "What" } else { "Who would have answered, and what" };
        all.push(format!(
            "After the signature: {what} (`{}`). {answer} in your agreement makes that less worthwhile to {}: capability, will, or \
             what it would lose?",
            id.text,
            model.actors[attack.by.index()].name
        ));
    }
}
