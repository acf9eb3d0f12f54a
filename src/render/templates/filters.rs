//! The filters: Jinja's own but those that print Python's words or pass text by the formatter, and nine of ours.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Serde, ValueKind};
use minijinja::{Environment, Error, Value};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::fault::{Cause, refused};
use super::manner::text_of;
use super::python;
use crate::schema::format;
use crate::source::write::block;

/// Before a block that goes on the lines after its key. Neither sign can come from a value: in YAML they are escaped.
pub const BELOW: char = '\u{1}';

/// Before a block that starts in the line of its key: `{}`, `[]`, a scalar.
pub const BESIDE: char = '\u{2}';

/// Jinja's filters that are taken away: what they print is not what YAML means, or would not be escaped.
const REMOVED: [&str; 6] = ["safe", "escape", "e", "string", "pprint", "format"];

/// All that are there; the pages of the docs list them.
pub const KNOWN: [&str; 49] = [
    "abs",
    "attr",
    "batch",
    "bool",
    "capitalize",
    "chain",
    "count",
    "d",
    "default",
    "dictsort",
    "digest",
    "first",
    "float",
    "groupby",
    "identifier",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "markdown",
    "max",
    "min",
    "present",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "seconds",
    "select",
    "selectattr",
    "slice",
    "sort",
    "split",
    "sum",
    "text",
    "timedelta",
    "title",
    "trim",
    "unique",
    "upper",
    "yaml",
    "zip",
];

pub fn set(environment: &mut Environment<'static>) {
    REMOVED.iter().for_each(|name| environment.remove_filter(name));
    environment.remove_global("debug");
    // Jinja's `namespace`, whose entries can be set inside loops; here that word is the Kubernetes namespace.
    environment.remove_global("namespace");
    environment.add_function("variables", minijinja::functions::namespace);
    environment.add_filter("text", text);
    environment.add_filter("join", join);
    environment.add_filter("yaml", yaml);
    environment.add_filter("markdown", markdown);
    environment.add_filter("identifier", identifier);
    environment.add_filter("timedelta", timedelta);
    environment.add_filter("seconds", seconds);
    environment.add_filter("digest", digest);
    environment.add_filter("present", present);
}

/// A piece of Python, which stands there as it is. No text of a user gets into one but as a name.
#[derive(Debug)]
pub struct Code(pub String);

impl Object for Code {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// A text as a name of Python's.
fn identifier(value: &Value) -> Result<Value, Error> {
    defined(value)?;
    match value.as_str().filter(|text| python::is_identifier(text)) {
        Some(text) => Ok(Value::from_object(Code(text.to_owned()))),
        None => Err(refused(Cause::NotIdentifier)),
    }
}

/// A duration as Python's `timedelta`.
fn timedelta(value: &Value) -> Result<Value, Error> {
    defined(value)?;
    let seconds = value.as_str().and_then(format::seconds).ok_or_else(|| refused(Cause::NotDuration))?;
    Ok(Value::from_object(Code(python::timedelta(seconds))))
}

/// A duration as a number.
fn seconds(value: &Value) -> Result<u64, Error> {
    defined(value)?;
    let seconds = value.as_str().and_then(format::seconds).ok_or_else(|| refused(Cause::NotDuration))?;
    Ok(seconds.ceil() as u64)
}

/// What changes with a value, short enough for an annotation or a name.
fn digest(value: &Value) -> Result<String, Error> {
    defined(value)?;
    let json = serde_json::to_string(value).map_err(|_| refused(Cause::NotScalar))?;
    let hash = Sha256::digest(json);
    Ok(hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

/// A map without what is none in it, at any depth, and without maps that hold nothing else.
fn present(value: &Value) -> Result<Value, Error> {
    defined(value)?;
    let json = serde_json::to_value(value).map_err(|_| refused(Cause::NotScalar))?;
    Ok(Value::from(Serde(&without_none(json))))
}

fn without_none(json: Json) -> Json {
    let Json::Object(map) = json else { return json };
    let is_there = |below: &Json| !below.is_null() && below.as_object().is_none_or(|map| !map.is_empty());
    map.into_iter().map(|(key, below)| (key, without_none(below))).filter(|(_, below)| is_there(below)).collect()
}

/// A piece of YAML on its way to the page, which knows the column it stands in.
#[derive(Debug)]
pub struct Block(pub String);

impl Object for Block {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

fn defined(value: &Value) -> Result<(), Error> {
    if value.is_undefined() { Err(refused(Cause::Undefined)) } else { Ok(()) }
}

/// A scalar as a text: `true`, `1`, `1.5`.
fn text(value: &Value) -> Result<String, Error> {
    defined(value)?;
    text_of(value, Cause::NotScalar).map_err(refused)
}

/// A text on one line that Markdown shows as it was written, in a table too.
fn markdown(value: &Value) -> Result<String, Error> {
    let mut out = String::new();
    for c in text(value)?.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if r"\`*_{}[]<>#|".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    Ok(out)
}

/// The items as text, with `between` between them.
fn join(value: &Value, between: Option<&str>) -> Result<String, Error> {
    defined(value)?;
    let items: Result<Vec<String>, Cause> = value.try_iter()?.map(|item| text_of(&item, Cause::NotScalar)).collect();
    Ok(items.map_err(refused)?.join(between.unwrap_or_default()))
}

/// A value in block style, as if it stood in column 0.
fn yaml(value: &Value) -> Result<Value, Error> {
    defined(value)?;
    if value.is_none() {
        return Err(refused(Cause::Nothing));
    }
    let json = serde_json::to_value(value).map_err(|_| refused(Cause::NotScalar))?;
    let is_below = matches!(value.kind(), ValueKind::Map | ValueKind::Seq | ValueKind::Iterable) && !is_empty(&json);
    let sign = if is_below { BELOW } else { BESIDE };
    Ok(Value::from_object(Block(format!("{sign}{}", block(&json, 0)))))
}

fn is_empty(json: &Json) -> bool {
    json.as_array().is_some_and(Vec::is_empty) || json.as_object().is_some_and(serde_json::Map::is_empty)
}
