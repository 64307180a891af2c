//! Buffers of a lever review.

use super::dynamics::Pending;
use super::keeping::Keeping;
use super::lanes::Lanes;
use super::lever_values::{Act, Prospect};
use super::path::PENDING;
use super::security::Security;
use super::setup::Setup;
use crate::id::ActorId;
use crate::model::Model;

/// Buffers of a lever review: its lanes are options of one actor.
#[derive(Clone, Debug)]
pub(super) struct Review {
    pub(super) lanes: Lanes,
    pub(super) security: Security,
    pub(super) keeping: Keeping,
    pub(super) value: Vec<f64>,
    pub(super) bare: Vec<f64>,
    pub(super) irrevocable: Vec<f64>,
    pub(super) rates: Vec<f64>,
    pub(super) security_of: Vec<u32>,
    pub(super) pending: Vec<Pending>,
    /// What can be done.
    pub(super) acts: Vec<Act>,
    /// Prospects by type node and option, `[type node * width + option]`.
    pub(super) prospects: Vec<Prospect>,
    /// What has been found for these acts already.
    pub(super) found: Found,
    /// Those of the owner at its true type, by option.
    pub(super) own: Vec<Prospect>,
    /// Gains by type of the owner and act, same shape, as receivers of signals reckon them.
    pub(super) typed: Vec<f64>,
    /// Cost, gain, forecast of consent and true margin of whoever must consent, by act.
    pub(super) cost: Vec<f64>,
    pub(super) gain: Vec<f64>,
    pub(super) consent: Vec<f64>,
    pub(super) margin: Vec<f64>,
    /// Margins of the members of a body, `[member * width + act]`.
    pub(super) members: Vec<f64>,
    /// Acts with a positive gain, and their gains.
    pub(super) open: Vec<usize>,
    pub(super) open_gain: Vec<f64>,
    /// Chance of an act by type, and beliefs after it.
    pub(super) likelihood: Vec<f64>,
    pub(super) believed: Vec<f64>,
    /// Joint profiles that have lanes of their own, and the lane of each profile among them.
    pub(super) profiles: Vec<u32>,
    pub(super) lane_of: Vec<u32>,
    /// Whose decisions the lanes of a truce follow.
    pub(super) deciders: Vec<bool>,
    /// Block of lanes of each option; 0 is doing nothing.
    pub(super) block: Vec<usize>,
    pub(super) width: usize,
}

/// What a review has found for its acts already.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Whose prospects, at what types.
    pub(super) valued: Vec<Valued>,
    /// The deal in view is signed in the lanes after every act, and it is known when it would be struck.
    pub(super) signed: bool,
    /// The truce in view is projected, for those who are marked as wanted.
    pub(super) truce: bool,
    /// Those who may be asked what the acts are worth to them.
    pub(super) wanted: Vec<bool>,
}

/// At which of its types an actor has been valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Valued {
    Not,
    Truly,
    AtAllTypes,
}

impl Found {
    fn new(actors: usize) -> Self {
        Self { valued: vec![Valued::Not; actors], signed: false, truce: false, wanted: vec![false; actors] }
    }

    /// Marks the members of a body as wanted.
    pub(super) fn want_members(&mut self, members: &[(ActorId, f64)]) {
        for (actor, _) in members {
            self.wanted[actor.index()] = true;
        }
    }

    /// Forgets what all share: it is somebody else's view of it.
    pub(super) fn forget_shared(&mut self) {
        self.signed = false;
        self.truce = false;
    }

    /// Forgets everything, for other acts.
    pub(super) fn clear(&mut self) {
        self.valued.fill(Valued::Not);
        self.signed = false;
        self.truce = false;
        self.wanted.fill(false);
    }
}

impl Review {
    pub(super) fn new(model: &Model, setup: &Setup, width: usize) -> Self {
        let types = setup.nodes.iter().copied().max().unwrap_or(1);
        let members = model.bodies.iter().map(|body| body.members.len()).max().unwrap_or(0);
        Self {
            lanes: Lanes::new(model.layout.len as usize, width),
            security: Security::new(model, width),
            keeping: Keeping::new(model, setup, width),
            value: vec![0.0; setup.n_nodes * width],
            bare: vec![0.0; setup.n_nodes * width],
            irrevocable: vec![0.0; setup.n_nodes * width],
            rates: vec![0.0; model.hazards.len() * width],
            security_of: (0..width as u32).collect(),
            pending: Vec::with_capacity(PENDING),
            acts: Vec::with_capacity(width),
            prospects: vec![Prospect::default(); setup.n_nodes * width],
            found: Found::new(model.actors.len()),
            own: vec![Prospect::default(); width],
            typed: vec![0.0; types * width],
            cost: vec![0.0; width],
            gain: vec![0.0; width],
            consent: vec![1.0; width],
            margin: vec![0.0; width],
            members: vec![0.0; members * width],
            open: Vec::with_capacity(width),
            open_gain: Vec::with_capacity(width),
            likelihood: Vec::with_capacity(types),
            believed: Vec::with_capacity(types),
            profiles: Vec::with_capacity(setup.n_profiles),
            deciders: vec![false; model.actors.len()],
            lane_of: vec![0; setup.n_profiles],
            block: Vec::with_capacity(width + 1),
            width,
        }
    }
}
