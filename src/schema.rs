//! The option schema: the subset of JSON Schema in which components say what `platform.yaml` may hold.
//!
//! No `anyOf`, `oneOf`, `not`: a fault is always about one branch. What they are used for elsewhere is said by four words
//! of ours: `x-short`, `x-one-of`, `x-variants` and `x-refers-to`.

pub mod check;
pub mod format;
pub mod publish;
pub mod read;

use indexmap::IndexMap;

use crate::source::{Node, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
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
    /// `x-variants`: by the value of `type`, the further keys.
    pub variants: IndexMap<String, Schema>,
    /// `x-refers-to: a.b`: the name of an entry there.
    pub refers_to: Option<String>,
    /// `x-as-written: true`: any scalar, taken as the text that was written.
    pub as_written: bool,
}

/// A compiled `pattern`.
#[derive(Debug, Clone)]
pub struct Pattern(pub regex::Regex);

impl Schema {
    pub fn is_object(&self) -> bool {
        self.types == [Type::Object]
    }

    /// True where keys beyond `properties` may stand.
    pub fn is_open(&self) -> bool {
        self.additional.is_some() || (self.properties.is_empty() && self.variants.is_empty())
    }
}
