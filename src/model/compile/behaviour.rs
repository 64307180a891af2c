//! Choice rules and the protocol.

use super::Context;
use super::resolve::ids;
use super::shares::Shares;
use super::sink::Sink;
use crate::id::ActorId;
use crate::model::kind::Kind;
use crate::model::{Behaviour, Evaluator, Protocol, ProtocolKind, Value};
use crate::spec::model::{Form, Number};

impl Context<'_> {
    /// Compiles the numbers of the choice rules; defaults from section 19 of the description of the core.
    pub fn behaviour(&mut self) -> Behaviour {
        let b = &self.spec.behaviour;
        let pure = Sink::drawn(Kind::Index).not_negative();
        let chance = Sink::drawn(Kind::Probability);
        let evaluators = [
            ("projection", Evaluator::Projection),
            ("formula", Evaluator::Formula),
            ("formula_delay", Evaluator::FormulaDelay),
            ("induction", Evaluator::Induction),
            ("stationary", Evaluator::Stationary),
        ];
        let named = self.spec.model.evaluator.as_ref();
        let evaluator = named.map_or(Evaluator::Projection, |w| self.word(w, "model.evaluator", &evaluators));
        self.check_evaluator(evaluator);
        Behaviour {
            evaluator,
            offer_precision: self.or_default(b.offer_precision.as_ref(), 30.0, pure),
            consent_precision: self.or_default(b.consent_precision.as_ref(), 30.0, pure),
            least_ratification: self.or_default(b.least_ratification.as_ref(), 0.25, chance),
            least_consent: self.or_default(b.least_consent.as_ref(), 0.25, chance),
            mixing: self.or_default(b.mixing.as_ref(), 0.01, chance),
            inertia: self.or_default(b.inertia.as_ref(), 0.002, Sink::drawn(Kind::Flow).not_negative()),
            lever_precision: self.or_default(b.lever_precision.as_ref(), 8.0, pure),
            reviews_per_year: self.or_default(b.reviews_per_year.as_ref(), 6.0, Sink::drawn(Kind::PerYear)),
            consent_rho_month: self.or_default(b.consent_rho_month.as_ref(), 0.98, chance),
            credibility_broken: self.or_default(b.credibility_broken.as_ref(), 0.8, chance),
            credibility_kept: self.or_default(b.credibility_kept.as_ref(), 0.1, chance),
        }
    }

    /// What the evaluators can value at all.
    fn check_evaluator(&mut self, evaluator: Evaluator) {
        let spec = self.spec;
        let Some(word) = &spec.model.evaluator else { return };
        let known = &word.text;
        if evaluator.is_formula() && !matches!(spec.model.foresight_months.form, Form::Const(0.0)) {
            let message = format!("`{known}` values the war as it is today, so `foresight_months` must be 0");
            self.problems.error("E0507", Some(word.span), "model.evaluator", message, None);
        }
        if !evaluator.is_induction() {
            return;
        }
        let signatories = spec.actors.iter().filter(|(_, actor)| actor.role.text == "signatory").count();
        let typed = spec.actors.iter().any(|(_, actor)| !actor.types.is_empty());
        let private = spec.params.iter().any(|(_, param)| param.private_to.is_some());
        let noisy = spec.states.iter().any(|(_, state)| state.noise_sd.is_some() || state.jump.is_some());
        let refused = [
            (signatories != 2, "it takes two signatories"),
            (typed || private, "nobody may have types or private parameters"),
            (noisy, "states may have no noise"),
            (spec.instruments.len() > 1, "the settlement must be the only instrument"),
            (!spec.levers.is_empty(), "there may be no levers"),
        ];
        for (_, reason) in refused.iter().filter(|(refused, _)| *refused) {
            let message = format!("`{known}` looks ahead to every move: {reason}");
            self.problems.error("E0507", Some(word.span), "model.evaluator", message, None);
        }
    }

    /// Compiles the protocol.
    pub fn protocol(&mut self) -> Protocol {
        let p = &self.spec.protocol;
        let words = [
            ("random_proposer", ProtocolKind::RandomProposer),
            ("one_offer", ProtocolKind::OneOffer),
            ("alternating_offers", ProtocolKind::Alternating),
            ("stacked_offers", ProtocolKind::Stacked),
            ("single_text", ProtocolKind::SingleText),
        ];
        let kind = p.kind.as_ref().map_or(ProtocolKind::RandomProposer, |w| self.word(w, "protocol.kind", &words));
        let chance = Sink::drawn(Kind::Probability);
        let offers = match (kind, &p.offers_per_month) {
            (ProtocolKind::OneOffer, Some(number)) => {
                let message = "`offers_per_month` means nothing when one offer is made";
                self.problems.error("E0507", Some(number.span), &number.path, message, None);
                Value::Const(1.0)
            }
            (ProtocolKind::OneOffer, None) => Value::Const(1.0),
            (ProtocolKind::RandomProposer, number) => self.or_default(number.as_ref(), 0.7, chance),
            (_, number) => self.or_default(number.as_ref(), 1.0, chance),
        };
        if p.one_offer_per_step && kind != ProtocolKind::Stacked {
            let message = "`one_offer_per_step` means something with `stacked_offers` only";
            self.problems.error("E0507", Some(self.spec.model.span), "protocol.one_offer_per_step", message, None);
        }
        Protocol {
            kind,
            order: self.order(kind),
            one_offer_per_step: p.one_offer_per_step,
            recognition: self.recognition(kind),
            offers_per_month: offers,
            breakdown: self.or_default(p.breakdown.as_ref(), 0.0, chance),
            after_exit: self.or_default(p.after_exit.as_ref(), 0.35, chance),
            truce_offers_per_month: self.or_default(p.truce_offers_per_month.as_ref(), 1.0 / 3.0, chance),
        }
    }

    /// Who takes turns: as written, else all signatories, or all mediators of a single text.
    fn order(&mut self, kind: ProtocolKind) -> Vec<ActorId> {
        let path = "protocol.order";
        let spec = self.spec;
        let list = &spec.protocol.order;
        if !kind.takes_turns() && kind != ProtocolKind::SingleText {
            if let Some(first) = list.first() {
                let message = "`order` is not read where proposers are drawn";
                let hint = Some("write `recognition`, or choose a protocol in which turns are taken".to_owned());
                self.problems.warn("W0602", Some(first.span), path, message, hint);
            }
            return Vec::new();
        }
        let role = if kind == ProtocolKind::SingleText { "mediator" } else { "signatory" };
        let of_role = |index: &usize| spec.actors[*index].1.role.text == role;
        let everybody: Vec<ActorId> = (0..spec.actors.len()).filter(of_role).map(ActorId::new).collect();
        if everybody.is_empty() {
            let message = format!("nobody can propose: there is no {role}");
            self.problems.error("E0501", Some(spec.model.span), path, message, None);
        }
        if list.is_empty() {
            return everybody;
        }
        let known: Vec<&str> = ids(&spec.actors).collect();
        let mut out = Vec::with_capacity(list.len());
        for name in list {
            let Some(index) = self.find(&known, name, path, "an actor") else { continue };
            let id = ActorId::new(index);
            if !of_role(&index) {
                let message = format!("`{}` is no {role} and takes no turn", name.text);
                self.problems.error("E0507", Some(name.span), path, message, None);
            }
            out.push(id);
        }
        if kind == ProtocolKind::Stacked
            && let Some(missing) = everybody.iter().find(|id| !out.contains(id))
        {
            let name = &spec.actors[missing.index()].0.text;
            let message = format!("`{name}` must sign, and never has a turn to accept");
            self.problems.error("E0507", Some(list[0].span), path, message, None);
        }
        out
    }

    /// Chance of each actor to propose.
    fn recognition(&mut self, kind: ProtocolKind) -> Vec<Value> {
        let path = "protocol.recognition";
        let list = &self.spec.protocol.recognition;
        let mut out = vec![Value::Const(0.0); self.spec.actors.len()];
        if kind.takes_turns() || kind == ProtocolKind::SingleText {
            if let Some((first, _)) = list.first() {
                let message = "`recognition` is not read where turns are taken";
                let hint = Some("write `order`".to_owned());
                self.problems.warn("W0602", Some(first.span), path, message, hint);
            }
            return out;
        }
        let Some((first, _)) = list.first() else {
            let span = Some(self.spec.model.span);
            let hint = Some("write [protocol] recognition = { A = 0.5, B = 0.5 }".to_owned());
            self.problems.error("E0501", span, path, "nobody can propose: `recognition` is missing", hint);
            return out;
        };
        let known: Vec<&str> = ids(&self.spec.actors).collect();
        let mut values = Vec::with_capacity(list.len());
        for (name, number) in list {
            let value = self.value(number, Sink::drawn(Kind::Probability).proved());
            values.push(value.clone());
            let Some(index) = self.find(&known, name, path, "an actor") else { continue };
            if self.spec.actors[index].1.role.text == "third_party" {
                let message = format!("`{}` is a third party and cannot propose", name.text);
                let hint = Some("give it role = \"mediator\", or leave it out here".to_owned());
                self.problems.error("E0507", Some(name.span), path, message, hint);
            }
            out[index] = value;
        }
        self.sum_to_one(&values, &Shares { what: "chances to propose", path, span: first.span });
        out
    }

    /// Number of candidates, if declared.
    pub fn candidates(&mut self) -> Option<usize> {
        let number: &Number = self.spec.search.candidates.as_ref()?;
        let sink = Sink::fixed(Kind::Index).within(1.0, 2_000_000.0);
        self.constant(number, sink).map(|number| number as usize)
    }
}
