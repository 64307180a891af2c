//! Where the lines of a text begin.

/// First byte of every line of a text, so that many places are found quickly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineStarts(Vec<usize>);

impl LineStarts {
    /// Scans a text once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(after).collect())
    }

    /// Line of a byte, from 1.
    #[must_use]
    pub fn line(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_owns_its_end() {
        let lines = LineStarts::new("ab\n\nc");
        let found: Vec<usize> = [0, 2, 3, 4, 9].into_iter().map(|at| lines.line(at)).collect();
        assert_eq!(found, [1, 1, 2, 3, 3]);
    }
}
