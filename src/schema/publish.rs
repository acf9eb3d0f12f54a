//! A schema as plain JSON Schema (draft 7), for editors.
//!
//! Takes a [`Schema`]; gives what an editor needs to complete and to underline: short forms as alternatives, variants as
//! `if`/`then`, descriptions and defaults. It says less than [`super::check`] where JSON Schema cannot say it (names that
//! refer to something, most formats), and never more.

use serde_json::{Map, Value as Json, json};

use super::format::Format;
use super::{Schema, Type};
use crate::source::Node;

/// For which kind of document a schema is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A whole document.
    Whole,
    /// A layer over another: nothing is required, and null takes a key away.
    Overlay,
    /// A description: a text with `{{` may stand for anything.
    Templated,
}

/// The schema of a document.
pub fn publish(schema: &Schema, form: Form) -> Json {
    let mut whole = Map::from_iter([("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"))]);
    whole.extend(said(schema));
    whole.extend(shape(schema, form));
    Json::Object(whole)
}

/// What may stand at one place, with its alternatives.
pub fn place(schema: &Schema, form: Form) -> Json {
    let mut said = said(schema);
    let alternatives = alternatives(schema, form);
    let shape = shape(schema, form);
    if alternatives.is_empty() {
        said.extend(shape);
    } else {
        let all = std::iter::once(Json::Object(shape)).chain(alternatives);
        said.insert("anyOf".into(), all.collect());
    }
    Json::Object(said)
}

/// What is said for people.
fn said(schema: &Schema) -> Map<String, Json> {
    let mut said = Map::new();
    if let Some(description) = &schema.description {
        said.insert("description".into(), json!(description));
    }
    if let Some(default) = &schema.default {
        said.insert("default".into(), default.to_json());
    }
    said
}

fn alternatives(schema: &Schema, form: Form) -> Vec<Json> {
    let short = schema.short.as_ref().and_then(|key| schema.properties.get(key));
    let short = short.map(|below| place(&Schema { description: None, default: None, ..below.clone() }, form));
    let other = match form {
        Form::Whole => None,
        Form::Overlay => Some(json!({"type": "null"})),
        Form::Templated if takes_text(schema) => None,
        Form::Templated => Some(json!({"type": "string", "pattern": "\\{\\{"})),
    };
    short.into_iter().chain(other).collect()
}

fn takes_text(schema: &Schema) -> bool {
    let texts = schema.types.is_empty() || schema.types.contains(&Type::String);
    texts && schema.allowed.is_empty()
}

fn shape(schema: &Schema, form: Form) -> Map<String, Json> {
    let mut shape = Map::new();
    types(schema, &mut shape);
    if !schema.allowed.is_empty() {
        shape.insert("enum".into(), schema.allowed.iter().map(Node::to_json).collect());
    }
    bounds(schema, form, &mut shape);
    if let Some(items) = &schema.items {
        shape.insert("items".into(), place(items, form));
    }
    if schema.types.contains(&Type::Object) && (!schema.is_open() || schema.additional.is_some()) {
        keys(schema, form, &mut shape);
    }
    shape
}

fn types(schema: &Schema, shape: &mut Map<String, Json>) {
    let names: Vec<&str> = match schema.as_written {
        true => vec!["string", "number", "boolean"],
        false => schema.types.iter().map(|expected| expected.as_str()).collect(),
    };
    match names.as_slice() {
        [] => None,
        [name] => shape.insert("type".into(), json!(name)),
        names => shape.insert("type".into(), json!(names)),
    };
}

fn bounds(schema: &Schema, form: Form, shape: &mut Map<String, Json>) {
    let mut add = |key: &str, value: Option<Json>| value.map(|value| shape.insert(key.into(), value));
    add("minimum", schema.minimum.map(number));
    add("maximum", schema.maximum.map(number));
    add("minItems", schema.min_items.map(Json::from));
    add("maxItems", schema.max_items.map(Json::from));
    if form == Form::Templated {
        return;
    }
    add("minLength", schema.min_length.map(Json::from));
    add("maxLength", schema.max_length.map(Json::from));
    add("pattern", schema.pattern.as_ref().map(|pattern| json!(pattern.0.as_str())));
    add("format", schema.format.and_then(known_to_editors).map(Json::from));
}

fn number(number: f64) -> Json {
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}

fn known_to_editors(format: Format) -> Option<&'static str> {
    matches!(format, Format::Uri | Format::Email | Format::Uuid | Format::Date).then(|| format.as_str())
}

fn keys(schema: &Schema, form: Form, shape: &mut Map<String, Json>) {
    let below = |(key, schema): (&String, &Schema)| (key.clone(), place(schema, form));
    let mut properties: Map<String, Json> = schema.properties.iter().map(below).collect();
    // Their schemas stand in the branch of their variant.
    let of_variants = schema.variants.values().flat_map(|variant| variant.properties.keys());
    for key in of_variants {
        properties.entry(key.clone()).or_insert_with(|| json!({}));
    }
    if !properties.is_empty() {
        shape.insert("properties".into(), Json::Object(properties));
    }
    let further = schema.additional.as_ref().map_or(Json::Bool(false), |further| place(further, form));
    shape.insert("additionalProperties".into(), further);
    if let Some(names) = &schema.property_names {
        shape.insert("propertyNames".into(), place(names, form));
    }
    if schema.additional.is_none() && form != Form::Templated {
        shape.insert("patternProperties".into(), json!({"^x-": {}}));
    }
    if form != Form::Overlay {
        demanded(schema, form, shape);
    }
    if !schema.variants.is_empty() {
        shape.insert("allOf".into(), variants(schema, form));
    }
}

fn demanded(schema: &Schema, form: Form, shape: &mut Map<String, Json>) {
    let given = |key: &&String| schema.properties.get(*key).is_none_or(|below| below.default.is_none());
    let required: Vec<&String> = schema.required.iter().filter(given).collect();
    if !required.is_empty() {
        shape.insert("required".into(), json!(required));
    }
    if !schema.beside.is_empty() {
        let one_of = |keys: &Vec<String>| json!({"anyOf": keys.iter().map(|key| json!({"required": [key]})).collect::<Vec<_>>()});
        let beside: Map<String, Json> = schema.beside.iter().map(|(key, keys)| (key.clone(), one_of(keys))).collect();
        shape.insert("dependencies".into(), Json::Object(beside));
    }
    if !schema.one_of.is_empty() {
        let branches = schema.one_of.iter().map(|key| json!({"required": [key]}));
        // Of two expressions one may be none.
        let word = if form == Form::Templated { "anyOf" } else { "oneOf" };
        shape.insert(word.into(), branches.collect());
    }
}

fn variants(schema: &Schema, form: Form) -> Json {
    schema.variants.iter().map(|(name, variant)| branch(schema, name, variant, form)).collect()
}

/// If the tag says `name`, then the keys of this variant hold and those of the others may not stand.
fn branch(schema: &Schema, name: &str, variant: &Schema, form: Form) -> Json {
    let tag = schema.tag.as_str();
    let default = schema.properties.get(tag).and_then(|below| below.default.as_ref()).and_then(Node::as_str);
    let mut condition = json!({"properties": {tag: {"const": name}}});
    if (default != Some(name) || form == Form::Overlay)
        && let Json::Object(condition) = &mut condition
    {
        condition.insert("required".into(), json!([tag]));
    }
    let mut then = Map::new();
    let own = variant.properties.iter().map(|(key, below)| (key.clone(), place(below, form)));
    let foreign = schema.variants.values().flat_map(|other| other.properties.keys());
    let foreign = foreign.filter(|key| !variant.properties.contains_key(*key) && !schema.properties.contains_key(*key));
    let foreign = foreign.map(|key| (key.clone(), Json::Bool(false)));
    then.insert("properties".into(), Json::Object(own.chain(foreign).collect()));
    if form != Form::Overlay {
        demanded(variant, form, &mut then);
    }
    json!({"if": condition, "then": then})
}
