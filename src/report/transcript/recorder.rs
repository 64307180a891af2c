//! The observer behind a transcript.

use serde_json::Value;

use super::moves;
use crate::engine::observer::{Move, Observer, StepView};
use crate::model::{Model, Regime};

/// A term that an offer changes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// Id of the issue.
    pub(super) issue: String,
    /// The option in words, now and before.
    pub(super) to: String,
    pub(super) from: String,
    /// Whether the words say more than the ids.
    pub(super) meant: bool,
}

/// One move, in both forms.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Act {
    /// The move in words.
    pub(super) line: String,
    /// Further lines, set below it.
    pub(super) details: Vec<String>,
    /// Of an offer, what it changes.
    pub(super) changes: Vec<Change>,
    /// The move for machines.
    pub(super) json: Value,
    /// Whether it is one of those that repeat month after month and say nothing new.
    pub(super) routine: bool,
}

/// What a step looked like.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Look {
    pub(super) regime: Option<Regime>,
    pub(super) states: Vec<f64>,
    pub(super) disagreement: Vec<f64>,
    pub(super) continuation: Vec<f64>,
    pub(super) beliefs: Vec<f64>,
    pub(super) zopa_width: f64,
    pub(super) n_agreeable: u32,
    pub(super) predicted: Option<Vec<u16>>,
    pub(super) agreement_chance: f64,
}

/// One step with its moves.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StepAccount {
    pub(super) step: u32,
    pub(super) month: f64,
    /// None in the aftermath, where nothing is negotiated.
    pub(super) look: Option<Look>,
    pub(super) acts: Vec<Act>,
    /// How many of the acts came before the look: events and levers.
    pub(super) before: usize,
}

/// All steps of one negotiation, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    pub(super) steps: Vec<StepAccount>,
}

/// Writes down what happens.
#[derive(Debug)]
pub struct Recorder<'m> {
    model: &'m Model,
    account: Account,
    last_offer: Option<Vec<u16>>,
}

impl<'m> Recorder<'m> {
    /// A recorder of negotiations of this model.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        Self { model, account: Account::default(), last_offer: None }
    }

    /// What was recorded.
    #[must_use]
    pub fn finish(self) -> Account {
        self.account
    }

    fn at(&mut self, step: u32, month: f64) -> &mut StepAccount {
        let steps = &mut self.account.steps;
        if steps.last().is_none_or(|last| last.step != step) {
            steps.push(StepAccount { step, month, look: None, acts: Vec::new(), before: 0 });
        }
        steps.last_mut().expect("a step was pushed if there was none")
    }
}

impl Observer for Recorder<'_> {
    fn step(&mut self, view: &StepView<'_>) {
        let look = Look {
            regime: Some(view.regime),
            states: view.states.to_vec(),
            disagreement: view.disagreement.to_vec(),
            continuation: view.continuation.to_vec(),
            beliefs: view.beliefs.to_vec(),
            zopa_width: view.zopa_width,
            n_agreeable: view.n_agreeable,
            predicted: view.predicted.map(|deal| deal.terms.to_vec()),
            agreement_chance: view.agreement_chance,
        };
        let account = self.at(view.step, view.month);
        account.before = account.acts.len();
        account.look = Some(look);
    }

    fn on(&mut self, step: u32, month: f64, what: &Move<'_>) {
        let act = moves::act(self.model, what, self.last_offer.as_deref());
        if let Move::Offer { deal, .. } = what {
            self.last_offer = Some(deal.terms.to_vec());
        }
        self.at(step, month).acts.push(act);
    }

    fn wants_parts(&self) -> bool {
        true
    }

    fn wants_details(&self) -> bool {
        true
    }
}
