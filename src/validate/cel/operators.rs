//! Operators: equality, order, sums.

use std::cmp::Ordering;
use std::rc::Rc;

use cel::common::ast::operators as name;
use serde_json::Value as Json;

use super::evaluate::Budget;
use super::value::Value;
use super::{Result, Stop};

/// A binary operator; none where it does not take these types.
pub fn binary<'a>(operator: &str, left: &Value<'a>, right: &Value<'a>, budget: &Budget) -> Option<Result<Value<'a>>> {
    Some(match operator {
        name::EQUALS => equal(left, right, budget).map(Value::Bool),
        name::NOT_EQUALS => equal(left, right, budget).map(|equal| Value::Bool(!equal)),
        name::LESS => Ok(Value::Bool(order(left, right)? == Ordering::Less)),
        name::LESS_EQUALS => Ok(Value::Bool(order(left, right)? != Ordering::Greater)),
        name::GREATER => Ok(Value::Bool(order(left, right)? == Ordering::Greater)),
        name::GREATER_EQUALS => Ok(Value::Bool(order(left, right)? != Ordering::Less)),
        name::IN => return contains(right, left, budget),
        name::ADD => return add(left, right, budget),
        name::SUBSTRACT => return subtract(left, right),
        name::MULTIPLY | name::DIVIDE | name::MODULO => return product(operator, left, right),
        _ => return None,
    })
}

/// Numbers are compared as numbers, whatever their type.
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Bytes(left), Value::Bytes(right)) => Some(left.cmp(right)),
        (Value::Duration(left), Value::Duration(right)) => Some(left.cmp(right)),
        (Value::Timestamp(left), Value::Timestamp(right)) => Some(left.cmp(right)),
        (Value::Double(left), right) => left.partial_cmp(&as_double(right)?),
        (left, Value::Double(right)) => as_double(left)?.partial_cmp(right),
        (left, right) => Some(as_integer(left)?.cmp(&as_integer(right)?)),
    }
}

fn as_integer(value: &Value) -> Option<i128> {
    match value {
        Value::Int(value) => Some(i128::from(*value)),
        Value::Uint(value) => Some(i128::from(*value)),
        _ => None,
    }
}

fn as_double(value: &Value) -> Option<f64> {
    match value {
        Value::Double(value) => Some(*value),
        other => as_integer(other).map(|value| value as f64),
    }
}

/// Values of unlike types are not equal.
pub fn equal(left: &Value, right: &Value, budget: &Budget) -> Result<bool> {
    budget.charge(1)?;
    if let Some(order) = order(left, right) {
        return Ok(order == Ordering::Equal);
    }
    if let (Some(ones), Some(others)) = (left.items(), right.items()) {
        return equal_lists(&ones?, &others?, is_set(left) || is_set(right), budget);
    }
    if let (Some(ones), Some(others)) = (left.entries(), right.entries()) {
        return equal_maps(&ones?, &others?, budget);
    }
    Ok(match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Type(left), Value::Type(right)) | (Value::Format(left), Value::Format(right)) => left == right,
        (Value::Quantity(left), Value::Quantity(right)) => left == right,
        (Value::Url(left), Value::Url(right)) => left == right,
        (Value::Address(left), Value::Address(right)) => left == right,
        (Value::Network(left), Value::Network(right)) => left == right,
        (Value::Optional(None), Value::Optional(None)) => true,
        (Value::Optional(Some(left)), Value::Optional(Some(right))) => equal(left, right, budget)?,
        _ => false,
    })
}

/// Whether the order of a list does not matter: of sets, and of lists that are maps.
fn is_set(value: &Value) -> bool {
    unordered(value).is_some()
}

fn unordered<'a>(value: &Value<'a>) -> Option<&'a Json> {
    match value {
        Value::Items(_, items) => items.get(super::UNORDERED),
        _ => None,
    }
}

fn equal_lists(ones: &[Value], others: &[Value], any_order: bool, budget: &Budget) -> Result<bool> {
    if ones.len() != others.len() {
        return Ok(false);
    }
    if any_order {
        return all(ones, |one| holds(others, one, budget));
    }
    let mut pairs = ones.iter().zip(others);
    pairs.try_fold(true, |so_far, (one, other)| Ok(so_far && equal(one, other, budget)?))
}

fn equal_maps(ones: &[(Value, Value)], others: &[(Value, Value)], budget: &Budget) -> Result<bool> {
    let is_in = |(key, value): &(Value, Value)| {
        for (other, found) in others {
            if equal(key, other, budget)? {
                return equal(value, found, budget);
            }
        }
        Ok(false)
    };
    Ok(ones.len() == others.len() && all(ones, is_in)?)
}

fn all<T>(items: &[T], mut each: impl FnMut(&T) -> Result<bool>) -> Result<bool> {
    for item in items {
        if !each(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether one of the items equals a value.
pub fn holds(items: &[Value], wanted: &Value, budget: &Budget) -> Result<bool> {
    for item in items {
        if equal(item, wanted, budget)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn contains<'a>(place: &Value<'a>, wanted: &Value<'a>, budget: &Budget) -> Option<Result<Value<'a>>> {
    if let Value::Entries(map, _) = place {
        return Some(Ok(Value::Bool(matches!(wanted, Value::Text(key) if map.contains_key(&**key)))));
    }
    let found = match place {
        Value::Map(map) => map.iter().map(|(key, _)| key.clone()).collect(),
        list => match list.items()? {
            Ok(items) => items,
            Err(stop) => return Some(Err(stop)),
        },
    };
    Some(holds(&found, wanted, budget).map(Value::Bool))
}

fn add<'a>(left: &Value<'a>, right: &Value<'a>, budget: &Budget) -> Option<Result<Value<'a>>> {
    Some(match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_add(*right).map(Value::Int).ok_or_else(overflow),
        (Value::Uint(left), Value::Uint(right)) => left.checked_add(*right).map(Value::Uint).ok_or_else(overflow),
        (Value::Double(left), Value::Double(right)) => Ok(Value::Double(left + right)),
        (Value::Duration(left), Value::Duration(right)) => {
            left.checked_add(*right).map(Value::Duration).ok_or_else(overflow)
        }
        (Value::Timestamp(time), Value::Duration(span)) | (Value::Duration(span), Value::Timestamp(time)) => {
            Ok(Value::Timestamp(time.saturating_add(i128::from(*span))))
        }
        (Value::Text(left), Value::Text(right)) => {
            budget.charge(left.len() + right.len()).map(|()| Value::owned_text(format!("{left}{right}")))
        }
        (Value::Bytes(left), Value::Bytes(right)) => {
            budget.charge(left.len() + right.len()).map(|()| Value::Bytes([&**left, &**right].concat().into()))
        }
        (left, right) => joined(left, left.items()?, right.items()?, budget),
    })
}

/// A set takes only what it does not hold.
fn joined<'a>(
    left: &Value<'a>,
    ones: Result<Vec<Value<'a>>>,
    others: Result<Vec<Value<'a>>>,
    budget: &Budget,
) -> Result<Value<'a>> {
    if unordered(left).is_some_and(Json::is_array) {
        return Err(Stop::unknown("it joins lists that are maps"));
    }
    let (mut ones, others) = (ones?, others?);
    budget.charge(ones.len() + others.len())?;
    for other in others {
        if !is_set(left) || !holds(&ones, &other, budget)? {
            ones.push(other);
        }
    }
    Ok(Value::List(Rc::new(ones)))
}

fn subtract<'a>(left: &Value<'a>, right: &Value<'a>) -> Option<Result<Value<'a>>> {
    Some(match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_sub(*right).map(Value::Int).ok_or_else(overflow),
        (Value::Uint(left), Value::Uint(right)) => left.checked_sub(*right).map(Value::Uint).ok_or_else(overflow),
        (Value::Double(left), Value::Double(right)) => Ok(Value::Double(left - right)),
        (Value::Duration(left), Value::Duration(right)) => {
            left.checked_sub(*right).map(Value::Duration).ok_or_else(overflow)
        }
        (Value::Timestamp(left), Value::Duration(right)) => {
            Ok(Value::Timestamp(left.saturating_sub(i128::from(*right))))
        }
        (Value::Timestamp(left), Value::Timestamp(right)) => {
            let between = left.checked_sub(*right).and_then(|span| i64::try_from(span).ok());
            between.map(Value::Duration).ok_or_else(overflow)
        }
        _ => return None,
    })
}

fn product<'a>(operator: &str, left: &Value<'a>, right: &Value<'a>) -> Option<Result<Value<'a>>> {
    let is_nothing = matches!(right, Value::Int(0) | Value::Uint(0));
    if is_nothing && operator != name::MULTIPLY && std::mem::discriminant(left) == std::mem::discriminant(right) {
        let what = if operator == name::DIVIDE { "division by zero" } else { "modulus by zero" };
        return Some(Err(Stop::fails(what)));
    }
    let result = match (operator, left, right) {
        (name::MULTIPLY, Value::Int(left), Value::Int(right)) => left.checked_mul(*right).map(Value::Int),
        (name::DIVIDE, Value::Int(left), Value::Int(right)) => left.checked_div(*right).map(Value::Int),
        (name::MODULO, Value::Int(left), Value::Int(right)) => left.checked_rem(*right).map(Value::Int),
        (name::MULTIPLY, Value::Uint(left), Value::Uint(right)) => left.checked_mul(*right).map(Value::Uint),
        (name::DIVIDE, Value::Uint(left), Value::Uint(right)) => left.checked_div(*right).map(Value::Uint),
        (name::MODULO, Value::Uint(left), Value::Uint(right)) => left.checked_rem(*right).map(Value::Uint),
        (name::MULTIPLY, Value::Double(left), Value::Double(right)) => Some(Value::Double(left * right)),
        (name::DIVIDE, Value::Double(left), Value::Double(right)) => Some(Value::Double(left / right)),
        _ => return None,
    };
    Some(result.ok_or_else(overflow))
}

pub fn overflow() -> Stop {
    Stop::fails("integer overflow")
}
