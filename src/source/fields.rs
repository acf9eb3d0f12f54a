//! What stands at a path of keys.

use super::{Node, Value};

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
