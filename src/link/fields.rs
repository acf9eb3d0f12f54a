//! Fields of an object by their path, and what an object is called in a sentence.

use crate::source::{Node, Span, Value};
use crate::validate::Object;

/// The field at a path.
pub fn field<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(node, |node, key| node.get(key))
}

/// The text at a path.
pub fn text<'n>(node: &'n Node, path: &[&str]) -> Option<&'n str> {
    field(node, path)?.as_str()
}

/// The items of the list at a path; none where there is no list.
pub fn items<'n>(node: &'n Node, path: &[&str]) -> &'n [Node] {
    field(node, path).and_then(Node::as_list).unwrap_or_default()
}

/// Whether the boolean at a path is true.
pub fn is_true(node: &Node, path: &[&str]) -> bool {
    field(node, path).is_some_and(|node| node.value == Value::Bool(true))
}

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

/// `a`, `b` and `c`
pub fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
