//! The keys by which Kubernetes tells the items of a list apart: `x-list-map-keys` in our schemas, and a CRD's own.
//!
//! Whoever merges lists or compares them walks down an object and its schema side by side.

use serde_json::Value as Json;

use crate::source::Node;

static UNKNOWN: Json = Json::Null;

/// A schema, and the root that its references start from.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    root: &'a Json,
    pub schema: &'a Json,
}

impl<'a> At<'a> {
    /// Without a schema no list has keys.
    pub fn root(schema: Option<&'a Json>) -> Self {
        let root = schema.unwrap_or(&UNKNOWN);
        Self { root, schema: root }
    }

    /// Nothing is known from here on.
    pub fn unknown() -> Self {
        Self::root(None)
    }

    /// What stands under a key.
    pub fn key(self, key: &str) -> Self {
        let schema = self.schema;
        let known = schema.get("properties").and_then(|known| known.get(key));
        self.to(known.or_else(|| schema.get("additionalProperties")).unwrap_or(&UNKNOWN))
    }

    /// The items of a list.
    pub fn items(self) -> Self {
        self.to(self.schema.get("items").unwrap_or(&UNKNOWN))
    }

    /// The keys of a list's items; none where they are not told apart.
    pub fn keys(self) -> Vec<&'a str> {
        let keys = self.schema.get("x-list-map-keys").and_then(Json::as_array);
        keys.into_iter().flatten().filter_map(Json::as_str).collect()
    }

    /// What a field is where it is not given.
    pub fn default(self) -> Option<&'a Json> {
        self.schema.get("default")
    }

    /// The values of the keys that tell an item apart, defaults filled; none where one is missing. `self` is the item's.
    pub fn identity(self, item: &Node, keys: &[&str]) -> Option<Vec<Json>> {
        let default = |key: &str| self.schema.pointer(&format!("/properties/{key}/default")).cloned();
        keys.iter().map(|key| item.get(key).map(Node::to_json).or_else(|| default(key))).collect()
    }

    /// Follows a local `$ref`.
    fn to(self, schema: &'a Json) -> Self {
        let pointer = schema.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#'));
        let schema = pointer.and_then(|pointer| self.root.pointer(pointer)).unwrap_or(schema);
        Self { schema, ..self }
    }
}
