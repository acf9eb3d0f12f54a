//! Identity: no object stands twice, and every namespace is there.

use std::collections::BTreeMap;

use super::symbols::{Extent, Made, Symbols};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::validate::Object;

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    twice(symbols, sink);
    for object in symbols.objects {
        namespace(symbols, object, sink);
    }
}

/// No two objects are the same one.
fn twice(symbols: &Symbols, sink: &mut Sink) {
    let mut seen: BTreeMap<String, &Object> = BTreeMap::new();
    for object in symbols.objects {
        let Some(first) = seen.insert(object.identity(), object) else { continue };
        let message = format!("{} stands twice", object.identity());
        let fault = symbols.fault(Code::DuplicateObject, message, object, object.metadata("name"));
        let fault = Made::Object(first).beside(fault, "the other one");
        sink.push(fault.note(format!("the other one is in {}", first.file.path)));
    }
}

/// Every namespace that an object names is one of the platform's.
fn namespace(symbols: &Symbols, object: &Object, sink: &mut Sink) {
    let Some(namespace) = &object.namespace else {
        if object.namespaced && symbols.extent == Extent::Whole {
            sink.push(nowhere(symbols, object));
        }
        return;
    };
    if symbols.extent == Extent::Whole && !symbols.namespaces.contains_key(namespace) {
        let message =
            format!("{} is in the namespace `{namespace}`, which the platform does not have", object.identity());
        let fault = symbols.fault(Code::UnknownNamespace, message, object, object.metadata("namespace"));
        sink.push(fault.suggest(namespace, symbols.namespaces.keys().map(String::as_str)));
    }
}

/// Left out, the namespace is whichever the tool that applies it happens to use.
fn nowhere(symbols: &Symbols, object: &Object) -> Diagnostic {
    let message = format!("{} says no namespace", object.identity());
    let place = object.node.get("metadata").map_or(object.node.span, |node| node.span);
    let fault = symbols.fault(Code::UnknownNamespace, message, object, place);
    fault.help("write `namespace: {{ namespace }}` under `metadata:`")
}
