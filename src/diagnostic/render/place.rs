//! Where a span is seen.

use std::ops::Range;

use crate::source::span::{Position, SourceFile};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A span as people see it: inside its text, on whole characters, without blanks at its end, never on a line break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub bytes: Range<usize>,
    pub start: Position,
    /// Behind the last character.
    pub end: Position,
}

impl Place {
    pub fn of(file: &SourceFile, bytes: Range<usize>) -> Self {
        let bytes = visible(&file.text, bytes);
        let (start, end) = (position(file, bytes.start), position(file, bytes.end));
        Self { bytes, start, end }
    }

    /// The first byte of its first line that is shown.
    pub fn line_start(&self, text: &str) -> usize {
        let before = text.get(..self.bytes.start).unwrap_or_default();
        before.rfind('\n').map_or(mark(text), |line_break| line_break + 1)
    }

    /// Behind its last line, line break and all.
    pub fn line_end(&self, text: &str) -> usize {
        let behind = text.get(self.bytes.end..).unwrap_or_default();
        behind.find('\n').map_or(text.len(), |line_break| self.bytes.end + line_break + 1)
    }
}

/// The bytes of a byte order mark, if the text starts with one.
fn mark(text: &str) -> usize {
    if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 }
}

/// The column of the first line does not count a byte order mark: no editor does.
fn position(file: &SourceFile, byte: usize) -> Position {
    let position = file.position(u32::try_from(byte).unwrap_or(u32::MAX));
    let unseen = usize::from(position.line == 1 && file.text.starts_with(BYTE_ORDER_MARK));
    Position { column: position.column.saturating_sub(unseen).max(1), ..position }
}

fn visible(text: &str, bytes: Range<usize>) -> Range<usize> {
    let start = visible_start(text, bytes.start);
    let end = text.ceil_char_boundary(bytes.end.min(text.len())).max(start);
    let spanned = text.get(start..end).unwrap_or_default();
    let shown = match spanned.trim_end() {
        "" => spanned.lines().next().unwrap_or_default(),
        shown => shown,
    };
    start..start + shown.len()
}

/// Behind the last line break there is no line to show: its place is the end of the line before.
fn visible_start(text: &str, byte: usize) -> usize {
    let byte = text.floor_char_boundary(byte.min(text.len()));
    let before = text.get(..byte).unwrap_or_default();
    let before = if byte == text.len() { before.strip_suffix('\n').unwrap_or(before) } else { before };
    let at_break = matches!(text.get(before.len()..), Some(rest) if rest.starts_with('\n'));
    let before = if at_break { before.strip_suffix('\r').unwrap_or(before) } else { before };
    before.len().max(mark(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    /// Start line and column, end line and column, and the text.
    fn seen(text: &str, bytes: Range<usize>) -> (usize, usize, usize, usize, String) {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", text);
        let Place { bytes, start, end } = Place::of(sources.file(id), bytes);
        (start.line, start.column, end.line, end.column, text[bytes].to_owned())
    }

    #[test]
    fn a_span_inside_a_line_stays_as_it_is() {
        assert_eq!(seen("a: b\nc: dé\n", 8..11), (2, 4, 2, 6, "dé".into()));
    }

    #[test]
    fn blanks_and_line_breaks_at_the_end_are_not_shown() {
        assert_eq!(seen("a:\n  b: c\n\nd: e\n", 0..11), (1, 1, 2, 7, "a:\n  b: c".into()));
        assert_eq!(seen("a: \nb", 2..4), (1, 3, 1, 4, " ".into()));
        assert_eq!(seen("a:\r\nb", 2..4), (1, 3, 1, 3, String::new()));
        assert_eq!(seen("a:\r\nb", 3..4), (1, 3, 1, 3, String::new()));
    }

    #[test]
    fn the_end_of_the_file_is_the_end_of_its_last_line() {
        assert_eq!(seen("a: b\n", 5..5), (1, 5, 1, 5, String::new()));
        assert_eq!(seen("a: b\r\n", 6..6), (1, 5, 1, 5, String::new()));
        assert_eq!(seen("a\n\n", 3..3), (2, 1, 2, 1, String::new()));
        assert_eq!(seen("a: b", 400..401), (1, 5, 1, 5, String::new()));
        assert_eq!(seen("", 0..9), (1, 1, 1, 1, String::new()));
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        assert_eq!(seen("\u{feff}a: b\nc", 0..4), (1, 1, 1, 2, "a".into()));
        assert_eq!(seen("\u{feff}a: b\nc", 6..7), (1, 4, 1, 5, "b".into()));
        assert_eq!(seen("\u{feff}a: b\nc", 8..9), (2, 1, 2, 2, "c".into()));
    }

    #[test]
    fn a_span_within_a_character_takes_all_of_it() {
        assert_eq!(seen("é", 1..1), (1, 1, 1, 2, "é".into()));
        assert_eq!(seen("é", 0..1), (1, 1, 1, 2, "é".into()));
    }
}
