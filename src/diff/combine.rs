//! The changes of all environments as one list: what is the same is told once, the most dangerous first.

use indexmap::IndexMap;

use super::change::{Change, Event, Finding, Subject};
use super::path::FieldPath;
use crate::source::write::block;

/// What is the same in several environments has one key.
type Key = (Subject, Event, FieldPath, [Option<String>; 2], Vec<Finding>);

/// Joins the changes of each environment; none stands for a platform that has no environments.
pub fn combine(found: Vec<(Option<String>, Vec<Change>)>) -> Vec<Change> {
    let mut combined: IndexMap<Key, Change> = IndexMap::new();
    for (environment, changes) in found {
        for change in changes {
            let known = combined.entry(key(&change)).or_insert(change);
            known.environments.extend(environment.clone());
        }
    }
    let mut changes: Vec<Change> = combined.into_values().collect();
    changes.iter_mut().for_each(|change| change.environments.dedup());
    changes.sort_by_cached_key(|change| (change.class(), change.is_noise(), change.subject.clone()));
    changes
}

fn key(change: &Change) -> Key {
    let written = |value: &Option<serde_json::Value>| value.as_ref().map(|value| block(value, 0));
    let values = [written(&change.old), written(&change.new)];
    (change.subject.clone(), change.event, change.path.clone(), values, change.findings.clone())
}
