//! Solutions of bargaining problems, and what moves them.

use super::case::case;
use super::table::{Checks, Classic, Part};
use crate::engine::appraise::{Start, appraise, package_with};
use crate::engine::{Coordinates, Workspace};
use crate::measure::frontier::{Field, Solutions, Terms, solve};

/// What is played here, by case.
pub(super) const PARTS: &[Part] = &[
    (&["T06a"], frontier),
    (&["T06b"], power_and_threats),
    (&["T06c"], risk_aversion),
    (&["T07"], logrolling),
    (&["T16a"], ratification),
    (&["C08"], levers),
];

/// Step of the grid of shares in `nash-frontier`.
const STEP: f64 = 0.0001;

/// What the game of `nash-frontier` predicts, with these inputs.
fn predicted(numbers: &[(&str, f64)], column: &str) -> f64 {
    Classic::load("nash-frontier", numbers).column(column)
}

/// The solutions over all packages of a game with one issue, valued by the engine at the start, and that issue's numbers.
fn solved(numbers: &[(&str, f64)], disagreement: &[f64]) -> (Solutions, Vec<f64>) {
    let game = Classic::load("nash-frontier", numbers);
    let values = crate::engine::appraise::values(&game.model, START, &mut Workspace::new(&game.model));
    let shares: Vec<f64> = game.model.issues[0].options.iter().map(|option| option.number).collect();
    let field = Field::new(&values);
    let terms = Terms::of(&field, disagreement);
    // What a party can hope for is the most that leaves the other its disagreement value.
    let rational = field.rational(disagreement);
    let ideal = (0..2).map(|party| rational.iter().map(|&o| field.value(party, o)).fold(f64::NEG_INFINITY, f64::max));
    let terms = Terms { ideal: ideal.collect(), ..terms };
    (solve(&field, disagreement, &terms), shares)
}

const START: Start = Start::Drawn(Coordinates { seed: 0, replication: 0 });

fn first(found: &[usize], shares: &[f64]) -> f64 {
    found.first().map_or(f64::NAN, |&outcome| shares[outcome])
}

/// T06a: a frontier that bends.
fn frontier(checks: &mut Checks) {
    let bent = [("params.b", 0.5)];
    checks.within("T06a", "/nbs_u1", predicted(&bent, "u1"), STEP);
    let (found, shares) = solved(&bent, &[0.0, 0.0]);
    checks.within("T06a", "/ks_u1", first(&found.kalai_smorodinsky, &shares), STEP);
    checks.within("T06a", "/util_u1", first(&found.welfare, &shares), STEP);
}

/// T06b: threat points and bargaining power.
fn power_and_threats(checks: &mut Checks) {
    let case = case("T06b");
    let threats = case.params(&[("params.d1", "/d/0"), ("params.d2", "/d/1")]);
    let d = case.inputs("/d");
    let bent = [&threats[..], &[("params.b", 0.5)]].concat();
    let power = [&threats[..], &[("params.alpha", case.input("/alpha"))]].concat();
    checks.within("T06b", "/linear_sym_u1", predicted(&threats, "u1"), STEP);
    checks.within("T06b", "/linear_asym_u1", predicted(&power, "u1"), STEP);
    checks.within("T06b", "/nonlinear_nbs_u1", predicted(&bent, "u1"), STEP);
    let (found, shares) = solved(&threats, &d);
    checks.within("T06b", "/linear_ks_u1", first(&found.kalai_smorodinsky, &shares), STEP);
    let (found, shares) = solved(&bent, &d);
    checks.within("T06b", "/nonlinear_ks_u1", first(&found.kalai_smorodinsky, &shares), STEP);
}

/// T06c: whoever is more risk-averse gets less.
fn risk_aversion(checks: &mut Checks) {
    for (index, pair) in case("T06c").rows("/ab").iter().enumerate() {
        let share = predicted(&[("params.a", pair[0]), ("params.b", pair[1])], "x");
        checks.within("T06c", &format!("/x/{index}"), share, STEP);
    }
}

/// T07: trading one matter for another, and paying the rest.
fn logrolling(checks: &mut Checks) {
    let inputs = case("T07").params(&[
        ("params.wA1", "/wA/0"),
        ("params.wA2", "/wA/1"),
        ("params.wB1", "/wB/0"),
        ("params.wB2", "/wB/1"),
    ]);
    let mut game = Classic::load("logrolling", &inputs);
    for (pointer, column) in [("/xy/0", "x_agreed"), ("/xy/1", "y_agreed"), ("/uA", "uA"), ("/uB", "uB")] {
        let obtained = game.column(column);
        checks.exact("T07", pointer, obtained);
    }
    for (pointer, name) in [("/product", "logroll"), ("/compromise_product", "compromise")] {
        checks.exact("T07", pointer, product(&game, name));
    }
    let mut paid = Classic::load("logrolling", &[&inputs[..], &[("params.transfers", 1.0)]].concat());
    checks.exact("T07", "/transfer_A_to_B", paid.column("transfer_A_to_B"));
    checks.exact("T07", "/TU_each", paid.column("uA"));
    checks.exact("T07", "/TU_each", paid.column("uB"));
}

/// Product of what a named package is worth to those who sign.
fn product(game: &Classic, name: &str) -> f64 {
    let named = game.model.named_packages.iter().find(|package| package.id == name);
    let package = named.and_then(|named| package_with(&game.model, &named.options));
    package.map_or(f64::NAN, |package| {
        let appraisal = appraise(&game.model, START, package, &mut Workspace::new(&game.model));
        appraisal.holdings.iter().map(|holding| holding.package).product()
    })
}

/// T16a: a parliament that asks for more, as a constraint and as a threat point.
fn ratification(checks: &mut Checks) {
    let inputs = case("T16a").params(&[("params.p", "/p"), ("params.cA", "/cA"), ("params.cB", "/cB")]);
    for (index, &r) in case("T16a").inputs("/r").iter().enumerate() {
        let with = |threat: f64| {
            Classic::load("ratification", &[&inputs[..], &[("params.r", r), ("params.threat_point", threat)]].concat())
        };
        let (mut constraint, mut threat) = (with(0.0), with(1.0));
        checks.exact("T16a", &format!("/width/{index}"), threat.column("width"));
        checks.exact("T16a", &format!("/deal/{index}"), constraint.column("deal"));
        if index < 3 {
            checks.exact("T16a", &format!("/nbs_constrained/{index}"), constraint.column("nbs"));
            checks.exact("T16a", &format!("/nbs_threatpoint/{index}"), threat.column("nbs"));
        }
    }
}

/// C08: sanctions and aid.
fn levers(checks: &mut Checks) {
    let inputs =
        case("C08").params(&[("params.p", "/p"), ("params.cA", "/cA"), ("params.cB", "/cB"), ("params.e", "/e")]);
    let moved: [(&str, &[&str]); 4] = [
        ("/x0", &[]),
        ("/x_sanction_A", &["params.use_sanction_A"]),
        ("/x_aid_shifts_p_-.1", &["params.use_aid_B"]),
        ("/x_both", &["params.use_sanction_A", "params.use_sanction_B"]),
    ];
    for (pointer, used) in moved {
        let uses: Vec<(&str, f64)> = used.iter().map(|&name| (name, 1.0)).collect();
        let mut game = Classic::load("levers", &[&inputs[..], &uses].concat());
        checks.exact("C08", pointer, game.column("x"));
    }
}
