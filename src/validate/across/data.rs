//! What objects carry: annotations, ConfigMaps and Secrets, their size and keys.

use super::place::Place;
use crate::json_schema::Fault;

const ANNOTATIONS: usize = 256 * 1024;
const DATA: usize = 1024 * 1024;

pub fn annotations(object: &Place, faults: &mut Vec<Fault>) {
    let Some(annotations) = object.down(&["metadata", "annotations"]) else { return };
    let entries = annotations.value.as_object().into_iter().flatten();
    let size: usize = entries.map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
    if size > ANNOTATIONS {
        faults.push(annotations.fault(format!("{size} bytes of annotations, and 262144 are allowed")));
    }
}

pub fn config_map(object: &Place, faults: &mut Vec<Fault>) {
    let binary = object.get("binaryData");
    for (key, entry) in object.entries("data") {
        if binary.is_some_and(|binary| binary.get(key).is_some()) {
            faults.push(entry.fault("the key stands in `binaryData`, too"));
        }
    }
    size(object, &[("data", 1), ("binaryData", 4)], faults);
}

pub fn secret(object: &Place, faults: &mut Vec<Fault>) {
    size(object, &[("stringData", 1), ("data", 4)], faults);
    let registry = object.text("type") == Some("kubernetes.io/dockerconfigjson");
    let Some(config) = object.down(&["stringData", ".dockerconfigjson"]).filter(|_| registry) else { return };
    let text = config.value.as_str().unwrap_or_default();
    if !text.contains("${") && serde_json::from_str::<serde_json::Value>(text).is_err() {
        faults.push(config.fault("it must be JSON"));
    }
}

/// Of base64, four characters are three bytes.
fn size(object: &Place, fields: &[(&'static str, usize)], faults: &mut Vec<Fault>) {
    let bytes = |text: &str, of: usize| if of == 4 { text.trim_end_matches('=').len() * 3 / 4 } else { text.len() };
    let size_of = |field: &str, of: usize| -> usize {
        let values = object.get(field).and_then(serde_json::Value::as_object).into_iter().flat_map(|map| map.values());
        values.filter_map(serde_json::Value::as_str).map(|text| bytes(text, of)).sum()
    };
    let size: usize = fields.iter().map(|(field, of)| size_of(field, *of)).sum();
    if size > DATA {
        faults.push(object.fault(format!("{size} bytes of data, and 1048576 are allowed")));
    }
}
