//! A negotiation as a page: a line of time on which every move is a mark that leads to it, then the scenes.

use std::fmt::Write as _;

use super::recorder::Account;
use super::scenes::{Scene, scenes};
use super::sides::{Row, Told, WhatIf, announcement, differences, nothing, paired};
use super::text::{cells, draws, ending, header};
use super::timeline::timeline;
use crate::engine::Coordinates;
use crate::engine::record::Record;
use crate::report::document::{escape, page};
use crate::report::page::Page;
use crate::source::Loaded;

/// What a transcript needs beside the style of every page.
const STYLE: &str = include_str!("transcript.css");

/// One negotiation.
#[must_use]
pub fn html(loaded: &Loaded, at: Coordinates, account: &Account, record: &Record) -> String {
    let mut body = top(loaded, at, record);
    body.push_str(&timeline(&loaded.model, account, record, "As it went", true));
    body.push_str("<h2>Month by month</h2>\n");
    for scene in scenes(&loaded.model, account, record, None) {
        tell(&scene, 3, true, &mut body);
    }
    outcome(loaded, record, &mut body);
    page(&title(loaded, at), STYLE, &body)
}

/// Two of them side by side: what is common, then two columns.
#[must_use]
pub fn both_html(loaded: &Loaded, at: Coordinates, what_if: &WhatIf<'_>, told: [&Told; 2]) -> String {
    let [was, other] = told;
    let mut body = top(loaded, at, &was.record);
    let _ = writeln!(body, "<p><strong>{}</strong></p>", escape(&announcement(what_if)));
    body.push_str(&timeline(&loaded.model, &was.account, &was.record, "As it was", true));
    body.push_str(&timeline(&what_if.loaded.model, &other.account, &other.record, "What if", false));
    let (common, rows) = paired(loaded, what_if, told);
    body.push_str("<h2>What both have in common</h2>\n");
    for scene in &common {
        in_both(scene, &mut body);
    }
    let _ = writeln!(body, "<h2>From step {} on</h2>", what_if.step);
    body.push_str("<div class=\"pair heads\"><p>as it was</p><p>what if</p></div>\n");
    for row in &rows {
        match row {
            Row::Both(scene) => in_both(scene, &mut body),
            Row::Apart(left, right) => {
                body.push_str("<div class=\"pair\">\n");
                for (scene, marked) in [(left, true), (right, false)] {
                    body.push_str("<div>\n");
                    if let Some(scene) = scene {
                        tell(scene, 3, marked, &mut body);
                    }
                    body.push_str("</div>\n");
                }
                body.push_str("</div>\n");
            }
        }
    }
    body.push_str("<h2>How each ended</h2>\n");
    let _ = writeln!(body, "<p>As it was: {}</p>", escape(&ending(&loaded.model, &was.record)));
    let _ = writeln!(body, "<p>What if: {}</p>", escape(&ending(&what_if.loaded.model, &other.record)));
    let rows = differences(loaded, what_if, told);
    if let Some(nothing) = nothing(what_if, told) {
        let _ = writeln!(body, "<p>{}</p>", escape(&nothing));
    }
    table(&["column", "as it was", "what if"], rows.iter().map(<[String; 3]>::as_slice), &mut body);
    page(&title(loaded, at), STYLE, &body)
}

fn title(loaded: &Loaded, at: Coordinates) -> String {
    format!("{}, seed {}, replication {}", loaded.model.spec.model.name.text, at.seed, at.replication)
}

/// Title, model and seed, and what chance decided, folded.
fn top(loaded: &Loaded, at: Coordinates, record: &Record) -> String {
    let mut head = Page::default();
    header(loaded, at, &mut head);
    let mut drawn = Page::default();
    draws(&loaded.model, record, &mut drawn);
    let mut body = format!("<h1>{}</h1>\n", escape(&loaded.model.spec.model.title.text));
    for line in head.finish().lines().skip(1) {
        let _ = writeln!(body, "<p>{}</p>", escape(line));
    }
    body.push_str("<p>One simulated history under stated assumptions, not a forecast.</p>\n");
    let drawn = drawn.finish();
    if !drawn.is_empty() {
        let _ = writeln!(
            body,
            "<details><summary>What chance decided before the talks</summary><pre tabindex=\"0\">{}</pre></details>",
            escape(&drawn)
        );
    }
    body
}

/// A scene of both histories, to which the marks of both lines of time lead.
fn in_both(scene: &Scene, body: &mut String) {
    let _ = writeln!(body, "<span id=\"w{}\"></span>", scene.step);
    tell(scene, 3, true, body);
}

/// A scene under its heading; `marked` gives it the anchor to which marks lead.
fn tell(scene: &Scene, level: u8, marked: bool, body: &mut String) {
    let anchor = if marked { format!(" id=\"s{}\"", scene.step) } else { format!(" id=\"w{}\"", scene.step) };
    let _ = writeln!(body, "<section{anchor}>\n<h{level}>{}</h{level}>", escape(&scene.head));
    if !scene.lines.is_empty() {
        body.push_str("<ul>\n");
        let mut inner = false;
        for (at, line) in scene.lines.iter().enumerate() {
            if line.depth > 0 && !inner {
                body.push_str("<ul>\n");
            } else if line.depth == 0 {
                if inner {
                    body.push_str("</ul>\n");
                }
                if at > 0 {
                    body.push_str("</li>\n");
                }
            }
            inner = line.depth > 0;
            let end = if inner { "</li>\n" } else { "\n" };
            let _ = write!(body, "<li>{}{end}", escape(&line.text));
        }
        body.push_str(if inner { "</ul>\n</li>\n</ul>\n" } else { "</li>\n</ul>\n" });
    }
    body.push_str("</section>\n");
}

fn outcome(loaded: &Loaded, record: &Record, body: &mut String) {
    let _ = writeln!(body, "<h2>How it ended</h2>\n<p>{}</p>", escape(&ending(&loaded.model, record)));
    let rows: Vec<[String; 2]> =
        cells(&loaded.model, record).into_iter().map(|(column, cell)| [column, cell]).collect();
    body.push_str("<details><summary>Every column of its row</summary>\n");
    table(&["column", "value"], rows.iter().map(<[String; 2]>::as_slice), body);
    body.push_str("</details>\n");
}

fn table<'r>(header: &[&str], rows: impl Iterator<Item = &'r [String]>, body: &mut String) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    body.push_str("<table>\n<thead><tr>");
    for name in header {
        let _ = write!(body, "<th scope=\"col\">{name}</th>");
    }
    body.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        let _ = write!(body, "<tr><th scope=\"row\">{}</th>", escape(&row[0]));
        for cell in &row[1..] {
            let _ = write!(body, "<td>{}</td>", escape(cell));
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody>\n</table>\n");
}
