//! Where phases put what they find.

use std::cmp::Reverse;

use super::{Diagnostic, Severity};

/// Collects diagnostics in the order they were found; equal ones are kept once.
#[derive(Debug, Default, Clone)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
}

impl Sink {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// Makes an error of every warning.
    pub fn deny_warnings(&mut self) {
        for warning in self.diagnostics.iter_mut().filter(|d| d.severity == Severity::Warning) {
            warning.severity = Severity::Error;
            warning.notes.push("warnings are denied".into());
        }
    }

    pub fn len(&self) -> usize {
        self.diagnostics.len()
    }

    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter()
    }

    /// Everything found, by place; what is graver comes later, where a terminal still shows it.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|d| (Reverse(d.severity), d.primary(), d.code));
        self.diagnostics
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn an_equal_diagnostic_is_kept_once() {
        let mut sink = Sink::default();
        sink.push(Diagnostic::new(Code::UnknownKey, "a"));
        sink.push(Diagnostic::new(Code::UnknownKey, "b"));
        sink.push(Diagnostic::new(Code::UnknownKey, "a"));
        assert_eq!(sink.len(), 2);
    }

    #[test]
    fn errors_come_last() {
        let mut sink = Sink::default();
        for code in [Code::UnknownKey, Code::OpenRange, Code::UnservedNote] {
            sink.push(Diagnostic::new(code, ""));
        }
        let codes: Vec<Code> = sink.into_sorted().iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, [Code::UnservedNote, Code::OpenRange, Code::UnknownKey]);
    }

    #[test]
    fn a_denied_warning_is_an_error_and_a_note_is_not() {
        let mut sink = Sink::default();
        sink.push(Diagnostic::new(Code::UnservedNote, "a"));
        sink.deny_warnings();
        assert!(!sink.has_errors());
        sink.push(Diagnostic::new(Code::OpenRange, "b"));
        sink.deny_warnings();
        assert!(sink.has_errors());
    }
}
