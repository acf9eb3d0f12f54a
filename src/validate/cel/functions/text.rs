//! Functions of texts: those of the language, of its `strings` extension, and Kubernetes' `find` and `findAll`.
//!
//! Positions count characters.

use super::super::value::Value;
use super::super::{Result, Stop};
use super::Tools;

pub const NAMES: &[&str] = &[
    "charAt",
    "contains",
    "endsWith",
    "find",
    "findAll",
    "indexOf",
    "join",
    "lastIndexOf",
    "lowerAscii",
    "matches",
    "replace",
    "reverse",
    "size",
    "split",
    "startsWith",
    "substring",
    "trim",
    "upperAscii",
];

pub fn call<'a>(name: &str, arguments: &[Value<'a>], tools: Tools) -> Option<Result<Value<'a>>> {
    if name == "join" {
        return join(arguments, tools);
    }
    if name == "size" {
        let [value] = arguments else { return None };
        let length = value.len().filter(|_| !matches!(value, Value::Fields(..)))?;
        return Some(integer(length));
    }
    let (Value::Text(text), rest) = arguments.split_first()? else { return None };
    if let Err(stop) = tools.budget.charge(text.len() / 8) {
        return Some(Err(stop));
    }
    tests(name, text, rest, tools).or_else(|| parts(name, text, rest, tools))
}

fn tests<'a>(name: &str, text: &str, rest: &[Value<'a>], tools: Tools) -> Option<Result<Value<'a>>> {
    let [Value::Text(other)] = rest else { return None };
    Some(Ok(match name {
        "contains" => Value::Bool(text.contains(&**other)),
        "startsWith" => Value::Bool(text.starts_with(&**other)),
        "endsWith" => Value::Bool(text.ends_with(&**other)),
        "matches" => return Some(tools.patterns.get(other).map(|pattern| Value::Bool(pattern.is_match(text)))),
        "find" => {
            let found = |pattern: regex::Regex| pattern.find(text).map(|found| found.as_str().to_owned());
            return Some(
                tools.patterns.get(other).map(|pattern| Value::owned_text(found(pattern).unwrap_or_default())),
            );
        }
        "findAll" => return Some(find_all(text, other, usize::MAX, tools)),
        "split" => return Some(split(text, other, -1, tools)),
        "indexOf" => return Some(position(text, other, 0)),
        "lastIndexOf" => return Some(last_position(text, other, None)),
        _ => return None,
    }))
}

fn parts<'a>(name: &str, text: &str, rest: &[Value<'a>], tools: Tools) -> Option<Result<Value<'a>>> {
    Some(match (name, rest) {
        ("lowerAscii", []) => Ok(Value::owned_text(text.to_ascii_lowercase())),
        ("upperAscii", []) => Ok(Value::owned_text(text.to_ascii_uppercase())),
        ("trim", []) => Ok(Value::owned_text(text.trim())),
        ("reverse", []) => Ok(Value::owned_text(text.chars().rev().collect::<String>())),
        ("charAt", [Value::Int(at)]) => cut(text, *at, at.saturating_add(1).min(length(text))),
        ("substring", [Value::Int(from)]) => cut(text, *from, length(text)),
        ("substring", [Value::Int(from), Value::Int(to)]) => cut(text, *from, *to),
        ("split", [Value::Text(by), Value::Int(most)]) => split(text, by, *most, tools),
        ("findAll", [Value::Text(pattern), Value::Int(most)]) => {
            find_all(text, pattern, usize::try_from(*most).unwrap_or(usize::MAX), tools)
        }
        ("indexOf", [Value::Text(other), Value::Int(from)]) => position(text, other, *from),
        ("lastIndexOf", [Value::Text(other), Value::Int(to)]) => last_position(text, other, Some(*to)),
        ("replace", [Value::Text(old), Value::Text(new)]) => replace(text, old, new, -1, tools),
        ("replace", [Value::Text(old), Value::Text(new), Value::Int(most)]) => replace(text, old, new, *most, tools),
        _ => return None,
    })
}

fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

pub fn integer<'a>(number: usize) -> Result<Value<'a>> {
    Ok(Value::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn cut<'a>(text: &str, from: i64, to: i64) -> Result<Value<'a>> {
    if from < 0 || to < from || to > length(text) {
        return Err(Stop::fails(format!("index out of range: {from}, {to}")));
    }
    let (from, count) = (usize::try_from(from).unwrap_or(0), usize::try_from(to - from).unwrap_or(0));
    Ok(Value::owned_text(text.chars().skip(from).take(count).collect::<String>()))
}

fn position<'a>(text: &str, other: &str, from: i64) -> Result<Value<'a>> {
    if from < 0 || from > length(text) {
        return Err(Stop::fails(format!("index out of range: {from}")));
    }
    let start = text.char_indices().nth(usize::try_from(from).unwrap_or(0)).map_or(text.len(), |(at, _)| at);
    let rest = text.get(start..).unwrap_or_default();
    let found = rest.find(other).and_then(|at| text.get(..start + at));
    found.map_or(Ok(Value::Int(-1)), |before| integer(before.chars().count()))
}

/// The last place that begins at `to` or before.
fn last_position<'a>(text: &str, other: &str, to: Option<i64>) -> Result<Value<'a>> {
    let end = match to {
        Some(to) if to < 0 || to > length(text) => return Err(Stop::fails(format!("index out of range: {to}"))),
        Some(to) => text.char_indices().nth(usize::try_from(to).unwrap_or(0)).map_or(text.len(), |(at, _)| at),
        None => text.len(),
    };
    let within = text.get(..end.saturating_add(other.len())).unwrap_or(text);
    let found = within.rfind(other).and_then(|at| text.get(..at));
    found.map_or(Ok(Value::Int(-1)), |before| integer(before.chars().count()))
}

fn find_all<'a>(text: &str, pattern: &str, most: usize, tools: Tools) -> Result<Value<'a>> {
    let pattern = tools.patterns.get(pattern)?;
    tools.budget.charge(text.len())?;
    Ok(Value::list(pattern.find_iter(text).take(most).map(|found| Value::owned_text(found.as_str())).collect()))
}

fn split<'a>(text: &str, by: &str, most: i64, tools: Tools) -> Result<Value<'a>> {
    tools.budget.charge(text.len())?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    // Rust finds an empty text before the first and behind the last character too.
    let parts: Vec<Value> = match by {
        _ if most == 0 => vec![],
        "" => text.chars().map(|letter| Value::owned_text(letter.to_string())).take(most).collect(),
        by => text.splitn(most, by).map(Value::owned_text).collect(),
    };
    Ok(Value::list(parts))
}

fn replace<'a>(text: &str, old: &str, new: &str, most: i64, tools: Tools) -> Result<Value<'a>> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let times = text.matches(old).count().min(most);
    tools.budget.charge(text.len().saturating_add(times.saturating_mul(new.len())))?;
    Ok(Value::owned_text(text.replacen(old, new, most)))
}

fn join<'a>(arguments: &[Value<'a>], tools: Tools) -> Option<Result<Value<'a>>> {
    let (list, between) = match arguments {
        [list] => (list, ""),
        [list, Value::Text(between)] => (list, &**between),
        _ => return None,
    };
    let texts: Vec<String> = match list.items()? {
        Ok(items) => items.into_iter().map(text_of).collect::<Option<_>>()?,
        Err(stop) => return Some(Err(stop)),
    };
    let length = texts.iter().map(|text| text.len() + between.len()).sum();
    Some(tools.budget.charge(length).map(|()| Value::owned_text(texts.join(between))))
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.into_owned()),
        _ => None,
    }
}
