//! Schemas, compiled as far as objects go into them.
//!
//! A property that an object does not have says nothing of it, wherever in the schema it stands. So a schema is compiled
//! without those that no object had so far: of a Deployment's most are never asked for. Takes schemas that refer to their
//! `$defs` alone. What is wrong with an object is for the whole schema to say.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Map, Value as Json};

/// After so many attempts the objects are not alike, and the whole schema is the better one.
const MOST: usize = 4;

const DEFINITIONS: &str = "$defs";

/// What of a schema is compiled.
#[derive(Debug)]
pub struct Parts {
    /// Every name of a property in it.
    known: BTreeSet<String>,
    build: fn(&Json) -> Option<Validator>,
    now: Mutex<Arc<Part>>,
}

#[derive(Debug, Default)]
struct Part {
    /// The names whose properties it has.
    names: BTreeSet<String>,
    validator: Option<Validator>,
    attempts: usize,
}

impl Parts {
    pub fn of(schema: &Json, build: fn(&Json) -> Option<Validator>) -> Self {
        let mut known = BTreeSet::new();
        property_names(schema, &mut known);
        Self { known, build, now: Mutex::default() }
    }

    /// Whether the schema holds for an object; none where only the whole schema can say.
    pub fn hold(&self, schema: &Json, object: &Json) -> Option<bool> {
        let part = self.now.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let part = if self.reaches(&part, object) { part } else { self.further(schema, object) };
        part.validator.as_ref().map(|validator| validator.is_valid(object))
    }

    fn reaches(&self, part: &Part, object: &Json) -> bool {
        part.validator.is_some() && self.beyond(part, object).is_empty()
    }

    /// A part that reaches as far as the object.
    fn further(&self, schema: &Json, object: &Json) -> Arc<Part> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if now.attempts < MOST && !self.reaches(&now, object) {
            let beyond = self.beyond(&now, object).into_iter().map(str::to_owned);
            let names = now.names.iter().cloned().chain(beyond).collect();
            let validator = (self.build)(&cut(schema, &names));
            *now = Arc::new(Part { names, validator, attempts: now.attempts + 1 });
        } else if !self.reaches(&now, object) {
            *now = Arc::new(Part { attempts: MOST, ..Part::default() });
        }
        now.clone()
    }

    /// The names of properties in an object that a part does not have.
    fn beyond<'o>(&self, part: &Part, object: &'o Json) -> BTreeSet<&'o str> {
        let mut names = BTreeSet::new();
        let mut open = vec![object];
        while let Some(value) = open.pop() {
            match value {
                Json::Object(map) => {
                    let is_beyond = |name: &&String| !part.names.contains(*name) && self.known.contains(*name);
                    names.extend(map.keys().filter(is_beyond).map(String::as_str));
                    open.extend(map.values());
                }
                Json::Array(list) => open.extend(list),
                _ => {}
            }
        }
        names
    }
}

/// Whether the value of a keyword is data.
fn is_data(keyword: &str) -> bool {
    matches!(keyword, "const" | "enum" | "default") || keyword.starts_with("x-")
}

/// Whether the value of a keyword is schemas by name.
fn is_by_name(keyword: &str) -> bool {
    matches!(keyword, "properties" | "patternProperties" | DEFINITIONS)
}

fn property_names(schema: &Json, names: &mut BTreeSet<String>) {
    match schema {
        Json::Array(list) => list.iter().for_each(|schema| property_names(schema, names)),
        Json::Object(map) => {
            for (keyword, below) in map.iter().filter(|(keyword, _)| !is_data(keyword)) {
                match below.as_object().filter(|_| is_by_name(keyword)) {
                    None => property_names(below, names),
                    Some(schemas) => {
                        names.extend(schemas.keys().filter(|_| keyword == "properties").cloned());
                        schemas.values().for_each(|schema| property_names(schema, names));
                    }
                }
            }
        }
        _ => {}
    }
}

/// A schema with the properties of these names alone, and the definitions that are then referred to.
fn cut(schema: &Json, names: &BTreeSet<String>) -> Json {
    let mut cut = Cut { names, referred: vec![] };
    let Json::Object(map) = schema else { return schema.clone() };
    let mut whole: Map<String, Json> = map
        .iter()
        .filter(|(keyword, _)| *keyword != DEFINITIONS)
        .map(|(keyword, below)| (keyword.clone(), cut.keyword(keyword, below)))
        .collect();
    let mut definitions = Map::new();
    while let Some(name) = cut.referred.pop() {
        if definitions.contains_key(&name) {
            continue;
        }
        if let Some(definition) = map.get(DEFINITIONS).and_then(|known| known.get(&name)) {
            let definition = cut.schema(definition);
            definitions.insert(name, definition);
        }
    }
    whole.insert(DEFINITIONS.into(), Json::Object(definitions));
    Json::Object(whole)
}

struct Cut<'n> {
    names: &'n BTreeSet<String>,
    /// Definitions that are still needed.
    referred: Vec<String>,
}

impl Cut<'_> {
    fn schema(&mut self, schema: &Json) -> Json {
        match schema {
            Json::Object(map) => {
                let asked = map.iter().filter(|(keyword, _)| !keyword.starts_with("x-"));
                Json::Object(asked.map(|(keyword, below)| (keyword.clone(), self.keyword(keyword, below))).collect())
            }
            Json::Array(list) => list.iter().map(|item| self.schema(item)).collect(),
            other => other.clone(),
        }
    }

    fn keyword(&mut self, keyword: &str, below: &Json) -> Json {
        match below {
            Json::String(reference) if keyword == "$ref" => {
                self.referred.extend(reference.strip_prefix("#/$defs/").map(str::to_owned));
                below.clone()
            }
            Json::Object(schemas) if is_by_name(keyword) => {
                let names = self.names;
                let kept = schemas.iter().filter(|(name, _)| keyword != "properties" || names.contains(*name));
                Json::Object(kept.map(|(name, schema)| (name.clone(), self.schema(schema))).collect())
            }
            below if is_data(keyword) => below.clone(),
            below => self.schema(below),
        }
    }
}
