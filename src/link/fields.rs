//! Fields of an object, and what an object is called in a sentence.

pub use crate::diagnostic::listed;
pub use crate::source::fields::{field, is_true, items, text};
use crate::source::{Node, Span};
use crate::validate::Object;

/// A label or annotation of an object, as `metadata` holds them.
pub fn annotation<'n>(object: &Object<'n>, key: &str) -> Option<&'n Node> {
    field(object.node, &["metadata", "annotations", key])
}

/// Where a selector begins to say something: in block style the line of its first label, not the one above.
pub fn selector_place(selector: &Node) -> Span {
    let labels = selector.get("matchLabels").unwrap_or(selector);
    let first = labels.as_map().and_then(|labels| labels.first()).map(|(_, entry)| entry);
    match first {
        // Text on one line stands for itself.
        Some(first) if first.key.start == labels.span.start => Span { end: first.node.span.end, ..first.key },
        _ => selector.span,
    }
}

/// `Ingress shop/web`
pub fn called(object: &Object) -> String {
    format!("{} {}", object.kind, path(object.namespace_name(), object.name))
}

/// `shop/web`; the name alone where no namespace is said.
pub fn path(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") }
}
