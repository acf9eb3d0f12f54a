//! From a CRD's structural schema (OpenAPI 3.0, as apiextensions takes it) to a closed JSON Schema.

use crate::{Object, mend};
use serde_json::{Value, json};

/// Keywords that mean the same in both and hold no schema.
const KEPT: [&str; 13] = [
    "enum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "type",
];

/// What every embedded object has, said or not.
const EMBEDDED: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Converts a schema that describes a value: closed, unless it says that it keeps what it does not know.
pub fn convert(raw: &Value) -> Value {
    let mut map = plain(raw, convert);
    require_what_has_no_default(raw, &mut map);
    list_keys(raw, &mut map);
    if raw["x-kubernetes-int-or-string"] == true {
        int_or_string(&mut map);
    }
    if raw["x-kubernetes-embedded-resource"] == true {
        embedded(&mut map);
    }
    close(raw, &mut map);
    if raw["nullable"] == true {
        allow_null(&mut map);
    }
    mend::bound_integers(&mut map);
    mend::base64(&mut map);
    Value::Object(map)
}

/// Converts a schema inside `oneOf`, `anyOf`, `allOf`, `not`: it narrows a value that is described elsewhere, so it must not be closed.
fn condition(raw: &Value) -> Value {
    let mut map = plain(raw, condition);
    copy(raw, &mut map, "required");
    Value::Object(map)
}

/// All that is the same for descriptions and conditions; `inner` converts the schemas that stand for values inside this one.
fn plain(raw: &Value, inner: fn(&Value) -> Value) -> Object {
    let mut map = Object::new();
    KEPT.iter().for_each(|keyword| copy(raw, &mut map, keyword));
    exclusive(raw, &mut map);
    if let Some(properties) = raw["properties"].as_object() {
        let properties: Object = properties.iter().map(|(name, schema)| (name.clone(), inner(schema))).collect();
        map.insert("properties".into(), Value::Object(properties));
    }
    for keyword in ["items", "additionalProperties"] {
        match &raw[keyword] {
            Value::Null => {}
            Value::Bool(open) => drop(map.insert(keyword.into(), json!(open))),
            schema => drop(map.insert(keyword.into(), inner(schema))),
        }
    }
    conditions(raw, &mut map);
    map
}

fn copy(raw: &Value, map: &mut Object, keyword: &str) {
    if let Some(value) = raw.get(keyword) {
        map.insert(keyword.into(), value.clone());
    }
}

fn conditions(raw: &Value, map: &mut Object) {
    for keyword in ["oneOf", "anyOf", "allOf"] {
        if let Some(branches) = raw[keyword].as_array() {
            let branches = branches.iter().map(|branch| with_defaults(raw, branch, condition(branch)));
            map.insert(keyword.into(), branches.collect());
        }
    }
    if raw["not"].is_object() {
        map.insert("not".into(), condition(&raw["not"]));
    }
}

/// The API server fills in defaults first: where a branch refuses a field's default, it refuses the field's absence.
fn with_defaults(raw: &Value, branch: &Value, mut narrowed: Value) -> Value {
    let default = |name: &str| raw["properties"][name].get("default");
    let fields = branch["properties"].as_object().into_iter().flatten();
    for (name, _) in fields.filter(|(name, schema)| default(name).is_some_and(|default| is_refused(default, schema))) {
        let required = &mut narrowed["required"];
        match required.as_array_mut() {
            Some(names) => names.push(json!(name)),
            None => *required = json!([name]),
        }
    }
    narrowed
}

fn is_refused(default: &Value, schema: &Value) -> bool {
    let lists = |schema: &Value| schema["enum"].as_array().map(|values| values.contains(default));
    lists(schema) == Some(false) || lists(&schema["not"]) == Some(true)
}

/// In OpenAPI 3.0 `exclusiveMinimum` is a switch on `minimum`; in JSON Schema it is a number of its own.
fn exclusive(raw: &Value, map: &mut Object) {
    for (switch, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if raw[switch] == true
            && let Some(value) = map.remove(bound)
        {
            map.insert(switch.into(), value);
        }
    }
}

/// The API server fills in defaults before it validates: a field with a default is never missing.
fn require_what_has_no_default(raw: &Value, map: &mut Object) {
    let has_default = |name: &Value| name.as_str().is_some_and(|name| raw["properties"][name].get("default").is_some());
    let required: Vec<&Value> = raw["required"].as_array().into_iter().flatten().filter(|name| !has_default(name)).collect();
    if !required.is_empty() {
        map.insert("required".into(), json!(required));
    }
}

/// `x-list-map-keys`, and for each key the default that stands for it where it is not given.
fn list_keys(raw: &Value, map: &mut Object) {
    match raw["x-kubernetes-list-type"].as_str() {
        Some("set") => drop(map.insert("uniqueItems".into(), json!(true))),
        Some("map") => {
            let keys = &raw["x-kubernetes-list-map-keys"];
            for key in keys.as_array().into_iter().flatten().filter_map(Value::as_str) {
                if let Some(default) = raw["items"]["properties"][key].get("default") {
                    map["items"]["properties"][key]["default"] = default.clone();
                }
            }
            map.insert("x-list-map-keys".into(), keys.clone());
        }
        _ => {}
    }
}

/// The type says it better than the `anyOf` of both types, which is how CRDs have to write it.
fn int_or_string(map: &mut Object) {
    let both = json!([{"type": "integer"}, {"type": "string"}]);
    map.retain(|keyword, value| !(keyword == "anyOf" && *value == both));
    map.insert("type".into(), json!(["integer", "string"]));
    map.insert("x-kubernetes-int-or-string".into(), json!(true));
}

fn embedded(map: &mut Object) {
    let properties = map.entry("properties").or_insert_with(|| json!({}));
    for name in EMBEDDED {
        let kind = if name == "metadata" { "object" } else { "string" };
        properties[name] = json!({"type": kind});
    }
    map.insert("required".into(), json!(["apiVersion", "kind"]));
}

/// An object that lists its fields, or says nothing at all, has no other. (apiextensions prunes the same way.)
fn close(raw: &Value, map: &mut Object) {
    let open = raw["x-kubernetes-preserve-unknown-fields"] == true;
    let object = map.get("type").is_some_and(|t| t == "object");
    if object && !open && !map.contains_key("additionalProperties") {
        map.insert("additionalProperties".into(), json!(false));
        // Without it jsonschema tells of a false schema, not of an unknown field.
        map.entry("properties").or_insert(json!({}));
    }
}

fn allow_null(map: &mut Object) {
    if let Some(Value::String(kind)) = map.get("type").cloned() {
        map.insert("type".into(), json!([kind, "null"]));
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.push(Value::Null);
    }
}
