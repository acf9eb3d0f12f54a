//! What `k8s-openapi`'s schemas lack or say too loosely, put right by rules that hold for all of them.

use crate::Object;
use serde_json::{Value, json};

/// A number with a suffix, as Kubernetes reads it: `1`, `100m`, `1.5Gi`, `1e3`.
const QUANTITY: &str = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";

const QUANTITY_SAYS: &str = "a quantity: a number, with a unit if need be (500m, 1.5Gi)";

/// Base64 with its padding.
const BASE64: &str = r"^[\r\n]*(([A-Za-z0-9+/][\r\n]*){4})*(([A-Za-z0-9+/][\r\n]*){2}(=[\r\n]*){2}|([A-Za-z0-9+/][\r\n]*){3}=[\r\n]*)?$";

/// Mends one definition: types that have none get one, structs are closed, prose goes.
pub fn definition(name: &str, schema: &mut Value) {
    match name.rsplit('.').next() {
        Some("IntOrString") => *schema = json!({"type": ["integer", "string"], "x-kubernetes-int-or-string": true}),
        Some("Quantity") => {
            *schema = json!({"type": ["string", "number", "integer"], "format": "quantity", "pattern": QUANTITY, "x-says": QUANTITY_SAYS})
        }
        // `creationTimestamp: null` stands in much of what tools write; Kubernetes takes it for "not given".
        Some("Time" | "MicroTime") => *schema = json!({"type": ["string", "null"], "format": "date-time"}),
        // Said to be an object, but any value may stand there: `default: 5` in a CRD.
        Some("JSON") => *schema = json!({}),
        Some(name) if name.starts_with("JSONSchemaPropsOr") => *schema = by_type(schema),
        _ => node(schema),
    }
}

/// An object or something else: which one the type says, so that a fault inside the object shows as what it is, not as a failed `oneOf`.
fn by_type(schema: &Value) -> Value {
    let (object, other) = (&schema["oneOf"][0], &schema["oneOf"][1]);
    json!({"type": ["object", other["type"]], "if": {"type": "object"}, "then": object, "else": other})
}

/// Adds names to `required`, each once, in order.
pub fn require(schema: &mut Value, names: &[&str]) {
    let mut required: Vec<String> = strings(&schema["required"]);
    required.extend(names.iter().map(|name| (*name).to_owned()));
    required.sort();
    required.dedup();
    schema["required"] = json!(required);
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(String::from).collect()
}

/// Mends a schema and every schema inside it. The walk knows where schemas are: a property may be called `description` too.
fn node(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    map.remove("description");
    map.remove("title");
    open_status(map);
    bound_integers(map);
    base64(map);
    close(map);
    children(map).for_each(node);
}

/// The schema of a `status`.
pub fn any_status() -> Value {
    json!({"type": ["object", "null"]})
}

/// The API server throws `status` away on create and apply; what tools leave there (`conditions: null`) is no fault.
fn open_status(map: &mut Object) {
    let status = map.get_mut("properties").and_then(|properties| properties.get_mut("status"));
    if let Some(status) = status.filter(|status| status["$ref"].as_str().is_some_and(|r| r.ends_with("Status"))) {
        *status = any_status();
    }
}

/// A Go `int32` does not take more: the API server refuses it when it decodes.
pub fn bound_integers(map: &mut Object) {
    if map.get("format").and_then(Value::as_str) == Some("int32") {
        map.entry("minimum").or_insert(json!(i32::MIN));
        map.entry("maximum").or_insert(json!(i32::MAX));
    }
}

/// Bytes are base64, line breaks allowed. Plain text in a Secret's `data` is the usual mistake.
pub fn base64(map: &mut Object) {
    if map.get("format").and_then(Value::as_str) == Some("byte") {
        map.insert("pattern".into(), json!(BASE64));
        map.insert("x-says".into(), json!("base64"));
    }
}

/// A struct takes no other fields. A map (`additionalProperties` given) stays open, as does an object of unknown shape.
fn close(map: &mut Object) {
    // Beside a `$ref`, properties only narrow what is said there.
    if map.contains_key("properties") && !map.contains_key("$ref") && !map.contains_key("additionalProperties") {
        map.insert("additionalProperties".into(), json!(false));
    }
}

/// The schemas directly inside a schema.
pub fn children(map: &mut Object) -> impl Iterator<Item = &mut Value> {
    map.iter_mut().flat_map(|(keyword, value)| -> Vec<&mut Value> {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => properties.values_mut().collect(),
            ("oneOf" | "anyOf" | "allOf", Value::Array(branches)) => branches.iter_mut().collect(),
            ("items" | "additionalProperties" | "not", value) => vec![value],
            _ => Vec::new(),
        }
    })
}
