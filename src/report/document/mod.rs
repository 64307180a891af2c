//! A document of headings, paragraphs, lists and tables, printed as Markdown or as a page that needs nothing else.
//!
//! Texts are plain; words between backticks are set as code in both forms. Everything else is escaped, so that what a
//! model says can neither break a table nor become markup.

mod html;
mod markdown;

pub use html::{escape, page};

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading of level 2 or 3.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// Points, one sentence each.
    List(Vec<String>),
    /// A table: its header and its rows, all of one width; the first cell of a row names it.
    Table(Vec<String>, Vec<Vec<String>>),
    /// Commands to type, one a line.
    Commands(Vec<String>),
}

/// A titled sequence of blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The title, a heading of level 1.
    pub title: String,
    /// What follows.
    pub blocks: Vec<Block>,
}

impl Document {
    /// A document with nothing but a title.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: Vec::new() }
    }

    /// Begins a section.
    pub fn section(&mut self, title: impl Into<String>) {
        self.blocks.push(Block::Heading(2, title.into()));
    }

    /// Begins a part of a section.
    pub fn part(&mut self, title: impl Into<String>) {
        self.blocks.push(Block::Heading(3, title.into()));
    }

    /// Adds a paragraph.
    pub fn text(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds points; nothing where there are none.
    pub fn list(&mut self, points: Vec<String>) {
        if !points.is_empty() {
            self.blocks.push(Block::List(points));
        }
    }

    /// Adds a table; nothing where it has no rows.
    pub fn table(&mut self, header: &[&str], rows: Vec<Vec<String>>) {
        if !rows.is_empty() {
            self.blocks.push(Block::Table(header.iter().map(|&name| name.to_owned()).collect(), rows));
        }
    }

    /// Adds commands to type.
    pub fn commands(&mut self, lines: Vec<String>) {
        self.blocks.push(Block::Commands(lines));
    }

    /// As Markdown (`CommonMark` with tables).
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::render(self)
    }

    /// As a page of its own: light and dark, printable, without scripts or anything to fetch.
    #[must_use]
    pub fn to_html(&self) -> String {
        html::render(self)
    }
}

/// Splits a text at backticks: plain words and code in turn, beginning with plain words. A backtick without a partner
/// is a plain character.
fn spans(text: &str) -> Vec<(bool, String)> {
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let mut spans = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        if !paired && last {
            spans.push((false, format!("`{part}")));
        } else if !part.is_empty() {
            spans.push((at % 2 == 1, (*part).to_owned()));
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Document {
        let mut document = Document::new("A < B");
        document.section("First");
        document.text("Type `x | y` and *wait*");
        document.table(&["what", "worth"], vec![vec!["a|b".to_owned(), "<b>1</b>".to_owned()]]);
        document.list(vec!["one".to_owned()]);
        document.commands(vec!["detente models".to_owned()]);
        document
    }

    #[test]
    fn what_a_model_says_never_becomes_markup() {
        let markdown = sample().to_markdown();
        assert!(markdown.starts_with("# A &lt; B\n"), "{markdown}");
        assert!(markdown.contains("Type `x | y` and \\*wait\\*"), "{markdown}");
        assert!(markdown.contains("| a\\|b | &lt;b>1&lt;/b> |"), "{markdown}");
        let html = sample().to_html();
        assert!(html.contains("<h1>A &lt; B</h1>") && html.contains("<code>x | y</code>"), "{html}");
        assert!(html.contains("<td>&lt;b&gt;1&lt;/b&gt;</td>"), "{html}");
    }

    #[test]
    fn a_page_needs_nothing_else() {
        let html = sample().to_html();
        assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
        for outside in ["http", "<script", "@import", "url(", "src="] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert!(html.contains("prefers-color-scheme: dark") && html.contains("@media print"));
    }

    #[test]
    fn a_lone_backtick_is_a_character() {
        assert_eq!(spans("a `b` c"), [(false, "a ".into()), (true, "b".into()), (false, " c".into())]);
        assert_eq!(spans("a ` b"), [(false, "a ".into()), (false, "` b".into())]);
    }
}
