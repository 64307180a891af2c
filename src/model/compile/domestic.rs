//! Bodies with their members and quotas, and ratifiers.

use super::Context;
use super::numbers::short;
use super::resolve::of_sort;
use super::sink::{Sees, Sink};
use crate::id::ActorId;
use crate::model::kind::Kind;
use crate::model::{Body, Ratifier};
use crate::rng::Entity;
use crate::spec::model::{self as written, Name};

/// Most members of a body: their margins are sorted in a buffer of fixed size.
const MOST_MEMBERS: usize = 64;

impl Context<'_> {
    /// Compiles all bodies; keeps the quotas of their matters for the deliverers.
    pub fn bodies(&mut self) -> Vec<Body> {
        let mut out = Vec::with_capacity(self.spec.bodies.len());
        for (id, body) in &self.spec.bodies {
            out.push(self.body(id, body));
            let quotas = body.quota.iter().map(|(_, quota)| self.quota(quota)).collect();
            self.quotas.push(quotas);
        }
        out
    }

    fn body(&mut self, id: &Name, body: &written::Body) -> Body {
        let path = of_sort("bodies", id);
        if body.members.is_empty() {
            self.problems.error("E0108", Some(id.span), &path, "the body has no members", None);
        }
        if let Some(name) = body.members.get(MOST_MEMBERS) {
            let message = format!("the body has {} members, at most {MOST_MEMBERS} are allowed", body.members.len());
            self.problems.error("E0507", Some(name.span), format!("{path}.members"), message, None);
        }
        let mut members: Vec<(ActorId, f64)> = Vec::with_capacity(body.members.len());
        let known: Vec<&str> = super::resolve::ids(&self.spec.actors).collect();
        for name in &body.members {
            let Some(index) = self.find(&known, name, &format!("{path}.members"), "an actor") else { continue };
            let actor = ActorId::new(index);
            if members.iter().any(|(other, _)| *other == actor) {
                let message = format!("`{}` is a member twice", name.text);
                self.problems.error("E0107", Some(name.span), format!("{path}.members"), message, None);
            }
            members.push((actor, 1.0));
        }
        let names: Vec<&str> = body.members.iter().map(|name| name.text.as_str()).collect();
        for (name, weight) in &body.weights {
            let index = self.find(&names, name, &weight.path, "a member");
            let weight = self.constant(weight, Sink::fixed(Kind::Index).not_negative());
            if let (Some(index), Some(weight)) = (index, weight)
                && let Some(member) = members.get_mut(index)
            {
                member.1 = weight;
            }
        }
        let total: f64 = members.iter().map(|(_, weight)| weight).sum();
        if !members.is_empty() && total <= 0.0 {
            let message = format!("the voting weights sum to {}, they must not all be zero", short(total));
            self.problems.error("E0504", Some(id.span), format!("{path}.weights"), message, None);
        }
        Body { id: id.text.clone(), members }
    }

    /// Compiles all ratifiers.
    pub fn ratifiers(&mut self) -> Vec<Ratifier> {
        self.spec.ratifiers.iter().map(|(id, ratifier)| self.ratifier(id, ratifier)).collect()
    }

    fn ratifier(&mut self, id: &Name, ratifier: &written::Ratifier) -> Ratifier {
        let path = of_sort("ratifiers", id);
        let of = self.actor(&ratifier.of, &format!("{path}.of"));
        let known = self.spec.actors.iter().find(|(actor, _)| actor.text == ratifier.of.text);
        if known.is_some_and(|(_, actor)| actor.role.text != "signatory") {
            let message = format!("`{}` signs nothing that could be ratified", ratifier.of.text);
            let hint = Some("name an actor with role = \"signatory\"".to_owned());
            self.problems.error("E0507", Some(ratifier.of.span), format!("{path}.of"), message, hint);
        }
        if let Some(role) = ratifier.role.as_ref().filter(|role| role.text != "constraint") {
            let message = format!("the role `{}` is not supported yet, only `constraint` is", role.text);
            self.problems.error("E0507", Some(role.span), format!("{path}.role"), message, None);
        }
        let sees = Sees::Deterrence;
        let pure = Sink::valued(Kind::Index).seeing(sees);
        let stepwise = Sink::stepwise(Kind::Index);
        Ratifier {
            id: id.text.clone(),
            of,
            support: self.value(&ratifier.support, pure),
            threshold: self.value(&ratifier.threshold, stepwise),
            slope: self.value(&ratifier.slope, stepwise.positive()),
            rho_month: self.or_default(ratifier.rho_month.as_ref(), 0.98, Sink::drawn(Kind::Probability)),
            entity: Entity::named(&path),
        }
    }
}
