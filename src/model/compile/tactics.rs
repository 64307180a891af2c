//! Tactics of seats.

use super::Context;
use super::sink::Sink;
use crate::model::kind::Kind;
use crate::model::{Curve, Stall, Tactic, Value};
use crate::spec::model::{Number, Tactic as Written};

/// The words of `style`.
#[derive(Clone, Copy)]
enum Style {
    Boulware,
    Linear,
    Conceder,
    Never,
}

impl Style {
    /// The exponent that goes by this name; those of the exponential curve differ.
    fn exponent(self, curve: Curve) -> f64 {
        match (self, curve) {
            (Self::Boulware, Curve::Polynomial) | (Self::Conceder, Curve::Exponential | Curve::Geometric) => 4.0,
            (Self::Linear, Curve::Polynomial | Curve::Geometric) => 1.0,
            (Self::Conceder, Curve::Polynomial) | (Self::Boulware, Curve::Geometric) => 0.25,
            (Self::Boulware, Curve::Exponential) => 0.125,
            (Self::Linear, Curve::Exponential) => 0.725,
            // So steep that nothing is conceded before the very end.
            (Self::Never, Curve::Polynomial) => 1e9,
            (Self::Never, Curve::Exponential | Curve::Geometric) => 1e-9,
        }
    }
}

impl Context<'_> {
    /// Compiles the tactic of every actor.
    pub fn tactics(&mut self) -> Vec<Option<Tactic>> {
        let spec = self.spec;
        let mut out = Vec::with_capacity(spec.actors.len());
        for (id, actor) in &spec.actors {
            let written = actor.policy.as_ref().and_then(|policy| policy.tactic.as_ref());
            if let Some(tactic) = written
                && actor.role.text == "third_party"
            {
                let path = format!("actors.{}.policy.tactic", id.text);
                let message = format!("`{}` is a third party and does not bargain", id.text);
                self.problems.error("E0507", Some(tactic.kind.span), path, message, None);
            }
            if let Some(tactic) = written
                && spec.protocol.kind.as_ref().is_some_and(|kind| kind.text == "single_text")
            {
                let path = format!("actors.{}.policy.tactic", id.text);
                let message = "tactics answer offers of others, and a single text is nobody's offer";
                self.problems.error("E0507", Some(tactic.kind.span), path, message, None);
            }
            out.push(written.map(|tactic| self.tactic(tactic, &format!("actors.{}.policy", id.text))));
        }
        out
    }

    fn tactic(&mut self, written: &Written, path: &str) -> Tactic {
        self.unread(written);
        let pure = Sink::drawn(Kind::Index).not_negative();
        let flow = Sink::drawn(Kind::Flow).not_negative();
        match written.kind.text.as_str() {
            "tit_for_tat" => Tactic::TitForTat {
                imitation: self.or_default(written.imitation.as_ref(), 1.0, pure),
                tolerance: self.or_default(written.tolerance.as_ref(), 0.0, flow),
            },
            "micro" => Tactic::Micro,
            "logit" => self.logit(written, path),
            _ => self.time_dependent(written, path),
        }
    }

    fn logit(&mut self, written: &Written, path: &str) -> Tactic {
        let pure = Sink::drawn(Kind::Index).not_negative();
        let offers = self.or_default(written.precision.as_ref(), 0.0, pure);
        let words = [("never", Stall::Never), ("one_option", Stall::OneOption), ("class", Stall::Class)];
        Tactic::Logit {
            answers: match &written.answer_precision {
                Some(number) => self.value(number, pure),
                None => offers.clone(),
            },
            offers,
            stall: written
                .stall
                .as_ref()
                .map_or(Stall::Never, |word| self.word(word, &format!("{path}.stall"), &words)),
        }
    }

    fn time_dependent(&mut self, written: &Written, path: &str) -> Tactic {
        let curves =
            [("polynomial", Curve::Polynomial), ("exponential", Curve::Exponential), ("geometric", Curve::Geometric)];
        let curve = written.curve.as_ref();
        let curve = curve.map_or(Curve::Polynomial, |word| self.word(word, &format!("{path}.curve"), &curves));
        let styles = [
            ("boulware", Style::Boulware),
            ("linear", Style::Linear),
            ("conceder", Style::Conceder),
            ("never", Style::Never),
        ];
        let exponent = match (&written.exponent, &written.style) {
            (Some(number), _) => self.value(number, Sink::drawn(Kind::Index).positive()),
            (None, Some(word)) => {
                let style: Style = self.word(word, &format!("{path}.style"), &styles);
                Value::Const(style.exponent(curve))
            }
            (None, None) => Value::Const(1.0),
        };
        let deadline = written.deadline_months.as_ref();
        let deadline_steps = deadline
            .and_then(|number| self.constant(number, Sink::fixed(Kind::Months).positive()))
            .map(|months| months / self.months_per_step);
        Tactic::TimeDependent {
            curve,
            exponent,
            most: self.most(written.most.as_ref(), curve),
            tolerance: self.or_default(written.tolerance.as_ref(), 0.0, Sink::drawn(Kind::Flow).not_negative()),
            deadline_steps,
        }
    }

    /// Warns about numbers of other tactics.
    fn unread(&mut self, written: &Written) {
        let kind = written.kind.text.as_str();
        let (timed, mirrors, logit) = (kind == "time_dependent", kind == "tit_for_tat", kind == "logit");
        let numbers = [
            (timed, &written.exponent),
            (timed, &written.most),
            (timed, &written.deadline_months),
            (timed || mirrors, &written.tolerance),
            (mirrors, &written.imitation),
            (logit, &written.precision),
            (logit, &written.answer_precision),
        ];
        for (_, number) in numbers.iter().filter(|(read, _)| !read) {
            let Some(number) = number else { continue };
            let message = format!("the tactic `{kind}` does not read it");
            self.problems.warn("W0602", Some(number.span), &number.path, message, None);
        }
    }

    /// Share demanded at the start. The geometric curve never leaves the whole.
    fn most(&mut self, written: Option<&Number>, curve: Curve) -> Value {
        let share = match curve {
            Curve::Geometric => Sink::drawn(Kind::Share).within(0.0, 1.0 - 1e-9),
            Curve::Polynomial | Curve::Exponential => Sink::drawn(Kind::Share),
        };
        self.or_default(written, if curve == Curve::Geometric { 0.9 } else { 1.0 }, share)
    }
}
