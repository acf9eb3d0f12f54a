//! One JSON document, for programs:
//!
//! ```json
//! {
//!   "diagnostics": [{
//!     "code": "E0201",
//!     "severity": "error",
//!     "message": "`nmae` is not known here",
//!     "object": "integration/Deployment/healthz",
//!     "labels": [{
//!       "file": "platform.yaml", "line": 1, "column": 1, "endLine": 1, "endColumn": 5,
//!       "text": "unknown key", "spanned": "nmae"
//!     }],
//!     "notes": [],
//!     "help": ["did you mean `name`?"]
//!   }],
//!   "summary": {"errors": 1, "warnings": 0, "notes": 0}
//! }
//! ```
//!
//! `object` is there where the fault is about one; a waiver names it like this. Lines and columns count from 1, columns in characters; `endColumn` is behind the last character. The first label is
//! where the fault is. Keys may be added, none taken away or given another meaning.

use serde::Serialize;

use super::place::Place;
use super::summary::Count;
use super::word;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::Sources;

#[derive(Serialize)]
struct Document<'a> {
    diagnostics: Vec<Fault<'a>>,
    summary: Count,
}

#[derive(Serialize)]
struct Fault<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    /// The object that it is about, as a waiver names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a str>,
    labels: Vec<Mark<'a>>,
    notes: &'a [String],
    help: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mark<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: &'a str,
    spanned: &'a str,
}

pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let faults = diagnostics.iter().map(|diagnostic| fault(diagnostic, sources)).collect();
    let document = Document { diagnostics: faults, summary: Count::of(diagnostics) };
    // Texts and numbers only: nothing in it can fail.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn fault<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Fault<'a> {
    Fault {
        code: diagnostic.code.as_str(),
        severity: word(diagnostic.severity),
        message: &diagnostic.message,
        object: diagnostic.object.as_deref(),
        labels: diagnostic.labels.iter().map(|label| mark(label, sources)).collect(),
        notes: &diagnostic.notes,
        help: &diagnostic.help,
    }
}

fn mark<'a>(label: &'a Label, sources: &'a Sources) -> Mark<'a> {
    let file = sources.file(label.span.file);
    let Place { bytes, start, end } = Place::of(file, label.span.range());
    Mark {
        file: file.path.as_str(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        text: &label.text,
        spanned: file.text.get(bytes).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Span;

    #[test]
    fn every_part_of_a_diagnostic_is_told() {
        let mut sources = Sources::default();
        let file = sources.add("platform.yaml", "name: acme\nnmae: x\n");
        let diagnostic = Diagnostic::new(Code::UnknownKey, "`nmae` is not known here")
            .at(Span::new(file, 11, 15), "unknown key")
            .note("a note")
            .help("did you mean `name`?");
        let document: Value = serde_json::from_str(&render(&[diagnostic], &sources)).unwrap();
        let expected = json!({
            "diagnostics": [{
                "code": "E0201", "severity": "error", "message": "`nmae` is not known here",
                "labels": [{
                    "file": "platform.yaml", "line": 2, "column": 1, "endLine": 2, "endColumn": 5,
                    "text": "unknown key", "spanned": "nmae",
                }],
                "notes": ["a note"], "help": ["did you mean `name`?"],
            }],
            "summary": {"errors": 1, "warnings": 0, "notes": 0},
        });
        assert_eq!(document, expected);
    }

    #[test]
    fn nothing_to_tell_is_still_a_document() {
        let document: Value = serde_json::from_str(&render(&[], &Sources::default())).unwrap();
        assert_eq!(document["diagnostics"], json!([]));
    }
}
