//! Secrets, ConfigMaps and stores: what pods, monitors, issuers and the values of charts read is there, with its keys.
//!
//! A reference that is `optional` is never a fault. Among some manifests a Secret that is missing is ordinary (whoever
//! keeps secrets out of the repository): it is told only where it looks like a misspelt one. TLS secrets of Ingresses and
//! Gateways belong to the family of routes.

mod charts;
mod custom;
mod judge;
mod place;
mod pods;
mod stores;
mod template;
#[cfg(test)]
mod tests;

pub use place::{Place, called, of_value};

use super::symbols::{DataKind, Symbols};
use crate::diagnostic::Sink;
use crate::validate::Object;

/// Something that reads a Secret or ConfigMap.
#[derive(Debug, Clone)]
pub struct Reference<'s> {
    pub kind: DataKind,
    pub namespace: String,
    pub name: String,
    /// The key that it reads; none where it takes all.
    pub key: Option<Key<'s>>,
    /// Where the name stands.
    pub place: Place<'s>,
}

/// A key, and where it is named.
#[derive(Debug, Clone)]
pub struct Key<'s> {
    pub name: String,
    pub place: Place<'s>,
    /// Another key that would do as well.
    pub or: Option<&'static str>,
    /// Why it is read, where nothing says so.
    pub why: Option<String>,
}

/// What the pods of an object, or a ServiceAccount, do not do without: kind, name, and the key where one will do.
pub fn reads(object: &Object) -> Vec<(DataKind, String, Option<String>)> {
    let mut references = vec![];
    pods::add(object, &mut references);
    let key = |key: Key| key.or.is_none().then_some(key.name);
    references.into_iter().map(|reference| (reference.kind, reference.name, reference.key.and_then(key))).collect()
}

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    judge::check(symbols, &references(symbols), sink);
    stores::check(symbols, sink);
    template::check(symbols, sink);
}

/// Everything that must be there for its reader: what is optional is left out.
pub fn references<'s>(symbols: &'s Symbols) -> Vec<Reference<'s>> {
    let mut references = vec![];
    for object in symbols.objects {
        pods::add(object, &mut references);
        custom::add(symbols, object, &mut references);
    }
    charts::add(symbols, &mut references);
    references
}
