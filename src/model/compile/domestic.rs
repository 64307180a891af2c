//! Bodies with their members and quotas, and ratifiers.

use super::Context;
use super::numbers::short;
use super::resolve::of_sort;
use super::sink::{Sees, Sink};
use crate::id::ActorId;
use crate::model::kind::Kind;
use crate::model::{Body, Instrument, Party, Ratifier, RatifierRole, Regime};
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
    pub fn ratifiers(&mut self, instruments: &[Instrument]) -> Vec<Ratifier> {
        self.spec.ratifiers.iter().map(|(id, ratifier)| self.ratifier(id, ratifier, instruments)).collect()
    }

    /// Whether a coalition reads the ratifier.
    fn limits_a_contribution(&self, id: &Name) -> bool {
        let contributions = self.spec.coalitions.iter().flat_map(|(_, coalition)| &coalition.contributions);
        contributions.filter_map(|(_, c)| c.ratifier.as_ref()).any(|name| name.text == id.text)
    }

    /// What an actor delivers, itself or as a member of a body, a bit set over the deliverers.
    fn parts_of(&self, actor: ActorId) -> u64 {
        let name = &self.spec.actors[actor.index()].0.text;
        let part = |(index, deliverer): (usize, &crate::model::Deliverer)| {
            let own = match deliverer.who {
                Party::Actor(by) => by == actor,
                Party::Body(body) => self.spec.bodies[body.index()].1.members.iter().any(|member| member.text == *name),
            };
            if own { 1_u64 << index } else { 0 }
        };
        self.deliverers.iter().enumerate().fold(0, |bits, deliverer| bits | part(deliverer))
    }

    /// Which instruments a ratifier confirms: those named, else those that lead to a settlement.
    fn confirmed(&mut self, names: &[Name], instruments: &[Instrument], path: &str) -> Vec<bool> {
        if names.is_empty() {
            return instruments.iter().map(|one| one.leads_to == Some(Regime::Settled)).collect();
        }
        let known: Vec<&str> = instruments.iter().map(|one| one.id.as_str()).collect();
        let mut confirms = vec![false; known.len()];
        for name in names {
            if let Some(index) = self.find(&known, name, path, "an instrument") {
                confirms[index] = true;
            }
        }
        confirms
    }

    fn ratifier(&mut self, id: &Name, ratifier: &written::Ratifier, instruments: &[Instrument]) -> Ratifier {
        let path = of_sort("ratifiers", id);
        let of = self.actor(&ratifier.of, &format!("{path}.of"));
        let known = self.spec.actors.iter().find(|(actor, _)| actor.text == ratifier.of.text);
        let signs = known.is_none_or(|(_, actor)| actor.role.text == "signatory");
        let contributes = self.limits_a_contribution(id);
        let parts = self.parts_of(of);
        if !signs && parts == 0 && !contributes {
            let message = format!("`{}` signs and delivers nothing that could be ratified", ratifier.of.text);
            let hint = Some("name an actor with role = \"signatory\", or one that delivers an option".to_owned());
            self.problems.error("E0507", Some(ratifier.of.span), format!("{path}.of"), message, hint);
        }
        let words = [("constraint", RatifierRole::Constraint), ("threat_point", RatifierRole::ThreatPoint)];
        let role = ratifier.role.as_ref().map(|role| self.word(role, &format!("{path}.role"), &words));
        if let (true, Some(role)) = (contributes, &ratifier.role) {
            let message = "a ratifier that limits a contribution to a coalition has no other role";
            self.problems.error("E0507", Some(role.span), format!("{path}.role"), message, None);
        }
        let confirms = self.confirmed(&ratifier.confirms, instruments, &format!("{path}.confirms"));
        let sees = Sees::Deterrence;
        let pure = Sink::valued(Kind::Index).seeing(sees);
        let stepwise = Sink::stepwise(Kind::Index);
        Ratifier {
            id: id.text.clone(),
            of,
            parts: if signs { None } else { Some(parts) },
            role: if contributes { RatifierRole::Contribution } else { role.unwrap_or(RatifierRole::Constraint) },
            confirms,
            support: self.value(&ratifier.support, pure),
            threshold: self.value(&ratifier.threshold, stepwise),
            slope: self.value(&ratifier.slope, stepwise.positive()),
            rho_month: self.or_default(ratifier.rho_month.as_ref(), 0.98, Sink::drawn(Kind::Probability)),
            entity: Entity::named(&path),
        }
    }
}
