//! Phase 6, `link`: [`Objects`] → [`Linked`].
//!
//! Takes valid objects; gives the same, every reference checked. Faults E06xx. So far: identity and namespaces; the other
//! families of references follow.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::{Origin, Plan};
use crate::source::Sources;
use crate::validate::{Object, Objects};

/// Objects of which every reference has its target.
#[derive(Debug)]
pub struct Linked<'r> {
    pub objects: Objects<'r>,
}

pub fn link<'r>(objects: Objects<'r>, plan: &Plan, sources: &Sources, sink: &mut Sink) -> Linked<'r> {
    identity(&objects, sources, sink);
    namespaces(&objects, plan, sources, sink);
    Linked { objects }
}

/// No two objects are the same one.
fn identity(objects: &Objects, sources: &Sources, sink: &mut Sink) {
    let mut seen: BTreeMap<String, &Object> = BTreeMap::new();
    for object in &objects.objects {
        if let Some(first) = seen.insert(object.identity(), object) {
            let message = format!("{} stands twice", object.identity());
            let fault = object.file.fault(Code::DuplicateObject, message, object.metadata("name"), sources);
            let other = first.file.origin(first.node.span).and_then(Origin::place);
            let fault = other.into_iter().fold(fault, |fault, span| fault.at(span, "the other one"));
            sink.push(fault.note(format!("the other one is in {}", first.file.path)));
        }
    }
}

/// Every namespace that an object names is one of the platform's.
fn namespaces(objects: &Objects, plan: &Plan, sources: &Sources, sink: &mut Sink) {
    for object in &objects.objects {
        let Some(namespace) = &object.namespace else {
            if object.namespaced {
                sink.push(nowhere(object, sources));
            }
            continue;
        };
        if !plan.namespaces.contains_key(namespace) {
            let known: Vec<&str> = plan.namespaces.keys().map(String::as_str).collect();
            let message =
                format!("{} is in the namespace `{namespace}`, which the platform does not have", object.identity());
            let fault: Diagnostic =
                object.file.fault(Code::UnknownNamespace, message, object.metadata("namespace"), sources);
            sink.push(fault.suggest(namespace, known.iter().copied()));
        }
    }
}

/// Left out, the namespace is whichever the tool that applies it happens to use.
fn nowhere(object: &Object, sources: &Sources) -> Diagnostic {
    let message = format!("{} says no namespace", object.identity());
    let place = object.node.get("metadata").map_or(object.node.span, |node| node.span);
    object
        .file
        .fault(Code::UnknownNamespace, message, place, sources)
        .help("write `namespace: {{ namespace }}` under `metadata:`")
}
