//! Scripted seats.

use super::Context;
use super::resolve::ids;
use super::sink::Sink;
use crate::id::{ActorId, LeverId, PackageId};
use crate::model::kind::Kind;
use crate::model::packages::{Permits, Space};
use crate::model::{Issue, NamedPackage, Script, ScriptAct, ScriptMove};
use crate::spec::model::{self as written, Name};

/// What a script may name.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// Issues.
    pub issues: &'a [Issue],
    /// What may be offered at all.
    pub space: &'a Space,
    /// Named packages.
    pub named: &'a [NamedPackage],
}

impl Context<'_> {
    /// Compiles all scripts.
    pub fn scripts(&mut self, known: Known<'_>) -> Vec<Script> {
        let spec = self.spec;
        let mut out = Vec::new();
        for (index, (id, actor)) in spec.actors.iter().enumerate() {
            let Some(script) = actor.policy.as_ref().filter(|script| script.rest.is_some() || !script.moves.is_empty())
            else {
                continue;
            };
            let path = format!("actors.{}.policy", id.text);
            let mut moves = Vec::with_capacity(script.moves.len());
            for (k, entry) in script.moves.iter().enumerate() {
                let at = self.constant(&entry.month, Sink::fixed(Kind::Months)).unwrap_or(0.0);
                let step = (at / self.months_per_step).round() as usize;
                let act = self.act((index, id), entry, &format!("{path}.script.{k}"), known);
                moves.extend(act.map(|act| ScriptMove { step, act }));
            }
            moves.sort_by_key(|entry| entry.step);
            let words = [("default", false), ("passive", true)];
            let rest = script.rest.as_ref();
            let passive = rest.is_some_and(|word| self.word(word, &format!("{path}.then"), &words));
            out.push(Script { actor: ActorId::new(index), moves, passive });
        }
        out
    }

    fn act(
        &mut self,
        (index, id): (usize, &Name),
        entry: &written::ScriptMove,
        path: &str,
        known: Known<'_>,
    ) -> Option<ScriptAct> {
        if let Some(name) = &entry.lever {
            let path = format!("{path}.lever");
            let levers: Vec<&str> = ids(&self.spec.levers).collect();
            let lever = self.find(&levers, name, &path, "a lever")?;
            if self.spec.levers[lever].1.owners.iter().all(|owner| owner.text != id.text) {
                let message = format!("`{}` is no lever of `{}`", name.text, id.text);
                self.problems.error("E0507", Some(name.span), path, message, None);
            }
            return Some(ScriptAct::Lever(LeverId::new(lever)));
        }
        if let Some(name) = &entry.offer {
            return self.scripted_offer((index, id), name, &format!("{path}.offer"), known);
        }
        let answer = entry.answer.as_ref()?;
        Some(ScriptAct::Answer(self.word(answer, &format!("{path}.answer"), &[("no", false), ("yes", true)])))
    }

    fn scripted_offer(
        &mut self,
        (index, id): (usize, &Name),
        name: &Name,
        path: &str,
        known: Known<'_>,
    ) -> Option<ScriptAct> {
        if self.spec.actors[index].1.role.text == "third_party" {
            let message = format!("`{}` is a third party and cannot propose", id.text);
            self.problems.error("E0507", Some(name.span), path, message, None);
        }
        let packages: Vec<&str> = ids(&self.spec.packages).collect();
        let at = self.find(&packages, name, path, "a package")?;
        let Known { issues, space, named } = known;
        let whole = issues.iter().all(|issue| !issue.options.is_empty()) && space.rules.len() == self.spec.rules.len();
        let mut permitted = vec![named.get(at)?.options.clone()];
        if whole {
            Permits::new(&space.rules, issues, &space.open, self.names.layout).retain(&mut permitted);
        }
        if permitted.is_empty() {
            let message =
                format!("`{}` cannot be offered: a rule forbids it, or no instrument sets its issues", name.text);
            self.problems.error("E0507", Some(name.span), path, message, None);
        }
        Some(ScriptAct::Offer(PackageId::new(at)))
    }
}
