//! Purpose and patterns; entities, state variables and scales; process overview and scheduling.

use super::table::{code, table};
use super::{Subject, about, counted, joined};
use crate::model::{Role, Types};
use crate::report::describe::{between, short, written};
use crate::report::page::Page;
use crate::spec::model::{Name, Scope};

pub(super) fn title(s: &Subject<'_>, page: &mut Page) {
    let header = &s.model.spec.model;
    page.line(format_args!("# {}: ODD protocol\n", header.title.text));
    page.line(format_args!(
        "This description follows the ODD protocol (Overview, Design concepts, Details; Grimm et al. 2006, 2010, 2020). It is \
         generated from the model `{}` (hash {}) by détente {}: what the text says of the model is what is played, and a \
         number that changes in the model changes here.",
        header.name.text,
        &s.hash[..16],
        env!("CARGO_PKG_VERSION"),
    ));
}

pub(super) fn purpose(s: &Subject<'_>, page: &mut Page) {
    let spec = &s.model.spec;
    if let Some(about) = &spec.model.about {
        page.line(format_args!("{}.\n", about.text));
    }
    page.line(format_args!(
        "The purpose is to compute what a set of explicit assumptions about aims, constraints and beliefs implies for how a \
         negotiation ends, which terms are signed and whether they are kept. The model does not forecast: each assumption \
         on which observers differ is a parameter with a range, replications draw from these ranges, and results are shares \
         and differences between settings, not predictions of events.\n"
    ));
    page.line(format_args!(
        "Every replication ends in exactly one outcome, the first in this list whose condition holds:\n"
    ));
    let rows: Vec<Vec<String>> = spec
        .outcomes
        .iter()
        .map(|outcome| vec![code(&outcome.id.text), about(&outcome.notes).to_owned(), code(&written(&outcome.when))])
        .collect();
    table(page, &["outcome", "what it stands for", "condition"], &rows);
    patterns(s, page);
}

/// What the model is held against.
fn patterns(s: &Subject<'_>, page: &mut Page) {
    let Some(signs) = s.signs else {
        page.line(format_args!(
            "**Patterns.** No table of expected signs goes with this model. It is a theory case or an exercise: the result that \
             it should reproduce is stated in its file."
        ));
        return;
    };
    let of_kind = |kind: &str| signs.contrasts.iter().filter(|c| c.kind.text == kind).count();
    page.line(format_args!(
        "**Patterns.** The model is judged by whether it moves as its sources and the theory of bargaining say it should. \
         {} were written down before they were run: {} that follow from the logic of a mechanism, {} on which sources or \
         their critics disagree and which must be reachable both ways, and {} of patterns with presets under which the effect \
         must vanish. `detente signs` runs them. The patterns are:\n",
        counted(signs.contrasts.len(), "contrast", "contrasts"),
        of_kind("structural"),
        of_kind("contested"),
        of_kind("pattern"),
    ));
    for contrast in signs.contrasts.iter().filter(|contrast| contrast.kind.text == "pattern") {
        let what = contrast.about.as_ref().map_or_else(String::new, |about| format!(": {}", about.text));
        let id = contrast.id.text.replace('-', " ");
        page.line(format_args!("- {} ({}){what}", id, contrast.mechanism.text));
    }
}

pub(super) fn entities(s: &Subject<'_>, page: &mut Page) {
    actors(s, page);
    bodies(s, page);
    issues(s, page);
    instruments(s, page);
    states(s, page);
    scales(s, page);
}

fn actors(s: &Subject<'_>, page: &mut Page) {
    let signs = s.model.actors.iter().filter(|actor| actor.role == Role::Signatory).count();
    page.line(format_args!(
        "**Actors** are governments and offices, not persons. {} take part, of which {} must sign; a mediator proposes and \
         does not sign; third parties deliver parts of a deal, supply force or aid, and bear consequences. An actor's *type* is \
         what others cannot observe about its aims; priors are given at central values.\n",
        counted(s.model.actors.len(), "actor", "actors"),
        counted(signs, "signatory", "signatories"),
    ));
    let row = |(index, actor): (usize, &crate::model::Actor)| {
        let spec = &s.model.spec.actors[index].1;
        let types = match &actor.types {
            Types::Named(types) if types.len() > 1 => types
                .iter()
                .map(|named| format!("{} ({})", named.id, short(s.central.value(&named.prior))))
                .collect::<Vec<_>>()
                .join(", "),
            Types::Named(_) => "one".to_owned(),
            Types::Continuous { path, .. } => format!("private {path}"),
        };
        let role = match actor.role {
            Role::Signatory => "signatory",
            Role::Mediator => "mediator",
            Role::ThirdParty => "third party",
        };
        vec![
            code(&actor.id),
            actor.name.clone(),
            role.to_owned(),
            types,
            written(&spec.patience),
            about(&spec.notes).to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = s.model.actors.iter().enumerate().map(row).collect();
    table(page, &["actor", "name", "role", "types", "discount factor a month", "remark"], &rows);
}

fn bodies(s: &Subject<'_>, page: &mut Page) {
    let bodies = &s.model.spec.bodies;
    if bodies.is_empty() {
        return;
    }
    page.line(format_args!(
        "**Bodies** decide by the votes of their members; what a matter needs is stated with it.\n"
    ));
    let quota = |quota: &crate::spec::model::Quota| match quota {
        crate::spec::model::Quota::Unanimity => "all members".to_owned(),
        crate::spec::model::Quota::QualifiedMajority(share) => format!("{} of the weights", written(share)),
    };
    let rows: Vec<Vec<String>> = bodies
        .iter()
        .map(|(id, body)| {
            let matters: Vec<String> =
                body.quota.iter().map(|(matter, needs)| format!("{}: {}", matter.text, quota(needs))).collect();
            vec![code(&id.text), body.name.text.clone(), names(&body.members), matters.join("; ")]
        })
        .collect();
    table(page, &["body", "name", "members", "what a matter needs"], &rows);
}

fn names(names: &[Name]) -> String {
    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", ")
}

fn issues(s: &Subject<'_>, page: &mut Page) {
    page.line(format_args!(
        "**Issues** are what can be agreed; a *package* takes one option of each of {}. The status quo stands first in \
         bold. {}\n",
        counted(s.model.issues.len(), "issue", "issues"),
        if s.model.spec.rules.is_empty() {
            String::new()
        } else {
            "Packages that contradict themselves are excluded by rules (section 7).".to_owned()
        },
    ));
    let row = |(issue, (id, spec)): (&crate::model::Issue, &(Name, crate::spec::model::Issue))| {
        let now = usize::from(issue.status_quo);
        let options = if issue.numeric {
            let end = |option: Option<&crate::model::IssueOption>| {
                option.map_or_else(String::new, |option| option.id.clone())
            };
            format!(
                "**{}** on a grid from {} to {}",
                issue.options[now].id,
                end(issue.options.first()),
                end(issue.options.last())
            )
        } else {
            let others = issue.options.iter().enumerate().filter(|(at, _)| *at != now).map(|(_, o)| o.id.as_str());
            let others: Vec<&str> = others.collect();
            format!("**{}**, {}", issue.options[now].id, others.join(", "))
        };
        vec![code(&id.text), about(&spec.notes).to_owned(), options]
    };
    let rows: Vec<Vec<String>> = s.model.issues.iter().zip(&s.model.spec.issues).map(row).collect();
    table(page, &["issue", "meaning", "options"], &rows);
}

fn instruments(s: &Subject<'_>, page: &mut Page) {
    let instruments = &s.model.spec.instruments;
    if instruments.is_empty() {
        page.line(format_args!("The only instrument is one comprehensive settlement that all signatories sign.\n"));
        return;
    }
    page.line(format_args!(
        "**Instruments** are what can be signed. Each has a scope, parties whose yes it needs, and the regime (war, truce, \
         settled) that it leads to. What is in force is kept in a register.\n"
    ));
    let rows: Vec<Vec<String>> = instruments
        .iter()
        .map(|(id, instrument)| {
            let scope = match &instrument.scope {
                Scope::All => "all issues".to_owned(),
                Scope::Issues(issues) => names(issues),
            };
            let parties = match instrument.parties.as_slice() {
                [] => "all signatories".to_owned(),
                list => list.iter().map(|party| party.by.text.as_str()).collect::<Vec<_>>().join(", "),
            };
            let nature = match (instrument.imposed, instrument.framework) {
                (true, _) => "imposed: without the adversary's yes",
                (_, true) => "a text without force that binds offers",
                _ => "signed",
            };
            let leads = instrument.leads_to.as_ref().map_or("unchanged", |regime| regime.text.as_str());
            vec![
                code(&id.text),
                about(&instrument.notes).to_owned(),
                scope,
                parties,
                nature.to_owned(),
                leads.to_owned(),
            ]
        })
        .collect();
    table(page, &["instrument", "meaning", "scope", "parties", "nature", "regime"], &rows);
}

fn states(s: &Subject<'_>, page: &mut Page) {
    let spec = &s.model.spec;
    if spec.states.is_empty() && spec.derived.is_empty() {
        page.line(format_args!("There are no state variables besides the clock, the register and what is believed.\n"));
        return;
    }
    page.line(format_args!(
        "**State variables** describe the world that actors fight and bargain over. They change a month at a time by the rule in \
         the table and by levers and events, and are kept in their range; times that a bound holds one are counted.\n"
    ));
    let noise = |state: &crate::spec::model::State| {
        let sd = state.noise_sd.as_ref().map(|sd| format!("sd {} a root month", written(sd)));
        let jump = state.jump.as_ref().map(|(chance, _)| format!("jumps, chance {}", written(chance)));
        sd.or(jump).unwrap_or_default()
    };
    let rows: Vec<Vec<String>> = spec
        .states
        .iter()
        .map(|(id, state)| {
            let unit = state.notes.unit.as_ref().map_or("", |unit| unit.text.as_str());
            let change = state.change.as_ref().map(|change| code(&written(change))).unwrap_or_default();
            vec![
                code(&id.text),
                about(&state.notes).to_owned(),
                unit.to_owned(),
                between(state.range),
                written(&state.start),
                change,
                noise(state),
            ]
        })
        .collect();
    table(page, &["variable", "meaning", "unit", "range", "start", "change a month", "noise"], &rows);
    if !spec.derived.is_empty() {
        page.line(format_args!("**Derived values** are computed from these at every step.\n"));
        let rows: Vec<Vec<String>> = spec
            .derived
            .iter()
            .map(|(id, derived)| vec![code(&id.text), about(&derived.notes).to_owned(), code(&written(&derived.value))])
            .collect();
        table(page, &["value", "meaning", "expression"], &rows);
    }
}

fn scales(s: &Subject<'_>, page: &mut Page) {
    let (clock, header) = (&s.model.clock, &s.model.spec.model);
    let start = header.start.map_or_else(|| "no calendar".to_owned(), |date| format!("a start on {date}"));
    let after = match clock.aftermath_steps {
        0 => "Nothing is played after a settlement".to_owned(),
        steps => format!("After a settlement {steps} further steps are played"),
    };
    let foresight = match clock.foresight_steps {
        0 => "disagreement is valued by today's lottery over endings".to_owned(),
        steps => format!("disagreement is valued over {steps} steps ahead"),
    };
    page.line(format_args!(
        "**Scales.** One step is a {} ({} months), with {start}; talks last at most {} steps. {after}; {foresight}. Space is \
         not represented except through state variables and issues. Payoffs are in *u-points*, the average payoff of one \
         step; every actor's scale is anchored on the status quo and the endings that the model declares.",
        header.step.text.replace('_', " "),
        short(clock.months_per_step),
        clock.horizon_steps,
    ));
}

/// The steps that the engine takes, in its order, with what this model has of each.
pub(super) fn process(s: &Subject<'_>, page: &mut Page) {
    let spec = &s.model.spec;
    page.line(format_args!(
        "All steps run in every regime, in this order; actors that act in the same step do so in the order in which section 2 \
         lists them, each seeing what those before it did. State variables are updated synchronously, from the values that \
         the step began with.\n"
    ));
    let has = |count: usize, one: &str, more: &str, text: &str| {
        if count == 0 {
            format!("{text} (none in this model)")
        } else {
            format!("{text} ({})", counted(count, one, more))
        }
    };
    let moving = spec.states.iter().filter(|(_, state)| state.change.is_some()).count();
    let steps = [
        has(
            spec.events.len(),
            "event",
            "events",
            "Dated and conditional events and shocks happen; effects on their way arrive",
        ),
        has(spec.levers.len(), "lever", "levers", "Actors and bodies review their levers"),
        "Patience and exits: a mediator whose patience has ended stops proposing".to_owned(),
        has(
            moving,
            "variable changes",
            "variables change",
            "Battlefield, economy, opinion and rebuilding change the state",
        ),
        "Beliefs and records: moods of those who answer move, and with them what the public knows of them".to_owned(),
        format!(
            "Values: disagreement Z, the predicted deal and the continuation value C are computed{}",
            if spec.coalitions.is_empty() { "" } else { "; coalitions decide what each member sends" },
        ),
        "Recognition: whether there is an offer this step, and whose".to_owned(),
        "The proposer offers a package under an instrument, stalls, or walks out".to_owned(),
        "The other parties of the instrument answer".to_owned(),
        has(s.model.deliverers.len(), "deliverer", "deliverers", "Those who must deliver a part consent or do not"),
        has(spec.ratifiers.len(), "ratifier", "ratifiers", "Ratifiers vote"),
        format!(
            "What was agreed is signed and enters the register, or the step of war or truce ends: flows are paid, hazards \
             strike ({}), agreements lapse, are denounced or broken{}",
            counted(spec.hazards.len(), "hazard", "hazards"),
            if spec.transitions.is_empty() { "" } else { ", offices change hands" },
        ),
    ];
    for (number, step) in (1..).zip(steps) {
        page.line(format_args!("{number}. {step}."));
    }
    if s.model.clock.aftermath_steps > 0 {
        let attacks: Vec<&str> = spec.attacks.iter().map(|(id, _)| id.text.as_str()).collect();
        let attacks =
            if attacks.is_empty() { "hazards".to_owned() } else { format!("the attacks {}", joined(attacks)) };
        page.line(format_args!(
            "\nAfter a settlement the same clock runs on without talks: events, levers and state as above, then {attacks} or \
             another step of peace, until something ends it or the aftermath is over."
        ));
    }
}
