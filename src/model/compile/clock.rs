//! `[model]`: how time is cut into steps.

use super::Context;
use super::numbers::short;
use super::sink::Sink;
use crate::model::Clock;
use crate::model::expr::Interval;
use crate::model::kind::Kind;
use crate::spec::model::Number;
use crate::spec::tree::Date;

/// More steps than this in one phase would only be a slip of the pen.
const MOST_STEPS: f64 = 20_000.0;

/// Months in a step, by its name. A round counts as a month; a year has 52 weeks.
const STEPS: [(&str, f64); 6] =
    [("week", 12.0 / 52.0), ("half_month", 0.5), ("month", 1.0), ("quarter", 3.0), ("year", 12.0), ("round", 1.0)];

impl Context<'_> {
    /// Compiles the clock; one step after an error.
    pub fn clock(&mut self) -> Clock {
        let header = &self.spec.model;
        self.months_per_step = self.word(&header.step, "model.step", &STEPS);
        let horizon = self.phase(&header.horizon_months, true);
        let aftermath = self.phase(&header.aftermath_months, false);
        let foresight = self.phase(&header.foresight_months, false);
        let longest = (horizon + aftermath + foresight) as f64 * self.months_per_step;
        for name in ["month", "months_in_regime"] {
            self.names.set_range(name, Interval::new(0.0, longest));
        }
        Clock {
            months_per_step: self.months_per_step,
            horizon_steps: horizon,
            aftermath_steps: aftermath,
            foresight_steps: foresight,
        }
    }

    /// Steps of a phase; `needed` demands at least one.
    fn phase(&mut self, number: &Number, needed: bool) -> usize {
        let Some(months) = self.constant(number, Sink::fixed(Kind::Months)) else { return 1 };
        let steps = (months / self.months_per_step).round();
        let step = months_text(self.months_per_step);
        if steps < 1.0 && (needed || months > 0.0) {
            let message = format!("{} is less than half a step of {step}", months_text(months));
            let hint = Some("lengthen it, or shorten `step`".to_owned());
            self.problems.error("E0506", Some(number.span), &number.path, message, hint);
            return 1;
        }
        if steps > MOST_STEPS {
            let message = format!("{} are {steps} steps, at most {MOST_STEPS} are played", months_text(months));
            self.problems.error("E0506", Some(number.span), &number.path, message, None);
            return 1;
        }
        steps as usize
    }

    /// A duration or delay in steps, rounded; 0 when absent or after an error.
    pub fn steps(&mut self, number: Option<&Number>) -> usize {
        let months = number.and_then(|number| self.constant(number, Sink::fixed(Kind::Months))).unwrap_or(0.0);
        (months / self.months_per_step).round() as usize
    }

    /// A duration in steps that must not vanish.
    pub fn some_steps(&mut self, number: &Number) -> usize {
        let before = self.problems.list.len();
        let steps = self.steps(Some(number));
        if steps == 0 && !self.failed_since(before) {
            let message = format!("the duration is less than half a step of {}", months_text(self.months_per_step));
            let hint = Some("lengthen it, or leave it out".to_owned());
            self.problems.error("E0506", Some(number.span), &number.path, message, hint);
        }
        steps.max(1)
    }
}

fn months_text(months: f64) -> String {
    format!("{} month{}", short(months), if months == 1.0 { "" } else { "s" })
}

/// Months from one date to another, whole months by the calendar and the rest in days of 1/30.4375 months.
pub(super) fn months_between(from: Date, to: Date) -> f64 {
    let months = |date: Date| f64::from(date.year) * 12.0 + f64::from(date.month);
    months(to) - months(from) + (f64::from(to.day) - f64::from(from.day)) / 30.4375
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_day_of_a_later_month_is_whole_months_away() {
        let start = Date { year: 2025, month: 2, day: 18 };
        let date = |year, month, day| Date { year, month, day };
        assert_eq!(months_between(start, date(2025, 6, 18)), 4.0);
        assert_eq!(months_between(start, date(2026, 2, 18)), 12.0);
        assert_eq!(months_between(start, start), 0.0);
        // 20 January is 29 days of 30.4375 before 18 February: 12 + ... months earlier, -1 month and +2 days.
        assert!((months_between(start, date(2025, 1, 20)) - (-1.0 + 2.0 / 30.4375)).abs() < 1e-12);
    }
}
