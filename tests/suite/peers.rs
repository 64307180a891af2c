//! Sessions of NegMAS reproduced offer by offer on the models of `models/peers`.

use detente::report::peers::{cases, compare_all};

#[test]
fn every_session_is_reproduced_offer_by_offer() {
    let rows = compare_all().unwrap();
    let wrong: Vec<_> = rows.iter().filter(|row| (row.expected - row.obtained).abs() > row.tolerance || row.obtained.is_nan()).collect();
    assert!(wrong.is_empty(), "{} of {} rows differ: {wrong:#?}", wrong.len(), rows.len());
    let sessions: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.case).collect();
    assert_eq!(sessions.len(), 21);
    assert_eq!(cases().iter().filter(|case| case.must_pass).count(), 21);
    // Every session has its offers and, where it ends in an agreement, the distances of that.
    assert_eq!(rows.iter().filter(|row| row.row == "trace" && row.expected > 1.0).count(), 21);
    assert!(rows.iter().filter(|row| row.row == "nash_dist").count() >= 18, "{}", rows.len());
}
