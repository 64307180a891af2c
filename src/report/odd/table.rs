//! Tables in Markdown.

use crate::report::page::Page;

/// Adds a table; nothing if it has no rows.
pub(super) fn table(page: &mut Page, columns: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    page.line(format_args!("{}", line(columns.iter().map(|&name| name.to_owned()).collect())));
    page.line(format_args!("{}", line(columns.iter().map(|_| "---".to_owned()).collect())));
    for row in rows {
        page.line(format_args!("{}", line(row.iter().map(|cell| escaped(cell)).collect())));
    }
    page.line(format_args!(""));
}

/// A cell: no line ends, and no bars that would end it.
fn escaped(cell: &str) -> String {
    cell.replace('|', "\\|").replace('\n', " ")
}

/// Text as code; empty stays empty.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_do_not_end_a_cell_and_empty_tables_are_nothing() {
        let mut page = Page::default();
        table(&mut page, &["a"], &[]);
        table(&mut page, &["a", "b"], &[vec!["x|y".to_owned(), code("")]]);
        assert_eq!(page.finish(), "| a | b |\n| --- | --- |\n| x\\|y |  |\n\n");
    }
}
