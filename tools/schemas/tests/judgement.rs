//! Good objects pass on every Kubernetes version; each mutant of one is refused, at the right place, for the right reason.

mod support;

use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// A line of `fixtures/mutants.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutant {
    of: String,
    set: Option<String>,
    to: Option<Value>,
    remove: Option<String>,
    by: String,
    #[serde(rename = "where")]
    place: Option<String>,
}

impl Mutant {
    fn change(&self, object: &Value) -> Value {
        let mut object = object.clone();
        let (parent, key) = self.pointer().rsplit_once('/').unwrap();
        let key = key.replace("~1", "/").replace("~0", "~");
        let parent = object.pointer_mut(parent).unwrap_or_else(|| panic!("{self:?}: nothing there"));
        match (parent, &self.to) {
            (Value::Object(map), Some(value)) => drop(map.insert(key, value.clone())),
            (Value::Object(map), None) => assert!(map.remove(&key).is_some(), "{self:?}: nothing there"),
            (Value::Array(list), Some(value)) => list[key.parse::<usize>().unwrap()] = value.clone(),
            _ => panic!("{self:?}: nothing there"),
        }
        object
    }

    fn pointer(&self) -> &str {
        self.set.as_deref().or(self.remove.as_deref()).expect("set or remove")
    }

    /// How a fault of ours begins: its place and the keyword.
    fn expected(&self) -> String {
        format!("{} {}:", self.place.as_deref().unwrap_or(self.pointer()), self.by)
    }
}

/// All good objects, by kind and name.
fn good() -> BTreeMap<String, Value> {
    let files = fs::read_dir(support::fixtures().join("good")).unwrap().map(|entry| entry.unwrap().path());
    let objects = files.flat_map(|path| support::objects(&fs::read_to_string(path).unwrap()));
    objects.map(|object| (format!("{}/{}", text(&object["kind"]), text(&object["metadata"]["name"])), object)).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn mutants() -> Vec<Mutant> {
    serde_yaml::from_str(&fs::read_to_string(support::fixtures().join("mutants.yaml")).unwrap()).unwrap()
}

#[test]
fn good_objects_pass() {
    for version in support::VERSIONS {
        for (name, object) in good() {
            let faults = support::faults(version, &object);
            assert!(faults.is_empty(), "{version} {name}: {faults:#?}");
        }
    }
}

#[test]
fn mutants_are_refused_where_they_differ() {
    let (good, mutants) = (good(), mutants());
    assert!(mutants.len() > 200, "only {} mutants read", mutants.len());
    let survivors: Vec<String> = support::VERSIONS.iter().flat_map(|version| survivors(version, &good, &mutants)).collect();
    assert!(survivors.is_empty(), "{survivors:#?}");
}

/// Mutants that no fault meets where it should. Each is judged by the schema of what it was: it may have lost its kind.
fn survivors(version: &str, good: &BTreeMap<String, Value>, mutants: &[Mutant]) -> Vec<String> {
    let validators: BTreeMap<&str, Validator> =
        good.iter().map(|(name, object)| (name.as_str(), support::validator(version, object).unwrap())).collect();
    let judged = mutants.iter().map(|mutant| {
        let object = good.get(&mutant.of).unwrap_or_else(|| panic!("no good {}", mutant.of));
        (mutant, support::faults_by(&validators[mutant.of.as_str()], &mutant.change(object)))
    });
    let survive = judged.filter(|(mutant, faults)| !faults.iter().any(|fault| fault.starts_with(&mutant.expected())));
    survive.map(|(mutant, faults)| format!("{version} {} {} {faults:?}", mutant.of, mutant.expected())).collect()
}
