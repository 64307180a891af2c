//! Results that concern one component.

use super::case::case;
use super::table::{Checks, Classic, Mean, Part, switch};
use crate::design::{coverage, wald, wilson};
use crate::engine::tactics::demanded;
use crate::measure::attrition::Square;
use crate::measure::beliefs::{beta_mean, two_types};
use crate::model::Curve;
use crate::num::sqrt;

/// What is played here, by case.
pub(super) const PARTS: &[Part] = &[
    (&["S04"], intervals),
    (&["T12c"], beliefs),
    (&["T20a"], attrition),
    (&["T18"], tactics),
    (&["S06"], common_draws),
];

/// T12c: conjugate and two-type updates.
fn beliefs(checks: &mut Checks) {
    // The inputs stand in the formula of the case.
    checks.exact("T12c", "/beta_mean", beta_mean(2.0, 2.0, 7.0, 10.0));
    checks.exact("T12c", "/post_H", two_types(0.5, [0.7, 0.4], 4.0, 6.0));
}

/// T18: concessions by time, and where two linear ones meet.
fn tactics(checks: &mut Checks) {
    let case = case("T18");
    let (most, deadline) = (1.0 - case.input("/k"), case.input("/T"));
    for (row, beta) in case.inputs("/betas").into_iter().enumerate() {
        for (column, t) in case.inputs("/t").into_iter().enumerate() {
            let share = t / deadline;
            let polynomial = 1.0 - demanded(Curve::Polynomial, [1.0 / beta, most], share);
            let exponential = 1.0 - demanded(Curve::Geometric, [beta, most], share);
            checks.exact("T18", &format!("/poly/{row}/{column}"), polynomial);
            checks.exact("T18", &format!("/expo/{row}/{column}"), exponential);
        }
    }
    // The buyer goes from 0 to .8, the seller from 1 to .4, both linearly from nothing conceded.
    let conceded = |share: f64| 1.0 - demanded(Curve::Polynomial, [1.0, 1.0], share);
    let (buyer, seller) = (|share: f64| 0.8 * conceded(share), |share: f64| 1.0 - 0.6 * conceded(share));
    let meet = switch(0.0, 1.0, 1e-12, |share| buyer(share) >= seller(share));
    checks.exact("T18", "/cross_tau", meet);
    checks.exact("T18", "/cross_price", buyer(meet));
    let first = (0..=20).find(|&t| buyer(f64::from(t) / deadline) >= seller(f64::from(t) / deadline));
    checks.exact("T18", "/first_round_T20", first.map_or(f64::NAN, f64::from));
}

/// T20a: Lanchester's square law by integration, to one part in a million.
fn attrition(checks: &mut Checks) {
    let case = case("T20a");
    let law = Square { a: case.input("/a"), b: case.input("/b") };
    let (x, y) = (case.input("/x0"), case.input("/y0"));
    let end = law.until(x, y, 0.0);
    let broken = law.until(x, y, case.input("/break_fraction") * y);
    for (pointer, obtained) in
        [("/t_annihilation", end.time), ("/x_survivors", end.x), ("/t_break_y_70pct", broken.time)]
    {
        checks.within("T20a", pointer, obtained, 1e-6 * case.expected(pointer));
    }
}

/// S06: variance of a difference of two scenarios, on different draws and on the same.
fn common_draws(checks: &mut Checks) {
    let case = case("S06");
    let n = checks.effort.replications;
    let seed = checks.effort.seed;
    let numbers = |path: &str, pointer: &str, column: &str, seed: u64| {
        let mut game = Classic::load("common-draws", &[(path, case.input(pointer))]);
        let at = game.place(column);
        (0..n).map(|replication| game.play(seed, replication).extra[at]).collect::<Vec<f64>>()
    };
    for (path, pointers, column, [apart, together, ratio]) in [
        ("params.l", ["/l1", "/l2"], "waiting", ["/exp_indep", "/exp_crn", "/ratio_exp"]),
        ("params.p", ["/p1", "/p2"], "taken", ["/bern_indep", "/bern_crn", "/ratio_bern"]),
    ] {
        let first = numbers(path, pointers[0], column, seed);
        let [other, same] = [seed.wrapping_add(1), seed].map(|seed| numbers(path, pointers[1], column, seed));
        let [apart_mean, together_mean] = [other, same].map(|second| spread(&first, &second));
        checks.mean("S06", apart, apart_mean);
        checks.mean("S06", together, together_mean);
        let value = apart_mean.value / together_mean.value;
        let relative = |mean: Mean| (mean.error / mean.value) * (mean.error / mean.value);
        let error = value * sqrt(relative(apart_mean) + relative(together_mean));
        checks.mean("S06", ratio, Mean { value, error, n });
    }
}

/// Variance of the differences of two lists, with its standard error.
fn spread(a: &[f64], b: &[f64]) -> Mean {
    let middle = Mean::of(a.iter().zip(b).map(|(a, b)| a - b)).value;
    Mean::of(a.iter().zip(b).map(|(a, b)| (a - b - middle) * (a - b - middle)))
}

/// S04: Wilson intervals, and how often they hold the truth.
fn intervals(checks: &mut Checks) {
    for (row, pointer) in case("S04").rows("/x_n").iter().zip(["/ci_10_50", "/ci_0_20", "/ci_3_1000"]) {
        let interval = wilson(row[0] as u64, row[1] as u64);
        checks.exact("S04", &format!("{pointer}/0"), interval.low);
        checks.exact("S04", &format!("{pointer}/1"), interval.high);
    }
    for (index, row) in case("S04").rows("/cov").iter().enumerate() {
        let (n, p) = (row[0] as u64, row[1]);
        checks.exact("S04", &format!("/coverage_wilson/{index}"), coverage(n, p, wilson));
        checks.exact("S04", &format!("/coverage_wald/{index}"), coverage(n, p, wald));
        if index == 0 {
            checks.exact("S04", "/cov30", coverage(n, p, wilson));
        }
    }
}
