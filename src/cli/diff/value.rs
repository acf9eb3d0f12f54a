//! Values on one line, and what differs between two texts.

use serde_json::Value as Json;
use similar::{ChangeTag, TextDiff};

use crate::cli::text;
use crate::render::RENDERED;
use crate::source::{Node, Span};

/// A value on a line is cut behind this many characters.
const LONGEST: usize = 100;

/// So many lines of a text are shown.
const LINES: usize = 6;

pub fn flow(value: &Json) -> String {
    text::flow(&Node::from_json(value, Span::new(RENDERED, 0, 0)))
}

/// The same, cut where it is long.
pub fn short(value: &Json) -> String {
    let text = match value {
        Json::String(text) if text.is_empty() => "\"\"".into(),
        value => flow(value),
    };
    cut(&text)
}

pub fn cut(text: &str) -> String {
    // What a terminal would obey is taken out.
    let shown: String = text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    match shown.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", shown.get(..end).unwrap_or_default()),
        None => shown,
    }
}

/// Lines that are gone (`-`) and new (`+`), where both are texts and one has several lines.
pub fn lines(old: Option<&Json>, new: Option<&Json>) -> Option<Vec<(char, String)>> {
    let (Some(Json::String(old)), Some(Json::String(new))) = (old, new) else { return None };
    if old.lines().count() < 2 && new.lines().count() < 2 {
        return None;
    }
    let diff = TextDiff::from_lines(old, new);
    let side = |tag: ChangeTag, sign: char| {
        let lines = diff.iter_all_changes().filter(|change| change.tag() == tag);
        few(sign, &lines.map(|change| cut(change.value().trim_end_matches('\n'))).collect::<Vec<String>>())
    };
    Some([side(ChangeTag::Delete, '-'), side(ChangeTag::Insert, '+')].concat())
}

fn few(sign: char, lines: &[String]) -> Vec<(char, String)> {
    let mut shown: Vec<(char, String)> = lines.iter().take(LINES).map(|line| (sign, line.clone())).collect();
    if lines.len() > LINES {
        shown.push((sign, format!("… {} more lines", lines.len() - LINES)));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_texts_only_the_lines_that_differ_are_shown() {
        let text = |text: &str| Json::from(text);
        let found = lines(Some(&text("a\nb\nc\n")), Some(&text("a\nx\ny\nc\n"))).unwrap();
        let found: Vec<String> = found.into_iter().map(|(sign, line)| format!("{sign}{line}")).collect();
        assert_eq!(found, ["-b", "+x", "+y"]);
        assert_eq!(lines(Some(&text("a")), Some(&text("b"))), None);
        assert_eq!(lines(Some(&text("a\na\n")), Some(&text("a\na\na\n"))).unwrap(), [('+', "a".into())]);
    }

    #[test]
    fn a_long_value_is_cut_and_nothing_in_it_is_obeyed() {
        assert!(short(&Json::from("x".repeat(500))).chars().count() == LONGEST + 1);
        assert!(!short(&Json::from("\u{1b}[31m")).contains('\u{1b}'));
    }
}
