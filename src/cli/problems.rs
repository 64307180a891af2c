//! Problems of a model, drawn with their place, a caret and a hint.

use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::talk::Talk;
use crate::report::page::Page;
use crate::spec::problem::{Problem, Severity};
use crate::spec::render::locate;
use crate::spec::tree::Sources;

/// Most problems printed at once; the rest is counted.
const MOST: usize = 50;

/// One problem with its source text, as the renderer wants it.
#[derive(Debug)]
struct Drawn<'a> {
    problem: &'a Problem,
    source: Option<NamedSource<Arc<String>>>,
    label: Option<LabeledSpan>,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.hint.as_ref().map(|hint| Box::new(hint) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.label.clone().map(|label| Box::new(std::iter::once(label)) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}

/// Draws problems; knows the sources and the colours.
pub struct Renderer<'a> {
    sources: &'a Sources,
    texts: Vec<Arc<String>>,
    handler: GraphicalReportHandler,
    talk: Talk,
}

impl<'a> Renderer<'a> {
    /// A renderer of problems in these sources.
    #[must_use]
    pub fn new(sources: &'a Sources, talk: Talk) -> Self {
        let theme = if talk.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        Self {
            sources,
            texts: sources.files.iter().map(|file| Arc::new(file.text.clone())).collect(),
            handler: GraphicalReportHandler::new_themed(theme).with_links(false).with_width(100).with_context_lines(1),
            talk,
        }
    }

    /// One problem: a line with severity, code, place and path, then the drawing.
    #[must_use]
    pub fn draw(&self, problem: &Problem) -> String {
        let (word, style) = match problem.severity {
            Severity::Error => ("error", "1;31"),
            Severity::Warning => ("warning", "1;33"),
        };
        let mut head = vec![self.talk.paint(&format!("{word}[{}]", problem.code), style)];
        if let Some(span) = problem.span {
            let at = locate(self.sources, span);
            head.push(format!("{}:{}:{}", at.file, at.line, at.column));
        }
        head.extend((!problem.path.is_empty()).then(|| problem.path.clone()));
        let mut text = head.join(" ");
        text.push('\n');
        let drawn = self.drawn(problem);
        // Formatting into a string fails only if a Display does; the message alone is then still true.
        if self.handler.render_report(&mut text, &drawn).is_err() {
            text.push_str(&problem.message);
        }
        text
    }

    fn drawn<'p>(&self, problem: &'p Problem) -> Drawn<'p> {
        let located = problem.span.and_then(|span| {
            let at = usize::from(span.file.0);
            Some((span, self.sources.files.get(at)?, self.texts.get(at)?))
        });
        let Some((span, file, text)) = located else { return Drawn { problem, source: None, label: None } };
        let start = text.floor_char_boundary((span.start as usize).min(text.len()));
        let end = text.floor_char_boundary((span.end as usize).clamp(start, text.len()));
        // A caret under the first line says enough; a table may span hundreds.
        let end = text[start..end].find('\n').map_or(end, |line| start + line);
        Drawn {
            problem,
            source: Some(NamedSource::new(&file.name, Arc::clone(text))),
            label: Some(LabeledSpan::underline(start..end)),
        }
    }

    /// All problems of a severity, the first [`MOST`] drawn and the rest counted; `most` may ask for fewer.
    #[must_use]
    pub fn draw_all(&self, problems: &[Problem], severity: Severity, most: usize) -> String {
        let chosen: Vec<&Problem> = problems.iter().filter(|problem| problem.severity == severity).collect();
        let most = most.min(MOST);
        let mut page = Page::default();
        for problem in chosen.iter().take(most) {
            page.line(format_args!("{}\n", self.draw(problem).trim_end()));
        }
        if chosen.len() > most {
            let noun = if severity == Severity::Error { "errors" } else { "warnings" };
            page.line(format_args!("and {} more {noun}", chosen.len() - most));
        }
        page.finish()
    }
}

/// Counts in words: `2 errors, 1 warning`.
#[must_use]
pub fn counted(errors: usize, warnings: usize) -> String {
    let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    match (errors, warnings) {
        (0, 0) => "no problems".to_owned(),
        (_, 0) => count(errors, "error"),
        (0, _) => count(warnings, "warning"),
        _ => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::tree::{FileId, SourceFile, Span};

    fn example(start: u32, end: u32) -> (Problem, Sources) {
        let text = "a = 1\nü = \"USA\"\n";
        let sources = Sources { files: vec![SourceFile { name: "m.toml".to_owned(), text: text.to_owned() }] };
        let problem = Problem {
            code: "E0201",
            severity: Severity::Error,
            span: Some(Span { file: FileId(0), start, end }),
            path: "levers.x.owner".to_owned(),
            message: "no actor `USA`".to_owned(),
            hint: Some("did you mean `US`?".to_owned()),
        };
        (problem, sources)
    }

    #[test]
    fn a_drawing_names_code_place_message_and_hint() {
        let (problem, sources) = example(11, 16);
        let text = Renderer::new(&sources, Talk { quiet: false, color: false }).draw(&problem);
        for part in ["error[E0201] m.toml:2:5 levers.x.owner", "no actor `USA`", "did you mean `US`?", "\"USA\""] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn a_place_outside_the_text_is_drawn_at_its_end() {
        let (problem, sources) = example(900, 901);
        let text = Renderer::new(&sources, Talk { quiet: false, color: true }).draw(&problem);
        assert!(text.contains("no actor"), "{text}");
    }

    #[test]
    fn past_fifty_the_rest_is_counted() {
        let (problem, sources) = example(0, 1);
        let problems = vec![problem; 53];
        let text =
            Renderer::new(&sources, Talk { quiet: false, color: false }).draw_all(&problems, Severity::Error, 99);
        assert_eq!(text.matches("error[E0201]").count(), 50);
        assert!(text.ends_with("and 3 more errors\n"));
    }
}
