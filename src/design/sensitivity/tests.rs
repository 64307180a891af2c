//! Indices against SALib 1.6.0 on shared rows, against analytic values, and their intervals.

use std::collections::BTreeMap;
use std::f64::consts::PI;

use super::*;
use crate::design::factor::{Factor, Levels};
use crate::design::points::{Design, Layout};
use crate::num::{pow, sin};

const NO_BOOTSTRAP: Bootstrap = Bootstrap { resamples: 2, seed: 0 };

/// Rows and outputs of one fixture.
fn fixture(name: &str) -> (Vec<Vec<f64>>, Vec<f64>) {
    let path = format!("{}/tests/cases/sensitivity/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.records().map(|row| {
        let mut numbers: Vec<f64> = row.unwrap().iter().map(|cell| cell.parse().unwrap()).collect();
        let y = numbers.pop().unwrap();
        (numbers, y)
    });
    rows.unzip()
}

/// What SALib says, by file, index and factor.
fn salib() -> BTreeMap<(String, String, String), f64> {
    let path = format!("{}/tests/cases/sensitivity/indices.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        ((row[0].to_owned(), row[1].to_owned(), row[2].to_owned()), row[3].parse().unwrap())
    });
    rows.collect()
}

fn ishigami(x: &[f64]) -> f64 {
    sin(x[0]) + 7.0 * sin(x[1]) * sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0])
}

const G_A: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];

fn g_function(x: &[f64]) -> f64 {
    x.iter().zip(G_A).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
}

#[test]
fn the_functions_are_those_that_salib_evaluated() {
    for (name, f) in [("saltelli-ishigami.csv", ishigami as fn(&[f64]) -> f64), ("saltelli-g.csv", g_function)] {
        let (rows, y) = fixture(name);
        assert!(rows.iter().zip(y).all(|(row, y)| (f(row) - y).abs() < 1e-12), "{name}");
    }
}

#[test]
fn salibs_indices_are_reproduced_to_twelve_digits_on_its_own_rows() {
    let mut compared = 0;
    let mut worst: f64 = 0.0;
    for ((file, index, factor), expected) in salib() {
        let (rows, y) = fixture(&file);
        let d = rows[0].len();
        let at = |name: &str| name[1..].parse::<usize>().unwrap() - 1;
        let found = if file.starts_with("morris") {
            // SALib's rows are in natural units, a full range apart at the two ends.
            let range = if file.contains("ishigami") { 2.0 * PI } else { 1.0 };
            let low = if file.contains("ishigami") { -PI } else { 0.0 };
            let shares: Vec<Vec<f64>> =
                rows.iter().map(|row| row.iter().map(|x| ((x - low) / range * 3.0).round() / 3.0).collect()).collect();
            let effect = effects(&shares, &y, d, 2.0 / 3.0).unwrap()[at(&factor)];
            match index.as_str() {
                "mu" => effect.mu,
                "mu_star" => effect.mu_star,
                _ => effect.sigma,
            }
        } else {
            let indices = Indices::of(&y, d, file.contains("second"), NO_BOOTSTRAP).unwrap();
            match index.as_str() {
                "S1" => indices.first[at(&factor)].value,
                "ST" => indices.total[at(&factor)].value,
                _ => {
                    let (j, k) = factor.split_once('*').unwrap();
                    indices.second.iter().find(|pair| (pair.0, pair.1) == (at(j), at(k))).unwrap().2.value
                }
            }
        };
        worst = worst.max((found - expected).abs());
        assert!(
            (found - expected).abs() < 1e-12 * expected.abs().max(1.0),
            "{file} {index} {factor}: {found} {expected}"
        );
        compared += 1;
    }
    assert_eq!(compared, 108, "largest difference {worst}");
}

fn saltelli(d: usize, (low, high): (f64, f64), samples: u64, seed: u64) -> (Design, Vec<Vec<f64>>) {
    let factor = |i: usize| Factor { name: format!("x{i}"), levels: Levels::Span { low, high } };
    let design =
        Design { factors: (0..d).map(factor).collect(), layout: Layout::Saltelli { samples, second: false }, seed };
    let mut values = Vec::new();
    let rows = (0..design.count().unwrap()).map(|index| {
        design.point(index, &mut values);
        values.clone()
    });
    let rows = rows.collect();
    (design, rows)
}

/// First and total indices of Ishigami's function with a = 7, b = 0.1 (Ishigami and Homma 1990):
/// V1 = (1 + b pi^4/5)^2/2, V2 = a^2/8, V13 = b^2 pi^8 (1/18 - 1/50), V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2.
fn ishigami_indices() -> ([f64; 3], [f64; 3]) {
    let (p4, p8) = (PI * PI * PI * PI, pow(PI, 8.0));
    let first = 0.5 * (1.0 + 0.1 * p4 / 5.0) * (1.0 + 0.1 * p4 / 5.0);
    let (second, both) = (49.0 / 8.0, 0.01 * p8 * (1.0 / 18.0 - 1.0 / 50.0));
    let all = 49.0 / 8.0 + 0.1 * p4 / 5.0 + 0.01 * p8 / 18.0 + 0.5;
    ([first / all, second / all, 0.0], [(first + both) / all, second / all, both / all])
}

#[test]
fn the_analytic_indices_of_ishigami_and_g_are_approached() {
    let (_, rows) = saltelli(3, (-PI, PI), 4096, 5);
    let y: Vec<f64> = rows.iter().map(|row| ishigami(row)).collect();
    let indices = Indices::of(&y, 3, false, NO_BOOTSTRAP).unwrap();
    let (first, total) = ishigami_indices();
    // (.3139, .4424, 0) and (.5576, .4424, .2437).
    assert!((first[0] - 0.3139).abs() < 5e-5 && (total[2] - 0.2437).abs() < 5e-5);
    for j in 0..3 {
        assert!((indices.first[j].value - first[j]).abs() < 0.01, "S1 {j}: {:?}", indices.first[j]);
        assert!((indices.total[j].value - total[j]).abs() < 0.01, "ST {j}: {:?}", indices.total[j]);
    }
    let (_, rows) = saltelli(8, (0.0, 1.0), 4096, 5);
    let y: Vec<f64> = rows.iter().map(|row| g_function(row)).collect();
    let indices = Indices::of(&y, 8, false, NO_BOOTSTRAP).unwrap();
    // V_i = 1/(3 (1 + a_i)^2), V = prod (1 + V_i) - 1, ST_i = V_i prod_{j != i} (1 + V_j)/V (Saltelli and Sobol' 1995).
    let parts = G_A.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let all = parts.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
    for j in 0..8 {
        let total = parts[j] * (all + 1.0) / (1.0 + parts[j]) / all;
        assert!((indices.first[j].value - parts[j] / all).abs() < 0.01, "S1 {j}: {:?}", indices.first[j]);
        assert!((indices.total[j].value - total).abs() < 0.01, "ST {j}: {:?}", indices.total[j]);
    }
}

/// How many of 100 seeds have each analytic index of Ishigami's function inside their interval: S1 to S3, ST1 to ST3.
fn covered(widen: f64) -> [u32; 6] {
    let (first, total) = ishigami_indices();
    let mut covered = [0; 6];
    for seed in 0..100 {
        let (_, rows) = saltelli(3, (-PI, PI), 128, seed);
        let y: Vec<f64> = rows.iter().map(|row| ishigami(row)).collect();
        let found = Indices::of(&y, 3, false, Bootstrap { resamples: 100, seed }).unwrap();
        let all = found.first.iter().zip(first).chain(found.total.iter().zip(total));
        for (count, (index, truth)) in covered.iter_mut().zip(all) {
            let half = (index.interval.high - index.interval.low) / 2.0 * widen;
            *count += u32::from((truth - index.value).abs() <= half);
        }
    }
    covered
}

#[test]
fn each_analytic_index_lies_in_its_interval_in_at_least_88_of_100_seeds() {
    let covered = covered(1.0);
    assert!(covered.iter().all(|&n| n >= 88), "{covered:?}");
}

#[test]
fn intervals_ten_times_too_short_are_caught_by_that_test() {
    let covered = self::covered(0.1);
    assert!(covered.iter().any(|&n| n < 88), "{covered:?}");
}

#[test]
fn what_is_no_design_has_no_indices() {
    assert_eq!(Indices::of(&[1.0; 9], 3, false, NO_BOOTSTRAP), None);
    assert_eq!(Indices::of(&[1.0; 5], 3, false, NO_BOOTSTRAP), None);
    let flat = Indices::of(&[1.0; 10], 3, false, NO_BOOTSTRAP).unwrap();
    assert!(flat.first.iter().chain(&flat.total).all(|index| index.value == 0.0));
    assert_eq!(effects(&[vec![0.0], vec![0.0]], &[1.0, 2.0], 1, 1.0), None);
}

#[test]
fn effects_of_a_line_and_a_product_are_as_computed_by_hand() {
    // y = 3 x1 + x1 x2 on the square (0,0) (1,0) (1,1) and (1,1) (1,0) (0,0), step 1:
    // effects of x1: 3, then falling from (1,0) to (0,0): 3; of x2: 1 at x1 = 1, twice.
    let points: Vec<Vec<f64>> =
        [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]].map(|p| p.to_vec()).to_vec();
    let y: Vec<f64> = points.iter().map(|p| 3.0 * p[0] + p[0] * p[1]).collect();
    let found = effects(&points, &y, 2, 1.0).unwrap();
    assert_eq!((found[0].mu, found[0].mu_star, found[0].sigma), (3.0, 3.0, 0.0));
    assert_eq!((found[1].mu, found[1].mu_star, found[1].sigma), (1.0, 1.0, 0.0));
}
