//! Asking deliverers for their consent (`core.md` 10): of few deals, the most promising first.

use super::continuation::{Lot, Outlook, Talks};
use super::game::Game;
use super::observer::Reach;
use super::pivot::{MEMBERS, pivot};
use super::ranking::Ranking;
use super::setup::Setup;
use crate::model::Model;

impl Outlook {
    /// Asks about every candidate, whether anybody would sign it or not.
    pub(super) fn ask_about_all(&mut self, model: &Model, setup: &Setup, game: &mut Game, talks: &Talks) {
        for item in 0..model.packages.n_candidates {
            self.ask_deliverers_of(item, (model, setup), game, talks);
        }
    }

    /// Consent of the deliverers of every item of a lot that is `wanted` and might be offered if they agreed, as forecast
    /// from the records.
    pub(super) fn ask(
        &mut self,
        (model, setup): (&Model, &Setup),
        game: &mut Game,
        talks: &Talks,
        lot: Lot,
        wanted: impl Fn(&Self, &Game, usize) -> bool,
    ) {
        if model.deliverers.is_empty() {
            return;
        }
        let mut asking = std::mem::take(&mut self.asking);
        asking.clear();
        for place in lot.places(model) {
            let item = lot.item(&self.open, place);
            if !self.asked[item] && self.confirmed(item, talks) && wanted(self, game, item) {
                asking.push(item as u32);
            }
        }
        self.ask_deliverers(model, setup, game, talks, &asking);
        self.asking = asking;
    }

    /// Consent to one item, whether it might be offered or not.
    pub(super) fn ask_deliverers_of(
        &mut self,
        item: usize,
        (model, setup): (&Model, &Setup),
        game: &mut Game,
        talks: &Talks,
    ) {
        if !self.asked[item] {
            self.ask_deliverers(model, setup, game, talks, &[item as u32]);
        }
    }

    /// Consent to these items.
    fn ask_deliverers(&mut self, model: &Model, setup: &Setup, game: &mut Game, talks: &Talks, items: &[u32]) {
        let n = self.n_packages;
        let without = |voter: usize, item: usize| model.packages.without[voter].get(item).map(|&other| other as usize);
        for &item in items {
            let item = item as usize;
            self.asked[item] = true;
            let delivered_by = self.delivered_by(model, setup, item);
            for voter in (0..model.deliverers.len()).filter(|voter| delivered_by & (1 << voter) != 0) {
                if let Some(other) = without(voter, item) {
                    game.ask_for(other);
                }
            }
        }
        game.value_wanted(model, setup);
        for voter in 0..model.deliverers.len() {
            let quota = model.deliverers[voter].quota;
            for &item in items {
                let package = item as usize;
                if self.delivered_by(model, setup, package) & (1 << voter) == 0 {
                    continue;
                }
                let without = without(voter, package);
                let margin = self.pivotal_margin(model, setup, game, &Delivery { voter, package, without, quota });
                let z = talks.consent_precision * margin;
                let position = game.shocks.log_odds.position(z);
                self.vote[voter * n + package] = z;
                self.vote_chance[voter * n + package] = crate::num::logistic(z);
                self.consent[package] *= game.shocks.voter_record[voter].below_at(position);
            }
        }
    }

    /// Margin of the member on whom the quota turns: its P against a mixture of no deal and the deal without its part.
    fn pivotal_margin(&self, model: &Model, setup: &Setup, game: &mut Game, delivery: &Delivery) -> f64 {
        let members = &setup.members[delivery.voter];
        let mut margins = [(0.0, 0.0); MEMBERS];
        for (slot, &(actor, weight)) in margins.iter_mut().zip(members) {
            let pivotal = game.buffers.tools(&game.scalars).one(&model.actors[actor].pivotal, &game.world, 0);
            let without = delivery.without.map_or(self.z_public[actor], |item| {
                if item < setup.n_settled { self.public(actor)[item] } else { game.consulted(actor, item) }
            });
            let instead = pivotal * self.z_public[actor] + (1.0 - pivotal) * without;
            *slot = (self.public(actor)[delivery.package] - instead, weight);
        }
        pivot(&mut margins[..members.len()], delivery.quota)
    }

    /// The best of a ranking that may be offered. Deliverers are asked about the best first, so that few are asked.
    pub(super) fn best_that_passes(
        &mut self,
        (model, setup): (&Model, &Setup),
        game: &mut Game,
        talks: &Talks,
        ranking: &mut Ranking,
    ) -> Option<usize> {
        while let Some(next) = ranking.next() {
            let mut asking = std::mem::take(&mut self.asking);
            asking.clear();
            asking.extend(next.iter().map(|&(_, item)| item).filter(|&item| !self.asked[item as usize]));
            self.ask_deliverers(model, setup, game, talks, &asking);
            self.asking = asking;
            let passing = next.iter().find(|&&(_, item)| self.passes(item as usize, talks));
            if let Some(&(_, item)) = passing {
                return Some(item as usize);
            }
        }
        None
    }

    /// Size of X+: what may be offered and every party is publicly expected to prefer to no deal.
    pub(super) fn count_agreeable(&mut self, model: &Model, setup: &Setup, game: &mut Game, talks: &Talks) -> u32 {
        let agreeable = |outlook: &Self, game: &Game, item: usize| {
            setup.parties_of(model, item).iter().all(|&actor| outlook.accepts(setup, game, actor, item))
        };
        self.ask((model, setup), game, talks, Lot::Open(0, self.n_higher), agreeable);
        let items = self.open[..self.n_higher].iter().map(|&item| item as usize);
        items.filter(|&item| self.passes(item, talks) && agreeable(self, game, item)).count() as u32
    }

    /// What the settlements on offer give each of their parties above no deal, at true types; after
    /// [`Self::count_agreeable`], which asks the deliverers of those that all would gain from.
    pub(super) fn measure_reach(&self, setup: &Setup, model: &Model, game: &Game, talks: &Talks, reach: &mut [Reach]) {
        reach.fill(Reach::default());
        let settlements =
            self.open[..self.n_higher].iter().map(|&item| item as usize).filter(|&item| item < setup.n_static);
        for item in settlements.filter(|&item| self.confirmed(item, talks)) {
            let parties = setup.parties_of(model, item);
            let wins = self.passes(item, talks) && parties.iter().all(|&actor| self.accepts(setup, game, actor, item));
            for &actor in parties {
                let at = setup.first_node[actor] + game.nodes.truth[actor];
                let gain = game.keeping.value(at)[item] - self.z[at];
                widen(&mut reach[actor].ratified, gain);
                if wins {
                    widen(&mut reach[actor].win_set, gain);
                }
            }
        }
    }
}

/// Takes a number into a span.
fn widen(span: &mut Option<(f64, f64)>, number: f64) {
    *span = Some(span.map_or((number, number), |(low, high)| (low.min(number), high.max(number))));
}

struct Delivery {
    voter: usize,
    package: usize,
    without: Option<usize>,
    quota: f64,
}
