//! Names: those that refer to an entry (E0206), and those of entries (E0204).

use super::choice;
use crate::component::Catalog;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::check::Reference;
use crate::schema::format;
use crate::source::{Entry, Node, Value};

/// As many names as a reader takes in at a glance.
const FEW: usize = 12;

/// Names become names of files, which hold 255 bytes, and of DAGs, of which Airflow takes 250.
const LONGEST: usize = 200;

/// Every reference must have its entry.
pub(super) fn refer(references: &[Reference], tree: &Node, catalog: &Catalog, sink: &mut Sink) {
    for reference in references {
        let collection = reference.to.rsplit('.').next().unwrap_or_default();
        let aside = catalog.set_aside.values().any(|keys| keys.contains(collection));
        let entries = tree.get(collection);
        // A collection that is no map has its own fault.
        let faulty = entries.is_some_and(|node| node.as_map().is_none());
        let known: Vec<&str> = choice::entries(entries).map(|(name, _)| name.as_str()).collect();
        if !aside && !faulty && !known.contains(&reference.name.as_str()) {
            sink.push(refers_to_nothing(reference, collection, &known));
        }
    }
}

fn refers_to_nothing(reference: &Reference, collection: &str, known: &[&str]) -> Diagnostic {
    let message = format!("no entry of `{collection}` is called `{}`", reference.name);
    let fault = Diagnostic::new(Code::UnknownName, message).at(reference.span, "refers to nothing");
    let fault = fault.suggest(&reference.name, known.iter().copied());
    match known {
        [] => fault.note(format!("there are no `{collection}` yet")),
        names if names.len() <= FEW => {
            let listed = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            fault.note(format!("`{collection}` has {listed}"))
        }
        _ => fault,
    }
}

/// The names of entries become names of objects, files and folders.
pub(super) fn entries(tree: &Node, catalog: &Catalog, sink: &mut Sink) {
    for component in catalog.components.values() {
        let objects = component.provides.collection.iter();
        for (name, entry) in objects.flat_map(|collection| choice::entries(tree.get(collection))) {
            report(name, entry, object_name(name), sink);
        }
        for (name, entry) in component.collections.keys().flat_map(|collection| choice::entries(tree.get(collection))) {
            report(name, entry, plain_name(name), sink);
        }
    }
}

fn report(name: &str, entry: &Entry, answer: Result<(), String>, sink: &mut Sink) {
    if let Err(reason) = answer {
        sink.push(Diagnostic::new(Code::WrongValue, format!("`{name}` is no name")).at(entry.key, reason));
    }
}

/// A Service's name starts with a letter.
fn object_name(name: &str) -> Result<(), String> {
    format::name(name)?;
    match name.starts_with(|c: char| c.is_ascii_digit()) {
        true => Err("it must start with a letter, as the names of Services do".into()),
        false => Ok(()),
    }
}

fn plain_name(name: &str) -> Result<(), String> {
    let word = |c: char| c.is_ascii_alphanumeric();
    let outer = name.starts_with(word) && name.ends_with(word);
    match outer && name.chars().all(|c| word(c) || matches!(c, '-' | '_' | '.')) {
        true if name.len() > LONGEST => Err(format!("it is longer than {LONGEST} characters")),
        true => Ok(()),
        false => Err("names are letters, digits, `-`, `_` and `.`, with a letter or digit at both ends".into()),
    }
}

/// The text of a node, where it is one.
pub(super) fn text(node: Option<&Node>) -> String {
    match node.map(|node| &node.value) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}
