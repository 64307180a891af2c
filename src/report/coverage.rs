//! Where each row of an inventory is at home in a model, and whether moving its home moves an output.

use std::collections::BTreeMap;

use crate::report::grid::{Cell, Grid};
use crate::run::signs::coverage::{Coverage, all_elements};
use crate::source::load::Overlay;
use crate::spec::parse::parse;
use crate::spec::problem::Problems;
use crate::spec::tree::{FileId, SourceFile, Table};

/// What was measured, a row an element and inventory row: the text of `coverage.csv`.
#[must_use]
pub fn measured(coverage: &Coverage) -> Grid {
    let mut grid = Grid::new(&["id", "element", "moved_by", "output", "model"]);
    let mut rows: Vec<(&String, usize)> = Vec::new();
    for (at, moved) in coverage.elements.iter().enumerate() {
        rows.extend(moved.rows.iter().map(|row| (row, at)));
    }
    rows.sort();
    for (row, at) in rows {
        let moved = &coverage.elements[at];
        grid.push(vec![
            Cell::text(row),
            Cell::text(&moved.element),
            Cell::text(moved.by.clone().unwrap_or_default()),
            Cell::text(moved.output.clone().unwrap_or_default()),
            Cell::text(&coverage.key),
        ]);
    }
    grid
}

/// A line of `coverage.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Measured {
    element: String,
    output: String,
    key: String,
}

/// Everything that says where rows are at home. Files that are absent are none.
#[derive(Clone, Copy, Debug)]
pub struct Homes<'a> {
    /// The merged tree of the model.
    pub tree: &'a Table,
    /// Its scenarios.
    pub scenarios: &'a [Overlay],
    /// `inventory.csv`: `id,table,paraphrase`.
    pub inventory: Option<&'a SourceFile>,
    /// `context.toml`: reasons why rows have no home.
    pub context: Option<&'a SourceFile>,
    /// `coverage.csv`, as measured once.
    pub coverage: Option<&'a SourceFile>,
    /// Tests of rows: a row and what looks at it.
    pub tests: &'a [(String, String)],
    /// The key that a measurement must have not to be stale.
    pub key: &'a str,
}

/// How many rows are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All of them.
    pub rows: usize,
    /// Carried by elements.
    pub carried: usize,
    /// Of those, rows of which an element was measured to move an output.
    pub moving: usize,
    /// Context only.
    pub context: usize,
    /// Neither.
    pub missing: usize,
    /// Whether there is a measurement, of another model.
    pub stale: bool,
    /// Whether there is a measurement.
    pub measured: bool,
}

impl Count {
    /// Counts a row and says where it is at home.
    fn add(&mut self, carried: bool, explained: bool) -> &'static str {
        self.rows += 1;
        let (home, counter) = match (carried, explained) {
            (true, _) => ("element", &mut self.carried),
            (false, true) => ("context", &mut self.context),
            (false, false) => ("missing", &mut self.missing),
        };
        *counter += 1;
        home
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        let moving = match (self.measured, self.stale) {
            (false, _) => "not measured; `detente signs MODEL --coverage` does".to_owned(),
            (true, true) => format!("{} moved an output in a measurement of another model: it is stale", self.moving),
            (true, false) => format!("{} of them move an output", self.moving),
        };
        format!(
            "{} rows: {} carried by elements ({moving}), {} context only, {} missing",
            self.rows, self.carried, self.context, self.missing
        )
    }
}

/// The table of rows in the order of the inventory, with rows that elements cite and the inventory does not have after them.
#[must_use]
pub fn homes(homes: &Homes<'_>) -> (Grid, Count) {
    let mut elements: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (element, _) in all_elements(homes.tree, homes.scenarios) {
        for row in element.rows {
            elements.entry(row).or_default().push(element.path.clone());
        }
    }
    let rows = inventory(homes.inventory, &elements);
    let context = homes.context.map(reasons).unwrap_or_default();
    let measured = homes.coverage.map(read).unwrap_or_default();
    let stale = measured.values().flatten().any(|line| line.key != homes.key);
    let mut grid =
        Grid::new(&["id", "table", "home", "elements", "tests", "reason", "measured", "output", "paraphrase"]);
    let mut count = Count { stale, measured: homes.coverage.is_some(), ..Count::default() };
    for (id, table, paraphrase) in rows {
        let carriers = elements.get(&id).map(Vec::as_slice).unwrap_or_default();
        let reason = context.get(&id).map(String::as_str).unwrap_or_default();
        let lines = measured.get(&id).map(Vec::as_slice).unwrap_or_default();
        let home = count.add(!carriers.is_empty(), !reason.is_empty());
        let moving = lines.iter().find(|line| home == "element" && !line.output.is_empty());
        count.moving += usize::from(moving.is_some());
        let verdict = match (home, lines.is_empty(), moving) {
            ("element", true, _) => "not measured",
            ("element", false, _) if stale => "stale",
            ("element", false, Some(_)) => "moves",
            ("element", false, None) => "moves nothing",
            _ => "",
        };
        let tests: Vec<&str> =
            homes.tests.iter().filter(|(row, _)| *row == id).map(|(_, test)| test.as_str()).collect();
        let output = moving.map(|line| format!("{} by {}", line.output, line.element)).unwrap_or_default();
        grid.push(
            [id.as_str(), &table, home, &carriers.join("; "), &tests.join("; "), reason, verdict, &output, &paraphrase]
                .map(Cell::text)
                .to_vec(),
        );
    }
    (grid, count)
}

/// The rows of the inventory; without one, those that elements cite.
fn inventory(file: Option<&SourceFile>, elements: &BTreeMap<String, Vec<String>>) -> Vec<(String, String, String)> {
    let mut rows: Vec<(String, String, String)> = Vec::new();
    if let Some(file) = file {
        let mut reader = csv::Reader::from_reader(file.text.as_bytes());
        let cell = |record: &csv::StringRecord, at: usize| record.get(at).unwrap_or_default().to_owned();
        rows.extend(reader.records().filter_map(Result::ok).map(|row| (cell(&row, 0), cell(&row, 1), cell(&row, 2))));
    }
    for id in elements.keys() {
        if rows.iter().all(|(known, _, _)| known != id) {
            rows.push((id.clone(), String::new(), String::new()));
        }
    }
    rows
}

/// Rows without a home, with the reason.
fn reasons(file: &SourceFile) -> BTreeMap<String, String> {
    let tree = parse(FileId(0), &file.text, &mut Problems::default());
    let rows = tree.get("rows").and_then(|node| node.value.as_table());
    let pairs = rows.into_iter().flat_map(|rows| &rows.entries);
    pairs.filter_map(|(id, reason)| Some((id.name.clone(), reason.value.as_text()?.to_owned()))).collect()
}

/// What was measured, by row.
fn read(file: &SourceFile) -> BTreeMap<String, Vec<Measured>> {
    let mut found: BTreeMap<String, Vec<Measured>> = BTreeMap::new();
    for row in csv::Reader::from_reader(file.text.as_bytes()).records().filter_map(Result::ok) {
        let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
        found.entry(cell(0)).or_default().push(Measured { element: cell(1), output: cell(3), key: cell(4) });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::signs::coverage::Moved;

    fn file(text: &str) -> SourceFile {
        SourceFile { name: "f".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_row_is_carried_or_explained_or_missing() {
        let text = "[params.x]\nvalue = 1\ninventory = [\"M-01\", \"M-03\"]\n";
        let tree = parse(FileId(0), text, &mut Problems::default());
        let moved = Moved {
            element: "params.x".to_owned(),
            rows: vec!["M-03".to_owned(), "M-01".to_owned()],
            by: Some("params.x=2".to_owned()),
            output: Some("u_a".to_owned()),
        };
        let coverage = Coverage { key: "k".to_owned(), elements: vec![moved] };
        let csv = file(&measured(&coverage).to_csv());
        assert!(csv.text.starts_with("id,element,moved_by,output,model\nM-01,params.x,params.x=2,u_a,k\n"), "{csv:?}");
        let (rows, context) =
            (file("id,table,paraphrase\nM-01,M,a\nM-02,M,b\nM-04,M,c\n"), file("[rows]\n\"M-02\" = \"why\"\n"));
        let all = Homes {
            tree: &tree,
            scenarios: &[],
            inventory: Some(&rows),
            context: Some(&context),
            coverage: Some(&csv),
            tests: &[("M-01".to_owned(), "contrast c".to_owned())],
            key: "k",
        };
        let (grid, count) = homes(&all);
        let expected = Count { rows: 4, carried: 2, moving: 2, context: 1, missing: 1, stale: false, measured: true };
        assert_eq!(count, expected);
        assert!(grid.to_csv().contains("M-01,M,element,params.x,contrast c,,moves,u_a by params.x,a\n"));
        assert!(grid.to_csv().contains("M-02,M,context,,,why,,,b\n"));
        let (grid, count) = homes(&Homes { key: "other", ..all });
        assert!(count.stale && count.words().contains("stale"));
        assert!(grid.to_csv().contains(",stale,"));
    }
}
