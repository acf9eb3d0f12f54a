//! Where phases put what they find.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::{Code, Diagnostic, Severity};
use crate::source::Span;

/// Collects diagnostics in the order they were found; equal ones are kept once, and a value that could not be read as it
/// was meant (E0104) is not judged again.
#[derive(Debug, Default, Clone)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
    seen: BTreeSet<Diagnostic>,
    /// Where a value was not read as it was meant.
    misread: BTreeSet<Span>,
}

impl Sink {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let judged = diagnostic.primary().is_some_and(|place| self.misread.contains(&place));
        if !judged && self.seen.insert(diagnostic.clone()) {
            self.misread.extend(diagnostic.primary().filter(|_| diagnostic.code == Code::UnsupportedYaml));
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds one if there is one, or several.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// Does one thing for each item, on all cores; results and diagnostics come in the order of the items.
    pub fn on_all_cores<'i, T: Sync, R: Send>(
        &mut self,
        items: &'i [T],
        each: impl Fn(&'i T, &mut Sink) -> R + Sync,
    ) -> Vec<R> {
        let one = |item: &'i T| {
            let mut sink = Sink::default();
            (each(item, &mut sink), sink)
        };
        let (results, sinks): (Vec<R>, Vec<Sink>) = items.par_iter().map(one).unzip();
        sinks.into_iter().flat_map(|sink| sink.diagnostics).for_each(|diagnostic| self.push(diagnostic));
        results
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

    /// Takes notes away where there is an error: they speak of a platform that is not written.
    pub fn drop_idle_notes(&mut self) {
        if self.has_errors() {
            self.diagnostics.retain(|diagnostic| diagnostic.severity != Severity::Note);
        }
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
    use crate::source::FileId;

    #[test]
    fn an_equal_diagnostic_is_kept_once() {
        let mut sink = Sink::default();
        sink.push(Diagnostic::new(Code::UnknownKey, "a"));
        sink.push(Diagnostic::new(Code::UnknownKey, "b"));
        sink.push(Diagnostic::new(Code::UnknownKey, "a"));
        assert_eq!(sink.len(), 2);
    }

    #[test]
    fn what_could_not_be_read_is_not_judged_again() {
        let place = Span::new(FileId(0), 3, 9);
        let mut sink = Sink::default();
        sink.push(Diagnostic::new(Code::UnsupportedYaml, "a").at(place, ""));
        sink.push(Diagnostic::new(Code::WrongType, "b").at(place, ""));
        sink.push(Diagnostic::new(Code::WrongType, "c").at(Span { end: 8, ..place }, ""));
        assert_eq!(sink.len(), 2);
    }

    #[test]
    fn errors_come_last() {
        let mut sink = Sink::default();
        for code in [Code::UnknownKey, Code::OpenRange] {
            sink.push(Diagnostic::new(code, ""));
        }
        let codes: Vec<Code> = sink.into_sorted().iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, [Code::OpenRange, Code::UnknownKey]);
    }

    #[test]
    fn beside_an_error_there_are_no_notes() {
        let mut sink = Sink::default();
        sink.push(Diagnostic::new(Code::UnservedNote, ""));
        sink.drop_idle_notes();
        assert_eq!(sink.len(), 1);
        sink.push(Diagnostic::new(Code::UnknownKey, ""));
        sink.drop_idle_notes();
        assert_eq!(sink.len(), 1);
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
