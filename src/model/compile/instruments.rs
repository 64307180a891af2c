//! Instruments: what may be signed, by whom, and where it leads.

use super::Context;
use super::resolve::{ids, of_sort, position};
use super::sink::{Sees, Sink};
use crate::id::ActorId;
use crate::model::expr::Stage;
use crate::model::kind::Kind;
use crate::model::{Instrument, Issue, KEEP, Party, Regime, Value};
use crate::rng::Entity;
use crate::spec::model::{self as written, Name, Scope};

/// Most instruments of a model.
const MOST_INSTRUMENTS: usize = 32;
/// Most variants of a partial instrument: each is valued in every step.
const MOST_VARIANTS: usize = 64;

impl Context<'_> {
    /// Compiles all instruments; a model that declares none has the comprehensive settlement. Returns which one that is.
    pub fn instruments(&mut self, issues: &[Issue]) -> (Vec<Instrument>, usize) {
        let spec = self.spec;
        if let Some((id, _)) = spec.instruments.get(MOST_INSTRUMENTS) {
            let n = spec.instruments.len();
            let message = format!("{n} instruments are declared, at most {MOST_INSTRUMENTS} are allowed");
            self.problems.error("E0507", Some(id.span), "instruments", message, None);
        }
        if spec.instruments.is_empty() {
            return (vec![self.implied(issues)], 0);
        }
        let out: Vec<Instrument> = spec.instruments.iter().map(|(id, one)| self.instrument(id, one, issues)).collect();
        let settles = |(at, one): (usize, &Instrument)| (one.leads_to == Some(Regime::Settled)).then_some(at);
        let settlements: Vec<usize> = out.iter().enumerate().filter_map(settles).collect();
        match settlements[..] {
            [one] => (out, one),
            [] => {
                let span = spec.instruments.first().map(|(id, _)| id.span);
                let hint = Some("write [instruments.settlement] scope = \"all\", leads_to = \"settled\"".to_owned());
                self.problems.error("E0501", span, "instruments", "no instrument leads to `settled`", hint);
                (out, 0)
            }
            [first, second, ..] => {
                let message = format!("both `{}` and `{}` lead to `settled`, one may", out[first].id, out[second].id);
                let hint = Some("let the other set its issues without a change of regime".to_owned());
                self.problems.error("E0507", Some(spec.instruments[second].0.span), "instruments", message, hint);
                (out, first)
            }
        }
    }

    fn implied(&self, issues: &[Issue]) -> Instrument {
        Instrument {
            id: "settlement".to_owned(),
            scope: vec![true; issues.len()],
            variants: Vec::new(),
            parties: self.signatories(),
            providers: Vec::new(),
            leads_to: Some(Regime::Settled),
            from: [true, true, false],
            imposed: false,
            framework: false,
            term_steps: None,
            lapse_per_year: Value::Const(0.0),
            denounced_by: Vec::new(),
            denounce_per_year: Value::Const(0.0),
            denounce_cost: Value::Const(0.0),
            entity: Entity::named("instruments.settlement"),
        }
    }

    fn signatories(&self) -> Vec<ActorId> {
        let signs = |(at, (_, actor)): (usize, &(Name, written::Actor))| {
            (actor.role.text == "signatory").then(|| ActorId::new(at))
        };
        self.spec.actors.iter().enumerate().filter_map(signs).collect()
    }

    fn instrument(&mut self, id: &Name, one: &written::Instrument, issues: &[Issue]) -> Instrument {
        let path = of_sort("instruments", id);
        let scope = self.scope_of(id, one, &path);
        let leads_to = one.leads_to.as_ref().map(|word| {
            let words = [("truce", Regime::Truce), ("settled", Regime::Settled)];
            self.word(word, &format!("{path}.leads_to"), &words)
        });
        let settles = leads_to == Some(Regime::Settled);
        let (parties, providers) = self.parties(one, &path);
        let rate = Sink::stepwise(Kind::PerYear);
        let denounce = one.denounce.as_ref();
        let denounced_by = denounce.map_or_else(Vec::new, |denounce| {
            denounce.by.iter().map(|name| self.actor(name, &format!("{path}.denounce.by"))).collect()
        });
        self.ends_only_a_truce(id, one, leads_to, &path);
        if let Some(word) = one.leads_to.as_ref().filter(|_| one.imposed) {
            let message = "what is imposed leads to no regime: the settlement that it is supplied on stands";
            self.problems.error("E0507", Some(word.span), format!("{path}.leads_to"), message, None);
        }
        Instrument {
            variants: if settles { Vec::new() } else { self.variants((id, one.framework), &scope, issues, &path) },
            id: id.text.clone(),
            from: self.from(one, leads_to, &path),
            scope,
            parties,
            providers,
            leads_to,
            imposed: one.imposed,
            framework: one.framework,
            term_steps: one.term_months.as_ref().map(|number| self.steps(Some(number)).max(1)),
            lapse_per_year: self.or_default(one.lapse_per_year.as_ref(), 0.0, rate),
            denounced_by,
            denounce_per_year: self.or_default(denounce.and_then(|d| d.per_year.as_ref()), 1.0, rate),
            denounce_cost: self.or_default(
                denounce.and_then(|d| d.audience_cost.as_ref()),
                0.0,
                Sink::stepwise(Kind::Flow),
            ),
            entity: Entity::named(&path),
        }
    }

    /// What ends by itself or by denunciation is a truce; a settlement is broken by attacks and hazards.
    fn ends_only_a_truce(&mut self, id: &Name, one: &written::Instrument, leads_to: Option<Regime>, path: &str) {
        if one.framework && (leads_to.is_some() || one.imposed || one.denounce.is_some()) {
            let message = "a framework has no force: it leads nowhere, and is neither imposed nor denounced";
            self.problems.error("E0507", Some(id.span), path, message, None);
        }
        let passes = one.term_months.is_some() || one.lapse_per_year.is_some();
        let ends = (passes || one.denounce.is_some()) && !one.framework;
        if ends && leads_to != Some(Regime::Truce) {
            let message = "only an instrument that leads to a truce has a term, lapses or is denounced";
            let hint = Some("declare an attack or a hazard of the settled regime instead".to_owned());
            self.problems.error("E0507", Some(id.span), path, message, hint);
        }
    }

    fn scope_of(&mut self, id: &Name, one: &written::Instrument, path: &str) -> Vec<bool> {
        let Scope::Issues(list) = &one.scope else { return vec![true; self.spec.issues.len()] };
        let known: Vec<&str> = ids(&self.spec.issues).collect();
        let path = format!("{path}.scope");
        if list.is_empty() {
            self.problems.error("E0108", Some(id.span), &path, "the instrument may set no issue", None);
        }
        let mut open = vec![false; known.len()];
        for name in list {
            if let Some(index) = self.find(&known, name, &path, "an issue") {
                open[index] = true;
            }
        }
        open
    }

    /// Whose yes is needed, and for an imposed instrument who provides it.
    fn parties(&mut self, one: &written::Instrument, path: &str) -> (Vec<ActorId>, Vec<u16>) {
        let path = format!("{path}.parties");
        if one.parties.is_empty() {
            return (self.signatories(), Vec::new());
        }
        let (mut parties, mut providers) = (Vec::new(), Vec::new());
        for party in &one.parties {
            if let Some(actor) = position(&self.spec.actors, &party.by.text)
                && party.matter.is_none()
            {
                parties.push(ActorId::new(actor));
                continue;
            }
            let Some(found) = self.deliverer(party, &path) else { continue };
            if !one.imposed && matches!(found.who, Party::Body(_)) {
                let message = format!("`{}` is a body: it provides what is imposed, it signs nothing", party.by.text);
                let hint = Some("name its members, or let the options be `delivered_by` it".to_owned());
                self.problems.error("E0507", Some(party.by.span), &path, message, hint);
                continue;
            }
            providers.push(self.place_of(found));
        }
        (parties, providers)
    }

    /// Index of a deliverer in the model's list, which it joins if it is new.
    pub fn place_of(&mut self, deliverer: crate::model::Deliverer) -> u16 {
        let known = self.deliverers.iter().position(|other| other.id == deliverer.id);
        known.unwrap_or_else(|| {
            self.deliverers.push(deliverer);
            self.deliverers.len() - 1
        }) as u16
    }

    fn from(&mut self, one: &written::Instrument, leads_to: Option<Regime>, path: &str) -> [bool; 3] {
        if one.from.is_empty() {
            return match leads_to {
                Some(regime) => Regime::ALL.map(|from| from < regime),
                None if one.imposed => [false, false, true],
                None => [true, true, false],
            };
        }
        let words = Regime::ALL.map(|regime| (regime.word(), regime));
        let path = format!("{path}.from");
        let mut from = [false; 3];
        for word in &one.from {
            let regime = self.word(word, &path, &words);
            let lower = leads_to.is_none_or(|target| regime < target);
            if one.imposed && leads_to.is_none() && regime != Regime::Settled {
                let message = format!("what is imposed is supplied on a settlement, not in `{}`", regime.word());
                let hint = Some("write from = [\"settled\"], or let it be negotiated".to_owned());
                self.problems.error("E0507", Some(word.span), &path, message, hint);
            } else if !lower || (regime == Regime::Settled && !one.imposed) {
                let message = match leads_to {
                    Some(target) => format!("`{}` is not below `{}`", regime.word(), target.word()),
                    None => {
                        "after a settlement nothing more is negotiated, only imposed instruments are supplied".into()
                    }
                };
                self.problems.error("E0507", Some(word.span), &path, message, None);
            }
            from[regime.index()] = true;
        }
        from
    }

    /// Every combination of the options in scope; but for a text without the one that changes nothing.
    fn variants(&mut self, (id, text): (&Name, bool), scope: &[bool], issues: &[Issue], path: &str) -> Vec<Vec<u16>> {
        let mut out = vec![vec![KEEP; issues.len()]];
        for (at, issue) in issues.iter().enumerate().filter(|(at, _)| scope[*at]) {
            let mut next = Vec::with_capacity(out.len() * issue.options.len());
            for terms in &out {
                for option in 0..issue.options.len() {
                    let mut terms: Vec<u16> = terms.clone();
                    terms[at] = option as u16;
                    next.push(terms);
                }
            }
            out = next;
            if out.len() > MOST_VARIANTS * 4 {
                break;
            }
        }
        // A text may say that something stays as it is; whatever else is signed changes something.
        out.retain(|terms| {
            text || issues.iter().zip(terms).any(|(issue, term)| *term != KEEP && *term != issue.status_quo)
        });
        if out.len() > MOST_VARIANTS {
            let message = format!(
                "the issues in scope combine to more than {MOST_VARIANTS} variants: each is valued in every step"
            );
            let hint = Some("narrow the scope, or lead to `settled`".to_owned());
            self.problems.error("E0503", Some(id.span), path, message, hint);
        }
        out
    }

    /// What each option forbids others to supply; issues are known by now.
    pub fn bars(&mut self, issues: &mut [Issue]) {
        for (issue, (_, written)) in issues.iter_mut().zip(&self.spec.issues) {
            let written::Options::Named(options) = &written.options else { continue };
            for (option, written) in issue.options.iter_mut().zip(options) {
                option.bar = written.bar.as_ref().and_then(|bar| self.condition(bar, Stage::Package, Sees::Issues));
            }
        }
    }
}
