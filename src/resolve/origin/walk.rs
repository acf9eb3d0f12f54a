//! Down a tree and its schema at once.

use crate::schema::Schema;
use crate::source::path::Step;
use crate::source::{Node, NodePath, Value};

/// A place that is known: by its schema, by what stands there, or both.
#[derive(Clone)]
pub struct Walk<'a> {
    pub path: NodePath,
    pub schema: Option<&'a Schema>,
    pub node: Option<&'a Node>,
}

impl<'a> Walk<'a> {
    pub fn new(schema: &'a Schema, node: &'a Node) -> Self {
        Self { path: NodePath::root(), schema: Some(schema), node: Some(node) }
    }

    /// One step down; none where nothing knows it. An entry of a map by name is known only where it stands.
    pub fn step(&self, step: &Step) -> Option<Walk<'a>> {
        match step {
            Step::Key(key) => {
                let node = self.node.and_then(|node| node.get(key));
                let further = || self.schema?.additional.as_deref().filter(|_| node.is_some());
                let schema = self.property(key).or_else(further);
                let known = schema.is_some() || node.is_some();
                known.then(|| Walk { path: self.path.key(key), schema, node })
            }
            Step::Index(index) => {
                let node = self.node?.as_list()?.get(*index)?;
                let schema = self.schema.and_then(|schema| schema.items.as_deref());
                Some(Walk { path: self.path.index(*index), schema, node: Some(node) })
            }
        }
    }

    /// What may be asked for below it.
    pub fn keys(&self) -> Vec<String> {
        if let Some(Value::List(list)) = self.node.map(|node| &node.value) {
            return (0..list.len()).map(|index| index.to_string()).collect();
        }
        let standing = self.node.and_then(Node::as_map).into_iter().flatten().map(|(key, _)| key);
        let parts = self.schema.into_iter().chain(self.variant());
        let known = parts.flat_map(|part| part.properties.keys());
        let mut keys: Vec<String> = vec![];
        for key in standing.chain(known) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys
    }

    fn property(&self, key: &str) -> Option<&'a Schema> {
        let own = self.schema.and_then(|schema| schema.properties.get(key));
        own.or_else(|| self.variant()?.properties.get(key))
    }

    fn variant(&self) -> Option<&'a Schema> {
        self.schema?.variant(self.node?)
    }
}
