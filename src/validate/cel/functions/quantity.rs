//! What rules ask of quantities.

use std::cmp::Ordering;

use super::super::value::Value;
use super::super::{Result, Stop};
use super::Tools;
use crate::validate::quantity::{ONE, Quantity};

pub const NAMES: &[&str] = &[
    "add",
    "asApproximateFloat",
    "asInteger",
    "compareTo",
    "isGreaterThan",
    "isInteger",
    "isLessThan",
    "isQuantity",
    "quantity",
    "sign",
    "sub",
];

pub fn call<'a>(name: &str, arguments: &[Value<'a>], _: Tools) -> Option<Result<Value<'a>>> {
    match (name, arguments) {
        ("isQuantity", [Value::Text(text)]) => Some(Ok(Value::Bool(Quantity::is_one(text)))),
        ("quantity", [Value::Text(text)]) => {
            let is_one = Quantity::is_one(text);
            let too_large = if is_one { Stop::unknown("it counts with very large numbers") } else { wrong(text) };
            Some(Quantity::read(text).map(Value::Quantity).ok_or(too_large))
        }
        (_, [Value::Quantity(quantity)]) => alone(name, *quantity),
        (_, [Value::Quantity(one), Value::Quantity(other)]) => two(name, *one, other.0),
        ("add" | "sub", [Value::Quantity(one), Value::Int(other)]) => two(name, *one, i128::from(*other) * ONE),
        _ => None,
    }
}

fn wrong(text: &str) -> Stop {
    Stop::fails(format!("`{text}` is no quantity"))
}

fn alone<'a>(name: &str, quantity: Quantity) -> Option<Result<Value<'a>>> {
    Some(Ok(match name {
        "sign" => Value::Int(i64::try_from(quantity.0.signum()).unwrap_or(0)),
        "isInteger" => Value::Bool(quantity.integer().is_some()),
        "asInteger" => match quantity.integer() {
            Some(integer) => Value::Int(integer),
            None => return Some(Err(Stop::fails("cannot convert value to integer"))),
        },
        "asApproximateFloat" => Value::Double(quantity.0 as f64 / ONE as f64),
        _ => return None,
    }))
}

fn two<'a>(name: &str, one: Quantity, other: i128) -> Option<Result<Value<'a>>> {
    let too_large = || Stop::unknown("it counts with very large numbers");
    Some(match name {
        "isLessThan" => Ok(Value::Bool(one.0 < other)),
        "isGreaterThan" => Ok(Value::Bool(one.0 > other)),
        "compareTo" => Ok(Value::Int(match one.0.cmp(&other) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        })),
        "add" => one.0.checked_add(other).map(|sum| Value::Quantity(Quantity(sum))).ok_or_else(too_large),
        "sub" => one.0.checked_sub(other).map(|rest| Value::Quantity(Quantity(rest))).ok_or_else(too_large),
        _ => return None,
    })
}
