//! Secrets that several instances may read: one ExternalSecret each, with the keys of all.

use indexmap::IndexMap;
use indexmap::map::Entry as Place;
use serde_json::{Value as Json, json};

use super::super::files::Derived;
use super::super::plan::{Instance, Origin, PlannedFile};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::resolve::Platform;

/// Secrets by namespace and name, in the order in which they were first asked for.
#[derive(Debug, Default)]
pub struct SharedSecrets {
    by_name: IndexMap<(String, String), SharedSecret>,
}

/// Where one key is in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    pub entry: String,
    pub property: String,
}

/// One Secret, and what its readers want of it.
#[derive(Debug)]
pub struct SharedSecret {
    pub keys: IndexMap<String, Remote>,
    /// In the operator's own syntax; null without one.
    pub template: Json,
    /// The keys that it holds.
    pub holds: Vec<String>,
    /// The instance that asked first.
    pub of: String,
    pub origin: Origin,
}

impl SharedSecrets {
    /// A second reader adds its keys; where both mean unlike things by one name, that is a fault.
    pub fn add(&mut self, namespace: String, name: String, secret: SharedSecret, sink: &mut Sink) {
        match self.by_name.entry((namespace, name)) {
            Place::Vacant(place) => {
                place.insert(secret);
            }
            Place::Occupied(mut known) => match known.get().unlike(&secret) {
                Some(why) => sink.push(name_taken(known.key(), known.get(), &secret, &why)),
                None => known.get_mut().join(secret),
            },
        }
    }

    pub fn into_entries(self) -> impl Iterator<Item = ((String, String), SharedSecret)> {
        self.by_name.into_iter()
    }
}

fn name_taken(
    (namespace, name): &(String, String),
    first: &SharedSecret,
    second: &SharedSecret,
    why: &str,
) -> Diagnostic {
    let message = format!("two unlike Secrets in `{namespace}` are called `{name}`");
    let places = [(&second.origin, "one of them"), (&first.origin, "the other one")];
    let places = places.into_iter().filter_map(|(origin, text)| Some((origin.place()?, text)));
    places.fold(Diagnostic::new(Code::NameTaken, message), |fault, (span, text)| fault.at(span, text)).note(why)
}

impl SharedSecret {
    /// In what the two cannot be one Secret; none if they can.
    fn unlike(&self, other: &SharedSecret) -> Option<String> {
        if self.template != other.template {
            return Some("they are made of their keys in different ways".into());
        }
        let twice = self.keys.iter().filter_map(|(key, remote)| Some((key, remote, other.keys.get(key)?)));
        let (key, one, two) = twice.into_iter().find(|(_, one, two)| one != two)?;
        let shown = |remote: &Remote| format!("`{}` of `{}`", remote.property, remote.entry);
        Some(format!("`{key}` would be {} and {}", shown(one), shown(two)))
    }

    fn join(&mut self, other: SharedSecret) {
        for key in other.holds {
            if !self.holds.contains(&key) {
                self.holds.push(key);
            }
        }
        self.keys.extend(other.keys);
        self.origin.join(&other.origin);
    }

    pub fn file(&self, platform: &Platform, store: &Instance, namespace: &str, name: &str) -> PlannedFile {
        let key = |(key, remote): (&String, &Remote)| json!({ "key": key, "remote": remote.entry, "property": remote.property });
        let facts = json!({
            "secret": name,
            "refresh": store.exported_value("refresh"),
            "store": store.exported_value("store"),
            "template": self.template,
            "keys": self.keys.iter().map(key).collect::<Vec<_>>(),
        });
        let derived = Derived {
            platform,
            kind: "externalsecret",
            folder: "security/secrets",
            file: format!("{namespace}-{name}"),
            name,
            namespace: Some(namespace),
            of: &self.of,
        };
        derived.file(facts, self.origin.clone())
    }

    /// What the docs tell.
    pub fn fact(&self, namespace: &str, name: &str) -> Json {
        json!({ "namespace": namespace, "name": name, "entries": self.entries(), "holds": self.holds, "of": self.of })
    }

    /// The properties to put into the store, by entry.
    fn entries(&self) -> Json {
        let mut entries: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for remote in self.keys.values() {
            entries.entry(&remote.entry).or_default().push(&remote.property);
        }
        entries.into_iter().map(|(remote, properties)| json!({ "remote": remote, "properties": properties })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(keys: &[(&str, &str)]) -> SharedSecret {
        let remote = |entry: &str, key: &str| Remote { entry: entry.into(), property: key.into() };
        SharedSecret {
            keys: keys.iter().map(|(key, entry)| ((*key).to_owned(), remote(entry, key))).collect(),
            template: Json::Null,
            holds: keys.iter().map(|(key, _)| (*key).to_owned()).collect(),
            of: "a".into(),
            origin: Origin { instance: "services.a".into(), asked: vec![], declared: None, by_user: true },
        }
    }

    fn added(secrets: Vec<SharedSecret>) -> (SharedSecrets, Sink) {
        let (mut shared, mut sink) = (SharedSecrets::default(), Sink::default());
        secrets.into_iter().for_each(|secret| shared.add("one".into(), "db".into(), secret, &mut sink));
        (shared, sink)
    }

    #[test]
    fn two_readers_share_one_secret_with_the_keys_of_both() {
        let (shared, sink) = added(vec![secret(&[("A", "db"), ("B", "db")]), secret(&[("B", "db"), ("C", "db")])]);
        let holds: Vec<Vec<String>> = shared.into_entries().map(|(_, secret)| secret.holds).collect();
        assert_eq!((holds, sink.len()), (vec![vec!["A".to_owned(), "B".into(), "C".into()]], 0));
    }

    #[test]
    fn one_key_from_two_places_is_a_fault() {
        let (_, sink) = added(vec![secret(&[("A", "db")]), secret(&[("A", "other")])]);
        let codes: Vec<Code> = sink.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [Code::NameTaken]);
    }
}
