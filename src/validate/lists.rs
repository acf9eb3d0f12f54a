//! Lists that are maps to Kubernetes: no two items agree in the keys that tell them apart, nor in other fields that must differ.

use serde_json::{Map, Value as Json};

use crate::json_schema::Fault;
use crate::source::NodePath;

/// Every item that has the keys (`x-list-map-keys`) of one before it, or other fields that must differ (`x-list-unique`).
pub fn faults(object: &Json, schema: &Json) -> Vec<Fault> {
    let mut walk = Walk { root: schema, way: vec![], faults: vec![] };
    walk.value(object, schema);
    walk.faults
}

/// A step on the way to a value; a path is only made of it where there is a fault.
#[derive(Clone, Copy)]
pub enum Step<'o> {
    Key(&'o str),
    Index(usize),
}

/// Lists of pods in which the API server takes twins, with a warning (kubernetes, `pkg/api/pod/warnings.go`).
fn is_lenient(list: &str, keys: &[&str]) -> bool {
    match list {
        "env" => keys == ["name"],
        "ports" => keys == ["containerPort", "protocol"],
        "hostAliases" | "imagePullSecrets" => true,
        _ => false,
    }
}

struct Walk<'o> {
    root: &'o Json,
    way: Vec<Step<'o>>,
    faults: Vec<Fault>,
}

impl<'o> Walk<'o> {
    fn value(&mut self, value: &'o Json, schema: &'o Json) {
        match value {
            // Most maps hold nothing that could be a list.
            Json::Object(map) if map.values().any(holds_more) => self.fields(map, self.target(schema)),
            Json::Array(list) => self.list(list, self.target(schema)),
            _ => {}
        }
    }

    fn fields(&mut self, map: &'o Map<String, Json>, schema: &'o Json) {
        let (known, further) = (schema.get("properties"), schema.get("additionalProperties"));
        for (key, below) in map.iter().filter(|(_, below)| holds_more(below)) {
            if let Some(known) = known.and_then(|known| known.get(key)).or(further) {
                self.below(Step::Key(key), below, known);
            }
        }
    }

    fn list(&mut self, list: &'o [Json], schema: &'o Json) {
        let items = schema.get("items").unwrap_or(&Json::Null);
        if let Some(keys) = schema.get("x-list-map-keys").and_then(Json::as_array) {
            self.twins(list, keys, self.target(items), |_| true);
        }
        let unique = schema.get("x-list-unique").and_then(Json::as_array).into_iter().flatten();
        for keys in unique.filter_map(Json::as_array) {
            // The API server takes 0 for a number that is not given.
            self.twins(list, keys, self.target(items), |value| *value != 0);
        }
        for (index, item) in list.iter().enumerate().filter(|(_, item)| item.is_object()) {
            self.below(Step::Index(index), item, items);
        }
    }

    fn below(&mut self, step: Step<'o>, value: &'o Json, schema: &'o Json) {
        self.way.push(step);
        self.value(value, schema);
        self.way.pop();
    }

    /// Follows a `$ref`; names of definitions hold neither `/` nor `~`.
    fn target(&self, schema: &'o Json) -> &'o Json {
        let name = schema.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix("#/$defs/"));
        name.and_then(|name| self.root.get("$defs")?.get(name)).unwrap_or(schema)
    }

    fn twins(&mut self, list: &'o [Json], keys: &'o [Json], items: &'o Json, counts: fn(&Json) -> bool) {
        let keys: Vec<&str> = keys.iter().filter_map(Json::as_str).collect();
        let default = |key: &str| items.pointer(&format!("/properties/{key}/default"));
        let mut seen: Vec<Vec<&Json>> = vec![];
        for (index, item) in list.iter().enumerate() {
            let field = |key: &&str| item.get(key).or_else(|| default(key)).filter(|value| counts(value));
            let identity: Option<Vec<&Json>> = keys.iter().map(field).collect();
            let Some(identity) = identity else { continue };
            if seen.contains(&identity) {
                let message = format!("another item of this list has the same {}", keys.join(" and "));
                let is_taken = matches!(self.way.last(), Some(Step::Key(list)) if is_lenient(list, &keys));
                self.faults.push(Fault { is_taken, ..Fault::new(self.path().index(index), message) });
            }
            seen.push(identity);
        }
    }

    fn path(&self) -> NodePath {
        path_of(&self.way)
    }
}

fn holds_more(value: &Json) -> bool {
    value.is_object() || value.is_array()
}

pub fn path_of(way: &[Step]) -> NodePath {
    way.iter().fold(NodePath::root(), |path, step| match step {
        Step::Key(key) => path.key(*key),
        Step::Index(index) => path.index(*index),
    })
}
