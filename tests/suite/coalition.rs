//! The coalition of the willing: what each state sends decides what can be offered.

use crate::library::model_of;
use crate::politics::{WAR, history, war};
use detente::engine::observer::{Move, Nobody, Observer, StepView};
use detente::engine::{Coordinates, Workspace, play};
use detente::model::Model;
use detente::num::pow;

/// Three neighbours that would each send a little: alone none of them reaches any option.
const WILLING: &str = r#"
[actors.D]
values.force = [0.1, 0.5, 1]

[actors.E]
name = "E"
role = "third_party"
patience = 0.97
no_deal_flow = 0.1
weights = { force = 1 }
values.force = [0.1, 0.5, 1]

[actors.F]
name = "F"
role = "third_party"
patience = 0.97
no_deal_flow = 0.1
weights = { force = 1 }
values.force = [0.1, 0.5, 1]

[bodies.friends]
name = "Friends"
members = ["D", "E", "F"]
quota = { sending = "unanimity" }

[coalitions.willing]
body = "friends"
issue = "force"
sizes = { small = 1, large = 3 }
min_partners = 2
precision = 1000

[coalitions.willing.contributions]
D = { sizes = [0, 0.5, 1], cost = 0.05 }
E = { sizes = [0, 0.5, 1], cost = 0.05 }
F = { sizes = [0, 0.5, 1], cost = 0.05 }

[[outcome_column]]
id = "troops"
value = "pledged.willing"

[[outcome_column]]
id = "partners"
value = "partners.willing"
"#;

fn willing(texts: &[&str]) -> Model {
    model_of(&[&[WAR, WILLING], texts].concat(), &[])
}

/// Pledges at the end and the largest option of the issue in any prediction or offer, over some replications.
#[derive(Default)]
struct Seen {
    largest: u16,
}

impl Observer for Seen {
    fn step(&mut self, view: &StepView<'_>) {
        if let Some(deal) = view.predicted {
            self.largest = self.largest.max(deal.terms[1]);
        }
    }

    fn on(&mut self, _: u32, _: f64, what: &Move<'_>) {
        if let Move::Offer { deal, .. } = *what {
            self.largest = self.largest.max(deal.terms[1]);
        }
    }
}

fn seen(model: &Model) -> (Vec<f64>, Vec<f64>, u16) {
    let mut workspace = Workspace::new(model);
    let mut watch = Seen::default();
    let (mut troops, mut partners) = (Vec::new(), Vec::new());
    for replication in 0..40 {
        let record = play(model, Coordinates { seed: 7, replication }, &mut workspace, &mut watch);
        troops.push(record.extra[0]);
        partners.push(record.extra[1]);
    }
    (troops, partners, watch.largest)
}

#[test]
fn states_that_gain_by_it_send_what_the_largest_option_needs() {
    let (troops, partners, largest) = seen(&willing(&[]));
    assert!(troops.iter().all(|&t| t == 3.0), "{troops:?}");
    assert!(partners.iter().all(|&p| p == 3.0), "{partners:?}");
    assert_eq!(largest, 2);
}

#[test]
fn without_one_member_the_large_force_leaves_the_offer_and_the_small_one_stays() {
    let model = willing(&["[coalitions.willing.contributions]\nF = { sizes = [0], cost = 0.05 }\n"]);
    let (troops, partners, largest) = seen(&model);
    assert!(troops.iter().all(|&t| (1.0..3.0).contains(&t)), "{troops:?}");
    assert!(partners.iter().all(|&p| p == 2.0), "{partners:?}");
    // Both packages with the large force (line held, line moved) are gone; those with the small one are not.
    assert_eq!(largest, 1);
}

#[test]
fn with_too_few_partners_nothing_is_on_offer() {
    let alone = "[coalitions.willing.contributions]\nE = { sizes = [0], cost = 0 }\nF = { sizes = [0], cost = 0 }\n";
    let (troops, partners, largest) = seen(&willing(&[alone]));
    assert!(troops.iter().all(|&t| t == 0.0) && partners.iter().all(|&p| p <= 1.0), "{troops:?} {partners:?}");
    assert_eq!(largest, 0);
}

#[test]
fn what_costs_more_than_it_is_worth_is_not_sent() {
    let dear = "[coalitions.willing.contributions]\nD = { cost = 2 }\nE = { cost = 2 }\nF = { cost = 2 }\n";
    let (troops, _, largest) = seen(&willing(&[dear]));
    assert!(troops.iter().all(|&t| t == 0.0), "{troops:?}");
    assert_eq!(largest, 0);
}

#[test]
fn a_house_that_would_carry_little_allows_little() {
    let house = "[ratifiers.house]\nof = \"F\"\nsupport = 0.5\nthreshold = 0.5\nslope = 0.1\n\
                 [coalitions.willing.contributions]\nF = { ratifier = \"house\" }\n";
    // A chance of one half allows half of the largest size: 2.5 of the 3 that the large force needs.
    let (troops, _, largest) = seen(&willing(&[house]));
    assert!(troops.iter().all(|&t| t > 0.0 && t <= 2.5), "{troops:?}");
    assert_eq!(largest, 1);
    let (troops, _, _) = seen(&willing(&[&house.replace("support = 0.5", "support = 9")]));
    assert!(troops.iter().all(|&t| t == 3.0), "{troops:?}");
}

#[test]
fn a_coalition_on_which_no_option_depends_changes_nothing() {
    let idle = "[bodies.friends]\nname = \"Friends\"\nmembers = [\"D\"]\nquota = { sending = \"unanimity\" }\n\
                [coalitions.idle]\nbody = \"friends\"\nissue = \"force\"\nsizes = { large = 0 }\n\
                [coalitions.idle.contributions]\nD = { sizes = [0], cost = 0.1 }\n";
    assert!(history(&war(&[idle]), 60) == history(&war(&[]), 60));
}

/// Records in which the large force is in place from the settlement on, with those overlays.
fn sent(texts: &[&str]) -> Vec<detente::engine::record::Record> {
    let only_large = "[rules.all_or_nothing]\nforbid = \"force == small or force == none and line == moved\"\n";
    let model = willing(&[&[only_large], texts].concat());
    let mut workspace = Workspace::new(&model);
    let mut play =
        |replication| play(&model, Coordinates { seed: 7, replication }, &mut workspace, &mut Nobody).clone();
    let records = (0..40).map(&mut play);
    records.filter(|record| record.settlement.as_ref().is_some_and(|signed| signed.terms[1] == 2)).collect()
}

/// Place of D among the actors of the war.
const D: usize = 3;

#[test]
fn troops_that_are_sent_cost_their_senders_as_long_as_they_stay() {
    let (dear, free) = (sent(&[]), sent(&["[coalitions.willing.contributions]\nD = { cost = 0 }\n"]));
    assert!(!dear.is_empty() && dear.len() == free.len(), "{} {}", dear.len(), free.len());
    for (dear, free) in dear.iter().zip(&free) {
        let step = dear.settlement.as_ref().unwrap().step;
        // One unit of troops for ever, from the step of the signature on.
        let expected = pow(0.97, f64::from(step)) * 0.05;
        assert!((dear.cost[D] - expected).abs() < 1e-12, "{} {expected}", dear.cost[D]);
        assert!((free.utility[D] - dear.utility[D] - expected).abs() < 1e-12);
        assert_eq!(free.cost[D], 0.0);
    }
}

#[test]
fn members_whose_troops_answer_an_attack_bear_their_loss() {
    let attacked = "[packages.big]\nterms = { force = \"large\" }\n\
        [actors.A]\npolicy = { script = [{ month = 0, offer = \"big\" }, { month = 0, answer = \"yes\" }] }\n\
        [actors.B]\npolicy = { script = [{ month = 0, offer = \"big\" }, { month = 0, answer = \"yes\" }] }\n\
        [endings.beaten]\nvalues = { default = 0.5 }\n\
        [guarantees.friends]\nby = \"friends\"\nneeds = \"force > none\"\ncapability.ground = 1\nwill = 20\n\
        [attacks.again]\nby = \"A\"\ntarget = \"B\"\nper_year = 0.5\nprecision = 0\nbalance = 0\nanswered_by = [\"friends\"]\n\
        victory = \"beaten\"\ndefeat = \"beaten\"\n";
    let loss = |loss: &str, answers: &str| {
        let fields = format!(
            "[coalitions.willing.contributions]\nD = {{ sizes = [0, 1], cost = 0, loss = {loss}, answers = {answers} }}\nE = {{ sizes = [0, 1], cost = 0 }}\nF = {{ sizes = [0, 1], cost = 0 }}\n"
        );
        sent(&[attacked, &fields])
    };
    let (bears, spared, idle) = (loss("0.02", "1"), loss("0", "1"), loss("0.02", "0"));
    let answered = |record: &detente::engine::record::Record| record.settlement.as_ref().unwrap().answered;
    let fallen = bears.iter().filter(|record| answered(record)).count();
    assert!(fallen > 0, "some of {} settlements is attacked and answered", bears.len());
    for record in bears.iter().filter(|record| answered(record)) {
        let signed = record.settlement.as_ref().unwrap();
        let months = f64::from(signed.step) + signed.attack_month.unwrap() + 1.0;
        assert!((record.cost[D] - 0.02 * pow(0.97, months)).abs() < 1e-12, "{} after {months}", record.cost[D]);
    }
    assert!(spared.iter().chain(&idle).all(|record| record.cost[D] == 0.0));
}
