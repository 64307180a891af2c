//! What is counted while a negotiation is played, and its conversion into a [`Record`].

use super::continuation::Outlook;
use super::game::Game;
use super::record::{Agreement, EndedBy, Problem, Record, Settlement};
use super::setup::Setup;
use crate::id::{ActorId, OutcomeId};
use crate::model::layout::EndVariable;
use crate::model::{Model, Regime, Types};

/// Agreements of one negotiation that need no new memory.
const MOST_AGREEMENTS: usize = 128;

/// Running counts of one negotiation.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Whether a party to the present agreement was moved by misjudgement alone.
    pub(super) misjudged: bool,
    pub(super) zopa_width: f64,
    pub(super) ripe_months: f64,
    /// How often each actor was the single blocker.
    pub(super) blocked: Vec<u32>,
    pub(super) refusals: Vec<u32>,
    /// Best value each actor refused.
    pub(super) best_refused: Vec<f64>,
    pub(super) failed_votes: u32,
    pub(super) offers: u32,
    pub(super) stalls: u32,
    pub(super) lever_uses: Vec<u32>,
    pub(super) transitions: Vec<u32>,
    pub(super) forecast: Option<f64>,
    pub(super) first_accepted: Option<bool>,
    pub(super) walked_out: bool,
    pub(super) broke_down: bool,
    /// Which ending struck.
    pub(super) ending: Option<usize>,
    pub(super) settlement: Option<Signature>,
    /// The bargaining problem, where it is measured.
    pub(super) problem: Problem,
    /// Terms of the first predicted deal; empty before any.
    pub(super) first_predicted: Vec<u16>,
    /// What the talks were worth to each actor when they began; empty before.
    pub(super) prospect: Vec<f64>,
    pub(super) end_month: f64,
    /// Truces that ended in war, and months spent in a truce.
    pub(super) truces_broken: u32,
    pub(super) truce_months: f64,
    /// What has added up, by tally.
    pub(super) totals: Vec<f64>,
    /// Least distance to each hazard so far, while it ran; infinity before.
    pub(super) closest: Vec<f64>,
    /// What was signed, in order, and its terms.
    pub(super) agreements: Vec<Agreement>,
    pub(super) agreement_terms: Vec<u16>,
    /// Discounted flows so far and costs so far, by actor.
    pub(super) utility: Vec<f64>,
    pub(super) cost: Vec<f64>,
    /// Discount factor reached, by actor.
    pub(super) discount: Vec<f64>,
}

/// A signed settlement and its fate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signature {
    pub(super) step: u32,
    pub(super) package: usize,
    pub(super) proposer: usize,
    pub(super) attack_prob: f64,
    pub(super) attack_prob_60m: f64,
    pub(super) g: f64,
    pub(super) g_hat: f64,
    pub(super) misjudged: bool,
    pub(super) attack_month: Option<f64>,
    pub(super) answered: bool,
    pub(super) lost: bool,
    pub(super) peace_months: f64,
}

impl Table {
    pub(super) fn new(model: &Model) -> Self {
        let actors = model.actors.len();
        Self {
            misjudged: false,
            zopa_width: f64::NEG_INFINITY,
            ripe_months: 0.0,
            blocked: vec![0; actors],
            refusals: vec![0; actors],
            best_refused: vec![f64::NEG_INFINITY; actors],
            failed_votes: 0,
            offers: 0,
            stalls: 0,
            lever_uses: vec![0; model.levers.len()],
            transitions: vec![0; model.transitions.len()],
            forecast: None,
            first_accepted: None,
            walked_out: false,
            broke_down: false,
            ending: None,
            settlement: None,
            problem: Problem::default(),
            first_predicted: Vec::with_capacity(model.issues.len()),
            prospect: Vec::with_capacity(actors),
            end_month: 0.0,
            truces_broken: 0,
            truce_months: 0.0,
            totals: vec![0.0; model.tallies.len()],
            closest: vec![f64::INFINITY; model.hazards.len()],
            agreements: Vec::with_capacity(MOST_AGREEMENTS),
            agreement_terms: Vec::with_capacity(MOST_AGREEMENTS * model.issues.len()),
            utility: vec![0.0; actors],
            cost: vec![0.0; actors],
            discount: vec![1.0; actors],
        }
    }

    pub(super) fn clear(&mut self) {
        self.zopa_width = f64::NEG_INFINITY;
        self.ripe_months = 0.0;
        self.blocked.fill(0);
        self.refusals.fill(0);
        self.best_refused.fill(f64::NEG_INFINITY);
        self.failed_votes = 0;
        self.offers = 0;
        self.stalls = 0;
        self.lever_uses.fill(0);
        self.transitions.fill(0);
        self.forecast = None;
        self.first_accepted = None;
        self.walked_out = false;
        self.broke_down = false;
        self.ending = None;
        self.settlement = None;
        self.problem.parties.clear();
        self.first_predicted.clear();
        self.prospect.clear();
        self.end_month = 0.0;
        self.truces_broken = 0;
        self.truce_months = 0.0;
        self.totals.fill(0.0);
        self.closest.fill(f64::INFINITY);
        self.agreements.clear();
        self.agreement_terms.clear();
        self.utility.fill(0.0);
        self.cost.fill(0.0);
        self.discount.fill(1.0);
    }

    /// One step adds to the tallies of its regime.
    pub(super) fn tally(&mut self, model: &Model, game: &mut Game) {
        let regime = game.regime.index();
        for (total, tally) in self.totals.iter_mut().zip(&model.tallies).filter(|(_, tally)| tally.during[regime]) {
            let rate = game.buffers.tools(&game.scalars).one(&tally.rate, &game.world, 0);
            *total += model.clock.months_per_step * rate;
        }
    }

    /// An offer was made: acts that expressions read.
    pub(super) fn offer(&mut self, model: &Model, package: usize, by: usize, forecast: f64, game: &mut Game) {
        self.offers += 1;
        self.forecast = self.forecast.or(Some(forecast));
        game.world.set(model.layout.offered_by, 0, by as f64);
        for (issue, declared) in model.issues.iter().enumerate() {
            let option = game.registers.of(model, package)[issue];
            let number = declared.options[usize::from(option)].number;
            game.world.set(model.layout.offered + issue as u32, 0, number);
        }
    }

    /// A signatory refused a package that was worth `value` to it.
    pub(super) fn refuse(&mut self, model: &Model, actor: usize, value: f64, game: &mut Game) {
        self.refusals[actor] += 1;
        self.best_refused[actor] = self.best_refused[actor].max(value);
        let slot = model.layout.refusals + actor as u32;
        game.world.set(slot, 0, f64::from(self.refusals[actor]));
        game.world.set(model.layout.refused_by, 0, actor as f64);
    }

    /// Keeps what everything is worth now, where that is measured and nothing was kept before.
    pub(super) fn keep_problem(&mut self, model: &Model, setup: &Setup, game: &Game, outlook: &Outlook) {
        let Problem { parties, values, reserves } = &mut self.problem;
        if model.measures.columns.is_empty() || !parties.is_empty() {
            return;
        }
        let node = |actor: usize| setup.first_node[actor] + game.nodes.truth[actor];
        let candidates = model.packages.n_candidates;
        refill(parties, setup.signatories.iter().copied());
        refill(reserves, parties.iter().map(|&actor| outlook.z[node(actor)].max(outlook.outside[node(actor)])));
        values.clear();
        for &actor in parties.iter() {
            values.extend_from_slice(&game.keeping.value(node(actor))[..candidates]);
        }
    }

    /// Notes what was signed; its terms are a package, or the terms of a partial instrument.
    pub(super) fn sign(&mut self, agreement: Agreement, terms: &[u16]) {
        self.agreements.push(agreement);
        self.agreement_terms.extend_from_slice(terms);
    }

    /// The agreements that `which` names and that are still in force end.
    pub(super) fn end_agreements(&mut self, step: u32, by: EndedBy, which: impl Fn(&Agreement) -> bool) {
        for agreement in self.agreements.iter_mut().filter(|a| a.ended_step.is_none()) {
            if which(agreement) {
                agreement.ended_step = Some(step);
                agreement.ended_by = Some(by);
            }
        }
    }

    /// Which instruments stand and which have ended, for expressions.
    pub(super) fn publish_agreements(&self, model: &Model, game: &mut Game) {
        if model.instruments.len() < 2 {
            return;
        }
        let slots = (model.layout.stands..).zip(model.layout.ended..);
        for (instrument, (stands, ended)) in (0..model.instruments.len()).zip(slots) {
            let of = |a: &&Agreement| usize::from(a.instrument) == instrument;
            let truth = |claim: bool| f64::from(u8::from(claim));
            let signed = || self.agreements.iter().filter(of);
            game.world.set(stands, 0, truth(signed().any(|a| a.ended_step.is_none())));
            game.world.set(ended, 0, truth(signed().any(|a| a.ended_step.is_some())));
        }
    }

    /// A deliverer withheld its part: counted for the actor, or for every member of the body.
    pub(super) fn withhold(&mut self, setup: &Setup, voter: usize) {
        if let [(actor, _)] = setup.members[voter][..] {
            self.refusals[actor] += 1;
        }
    }

    /// A ratification failed: counted for the actor whose signature it was to confirm.
    pub(super) fn fail_vote(&mut self, model: &Model, ratifier: usize, game: &mut Game) {
        self.failed_votes += 1;
        let of = model.ratifiers[ratifier].of.index();
        self.refusals[of] += 1;
        game.world.set(model.layout.failed_votes, 0, f64::from(self.failed_votes));
        game.world.set(model.layout.refused_by, 0, of as f64);
    }

    /// Fills the end variables that outcome conditions and columns read.
    pub(super) fn publish(&self, model: &Model, game: &mut Game) {
        let signed = self.settlement.as_ref();
        let truth = |claim: bool| f64::from(u8::from(claim));
        for (index, (variable, _)) in EndVariable::ALL.iter().enumerate() {
            let value = match variable {
                EndVariable::AgreementMonth => signed.map_or(-1.0, |s| f64::from(s.step) * model.clock.months_per_step),
                EndVariable::EndMonth => self.end_month,
                EndVariable::Ending => self.ending.map_or(0.0, |ending| ending as f64 + 1.0),
                EndVariable::Attacked => truth(signed.is_some_and(|s| s.attack_month.is_some())),
                EndVariable::AttackMonth => signed.and_then(|s| s.attack_month).unwrap_or(-1.0),
                EndVariable::Answered => truth(signed.is_some_and(|s| s.answered)),
                EndVariable::Lost => truth(signed.is_some_and(|s| s.lost)),
                EndVariable::ZopaWidth => self.zopa_width,
                EndVariable::RipeMonths => self.ripe_months,
                EndVariable::WalkedOut => truth(self.walked_out),
                EndVariable::BrokeDown => truth(self.broke_down),
                EndVariable::Forecast => self.forecast.unwrap_or(-1.0),
                EndVariable::Offers => f64::from(self.offers),
                EndVariable::TrucesBroken => f64::from(self.truces_broken),
                EndVariable::TruceMonths => self.truce_months,
            };
            game.world.set(model.layout.end + index as u32, 0, value);
        }
        for (slot, &value) in (model.layout.prospect..).zip(&self.prospect) {
            game.world.set(slot, 0, value);
        }
        self.publish_agreements(model, game);
        for (slot, &total) in (model.layout.totals..).zip(&self.totals) {
            game.world.set(slot, 0, total);
        }
        let (g, g_hat, attack_prob) = signed.map_or((0.0, 0.0, 0.0), |s| (s.g, s.g_hat, s.attack_prob));
        game.world.set(model.layout.g, 0, g);
        game.world.set(model.layout.g_hat, 0, g_hat);
        game.world.set(model.layout.attack_prob, 0, attack_prob);
        let status_quo = model.packages.options_of(model.issues.len(), model.packages.status_quo as usize);
        let options = if self.first_predicted.is_empty() { status_quo } else { &self.first_predicted };
        for (issue, (&option, declared)) in options.iter().zip(&model.issues).enumerate() {
            let number = declared.options[usize::from(option)].number;
            game.world.set(model.layout.predicted + issue as u32, 0, number);
        }
    }

    /// Writes the finished negotiation into `record`, whose vectors are reused.
    pub(super) fn write(&self, model: &Model, setup: &Setup, game: &mut Game, replication: u64, record: &mut Record) {
        self.publish(model, game);
        record.replication = replication;
        record.outcome = outcome(model, game);
        record.end_month = self.end_month;
        record.agreement_month = self.settlement.map(|s| f64::from(s.step) * model.clock.months_per_step);
        record.end_regime = game.regime;
        record.zopa_width = self.zopa_width;
        record.ripe_months = self.ripe_months;
        record.blocker = most_frequent(&self.blocked).map(ActorId::new);
        refill(&mut record.terms, game.registers.of(model, game.register).iter().copied());
        refill(&mut record.utility, self.utility.iter().copied());
        refill(&mut record.cost, self.cost.iter().copied());
        let regret = |(&best, &realised): (&f64, &f64)| (best > f64::NEG_INFINITY).then_some(best - realised);
        refill(&mut record.regret, self.best_refused.iter().zip(&self.utility).map(regret));
        let refused = |&best: &f64| (best > f64::NEG_INFINITY).then_some(best);
        refill(&mut record.best_refused, self.best_refused.iter().map(refused));
        refill(&mut record.agreements, self.agreements.iter().copied());
        refill(&mut record.agreement_terms, self.agreement_terms.iter().copied());
        record.truces_broken = self.truces_broken;
        record.truce_months = self.truce_months;
        record.pressure = game.pressure;
        refill(&mut record.totals, self.totals.iter().copied());
        refill(&mut record.closest, self.closest.iter().map(|&least| least.is_finite().then_some(least)));
        self.write_settlement(model, record);
        let layout = model.layout;
        refill(&mut record.end_state, (0..model.states.len() as u32).map(|s| game.world.get(layout.state + s, 0)));
        refill(&mut record.lever_uses, self.lever_uses.iter().copied());
        refill(&mut record.transitions, self.transitions.iter().copied());
        refill(&mut record.refusals, self.refusals.iter().copied());
        record.offers = self.offers;
        record.stalls = self.stalls;
        record.failed_votes = self.failed_votes;
        record.forecast = self.forecast;
        record.first_accepted = self.first_accepted;
        refill(&mut record.problem.parties, self.problem.parties.iter().copied());
        if !self.problem.parties.is_empty() {
            refill(&mut record.problem.values, self.problem.values.iter().copied());
            refill(&mut record.problem.reserves, self.problem.reserves.iter().copied());
        }
        record.extra.clear();
        for column in &model.outcome_columns {
            record.extra.push(game.buffers.tools(&game.scalars).one(&column.value, &game.world, 0));
        }
        refill(&mut record.draws, game.scalars.iter().copied());
        let continuous = |actor: usize| matches!(model.actors[actor].types, Types::Continuous { .. });
        let named = |actor: usize| if continuous(actor) { 0 } else { game.nodes.truth[actor] as u16 };
        refill(&mut record.types, (0..model.actors.len()).map(named));
        record.private.fill(0.0);
        for (actor, declared) in model.actors.iter().enumerate() {
            if let Types::Continuous { slot, .. } = declared.types {
                record.private[(slot - layout.private) as usize] =
                    game.nodes.value(setup, actor, game.nodes.truth[actor]);
            }
        }
        record.clamps = game.clamps;
    }

    fn write_settlement(&self, model: &Model, record: &mut Record) {
        let Some(signed) = &self.settlement else {
            record.settlement = None;
            return;
        };
        let mut terms = record.settlement.take().map_or_else(|| Vec::with_capacity(model.issues.len()), |s| s.terms);
        refill(&mut terms, model.packages.options_of(model.issues.len(), signed.package).iter().copied());
        record.settlement = Some(Settlement {
            step: signed.step,
            terms,
            proposer: ActorId::new(signed.proposer),
            attack_prob: signed.attack_prob,
            attack_prob_60m: signed.attack_prob_60m,
            g: signed.g,
            g_hat: signed.g_hat,
            signed_by_misjudgement: signed.misjudged,
            attacked: signed.attack_month.is_some(),
            attack_month: signed.attack_month,
            answered: signed.answered,
            lost: signed.lost,
            peace_months: signed.peace_months,
        });
    }
}

/// A record whose vectors are as long as they will ever be.
pub(super) fn blank_record(model: &Model) -> Record {
    let actors = model.actors.len();
    let private = model.actors.iter().filter(|a| matches!(a.types, Types::Continuous { .. })).count();
    Record {
        replication: 0,
        outcome: OutcomeId(0),
        end_month: 0.0,
        agreement_month: None,
        end_regime: Regime::War,
        zopa_width: 0.0,
        ripe_months: 0.0,
        blocker: None,
        terms: vec![0; model.issues.len()],
        utility: vec![0.0; actors],
        cost: vec![0.0; actors],
        regret: vec![None; actors],
        best_refused: vec![None; actors],
        agreements: Vec::with_capacity(MOST_AGREEMENTS),
        agreement_terms: Vec::with_capacity(MOST_AGREEMENTS * model.issues.len()),
        truces_broken: 0,
        truce_months: 0.0,
        pressure: 0,
        totals: vec![0.0; model.tallies.len()],
        closest: vec![None; model.hazards.len()],
        settlement: None,
        end_state: vec![0.0; model.states.len()],
        lever_uses: vec![0; model.levers.len()],
        transitions: vec![0; model.transitions.len()],
        refusals: vec![0; actors],
        offers: 0,
        stalls: 0,
        failed_votes: 0,
        forecast: None,
        first_accepted: None,
        problem: Problem::default(),
        extra: vec![0.0; model.outcome_columns.len()],
        draws: vec![0.0; model.scalars.len()],
        types: vec![0; actors],
        private: vec![0.0; private],
        clamps: 0,
    }
}

/// First declared outcome whose condition holds; the compiler demands a last one that always does.
fn outcome(model: &Model, game: &mut Game) -> OutcomeId {
    let frame = game.world.frame(&game.scalars);
    let stack = &mut game.buffers.stack;
    let found = model.outcomes.iter().position(|outcome| outcome.when.eval_one(frame, 0, stack) != 0.0);
    OutcomeId::new(found.unwrap_or_else(|| model.outcomes.len().saturating_sub(1)))
}

fn refill<T>(target: &mut Vec<T>, values: impl Iterator<Item = T>) {
    target.clear();
    target.extend(values);
}

fn most_frequent(counts: &[u32]) -> Option<usize> {
    let most = counts.iter().copied().max().filter(|&most| most > 0)?;
    counts.iter().position(|&count| count == most)
}
