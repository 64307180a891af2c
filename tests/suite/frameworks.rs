//! Frameworks (`core.md` 2): texts without force bind what their parties offer, and nothing else.

use detente::engine::observer::{Move, Observer};
use detente::engine::record::{EndedBy, Record};
use detente::engine::{Coordinates, Workspace, play};

use crate::library::model_of;

/// Two sides and a mediator that is with A; they offer what they like of everything that gains them something.
const TALKS: &str = r#"
[model]
name = "frameworks"
title = "Texts without force"
step = "month"
horizon_months = 12
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
weights = { pie = 0.8, flag = 0.2 }
values = { pie = [1, 0.75, 0.5, 0], flag = [1, 0] }
no_deal_flow = 0
misjudgement = { sigma = 0.2, rho_month = 0.5 }

[actors.B]
name = "B"
role = "signatory"
patience = 0.97
weights = { pie = 0.8, flag = 0.2 }
values = { pie = [0, 0.25, 0.5, 1], flag = [0, 1] }
no_deal_flow = 0.3
misjudgement = { sigma = 3, rho_month = 0.5 }

[actors.M]
name = "M"
role = "mediator"
patience = 0.97
no_deal_flow = 0.1
weights = { pie = 1 }
values = { pie = [1, 0.7, 0.3, 0] }

[protocol]
recognition = { A = 0.3, B = 0.3, M = 0.4 }
offers_per_month = 1

[behaviour]
offer_precision = 0

[[outcomes]]
id = "deal"
when = "signed.settlement"

[[outcomes]]
id = "war"
when = "true"
"#;

const TEXT: &str = "[instruments.text]\nframework = true\nscope = [\"pie\"]\nparties = [\"A\", \"M\"]\n";

/// What A and M offered, by step, instrument and share of the pie, and when something ended.
#[derive(Default)]
struct Watch {
    offers: Vec<(u32, u16, u16)>,
    ended: Vec<u32>,
}

impl Observer for Watch {
    fn on(&mut self, step: u32, _: f64, what: &Move<'_>) {
        match what {
            Move::Offer { by, deal, .. } if by.index() != 1 => self.offers.push((step, deal.instrument, deal.terms[0])),
            Move::Ended { .. } => self.ended.push(step),
            _ => {}
        }
    }
}

fn played(texts: &[&str], n: u64) -> Vec<(Record, Watch)> {
    let model = model_of(&[&[TALKS], texts].concat(), &[]);
    let mut workspace = Workspace::new(&model);
    let mut one = |replication| {
        let mut watch = Watch::default();
        let record = play(&model, Coordinates { seed: 11, replication }, &mut workspace, &mut watch).clone();
        (record, watch)
    };
    (0..n).map(&mut one).collect()
}

#[test]
fn while_a_text_stands_its_parties_offer_only_what_holds_it() {
    let mut bound = 0;
    let mut free = [0; 4];
    for (record, watch) in played(&[TEXT], 300) {
        let settlements = watch.offers.iter().filter(|(_, instrument, _)| *instrument == 0);
        match record.agreements.iter().position(|signed| signed.instrument == 1) {
            None => settlements.for_each(|(_, _, pie)| free[usize::from(*pie)] += 1),
            Some(at) => {
                let (since, text) = (record.agreements[at].step, record.agreement_terms[at * 2]);
                for (_, _, pie) in settlements.filter(|(step, _, _)| *step > since) {
                    assert_eq!(*pie, text, "{:?}", watch.offers);
                    bound += 1;
                }
            }
        }
    }
    assert!(bound > 20, "the text is agreed and the talks go on: {bound}");
    assert!(free.iter().filter(|&&n| n > 0).count() > 1, "without it they offer this and that: {free:?}");
}

#[test]
fn a_text_puts_nothing_into_force() {
    let mut open = 0;
    for (record, _) in
        played(&[TEXT, "[actors.B]\npolicy = { script = [{ month = 0, answer = \"no\" }], then = \"default\" }\n"], 100)
    {
        let agreed = record.agreements.iter().any(|signed| signed.instrument == 1);
        if agreed && record.settlement.is_none() {
            assert_eq!(record.terms, [0, 0]);
            open += 1;
        }
    }
    assert!(open > 0);
}

#[test]
fn a_text_lapses_with_its_term() {
    let term = "[instruments.text]\nterm_months = 3\n";
    let mut over = 0;
    for (record, watch) in played(&[TEXT, term], 300) {
        for text in record.agreements.iter().filter(|signed| signed.instrument == 1) {
            match text.ended_by {
                Some(EndedBy::Term) => {
                    assert_eq!(text.ended_step, Some(text.step + 2), "the third month is its last");
                    assert!(watch.ended.contains(&(text.step + 2)));
                    over += 1;
                }
                other => assert!(other == Some(EndedBy::Settlement) || text.step >= 10, "{text:?}"),
            }
        }
    }
    assert!(over > 5, "{over}");
}

#[test]
fn a_text_that_nobody_can_agree_changes_nothing() {
    let never = played(&[TEXT, "[instruments.text]\nfrom = [\"truce\"]\n"], 40);
    let without = played(&[], 40);
    for ((with, _), (without, _)) in never.iter().zip(&without) {
        assert_eq!((&with.utility, &with.agreements), (&without.utility, &without.agreements));
    }
}
