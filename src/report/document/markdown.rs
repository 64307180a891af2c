//! The Markdown of a document.

use super::{Block, Document, spans};
use crate::report::page::Page;

pub(super) fn render(document: &Document) -> String {
    let mut page = Page::default();
    page.line(format_args!("# {}", inline(&document.title)));
    for block in &document.blocks {
        page.line(format_args!(""));
        match block {
            Block::Heading(level, text) => {
                page.line(format_args!("{} {}", "#".repeat(usize::from(*level)), inline(text)));
            }
            Block::Text(text) => page.line(format_args!("{}", inline(text))),
            Block::List(points) => {
                for point in points {
                    page.line(format_args!("- {}", inline(point)));
                }
            }
            Block::Table(header, rows) => {
                row(header, &mut page);
                row(&vec!["---".to_owned(); header.len()], &mut page);
                for cells in rows {
                    row(cells, &mut page);
                }
            }
            Block::Commands(lines) => {
                page.line(format_args!("```bash"));
                for line in lines {
                    page.line(format_args!("{line}"));
                }
                page.line(format_args!("```"));
            }
        }
    }
    page.finish()
}

fn row(cells: &[String], page: &mut Page) {
    let cells: Vec<String> = cells.iter().map(|cell| inline(cell).replace('|', "\\|")).collect();
    page.line(format_args!("| {} |", cells.join(" | ")));
}

/// A text on one line, with what Markdown would read as markup escaped.
fn inline(text: &str) -> String {
    let mut out = String::new();
    for (code, words) in spans(text) {
        if code {
            out.push('`');
            out.push_str(&words);
            out.push('`');
            continue;
        }
        for character in words.chars() {
            match character {
                '<' => out.push_str("&lt;"),
                '*' | '[' | ']' | '`' | '\\' => out.extend(['\\', character]),
                '\n' => out.push(' '),
                _ => out.push(character),
            }
        }
    }
    out
}
