//! Which bytes of a template an engine's error is about.

use std::ops::Range;

use minijinja::Error;

/// The expression, without blanks around it; its line where the engine does not know better. What is said of a filter is
/// about the value before it, too.
pub fn of(error: &Error, text: &str) -> Range<usize> {
    let range = error.range().filter(|range| text.get(range.clone()).is_some_and(|text| !text.trim().is_empty()));
    let range = trimmed(range.unwrap_or_else(|| line_of(error.line().unwrap_or(1), text)), text);
    start_of_value(range.start, text)..range.end
}

/// `x` of `x | filter`
pub fn without_filter(expression: &str) -> &str {
    expression.rsplit_once('|').map_or(expression, |(value, _)| value.trim_end())
}

/// Line `line`, from 1, or the last one before it that holds anything.
fn line_of(line: usize, text: &str) -> Range<usize> {
    let end = text.split_inclusive('\n').take(line).map(str::len).sum();
    let end = text.get(..end).unwrap_or(text).trim_end().len();
    let start = text.get(..end).and_then(|text| text.rfind('\n')).map_or(0, |line_break| line_break + 1);
    start..end
}

fn trimmed(range: Range<usize>, text: &str) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let start = range.start + inside.len() - inside.trim_start().len();
    start..start + inside.trim().len()
}

/// Where the value starts that the filter at `start` is applied to, if it is a path; else `start`.
fn start_of_value(start: usize, text: &str) -> usize {
    let before = text.get(..start).unwrap_or_default().trim_end();
    let Some(value) = before.strip_suffix('|').map(str::trim_end) else { return start };
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '\'' | '"' | '-');
    let path = value.trim_end_matches(is_path).len();
    if path < value.len() { path } else { start }
}
