//! The schema as the defaults and the templates tell it.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::chart::Chart;
use crate::uses::Uses;
use crate::{Path, Wishes};

/// A number where one is the default; charts take one in quotes too, a percentage, or an expression of Helm's.
const NUMBER: &str = "number";
const SCALAR: &str = "scalar";

/// A number of these may be a name.
const NAMED: &str = "port";

/// Words of keys whose default `false` stands for no number at all.
const NUMBERS: [&str; 9] = ["port", "limit", "size", "count", "timeout", "seconds", "period", "interval", "version"];

/// What the schemas refer to.
pub fn definitions() -> Json {
    json!({
        NUMBER: { "type": ["number", "string"], "pattern": "[0-9]|\\{\\{", "x-says": "a number" },
        SCALAR: { "type": ["string", "number", "boolean"] },
    })
}

pub fn schema(chart: &Chart, wishes: &Wishes) -> Json {
    let open = wishes.open.iter().map(|path| path.split('.').map(str::to_owned).collect()).collect();
    Derive { uses: &chart.uses, open, unread: wishes.unread }.schema(Some(&chart.values), &vec![])
}

struct Derive<'c> {
    uses: &'c Uses,
    /// Subtrees of which nothing strict can be said.
    open: BTreeSet<Path>,
    unread: bool,
}

impl Derive<'_> {
    fn schema(&self, default: Option<&Json>, path: &Path) -> Json {
        if self.open.contains(path) || self.uses.any.contains(path) && !matches!(default, Some(Json::Object(_))) {
            return json!({});
        }
        let below = self.keys_read_below(path);
        let schema = match default {
            Some(Json::Object(map)) if map.is_empty() && below.is_empty() => self.free_map(path),
            Some(Json::Object(map)) => self.map(map, &below, path),
            None | Some(Json::Null) if !below.is_empty() => self.map(&Map::new(), &below, path),
            None | Some(Json::Null) => json!({}),
            Some(value) if !value.is_array() && self.uses.written.contains(path) => json!({}),
            Some(value) => scalar(value, path),
        };
        self.marked(schema, default, path)
    }

    /// One whose keys the templates choose is closed, unless it is handed on.
    fn map(&self, defaults: &Map<String, Json>, below: &BTreeSet<&String>, path: &Path) -> Json {
        if self.uses.whole.contains(path) {
            return self.free_map(path);
        }
        let read = below.iter().filter(|key| !defaults.contains_key(**key)).map(|key| (*key, None));
        let keys = defaults.iter().map(|(key, value)| (key, Some(value))).chain(read);
        let properties = keys.map(|(key, value)| (key.clone(), self.schema(value, &below_path(path, key))));
        let properties: Map<String, Json> = properties.collect();
        let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": properties });
        if self.uses.any.contains(path) {
            schema.as_object_mut().map(|schema| schema.remove("type"));
        }
        schema
    }

    fn free_map(&self, path: &Path) -> Json {
        if self.uses.any.contains(path) && !self.uses.whole.contains(path) { json!({}) } else { json!({ "type": "object" }) }
    }

    /// Marks what the defaults name and no template reads.
    fn marked(&self, mut schema: Json, default: Option<&Json>, path: &Path) -> Json {
        let is_leaf = schema.get("properties").is_none();
        if self.unread && default.is_some() && is_leaf && !self.is_read(path) {
            schema["x-unread"] = Json::from(true);
        }
        schema
    }

    fn is_read(&self, path: &Path) -> bool {
        let whole = (1..=path.len()).any(|length| self.uses.whole.contains(&path[..length]));
        self.uses.everything || whole || self.uses.reads.contains(path) || !self.keys_read_below(path).is_empty()
    }

    fn keys_read_below(&self, path: &Path) -> BTreeSet<&String> {
        self.uses.reads.iter().filter(|read| read.starts_with(path)).filter_map(|read| read.get(path.len())).collect()
    }
}

fn below_path(path: &Path, key: &str) -> Path {
    path.iter().cloned().chain([key.to_owned()]).collect()
}

fn scalar(value: &Json, path: &Path) -> Json {
    let key = path.last().map(|key| key.to_lowercase()).unwrap_or_default();
    let is_about = |word: &str| key.contains(word);
    match value {
        Json::Array(_) => json!({ "type": "array" }),
        Json::Bool(_) if NUMBERS.into_iter().any(is_about) => any_scalar(),
        Json::Bool(_) => json!({ "type": "boolean" }),
        Json::Number(_) if is_about(NAMED) => any_scalar(),
        Json::Number(_) => json!({ "$ref": format!("#/$defs/{NUMBER}") }),
        Json::String(text) if text.is_empty() || is_like_another(text) => any_scalar(),
        _ => json!({ "type": "string" }),
    }
}

/// A text that could as well be a number or a boolean.
fn is_like_another(text: &str) -> bool {
    text.parse::<f64>().is_ok() || ["true", "false"].contains(&text)
}

fn any_scalar() -> Json {
    json!({ "$ref": format!("#/$defs/{SCALAR}") })
}
