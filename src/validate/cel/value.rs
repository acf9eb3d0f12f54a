//! Values: parts of an object, typed by its schema, and what expressions make of them.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::{Map, Value as Json};

use super::functions::bytes::from_base64;
use super::functions::net::{Network, Url};
use super::functions::time;
use super::{Result, Stop};
use crate::validate::quantity::Quantity;

#[derive(Debug, Clone)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Cow<'a, str>),
    Bytes(Rc<[u8]>),
    /// Nanoseconds.
    Duration(i64),
    /// Nanoseconds since 1970.
    Timestamp(i128),
    List(Rc<Vec<Value<'a>>>),
    Map(Rc<Vec<(Value<'a>, Value<'a>)>>),
    /// A list of the object and its schema.
    Items(&'a [Json], &'a Json),
    /// A map of the object whose keys are free, and its schema.
    Entries(&'a Map<String, Json>, &'a Json),
    /// A map of the object whose keys its schema names.
    Fields(&'a Map<String, Json>, &'a Json),
    Optional(Option<Rc<Value<'a>>>),
    Type(&'static str),
    Quantity(Quantity),
    Url(Rc<Url>),
    Address(std::net::IpAddr),
    Network(Network),
    /// A named format, as `format.uuid()` gives it.
    Format(&'static str),
}

impl<'a> Value<'a> {
    /// A part of an object, by the type that its schema gives it.
    pub fn of(json: &'a Json, schema: &'a Json) -> Result<Self> {
        Ok(match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => Self::number(number, schema)?,
            Json::String(text) => return Self::text(text, schema),
            Json::Array(list) => Value::Items(list, schema.get("items").unwrap_or(&Json::Null)),
            Json::Object(map) => match schema.get("additionalProperties") {
                Some(values) if values.is_object() => Value::Entries(map, values),
                _ => Value::Fields(map, schema),
            },
        })
    }

    fn number(number: &serde_json::Number, schema: &Json) -> Result<Self> {
        let is_double = schema.get("type").and_then(Json::as_str) == Some("number");
        let integer = || {
            number.as_i64().or_else(|| number.as_f64().filter(|value| value.fract() == 0.0).map(|value| value as i64))
        };
        match (is_double, integer()) {
            (false, Some(integer)) => Ok(Value::Int(integer)),
            _ => number.as_f64().map(Value::Double).ok_or_else(|| Stop::unknown("a number is out of range")),
        }
    }

    fn text(text: &'a str, schema: &Json) -> Result<Self> {
        let read = match schema.get("format").and_then(Json::as_str) {
            Some("date-time" | "date") => time::timestamp(text).map(Value::Timestamp),
            Some("duration") => time::duration(text).map(Value::Duration),
            Some("byte") => from_base64(text).map(|bytes| Value::Bytes(bytes.into())),
            _ => Some(Value::Text(Cow::Borrowed(text))),
        };
        read.ok_or_else(|| Stop::unknown(format!("`{text}` is not of the format that its schema names")))
    }

    pub fn owned_text(text: impl Into<String>) -> Self {
        Value::Text(Cow::Owned(text.into()))
    }

    pub fn list(values: Vec<Value<'a>>) -> Self {
        Value::List(Rc::new(values))
    }

    pub fn optional(value: Option<Value<'a>>) -> Self {
        Value::Optional(value.map(Rc::new))
    }

    /// What `type()` says.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null_type",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Uint(_) => "uint",
            Value::Double(_) => "double",
            Value::Text(_) => "string",
            Value::Bytes(_) => "bytes",
            Value::Duration(_) => "duration",
            Value::Timestamp(_) => "timestamp",
            Value::List(_) | Value::Items(..) => "list",
            Value::Map(_) | Value::Entries(..) => "map",
            Value::Fields(..) => "object",
            Value::Optional(_) => "optional_type",
            Value::Type(_) => "type",
            Value::Quantity(_) => "kubernetes.Quantity",
            Value::Url(_) => "kubernetes.URL",
            Value::Address(_) => "net.IP",
            Value::Network(_) => "net.CIDR",
            Value::Format(_) => "kubernetes.NamedFormat",
        }
    }

    /// How many things it holds.
    pub fn len(&self) -> Option<usize> {
        Some(match self {
            Value::Text(text) => text.chars().count(),
            Value::Bytes(bytes) => bytes.len(),
            Value::List(list) => list.len(),
            Value::Map(map) => map.len(),
            Value::Items(list, _) => list.len(),
            Value::Entries(map, _) | Value::Fields(map, _) => map.len(),
            _ => return None,
        })
    }

    /// The item of a list, or the key of a map, that a loop comes to.
    pub fn nth(&self, at: usize) -> Option<Result<Value<'a>>> {
        match self {
            Value::List(list) => list.get(at).cloned().map(Ok),
            Value::Map(map) => map.get(at).map(|(key, _)| Ok(key.clone())),
            Value::Items(list, schema) => list.get(at).map(|item| Value::of(item, schema)),
            Value::Entries(map, _) => map.keys().nth(at).map(|key| Ok(Value::Text(Cow::Borrowed(key)))),
            _ => None,
        }
    }

    /// Items of a list.
    pub fn items(&self) -> Option<Result<Vec<Value<'a>>>> {
        match self {
            Value::List(list) => Some(Ok(list.to_vec())),
            Value::Items(list, schema) => Some(list.iter().map(|item| Value::of(item, schema)).collect()),
            _ => None,
        }
    }

    /// Keys and values of a map.
    pub fn entries(&self) -> Option<Result<Vec<(Value<'a>, Value<'a>)>>> {
        let entry = |(key, value): (&'a String, &'a Json), schema: &'a Json| {
            Ok((Value::Text(Cow::Borrowed(key.as_str())), Value::of(value, schema)?))
        };
        match self {
            Value::Map(map) => Some(Ok(map.to_vec())),
            Value::Entries(map, schema) => Some(map.iter().map(|each| entry(each, schema)).collect()),
            Value::Fields(map, schema) => Some(
                map.iter().map(|each| entry(each, schema.pointer(&pointer(each.0)).unwrap_or(&Json::Null))).collect(),
            ),
            _ => None,
        }
    }
}

/// Where the schema of a field stands.
pub fn pointer(field: &str) -> String {
    format!("/properties/{}", field.replace('~', "~0").replace('/', "~1"))
}
