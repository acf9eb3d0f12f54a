//! What we tell people: the fault, where it is, and what to do about it.
//!
//! A diagnostic is built where the fault is found and pushed to a [`Sink`]; the phase then goes on, so that one run
//! shows all. Each [`Code`] has a page, shown by `platformc explain CODE`.

mod code;
mod render;
mod sink;
mod suggest;

pub use code::Code;
pub use render::{Format, Style, render, uri};
pub use sink::Sink;
pub use suggest::{did_you_mean, listed, misspelt, nearest};

use std::collections::BTreeSet;

use crate::source::Span;

/// How many names a fault lists at most.
const LISTED: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

/// A place and what is to be said about it; the text may be empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One fault. The first label is where it is; the others say why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    pub labels: Vec<Label>,
    /// Further facts, one sentence each.
    pub notes: Vec<String>,
    /// What the reader can do, one sentence each.
    pub help: Vec<String>,
    /// The object that it is about, as a waiver names it: `integration/Deployment/healthz`.
    pub object: Option<Box<str>>,
}

impl Diagnostic {
    /// A fault of the code's own severity.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            labels: vec![],
            notes: vec![],
            help: vec![],
            object: None,
        }
    }

    /// Adds a place; the first one added is the primary.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says which object it is about.
    #[must_use]
    pub fn about(mut self, object: String) -> Self {
        self.object = Some(object.into());
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds "did you mean …" where something near enough is known.
    #[must_use]
    pub fn suggest<'a>(self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match did_you_mean(wrong, known) {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// The nearest name; where none is near, all of them.
    pub fn suggest_or_list<'a>(self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        match did_you_mean(wrong, known.iter().copied()) {
            Some(help) => self.help(help),
            None => self.list(known),
        }
    }

    /// All names that are known, unless they are too many to read.
    pub fn list(self, mut known: Vec<&str>) -> Self {
        let mut seen = BTreeSet::new();
        known.retain(|name| seen.insert(*name));
        if known.is_empty() || known.len() > LISTED {
            return self;
        }
        let listed: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        self.note(format!("known are {}", listed.join(", ")))
    }

    pub fn primary(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}
