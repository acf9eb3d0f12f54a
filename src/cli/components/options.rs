//! Options as a table: indented as in platform.yaml, each with its type, its default, what it says and what else must hold.

use std::fmt::Display;

use crate::cli::text::{columns, flow};
use crate::schema::{Schema, Type};
use crate::source::Node;

type Row = [String; 4];

/// The table of what may stand in a map.
pub fn options(schema: &Schema, indent: usize) -> String {
    let mut rows = vec![];
    below(schema, 0, &mut rows);
    columns(indent, &rows)
}

fn below(schema: &Schema, depth: usize, rows: &mut Vec<Row>) {
    properties(schema, "", depth, rows);
    for (name, variant) in &schema.variants {
        properties(variant, &format!("with `{}: {name}`: ", schema.tag.as_str()), depth, rows);
    }
    if let Some(entry) = &schema.additional {
        row("NAME", entry, "", false, depth, rows);
    }
    if let Some(item) = schema.items.as_ref().filter(|item| has_keys(item)) {
        below(item, depth, rows);
    }
}

fn properties(schema: &Schema, before: &str, depth: usize, rows: &mut Vec<Row>) {
    for (name, option) in &schema.properties {
        let is_required = schema.required.contains(name) && option.default.is_none();
        row(name, option, before, is_required, depth, rows);
    }
}

fn row(name: &str, option: &Schema, before: &str, is_required: bool, depth: usize, rows: &mut Vec<Row>) {
    let name = format!("{}{name}", "  ".repeat(depth));
    let said = option.description.as_deref().unwrap_or_default();
    let said = Some(format!("{before}{said}")).filter(|said| !said.is_empty());
    let says = said.into_iter().chain(rules(option)).collect::<Vec<_>>().join("; ");
    rows.push([name, kind(option), default(option, is_required), says]);
    below(option, depth + 1, rows);
}

/// Of which type it is, in a word or two.
fn kind(schema: &Schema) -> String {
    let variants: Vec<&str> = schema.variants.keys().map(String::as_str).collect();
    let allowed: Vec<String> = schema.allowed.iter().map(flow).collect();
    match &schema.items {
        _ if !allowed.is_empty() => allowed.join(" | "),
        Some(item) if has_keys(item) => "list of maps".into(),
        Some(item) => format!("list: {}", kind(item)),
        None if !variants.is_empty() && schema.short.is_some() => variants.join(" | "),
        None if schema.types == [Type::Object] => "map".into(),
        None => bare(&schema.phrase()) + &bounds(schema.minimum, schema.maximum),
    }
}

/// What else must hold, as clauses.
fn rules(schema: &Schema) -> Vec<String> {
    let count = |least: Option<u64>, most: Option<u64>, what: &str| match (least, most) {
        (Some(1), None) => Some("not empty".to_owned()),
        _ => bounds(least, most).strip_prefix(", ").map(|bounds| format!("{bounds} {what}")),
    };
    let short = schema.short.iter().map(|key| format!("`{key}` may stand alone, without its key"));
    let one_of = (!schema.one_of.is_empty()).then(|| format!("exactly one of {}", keys(&schema.one_of)));
    let beside = schema.beside.iter().map(|(key, others)| format!("`{key}` only beside {}", keys(others)));
    let pattern = schema.pattern.iter().map(|pattern| format!("like `{}`", pattern.0.as_str()));
    let lengths = count(schema.min_length, schema.max_length, "characters");
    let items = count(schema.min_items, schema.max_items, "items");
    short.chain(one_of).chain(beside).chain(pattern).chain(lengths).chain(items).collect()
}

fn keys(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// ", 1 to 65535"
fn bounds<T: Display>(least: Option<T>, most: Option<T>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!(", {least} to {most}"),
        (Some(least), None) => format!(", at least {least}"),
        (None, Some(most)) => format!(", at most {most}"),
        (None, None) => String::new(),
    }
}

fn bare(phrase: &str) -> String {
    let bare = phrase.strip_prefix("a ").or_else(|| phrase.strip_prefix("an "));
    bare.unwrap_or(phrase).replace('`', "")
}

fn default(schema: &Schema, is_required: bool) -> String {
    let default = schema.default.as_ref().filter(|default| !is_empty(default));
    match default {
        _ if is_required => "required".into(),
        Some(default) => format!("= {}", flow(default)),
        None => String::new(),
    }
}

/// Its parts have their own defaults.
fn is_empty(default: &Node) -> bool {
    default.as_map().is_some_and(|map| map.is_empty()) || default.as_list().is_some_and(<[_]>::is_empty)
}

fn has_keys(schema: &Schema) -> bool {
    !schema.properties.is_empty() || !schema.variants.is_empty() || schema.additional.is_some()
}
