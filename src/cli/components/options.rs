//! Options as a table: indented as in platform.yaml, each with its type, its default and what it says.

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
    rows.push([name, kind(option), default(option, is_required), format!("{before}{said}")]);
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
        None => bare(&schema.phrase()),
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
