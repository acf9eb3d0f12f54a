//! One side of a comparison: what the files of a tree hold.
//!
//! Takes files; gives objects, releases, values and texts. What a file is, its content says: the other side may be of
//! another version of platformc, or of another program. What cannot be read is a text.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;
use rayon::prelude::*;

use super::change::ObjectName;
use crate::component::interface::FileUse;
use crate::diagnostic::{Severity, Sink};
use crate::lint;
use crate::render::{RENDERED, RenderedFile};
use crate::source::Node;
use crate::source::read::read_manifests;
use crate::validate::Object;
use crate::validate::schemas::Schemas;

/// Files by their path in the tree.
pub type Files = BTreeMap<Utf8PathBuf, String>;

#[derive(Debug, Default)]
pub struct Side<'t> {
    pub manifests: Vec<RenderedFile>,
    pub helmfiles: BTreeMap<&'t Utf8Path, Node>,
    pub values: BTreeMap<&'t Utf8Path, Node>,
    pub texts: BTreeMap<&'t Utf8Path, &'t str>,
}

enum Content {
    Manifests(RenderedFile),
    Helmfile(Node),
    Values(Node),
    /// It says nothing, or what the others say already.
    Nothing,
    Text,
}

impl<'t> Side<'t> {
    /// Reads some files of a tree, on all cores.
    pub fn read(files: &[(&'t Utf8Path, &'t str)], schemas: &Schemas) -> Self {
        let contents: Vec<Content> = files.par_iter().map(|(path, text)| content(path, text, schemas)).collect();
        let mut side = Self::default();
        for ((path, text), content) in files.iter().zip(contents) {
            match content {
                Content::Manifests(file) => side.manifests.push(file),
                Content::Helmfile(node) => drop(side.helmfiles.insert(path, node)),
                Content::Values(node) => drop(side.values.insert(path, node)),
                Content::Text => drop(side.texts.insert(path, text)),
                Content::Nothing => {}
            }
        }
        side
    }

    pub fn objects(&self) -> Vec<Object<'_>> {
        let documents = self.manifests.iter().flat_map(|file| file.documents.iter().map(move |node| (file, node)));
        documents.filter_map(|(file, node)| Object::of(file, node)).collect()
    }

    /// Objects by what the API server tells them apart by; what stands twice is numbered.
    pub fn by_name(&self) -> IndexMap<(ObjectName, usize), Object<'_>> {
        let mut found: IndexMap<(ObjectName, usize), Object> = IndexMap::new();
        for object in self.objects() {
            let name = name_of(&object);
            let number = (0..).find(|number| !found.contains_key(&(name.clone(), *number))).unwrap_or_default();
            found.insert((name, number), object);
        }
        found
    }
}

fn name_of(object: &Object) -> ObjectName {
    let any = if object.is_generated { "*" } else { "" };
    ObjectName {
        namespace: object.namespace_name().to_owned(),
        kind: object.kind.to_owned(),
        group: object.group().to_owned(),
        name: format!("{}{any}", object.name),
    }
}

fn content(path: &Utf8Path, text: &str, schemas: &Schemas) -> Content {
    if !matches!(path.extension(), Some("yaml" | "yml" | "json")) {
        return Content::Text;
    }
    let mut faults = Sink::default();
    let mut documents = read_manifests(RENDERED, text, &mut faults);
    documents.retain(|document| !document.is_null());
    let is_broken = faults.iter().any(|fault| fault.severity == Severity::Error);
    let is_kind =
        |kind: &str| documents.iter().any(|document| document.get("kind").and_then(Node::as_str) == Some(kind));
    match documents.as_slice() {
        _ if is_broken => Content::Text,
        _ if is_kind("Kustomization") && path.file_stem() == Some("kustomization") => Content::Nothing,
        [] => Content::Nothing,
        documents if documents.iter().any(|document| lint::is_object(document, schemas)) => {
            Content::Manifests(manifests(path, documents.to_vec()))
        }
        [document] if is_helmfile(path, document) => Content::Helmfile(document.clone()),
        [document] if document.as_map().is_some() => Content::Values(document.clone()),
        _ => Content::Text,
    }
}

fn is_helmfile(path: &Utf8Path, document: &Node) -> bool {
    let is_named = path.file_name().is_some_and(|name| name.starts_with("helmfile"));
    is_named && document.get("releases").is_some_and(|releases| releases.as_list().is_some())
}

fn manifests(path: &Utf8Path, documents: Vec<Node>) -> RenderedFile {
    RenderedFile {
        path: path.to_owned(),
        text: String::new(),
        used_as: FileUse::Manifests,
        parts: vec![],
        documents: documents.into_iter().flat_map(lint::objects).collect(),
        reads_secrets: false,
        source: None,
        patched: vec![],
    }
}
