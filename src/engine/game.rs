//! The state of one negotiation, and drawing it at the start.

use super::audience::Positions;
use super::commitments::{self, Book};
use super::consult::Consult;
use super::conviction::{self, Mind};
use super::dynamics::{self, Pending};
use super::imposed::Imposed;
use super::keeping::{Keeping, Terms, Unpriced};
use super::lanes::{Lanes, Tools};
use super::nodes::{self, Nodes};
use super::opening::Opening;
use super::path::{self, PENDING, Path};
use super::protocol::Floor;
use super::register::Registers;
use super::review::Review;
use super::security::Security;
use super::setup::{CELLS, Setup};
use super::shocks::{Kernel, LogOdds, ShockRecord};
use super::tactics::Tactics;
use super::transitions::Offices;
use super::truce::Truce;
use super::utility::Utility;
use crate::model::expr::Stack;
use crate::model::{CommonCause, Model, Regime, Scalar, ScalarSource, Types};
use crate::num::{normal_cdf, normal_quantile, pow, sqrt};
use crate::rng::{Purpose, Streams};

/// Everything that changes while a negotiation is played, and the buffers it needs. Allocated once per worker.
#[derive(Clone, Debug)]
pub(super) struct Game {
    pub(super) scalars: Vec<f64>,
    pub(super) world: Lanes,
    pub(super) nodes: Nodes,
    pub(super) buffers: Buffers,
    pub(super) utility: Utility,
    pub(super) security: Security,
    pub(super) keeping: Keeping,
    pub(super) path: Path,
    pub(super) truce: Truce,
    pub(super) truce_security: Security,
    /// Item and instrument of each block of lanes that is being projected.
    pub(super) blocks: Vec<u32>,
    pub(super) block_instruments: Vec<u16>,
    /// Rate per year at which each instrument lapses now.
    pub(super) lapse: Vec<f64>,
    /// The instrument of the truce in force, and when it was signed.
    pub(super) truce_instrument: usize,
    /// Option of each issue before the truce in force.
    pub(super) before_truce: Vec<u16>,
    /// Rates per year of what may end the truce now.
    pub(super) breach_rates: Vec<f64>,
    pub(super) packages: Lanes,
    pub(super) combos: Lanes,
    pub(super) spare: Lanes,
    pub(super) irrevocable: Vec<f64>,
    pub(super) settled_rates: Vec<f64>,
    /// P of settlements before the price of what may be supplied on them.
    pub(super) unpriced: Unpriced,
    /// Packages that are valued when somebody asks for them.
    pub(super) consult: Option<Box<Consult>>,
    pub(super) review: Review,
    /// What levers do by now.
    pub(super) book: Book,
    /// What actors have asked for in public.
    pub(super) positions: Positions,
    pub(super) beliefs: Beliefs,
    pub(super) shocks: Shocks,
    pub(super) pending: Vec<Pending>,
    pub(super) fired: [u64; 1],
    /// Discount factor per step and actor.
    pub(super) discount: Vec<f64>,
    /// Who negotiates to gain time in this replication.
    pub(super) stalls: Vec<bool>,
    /// Steps since each lever's last use, and uses so far.
    pub(super) lever_used: Vec<Option<usize>>,
    /// Options of every item.
    pub(super) registers: Registers,
    /// Item in force.
    pub(super) register: usize,
    /// Regime.
    pub(super) regime: Regime,
    /// Rates per month of the hazards now.
    pub(super) hazard_rates: Vec<f64>,
    /// Value of the register to each actor when it was signed.
    pub(super) flow_at_signing: Vec<f64>,
    /// Whether nothing is drawn: parameters take the values that stand for their distributions, types are the likeliest.
    pub(super) central: bool,
    /// Valuations of those who take a parameter for something else than it is.
    pub(super) minds: Vec<Mind>,
    /// What may be supplied on a settlement without the adversary's yes.
    pub(super) imposed: Option<Box<Imposed>>,
    /// Whose turn it is, and what lies on the table.
    pub(super) floor: Floor,
    /// Seats that bargain by a tactic.
    pub(super) tactics: Tactics,
    /// Transitions so far.
    pub(super) offices: Offices,
    /// Acts of pressure so far.
    pub(super) pressure: u32,
    /// Slot of the framework that stands.
    pub(super) framework: Option<usize>,
    /// Troops in place of each member of each coalition, 10,000.
    pub(super) deployed: Vec<f64>,
    /// Beliefs about joint profiles, given a type of one actor: scratch.
    pub(super) given: Vec<f64>,
    /// Whether the valuations of the first step still stand.
    pub(super) opening: Opening,
    /// Clamps counted so far.
    pub(super) clamps: u64,
}

/// Buffers that evaluations share.
#[derive(Clone, Debug)]
pub(super) struct Buffers {
    pub(super) stack: Stack,
    pub(super) out: Vec<f64>,
    pub(super) next: Vec<f64>,
    pub(super) row: Vec<f64>,
    /// Change of each actor's value of the register since it was signed.
    pub(super) since: Vec<f64>,
    pub(super) width: usize,
}

impl Buffers {
    /// The tools of an evaluation, and the changes since the signature beside them.
    pub(super) fn tools_and_since<'a>(&'a mut self, scalars: &'a [f64]) -> (Tools<'a>, &'a [f64]) {
        let Self { stack, out, next, width, since, .. } = self;
        (Tools { scalars, stack, out, next, width: *width }, since)
    }

    /// The tools of an evaluation over `scalars`.
    pub(super) fn tools<'a>(&'a mut self, scalars: &'a [f64]) -> Tools<'a> {
        Tools { scalars, stack: &mut self.stack, out: &mut self.out, next: &mut self.next, width: self.width }
    }
}

/// What everybody believes about types.
#[derive(Clone, Debug)]
pub(super) struct Beliefs {
    /// Probability of each type node; for a continuous type the weights of its edges.
    pub(super) node: Vec<f64>,
    /// Probability of each cell of a continuous type, `[actor * CELLS + cell]`.
    pub(super) cell: Vec<f64>,
    /// Probability of each joint profile.
    pub(super) profile: Vec<f64>,
}

/// Persistent shocks and their public records.
#[derive(Clone, Debug)]
pub(super) struct Shocks {
    /// Shock of each actor as a signatory.
    pub(super) eps: Vec<f64>,
    /// Record of each type node.
    pub(super) record: Vec<ShockRecord>,
    /// Shock of each voter: deliverers, then ratifiers.
    pub(super) voter_eps: Vec<f64>,
    /// Record of each voter.
    pub(super) voter_record: Vec<ShockRecord>,
    /// Kernel of each actor, then of each voter.
    pub(super) kernel: Vec<Kernel>,
    /// The scale of votes.
    pub(super) log_odds: LogOdds,
    fresh: ShockRecord,
}

impl Game {
    pub(super) fn new(model: &Model, setup: &Setup) -> Self {
        let slots = model.layout.len as usize;
        let n_packages = setup.n_items;
        let n_combos = model.security.representative.len().max(1);
        let widest = setup.widest_review;
        let actors = model.actors.len();
        let mut game = Self {
            scalars: vec![0.0; model.scalars.len()],
            world: Lanes::new(slots, 1),
            nodes: Nodes::new(model, setup),
            buffers: Buffers {
                stack: Stack::with_depth(model.stack_depth),
                out: vec![0.0; setup.width],
                next: vec![0.0; model.states.len().max(1) * setup.width],
                row: vec![0.0; setup.width],
                since: vec![0.0; actors],
                width: setup.width,
            },
            utility: Utility::new(model, setup),
            security: Security::of_list(model, setup),
            keeping: Keeping::new(model, setup, n_packages),
            path: Path::new(model, setup, widest.max(setup.side_slots.len() + 1) * setup.n_profiles),
            truce: Truce::new(model, setup, setup.truce_blocks),
            truce_security: Security::new(model, setup.truce_blocks),
            blocks: Vec::with_capacity(setup.truce_blocks.max(setup.side_slots.len() + 1)),
            block_instruments: Vec::with_capacity(setup.truce_blocks.max(setup.side_slots.len() + 1)),
            lapse: vec![0.0; model.instruments.len()],
            truce_instrument: model.settlement,
            before_truce: vec![0; model.issues.len()],
            breach_rates: vec![0.0; setup.breaches.len() + model.hazards.len() + 1],
            packages: Lanes::new(slots, n_packages),
            combos: Lanes::new(slots, n_combos),
            spare: Lanes::new(slots, setup.width),
            irrevocable: vec![0.0; setup.n_nodes * n_packages],
            settled_rates: vec![0.0; model.hazards.len() * n_packages],
            review: Review::new(model, setup, widest),
            book: Book::new(model),
            positions: Positions::new(model, setup),
            beliefs: Beliefs {
                node: vec![0.0; setup.n_nodes],
                cell: vec![0.0; actors * CELLS],
                profile: vec![0.0; setup.n_profiles],
            },
            shocks: Shocks::new(setup, actors),
            pending: Vec::with_capacity(PENDING),
            fired: [0],
            discount: vec![0.0; actors],
            stalls: vec![false; actors],
            lever_used: vec![None; model.levers.len()],
            registers: Registers::new(model, setup),
            register: 0,
            regime: Regime::War,
            hazard_rates: vec![0.0; model.hazards.len()],
            flow_at_signing: vec![0.0; actors],
            central: false,
            minds: Vec::new(),
            imposed: Imposed::new(model, setup),
            unpriced: Unpriced::new(model, setup),
            consult: Consult::new(model, setup),
            floor: Floor::new(model),
            tactics: Tactics::new(model, setup),
            offices: Offices::default(),
            pressure: 0,
            framework: None,
            deployed: vec![0.0; model.coalitions.iter().map(|coalition| coalition.contributions.len()).sum()],
            given: vec![0.0; setup.n_profiles],
            opening: Opening::new(model),
            clamps: 0,
        };
        game.minds = conviction::minds_of(model, &game);
        game
    }

    /// Draws parameters, types and moods, and puts the world at its start.
    pub(super) fn deal(&mut self, model: &Model, setup: &Setup, streams: &Streams) {
        self.deal_sharing(model, setup, streams, streams);
    }

    /// The same with parameters from streams of their own, which several replications may share.
    pub(super) fn deal_sharing(&mut self, model: &Model, setup: &Setup, streams: &Streams, parameters: &Streams) {
        self.deal_at(model, setup, streams, &|scalar| level_of(scalar, parameters));
    }

    /// Draws the parameters again, of a model with other numbers, and leaves everything else as it is.
    pub(super) fn draw_again(&mut self, model: &Model, parameters: &Streams) {
        self.scalars.resize(model.scalars.len(), 0.0);
        for mind in &mut self.minds {
            mind.resize(model.scalars.len());
        }
        self.draw_scalars(model, &|scalar| level_of(scalar, parameters));
    }

    /// The same with every drawn parameter at the quantile that `level` gives it.
    pub(super) fn deal_at(&mut self, model: &Model, setup: &Setup, streams: &Streams, level: &dyn Fn(&Scalar) -> f64) {
        self.draw_scalars(model, level);
        self.place_world(model, setup);
        self.draw_types(model, setup, streams);
        self.start_states(model);
        self.convince(model);
        self.fix_terms_in_minds(model);
        commitments::begin(model, self);
        self.fix_terms(model);
        self.shocks.deal(model, setup, streams, &mut self.buffers, &self.scalars, &self.world);
        for (actor, declared) in model.actors.iter().enumerate() {
            self.stalls[actor] = declared.stalling.as_ref().is_some_and(|stalling| {
                let p = self.buffers.tools(&self.scalars).one(&stalling.probability, &self.world, 0);
                !self.central && streams.draw(declared.entity, Purpose::Stalling, 0).bernoulli(p)
            });
        }
        self.positions.deal(model);
        self.pending.clear();
        self.fired = [0];
        self.floor.clear();
        self.tactics.clear();
        self.offices = Offices::default();
        self.lever_used.fill(None);
        self.deployed.fill(0.0);
        self.framework = None;
        self.pressure = 0;
    }

    fn draw_scalars(&mut self, model: &Model, level: &dyn Fn(&Scalar) -> f64) {
        for (index, scalar) in model.scalars.iter().enumerate() {
            let value = match &scalar.source {
                ScalarSource::Constant(value) => *value,
                ScalarSource::Drawn(distribution) if self.central => distribution.central(),
                ScalarSource::Drawn(distribution) => distribution.quantile(level(scalar)),
                ScalarSource::Computed(program) => {
                    let frame = self.world.frame(&self.scalars);
                    program.eval_one(frame, 0, &mut self.buffers.stack)
                }
            };
            self.scalars[index] = value.clamp(scalar.low, scalar.high);
        }
    }

    fn place_world(&mut self, model: &Model, setup: &Setup) {
        let layout = model.layout;
        for slot in 0..layout.len {
            self.world.set(slot, 0, 0.0);
        }
        self.world.set(layout.mediating, 0, 1.0);
        let nobody = model.actors.len() as f64;
        self.world.set(layout.offered_by, 0, nobody);
        self.world.set(layout.refused_by, 0, nobody);
        self.regime = Regime::War;
        let status_quo = model.packages.status_quo as usize;
        let as_at_the_start = model.register_start == self.registers.of(model, status_quo);
        for (issue, &option) in model.register_start.iter().enumerate() {
            self.registers.put(setup, issue, option);
        }
        self.put_in_force(model, if as_at_the_start { status_quo } else { setup.in_force });
        for (issue, declared) in model.issues.iter().enumerate() {
            let number = declared.options[usize::from(declared.status_quo)].number;
            self.world.set(layout.offered + issue as u32, 0, number);
        }
    }

    /// Writes an item's terms into the world's issue slots.
    pub(super) fn put_in_force(&mut self, model: &Model, item: usize) {
        self.register = item;
        let options = self.registers.of(model, item);
        for (issue, (&option, declared)) in options.iter().zip(&model.issues).enumerate() {
            let number = declared.options[usize::from(option)].number;
            self.world.set(model.layout.issues + issue as u32, 0, number);
        }
    }

    /// Item that is left of the terms in force when revocable options are withdrawn.
    pub(super) fn without_revocable(&self, model: &Model, setup: &Setup) -> usize {
        setup.left_of(model, self.register)
    }

    fn draw_types(&mut self, model: &Model, setup: &Setup, streams: &Streams) {
        for (actor, declared) in model.actors.iter().enumerate() {
            let first = setup.first_node[actor];
            match &declared.types {
                Types::Named(types) => {
                    let n = types.len();
                    for (index, named) in types.iter().enumerate() {
                        self.beliefs.node[first + index] =
                            self.buffers.tools(&self.scalars).one(&named.prior, &self.world, 0).clamp(0.0, 1.0);
                    }
                    let mut draw = streams.draw(declared.entity, Purpose::TypeDraw, 0);
                    let priors = &self.beliefs.node[first..first + n];
                    let drawn = match n {
                        1 => 0,
                        _ if self.central => likeliest(priors),
                        _ => draw.index(priors),
                    };
                    self.nodes.truth[actor] = drawn;
                    self.world.set(nodes::slot(model, actor), 0, drawn as f64);
                }
                Types::Continuous { distribution, entity, slot, .. } => {
                    let private = if self.central {
                        distribution.central()
                    } else {
                        distribution.quantile(streams.draw(*entity, Purpose::Parameter, 0).unit())
                    };
                    self.nodes.set_truth(setup, actor, private);
                    self.world.set(*slot, 0, private);
                    self.beliefs.cell[actor * CELLS..(actor + 1) * CELLS].fill(1.0 / CELLS as f64);
                    self.beliefs.spread_cells(setup, actor);
                }
            }
        }
        self.beliefs.join(setup);
    }

    fn start_states(&mut self, model: &Model) {
        for (index, state) in model.states.iter().enumerate() {
            let value = self.buffers.tools(&self.scalars).one(&state.start, &self.world, 0);
            self.world.set(model.layout.state + index as u32, 0, value.clamp(state.low, state.high));
        }
        self.clamps = self.world.derive(model, &mut self.buffers.tools(&self.scalars), 1, false);
        self.remember_prologue(model);
    }

    /// What happened before the start, by date.
    fn remember_prologue(&mut self, model: &Model) {
        for event in model.prologue.iter().filter(|event| !event.effects.is_empty()) {
            let mut tools = self.buffers.tools(&self.scalars);
            for effect in &event.effects {
                let at = dynamics::Launch { step: 0, touch: None, n: 1, weight: 1.0 };
                dynamics::launch(model, effect, at, &mut self.world, &mut tools, &mut self.pending);
            }
            self.clamps += self.world.derive(model, &mut tools, 1, false);
        }
    }

    /// Battlefield, economy, opinion, rebuilding: one step of change with its noise.
    pub(super) fn move_state(&mut self, model: &Model, streams: &Streams, step: u64) {
        let mut tools = self.buffers.tools(&self.scalars);
        dynamics::change(model, None, &mut self.world, &mut tools, 1);
        self.clamps += dynamics::add_noise(model, &mut self.world, &mut tools, streams, step);
        self.clamps += self.world.derive(model, &mut tools, 1, false);
    }

    /// Numbers that stay fixed for the replication.
    pub(super) fn fix_terms(&mut self, model: &Model) {
        let months = model.clock.months_per_step;
        let actors = model.actors.len();
        for (actor, declared) in model.actors.iter().enumerate() {
            let mut tools = self.buffers.tools(&self.scalars);
            let patience = tools.one(&declared.patience, &self.world, 0);
            self.discount[actor] = path::per_step(patience, months);
            self.truce.set_patience(actor, patience);
            let terms = Terms {
                yearly: pow(patience, 12.0),
                kept: tools.one(&declared.kept, &self.world, 0),
                relief: tools.one(&declared.relief, &self.world, 0),
            };
            for keeping in [&mut self.keeping, &mut self.review.keeping] {
                keeping.set_terms(model, actor, terms);
            }
            for (index, attack) in model.attacks.iter().enumerate() {
                let war_months = tools.one(&attack.war_months, &self.world, 0);
                let weight = 1.0 - pow(patience, war_months);
                for keeping in [&mut self.keeping, &mut self.review.keeping] {
                    keeping.war_weight[index * actors + actor] = weight;
                }
            }
        }
    }
}

/// The first of the largest.
fn likeliest(chances: &[f64]) -> usize {
    (1..chances.len()).fold(0, |best, index| if chances[index] > chances[best] { index } else { best })
}

/// Where a drawn parameter lies in its distribution, 0–1.
fn level_of(scalar: &Scalar, streams: &Streams) -> f64 {
    let own = streams.draw(scalar.entity, Purpose::Parameter, 0).unit();
    scalar.common.map_or(own, |cause| in_common(&cause, own, streams))
}

/// Where a drawn parameter lies in its distribution, 0–1, given its own draw and that of its group (Gaussian copula).
fn in_common(cause: &CommonCause, own: f64, streams: &Streams) -> f64 {
    /// The draws themselves never reach the ends.
    const LEAST: f64 = 1.0 / (1_u64 << 53) as f64;
    let group = streams.draw(cause.entity, Purpose::CommonCause, 0).normal();
    let score = cause.weight * group + cause.own * normal_quantile(own);
    normal_cdf(score).clamp(LEAST, 1.0 - LEAST)
}

impl Beliefs {
    /// Weights of the edges of a continuous type from those of its cells: half of each neighbour.
    pub(super) fn spread_cells(&mut self, setup: &Setup, actor: usize) {
        let first = setup.first_node[actor];
        self.node[first..first + CELLS + 2].fill(0.0);
        for cell in 0..CELLS {
            let half = 0.5 * self.cell[actor * CELLS + cell];
            self.node[first + cell] += half;
            self.node[first + cell + 1] += half;
        }
    }

    /// Probabilities of joint profiles; types of different actors are independent.
    pub(super) fn join(&mut self, setup: &Setup) {
        for (profile, weight) in self.profile.iter_mut().enumerate() {
            *weight = (0..setup.nodes.len())
                .map(|actor| self.node[setup.first_node[actor] + setup.node(profile, actor)])
                .product();
        }
    }
}

impl Shocks {
    fn new(setup: &Setup, actors: usize) -> Self {
        let fresh = ShockRecord::fresh();
        Self {
            eps: vec![0.0; actors],
            record: vec![fresh.clone(); setup.n_nodes],
            voter_eps: vec![0.0; setup.n_voters],
            voter_record: vec![fresh.clone(); setup.n_voters],
            kernel: vec![Kernel::new(); actors + setup.n_voters],
            log_odds: LogOdds::new(),
            fresh,
        }
    }

    /// How moods are carried from step to step, with the numbers as they are now.
    pub(super) fn tune(&mut self, model: &Model, setup: &Setup, buffers: &mut Buffers, scalars: &[f64], world: &Lanes) {
        let months = model.clock.months_per_step;
        let actors = model.actors.len();
        let mut tools = buffers.tools(scalars);
        for &actor in &setup.signatories {
            let rho = tools.one(&model.actors[actor].rho_month, world, 0);
            self.kernel[actor].set(path::per_step(rho, months));
        }
        let consent = tools.one(&model.behaviour.consent_rho_month, world, 0);
        for voter in 0..setup.n_voters {
            let rho = match voter.checked_sub(model.deliverers.len()) {
                None => consent,
                Some(index) => tools.one(&model.ratifiers[index].rho_month, world, 0),
            };
            self.kernel[actors + voter].set(path::per_step(rho, months));
        }
    }

    fn deal(
        &mut self,
        model: &Model,
        setup: &Setup,
        streams: &Streams,
        buffers: &mut Buffers,
        scalars: &[f64],
        world: &Lanes,
    ) {
        self.tune(model, setup, buffers, scalars, world);
        for (actor, declared) in model.actors.iter().enumerate() {
            self.eps[actor] = streams.draw(declared.entity, Purpose::Answer, 0).normal();
        }
        for voter in 0..setup.n_voters {
            let (entity, purpose) = match voter.checked_sub(model.deliverers.len()) {
                None => (model.deliverers[voter].entity, Purpose::Consent),
                Some(index) => (model.ratifiers[index].entity, Purpose::Ratification),
            };
            self.voter_eps[voter] = streams.draw(entity, purpose, 0).normal();
        }
        for record in self.record.iter_mut().chain(&mut self.voter_record) {
            record.clone_from(&self.fresh);
        }
    }

    /// Nothing is known any more of the misjudgement of a type node.
    pub(super) fn forget(&mut self, node: usize) {
        self.record[node].clone_from(&self.fresh);
    }

    /// One step later: shocks move, records follow.
    pub(super) fn carry(&mut self, model: &Model, setup: &Setup, streams: &Streams, step: u64) {
        let actors = model.actors.len();
        for &actor in &setup.signatories {
            let kernel = &self.kernel[actor];
            let innovation = streams.draw(model.actors[actor].entity, Purpose::Answer, step).normal();
            self.eps[actor] = kernel.rho * self.eps[actor] + sqrt(1.0 - kernel.rho * kernel.rho) * innovation;
            let first = setup.first_node[actor];
            for record in &mut self.record[first..first + setup.nodes[actor]] {
                record.carry(kernel);
            }
        }
        for voter in 0..setup.n_voters {
            let (entity, purpose) = match voter.checked_sub(model.deliverers.len()) {
                None => (model.deliverers[voter].entity, Purpose::Consent),
                Some(index) => (model.ratifiers[index].entity, Purpose::Ratification),
            };
            let kernel = &self.kernel[actors + voter];
            let innovation = streams.draw(entity, purpose, step).normal();
            self.voter_eps[voter] =
                kernel.rho * self.voter_eps[voter] + sqrt(1.0 - kernel.rho * kernel.rho) * innovation;
            self.voter_record[voter].carry(kernel);
        }
    }
}
