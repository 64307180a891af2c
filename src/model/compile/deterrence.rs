//! Guarantees and the attacks that they answer.

use super::Context;
use super::resolve::{ids, of_sort, position};
use super::shares::Shares;
use super::sink::{Sees, Sink};
use crate::id::{ActorId, EndingId, GuaranteeId};
use crate::model::expr::{Interval, Stage};
use crate::model::kind::Kind;
use crate::model::{Attack, Backstop, Ballot, Combine, Guarantee, Party, Pressure, TruceAttack, Value};
use crate::rng::Entity;
use crate::spec::model::{self as written, Name};

/// Most guarantees: those who answer form a bit set.
const MOST_GUARANTEES: usize = 64;
/// Most domains of an attack.
const MOST_DOMAINS: usize = 8;
/// The domain that is meant when none is declared.
const GROUND: &str = "ground";
/// The key of `harm` that covers actors that are not named.
const DEFAULT: &str = "default";
/// Years of the nodes that are meant when none are declared.
const NODES: [f64; 5] = [1.0, 2.0, 3.0, 5.0, 8.0];
/// The default of 8 years times many: a node further away than a century is a slip of the pen.
const LAST_NODE: f64 = 100.0;

const COMBINES: [(&str, Combine); 5] = [
    ("pooled", Combine::Pooled),
    ("independent", Combine::Independent),
    ("weakest_link", Combine::WeakestLink),
    ("best_shot", Combine::BestShot),
    ("additive", Combine::Additive),
];

impl<'a> Context<'a> {
    /// Compiles all guarantees.
    pub fn guarantees(&mut self) -> Vec<Guarantee> {
        if let Some((id, _)) = self.spec.guarantees.get(MOST_GUARANTEES) {
            let n = self.spec.guarantees.len();
            let message = format!("{n} guarantees are declared, at most {MOST_GUARANTEES} are allowed");
            self.problems.error("E0507", Some(id.span), "guarantees", message, None);
        }
        self.spec.guarantees.iter().map(|(id, guarantee)| self.guarantee(id, guarantee)).collect()
    }

    fn guarantee(&mut self, id: &Name, g: &written::Guarantee) -> Guarantee {
        let path = of_sort("guarantees", id);
        // Only these are valued package by package: needs, capability, size, will, stake and strength of the backing.
        let pure = Sink::valued(Kind::Index);
        let share = pure.within(0.0, 1.0);
        let stepwise = Sink::stepwise(Kind::Index);
        let chance = Sink::stepwise(Kind::Probability);
        let capability = g.capability.iter().map(|(domain, number)| (domain.text.clone(), self.value(number, share)));
        Guarantee {
            id: id.text.clone(),
            capability: capability.collect(),
            by: self.party(&g.by, &format!("{path}.by")),
            needs: g.needs.as_ref().and_then(|needs| self.condition(needs, Stage::Package, Sees::Common)),
            size: self.or_default(g.size.as_ref(), 0.0, pure.not_negative()),
            will: self.value(&g.will, pure),
            tripwire: self.or_default(g.tripwire.as_ref(), 0.0, stepwise),
            tripwire_scale: self.or_default(g.tripwire_scale.as_ref(), 1.0, stepwise.positive()),
            stake: self.or_default(g.stake.as_ref(), 0.0, pure),
            backstop: g.backstop.as_ref().map(|backstop| Backstop {
                by: self.actor(&backstop.by, &format!("{path}.backstop.by")),
                strength: self.value(&backstop.strength, pure),
                probability: self.value(&backstop.probability, chance),
            }),
            slope: self.or_default(g.slope.as_ref(), 7.0, stepwise),
            threshold: self.or_default(g.threshold.as_ref(), 0.25, stepwise),
            fatigue: self.or_default(g.fatigue.as_ref(), 0.0, Sink::stepwise(Kind::PerYear).within(0.0, 1.0)),
            escalation_risk: self.or_default(g.escalation_risk.as_ref(), 0.0, chance),
            escalation_fear: self.or_default(g.escalation_fear.as_ref(), 0.0, stepwise.not_negative()),
            entity: Entity::named(&path),
        }
    }

    /// Compiles all attacks.
    pub fn attacks(&mut self) -> Vec<Attack> {
        let mut attacks: Vec<Attack> = self.spec.attacks.iter().map(|(id, attack)| self.attack(id, attack)).collect();
        align(&mut attacks);
        attacks
    }

    fn attack(&mut self, id: &Name, a: &written::Attack) -> Attack {
        let path = of_sort("attacks", id);
        let sees = Sees::Ahead;
        // Only balance and provocation are valued package by package, at each node.
        let pure = Sink::stepwise(Kind::Index);
        let flow = Sink::stepwise(Kind::Flow);
        let share = pure.within(0.0, 1.0);
        let by = self.actor(&a.by, &format!("{path}.by"));
        let target = self.actor(&a.target, &format!("{path}.target"));
        if by == target && a.by.text == a.target.text {
            let message = format!("`{}` attacks itself", a.by.text);
            self.problems.error("E0507", Some(a.target.span), format!("{path}.target"), message, None);
        }
        let answered_by = self.answering(a, &path);
        self.one_backer(a, &path);
        let combine =
            a.combine.as_ref().map_or(Combine::Pooled, |w| self.word(w, &format!("{path}.combine"), &COMBINES));
        let nodes = self.nodes(a, &path);
        self.names.set_range("years_ahead", Interval::new(0.0, nodes.last().copied().unwrap_or(0.0)));
        let lengths = lengths(&nodes);
        Attack {
            id: id.text.clone(),
            by,
            target,
            per_year: self.value(&a.per_year, Sink::stepwise(Kind::PerYear)),
            precision: self.or_default(a.precision.as_ref(), 15.0, pure.not_negative()),
            waiting: self.either(a.compare.as_ref(), &format!("{path}.compare"), ["waiting", "flow"]),
            draw_form: !self.either(a.form.as_ref(), &format!("{path}.form"), ["rate", "draw"]),
            draw_years: Vec::new(),
            decides: nodes.clone(),
            nodes,
            lengths,
            stops: None,
            renewal: self.either(a.tail.as_ref(), &format!("{path}.tail"), ["renewal", "safe"]),
            domains: self.domains(id, a, combine),
            answered_by,
            combine,
            ces: self.or_default(a.ces.as_ref(), -1.0, pure),
            hill: self.or_default(a.hill.as_ref(), 2.0, pure.positive()),
            half_capability: self.or_default(a.half_capability.as_ref(), 0.35, pure.positive()),
            balance: self.or_default(a.balance.as_ref(), 0.0, Sink::valued(Kind::Index).seeing(sees)),
            win_threshold: self.or_default(a.win_threshold.as_ref(), 0.15, pure),
            win_slope: self.or_default(a.win_slope.as_ref(), 0.15, pure.positive()),
            victory: self.end_of(a.victory.as_ref(), &format!("{path}.victory")),
            defeat: self.end_of(a.defeat.as_ref(), &format!("{path}.defeat")),
            escalation: self.escalation(a, &path),
            war_months: self.or_default(
                a.war_months.as_ref(),
                if a.continues { 1.0 } else { 24.0 },
                Sink::drawn(Kind::Months).not_negative(),
            ),
            war_cost: self.attack_cost(a, &path, flow.seeing(Sees::PrivateOf(by))),
            repulse_loss: self.or_default(a.repulse_loss.as_ref(), 0.08, flow),
            denial_share: self.or_default(a.denial_share.as_ref(), 0.5, share),
            denial: self.or_default(a.denial.as_ref(), 0.9, pure),
            punishment: self.or_default(a.punishment.as_ref(), 0.6, flow),
            threshold: self.or_default(a.threshold.as_ref(), 0.06, share),
            provocation: self.or_default(a.provocation.as_ref(), 0.0, Sink::valued(Kind::Flow).seeing(sees)),
            audience_cost: self.or_default(a.audience_cost.as_ref(), 0.0, flow),
            truce: a.truce.as_ref().map(|truce| TruceAttack {
                per_year: self.value(&truce.per_year, Sink::stepwise(Kind::PerYear)),
                surprise: self.or_default(truce.surprise.as_ref(), 0.0, Sink::stepwise(Kind::Flow)),
                audience_cost: self.or_default(truce.audience_cost.as_ref(), 0.0, flow),
            }),
            pressure: self.pressure(a, by, &path),
            detection: self.or_default(a.detection.as_ref(), 1.0, Sink::valued(Kind::Probability)),
            vote: self.or_default(
                a.snapback.as_ref().and_then(|s| s.vote.as_ref()),
                1.0,
                Sink::valued(Kind::Probability),
            ),
            ballot: a.snapback.as_ref().and_then(|snapback| self.ballot(snapback, &format!("{path}.snapback"))),
            entity: Entity::named(&path),
        }
    }

    /// The body that votes on withdrawing what is revocable.
    fn ballot(&mut self, snapback: &written::Snapback, path: &str) -> Option<Ballot> {
        let by = snapback.by.as_ref()?;
        let found = self.deliverer(by, path)?;
        let Party::Body(body) = found.who else {
            let message = format!("`{}` is an actor, a body votes on withdrawing what is revocable", by.by.text);
            self.problems.error("E0507", Some(by.by.span), format!("{path}.by"), message, None);
            return None;
        };
        let members = &self.spec.bodies[body.index()].1.members;
        let known: Vec<&str> = members.iter().map(|member| member.text.as_str()).collect();
        let flow = Sink::stepwise(Kind::Flow);
        let mut fallback = Value::Const(0.0);
        let mut named = vec![None; known.len()];
        for (name, number) in &snapback.worth {
            let value = self.value(number, flow);
            if name.text == DEFAULT {
                fallback = value;
            } else if let Some(member) = self.find(&known, name, &format!("{path}.worth"), "a member") {
                named[member] = Some(value);
            }
        }
        let worth = named.into_iter().map(|value| value.unwrap_or_else(|| fallback.clone())).collect();
        Some(Ballot { body, quota: found.quota, worth })
    }

    /// An ending of the war that an attack begins; an attack that continues has none.
    fn end_of(&mut self, name: Option<&Name>, path: &str) -> EndingId {
        name.map_or(EndingId::new(0), |name| self.ending(name, path))
    }

    /// What an attack below the threshold of war gains and costs; complains about what does not go with it.
    fn pressure(&mut self, a: &written::Attack, by: ActorId, path: &str) -> Option<Pressure> {
        let flow = Sink::stepwise(Kind::Flow);
        let begins_war = [
            ("balance", a.balance.as_ref().map(|number| number.span)),
            ("victory", a.victory.as_ref().map(|name| name.span)),
            ("defeat", a.defeat.as_ref().map(|name| name.span)),
            ("escalation", a.escalation.as_ref().map(|name| name.span)),
            ("truce", a.truce.as_ref().map(|truce| truce.per_year.span)),
            ("snapback", a.snapback.as_ref().map(|snapback| snapback.span)),
        ];
        let stays_below =
            [("gain", a.gain.as_ref().map(|number| number.span)), ("harm", a.harm.first().map(|(name, _)| name.span))];
        let (stray, why) = if a.continues {
            (&begins_war[..], "this means nothing in an attack that continues: the register stands")
        } else {
            (&stays_below[..], "this means something only in an attack with `continues = true`")
        };
        for (key, span) in stray.iter().filter_map(|&(key, span)| Some((key, span?))) {
            self.problems.error("E0111", Some(span), format!("{path}.{key}"), why, None);
        }
        if !a.continues {
            return None;
        }
        let gain = self.or_default(a.gain.as_ref(), 0.0, flow);
        let mut fallback = Value::Const(0.0);
        let known: Vec<&str> = ids(&self.spec.actors).collect();
        let mut named = vec![None; known.len()];
        for (name, number) in &a.harm {
            let value = self.value(number, flow);
            if name.text == DEFAULT {
                fallback = value;
            } else if let Some(actor) = self.find(&known, name, &format!("{path}.harm"), "an actor") {
                if actor == by.index() {
                    let message = format!("`{}` attacks: what it has of it is `gain`", name.text);
                    self.problems.error("E0507", Some(name.span), format!("{path}.harm"), message, None);
                }
                named[actor] = Some(value);
            }
        }
        let harm = named.into_iter().enumerate().map(|(actor, value)| match value {
            _ if actor == by.index() => Value::Const(0.0),
            Some(value) => value,
            None => fallback.clone(),
        });
        Some(Pressure { gain, harm: harm.collect() })
    }

    /// Whether the first of two words is meant; it is the default.
    fn either(&mut self, word: Option<&Name>, path: &str, words: [&str; 2]) -> bool {
        word.is_none_or(|word| self.word(word, path, &[(words[0], true), (words[1], false)]))
    }

    fn answering(&mut self, a: &written::Attack, path: &str) -> Vec<GuaranteeId> {
        let known: Vec<&str> = ids(&self.spec.guarantees).collect();
        let path = format!("{path}.answered_by");
        let mut out: Vec<GuaranteeId> = Vec::new();
        for name in &a.answered_by {
            let Some(index) = self.find(&known, name, &path, "a guarantee") else { continue };
            if out.contains(&GuaranteeId::new(index)) {
                let message = format!("`{}` is listed twice", name.text);
                self.problems.error("E0107", Some(name.span), &path, message, None);
            }
            self.used.insert(of_sort("guarantees", name));
            out.push(GuaranteeId::new(index));
        }
        out
    }

    /// The guarantees that an attack names, as written.
    fn named_guarantees(&self, a: &written::Attack) -> Vec<&'a (Name, written::Guarantee)> {
        let guarantees = &self.spec.guarantees;
        a.answered_by.iter().filter_map(|name| position(guarantees, &name.text)).map(|at| &guarantees[at]).collect()
    }

    /// All who answer one attack count on the same backer: whether it stands is one event with one probability.
    fn one_backer(&mut self, a: &written::Attack, path: &str) {
        let backed = self.named_guarantees(a).into_iter().filter_map(|(id, g)| Some((id, g.backstop.as_ref()?)));
        let backed: Vec<(&Name, &written::Backstop)> = backed.collect();
        let Some((first, rest)) = backed.split_first() else { return };
        let same = |other: &written::Backstop| {
            other.by.text == first.1.by.text && other.probability.form == first.1.probability.form
        };
        if let Some((id, other)) = rest.iter().find(|(_, other)| !same(other)) {
            let message = format!(
                "`{}` and `{}` answer the same attack with different backers or probabilities",
                first.0.text, id.text
            );
            let hint = Some("write the same `by` and `probability`, for instance a parameter".to_owned());
            self.problems.error("E0507", Some(other.probability.span), format!("{path}.answered_by"), message, hint);
        }
    }

    fn nodes(&mut self, a: &written::Attack, path: &str) -> Vec<f64> {
        if a.nodes_years.is_empty() {
            return NODES.to_vec();
        }
        let sink = Sink::fixed(Kind::Years).within(f64::MIN_POSITIVE, LAST_NODE);
        let constants: Vec<Option<f64>> = a.nodes_years.iter().map(|number| self.constant(number, sink)).collect();
        let Some(nodes) = constants.into_iter().collect::<Option<Vec<f64>>>() else { return NODES.to_vec() };
        if let Some(k) = (1..nodes.len()).find(|k| nodes[*k] <= nodes[k - 1]) {
            let message = format!("the years of the nodes must increase, found {} after {}", nodes[k], nodes[k - 1]);
            self.problems.error("E0506", Some(a.nodes_years[k].span), format!("{path}.nodes_years"), message, None);
        }
        nodes
    }

    /// Domains with their weights. None declared means ground alone, if nobody is capable elsewhere.
    fn domains(&mut self, id: &Name, a: &written::Attack, combine: Combine) -> Vec<(String, Value)> {
        let path = format!("{}.domains", of_sort("attacks", id));
        let sink = Sink::drawn(Kind::Share).proved();
        let declared: Vec<(String, Value)> =
            a.domains.iter().map(|(domain, weight)| (domain.text.clone(), self.value(weight, sink))).collect();
        if let Some((id, _)) = a.domains.get(MOST_DOMAINS) {
            let message = format!("{} domains are declared, at most {MOST_DOMAINS} are allowed", a.domains.len());
            self.problems.error("E0507", Some(id.span), &path, message, None);
        }
        if let Some((first, _)) = a.domains.first() {
            let weights: Vec<Value> = declared.iter().map(|(_, weight)| weight.clone()).collect();
            let what = format!("weights of the domains of {}", id.text);
            self.sum_to_one(&weights, &Shares { what: &what, path: &path, span: first.span });
        }
        let known: Vec<String> =
            if a.domains.is_empty() { vec![GROUND.to_owned()] } else { declared.iter().map(|d| d.0.clone()).collect() };
        let used: Vec<(Name, Name)> = self
            .named_guarantees(a)
            .into_iter()
            .flat_map(|(by, g)| g.capability.iter().map(|(domain, _)| (by.clone(), domain.clone())))
            .collect();
        if combine != Combine::Additive || !a.domains.is_empty() {
            for (by, domain) in used.iter().filter(|(_, domain)| !known.contains(&domain.text)) {
                let message =
                    format!("`{}` has a capability in `{}`, which is no domain of this attack", by.text, domain.text);
                let hint = Some(format!("declare it: domains = {{ {} = .. }} with weights that sum to 1", domain.text));
                self.problems.error("E0501", Some(domain.span), &path, message, hint);
            }
        }
        if !a.domains.is_empty() {
            declared
        } else if used.iter().all(|(_, domain)| domain.text == GROUND) {
            vec![(GROUND.to_owned(), Value::Const(1.0))]
        } else {
            Vec::new()
        }
    }

    fn escalation(&mut self, a: &written::Attack, path: &str) -> Option<crate::id::EndingId> {
        let path = format!("{path}.escalation");
        if let Some(ending) = &a.escalation {
            return Some(self.ending(ending, &path));
        }
        if a.continues {
            return None;
        }
        let risky = |(by, g): &(Name, written::Guarantee)| g.escalation_risk.is_some().then(|| by.text.clone());
        if let Some(risky) = self.named_guarantees(a).into_iter().find_map(risky) {
            let message = format!("`{risky}` has an escalation_risk, but the attack names no ending for it");
            let hint = Some("write escalation = \"<ending>\"".to_owned());
            self.problems.error("E0501", Some(a.by.span), path, message, hint);
        }
        None
    }

    /// War cost of the attacker; the actor's own when the attack declares none.
    fn attack_cost(&mut self, a: &written::Attack, path: &str, flow: Sink) -> Option<Value> {
        if let Some(cost) = &a.war_cost {
            return Some(self.value(cost, flow));
        }
        let attacker = self.spec.actors.iter().find(|(id, _)| id.text == a.by.text && !a.continues);
        if attacker.is_some_and(|(_, actor)| actor.war_cost.is_none()) {
            let message = format!("`{}` has no war_cost, so the cost of the renewed war is unknown", a.by.text);
            let hint = Some("write war_cost here, or under the actor".to_owned());
            self.problems.error("E0501", Some(a.by.span), format!("{path}.war_cost"), message, hint);
        }
        None
    }

    /// Whether an actor attacks: its own terms must not read what follows from its attack.
    pub fn attacks_somebody(&self, actor: &str) -> bool {
        self.spec.attacks.iter().any(|(_, attack)| attack.by.text == actor)
    }
}

/// Years between nodes, the first counted from the signature.
fn lengths(nodes: &[f64]) -> Vec<f64> {
    nodes.iter().scan(0.0, |last, node| Some(node - std::mem::replace(last, *node))).collect()
}

/// Attacks compete node by node: where they differ, all are put on the nodes of all. Each keeps deciding at its own: on a
/// node it takes the numbers of its own next one, after its last those of its last.
fn align(attacks: &mut [Attack]) {
    let Some((first, rest)) = attacks.split_first() else { return };
    let same = |a: &Attack| a.nodes == first.nodes && a.renewal == first.renewal && a.draw_form == first.draw_form;
    if rest.iter().all(same) {
        return;
    }
    let mut nodes: Vec<f64> = attacks.iter().flat_map(|attack| attack.nodes.iter().copied()).collect();
    nodes.sort_by(f64::total_cmp);
    nodes.dedup();
    let renewal = attacks.iter().any(|attack| attack.renewal);
    for attack in attacks {
        let own = attack.nodes.clone();
        let next = |node: &f64| own.iter().position(|year| year >= node).unwrap_or(own.len() - 1);
        let at: Vec<usize> = nodes.iter().map(next).collect();
        attack.decides = at.iter().map(|&at| own[at]).collect();
        if attack.draw_form {
            attack.draw_years = at.iter().map(|&at| attack.lengths[at]).collect();
            attack.draw_form = false;
        }
        let last = own.last().copied().unwrap_or(0.0);
        attack.stops = (!attack.renewal).then(|| nodes.iter().rposition(|&node| node <= last).unwrap_or(0));
        attack.renewal = renewal;
        attack.nodes.clone_from(&nodes);
        attack.lengths = lengths(&nodes);
    }
}
