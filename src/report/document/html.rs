//! The page of a document.

use std::fmt::Write as _;

use super::{Block, Document, spans};

/// How every page looks: readable in light and dark, on paper and without colour.
const STYLE: &str = include_str!("page.css");

pub(super) fn render(document: &Document) -> String {
    let mut body = format!("<h1>{}</h1>\n", inline(&document.title));
    for block in &document.blocks {
        match block {
            Block::Heading(level, text) => {
                let _ = writeln!(body, "<h{level}>{}</h{level}>", inline(text));
            }
            Block::Text(text) => {
                let _ = writeln!(body, "<p>{}</p>", inline(text));
            }
            Block::List(points) => {
                body.push_str("<ul>\n");
                for point in points {
                    let _ = writeln!(body, "<li>{}</li>", inline(point));
                }
                body.push_str("</ul>\n");
            }
            Block::Table(header, rows) => table(header, rows, &mut body),
            Block::Commands(lines) => {
                let _ = writeln!(body, "<pre tabindex=\"0\"><code>{}</code></pre>", escape(&lines.join("\n")));
            }
        }
    }
    page(&document.title, "", &body)
}

fn table(header: &[String], rows: &[Vec<String>], body: &mut String) {
    body.push_str("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"table\"><table>\n<thead><tr>");
    for name in header {
        let _ = write!(body, "<th scope=\"col\">{}</th>", inline(name));
    }
    body.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        body.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let _ = match at {
                0 => write!(body, "<th scope=\"row\">{}</th>", inline(cell)),
                _ => write!(body, "<td>{}</td>", inline(cell)),
            };
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody>\n</table></div>\n");
}

/// A whole page around `body`, which is markup already; `style` is added to the common style.
#[must_use]
pub fn page(title: &str, style: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}{style}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escape(title)
    )
}

/// A text with what a browser would read as markup escaped.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
    out
}

fn inline(text: &str) -> String {
    let mut out = String::new();
    for (code, words) in spans(text) {
        let words = escape(&words);
        if code {
            let _ = write!(out, "<code>{words}</code>");
        } else {
            out.push_str(&words);
        }
    }
    out
}
