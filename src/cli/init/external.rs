//! What manifests reference and do not hold.
//!
//! Takes the faults of manifests that are meant to be everything; gives what would have to stand under `external`. The help
//! of each such fault writes the line, and that line is what is gathered here.

use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, read::read};

const BEFORE: &str = "`external: ";

/// What stands under `external`, in the order of its keys.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said(Map<String, Json>);

impl Said {
    /// Adds what the help of a fault says; true if that is new.
    pub fn add(&mut self, fault: &Diagnostic) -> bool {
        let before = self.clone();
        for line in fault.help.iter().filter_map(|help| line(help)) {
            let said = read(FileId(0), line, &mut Default::default());
            if let Some(Json::Object(said)) = said.into_iter().next().map(|node| node.to_json()) {
                lay(&mut self.0, said);
            }
        }
        *self != before
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order in which a reader looks for it.
    pub fn json(&self) -> Json {
        Json::Object(sorted(&self.0))
    }
}

/// `{secrets: {web: [token]}}`
fn line(help: &str) -> Option<&str> {
    let (_, behind) = help.split_once(BEFORE)?;
    behind.split_once('`').map(|(line, _)| line)
}

fn lay(below: &mut Map<String, Json>, above: Map<String, Json>) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Json::Object(known)), Json::Object(further)) => lay(known, further),
            (Some(Json::Array(known)), Json::Array(further)) => {
                for item in further.into_iter().filter(|item| !item.is_null()) {
                    if !known.contains(&item) {
                        known.push(item);
                    }
                }
            }
            (Some(_), _) => {}
            (None, Json::Array(items)) => {
                let items: Vec<Json> = items.into_iter().filter(|item| !item.is_null()).collect();
                below.insert(key, Json::Array(items));
            }
            (None, value) => drop(below.insert(key, value)),
        }
    }
}

fn sorted(map: &Map<String, Json>) -> Map<String, Json> {
    let mut keys: Vec<&String> = map.keys().collect();
    keys.sort();
    let value = |key: &String| match map.get(key) {
        Some(Json::Object(below)) => Json::Object(sorted(below)),
        Some(other) => other.clone(),
        None => Json::Null,
    };
    keys.into_iter().map(|key| (key.clone(), value(key))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn what_several_faults_say_is_put_together() {
        let mut said = Said::default();
        let mut add = |help: &str| said.add(&Diagnostic::new(Code::UnknownName, "").help(help));
        assert!(add("if it is made elsewhere, say so: `external: {secrets: {shop/web: [token]}}`"));
        assert!(add("if it is made elsewhere, say so: `external: {secrets: {shop/web: [user]}}`"));
        assert!(!add("if it is made elsewhere, say so: `external: {secrets: {shop/web: [user]}}`"));
        assert!(add("if the cluster has it, say so: `external: {issuers: [ca]}`"));
        assert!(!add("put quotes around it: `external`"));
        let expected = serde_json::json!({"issuers": ["ca"], "secrets": {"shop/web": ["token", "user"]}});
        assert_eq!(said.json(), expected);
    }
}
