//! War as the alternative to a bargain: ranges, risks and shifts of power.

use super::case::case;
use super::table::{Checks, Classic};

pub(super) fn check(checks: &mut Checks) {
    range(checks);
    first_strike(checks);
    risk_and_return(checks);
}

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
