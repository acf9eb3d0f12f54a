//! Where a value stands in YAML: it brings its own quotes, so it must be a scalar of its own.
//!
//! Only lines are looked at: a text in quotes that goes on in the next line is not followed.

use std::ops::Range;

/// A place that a value cannot fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What `yaml` made stands where only a scalar could.
    NoBlock,
    /// In the lines behind `|` or `>`.
    Literal,
    Quotes,
    /// Behind a piece of text.
    Glued,
}

impl Place {
    pub fn at(self, range: Range<usize>) -> Misplaced {
        Misplaced { range, place: self }
    }
}

/// Bytes of the template, and why what they give cannot stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    pub range: Range<usize>,
    pub place: Place,
}

/// What is known of the page so far, line by line.
#[derive(Debug, Default)]
pub struct Standing {
    /// The bytes whose lines were read.
    read: usize,
    /// The column of what a literal text hangs on; its lines stand further in.
    literal: Option<usize>,
}

impl Standing {
    /// Whether a value can go on behind `text`.
    pub fn check(&mut self, text: &str, is_block: bool) -> Result<(), Place> {
        let line = self.read_lines(text);
        let column = line.len() - line.trim_start_matches(' ').len();
        match self.literal {
            Some(holder) if column > holder => Err(Place::Literal),
            // Where `yaml` may stand is told better elsewhere.
            _ if is_block => Ok(()),
            _ => scalar_may_follow(line),
        }
    }

    /// Reads all whole lines; gives the open one.
    fn read_lines<'t>(&mut self, text: &'t str) -> &'t str {
        let mut rest = text.get(self.read..).unwrap_or_default();
        while let Some((line, behind)) = rest.split_once('\n') {
            self.read_line(line);
            self.read += line.len() + 1;
            rest = behind;
        }
        rest
    }

    fn read_line(&mut self, line: &str) {
        let column = line.len() - line.trim_start_matches(' ').len();
        let is_inside = self.literal.is_some_and(|holder| line.trim().is_empty() || column > holder);
        if !is_inside {
            self.literal = literal_behind(line);
        }
    }
}

/// The column of the key or dash that a line starts a literal text behind.
fn literal_behind(line: &str) -> Option<usize> {
    // Few lines have such a sign anywhere, and each of them would be taken apart.
    if !line.bytes().any(|byte| matches!(byte, b'|' | b'>')) {
        return None;
    }
    let mut rest = line.trim_start_matches(' ');
    let mut dash = None;
    while let Some(behind) = rest.strip_prefix("- ") {
        dash = Some(line.len() - rest.len());
        rest = behind.trim_start_matches(' ');
    }
    let column = line.len() - rest.len();
    if rest.starts_with('#') {
        return None;
    }
    let rest = rest.split_once(" #").map_or(rest, |(before, _)| before).trim_end();
    let header = rest.rsplit(' ').next().unwrap_or_default();
    let signs = header.strip_prefix(['|', '>'])?;
    if !signs.chars().all(|c| matches!(c, '+' | '-' | '1'..='9')) {
        return None;
    }
    let before = rest.strip_suffix(header)?.trim_end();
    if before.is_empty() { dash } else { before.ends_with(':').then_some(column) }
}

/// Reads one line up to a value.
fn scalar_may_follow(line: &str) -> Result<(), Place> {
    // Most values stand behind a blank, with neither quotes nor a comment before it.
    if line.ends_with(' ') && !line.bytes().any(|byte| matches!(byte, b'"' | b'\'' | b'#')) {
        return Ok(());
    }
    let mut quote = None;
    let mut is_start = true;
    let mut before = ' ';
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some('"'), '\\') => drop(characters.next()),
            (Some('\''), '\'') if characters.next_if_eq(&'\'').is_some() => {}
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '#') if before == ' ' => return Ok(()),
            (None, '"' | '\'') if is_start => (quote, is_start) = (Some(c), false),
            (None, ' ' | '[' | '{') if is_start => {}
            (None, '-' | '?') if is_start && characters.peek() == Some(&' ') => {}
            (None, ':') => is_start = characters.peek() == Some(&' '),
            (None, ',') => is_start = true,
            (None, _) => is_start = false,
        }
        before = c;
    }
    match quote {
        Some(_) => Err(Place::Quotes),
        None if !is_start && before != ' ' => Err(Place::Glued),
        None => Ok(()),
    }
}
