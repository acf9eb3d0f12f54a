//! Where the bytes of a scalar's text stand in its file.
//!
//! Takes a scalar's span and text; gives the span of any part of the text. Quotes, block headers, folded lines and doubled
//! or escaped quotes are followed; where anything else makes file and text differ, every part is the whole scalar. It
//! raises no faults.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Sources, Span};

/// The way from a text back to its file.
#[derive(Debug, Clone)]
pub struct Place {
    whole: Span,
    /// For each byte of the text, and its end, the byte of the file; empty where that is not known.
    bytes: Vec<usize>,
}

impl Place {
    /// Of a scalar that reads as `text`.
    pub fn of(whole: Span, text: &str, sources: &Sources) -> Place {
        let written = sources.text(whole);
        let (skipped, style) = Style::of(written);
        let alignment = Alignment { written, style, at: skipped, base: whole.start as usize, bytes: vec![] };
        Place { whole, bytes: alignment.follow(text).unwrap_or_default() }
    }

    /// Of a part of the text.
    pub fn span(&self, part: Range<usize>) -> Span {
        match (self.bytes.get(part.start), self.bytes.get(part.end)) {
            (Some(start), Some(end)) if start < end => Span::new(self.whole.file, *start, *end),
            (Some(start), Some(_)) => Span::new(self.whole.file, *start, *start),
            _ => self.whole,
        }
    }

    /// A fault of the language at a part of the text.
    pub(super) fn fault(&self, part: Range<usize>, message: impl Into<String>, label: &str) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(Code::Expression, message).at(self.span(part), label))
    }
}

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    Plain,
    Single,
    Double,
}

impl Style {
    /// The style, and how many bytes stand before the first of the text.
    fn of(written: &str) -> (usize, Style) {
        match written.bytes().next() {
            Some(b'\'') => (1, Style::Single),
            Some(b'"') => (1, Style::Double),
            Some(b'|' | b'>') => (written.find('\n').map_or(0, |line| line + 1), Style::Plain),
            _ => (0, Style::Plain),
        }
    }

    /// What stands before a character that the style cannot hold as it is.
    fn escape(self, character: char) -> &'static str {
        match (self, character) {
            (Style::Single, '\'') => "'",
            (Style::Double, '"' | '\\') => "\\",
            _ => "",
        }
    }
}

/// Walks along file and text at once.
struct Alignment<'s> {
    written: &'s str,
    style: Style,
    at: usize,
    base: usize,
    bytes: Vec<usize>,
}

impl Alignment<'_> {
    fn follow(mut self, text: &str) -> Option<Vec<usize>> {
        if !text.starts_with(blank) {
            self.at += self.blanks();
        }
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let taken = if blank(next) { self.run(rest)? } else { self.character(next)? };
            rest = rest.get(taken..)?;
        }
        self.bytes.push(self.base + self.at);
        Some(self.bytes)
    }

    /// A run of blanks in the text is a run of blanks in the file, however long each is.
    fn run(&mut self, rest: &str) -> Option<usize> {
        let in_text = rest.len() - rest.trim_start_matches(blank).len();
        let in_file = self.blanks();
        let chomped = in_text == rest.len();
        (in_file > 0 || chomped).then_some(())?;
        self.bytes.extend((0..in_text).map(|byte| self.base + self.at + byte.min(in_file)));
        self.at += in_file;
        Some(in_text)
    }

    fn character(&mut self, next: char) -> Option<usize> {
        let escape = self.style.escape(next);
        let rest = self.written.get(self.at..)?.strip_prefix(escape)?;
        rest.starts_with(next).then_some(())?;
        let start = self.base + self.at;
        self.bytes.extend((0..next.len_utf8()).map(|byte| start + if byte == 0 { 0 } else { escape.len() + byte }));
        self.at += escape.len() + next.len_utf8();
        Some(next.len_utf8())
    }

    fn blanks(&self) -> usize {
        let rest = self.written.get(self.at..).unwrap_or("");
        rest.len() - rest.trim_start_matches(blank).len()
    }
}

fn blank(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\r' | '\t')
}
