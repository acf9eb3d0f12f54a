//! Names that users choose, where they meet those that charts choose.

use std::collections::BTreeMap;

use super::plan::{Entry, Instance, Origin};
use crate::component::interface::{By, Secret};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::resolve::input::External;

/// Kind, namespace and name.
type Key<'i> = (&'static str, &'i str, &'i str);

/// Services, ServiceAccounts and Secrets that two instances would make under one name; one fault for each pair. Secrets of
/// the store may have several readers, and one that is said to be `external` is not made by us.
pub fn taken(external: &External, instances: &[Instance], sink: &mut Sink) {
    let mut seen: BTreeMap<Key, (usize, &Origin)> = BTreeMap::new();
    let mut told: Vec<(usize, usize)> = vec![];
    for (at, instance) in instances.iter().enumerate() {
        for (key, origin) in made_by(instance) {
            let (first, other) = *seen.entry(key).or_insert((at, origin));
            if first != at && !told.contains(&(first, at)) {
                told.push((first, at));
                sink.push(fault(key, origin, other));
            }
        }
        for (key, secret) in secrets(instance).filter(|(_, secret)| is_ours(secret)) {
            let written = external.secret(key.1, key.2).is_none();
            if let Some((_, other)) = seen.get(&key).filter(|(first, _)| written && *first != at) {
                sink.push(fault(key, &secret.origin, other));
            }
        }
    }
}

fn made_by<'i>(instance: &'i Instance) -> impl Iterator<Item = (Key<'i>, &'i Origin)> {
    let namespace = instance.namespace.as_str();
    let services =
        instance.services.values().map(move |entry| (("Service", namespace, &*entry.is.name), &entry.origin));
    let accounts = instance.workloads.values().filter_map(move |entry| {
        let place = entry.is.namespace.as_deref().or(entry.is.within.is_none().then_some(namespace))?;
        Some((("ServiceAccount", place, entry.is.service_account.as_deref()?), &entry.origin))
    });
    let secrets = secrets(instance).filter(|(_, secret)| !is_ours(secret)).map(|(key, secret)| (key, &secret.origin));
    services.chain(accounts.filter(|((_, _, name), _)| *name != "default")).chain(secrets)
}

fn secrets<'i>(instance: &'i Instance) -> impl Iterator<Item = (Key<'i>, &'i Entry<Secret>)> {
    let namespace = instance.namespace.as_str();
    instance.secrets.values().map(move |secret| (("Secret", namespace, &*secret.is.name), secret))
}

fn is_ours(secret: &Entry<Secret>) -> bool {
    matches!(secret.is.by, None | Some(By::Files))
}

fn fault((kind, namespace, name): Key, origin: &Origin, other: &Origin) -> Diagnostic {
    let message = format!("two {kind}s in `{namespace}` are called `{name}`");
    let places = [(origin, "one of them"), (other, "the other one")];
    let places = places.into_iter().filter_map(|(origin, text)| Some((origin.place()?, text)));
    places.fold(Diagnostic::new(Code::NameTaken, message), |fault, (span, text)| fault.at(span, text))
}
