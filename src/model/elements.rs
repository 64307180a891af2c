//! The elements of a compiled model. Names are resolved to ids, numbers to [`Value`]s; texts stay in the spec.

use super::dist::Distribution;
use super::expr::Program;
use super::kind::Kind;
use crate::id::{ActorId, AttackId, BodyId, EndingId, GuaranteeId, IssueId, StateId};

/// A number that the engine reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Known at compile time.
    Const(f64),
    /// A scalar slot: known once the replication's parameters are drawn.
    Scalar(u32),
    /// Computed in a step or for a package.
    Program(Program),
}

/// One scalar slot: a parameter, or a number written inline, in the order of evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// Dotted path; the name of its draw. `params.p_sham`, `actors.RU.patience`.
    pub path: String,
    /// Where its value comes from.
    pub source: ScalarSource,
    /// What it measures.
    pub kind: Kind,
    /// Lowest value that may ever be set (declared range, else the bounds of the kind).
    pub low: f64,
    /// Highest value that may ever be set.
    pub high: f64,
    /// Key of its random stream, from the path.
    pub entity: crate::rng::Entity,
    /// What it has in common with other parameters.
    pub common: Option<super::CommonCause>,
}

/// Where the value of a scalar comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ScalarSource {
    /// Fixed.
    Constant(f64),
    /// Drawn once a replication.
    Drawn(Distribution),
    /// Computed from earlier scalars, clamped to `low..=high`.
    Computed(Program),
}

/// How time is cut into steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// Months in a step, > 0.
    pub months_per_step: f64,
    /// Steps of talks, at least 1.
    pub horizon_steps: usize,
    /// Steps of aftermath.
    pub aftermath_steps: usize,
    /// Steps of the projection that values disagreement.
    pub foresight_steps: usize,
}

/// War or peace. Ordered: later regimes are more settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Regime {
    /// No agreement holds the guns silent.
    War,
    /// A ceasefire holds; talks go on.
    Truce,
    /// A settlement is in force.
    Settled,
}

impl Regime {
    /// All of them, lowest first.
    pub const ALL: [Self; 3] = [Self::War, Self::Truce, Self::Settled];

    /// Place in [`Self::ALL`], which is also its value in expressions.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// As written in model files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::War => "war",
            Self::Truce => "truce",
            Self::Settled => "settled",
        }
    }
}

/// An issue on the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// Id.
    pub id: String,
    /// Options in order; a numeric issue has its grid points.
    pub options: Vec<IssueOption>,
    /// Whether the issue is numeric: then its lane slot holds the option's number, else the option's index.
    pub numeric: bool,
    /// Option in force at the start.
    pub status_quo: u16,
}

/// One option.
#[derive(Clone, Debug, PartialEq)]
pub struct IssueOption {
    /// Id; for a numeric issue the number as printed.
    pub id: String,
    /// What its lane slot holds: the number of a numeric issue, else the index.
    pub number: f64,
    /// Position 0–1 for the baselines.
    pub position: Value,
    /// Whether it is withdrawn after an attack.
    pub revocable: bool,
    /// Bit set over [`super::Model::deliverers`].
    pub delivered_by: u64,
    /// Enjoyed in war too, once in force.
    pub acts_in_war: bool,
    /// What nobody may supply while the option is in force, a condition on the package.
    pub bar: Option<Program>,
}

/// In the terms of an instrument: the issue keeps what is in force.
pub const KEEP: u16 = u16::MAX;

/// Something that may be signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// Id.
    pub id: String,
    /// Issues that it may set.
    pub scope: Vec<bool>,
    /// What it may say, one entry an issue with [`KEEP`] outside the scope; empty for the comprehensive settlement, whose
    /// terms are the candidates of [`Packages`].
    pub variants: Vec<Vec<u16>>,
    /// Whose yes it needs.
    pub parties: Vec<ActorId>,
    /// For an imposed instrument: who provides it, as deliverers.
    pub providers: Vec<u16>,
    /// Regime it leads to; none: the regime stays.
    pub leads_to: Option<Regime>,
    /// Whether it may be signed in each regime, in the order of [`Regime::ALL`].
    pub from: [bool; 3],
    /// Supplied without the adversary's yes.
    pub imposed: bool,
    /// A text without force, which binds what its parties offer.
    pub framework: bool,
    /// Steps after which it lapses.
    pub term_steps: Option<usize>,
    /// Rate per year at which it lapses by itself.
    pub lapse_per_year: Value,
    /// Who may denounce it.
    pub denounced_by: Vec<ActorId>,
    /// Occasions a year on which each of them considers it.
    pub denounce_per_year: Value,
    /// What denouncing costs its author, a flow.
    pub denounce_cost: Value,
    /// Key of its random streams.
    pub entity: crate::rng::Entity,
}

/// Somebody whose consent some options need.
#[derive(Clone, Debug, PartialEq)]
pub struct Deliverer {
    /// Id as written: `US`, or `EU.sanctions_relief`.
    pub id: String,
    /// Who it is.
    pub who: Party,
    /// Share of the voting weight that must agree, 0–1 (1 for an actor and for unanimity).
    pub quota: f64,
    /// Key of its random streams.
    pub entity: crate::rng::Entity,
}

/// An actor or a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// An actor.
    Actor(ActorId),
    /// A body.
    Body(BodyId),
}

/// A body with members.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// Id.
    pub id: String,
    /// Members with their voting weights, in declared order.
    pub members: Vec<(ActorId, f64)>,
}

/// What an actor may do in the talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its yes is needed.
    Signatory,
    /// It may propose, and does not sign.
    Mediator,
    /// It neither signs nor proposes.
    ThirdParty,
}

/// An actor.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Capability for the baselines, 0–1; 0 if not declared.
    pub capability: Value,
    /// Discount factor per month, 0–1.
    pub patience: Value,
    /// Types, at least one.
    pub types: Types,
    /// Weights by type and issue, `weights[type][issue]`; zero where not declared. A continuous type set has one row.
    pub weights: Vec<Vec<Value>>,
    /// Values of options: `values[issue]`; empty where the issue has weight zero for all types.
    pub values: Vec<OptionValues>,
    /// Red lines.
    pub red_lines: Vec<RedLine>,
    /// Additive flow terms.
    pub terms: Vec<ValueTerm>,
    /// War cost per type (flow), empty for actors that do not fight.
    pub war_cost: Vec<Value>,
    /// Share of the war cost, or of the flow without a deal, that a truce leaves.
    pub truce_share: Value,
    /// Flow without a deal per type, empty: the value of the terms in force.
    pub no_deal_flow: Vec<Value>,
    /// Outside option per type, empty: never walks out.
    pub walk_out: Vec<Value>,
    /// Negotiating to gain time.
    pub stalling: Option<Stalling>,
    /// Optimism at the start, a flow.
    pub optimism: Value,
    /// n0, months of war that halve it.
    pub optimism_months: Value,
    /// Standard deviation of its misjudgement, a flow; 0 is exact.
    pub sigma: Value,
    /// Autocorrelation of the misjudgement per month.
    pub rho_month: Value,
    /// Exponent of its gain in the predicted deal when it delivers.
    pub voice: Value,
    /// Pivotality as a deliverer, 0–1.
    pub pivotal: Value,
    /// Share kept after an attack that was neither won nor lost.
    pub kept: Value,
    /// What an answered attack gives back, times G.
    pub relief: Value,
    /// Parameters that it takes for something else than they are.
    pub believes: Vec<super::Conviction>,
    /// Lever reviews a year; none: those of [`Behaviour`].
    pub reviews_per_year: Option<Value>,
    /// Chance that its threats and promises are believed at the start.
    pub credibility: Value,
    /// Who listens to its offers.
    pub audience: Option<super::Audience>,
    /// Key of its random streams, from the path `actors.<id>`.
    pub entity: crate::rng::Entity,
}

/// The types of an actor.
#[derive(Clone, Debug, PartialEq)]
pub enum Types {
    /// Named types with priors that sum to 1; one type `only` when none is declared.
    Named(Vec<NamedType>),
    /// A continuous private parameter, in the lane slot given; others know its distribution.
    Continuous {
        /// Path of the parameter.
        path: String,
        /// Its lane slot.
        slot: u32,
        /// Its distribution.
        distribution: Distribution,
        /// Key of its draw.
        entity: crate::rng::Entity,
    },
}

/// A named type.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedType {
    /// Id.
    pub id: String,
    /// Prior probability.
    pub prior: Value,
}

/// Values of the options of one issue to one actor.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionValues {
    /// Not declared: zero.
    None,
    /// One value an option.
    List(Vec<Value>),
    /// An expression over the issue's number.
    Expr(Program),
}

/// A finite penalty on packages of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct RedLine {
    /// Condition on the package.
    pub when: Program,
    /// Penalty, a flow.
    pub penalty: Penalty,
    /// Which types feel it, by type index.
    pub types: Vec<bool>,
    /// Whether the condition reads an issue that a guarantee reads: then it is left out of the attack comparison.
    pub on_guarantee: bool,
}

/// Size of a red line's penalty.
#[derive(Clone, Debug, PartialEq)]
pub enum Penalty {
    /// Declared.
    Value(Value),
    /// |u(ending) - u(status quo)|.
    Distance(EndingId),
}

/// An additive term of the value of a register.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTerm {
    /// Id.
    pub id: String,
    /// The term, a flow.
    pub value: Value,
    /// Which types have it.
    pub types: Vec<bool>,
    /// Whether it reads G, which is known only once the register's guarantee is valued.
    pub reads_g: bool,
}

/// Negotiating to gain time.
#[derive(Clone, Debug, PartialEq)]
pub struct Stalling {
    /// Probability per replication.
    pub probability: Value,
    /// Flow it adds to the actor's own continuation.
    pub benefit: Value,
}

/// A state variable.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Id.
    pub id: String,
    /// Value at the start.
    pub start: Value,
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
    /// Change per month.
    pub change: Option<Program>,
    /// Standard deviation of its noise per square root of a month.
    pub noise_sd: Value,
    /// Chance a month of a jump, and its size.
    pub jump: Option<(Value, Value)>,
    /// Key of its noise, from the path `state.<id>`.
    pub entity: crate::rng::Entity,
}

/// A derived value, in an order in which each reads only earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// Id.
    pub id: String,
    /// Its program.
    pub program: Program,
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
    /// Whether the program may leave the range, so that a clamp is needed.
    pub clamp: bool,
    /// Whether it depends (through others too) on an issue: then it is valued anew for each package.
    pub on_package: bool,
}

/// A hazard.
#[derive(Clone, Debug, PartialEq)]
pub struct Hazard {
    /// Id.
    pub id: String,
    /// Runs in war.
    pub in_war: bool,
    /// Runs in a truce.
    pub in_truce: bool,
    /// Runs when settled.
    pub when_settled: bool,
    /// Rate per month.
    pub rate: Value,
    /// What `rate` must be multiplied by to be per month (1, or 1/12 for a rate per year).
    pub per_month: f64,
    /// The ending; none: it ends a truce, and the war goes on.
    pub ending: Option<EndingId>,
    /// How far the state is from where it sets in; only recorded.
    pub distance: Option<Value>,
}

/// Something that adds up while the negotiation is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Id.
    pub id: String,
    /// In which regimes, by [`Regime::index`].
    pub during: [bool; 3],
    /// What a month adds.
    pub rate: Value,
}

/// An ending.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// Id.
    pub id: String,
    /// Worth per actor and type: `worth[actor][type]`.
    pub worth: Vec<Vec<Worth>>,
    /// The package it is worth, options per issue, if declared by one.
    pub package: Option<Vec<u16>>,
}

/// Worth of an ending to one type of one actor.
#[derive(Clone, Debug, PartialEq)]
pub enum Worth {
    /// Declared, an average payoff per step.
    Value(Value),
    /// The actor's value of the ending's package (without red lines and terms that read G).
    OfPackage,
}

/// A lever.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// Id.
    pub id: String,
    /// Who moves.
    pub owner: Owner,
    /// At whom.
    pub target: Option<ActorId>,
    /// What it does.
    pub effects: Vec<Effect>,
    /// Cost to the owner.
    pub cost: Value,
    /// Kind of the cost.
    pub cost_kind: CostKind,
    /// For a flow cost: steps it is paid.
    pub cost_steps: f64,
    /// Steps before it can be used again.
    pub cooldown_steps: usize,
    /// Uses in one negotiation.
    pub max_uses: u32,
    /// Each further use multiplies added amounts by this, 0–1.
    pub saturation: Value,
    /// Whose consent it needs.
    pub requires: Option<Deliverer>,
    /// Ends mediation.
    pub ends_mediation: bool,
    /// Instrument that it ends, which leads to a truce.
    pub ends: Option<u16>,
    /// What its owner may announce.
    pub threat: Option<Pledge>,
    /// The same as a promise.
    pub promise: Option<Pledge>,
    /// What others learn from its use.
    pub signal: Option<Signal>,
    /// Key of its random streams, from the path `levers.<id>`.
    pub entity: crate::rng::Entity,
    /// Condition on the state.
    pub when: Option<Program>,
    /// In which regimes it can be used, by [`Regime::index`].
    pub during: [bool; 3],
}

impl Lever {
    /// Its first owner, who stands for all in texts.
    #[must_use]
    pub fn party(&self) -> Party {
        match &self.owner {
            Owner::Actors(actors) => Party::Actor(actors[0]),
            Owner::Body { body, .. } => Party::Body(*body),
        }
    }

    /// Its threat and its promise, as far as it has them.
    pub fn pledges(&self) -> impl Iterator<Item = &Pledge> {
        self.threat.iter().chain(&self.promise)
    }
}

/// Who moves a lever.
#[derive(Clone, Debug, PartialEq)]
pub enum Owner {
    /// Each of these actors on its own review; at least one.
    Actors(Vec<ActorId>),
    /// A body as one.
    Body {
        /// The body.
        body: BodyId,
        /// Share of the voting weight that must gain, 0–1.
        quota: f64,
    },
}

/// A threat or promise that an owner can make: to use the lever if a condition comes true in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Pledge {
    /// Position among all threats and promises of the model; its lane slots are counted by it.
    pub slot: u16,
    /// The condition.
    pub when: Program,
    /// An ultimatum: it is called when its time is over, unless the condition has come true before.
    pub unless: bool,
    /// Steps for which it stands.
    pub within_steps: usize,
    /// What breaking it costs the owner, a flow.
    pub audience_cost: Value,
}

/// What others learn from the use of a lever.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// For naive receivers the chance of the use by type of the owner; empty: receivers know how the owner chooses.
    pub likelihood: Vec<Value>,
}

/// Kind of a lever's cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostKind {
    /// Points per step for some steps.
    Flow,
    /// Points paid once.
    Once,
    /// A discounted sum.
    PresentValue,
}

/// What a lever or event does to one state.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The state.
    pub state: StateId,
    /// Set instead of add.
    pub set: bool,
    /// Amount.
    pub amount: Value,
    /// Steps until it happens.
    pub delay_steps: usize,
    /// Steps after which an added amount is taken back.
    pub duration_steps: Option<usize>,
    /// How an added amount fades.
    pub fading: Option<Fading>,
}

/// An added amount that fades exponentially.
#[derive(Clone, Debug, PartialEq)]
pub struct Fading {
    /// Position among all fading effects of the model: what is left of it stands in a lane slot counted by it.
    pub slot: u16,
    /// Rate per month.
    pub rate: Value,
}

/// A guarantee.
#[derive(Clone, Debug, PartialEq)]
pub struct Guarantee {
    /// Id.
    pub id: String,
    /// Guarantor.
    pub by: Party,
    /// Condition on the package.
    pub needs: Option<Program>,
    /// Capability by domain, `capability[domain]` in the order of the attack's domains is resolved by name: pairs.
    pub capability: Vec<(String, Value)>,
    /// Force size in 10,000 troops.
    pub size: Value,
    /// Resolve.
    pub will: Value,
    /// Tripwire strength.
    pub tripwire: Value,
    /// Force size at which the tripwire term is ln 2.
    pub tripwire_scale: Value,
    /// Stake by signature.
    pub stake: Value,
    /// Backing.
    pub backstop: Option<Backstop>,
    /// Slope of kappa.
    pub slope: Value,
    /// Threshold of kappa.
    pub threshold: Value,
    /// Capability lost per year, share.
    pub fatigue: Value,
    /// rho_g.
    pub escalation_risk: Value,
    /// Fear per unit of rho_g.
    pub escalation_fear: Value,
    /// Key of its random streams.
    pub entity: crate::rng::Entity,
}

/// Backing of a guarantor.
#[derive(Clone, Debug, PartialEq)]
pub struct Backstop {
    /// Backer.
    pub by: ActorId,
    /// Added to will when the backer stands.
    pub strength: Value,
    /// Believed probability that it stands.
    pub probability: Value,
}

/// How the guarantees that answer one attack combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// CES over domains of pooled capability, Hill-transformed.
    Pooled,
    /// 1 - product of failures.
    Independent,
    /// The least.
    WeakestLink,
    /// The best.
    BestShot,
    /// No G: each answer takes a loss off the attack's value.
    Additive,
}

/// An attack on a settled register.
#[derive(Clone, Debug, PartialEq)]
pub struct Attack {
    /// Id.
    pub id: String,
    /// Attacker.
    pub by: ActorId,
    /// Attacked.
    pub target: ActorId,
    /// o, opportunities per year.
    pub per_year: Value,
    /// lambda.
    pub precision: Value,
    /// Compared with waiting; else with the flow.
    pub waiting: bool,
    /// The chance of a node is o L itself, and so it is for all attacks, on the same nodes.
    pub draw_form: bool,
    /// The same where other attacks have another form or other nodes: years of the own node that each node is part of, over
    /// which o L is spread as a rate. Empty: o L is a rate.
    pub draw_years: Vec<f64>,
    /// Years of the nodes of all attacks, increasing.
    pub nodes: Vec<f64>,
    /// Length of each of them, years.
    pub lengths: Vec<f64>,
    /// The own node of this attack at which it is decided, for each of them.
    pub decides: Vec<f64>,
    /// The tail renews; else it is safe. The same for all attacks: one that alone is safe stops before.
    pub renewal: bool,
    /// The last of the nodes at which it happens, where it stops before the others.
    pub stops: Option<usize>,
    /// Guarantees that may answer.
    pub answered_by: Vec<GuaranteeId>,
    /// Their combination.
    pub combine: Combine,
    /// Domains with weights.
    pub domains: Vec<(String, Value)>,
    /// r.
    pub ces: Value,
    /// b.
    pub hill: Value,
    /// C*.
    pub half_capability: Value,
    /// Log balance.
    pub balance: Value,
    /// tau_w.
    pub win_threshold: Value,
    /// s_w.
    pub win_slope: Value,
    /// Attacker wins.
    pub victory: EndingId,
    /// Attacker is beaten.
    pub defeat: EndingId,
    /// An answer runs out of control.
    pub escalation: Option<EndingId>,
    /// War length, months.
    pub war_months: Value,
    /// Attacker's war cost; none: its own at the present state.
    pub war_cost: Option<Value>,
    /// Cost of a failed attack.
    pub repulse_loss: Value,
    /// phi.
    pub denial_share: Value,
    /// Weight of capability on the balance.
    pub denial: Value,
    /// Loss.
    pub punishment: Value,
    /// G_0.
    pub threshold: Value,
    /// Provocation.
    pub provocation: Value,
    /// Audience cost of breaking.
    pub audience_cost: Value,
    /// What it is worth where it does not end the register; then `balance`, `victory` and `defeat` mean nothing.
    pub pressure: Option<Pressure>,
    /// Chance that the breach is established.
    pub detection: Value,
    /// Chance that revocable options are withdrawn once it is.
    pub vote: Value,
    /// A body that votes on that instead.
    pub ballot: Option<Ballot>,
    /// The same attack on a truce.
    pub truce: Option<TruceAttack>,
    /// Key of its random streams.
    pub entity: crate::rng::Entity,
}

/// A body that votes on withdrawing what is revocable.
#[derive(Clone, Debug, PartialEq)]
pub struct Ballot {
    /// The body.
    pub body: BodyId,
    /// Share of the voting weight that must want it, 0–1.
    pub quota: f64,
    /// What punishing a breach is worth to each of its members, in their order, a flow.
    pub worth: Vec<Value>,
}

/// Resuming the war during a truce.
#[derive(Clone, Debug, PartialEq)]
pub struct TruceAttack {
    /// Opportunities a year.
    pub per_year: Value,
    /// What surprise gains the attacker, a flow.
    pub surprise: Value,
    /// What breaking the truce costs it, a flow.
    pub audience_cost: Value,
}

/// An attack below the threshold of war.
#[derive(Clone, Debug, PartialEq)]
pub struct Pressure {
    /// What an act gains its maker while it lasts, a flow.
    pub gain: Value,
    /// What it costs each actor while it lasts, `harm[actor]`, a flow; zero for its maker.
    pub harm: Vec<Value>,
}

/// A ratifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratifier {
    /// Id.
    pub id: String,
    /// Whose signature, or whose part, it confirms.
    pub of: ActorId,
    /// Deliverers whose parts it votes on, a bit set over [`super::Model::deliverers`]; none: it votes on every package.
    pub parts: Option<u64>,
    /// How it works.
    pub role: RatifierRole,
    /// Instruments that it must confirm, one flag an instrument.
    pub confirms: Vec<bool>,
    /// Support.
    pub support: Value,
    /// Threshold.
    pub threshold: Value,
    /// Slope.
    pub slope: Value,
    /// Autocorrelation of the mood per month.
    pub rho_month: Value,
    /// Key of its random streams.
    pub entity: crate::rng::Entity,
}

/// How a ratifier works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatifierRole {
    /// It votes, and nothing is signed without it.
    Constraint,
    /// It does not vote: its actor weighs what it may lose at home.
    ThreatPoint,
    /// It limits what its state contributes to a coalition.
    Contribution,
}

/// An event that happens at most once.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Id.
    pub id: String,
    /// What sets it off.
    pub trigger: Trigger,
    /// What it does.
    pub effects: Vec<Effect>,
    /// Whether mediation ends with it.
    pub ends_mediation: bool,
    /// Instrument that ends with it, if it stands.
    pub ends: Option<u16>,
}

/// What sets off an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// A condition on the state.
    When(Program),
    /// A step.
    Step(usize),
}

/// A declared outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Id.
    pub id: String,
    /// Condition.
    pub when: Program,
}

/// A declared column.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeColumn {
    /// Id.
    pub id: String,
    /// Value.
    pub value: Value,
}

/// A named package.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedPackage {
    /// Id.
    pub id: String,
    /// Option per issue.
    pub options: Vec<u16>,
    /// Listed in the reference table.
    pub reference: bool,
}

/// Numbers of the choice rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Behaviour {
    /// How disagreement and continuation are valued.
    pub evaluator: Evaluator,
    /// lambda_offer.
    pub offer_precision: Value,
    /// lambda_c.
    pub consent_precision: Value,
    /// r_min.
    pub least_ratification: Value,
    /// c_min.
    pub least_consent: Value,
    /// mixing.
    pub mixing: Value,
    /// inertia.
    pub inertia: Value,
    /// Precision of lever choice.
    pub lever_precision: Value,
    /// Reviews per actor and year.
    pub reviews_per_year: Value,
    /// Autocorrelation per month of the mood of those who consent.
    pub consent_rho_month: Value,
    /// Factor on credibility when a pledge is broken.
    pub credibility_broken: Value,
    /// Share of the way to 1 when one is kept.
    pub credibility_kept: Value,
}

/// How disagreement, and going on without an agreement, are valued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Evaluator {
    /// Disagreement on the mean path of the war, continuation by the chance of the predicted deal.
    #[default]
    Projection,
    /// Disagreement by today's flow and breakdown for ever, the predicted deal for certain after a step.
    Formula,
    /// The same with the chance of agreement that logit choices have.
    FormulaDelay,
    /// Continuation by backward induction over the steps that are left.
    Induction,
    /// The same for talks without end in a world that stands still.
    Stationary,
}

impl Evaluator {
    /// Whether disagreement is today's flow for ever.
    #[must_use]
    pub const fn is_formula(self) -> bool {
        matches!(self, Self::Formula | Self::FormulaDelay)
    }

    /// Whether continuation is found by backward induction.
    #[must_use]
    pub const fn is_induction(self) -> bool {
        matches!(self, Self::Induction | Self::Stationary)
    }
}

/// Who proposes, and how often.
#[derive(Clone, Debug, PartialEq)]
pub struct Protocol {
    /// Kind.
    pub kind: ProtocolKind,
    /// Who takes turns, in order; not empty where turns are taken.
    pub order: Vec<ActorId>,
    /// Of stacked offers: a step is one party's action, not one of each.
    pub one_offer_per_step: bool,
    /// Chance of each actor to propose, `recognition[actor]`, sums to 1; all 0 where turns are taken.
    pub recognition: Vec<Value>,
    /// r_talk per month.
    pub offers_per_month: Value,
    /// Breakdown per step.
    pub breakdown: Value,
    /// Factor after mediation ends.
    pub after_exit: Value,
    /// Chance of an offer in a month of a truce.
    pub truce_offers_per_month: Value,
}

/// Kinds of protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtocolKind {
    /// Each step one proposer is drawn.
    RandomProposer,
    /// One proposer makes one offer in the first step; then the talks are over.
    OneOffer,
    /// One offer a step, by each in turn; the others answer at once (Rubinstein 1982).
    Alternating,
    /// Each in turn accepts what is on the table or replaces it by an offer of its own; agreement once all who must sign
    /// have accepted the same offer in a row (Aydogan et al. 2017, stacked alternating offers).
    Stacked,
    /// A mediator keeps one text and puts changes of it to the parties (Fisher 1978; Raiffa 1982).
    SingleText,
}

impl ProtocolKind {
    /// Whether the parties take turns in a fixed order.
    #[must_use]
    pub fn takes_turns(self) -> bool {
        matches!(self, Self::Alternating | Self::Stacked)
    }
}

/// The packages that are valued.
#[derive(Clone, Debug, PartialEq)]
pub struct Packages {
    /// The first so many are candidates for an offer; the rest are only compared with.
    pub n_candidates: usize,
    /// The first so many are valued as settlements in every step: candidates, the status quo, named packages.
    pub n_settled: usize,
    /// The first so many have a utility in every step: those, and what is left of each without its revocable options.
    /// The rest, what is left of candidates without a deliverer's parts, is valued when it is asked for.
    pub n_known: usize,
    /// Option of each issue, package-major: `options[package * n_issues + issue]`.
    pub options: Vec<u16>,
    /// Stable number of each package, from its option ids; does not depend on what else is listed.
    pub keys: Vec<u64>,
    /// Security sub-package of each package.
    pub security_of: Vec<u32>,
    /// Deliverers of each package, a bit set over [`super::Model::deliverers`].
    pub delivered_by: Vec<u64>,
    /// `without[deliverer][candidate]`: the package without that deliverer's parts.
    pub without: Vec<Vec<u32>>,
    /// Whether any option of the package is revocable.
    pub revocable: Vec<bool>,
    /// `revoked[package]`: the package with its revocable options back at the status quo.
    pub revoked: Vec<u32>,
    /// The package of all status-quo options.
    pub status_quo: u32,
}

impl Packages {
    /// Option of each issue in a package.
    #[must_use]
    pub fn options_of(&self, n_issues: usize, package: usize) -> &[u16] {
        &self.options[package * n_issues..(package + 1) * n_issues]
    }
}

/// The distinct combinations of those issues that guarantees and attacks read.
#[derive(Clone, Debug, PartialEq)]
pub struct Security {
    /// The issues.
    pub issues: Vec<IssueId>,
    /// A representative package of each combination.
    pub representative: Vec<u32>,
}

/// Ids of attacks by attacker, for models where several may attack.
pub type AttackList = Vec<AttackId>;
