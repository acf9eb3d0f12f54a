//! The option schema: the subset of JSON Schema in which components say what `platform.yaml` may hold.
//!
//! No `anyOf`, `oneOf`, `not`: a fault is always about one branch. What they are used for elsewhere is said by four words
//! of ours: `x-short`, `x-one-of`, `x-variants` and `x-refers-to`.

pub mod check;
pub mod format;
pub mod publish;
pub mod read;
pub mod relations;
pub mod spell;

use indexmap::IndexMap;

use crate::source::{Node, Span, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
}

impl Type {
    pub const ALL: &'static [Type] =
        &[Type::Object, Type::Array, Type::String, Type::Integer, Type::Number, Type::Boolean];

    /// What JSON Schema calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Type::Object => "object",
            Type::Array => "array",
            Type::String => "string",
            Type::Integer => "integer",
            Type::Number => "number",
            Type::Boolean => "boolean",
        }
    }

    /// What it is called in a sentence.
    pub fn phrase(self) -> &'static str {
        match self {
            Type::Object => "a map",
            Type::Array => "a list",
            Type::String => "a text",
            Type::Integer => "a whole number",
            Type::Number => "a number",
            Type::Boolean => "a boolean",
        }
    }

    /// Whether a node is of this type.
    pub fn admits(self, value: &Value) -> bool {
        match self {
            Type::Object => matches!(value, Value::Map(_)),
            Type::Array => matches!(value, Value::List(_)),
            Type::String => matches!(value, Value::Text(_)),
            Type::Integer => matches!(value, Value::Integer(_)),
            Type::Number => matches!(value, Value::Integer(_) | Value::Float(_)),
            Type::Boolean => matches!(value, Value::Bool(_)),
        }
    }
}

/// The key whose value decides which of the variants holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tag {
    /// `type`, in the options of components.
    #[default]
    Type,
    /// `provider`, where a capability stands in platform.yaml.
    Provider,
}

impl Tag {
    pub fn as_str(self) -> &'static str {
        match self {
            Tag::Type => "type",
            Tag::Provider => "provider",
        }
    }
}

/// What may stand at one place of a document.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// Where the schema itself stands, if it was read from a file.
    pub span: Option<Span>,
    /// None: anything. Two or more: a list of scalar types.
    pub types: Vec<Type>,
    pub description: Option<String>,
    pub properties: IndexMap<String, Schema>,
    pub required: Vec<String>,
    /// What the values of further keys must be; none: no further keys, where there are `properties`.
    pub additional: Option<Box<Schema>>,
    /// What the keys must be, each as a text.
    pub property_names: Option<Box<Schema>>,
    pub items: Option<Box<Schema>>,
    pub default: Option<Node>,
    pub allowed: Vec<Node>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    /// A regular expression that must be found in the text.
    pub pattern: Option<Pattern>,
    pub format: Option<format::Format>,
    /// `x-short: KEY`: a scalar or list here means `{KEY: it}`.
    pub short: Option<String>,
    /// `x-one-of: [a, b]`: exactly one of these keys.
    pub one_of: Vec<String>,
    /// `x-beside: {a: [b, c]}`: `a` means something only beside one of these keys.
    pub beside: IndexMap<String, Vec<String>>,
    /// `x-variants`: by the value of [`Schema::tag`], the further keys.
    pub variants: IndexMap<String, Schema>,
    pub tag: Tag,
    /// `x-refers-to: a.b`: the name of an entry there.
    pub refers_to: Option<String>,
    /// `x-acyclic: true`: following these names from entry to entry never leads back.
    pub acyclic: bool,
    /// `x-at-most: KEY`: the duration is no longer than that under the key, here or in a map around it.
    pub at_most: Option<String>,
    /// `x-not-first: KEY`: an item with the key is not the first.
    pub not_first: Option<String>,
    /// `x-unique: KEY`: no two items have the same text under the key.
    pub unique: Option<String>,
    /// `x-as-written: true`: any scalar, taken as the text that was written.
    pub as_written: bool,
    /// A free tree in which null is a value, too: where an overlay's null takes nothing away, it stays.
    pub keeps_nulls: bool,
}

/// A compiled `pattern`.
#[derive(Debug, Clone)]
pub struct Pattern(pub regex::Regex);

impl Schema {
    pub fn is_object(&self) -> bool {
        self.types == [Type::Object]
    }

    /// Whether a node's type is one of those that may stand here.
    pub fn admits(&self, value: &Value) -> bool {
        self.types.is_empty() || self.types.iter().any(|allowed| allowed.admits(value))
    }

    /// What may stand here, in words: "a text or a whole number".
    pub fn phrase(&self) -> String {
        match (self.types.as_slice(), self.format) {
            ([], _) => "anything".into(),
            ([Type::String], Some(format)) => format.phrase().into(),
            ([Type::Boolean], _) => "`true` or `false`".into(),
            ([one], _) => one.phrase().into(),
            ([before @ .., last], _) => {
                let before: Vec<&str> = before.iter().map(|expected| expected.phrase()).collect();
                format!("{} or {}", before.join(", "), last.phrase())
            }
        }
    }

    /// The variant that `value` chooses: its tag's value, or what the tag is by default.
    pub fn variant(&self, value: &Node) -> Option<&Schema> {
        let tag = self.tag.as_str();
        let default = || self.properties.get(tag)?.default.as_ref();
        let chosen = value.get(tag).or_else(default)?;
        self.variants.get(chosen.as_str()?)
    }

    /// What stands under a key of a map with that variant.
    pub fn below<'s>(&'s self, variant: Option<&'s Self>, key: &str) -> Option<&'s Self> {
        let parts = || std::iter::once(self).chain(variant);
        let named = parts().find_map(|part| part.properties.get(key));
        named.or_else(|| parts().find_map(|part| part.additional.as_deref()))
    }

    /// True where keys beyond `properties` may stand.
    pub fn is_open(&self) -> bool {
        self.additional.is_some() || (self.properties.is_empty() && self.variants.is_empty())
    }
}
