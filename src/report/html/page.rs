//! The page: skeleton, escaping, figures and tables as HTML. Nothing outside of the page is ever fetched: the policy in its
//! head forbids it, and libraries, styles and specifications are inside.

use std::fmt::Write as _;

use super::figure::{Answer, Figure, Part, Section};
use super::words::plain;
use super::{Heading, Report};
use crate::report::grid::Grid;

const STYLE: &str = include_str!("page.css");
const BEHAVIOUR: &str = include_str!("page.js");
const VEGA: &str = include_str!("../../../assets/vendor/vega.min.js");
const VEGA_LITE: &str = include_str!("../../../assets/vendor/vega-lite.min.js");
const VEGA_EMBED: &str = include_str!("../../../assets/vendor/vega-embed.min.js");
const LICENCES: &str = include_str!("../../../assets/vendor/LICENSES.txt");

/// Rows of a table that are shown; the files have all.
const MOST_ROWS: usize = 120;

/// Text with everything escaped that means something in HTML, inside and outside of attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// JSON that cannot end the script element it stands in.
fn data(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// The whole page.
pub(super) fn page(report: &Report, heading: &Heading) -> String {
    let mut body = String::new();
    head_of_page(report, heading, &mut body);
    let mut number = 0;
    body.push_str("<main id=\"content\">\n");
    for section in &report.sections {
        section_of_page(section, heading, &mut number, &mut body);
    }
    body.push_str("</main>\n");
    let _ = writeln!(
        body,
        "<footer><p>{}</p><p class=\"small\">Made by Détente {} from the files of the run alone. Charts are drawn with Vega, \
         Vega-Lite and Vega-Embed; their licences are part of this page. The page fetches nothing and runs without a \
         network.</p></footer>",
        escape(&report.forecast),
        escape(&heading.version),
    );
    // Scripts run only with this word; it depends on everything else on the page, so that no text in a model can know it.
    let nonce: String = crate::run::hash(&body).chars().take(32).collect();
    let mut page = String::with_capacity(body.len() + 1_000_000);
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'nonce-{nonce}'; \
         style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"Détente {}\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        escape(&heading.version),
        escape(&report.title),
    );
    page.push_str(&body);
    for script in [BEHAVIOUR, VEGA, VEGA_LITE, VEGA_EMBED, "detente.draw();"] {
        let _ = write!(page, "<script nonce=\"{nonce}\">\n{script}\n</script>\n");
    }
    let _ = write!(page, "<script type=\"text/plain\" id=\"licences\">\n{}</script>\n", LICENCES.replace("</", "<\\/"));
    page.push_str("</body>\n</html>\n");
    page
}

fn head_of_page(report: &Report, heading: &Heading, body: &mut String) {
    let _ = write!(
        body,
        "<a class=\"skip\" href=\"#content\">Skip to the results</a>\n<header>\n<p class=\"kicker\">{}</p>\n<h1>{}</h1>\n",
        escape(&report.kicker),
        escape(&report.title)
    );
    if !report.about.is_empty() {
        let _ = writeln!(body, "<p class=\"about\">{}</p>", escape(&report.about));
    }
    let _ = writeln!(
        body,
        "<p class=\"notice\" role=\"note\"><strong>Not a forecast.</strong> {}</p>",
        escape(&report.forecast)
    );
    body.push_str("<dl class=\"facts\">\n");
    for (name, value) in &heading.facts {
        let _ = writeln!(body, "<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(value));
    }
    body.push_str("</dl>\n");
    command(&heading.command, "The command that makes this page again", body);
    body.push_str("</header>\n<nav aria-label=\"Contents\"><h2>Contents</h2>\n<ol>\n");
    for section in &report.sections {
        let _ = writeln!(body, "<li><a href=\"#{}\">{}</a></li>", section.id, escape(section.title));
    }
    body.push_str("</ol></nav>\n");
}

/// A command with the button that copies it.
fn command(text: &str, label: &str, body: &mut String) {
    let text = escape(text);
    let _ = writeln!(
        body,
        "<div class=\"command\"><code>{text}</code><button type=\"button\" data-copy=\"{text}\" aria-label=\"Copy command: {}\">Copy \
         command</button></div>",
        escape(label)
    );
}

fn section_of_page(section: &Section, heading: &Heading, number: &mut u32, body: &mut String) {
    let id = section.id;
    let _ = writeln!(body, "<section id=\"{id}\" aria-labelledby=\"{id}-title\">");
    let _ = writeln!(body, "<h2 id=\"{id}-title\">{}</h2>", escape(section.title));
    for part in &section.parts {
        match part {
            Part::Figure(figure) => {
                *number += 1;
                figure_of_page(figure, *number, heading, body);
            }
            Part::Table { id, title, sentence, table } => {
                let _ = writeln!(body, "<div class=\"table\" id=\"{id}\"><h3>{}</h3>", escape(title));
                let _ = writeln!(body, "<p class=\"sentence\">{}</p>", escape(sentence));
                grid(table, title, body);
                body.push_str("</div>\n");
            }
            Part::Absent { title, why, command: wanted } => {
                let _ = writeln!(body, "<div class=\"absent\"><h3>{}</h3><p>{}</p>", escape(title), escape(why));
                if !wanted.is_empty() {
                    command(wanted, title, body);
                }
                body.push_str("</div>\n");
            }
            Part::Points(points) => {
                body.push_str("<ul class=\"points\">\n");
                for point in points {
                    let _ = writeln!(body, "<li>{}</li>", escape(point));
                }
                body.push_str("</ul>\n");
            }
            Part::Answers(answers) => {
                body.push_str("<dl class=\"answers\">\n");
                for Answer { question, text, section } in answers {
                    let (question, text) = (escape(question), escape(text));
                    let _ = writeln!(
                        body,
                        "<dt>{question}</dt><dd>{text} <a href=\"#{section}\" aria-label=\"More: {question}\">More</a></dd>"
                    );
                }
                body.push_str("</dl>\n");
            }
            Part::Text(text) => {
                let _ = writeln!(body, "<p>{}</p>", escape(text));
            }
        }
    }
    body.push_str("</section>\n");
}

fn figure_of_page(figure: &Figure, number: u32, heading: &Heading, body: &mut String) {
    let Figure { id, title, sentence, reading, spec, table } = figure;
    let (title, sentence) = (escape(title), escape(sentence));
    let _ = write!(
        body,
        "<figure id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h3 id=\"{id}-title\"><span class=\"number\">Figure \
         {number}</span> {title}</h3>\n<p class=\"sentence\">{sentence}</p>\n\
         <div class=\"chart\" id=\"{id}-chart\" data-chart=\"{id}-spec\" role=\"img\" aria-label=\"{title}. {sentence} The table below has the numbers.\"></div>\n\
         <p class=\"undrawn\">The chart needs scripts; the table has its numbers.</p>\n"
    );
    if !reading.is_empty() {
        let _ = writeln!(body, "<figcaption>{}</figcaption>", escape(reading));
    }
    let _ = write!(
        body,
        "<div class=\"actions\"><button type=\"button\" data-copy=\"{}\" aria-label=\"Copy command that makes figure \
         {number} again\">Copy command</button><button type=\"button\" data-copy-from=\"{id}-spec\" aria-label=\"Copy \
         specification of figure {number} in Vega-Lite\">Copy specification</button></div>\n<details open>\n<summary>Table of \
         figure {number}</summary>\n",
        escape(&heading.command)
    );
    grid(table, &figure.title, body);
    let _ = write!(
        body,
        "</details>\n<script type=\"application/json\" id=\"{id}-spec\">{}</script>\n</figure>\n",
        data(spec)
    );
}

/// A table with its caption, in a frame that scrolls.
fn grid(table: &Grid, caption: &str, body: &mut String) {
    let caption = escape(caption);
    let _ = write!(
        body,
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table: {caption}\"><table>\n\
         <caption>{caption}</caption>\n<thead><tr>"
    );
    for name in &table.columns {
        let _ = write!(body, "<th scope=\"col\">{}</th>", escape(plain(name).trim()));
    }
    body.push_str("</tr></thead>\n<tbody>\n");
    for row in table.rows.iter().take(MOST_ROWS) {
        body.push_str("<tr>");
        for cell in row {
            let class = if cell.is_numeric() { " class=\"n\"" } else { "" };
            let _ = write!(body, "<td{class}>{}</td>", escape(&cell.for_reading()));
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody></table></div>\n");
    if table.rows.len() > MOST_ROWS {
        let _ = writeln!(
            body,
            "<p class=\"small\">The first {MOST_ROWS} of {} rows; the files of the run have all.</p>",
            table.rows.len()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_model_says_cannot_become_markup() {
        assert_eq!(escape("<b a='1'>&\"</b>"), "&lt;b a=&#39;1&#39;&gt;&amp;&quot;&lt;/b&gt;");
        let text = data(&json!({ "x": "</script><script>alert(1)//\u{2028}" }));
        assert!(!text.contains('<') && !text.contains('\u{2028}'), "{text}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["x"],
            "</script><script>alert(1)//\u{2028}"
        );
    }
}
