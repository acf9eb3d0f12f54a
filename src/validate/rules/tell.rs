//! What is told of rules: a broken one at its object (E0507), one that was not evaluated once (N0508).

use super::{Finding, Rule, Rules};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{NodePath, Sources};
use crate::validate::Object;

/// A rule that was not evaluated, told once however many objects it is about.
#[derive(Debug)]
pub struct Unchecked {
    pub rule: (String, String, String),
    pub told: Diagnostic,
}

/// More of a rule is not shown.
const SHOWN: usize = 160;

impl Rule {
    /// The rule on one line.
    pub fn shown(&self) -> String {
        let line = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
            None => line,
        }
    }
}

impl Rules {
    /// Tells of a broken rule; gives one that was not evaluated.
    pub fn tell(&self, finding: &Finding, object: &Object, sources: &Sources, sink: &mut Sink) -> Option<Unchecked> {
        match finding {
            Finding::Broken { rule, path, message } => {
                let message = format!("{}: `{path}`: {message}", object.identity());
                sink.push(self.refused(rule, object, message, path, sources));
                None
            }
            Finding::Failed { rule, path, why } => {
                let message = format!("{}: `{path}`: a rule has no value here: {why}", object.identity());
                let fault = self.refused(rule, object, message, path, sources);
                sink.push(fault.note("the API server refuses an object of which it cannot evaluate a rule"));
                None
            }
            Finding::Unchecked { rule, why } => Some(self.unchecked(rule, why, object, sources)),
        }
    }

    fn refused(&self, rule: &Rule, object: &Object, message: String, path: &NodePath, sources: &Sources) -> Diagnostic {
        let place = match object.node.at(path) {
            Some(node) if node.as_map().is_none() && node.as_list().is_none() => node.span,
            _ => object.node.nearest(path),
        };
        let fault = object.file.fault(Code::BrokenRule, message, place, sources);
        match rule.span {
            Some(span) => fault.at(span, format!("a rule of {}", self.crd)),
            None => fault.note(format!("`{}` of {} has the rule `{}`", self.place(rule), self.crd, rule.shown())),
        }
    }

    fn place<'r>(&self, rule: &'r Rule) -> &'r str {
        if rule.place.is_empty() { "self" } else { &rule.place }
    }

    fn unchecked(&self, rule: &Rule, why: &str, object: &Object, sources: &Sources) -> Unchecked {
        let message = format!("a rule at `{}` of {} was not evaluated: {why}", self.place(rule), self.crd);
        let told = match rule.span {
            Some(span) => Diagnostic::new(Code::UncheckedRule, message).at(span, ""),
            None => {
                let told = object.file.fault(Code::UncheckedRule, message, object.node.span, sources);
                told.note(format!("the rule is `{}`", rule.shown()))
            }
        };
        Unchecked { rule: (self.crd.clone(), rule.place.clone(), rule.text.clone()), told }
    }
}
