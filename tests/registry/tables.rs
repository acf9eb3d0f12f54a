//! A schema as a table for people: each key with what may stand there, its default and what it says.

use platformc::schema::{Schema, Type};
use platformc::source::Node;

/// What stands between the keys of a path for every entry of a map by name, or item of a list.
pub struct Each {
    pub entry: &'static str,
    pub item: &'static str,
}

/// One key.
pub struct Row {
    pub path: String,
    kind: String,
    default: String,
    pub says: String,
}

/// The key at `path`, and all below it.
pub fn rows(path: &str, schema: &Schema, is_required: bool, each: &Each) -> Vec<Row> {
    let default = match &schema.default {
        Some(default) => code(default),
        None if is_required => "*required*".into(),
        None => String::new(),
    };
    let says = schema.description.clone().unwrap_or_default();
    let mut rows = vec![Row { path: path.into(), kind: kind(schema), default, says }];
    rows.extend(below(path, schema, each));
    rows
}

/// All keys below a map, a list or a map by name.
pub fn below(path: &str, schema: &Schema, each: &Each) -> Vec<Row> {
    let key = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let mut found = vec![];
    for (name, schema_of) in &schema.properties {
        found.extend(rows(&key(name), schema_of, schema.required.contains(name), each));
    }
    for (variant, of) in &schema.variants {
        for (name, schema_of) in &of.properties {
            let mut more = rows(&key(name), schema_of, of.required.contains(name), each);
            more.iter_mut().take(1).for_each(|row| row.says = format!("With `{variant}`: {}", row.says));
            found.extend(more);
        }
    }
    for (inner, step) in [(&schema.additional, each.entry), (&schema.items, each.item)] {
        found.extend(inner.iter().flat_map(|inner| below(&format!("{path}{step}"), inner, each)));
    }
    found
}

pub fn table(rows: &[Row]) -> String {
    let mut text = "| key | what | default | says |\n| --- | --- | --- | --- |\n".to_owned();
    for Row { path, kind, default, says } in rows {
        let cells =
            [format!("`{path}`"), kind.clone(), default.clone(), escaped(says)].map(|cell| match cell.as_str() {
                "" => String::new(),
                _ => format!(" {cell}"),
            });
        text += &format!("|{} |\n", cells.join(" |"));
    }
    text
}

/// What may stand there, in words.
fn kind(schema: &Schema) -> String {
    let texts = |nodes: &[Node]| nodes.iter().map(code).collect::<Vec<_>>().join(" or ");
    let plain = match schema.types.as_slice() {
        _ if !schema.allowed.is_empty() => texts(&schema.allowed),
        [Type::Array] => {
            schema.items.as_deref().map_or("a list".into(), |items| format!("a list, each {}", kind(items)))
        }
        [Type::Object] if schema.additional.is_some() && schema.properties.is_empty() => "a map by name".into(),
        _ => schema.phrase(),
    };
    let short = schema.short.iter().map(|key| format!(", or `{key}` alone"));
    std::iter::once(plain + &bounds(schema)).chain(short).collect()
}

fn bounds(schema: &Schema) -> String {
    match (schema.minimum, schema.maximum) {
        (Some(least), Some(most)) => format!(", {least} to {most}"),
        (Some(least), None) => format!(", at least {least}"),
        (None, Some(most)) => format!(", at most {most}"),
        (None, None) => String::new(),
    }
}

fn code(node: &Node) -> String {
    match node.as_str() {
        Some("") => "an empty text".into(),
        Some(text) => format!("`{text}`"),
        None => format!("`{}`", node.to_json()),
    }
}

/// As Markdown shows it in a table: outside of code nothing is a tag.
fn escaped(text: &str) -> String {
    let outside = |(at, part): (usize, &str)| match at % 2 {
        0 => part.split(' ').map(word).collect::<Vec<_>>().join(" "),
        _ => part.to_owned(),
    };
    let parts: Vec<String> = text.split('`').enumerate().map(outside).collect();
    parts.join("`").replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One word outside of code.
fn word(text: &str) -> String {
    if text.starts_with("https://") {
        return format!("<{text}>");
    }
    text.replace('<', "\\<").replace('*', "\\*")
}
