//! A model file exactly as written: one struct a section, every number with its place.
//!
//! Nothing is resolved here: names are strings, expressions are text. Defaults that the language documents are *not*
//! filled in here but by `model::compile`; an absent key is `None`. A key that no struct below names is an error.

pub use super::measures::Measures;
pub use super::politics::{
    Audience, Coalition, Contribution, Correlate, Odds, Prologue, Script, ScriptMove, Tactic, Transition,
};
pub use super::scenario::Scenario;
use super::tree::{Date, Span};

/// A piece of text with its place: a name that must be resolved later, or a sentence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Name {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// An ordered map from ids to elements.
pub type Map<T> = Vec<(Name, T)>;

/// Annotations that any element may carry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// One plain sentence.
    pub about: Option<Name>,
    /// A kind of `model::Kind`, such as `probability`.
    pub unit: Option<Name>,
    /// A key of `[sources]`, `assumption`, or a row of the parameter table such as `parameters:TER-10`.
    pub source: Option<Name>,
    /// Inventory rows that the element carries.
    pub inventory: Vec<Name>,
}

/// A number: a constant, a distribution or an expression, with its dotted path.
///
/// Written as `0.3`, `{ pert = [1, 2, 4] }`, `"expression"`, or with annotations as
/// `{ value = .., range = [..], unit = "..", source = "..", about = "..", inventory = [..] }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// What was written.
    pub form: Form,
    /// Where the value stands.
    pub span: Span,
    /// Dotted path, the name of the number for `--set` and the name of its draw.
    pub path: String,
    /// Declared bounds, if annotated: they bind every later `--set`.
    pub range: Option<Range>,
    /// Annotations, if annotated.
    pub notes: Notes,
}

/// The forms of a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// A literal, finite.
    Const(f64),
    /// A distribution, drawn once a replication.
    Dist(Dist),
    /// An expression.
    Expr(String),
}

/// A distribution as written: a family and its arguments.
///
/// `pert = [low, mode, high]`, `triangular = [low, mode, high]`, `uniform = [low, high]`,
/// `normal = [mean, sd, low, high]` (truncated to the bounds), `lognormal = [median, sd_log, low, high]` (truncated),
/// `beta = [a, b]` or `[a, b, low, high]` (scaled), `gamma = [shape, scale, low, high]` (truncated),
/// `choice = [[value, weight], ..]` (weights sum to 1). Arguments are constants or expressions over parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Dist {
    /// The family.
    pub family: Family,
    /// The arguments in the order written; for `choice` value, weight, value, weight, ...
    pub args: Vec<Number>,
}

/// Families of distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Low, mode, high; the beta distribution with shape 4 (Malcolm et al. 1959).
    Pert,
    /// Low, mode, high.
    Triangular,
    /// Low, high.
    Uniform,
    /// Mean, standard deviation, low, high: truncated.
    Normal,
    /// Median, standard deviation of the logarithm, low, high: truncated.
    Lognormal,
    /// Shapes a and b, optionally low and high.
    Beta,
    /// Shape, scale, low, high: truncated.
    Gamma,
    /// Values with weights.
    Choice,
}

/// Declared bounds, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Where it stands.
    pub span: Span,
}

/// A whole model file.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// `[model]`
    pub model: Header,
    /// `[sources.<id>]`
    pub sources: Map<Source>,
    /// `[params.<id>]`
    pub params: Map<Param>,
    /// `[state.<id>]`
    pub states: Map<State>,
    /// `[derived.<id>]`
    pub derived: Map<Derived>,
    /// `[hazards.<id>]`
    pub hazards: Map<Hazard>,
    /// `[tallies.<id>]`
    pub tallies: Map<Tally>,
    /// `[issues.<id>]`
    pub issues: Map<Issue>,
    /// `[rules.<id>]`
    pub rules: Map<Rule>,
    /// `[anchors.status_quo] override = { issue = "option" }`
    pub anchor_override: Vec<(Name, Name)>,
    /// `[packages.<id>]`
    pub packages: Map<Package>,
    /// `[foresight] endings = { id = expression }`
    pub foresight: Vec<(Name, Number)>,
    /// `[endings.<id>]`
    pub endings: Map<Ending>,
    /// `[instruments.<id>]`
    pub instruments: Map<Instrument>,
    /// `[actors.<id>]`, in turn order
    pub actors: Map<Actor>,
    /// `[bodies.<id>]`
    pub bodies: Map<Body>,
    /// `[levers.<id>]`
    pub levers: Map<Lever>,
    /// `[guarantees.<id>]`
    pub guarantees: Map<Guarantee>,
    /// `[attacks.<id>]`
    pub attacks: Map<Attack>,
    /// `[ratifiers.<id>]`
    pub ratifiers: Map<Ratifier>,
    /// `[events.<id>]`
    pub events: Map<Event>,
    /// `[[outcomes]]`, first match names the outcome
    pub outcomes: Vec<Outcome>,
    /// `[[outcome_column]]`
    pub outcome_columns: Vec<OutcomeColumn>,
    /// `[search]`
    pub search: Search,
    /// `[behaviour]`
    pub behaviour: Behaviour,
    /// `[protocol]`
    pub protocol: Protocol,
    /// `[measures]`
    pub measures: Measures,
    /// `[scenario]`, of an overlay
    pub scenario: Option<Scenario>,
    /// `[[prologue]]`, in the order written
    pub prologue: Vec<Prologue>,
    /// `[correlate.<id>]`
    pub correlate: Map<Correlate>,
    /// `[coalitions.<id>]`
    pub coalitions: Map<Coalition>,
    /// `[transitions.<id>]`
    pub transitions: Map<Transition>,
}

/// `[model]`
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Id of the model, used in file names.
    pub name: Name,
    /// Title, at most 64 characters.
    pub title: Name,
    /// One plain sentence, optional.
    pub about: Option<Name>,
    /// `week | half_month | month | quarter | year | round`; a round counts as a month.
    pub step: Name,
    /// Date of step 0, optional (classics have none).
    pub start: Option<Date>,
    /// Length of the talks, months.
    pub horizon_months: Number,
    /// Length of the aftermath that is played, months; 0 plays none.
    pub aftermath_months: Number,
    /// Length of the projection that values disagreement, months; 0 values today's lottery of `[foresight]`.
    pub foresight_months: Number,
    /// Value evaluator: `projection` (default), `formula`, `formula_delay`, `induction`, `stationary`.
    pub evaluator: Option<Name>,
    /// Place of the section's header.
    pub span: Span,
}

/// `[sources.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Title of the document or table.
    pub title: Name,
    /// Author or institution.
    pub author: Option<Name>,
    /// Date of publication.
    pub date: Option<Date>,
    /// `public | document | recall | assumption`.
    pub confidence: Option<Name>,
}

/// `[params.<id>]`: the natural handles for `--set` and sweeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// `value = ..`
    pub value: Number,
    /// `range = [low, high]`: the bounds of every value ever set.
    pub range: Option<Range>,
    /// `private_to = "B"`: a continuous private type of that actor; others know only the distribution.
    pub private_to: Option<Name>,
    /// Annotations.
    pub notes: Notes,
}

/// `[state.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Value at the start.
    pub start: Number,
    /// Values are kept inside; a clamp at run time is counted.
    pub range: Range,
    /// Change per month, an expression; none for a state that only levers and events move.
    pub change: Option<Number>,
    /// `noise = { sd = .. }`, per square root of a month.
    pub noise_sd: Option<Number>,
    /// `noise = { chance = .., size = .. }`: a chance a month of a jump, and its size.
    pub jump: Option<(Number, Option<Number>)>,
    /// Annotations.
    pub notes: Notes,
}

/// `[derived.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// An expression over parameters, state, other derived values and terms in force.
    pub value: Number,
    /// Values are kept inside; a clamp at run time is counted.
    pub range: Range,
    /// Annotations.
    pub notes: Notes,
}

/// `[hazards.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Hazard {
    /// Regimes in which it runs: `war | truce | settled`.
    pub during: Vec<Name>,
    /// Rate per month (exactly one of the two rates is given).
    pub per_month: Option<Number>,
    /// Rate per year.
    pub per_year: Option<Number>,
    /// The ending that follows (exactly one of `ending` and `leads_to` is given).
    pub ending: Option<Name>,
    /// The lower regime that follows: `war`, for an incident that ends a truce.
    pub leads_to: Option<Name>,
    /// How far the state is from where the hazard sets in, in units of the model's own; only recorded.
    pub distance: Option<Number>,
    /// Annotations.
    pub notes: Notes,
}

/// `[tallies.<id>]`: something that adds up while the negotiation is played, and that nobody values.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Regimes in which it adds up: `war | truce | settled`.
    pub during: Vec<Name>,
    /// What a month adds.
    pub per_month: Number,
    /// Annotations.
    pub notes: Notes,
}

/// `[issues.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// The options.
    pub options: Options,
    /// Annotations.
    pub notes: Notes,
}

/// Options of an issue.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a model holds a few thousand of them, once")]
pub enum Options {
    /// `options = [{ id = "..", .. }, ..]`, in order; exactly one is flagged `status_quo`, else the first is it.
    Named(Vec<OptionSpec>),
    /// `options = { from = 0, to = 1, step = 0.001, status_quo = 0 }`: a numeric issue; in expressions its name is its
    /// number. The grid is `from + k * (to - from) / round((to - from) / step)`.
    Grid {
        /// First value.
        from: Number,
        /// Last value.
        to: Number,
        /// Distance of neighbours.
        step: Number,
        /// The value in force at the start; default `from`.
        status_quo: Option<Number>,
    },
}

/// One option of an issue.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionSpec {
    /// Id, unique within the issue.
    pub id: Name,
    /// `status_quo = true`: in force at the start.
    pub status_quo: bool,
    /// Position 0–1 for the baselines; default by rank.
    pub position: Option<Number>,
    /// `revocable = true`: withdrawn after an attack.
    pub revocable: bool,
    /// Who must do something for it: `"US"`, `{ by = "EU", matter = "sanctions_relief" }`.
    pub delivered_by: Vec<Deliverer>,
    /// `acts_in_war = true`: once in force it is enjoyed in war too; other terms wait for a truce or a settlement.
    pub acts_in_war: bool,
    /// `bar = "force > none"`: what nobody may supply while the option is in force.
    pub bar: Option<Number>,
    /// Annotations.
    pub notes: Notes,
}

/// Somebody whose deed an option needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Deliverer {
    /// An actor or a body.
    pub by: Name,
    /// For a body: the matter, a key of its `quota`.
    pub matter: Option<Name>,
}

/// `[rules.<id>]`: packages nobody may sign.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// A condition on the package; where it holds the package is not a candidate.
    pub forbid: Number,
    /// Annotations.
    pub notes: Notes,
}

/// `[packages.<id>]`: a named package. Issues not named keep their status-quo option.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// Issue -> option id, or a number for a numeric issue.
    pub terms: Vec<(Name, Term)>,
    /// `reference = true` lists it in the appraise table.
    pub reference: bool,
    /// Annotations.
    pub notes: Notes,
}

/// A term of a package.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a model holds a few thousand of them, once")]
pub enum Term {
    /// Option id.
    Option(Name),
    /// Value of a numeric issue (the nearest grid point within half a step).
    Value(Number),
}

/// `[endings.<id>]`: an ending has a value for every actor, from a package, or listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// `package = { issue = "option" }`: worth to each actor what the package is worth to it.
    pub package: Option<Vec<(Name, Term)>>,
    /// `override = { UA = -0.25 }`, on top of a package; per actor or `ACTOR = { type = number }`.
    pub overrides: Vec<(Name, ByType)>,
    /// `values = { RU = -1, default = -0.9 }`; `default` covers actors that are not named.
    pub values: Vec<(Name, ByType)>,
    /// Annotations.
    pub notes: Notes,
}

/// A number for all types of an actor, or one a type.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a model holds a few thousand of them, once")]
pub enum ByType {
    /// `war_cost = 0.1`
    All(Number),
    /// `war_cost = { limited = 0.1, maximalist = 0.05 }` (every type must be listed)
    Each(Map<Number>),
}

/// `[instruments.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// `scope = "all"`, or a list of issues.
    pub scope: Scope,
    /// Whose yes it needs; none: all signatories. An imposed instrument lists its providers, a body among them with the
    /// matter on which it votes.
    pub parties: Vec<Deliverer>,
    /// Regime it leads to, `truce | settled`; none: the regime stays.
    pub leads_to: Option<Name>,
    /// Regimes in which it may be signed; none: every lower one, or `war` and `truce` where the regime stays.
    pub from: Vec<Name>,
    /// `imposed = true`: supplied by its parties without the adversary's yes, who prices it.
    pub imposed: bool,
    /// A text without force, which binds what its parties offer.
    pub framework: bool,
    /// Months after which it lapses; none: it has no term.
    pub term_months: Option<Number>,
    /// Rate per year at which it lapses by itself; default 0.
    pub lapse_per_year: Option<Number>,
    /// Who may denounce it, how often each looks at that, and what it costs.
    pub denounce: Option<Denounce>,
    /// Annotations.
    pub notes: Notes,
}

/// `denounce = { by = [..], per_year = .., audience_cost = .. }`
#[derive(Clone, Debug, PartialEq)]
pub struct Denounce {
    /// Actors.
    pub by: Vec<Name>,
    /// Occasions a year on which each of them considers it; default 1.
    pub per_year: Option<Number>,
    /// What denouncing costs its author, a flow; default 0.
    pub audience_cost: Option<Number>,
}

/// Issues that an instrument may set.
#[derive(Clone, Debug, PartialEq)]
pub enum Scope {
    /// All issues.
    All,
    /// The listed ones.
    Issues(Vec<Name>),
}

/// `[actors.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Full name.
    pub name: Name,
    /// `signatory | mediator | third_party`. A mediator proposes but does not sign.
    pub role: Name,
    /// What the war costs it while it lasts, a flow; none: it does not fight.
    pub war_cost: Option<ByType>,
    /// Share of the cost of war (or of the flow without a deal) that a truce leaves; default 0.35.
    pub truce_share: Option<Number>,
    /// Capability for the baselines, 0–1.
    pub capability: Option<Number>,
    /// Discount factor per month, 0–1.
    pub patience: Number,
    /// `types.<id> = { prior = ".." }`; none means one type called `only`.
    pub types: Map<TypeSpec>,
    /// `weights.<issue>` (for all types) or `weights.<type>.<issue>`.
    pub weights: Weights,
    /// `values.<issue>`.
    pub values: Map<Values>,
    /// `red_lines.<id>`.
    pub red_lines: Map<RedLine>,
    /// `terms.<id> = { value = ".." }`: additive value terms (office, legacy, precedent, provocation), flows.
    pub terms: Map<ValueTerm>,
    /// `stalling = { probability, benefit }`.
    pub stalling: Option<Stalling>,
    /// `optimism = { value, battles }`.
    pub optimism: Option<Optimism>,
    /// `misjudgement = { sigma, rho_month }`.
    pub misjudgement: Option<Misjudgement>,
    /// Value per step without a deal, of actors that do not fight; default: value of the terms in force.
    pub no_deal_flow: Option<ByType>,
    /// Outside option W: value of walking out; none: the actor never walks out.
    pub walk_out: Option<ByType>,
    /// Deliverer's say in the predicted deal (an exponent), default 0.
    pub voice: Option<Number>,
    /// Deliverer's pivotality 0–1: 1 no free-riding, 0 pure free-riding; default 0.6.
    pub pivotal: Option<Number>,
    /// Share of its status quo that an actor keeps after an attack that was neither won nor lost; default 0.9.
    pub kept: Option<Number>,
    /// What an answered attack gives back, times G; default 0.15.
    pub relief: Option<Number>,
    /// `believes = { parameter = number }`: values it takes for true in its own forecasts.
    pub believes: Map<Number>,
    /// `policy = { script = [..] }`: a scripted seat.
    pub policy: Option<Script>,
    /// Lever reviews a year; default that of `[behaviour]`.
    pub reviews_per_year: Option<Number>,
    /// Chance that its threats and promises are believed at the start; default 0.5.
    pub credibility: Option<Number>,
    /// `audience = { concession, retreat, position }`: who listens to its offers.
    pub audience: Option<Audience>,
    /// Annotations.
    pub notes: Notes,
}

/// One type of an actor.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeSpec {
    /// Probability, an expression over parameters; the priors of an actor sum to 1.
    pub prior: Number,
    /// Annotations.
    pub notes: Notes,
}

/// Weights of the issues. An issue that is not named has weight 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Weights {
    /// The same for every type.
    All(Map<Number>),
    /// Per type.
    ByType(Map<Map<Number>>),
}

/// Values of the options of one issue.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a model holds a few thousand of them, once")]
pub enum Values {
    /// `values.nato = [0, 0.4, 1]`, in the order of the options.
    List(Vec<Number>),
    /// `values.nato = { open_door = 0, off_agenda = 0.4 }`, every option named.
    Named(Map<Number>),
    /// `values.pie = "1 - pie"`, an expression over a numeric issue.
    Expr(Number),
}

/// A finite penalty that a type attaches to packages of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct RedLine {
    /// Condition on the package.
    pub when: Number,
    /// Penalty; default |u(victory) - u(status quo)|, where `victory` is the ending named by the actor's red line.
    pub penalty: Option<Number>,
    /// `types = ["maximalist"]`; none: all types.
    pub types: Vec<Name>,
    /// Ending whose distance from the status quo is the default penalty.
    pub victory: Option<Name>,
    /// Annotations.
    pub notes: Notes,
}

/// An additive term of an actor's value of a register, a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTerm {
    /// Expression over package, state and parameters; `G` is the deterrent strength of the register.
    pub value: Number,
    /// `types = [..]`; none: all types.
    pub types: Vec<Name>,
    /// Annotations.
    pub notes: Notes,
}

/// Negotiating in order to gain time.
#[derive(Clone, Debug, PartialEq)]
pub struct Stalling {
    /// Probability that the actor stalls in this replication.
    pub probability: Number,
    /// What stalling adds to its continuation value, a flow expression over state.
    pub benefit: Number,
    /// Annotations.
    pub notes: Notes,
}

/// Optimism about the war, which battles wear down.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimism {
    /// Added to the value of disagreement at the start.
    pub value: Number,
    /// n0: months of war after which half of it is gone; default 12.
    pub battles: Option<Number>,
    /// Annotations.
    pub notes: Notes,
}

/// Persistent misjudgement of answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Misjudgement {
    /// Standard deviation, a flow.
    pub sigma: Number,
    /// Autocorrelation per month, 0–1; default 0.98.
    pub rho_month: Option<Number>,
    /// Annotations.
    pub notes: Notes,
}

/// `[bodies.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// Full name.
    pub name: Name,
    /// Actors.
    pub members: Vec<Name>,
    /// Voting weight by member; default 1 each.
    pub weights: Map<Number>,
    /// `quota = { matter = "unanimity" }` or `{ matter = { qualified_majority = 0.65 } }`.
    pub quota: Map<Quota>,
    /// Misjudgement of the body's vote; default sigma 0.
    pub notes: Notes,
}

/// Share of voting weight that a matter needs.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a model holds a few thousand of them, once")]
pub enum Quota {
    /// Every member.
    Unanimity,
    /// A share of the weights, 0–1.
    QualifiedMajority(Number),
}

/// `[levers.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// Who moves: an actor, a list of actors (each on its own review), or a body as one.
    pub owners: Vec<Name>,
    /// For a body that owns it: the matter on which it votes.
    pub matter: Option<Name>,
    /// The actor at whom it is aimed.
    pub target: Option<Name>,
    /// What it does to the state.
    pub effects: Map<Effect>,
    /// What it costs its owner.
    pub cost: Cost,
    /// Months before it can be used again; default 0.
    pub cooldown_months: Option<Number>,
    /// How often it can be used in one negotiation; default unlimited.
    pub max_uses: Option<Number>,
    /// Saturation: each further use multiplies added amounts by this; default 1.
    pub saturation: Option<Number>,
    /// Whose consent it needs.
    pub requires: Option<Deliverer>,
    /// `ends = "mediation"`.
    pub ends: Option<Name>,
    /// What its owner may announce to do if something happens that it does not want.
    pub threat: Option<Pledge>,
    /// What its owner may announce to do if something happens that it wants.
    pub promise: Option<Pledge>,
    /// Whether others learn from its use.
    pub signal: bool,
    /// How they learn: `one_level` (default) or `naive`.
    pub receiver: Option<Name>,
    /// For naive receivers: chance of the use by type of the owner.
    pub likelihood: Map<Number>,
    /// Condition on the state.
    pub when: Option<Number>,
    /// `phase`: of `talks` (default; war and truce), `war`, `truce`, `aftermath`.
    pub phase: Vec<Name>,
    /// Annotations.
    pub notes: Notes,
}

/// `threat = { if, within_months, audience_cost }` of a lever, and `promise`; with `unless` for `if` an ultimatum.
#[derive(Clone, Debug, PartialEq)]
pub struct Pledge {
    /// The condition under which the lever will be used, or unless which it will be used when the time is over.
    pub when: Number,
    /// An ultimatum: `unless` was written.
    pub unless: bool,
    /// For how many months after the announcement.
    pub within_months: Number,
    /// What breaking it costs; default 0.
    pub audience_cost: Option<Number>,
    /// Where it stands.
    pub span: Span,
}

/// Effect of a lever or an event on one state.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// `us_aid = -0.1` or `{ add = -0.1 }`: added once; `"=0"` or `{ set = "0" }`: set.
    pub op: EffectOp,
    /// The amount.
    pub amount: Number,
    /// Months until it happens; default 0.
    pub delay_months: Option<Number>,
    /// Months after which an added amount is taken back; none: it stays.
    pub duration_months: Option<Number>,
    /// Rate a month at which an added amount fades; none: it stays.
    pub decay_per_month: Option<Number>,
}

/// Ways to change a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectOp {
    /// Add the amount.
    Add,
    /// Set to the amount.
    Set,
}

/// Cost of a lever.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// Amount.
    pub value: Number,
    /// `flow | once | present_value`.
    pub kind: Name,
    /// For a flow: for how many months.
    pub months: Option<Number>,
}

/// `[guarantees.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Guarantee {
    /// An actor or body: the guarantor.
    pub by: Name,
    /// Condition on the package under which it is given; default always.
    pub needs: Option<Number>,
    /// `capability.<domain>`: expression over the package, 0–1. Domains are the keys of `[attacks.x.domains]`.
    pub capability: Map<Number>,
    /// Force size in units of 10,000 troops, an expression over the package; default 0.
    pub size: Option<Number>,
    /// Resolve before tripwire and backing, an index.
    pub will: Number,
    /// Strength of the tripwire term; default 0.
    pub tripwire: Option<Number>,
    /// Force size at which the tripwire term is ln 2; default 1 (10,000 troops).
    pub tripwire_scale: Option<Number>,
    /// What the guarantor has staked by signing; default 0.
    pub stake: Option<Number>,
    /// Backing by another power.
    pub backstop: Option<Backstop>,
    /// Slope of the logistic in kappa; default 7.
    pub slope: Option<Number>,
    /// Threshold in kappa; default 0.25.
    pub threshold: Option<Number>,
    /// Share of capability lost per year; default 0.
    pub fatigue: Option<Number>,
    /// Risk that its answer runs out of control (`rho_g`); default 0.
    pub escalation_risk: Option<Number>,
    /// How much that risk lowers its will (`rho_g` times this); default 0.
    pub escalation_fear: Option<Number>,
    /// Annotations.
    pub notes: Notes,
}

/// Backing of a guarantor by another power.
#[derive(Clone, Debug, PartialEq)]
pub struct Backstop {
    /// The backer, an actor.
    pub by: Name,
    /// beta: added to will when the backer stands, an expression over the package.
    pub strength: Number,
    /// Believed probability that the backer stands.
    pub probability: Number,
}

/// `[attacks.<id>]`: something that may be done to a settled register.
#[derive(Clone, Debug, PartialEq)]
pub struct Attack {
    /// The attacker.
    pub by: Name,
    /// The attacked.
    pub target: Name,
    /// o: opportunities per year.
    pub per_year: Number,
    /// `lambda_attack`: precision of the choice; default 15.
    pub precision: Option<Number>,
    /// `waiting` (default: compared with not attacking now) or `flow` (myopic).
    pub compare: Option<Name>,
    /// `rate` (default) or `draw` (the yearly hazard is o L itself; for the classics).
    pub form: Option<Name>,
    /// Years of the nodes; default [1, 2, 3, 5, 8].
    pub nodes_years: Vec<Number>,
    /// `renewal` (default) or `safe`.
    pub tail: Option<Name>,
    /// Guarantees that may answer.
    pub answered_by: Vec<Name>,
    /// `pooled | independent | weakest_link | best_shot | additive`; default pooled.
    pub combine: Option<Name>,
    /// `domains = { ground = 0.5, air = 0.5 }`: weights `a_m`, sum 1.
    pub domains: Map<Number>,
    /// r of the CES aggregate; default -1.
    pub ces: Option<Number>,
    /// b: steepness of the Hill curve; default 2.
    pub hill: Option<Number>,
    /// C*: capability at which G is one half; default 0.35.
    pub half_capability: Option<Number>,
    /// Log balance as the attacker sees it, an expression over package, state and `years_ahead`; none: `continues`.
    pub balance: Option<Number>,
    /// `tau_w` of the three-outcome lottery; default 0.15.
    pub win_threshold: Option<Number>,
    /// `s_w` of the three-outcome lottery; default 0.15.
    pub win_slope: Option<Number>,
    /// Ending if the attacker wins; none: `continues`.
    pub victory: Option<Name>,
    /// Ending if the attacker is beaten; none: `continues`.
    pub defeat: Option<Name>,
    /// Ending if an answer runs out of control; needed when a guarantee has `escalation_risk`.
    pub escalation: Option<Name>,
    /// Length of the renewed war, months; default 24.
    pub war_months: Option<Number>,
    /// War cost of the attacker, a flow; default: its `war_cost` at the present state.
    pub war_cost: Option<Number>,
    /// What a failed attack costs the attacker; default 0.08.
    pub repulse_loss: Option<Number>,
    /// phi: share of deterrence that works by denial, 0–1; default 0.5.
    pub denial_share: Option<Number>,
    /// Weight of pooled capability on the balance; default 0.9.
    pub denial: Option<Number>,
    /// Loss by punishment; default 0.6.
    pub punishment: Option<Number>,
    /// `G_0`: punishment below it deters nobody; default 0.06.
    pub threshold: Option<Number>,
    /// Provocation in the attack comparison, a flow over the package; default 0.
    pub provocation: Option<Number>,
    /// Audience cost of breaking the agreement; default 0.
    pub audience_cost: Option<Number>,
    /// Whether it stays below the threshold of war: the register stands, and it can be done again.
    pub continues: bool,
    /// What an act of a continuing attack gains the attacker while it lasts, a flow.
    pub gain: Option<Number>,
    /// What it costs others while it lasts, a flow by actor; `default` covers those not named.
    pub harm: Map<Number>,
    /// Chance that a breach is established, so that revocable options can be withdrawn; default 1.
    pub detection: Option<Number>,
    /// `snapback = { vote = .. }`: they are withdrawn with this chance; none: automatically.
    pub snapback: Option<Snapback>,
    /// The same attack on a truce; none: a truce is not broken by it.
    pub truce: Option<TruceAttack>,
    /// Annotations.
    pub notes: Notes,
}

/// `snapback = { vote = .. }` or `snapback = { by, matter, worth }` of an attack: revocable options are not withdrawn by themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapback {
    /// Chance that whoever decides votes for it.
    pub vote: Option<Number>,
    /// A body that votes on it by its members' margins, with the matter of the vote.
    pub by: Option<Deliverer>,
    /// What punishing the breach is worth to each member, a flow; `default` for those not named.
    pub worth: Map<Number>,
    /// Where it stands.
    pub span: Span,
}

/// `truce = { per_year = .., surprise = .., audience_cost = .. }` of an attack: resuming the war during a truce.
#[derive(Clone, Debug, PartialEq)]
pub struct TruceAttack {
    /// Opportunities a year.
    pub per_year: Number,
    /// What surprise gains the attacker, a flow; default 0.
    pub surprise: Option<Number>,
    /// What breaking the truce costs it, a flow; default 0.
    pub audience_cost: Option<Number>,
}

/// `[ratifiers.<id>]`
#[derive(Clone, Debug, PartialEq)]
pub struct Ratifier {
    /// Whose signature it must confirm.
    pub of: Name,
    /// Support, an expression over package, state and `G`, dimensionless.
    pub support: Number,
    /// Support at which the chance is one half.
    pub threshold: Number,
    /// Spread of the vote.
    pub slope: Number,
    /// `constraint` (default: it votes) or `threat_point` (its actor weighs what it may lose at home).
    pub role: Option<Name>,
    /// Instruments that it must confirm; none: those that lead to a settlement.
    pub confirms: Vec<Name>,
    /// Autocorrelation of the mood per month; default 0.98.
    pub rho_month: Option<Number>,
    /// Annotations.
    pub notes: Notes,
}

/// `[events.<id>]`: happens once.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Condition on the state.
    pub when: Option<Number>,
    /// Calendar date (exactly one of the two is given).
    pub date: Option<Name>,
    /// The date, parsed.
    pub on: Option<Date>,
    /// What it does to the state.
    pub effects: Map<Effect>,
    /// `ends = "mediation"`: mediators stop proposing; the rate of talks is multiplied by `after_exit`.
    pub ends: Option<Name>,
    /// Annotations.
    pub notes: Notes,
}

/// `[[outcomes]]`
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Id.
    pub id: Name,
    /// Condition on the finished negotiation.
    pub when: Number,
    /// Annotations.
    pub notes: Notes,
}

/// `[[outcome_column]]`
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeColumn {
    /// Column name.
    pub id: Name,
    /// Expression on the finished negotiation.
    pub value: Number,
    /// Annotations.
    pub notes: Notes,
}

/// `[search]`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// Most packages to list; of a larger space a pool is selected. Default 4096.
    pub candidates: Option<Number>,
    /// Pairs of issues that are changed together when the pool is selected.
    pub pairs: Vec<Vec<Name>>,
}

/// `[behaviour]`: numbers of the choice rules. Defaults from `core.md` 19.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Behaviour {
    /// Precision of offers; default 30. `precision = "argmax"` is written as `offer_precision = 1e9`.
    pub offer_precision: Option<Number>,
    /// Precision of deliverers' consent; default 30.
    pub consent_precision: Option<Number>,
    /// Least forecast ratification of an offer; default 0.25.
    pub least_ratification: Option<Number>,
    /// Least forecast consent of an offer; default 0.25.
    pub least_consent: Option<Number>,
    /// Share of acts that beliefs put down to chance; default 0.01.
    pub mixing: Option<Number>,
    /// Gain attributed to doing nothing; default 0.002.
    pub inertia: Option<Number>,
    /// Precision of lever choice; default 8.
    pub lever_precision: Option<Number>,
    /// Lever reviews per actor and year; default 6.
    pub reviews_per_year: Option<Number>,
    /// Autocorrelation per month of the mood of those who consent; default 0.98.
    pub consent_rho_month: Option<Number>,
    /// Factor on credibility when a threat or promise is broken; default 0.8.
    pub credibility_broken: Option<Number>,
    /// Share of the way to 1 that credibility goes when one is kept; default 0.1.
    pub credibility_kept: Option<Number>,
}

/// `[protocol]`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Protocol {
    /// `random_proposer | one_offer | alternating_offers | stacked_offers | single_text`.
    pub kind: Option<Name>,
    /// Who takes turns, in this order; default all signatories as declared.
    pub order: Vec<Name>,
    /// Of stacked offers: a step is one party's action, not one of each.
    pub one_offer_per_step: bool,
    /// Chance of each actor to propose; sums to 1.
    pub recognition: Map<Number>,
    /// Chance of at least one offer in a month, 0–1.
    pub offers_per_month: Option<Number>,
    /// Breakdown risk per step (exogenous end of talks), 0–1; default 0.
    pub breakdown: Option<Number>,
    /// Factor on the rate of talks after mediation ends, 0–1; default 0.35.
    pub after_exit: Option<Number>,
    /// Chance of at least one offer in a month of a truce, 0–1; default 1/3.
    pub truce_offers_per_month: Option<Number>,
}
