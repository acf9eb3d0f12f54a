//! What is known of the names in an expression's scope before they have values.

use indexmap::IndexMap;

use super::super::rules::entries;
use super::super::{Capability, Component, Declared, Word};
use crate::component::expression::{Kind, Record};
use crate::schema::Schema;
use crate::schema::check::is_whole;
use crate::source::{Map, Node};

/// `platform`: itself and each capability, none where nobody provides it; what providers export, if that is known yet.
pub(super) fn platform(capabilities: &IndexMap<String, Capability>, with_exports: bool) -> Kind {
    let own = [("name", Kind::Text), ("domain", Kind::Text), ("environment", Kind::Text.optional())];
    let own = own.into_iter().map(|(name, kind)| (name.to_owned(), kind));
    let exports = |capability: &Capability| if with_exports { exports(capability) } else { nothing() };
    let capabilities = capabilities.iter().map(|(name, capability)| (name.clone(), exports(capability).optional()));
    Kind::record(own.chain(capabilities))
}

fn exports(capability: &Capability) -> Kind {
    let service =
        || Kind::record([("name", Kind::Text), ("host", Kind::Text), ("url", Kind::Text), ("port", Kind::Integer)]);
    Kind::record([
        ("services", Kind::record(capability.services.keys().map(|id| (id, service())))),
        ("secrets", Kind::record(capability.secrets.keys().map(|id| (id, Kind::Text)))),
        ("values", Kind::record(capability.values.iter().map(|(name, schema)| (name, Kind::of(schema))))),
    ])
}

fn nothing() -> Kind {
    Kind::Record(Record::default())
}

pub(super) fn options(schema: &Schema) -> Kind {
    if schema.properties.is_empty() && schema.variants.is_empty() && schema.additional.is_none() {
        return nothing();
    }
    Kind::of(schema)
}

/// `workloads`, `services`, `secrets`, `routes`: the entries by id.
pub(super) fn word(component: &Component, word: Word) -> Kind {
    let of = |declared: &Declared| {
        let node = entries(component, word).find(|(id, _)| *id == declared.id).map(|(_, entry)| &entry.node);
        let kind = entry(word, node);
        match (&declared.each, &declared.when) {
            (Some(_), _) => Kind::map(kind),
            // Without an ingress there are no routes.
            (None, Some(_)) => kind.optional(),
            (None, None) if word == Word::Routes => kind.optional(),
            (None, None) => kind,
        }
    };
    Kind::record(component.word(word).map(|declared| (declared.id.clone(), of(declared))))
}

fn entry(word: Word, node: Option<&Node>) -> Kind {
    let labels = || Kind::map(Kind::Text);
    match word {
        Word::Workloads => Kind::record([
            ("name", text(node, "name")),
            ("labels", labels()),
            ("selector", Kind::Any),
            ("serviceAccount", text(node, "serviceAccount")),
            ("ports", ports(node)),
        ]),
        Word::Services => Kind::record([
            ("name", Kind::Text),
            ("host", Kind::Text),
            ("url", Kind::Text),
            ("port", Kind::Integer),
            ("ports", ports(node)),
            ("labels", labels()),
        ]),
        Word::Routes => {
            Kind::record([("host", Kind::Text), ("path", Kind::Text), ("url", Kind::Text), ("tls", Kind::Boolean)])
        }
        _ => Kind::record([("name", Kind::Text), ("keys", Kind::list(Kind::Text))]),
    }
}

/// A text that may be left out, or be an expression that gives none.
fn text(node: Option<&Node>, key: &str) -> Kind {
    let written = node.and_then(|node| node.get(key));
    if written.is_some_and(|node| !is_whole(node)) { Kind::Text } else { Kind::Text.optional() }
}

/// The numbers of ports by id; a port that is an expression may be none.
fn ports(node: Option<&Node>) -> Kind {
    let Some(ports) = node.and_then(|node| node.get("ports")) else { return nothing() };
    let number = |node: &Node| if node.as_str().is_some() { Kind::Integer.optional() } else { Kind::Integer };
    let by_id = |map: &Map| Kind::record(map.iter().map(|(id, entry)| (id.clone(), number(&entry.node))));
    ports.as_map().map_or_else(|| Kind::map(Kind::Integer), by_id)
}

/// The keys of a templated secret.
pub(super) fn keys(declared: &Declared) -> Kind {
    match declared.body.names_at("keys") {
        names if names.is_empty() => Kind::map(Kind::Text),
        names => Kind::record(names.into_iter().map(|name| (name, Kind::Text))),
    }
}
