//! A text under construction.

use std::fmt::{Arguments, Write as _};

/// Text that grows by lines.
#[derive(Clone, Debug, Default)]
pub struct Page {
    text: String,
}

impl Page {
    /// Appends a line: `page.line(format_args!("{n} actors"))`.
    pub fn line(&mut self, line: Arguments<'_>) {
        self.text.write_fmt(line).expect("writing to a string cannot fail");
        self.text.push('\n');
    }

    /// Appends text as it is.
    pub fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The text.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }
}
