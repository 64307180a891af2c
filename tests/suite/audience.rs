//! Audience costs of offers (`core.md` 10): what an offer gives away or takes back is weighed before it is made and paid
//! when it is.

use detente::engine::observer::{Move, Observer};
use detente::engine::record::Record;
use detente::engine::{Coordinates, Workspace, play};
use detente::num::pow;

use crate::library::model_of;

/// A offers; B is better off with more of the pie and takes anything from `half` on. A cannot misjudge.
const TALKS: &str = r#"
[model]
name = "audience"
title = "An audience"
step = "month"
horizon_months = 6
aftermath_months = 0
foresight_months = 12

[issues.pie]
options = [{ id = "none", status_quo = true }, { id = "quarter" }, { id = "half" }, { id = "all" }]

[issues.flag]
options = [{ id = "ours", status_quo = true }, { id = "theirs" }]

[instruments.settlement]
scope = "all"
leads_to = "settled"

[actors.A]
name = "A"
role = "signatory"
patience = 0.97
weights = { pie = 0.9, flag = 0.1 }
values = { pie = [1, 0.75, 0.5, 0], flag = [1, 0] }
no_deal_flow = 0

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
weights = { pie = 0.9, flag = 0.1 }
values = { pie = [0, 0.25, 0.5, 1], flag = [0, 1] }
no_deal_flow = 0.6

[protocol]
recognition = { A = 1, B = 0 }
offers_per_month = 1

[behaviour]
offer_precision = 1e9

[[outcomes]]
id = "deal"
when = "signed.settlement"

[[outcomes]]
id = "war"
when = "true"
"#;

#[derive(Default)]
struct Offers {
    terms: Vec<Vec<u16>>,
    costs: Vec<Option<f64>>,
    gains: Vec<f64>,
}

impl Observer for Offers {
    fn on(&mut self, _: u32, _: f64, what: &Move<'_>) {
        if let Move::Offer { deal, audience, gain, .. } = what {
            self.terms.push(deal.terms.to_vec());
            self.costs.push(*audience);
            self.gains.push(*gain);
        }
    }
}

fn played(sets: &[&str]) -> (Record, Offers) {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let model = model_of(&[TALKS], &sets);
    let mut offers = Offers::default();
    let at = Coordinates { seed: 3, replication: 0 };
    let record = play(&model, at, &mut Workspace::new(&model), &mut offers).clone();
    (record, offers)
}

const DEMANDS: &str = "actors.A.audience={ concession = 0.2, position = { pie = \"none\", flag = \"ours\" } }";

#[test]
fn what_an_offer_gives_away_is_paid_and_weighed() {
    let (free, offers) = played(&[]);
    assert_eq!((&offers.terms[0][..], offers.costs[0]), (&[2, 0][..], None), "half of the pie is the least B takes");
    let (paid, offers) = played(&[DEMANDS]);
    // Half of the pie is worth 0.45 to A and gives away 0.45 of what it asked for; one fifth of that is paid at once.
    assert_eq!(offers.terms[0], [2, 0]);
    assert!((offers.costs[0].unwrap() - 0.09).abs() <= 1e-12, "{:?}", offers.costs);
    assert!((free.utility[0] - paid.utility[0] - 0.09).abs() <= 1e-12, "{} {}", free.utility[0], paid.utility[0]);
    assert!((paid.cost[0] - free.cost[0] - 0.09).abs() <= 1e-12);
    assert_eq!(free.utility[1], paid.utility[1], "nobody else pays");
}

#[test]
fn an_audience_that_minds_enough_leaves_nothing_to_offer() {
    // The deal is worth 0.55 to A, disagreement half of its status quo after 12 months of nothing: it gains 0.203 and
    // gives away 0.45 of its demand. Waiting saves nothing, since only A offers: it stalls from a share of 0.451 on.
    let demand = |share: &str| DEMANDS.replace("0.2", share);
    let (below, _) = played(&[&demand("0.44")]);
    let (above, offers) = played(&[&demand("0.46")]);
    assert!(below.settlement.is_some());
    assert!(above.settlement.is_none() && above.offers == 0 && above.stalls == 6, "{offers:?}", offers = offers.terms);
}

#[test]
fn a_share_of_zero_changes_nothing() {
    let (free, before) = played(&[]);
    let (zero, offers) = played(&[&DEMANDS.replace("0.2", "0")]);
    assert_eq!((&free.utility, &before.terms, &before.gains), (&zero.utility, &offers.terms, &offers.gains));
}

#[test]
fn the_first_offer_without_a_position_is_free_and_becomes_one() {
    // B never agrees, so that A offers again; what it says then is measured by what it said before.
    let refuse = "actors.B.policy={ script = [{ month = 0, answer = \"no\" }] }";
    let changes = "actors.A.policy={ script = [{ month = 0, offer = \"low\" }, { month = 2, offer = \"high\" }, { month = 4, offer = \"low\" }] }";
    let packages = "packages={ low = { terms = { pie = \"quarter\" } }, high = { terms = { pie = \"half\", flag = \"theirs\" } } }";
    let audience = "actors.A.audience={ concession = 0.5, retreat = 0.1 }";
    let (record, offers) = played(&[refuse, changes, packages, audience]);
    let costs: Vec<f64> = offers.costs.iter().map(|cost| cost.unwrap()).collect();
    // From a quarter to half and the flag away A gives 0.225 + 0.1; later it takes the same back.
    let given = 0.325;
    let expected = [0.0, 0.0, 0.5 * given, 0.0, 0.1 * given, 0.0];
    assert_eq!(costs.len(), 6);
    assert!(costs.iter().zip(expected).all(|(cost, expected)| (cost - expected).abs() <= 1e-12), "{costs:?}");
    let paid = pow(0.97, 2.0) * expected[2] + pow(0.97, 4.0) * expected[4];
    assert!((record.cost[0] - paid).abs() <= 1e-12, "{} {paid}", record.cost[0]);
}
