//! A small model and a fake engine, so that runs and tables are tested without the real one.

use crate::design::plan::Job;
use crate::engine::observer::{Deal, Move, Observer, Reach, StepView};
use crate::engine::record::{Agreement, EndedBy, Record, Settlement};
use crate::id::{ActorId, BodyId, EndingId, IssueId, LeverId, OutcomeId, RatifierId, StateId};
use crate::model::dist::Distribution;
use crate::model::expr::{self, ChoiceId, Place, Program, Scope, Stage, Type, Variable, Want};
use crate::model::kind::Kind;
use crate::model::layout::Sizes;
use crate::model::packages::{Listing, Space};
use crate::model::{
    Actor, Behaviour, Body, Clock, CostKind, Deliverer, Effect, Event, Hazard, Instrument, Issue, IssueOption, Layout,
    Lever, Model, NamedType, OptionValues, Outcome, OutcomeColumn, Owner, Packages, Party, Protocol, ProtocolKind,
    Ratifier, RatifierRole, Regime, Role, Scalar, ScalarSource, Security, State, Trigger, Types, Value,
};
use crate::rng::Entity;
use crate::spec::model::Spec;
use crate::spec::problem::Problems;
use crate::spec::tree::{SourceFile, Sources, Span};

const TEXT: &str = r#"
[model]
name = "tiny"
title = "Two sides, one line"
step = "month"
horizon_months = 3
aftermath_months = 24
foresight_months = 3

[state.front]
start = 0.5
range = [0, 1]
unit = "share of the land"

[instruments.settlement]
scope = "all"
leads_to = "settled"
"#;

struct NoNames;

impl Scope for NoNames {
    fn lookup(&self, _: &str) -> Option<Variable> {
        None
    }
    fn members(&self, _: ChoiceId) -> &[String] {
        &[]
    }
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

fn always() -> Program {
    let want = Want { ty: Some(Type::Bool), stage: Stage::End, bounds: None, must_fit: false };
    let place = Place { span: Span::default(), path: "outcomes" };
    let mut problems = Problems::default();
    expr::compile("1 < 2", place, &NoNames, want, &mut problems).unwrap_or_else(|| panic!("{problems:?}"))
}

fn spec() -> Spec {
    let file = SourceFile { name: "tiny.toml".to_owned(), text: TEXT.to_owned() };
    crate::spec::read(&Sources { files: vec![file] }, &[]).spec.expect("the text has a [model]")
}

const ZERO: Value = Value::Const(0.0);

fn actor(id: &str, role: Role, types: Types) -> Actor {
    Actor {
        id: id.to_owned(),
        name: id.to_owned(),
        role,
        capability: ZERO,
        patience: Value::Const(0.98),
        types,
        weights: vec![vec![ZERO, ZERO]],
        values: vec![OptionValues::None, OptionValues::None],
        red_lines: Vec::new(),
        terms: Vec::new(),
        war_cost: Vec::new(),
        truce_share: ZERO,
        no_deal_flow: Vec::new(),
        walk_out: Vec::new(),
        stalling: None,
        optimism: ZERO,
        optimism_months: Value::Const(12.0),
        sigma: ZERO,
        rho_month: ZERO,
        voice: ZERO,
        pivotal: ZERO,
        kept: ZERO,
        relief: ZERO,
        believes: Vec::new(),
        reviews_per_year: None,
        credibility: ZERO,
        audience: None,
        entity: Entity::named(&format!("actors.{id}")),
    }
}

fn named(ids: &[&str]) -> Types {
    let prior = || Value::Const(1.0 / ids.len() as f64);
    Types::Named(ids.iter().map(|id| NamedType { id: (*id).to_owned(), prior: prior() }).collect())
}

fn option(id: &str, number: f64) -> IssueOption {
    IssueOption {
        id: id.to_owned(),
        number,
        position: ZERO,
        revocable: false,
        delivered_by: 0,
        acts_in_war: false,
        bar: None,
    }
}

fn scalar(path: &str, source: ScalarSource) -> Scalar {
    let entity = Entity::named(path);
    Scalar { path: path.to_owned(), source, kind: Kind::Probability, low: 0.0, high: 1.0, entity, common: None }
}

/// Two signatories, a mediator of two types, a body, two issues, a state, a lever, a hazard, an event, a ratifier.
#[expect(clippy::too_many_lines, reason = "a list: every field of a model, once")]
pub fn model() -> Model {
    let sizes = Sizes { states: 1, derived: 0, actors: 3, private: 1, issues: 2, instruments: 1, ..Sizes::default() };
    let layout = Layout::new(sizes);
    let private = Types::Continuous {
        path: "params.UA_cost".to_owned(),
        slot: layout.private,
        distribution: Distribution::Uniform { low: 0.0, high: 1.0 },
        entity: Entity::named("params.UA_cost"),
    };
    let drawn = ScalarSource::Drawn(Distribution::Uniform { low: 0.0, high: 1.0 });
    let issue = |id: &str, numeric, options: &[(&str, f64)]| Issue {
        id: id.to_owned(),
        numeric,
        options: options.iter().map(|(id, number)| option(id, *number)).collect(),
        status_quo: 0,
    };
    let outcome = |id: &str| Outcome { id: id.to_owned(), when: always() };
    Model {
        spec: spec(),
        clock: Clock { months_per_step: 1.0, horizon_steps: 3, aftermath_steps: 24, foresight_steps: 3 },
        layout,
        scalars: vec![
            scalar("params.p_sham", drawn.clone()),
            scalar("params.fixed", ScalarSource::Constant(0.5)),
            scalar("actors.RU.patience", drawn),
        ],
        actors: vec![
            actor("RU", Role::Signatory, named(&["only"])),
            actor("UA", Role::Signatory, private),
            actor("US", Role::Mediator, named(&["stays", "walks"])),
        ],
        bodies: vec![Body { id: "EU".to_owned(), members: vec![(ActorId(2), 1.0)] }],
        deliverers: vec![Deliverer {
            id: "EU.relief".to_owned(),
            who: Party::Body(BodyId(0)),
            quota: 1.0,
            entity: Entity::named("EU.relief"),
        }],
        issues: vec![
            issue("line", false, &[("frozen", 0.0), ("ceded", 1.0)]),
            issue("force", true, &[("0", 0.0), ("1.5", 1.5)]),
        ],
        states: vec![State {
            id: "front".to_owned(),
            start: Value::Const(0.5),
            low: 0.0,
            high: 1.0,
            change: None,
            noise_sd: ZERO,
            jump: None,
            entity: Entity::named("state.front"),
        }],
        derived: Vec::new(),
        instruments: vec![Instrument {
            id: "settlement".to_owned(),
            scope: vec![true, true],
            variants: Vec::new(),
            parties: vec![ActorId(0), ActorId(1)],
            providers: Vec::new(),
            leads_to: Some(Regime::Settled),
            from: [true, true, false],
            imposed: false,
            framework: false,
            term_steps: None,
            lapse_per_year: ZERO,
            denounced_by: Vec::new(),
            denounce_per_year: ZERO,
            denounce_cost: ZERO,
            entity: Entity::named("instruments.settlement"),
        }],
        settlement: 0,
        hazards: vec![Hazard {
            id: "collapse".to_owned(),
            in_war: true,
            in_truce: false,
            when_settled: false,
            rate: ZERO,
            per_month: 1.0,
            ending: Some(EndingId(0)),
            distance: None,
        }],
        tallies: Vec::new(),
        endings: Vec::new(),
        foresight: Vec::new(),
        named_packages: Vec::new(),
        anchor: vec![0, 0],
        space: Space {
            rules: Vec::new(),
            open: vec![true; 2],
            most: 4,
            pool: 4,
            pairs: Vec::new(),
            listing: Listing::Complete,
        },
        packages: packages(),
        security: Security { issues: vec![IssueId(1)], representative: vec![0, 1] },
        levers: vec![lever()],
        guarantees: Vec::new(),
        attacks: Vec::new(),
        ratifiers: vec![Ratifier {
            id: "rada".to_owned(),
            of: ActorId(1),
            parts: None,
            role: RatifierRole::Constraint,
            confirms: vec![true],
            support: ZERO,
            threshold: ZERO,
            slope: Value::Const(1.0),
            rho_month: ZERO,
            entity: Entity::named("ratifiers.rada"),
        }],
        events: vec![Event {
            id: "election".to_owned(),
            trigger: Trigger::Step(1),
            effects: Vec::new(),
            ends_mediation: false,
            ends: None,
        }],
        outcomes: vec![outcome("peace"), outcome("renewed_war"), outcome("no_deal")],
        outcome_columns: vec![OutcomeColumn { id: "front_end".to_owned(), value: ZERO }],
        behaviour: behaviour(),
        protocol: Protocol {
            kind: ProtocolKind::RandomProposer,
            order: Vec::new(),
            one_offer_per_step: false,
            recognition: vec![Value::Const(0.5), Value::Const(0.5), ZERO],
            offers_per_month: Value::Const(0.7),
            breakdown: ZERO,
            after_exit: ZERO,
            truce_offers_per_month: ZERO,
        },
        prologue: Vec::new(),
        register_start: vec![0, 0],
        coalitions: Vec::new(),
        transitions: Vec::new(),
        scripts: Vec::new(),
        measures: crate::model::Measures::default(),
        scenario: None,
        tactics: vec![None; 3],
        stack_depth: 2,
        lanes_read: Vec::new(),
        pledges_read: false,
    }
}

fn packages() -> Packages {
    Packages {
        n_candidates: 4,
        n_settled: 4,
        n_known: 4,
        options: vec![0, 0, 0, 1, 1, 0, 1, 1],
        keys: vec![0, 1, 2, 3],
        security_of: vec![0, 1, 0, 1],
        delivered_by: vec![0; 4],
        without: vec![vec![0, 1, 2, 3]],
        revocable: vec![false; 4],
        revoked: vec![0, 1, 2, 3],
        status_quo: 0,
    }
}

fn lever() -> Lever {
    Lever {
        id: "cut_aid".to_owned(),
        owner: Owner::Actors(vec![ActorId(2)]),
        target: Some(ActorId(1)),
        effects: vec![Effect {
            state: StateId(0),
            set: false,
            amount: Value::Const(-0.1),
            delay_steps: 0,
            duration_steps: None,
            fading: None,
        }],
        cost: ZERO,
        cost_kind: CostKind::Once,
        cost_steps: 1.0,
        cooldown_steps: 0,
        max_uses: 1,
        saturation: Value::Const(1.0),
        requires: None,
        ends_mediation: false,
        ends: None,
        threat: None,
        promise: None,
        signal: None,
        entity: Entity::named("levers.cut_aid"),
        when: None,
        during: [true, true, false],
    }
}

fn behaviour() -> Behaviour {
    Behaviour {
        evaluator: crate::model::Evaluator::Projection,
        offer_precision: Value::Const(30.0),
        consent_precision: Value::Const(30.0),
        least_ratification: ZERO,
        least_consent: ZERO,
        mixing: ZERO,
        inertia: ZERO,
        lever_precision: Value::Const(8.0),
        reviews_per_year: Value::Const(6.0),
        consent_rho_month: Value::Const(0.98),
        credibility_broken: Value::Const(0.8),
        credibility_kept: Value::Const(0.1),
    }
}

/// Makes a record out of a replication number; panics on the numbers it is told to.
pub struct Fake {
    /// Replications that fail.
    pub broken: Vec<u64>,
    /// Replications whose record holds something that is not a number.
    pub absurd: Vec<u64>,
    /// Called before each replication.
    pub before: Box<dyn Fn(Job) + Sync>,
}

impl Default for Fake {
    fn default() -> Self {
        Self { broken: Vec::new(), absurd: Vec::new(), before: Box::new(|_| ()) }
    }
}

impl crate::run::Play for Fake {
    type Workspace = Option<Record>;

    fn workspace(&self) -> Self::Workspace {
        None
    }

    fn play<'w>(&self, job: Job, workspace: &'w mut Self::Workspace, observer: &mut dyn Observer) -> &'w Record {
        (self.before)(job);
        watch(job.replication, observer);
        assert!(!self.broken.contains(&job.replication), "planted fault\nin {}", job.replication);
        let record = workspace.insert(record(job.replication));
        if self.absurd.contains(&job.replication) {
            record.utility[0] = f64::NAN;
        }
        record
    }

    /// Without noise nothing is signed.
    fn play_exactly<'w>(&self, job: Job, workspace: &'w mut Self::Workspace) -> &'w Record {
        let record = workspace.insert(record(job.replication));
        record.outcome = OutcomeId(2);
        record
    }
}

/// Numbers that look random and depend on the replication alone, 0–1.
fn noise(replication: u64, salt: u64) -> f64 {
    let mixed = (replication * 31 + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as f64 / f64::from(1_u32 << 24)
}

pub fn record(replication: u64) -> Record {
    let signs = !replication.is_multiple_of(3);
    let attacked = replication % 6 == 1;
    let settlement = signs.then(|| Settlement {
        step: (replication % 3) as u32,
        terms: vec![(replication % 2) as u16, 1],
        proposer: ActorId(2),
        attack_prob: 0.25,
        attack_prob_60m: 0.125,
        g: 0.5,
        g_hat: 0.75,
        signed_by_misjudgement: replication % 5 == 1,
        attacked,
        attack_month: attacked.then_some(7.0),
        answered: false,
        lost: false,
        peace_months: if attacked { 7.0 } else { 24.0 },
    });
    Record {
        replication,
        outcome: OutcomeId(if attacked {
            1
        } else if signs {
            0
        } else {
            2
        }),
        end_month: 3.0,
        agreement_month: settlement.as_ref().map(|s| f64::from(s.step)),
        end_regime: if signs { Regime::Settled } else { Regime::War },
        zopa_width: noise(replication, 1) - 0.5,
        ripe_months: 1.0,
        blocker: (!signs).then_some(ActorId(0)),
        terms: settlement.as_ref().map_or_else(|| vec![0, 0], |s| s.terms.clone()),
        utility: (2..5).map(|salt| noise(replication, salt)).collect(),
        cost: vec![0.1, 0.2, -0.0],
        regret: vec![None, Some(0.25), None],
        best_refused: vec![None, Some(0.75), None],
        agreements: settlement.iter().map(agreement).collect(),
        agreement_terms: settlement.as_ref().map_or_else(Vec::new, |s| s.terms.clone()),
        truces_broken: 0,
        truce_months: 0.0,
        pressure: 0,
        totals: Vec::new(),
        closest: vec![None],
        settlement,
        end_state: vec![noise(replication, 5)],
        lever_uses: vec![1],
        transitions: Vec::new(),
        refusals: vec![u32::from(!signs), 0, 0],
        offers: 1,
        stalls: 0,
        failed_votes: 0,
        forecast: Some(0.5),
        first_accepted: Some(signs),
        problem: crate::engine::record::Problem::default(),
        extra: vec![noise(replication, 5)],
        draws: vec![noise(replication, 6), 0.5, noise(replication, 7)],
        types: vec![0, 0, (replication % 2) as u16],
        private: vec![noise(replication, 8)],
        clamps: 1,
    }
}

fn agreement(settlement: &Settlement) -> Agreement {
    let attacked = settlement.attack_month.map(|months| settlement.step + months as u32);
    Agreement {
        instrument: 0,
        step: settlement.step,
        proposer: settlement.proposer,
        misjudged: settlement.signed_by_misjudgement,
        ended_step: attacked,
        ended_by: attacked.map(|_| EndedBy::Attack),
    }
}

fn watch(replication: u64, observer: &mut dyn Observer) {
    let parts = [0.01; 10];
    let deal = Deal { instrument: 0, terms: &[1, 1] };
    for step in 0..=(replication % 3) as u32 {
        let month = f64::from(step);
        let win_set = (step == 0).then_some((0.01, 0.1));
        let reach = [Reach { ratified: Some((-0.2, 0.1)), win_set }; 3];
        let move_of = |by, yes| Move::Answer { by, yes, value: 0.5, against: 0.4, parts: &parts };
        observer.step(&StepView {
            distances: &[],
            step,
            month,
            states: &[noise(replication, u64::from(step))],
            derived: &[],
            disagreement: &[0.3, 0.4, 0.5],
            continuation: &[0.35, 0.4, 0.5],
            parts: &[[0.1, 0.1, 0.1, 0.0, 0.0]; 3],
            zopa_width: 0.05,
            n_agreeable: 2,
            reach: &reach,
            regime: Regime::War,
            predicted: (step == 0).then_some(deal),
            agreement_chance: 0.5,
            beliefs: &[1.0, 1.0, 0.25, 0.75],
        });
        let signs = !replication.is_multiple_of(3);
        observer.on(step, month, &Move::Lever { lever: LeverId(0), by: Party::Actor(ActorId(2)), gain: 0.02 });
        observer.on(step, month, &Move::Offer { by: ActorId(2), deal, forecast: 0.5, gain: 0.1, audience: None });
        observer.on(step, month, &move_of(ActorId(0), signs));
        observer.on(step, month, &Move::Consent { deliverer: 0, yes: step > 0, margin: 0.1 });
        observer.on(step, month, &Move::Vote { ratifier: RatifierId(0), yes: true, chance: 0.9 });
    }
}
