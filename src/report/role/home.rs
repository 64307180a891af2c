//! Constraints at home, what happens without a deal, and what the packages under discussion are worth.

use crate::engine::overview::{Node, Overview};
use crate::measure::central::Central;
use crate::model::{Model, RatifierRole, Worth};
use crate::report::document::Document;
use crate::report::words::{about, full_name, package, percent, signed, types};

/// Words for the summands of what going on without a deal is worth.
const PARTS: [&str; 5] = [
    "terms in force",
    "cost of the war",
    "ways in which it may end",
    "what lies beyond your horizon",
    "your own optimism",
];

/// Nodes of the types that a sheet is about.
fn nodes<'o>(overview: &'o Overview, actor: usize, kinds: &[usize]) -> Vec<&'o Node> {
    overview.nodes.iter().filter(|node| node.actor == actor && kinds.contains(&node.type_index)).collect()
}

/// One header a type, or one where there is a single type.
fn headers<'a>(model: &'a Model, actor: usize, kinds: &[usize], single: &'a str) -> Vec<&'a str> {
    let names = types(&model.actors[actor]);
    if kinds.len() == 1 { vec![single] } else { kinds.iter().map(|&kind| names[kind]).collect() }
}

/// Who at home must agree, or limits what the government can send.
pub(super) fn constraints(model: &Model, actor: usize, page: &mut Document) {
    page.section("At home");
    let own = model.ratifiers.iter().zip(&model.spec.ratifiers).filter(|(ratifier, _)| ratifier.of.index() == actor);
    let point = |(ratifier, (id, spec)): (
        &crate::model::Ratifier,
        &(crate::spec::model::Name, crate::spec::model::Ratifier),
    )| {
        let how = match ratifier.role {
            RatifierRole::Constraint if ratifier.parts.is_some() => "it votes on your part of a deal",
            RatifierRole::Constraint => "it votes, and nothing of yours is signed without it",
            RatifierRole::ThreatPoint => "it does not vote, but you weigh what you may lose there",
            RatifierRole::Contribution => "it limits what you can send",
        };
        let what = about(&spec.notes).map(|about| format!(" {about}.")).unwrap_or_default();
        format!("`{}`: {how}.{what}", id.text)
    };
    let points: Vec<String> = own.map(point).collect();
    if points.is_empty() {
        page.text("Nobody at home votes on what you sign.");
    } else {
        page.list(points);
    }
}

/// What going on without a deal is worth, and how the war may end.
pub(super) fn without_a_deal(
    model: &Model,
    central: &Central,
    overview: &Overview,
    actor: usize,
    kinds: &[usize],
    page: &mut Document,
) {
    page.section("If there is no deal");
    let own = nodes(overview, actor, kinds);
    page.text(
        "What you expect if no agreement is ever signed, on the scale of your values, and what going on talking is worth: \
         that is what you compare an offer with.",
    );
    let mut header = vec!["average points a step"];
    header.extend(headers(model, actor, kinds, "to you"));
    let line = |name: &str, value: &dyn Fn(&Node) -> f64| -> Vec<String> {
        std::iter::once(name.to_owned()).chain(own.iter().map(|node| format!("{:.3}", value(node) + 0.0))).collect()
    };
    let mut rows = vec![line("no agreement, ever", &|node| node.disagreement)];
    for (at, part) in PARTS.iter().enumerate() {
        if own.iter().any(|node| node.parts[at].abs() >= 5e-4) {
            let sum = |node: &Node| signed(node.parts[at]);
            rows.push(std::iter::once(format!("of which {part}")).chain(own.iter().map(|node| sum(node))).collect());
        }
    }
    rows.push(line("to go on talking", &|node| node.against));
    page.table(&header, rows);
    endings(model, central, actor, kinds, page);
}

fn endings(model: &Model, central: &Central, actor: usize, kinds: &[usize], page: &mut Document) {
    let chances: Vec<(usize, f64)> =
        model.foresight.iter().map(|(ending, value)| (ending.index(), central.value(value))).collect();
    let mut rows = Vec::new();
    for (index, ending) in model.endings.iter().enumerate() {
        let (id, spec) = &model.spec.endings[index];
        let worth = |&kind: &usize| match ending.worth[actor].get(kind).or_else(|| ending.worth[actor].first()) {
            Some(Worth::Value(value)) => format!("{:.2}", central.value(value) + 0.0),
            Some(Worth::OfPackage) | None => "what its terms are worth to you".to_owned(),
        };
        let chance = chances
            .iter()
            .find(|(at, _)| *at == index)
            .map_or_else(|| "not from the talks as they stand".to_owned(), |(_, chance)| percent(*chance));
        let what =
            about(&spec.notes).map_or_else(|| format!("`{}`", id.text), |about| format!("{about} (`{}`)", id.text));
        rows.push([what, chance].into_iter().chain(kinds.iter().map(worth)).collect());
    }
    let mut header = vec!["how it may end", "chance as things stand"];
    header.extend(headers(model, actor, kinds, "worth to you"));
    page.table(&header, rows);
}

fn votes_at_home(ratifier: &crate::model::Ratifier, actor: usize) -> bool {
    ratifier.of.index() == actor && ratifier.role == RatifierRole::Constraint
}

/// The named packages: gain over going on talking, and the chance of each vote at home.
pub(super) fn packages(model: &Model, overview: &Overview, actor: usize, kinds: &[usize], page: &mut Document) {
    let own = nodes(overview, actor, kinds);
    let votes: Vec<usize> =
        (0..model.ratifiers.len()).filter(|&ratifier| votes_at_home(&model.ratifiers[ratifier], actor)).collect();
    let mut header = vec!["package", "terms beside those in force"];
    header.extend(headers(model, actor, kinds, "gain over talking on"));
    header.extend(votes.iter().map(|&ratifier| model.ratifiers[ratifier].id.as_str()));
    let mut rows = Vec::new();
    for (named, (id, spec)) in model.named_packages.iter().zip(&model.spec.packages) {
        let Some(at) = overview.package(model, &named.options) else { continue };
        let what =
            about(&spec.notes).map_or_else(|| format!("`{}`", id.text), |about| format!("{about} (`{}`)", id.text));
        let gains = own.iter().map(|node| signed(node.values[at] - node.against));
        let chances = votes.iter().map(|&ratifier| match overview.vote(model, ratifier, at) {
            Some(chance) => percent(chance),
            None => "not put to the vote".to_owned(),
        });
        rows.push([what, package(model, &named.options)].into_iter().chain(gains).chain(chances).collect());
    }
    if !rows.is_empty() {
        page.section("Packages that others discuss");
        page.text(
            "What each would bring you if it were signed today, with what you expect to become of it, compared with going \
             on talking; where somebody votes at home, the chance of that vote too.",
        );
        page.table(&header, rows);
    }
}

/// What may happen to a settlement, and what the government is pledged to.
pub(super) fn afterwards(model: &Model, actor: usize, page: &mut Document) {
    let mut points = Vec::new();
    for (attack, (id, spec)) in model.attacks.iter().zip(&model.spec.attacks) {
        let what = about(&spec.notes).unwrap_or(&id.text);
        let (by, target) = (attack.by.index(), attack.target.index());
        if by == actor {
            points.push(format!("It is yours to decide: {what} (`{}`).", id.text));
        } else if target == actor {
            points.push(format!("It may be done to you: {what} (`{}`).", id.text));
        }
    }
    for (guarantee, (id, spec)) in model.guarantees.iter().zip(&model.spec.guarantees) {
        let what = about(&spec.notes).unwrap_or(&id.text);
        let party = match guarantee.by {
            crate::model::Party::Actor(by) => (by.index() == actor).then(|| "You answer for it".to_owned()),
            crate::model::Party::Body(body) => {
                model.bodies[body.index()].members.iter().any(|(member, _)| member.index() == actor).then(|| {
                    format!("You answer for it with the others in {}", model.spec.bodies[body.index()].1.name.text)
                })
            }
        };
        points.extend(party.map(|party| format!("{party}: {what} (`{}`).", id.text)));
    }
    if !points.is_empty() {
        page.section("After a settlement");
        page.list(points);
    }
}

/// What others believe of the government, and what it believes of them.
pub(super) fn beliefs(model: &Model, central: &Central, overview: &Overview, actor: usize, page: &mut Document) {
    use crate::model::Types;
    page.section("What others believe of you, and you of them");
    let of = |who: usize| -> Option<Vec<String>> {
        match &model.actors[who].types {
            Types::Named(named) if named.len() > 1 => {
                let spec = &model.spec.actors[who].1.types;
                let point = |(at, named): (usize, &crate::model::NamedType)| {
                    let belief = overview.nodes.iter().find(|node| node.actor == who && node.type_index == at);
                    let belief = belief.map_or_else(|| central.value(&named.prior), |node| node.belief);
                    let meaning =
                        spec.iter().find(|(id, _)| id.text == named.id).and_then(|(_, spec)| about(&spec.notes));
                    let meaning = meaning.map(|meaning| format!(": {meaning}")).unwrap_or_default();
                    let whom = if who == actor { "you are" } else { "it is" };
                    format!("{} that {whom} `{}`{meaning}", percent(belief), named.id)
                };
                Some(named.iter().enumerate().map(point).collect())
            }
            Types::Continuous { path, distribution, .. } => {
                let ends = [distribution.low(), distribution.high()].map(crate::report::describe::short);
                let whose = if who == actor { "your" } else { "its" };
                Some(vec![format!("only that {whose} `{path}` lies between {} and {}", ends[0], ends[1])])
            }
            Types::Named(_) => None,
        }
    };
    match of(actor) {
        None => page.text("Others know what you want; what they cannot know is how you will judge an offer."),
        Some(points) => {
            page.text("Of you others believe, before anything has happened:");
            page.list(points);
        }
    }
    for (who, other) in model.actors.iter().enumerate().filter(|&(who, _)| who != actor) {
        if let Some(points) = of(who) {
            page.text(format!("Of {} you believe:", full_name(other)));
            page.list(points);
        }
    }
    page.text("Every offer, refusal and act tells something. Beliefs change; your aims do not.");
}
