//! The simplest rivals of the simulation, and its noise.

use super::Run;
use super::outcomes::told;
use crate::report::grid::{Cell, Grid};
use crate::report::html::chart::{Bar, Scale, bars};
use crate::report::html::figure::{Figure, Part, Section};
use crate::report::html::words::{percent, plain};
use crate::report::summary::part;
use crate::sink::column_name;

pub(super) fn section(run: Run<'_>) -> Section {
    let parts = [rivals(run), noise(run)].into_iter().flatten().collect();
    Section { id: "rivals", title: "Simplest rivals, and noise", parts }
}

/// Share of settlements that say what the weighted mean and the weighted median of positions say.
fn rivals(run: Run<'_>) -> Option<Part> {
    let mut table = Grid::new(&["issue", "rival", "its_option", "share_of_settlements", "low", "high"]);
    let mut drawn = Vec::new();
    let (mut same, mut issues) = (0, 0);
    for issue in &run.model().issues {
        let quantity = column_name(&format!("term_{}", issue.id));
        for (statistic, name) in [("weighted_mean", "mean"), ("weighted_median", "median")] {
            let Some(rival) = run.sums.one(&quantity, statistic) else { continue };
            let row = run.sums.exact(&quantity, &rival.category, "share");
            let share = row.and_then(|row| row.value);
            let settled = run.sums.of(&quantity, "share").any(|row| row.value.is_some());
            if !settled {
                continue;
            }
            let value = share.unwrap_or(0.0);
            if name == "mean" {
                issues += 1;
                same += usize::from(value > 0.5);
            }
            let label = format!("{}, {name}: {}", plain(&issue.id), plain(&rival.category));
            let ends = row.and_then(|row| row.low.zip(row.high));
            drawn.push(Bar { label, value, ends, text: percent(value) });
            let mut cells =
                vec![Cell::text(&issue.id), Cell::text(format!("weighted {name}")), Cell::text(&rival.category)];
            let (low, high) = (ends.map(|ends| ends.0), ends.map(|ends| ends.1));
            cells.extend([Some(value), low, high].map(|x| Cell::number(x, 3)));
            table.push(cells);
        }
    }
    (issues > 0).then(|| {
        Figure {
            id: "rival-shares".to_owned(),
            title: "Settlements that say what a weighted average of positions says".to_owned(),
            sentence: format!(
                "On {same} of {issues} issues, more than half of the settlements have the option nearest to the salience-and-capability \
                 weighted mean."
            ),
            reading: "Where the bar is long the simulation adds little to a weighted average of positions; where it is short, the \
                      course of the talks matters."
                .to_owned(),
            spec: bars(&drawn, "share of settlements", Scale::Share),
            table,
        }
        .into()
    })
}

fn noise(run: Run<'_>) -> Option<Part> {
    let table = part(run.model(), &run.dossier.summary, "noise");
    let row = run.sums.one("noise", "share")?;
    row.value?;
    let sentence = format!(
        "Of the first {} histories, played again on the same draws without misjudgement and with the best choice each time, {} end \
         otherwise.",
        row.n,
        told(row)
    );
    Some(Part::Table { id: "noise".to_owned(), title: "Noise share".to_owned(), sentence, table })
}
