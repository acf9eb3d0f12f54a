//! From a CRD's structural schema to a closed JSON Schema.
//!
//! What it may hold is in Kubernetes' docs, "Extend the Kubernetes API with CustomResourceDefinitions", "Specifying a
//! structural schema". Prose is dropped, and so are formats that mean other things elsewhere.

use serde_json::{Map, Value as Json, json};

/// Keywords that mean the same in both and hold no schema.
const SAME: [&str; 12] = [
    "enum",
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

/// Formats of which JSON Schema and the API server think alike.
const FORMATS: [&str; 4] = ["byte", "date-time", "ipv4", "ipv6"];

/// Base64, with line breaks.
const BASE64: &str = "^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$";

/// The schema of a value: closed, unless it says that it keeps what it does not know.
pub fn closed(raw: &Json) -> Json {
    let mut schema = common(raw, closed);
    require_what_has_no_default(raw, &mut schema);
    tell_items_apart(raw, &mut schema);
    if says(raw, "x-kubernetes-int-or-string") {
        int_or_string(&mut schema);
    }
    if says(raw, "x-kubernetes-embedded-resource") {
        embedded(&mut schema);
    }
    close(raw, &mut schema);
    if says(raw, "nullable") {
        allow_null(&mut schema);
    }
    Json::Object(schema)
}

/// Inside `oneOf`, `anyOf`, `allOf` and `not` a schema narrows a value that is described outside: it closes nothing.
fn narrowing(raw: &Json) -> Json {
    let mut schema = common(raw, narrowing);
    schema.extend(raw.get("required").map(|names| ("required".to_owned(), names.clone())));
    Json::Object(schema)
}

fn says(raw: &Json, keyword: &str) -> bool {
    raw.get(keyword) == Some(&Json::Bool(true))
}

/// What is the same for both; `inner` makes the schemas of the values inside this one.
fn common(raw: &Json, inner: fn(&Json) -> Json) -> Map<String, Json> {
    let mut schema = Map::new();
    let same = SAME.iter().filter_map(|keyword| Some(((*keyword).to_owned(), raw.get(*keyword)?.clone())));
    schema.extend(same);
    bounds(raw, &mut schema);
    format(raw, &mut schema);
    if let Some(properties) = raw.get("properties").and_then(Json::as_object) {
        let properties = properties.iter().map(|(name, below)| (name.clone(), inner(below)));
        schema.insert("properties".into(), Json::Object(properties.collect()));
    }
    for keyword in ["items", "additionalProperties"] {
        match raw.get(keyword) {
            None | Some(Json::Null) => {}
            Some(Json::Bool(open)) => drop(schema.insert(keyword.into(), json!(open))),
            Some(below) => drop(schema.insert(keyword.into(), inner(below))),
        }
    }
    conditions(raw, &mut schema);
    schema
}

/// In OpenAPI 3.0 `exclusiveMinimum` is a switch on `minimum`; in JSON Schema it is a bound of its own.
fn bounds(raw: &Json, schema: &mut Map<String, Json>) {
    for (switch, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if says(raw, switch)
            && let Some(value) = schema.remove(bound)
        {
            schema.insert(switch.into(), value);
        }
    }
}

fn format(raw: &Json, schema: &mut Map<String, Json>) {
    let Some(format) = raw.get("format").and_then(Json::as_str) else { return };
    if FORMATS.contains(&format) {
        schema.insert("format".into(), json!(format));
    }
    match format {
        // A Go `int32` takes no more.
        "int32" => {
            schema.entry("minimum").or_insert_with(|| json!(i32::MIN));
            schema.entry("maximum").or_insert_with(|| json!(i32::MAX));
        }
        "byte" => {
            schema.insert("pattern".into(), json!(BASE64));
            schema.insert("x-says".into(), json!("base64"));
        }
        _ => {}
    }
}

fn conditions(raw: &Json, schema: &mut Map<String, Json>) {
    for keyword in ["oneOf", "anyOf", "allOf"] {
        if let Some(branches) = raw.get(keyword).and_then(Json::as_array) {
            let branches = branches.iter().map(|branch| with_defaults(raw, branch, narrowing(branch)));
            schema.insert(keyword.into(), branches.collect());
        }
    }
    if let Some(not) = raw.get("not").filter(|not| not.is_object()) {
        schema.insert("not".into(), narrowing(not));
    }
}

/// Where a branch refuses the default of a field, it refuses the field's absence.
fn with_defaults(raw: &Json, branch: &Json, mut narrowed: Json) -> Json {
    let default = |name: &str| raw.get("properties")?.get(name)?.get("default");
    let fields = branch.get("properties").and_then(Json::as_object).into_iter().flatten();
    let fields = fields.filter(|(name, schema)| default(name).is_some_and(|default| is_refused(default, schema)));
    let names: Vec<Json> = fields.map(|(name, _)| json!(name)).collect();
    if let Some(map) = narrowed.as_object_mut().filter(|_| !names.is_empty()) {
        let known = map.get("required").and_then(Json::as_array).cloned().unwrap_or_default();
        map.insert("required".into(), known.into_iter().chain(names).collect());
    }
    narrowed
}

fn is_refused(default: &Json, schema: &Json) -> bool {
    let lists = |schema: &Json| Some(schema.get("enum")?.as_array()?.contains(default));
    lists(schema) == Some(false) || schema.get("not").and_then(lists) == Some(true)
}

/// Defaults are filled in before anything is validated: a field with one is never missing.
fn require_what_has_no_default(raw: &Json, schema: &mut Map<String, Json>) {
    let default = |name: &str| raw.get("properties")?.get(name)?.get("default");
    let names = raw.get("required").and_then(Json::as_array).into_iter().flatten();
    let names: Vec<&Json> = names.filter(|name| name.as_str().is_some_and(|name| default(name).is_none())).collect();
    if !names.is_empty() {
        schema.insert("required".into(), json!(names));
    }
}

/// A set holds each item once; in a map the items differ in some fields, absent ones taken for their default.
fn tell_items_apart(raw: &Json, schema: &mut Map<String, Json>) {
    match raw.get("x-kubernetes-list-type").and_then(Json::as_str) {
        Some("set") => drop(schema.insert("uniqueItems".into(), json!(true))),
        Some("map") => {
            let Some(keys) = raw.get("x-kubernetes-list-map-keys") else { return };
            for key in keys.as_array().into_iter().flatten().filter_map(Json::as_str) {
                let pointer = format!("/properties/{key}");
                let default = raw.pointer(&format!("/items{pointer}/default"));
                let field = schema.get_mut("items").and_then(|items| items.pointer_mut(&pointer));
                if let (Some(default), Some(Json::Object(field))) = (default, field) {
                    field.insert("default".into(), default.clone());
                }
            }
            schema.insert("x-list-map-keys".into(), keys.clone());
        }
        _ => {}
    }
}

/// The type says it better than the `anyOf` of both, which is how CRDs write it.
fn int_or_string(schema: &mut Map<String, Json>) {
    let both = json!([{"type": "integer"}, {"type": "string"}]);
    schema.retain(|keyword, value| keyword != "anyOf" || *value != both);
    schema.insert("type".into(), json!(["integer", "string"]));
}

/// An object inside an object names its kind.
fn embedded(schema: &mut Map<String, Json>) {
    if let Json::Object(properties) = schema.entry("properties").or_insert_with(|| json!({})) {
        for (name, kind) in [("apiVersion", "string"), ("kind", "string"), ("metadata", "object")] {
            properties.insert(name.into(), json!({ "type": kind }));
        }
    }
    schema.insert("required".into(), json!(["apiVersion", "kind"]));
}

/// The API server throws away what an object's schema does not name, and kubectl refuses it.
fn close(raw: &Json, schema: &mut Map<String, Json>) {
    let is_open = says(raw, "x-kubernetes-preserve-unknown-fields") || schema.contains_key("additionalProperties");
    if schema.get("type") == Some(&json!("object")) && !is_open {
        schema.insert("additionalProperties".into(), json!(false));
        schema.entry("properties").or_insert_with(|| json!({}));
    }
}

fn allow_null(schema: &mut Map<String, Json>) {
    if let Some(Json::String(one)) = schema.get("type").cloned() {
        schema.insert("type".into(), json!([one, "null"]));
    }
    if let Some(Json::Array(values)) = schema.get_mut("enum") {
        values.push(Json::Null);
    }
}
