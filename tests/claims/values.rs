//! Which recorded case is that of a platform: the one in which the chart's values have the same shape.
//!
//! The shape is what decides which objects there are: switches, lengths of lists, and what stands at a path upon which the
//! interface rests (the word `values`). Other sizes, numbers and texts decide nothing. `tools/charts/record.py` has the same
//! rule.

use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::Failed;
use platformc::component::Component;
use platformc::component::catalog::Word;
use platformc::component::interface::{ChartValue, Meaning};
use serde_json::Value as Json;

use super::recorded::Record;

/// Each path that decides; with what it says, where not only its being set decides.
type Shape = BTreeMap<String, Option<String>>;

/// The paths upon which the interface rests: whether the value itself decides, or only that it is set.
pub type Weights = BTreeMap<String, bool>;

pub fn weights(component: &Component) -> Result<Weights, Failed> {
    let mut weights = Weights::new();
    for declared in component.word(Word::Values) {
        let node = declared.body.as_plain().ok_or_else(|| format!("values.{}: has expressions", declared.id))?;
        let heavy = weight(&serde_json::from_value(node.to_json())?);
        weights.extend(heavy.map(|heavy| (declared.id.clone(), heavy)));
    }
    Ok(weights)
}

/// None where no name, port or key rests upon it. What an option says is the user's, only that it is said decides.
fn weight(value: &ChartValue) -> Option<bool> {
    match value.is {
        Meaning::Secret | Meaning::Key | Meaning::Service | Meaning::ServiceAccount => Some(true),
        Meaning::Fixed => Some(value.option.is_none()),
        Meaning::Route | Meaning::StorageClass | Meaning::Replicas => None,
    }
}

/// The case of these values; otherwise, how they differ from the nearest.
pub fn case(record: &Record, values: &Json, weights: &Weights) -> Result<String, String> {
    let own = shape(values, weights);
    let differences = |recorded: &Json| differences(&own, &shape(recorded, weights));
    let nearest = record.cases.iter().map(|(name, recorded)| (differences(recorded), name));
    match nearest.min_by_key(|(differences, _)| differences.len()) {
        Some((differences, name)) if differences.is_empty() => Ok(name.clone()),
        Some((differences, name)) => Err(format!(
            "no recorded case sets the chart's values like this; the nearest is `{name}`, but\n  {}\nrecord it: tools/charts/README.md",
            differences.join("\n  ")
        )),
        None => Err("no case is recorded".into()),
    }
}

fn differences(own: &Shape, recorded: &Shape) -> Vec<String> {
    let paths: BTreeSet<&String> = own.keys().chain(recorded.keys()).collect();
    let unlike = paths.into_iter().filter(|path| own.get(*path) != recorded.get(*path));
    unlike.map(|path| difference(path, own.get(path), recorded.get(path))).collect()
}

fn difference(path: &str, own: Option<&Option<String>>, recorded: Option<&Option<String>>) -> String {
    match (own, recorded) {
        (Some(_), None) => format!("`{path}` is set here and not there"),
        (None, _) => format!("`{path}` is set there and not here"),
        (Some(own), Some(recorded)) => {
            let says = |value: &Option<String>| value.clone().unwrap_or_else(|| "anything".into());
            format!("`{path}` is {} here and {} there", says(own), says(recorded))
        }
    }
}

fn shape(values: &Json, weights: &Weights) -> Shape {
    let mut shape = Shape::new();
    add(&mut shape, "", values, weights);
    shape
}

fn add(shape: &mut Shape, path: &str, value: &Json, weights: &Weights) {
    match value {
        Json::Object(map) if !map.is_empty() => {
            map.iter().for_each(|(key, value)| add(shape, &below(path, key), value, weights));
        }
        Json::Array(list) if !list.is_empty() => {
            shape.insert(path.to_owned(), Some(format!("a list of {}", list.len())));
            let items = list.iter().enumerate();
            items.for_each(|(index, value)| add(shape, &below(path, &index.to_string()), value, weights));
        }
        leaf => {
            let mut rests =
                weights.iter().filter(|(rest, _)| is_at_or_below(path, rest)).map(|(_, heavy)| *heavy).peekable();
            let (known, is_switch) = (rests.peek().is_some(), leaf.is_boolean() || leaf.is_null());
            let decides = is_switch || rests.any(|heavy| heavy);
            shape.extend((known || decides).then(|| (path.to_owned(), decides.then(|| leaf.to_string()))));
        }
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The values with one switch turned, each in turn.
pub fn turned(values: &Json) -> Vec<(String, Json)> {
    let children: Vec<(String, &Json)> = match values {
        Json::Bool(on) => return vec![(String::new(), Json::Bool(!on))],
        Json::Object(map) => map.iter().map(|(key, child)| (key.clone(), child)).collect(),
        Json::Array(list) => list.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect(),
        _ => vec![],
    };
    let below_each = children.into_iter().flat_map(|(key, child)| {
        turned(child).into_iter().map(move |(path, child)| {
            (below(&key, &path).trim_end_matches('.').to_owned(), with(values.clone(), &key, child))
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

/// As Helm merges values: maps by key, everything else replaced whole.
pub fn overlaid(below: Json, above: Json) -> Json {
    match (below, above) {
        (Json::Object(mut below), Json::Object(above)) => {
            for (key, value) in above {
                let merged = overlaid(below.remove(&key).unwrap_or_default(), value);
                below.insert(key, merged);
            }
            Json::Object(below)
        }
        (_, above) => above,
    }
}
