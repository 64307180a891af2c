//! What keeps a peace: deterrence, hazards, and the worth of an agreement that may break down.

use super::case::{Case, case};
use super::table::{Checks, Classic, Mean, Part, switch};
use crate::engine::Workspace;
use crate::engine::appraise::{Start, appraise};
use crate::engine::record::Record;

/// What is played here, by case.
pub(super) const PARTS: &[Part] = &[
    (&["T14a"], deterrence),
    (&["T21a"], survival),
    (&["T21b"], frailty),
    (&["T21c"], weibull),
    (&["C06"], breakdown),
    (&["C07"], guarantee),
];

/// Inputs of the deterrence game.
fn stakes(case: &Case, status_quo: &str) -> Vec<(&'static str, f64)> {
    let names =
        [("params.pw", "/pw"), ("params.gain", "/G"), ("params.c", "/c"), ("params.L", "/L"), ("params.lam", "/lam")];
    let mut inputs: Vec<(&'static str, f64)> =
        names.iter().map(|&(path, pointer)| (path, case.input(pointer))).collect();
    inputs.push(("params.v_SQ", case.input(status_quo)));
    inputs
}

/// Credibility at which an attack is as likely as not, given its occasion.
fn even(inputs: &[(&str, f64)], chance: f64) -> f64 {
    switch(0.0, 1.0, 1e-12, |kappa| {
        Classic::load("deterrence", &[inputs, &[("params.kappa", kappa)]].concat()).column("P_attack_logit") <= chance
    })
}

/// T14a: attacks by credibility, as forecast and as played.
fn deterrence(checks: &mut Checks) {
    let inputs = stakes(case("T14a"), "/v_SQ");
    checks.exact("T14a", "/kappa_star", even(&inputs, 0.5));
    for (index, &kappa) in case("T14a").inputs("/kappa").iter().enumerate() {
        let mut game = Classic::load("deterrence", &[&inputs[..], &[("params.kappa", kappa)]].concat());
        let pointer = format!("/P_attack_logit/{index}");
        checks.exact("T14a", &pointer, game.column("P_attack_logit"));
        let played = game.mean(checks.effort, 1, |record| truth(attacked(record)));
        checks.mean("T14a", &pointer, played.of_chance(case("T14a").expected(&pointer)));
    }
}

fn attacked(record: &Record) -> bool {
    record.settlement.as_ref().is_some_and(|signed| signed.attacked)
}

fn truth(claim: bool) -> f64 {
    f64::from(u8::from(claim))
}

/// Whether peace lasted so many years.
fn lasted(record: &Record, years: f64) -> f64 {
    truth(record.settlement.as_ref().is_some_and(|signed| signed.peace_months >= 12.0 * years - 1e-6))
}

/// Share of plays in which peace lasted so many years.
fn share(game: &mut Classic, checks: &Checks, years: f64, expected: f64) -> Mean {
    game.mean(checks.effort, 1, |record| lasted(record, years)).of_chance(expected)
}

/// T21a: a constant hazard, and a guarantee that multiplies it.
fn survival(checks: &mut Checks) {
    let inputs = case("T21a").params(&[("params.h", "/h"), ("params.HR", "/HR")]);
    let mut game = Classic::load("peace-survival", &inputs);
    let forecast = game.play(0, 0).settlement.as_ref().map_or(f64::NAN, |signed| 1.0 - signed.attack_prob_60m);
    checks.exact("T21a", "/S5", forecast);
    checks.exact("T21a", "/S10", game.column("S10"));
    for (pointer, years) in [("/S5", 5.0), ("/S10", 10.0)] {
        let played = share(&mut game, checks, years, case("T21a").expected(pointer));
        checks.mean("T21a", pointer, played);
    }
    // The year in which peace ends counts: it is the one after the last whole year.
    let mut years = game.mean_column(checks.effort, 1, "years");
    years.value += 1.0;
    checks.mean("T21a", "/mean", years);
    let median = switch(0.1, 100.0, 1e-9, |years| {
        let sets = [format!("params.h={}", case("T21a").input("/h")), format!("attacks.war.nodes_years=[{years}]")];
        Classic::with("peace-survival", &sets).column("S10") <= 0.5
    });
    checks.within("T21a", "/median", median, 1e-7);
    let mut kept = Classic::load("peace-survival", &[&inputs[..], &[("params.guaranteed", 1.0)]].concat());
    checks.exact("T21a", "/S10_guarantee", kept.column("S10"));
    let played = share(&mut kept, checks, 10.0, case("T21a").expected("/S10_guarantee"));
    checks.mean("T21a", "/S10_guarantee", played);
}

/// T21b: settlements differ, so the hazard of those that are left falls.
fn frailty(checks: &mut Checks) {
    let inputs = case("T21b").params(&[("params.theta", "/theta"), ("params.rate", "/h")]);
    let mut game = Classic::load("peace-survival", &inputs);
    for (pointer, years) in [("/S5", 5.0), ("/S10", 10.0)] {
        let played = share(&mut game, checks, years, case("T21b").expected(pointer));
        checks.mean("T21b", pointer, played);
    }
    // Of those who have had nine years of peace, how many have eleven: two years around the tenth.
    let [nine, eleven] = [9.0, 11.0].map(|years| game.mean(checks.effort, 1, |record| lasted(record, years)));
    let ratio = eleven.value / nine.value;
    let hazard = -crate::num::ln(ratio) / 2.0;
    let error = crate::num::sqrt((1.0 - ratio) / (ratio * nine.value * nine.n as f64)) / 2.0;
    checks.mean("T21b", "/hazard10", Mean { value: hazard, error, n: nine.n });
}

/// T21c: settlements grow safer with time.
fn weibull(checks: &mut Checks) {
    let inputs = case("T21c").params(&[("params.shape", "/k"), ("params.scale", "/l")]);
    let mut game = Classic::load("peace-survival", &[&inputs[..], &[("params.weibull", 1.0)]].concat());
    let played = share(&mut game, checks, 5.0, case("T21c").expected("/S5"));
    checks.mean("T21c", "/S5", played);
    // Peace ends half a year after its last whole year, on average.
    let mut years = game.mean_column(checks.effort, 1, "years");
    years.value += 0.5;
    checks.mean("T21c", "/mean", years);
}

/// C06: the worth of an agreement to its victim, and the largest hazard that it bears.
fn breakdown(checks: &mut Checks) {
    let inputs = case("C06").params(&[("params.delta", "/delta"), ("params.u", "/u"), ("params.B", "/B")]);
    for (index, &h) in case("C06").inputs("/h").iter().enumerate() {
        let worth = worth_at(&inputs, h);
        checks.exact("C06", &format!("/P/{index}"), worth);
        if h == 0.05 {
            checks.exact("C06", "/P_h.05", worth);
        }
    }
    checks.exact("C06", "/h_max", largest_hazard());
}

/// What the agreement is worth to B.
fn worth_at(inputs: &[(&str, f64)], h: f64) -> f64 {
    let game = Classic::load("agreement-hazard", &[inputs, &[("params.h", h)]].concat());
    let appraisal = appraise(&game.model, Start::Central, 1, &mut Workspace::new(&game.model));
    appraisal.holdings.iter().find(|holding| holding.actor == 1).map_or(f64::NAN, |holding| holding.package)
}

/// The hazard at which B stops signing.
fn largest_hazard() -> f64 {
    let names = [("params.delta", "/delta"), ("params.u", "/u"), ("params.B", "/B"), ("params.W", "/W")];
    let inputs = case("C06").params(&names);
    switch(0.0, 0.5, 1e-12, |h| {
        Classic::load("agreement-hazard", &[&inputs[..], &[("params.h", h)]].concat()).column("signs") < 0.5
    })
}

/// C07: how credible a guarantee must be for the victim of C06 to sign.
fn guarantee(checks: &mut Checks) {
    let mut inputs = stakes(case("C07"), "/u_comply");
    inputs.push(("params.opportunity", case("C07").input("/opportunity")));
    checks.exact("C07", "/k_min", even(&inputs, largest_hazard()));
    for (index, kappa) in case("T14a").inputs("/kappa").into_iter().enumerate() {
        let mut game = Classic::load("deterrence", &[&inputs[..], &[("params.kappa", kappa)]].concat());
        checks.exact("C07", &format!("/h_at/{index}"), game.column("P_attack_logit"));
    }
}
