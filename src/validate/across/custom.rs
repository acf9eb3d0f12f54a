//! What extends the API server: CustomResourceDefinitions and webhooks.

use serde_json::Value as Json;

use super::place::Place;
use crate::json_schema::Fault;

pub fn definition(object: &Place, faults: &mut Vec<Fault>) {
    let Some(spec) = object.field("spec") else { return };
    name(object, &spec, faults);
    for schema in spec.items("versions").filter_map(|version| version.down(&["schema", "openAPIV3Schema"])) {
        below(&schema, faults);
    }
}

fn name(object: &Place, spec: &Place, faults: &mut Vec<Fault>) {
    let plural = spec.field("names").and_then(|names| names.text("plural"));
    let (Some(plural), Some(group), Some(name)) = (plural, spec.text("group"), object.down(&["metadata", "name"]))
    else {
        return;
    };
    let expected = format!("{plural}.{group}");
    if name.value.as_str().is_some_and(|name| name != expected) {
        faults.push(name.fault(format!("it must be `<plural>.<group>`, `{expected}`")));
    }
}

/// Every field of a structural schema says its type, and a default is of that type.
fn below(schema: &Place, faults: &mut Vec<Fault>) {
    let fields = schema.entries("properties").map(|(_, field)| field);
    let others = ["items", "additionalProperties"].into_iter().filter_map(|key| schema.field(key));
    for field in fields.chain(others.filter(|other| other.value.is_object())) {
        let is_open = ["x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields"];
        let is_open = is_open.iter().any(|key| field.get(key) == Some(&Json::Bool(true)));
        match field.text("type") {
            None if !is_open => faults.push(field.fault("a field of the schema needs a `type`")),
            Some(wanted) => default(&field, wanted, faults),
            None => {}
        }
        keys(&field, faults);
        below(&field, faults);
    }
}

/// The keys that tell the items of a list apart are there in each item.
fn keys(list: &Place, faults: &mut Vec<Fault>) {
    let Some(item) = list.field("items") else { return };
    for key in list.items("x-kubernetes-list-map-keys") {
        let Some(name) = key.value.as_str() else { continue };
        let is_required = item.items("required").any(|required| required.value == name);
        let has_default = item.down(&["properties", name]).is_some_and(|field| field.get("default").is_some());
        if !is_required && !has_default {
            faults.push(
                key.fault(format!("an item of the list may be without `{name}`: require it, or give it a default")),
            );
        }
    }
}

fn default(field: &Place, wanted: &str, faults: &mut Vec<Fault>) {
    let Some(default) = field.field("default") else { return };
    let is_right = match wanted {
        "string" => default.value.is_string(),
        "boolean" => default.value.is_boolean(),
        "integer" => {
            default.value.is_i64()
                || default.value.is_u64()
                || default.value.as_f64().is_some_and(|it| it.fract() == 0.0)
        }
        "number" => default.value.is_number(),
        "array" => default.value.is_array(),
        "object" => default.value.is_object(),
        _ => true,
    };
    if !is_right && !default.value.is_null() {
        faults.push(default.fault(format!("the default is not of the type `{wanted}`")));
    }
}

/// Resources of a rule, as `pods` and `pods/log`: a wildcard covers what none beside it names.
pub fn webhooks(object: &Place, faults: &mut Vec<Fault>) {
    for rule in object.items("webhooks").flat_map(|webhook| webhook.items("rules")) {
        let resources: Vec<Place> = rule.items("resources").collect();
        for resource in &resources {
            let others = resources.iter().filter(|other| !std::ptr::eq(*other, resource));
            let covering = others.filter_map(|other| other.value.as_str()).find(|other| covers(other, resource.value));
            faults.extend(covering.map(|other| resource.fault(format!("`{other}` stands for it already"))));
        }
    }
}

fn covers(wildcard: &str, resource: &Json) -> bool {
    let Some(resource) = resource.as_str().filter(|resource| *resource != wildcard) else { return false };
    match (wildcard.split_once('/'), resource.split_once('/')) {
        (None, None) => wildcard == "*",
        (Some(("*", "*")), _) => false,
        (Some((kind, "*")), Some((of, _))) => kind == of,
        (Some(("*", part)), Some((_, of))) => part == of,
        _ => false,
    }
}
