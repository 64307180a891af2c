//! Bargaining over a pie: who proposes, who waits, who may leave, and choices with noise.

use super::case::case;
use super::table::{Checks, Classic, Part};
use crate::engine::odds;
use crate::engine::{Coordinates, Workspace};

/// What is played here, by case.
pub(super) const PARTS: &[Part] = &[
    (&["T01"], alternating),
    (&["T01"], finite),
    (&["T02"], outside),
    (&["T03"], breakdown),
    (&["T04"], short_rounds),
    (&["T05b", "T05c"], random_proposer),
    (&["C12"], formula),
    (&["T19c"], menu),
    (&["C10"], delay),
];

/// A grid of offers that is only as fine as the values of the game need: two points, between which the reckoning mixes.
const COARSE: (&str, f64) = ("issues.pie.options.step", 1.0);

/// T01: the infinite game.
fn alternating(checks: &mut Checks) {
    for (index, pair) in case("T01").rows("/delta_pairs").iter().enumerate() {
        let mut game = Classic::load("rubinstein", &[("params.delta_1", pair[0]), ("params.delta_2", pair[1])]);
        checks.exact("T01", &format!("/x1_star/{index}"), game.column("x1_star"));
        if pair == &[0.9, 0.9] {
            checks.exact("T01", "/first_mover_adv_equal_0.9", game.column("first_mover_adv"));
        }
    }
}

/// The game of T01 with a last round.
fn with_rounds(delta: f64, rounds: f64) -> Classic {
    let delta = format!("params.delta={delta}");
    let horizon = format!("model.horizon_months={rounds}");
    let coarse = format!("{}={}", COARSE.0, COARSE.1);
    Classic::with("rubinstein", &["model.evaluator=induction".to_owned(), delta, horizon, coarse])
}

/// T01: finitely many rounds, and how many are as good as infinitely many.
fn finite(checks: &mut Checks) {
    let delta = case("T01").input("/finite_delta");
    for (index, &rounds) in case("T01").inputs("/finite_N").iter().enumerate() {
        let share = with_rounds(delta, rounds).column("x1_star");
        checks.exact("T01", &format!("/finite_share1/{index}"), share);
    }
    let limit = Classic::load("rubinstein", &[("params.delta", delta)]).column("x1_star");
    let near = |rounds: &f64| (with_rounds(delta, *rounds).column("x1_star") - limit).abs() <= 1e-3;
    let enough = (1..200).map(f64::from).find(near);
    checks.exact("T01", "/N_for_err_1e-3", enough.unwrap_or(f64::NAN));
}

/// T02: an option to leave counts only where it binds.
fn outside(checks: &mut Checks) {
    let delta = case("T02").input("/delta");
    for (index, &s) in case("T02").inputs("/outside").iter().enumerate() {
        let mut game = Classic::load("outside-option", &[("params.delta", delta), ("params.s", s)]);
        checks.exact("T02", &format!("/resp_share/{index}"), game.column("resp_share"));
    }
}

/// T03: a risk of breakdown instead of impatience; the limit from ever smaller risks.
fn breakdown(checks: &mut Checks) {
    let inputs = case("T03").params(&[("params.dA", "/dA"), ("params.dB", "/dB")]);
    let value = |p: f64| Classic::load("breakdown", &[&inputs[..], &[("params.p", p)]].concat()).column("v1");
    for (index, &p) in case("T03").inputs("/p").iter().enumerate() {
        let obtained = value(p);
        checks.exact("T03", &format!("/v1/{index}"), obtained);
    }
    // The distance to the limit is about .15 p.
    let small = 0.001;
    let obtained = value(small);
    checks.within("T03", "/limit", obtained, 0.2 * small);
}

/// T04: impatience per unit of time, and rounds that get shorter.
fn short_rounds(checks: &mut Checks) {
    let inputs = case("T04").params(&[("params.r1", "/r1"), ("params.r2", "/r2")]);
    let value =
        |d: f64| Classic::load("rubinstein", &[&inputs[..], &[("params.D", d), COARSE]].concat()).column("x1_star");
    let lengths = case("T04").inputs("/D");
    for (index, &d) in lengths.iter().enumerate() {
        checks.exact("T04", &format!("/x1/{index}"), value(d));
    }
    // The distance to the limit is about D/60.
    let shortest = lengths.iter().copied().fold(f64::INFINITY, f64::min);
    checks.within("T04", "/limit", value(shortest), shortest / 40.0);
}

/// T05b and T05c: offers by lot, with one discount factor and with two.
fn random_proposer(checks: &mut Checks) {
    let inputs = case("T05b").params(&[("params.pi", "/pi"), ("params.delta", "/delta")]);
    let mut game = Classic::load("random-proposer", &inputs);
    checks.exact("T05b", "/EV1", game.column("EV1"));
    checks.exact("T05b", "/EV2", game.column("EV2"));
    for (proposer, pointer) in [(1.0, "/share1_if_proposes"), (0.0, "/share1_if_responds")] {
        let share = game.first_where("proposer1", proposer, "share1");
        checks.exact("T05b", pointer, share);
    }
    let played = game.mean_column(checks.effort, 1, "share1");
    checks.mean("T05b", "/EV1", played);
    for (index, row) in case("T05c").rows("/pi_d1_d2").iter().enumerate() {
        let inputs = [("params.pi", row[0]), ("params.delta_1", row[1]), ("params.delta_2", row[2])];
        let mut game = Classic::load("random-proposer", &inputs);
        checks.exact("T05c", &format!("/V1/{index}"), game.column("EV1"));
    }
}

/// C12: the deal that the evaluator by formula expects, with threat points, an outside option and weights of the protocol.
fn formula(checks: &mut Checks) {
    const STEP: f64 = 0.0001;
    for pointer in ["/T01_.95_.9", "/T02_s.6", "/T03_b.2", "/mixed"] {
        let names = ["Z", "W", "e"];
        let mut sets = vec!["protocol.order=[\"two\",\"one\"]".to_owned()];
        for name in names {
            let pair = case("C12").inputs(&format!("{pointer}/{name}"));
            sets.extend((1..=2).zip(pair).map(|(player, value)| format!("params.{name}{player}={value}")));
        }
        let deal = Classic::with("formula", &sets).column("x_nash");
        checks.within("C12", pointer, deal, STEP);
    }
    let war = case("T08a");
    let inputs = [
        ("params.Z1", war.input("/p") - war.input("/cA")),
        ("params.Z2", 1.0 - war.input("/p") - war.input("/cB")),
        ("params.e1", 0.9999),
        ("params.e2", 0.9999),
    ];
    checks.within("C12", "/T08", Classic::load("formula", &inputs).column("x_nash"), STEP);
}

/// T19c: a choice from a menu.
fn menu(checks: &mut Checks) {
    let inputs = case("T19c").params(&[
        ("params.u0", "/u/0"),
        ("params.u1", "/u/1"),
        ("params.u2", "/u/2"),
        ("params.lam", "/lam"),
    ]);
    let mut game = Classic::load("menu", &inputs);
    for (index, column) in ["P0", "P1", "P2"].iter().enumerate() {
        let pointer = format!("/P/{index}");
        let share = game.mean_column(checks.effort, 1, column).of_chance(case("T19c").expected(&pointer));
        checks.mean("T19c", &pointer, share);
        let exact = odds::opening(&game.model, FIRST, &mut Workspace::new(&game.model));
        let chance = exact.iter().find(|offer| offer.package == index).map_or(0.0, |offer| offer.chance);
        checks.exact("T19c", &pointer, chance);
        if index == 1 {
            checks.exact("T19c", "/P1", chance);
        }
    }
}

const FIRST: Coordinates = Coordinates { seed: 0, replication: 0 };

/// C10: what delay costs, by the plain formula and by the one that counts it.
fn delay(checks: &mut Checks) {
    let delta = case("C10").input("/delta");
    for pi in case("C10").inputs("/pi") {
        for lam in case("C10").inputs("/lam") {
            for (word, evaluator) in [("formula", "formula"), ("delay", "formula_delay")] {
                let sets = [
                    format!("params.delta={delta}"),
                    format!("params.pi={pi}"),
                    format!("params.lam={lam}"),
                    format!("model.evaluator={evaluator}"),
                ];
                let game = Classic::with("noisy-offers", &sets);
                let [agree, v1, v2] = values(&game, delta);
                let row = format!("/table/pi{pi}_lam{lam}_{word}");
                checks.within("C10", &format!("{row}/V1"), v1, 1e-6);
                checks.within("C10", &format!("{row}/V2"), v2, 1e-6);
                checks.within("C10", &format!("{row}/P_agree"), agree, 1e-6);
            }
        }
    }
}

/// Chance of agreement a round, and what both players get from choices that are the same in every round.
fn values(game: &Classic, delta: f64) -> [f64; 3] {
    let offers = odds::opening(&game.model, FIRST, &mut Workspace::new(&game.model));
    let sum = |of: &dyn Fn(&odds::Offered) -> f64| -> f64 {
        offers.iter().map(|offer| offer.chance * offer.accepted * of(offer)).sum()
    };
    let agree = sum(&|_| 1.0);
    let rest = 1.0 - delta * (1.0 - agree);
    [agree, sum(&|offer| offer.worth[0]) / rest, sum(&|offer| offer.worth[1]) / rest]
}
