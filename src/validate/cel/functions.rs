//! Functions: those of the language, and those that Kubernetes adds.
//!
//! Each group has a table of its names and a `call`, which gives none where it takes no such arguments.

pub mod bytes;
mod conversions;
mod formats;
mod lists;
pub mod net;
pub mod quantity;
mod text;
pub mod time;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use regex::Regex;

use super::evaluate::Budget;
use super::operators::overflow;
use super::value::Value;
use super::{Result, Stop};

/// Regular expressions, each compiled once.
#[derive(Debug, Default)]
pub struct Patterns(Mutex<BTreeMap<String, Option<Regex>>>);

/// An object can make up patterns of its own: so many are kept.
const MOST_PATTERNS: usize = 500;

impl Patterns {
    fn get(&self, text: &str) -> Result<Regex> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > MOST_PATTERNS {
            known.clear();
        }
        let found = known.entry(text.to_owned()).or_insert_with_key(|text| Regex::new(text).ok());
        found.clone().ok_or_else(|| Stop::unknown(format!("the pattern `{text}` is not one that we know")))
    }
}

/// What functions need beside their arguments.
#[derive(Clone, Copy)]
pub struct Tools<'t> {
    pub patterns: &'t Patterns,
    pub budget: &'t Budget,
}

type Call = for<'a> fn(&str, &[Value<'a>], Tools) -> Option<Result<Value<'a>>>;

const GROUPS: [(&[&str], Call); 8] = [
    (text::NAMES, text::call),
    (lists::NAMES, lists::call),
    (conversions::NAMES, conversions::call),
    (time::NAMES, time::call),
    (quantity::NAMES, quantity::call),
    (net::NAMES, net::call),
    (formats::NAMES, formats::call),
    (OPTIONALS, optionals),
];

/// Operators, and what the evaluator does itself.
const OWN: [&str; 3] = ["or", "orValue", "@not_strictly_false"];

pub fn all() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|(names, _)| names.iter().copied()).chain(OWN)
}

pub fn is_known(name: &str) -> bool {
    let is_operator = name.contains('_') && !name.contains(|letter: char| letter.is_ascii_alphanumeric());
    is_operator || name == "@in" || all().any(|known| known == name)
}

/// None where no function takes these arguments.
pub fn call<'a>(
    name: &str,
    arguments: &[Value<'a>],
    patterns: &Patterns,
    budget: &Budget,
) -> Option<Result<Value<'a>>> {
    let tools = Tools { patterns, budget };
    let groups = GROUPS.iter().filter(|(names, _)| names.contains(&name));
    groups.into_iter().find_map(|(_, call)| call(name, arguments, tools))
}

pub fn negate<'a>(value: &Value<'a>) -> Option<Result<Value<'a>>> {
    Some(match value {
        Value::Int(value) => value.checked_neg().map(Value::Int).ok_or_else(overflow),
        Value::Double(value) => Ok(Value::Double(-value)),
        Value::Duration(value) => value.checked_neg().map(Value::Duration).ok_or_else(overflow),
        _ => return None,
    })
}

const OPTIONALS: &[&str] = &["hasValue", "optional.none", "optional.of", "optional.ofNonZeroValue", "value"];

fn optionals<'a>(name: &str, arguments: &[Value<'a>], _: Tools) -> Option<Result<Value<'a>>> {
    Some(Ok(match (name, arguments) {
        ("optional.none", []) => Value::Optional(None),
        ("optional.of", [value]) => Value::optional(Some(value.clone())),
        ("optional.ofNonZeroValue", [value]) => Value::optional(Some(value.clone()).filter(|value| !is_zero(value))),
        ("hasValue", [Value::Optional(found)]) => Value::Bool(found.is_some()),
        ("value", [Value::Optional(Some(found))]) => (**found).clone(),
        ("value", [Value::Optional(None)]) => return Some(Err(Stop::fails("optional.none() dereference"))),
        _ => return None,
    }))
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) | Value::Uint(0) | Value::Duration(0) => true,
        Value::Double(value) => *value == 0.0,
        other => other.len() == Some(0),
    }
}
