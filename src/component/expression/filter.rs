//! The filters: `value | filter(arguments)`.
//!
//! A filter is one line in [`TABLE`], one arm in [`Filter::apply`] and one in `kinds`. Faults at run time (E0304) say what
//! the filter wants; none where the expression was checked.

mod kinds;

use std::borrow::Cow;

use serde_json::Value as Json;

use super::evaluate::{described, text_of};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    Length,
    Text,
    Lower,
    Upper,
    Join,
    Keys,
    Values,
    First,
    Replace,
    Default,
}

struct Row {
    filter: Filter,
    name: &'static str,
    arguments: &'static [&'static str],
    wants: &'static str,
}

const fn row(filter: Filter, name: &'static str, arguments: &'static [&'static str], wants: &'static str) -> Row {
    Row { filter, name, arguments, wants }
}

const TABLE: &[Row] = &[
    row(Filter::Length, "length", &[], "a text, a list or a map"),
    row(Filter::Text, "text", &[], "a text, a number or a boolean"),
    row(Filter::Lower, "lower", &[], "a text"),
    row(Filter::Upper, "upper", &[], "a text"),
    row(Filter::Join, "join", &["what stands between"], "a list of texts and integers"),
    row(Filter::Keys, "keys", &[], "a map"),
    row(Filter::Values, "values", &[], "a map"),
    row(Filter::First, "first", &[], "a list"),
    row(Filter::Replace, "replace", &["the old text", "the new one"], "a text"),
    row(Filter::Default, "default", &["what stands for none"], "anything"),
];

type Value<'v> = Cow<'v, Json>;

impl Filter {
    pub fn named(name: &str) -> Option<Filter> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.filter)
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|row| row.name)
    }

    pub fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// What its arguments say.
    pub fn arguments(self) -> &'static [&'static str] {
        self.row().map_or(&[], |row| row.arguments)
    }

    /// What it can be put behind.
    pub fn wants(self) -> &'static str {
        self.row().map_or("", |row| row.wants)
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.filter == self)
    }

    /// The filtered value, or why there is none.
    pub(super) fn apply<'v>(self, value: Value<'v>, arguments: &[Value<'v>]) -> Result<Value<'v>, String> {
        let applied = match (self, &*value, arguments) {
            (Filter::Default, Json::Null, [instead]) => Some(instead.clone()),
            (Filter::Default, _, _) => return Ok(value),
            (Filter::First, Json::Array(_), _) => Some(first(value.clone())),
            (Filter::Join, Json::Array(list), [between]) => joined(list, between)?.map(owned),
            (Filter::Replace, Json::String(text), [old, new]) => replaced(text, old, new).map(owned),
            (_, plain, _) => self.plain(plain).map(Cow::Owned),
        };
        applied.ok_or_else(|| format!("`{}` wants {}, not {}", self.name(), self.wants(), described(&value)))
    }

    fn plain(self, value: &Json) -> Option<Json> {
        match (self, value) {
            (Filter::Length, Json::String(text)) => Some(Json::from(text.chars().count())),
            (Filter::Length, Json::Array(list)) => Some(Json::from(list.len())),
            (Filter::Length, Json::Object(map)) => Some(Json::from(map.len())),
            (Filter::Text, Json::Number(_) | Json::Bool(_)) => Some(Json::from(value.to_string())),
            (Filter::Text, Json::String(text)) => Some(Json::from(text.as_str())),
            (Filter::Lower, Json::String(text)) => Some(Json::from(text.to_lowercase())),
            (Filter::Upper, Json::String(text)) => Some(Json::from(text.to_uppercase())),
            (Filter::Keys, Json::Object(map)) => Some(map.keys().map(String::as_str).collect()),
            (Filter::Values, Json::Object(map)) => Some(map.values().cloned().collect()),
            _ => None,
        }
    }
}

fn owned<'v>(text: String) -> Value<'v> {
    Cow::Owned(Json::String(text))
}

fn first(list: Value<'_>) -> Value<'_> {
    match list {
        Cow::Borrowed(Json::Array(list)) => list.first().map_or(Cow::Owned(Json::Null), Cow::Borrowed),
        Cow::Owned(Json::Array(list)) => Cow::Owned(list.into_iter().next().unwrap_or(Json::Null)),
        _ => Cow::Owned(Json::Null),
    }
}

fn joined(list: &[Json], between: &Json) -> Result<Option<String>, String> {
    let Some(between) = between.as_str() else { return Ok(None) };
    let texts = list.iter().map(|item| text_of(item).ok_or_else(|| unjoinable(item))).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(texts.join(between)))
}

fn unjoinable(item: &Json) -> String {
    format!("`join` takes texts and integers, and one item is {}", described(item))
}

fn replaced(text: &str, old: &Json, new: &Json) -> Option<String> {
    Some(text.replace(old.as_str()?, new.as_str()?))
}
