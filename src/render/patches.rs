//! `patches`: the user's own changes to rendered objects, the last thing before they are validated.
//!
//! Takes rendered manifests; gives the same, with the objects that a patch names changed as Kubernetes merges them
//! ([`merge`]) and written anew ([`write`]). What a patch brings stands in platform.yaml: whoever judges the object finds
//! faults there. Faults E0404 (no such object), E0405 (several), E0406 (a patch makes another object of it), E0407 (it
//! cannot be merged). Objects written by hand are not patched: their files are the place to change them.

mod merge;
mod targets;
mod write;

use std::collections::BTreeMap;

use self::targets::Targets;
use super::{RENDERED, Rendered, RenderedFile};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::Plan;
use crate::resolve::input::PATCHES;
use crate::source::{Entry, Node, NodePath, Span};
use crate::validate::schemas::Schemas;

/// What patches did to one document of a file.
#[derive(Debug, Clone)]
pub struct Patched {
    /// The document, in the file's text.
    document: Span,
    /// The keys of the patches in platform.yaml.
    by: Vec<Span>,
    /// Maps that lost a key, by where their own key stands in the text, and what took it.
    taken: Vec<(Span, Span)>,
}

impl Patched {
    /// What took a key away from the map that stands at a place.
    pub fn took(&self, at: Span) -> Option<Span> {
        self.taken.iter().find(|(place, _)| *place == at).map(|(_, null)| *null)
    }

    /// The first patch of the document that holds a place.
    pub fn at(&self, at: Span) -> Option<Span> {
        self.by.first().copied().filter(|_| self.document.holds(at))
    }
}

/// A document by the indices of its file and of itself in it.
type Place = (usize, usize);

/// Lays the patches of a platform over the objects that they name.
pub fn apply(rendered: &mut Rendered, plan: &Plan, schemas: &Schemas, sink: &mut Sink) {
    let patches = plan.platform.merged.get(PATCHES).and_then(Node::as_map);
    let Some(patches) = patches.filter(|patches| !patches.is_empty()) else { return };
    let mut wanted: BTreeMap<Place, Vec<(&str, &Entry)>> = BTreeMap::new();
    let targets = Targets::of(rendered, plan);
    for (key, patch) in patches {
        match targets.find(key, patch.key) {
            Ok(place) => wanted.entry(place).or_default().push((key, patch)),
            Err(fault) => sink.push(*fault),
        }
    }
    let mut by_file: BTreeMap<usize, BTreeMap<usize, Change>> = BTreeMap::new();
    for ((file, document), patches) in wanted {
        let node = rendered.files.get(file).and_then(|file| file.documents.get(document));
        let change = node.map(|node| Change::of(node, &patches, plan, schemas, sink));
        by_file.entry(file).or_default().extend(change.map(|change| (document, change)));
    }
    for (file, changes) in by_file {
        if let Some(file) = rendered.files.get_mut(file) {
            write::anew(file, changes, sink);
            file.reads_secrets |= file.documents.iter().any(|document| super::by_hand::reads_secrets(document, plan));
        }
    }
}

/// A document with its patches in it.
struct Change<'p> {
    node: Node,
    patches: Vec<(&'p str, Span)>,
    /// As in [`Patched`], before the text is written anew.
    taken: Vec<(Span, Span)>,
}

impl<'p> Change<'p> {
    fn of(node: &Node, patches: &[(&'p str, &Entry)], plan: &Plan, schemas: &Schemas, sink: &mut Sink) -> Self {
        let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default();
        let mut versions = plan.platform.kubernetes.iter();
        let schema = versions.find_map(|version| schemas.get(version, text("apiVersion"), text("kind")));
        let mut change = Self { node: node.clone(), patches: vec![], taken: vec![] };
        for (key, patch) in patches {
            is_the_same(node, patch, sink);
            let mut merge = merge::Merge::new(schema.map(|schema| &schema.schema), sink);
            change.node = merge.document(&change.node, patch);
            change.taken.append(&mut merge.taken);
            change.patches.push((key, patch.key));
        }
        change
    }
}

/// What makes an object this one and no other.
const IDENTITY: [&str; 5] = ["apiVersion", "kind", "metadata.name", "metadata.namespace", "metadata.generateName"];

/// A patch may repeat what the object is, and not change it: everything else refers to it by that.
fn is_the_same(node: &Node, patch: &Entry, sink: &mut Sink) {
    for path in IDENTITY {
        let path_of = NodePath::dotted(path);
        let Some(said) = patch.node.at(&path_of) else { continue };
        if node.at(&path_of).map(|node| &node.value) != Some(&said.value) {
            let fault = Diagnostic::new(Code::PatchedIdentity, format!("a patch cannot change `{path}`"));
            let fault = fault.at(said.span, "it would be another object");
            sink.push(fault.note("whatever refers to the object knows it by this").help("take it out of the patch"));
        }
    }
    if let Some(metadata) = patch.node.get("metadata").filter(|node| node.as_map().is_none()) {
        let fault = Diagnostic::new(Code::PatchedIdentity, "a patch cannot take `metadata` away");
        sink.push(fault.at(metadata.span, "the object's name stands there"));
    }
}

impl RenderedFile {
    /// What took something away at a place, if a patch did.
    pub(super) fn taken_at(&self, at: Span) -> Option<Span> {
        self.patched.iter().find_map(|patched| patched.took(at))
    }

    /// The patch of the document that holds a place.
    pub fn patch_at(&self, at: Span) -> Option<Span> {
        self.patched.iter().find_map(|patched| patched.at(at))
    }
}

/// Whether a place is in the text that templates made.
fn is_rendered(span: Span) -> bool {
    span.file == RENDERED
}
