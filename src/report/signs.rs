//! What became of documented signs, as a table.

use crate::design::sign::{Documented, Verdict};
use crate::report::grid::{Cell, Grid};
use crate::report::page::Page;
use crate::run::signs::Signs;
use crate::run::signs::futures::OwnFuture;

/// How to read the table.
pub const NOTE: &str = "difference: high side less low side, paired by replication; verdict by two standard errors.
as documented: the documented sign, clear of 0; weak: that sign, not clear; none: no difference or the other sign, not
clear; opposite: the other sign, clear. For a documented 0: no difference beyond what the table allows, else weak or opposite";

/// All lines, as CSV and JSON have them.
#[must_use]
pub fn rows(signs: &Signs) -> Grid {
    let mut grid = Grid::new(&["mechanism", "kind", "contrast", "scope", "documented", "difference", "se", "verdict"]);
    for line in &signs.lines {
        let contrast = signs.contrast(line);
        grid.push(vec![
            Cell::text(&contrast.mechanism.text),
            Cell::text(&contrast.kind.text),
            Cell::text(&line.name),
            Cell::text(&contrast.scope.text),
            Cell::text(line.documented.word()),
            Cell::number(line.paired.mean(), 5),
            Cell::number(line.paired.standard_error(), 5),
            Cell::text(line.verdict.word()),
        ]);
    }
    grid
}

/// The table to be read, then where signs turn, then the count of verdicts.
#[must_use]
pub fn text(signs: &Signs) -> String {
    let mut page = Page::default();
    page.add(&rows(signs).to_table(None));
    page.line(format_args!("\n{NOTE}\n"));
    for (at, contrast) in signs.table.contrasts.iter().enumerate() {
        let Some(along) = contrast.along.as_ref().filter(|_| signs.lines.iter().any(|line| line.contrast == at)) else {
            continue;
        };
        let flips = signs.flips(at);
        let (id, path) = (&contrast.id.text, &along.path.text);
        for flip in &flips {
            page.line(format_args!(
                "{id}: the sign turns near {path} = {:.4}, between {} and {}",
                flip.at, flip.low, flip.high
            ));
        }
        if let (true, [first, .., last]) = (flips.is_empty(), along.values.as_slice()) {
            page.line(format_args!("{id}: the sign does not turn for {path} from {first} to {last}"));
        }
    }
    let count = |verdict: Verdict| signs.lines.iter().filter(|line| line.verdict == verdict).count();
    let all = [Verdict::AsDocumented, Verdict::Weak, Verdict::None, Verdict::Opposite];
    let counts: Vec<String> = all.into_iter().map(|verdict| format!("{} {}", count(verdict), verdict.word())).collect();
    page.line(format_args!("{} contrasts: {}", signs.lines.len(), counts.join(", ")));
    page.finish()
}

/// How often the own future of each scenario came, in the base and under it; scenarios that name none have no numbers.
#[must_use]
pub fn futures(rows: &[OwnFuture]) -> Grid {
    let mut grid = Grid::new(&["scenario", "future", "expected", "base", "share", "difference", "se", "verdict"]);
    for row in rows {
        let (base, share) = row.paired.means();
        let named = !row.futures.is_empty();
        let futures: Vec<&str> = row.futures.iter().map(|word| word.strip_prefix("outcome=").unwrap_or(word)).collect();
        grid.push(vec![
            Cell::text(&row.name),
            Cell::text(futures.join(" or ")),
            Cell::text(match row.documented {
                _ if !named => "",
                Documented::Falls => "less",
                _ => "more",
            }),
            Cell::number(base, 3),
            Cell::number(share, 3),
            Cell::number(row.paired.mean(), 3),
            Cell::number(row.paired.standard_error(), 4),
            Cell::text(if named { row.verdict.word() } else { "" }),
        ]);
    }
    grid
}
