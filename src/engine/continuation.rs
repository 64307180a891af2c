//! Predicted deal and continuation value (`core.md` 8), from public beliefs.

use super::coalition::Coalitions;
use super::game::Game;
use super::induction::Induction;
use super::odds;
use super::ranking::Ranking;
use super::setup::Setup;
use crate::model::{Evaluator, Model, Regime, Tactic};
use crate::num::{exp, ln};
use std::ops::Range;

/// Public forecasts of one step.
#[derive(Clone, Debug)]
pub(super) struct Outlook {
    /// Z by type node.
    pub(super) z: Vec<f64>,
    /// C by type node.
    pub(super) c: Vec<f64>,
    /// max(C, W) by type node: what an answer compares with.
    pub(super) against: Vec<f64>,
    /// Outside option by type node, minus infinity where none is declared.
    pub(super) outside: Vec<f64>,
    /// 1 - d k by type node: scales the misjudgement.
    pub(super) scale: Vec<f64>,
    /// K by actor.
    pub(super) k: Vec<f64>,
    /// Public expectation of Z by actor.
    pub(super) z_public: Vec<f64>,
    /// Public expectation of P, `[actor * n_packages + package]`.
    pub(super) p_public: Vec<f64>,
    /// Misjudgement of each actor, a flow.
    pub(super) sigma: Vec<f64>,
    /// Precision of the answers of a logit seat, by type node; 0 where the seat weighs otherwise.
    pub(super) logit: Vec<f64>,
    /// Position of each vote on the scale of its record, `[voter * n_packages + package]`.
    pub(super) vote: Vec<f64>,
    /// Chance of a yes of each voter before its mood is known, same shape.
    pub(super) vote_chance: Vec<f64>,
    /// Forecast consent to each package, 1 until somebody asks for it.
    pub(super) consent: Vec<f64>,
    /// Whether its deliverers have been asked.
    pub(super) asked: Vec<bool>,
    /// Packages whose deliverers are being asked.
    pub(super) asking: Vec<u32>,
    /// Forecast ratification of each package.
    pub(super) ratification: Vec<f64>,
    /// Least chance that a ratifier that does not vote would carry each package.
    pub(super) carried: Vec<f64>,
    /// Items that may be offered now: those that lead to a higher regime, then side deals.
    pub(super) open: Vec<u32>,
    /// How many of them lead higher.
    pub(super) n_higher: usize,
    /// Deliverers of what each slot would change, a bit set.
    pub(super) slot_delivers: Vec<u64>,
    /// Z of a truce that might be signed, by type node and as expected publicly by actor.
    pub(super) truce_z: Vec<f64>,
    pub(super) truce_public: Vec<f64>,
    /// Predicted deal.
    pub(super) predicted: Option<usize>,
    /// Candidate with the least loss to its worst signatory: the best compromise.
    pub(super) compromise: usize,
    /// Candidates by what they promise, best first.
    pub(super) ranking: Ranking,
    /// D: forecast chance of agreement per step at the predicted deal.
    pub(super) chance: f64,
    /// Widest zone of agreement at true types.
    pub(super) zopa_width: f64,
    /// Whether the status quo is better than disagreement for every signatory at its true type.
    pub(super) hurting: bool,
    /// Zartman: hurting, and a zone of agreement exists.
    pub(super) ripe: bool,
    /// What the coalitions offer.
    pub(super) coalitions: Coalitions,
    /// Chance of an offer in this step, of each actor to make it, and whether there will be further ones.
    offer_chance: f64,
    recognition: Vec<f64>,
    continues: bool,
    /// Weight of each signatory in the predicted deal.
    pub(super) omega: Vec<f64>,
    /// Continuation by backward induction, where the model asks for it.
    pub(super) induction: Option<Box<Induction>>,
    /// What a proposer weighs: package, gain, forecast chance that it is accepted.
    pub(super) weights: Vec<(usize, f64, f64)>,
    /// Least gain of a party from each settlement, at true types: scratch.
    pub(super) least: Vec<f64>,
    /// Items in a row.
    pub(super) n_packages: usize,
}

/// Numbers of the talks in this step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Talks {
    /// Chance of an offer in this step.
    pub(super) offer_chance: f64,
    /// Breakdown risk per step.
    pub(super) breakdown: f64,
    /// Whether there will be further offers after this step.
    pub(super) continues: bool,
    /// Chance of an offer in a step of a truce.
    pub(super) truce_chance: f64,
    /// r_min.
    pub(super) least_ratification: f64,
    /// c_min.
    pub(super) least_consent: f64,
    /// lambda_c.
    pub(super) consent_precision: f64,
    /// The step, from 0, and the turns taken so far.
    pub(super) step: usize,
    pub(super) turn: usize,
    /// Who proposes next and who after it, where two signatories alternate.
    pub(super) alternation: Option<[usize; 2]>,
}

impl Outlook {
    pub(super) fn new(model: &Model, setup: &Setup) -> Self {
        let n = setup.n_items;
        let actors = model.actors.len();
        Self {
            z: vec![0.0; setup.n_nodes],
            c: vec![0.0; setup.n_nodes],
            against: vec![0.0; setup.n_nodes],
            outside: vec![f64::NEG_INFINITY; setup.n_nodes],
            scale: vec![1.0; setup.n_nodes],
            k: vec![0.0; actors],
            z_public: vec![0.0; actors],
            p_public: vec![0.0; actors * n],
            sigma: vec![0.0; actors],
            logit: vec![0.0; setup.n_nodes],
            vote: vec![0.0; setup.n_voters * n],
            vote_chance: vec![0.0; setup.n_voters * n],
            consent: vec![1.0; n],
            asked: vec![false; n],
            asking: Vec::with_capacity(n),
            ratification: vec![1.0; n],
            carried: vec![1.0; n],
            open: Vec::with_capacity(n),
            n_higher: 0,
            slot_delivers: vec![0; setup.slots.len()],
            truce_z: vec![0.0; setup.n_nodes],
            truce_public: vec![0.0; actors],
            predicted: None,
            compromise: 0,
            ranking: Ranking::with_room(n),
            chance: 0.0,
            zopa_width: f64::NEG_INFINITY,
            hurting: false,
            ripe: false,
            coalitions: Coalitions::new(model, setup),
            offer_chance: 0.0,
            recognition: vec![0.0; actors],
            continues: false,
            omega: vec![0.0; actors],
            induction: Induction::new(model, setup),
            weights: Vec::with_capacity(n),
            least: Vec::with_capacity(n),
            n_packages: n,
        }
    }

    /// Chance of an actor to make the next offer, if there is one.
    pub(super) fn proposes(&self, actor: usize) -> f64 {
        self.recognition[actor]
    }

    /// Public expectation of P of every package.
    pub(super) fn public(&self, actor: usize) -> &[f64] {
        &self.p_public[actor * self.n_packages..(actor + 1) * self.n_packages]
    }

    /// Forecasts everything anew from the valuations in `game`.
    pub(super) fn forecast(
        &mut self,
        model: &Model,
        setup: &Setup,
        game: &mut Game,
        talks: &Talks,
        recognition: &[f64],
    ) {
        self.list_open(model, setup, game);
        self.offer_chance = talks.offer_chance;
        self.recognition.copy_from_slice(recognition);
        self.continues = talks.continues;
        self.read_disagreement(model, setup, game);
        self.read_settlements(model, setup, game);
        let settlements = self.open.partition_point(|&item| (item as usize) < setup.n_static);
        self.weigh_signatories(setup, game, talks, recognition);
        self.value_truce_slots(model, setup, game, talks, recognition);
        self.take_in(model, setup, game, talks, settlements..self.n_higher);
        self.predict(model, setup, game, talks);
        let target = self.predicted.unwrap_or(self.compromise);
        self.ask_deliverers_of(target, (model, setup), game, talks);
        self.continue_talks(model, setup, game, talks, recognition);
        if let Some(induction) = self.induction.take() {
            induction.place(setup, game, talks, self);
            self.induction = Some(induction);
        }
        self.value_side_slots(model, setup, game);
        self.value_frameworks(model, setup, game, talks, recognition);
        self.take_in(model, setup, game, talks, self.n_higher..self.open.len());
        self.zone(model, setup, game);
    }

    /// What all candidates are worth to the public and what their voters say, were they put to them now; everything else
    /// stands as it was last forecast.
    pub(super) fn poll(&mut self, model: &Model, setup: &Setup, game: &mut Game, talks: &Talks) {
        self.read_settlements(model, setup, game);
        self.ask_about_all(model, setup, game, talks);
    }

    /// Values of the settlements as the public expects them, and how their ratifiers would vote.
    fn read_settlements(&mut self, model: &Model, setup: &Setup, game: &mut Game) {
        self.count_support(model, setup, game);
        self.weigh_home(model, setup, game, 0..model.packages.n_candidates);
        self.read_packages(model, setup, game, 0..setup.n_settled);
        self.votes(model, setup, game, Lot::Settlements);
    }

    /// Forecasts anew for one type node that nobody else believes in, where nothing else has changed since the last
    /// forecast.
    pub(super) fn forecast_for_owner(
        &mut self,
        model: &Model,
        setup: &Setup,
        game: &mut Game,
        talks: &Talks,
        (actor, node): (usize, usize),
    ) {
        self.read_node(model, setup, game, (actor, node));
        let at = setup.first_node[actor] + node;
        self.expect_nothing(at);
        if let Some(target) = self.predicted.filter(|_| talks.continues) {
            self.wait_at(at, game.discount[actor] * stays(model, talks) * self.k[actor], game, target);
        }
    }

    /// Reads the values of the slots at these places, and forecasts their votes.
    fn take_in(&mut self, model: &Model, setup: &Setup, game: &mut Game, talks: &Talks, places: Range<usize>) {
        if places.is_empty() {
            return;
        }
        let (first, last) = (self.open[places.start] as usize, self.open[places.end - 1] as usize);
        self.weigh_home(model, setup, game, first..last + 1);
        self.read_packages(model, setup, game, first..last + 1);
        self.votes(model, setup, game, Lot::Open(places.start, places.end));
        self.ask((model, setup), game, talks, Lot::Open(places.start, places.end), |_, _, _| true);
    }

    /// Z of each type node: expectation over the others' types, plus optimism.
    fn read_disagreement(&mut self, model: &Model, setup: &Setup, game: &mut Game) {
        for (actor, declared) in model.actors.iter().enumerate() {
            self.sigma[actor] = game.buffers.tools(&game.scalars).one(&declared.sigma, &game.world, 0).max(0.0);
            self.z_public[actor] = 0.0;
            let logit = match &model.tactics[actor] {
                Some(Tactic::Logit { answers, .. }) => game.buffers.tools(&game.scalars).one(answers, &game.world, 0),
                _ => 0.0,
            };
            for node in 0..setup.nodes[actor] {
                let at = setup.first_node[actor] + node;
                self.logit[at] = logit;
                self.read_node(model, setup, game, (actor, node));
                self.z_public[actor] += game.beliefs.node[at] * self.z[at];
            }
        }
    }

    /// Z and the outside option of one type node.
    fn read_node(&mut self, model: &Model, setup: &Setup, game: &mut Game, (actor, node): (usize, usize)) {
        let optimism = if game.regime == Regime::Truce { 0.0 } else { game.optimism(model, actor) };
        let at = setup.first_node[actor] + node;
        let mut sum = 0.0;
        let mut weight = 0.0;
        for profile in 0..setup.n_profiles {
            if setup.node(profile, actor) == node {
                let w = others_weight(setup, &game.beliefs.node, profile, actor);
                if w > 0.0 {
                    sum += w * game.z(setup, actor, 0, profile);
                    weight += w;
                }
            }
        }
        self.z[at] = if weight > 0.0 { sum / weight } else { 0.0 } + optimism;
        let walk_out = &model.actors[actor].walk_out;
        self.outside[at] =
            if walk_out.is_empty() { f64::NEG_INFINITY } else { game.typed(model, setup, actor, node, walk_out) };
    }

    /// Public expectation of P of a span of items.
    fn read_packages(&mut self, model: &Model, setup: &Setup, game: &Game, span: Range<usize>) {
        let n = self.n_packages;
        for actor in 0..model.actors.len() {
            let row = &mut self.p_public[actor * n + span.start..actor * n + span.end];
            row.fill(0.0);
            for node in 0..setup.nodes[actor] {
                let at = setup.first_node[actor] + node;
                let weight = game.beliefs.node[at];
                if weight == 0.0 {
                    continue;
                }
                for (sum, &p) in row.iter_mut().zip(&game.keeping.value(at)[span.clone()]) {
                    *sum += weight * p;
                }
            }
        }
    }

    /// Ratification of items, as forecast from the records; nobody has asked their deliverers yet.
    fn votes(&mut self, model: &Model, setup: &Setup, game: &Game, lot: Lot) {
        for place in lot.places(model) {
            let package = lot.item(&self.open, place);
            self.consent[package] = 1.0;
            self.asked[package] = false;
            self.ratification[package] = 1.0;
        }
        self.forecast_votes(model, setup, game, lot);
    }

    /// The Nash-anchored predicted deal: the best of X+.
    fn predict(&mut self, model: &Model, setup: &Setup, game: &mut Game, talks: &Talks) {
        let mut least_loss = f64::NEG_INFINITY;
        self.compromise = self.open.first().map_or(0, |&item| item as usize);
        let mut ranking = self.ranking.take();
        for place in 0..self.n_higher {
            let package = self.open[place] as usize;
            let (worst, score) = self.score(model, setup, game, talks, package);
            if worst > least_loss {
                least_loss = worst;
                self.compromise = package;
            }
            if let Some(score) = score.filter(|_| self.is_left(model, setup, game, package)) {
                ranking.add(score, package);
            }
        }
        self.predicted = self.best_that_passes((model, setup), game, talks, &mut ranking);
        self.ranking = ranking;
    }

    /// The least gain of a party from an item; and the score of the item, where all would rather have it.
    pub(super) fn score(
        &self,
        model: &Model,
        setup: &Setup,
        game: &mut Game,
        talks: &Talks,
        package: usize,
    ) -> (f64, Option<f64>) {
        let mut worst = f64::INFINITY;
        let mut agreeable = self.confirmed(package, talks);
        let mut score = 0.0;
        for &actor in setup.parties_of(model, package) {
            let gain = self.p_public[actor * self.n_packages + package] - self.z_public[actor];
            worst = worst.min(gain);
            agreeable = agreeable && self.accepts(setup, game, actor, package);
            if agreeable && self.omega[actor] > 0.0 {
                score += self.omega[actor] * if gain > 0.0 { ln(gain) } else { -1e3 };
            }
        }
        (worst, if agreeable { Some(score + self.deliverers_say(model, setup, game, package)) } else { None })
    }

    /// Whether an actor is publicly expected to prefer an item to no deal.
    pub(super) fn accepts(&self, setup: &Setup, game: &Game, actor: usize, item: usize) -> bool {
        let outside = self.expected_outside(setup, game, actor);
        self.p_public[actor * self.n_packages + item] >= self.z_public[actor].max(outside) - 1e-12
    }

    /// Public expectation of an actor's outside option.
    fn expected_outside(&self, setup: &Setup, game: &Game, actor: usize) -> f64 {
        let first = setup.first_node[actor];
        if self.outside[first] == f64::NEG_INFINITY {
            return f64::NEG_INFINITY;
        }
        (first..first + setup.nodes[actor]).map(|at| game.beliefs.node[at] * self.outside[at]).sum()
    }

    pub(super) fn deliverers_say(&self, model: &Model, setup: &Setup, game: &mut Game, package: usize) -> f64 {
        let mut score = 0.0;
        let mask = self.delivered_by(model, setup, package);
        for (voter, members) in setup.members.iter().enumerate() {
            if mask & (1 << voter) == 0 {
                continue;
            }
            for &(actor, _) in members {
                let voice = game.buffers.tools(&game.scalars).one(&model.actors[actor].voice, &game.world, 0);
                if voice > 0.0 {
                    let gain = self.p_public[actor * self.n_packages + package] - self.z_public[actor];
                    score += voice * ln(gain.max(1e-3));
                }
            }
        }
        score
    }

    /// omega of a random-proposer game: recognition over 1 - e, signatories only. Of two who alternate, Rubinstein's
    /// share of whoever proposes next: (1 - e_j) / (1 - e_i e_j).
    fn weigh_signatories(&mut self, setup: &Setup, game: &Game, talks: &Talks, recognition: &[f64]) {
        if let Some(next) = talks.alternation {
            let [first, second] = next.map(|actor| game.discount[actor] * (1.0 - talks.breakdown));
            let rest = 1.0 - first * second;
            // Neither loses by waiting: the limit for two who are equally patient.
            self.omega[next[0]] = if rest > 1e-12 { (1.0 - second) / rest } else { 0.5 };
            self.omega[next[1]] = 1.0 - self.omega[next[0]];
            return;
        }
        let mut total = 0.0;
        for &actor in &setup.signatories {
            let e = game.discount[actor] * (1.0 - talks.breakdown);
            self.omega[actor] = recognition[actor] / (1.0 - e).max(1e-12);
            total += self.omega[actor];
        }
        for &actor in &setup.signatories {
            self.omega[actor] =
                if total > 0.0 { self.omega[actor] / total } else { 1.0 / setup.signatories.len() as f64 };
        }
    }

    /// Whether a package may be offered at all: forecast consent and ratification are not hopeless.
    pub(super) fn passes(&self, package: usize, talks: &Talks) -> bool {
        self.confirmed(package, talks) && self.consent[package] >= talks.least_consent
    }

    /// The same but for consent.
    pub(super) fn confirmed(&self, package: usize, talks: &Talks) -> bool {
        self.coalitions.on_offer(package)
            && self.ratification[package].min(self.carried[package]) >= talks.least_ratification
    }

    /// D, K and C. With no agreeable package there is nothing to wait for.
    fn continue_talks(&mut self, model: &Model, setup: &Setup, game: &mut Game, talks: &Talks, recognition: &[f64]) {
        let target = self.predicted.unwrap_or(self.compromise);
        for actor in 0..self.k.len() {
            self.k[actor] = 0.0;
            for at in setup.first_node[actor]..setup.first_node[actor] + setup.nodes[actor] {
                self.expect_nothing(at);
            }
        }
        self.chance =
            if self.n_higher == 0 { 0.0 } else { self.chance_of(model, setup, game, talks, recognition, target) };
        if self.predicted.is_none() || !talks.continues {
            return;
        }
        match model.behaviour.evaluator {
            Evaluator::Formula => self.chance = 1.0,
            Evaluator::FormulaDelay => {
                self.chance = odds::settle_delay(self, (model, setup, game), talks, recognition, target);
            }
            Evaluator::Projection | Evaluator::Induction | Evaluator::Stationary => {}
        }
        self.wait_for(model, setup, game, talks, target);
    }

    /// K and C, if `target` is agreed on with the chance of agreement a step.
    pub(super) fn wait_for(&mut self, model: &Model, setup: &Setup, game: &Game, talks: &Talks, target: usize) {
        for actor in 0..model.actors.len() {
            let d = game.discount[actor] * stays(model, talks);
            let rest = 1.0 - d * (1.0 - self.chance);
            self.k[actor] = if rest > 0.0 { self.chance / rest } else { 0.0 };
            for at in setup.first_node[actor]..setup.first_node[actor] + setup.nodes[actor] {
                self.wait_at(at, d * self.k[actor], game, target);
            }
        }
    }

    /// A type node expects nothing of further talks.
    fn expect_nothing(&mut self, at: usize) {
        self.c[at] = self.z[at];
        self.scale[at] = 1.0;
        self.against[at] = self.z[at].max(self.outside[at]);
    }

    /// A type node expects `weight` of what `target` is worth to it over disagreement.
    fn wait_at(&mut self, at: usize, weight: f64, game: &Game, target: usize) {
        let surplus = game.keeping.value(at)[target] - self.z[at];
        if surplus > 0.0 {
            self.c[at] = self.z[at] + weight * surplus;
            self.scale[at] = (1.0 - weight).max(0.0);
        }
        self.against[at] = self.c[at].max(self.outside[at]);
    }

    /// r_talk times the recognised proposers' chances that all others say yes to `package`.
    fn chance_of(
        &self,
        model: &Model,
        setup: &Setup,
        game: &Game,
        talks: &Talks,
        recognition: &[f64],
        package: usize,
    ) -> f64 {
        let mut chance = 0.0;
        for (proposer, &recognised) in recognition.iter().enumerate() {
            if recognised > 0.0 {
                let others = setup.parties_of(model, package).iter().filter(|&&actor| actor != proposer);
                chance += recognised
                    * others.map(|&actor| self.acceptance(model, setup, game, actor, package)).product::<f64>();
            }
        }
        talks.offer_chance * chance * self.consent[package] * self.ratification[package]
    }

    /// Another replication begins.
    pub(super) fn forget(&mut self) {
        if let Some(induction) = &mut self.induction {
            induction.forget();
        }
    }

    /// What the talks are worth to an actor before a step, at its true type: Z + K S, or as found by induction.
    pub(super) fn prospect(&self, setup: &Setup, game: &Game, actor: usize) -> f64 {
        let at = setup.first_node[actor] + game.nodes.truth[actor];
        let found = self.induction.as_ref().and_then(|induction| induction.prospect(actor));
        found.unwrap_or_else(|| {
            let deal = self.predicted.map_or(0.0, |deal| (game.keeping.value(at)[deal] - self.z[at]).max(0.0));
            self.z[at] + self.k[actor] * deal
        })
    }

    /// D if one signatory said yes to the predicted deal with another chance than forecast.
    pub(super) fn chance_if(&self, model: &Model, setup: &Setup, game: &Game, (who, says): (usize, f64)) -> f64 {
        let Some(package) = self.predicted else { return 0.0 };
        let yes = |actor| if actor == who { says } else { self.acceptance(model, setup, game, actor, package) };
        let mut chance = 0.0;
        for (proposer, &recognised) in self.recognition.iter().enumerate() {
            let others = setup.parties_of(model, package).iter().filter(|&&actor| actor != proposer);
            chance += recognised * others.map(|&actor| yes(actor)).product::<f64>();
        }
        self.offer_chance * chance * self.consent[package] * self.ratification[package]
    }

    /// K of an actor, or what it would be if the chance of agreement a step were another.
    pub(super) fn weight_of_talks(&self, actor: usize, discount: f64, chance: Option<f64>) -> f64 {
        let Some(chance) = chance.filter(|_| self.continues) else { return self.k[actor] };
        let rest = 1.0 - discount * (1.0 - chance);
        if rest > 0.0 { chance / rest } else { 0.0 }
    }

    /// What an actor that need not sign makes of the next six months: Z + D_n (P - Z).
    pub(super) fn bystander(chance: f64, z: f64, p: f64, months_per_step: f64) -> f64 {
        let steps = 6.0 / months_per_step;
        let within = 1.0 - exp(steps * ln((1.0 - chance).max(1e-300)));
        z + within * (p - z)
    }
}

/// Chance that talks go on after a rejected offer, where that is part of the continuation.
fn stays(model: &Model, talks: &Talks) -> f64 {
    if model.behaviour.evaluator.is_formula() { 1.0 - talks.breakdown } else { 1.0 }
}

/// Items whose votes are forecast together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lot {
    /// Every candidate for a settlement, open now or only later.
    Settlements,
    /// What stands at these places of what is open.
    Open(usize, usize),
}

impl Lot {
    pub(super) fn places(self, model: &Model) -> Range<usize> {
        match self {
            Self::Settlements => 0..model.packages.n_candidates,
            Self::Open(first, end) => first..end,
        }
    }

    pub(super) fn item(self, open: &[u32], place: usize) -> usize {
        match self {
            Self::Settlements => place,
            Self::Open(..) => open[place] as usize,
        }
    }
}

/// Probability of the other actors' types in a joint profile.
pub(super) fn others_weight(setup: &Setup, beliefs: &[f64], profile: usize, actor: usize) -> f64 {
    (0..setup.nodes.len())
        .filter(|&other| other != actor)
        .map(|other| beliefs[setup.first_node[other] + setup.node(profile, other)])
        .product()
}
