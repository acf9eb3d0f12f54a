//! Whose a Secret is.

use std::collections::{BTreeMap, BTreeSet};

use crate::link::data::{Place, Reference};
use crate::link::symbols::{Data, DataKind, Made, Pod, Symbols};
use crate::source::Node;
use crate::validate::Object;

/// Somebody to whom things belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner<'s> {
    /// An instance of a component, by its id.
    Instance(&'s str),
    /// An application, as the recommended labels of Kubernetes name it: the label and its value.
    Labelled(&'s str, &'s str),
    /// The pods of a ServiceAccount.
    Account(&'s str, &'s str),
}

/// Labels that things of one application share (Kubernetes docs, "Recommended Labels").
const LABELS: [&str; 3] = ["app.kubernetes.io/instance", "app.kubernetes.io/part-of", "helm.sh/chart"];

/// Who reads which Secret, and what else the pods of a ServiceAccount belong to; by namespace and name.
pub(super) struct Owners<'s> {
    symbols: &'s Symbols<'s>,
    readers: BTreeMap<(&'s str, &'s str), Vec<&'s Place<'s>>>,
    accounts: BTreeMap<(&'s str, &'s str), BTreeSet<Owner<'s>>>,
}

impl<'s> Owners<'s> {
    pub(super) fn new(symbols: &'s Symbols, references: &'s [Reference<'s>]) -> Self {
        let mut owners = Self { symbols, readers: BTreeMap::new(), accounts: BTreeMap::new() };
        for object in symbols.objects {
            if let Some(account) = account(object) {
                owners.accounts.entry(account).or_default().extend(of_object(object));
            }
        }
        for reference in references.iter().filter(|reference| reference.kind == DataKind::Secret) {
            owners.readers.entry((&reference.namespace, &reference.name)).or_default().push(&reference.place);
        }
        owners
    }

    /// What the pods of a ServiceAccount belong to.
    pub(super) fn of_account<'n>(&'n self, namespace: &'n str, name: &'n str) -> impl Iterator<Item = Owner<'s>> {
        self.accounts.get(&(namespace, name)).into_iter().flatten().copied()
    }

    /// Whether it has owners, and none of them is one of these.
    pub(super) fn is_somebody_elses(&self, secret: &Data, own: &BTreeSet<Owner>) -> bool {
        let mut owners: BTreeSet<Owner> =
            self.readers(secret).iter().flat_map(|place| of_reader(self.symbols, place)).collect();
        match secret.made {
            Made::Object(object) => owners.extend(of_object(object)),
            Made::Interface(_, origin) => owners.extend(of_origin(&origin.instance)),
            Made::External => {}
        }
        !owners.is_empty() && owners.iter().all(|owner| !own.contains(owner))
    }

    /// Whose it is, in words: the part of the platform that asked for it, else who reads it.
    pub(super) fn whose(&self, secret: &Data) -> Vec<String> {
        let origin = match secret.made {
            Made::Object(object) if object.file.source.is_none() => object.file.origin(object.node.span),
            Made::Interface(_, origin) => Some(origin),
            Made::Object(_) | Made::External => None,
        };
        match origin {
            Some(origin) => origin.instance.split(", ").map(|instance| format!("`{instance}`")).collect(),
            None => self.readers(secret).iter().map(|place| place.reader()).collect(),
        }
    }

    fn readers<'n>(&'n self, secret: &'n Data) -> &'n [&'s Place<'s>] {
        let readers = self.readers.get(&(secret.namespace.as_str(), secret.name.as_str()));
        readers.map(Vec::as_slice).unwrap_or_default()
    }
}

/// Who asked for an object of ours; of one that was written by hand, its labels.
pub(super) fn of_object<'s>(object: &'s Object<'s>) -> Vec<Owner<'s>> {
    match object.file.origin(object.node.span).filter(|_| object.file.source.is_none()) {
        Some(origin) => of_origin(&origin.instance).collect(),
        None => {
            let labels = object.node.get("metadata").and_then(|metadata| metadata.get("labels"));
            let value = |key: &'static str| Some(Owner::Labelled(key, labels?.get(key)?.as_str()?));
            LABELS.into_iter().filter_map(value).collect()
        }
    }
}

fn of_origin(instances: &str) -> impl Iterator<Item = Owner<'_>> {
    instances.split(", ").map(Owner::Instance)
}

fn of_reader<'s>(symbols: &'s Symbols, place: &'s Place<'s>) -> Vec<Owner<'s>> {
    match place {
        Place::Object(object, _) => {
            let own = account(object).map(|(namespace, name)| Owner::Account(namespace, name));
            own.into_iter().chain(of_object(object)).collect()
        }
        Place::Declared { origin, .. } => of_origin(&origin.instance).collect(),
        Place::Value { release, .. } => {
            let chart = symbols.charts.iter().find(|chart| chart.release.name == *release);
            chart.into_iter().map(|chart| Owner::Instance(&chart.release.origin.instance)).collect()
        }
    }
}

/// The ServiceAccount that the pods of an object run as.
fn account<'s>(object: &'s Object<'s>) -> Option<(&'s str, &'s str)> {
    let spec = Pod::of(object)?.spec;
    let name = spec.get("serviceAccountName").or_else(|| spec.get("serviceAccount")).and_then(Node::as_str);
    Some((object.namespace_name(), name.unwrap_or("default")))
}
