//! Issues with their options, and those who must do something for them.

use super::Context;
use super::numbers::short;
use super::resolve::{ids, of_sort, position};
use super::sink::Sink;
use crate::id::BodyId;
use crate::model::expr::Interval;
use crate::model::kind::Kind;
use crate::model::{Deliverer, Issue, IssueOption, Party, Value};
use crate::rng::Entity;
use crate::spec::model::{self as written, Name, Number, OptionSpec, Options, Quota, Term};
use crate::spec::suggest;

/// Most points of a numeric issue: options are numbered with 16 bits.
const MOST_POINTS: f64 = 65_535.0;
/// Most deliverers: they form bit sets.
const MOST_DELIVERERS: usize = 64;

impl Context<'_> {
    /// Compiles all issues; finds the deliverers on the way.
    pub fn issues(&mut self) -> Vec<Issue> {
        if self.spec.issues.is_empty() {
            let span = Some(self.spec.model.span);
            let hint = Some("declare [issues.<id>] with its options".to_owned());
            self.problems.error("E0501", span, "issues", "there is no issue to negotiate about", hint);
        }
        let issues: Vec<Issue> = self.spec.issues.iter().map(|(id, issue)| self.issue(id, issue)).collect();
        if self.deliverers.len() > MOST_DELIVERERS {
            let message = format!(
                "options are delivered by {} actors and matters of bodies, at most {MOST_DELIVERERS} are allowed",
                self.deliverers.len()
            );
            self.problems.error("E0502", None, "issues", message, None);
            self.deliverers.truncate(MOST_DELIVERERS);
        }
        issues
    }

    fn issue(&mut self, id: &Name, issue: &written::Issue) -> Issue {
        match &issue.options {
            Options::Named(options) => self.named_issue(id, options),
            Options::Grid { from, to, step, status_quo } => {
                let sink = Sink::fixed(Kind::Index);
                let fixed = [from, to, step].map(|number| self.constant(number, sink));
                let status_quo = status_quo.as_ref().map(|number| (number, self.constant(number, sink)));
                let [Some(low), Some(high), Some(distance)] = fixed else {
                    self.names.shaky.insert(id.text.clone());
                    return grid_issue(id, &[0.0], 0);
                };
                let points = self.grid_points((low, high, distance), step);
                self.names.set_range(&id.text, Interval::new(low, high));
                self.names.set_range(&format!("predicted.{}", id.text), Interval::new(low, high));
                let start = match status_quo {
                    Some((number, Some(value))) => self.grid_point(&points, value, number).unwrap_or(0),
                    Some((_, None)) | None => 0,
                };
                grid_issue(id, &points, start)
            }
        }
    }

    /// The points of a grid; one point after an error.
    fn grid_points(&mut self, (from, to, distance): (f64, f64, f64), step: &Number) -> Vec<f64> {
        let message = if distance <= 0.0 {
            format!("the step {} is not above 0", short(distance))
        } else if from >= to {
            format!("the grid from {} to {} is empty", short(from), short(to))
        } else {
            let n = ((to - from) / distance).round();
            if (1.0..MOST_POINTS).contains(&n) {
                return (0..=n as usize).map(|k| from + k as f64 * (to - from) / n).collect();
            }
            let fault =
                if n < 1.0 { "is longer than the grid".to_owned() } else { format!("makes {} points", n + 1.0) };
            format!("the step {} {fault}, 2 to {MOST_POINTS} are allowed", short(distance))
        };
        self.problems.error("E0502", Some(step.span), &step.path, message, None);
        vec![from]
    }

    /// The grid point within half a step of a value.
    fn grid_point(&mut self, points: &[f64], value: f64, number: &Number) -> Option<u16> {
        let (first, last) = (points[0], points[points.len() - 1]);
        let spacing = (last - first) / (points.len().max(2) - 1) as f64;
        let nearest = ((value - first) / spacing.max(f64::MIN_POSITIVE)).round();
        let slack = spacing * 0.5 + 1e-12 * spacing;
        if value < first - slack || value > last + slack {
            let message = format!("{} is not on the grid from {} to {}", short(value), short(first), short(last));
            self.problems.error("E0502", Some(number.span), &number.path, message, None);
            return None;
        }
        u16::try_from(nearest.clamp(0.0, (points.len() - 1) as f64) as usize).ok()
    }

    fn named_issue(&mut self, id: &Name, options: &[OptionSpec]) -> Issue {
        let path = of_sort("issues", id);
        if options.len() as f64 > MOST_POINTS {
            let message = format!("the issue has {} options, at most {MOST_POINTS} are allowed", options.len());
            self.problems.error("E0502", Some(id.span), &path, message, None);
        }
        if options.len() < 2 {
            let message = format!("the issue has {} option, at least 2 are needed", options.len());
            self.problems.error("E0502", Some(id.span), &path, message, None);
        }
        for (k, option) in options.iter().enumerate() {
            if options[..k].iter().any(|other| other.id.text == option.id.text) {
                let message = format!("the option `{}` is listed twice", option.id.text);
                self.problems.error("E0107", Some(option.id.span), &path, message, None);
            }
        }
        let flagged: Vec<usize> = (0..options.len()).filter(|k| options[*k].status_quo).collect();
        if let [first, second, ..] = flagged[..] {
            let (first, second) = (&options[first].id, &options[second].id);
            let message =
                format!("both `{}` and `{}` are flagged status_quo, one can be in force", first.text, second.text);
            self.problems.error("E0502", Some(second.span), &path, message, None);
        }
        let status_quo = flagged.first().copied().unwrap_or(0) as u16;
        let last = options.len().saturating_sub(1).max(1) as f64;
        let compiled = options.iter().enumerate().map(|(rank, option)| IssueOption {
            id: option.id.text.clone(),
            number: rank as f64,
            position: self.or_default(
                option.position.as_ref(),
                rank as f64 / last,
                Sink::drawn(Kind::Index).within(0.0, 1.0),
            ),
            revocable: option.revocable,
            delivered_by: self.delivered_by(option, &path),
            acts_in_war: option.acts_in_war,
            bar: None,
        });
        let options = compiled.collect();
        Issue { id: id.text.clone(), options, numeric: false, status_quo }
    }

    fn delivered_by(&mut self, option: &OptionSpec, issue: &str) -> u64 {
        let path = format!("{issue}.options.{}.delivered_by", option.id.text);
        let mut bits = 0;
        for deliverer in &option.delivered_by {
            let Some(deliverer) = self.deliverer(deliverer, &path) else { continue };
            let known = self.deliverers.iter().position(|other| other.id == deliverer.id);
            let index = known.unwrap_or(self.deliverers.len());
            if known.is_none() {
                self.deliverers.push(deliverer);
            }
            bits |= 1_u64.checked_shl(index as u32).unwrap_or(0);
        }
        bits
    }

    /// Somebody who must agree, with the quota of the matter.
    pub fn deliverer(&mut self, written: &written::Deliverer, path: &str) -> Option<Deliverer> {
        let by = &written.by.text;
        if let Some(actor) = position(&self.spec.actors, by) {
            if let Some(matter) = &written.matter {
                let message = format!("`{by}` is an actor and votes on no matter");
                self.problems.error("E0507", Some(matter.span), path, message, Some("drop `matter`".to_owned()));
            }
            let entity = Entity::named(&format!("deliverers.{by}"));
            let who = Party::Actor(crate::id::ActorId::new(actor));
            return Some(Deliverer { id: by.clone(), who, quota: 1.0, entity });
        }
        let Some(body) = position(&self.spec.bodies, by) else {
            let known: Vec<&str> = ids(&self.spec.actors).chain(ids(&self.spec.bodies)).collect();
            self.find(&known, &written.by, path, "an actor or body");
            return None;
        };
        self.used.insert(of_sort("bodies", &written.by));
        let matters: Vec<&str> = ids(&self.spec.bodies[body].1.quota).collect();
        let Some(matter) = &written.matter else {
            let message = format!("`{by}` is a body: name the matter on which it votes");
            let hint = format!(
                "write {{ by = \"{by}\", matter = \"..\" }}; matters are the keys of its `quota`: {}",
                suggest::listing(&matters)
            );
            self.problems.error("E0501", Some(written.by.span), path, message, Some(hint));
            return None;
        };
        let index = self.find(&matters, matter, path, &format!("a matter of `{by}` called"))?;
        let quota = self.quotas.get(body).and_then(|quotas| quotas.get(index)).copied().unwrap_or(1.0);
        let id = format!("{by}.{}", matter.text);
        let entity = Entity::named(&format!("deliverers.{id}"));
        Some(Deliverer { id, who: Party::Body(BodyId::new(body)), quota, entity })
    }

    /// The options that terms mean, the others at their status quo.
    pub fn terms(&mut self, issues: &[Issue], terms: &[(Name, Term)], path: &str) -> Vec<u16> {
        let mut options: Vec<u16> = issues.iter().map(|issue| issue.status_quo).collect();
        for (index, option) in self.named_terms(issues, terms, path) {
            options[index] = option;
        }
        options
    }

    /// Issue and option of each term that means something.
    pub fn named_terms(&mut self, issues: &[Issue], terms: &[(Name, Term)], path: &str) -> Vec<(usize, u16)> {
        let mut named = Vec::with_capacity(terms.len());
        let known: Vec<&str> = ids(&self.spec.issues).collect();
        for (issue, term) in terms {
            let path = format!("{path}.{}", issue.text);
            if let Some(index) = self.find(&known, issue, &path, "an issue")
                && let Some(option) = self.term(&issues[index], term, &path)
            {
                named.push((index, option));
            }
        }
        named
    }

    fn term(&mut self, issue: &Issue, term: &Term, path: &str) -> Option<u16> {
        match term {
            Term::Option(name) if issue.numeric => {
                let message = format!("`{}` is a numeric issue and has no option `{}`", issue.id, name.text);
                self.problems.error("E0202", Some(name.span), path, message, Some("write a number".to_owned()));
                None
            }
            Term::Option(name) => {
                let options: Vec<&str> = issue.options.iter().map(|option| option.id.as_str()).collect();
                self.find(&options, name, path, "an option").map(|index| index as u16)
            }
            Term::Value(number) if issue.numeric => {
                let points: Vec<f64> = issue.options.iter().map(|option| option.number).collect();
                let value = self.constant(number, Sink::fixed(Kind::Index))?;
                self.grid_point(&points, value, number)
            }
            Term::Value(number) => {
                let options: Vec<&str> = issue.options.iter().map(|option| option.id.as_str()).collect();
                let message = format!("`{}` has named options, found a number", issue.id);
                let hint = Some(format!("options: {}", suggest::listing(&options)));
                self.problems.error("E0202", Some(number.span), path, message, hint);
                None
            }
        }
    }

    /// The status-quo anchor: options in force at the start, with overrides.
    pub fn anchor(&mut self, issues: &[Issue]) -> Vec<u16> {
        let terms: Vec<(Name, Term)> = self
            .spec
            .anchor_override
            .iter()
            .map(|(issue, option)| (issue.clone(), Term::Option(option.clone())))
            .collect();
        self.terms(issues, &terms, "anchors.status_quo.override")
    }

    /// Shares of the voting weight by body and matter.
    pub fn quota(&mut self, quota: &Quota) -> f64 {
        match quota {
            Quota::Unanimity => 1.0,
            Quota::QualifiedMajority(number) => {
                self.constant(number, Sink::fixed(Kind::Share).positive()).unwrap_or(1.0)
            }
        }
    }
}

fn grid_issue(id: &Name, points: &[f64], status_quo: u16) -> Issue {
    let last = points.len().saturating_sub(1).max(1) as f64;
    let option = |(rank, value): (usize, &f64)| IssueOption {
        id: point_id(*value),
        number: *value,
        position: Value::Const(rank as f64 / last),
        revocable: false,
        delivered_by: 0,
        acts_in_war: false,
        bar: None,
    };
    Issue { id: id.text.clone(), options: points.iter().enumerate().map(option).collect(), numeric: true, status_quo }
}

/// A grid point as printed: up to ten decimals, without the dust of its computation.
fn point_id(value: f64) -> String {
    let text = format!("{value:.10}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_points_print_without_dust() {
        assert_eq!(point_id(0.1 + 0.2), "0.3");
        assert_eq!(point_id(10.0), "10");
        assert_eq!(point_id(-0.0), "0");
        assert_eq!(point_id(0.001), "0.001");
    }
}
