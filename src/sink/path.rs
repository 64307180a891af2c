//! Which path a replication took, from what was signed in it.

use crate::engine::record::Record;
use crate::model::{Model, Regime};

/// What was signed, in a word; one holds of every replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// A settlement without a truce before it.
    SettlementAlone,
    /// A truce, then a settlement.
    TruceThenSettlement,
    /// A truce that is in force at the end.
    TruceHolds,
    /// Truces, all of which ended without a settlement.
    TruceThenWar,
    /// Other agreements only.
    SideDeals,
    /// Nothing.
    NoAgreement,
}

impl PathKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::SettlementAlone,
        Self::TruceThenSettlement,
        Self::TruceHolds,
        Self::TruceThenWar,
        Self::SideDeals,
        Self::NoAgreement,
    ];

    /// As written in `summary.csv`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SettlementAlone => "settlement_alone",
            Self::TruceThenSettlement => "truce_then_settlement",
            Self::TruceHolds => "truce_holds",
            Self::TruceThenWar => "truce_then_war",
            Self::SideDeals => "side_deals_only",
            Self::NoAgreement => "no_agreement",
        }
    }

    /// Its meaning, in a phrase.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::SettlementAlone => "A settlement without a truce before it",
            Self::TruceThenSettlement => "A truce, then a settlement",
            Self::TruceHolds => "A truce that is in force at the end",
            Self::TruceThenWar => "Truces, all of which were broken or lapsed, and no settlement",
            Self::SideDeals => "Only agreements that leave the war as it is",
            Self::NoAgreement => "No agreement at all",
        }
    }

    /// The path of a replication.
    #[must_use]
    pub fn of(model: &Model, record: &Record) -> Self {
        let leads = |to: Regime| {
            record.agreements.iter().filter(move |a| model.instruments[usize::from(a.instrument)].leads_to == Some(to))
        };
        let truce = leads(Regime::Truce).next().is_some();
        if let Some(settled) = leads(Regime::Settled).next() {
            let before = leads(Regime::Truce).any(|truce| truce.step <= settled.step);
            return if before { Self::TruceThenSettlement } else { Self::SettlementAlone };
        }
        match (truce, record.agreements.is_empty()) {
            (true, _) if leads(Regime::Truce).any(|truce| truce.ended_step.is_none()) => Self::TruceHolds,
            (true, _) => Self::TruceThenWar,
            (false, false) => Self::SideDeals,
            (false, true) => Self::NoAgreement,
        }
    }

    /// The path of a row of `outcomes.csv`: months of the first truce and of the settlement, whether a truce is in force at the
    /// end, and whether anything was signed.
    #[must_use]
    pub fn told((truce, settlement): (Option<f64>, Option<f64>), in_truce: bool, signed: bool) -> Self {
        match (truce, settlement) {
            (Some(truce), Some(settled)) if truce <= settled => Self::TruceThenSettlement,
            (_, Some(_)) => Self::SettlementAlone,
            (Some(_), None) if in_truce => Self::TruceHolds,
            (Some(_), None) => Self::TruceThenWar,
            (None, None) if signed => Self::SideDeals,
            (None, None) => Self::NoAgreement,
        }
    }

    /// Position in [`Self::ALL`].
    pub(super) fn index(self) -> usize {
        self as usize
    }
}
