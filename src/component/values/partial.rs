//! A schema of whole values made to fit a part of them: a chart's own schema may be laid beside component.yaml as it is.

use serde_json::Value as Json;

/// Keywords about what else must be there, or must not: the chart's defaults may say so.
const ABOUT_THE_WHOLE: [&str; 10] = [
    "required",
    "minProperties",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "not",
    "if",
    "then",
    "else",
    "unevaluatedProperties",
];

/// Keywords under which there are names of the chart's, not keywords.
const BY_NAME: [&str; 4] = ["properties", "patternProperties", "$defs", "definitions"];

/// Takes away what cannot be said of a part. Without it, several branches of a `oneOf` may hold.
pub fn admit(schema: &mut Json) {
    match schema {
        Json::Object(map) => {
            map.retain(|keyword, _| !ABOUT_THE_WHOLE.contains(&keyword.as_str()));
            if !map.contains_key("anyOf")
                && let Some(branches) = map.remove("oneOf")
            {
                map.insert("anyOf".into(), branches);
            }
            for (keyword, below) in map.iter_mut() {
                match below {
                    Json::Object(named) if BY_NAME.contains(&keyword.as_str()) => named.values_mut().for_each(admit),
                    _ if ["default", "const", "enum", "examples"].contains(&keyword.as_str()) => {}
                    _ => admit(below),
                }
            }
        }
        Json::Array(list) => list.iter_mut().for_each(admit),
        _ => {}
    }
}
