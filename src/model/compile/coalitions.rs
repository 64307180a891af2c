//! Coalitions of the willing.

use super::Context;
use super::resolve::{ids, of_sort, position};
use super::sink::Sink;
use crate::id::{ActorId, BodyId, IssueId, RatifierId};
use crate::model::kind::Kind;
use crate::model::{Body, Coalition, Contribution, Issue};
use crate::rng::Entity;
use crate::spec::model::{self as written, Map, Name, Number};

/// Most sizes among which a state chooses, and most options of the issue that needs them.
const MOST_SIZES: usize = 64;

impl Context<'_> {
    /// Compiles all coalitions.
    pub fn coalitions(&mut self, issues: &[Issue], bodies: &[Body]) -> Vec<Coalition> {
        let spec = self.spec;
        spec.coalitions.iter().filter_map(|(id, c)| self.coalition(id, c, issues, bodies)).collect()
    }

    /// Whether an expression compiled so far reads what a coalition has on offer.
    pub fn pledges_read(&self) -> bool {
        ids(&self.spec.coalitions)
            .any(|id| ["pledged", "partners"].iter().any(|what| self.used.contains(&format!("{what}.{id}"))))
    }

    fn coalition(
        &mut self,
        id: &Name,
        coalition: &written::Coalition,
        issues: &[Issue],
        bodies: &[Body],
    ) -> Option<Coalition> {
        let path = of_sort("coalitions", id);
        let known: Vec<&str> = ids(&self.spec.bodies).collect();
        let body = self.find(&known, &coalition.body, &format!("{path}.body"), "a body");
        self.used.insert(of_sort("bodies", &coalition.body));
        let known: Vec<&str> = ids(&self.spec.issues).collect();
        let issue = self.find(&known, &coalition.issue, &format!("{path}.issue"), "an issue");
        let precision = coalition.precision.as_ref();
        let precision = precision.map(|number| self.value(number, Sink::drawn(Kind::Index).not_negative()));
        let members = body.and_then(|body| bodies.get(body)).map_or(&[][..], |body| &body.members[..]);
        let contributions = self.contributions(&coalition.contributions, members, &path);
        let needs = issue.map(|issue| self.needs(&coalition.sizes, &issues[issue], &path));
        let n = coalition.contributions.len() as f64;
        let least = coalition.min_partners.as_ref().and_then(|number| {
            let least = self.constant(number, Sink::fixed(Kind::Index).within(1.0, n.max(1.0)))?;
            if least.fract() != 0.0 {
                let message = "a whole number of partners is needed";
                self.problems.error("E0306", Some(number.span), &number.path, message, None);
            }
            Some(least)
        });
        Some(Coalition {
            id: id.text.clone(),
            body: BodyId::new(body?),
            issue: IssueId::new(issue?),
            needs: needs?,
            min_partners: least.unwrap_or(1.0) as usize,
            precision,
            contributions,
        })
    }

    /// Troops that each option of an issue needs.
    fn needs(&mut self, sizes: &Map<Number>, issue: &Issue, path: &str) -> Vec<f64> {
        let options: Vec<&str> = issue.options.iter().map(|option| option.id.as_str()).collect();
        let mut needs = vec![0.0; options.len()];
        if options.len() > MOST_SIZES {
            let message = format!("`{}` has {} options, at most {MOST_SIZES} may need troops", issue.id, options.len());
            self.problems.error("E0507", None, format!("{path}.issue"), message, None);
        }
        for (name, number) in sizes {
            let size = self.constant(number, Sink::fixed(Kind::Index).not_negative());
            let index = self.find(&options, name, &format!("{path}.sizes"), "an option");
            let (Some(size), Some(index)) = (size, index) else { continue };
            needs[index] = size;
            if size > 0.0 && index == usize::from(issue.status_quo) {
                let message = format!("`{}` is in force at the start and needs no new troops", name.text);
                self.problems.error("E0507", Some(name.span), format!("{path}.sizes"), message, None);
            }
        }
        needs
    }

    fn contributions(
        &mut self,
        written: &Map<written::Contribution>,
        members: &[(ActorId, f64)],
        path: &str,
    ) -> Vec<Contribution> {
        let mut out = Vec::with_capacity(written.len());
        for (name, contribution) in written {
            let path = format!("{path}.contributions.{}", name.text);
            let actor = self.actor(name, &path);
            if position(&self.spec.actors, &name.text).is_some() && !members.iter().any(|(member, _)| *member == actor)
            {
                let message = format!("`{}` is no member of the coalition's body", name.text);
                self.problems.error("E0507", Some(name.span), &path, message, None);
            }
            out.push(self.contribution(actor, contribution, &path));
        }
        out
    }

    fn contribution(&mut self, actor: ActorId, written: &written::Contribution, path: &str) -> Contribution {
        let sink = Sink::fixed(Kind::Index).not_negative();
        let sizes: Vec<f64> = written.sizes.iter().filter_map(|number| self.constant(number, sink)).collect();
        if let Some(number) = written.sizes.get(MOST_SIZES) {
            let message = format!("{} sizes are declared, at most {MOST_SIZES} are allowed", written.sizes.len());
            self.problems.error("E0507", Some(number.span), format!("{path}.sizes"), message, None);
        }
        let rising = sizes.windows(2).all(|pair| pair[0] < pair[1]);
        if sizes.len() == written.sizes.len() && !sizes.is_empty() && (sizes[0] != 0.0 || !rising) {
            let span = written.sizes.first().map(|number| number.span);
            let message = "the sizes begin with 0 and rise";
            self.problems.error("E0507", span, format!("{path}.sizes"), message, None);
        }
        let ratifier = written.ratifier.as_ref().and_then(|name| self.own_ratifier(name, actor, path));
        let flow = Sink::valued(Kind::Flow).not_negative();
        Contribution {
            actor,
            sizes,
            cost: self.value(&written.cost, flow),
            loss: self.or_default(written.loss.as_ref(), 0.0, flow),
            answers: self.or_default(written.answers.as_ref(), 1.0, Sink::stepwise(Kind::Probability)),
            ratifier,
            entity: Entity::named(path),
        }
    }

    fn own_ratifier(&mut self, name: &Name, actor: ActorId, path: &str) -> Option<RatifierId> {
        let path = format!("{path}.ratifier");
        let known: Vec<&str> = ids(&self.spec.ratifiers).collect();
        let index = self.find(&known, name, &path, "a ratifier")?;
        let (_, ratifier) = &self.spec.ratifiers[index];
        let owner = &self.spec.actors[actor.index()].0.text;
        if ratifier.of.text != *owner {
            let message = format!("`{}` is a ratifier of `{}`, not of `{owner}`", name.text, ratifier.of.text);
            self.problems.error("E0507", Some(name.span), path, message, None);
        }
        Some(RatifierId::new(index))
    }
}
