//! `detente scenarios --check`: is the future that a scenario stands for more likely under it than in the base?

use rayon::prelude::*;

use super::ask::{Column, Test};
use super::bench::{Base, Found, Means, Setting, measure};
use super::lines::Overlay;
use super::prepare::PrepareError;
use crate::design::Paired;
use crate::design::sign::{Documented, Verdict};
use crate::model::{Future, Model, Scenario};
use crate::run::execute::start;
use crate::sink::{Outcomes, column_name};

/// What became of one scenario's own future.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnFuture {
    /// The scenario.
    pub name: String,
    /// What it stands for, in a sentence.
    pub about: Option<String>,
    /// Its future: outcomes and columns, any of which counts; empty if it names none.
    pub futures: Vec<String>,
    /// Whether its source expects that future more or less often than in the base.
    pub documented: Documented,
    /// Whether it came, in the base and under the scenario; no pairs if it names none.
    pub paired: Paired,
    /// What is to be said.
    pub verdict: Verdict,
}

/// Plays the base and every scenario of that name on the same draws. Failed replications are left out; their number comes
/// second.
///
/// # Errors
/// When a scenario cannot be applied, threads cannot be started, or it was told to stop.
pub fn own_futures(base: Base<'_>, names: &[String], means: &Means<'_>) -> Result<(Vec<OwnFuture>, u64), PrepareError> {
    let overlays: Vec<Overlay> =
        names.iter().map(|name| Overlay { scenarios: vec![name.clone()], sets: Vec::new() }).collect();
    let pool = start(means.control.threads.max(1))?;
    let models: Vec<_> = pool.install(|| overlays.par_iter().map(|overlay| base.with(overlay)).collect());
    let mut models: Vec<Model> = models.into_iter().map(|loaded| loaded.map(|l| l.model)).collect::<Result<_, _>>()?;
    let told: Vec<Scenario> = models.iter().map(|model| model.scenario.clone().unwrap_or_default()).collect();
    let futures: Vec<Vec<String>> = told.iter().zip(&models).map(|(told, model)| words(told, model)).collect();
    models.push(base.with(&Overlay::default())?.model);
    let all: Vec<String> = futures.iter().flatten().cloned().collect();
    let asked: Vec<&[String]> = futures.iter().map(Vec::as_slice).chain([all.as_slice()]).collect();
    let settings: Vec<Setting> = models.into_iter().zip(&asked).map(|(model, words)| setting(model, words)).collect();
    let found = measure(&settings, means)?;
    let failed = found.iter().map(|found| found.failed).sum();
    let (base, list) = found.split_last().expect("the base is the last setting");
    let mut before = 0;
    let mut rows = Vec::new();
    for ((name, told), (own, futures)) in names.iter().zip(told).zip(list.iter().zip(futures)) {
        let mut paired = Paired::default();
        for replication in 0..own.games.len() {
            let came = |found: &Found, from: usize| any(&found.games[replication][from..from + futures.len()]);
            if let (Some(first), Some(second)) = (came(base, before), came(own, 0)) {
                paired.push(first, second);
            }
        }
        before += futures.len();
        let documented = if told.less { Documented::Falls } else { Documented::Rises };
        let verdict = Verdict::of(documented, paired.mean(), paired.standard_error());
        rows.push(OwnFuture { name: name.clone(), about: told.about, futures, documented, paired, verdict });
    }
    Ok((rows, failed))
}

/// 1 if any came; none if the replication failed.
fn any(came: &[Option<f64>]) -> Option<f64> {
    came.iter().copied().reduce(|first, second| first.zip(second).map(|(a, b)| a.max(b))).flatten()
}

/// The futures as tests of columns.
fn words(told: &Scenario, model: &Model) -> Vec<String> {
    let word = |future: &Future| match *future {
        Future::Outcome(at) => format!("outcome={}", model.outcomes[at].id),
        Future::Column(at) => column_name(&model.outcome_columns[at].id),
    };
    told.futures.iter().map(word).collect()
}

/// The model with columns for these futures; one that it does not have never comes.
fn setting(model: Model, words: &[String]) -> Setting {
    let outcomes = Outcomes::new(&model, &[]);
    let at = |name: &str| outcomes.columns.iter().position(|column| column.name == name);
    let column = |word: &String| match word.split_once('=') {
        Some((name, outcome)) => Column { index: at(name).unwrap_or(usize::MAX), test: Test::Is(outcome.to_owned()) },
        None => Column { index: at(word).unwrap_or(usize::MAX), test: Test::AtLeast(f64::MIN_POSITIVE) },
    };
    let columns = words.iter().map(column).collect();
    Setting { model, columns, listed: None, packages: Vec::new(), looks: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_has_come_when_one_of_its_outcomes_has() {
        assert_eq!(any(&[Some(0.0), Some(1.0)]), Some(1.0));
        assert_eq!(any(&[Some(0.0), Some(0.0)]), Some(0.0));
        assert_eq!(any(&[None, Some(1.0)]), None);
        assert_eq!(any(&[]), None);
    }
}
