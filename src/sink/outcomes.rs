//! `outcomes.csv`: one row a job.

use crate::design::Factor;
use crate::design::plan::Job;
use crate::engine::record::{Agreement, Record};
use crate::model::{Measure, Model, Regime, Types};

use super::cell::Rows;
use super::column::{CellType, Column, Draft};
use super::measured::{self, Found, Measured};
use super::name::Names;
use super::words;

/// One cell of a row; indices are those of the model's vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Point,
    Replication,
    Seed,
    Varied(usize),
    Status,
    Outcome,
    EndMonth,
    CeasefireMonth,
    AgreementMonth,
    EndRegime,
    ZopaWidth,
    RipeMonths,
    Blocker,
    Cost(usize),
    Regret(usize),
    BestRefused(usize),
    Term(usize),
    Utility(usize),
    AttackProb,
    AttackProb60,
    Strength,
    BelievedStrength,
    RenewedWar,
    RenewedWarMonth,
    PeaceMonths,
    EndState(usize),
    Agreements,
    TrucesBroken,
    TruceMonths,
    Pressure,
    Total(usize),
    Closest(usize),
    Offers,
    FirstForecast,
    FirstAccepted,
    Stalls,
    FailedVotes,
    Refusals(usize),
    Uses(usize),
    AllTransitions,
    Transitions(usize),
    Type(usize),
    Declared(usize),
    Measured(Measured),
}

/// Which job a row is of.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The job.
    pub job: Job,
    /// The seed that `detente trace` needs to play it again.
    pub seed: u64,
    /// What is varied.
    pub factors: &'a [Factor],
    /// The values of the point, one a factor.
    pub values: &'a [f64],
}

impl Row<'_> {
    /// A row of a plain run.
    #[must_use]
    pub const fn plain(job: Job, seed: u64) -> Self {
        Self { job, seed, factors: &[], values: &[] }
    }
}

/// The cell of a varied value: a number, or the name of a level.
pub(super) fn varied(factor: &Factor, value: f64, rows: &mut Rows) {
    match factor.names() {
        Some(names) => rows.text(names.get(value as usize).map_or("", String::as_str)),
        None => rows.number(value),
    }
}

/// The columns of what is varied.
fn varied_columns(factors: &[Factor]) -> impl Iterator<Item = Draft> + '_ {
    factors.iter().map(|factor| {
        let meaning = format!("value of {} at the point", factor.name);
        if let Some(names) = factor.names() {
            let meaning = format!("level of {} at the point", factor.name);
            return Draft::text(factor.name.clone(), meaning).one_of(names.iter().map(String::as_str));
        }
        let (low, high) = factor.ends();
        Draft::number(factor.name.clone(), meaning).range(super::column::span(low, high))
    })
}

/// Writes the rows of `outcomes.csv` of one model.
#[derive(Clone, Debug)]
pub struct Outcomes {
    fields: Vec<Field>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

impl Outcomes {
    /// The table of a model over these factors.
    #[must_use]
    pub fn new(model: &Model, factors: &[Factor]) -> Self {
        let mut list = beginning(model, factors);
        list.extend(by_actor(
            model,
            "cost",
            Field::Cost,
            "costs paid, discounted: of war, levers, broken words, offers before an audience and troops sent, by",
        ));
        list.extend(by_actor(model, "regret", Field::Regret, "best value refused minus value realised, of"));
        list.extend(by_actor(model, "best_refused", Field::BestRefused, "best value refused, of"));
        list.extend(terms(model));
        list.extend(by_actor(model, "u", Field::Utility, "realised value: flows and ending, discounted, of"));
        list.extend(aftermath());
        list.extend(end_states(model));
        list.extend(counts(model));
        list.extend(measures(model));
        list.extend(types(model));
        list.extend(declared(model));
        list.extend(measured::columns(model).into_iter().map(|(what, draft)| (Field::Measured(what), draft)));
        let (fields, drafts): (Vec<_>, Vec<_>) = list.into_iter().unzip();
        // What every run has keeps its name; a path that would take it gets another.
        let mut names = Names::default();
        let mut columns: Vec<Option<Column>> = vec![None; fields.len()];
        let mut drafts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
        for varied in [false, true] {
            for (at, field) in fields.iter().enumerate() {
                if matches!(field, Field::Varied(_)) == varied {
                    columns[at] = drafts[at].take().map(|draft| draft.named(&mut names));
                }
            }
        }
        Self { fields, columns: columns.into_iter().flatten().collect() }
    }

    /// The columns of what is varied.
    #[must_use]
    pub fn varied(&self) -> Vec<Column> {
        let list = self.fields.iter().zip(&self.columns);
        list.filter(|(field, _)| matches!(field, Field::Varied(_))).map(|(_, column)| column.clone()).collect()
    }

    /// Writes the row of one job; without a record the row says `failed` and all that was not known before is missing.
    pub fn write(&self, model: &Model, row: &Row<'_>, record: Option<&Record>, rows: &mut Rows) {
        let found = record.and_then(|record| Found::of(model, record));
        for field in &self.fields {
            match (field, record) {
                (Field::Point, _) => rows.integer(row.job.point),
                (Field::Replication, _) => rows.integer(row.job.replication),
                (Field::Seed, _) => rows.integer(row.seed),
                (Field::Varied(i), _) => varied(&row.factors[*i], row.values[*i], rows),
                (Field::Status, _) => rows.text(if record.is_some() { "ok" } else { "failed" }),
                (Field::Measured(what), _) => match (what, found.as_ref().and_then(|found| found.value(*what))) {
                    ((Measure::FrontierSize, _), Some(count)) => rows.integer(count as u64),
                    (_, value) => rows.maybe(value),
                },
                (_, Some(record)) => cell(*field, model, record, rows),
                (_, None) => rows.missing(),
            }
        }
        rows.end();
    }
}

fn cell(field: Field, model: &Model, record: &Record, rows: &mut Rows) {
    let settled = record.settlement.as_ref();
    match field {
        Field::Point | Field::Replication | Field::Seed | Field::Varied(_) | Field::Status | Field::Measured(_) => {
            unreachable!("written by the caller")
        }
        Field::CeasefireMonth => rows.maybe(ceasefire_month(model, record)),
        Field::Outcome => rows.text(&model.outcomes[record.outcome.index()].id),
        Field::EndMonth => rows.number(record.end_month),
        Field::AgreementMonth => rows.maybe(record.agreement_month),
        Field::EndRegime => rows.text(record.end_regime.word()),
        Field::ZopaWidth => rows.number(record.zopa_width),
        Field::RipeMonths => rows.number(record.ripe_months),
        Field::Blocker => rows.text(record.blocker.map_or("", |a| &model.actors[a.index()].id)),
        Field::Cost(i) => rows.number(record.cost[i]),
        Field::Regret(i) => rows.maybe(record.regret[i]),
        Field::BestRefused(i) => rows.maybe(record.best_refused[i]),
        Field::Term(i) => rows.text(words::option(model, i, record.terms[i])),
        Field::Utility(i) => rows.number(record.utility[i]),
        Field::AttackProb => rows.maybe(settled.map(|s| s.attack_prob)),
        Field::AttackProb60 => rows.maybe(settled.map(|s| s.attack_prob_60m)),
        Field::Strength => rows.maybe(settled.map(|s| s.g)),
        Field::BelievedStrength => rows.maybe(settled.map(|s| s.g_hat)),
        Field::RenewedWar => rows.maybe_flag(settled.map(|s| s.attacked)),
        Field::RenewedWarMonth => rows.maybe(settled.and_then(|s| s.attack_month)),
        Field::PeaceMonths => rows.maybe(settled.map(|s| s.peace_months)),
        Field::EndState(i) => rows.number(record.end_state[i]),
        Field::Agreements => rows.integer(record.agreements.len() as u64),
        Field::TrucesBroken => rows.integer(record.truces_broken.into()),
        Field::TruceMonths => rows.number(record.truce_months),
        Field::Pressure => rows.integer(record.pressure.into()),
        Field::Total(i) => rows.number(record.totals[i]),
        Field::Closest(i) => rows.maybe(record.closest[i]),
        Field::Offers => rows.integer(record.offers.into()),
        Field::FirstForecast => rows.maybe(record.forecast),
        Field::FirstAccepted => rows.maybe_flag(record.first_accepted),
        Field::Stalls => rows.integer(record.stalls.into()),
        Field::FailedVotes => rows.integer(record.failed_votes.into()),
        Field::Refusals(i) => rows.integer(record.refusals[i].into()),
        Field::Uses(i) => rows.integer(record.lever_uses[i].into()),
        Field::AllTransitions => rows.integer(record.transitions.iter().map(|&n| u64::from(n)).sum()),
        Field::Transitions(i) => rows.integer(record.transitions[i].into()),
        Field::Type(i) => rows.text(words::type_name(model, i, record.types[i])),
        Field::Declared(i) => rows.number(record.extra[i]),
    }
}

/// Month of the first signature that led to a truce.
fn ceasefire_month(model: &Model, record: &Record) -> Option<f64> {
    let leads = |a: &&Agreement| model.instruments[usize::from(a.instrument)].leads_to == Some(Regime::Truce);
    record.agreements.iter().find(leads).map(|a| f64::from(a.step) * model.clock.months_per_step)
}

type Entry = (Field, Draft);

fn beginning(model: &Model, factors: &[Factor]) -> Vec<Entry> {
    let outcomes = model.outcomes.iter().map(|o| o.id.as_str());
    let actors = model.actors.iter().map(|a| a.id.as_str());
    let mut list = vec![
        (Field::Point, Draft::integer("point", "point of the design")),
        (Field::Replication, Draft::integer("replication", "replication, counted from 0")),
        (Field::Seed, Draft::integer("seed", "seed of the draws: of the run, or of the point where points draw alone")),
    ];
    list.extend(varied_columns(factors).enumerate().map(|(i, draft)| (Field::Varied(i), draft)));
    list.extend([
        (Field::Status, Draft::text("status", "failed: see failures.csv").one_of(["ok", "failed"])),
        (Field::Outcome, Draft::text("outcome", "first declared outcome whose condition holds").one_of(outcomes)),
        (Field::EndMonth, Draft::months("end_month", "month in which the replication ended")),
        (Field::CeasefireMonth, Draft::months("ceasefire_month", "month of the first signature leading to a truce")),
        (Field::AgreementMonth, Draft::months("agreement_month", "month of the signature of the settlement")),
        (Field::EndRegime, Draft::text("end_regime", "regime at the end").one_of(Regime::ALL.map(Regime::word))),
        (
            Field::ZopaWidth,
            Draft::payoff("zopa_width", "widest zone of agreement over the talks: largest least gain, signed"),
        ),
        (
            Field::RipeMonths,
            Draft::months("ripe_months", "months in which disagreement hurt all and a zone of agreement existed"),
        ),
        (
            Field::Blocker,
            Draft::text("blocker", "most frequent single blocker: whose yes alone was missing").one_of(actors),
        ),
    ]);
    list
}

fn by_actor<'a>(
    model: &'a Model,
    prefix: &'a str,
    field: fn(usize) -> Field,
    meaning: &'a str,
) -> impl Iterator<Item = Entry> + 'a {
    model.actors.iter().enumerate().map(move |(i, actor)| {
        (field(i), Draft::payoff(format!("{prefix}_{}", actor.id), format!("{meaning} {}", actor.id)))
    })
}

fn terms(model: &Model) -> impl Iterator<Item = Entry> + '_ {
    model.issues.iter().enumerate().map(|(i, issue)| {
        let path = format!("term_{}", issue.id);
        let meaning = format!("option of {} in force at the end", issue.id);
        let draft = match (issue.numeric, issue.options.first(), issue.options.last()) {
            (true, Some(first), Some(last)) => Draft::number(path, meaning).range(format!("{}..{}", first.id, last.id)),
            _ => Draft::text(path, meaning).one_of(issue.options.iter().map(|o| o.id.as_str())),
        };
        (Field::Term(i), draft)
    })
}

fn aftermath() -> Vec<Entry> {
    vec![
        (
            Field::AttackProb,
            Draft::probability("attack_prob_at_signing", "forecast at signing: an attack within 8 years"),
        ),
        (Field::AttackProb60, Draft::probability("attack_prob_60m", "forecast at signing: an attack within 60 months")),
        (Field::Strength, Draft::probability("g_at_signing", "deterrent strength G at the guarantors' true wills")),
        (Field::BelievedStrength, Draft::probability("g_hat_at_signing", "deterrent strength G as believed")),
        (Field::RenewedWar, Draft::boolean("renewed_war", "whether the settlement was attacked; missing without one")),
        (Field::RenewedWarMonth, Draft::months("renewed_war_month", "months from signature to attack")),
        (Field::PeaceMonths, Draft::months("peace_months", "months from signature to attack or end of the aftermath")),
    ]
}

fn end_states(model: &Model) -> impl Iterator<Item = Entry> + '_ {
    model.states.iter().enumerate().map(|(i, state)| {
        let draft = Draft::number(format!("end_{}", state.id), format!("{} at the end", state.id))
            .unit(words::state_unit(model, i))
            .range(super::column::span(state.low, state.high));
        (Field::EndState(i), draft)
    })
}

fn counts(model: &Model) -> Vec<Entry> {
    let mut list = vec![
        (Field::Agreements, Draft::integer("n_agreements", "instruments signed or supplied").unit("count")),
        (Field::TrucesBroken, Draft::integer("truces_broken", "truces that ended in war").unit("count")),
        (Field::TruceMonths, Draft::months("truce_months", "months spent in a truce, from the step after a signature")),
        (Field::Pressure, Draft::integer("pressure", "acts of pressure short of war on the settlement").unit("count")),
        (Field::Offers, Draft::integer("offers", "offers made").unit("count")),
        (
            Field::FirstForecast,
            Draft::probability("first_offer_forecast", "proposer's forecast that all agree to the first offer"),
        ),
        (Field::FirstAccepted, Draft::boolean("first_offer_accepted", "whether all agreed to the first offer")),
        (Field::Stalls, Draft::integer("stalls", "steps in which the proposer had nothing to gain").unit("count")),
        (Field::FailedVotes, Draft::integer("failed_votes", "votes that failed").unit("count")),
    ];
    list.extend(model.actors.iter().enumerate().map(|(i, actor)| {
        let meaning = format!("refusals by {}: answers, consent and votes", actor.id);
        (Field::Refusals(i), Draft::integer(format!("refusals_{}", actor.id), meaning).unit("count"))
    }));
    list.extend(model.levers.iter().enumerate().map(|(i, lever)| {
        let owner = words::party(model, lever.party());
        let meaning = format!("uses of {} by {owner}", lever.id);
        (Field::Uses(i), Draft::integer(format!("uses_{}", lever.id), meaning).unit("count"))
    }));
    let meaning = "how often any office-holder was replaced";
    list.push((Field::AllTransitions, Draft::integer("transitions", meaning).unit("count")));
    list.extend(model.transitions.iter().enumerate().map(|(i, transition)| {
        let of = &model.actors[transition.of.index()].id;
        let meaning = format!("how often {} replaced who holds office in {of}", transition.id);
        (Field::Transitions(i), Draft::integer(format!("times_{}", transition.id), meaning).unit("count"))
    }));
    list
}

/// What adds up, and how close the talks came to the hazards that measure it; both only where the model says so.
fn measures(model: &Model) -> Vec<Entry> {
    let about = |notes: &crate::spec::model::Notes, default: String| {
        notes.about.as_ref().map_or(default, |about| about.text.clone())
    };
    let totals = model.tallies.iter().zip(&model.spec.tallies).enumerate().map(|(i, (tally, (_, written)))| {
        let unit = written.notes.unit.as_ref().map_or("", |unit| unit.text.as_str());
        let meaning = about(&written.notes, format!("{} added up over talks and aftermath", tally.id));
        (Field::Total(i), Draft::number(format!("total_{}", tally.id), meaning).unit(unit))
    });
    let measured = model.hazards.iter().enumerate().filter(|(_, hazard)| hazard.distance.is_some());
    let closest = measured.map(|(i, hazard)| {
        let meaning = format!("least distance to {} over the talks, while it could strike", hazard.id);
        (Field::Closest(i), Draft::number(format!("closest_{}", hazard.id), meaning))
    });
    totals.chain(closest).collect()
}

fn types(model: &Model) -> impl Iterator<Item = Entry> + '_ {
    model.actors.iter().enumerate().filter_map(|(i, actor)| match &actor.types {
        Types::Named(list) if list.len() > 1 => {
            let draft = Draft::text(format!("type_{}", actor.id), format!("type drawn for {}", actor.id))
                .one_of(list.iter().map(|t| t.id.as_str()));
            Some((Field::Type(i), draft))
        }
        _ => None,
    })
}

fn declared(model: &Model) -> impl Iterator<Item = Entry> + '_ {
    model.outcome_columns.iter().enumerate().map(|(i, column)| {
        let notes = model.spec.outcome_columns.get(i).map(|c| &c.notes);
        let about = notes.and_then(|n| n.about.as_ref()).map_or("declared by the model", |t| t.text.as_str());
        let unit = notes.and_then(|n| n.unit.as_ref()).map_or("", |t| t.text.as_str());
        (Field::Declared(i), Draft::new(column.id.clone(), CellType::Number, about).unit(unit))
    })
}
