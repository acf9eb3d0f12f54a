//! The text around a syntax error: lines, words, and what is still open.

use std::ops::Range;

use crate::source::span::{FileId, Span};

/// What was read before the error.
pub struct Seen<'a> {
    pub file: FileId,
    pub text: &'a str,
    /// Where each open list and map starts.
    pub open: &'a [Range<usize>],
    /// The scalar read last.
    pub last: Range<usize>,
}

impl Seen<'_> {
    /// The innermost open bracket.
    pub fn flow(&self) -> Option<Range<usize>> {
        let innermost = self.open.last()?;
        matches!(self.text.get(innermost.clone())?, "[" | "{").then(|| innermost.clone())
    }

    pub fn span(&self, range: Range<usize>) -> Span {
        let range = self.bounded(range);
        Span::new(self.file, range.start, range.end)
    }

    /// The same range, on character boundaries of the text.
    pub fn bounded(&self, range: Range<usize>) -> Range<usize> {
        let end = self.text.ceil_char_boundary(range.end);
        self.text.floor_char_boundary(range.start).min(end)..end
    }

    pub fn line(&self, at: usize) -> Range<usize> {
        let at = self.text.floor_char_boundary(at);
        let (before, behind) = self.text.split_at(at);
        let start = before.rfind('\n').map_or(0, |line_break| line_break + 1);
        start..at + behind.find(['\r', '\n']).unwrap_or(behind.len())
    }

    pub fn line_from(&self, at: usize) -> Range<usize> {
        at..self.line(at).end.max(at)
    }

    /// Whether `at` stands in the column of the innermost open list or map.
    pub fn lines_up(&self, at: usize) -> bool {
        let column = |at: usize| at - self.line(at).start;
        self.open.last().is_some_and(|open| column(open.start) == column(at))
    }

    /// Whether only blanks stand before `at` in its line.
    pub fn starts_line(&self, at: usize) -> bool {
        let line = self.line(at).start;
        line + self.blanks(line) == at
    }

    pub fn blanks(&self, at: usize) -> usize {
        self.text.get(at..).unwrap_or("").bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    /// The one character at `at`.
    pub fn sign(&self, at: usize) -> Range<usize> {
        at..at + self.text.get(at..).and_then(|text| text.chars().next()).map_or(0, char::len_utf8)
    }

    /// From `at` to the next blank.
    pub fn word(&self, at: usize) -> Range<usize> {
        let text = self.text.get(at..).unwrap_or("");
        at..at + text.find(char::is_whitespace).unwrap_or(text.len())
    }
}
