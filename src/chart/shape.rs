//! Which scenario a platform is: the one in which the chart's values have the same shape.
//!
//! The shape is what decides which objects there are: switches, lengths of lists, and what stands at a path upon which the
//! interface rests (the word `values`). Other sizes, numbers and texts decide nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::record::{Record, Scenario, Values};
use crate::component::interface::{ChartValue, Meaning};
use crate::expand::ChartRelease;
use crate::expand::plan::Entry;

/// Each path that decides; with what it says, where not only its being set decides.
pub type Shape = BTreeMap<String, Option<String>>;

/// The paths upon which the interface rests: whether the value itself decides, or only that it is set.
pub type Weights = BTreeMap<String, bool>;

/// Stands for a list, whose items have lines of their own.
const LIST: &str = "a list of ";

pub fn weights(release: &ChartRelease) -> Weights {
    let heavy = |(path, entry): (&String, &Entry<ChartValue>)| Some((path.clone(), weight(&entry.is)?));
    release.meanings.iter().filter_map(heavy).collect()
}

/// None where no name, port or key rests upon it. What an option says is the user's, only that it is said decides.
fn weight(value: &ChartValue) -> Option<bool> {
    match value.is {
        Meaning::Secret | Meaning::Key | Meaning::Service | Meaning::ServiceAccount => Some(true),
        Meaning::Fixed => Some(value.option.is_none()),
        Meaning::Route | Meaning::StorageClass | Meaning::Replicas | Meaning::ConfigMap | Meaning::Environment => None,
    }
}

/// Every value by its dotted path.
pub fn flat(values: &Json) -> Values {
    let mut flat = Values::new();
    add(&mut flat, "", values);
    flat
}

fn add(flat: &mut Values, path: &str, value: &Json) {
    match value {
        Json::Object(map) if !map.is_empty() => {
            map.iter().for_each(|(key, value)| add(flat, &below(path, key), value));
        }
        Json::Array(list) if !list.is_empty() => {
            flat.insert(path.to_owned(), format!("{LIST}{}", list.len()));
            list.iter().enumerate().for_each(|(at, value)| add(flat, &below(path, &at.to_string()), value));
        }
        Json::Null if path.is_empty() => {}
        leaf => drop(flat.insert(path.to_owned(), leaf.to_string())),
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

pub fn shape(values: &Values, weights: &Weights) -> Shape {
    let decisive = |(path, value): (&String, &String)| {
        let mut rests =
            weights.iter().filter(|(rest, _)| is_at_or_below(path, rest)).map(|(_, heavy)| *heavy).peekable();
        let is_switch = matches!(value.as_str(), "true" | "false" | "null") || value.starts_with(LIST);
        let (is_known, decides) = (rests.peek().is_some(), is_switch || rests.any(|heavy| heavy));
        (is_known || decides).then(|| (path.clone(), decides.then(|| value.clone())))
    };
    values.iter().filter_map(decisive).collect()
}

fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The recorded scenarios of these values; where there is none, how they differ from the nearest.
pub fn scenarios<'r>(record: &'r Record, values: &Values, weights: &Weights) -> Result<Vec<&'r Scenario>, String> {
    let own = shape(values, weights);
    let unlike = |scenario: &&Scenario| differences(&own, &shape(&scenario.values, weights));
    let same: Vec<&Scenario> = record.scenarios.iter().filter(|scenario| unlike(scenario).is_empty()).collect();
    match record.scenarios.iter().min_by_key(|scenario| unlike(scenario).len()) {
        Some(nearest) if same.is_empty() => Err(format!(
            "no recorded scenario sets the chart's values like this; the nearest is `{}`, but\n  {}",
            nearest.name,
            unlike(&nearest).join("\n  ")
        )),
        Some(_) => Ok(same),
        None => Err("no scenario is recorded".into()),
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
