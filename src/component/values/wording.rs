//! What is wrong with a value, in the words in which platform.yaml is spoken of.

use crate::json_schema::Fault;
use crate::schema::Type;
use crate::source::{Node, Value};

/// Why a value is none that the chart takes.
pub fn reason(fault: &Fault, node: Option<&Node>) -> String {
    match (expected(fault), node) {
        (Some(types), Some(node)) => format!("expected {}, found {}", phrase(&types), node.describe()),
        _ => fault.message.clone(),
    }
}

/// How to mend it, where people mix things up.
pub fn help(fault: &Fault, node: Option<&Node>) -> Option<String> {
    let types = expected(fault)?;
    let takes = |expected: Type| types.contains(&expected);
    let node = node?;
    match (&node.value, node.written.as_deref()) {
        (Value::Text(text), _) if takes(Type::Boolean) => boolean(text),
        (Value::Text(text), _) if (takes(Type::Integer) || takes(Type::Number)) && text.parse::<f64>().is_ok() => {
            Some("take the quotes away".into())
        }
        (_, Some(written)) if takes(Type::String) => Some(format!("put quotes around it: `\"{written}\"`")),
        _ => None,
    }
}

/// What YAML 1.1 takes for a boolean, and we do not.
fn boolean(text: &str) -> Option<String> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" | "true" => Some("write `true`".into()),
        "no" | "off" | "n" | "false" => Some("write `false`".into()),
        _ => None,
    }
}

/// The types that a schema names, where it is about the type.
fn expected(fault: &Fault) -> Option<Vec<Type>> {
    let (types, _) = fault.message.strip_prefix("expected ")?.split_once(", found ")?;
    let named = |name: &str| Type::ALL.iter().copied().find(|known| known.as_str() == name);
    types.split(" or ").map(named).collect()
}

/// `a text, a number or true or false`, in an order of its own.
fn phrase(types: &[Type]) -> String {
    let phrases: Vec<&str> =
        Type::ALL.iter().filter(|known| types.contains(known)).map(|known| known.phrase()).collect();
    match phrases.as_slice() {
        [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        phrases => phrases.concat(),
    }
}
