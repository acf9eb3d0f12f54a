//! What of a pattern is written out, and so known without a scope.

use super::{Form, Key, Pattern};
use crate::source::Node;

impl Pattern {
    /// The node, where no expression stands in it.
    pub fn as_plain(&self) -> Option<&Node> {
        match &self.form {
            Form::Plain(node) => Some(node),
            _ => None,
        }
    }

    /// Whether it is a map with this key.
    pub fn has_key(&self, key: &str) -> bool {
        match &self.form {
            Form::Plain(node) => node.get(key).is_some(),
            Form::Map(members) => members.iter().any(|member| member.key.as_plain() == Some(key)),
            _ => false,
        }
    }

    /// The names in the map or list at `key`, as far as they are written out.
    pub fn names_at(&self, key: &str) -> Vec<String> {
        match &self.form {
            Form::Plain(node) => node.get(key).map(names_of).unwrap_or_default(),
            Form::Map(members) => {
                let here = members.iter().filter(|member| member.key.as_plain() == Some(key));
                here.flat_map(|member| member.value.names()).collect()
            }
            _ => vec![],
        }
    }

    fn names(&self) -> Vec<String> {
        match &self.form {
            Form::Plain(node) => names_of(node),
            Form::List(items) => {
                items.iter().filter_map(Pattern::as_plain).filter_map(Node::as_str).map(str::to_owned).collect()
            }
            Form::Map(members) => {
                members.iter().filter_map(|member| member.key.as_plain()).map(str::to_owned).collect()
            }
            _ => vec![],
        }
    }
}

impl Key {
    pub(super) fn as_plain(&self) -> Option<&str> {
        match self {
            Key::Plain(key) => Some(key),
            Key::Text(_) => None,
        }
    }
}

/// The keys of a map, or the texts of a list.
fn names_of(node: &Node) -> Vec<String> {
    let keys = node.as_map().into_iter().flat_map(|map| map.keys().cloned());
    let texts = node.as_list().into_iter().flatten().filter_map(Node::as_str).map(str::to_owned);
    keys.chain(texts).collect()
}
