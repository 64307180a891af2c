//! Believed against true: the strength of guarantees, and attacks foreseen against attacks made.

use super::Run;
use crate::design::wilson;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Dot, Scale, against};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{counted, percent, percents};
use crate::report::summary::part;

pub(super) fn section(run: Run<'_>) -> Section {
    let parts = [strength(run), hazard(run), forecasts(run)].into_iter().flatten().collect();
    Section { id: "belief", title: "What was believed, and what was true", parts }
}

/// Cells of the plane of true and believed strength along a side.
const CELLS: usize = 20;
/// Differences below this are none.
const SAME: f64 = 0.01;
/// Months over which forecasts are held against what happened.
const MONTHS: f64 = 60.0;
/// Groups of settlements by forecast.
const GROUPS: usize = 6;

fn strength(run: Run<'_>) -> Option<Part> {
    let outcomes = &run.dossier.outcomes;
    let rows = outcomes.numbers("g_at_signing").zip(outcomes.numbers("g_hat_at_signing"));
    let pairs: Vec<(f64, f64)> = rows.filter_map(|(g, believed)| g.zip(believed)).collect();
    if pairs.is_empty() {
        return None;
    }
    let mut cells = vec![0u64; CELLS * CELLS];
    let cell = |x: f64| ((x * CELLS as f64) as usize).min(CELLS - 1);
    for (g, believed) in &pairs {
        cells[cell(*g) * CELLS + cell(*believed)] += 1;
    }
    let mut table = Grid::new(&["true_strength", "believed_strength", "settlements"]);
    let mut dots = Vec::new();
    let middle = |at: usize| (at as f64 + 0.5) / CELLS as f64;
    for (at, count) in cells.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        let (x, y) = (middle(at / CELLS), middle(at % CELLS));
        dots.push(Dot { x, y, ends: None, weight: count, text: String::new() });
        table.push(vec![Cell::number(x, 3), Cell::number(y, 3), Cell::count(count)]);
    }
    let n = pairs.len() as u64;
    let over = pairs.iter().filter(|(g, believed)| believed - g > SAME).count();
    let under = pairs.iter().filter(|(g, believed)| g - believed > SAME).count();
    let gap = pairs.iter().map(|(g, believed)| believed - g).sum::<f64>() / n as f64;
    let mean = pairs.iter().map(|(g, _)| g).sum::<f64>() / n as f64;
    Some(
        Figure {
            id: "strength".to_owned(),
            title: "Deterrent strength G of settlements at signing: true and as the adversary believes".to_owned(),
            sentence: if over + under == 0 {
                let all = counted(n, "settlement", "settlements");
                format!("In all {all} belief is true to within {SAME}; mean strength is {mean:.2}.")
            } else {
                format!(
                    "Of {}, {over} are believed to deter more than they do and {under} less, by more than {SAME}; mean strength \
                     is {mean:.2}, believed {gap:+.3} against it.",
                    counted(n, "settlement", "settlements")
                )
            },
            reading: "Circles are as large as the number of settlements in a cell of a twentieth by a twentieth; on the dashed line \
                      belief is true. Strength at 0 is no deterrence, at 1 certain deterrence."
                .to_owned(),
            spec: against(&dots, ("true strength G", "believed strength G"), Scale::Number),
            table,
        }
        .into(),
    )
}

fn hazard(run: Run<'_>) -> Option<Part> {
    let clock = &run.model().clock;
    if (clock.aftermath_steps as f64) * clock.months_per_step < MONTHS {
        return None;
    }
    let outcomes = &run.dossier.outcomes;
    let rows = outcomes.numbers("attack_prob_60m").zip(outcomes.numbers("renewed_war_month"));
    let mut pairs: Vec<(f64, bool)> =
        rows.filter_map(|(forecast, month)| Some((forecast?, month.is_some_and(|month| month <= MONTHS)))).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let title = "Attack within 60 months of signing: foreseen and made".to_owned();
    if pairs.len() < GROUPS * 2 {
        let why = format!("{} are too few to group by forecast; at least {} are needed.", pairs.len(), GROUPS * 2);
        return Some(Part::Absent { title, why: format!("Settlements: {why}"), command: String::new() });
    }
    let mut table =
        Grid::new(&["settlements", "forecast_from", "forecast_to", "mean_forecast", "realised", "low", "high"]);
    let (mut dots, mut inside) = (Vec::new(), 0);
    for group in 0..GROUPS {
        let own = &pairs[group * pairs.len() / GROUPS..(group + 1) * pairs.len() / GROUPS];
        let (n, wars) = (own.len() as u64, own.iter().filter(|(_, war)| *war).count() as u64);
        let forecast = own.iter().map(|(forecast, _)| forecast).sum::<f64>() / n as f64;
        let (realised, ends) = (wars as f64 / n as f64, wilson(wars, n));
        inside += usize::from(ends.low <= forecast && forecast <= ends.high);
        dots.push(Dot {
            x: forecast,
            y: realised,
            ends: Some((ends.low, ends.high)),
            weight: n,
            text: format!("{wars} of {n}"),
        });
        let mut row = vec![Cell::count(n)];
        let numbers = [own[0].0, own[own.len() - 1].0, forecast, realised, ends.low, ends.high];
        row.extend(numbers.map(|x| Cell::number(x, 3)));
        table.push(row);
    }
    let (expected, happened) = (
        pairs.iter().map(|(p, _)| p).sum::<f64>() / pairs.len() as f64,
        pairs.iter().filter(|(_, war)| *war).count() as u64,
    );
    let ends = wilson(happened, pairs.len() as u64);
    Some(
        Figure {
            id: "hazard".to_owned(),
            title,
            sentence: format!(
                "At signing an attack within 60 months is given {} on average; it comes in {} ({}). In {inside} of {GROUPS} groups \
                 the forecast lies inside the sampling interval of what happened.",
                percent(expected),
                percent(happened as f64 / pairs.len() as f64),
                percents(ends.low, ends.high)
            ),
            reading: "Settlements in groups of equal size, by the forecast. The forecast is the actors', an average over what they \
                      believe of each other's types; where types differ the two need not meet."
                .to_owned(),
            spec: against(&dots, ("mean forecast at signing", "share attacked within 60 months"), Scale::Share),
            table,
        }
        .into(),
    )
}

fn forecasts(run: Run<'_>) -> Option<Part> {
    let table = part(run.model(), &run.dossier.summary, "calibration");
    let (forecast, accepted) =
        (run.sums.value("first_offer_forecast", "mean")?, run.sums.value("first_offer_accepted", "share")?);
    let sentence = format!(
        "Proposers give their first offer {} on average; {} of first offers are accepted by all.",
        percent(forecast),
        percent(accepted)
    );
    Some(Part::Table {
        id: "forecasts".to_owned(),
        title: "Forecasts and what came of them".to_owned(),
        sentence,
        table,
    })
}
