//! Following a path, and logging what it read of the options.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{Outcome, Value, described, fault};
use crate::component::expression::scope::{Reads, Scope};
use crate::component::expression::term::{Access, Path, Root, To};
use crate::diagnostic::Diagnostic;
use crate::source::path::Step;
use crate::source::{NodePath, Span};

static NONE: Json = Json::Null;

impl Path {
    pub(super) fn evaluate<'v>(&'v self, scope: &'v Scope<'v>, reads: &mut Reads) -> Outcome<Value<'v>> {
        let way = self.way(scope, reads)?;
        let root = match &self.root {
            Root::Term(term) => term.evaluate(scope, reads)?,
            Root::Name(name, at) => {
                log(name, &way, scope, reads);
                Cow::Borrowed(scope.get(name).ok_or_else(|| unknown(name, *at, scope))?)
            }
        };
        match root {
            Cow::Borrowed(root) => follow(root, &self.steps, way.steps()).map(Cow::Borrowed),
            Cow::Owned(root) => follow(&root, &self.steps, way.steps()).cloned().map(Cow::Owned),
        }
    }

    /// The steps below the root, computed ones with their values.
    fn way<'v>(&'v self, scope: &Scope, reads: &mut Reads) -> Outcome<Cow<'v, NodePath>> {
        if self.tail.steps().len() == self.steps.len() {
            return Ok(Cow::Borrowed(&self.tail));
        }
        let computed = self.steps.iter().skip(self.tail.steps().len());
        let way = computed.map(|access| access.step(scope, reads)).try_fold(self.tail.clone(), |way, step| {
            step.map(|step| match step {
                Step::Key(key) => way.key(key),
                Step::Index(index) => way.index(index),
            })
        });
        way.map(Cow::Owned)
    }
}

impl Access {
    fn step(&self, scope: &Scope, reads: &mut Reads) -> Outcome<Step> {
        let term = match &self.to {
            To::Member(name) => return Ok(Step::Key(name.clone())),
            To::Place(place) => return Ok(Step::Index(*place)),
            To::Computed(term) => term,
        };
        let value = term.evaluate(scope, reads)?;
        let place = value.as_u64().and_then(|place| usize::try_from(place).ok());
        match (&*value, place) {
            (Json::String(name), _) => Ok(Step::Key(name.clone())),
            (_, Some(place)) => Ok(Step::Index(place)),
            (other, None) => {
                let message = format!("a name or a place in a list is expected, and this is {}", described(other));
                Err(fault(self.span, message))
            }
        }
    }
}

/// Down from `root`. What is absent is none, and what is below none too; below a scalar there is nothing to ask for.
fn follow<'j>(root: &'j Json, accesses: &[Access], steps: &[Step]) -> Outcome<&'j Json> {
    let mut value = root;
    for (access, step) in accesses.iter().zip(steps) {
        value = match (value, step) {
            (Json::Null, _) => return Ok(&NONE),
            (Json::Object(map), Step::Key(key)) => map.get(key).unwrap_or(&NONE),
            (Json::Array(list), Step::Index(index)) => list.get(*index).unwrap_or(&NONE),
            (other, step) => return Err(no_member(other, step, access.span)),
        };
    }
    Ok(value)
}

fn log(name: &str, way: &NodePath, scope: &Scope, reads: &mut Reads) {
    match scope.origin(name) {
        Some(origin) if origin.steps().is_empty() => reads.log(way),
        Some(origin) => reads.log(&origin.join(way)),
        None => {}
    }
}

fn no_member(value: &Json, step: &Step, span: Span) -> Box<Diagnostic> {
    let what = match step {
        Step::Key(key) => format!("member `{key}`"),
        Step::Index(index) => format!("place {index}"),
    };
    fault(span, format!("there is no {what} in {}", described(value)))
}

fn unknown(name: &str, span: Span, scope: &Scope) -> Box<Diagnostic> {
    let fault = fault(span, format!("no name `{name}` is known here"));
    Box::new(fault.suggest(name, scope.names()))
}
