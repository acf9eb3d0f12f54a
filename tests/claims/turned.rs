//! Values of which one switch stands otherwise.

use serde_json::Value as Json;

/// The values with one switch turned, each in turn, by its path.
pub fn turned(values: &Json) -> Vec<(String, Json)> {
    let children: Vec<(String, &Json)> = match values {
        Json::Bool(on) => return vec![(String::new(), Json::Bool(!on))],
        Json::Object(map) => map.iter().map(|(key, child)| (key.clone(), child)).collect(),
        Json::Array(list) => list.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect(),
        _ => vec![],
    };
    let below_each = children.into_iter().flat_map(|(key, child)| {
        turned(child).into_iter().map(move |(path, child)| {
            (format!("{key}.{path}").trim_end_matches('.').to_owned(), with(values.clone(), &key, child))
        })
    });
    below_each.collect()
}

fn with(mut values: Json, key: &str, child: Json) -> Json {
    let place = match &mut values {
        Json::Object(map) => map.get_mut(key),
        Json::Array(list) => key.parse().ok().and_then(|index: usize| list.get_mut(index)),
        _ => None,
    };
    place.into_iter().for_each(|place| *place = child.clone());
    values
}
