//! The line of time of a negotiation, as a drawing that needs no script: a lane a kind of move, a mark a move.

use std::fmt::Write as _;

use super::recorder::{Account, Act};
use super::scenes::when;
use crate::engine::record::Record;
use crate::model::Model;
use crate::report::document::escape;

/// Lanes from top to bottom.
const LANES: [&str; 5] = ["offers", "answers", "votes and consent", "levers and events", "signed and broken"];

/// Sizes in units of the drawing.
const WIDTH: f64 = 960.0;
const LEFT: f64 = 130.0;
const LANE: f64 = 26.0;
const TOP: f64 = 22.0;

/// Share of the width that the talks have where years of peace follow them.
const TALKS: f64 = 0.62;

/// Where months lie: the talks, then the years after them on a scale of their own.
struct Scale {
    talks: f64,
    end: f64,
    break_at: f64,
}

impl Scale {
    fn new(model: &Model, account: &Account, record: &Record) -> Self {
        let months = model.clock.months_per_step;
        let last = account.steps.last().map_or(0.0, |step| step.month);
        let Some(settlement) = &record.settlement else {
            let end = (last + months).max(months);
            return Self { talks: end, end, break_at: WIDTH };
        };
        let signed = (f64::from(settlement.step) + 1.0) * months;
        let end = (signed + settlement.peace_months).max(last).max(signed + months);
        Self { talks: signed, end, break_at: LEFT + TALKS * (WIDTH - LEFT) }
    }

    fn at(&self, month: f64) -> f64 {
        if month <= self.talks {
            LEFT + month / self.talks * (self.break_at - LEFT - 8.0) + 6.0
        } else {
            self.break_at + (month - self.talks) / (self.end - self.talks) * (WIDTH - self.break_at - 10.0)
        }
    }
}

/// Lane of a move, and whether its mark is full: a yes, a use, a signature; hollow: a no, a breach.
fn place(act: &Act) -> Option<(usize, bool)> {
    let yes = act.json["yes"] == true;
    Some(match act.json["kind"].as_str()? {
        "offer" => (0, true),
        "stall" => (0, false),
        "answer" => (1, yes),
        "vote" | "consent" | "asked" | "withdrawn" => (2, yes),
        "lever" | "event" | "announced" | "transition" | "pledged" => (3, true),
        "called" => (3, act.json["kept"] == true),
        "signed" => (4, true),
        "truce_ended" | "ended" | "struck" | "attacked" | "pressed" | "breakdown" | "walk_out" => (4, false),
        _ => return None,
    })
}

/// The drawing with its legend. `linked`: marks lead to the scenes of this account.
pub(super) fn timeline(model: &Model, account: &Account, record: &Record, title: &str, linked: bool) -> String {
    let scale = Scale::new(model, account, record);
    let height = TOP + LANE * LANES.len() as f64 + 30.0;
    let id = if linked { "s" } else { "w" };
    let mut out = format!("<h2>{title}: the line of time</h2>\n<figure class=\"time\">\n");
    let _ = writeln!(out, "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"group\" aria-label=\"{title}\">");
    for (lane, name) in LANES.iter().enumerate() {
        let y = TOP + LANE * (lane as f64 + 0.5);
        let _ = writeln!(out, "<text x=\"0\" y=\"{:.1}\">{name}</text>", y + 4.0);
        let _ = writeln!(out, "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{WIDTH}\" y2=\"{y:.1}\"/>");
    }
    ticks(&scale, height, &mut out);
    for step in &account.steps {
        // Moves of one lane in one step stand beside each other.
        let mut here = [0_u32; LANES.len()];
        for act in &step.acts {
            let Some((lane, full)) = place(act) else { continue };
            let x = scale.at(step.month) + 4.0 * f64::from(here[lane]);
            here[lane] += 1;
            let y = TOP + LANE * (lane as f64 + 0.5);
            let class = if full { "yes" } else { "no" };
            let words = escape(&format!("{}: {}", when(model, step.month), act.line));
            let mark = format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" class=\"{class}\"><title>{words}</title></circle>"
            );
            let settled = record.settlement.as_ref().is_some_and(|settlement| step.step > settlement.step);
            let _ = if settled || act.routine {
                writeln!(out, "{mark}")
            } else {
                writeln!(out, "<a href=\"#{id}{}\" aria-label=\"{words}\">{mark}</a>", step.step)
            };
        }
    }
    out.push_str("</svg>\n<figcaption>Full marks: an offer, a yes, an act, a signature. Hollow marks: nothing to offer, a no, a breach. ");
    out.push_str("Each leads to its month below.");
    if record.settlement.is_some() {
        out.push_str(" Right of the upright line: the years after the settlement, on a narrower scale.");
    }
    out.push_str("</figcaption>\n</figure>\n");
    out
}

/// Months below the lanes, and the line behind which the settlement stands.
fn ticks(scale: &Scale, height: f64, out: &mut String) {
    let spacing =
        |months: f64| [1.0, 3.0, 6.0, 12.0, 24.0, 60.0, 120.0, 600.0].into_iter().find(|step| months / step <= 12.0);
    let talks = spacing(scale.talks).unwrap_or(6000.0);
    let mut month = 0.0;
    while month < scale.talks {
        let _ = writeln!(out, "<text x=\"{:.1}\" y=\"{:.1}\">{month}</text>", scale.at(month) - 4.0, height - 8.0);
        month += talks;
    }
    if scale.break_at < WIDTH {
        let x = scale.break_at - 4.0;
        let _ = writeln!(out, "<line class=\"settled\" x1=\"{x:.1}\" y1=\"4\" x2=\"{x:.1}\" y2=\"{height}\"/>");
        let years = spacing((scale.end - scale.talks) / 6.0).unwrap_or(6000.0) * 12.0;
        let mut month = years;
        while month < scale.end - scale.talks {
            let x = scale.at(scale.talks + month) - 4.0;
            let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{:.1}\">+{month}</text>", height - 8.0);
            month += years;
        }
    }
    let _ = writeln!(out, "<text x=\"0\" y=\"{:.1}\">months</text>", height - 8.0);
}
