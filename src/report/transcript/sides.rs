//! Two histories side by side: as it was, and what if.

use super::recorder::Account;
use super::scenes::{Scene, scenes};
use super::text::{cells, draws, ending, header, tell};
use crate::engine::Coordinates;
use crate::engine::record::Record;
use crate::report::grid::{Cell, Grid};
use crate::report::page::Page;
use crate::source::Loaded;

/// Characters of a column of the text.
const COLUMN: usize = 62;

/// One history that was told.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its account.
    pub account: Account,
    /// Its record.
    pub record: Record,
}

/// What is different, and from which step on.
#[derive(Clone, Debug)]
pub struct WhatIf<'l> {
    /// The first step in which something is different.
    pub step: u32,
    /// What is set, as typed, in order.
    pub said: Vec<String>,
    /// The model after the last change.
    pub loaded: &'l Loaded,
}

/// A row of the two columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The same in both.
    Both(Scene),
    /// Different, or missing on one side.
    Apart(Option<Scene>, Option<Scene>),
}

/// The scenes before the fork, which are common, and those after it, paired by the step with which they begin.
pub(super) fn paired(loaded: &Loaded, what_if: &WhatIf<'_>, [was, other]: [&Told; 2]) -> (Vec<Scene>, Vec<Row>) {
    let cut = Some(what_if.step);
    let mut left = scenes(&loaded.model, &was.account, &was.record, cut);
    let mut right = scenes(&what_if.loaded.model, &other.account, &other.record, cut);
    if was.account == other.account {
        return (left, Vec::new());
    }
    let after = |scenes: &mut Vec<Scene>| {
        let first = scenes.iter().position(|scene| scene.step >= what_if.step).unwrap_or(scenes.len());
        scenes.split_off(first).into_iter().peekable()
    };
    let (mut left_after, mut right_after) = (after(&mut left), after(&mut right));
    let common = left;
    let (left, right) = (&mut left_after, &mut right_after);
    let mut rows = Vec::new();
    loop {
        let steps = [left.peek(), right.peek()].map(|scene| scene.map(|scene| scene.step));
        let row = match steps {
            [None, None] => break,
            [Some(_), None] => Row::Apart(left.next(), None),
            [None, Some(_)] => Row::Apart(None, right.next()),
            [Some(a), Some(b)] if a < b => Row::Apart(left.next(), None),
            [Some(a), Some(b)] if a > b => Row::Apart(None, right.next()),
            [Some(_), Some(_)] => match (left.next(), right.next()) {
                (Some(a), Some(b)) if a == b => Row::Both(a),
                (a, b) => Row::Apart(a, b),
            },
        };
        rows.push(row);
    }
    (common, rows)
}

/// Columns of `outcomes.csv` in which the two differ: column, as it was, what if.
pub(super) fn differences(loaded: &Loaded, what_if: &WhatIf<'_>, [was, other]: [&Told; 2]) -> Vec<[String; 3]> {
    let left = cells(&loaded.model, &was.record);
    let right = cells(&what_if.loaded.model, &other.record);
    let find = |cells: &[(String, String)], column: &str| {
        cells.iter().find(|(name, _)| name == column).map_or_else(String::new, |(_, cell)| cell.clone())
    };
    let mut columns: Vec<&String> = left.iter().map(|(column, _)| column).collect();
    columns
        .extend(right.iter().map(|(column, _)| column).filter(|column| !left.iter().any(|(name, _)| name == *column)));
    let row = |column: &&String| [(*column).clone(), find(&left, column), find(&right, column)];
    columns.iter().map(row).filter(|[_, was, other]| was != other).collect()
}

/// The sentence under which the columns stand.
pub(super) fn announcement(what_if: &WhatIf<'_>) -> String {
    format!("what if: {}", what_if.said.join(", "))
}

/// What is said where nothing differs; nothing where something does.
pub(super) fn nothing(what_if: &WhatIf<'_>, [was, other]: [&Told; 2]) -> Option<String> {
    if was.account != other.account {
        return None;
    }
    let talking = |told: &Told| told.account.steps.iter().any(|step| step.look.is_some() && step.step >= what_if.step);
    Some(if talking(was) {
        "nothing comes out differently: nobody reads from this step on what was changed".to_owned()
    } else {
        format!("the talks were over before step {}, and nothing is changed after them", what_if.step)
    })
}

/// Both histories as text: what is common, then two columns, then what differs in the outcome.
#[must_use]
pub fn both(loaded: &Loaded, at: Coordinates, what_if: &WhatIf<'_>, told: [&Told; 2]) -> String {
    let mut page = Page::default();
    header(loaded, at, &mut page);
    draws(&loaded.model, &told[0].record, &mut page);
    let (common, rows) = paired(loaded, what_if, told);
    for scene in &common {
        tell(scene, &mut page);
    }
    page.line(format_args!("\n{}", announcement(what_if)));
    let apart = rows.iter().any(|row| matches!(row, Row::Apart(..)));
    if apart {
        page.line(format_args!("{:COLUMN$} │ what if", "as it was"));
        page.line(format_args!("{}─┼─{}", "─".repeat(COLUMN), "─".repeat(COLUMN)));
    }
    for row in &rows {
        match row {
            Row::Both(scene) => tell(scene, &mut page),
            Row::Apart(left, right) => columns(left.as_ref(), right.as_ref(), &mut page),
        }
    }
    endings(loaded, what_if, told, &mut page);
    page.finish()
}

fn endings(loaded: &Loaded, what_if: &WhatIf<'_>, told: [&Told; 2], page: &mut Page) {
    let [was, other] = told;
    page.line(format_args!("\noutcome as it was: {}", ending(&loaded.model, &was.record)));
    page.line(format_args!("outcome what if: {}", ending(&what_if.loaded.model, &other.record)));
    if let Some(nothing) = nothing(what_if, told) {
        page.line(format_args!("{nothing}"));
        return;
    }
    let differences = differences(loaded, what_if, told);
    let mut grid = Grid::new(&["column", "as it was", "what if"]);
    for row in differences {
        grid.push(row.map(Cell::text).to_vec());
    }
    page.add(&grid.to_table(None));
}

/// Two scenes beside each other, each line cut to the width of its column.
fn columns(left: Option<&Scene>, right: Option<&Scene>, page: &mut Page) {
    let [left, right] = [left, right].map(|scene| scene.map(cut).unwrap_or_default());
    page.line(format_args!("{:COLUMN$} │", ""));
    for at in 0..left.len().max(right.len()) {
        let [a, b] = [&left, &right].map(|lines| lines.get(at).map_or("", String::as_str));
        let gap = " ".repeat(COLUMN.saturating_sub(a.chars().count()));
        page.line(format_args!("{}", format!("{a}{gap} │ {b}").trim_end()));
    }
}

/// The lines of a scene, none longer than a column.
fn cut(scene: &Scene) -> Vec<String> {
    let mut lines = wrapped(&scene.head, 0);
    for line in &scene.lines {
        lines.extend(wrapped(&line.text, 2 + 2 * line.depth));
    }
    lines
}

/// A sentence on lines of a column, the later ones set two further in; a longer word keeps a line of its own.
fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(indent);
    let mut empty = true;
    for word in text.split_whitespace() {
        let more = usize::from(!empty) + word.chars().count();
        if !empty && line.chars().count() + more > COLUMN {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent + 2)));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_its_column_and_no_word_is_lost() {
        let text =
            "a sentence that goes on for quite some time, further than a column of the text is wide, and then ends";
        let lines = wrapped(text, 2);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= COLUMN), "{lines:?}");
        let words: Vec<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
        assert_eq!(words.join(" "), text);
    }
}
