//! War as the alternative to a bargain: ranges, risks and shifts of power.

use super::case::case;
use super::table::{Checks, Classic, Mean, Part, switch};
use crate::engine::odds;
use crate::engine::{Coordinates, Workspace};

/// What is played here, by case.
pub(super) const PARTS: &[Part] = &[
    (&["T08a"], range),
    (&["T08b"], first_strike),
    (&["T09a"], risk_and_return),
    (&["T10"], power_shift),
    (&["T11"], battlefield),
    (&["T12a"], sequential_test),
    (&["C01"], noisy_demand),
];

/// T08a: who demands gets the end of the range, and the expected deal halves it.
fn range(checks: &mut Checks) {
    let inputs = case("T08a").params(&[
        ("params.p", "/p"),
        ("params.cost_a", "/cA"),
        ("params.cost_low", "/cB"),
        ("params.cost_high", "/cB"),
    ]);
    let with = |a: f64| {
        let turns = [("protocol.recognition.A", a), ("protocol.recognition.B", 1.0 - a)];
        Classic::load("fearon", &[&inputs[..], &turns].concat())
    };
    let ultimatum_a = with(1.0).column("demand");
    let ultimatum_b = with(0.0).column("demand");
    checks.exact("T08a", "/hi", ultimatum_a);
    checks.exact("T08a", "/lo", ultimatum_b);
    checks.exact("T08a", "/ultimatum_A", ultimatum_a);
    checks.exact("T08a", "/ultimatum_B", ultimatum_b);
    checks.exact("T08a", "/nbs", with(0.5).column("expected"));
}

/// T08b: the best compromise gives each half of the range, so the range is twice what the worse-off gains.
fn first_strike(checks: &mut Checks) {
    for (index, row) in case("T08b").rows("/rows_pf_ps_cA_cB").iter().enumerate() {
        let mut game = Classic::load(
            "fearon",
            &[
                ("params.p_first", row[0]),
                ("params.p_second", row[1]),
                ("params.cost_a", row[2]),
                ("params.cost_low", row[3]),
                ("params.cost_high", row[3]),
            ],
        );
        let record = game.play(0, 0);
        let (width, peace) = (2.0 * record.zopa_width, record.settlement.is_some());
        checks.exact("T08b", &format!("/width/{index}"), width);
        checks.exact("T08b", &format!("/peace/{index}"), f64::from(u8::from(peace)));
    }
}

/// T09a: the demand, the risk that the proposer sees in it, and how often it is refused.
fn risk_and_return(checks: &mut Checks) {
    for (index, row) in case("T09a").rows("/p_cA_l_h").iter().enumerate() {
        let mut game = Classic::load(
            "fearon",
            &[
                ("params.p", row[0]),
                ("params.cost_a", row[1]),
                ("params.cost_low", row[2]),
                ("params.cost_high", row[3]),
            ],
        );
        let (demand, risk) = (game.column("demand"), game.column("p_war"));
        let wars = format!("/P_war/{index}");
        checks.exact("T09a", &format!("/demand/{index}"), demand);
        checks.exact("T09a", &wars, risk);
        let played = game.mean(checks.effort, 10, |record| f64::from(u8::from(record.settlement.is_none())));
        checks.mean("T09a", &wars, played.of_chance(case("T09a").expected(&wars)));
        if index == 0 {
            checks.exact("T09a", "/P_war_first", risk);
        }
    }
}

/// T10: the smallest shift that is fought over, found by bisection over plays.
fn power_shift(checks: &mut Checks) {
    const WIDTH: f64 = 1e-10;
    let inputs: Vec<String> = [("p", "/p"), ("kA", "/kA"), ("kB", "/kB")]
        .iter()
        .map(|(name, pointer)| format!("params.{name}={}", case("T10").input(pointer)))
        .collect();
    let threshold = |delta: f64, order: &str| {
        switch(0.0, 0.5, WIDTH, |shift| {
            let more = [
                format!("params.delta={delta}"),
                format!("params.D={shift}"),
                format!("protocol.order={order}"),
                "issues.pie.options.step=0.5".to_owned(),
            ];
            Classic::with("power-shift", &[&inputs[..], &more].concat()).column("war_today") > 0.5
        })
    };
    let delta = case("T10").input("/delta");
    checks.exact("T10", "/D_star_A_has_future_power", threshold(delta, "[\"A\"]"));
    checks.exact("T10", "/D_star_B_has_future_power", threshold(delta, "[\"A\",\"B\"]"));
    checks.exact("T10", "/D_star_limit_delta_1", threshold(1.0, "[\"A\"]"));
}

/// T11: how long two optimists fight, in every one of a thousand plays.
fn battlefield(checks: &mut Checks) {
    let inputs = case("T11").params(&[
        ("params.A_won", "/A/0"),
        ("params.A_lost", "/A/1"),
        ("params.B_won", "/B/0"),
        ("params.B_lost", "/B/1"),
        ("params.cA", "/cA"),
        ("params.cB", "/cB"),
    ]);
    let mut game = Classic::load("learning", &[&inputs[..], &[("issues.pie.options.step", 0.001)]].concat());
    checks.exact("T11", "/gap0", game.column("gap0"));
    checks.exact("T11", "/gap_at_14", game.column("gap"));
    let seeds = (checks.effort.replications / 20).clamp(10, 1000);
    let length = game.place("n_star");
    let lengths: Vec<f64> = (0..seeds).map(|seed| game.play(seed, 0).extra[length]).collect();
    checks.exact("T11", "/n_star", Mean::of(lengths.iter().copied()).value);
    let most = lengths.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = lengths.iter().copied().fold(f64::INFINITY, f64::min);
    checks.exact("T11", "/n_star", if most == least { most } else { f64::NAN });
}

/// T12a: who concedes in a war that reveals who is stronger.
fn sequential_test(checks: &mut Checks) {
    let inputs = case("T12a").params(&[("params.p", "/p"), ("params.m", "/m")]);
    let mut game = Classic::load("concession", &inputs);
    let belief = game.column("belief");
    checks.exact("T12a", "/P_correct", belief);
    let correct = game.mean_column(checks.effort, 1, "correct");
    checks.mean("T12a", "/P_correct", correct.of_chance(case("T12a").expected("/P_correct")));
    let battles = game.mean_column(checks.effort, 1, "battles");
    checks.mean("T12a", "/E_battles", battles);
}

/// C01: the demand of T09a, made and answered with noise.
fn noisy_demand(checks: &mut Checks) {
    let inputs = case("C01").params(&[("params.p", "/p"), ("params.cA", "/cA"), ("params.h", "/h")]);
    for lam in ["5", "20", "50", "200", "1000", "inf"] {
        let precision: f64 = lam.parse().ok().filter(|lam: &f64| lam.is_finite()).unwrap_or(1e9);
        let mut game = Classic::load("noisy-demand", &[&inputs[..], &[("params.lam", precision)]].concat());
        let (war, demand) = (format!("/by_lambda/{lam}/P_war"), format!("/by_lambda/{lam}/mean_demand"));
        let played = game.mean_column(checks.effort, 1, "war").of_chance(case("C01").expected(&war));
        checks.mean("C01", &war, played);
        let demanded = game.mean_column(checks.effort, 1, "demand");
        checks.mean("C01", &demand, demanded);
        let offers = odds::opening(&game.model, FIRST, &mut Workspace::new(&game.model));
        let peace: f64 = offers.iter().map(|offer| offer.chance * offer.accepted).sum();
        // The case sums over 200 costs where the engine integrates over all.
        checks.within("C01", &war, 1.0 - peace, SUM);
        if lam == "20" {
            checks.within("C01", "/P_war_20", 1.0 - peace, SUM);
        }
    }
}

const FIRST: Coordinates = Coordinates { seed: 0, replication: 0 };

/// Error of a sum over the middles of 200 slices in place of an integral, at most: (width of a slice)^2/24 times lam/4 at
/// each end of the range, and once more for the choice that follows from it.
const SUM: f64 = 2e-6;
