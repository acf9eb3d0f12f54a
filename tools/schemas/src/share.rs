//! Parts of a schema that occur more than once are written once.

use crate::{Object, mend};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Below this many bytes of JSON a reference saves nothing worth the jump.
const WORTH_IT: usize = 160;

/// Takes out the parts that repeat, largest first from the top, and gives them as definitions.
pub fn repeated(root: &mut Value) -> Object {
    let mut count = BTreeMap::new();
    tally(root, &mut count);
    count.retain(|text, times| *times > 1 && text.len() >= WORTH_IT);
    let mut names = BTreeMap::new();
    let mut definitions = Object::new();
    replace(root, &count, &mut names, &mut definitions);
    definitions
}

type Count = BTreeMap<String, usize>;

fn tally(schema: &mut Value, count: &mut Count) {
    let Value::Object(map) = schema else { return };
    for child in mend::children(map) {
        let times = count.entry(child.to_string()).or_default();
        *times += 1;
        // What is inside a part that repeats is already written once with it.
        if *times == 1 {
            tally(child, count);
        }
    }
}

fn replace(schema: &mut Value, count: &Count, names: &mut BTreeMap<String, String>, definitions: &mut Object) {
    let Value::Object(map) = schema else { return };
    for child in mend::children(map) {
        let text = child.to_string();
        if !count.contains_key(&text) {
            replace(child, count, names, definitions);
            continue;
        }
        if !names.contains_key(&text) {
            let name = format!("shared{}", names.len() + 1);
            names.insert(text.clone(), name.clone());
            let mut shared = child.clone();
            replace(&mut shared, count, names, definitions);
            definitions.insert(name, shared);
        }
        *child = json!({"$ref": format!("#/$defs/{}", names[&text])});
    }
}
