//! A chart's own schema over what the defaults and the templates tell.
//!
//! Helm holds the values to it, so its types count, and what it closes is closed. What it leaves open is closed where the templates
//! tell that nothing else is read.

use serde_json::{Map, Value as Json, json};

/// Keywords that are kept.
const KEPT: [&str; 12] = [
    "type",
    "enum",
    "const",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
];

/// Schemas of Kubernetes' own types are long, and the rendered objects are checked by the API server.
const KUBERNETES: &str = "io.k8s.";

pub fn merged(derived: Json, own: &Json) -> Json {
    Own { root: own }.merge(derived, own)
}

struct Own<'s> {
    root: &'s Json,
}

impl Own<'_> {
    fn merge(&self, derived: Json, own: &Json) -> Json {
        let (own, is_native) = self.followed(own);
        if is_native {
            return typed(own);
        }
        let Some(properties) = own.get("properties").and_then(Json::as_object).filter(|map| !map.is_empty()) else {
            return self.leaf(derived, own);
        };
        let known = derived.get("properties").and_then(Json::as_object).cloned();
        let is_closed = own.get("additionalProperties") == Some(&Json::Bool(false));
        let mut all: Map<String, Json> = known.clone().filter(|_| !is_closed).unwrap_or_default();
        for (key, below) in properties {
            let derived = known.as_ref().and_then(|known| known.get(key)).cloned().unwrap_or(json!({}));
            all.insert(key.clone(), self.merge(derived, below));
        }
        let mut schema = typed(own);
        let further = match own.get("additionalProperties") {
            Some(further) if further.is_object() => Some(self.merge(json!({}), further)),
            _ => (is_closed || derived.get("additionalProperties").is_some()).then_some(Json::Bool(false)),
        };
        if let Some(further) = further {
            schema["additionalProperties"] = further;
        }
        schema["properties"] = Json::Object(all);
        schema
    }

    /// A value that is no map of known keys.
    fn leaf(&self, derived: Json, own: &Json) -> Json {
        let mut schema = typed(own);
        if schema.as_object().is_none_or(Map::is_empty) && own.get("anyOf").or(own.get("oneOf")).is_none() {
            return derived;
        }
        for (keyword, kept) in [("items", "items"), ("additionalProperties", "additionalProperties")] {
            if let Some(below) = own.get(keyword).filter(|below| below.is_object()) {
                let below = self.merge(json!({}), below);
                if below.as_object().is_some_and(|map| !map.is_empty()) {
                    schema[kept] = below;
                }
            }
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(branches) = own.get(keyword).and_then(Json::as_array) {
                schema["anyOf"] = branches.iter().map(|branch| self.merge(json!({}), branch)).collect();
            }
        }
        if let Some(unread) = derived.get("x-unread") {
            schema["x-unread"] = unread.clone();
        }
        schema
    }

    /// Behind references; and whether it is one of Kubernetes' types.
    fn followed<'j>(&'j self, mut schema: &'j Json) -> (&'j Json, bool) {
        let mut is_native = false;
        while let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            is_native |= reference.contains(KUBERNETES);
            match self.root.pointer(reference.trim_start_matches('#')) {
                Some(target) => schema = target,
                None => break,
            }
        }
        (schema, is_native)
    }
}

fn typed(own: &Json) -> Json {
    let kept = own.as_object().into_iter().flatten().filter(|(keyword, _)| KEPT.contains(&keyword.as_str()));
    Json::Object(kept.map(|(keyword, value)| (keyword.clone(), value.clone())).collect())
}
