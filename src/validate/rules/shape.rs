//! What rules need of a schema: where they stand, which types values have, and defaults.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{Place, Rule, Written};
use crate::render::RENDERED;
use crate::source::{Node, NodePath, Span};
use crate::validate::cel::UNORDERED;

const RULES: &str = "x-kubernetes-validations";

/// Where rules stand: by the way to them through the schema, as a JSON pointer.
pub type Spans = BTreeMap<String, Span>;

/// The spans of all rules in a schema.
pub fn spans(schema: &Node) -> Spans {
    let mut spans = Spans::new();
    collect(schema, &mut vec![], &mut spans);
    spans
}

fn collect<'n>(node: &'n Node, way: &mut Vec<&'n str>, spans: &mut Spans) {
    let Some(map) = node.as_map() else { return };
    for (key, entry) in map {
        way.push(key);
        match (key == RULES, entry.node.as_list()) {
            (true, Some(rules)) if node.span.file != RENDERED => {
                let texts = rules.iter().map(|rule| rule.get("rule").unwrap_or(rule).span).enumerate();
                spans.extend(texts.map(|(at, span)| (format!("/{}/{at}", way.join("/")), span)));
            }
            _ => collect(&entry.node, way, spans),
        }
        way.pop();
    }
}

/// The rules of a schema, compiled, where they stand.
pub fn places(schema: &Json, spans: &Spans) -> Place {
    place(schema, &mut vec![], "", spans)
}

fn place<'s>(schema: &'s Json, way: &mut Vec<&'s str>, shown: &str, spans: &Spans) -> Place {
    let mut found = Place::default();
    way.push(RULES);
    let rules = schema.get(RULES).and_then(Json::as_array).into_iter().flatten().enumerate();
    found.rules.extend(rules.map(|(at, entry)| {
        let span = spans.get(&format!("/{}/{at}", way.join("/"))).copied();
        Rule::of(Written { entry, place: shown.to_owned(), span })
    }));
    way.pop();
    let fields = schema.get("properties").and_then(Json::as_object).into_iter().flatten();
    for (name, below) in fields {
        way.extend(["properties", name]);
        let shown = if shown.is_empty() { name.clone() } else { format!("{shown}.{name}") };
        let below = place(below, way, &shown, spans);
        if !below.is_empty() {
            found.fields.insert(name.clone(), below);
        }
        way.truncate(way.len().saturating_sub(2));
    }
    for (keyword, mark) in [("items", "[]"), ("additionalProperties", "{}")] {
        let Some(below) = schema.get(keyword) else { continue };
        way.push(keyword);
        let below = Some(place(below, way, &format!("{shown}{mark}"), spans)).filter(|below| !below.is_empty());
        if keyword == "items" {
            found.items = below.map(Box::new)
        } else {
            found.values = below.map(Box::new)
        }
        way.pop();
    }
    found
}

/// The types of an object's values. Of the metadata a rule sees the name alone.
pub fn typed(raw: &Json) -> Json {
    let mut schema = slim(raw, raw);
    see_what_it_is(&mut schema);
    schema
}

fn see_what_it_is(schema: &mut Json) {
    let Json::Object(map) = schema else { return };
    let text = json!({ "type": "string" });
    if let Json::Object(fields) = map.entry("properties").or_insert_with(|| json!({})) {
        fields.insert("apiVersion".into(), text.clone());
        fields.insert("kind".into(), text.clone());
        let metadata = json!({ "type": "object", "properties": { "name": text, "generateName": text } });
        fields.insert("metadata".into(), metadata);
    }
}

const KEPT: [&str; 4] = ["default", "format", "nullable", INT_OR_STRING];
const INT_OR_STRING: &str = "x-kubernetes-int-or-string";

/// What says a type or a default. References, of which only the schemas that travel with us have some, are followed.
fn slim(schema: &Json, root: &Json) -> Json {
    let target = schema.get("$ref").and_then(Json::as_str).and_then(|way| root.pointer(way.trim_start_matches('#')));
    let schema = target.unwrap_or(schema);
    let mut kept = Map::new();
    kept.extend(KEPT.iter().filter_map(|key| Some(((*key).to_owned(), schema.get(*key)?.clone()))));
    type_of(schema, &mut kept);
    if let Some(fields) = schema.get("properties").and_then(Json::as_object) {
        let fields = fields.iter().filter(|(name, _)| *name != "metadata" || schema.get("x-kind").is_none());
        let fields = fields.map(|(name, below)| (name.clone(), slim(below, root)));
        kept.insert("properties".into(), Json::Object(fields.collect()));
    }
    if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
        kept.insert("additionalProperties".into(), slim(values, root));
    }
    if let Some(items) = schema.get("items") {
        kept.insert("items".into(), marked(slim(items, root), schema));
    }
    let mut kept = Json::Object(kept);
    if schema.get("x-kubernetes-embedded-resource") == Some(&Json::Bool(true)) {
        see_what_it_is(&mut kept);
    }
    kept
}

/// A list of types is how the schemas that travel with us say `nullable` and "integer or string".
fn type_of(schema: &Json, kept: &mut Map<String, Json>) {
    let types = match schema.get("type") {
        Some(Json::Array(types)) => types.clone(),
        Some(one) => vec![one.clone()],
        None => vec![],
    };
    if types.contains(&json!("integer")) && types.contains(&json!("string")) {
        kept.insert(INT_OR_STRING.into(), json!(true));
    } else if let Some(one) = types.iter().find(|one| **one != json!("null")) {
        kept.insert("type".into(), one.clone());
    }
    if types.contains(&json!("null")) {
        kept.insert("nullable".into(), json!(true));
    }
}

fn marked(mut items: Json, list: &Json) -> Json {
    let mark = match list.get("x-kubernetes-list-type").and_then(Json::as_str) {
        Some("set") => json!("set"),
        Some("map") => list.get("x-kubernetes-list-map-keys").cloned().unwrap_or_else(|| json!([])),
        _ => return items,
    };
    if let Json::Object(items) = &mut items {
        items.insert(UNORDERED.into(), mark);
    }
    items
}

/// Whether a value below has a type that only shows in the object.
pub fn leaves_a_type_open(schema: &Json) -> bool {
    match schema {
        Json::Object(map) => map.contains_key(INT_OR_STRING) || map.values().any(leaves_a_type_open),
        _ => false,
    }
}

/// The object as rules see it: defaults filled in, and no null where none is meant.
pub fn completed(object: &Json, schema: &Json) -> Json {
    let mut object = object.clone();
    complete(&mut object, schema);
    object
}

fn complete(value: &mut Json, schema: &Json) {
    match value {
        Json::Object(map) => {
            let fields = schema.get("properties").and_then(Json::as_object);
            let values = schema.get("additionalProperties");
            let of = |name: &str| fields.and_then(|fields| fields.get(name)).or(values);
            map.retain(|name, value| !value.is_null() || of(name).is_some_and(is_nullable));
            for (name, below) in fields.into_iter().flatten() {
                if let Some(default) = below.get("default").filter(|_| !map.contains_key(name)) {
                    map.insert(name.clone(), default.clone());
                }
            }
            for (name, value) in map.iter_mut() {
                if let Some(below) = of(name) {
                    complete(value, below);
                }
            }
        }
        Json::Array(list) => {
            let Some(items) = schema.get("items") else { return };
            list.iter_mut().for_each(|item| complete(item, items));
        }
        _ => {}
    }
}

fn is_nullable(schema: &Json) -> bool {
    schema.get("nullable") == Some(&Json::Bool(true))
}

/// `.spec.hosts` and `['a.b'].c`, as `fieldPath` writes the way to a field.
pub fn field_path(text: &str) -> NodePath {
    let mut path = NodePath::root();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = match rest.strip_prefix("['").and_then(|quoted| quoted.split_once("']")) {
            Some(quoted) => quoted,
            None => {
                let plain = rest.trim_start_matches('.');
                plain.split_at(plain.find(['.', '[']).unwrap_or(plain.len()))
            }
        };
        if name.is_empty() {
            break;
        }
        path = path.key(name.replace("\\'", "'"));
        rest = after;
    }
    path
}
