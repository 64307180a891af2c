//! Which drawn assumptions go with which results: the histories of the run, sorted by what they drew.
//!
//! Each history draws all uncertain parameters anew, so one run holds, of every parameter, histories with low and with high
//! values. The lowest third against the highest third shows what a parameter goes with, all others left to vary.

use super::Run;
use crate::design::Z_95;
use crate::num::sqrt;
use crate::report::describe::parameters as parameters_of;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Bar, Scale, bars};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{percent, plain, points};

pub(super) fn section(run: Run<'_>) -> Section {
    let studies = [Target::War, Target::Settlement];
    let mut parts: Vec<Part> = studies.into_iter().filter_map(|target| tornado(run, target)).collect();
    parts.extend(flips(run));
    Section { id: "assumptions", title: "Which assumptions matter", parts }
}

/// What is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Renewed war, among settlements.
    War,
    /// A settlement, among all histories.
    Settlement,
}

/// Least draws in a third.
pub(super) const LEAST: usize = 8;
/// Most parameters that are drawn.
const MOST: usize = 14;

/// What a parameter goes with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Effect {
    pub parameter: String,
    /// Cases and histories in the third with the lowest values, and in that with the highest.
    pub low: (u64, u64),
    pub high: (u64, u64),
    /// 95 % interval of the difference of shares, highest less lowest third (Agresti and Caffo 2000; where histories share
    /// their draws, from the variance between draws).
    pub ends: (f64, f64),
}

impl Effect {
    /// Share in the highest third less that in the lowest.
    pub fn difference(&self) -> f64 {
        share(self.high) - share(self.low)
    }

    /// Whether the interval leaves out zero.
    pub fn is_clear(&self) -> bool {
        self.ends.0 > 0.0 || self.ends.1 < 0.0
    }

    /// The third with fewer cases: whether it is the highest, and its share; then the share of the other third.
    pub fn better(&self) -> (bool, f64, f64) {
        let (low, high) = (share(self.low), share(self.high));
        if high < low { (true, high, low) } else { (false, low, high) }
    }
}

fn share((cases, all): (u64, u64)) -> f64 {
    cases as f64 / all as f64
}

/// Histories of one draw of the assumptions: the value drawn, the sum of what is counted, and how many histories count.
type Draw = (f64, f64, u64);

/// Histories as draws, `per_draw` in a row on each, ascending in the value drawn; histories of no count are left out.
fn draws_of(drawn: &[Option<f64>], counted: impl Iterator<Item = Option<f64>>, per_draw: usize) -> Vec<Draw> {
    let counted: Vec<Option<f64>> = counted.collect();
    let mut draws = Vec::new();
    for (values, counted) in drawn.chunks(per_draw).zip(counted.chunks(per_draw)) {
        let Some(value) = values.iter().flatten().next() else { continue };
        let own = counted.iter().flatten();
        let (sum, n) = own.fold((0.0, 0), |(sum, n), count| (sum + count, n + 1));
        if n > 0 {
            draws.push((*value, sum, n));
        }
    }
    draws.sort_by(|a, b| a.0.total_cmp(&b.0));
    draws
}

/// The lowest and the highest third; none of few draws, and none where all drew the same.
fn thirds(draws: &[Draw]) -> Option<[&[Draw]; 2]> {
    let third = draws.len() / 3;
    let (first, last) = (draws.first()?.0, draws.last()?.0);
    (third >= LEAST && first < last).then(|| [&draws[..third], &draws[draws.len() - third..]])
}

/// Sum and histories of some draws.
fn total(draws: &[Draw]) -> (f64, u64) {
    draws.iter().fold((0.0, 0), |(sum, all), (_, own, n)| (sum + own, all + n))
}

/// Variance of the mean over histories, each draw taken as one case: histories of a draw are alike.
fn variance(draws: &[Draw]) -> f64 {
    let (sum, all) = total(draws);
    let (mean, draws_n) = (sum / all as f64, draws.len() as f64);
    let squares: f64 = draws.iter().map(|(_, own, n)| own - mean * *n as f64).map(|apart| apart * apart).sum();
    draws_n / (draws_n - 1.0) * squares / (all as f64 * all as f64)
}

/// Values that were drawn, with what became of the histories: `None` where they do not count.
fn effect(parameter: &str, drawn: &[Option<f64>], cases: &[Option<bool>], per_draw: usize) -> Option<Effect> {
    let counted = cases.iter().map(|case| case.map(|case| f64::from(u8::from(case))));
    let draws = draws_of(drawn, counted, per_draw);
    let [low, high] = thirds(&draws)?;
    let count = |draws: &[Draw]| {
        let (cases, all) = total(draws);
        (cases as u64, all)
    };
    let (low_count, high_count) = (count(low), count(high));
    let added = |(cases, all): (u64, u64)| ((cases as f64 + 1.0) / (all as f64 + 2.0), all as f64 + 2.0);
    let ((p, n), (q, m)) = (added(low_count), added(high_count));
    // A share of nothing or of all has no variance between draws; that of single histories is the least it can be.
    let alone = p * (1.0 - p) / n + q * (1.0 - q) / m;
    let (middle, spread) = if per_draw > 1 {
        (share(high_count) - share(low_count), (variance(low) + variance(high)).max(alone))
    } else {
        (q - p, alone)
    };
    let half = Z_95 * sqrt(spread);
    Some(Effect {
        parameter: parameter.to_owned(),
        low: low_count,
        high: high_count,
        ends: (middle - half, middle + half),
    })
}

/// What became of each history of which draws were read.
fn cases(run: Run<'_>, target: Target) -> Vec<Option<bool>> {
    let outcomes = &run.dossier.outcomes;
    let ok: Vec<bool> = outcomes.words("status").map(|status| status == "ok").collect();
    match target {
        Target::War => outcomes.numbers("renewed_war").map(|war| war.map(|war| war > 0.0)).collect(),
        Target::Settlement => {
            outcomes.numbers("agreement_month").zip(ok).map(|(month, ok)| ok.then_some(month.is_some())).collect()
        }
    }
}

/// Parameters that were drawn: columns of `draws.csv`.
fn parameters(run: Run<'_>) -> impl Iterator<Item = &'_ String> {
    run.dossier.draws.names().iter().filter(|name| !["point", "replication"].contains(&name.as_str()))
}

/// What every drawn parameter goes with; largest first, by how far the difference is from zero in its own error.
pub(super) fn effects(run: Run<'_>, target: Target) -> Vec<Effect> {
    let cases = cases(run, target);
    let draws = &run.dossier.draws;
    let mut found: Vec<Effect> = parameters(run)
        .filter_map(|name| effect(name, &draws.numbers(name).collect::<Vec<_>>(), &cases, run.per_draw()))
        .collect();
    let weight = |effect: &Effect| {
        let (low, high) = effect.ends;
        if high > low { ((low + high) / (high - low)).abs() } else { 0.0 }
    };
    found.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    found
}

/// How a drawn parameter is called: its path, as `--set` takes it.
pub(super) fn path(run: Run<'_>, column: &str) -> String {
    let entry = run.dossier.codebook.of("draws", column);
    entry
        .map_or_else(|| column.to_owned(), |entry| entry.meaning.split_whitespace().last().unwrap_or(column).to_owned())
}

/// The same with what it is, where the model says so.
pub(super) fn named(run: Run<'_>, column: &str) -> String {
    let path = path(run, column);
    let all = parameters_of(run.model(), &run.dossier.run.loaded.tree);
    let about = all.into_iter().find(|parameter| parameter.path == path).map(|parameter| parameter.about);
    match about.as_deref().map(|about| about.trim().trim_end_matches('.')) {
        Some(about) if !about.is_empty() => format!("{path} ({about})"),
        _ => path,
    }
}

fn tornado(run: Run<'_>, target: Target) -> Option<Part> {
    let found = effects(run, target);
    let first = found.first()?;
    let clear = found.iter().filter(|effect| effect.is_clear()).count();
    let (id, title, what, axis) = match target {
        Target::War => (
            "war-effects",
            "Renewed war after a settlement, by what was drawn",
            "renewed war",
            "share of settlements broken: third with the highest draws less third with the lowest",
        ),
        Target::Settlement => (
            "settlement-effects",
            "Settlements, by what was drawn",
            "a settlement",
            "share of histories with a settlement: third with the highest draws less third with the lowest",
        ),
    };
    let mut table = Grid::new(&["parameter", "lowest_third", "highest_third", "difference", "low", "high"]);
    let mut drawn = Vec::new();
    for (at, effect) in found.iter().enumerate() {
        let difference = effect.difference();
        if at < MOST {
            let text = points(difference);
            drawn.push(Bar { label: plain(&effect.parameter), value: difference, ends: Some(effect.ends), text });
        }
        let mut row = vec![Cell::text(path(run, &effect.parameter))];
        let numbers = [share(effect.low), share(effect.high), difference, effect.ends.0, effect.ends.1];
        row.extend(numbers.map(|x| Cell::number(x, 3)));
        table.push(row);
    }
    let chance = found.len() as f64 * 0.05;
    Some(
        Figure {
            id: id.to_owned(),
            title: title.to_owned(),
            sentence: format!(
                "What goes with {what} most clearly is {}: {} in the third of histories with its lowest draws, {} in the third with its \
                 highest.",
                plain(&first.parameter),
                percent(share(first.low)),
                percent(share(first.high))
            ),
            reading: format!(
                "Lines are 95 % intervals. Of {} parameters, {clear} have an interval that leaves out zero; about {chance:.0} would by \
                 chance alone, so a short bar far down the list may be luck. A sweep over one parameter is the test.",
                found.len()
            ),
            spec: bars(&drawn, axis, Scale::Share),
            table,
        }
        .into(),
    )
}

/// The most frequent ending in the lowest and in the highest third of a parameter's draws.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Flip {
    pub parameter: String,
    /// Whether it is the third with the highest draws.
    pub high: bool,
    /// The ending that is most frequent there, its share, and that of the ending most frequent over all.
    pub ending: String,
    pub share: f64,
    pub usual: f64,
    /// 95 % interval of its lead over the usual ending.
    pub lead: (f64, f64),
}

impl Flip {
    /// Whether it leads by more than sampling may.
    pub fn is_clear(&self) -> bool {
        self.lead.0 > 0.0
    }
}

/// Where another ending than the usual one is the most frequent; the surest lead first.
pub(super) fn flipped(run: Run<'_>) -> Vec<Flip> {
    let endings: Vec<&str> = run.dossier.outcomes.words("outcome").collect();
    let Some((usual, _)) = most_frequent(endings.iter().copied()) else { return Vec::new() };
    let names: Vec<&str> = run.model().outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
    let ended: Vec<Option<usize>> = endings.iter().map(|end| names.iter().position(|name| name == end)).collect();
    let Some(usual) = names.iter().position(|name| *name == usual) else { return Vec::new() };
    let mut found = Vec::new();
    for name in parameters(run) {
        let drawn: Vec<Option<f64>> = run.dossier.draws.numbers(name).collect();
        let histories = drawn.chunks(run.per_draw()).zip(ended.chunks(run.per_draw()));
        let mut draws: Vec<(f64, &[Option<usize>])> =
            histories.filter_map(|(values, own)| Some((*values.iter().flatten().next()?, own))).collect();
        draws.sort_by(|a, b| a.0.total_cmp(&b.0));
        let third = draws.len() / 3;
        if third < LEAST || draws[0].0 >= draws[draws.len() - 1].0 {
            continue;
        }
        for (high, own) in [(false, &draws[..third]), (true, &draws[draws.len() - third..])] {
            let mut counts = vec![0u64; names.len()];
            own.iter().flat_map(|(_, own)| own.iter().flatten()).for_each(|end| counts[*end] += 1);
            let first = (0..counts.len()).reduce(|best, next| if counts[next] > counts[best] { next } else { best });
            let Some(first) = first.filter(|&first| counts[first] > counts[usual]) else { continue };
            let leads: Vec<Draw> = own
                .iter()
                .map(|(value, own)| {
                    let count = |ending| own.iter().filter(|end| **end == Some(ending)).count() as f64;
                    (*value, count(first) - count(usual), own.iter().flatten().count() as u64)
                })
                .collect();
            let (sum, all) = total(&leads);
            let (ahead, half) = (sum / all as f64, Z_95 * sqrt(variance(&leads)));
            let part = |ending: usize| counts[ending] as f64 / all as f64;
            let (parameter, ending) = (name.clone(), names[first].to_owned());
            let (share, usual) = (part(first), part(usual));
            found.push(Flip { parameter, high, ending, share, usual, lead: (ahead - half, ahead + half) });
        }
    }
    found.sort_by(|a, b| b.lead.0.total_cmp(&a.lead.0));
    found
}

/// That too few draws were made to sort by them, if so.
pub(super) fn too_few(run: Run<'_>) -> Option<String> {
    let draws = run.dossier.outcomes.rows() / run.per_draw();
    (draws < 3 * LEAST).then(|| {
        format!(
            "{draws} draws of the assumptions are too few to sort histories by them: at least {} are needed.",
            3 * LEAST
        )
    })
}

/// The most frequent word and how often it occurs; the first of equals.
fn most_frequent<'a>(words: impl Iterator<Item = &'a str>) -> Option<(&'a str, usize)> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for word in words.filter(|word| !word.is_empty()) {
        match counts.iter_mut().find(|(other, _)| *other == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    counts.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })
}

fn flips(run: Run<'_>) -> Option<Part> {
    let all = parameters(run).count();
    let (usual, _) = most_frequent(run.dossier.outcomes.words("outcome"))?;
    if let Some(text) = too_few(run) {
        return Some(Part::Text(text));
    }
    let found = flipped(run);
    let Some(first) = found.first() else {
        let text = format!(
            "The headline does not flip: in no third of the draws of any of {all} parameters is another ending more frequent than “{}”.",
            plain(usual)
        );
        return (all > 0).then_some(Part::Text(text));
    };
    let third = |high: bool| if high { "highest" } else { "lowest" };
    let mut table = Grid::new(&[
        "parameter",
        "third_of_draws",
        "most_frequent_there",
        "its_share",
        "share_of_the_usual_ending",
        "lead_low",
        "lead_high",
    ]);
    for flip in &found {
        table.push(vec![
            Cell::text(path(run, &flip.parameter)),
            Cell::text(third(flip.high)),
            Cell::text(plain(&flip.ending)),
            Cell::number(flip.share, 3),
            Cell::number(flip.usual, 3),
            Cell::number(flip.lead.0, 3),
            Cell::number(flip.lead.1, 3),
        ]);
    }
    let sentence = format!(
        "Over all histories the most frequent ending is “{}”. It is not where {} is in its {} third: there it is “{}”, in {} against {}.{}",
        plain(usual),
        plain(&first.parameter),
        third(first.high),
        plain(&first.ending),
        percent(first.share),
        percent(first.usual),
        match found.len() {
            1 => format!(" No other third of {all} parameters flips it."),
            n => format!(
                " So do {} other thirds of {} in all; of all that do, {} lead by more than sampling alone may (95 %).",
                n - 1,
                2 * all,
                found.iter().filter(|flip| flip.is_clear()).count()
            ),
        }
    );
    Some(Part::Table {
        id: "flips".to_owned(),
        title: "Draws under which another ending is the most frequent".to_owned(),
        sentence,
        table,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_are_counted_and_their_difference_has_the_published_interval() {
        // 30 histories: the ten lowest draws have 7 cases, the ten highest 2. With one case and one other added to each:
        // 8/12 and 3/12; difference -5/12; variance (8/12 * 4/12 + 3/12 * 9/12)/12 = .409722/12 = .0341435, root .184780;
        // times 1.959964: .362163.
        let drawn: Vec<Option<f64>> = (0..30).map(|x| Some(f64::from(x))).collect();
        let cases: Vec<Option<bool>> = (0..30).map(|x| Some(!(7..=27).contains(&x))).collect();
        let effect = effect("x", &drawn, &cases, 1).expect("two thirds");
        assert_eq!((effect.low, effect.high), ((7, 10), (2, 10)));
        assert!((effect.ends.0 - (-0.416_667 - 0.362_163)).abs() < 1e-5, "{effect:?}");
        assert!((effect.ends.1 - (-0.416_667 + 0.362_163)).abs() < 1e-5, "{effect:?}");
        assert!(effect.is_clear() && effect.better() == (true, 0.2, 0.7));
    }

    #[test]
    fn few_histories_and_constant_draws_say_nothing() {
        let drawn: Vec<Option<f64>> = (0..21).map(|x| Some(f64::from(x))).collect();
        assert_eq!(effect("x", &drawn, &[Some(true); 21], 1), None);
        assert_eq!(effect("x", &[Some(1.0); 60], &[Some(true); 60], 1), None);
    }

    #[test]
    fn histories_that_share_a_draw_are_one_case() {
        // 24 draws of two histories that end alike: in the lowest third (draws 0 to 7) half have the case, in the highest none.
        let drawn: Vec<Option<f64>> = (0..48).map(|x| Some(f64::from(x / 2))).collect();
        let cases: Vec<Option<bool>> = (0..48).map(|x| Some(x / 2 < 4)).collect();
        let shared = effect("x", &drawn, &cases, 2).expect("two thirds");
        assert_eq!((shared.low, shared.high), ((8, 16), (0, 16)));
        // Eight draws of which four have 2 of 2 and four 0 of 2, each 1 from the mean: 8/7 * 8/256; root .188982; half .370399.
        assert!((shared.ends.1 - (-0.5 + 0.370_399)).abs() < 1e-5, "{shared:?}");
        let alone = effect("x", &drawn, &cases, 1).expect("two thirds");
        assert!(alone.ends.1 - alone.ends.0 < shared.ends.1 - shared.ends.0);
        assert_eq!(effect("x", &drawn[..46], &cases[..46], 2), None, "seven draws a third");
    }
}
