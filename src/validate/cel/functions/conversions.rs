//! From one type to another.

use std::rc::Rc;

use super::super::value::Value;
use super::super::{Result, Stop};
use super::{Tools, time};

pub const NAMES: &[&str] = &["bool", "bytes", "double", "dyn", "int", "string", "type", "uint"];

pub fn call<'a>(name: &str, arguments: &[Value<'a>], _: Tools) -> Option<Result<Value<'a>>> {
    let [value] = arguments else { return None };
    match name {
        "dyn" => Some(Ok(value.clone())),
        "type" => Some(Ok(Value::Type(value.kind()))),
        "int" => int(value),
        "uint" => uint(value),
        "double" => double(value),
        "string" => string(value),
        "bool" => boolean(value),
        "bytes" => bytes(value),
        _ => None,
    }
}

/// Why a value cannot be converted, as the API server says it.
fn wrong(value: &str, to: &str) -> Stop {
    Stop::fails(format!("type conversion error: `{value}` is no {to}"))
}

fn int<'a>(value: &Value<'a>) -> Option<Result<Value<'a>>> {
    let of_double = |value: f64| {
        let fits = value.is_finite() && value.abs() < 9_223_372_036_854_775_807.0;
        fits.then_some(value as i64).ok_or_else(|| wrong(&value.to_string(), "int"))
    };
    Some(match value {
        Value::Int(value) => Ok(*value),
        Value::Uint(value) => i64::try_from(*value).map_err(|_| wrong(&value.to_string(), "int")),
        Value::Double(value) => of_double(*value),
        Value::Text(text) => text.parse().map_err(|_| wrong(text, "int")),
        Value::Timestamp(nanoseconds) => {
            i64::try_from(nanoseconds.div_euclid(1_000_000_000)).map_err(|_| wrong("timestamp", "int"))
        }
        Value::Duration(nanoseconds) => Ok(*nanoseconds),
        _ => return None,
    })
    .map(|result| result.map(Value::Int))
}

fn uint<'a>(value: &Value<'a>) -> Option<Result<Value<'a>>> {
    let result = match value {
        Value::Uint(value) => Ok(*value),
        Value::Int(value) => u64::try_from(*value).map_err(|_| wrong(&value.to_string(), "uint")),
        Value::Double(value) if *value >= 0.0 && *value < 18_446_744_073_709_551_615.0 => Ok(*value as u64),
        Value::Double(value) => Err(wrong(&value.to_string(), "uint")),
        Value::Text(text) => text.parse().map_err(|_| wrong(text, "uint")),
        _ => return None,
    };
    Some(result.map(Value::Uint))
}

fn double<'a>(value: &Value<'a>) -> Option<Result<Value<'a>>> {
    let result = match value {
        Value::Double(value) => Ok(*value),
        Value::Int(value) => Ok(*value as f64),
        Value::Uint(value) => Ok(*value as f64),
        Value::Text(text) => text.parse().map_err(|_| wrong(text, "double")),
        _ => return None,
    };
    Some(result.map(Value::Double))
}

fn string<'a>(value: &Value<'a>) -> Option<Result<Value<'a>>> {
    Some(Ok(match value {
        Value::Text(text) => Value::Text(text.clone()),
        Value::Bool(value) => Value::owned_text(value.to_string()),
        Value::Int(value) => Value::owned_text(value.to_string()),
        Value::Uint(value) => Value::owned_text(value.to_string()),
        Value::Double(value) => Value::owned_text(value.to_string()),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::owned_text(text),
            Err(_) => return Some(Err(wrong("bytes", "string"))),
        },
        Value::Duration(nanoseconds) => Value::owned_text(time::seconds(*nanoseconds)),
        Value::Address(address) => Value::owned_text(address.to_string()),
        Value::Network(network) => Value::owned_text(network.to_string()),
        // The API server writes times and quantities in a form of its own.
        Value::Timestamp(_) | Value::Url(_) | Value::Quantity(_) => {
            return Some(Err(Stop::unknown(format!("it makes a text of {}", value.kind()))));
        }
        _ => return None,
    }))
}

fn boolean<'a>(value: &Value<'a>) -> Option<Result<Value<'a>>> {
    match value {
        Value::Bool(value) => Some(Ok(Value::Bool(*value))),
        Value::Text(text) => Some(match &**text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
            other => Err(wrong(other, "bool")),
        }),
        _ => None,
    }
}

fn bytes<'a>(value: &Value<'a>) -> Option<Result<Value<'a>>> {
    match value {
        Value::Bytes(bytes) => Some(Ok(Value::Bytes(Rc::clone(bytes)))),
        Value::Text(text) => Some(Ok(Value::Bytes(text.as_bytes().into()))),
        _ => None,
    }
}
