//! The YAML tree in which every key and value knows its bytes.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::path::{NodePath, Step};
use super::span::Span;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub span: Span,
    pub value: Value,
    /// How a plain scalar that is no text was written (`1.10`, `0x1F`, `True`); none for everything else.
    pub written: Option<Box<str>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Map),
}

/// A value of a [`Map`], with the place of its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub key: Span,
    pub node: Node,
}

/// Keys in the order they were written.
pub type Map = IndexMap<String, Entry>;

impl Node {
    pub fn new(span: Span, value: Value) -> Self {
        Self { span, value, written: None }
    }

    pub fn text(span: Span, text: impl Into<String>) -> Self {
        Self::new(span, Value::Text(text.into()))
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    pub fn as_integer(&self) -> Option<i64> {
        match self.value {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The entry of a map; none where this is no map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key).map(|entry| &entry.node)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Map(map) => map.get_mut(key).map(|entry| &mut entry.node),
            _ => None,
        }
    }

    /// The node at `path`.
    pub fn at(&self, path: &NodePath) -> Option<&Node> {
        path.steps().iter().try_fold(self, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Index(index) => node.as_list()?.get(*index),
        })
    }

    /// The nearest place to `path`: its key if it is there, else that of its longest known parent.
    pub fn nearest(&self, path: &NodePath) -> Span {
        let (mut node, mut span) = (self, self.span);
        for step in path.steps() {
            let next = match step {
                Step::Key(key) => node.as_map().and_then(|map| map.get(key)).map(|entry| (entry.key, &entry.node)),
                Step::Index(index) => node.as_list().and_then(|list| list.get(*index)).map(|node| (node.span, node)),
            };
            let Some((at, below)) = next else { break };
            (node, span) = (below, at);
        }
        span
    }

    /// What this is called in a sentence: "a list", "the text `x`".
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Null => "nothing".into(),
            Value::Bool(value) => format!("the boolean `{value}`"),
            Value::Integer(value) => format!("the number `{value}`"),
            Value::Float(value) => format!("the number `{value}`"),
            Value::Text(text) if text.chars().count() > 40 || text.contains('\n') => "a text".into(),
            Value::Text(text) => format!("the text `{text}`"),
            Value::List(_) => "a list".into(),
            Value::Map(_) => "a map".into(),
        }
    }

    /// The same tree without places.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Integer(value) => Json::from(*value),
            Value::Float(value) => Json::from(*value),
            Value::Text(text) => Json::String(text.clone()),
            Value::List(list) => Json::Array(list.iter().map(Node::to_json).collect()),
            Value::Map(map) => {
                Json::Object(map.iter().map(|(key, entry)| (key.clone(), entry.node.to_json())).collect())
            }
        }
    }

    /// A tree whose every part stands at `span`.
    pub fn from_json(json: &Json, span: Span) -> Node {
        let value = match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(integer) => Value::Integer(integer),
                None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(list) => Value::List(list.iter().map(|item| Node::from_json(item, span)).collect()),
            Json::Object(map) => Value::Map(
                map.iter()
                    .map(|(key, value)| (key.clone(), Entry { key: span, node: Node::from_json(value, span) }))
                    .collect(),
            ),
        };
        Node::new(span, value)
    }
}
