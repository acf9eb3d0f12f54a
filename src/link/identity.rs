//! Identity: no object stands twice, and every name that one object gives another is there: namespaces, ServiceAccounts,
//! claims, classes, roles.

mod accounts;
mod classes;
mod declared;
mod storage;
#[cfg(test)]
mod tests;

use indexmap::IndexMap;

pub use accounts::is_account;
pub use classes::{ClassKind, unknown_class};
pub use declared::is_promised;

use super::data::Place;
use super::symbols::{Extent, Made, Symbols};
use crate::diagnostic::{Code, Diagnostic, Sink, nearest};
use crate::validate::Object;

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    twice(symbols, sink);
    for object in symbols.objects {
        namespace(symbols, object, sink);
        accounts::check(symbols, object, sink);
        storage::check(symbols, object, sink);
        classes::check(symbols, object, sink);
    }
    declared::check(symbols, sink);
}

/// No two objects are the same one. Among some manifests those of two files are alternatives, or patches of each other.
fn twice(symbols: &Symbols, sink: &mut Sink) {
    let is_part = symbols.extent == Extent::Part;
    let mut seen: IndexMap<_, &Object> = IndexMap::new();
    for object in symbols.objects.iter().filter(|object| !object.is_generated) {
        let file = if is_part { object.file.path.as_str() } else { "" };
        let identity = (object.group(), object.kind, object.namespace_name(), object.name);
        let Some(first) = seen.insert((file, identity), object) else { continue };
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
        let fault = fault.suggest(namespace, symbols.namespaces.keys().map(String::as_str));
        sink.push(fault.help(format!("if it is made elsewhere, say so: `external: {{namespaces: [{namespace}]}}`")));
    }
}

/// Something that an object names and that is not there.
struct Missing<'s> {
    code: Code,
    /// `runs as`, `mounts`
    does: &'s str,
    kind: &'s str,
    namespace: &'s str,
    name: &'s str,
    known: Vec<&'s str>,
    /// The key of `external` that would say that it is there.
    external: &'s str,
}

impl Missing<'_> {
    fn fault(&self, symbols: &Symbols, place: &Place) -> Diagnostic {
        let Self { code, does, kind, namespace, name, external, .. } = self;
        let path = if namespace.is_empty() { (*name).to_owned() } else { format!("{namespace}/{name}") };
        let message = format!("{} {does} {kind} {path}, which is not there", place.reader());
        let fault = place.absent(symbols, *code, message);
        let fault = match nearest(name, self.known.iter().copied()) {
            Some(near) => {
                let fault = fault.help(format!("did you mean `{near}`?"));
                let object = symbols.anywhere(kind, near);
                object.into_iter().fold(fault, |fault, object| Made::Object(object).beside(fault, "the nearest one"))
            }
            None => fault,
        };
        match symbols.extent {
            Extent::Whole => {
                fault.help(format!("if it is made elsewhere, say so: `external: {{{external}: [{path}]}}`"))
            }
            Extent::Part => fault,
        }
    }
}

/// The names of a kind's objects in a namespace.
fn names_of<'s>(symbols: &'s Symbols, kind: &str, namespace: &str) -> Vec<&'s str> {
    let of_kind = symbols.of_kind(kind).filter(|object| object.namespace_name() == namespace);
    of_kind.map(|object| object.name).collect()
}

/// Whether an object of a kind (`Role.rbac.authorization.k8s.io`) is there. Among some manifests what says no namespace goes
/// wherever it is applied to.
fn is_object(symbols: &Symbols, kind: &str, namespace: &str, name: &str) -> bool {
    let short = kind.split_once('.').map_or(kind, |(short, _)| short);
    symbols.named(kind, namespace, name).is_some()
        || symbols.extent == Extent::Part && namespace.is_empty() && symbols.anywhere(short, name).is_some()
}

/// Left out, the namespace is whichever the tool that applies it happens to use.
fn nowhere(symbols: &Symbols, object: &Object) -> Diagnostic {
    let message = format!("{} says no namespace", object.identity());
    let place = object.node.get("metadata").map_or(object.node.span, |node| node.span);
    let fault = symbols.fault(Code::UnknownNamespace, message, object, place);
    let value = if object.file.source.is_some() { "NAME" } else { "{{ namespace }}" };
    fault.help(format!("write `namespace: {value}` under `metadata:`"))
}
