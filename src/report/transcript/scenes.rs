//! An account cut into scenes: a step in which something happened, some steps in which nothing did, a year of peace.

use super::moves;
use super::recorder::{Account, Act, StepAccount};
use crate::engine::record::Record;
use crate::model::{Model, Regime};
use crate::report::calendar::date_after;
use crate::report::describe::short;
use crate::report::words::about;

/// A state is told again when it moved by this share of its range.
const NOTICEABLE: f64 = 0.02;

/// A line of a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// 0 for what happens, 1 for what is behind it.
    pub(super) depth: usize,
    /// The sentence.
    pub(super) text: String,
}

/// What is told under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scene {
    /// The first step that it tells.
    pub(super) step: u32,
    /// Its heading: when, and in a word what.
    pub(super) head: String,
    /// What happened.
    pub(super) lines: Vec<Line>,
}

impl Scene {
    fn say(&mut self, depth: usize, text: impl Into<String>) {
        self.lines.push(Line { depth, text: text.into() });
    }
}

/// All scenes in order: the talks step by step, then the years of a settlement. No scene of the talks reaches over the
/// step `cut`.
pub(super) fn scenes(model: &Model, account: &Account, record: &Record, cut: Option<u32>) -> Vec<Scene> {
    let mut scenes = Vec::new();
    let mut told = Vec::new();
    let mut quiet = Quiet::default();
    let (talks, aftermath) = account.steps.split_at(talks_end(account, record));
    for step in talks {
        if cut.is_some_and(|cut| quiet.step < cut && step.step >= cut) {
            scenes.extend(quiet.tell(model));
        }
        if step.acts.iter().all(|act| act.routine) {
            quiet.add(step);
            continue;
        }
        scenes.extend(quiet.tell(model));
        let mut scene = Scene { step: step.step, head: when(model, step.month), lines: Vec::new() };
        let (before, after) = step.acts.split_at(step.before);
        for act in before {
            tell(act, &mut scene);
        }
        look(model, step, &mut told, &mut scene);
        for act in after {
            tell(act, &mut scene);
        }
        scenes.push(scene);
    }
    scenes.extend(quiet.tell(model));
    scenes.extend(years(model, aftermath, record));
    scenes
}

/// Index of the first step after the settlement; the end where there is none.
fn talks_end(account: &Account, record: &Record) -> usize {
    let Some(settlement) = &record.settlement else { return account.steps.len() };
    account.steps.iter().position(|step| step.step > settlement.step).unwrap_or(account.steps.len())
}

fn tell(act: &Act, scene: &mut Scene) {
    scene.say(0, act.line.clone());
    for change in act.changes.iter().filter(|change| change.meant) {
        scene.say(1, format!("{}: {}; before, {}", change.issue, change.to, change.from));
    }
    for detail in &act.details {
        scene.say(1, detail.clone());
    }
}

/// `2025-03-18 (month 1)`, or the month alone where the model has no calendar.
pub(super) fn when(model: &Model, month: f64) -> String {
    let date = model.spec.model.start.map(|start| date_after(start, month));
    match date {
        Some(date) => format!("{date} (month {})", short(month)),
        None => format!("month {}", short(month)),
    }
}

/// The states that moved noticeably since they were last told, and what the table looks like.
fn look(model: &Model, step: &StepAccount, told: &mut Vec<f64>, scene: &mut Scene) {
    let Some(look) = &step.look else { return };
    if told.is_empty() {
        told.clone_from(&look.states);
        for ((id, state), value) in model.spec.states.iter().zip(&look.states) {
            let meaning = about(&state.notes).map(|about| format!(": {about}")).unwrap_or_default();
            scene.say(1, format!("{} {}{meaning}", id.text, short(*value)));
        }
        if !scene.lines.is_empty() && !look.states.is_empty() {
            let at = scene.lines.len() - look.states.len();
            scene.lines.insert(at, Line { depth: 0, text: "state at the start:".to_owned() });
        }
    } else {
        let moved = moved(model, &look.states, told);
        if !moved.is_empty() {
            scene.say(0, format!("state: {}", moved.join(", ")));
        }
    }
    let worth: Vec<String> = model
        .actors
        .iter()
        .zip(look.disagreement.iter().zip(&look.continuation))
        .filter(|(actor, _)| actor.role == crate::model::Role::Signatory)
        .map(|(actor, (z, c))| format!("{} {z:.3} / {c:.3}", actor.name))
        .collect();
    let regime = match look.regime {
        Some(Regime::War) if model.instruments.len() > 1 => "war; ",
        Some(Regime::Truce) => "truce; ",
        _ => "",
    };
    scene.say(
        0,
        format!(
            "{regime}worth of no deal / of going on: {}; {} packages agreeable, widest gain {:+.3}",
            worth.join(", "),
            look.n_agreeable,
            look.zopa_width
        ),
    );
}

fn moved(model: &Model, states: &[f64], told: &mut [f64]) -> Vec<String> {
    let mut moved = Vec::new();
    for ((state, now), told) in model.states.iter().zip(states).zip(told.iter_mut()) {
        if (now - *told).abs() > NOTICEABLE * (state.high - state.low) {
            let way = if now > told { "up" } else { "down" };
            moved.push(format!("{} {way} to {}", state.id, short(*now)));
            *told = *now;
        }
    }
    moved
}

/// Steps in which nothing new happened, told in one line.
#[derive(Default)]
struct Quiet {
    step: u32,
    first: f64,
    last: f64,
    steps: usize,
    stalls: usize,
    reason: String,
}

impl Quiet {
    fn add(&mut self, step: &StepAccount) {
        if self.steps == 0 {
            (self.step, self.first) = (step.step, step.month);
        }
        self.last = step.month;
        self.steps += 1;
        self.stalls += step.acts.len();
        if let Some(act) = step.acts.last() {
            self.reason.clone_from(&act.line);
        }
    }

    fn tell(&mut self, model: &Model) -> Option<Scene> {
        let quiet = std::mem::take(self);
        if quiet.steps == 0 {
            return None;
        }
        let end = if quiet.steps == 1 { String::new() } else { format!(" to {}", short(quiet.last)) };
        let head = when(model, quiet.first);
        let head = match head.strip_suffix(')') {
            Some(open) => format!("{open}{end})"),
            None => format!("{head}{end}"),
        };
        let head = match quiet.stalls {
            0 => format!("{head}: nothing happens"),
            1 => format!("{head}: {}", quiet.reason),
            n => format!("{head}: {n} times nobody finds an offer; at last {}", quiet.reason),
        };
        Some(Scene { step: quiet.step, head, lines: Vec::new() })
    }
}

/// The years of a settlement, as far as they are played; quiet ones in a row are told together.
fn years(model: &Model, steps: &[StepAccount], record: &Record) -> Vec<Scene> {
    let Some(settlement) = &record.settlement else { return Vec::new() };
    let months = model.clock.months_per_step;
    let signed = f64::from(settlement.step) * months;
    let year_of = |month: f64| (((month - signed) / 12.0).floor().max(0.0)) as u32 + 1;
    let last = (settlement.peace_months / 12.0).ceil() as u32;
    let mut scenes = Vec::new();
    let mut quiet: Option<(u32, u32)> = None;
    let mut rest = steps;
    for year in 1..=last.max(steps.last().map_or(0, |step| year_of(step.month))) {
        let here = rest.iter().take_while(|step| year_of(step.month) <= year).count();
        let (these, later) = rest.split_at(here);
        rest = later;
        if these.is_empty() {
            quiet = Some((quiet.map_or(year, |(first, _)| first), year));
            continue;
        }
        scenes.extend(quiet.take().map(|quiet| in_peace(model, signed, quiet)));
        let from = signed + 12.0 * f64::from(year - 1);
        let head = format!("year {year} of the settlement, from {}", when(model, from));
        let mut scene = Scene { step: these[0].step, head, lines: Vec::new() };
        of_a_year(model, these, &mut scene);
        scenes.push(scene);
    }
    scenes.extend(quiet.map(|quiet| in_peace(model, signed, quiet)));
    scenes
}

/// Years in which the peace was kept and nothing else happened.
fn in_peace(model: &Model, signed: f64, (first, last): (u32, u32)) -> Scene {
    let step = ((signed + 12.0 * f64::from(first - 1)) / model.clock.months_per_step) as u32 + 1;
    let years = if first == last { format!("year {first}") } else { format!("years {first} to {last}") };
    Scene { step, head: format!("{years} of the settlement: nothing happens"), lines: Vec::new() }
}

/// What happened in a year: acts of pressure counted, everything else with its date.
fn of_a_year(model: &Model, steps: &[StepAccount], scene: &mut Scene) {
    for (index, attack) in model.attacks.iter().enumerate() {
        for answered in [false, true] {
            let of_this = |act: &&Act| {
                act.json["kind"] == "pressed"
                    && act.json["attack"] == attack.id.as_str()
                    && act.json["answered"] == answered
            };
            let acts = steps.iter().flat_map(|step| &step.acts).filter(of_this);
            let count: u64 = acts.filter_map(|act| act.json["acts"].as_u64()).sum();
            if count > 0 {
                scene.say(0, moves::pressure(model, index, count, answered));
            }
        }
    }
    for step in steps {
        for act in step.acts.iter().filter(|act| act.json["kind"] != "pressed") {
            scene.say(0, format!("{}: {}", when(model, step.month), act.line));
            for detail in &act.details {
                scene.say(1, detail.clone());
            }
        }
    }
}
