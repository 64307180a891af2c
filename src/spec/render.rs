//! Places in words: file, line and column of a span, and a problem on one line.

use super::model::Number;
use super::problem::Problem;
use super::tree::{Sources, Span};

/// Where a span begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Name of the file, or `--set`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The whole line, without its end.
    pub line_text: String,
}

/// Finds the line and column of a span.
///
/// A span outside its text (there is none in practice) is moved to the nearest place inside; a file that does not exist
/// has an empty name.
#[must_use]
pub fn locate(sources: &Sources, span: Span) -> Location {
    let Some(file) = sources.files.get(usize::from(span.file.0)) else {
        return Location { file: String::new(), line: 1, column: 1, line_text: String::new() };
    };
    let text = file.text.as_str();
    let mut at = (span.start as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    Location {
        file: file.name.clone(),
        line: text[..line_start].matches('\n').count() + 1,
        column: text[line_start..at].chars().count() + 1,
        line_text: text[line_start..line_end].trim_end_matches('\r').to_owned(),
    }
}

/// A problem on one line: `file:line:col: code: path: message (hint: ...)`, without what is not there.
#[must_use]
pub fn one_line(sources: &Sources, problem: &Problem) -> String {
    let mut out = String::new();
    if let Some(span) = problem.span {
        let place = locate(sources, span);
        out = format!("{}:{}:{}: ", place.file, place.line, place.column);
    }
    out.push_str(problem.code);
    out.push_str(": ");
    if !problem.path.is_empty() {
        out.push_str(&problem.path);
        out.push_str(": ");
    }
    out.push_str(&problem.message);
    if let Some(hint) = &problem.hint {
        out.push_str(" (hint: ");
        out.push_str(hint);
        out.push(')');
    }
    out
}

impl Number {
    /// The place of the bytes `start..end` of its expression text; the whole value where escapes or line breaks in the
    /// quotes make that uncertain.
    #[must_use]
    pub fn part(&self, start: usize, end: usize) -> Span {
        let super::model::Form::Expr(text) = &self.form else {
            return self.span;
        };
        let written = (self.span.end - self.span.start) as usize;
        // Bytes around the text: none (`--set`), quotes, `=` after the quote, triple quotes, those with a line break.
        let lead = match written.checked_sub(text.len()) {
            Some(0) => 0,
            Some(2) => 1,
            Some(3) => 2,
            Some(6) => 3,
            Some(7) => 4,
            _ => return self.span,
        };
        let first = self.span.start as usize + lead;
        Span::new(self.span.file, first + start.min(text.len())..first + end.min(text.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::model::{Form, Notes};
    use crate::spec::tree::FileId;

    #[test]
    fn columns_count_characters_not_bytes() {
        let sources = Sources::single("m.toml", "a = 1\r\n\u{e9}t\u{e9} = \"x\"\r\n");
        let at = sources.files[0].text.find('=').and_then(|_| sources.files[0].text.rfind('=')).expect("there");
        let place = locate(&sources, Span::new(FileId(0), at..at + 1));
        assert_eq!((place.line, place.column), (2, 5));
        assert_eq!(place.line_text, "\u{e9}t\u{e9} = \"x\"");
        let end = locate(&sources, Span::new(FileId(0), 900..901));
        assert_eq!((end.line, end.column), (3, 1));
        assert_eq!(locate(&sources, Span::new(FileId(7), 0..1)).file, "");
    }

    #[test]
    fn a_part_of_an_expression_points_inside_the_quotes() {
        let text = "x = \"a + bb\"\ny = \"=bb\"\n";
        let number = |form: &str, range: std::ops::Range<usize>| Number {
            form: Form::Expr(form.to_owned()),
            span: Span::new(FileId(0), range),
            path: String::new(),
            range: None,
            notes: Notes::default(),
        };
        let slice = |span: Span| &text[span.start as usize..span.end as usize];
        assert_eq!(slice(number("a + bb", 4..12).part(4, 6)), "bb");
        assert_eq!(slice(number("bb", 17..22).part(0, 2)), "bb");
        assert_eq!(slice(number("longer than written", 4..12).part(0, 2)), "\"a + bb\"");
    }
}
