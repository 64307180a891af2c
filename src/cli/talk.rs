//! Standard error: notes and errors, as loud and as colourful as was asked for.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;

/// When to colour what goes to standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How to talk on standard error. A closed or full standard error is no reason to fail: such writes are dropped.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    /// Whether notes and progress are left out.
    pub quiet: bool,
    /// Whether to use colour.
    pub color: bool,
}

impl Talk {
    /// Decides about colour from the option, the terminal and the environment (<https://no-color.org>).
    #[must_use]
    pub fn new(quiet: bool, color: Color) -> Self {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stderr().is_terminal()
                    && variable("NO_COLOR").is_none()
                    && variable("TERM").is_none_or(|term| term != "dumb")
            }
        };
        Self { quiet, color }
    }

    /// A note, unless quiet.
    pub fn note(self, text: &str) {
        if !self.quiet {
            Self::write(text);
        }
    }

    /// A line that is printed even when quiet.
    pub fn write(text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end_matches('\n'));
    }

    /// `error: ..` with its causes and a hint on lines of their own.
    pub fn error(self, error: &dyn std::error::Error, hint: Option<&str>) {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            text = format!("{text}\n  because: {inner}");
            cause = inner.source();
        }
        self.fail(&text, hint);
    }

    /// `error: ..` and a hint.
    pub fn fail(self, message: &str, hint: Option<&str>) {
        let mut text = format!("{} {message}", self.paint("error:", "1;31"));
        if let Some(hint) = hint {
            text = format!("{text}\n  {} {hint}", self.paint("help:", "36"));
        }
        Self::write(&text);
    }

    /// `text` in the given ANSI style, where colour is wanted.
    #[must_use]
    pub fn paint(self, text: &str, style: &str) -> String {
        if self.color { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
