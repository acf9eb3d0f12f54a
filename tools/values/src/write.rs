//! JSON with one line for each key: small, and a diff of two versions can be read.

use serde_json::Value as Json;

pub fn text(schema: &Json) -> String {
    let mut text = String::new();
    write(schema, 0, &mut text);
    text.push('\n');
    text
}

fn write(value: &Json, depth: usize, text: &mut String) {
    match value {
        Json::Object(map) if depth == 0 || map.contains_key("properties") => {
            let entries = map.iter().enumerate();
            text.push('{');
            for (at, (key, value)) in entries {
                if at > 0 {
                    text.push(',');
                }
                if depth == 0 {
                    text.push('\n');
                }
                text.push_str(&format!("{}:", Json::from(key.as_str())));
                match (key.as_str(), value) {
                    ("properties", Json::Object(map)) if !map.is_empty() => properties(map, depth + 1, text),
                    _ => text.push_str(&value.to_string()),
                }
            }
            text.push('}');
        }
        _ => text.push_str(&value.to_string()),
    }
}

fn properties(map: &serde_json::Map<String, Json>, depth: usize, text: &mut String) {
    text.push('{');
    for (at, (key, value)) in map.iter().enumerate() {
        text.push_str(if at > 0 { ",\n" } else { "\n" });
        text.push_str(&" ".repeat(depth));
        text.push_str(&format!("{}:", Json::from(key.as_str())));
        write(value, depth, text);
    }
    text.push('}');
}
