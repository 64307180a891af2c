//! Zone of agreement and ripeness (`core.md` 16).

use super::continuation::Outlook;
use super::game::Game;
use super::setup::Setup;
use crate::model::Model;

impl Outlook {
    /// Zone of agreement and ripeness, at true types.
    pub(super) fn zone(&mut self, model: &Model, setup: &Setup, game: &Game) {
        let truly = |actor: usize| setup.first_node[actor] + game.nodes.truth[actor];
        let settlements = self.open.partition_point(|&item| (item as usize) < setup.n_static).min(self.n_higher);
        let mut least = std::mem::take(&mut self.least);
        least.clear();
        least.resize(settlements, f64::INFINITY);
        for &actor in &setup.parties[model.settlement] {
            let at = truly(actor);
            let (value, against) = (game.keeping.value(at), self.z[at].max(self.outside[at]));
            // Where settlements are open all candidates are, so their values stand one after the other.
            for (least, &value) in least.iter_mut().zip(value) {
                *least = least.min(value - against);
            }
        }
        self.zopa_width = least.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.least = least;
        for place in settlements..self.n_higher {
            let package = self.open[place] as usize;
            let gain = |&actor: &usize| {
                let at = truly(actor);
                game.keeping.value(at)[package] - self.z[at].max(self.outside[at])
            };
            let least = setup.parties_of(model, package).iter().map(gain).fold(f64::INFINITY, f64::min);
            self.zopa_width = self.zopa_width.max(least);
        }
        self.hurting = setup.signatories.iter().all(|&actor| {
            let at = truly(actor);
            game.utility.anchor(at) > self.z[at]
        });
        self.ripe = self.hurting && self.zopa_width > 0.0;
    }
}
