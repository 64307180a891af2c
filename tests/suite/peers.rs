//! Sessions of NegMAS reproduced offer by offer on the models of `models/peers`.

use detente::report::peers::{cases, compare_all};

#[test]
fn every_session_is_reproduced_offer_by_offer() {
    let rows = compare_all().unwrap();
    let wrong: Vec<_> = rows
        .iter()
        .filter(|row| (row.expected - row.obtained).abs() > row.tolerance || row.obtained.is_nan())
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows differ: {wrong:#?}", wrong.len(), rows.len());
    let sessions: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.case).collect();
    assert_eq!(sessions.len(), 21);
    assert_eq!(cases().iter().filter(|case| case.must_pass).count(), 21);
    // Every session has its offers and, where it ends in an agreement, the distances of that.
    assert_eq!(rows.iter().filter(|row| row.row == "trace" && row.expected > 1.0).count(), 21);
    assert!(rows.iter().filter(|row| row.row == "nash_dist").count() >= 18, "{}", rows.len());
}

/// The cells of the first row of `outcomes.csv`, by column.
fn first_row(args: &[&str]) -> std::collections::BTreeMap<String, String> {
    let directory = tempfile::tempdir().unwrap();
    let run = [&["run"], args, &["--reps", "1", "--noise", "0", "--out", "out"]].concat();
    crate::command::detente_in(directory.path(), &run).with_code(0);
    let mut reader = csv::Reader::from_path(directory.path().join("out/outcomes.csv")).unwrap();
    let names = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    names.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
}

#[test]
fn measures_are_columns_of_the_outcomes() {
    // Session C24: the settlement is the Nash outcome (.72, .4); the egalitarian one is (.5, .5), .2417 away.
    let row = first_row(&["concepts"]);
    let number = |name: &str| row[name].parse::<f64>().unwrap();
    for (name, value) in [
        ("pareto_distance", 0.0),
        ("nash_distance", 0.0),
        ("kalai_distance", 0.241_660_919_471_891_42),
        ("disparity_distance", 0.0),
        ("welfare", 1.12),
        ("welfare_share", 1.12 / 1.16),
        ("nash_a", 0.72),
        ("nash_b", 0.4),
        ("kalai_a", 0.5),
        ("kalai_b", 0.5),
    ] {
        assert!((number(name) - value).abs() < 1e-12, "{name}: {}", row[name]);
    }
    // With all the power A has its best outcome; without an agreement there is nothing to measure.
    let mighty = first_row(&["concepts", "--set", "measures.weights={ A = 1, B = 0 }"]);
    assert_eq!((mighty["nash_a"].as_str(), mighty["nash_b"].as_str()), ("1", "0"));
    let none = first_row(&["no-zopa"]);
    assert_eq!((none["nash_distance"].as_str(), none["nash_a"].as_str(), none["welfare"].as_str()), ("", "", ""));
}
