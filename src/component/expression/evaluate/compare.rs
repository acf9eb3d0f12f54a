//! `==`, `<`, `in`: never between unlike types.

use std::cmp::Ordering;

use serde_json::{Number, Value as Json};

use super::described;
use crate::component::expression::term::Comparison;

type Decided = Result<bool, String>;

pub(super) fn compare(by: Comparison, left: &Json, right: &Json) -> Decided {
    match by {
        Comparison::Equal => equal(left, right),
        Comparison::Unequal => equal(left, right).map(|same| !same),
        Comparison::Less => ordered(by, left, right).map(Ordering::is_lt),
        Comparison::LessOrEqual => ordered(by, left, right).map(Ordering::is_le),
        Comparison::Greater => ordered(by, left, right).map(Ordering::is_gt),
        Comparison::GreaterOrEqual => ordered(by, left, right).map(Ordering::is_ge),
    }
}

fn equal(left: &Json, right: &Json) -> Decided {
    match (left, right) {
        (Json::Null, other) | (other, Json::Null) => Ok(other.is_null()),
        (Json::Bool(left), Json::Bool(right)) => Ok(left == right),
        (Json::String(left), Json::String(right)) => Ok(left == right),
        (Json::Number(left), Json::Number(right)) => Ok(order(left, right).is_eq()),
        _ => Err(format!("{} and {} cannot be compared", described(left), described(right))),
    }
}

fn ordered(by: Comparison, left: &Json, right: &Json) -> Result<Ordering, String> {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => Ok(order(left, right)),
        (Json::Number(_), other) | (other, _) => {
            Err(format!("`{}` compares numbers, and one side is {}", by.sign(), described(other)))
        }
    }
}

fn order(left: &Number, right: &Number) -> Ordering {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => {
            let float = |number: &Number| number.as_f64().unwrap_or(f64::NAN);
            float(left).total_cmp(&float(right))
        }
    }
}

pub(super) fn within(left: &Json, right: &Json) -> Decided {
    match (left, right) {
        (item, Json::Array(list)) => found(item, list),
        (Json::Null, Json::Object(_) | Json::String(_)) => Ok(false),
        (Json::String(key), Json::Object(map)) => Ok(map.get(key).is_some_and(|value| !value.is_null())),
        (Json::String(part), Json::String(text)) => Ok(text.contains(part.as_str())),
        (other, Json::Object(_) | Json::String(_)) => {
            Err(format!("`in` looks for a text, not for {}", described(other)))
        }
        (_, other) => Err(format!("`in` looks into a list, a map or a text, not into {}", described(other))),
    }
}

fn found(item: &Json, list: &[Json]) -> Decided {
    for other in list {
        if equal(item, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}
