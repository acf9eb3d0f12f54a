//! Rendered JSON: whatever a file `.json` is for, it is JSON. Fault: E0501.

use super::{RENDERED, RenderedFile};
use crate::diagnostic::{Code, Sink};
use crate::source::{Sources, Span};

pub fn check(file: &RenderedFile, sources: &Sources, sink: &mut Sink) {
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&file.text) {
        let at = offset(&file.text, error.line(), error.column());
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or(&text);
        let message = format!("`{}` is not JSON: {reason}", file.path);
        sink.push(file.fault(Code::RenderedYaml, message, Span::new(RENDERED, at, at), sources));
    }
}

/// The byte of a line and column, both from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    // What ends too early is shown at its last line.
    (before + column.saturating_sub(1)).min(text.trim_end().len())
}
