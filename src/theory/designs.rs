//! Designs of experiments, on functions whose answers are known, and choices from menus whatever their grid.

use std::f64::consts::PI;

use super::case::{Case, case};
use super::table::{Checks, EXACT, Mean, Part, switch};
use crate::design::factor::Levels;
use crate::design::sensitivity::{Bootstrap, Indices};
use crate::design::{Design, Factor, Layout, Moments};
use crate::engine::logit::{chance_of_class, chances};
use crate::num::{sin, sqrt};
use crate::rng::{Entity, Purpose, Streams};

/// What is played here, by case.
pub(super) const PARTS: &[Part] =
    &[(&["S01"], ishigami), (&["S02"], g_function), (&["S03"], latin_hypercube), (&["C05"], refined_menus)];

/// Base samples of the sensitivity designs, as the cases have it.
const SAMPLES: u64 = 1 << 14;

/// Half of the last of ten digits after the point.
const HALF_DIGIT: f64 = 5e-11;

/// Factors of one range, named by position.
fn factors(n: usize, low: f64, high: f64) -> Vec<Factor> {
    (1..=n).map(|i| Factor { name: format!("x{i}"), levels: Levels::Span { low, high } }).collect()
}

/// Outputs of a function at the rows of a Saltelli design, their variance and their indices.
fn sensitivity(checks: &mut Checks, id: &'static str, factors: Vec<Factor>, within: f64, f: impl Fn(&[f64]) -> f64) {
    let d = factors.len();
    let layout = Layout::Saltelli { samples: SAMPLES, second: false };
    let design = Design { factors, layout, seed: checks.effort.seed };
    let rows = SAMPLES * (d as u64 + 2);
    let (mut point, mut y, mut plain) = (Vec::new(), Vec::new(), Moments::default());
    for row in 0..rows {
        design.point(row, &mut point);
        let value = f(&point);
        y.push(value);
        // Rows A are plain samples; those between share columns with them.
        if row % (d as u64 + 2) == 0 {
            plain.push(value);
        }
    }
    let variance = plain.variance().unwrap_or(f64::NAN);
    checks.within(id, "/V", variance, within * case(id).expected("/V").max(1.0));
    // Values need no bootstrap; two resamples are the least that the function takes.
    let indices = Indices::of(&y, d, false, Bootstrap { resamples: 2, seed: checks.effort.seed });
    let Some(indices) = indices else { unreachable!("there are as many outputs as rows") };
    for (name, list) in [("S", indices.first), ("ST", indices.total)] {
        for (i, index) in list.iter().enumerate() {
            checks.within(id, &format!("/{name}/{i}"), index.value, within);
        }
    }
}

/// S01: the function of Ishigami and Homma; the case allows .01.
fn ishigami(checks: &mut Checks) {
    let (a, b) = (case("S01").input("/a"), case("S01").input("/b"));
    sensitivity(checks, "S01", factors(3, -PI, PI), 0.01, |x| {
        let (first, second) = (sin(x[0]), sin(x[1]));
        first + a * second * second + b * (x[2] * x[2]) * (x[2] * x[2]) * first
    });
}

/// S02: the G-function of Saltelli and Sobol'; the case allows .02.
fn g_function(checks: &mut Checks) {
    let a = case("S02").inputs("/a");
    sensitivity(checks, "S02", factors(a.len(), 0.0, 1.0), 0.02, |x| {
        x.iter().zip(&a).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
    });
}

/// S03: the mean of an additive function over a Latin hypercube varies n^2 times less than over plain draws.
fn latin_hypercube(checks: &mut Checks) {
    let case = case("S03");
    let (points, d) = (case.input("/n") as u64, case.input("/d") as usize);
    let middle = d as f64 / 2.0;
    let mut design = Design { factors: factors(d, 0.0, 1.0), layout: Layout::Lhs { points }, seed: 0 };
    let mut point = Vec::new();
    let mut square = |name: &str, replication: u64, row: &mut dyn FnMut(u64, u64, &mut Vec<f64>)| {
        let streams = Streams { seed: checks.effort.seed, replication };
        let seed = (streams.draw(Entity::named(name), Purpose::PointSeed, 0).unit() * (1u64 << 53) as f64) as u64;
        let sum = |index| {
            row(seed, index, &mut point);
            point.iter().sum::<f64>()
        };
        let mean = (0..points).map(sum).sum::<f64>() / points as f64;
        (mean - middle) * (mean - middle)
    };
    let n = checks.effort.replications;
    let layered = Mean::of((0..n).map(|replication| {
        square("layered", replication, &mut |seed, index, point| {
            design.seed = seed;
            design.point(index, point);
        })
    }));
    let plain = Mean::of((0..n).map(|replication| {
        square("plain", replication, &mut |seed, index, point| {
            let mut draw = Streams { seed, replication: index }.draw(Entity::named("plain"), Purpose::Parameter, 0);
            point.clear();
            point.extend((0..d).map(|_| draw.unit()));
        })
    }));
    checks.mean("S03", "/var_lhs", layered);
    checks.mean("S03", "/var_mc", plain);
    let relative = |mean: Mean| (mean.error / mean.value) * (mean.error / mean.value);
    let value = plain.value / layered.value;
    checks.mean("S03", "/ratio", Mean { value, error: value * sqrt(relative(layered) + relative(plain)), n });
}

/// C05: what is proposed from a menu that is cut ever finer, as separate acts and as a class.
///
/// The case leaves open what offers and silence are worth. Whatever they are, the chance of proposing by the flat rule says
/// what the weights of K offers sum to against silence, and so what the class of them must be chosen with; and the reverse.
/// So silence is given the worth at which one rule has the published chance, and the other rule has to have its own.
fn refined_menus(checks: &mut Checks) {
    let case = case("C05");
    let precision = case.input("/lam");
    for (place, k) in case.inputs("/K").into_iter().enumerate() {
        let offers: Vec<f64> = (0..k as usize).map(|i| i as f64 / (k - 1.0)).map(|x| x * (1.0 - x)).collect();
        let over = |silence: f64| -> Vec<f64> { offers.iter().map(|offer| offer - silence).collect() };
        let class = |silence: f64| chance_of_class(&over(silence), precision);
        let flat = |silence: f64| {
            let mut acts = over(silence);
            acts.push(0.0);
            1.0 - chances(&acts, precision)[acts.len() - 1]
        };
        let (flat_at, class_at) = (format!("/flat/{place}"), format!("/nested/{place}"));
        // The published chance has ten digits; how far its rounding moves the other one: odds move together.
        let slope = |at: &str| case.expected(at) * (1.0 - case.expected(at));
        let tolerance = |of: &str, from: &str| EXACT + HALF_DIGIT * slope(of) / slope(from);
        checks.within("C05", &flat_at, flat(silence_at(case, &class_at, class)), tolerance(&flat_at, &class_at));
        checks.within("C05", &class_at, class(silence_at(case, &flat_at, flat)), tolerance(&class_at, &flat_at));
    }
}

/// What silence is worth where proposing has the published chance; the better silence is, the smaller that chance.
fn silence_at(case: &Case, pointer: &str, proposing: impl Fn(f64) -> f64) -> f64 {
    switch(-1.0, 2.0, 1e-13, |silence| proposing(silence) <= case.expected(pointer))
}
