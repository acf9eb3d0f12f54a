//! The words of a schema, in one table: what is read, suggested and published.

use serde_json::{Value as Json, json};

use crate::source::Value;

/// A word, what stands behind it and what it says.
#[derive(Debug)]
pub struct Keyword {
    pub name: &'static str,
    pub takes: Takes,
    pub says: &'static str,
}

/// What stands behind a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Text,
    Texts,
    Types,
    Number,
    Count,
    Flag,
    Anything,
    List,
    Schema,
    SchemaOrFlag,
    Schemas,
    /// Lists of texts, by key.
    Names,
}

const fn word(name: &'static str, takes: Takes, says: &'static str) -> Keyword {
    Keyword { name, takes, says }
}

pub const KEYWORDS: &[Keyword] = &[
    word("type", Takes::Types, "What may stand here; a list of them for a scalar of several types"),
    word("description", Takes::Text, "What the option says, for people"),
    word("properties", Takes::Schemas, "The keys of a map"),
    word("required", Takes::Texts, "Keys without which the map, where it is there, means nothing"),
    word("additionalProperties", Takes::SchemaOrFlag, "What every further key of the map holds: a map by name"),
    word("propertyNames", Takes::Schema, "What every key of a map by name must be, as a text"),
    word("items", Takes::Schema, "What the list holds"),
    word("default", Takes::Anything, "What an absent option is; `{}` on a map fills its leaves"),
    word("enum", Takes::List, "The values that may stand here"),
    word("const", Takes::Anything, "The one value that may stand here"),
    word("minimum", Takes::Number, "The least number"),
    word("maximum", Takes::Number, "The greatest number"),
    word("minLength", Takes::Count, "The least number of characters"),
    word("maxLength", Takes::Count, "The greatest number of characters"),
    word("minItems", Takes::Count, "The least number of items"),
    word("maxItems", Takes::Count, "The greatest number of items"),
    word("pattern", Takes::Text, "A regular expression that is found in the text"),
    word("format", Takes::Text, "What the text is: cron, duration, quantity, image, …"),
    word("x-short", Takes::Text, "A scalar or list here means a map with this key"),
    word("x-one-of", Takes::Texts, "Exactly one of these keys must stand in the map"),
    word("x-beside", Takes::Names, "By key of the map: it means something only beside one of these keys"),
    word("x-variants", Takes::Schemas, "By the value of `type`, further keys of the map"),
    word("x-refers-to", Takes::Text, "The text names an entry of this collection"),
    word("x-acyclic", Takes::Flag, "Names of entries that lead from one entry to the next never lead back"),
    word("x-at-most", Takes::Text, "The duration is no longer than the one under this key, here or in a map around it"),
    word(
        "x-not-first",
        Takes::Text,
        "An item with this key is about the one before it, so it is not the first of the list",
    ),
    word("x-unique", Takes::Text, "No two items of the list have the same text under this key"),
    word("x-as-written", Takes::Flag, "A number or boolean here is the text that was written"),
];

impl Keyword {
    pub fn named(name: &str) -> Option<&'static Keyword> {
        KEYWORDS.iter().find(|keyword| keyword.name == name)
    }
}

impl Takes {
    pub(super) fn admits(self, value: &Value) -> bool {
        match self {
            Takes::Text => matches!(value, Value::Text(_)),
            Takes::Types => matches!(value, Value::Text(_) | Value::List(_)),
            Takes::Texts | Takes::List => matches!(value, Value::List(_)),
            Takes::Number => matches!(value, Value::Integer(_) | Value::Float(_)),
            Takes::Count => matches!(value, Value::Integer(0..)),
            Takes::Flag => matches!(value, Value::Bool(_)),
            Takes::Anything => !matches!(value, Value::Null),
            Takes::Schema | Takes::Schemas | Takes::Names => matches!(value, Value::Map(_)),
            Takes::SchemaOrFlag => matches!(value, Value::Map(_) | Value::Bool(_)),
        }
    }

    pub(super) fn phrase(self) -> &'static str {
        match self {
            Takes::Text => "a text",
            Takes::Texts => "a list of texts",
            Takes::Types => "a type or a list of types",
            Takes::Number => "a number",
            Takes::Count => "a whole number that is not negative",
            Takes::Flag => "`true` or `false`",
            Takes::Anything => "a value",
            Takes::List => "a list",
            Takes::Schema => "a schema",
            Takes::SchemaOrFlag => "a schema, `true` or `false`",
            Takes::Schemas => "a map of schemas",
            Takes::Names => "a map of lists of texts",
        }
    }

    /// As JSON Schema; a schema is `#/definitions/schema`.
    pub(crate) fn published(self) -> Json {
        let schema = json!({"$ref": "#/definitions/schema"});
        match self {
            Takes::Text => json!({"type": "string"}),
            Takes::Texts => json!({"type": "array", "items": {"type": "string"}}),
            Takes::Types => json!({"type": ["string", "array"], "items": {"type": "string"}}),
            Takes::Number => json!({"type": "number"}),
            Takes::Count => json!({"type": "integer", "minimum": 0}),
            Takes::Flag => json!({"type": "boolean"}),
            Takes::Anything => json!({}),
            Takes::List => json!({"type": "array"}),
            Takes::Schema => schema,
            Takes::SchemaOrFlag => json!({"anyOf": [{"type": "boolean"}, schema]}),
            Takes::Schemas => json!({"type": "object", "additionalProperties": schema}),
            Takes::Names => json!({"type": "object", "additionalProperties": Takes::Texts.published()}),
        }
    }
}
