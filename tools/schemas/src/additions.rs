//! The table `schemas/kubernetes/additions.yaml`: what the API server enforces in code and `k8s-openapi` does not say.

use crate::Result;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Definition name → what is added to it.
pub struct Additions(BTreeMap<String, Vec<Addition>>);

/// One line of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Addition {
    /// The field whose schema gets `add`, or several fields; none: the definition itself.
    field: Option<String>,
    #[serde(default)]
    fields: Vec<String>,
    /// Merged into the schema, key by key.
    add: Value,
    /// Where the Kubernetes API docs say so. For the reader; not written.
    #[serde(rename = "source")]
    _source: String,
    /// The first Kubernetes version that has the field.
    since: Option<String>,
    /// The last Kubernetes version that has it.
    until: Option<String>,
}

/// The whole file: `shapes` are anchors for the rest.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "shapes")]
    _shapes: Value,
    definitions: BTreeMap<String, Vec<Addition>>,
}

impl Additions {
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let file: File = serde_yaml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Self(file.definitions))
    }

    /// Adds what the table says of `name` to its schema. A field that is not there is an error: a typo, or `since` is missing.
    pub fn apply(&self, name: &str, schema: &mut Value) -> Result<()> {
        for addition in self.0.get(name).into_iter().flatten().filter(|a| a.in_force()) {
            addition.apply(schema).map_err(|e| format!("additions: {name}: {e}"))?;
        }
        expand_alternatives(schema);
        Ok(())
    }

    /// The definitions that the table speaks of, for the Kubernetes version of this build.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, lines)| lines.iter().any(Addition::in_force)).map(|(name, _)| name.as_str())
    }
}

impl Addition {
    fn apply(&self, schema: &mut Value) -> Result<()> {
        let mut fields = self.field.iter().chain(&self.fields).peekable();
        if fields.peek().is_none() {
            merge(schema, &self.add);
        }
        for field in fields {
            let place = schema["properties"].get_mut(field).ok_or_else(|| format!("no field `{field}`"))?;
            merge(place, &self.add);
        }
        Ok(())
    }

    /// Is it for the Kubernetes version of this build? (`1.33` and later compare as text.)
    fn in_force(&self) -> bool {
        let version = crate::native::VERSION;
        self.since.as_deref().is_none_or(|since| since <= version) && self.until.as_deref().is_none_or(|until| version <= until)
    }
}

/// `x-exactly-one-of` in the table is short for a `oneOf`, unless the line enforces it otherwise.
fn expand_alternatives(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(expand_alternatives);
            let enforced = map.contains_key("oneOf") || map.contains_key("maxProperties");
            if let Some(Value::Array(fields)) = map.get("x-exactly-one-of").filter(|_| !enforced) {
                let branches = fields.iter().map(|field| json!({"required": [field]})).collect();
                map.insert("oneOf".into(), branches);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(expand_alternatives),
        _ => {}
    }
}

/// Maps are merged, lists joined, anything else replaced.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(into), Value::Array(from)) => into.extend(from.iter().filter(|v| !into.contains(v)).cloned().collect::<Vec<_>>()),
        (into, from) => *into = from.clone(),
    }
}
