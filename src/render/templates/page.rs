//! One rendered file: its text, and for each line the template's line.
//!
//! The engine says which bytes of the output come from which bytes of the template. Here the pieces are joined again: each
//! line gets the template line of its first byte, and the blocks of the `yaml` filter get the column that they stand in.

use std::ops::Range;

use minijinja::{OutputSpan, OutputSpanKind};

use super::filters::{BELOW, BESIDE};
use super::manner::Manner;
use super::standing::{Misplaced, Place as Where, Standing};

/// A rendered text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub text: String,
    /// For each line of the text, the line of the template, from 1.
    pub lines: Vec<u32>,
}

impl Page {
    /// Joins the pieces of an output; only YAML has blocks.
    pub fn assemble(manner: Manner, output: &str, spans: &[OutputSpan]) -> Result<Page, Misplaced> {
        let mut page = Page { text: String::with_capacity(output.len()), lines: vec![] };
        let mut block: Option<Range<usize>> = None;
        let mut standing = Standing::default();
        for span in spans {
            let piece = output.get(span.output_range()).unwrap_or_default();
            let line = u32::try_from(span.line()).unwrap_or(u32::MAX);
            let piece = match &block {
                Some(range) => behind_block(piece).ok_or_else(|| Where::NoBlock.at(range.clone()))?,
                None => piece,
            };
            block = block.filter(|_| piece.is_empty());
            let is_raw = span.kind() == OutputSpanKind::Raw;
            let is_block = manner == Manner::Yaml && piece.starts_with([BELOW, BESIDE]);
            if manner == Manner::Yaml && !is_raw && !piece.is_empty() {
                standing.check(&page.text, is_block).map_err(|place| place.at(span.source_range()))?;
            }
            if is_raw {
                page.push_raw(piece, line);
            } else if is_block {
                page.push_block(piece, line).ok_or_else(|| Where::NoBlock.at(span.source_range()))?;
                block = Some(span.source_range());
            } else {
                page.push(piece, line);
            }
        }
        if manner == Manner::Text {
            page.drop_last_blank_lines();
        }
        Ok(page)
    }

    /// A section that ends with a blank line may be the last one. (In YAML they may be part of a text.)
    fn drop_last_blank_lines(&mut self) {
        while self.text.ends_with("\n\n") {
            self.text.pop();
            self.lines.pop();
        }
    }

    /// Text of the template itself: each of its lines comes from a line of its own.
    fn push_raw(&mut self, piece: &str, line: u32) {
        for (part, line) in piece.split_inclusive('\n').zip(line..) {
            match part.strip_suffix("\r\n") {
                Some(part) => {
                    self.push(part, line);
                    self.push("\n", line);
                }
                None => self.push(part, line),
            }
        }
    }

    fn push(&mut self, piece: &str, line: u32) {
        for part in piece.split_inclusive('\n') {
            if self.text.is_empty() || self.text.ends_with('\n') {
                self.lines.push(line);
            }
            self.text.push_str(part);
        }
    }

    /// A block of `yaml`; none where it cannot stand.
    fn push_block(&mut self, piece: &str, line: u32) -> Option<()> {
        let start = self.text.rfind('\n').map_or(0, |line_break| line_break + 1);
        let place = Place::behind(self.text.get(start..)?)?;
        let block = piece.get(1..)?;
        if let Place::Key(_) = place {
            self.text.truncate(self.text.trim_end_matches(' ').len());
        }
        match (place, piece.starts_with(BELOW)) {
            (Place::Key(column), true) => {
                self.start_line(column + 2, line);
                self.push_rest(block, column + 2, line);
            }
            (Place::Key(column), false) => {
                self.text.push(' ');
                self.push_rest(block, column, line);
            }
            (Place::Dash(column), true) => self.push_rest(block, column, line),
            // The lines of a text stand two columns inside what holds it, here the dash.
            (Place::Dash(column), false) => self.push_rest(block, column.saturating_sub(2), line),
        }
        Some(())
    }

    /// The first line goes on here, the others are indented; an empty one stays empty.
    fn push_rest(&mut self, block: &str, column: usize, line: u32) {
        for (at, part) in block.split('\n').enumerate() {
            match at {
                0 => {}
                _ if part.is_empty() => self.push("\n", line),
                _ => self.start_line(column, line),
            }
            self.push(part, line);
        }
    }

    fn start_line(&mut self, column: usize, line: u32) {
        self.push("\n", line);
        self.push(&" ".repeat(column), line);
    }
}

/// Only blanks may stand behind a block in its line; they are left out. None: something else does.
fn behind_block(piece: &str) -> Option<&str> {
    let rest = piece.trim_start_matches([' ', '\t']);
    (rest.is_empty() || rest.starts_with('\n') || rest.starts_with("\r\n")).then_some(rest)
}

/// What a block stands behind, and the column of the key or of what follows the dash.
enum Place {
    Key(usize),
    Dash(usize),
}

impl Place {
    /// Reads the line up to the block: blanks and dashes, then a key or nothing. None: it holds something else, or is a
    /// comment, out of which the block would fall.
    fn behind(line: &str) -> Option<Place> {
        let mut rest = line.trim_start_matches(' ');
        while let Some(behind) = rest.strip_prefix("- ") {
            rest = behind.trim_start_matches(' ');
        }
        let column = line.len() - rest.len();
        if rest.is_empty() {
            return line.trim_start_matches(' ').starts_with("- ").then_some(Place::Dash(column));
        }
        let key = rest.trim_end_matches(' ').strip_suffix(':')?;
        (!key.is_empty() && !key.starts_with('#')).then_some(Place::Key(column))
    }
}
