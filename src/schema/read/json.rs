//! The schemas of our Rust types: what schemars writes, in the words that we read.
//!
//! References are written out, `X or null` is `X` (an absent key is how we say it), lists of constants are their values, and
//! what only schemars says (`title`, `format: uint16`) falls away.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value as Json};

use super::{KEYWORDS, read};
use crate::diagnostic::Sink;
use crate::schema::Schema;
use crate::schema::format::Format;
use crate::source::{FileId, Node, Span};

/// The schema of a Rust type.
pub fn schema_of<T: JsonSchema>() -> Schema {
    let json = SchemaGenerator::default().into_root_schema_for::<T>().to_value();
    from_json(&json, &mut Sink::default())
}

fn from_json(json: &Json, sink: &mut Sink) -> Schema {
    let simple = Simplify { definitions: json.get("$defs") }.schema(json);
    let nowhere = Span::new(FileId(0), 0, 0);
    let mut schema = read(&Node::from_json(&simple, nowhere), sink);
    forget_spans(&mut schema);
    schema
}

/// Rust types stand in no file that a fault could show.
fn forget_spans(schema: &mut Schema) {
    schema.span = None;
    let below = schema.properties.values_mut().chain(schema.variants.values_mut());
    let parts = [schema.additional.as_deref_mut(), schema.property_names.as_deref_mut(), schema.items.as_deref_mut()];
    below.chain(parts.into_iter().flatten()).for_each(forget_spans);
}

struct Simplify<'a> {
    definitions: Option<&'a Json>,
}

impl Simplify<'_> {
    fn schema(&self, json: &Json) -> Json {
        let Json::Object(map) = json else { return Json::Object(Map::new()) };
        let map = self.whole(map.clone());
        let entries = map.into_iter().filter_map(|(key, value)| self.word(&key, value).map(|value| (key, value)));
        Json::Object(entries.collect())
    }

    /// Takes away references and alternatives; what stands beside them counts more than what they hold.
    fn whole(&self, mut map: Map<String, Json>) -> Map<String, Json> {
        while let Some(inner) = self.reference(&mut map).or_else(|| alternative(&mut map)) {
            for (key, value) in inner {
                map.entry(key).or_insert(value);
            }
        }
        map
    }

    fn reference(&self, map: &mut Map<String, Json>) -> Option<Map<String, Json>> {
        let target = map.remove("$ref")?;
        let name = target.as_str()?.rsplit('/').next()?;
        self.definitions?.get(name)?.as_object().cloned()
    }

    fn word(&self, key: &str, value: Json) -> Option<Json> {
        match key {
            "properties" | "x-variants" => Some(self.schemas(&value)),
            "items" | "propertyNames" => Some(self.schema(&value)),
            "additionalProperties" if value.is_object() => Some(self.schema(&value)),
            "type" => Some(without_null(value)),
            "default" if value.is_null() => None,
            "format" => value.as_str().and_then(Format::named).map(|format| format.as_str().into()),
            "description" => value.as_str().map(|text| text.replace('\n', " ").trim_end_matches('.').into()),
            _ => KEYWORDS.iter().any(|keyword| keyword.name == key).then_some(value),
        }
    }

    fn schemas(&self, value: &Json) -> Json {
        let entries = value.as_object().into_iter().flatten();
        Json::Object(entries.map(|(key, value)| (key.clone(), self.schema(value))).collect())
    }
}

/// `anyOf: [X, null]` is X; `oneOf` of constants is their values.
fn alternative(map: &mut Map<String, Json>) -> Option<Map<String, Json>> {
    let branches = map.remove("anyOf").or_else(|| map.remove("oneOf"))?;
    let branches: Vec<Map<String, Json>> = branches.as_array()?.iter().filter_map(|b| b.as_object().cloned()).collect();
    let mut real = branches.into_iter().filter(|branch| branch.get("type") != Some(&Json::from("null")));
    let first = real.next()?;
    let values: Vec<Json> = std::iter::once(&first).chain(&real.collect::<Vec<_>>()).flat_map(constants).collect();
    if values.is_empty() {
        return Some(first);
    }
    let mut whole = Map::from_iter([("enum".to_owned(), Json::Array(values))]);
    whole.extend(first.get("type").map(|found| ("type".to_owned(), found.clone())));
    Some(whole)
}

fn constants(branch: &Map<String, Json>) -> Vec<Json> {
    match (branch.get("const"), branch.get("enum").and_then(Json::as_array)) {
        (Some(value), _) => vec![value.clone()],
        (None, Some(values)) => values.iter().filter(|value| !value.is_null()).cloned().collect(),
        (None, None) => vec![],
    }
}

fn without_null(value: Json) -> Json {
    let Json::Array(types) = value else { return value };
    let mut real: Vec<Json> = types.into_iter().filter(|name| name != "null").collect();
    if real.len() == 1 { real.remove(0) } else { Json::Array(real) }
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use schemars::SchemaGenerator;

    use super::from_json;
    use crate::component::interface;
    use crate::diagnostic::Sink;
    use crate::schema::{Schema, Type};

    fn of<T: JsonSchema>() -> Schema {
        let mut sink = Sink::default();
        let json = SchemaGenerator::default().into_root_schema_for::<T>().to_value();
        let schema = from_json(&json, &mut sink);
        assert!(sink.is_empty(), "{:?}\n{json:#}", sink.iter().collect::<Vec<_>>());
        schema
    }

    #[test]
    fn an_optional_field_is_its_type() {
        let schema = of::<interface::Workload>();
        assert_eq!(schema.types, [Type::Object]);
        assert_eq!(schema.properties["kind"].types, [Type::String]);
        assert_eq!(schema.properties["selector"].types, [Type::Object]);
        assert!(schema.properties["selector"].additional.is_some());
        assert!(schema.additional.is_none() && !schema.is_open());
    }

    #[test]
    fn references_are_written_out() {
        let port = of::<interface::Workload>().properties["ports"].additional.clone().expect("a map");
        assert_eq!(port.short.as_deref(), Some("port"));
        assert_eq!((port.properties["port"].minimum, port.properties["port"].maximum), (Some(1.0), Some(65535.0)));
    }

    #[test]
    fn constants_are_allowed_values() {
        let by = of::<interface::Workload>().properties["by"].clone();
        let values: Vec<&str> = by.allowed.iter().filter_map(|node| node.as_str()).collect();
        assert_eq!((by.types, values), (vec![Type::String], vec!["chart", "files", "run-time", "external"]));
    }

    #[test]
    fn doc_comments_become_descriptions() {
        let schema = of::<interface::Workload>();
        let description = schema.properties["labels"].description.as_deref();
        assert_eq!(description, Some("Labels that the pods carry; `{}` says that they carry none"));
    }

    #[test]
    fn a_list_or_a_map_keeps_both_types() {
        let keys = of::<interface::Secret>().properties["keys"].clone();
        assert_eq!(keys.types, [Type::Array, Type::Object]);
        assert!(keys.items.is_some() && keys.additional.is_some());
    }

    #[test]
    fn every_word_of_the_interface_is_read() {
        of::<interface::Outside>();
        of::<interface::Service>();
        of::<interface::Flow>();
        of::<interface::Exports>();
        of::<interface::Webhook>();
        of::<interface::Route>();
        of::<interface::Metric>();
        of::<interface::Scaling>();
        of::<interface::Disruption>();
        of::<interface::ChartValue>();
        of::<interface::Constraint>();
        of::<interface::Note>();
        of::<interface::File>();
    }
}
