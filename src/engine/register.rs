//! The register (`core.md` 2): terms in force, and the packages that a step values beside the model's own list.

use super::setup::Setup;
use crate::model::{KEEP, Model};

/// Options of the items that are not in the model's list: what is in force, what of it is left, and what a partial
/// instrument would make of it.
#[derive(Clone, Debug)]
pub(super) struct Registers {
    options: Vec<u16>,
    /// Options of all items, those of the model's list among them, `[issue * items + item]`.
    columns: Vec<u16>,
    /// Another number after every change, so that whoever keeps what follows from the options knows whether it stands.
    revision: u64,
    n_static: usize,
    n_issues: usize,
    n_items: usize,
}

impl Registers {
    pub(super) fn new(model: &Model, setup: &Setup) -> Self {
        let n_issues = model.issues.len();
        let options = vec![0; (setup.n_items - setup.n_static) * n_issues];
        let columns = vec![0; setup.n_items * n_issues];
        let (n_static, n_items) = (setup.n_static, setup.n_items);
        let mut new = Self { options, columns, revision: 0, n_static, n_issues, n_items };
        new.relist(model);
        new
    }

    /// Takes note of the model's list.
    pub(super) fn relist(&mut self, model: &Model) {
        self.renew();
        for item in 0..self.n_static {
            for (issue, &option) in model.packages.options_of(self.n_issues, item).iter().enumerate() {
                self.columns[issue * self.n_items + item] = option;
            }
        }
    }

    /// Lets nothing stand that was made from the options: they may have changed, or the model that gives them a meaning.
    pub(super) fn renew(&mut self) {
        self.revision += 1;
    }

    /// Number of what the options are now; never 0.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Option of an issue in every item.
    pub(super) fn column(&self, issue: usize) -> &[u16] {
        &self.columns[issue * self.n_items..(issue + 1) * self.n_items]
    }

    /// Option of each issue in an item.
    pub(super) fn of<'a>(&'a self, model: &'a Model, item: usize) -> &'a [u16] {
        match item.checked_sub(self.n_static) {
            None => model.packages.options_of(self.n_issues, item),
            Some(index) => &self.options[index * self.n_issues..(index + 1) * self.n_issues],
        }
    }

    /// Room for registers outside any list.
    pub(super) fn unlisted(model: &Model, n: usize) -> Self {
        let n_issues = model.issues.len();
        let zeros = vec![0; n * n_issues];
        Self { options: zeros.clone(), columns: zeros, revision: 1, n_static: 0, n_issues, n_items: n }
    }

    /// Writes one issue of an item that is not in the model's list.
    pub(super) fn write(&mut self, item: usize, issue: usize, option: u16) {
        self.replace(item, issue, option);
    }

    /// The same; returns what stood there.
    fn replace(&mut self, item: usize, issue: usize, option: u16) -> u16 {
        self.columns[issue * self.n_items + item] = option;
        let before = std::mem::replace(&mut self.options[(item - self.n_static) * self.n_issues + issue], option);
        if before != option {
            self.renew();
        }
        before
    }

    /// Writes everything that follows from the item in force; returns whether anything is new.
    pub(super) fn follow(&mut self, model: &Model, setup: &Setup, register: usize) -> bool {
        let mut changed = false;
        for issue in 0..self.n_issues {
            let now = self.of(model, register)[issue];
            let declared = &model.issues[issue];
            let option = &declared.options[usize::from(now)];
            let revoked = if option.revocable { declared.status_quo } else { now };
            let in_war = if option.acts_in_war { now } else { declared.status_quo };
            let rows = [(setup.in_force, now), (setup.revoked, revoked), (setup.in_war, in_war)];
            for (item, value) in rows {
                changed |= self.replace(item, issue, value) != value;
            }
            for (index, slot) in setup.slots.iter().enumerate() {
                let term = model.instruments[slot.instrument].variants[slot.variant][issue];
                let value = if term == KEEP { now } else { term };
                changed |= self.replace(setup.first_slot + index, issue, value) != value;
                let acts = declared.options[usize::from(value)].acts_in_war;
                let value = if acts { value } else { declared.status_quo };
                changed |= self.replace(setup.first_war_slot + index, issue, value) != value;
            }
        }
        changed
    }

    /// Makes `item`'s options those in force, at the item for that.
    pub(super) fn adopt(&mut self, model: &Model, setup: &Setup, item: usize) {
        for issue in 0..self.n_issues {
            let option = self.of(model, item)[issue];
            self.replace(setup.in_force, issue, option);
        }
    }

    /// Puts one issue of the terms in force.
    pub(super) fn put(&mut self, setup: &Setup, issue: usize, option: u16) {
        self.replace(setup.in_force, issue, option);
    }
}
