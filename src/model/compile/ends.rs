//! Endings and what they are worth, foresight, outcomes and their columns.

use super::Context;
use super::numbers::short;
use super::resolve::{ids, of_sort, type_ids};
use super::sink::{Sees, Sink};
use crate::id::{ActorId, EndingId};
use crate::model::expr::{Program, Stage};
use crate::model::kind::Kind;
use crate::model::{Ending, Issue, NamedPackage, Outcome, OutcomeColumn, Value, Worth};
use crate::spec::model::{self as written, ByType, Name};

/// The key that covers actors that are not named.
const DEFAULT: &str = "default";

impl Context<'_> {
    /// A number for every type of an actor; the same number is compiled once.
    pub fn by_type(&mut self, numbers: &ByType, actor: &written::Actor, sink: Sink) -> Vec<Value> {
        let types = type_ids(actor);
        match numbers {
            ByType::All(number) => vec![self.value(number, sink); types.len()],
            ByType::Each(map) => {
                let mut out = vec![None; types.len()];
                for (name, number) in map {
                    let value = self.value(number, sink);
                    if let Some(index) = self.find(&types, name, &number.path, "a type") {
                        out[index] = Some(value);
                    }
                }
                let missing = types.iter().zip(&out).find(|(_, value)| value.is_none());
                if let (Some((missing, _)), Some((at, number))) = (missing, map.first()) {
                    let path = number.path.rsplit_once('.').map_or(number.path.as_str(), |(path, _)| path);
                    let message = format!("the type `{missing}` has no number here, every type must be listed");
                    self.problems.error("E0501", Some(at.span), path, message, None);
                }
                out.into_iter().map(|value| value.unwrap_or(Value::Const(0.0))).collect()
            }
        }
    }

    /// Compiles all endings.
    pub fn endings(&mut self, issues: &[Issue]) -> Vec<Ending> {
        self.spec.endings.iter().map(|(id, ending)| self.an_ending(id, ending, issues)).collect()
    }

    fn an_ending(&mut self, id: &Name, ending: &written::Ending, issues: &[Issue]) -> Ending {
        let path = of_sort("endings", id);
        let (list, key) = match &ending.package {
            Some(_) => (&ending.overrides, "override"),
            None => (&ending.values, "values"),
        };
        let package = ending.package.as_ref().map(|terms| self.terms(issues, terms, &format!("{path}.package")));
        let (unused, used) = match &ending.package {
            Some(_) => (&ending.values, "package"),
            None => (&ending.overrides, "values"),
        };
        if let Some((name, _)) = unused.first() {
            let message = format!("this means nothing beside `{used}`");
            let hint = Some("write a `package` with `override`, or `values`".to_owned());
            self.problems.error("E0111", Some(name.span), &path, message, hint);
        }
        let fallback = self.default_worth(list, package.is_some(), &format!("{path}.{key}"));
        let known: Vec<&str> = ids(&self.spec.actors).collect();
        let named: Vec<(usize, &ByType)> = list
            .iter()
            .filter(|(name, _)| name.text != DEFAULT)
            .filter_map(|(name, numbers)| {
                self.find(&known, name, &format!("{path}.{key}"), "an actor").map(|index| (index, numbers))
            })
            .collect();
        let mut worth = Vec::with_capacity(self.spec.actors.len());
        for (index, (name, actor)) in self.spec.actors.iter().enumerate() {
            let types = type_ids(actor).len();
            let own = named.iter().find(|(at, _)| *at == index);
            let sees = Sees::PrivateOf(ActorId::new(index));
            worth.push(match (own, &fallback) {
                (Some((_, numbers)), _) => {
                    let values = self.by_type(numbers, actor, Sink::stepwise(Kind::Flow).seeing(sees));
                    values.into_iter().map(Worth::Value).collect()
                }
                (None, Some(fallback)) => vec![fallback.clone(); types],
                (None, None) => {
                    let message = format!("the ending `{}` has no value for `{}`", id.text, name.text);
                    let hint = Some(format!("add {} = .. or default = .. to `values`", name.text));
                    self.problems.error("E0505", Some(id.span), &path, message, hint);
                    vec![Worth::Value(Value::Const(0.0)); types]
                }
            });
        }
        Ending { id: id.text.clone(), worth, package }
    }

    /// What an actor that is not named gets: the package's worth, or the number called `default`.
    fn default_worth(&mut self, list: &[(Name, ByType)], has_package: bool, path: &str) -> Option<Worth> {
        let declared = list.iter().find(|(name, _)| name.text == DEFAULT);
        match declared {
            Some((name, _)) if has_package => {
                let message = "`default` covers nobody: actors that are not overridden get the worth of the package";
                self.problems.error("E0507", Some(name.span), path, message, None);
                Some(Worth::OfPackage)
            }
            Some((_, ByType::All(number))) => Some(Worth::Value(self.value(number, Sink::stepwise(Kind::Flow)))),
            Some((name, ByType::Each(_))) => {
                let message = "`default` is one number: actors have different types";
                self.problems.error("E0507", Some(name.span), path, message, None);
                Some(Worth::Value(Value::Const(0.0)))
            }
            None => has_package.then_some(Worth::OfPackage),
        }
    }

    /// Compiles the probabilities of endings at the end of foresight.
    pub fn foresight(&mut self) -> Vec<(EndingId, Value)> {
        let list = &self.spec.foresight;
        let out: Vec<(EndingId, Value)> = list
            .iter()
            .map(|(name, number)| {
                (self.ending(name, "foresight.endings"), self.value(number, Sink::valued(Kind::Probability)))
            })
            .collect();
        let constants = out.iter().map(|(_, value)| if let Value::Const(p) = value { *p } else { 0.0 });
        let sum: f64 = constants.sum();
        if let (true, Some((name, _))) = (sum > 1.0 + 1e-9, list.first()) {
            let message = format!("probabilities of endings sum to {}, more than 1", short(sum));
            self.problems.error("E0402", Some(name.span), "foresight.endings", message, None);
        }
        out
    }

    /// Resolves the named packages.
    pub fn named_packages(&mut self, issues: &[Issue]) -> Vec<NamedPackage> {
        let packages = &self.spec.packages;
        let resolved = packages.iter().map(|(id, package)| NamedPackage {
            id: id.text.clone(),
            options: self.terms(issues, &package.terms, &format!("packages.{}.terms", id.text)),
            reference: package.reference,
        });
        resolved.collect()
    }

    /// Compiles the outcomes; the last must hold always.
    pub fn outcomes(&mut self) -> Vec<Outcome> {
        let sees = Sees::All;
        let mut out: Vec<Outcome> = Vec::with_capacity(self.spec.outcomes.len());
        for outcome in &self.spec.outcomes {
            if let Some(when) = self.condition(&outcome.when, Stage::End, sees) {
                out.push(Outcome { id: outcome.id.text.clone(), when });
            }
        }
        let hint = "end the list with [[outcomes]] id = \"other\", when = \"true\"".to_owned();
        match self.spec.outcomes.last() {
            None => {
                let message = "the model declares no outcome";
                self.problems.error("E0501", Some(self.spec.model.span), "outcomes", message, Some(hint));
            }
            Some(last) if out.len() == self.spec.outcomes.len() => {
                if out.last().and_then(|outcome| always(&outcome.when)) != Some(true) {
                    let message = format!("`{}` is the last outcome and does not always hold", last.id.text);
                    let path = of_sort("outcomes", &last.id);
                    self.problems.error("E0501", Some(last.when.span), path, message, Some(hint));
                }
            }
            Some(_) => {}
        }
        out
    }

    /// Compiles the declared columns.
    pub fn outcome_columns(&mut self) -> Vec<OutcomeColumn> {
        let columns = &self.spec.outcome_columns;
        let mut out = Vec::with_capacity(columns.len());
        for column in columns {
            let path = of_sort("outcome_column", &column.id);
            self.notes(&column.notes, &path, true);
            let sink = Sink::at_the_end();
            let kind = self.unit(column.notes.unit.as_ref(), &path);
            let value = self.value(&column.value, Sink { kind, ..sink });
            out.push(OutcomeColumn { id: column.id.text.clone(), value });
        }
        out
    }
}

/// The truth of a condition that depends on nothing.
fn always(condition: &Program) -> Option<bool> {
    condition.constant().map(|value| value != 0.0)
}
