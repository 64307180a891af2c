//! The classics agree with their formulas wherever their parameters are drawn: the engine plays, the formulas stand here.

use detente::engine::appraise::{Start, appraise};
use detente::engine::odds;
use detente::engine::{Coordinates, Workspace, observer::Nobody, play};
use detente::model::Model;
use detente::num::{exp, ln, logistic, pow};
use detente::rng::{Draw, Entity, Purpose, Streams};
use detente::source;

/// Random inputs behind each formula.
const N: u64 = 200;
const START: Coordinates = Coordinates { seed: 0, replication: 0 };

struct Inputs(Draw);

impl Inputs {
    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.unit()
    }

    /// A whole number from `low` to `high`.
    fn whole(&mut self, low: u32, high: u32) -> f64 {
        self.within(f64::from(low), f64::from(high) + 1.0).floor()
    }
}

fn load(name: &str, sets: &[String]) -> Model {
    source::load(name, &[], sets).unwrap_or_else(|error| panic!("{name} with {sets:?}: {error:?}")).model
}

fn column(model: &Model, replication: u64, id: &str) -> f64 {
    let at = model.outcome_columns.iter().position(|column| column.id == id).unwrap();
    let mut workspace = Workspace::new(model);
    play(model, Coordinates { seed: 7, replication }, &mut workspace, &mut Nobody).extra[at]
}

/// Draws inputs `N` times, lays them over a classic, and compares what came of it with a formula.
fn agree(
    name: &str,
    tolerance: f64,
    case: impl Fn(&mut Inputs) -> (Vec<(&'static str, f64)>, f64),
    read: impl Fn(&Model, u64) -> f64,
) {
    let entity = Entity::named(name);
    for index in 0..N {
        let mut inputs = Inputs(Streams { seed: 2025, replication: index }.draw(entity, Purpose::Parameter, 0));
        let (numbers, expected) = case(&mut inputs);
        let sets: Vec<String> = numbers.iter().map(|(path, value)| format!("{path}={value}")).collect();
        let obtained = read(&load(name, &sets), index);
        assert!((obtained - expected).abs() <= tolerance, "{name} with {sets:?}: {obtained} for {expected}");
    }
}

/// A grid of offers so coarse that a game is quick; values do not depend on it.
const COARSE: (&str, f64) = ("issues.pie.options.step", 1.0);

#[test]
fn shares_of_alternating_offers_are_rubinsteins() {
    let case = |draw: &mut Inputs| {
        let (one, two) = (draw.within(0.05, 0.99), draw.within(0.05, 0.99));
        (vec![("params.delta_1", one), ("params.delta_2", two), COARSE], (1.0 - two) / (1.0 - one * two))
    };
    agree("rubinstein", 1e-9, case, |model, _| column(model, 0, "x1_star"));
}

#[test]
fn shares_of_short_rounds_are_those_of_impatience() {
    let case = |draw: &mut Inputs| {
        let (r1, r2, length) = (draw.within(0.05, 1.0), draw.within(0.05, 1.0), draw.within(0.05, 2.0));
        let (one, two) = (exp(-r1 * length), exp(-r2 * length));
        let numbers = vec![("params.r1", r1), ("params.r2", r2), ("params.D", length), COARSE];
        (numbers, (1.0 - two) / (1.0 - one * two))
    };
    agree("rubinstein", 1e-9, case, |model, _| column(model, 0, "x1_star"));
}

#[test]
fn with_a_last_round_shares_are_stahls() {
    for index in 0..N {
        let mut draw =
            Inputs(Streams { seed: 1, replication: index }.draw(Entity::named("stahl"), Purpose::Parameter, 0));
        let (delta, rounds) = (draw.within(0.05, 1.0), draw.whole(1, 30));
        let sets = [
            "model.evaluator=induction".to_owned(),
            format!("params.delta={delta}"),
            format!("model.horizon_months={rounds}"),
            format!("{}={}", COARSE.0, COARSE.1),
        ];
        let expected = (1.0 - pow(delta, rounds) * if rounds % 2.0 == 0.0 { 1.0 } else { -1.0 }) / (1.0 + delta);
        let obtained = column(&load("rubinstein", &sets), 0, "x1_star");
        assert!((obtained - expected).abs() <= 1e-9, "{sets:?}: {obtained} for {expected}");
    }
}

#[test]
fn an_offer_as_played_is_within_a_step_of_the_share() {
    let case = |draw: &mut Inputs| {
        let (one, two) = (draw.within(0.05, 0.95), draw.within(0.05, 0.95));
        let numbers = vec![("params.delta_1", one), ("params.delta_2", two), ("issues.pie.options.step", 0.02)];
        (numbers, (1.0 - two) / (1.0 - one * two))
    };
    agree("rubinstein", 0.02, case, |model, _| column(model, 0, "share1"));
}

#[test]
fn an_outside_option_counts_only_where_it_binds() {
    let case = |draw: &mut Inputs| {
        let (delta, s) = (draw.within(0.1, 0.98), draw.within(0.0, 0.95));
        (vec![("params.delta", delta), ("params.s", s), COARSE], (delta / (1.0 + delta)).max(s))
    };
    agree("outside-option", 1e-9, case, |model, _| column(model, 0, "resp_share"));
}

#[test]
fn a_risk_of_breakdown_makes_its_values_the_threat_point() {
    let case = |draw: &mut Inputs| {
        let (p, a, b) = (draw.within(0.01, 0.9), draw.within(0.0, 0.45), draw.within(0.0, 0.45));
        let stays = 1.0 - p;
        let expected = (1.0 - p * b - stays * (1.0 - p * a)) / (1.0 - stays * stays);
        (vec![("params.p", p), ("params.dA", a), ("params.dB", b), COARSE], expected)
    };
    agree("breakdown", 1e-9, case, |model, _| column(model, 0, "v1"));
}

#[test]
fn a_random_proposer_makes_chances_over_impatience_the_weights() {
    let case = |draw: &mut Inputs| {
        let (pi, one, two) = (draw.within(0.05, 0.95), draw.within(0.1, 0.98), draw.within(0.1, 0.98));
        let (mine, theirs) = (pi * (1.0 - two), (1.0 - pi) * (1.0 - one));
        let numbers = vec![("params.pi", pi), ("params.delta_1", one), ("params.delta_2", two), COARSE];
        (numbers, mine / (mine + theirs))
    };
    agree("random-proposer", 1e-9, case, |model, _| column(model, 0, "EV1"));
}

#[test]
fn the_formula_splits_what_threat_points_leave_unless_an_outside_option_binds() {
    const STEP: f64 = 0.005;
    let case = |draw: &mut Inputs| {
        let (z1, z2) = (draw.within(0.0, 0.4), draw.within(0.0, 0.4));
        let (w1, w2) = (draw.within(-0.5, 0.45), draw.within(-0.5, 0.45));
        let (e1, e2) = (draw.within(0.1, 0.95), draw.within(0.1, 0.95));
        let free = z1 + (1.0 - e2) / (1.0 - e1 * e2) * (1.0 - z1 - z2);
        let numbers = vec![
            ("params.Z1", z1),
            ("params.Z2", z2),
            ("params.W1", w1),
            ("params.W2", w2),
            ("params.e1", e1),
            ("params.e2", e2),
            ("issues.pie.options.step", STEP),
        ];
        (numbers, free.clamp(z1.max(w1), 1.0 - z2.max(w2)))
    };
    agree("formula", STEP, case, |model, _| column(model, 0, "x_nash"));
}

#[test]
fn the_demand_of_the_ultimatum_has_its_corners() {
    const STEP: f64 = 0.01;
    let case = |draw: &mut Inputs| {
        let (p, cost, low) = (draw.within(0.1, 0.7), draw.within(0.0, 0.3), draw.within(0.0, 0.2));
        let high = low + draw.within(0.05, 0.4);
        let y = low.max((high - cost) / 2.0).min(1.0 - p);
        let numbers = vec![
            ("params.p", p),
            ("params.cost_a", cost),
            ("params.cost_low", low),
            ("params.cost_high", high),
            ("issues.pie.options.step", STEP),
        ];
        (numbers, p + y)
    };
    agree("fearon", STEP, case, |model, _| column(model, 0, "demand"));
}

#[test]
fn a_first_strike_takes_its_advantage_from_the_range() {
    const STEP: f64 = 0.01;
    let case = |draw: &mut Inputs| {
        let (second, a, b) = (draw.within(0.2, 0.5), draw.within(0.02, 0.2), draw.within(0.02, 0.2));
        let first = second + draw.within(0.0, 0.3);
        let numbers = vec![
            ("params.p_first", first),
            ("params.p_second", second),
            ("params.cost_a", a),
            ("params.cost_low", b),
            ("params.cost_high", b),
            ("issues.pie.options.step", STEP),
        ];
        (numbers, a + b - (first - second))
    };
    agree("fearon", STEP, case, |model, _| {
        2.0 * play(model, START, &mut Workspace::new(model), &mut Nobody).zopa_width
    });
}

#[test]
fn a_shift_of_power_is_fought_over_where_powell_says_so() {
    for (order, later) in [("[\"A\"]", 0.0), ("[\"A\",\"B\"]", 1.0)] {
        for index in 0..N {
            let entity = Entity::named(order);
            let mut draw = Inputs(Streams { seed: 3, replication: index }.draw(entity, Purpose::Parameter, 0));
            let (delta, p) = (draw.within(0.5, 0.99), draw.within(0.3, 0.9));
            let (a, b) = (draw.within(0.01, 0.2), draw.within(0.01, 0.2));
            // A keeps something to divide after the shift: beyond that shares stop at the end of the pie.
            let shift = draw.within(0.0, (p - a).min(0.5));
            let own = if later > 0.5 { (1.0 - delta) * a } else { a + delta * b };
            let margin = delta * shift - (1.0 - delta) * (1.0 - p) - own;
            // B's own war today does not bind where this holds; only there the formula is the whole story.
            if 1.0 - p - b >= delta * (1.0 - p + shift - b) || margin.abs() < 1e-9 {
                continue;
            }
            let sets = [
                format!("params.delta={delta}"),
                format!("params.p={p}"),
                format!("params.kA={a}"),
                format!("params.kB={b}"),
                format!("params.D={shift}"),
                format!("protocol.order={order}"),
                "issues.pie.options.step=0.5".to_owned(),
            ];
            let war = column(&load("power-shift", &sets), 0, "war_today");
            assert_eq!(war > 0.5, margin > 0.0, "{sets:?}");
        }
    }
}

#[test]
fn whoever_cannot_strike_today_does_not() {
    let case = |draw: &mut Inputs| {
        let (p, shift) = (draw.within(0.3, 0.9), draw.within(0.0, 0.5));
        let numbers =
            vec![("params.p", p), ("params.D", shift), ("params.waiting", 0.0), ("issues.pie.options.step", 0.5)];
        (numbers, 0.0)
    };
    agree("power-shift", 0.0, case, |model, _| column(model, 0, "war_today"));
}

#[test]
fn optimists_fight_until_the_gap_is_what_war_costs() {
    let draw_once = |draw: &mut Inputs| {
        let n0 = draw.whole(4, 15);
        let (a, b) = (n0 * draw.within(0.6, 0.9), n0 * draw.within(0.1, 0.4));
        let cost = draw.within(0.05, 0.15);
        let gap = (a - b) / n0;
        let rounds = (n0 * (gap / (2.0 * cost) - 1.0)).ceil().max(0.0);
        let numbers = vec![
            ("params.A_won", a),
            ("params.A_lost", n0 - a),
            ("params.B_won", b),
            ("params.B_lost", n0 - b),
            ("params.cA", cost),
            ("params.cB", cost),
            ("params.p", draw.within(0.1, 0.9)),
        ];
        (2.0 * cost - gap * n0 / (n0 + rounds), numbers, rounds)
    };
    // Whoever is asked expects the predicted deal one round later, so that a tenth of the range (1 - patience) holds the
    // offers that it accepts: no grid of offers sees a range that opens by less than ten of its steps.
    let case = |draw: &mut Inputs| loop {
        let (range, numbers, rounds) = draw_once(draw);
        if range >= 0.02 {
            return (numbers, rounds);
        }
    };
    agree("learning", 0.0, case, |model, index| column(model, index, "n_star"));
}

#[test]
fn the_loser_of_a_revealing_war_is_as_likely_the_weaker_as_it_believes() {
    let case = |draw: &mut Inputs| {
        let (p, m) = (draw.within(0.55, 0.9), draw.whole(1, 6));
        (vec![("params.p", p), ("params.m", m)], 1.0 / (1.0 + pow((1.0 - p) / p, m)))
    };
    agree("concession", 1e-9, case, |model, index| column(model, index, "belief"));
}

#[test]
fn risk_aversion_and_power_move_the_nash_solution() {
    const STEP: f64 = 0.005;
    let averse = |draw: &mut Inputs| {
        let (a, b) = (draw.within(0.1, 1.0), draw.within(0.1, 1.0));
        (vec![("params.a", a), ("params.b", b), ("issues.pie.options.step", STEP)], a / (a + b))
    };
    agree("nash-frontier", STEP, averse, |model, _| column(model, 0, "x"));
    let power = |draw: &mut Inputs| {
        let (one, two, alpha) = (draw.within(0.0, 0.4), draw.within(0.0, 0.4), draw.within(0.05, 0.95));
        let numbers =
            vec![("params.d1", one), ("params.d2", two), ("params.alpha", alpha), ("issues.pie.options.step", STEP)];
        (numbers, one + alpha * (1.0 - one - two))
    };
    agree("nash-frontier", STEP, power, |model, _| column(model, 0, "x"));
}

#[test]
fn a_side_payment_leaves_each_with_half_of_the_most_there_is() {
    const STEP: f64 = 0.05;
    let case = |draw: &mut Inputs| {
        let (a, b) = (draw.within(0.5, 1.0), draw.within(0.0, 0.5));
        let numbers = vec![
            ("params.wA1", a),
            ("params.wA2", 1.0 - a),
            ("params.wB1", b),
            ("params.wB2", 1.0 - b),
            ("params.transfers", 1.0),
            ("issues.payment.options.step", STEP),
        ];
        (numbers, f64::midpoint(a.max(b), (1.0 - a).max(1.0 - b)))
    };
    agree("logrolling", STEP, case, |model, _| column(model, 0, "uA"));
}

#[test]
fn a_ratifier_constrains_or_moves_the_threat_point() {
    const STEP: f64 = 0.01;
    for threat in [0.0, 1.0] {
        let case = |draw: &mut Inputs| {
            let (p, a, b) = (draw.within(0.3, 0.6), draw.within(0.05, 0.2), draw.within(0.05, 0.2));
            let r = draw.within(0.0, a + b - 0.02);
            let middle = p + (b - a) / 2.0;
            let numbers = vec![
                ("params.p", p),
                ("params.cA", a),
                ("params.cB", b),
                ("params.r", r),
                ("params.threat_point", threat),
                ("issues.pie.options.step", STEP),
            ];
            (numbers, if threat > 0.5 { middle + r / 2.0 } else { middle.max(p - a + r) })
        };
        agree("ratification", STEP, case, |model, _| column(model, 0, "nbs"));
    }
}

#[test]
fn sanctions_and_aid_move_the_share_through_disagreement_alone() {
    const STEP: f64 = 0.01;
    let case = |draw: &mut Inputs| {
        let (p, a, b, e) =
            (draw.within(0.3, 0.7), draw.within(0.05, 0.2), draw.within(0.05, 0.2), draw.within(0.0, 0.2));
        let used = [draw.whole(0, 1), draw.whole(0, 1), draw.whole(0, 1)];
        let numbers = vec![
            ("params.p", p),
            ("params.cA", a),
            ("params.cB", b),
            ("params.e", e),
            ("params.use_sanction_A", used[0]),
            ("params.use_sanction_B", used[1]),
            ("params.use_aid_B", used[2]),
            ("issues.pie.options.step", STEP),
        ];
        (numbers, p - used[2] * e + (b + used[1] * e - a - used[0] * e) / 2.0)
    };
    agree("levers", STEP, case, |model, _| column(model, 0, "x"));
}

#[test]
fn an_attack_is_as_likely_as_credibility_times_cost_makes_it() {
    let case = |draw: &mut Inputs| {
        let (pw, gain, c) = (draw.within(0.1, 0.9), draw.within(0.2, 2.0), draw.within(0.0, 0.5));
        let (quo, loss, lam) = (draw.within(-0.5, 1.0), draw.within(0.1, 3.0), draw.within(1.0, 30.0));
        let (kappa, occasion) = (draw.within(0.0, 1.0), draw.within(0.05, 1.0));
        let numbers = vec![
            ("params.pw", pw),
            ("params.gain", gain),
            ("params.c", c),
            ("params.v_SQ", quo),
            ("params.L", loss),
            ("params.lam", lam),
            ("params.kappa", kappa),
            ("params.opportunity", occasion),
        ];
        (numbers, occasion * logistic(lam * (pw * gain - c - kappa * loss - quo)))
    };
    agree("deterrence", 1e-9, case, |model, _| column(model, 0, "P_attack_logit"));
}

#[test]
fn a_threat_that_leaves_something_to_chance_deters_by_that_chance() {
    let case = |draw: &mut Inputs| {
        let (pw, gain, disaster) = (draw.within(0.3, 0.9), draw.within(0.5, 2.0), draw.within(0.0, 5.0));
        let (kappa, rho) = (draw.within(0.0, 1.0), draw.within(0.0, 1.0));
        let q = kappa * rho;
        let attack = (1.0 - q) * (pw * gain - 0.2) - q * disaster;
        let numbers = vec![
            ("params.pw", pw),
            ("params.gain", gain),
            ("params.disaster", disaster),
            ("params.kappa", kappa),
            ("params.rho", rho),
        ];
        (numbers, logistic(10.0 * (attack - 0.3)))
    };
    agree("brinkmanship", 1e-9, case, |model, _| column(model, 0, "P_attack"));
}

#[test]
fn a_tripwire_deters_through_the_answer_that_it_commits_to() {
    let case = |draw: &mut Inputs| {
        let (resolve, troops, wire) = (draw.within(-0.5, 0.5), draw.within(0.0, 20.0), draw.within(0.0, 0.3));
        let loss = draw.within(0.5, 3.0);
        let kappa = logistic(7.0 * (resolve + wire * ln(1.0 + troops) - 0.25));
        let numbers =
            vec![("params.resolve", resolve), ("params.troops", troops), ("params.wire", wire), ("params.L", loss)];
        (numbers, logistic(10.0 * (0.8 - 0.2 - kappa * loss - 0.3)))
    };
    agree("tripwire", 1e-9, case, |model, _| column(model, 0, "P_attack"));
}

#[test]
fn who_takes_itself_for_decisive_takes_part() {
    let case = |draw: &mut Inputs| {
        let (b, c, pivotal) = (draw.within(0.0, 0.3), draw.within(0.0, 0.5), draw.within(0.0, 1.0));
        let numbers = vec![("params.b", b), ("params.c", c), ("params.pivotal", pivotal)];
        (numbers, logistic(30.0 * (b - c + pivotal * 2.0 * b)))
    };
    agree("free-riding", 1e-9, case, |model, _| {
        let appraisal = appraise(model, Start::Central, 0, &mut Workspace::new(model));
        assert_eq!(appraisal.consent.len(), 3);
        assert!(appraisal.consent.iter().all(|(_, chance)| (chance - appraisal.consent[0].1).abs() < 1e-12));
        appraisal.consent[0].1
    });
}

#[test]
fn a_ceasefire_moves_the_settlement_towards_even_shares() {
    const STEP: f64 = 0.005;
    for index in 0..N {
        let mut draw =
            Inputs(Streams { seed: 5, replication: index }.draw(Entity::named("truce"), Purpose::Parameter, 0));
        let (a, b) = (draw.within(0.05, 0.3), draw.within(0.05, 0.3));
        let (share, delta) = (draw.within(0.3, 1.0), draw.within(0.3, 0.9));
        let sets = [
            format!("params.cA={a}"),
            format!("params.cB={b}"),
            format!("params.s={share}"),
            format!("params.delta={delta}"),
        ];
        let model = load("ceasefire-first", &sets);
        let edge = (1.0 - delta) * share * (a + b) / 2.0;
        let side = if column(&model, index, "A_proposed") > 0.5 { edge } else { -edge };
        let expected = 0.5 + share * (b - a) / 2.0 + side;
        let obtained = column(&model, index, "x");
        assert!((obtained - expected).abs() <= 1.5 * STEP, "{sets:?}: {obtained} for {expected}");
        assert_eq!(column(&model, index, "settled_in"), 1.0, "{sets:?}");
        let at = Coordinates { seed: 7, replication: index };
        let enjoyed = play(&model, at, &mut Workspace::new(&model), &mut Nobody).utility[0];
        assert!((enjoyed - (1.0 - delta) * (0.5 - share * a) - delta * obtained).abs() < 1e-9, "{sets:?}");
    }
}

#[test]
fn an_agreement_that_may_break_down_is_worth_its_renewal_equation() {
    let case = |draw: &mut Inputs| {
        let (delta, u, left, h) =
            (draw.within(0.3, 0.99), draw.within(0.2, 1.0), draw.within(-0.5, 0.2), draw.within(0.0, 0.5));
        let worth = ((1.0 - delta) * u + delta * h * left) / (1.0 - delta * (1.0 - h));
        (vec![("params.delta", delta), ("params.u", u), ("params.B", left), ("params.h", h)], worth)
    };
    agree("agreement-hazard", 1e-9, case, |model, _| {
        let appraisal = appraise(model, Start::Central, 1, &mut Workspace::new(model));
        appraisal.holdings.iter().find(|holding| holding.actor == 1).unwrap().package
    });
}

#[test]
fn peace_survives_by_the_power_of_its_hazard_ratio() {
    let case = |draw: &mut Inputs| {
        let (h, ratio) = (draw.within(0.001, 0.4), draw.within(0.05, 2.0));
        (vec![("params.h", h), ("params.HR", ratio), ("params.guaranteed", 1.0)], pow(pow(1.0 - h, 10.0), ratio))
    };
    agree("peace-survival", 1e-9, case, |model, _| column(model, 0, "S10"));
}

#[test]
fn a_deal_comes_before_a_collapse_with_its_share_of_the_hazards() {
    let case = |draw: &mut Inputs| {
        let (deal, collapse) = (draw.within(0.02, 0.9), draw.within(0.001, 0.5));
        (vec![("params.deal", deal), ("params.collapse", collapse)], deal / (1.0 - (1.0 - deal) * (1.0 - collapse)))
    };
    agree("deal-or-collapse", 1e-9, case, |model, _| column(model, 0, "P_deal"));
}

/// First-year hazard of an attacker that compares with attacking later: the recursion of the comments of `waiting.toml`.
fn first_year(u: f64, e: [f64; 5], lam: f64) -> f64 {
    let (occasions, patience) = (0.6, 0.975);
    let hazard = |e: f64, waiting: f64, years: f64| 1.0 - exp(-years * occasions * logistic(lam * (e - waiting)));
    let yearly = pow(patience, 12.0);
    let tail = hazard(e[4], u, 1.0);
    let mut value = ((1.0 - yearly) * u + yearly * tail * e[4]) / (1.0 - yearly * (1.0 - tail));
    let mut struck = 0.0;
    for (node, years) in [1.0, 1.0, 1.0, 2.0, 3.0].into_iter().enumerate().rev() {
        let over = pow(yearly, years);
        struck = hazard(e[node], (1.0 - over) * u + over * value, years);
        value = (1.0 - over) * u + over * ((1.0 - struck) * value + struck * e[node]);
    }
    struck
}

#[test]
fn a_rising_power_waits_as_long_as_waiting_pays() {
    let case = |draw: &mut Inputs| {
        let (u, lam) = (draw.within(0.2, 0.6), draw.within(1.0, 30.0));
        let e: [f64; 5] = std::array::from_fn(|_| draw.within(0.05, 0.95));
        let numbers = vec![
            ("params.u", u),
            ("params.lam", lam),
            ("params.e1", e[0]),
            ("params.e2", e[1]),
            ("params.e3", e[2]),
            ("params.e4", e[3]),
            ("params.e5", e[4]),
        ];
        (numbers, first_year(u, e, lam))
    };
    assert!((first_year(0.4, [0.42, 0.5275, 0.635, 0.7425, 0.85], 15.0) - 0.1689).abs() < 5e-5);
    agree("waiting", 1e-9, case, |model, _| {
        appraise(model, Start::Central, 1, &mut Workspace::new(model)).threats[0].hazard[0]
    });
}

#[test]
fn a_menu_is_chosen_from_by_exponential_weights() {
    let case = |draw: &mut Inputs| {
        let u: [f64; 3] = std::array::from_fn(|_| draw.within(0.05, 2.0));
        let lam = draw.within(0.0, 20.0);
        let weights = u.map(|u| exp(lam * u));
        let numbers = vec![("params.u0", u[0]), ("params.u1", u[1]), ("params.u2", u[2]), ("params.lam", lam)];
        (numbers, weights[1] / weights.iter().sum::<f64>())
    };
    agree("menu", 1e-9, case, |model, _| {
        let offers = odds::opening(model, START, &mut Workspace::new(model));
        offers.iter().find(|offer| offer.package == 1).map_or(0.0, |offer| offer.chance)
    });
}

#[test]
fn noisy_offers_agree_as_often_as_their_double_sum_says() {
    let case = |draw: &mut Inputs| {
        let (delta, lam) = (draw.within(0.3, 0.95), draw.within(1.0, 60.0));
        let waits = delta / 2.0;
        let shares: Vec<f64> = (0..=20).map(|k| f64::from(k) / 20.0).collect();
        let yes = |x: f64| logistic(lam * (1.0 - x - waits));
        let weights: Vec<f64> = shares.iter().map(|&x| exp(lam * yes(x) * (x - waits))).collect();
        let total: f64 = weights.iter().sum();
        let agreed: f64 = shares.iter().zip(&weights).map(|(&x, weight)| weight / total * yes(x)).sum();
        (vec![("params.delta", delta), ("params.lam", lam), ("issues.pie.options.step", 0.05)], agreed)
    };
    for index in 0..N {
        let mut draw =
            Inputs(Streams { seed: 9, replication: index }.draw(Entity::named("C02"), Purpose::Parameter, 0));
        let (numbers, expected) = case(&mut draw);
        let mut sets: Vec<String> = numbers.iter().map(|(path, value)| format!("{path}={value}")).collect();
        sets.push("model.evaluator=formula".to_owned());
        let model = load("noisy-offers", &sets);
        let offers = odds::opening(&model, START, &mut Workspace::new(&model));
        let agreed: f64 = offers.iter().map(|offer| offer.chance * offer.accepted).sum();
        assert!((agreed - expected).abs() <= 1e-9, "{sets:?}: {agreed} for {expected}");
    }
}

/// ln(1 + e^z).
fn softplus(z: f64) -> f64 {
    if z > 0.0 { z + ln(1.0 + exp(-z)) } else { ln(1.0 + exp(z)) }
}

#[test]
fn noise_makes_war_as_often_as_the_integral_over_types_says() {
    let case = |draw: &mut Inputs| {
        let (p, cost, h) = (draw.within(0.2, 0.7), draw.within(0.0, 0.2), draw.within(0.1, 0.6));
        let lam = draw.within(1.0, 200.0);
        let demands: Vec<f64> = (0..=40).map(|k| f64::from(k) / 40.0).collect();
        // The mean of logistic(lam (th + p - x)) over costs th from 0 to h.
        let yes = |x: f64| (softplus(lam * (h + p - x)) - softplus(lam * (p - x))) / (lam * h);
        let worth = |x: f64| yes(x) * x + (1.0 - yes(x)) * (p - cost);
        let best = demands.iter().map(|&x| worth(x)).fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = demands.iter().map(|&x| exp(lam * (worth(x) - best))).collect();
        let total: f64 = weights.iter().sum();
        let war = demands.iter().zip(&weights).map(|(&x, weight)| weight / total * (1.0 - yes(x))).sum();
        (vec![("params.p", p), ("params.cA", cost), ("params.h", h), ("params.lam", lam)], war)
    };
    agree("noisy-demand", 1e-9, case, |model, _| {
        let offers = odds::opening(model, START, &mut Workspace::new(model));
        1.0 - offers.iter().map(|offer| offer.chance * offer.accepted).sum::<f64>()
    });
}

#[test]
fn a_bad_deal_is_signed_as_often_as_one_error_of_judgement_is_that_large() {
    // The record of an error has cells of a fifth of its standard deviation: that is its step.
    const STEP: f64 = 0.002;
    let case = |draw: &mut Inputs| {
        let (loss, sigma) = (draw.within(0.0, 0.15), draw.within(0.03, 0.2));
        (vec![("params.loss", loss), ("params.sigma", sigma)], detente::num::normal_cdf(-loss / sigma))
    };
    agree("lasting-error", STEP, case, |model, _| {
        let record = play(model, START, &mut Workspace::new(model), &mut Nobody).forecast;
        record.expect("an offer is made in the first month")
    });
}

#[test]
fn the_fourteen_rounds_of_the_optimists_are_the_same_in_a_thousand_seeds() {
    let model = load("learning", &["issues.pie.options.step=0.001".to_owned()]);
    let mut workspace = Workspace::new(&model);
    let [length, share] =
        ["n_star", "share"].map(|id| model.outcome_columns.iter().position(|column| column.id == id).unwrap());
    let mut shares = Vec::new();
    for seed in 0..1000 {
        let record = play(&model, Coordinates { seed, replication: 0 }, &mut workspace, &mut Nobody);
        assert_eq!(record.extra[length], 14.0, "seed {seed}");
        shares.push(record.extra[share]);
    }
    shares.sort_by(f64::total_cmp);
    assert!(shares[950] - shares[50] > 0.1, "the terms differ, only the length does not");
}

/// Rows of the page: command, column and figure.
fn page() -> Vec<(&'static str, &'static str, f64)> {
    let page = include_str!("../../models/classics/README.md");
    let cells = |line: &'static str| line.split('|').map(str::trim).collect::<Vec<&str>>();
    let rows = page.lines().filter(|line| line.contains("`detente run ")).map(cells);
    rows.map(|row| (row[3].trim_matches('`'), row[4].trim_matches('`'), row[5].parse().unwrap())).collect()
}

#[test]
fn every_command_of_the_page_gives_its_figure() {
    let rows = page();
    assert!(rows.len() >= 30, "{}", rows.len());
    for (command, column, figure) in &rows {
        let directory = tempfile::tempdir().unwrap();
        let words: Vec<&str> = command.split_whitespace().skip(1).chain(["--out", "out"]).collect();
        crate::command::detente_in(directory.path(), &words).with_code(0);
        let text = std::fs::read_to_string(directory.path().join("out/outcomes.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let at = reader.headers().unwrap().iter().position(|name| name == column.to_lowercase()).unwrap();
        let values: Vec<f64> = reader.records().map(|row| row.unwrap()[at].parse().unwrap()).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        assert!((mean - figure).abs() < 6e-7, "{command}: {column} is {mean}, not {figure}");
    }
}

#[test]
fn the_page_names_every_classic() {
    let page = include_str!("../../models/classics/README.md");
    for file in source::embedded::models().filter(|file| file.name.starts_with("classics/")) {
        assert!(page.contains(&format!("| `{}` |", file.stem())), "{}", file.stem());
    }
}
