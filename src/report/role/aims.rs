//! What a government wants: how much is at stake for it on each issue, and what each option gives it.

use crate::measure::central::Central;
use crate::model::{Model, OptionValues, Penalty};
use crate::report::describe::short;
use crate::report::document::Document;
use crate::report::words::{about, colon, condition, issue, option, signed, types};
use crate::spec::model::Form;

/// Points of a numeric issue that a sheet shows.
const SHOWN: usize = 5;

/// What an issue means to one type of one actor.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stake {
    /// Index of the issue.
    pub(super) issue: usize,
    /// Weight times value of each option.
    pub(super) worth: Vec<f64>,
    /// Between the best and the worst option, a flow.
    pub(super) spread: f64,
}

/// Stakes of one type of an actor in every issue, in the order of the issues.
pub(super) fn stakes(model: &Model, central: &Central, actor: usize, kind: usize) -> Vec<Stake> {
    let declared = &model.actors[actor];
    let weights = declared.weights.get(kind).or_else(|| declared.weights.first());
    let stake = |(at, issue): (usize, &crate::model::Issue)| {
        let weight = weights.and_then(|row| row.get(at)).map_or(0.0, |weight| central.value(weight));
        let worth: Vec<f64> = match declared.values.get(at) {
            None | Some(OptionValues::None) => vec![0.0; issue.options.len()],
            Some(OptionValues::List(values)) => values.iter().map(|value| weight * central.value(value)).collect(),
            Some(OptionValues::Expr(program)) => {
                let slot = model.layout.issues as usize + at;
                let value = |option: &crate::model::IssueOption| central.program_at(program, slot, option.number);
                issue.options.iter().map(|option| weight * value(option)).collect()
            }
        };
        let high = worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let low = worth.iter().copied().fold(f64::INFINITY, f64::min);
        Stake { issue: at, spread: high - low, worth }
    };
    model.issues.iter().enumerate().map(stake).collect()
}

/// How much an issue matters, from its share of all that is at stake for the type.
fn importance(share: f64) -> &'static str {
    match share {
        share if share >= 0.25 => "decisive",
        share if share >= 0.10 => "important",
        share if share >= 0.03 => "useful",
        _ => "minor",
    }
}

/// The sections on aims: the issues by what is at stake, every option, red lines and what counts beside the issues.
pub(super) fn tell(model: &Model, central: &Central, actor: usize, kinds: &[usize], page: &mut Document) {
    page.section("What you want (keep this to yourself)");
    let all: Vec<Vec<Stake>> = kinds.iter().map(|&kind| stakes(model, central, actor, kind)).collect();
    let most = |issue: usize| all.iter().map(|stakes| stakes[issue].spread).fold(0.0, f64::max);
    let mut order: Vec<usize> = (0..model.issues.len()).filter(|&issue| most(issue) > 0.0).collect();
    order.sort_by(|&a, &b| most(b).total_cmp(&most(a)).then(a.cmp(&b)));
    if order.is_empty() {
        page.text("No issue on the table is worth anything to you by itself.");
    } else {
        page.text(
            "Values are average points a step on your own scale: compare them with each other, not with another \
             government's. An issue is decisive with a quarter or more of all that is at stake for you, important with a \
             tenth, useful with three hundredths, else minor.",
        );
        at_stake(model, actor, kinds, &all, &order, page);
        options(model, actor, kinds, &all, &order, page);
    }
    red_lines(model, central, actor, kinds, page);
    beside(model, central, actor, kinds, page);
}

/// Headers of the columns of the types, or one column where there is a single type.
fn columns<'a>(model: &'a Model, actor: usize, kinds: &[usize], single: &'a str) -> Vec<&'a str> {
    let names = types(&model.actors[actor]);
    match kinds {
        [_] => vec![single],
        _ => kinds.iter().map(|&kind| names[kind]).collect(),
    }
}

fn at_stake(model: &Model, actor: usize, kinds: &[usize], all: &[Vec<Stake>], order: &[usize], page: &mut Document) {
    page.part("What is at stake");
    let mut header = vec!["issue"];
    header.extend(columns(model, actor, kinds, "at stake"));
    let totals: Vec<f64> = all.iter().map(|stakes| stakes.iter().map(|stake| stake.spread).sum()).collect();
    let row = |&at: &usize| {
        let cell = |(stakes, total): (&Vec<Stake>, &f64)| {
            let spread = stakes[at].spread;
            if spread == 0.0 { "nothing".to_owned() } else { format!("{}, {spread:.3}", importance(spread / total)) }
        };
        std::iter::once(issue(model, at)).chain(all.iter().zip(&totals).map(cell)).collect()
    };
    page.table(&header, order.iter().map(row).collect());
}

/// Options that a sheet shows: all, or of a numeric issue a few from end to end and the one in force.
fn shown(model: &Model, issue: usize) -> Vec<usize> {
    let count = model.issues[issue].options.len();
    if !model.issues[issue].numeric || count <= SHOWN {
        return (0..count).collect();
    }
    let mut shown: Vec<usize> = (0..SHOWN).map(|at| at * (count - 1) / (SHOWN - 1)).collect();
    shown.push(usize::from(model.register_start[issue]));
    shown.sort_unstable();
    shown.dedup();
    shown
}

fn options(model: &Model, actor: usize, kinds: &[usize], all: &[Vec<Stake>], order: &[usize], page: &mut Document) {
    page.part("What each option gives you, compared with what is in force");
    let mut header = vec!["issue", "option"];
    header.extend(columns(model, actor, kinds, "gain or loss"));
    let mut rows = Vec::new();
    for &at in order {
        let now = usize::from(model.register_start[at]);
        let mut listed = shown(model, at);
        // The best option of the first type stands first; options of equal worth keep their order.
        listed.sort_by(|&a, &b| all[0][at].worth[b].total_cmp(&all[0][at].worth[a]));
        for chosen in listed {
            let cell = |stakes: &Vec<Stake>| {
                if chosen == now {
                    "in force".to_owned()
                } else {
                    signed(stakes[at].worth[chosen] - stakes[at].worth[now])
                }
            };
            let name = [model.issues[at].id.clone(), option(model, at, chosen)];
            rows.push(name.into_iter().chain(all.iter().map(cell)).collect());
        }
    }
    page.table(&header, rows);
}

/// For whom something holds: nothing where it holds for all types that the sheet is about.
fn holds_for(model: &Model, actor: usize, kinds: &[usize], flags: &[bool]) -> Option<String> {
    let names = types(&model.actors[actor]);
    let holds: Vec<usize> = kinds.iter().copied().filter(|&kind| flags.get(kind).copied().unwrap_or(true)).collect();
    if holds.is_empty() {
        return None;
    }
    if holds.len() == kinds.len() {
        return Some(String::new());
    }
    let held: Vec<String> = holds.iter().map(|&kind| format!("`{}`", names[kind])).collect();
    Some(format!(" (only as {})", held.join(" or ")))
}

fn red_lines(model: &Model, central: &Central, actor: usize, kinds: &[usize], page: &mut Document) {
    let declared = model.actors[actor].red_lines.iter().zip(&model.spec.actors[actor].1.red_lines);
    let mut points = Vec::new();
    for (line, (_, spec)) in declared {
        let Some(only) = holds_for(model, actor, kinds, &line.types) else { continue };
        let Form::Expr(text) = &spec.when.form else { continue };
        let cost = match &line.penalty {
            Penalty::Value(value) => format!("costs you {}", short(central.value(value))),
            Penalty::Distance(ending) => {
                format!("costs you as much as the way from the status quo to `{}`", model.endings[ending.index()].id)
            }
        };
        points.push(format!("{}{only} {cost}{}", condition(model, text), colon(&spec.notes)));
    }
    page.part("Red lines");
    if points.is_empty() {
        page.text("None beyond the values above.");
    } else {
        page.text("Crossing one costs you this much on top of the values above. It is a price, not a ban.");
        page.list(points);
    }
}

fn beside(model: &Model, central: &Central, actor: usize, kinds: &[usize], page: &mut Document) {
    let declared = model.actors[actor].terms.iter().zip(&model.spec.actors[actor].1.terms);
    let mut points = Vec::new();
    for (term, (id, spec)) in declared {
        let Some(only) = holds_for(model, actor, kinds, &term.types) else { continue };
        let what = about(&spec.notes).unwrap_or(&id.text);
        let now = central.value(&term.value);
        points.push(format!("{what}{only}: {} as things stand", signed(now)));
    }
    if !points.is_empty() {
        page.part("What else counts");
        page.list(points);
    }
}
