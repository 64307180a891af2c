//! What a replication adds to `summary.csv` and `steps.csv`, as bytes: parts of a run keep it, so that the sums over all
//! replications are a function of the parts.

use crate::engine::record::{EndedBy, Record};
use crate::model::{Model, Regime};

use super::path::PathKind;
use super::steps::StepLog;

/// How peace ended, where it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeaceEnd {
    /// An attack that did not succeed.
    AttackHeld,
    /// An attack that succeeded.
    AttackLost,
    /// Something else than an attack.
    Other,
}

impl PeaceEnd {
    /// All of them: the competing endings.
    pub const ALL: [Self; 3] = [Self::AttackHeld, Self::AttackLost, Self::Other];

    /// As written in `summary.csv`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AttackHeld => "attack_held",
            Self::AttackLost => "attack_lost",
            Self::Other => "other_ending",
        }
    }
}

/// A settlement, as far as it is added up.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    /// Options signed, by issue.
    pub terms: Vec<u16>,
    /// Forecast of an attack within 8 years.
    pub attack_prob: f64,
    /// The same within 60 months.
    pub attack_prob_60m: f64,
    /// Whether a signatory erred.
    pub misjudged: bool,
    /// Whether it was attacked.
    pub attacked: bool,
    /// Months from signature to attack.
    pub attack_month: Option<f64>,
    /// Months of peace.
    pub peace_months: f64,
    /// How peace ended; none if it held as long as was played.
    pub end: Option<PeaceEnd>,
}

/// One replication, as far as it is added up.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Its outcome.
    pub outcome: u16,
    /// Its path.
    pub path: PathKind,
    /// Clamped values.
    pub clamps: u64,
    /// Month of the settlement.
    pub agreement_month: Option<f64>,
    /// Payoffs, by actor.
    pub utility: Vec<f64>,
    /// Whether each lever was used.
    pub used: Vec<bool>,
    /// Forecast that the first offer is accepted.
    pub forecast: Option<f64>,
    /// Whether it was.
    pub first_accepted: Option<bool>,
    /// The settlement, if there was one.
    pub settlement: Option<Signed>,
    /// Whether the outcome is another one without noise, where that was played.
    pub noise: Option<bool>,
    /// Step by step.
    pub log: StepLog,
}

impl Facts {
    /// The facts of a record.
    #[must_use]
    pub fn of(model: &Model, record: &Record, log: StepLog) -> Self {
        Self {
            outcome: record.outcome.0,
            path: PathKind::of(model, record),
            clamps: record.clamps,
            agreement_month: record.agreement_month,
            utility: record.utility.clone(),
            used: record.lever_uses.iter().map(|uses| *uses > 0).collect(),
            forecast: record.forecast,
            first_accepted: record.first_accepted,
            settlement: signed(model, record),
            noise: None,
            log,
        }
    }

    /// Appends the facts to `bytes`.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let mut put = Put(bytes);
        put.u16(self.outcome);
        put.byte(self.path.index() as u8);
        put.u64(self.clamps);
        put.maybe(self.agreement_month);
        put.list(&self.utility, |put, x| put.f64(*x));
        put.list(&self.used, |put, used| put.byte(u8::from(*used)));
        put.maybe(self.forecast);
        put.flag(self.first_accepted);
        put.flag(self.noise);
        put.byte(u8::from(self.settlement.is_some()));
        if let Some(signed) = &self.settlement {
            put.list(&signed.terms, |put, option| put.u16(*option));
            put.f64(signed.attack_prob);
            put.f64(signed.attack_prob_60m);
            put.byte(u8::from(signed.misjudged));
            put.byte(u8::from(signed.attacked));
            put.maybe(signed.attack_month);
            put.f64(signed.peace_months);
            put.byte(signed.end.map_or(0, |end| end as u8 + 1));
        }
        let log = &self.log;
        put.list(&log.steps, |put, step| put.u32(*step));
        put.list(&log.regimes, |put, regime| put.byte(regime.index() as u8));
        put.byte(u8::from(log.settled.is_some()));
        put.u32(log.settled.unwrap_or(0));
        put.list(&log.codes, |put, code| put.u16(*code));
        put.list(&log.counts, |put, (step, position)| {
            put.u32(*step);
            put.u32(*position);
        });
    }

    /// Reads facts that [`Facts::write`] wrote and moves `bytes` past them; none if they are not.
    #[must_use]
    pub fn read(bytes: &mut &[u8]) -> Option<Self> {
        let mut take = Take(bytes);
        Some(Self {
            outcome: take.u16()?,
            path: *PathKind::ALL.get(usize::from(take.byte()?))?,
            clamps: take.u64()?,
            agreement_month: take.maybe()?,
            utility: take.list(Take::f64)?,
            used: take.list(|take| take.byte().map(|byte| byte == 1))?,
            forecast: take.maybe()?,
            first_accepted: take.flag()?,
            noise: take.flag()?,
            settlement: if take.byte()? == 1 { Some(read_signed(&mut take)?) } else { None },
            log: read_log(&mut take)?,
        })
    }
}

fn signed(model: &Model, record: &Record) -> Option<Signed> {
    let settlement = record.settlement.as_ref()?;
    let comprehensive = record.agreements.iter().find(|a| usize::from(a.instrument) == model.settlement);
    let struck = comprehensive.is_some_and(|a| a.ended_by == Some(EndedBy::Hazard));
    let end = match (settlement.attacked, settlement.lost) {
        (true, true) => Some(PeaceEnd::AttackLost),
        (true, false) => Some(PeaceEnd::AttackHeld),
        (false, _) => struck.then_some(PeaceEnd::Other),
    };
    Some(Signed {
        terms: settlement.terms.clone(),
        attack_prob: settlement.attack_prob,
        attack_prob_60m: settlement.attack_prob_60m,
        misjudged: settlement.signed_by_misjudgement,
        attacked: settlement.attacked,
        attack_month: settlement.attack_month,
        peace_months: settlement.peace_months,
        end,
    })
}

fn read_signed(take: &mut Take<'_, '_>) -> Option<Signed> {
    Some(Signed {
        terms: take.list(Take::u16)?,
        attack_prob: take.f64()?,
        attack_prob_60m: take.f64()?,
        misjudged: take.byte()? == 1,
        attacked: take.byte()? == 1,
        attack_month: take.maybe()?,
        peace_months: take.f64()?,
        end: match take.byte()? {
            0 => None,
            end => Some(*PeaceEnd::ALL.get(usize::from(end) - 1)?),
        },
    })
}

fn read_log(take: &mut Take<'_, '_>) -> Option<StepLog> {
    Some(StepLog {
        steps: take.list(Take::u32)?,
        regimes: take.list(|take| Regime::ALL.get(usize::from(take.byte()?)).copied())?,
        settled: {
            let some = take.byte()? == 1;
            let step = take.u32()?;
            some.then_some(step)
        },
        codes: take.list(Take::u16)?,
        counts: take.list(|take| Some((take.u32()?, take.u32()?)))?,
    })
}

/// Appends numbers, little-endian.
struct Put<'a>(&'a mut Vec<u8>);

impl Put<'_> {
    fn byte(&mut self, x: u8) {
        self.0.push(x);
    }
    fn u16(&mut self, x: u16) {
        self.0.extend_from_slice(&x.to_le_bytes());
    }
    fn u32(&mut self, x: u32) {
        self.0.extend_from_slice(&x.to_le_bytes());
    }
    fn u64(&mut self, x: u64) {
        self.0.extend_from_slice(&x.to_le_bytes());
    }
    fn f64(&mut self, x: f64) {
        self.u64(x.to_bits());
    }
    /// A number that may be missing: a flag, and the number if it is there.
    fn maybe(&mut self, x: Option<f64>) {
        self.byte(u8::from(x.is_some()));
        if let Some(x) = x {
            self.f64(x);
        }
    }
    fn flag(&mut self, x: Option<bool>) {
        self.byte(x.map_or(2, u8::from));
    }
    fn list<T>(&mut self, list: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.u32(list.len() as u32);
        for x in list {
            item(self, x);
        }
    }
}

/// Takes them back; none past the end.
struct Take<'a, 'b>(&'a mut &'b [u8]);

impl Take<'_, '_> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk::<N>()?;
        *self.0 = tail;
        Some(*head)
    }
    fn byte(&mut self) -> Option<u8> {
        self.bytes::<1>().map(|[x]| x)
    }
    fn u16(&mut self) -> Option<u16> {
        self.bytes().map(u16::from_le_bytes)
    }
    fn u32(&mut self) -> Option<u32> {
        self.bytes().map(u32::from_le_bytes)
    }
    fn u64(&mut self) -> Option<u64> {
        self.bytes().map(u64::from_le_bytes)
    }
    fn f64(&mut self) -> Option<f64> {
        self.u64().map(f64::from_bits)
    }
    #[expect(
        clippy::option_option,
        reason = "outside: whether the bytes could be read; inside: whether there is a number"
    )]
    fn maybe(&mut self) -> Option<Option<f64>> {
        match self.byte()? {
            0 => Some(None),
            1 => self.f64().map(Some),
            _ => None,
        }
    }
    #[expect(
        clippy::option_option,
        reason = "outside: whether the bytes could be read; inside: whether there is a flag"
    )]
    fn flag(&mut self) -> Option<Option<bool>> {
        match self.byte()? {
            2 => Some(None),
            x @ 0..=1 => Some(Some(x == 1)),
            _ => None,
        }
    }
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let n = self.u32()? as usize;
        // A length that the bytes cannot hold is no list.
        if n > self.0.len() {
            return None;
        }
        (0..n).map(|_| item(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn facts_read_back_as_they_were() {
        let model = fixture::model();
        let mut bytes = Vec::new();
        let all: Vec<Facts> = (0..6)
            .map(|k| Facts {
                noise: (k % 3 > 0).then_some(k % 2 == 0),
                ..Facts::of(&model, &fixture::record(k), StepLog::default())
            })
            .collect();
        for facts in &all {
            facts.write(&mut bytes);
        }
        let mut rest = bytes.as_slice();
        let read: Vec<Facts> = std::iter::from_fn(|| Facts::read(&mut rest)).collect();
        assert!(rest.is_empty() && read == all);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Facts::read(&mut bytes.as_slice());
        }
    }
}
